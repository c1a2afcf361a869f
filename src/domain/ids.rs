//! The names of things: one newtype per kind of thing, so that a place can never be taken for a unit.
//!
//! Internal ids are UUIDv4, made by `clock.rs`: a time-ordered id would tell when someone came in.
//! Codes are the public, stable names of the catalogue (`omm-amsterdam-crisis`).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(transparent)]
        #[schema(value_type = Uuid)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { self.0.fmt(f) }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> { text.parse().map(Self) }
        }
    )*};
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(transparent)]
        #[schema(value_type = String)]
        pub struct $name(pub String);

        impl $name {
            /// The code as text.
            pub fn as_str(&self) -> &str { &self.0 }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(&self.0) }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self { Self(text.to_owned()) }
        }
    )*};
}

ids! {
    /// One referral: the request for one victim and the children who come along.
    ReferralId;
    /// One unit: the smallest group of places with one intake policy.
    UnitId;
    /// One single place (bed) of a unit.
    PlaceId;
    /// One stored match result.
    ResultId;
    /// One assessment: CoMensha's judgement whether a person is eligible.
    AssessmentId;
    /// One proposal of a unit for a referral.
    ProposalId;
    /// One decision of CoMensha.
    DecisionId;
    /// One placement, from reservation to exit.
    PlacementId;
    /// One occupancy: a place taken during a period.
    OccupancyId;
}

codes! {
    /// The public code of an organisation, such as `kadera`.
    OrganisationCode;
    /// The public code of a location, such as `omm-zwolle`.
    LocationCode;
    /// The public code of a unit, such as `omm-amsterdam-crisis`.
    UnitCode;
    /// The public code of a region of care coordination, such as `cc-flevoland`.
    CareRegionCode;
}
