//! A placement: from the reservation of places to the exit. The household stays together in one unit.
//!
//! Invariant: places are taken at `reserved`, and free again at `no_show`, `cancelled` or `exited`;
//! after a disappearance they stay held for a set time.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::catalogue::availability::EndCertainty;
use crate::domain::ids::{DecisionId, OccupancyId, PlaceId, PlacementId, ReferralId, UnitId};
use crate::domain::referral::lifecycle::WrongState;
use crate::domain::referral::reasons::ExitType;

/// Where a placement stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum PlacementState {
    /// Places reserved; the victim is expected.
    Reserved {
        /// Until when the victim is expected.
        #[serde(rename = "arriveBy")]
        arrive_by: DateTime<Utc>,
    },
    /// The victim has arrived.
    Arrived {
        /// When.
        at: DateTime<Utc>,
    },
    /// The stay is under way.
    InStay {
        /// When the victim arrived.
        #[serde(rename = "arrivedAt")]
        arrived_at: DateTime<Utc>,
    },
    /// The victim did not come.
    NoShow {
        /// When that was established.
        at: DateTime<Utc>,
    },
    /// Taken back before arrival.
    Cancelled {
        /// When.
        at: DateTime<Utc>,
    },
    /// The victim dropped out of sight.
    Disappeared {
        /// When that was noticed.
        at: DateTime<Utc>,
        /// Until when the places are kept.
        #[serde(rename = "heldUntil")]
        held_until: DateTime<Utc>,
    },
    /// The stay has ended.
    Exited {
        /// When.
        at: DateTime<Utc>,
        /// How.
        exit: ExitType,
    },
}

impl PlacementState {
    /// The code of the state, as on the wire.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Reserved { .. } => "reserved",
            Self::Arrived { .. } => "arrived",
            Self::InStay { .. } => "in_stay",
            Self::NoShow { .. } => "no_show",
            Self::Cancelled { .. } => "cancelled",
            Self::Disappeared { .. } => "disappeared",
            Self::Exited { .. } => "exited",
        }
    }

    /// True once the shelter has nothing to do with the victim any more.
    pub fn has_ended(&self) -> bool {
        match self {
            Self::Reserved { .. } | Self::Arrived { .. } | Self::InStay { .. } | Self::Disappeared { .. } => false,
            Self::NoShow { .. } | Self::Cancelled { .. } | Self::Exited { .. } => true,
        }
    }

    /// The victim arrives.
    pub fn arrive(self, at: DateTime<Utc>) -> Result<Self, WrongState> {
        match self {
            Self::Reserved { .. } => Ok(Self::Arrived { at }),
            other @ (Self::Arrived { .. }
            | Self::InStay { .. }
            | Self::NoShow { .. }
            | Self::Cancelled { .. }
            | Self::Disappeared { .. }
            | Self::Exited { .. }) => Err(other.refuse("report the arrival")),
        }
    }

    /// The victim did not come.
    pub fn no_show(self, at: DateTime<Utc>) -> Result<Self, WrongState> {
        match self {
            Self::Reserved { .. } => Ok(Self::NoShow { at }),
            other @ (Self::Arrived { .. }
            | Self::InStay { .. }
            | Self::NoShow { .. }
            | Self::Cancelled { .. }
            | Self::Disappeared { .. }
            | Self::Exited { .. }) => Err(other.refuse("report a no-show")),
        }
    }

    /// Taken back before arrival, because the referral was withdrawn.
    pub fn cancel(self, at: DateTime<Utc>) -> Result<Self, WrongState> {
        match self {
            Self::Reserved { .. } => Ok(Self::Cancelled { at }),
            other @ (Self::Arrived { .. }
            | Self::InStay { .. }
            | Self::NoShow { .. }
            | Self::Cancelled { .. }
            | Self::Disappeared { .. }
            | Self::Exited { .. }) => Err(other.refuse("cancel")),
        }
    }

    /// The stay is under way: the shelter plans its end.
    pub fn settle(self) -> Result<Self, WrongState> {
        match self {
            Self::Arrived { at } => Ok(Self::InStay { arrived_at: at }),
            Self::InStay { arrived_at } => Ok(Self::InStay { arrived_at }),
            other @ (Self::Reserved { .. }
            | Self::NoShow { .. }
            | Self::Cancelled { .. }
            | Self::Disappeared { .. }
            | Self::Exited { .. }) => Err(other.refuse("announce the end of the stay")),
        }
    }

    /// The stay ends.
    pub fn exit(self, at: DateTime<Utc>, exit: ExitType) -> Result<Self, WrongState> {
        match self {
            Self::Arrived { .. } | Self::InStay { .. } | Self::Disappeared { .. } => Ok(Self::Exited { at, exit }),
            other @ (Self::Reserved { .. } | Self::NoShow { .. } | Self::Cancelled { .. } | Self::Exited { .. }) => {
                Err(other.refuse("report the exit"))
            }
        }
    }

    /// The victim drops out of sight.
    pub fn disappear(self, at: DateTime<Utc>, held_until: DateTime<Utc>) -> Result<Self, WrongState> {
        match self {
            Self::Arrived { .. } | Self::InStay { .. } => Ok(Self::Disappeared { at, held_until }),
            other @ (Self::Reserved { .. }
            | Self::NoShow { .. }
            | Self::Cancelled { .. }
            | Self::Disappeared { .. }
            | Self::Exited { .. }) => Err(other.refuse("report a disappearance")),
        }
    }

    fn refuse(&self, attempted: &'static str) -> WrongState {
        WrongState { from: self.name().into(), attempted: attempted.into() }
    }
}

/// The end of a stay that the shelter expects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExpectedEnd {
    /// The day the stay ends.
    pub on: NaiveDate,
    /// How sure.
    pub certainty: EndCertainty,
}

/// One placement in a unit of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placement {
    /// Its id.
    pub id: PlacementId,
    /// Counts every change, from 1.
    pub version: i64,
    /// For whom.
    pub referral: ReferralId,
    /// The unit.
    pub unit: UnitId,
    /// The decision behind it.
    pub decision: DecisionId,
    /// When the places were reserved.
    pub reserved_at: DateTime<Utc>,
    /// Announced end, if any.
    pub end: Option<ExpectedEnd>,
    /// Where it stands.
    pub state: PlacementState,
}

/// A place taken during a period: by a placement, or by a resident whom the shelter reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occupancy {
    /// Its id.
    pub id: OccupancyId,
    /// The place.
    pub place: PlaceId,
    /// The unit the place belongs to.
    pub unit: UnitId,
    /// The placement; `None` for a resident from outside this service.
    pub placement: Option<PlacementId>,
    /// Since when.
    pub from: DateTime<Utc>,
    /// Until when; `None` while it is open.
    pub until: Option<DateTime<Utc>>,
    /// After a disappearance the place is kept until then, and not one instant longer.
    pub kept_until: Option<DateTime<Utc>>,
    /// Announced end, if any.
    pub end: Option<ExpectedEnd>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> DateTime<Utc> {
        "2026-03-02T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_stay_goes_from_reservation_over_arrival_to_exit() {
        let stay = PlacementState::Reserved { arrive_by: noon() }.arrive(noon()).unwrap().settle().unwrap();
        assert_eq!(stay.clone().exit(noon(), ExitType::Independent).unwrap().name(), "exited");
        assert_eq!(stay.disappear(noon(), noon()).unwrap().exit(noon(), ExitType::Other).unwrap().name(), "exited");
    }

    #[test]
    fn nobody_exits_before_arriving_and_nobody_arrives_twice() {
        let reserved = PlacementState::Reserved { arrive_by: noon() };
        assert!(reserved.clone().exit(noon(), ExitType::Independent).is_err());
        assert!(reserved.clone().disappear(noon(), noon()).is_err());
        let arrived = reserved.arrive(noon()).unwrap();
        assert!(arrived.clone().arrive(noon()).is_err());
        assert!(arrived.clone().no_show(noon()).is_err());
        assert!(arrived.cancel(noon()).is_err());
    }
}
