//! Why one unit stands before another, and how sure that is: a part of the answer.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::criterion::CriterionCode;
use crate::domain::ids::UnitId;

/// What decided between two units with the same score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TieStep {
    /// More beds left free.
    BedsLeft,
    /// Longer without a placement.
    LastPlacement,
    /// The lottery.
    Lottery,
}

/// Why one unit stands before another, and what would turn it round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Comparison {
    /// The unit that stands first.
    pub first: UnitId,
    /// Contribution of the first minus contribution of this one, per criterion.
    pub differences: Vec<Difference>,
    /// The criterion with the largest difference in favour of the first.
    pub decisive: Option<CriterionCode>,
    /// Score of the first minus score of this one.
    pub margin: Decimal,
    /// How wrong every weight may be before this one leads.
    pub rho: Fraction,
    /// The step that decides if the scores are equal.
    pub tie: Option<TieStep>,
    /// Per criterion, what would put this unit ahead.
    pub would_lead: Vec<WouldLead>,
}

/// The difference of one criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Difference {
    /// Which criterion.
    pub criterion: CriterionCode,
    /// Contribution of the first minus that of the other.
    pub difference: Decimal,
}

/// What would put a unit ahead of the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WouldLead {
    /// Which criterion.
    pub criterion: CriterionCode,
    /// The smallest value of this criterion at this unit that does; `None`: no value does.
    pub value: Option<Decimal>,
    /// The smallest weight of this criterion that does, the others shrinking in proportion; `None`: no weight does.
    pub weight: Option<Decimal>,
    /// With that weight, another unit would lead: this one.
    pub then_leads: Option<UnitId>,
}

/// An exact fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fraction {
    /// Numerator.
    pub numerator: i64,
    /// Denominator; 0 only for a pure tie, which counts as 0.
    pub denominator: i64,
    /// Four decimals, cut off.
    pub decimals: Decimal,
}

/// How sure the first rank is, per list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Confidences {
    /// Of `now`.
    pub now: Option<Confidence>,
    /// Of `later`.
    pub later: Option<Confidence>,
    /// Of `ask`.
    pub ask: Option<Confidence>,
}

/// How sure the first rank of one list is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Confidence {
    /// In a word.
    pub level: ConfidenceLevel,
    /// The factor by which every weight may be wrong; `None` without a rival.
    pub rho: Option<Fraction>,
    /// The rival that decides it.
    pub rival: Option<UnitId>,
    /// The units that share rank 1, in lottery order; empty if it is no toss-up.
    pub toss_up: Vec<UnitId>,
    /// True if the first may lose its place when an unknown about a unit is known.
    pub may_change: bool,
    /// The criteria whose unknown unit facts can do that.
    pub may_change_on: Vec<CriterionCode>,
    /// In Dutch.
    pub text_nl: String,
    /// In English.
    pub text_en: String,
}

/// How sure a first rank is, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConfidenceLevel {
    /// Holds with clearly other weights too.
    Clear,
    /// Close.
    Close,
    /// As good as equal.
    TossUp,
    /// There is no other.
    OnlyOne,
}
