//! A single place of a unit, and what its shelter says of it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::ids::{PlaceId, UnitId};

/// Why a place is out of use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OutOfUseReason {
    /// Repairs or cleaning.
    Maintenance,
    /// Quarantine.
    Quarantine,
    /// Too few staff.
    Staffing,
    /// A safety incident.
    Safety,
    /// Another reason.
    Other,
}

/// Whether a place can be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum PlaceState {
    /// It can be used; whether somebody is there stands in its occupancy.
    Available,
    /// It cannot be used for now.
    OutOfUse {
        /// Why.
        reason: OutOfUseReason,
        /// The first day it can be used again; `None` is not known.
        until: Option<NaiveDate>,
    },
}

/// One place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its id.
    pub id: PlaceId,
    /// The unit it belongs to.
    pub unit: UnitId,
    /// Its number within the unit, from 1.
    pub number: u16,
    /// Whether it can be used.
    pub state: PlaceState,
    /// Who reported that last (an organisation or role code, never a name), and when.
    pub reported: Option<Report>,
}

/// Who reported a figure, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Report {
    /// The organisation that reported, or the role where there is none.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}
