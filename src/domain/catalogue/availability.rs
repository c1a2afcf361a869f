//! Live capacity: what is free in a unit at one moment. The only place where free places are computed.
//!
//! Invariant: free + held + occupied + out of use = total, and nothing is ever negative.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The places of one unit at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Capacity {
    /// All single places of the unit.
    pub total: u16,
    /// Places with an open occupancy.
    pub occupied: u16,
    /// Places held by live proposals.
    pub held: u16,
    /// Places that the shelter has taken out of use.
    pub out_of_use: u16,
    /// What is left.
    pub free: u16,
}

/// More places are taken than the unit has; the stored state is contradictory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("more places are occupied, held or out of use than the unit has")]
pub struct Overcommitted;

impl Capacity {
    /// Counts the free places: total − occupied − held − out of use.
    pub fn of(total: u16, occupied: u16, held: u16, out_of_use: u16) -> Result<Self, Overcommitted> {
        let free = total
            .checked_sub(occupied)
            .and_then(|left| left.checked_sub(held))
            .and_then(|left| left.checked_sub(out_of_use))
            .ok_or(Overcommitted)?;
        Ok(Self { total, occupied, held, out_of_use, free })
    }
}
