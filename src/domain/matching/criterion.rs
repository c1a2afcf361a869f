//! The names of the eight criteria of suitability.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A criterion of suitability. The order is that of the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CriterionCode {
    /// Does the unit offer what is needed?
    NeedCoverage,
    /// Does its security fit the threat?
    SecurityFit,
    /// How far is it from danger?
    DangerDistance,
    /// Is it meant for this moment, with a next step?
    KindPathway,
    /// What does the person want?
    OwnPreference,
    /// Which ties stay?
    Continuity,
    /// Can people talk with each other?
    Communication,
    /// How soon is there a bed?
    TimeToBed,
}

/// How many criteria there are.
pub const CRITERIA: usize = 8;

impl CriterionCode {
    /// Every criterion.
    pub const ALL: [Self; CRITERIA] = [
        Self::NeedCoverage,
        Self::SecurityFit,
        Self::DangerDistance,
        Self::KindPathway,
        Self::OwnPreference,
        Self::Continuity,
        Self::Communication,
        Self::TimeToBed,
    ];

    /// The name in policy and answer.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NeedCoverage => "need_coverage",
            Self::SecurityFit => "security_fit",
            Self::DangerDistance => "danger_distance",
            Self::KindPathway => "kind_pathway",
            Self::OwnPreference => "own_preference",
            Self::Continuity => "continuity",
            Self::Communication => "communication",
            Self::TimeToBed => "time_to_bed",
        }
    }
}
