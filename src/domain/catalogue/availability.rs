//! Live capacity: what is free in a unit at one moment. The only place where free places are computed.
//!
//! Invariant: free + held + occupied + out of use = total, and nothing is ever negative.

use chrono::NaiveDate;
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

/// How sure an announced end of a stay is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EndCertainty {
    /// The day is fixed.
    Confirmed,
    /// The day is expected.
    Expected,
}

/// Stays that end on a day, as the shelter announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AnnouncedEnd {
    /// The day.
    pub on: NaiveDate,
    /// How sure it is.
    pub certainty: EndCertainty,
    /// How many places come free.
    pub places: u16,
}

/// The announced ends of one unit as steps in days from today: the outlook of its free places.
///
/// A place that is still taken today is not free today: an end on or before today counts from tomorrow. An end before
/// today that has not been recorded as such is overdue, so it counts as expected only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outlook {
    /// Per day with an end: (day from today, confirmed places up to that day, all places up to that day).
    steps: Vec<(u16, u16, u16)>,
}

impl Outlook {
    /// Lays the ends out over the horizon.
    pub fn of(ends: &[AnnouncedEnd], today: NaiveDate, horizon_days: u16) -> Self {
        let mut days: Vec<(u16, u16, u16)> = ends
            .iter()
            .filter_map(|end| {
                let ahead = end.on.signed_duration_since(today).num_days();
                let day = u16::try_from(ahead.max(1)).ok().filter(|day| *day <= horizon_days)?;
                let sure = end.certainty == EndCertainty::Confirmed && ahead >= 0;
                Some((day, if sure { end.places } else { 0 }, end.places))
            })
            .collect();
        days.sort_unstable();
        let mut steps: Vec<(u16, u16, u16)> = Vec::with_capacity(days.len());
        let (mut confirmed, mut all) = (0_u16, 0_u16);
        for (day, sure, any) in days {
            confirmed = confirmed.saturating_add(sure);
            all = all.saturating_add(any);
            match steps.last_mut() {
                Some(last) if last.0 == day => *last = (day, confirmed, all),
                Some(_) | None => steps.push((day, confirmed, all)),
            }
        }
        Self { steps }
    }

    /// The steps, in order of day.
    pub fn steps(&self) -> &[(u16, u16, u16)] {
        &self.steps
    }
}
