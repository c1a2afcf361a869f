//! The policy document: every number, table and switch of the engine, as people write and sign it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::super::{criterion::CriterionCode, finding::RuleCode};
use crate::domain::{
    catalogue::location::UnitKind,
    placement::terms::Term,
    referral::{
        needs::{SecurityLevel, ThreatLevel},
        vocabulary::Tier,
    },
};

/// A whole policy version. Decimals keep the digits they were written with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PolicyDocument {
    /// `omm-matching-policy/1`.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// Which numbers are documented; every other one is an assumption.
    pub basis: Basis,
    /// Consent.
    pub consent: ConsentTerms,
    /// Route.
    pub route: RouteTerms,
    /// Which rules count, and how.
    pub rules: RuleSwitches,
    /// The test for multiple problems.
    pub omm: MultiProblemTerms,
    /// Places and figures.
    pub capacity: CapacityTerms,
    /// Levels of security.
    pub security: SecurityTerms,
    /// How much each need counts in `need_coverage`.
    pub severity: BTreeMap<String, BTreeMap<String, u16>>,
    /// The value of a criterion where a fact about the unit is unknown.
    pub unknown_place: UnknownPlace,
    /// The criteria, with weights and tables.
    pub criteria: Vec<Criterion>,
    /// When a first rank is clear or close.
    pub confidence: ConfidenceTerms,
    /// The tiers.
    pub tiers: TierTerms,
    /// How long a proposal holds a place.
    pub hold: BTreeMap<Tier, Term>,
    /// The calendar of working days.
    pub calendar: Calendar,
    /// The scarcity step.
    pub scarcity: ScarcityTerms,
    /// The order of the waiting list.
    pub priority: PriorityTerms,
    /// Reports.
    pub fairness: FairnessTerms,
}

/// What a number rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Basis {
    /// `assumption`.
    pub default: String,
    /// Paths of the documented numbers.
    pub documented: Vec<String>,
}

/// Terms of consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ConsentTerms {
    /// From this age the victim signs.
    pub self_from_age: u8,
}

/// Terms of the route table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct RouteTerms {
    /// From this age a person is an adult.
    pub adult_age: u8,
    /// Longest reflection period in calendar months.
    pub reflection_months_max: u32,
    /// The same for a Dublin claimant, in days.
    pub reflection_days_dublin: u32,
}

/// Switches of the rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleSwitches {
    /// The rules that count.
    pub on: Vec<RuleCode>,
    /// The rules a coordinator may place against.
    pub dispensable: Vec<RuleCode>,
    /// What a crisis referral at a documented move-on unit gives.
    pub crisis_at_move_on: NoOrUnknown,
}

/// A cell of a table that an assumption sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoOrUnknown {
    /// `no`.
    No,
    /// `unknown`.
    Unknown,
}

/// Terms of the multi-problem test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MultiProblemTerms {
    /// Clear indicators that suffice.
    pub indicators_min: u8,
    /// Life domains that suffice.
    pub life_domains_min: u8,
    /// Must regular shelter be insufficient?
    pub require_regular_shelter_insufficient: bool,
    /// Indicators that are mild, such as `lvb.suspected`.
    pub mild: Vec<String>,
    /// What one mild indicator and nothing else gives.
    pub one_mild_only: NoOrUnknown,
}

/// Terms of places and figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CapacityTerms {
    /// How many days ahead a start may lie.
    pub horizon_days: u16,
    /// After how many hours the figures of a unit are stale.
    pub stale_after_hours: BTreeMap<UnitKind, u32>,
    /// Does a child take a place where the unit does not say?
    pub children_count_as_place: bool,
}

/// Terms of security.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SecurityTerms {
    /// The levels, from least to most.
    pub levels: Vec<SecurityLevel>,
    /// The level a threat aims at.
    pub aim_by_threat: BTreeMap<ThreatLevel, SecurityLevel>,
}

/// The value where a fact about a unit is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct UnknownPlace {
    /// The lowest it can turn out.
    pub low: Decimal,
    /// The neutral value.
    pub middle: Decimal,
    /// The highest it can turn out.
    pub high: Decimal,
}

/// One criterion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Criterion {
    /// Which.
    pub code: CriterionCode,
    /// Its weight.
    pub weight: Decimal,
    /// Values by case.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub table: BTreeMap<String, Decimal>,
    /// Values by breakpoints, in between linear.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub points: BTreeMap<String, Vec<(i64, Decimal)>>,
}

/// When a first rank is clear or close.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ConfidenceTerms {
    /// Clear from here.
    pub clear: Decimal,
    /// A toss-up below here.
    pub close: Decimal,
}

/// Terms of the tiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct TierTerms {
    /// A temporary bed that ends within so many hours makes T1.
    #[serde(rename = "T1_ends_within_hours")]
    pub t1_ends_within_hours: u32,
}

/// The calendar of working days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Calendar {
    /// Name of the time zone.
    pub zone: String,
    /// Days that are no working days.
    pub holidays: Vec<NaiveDate>,
}

/// Terms of the scarcity step; only `off` exists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ScarcityTerms {
    /// `off`.
    pub stage: String,
    /// How much suitability the step may give away.
    pub guard: Decimal,
    /// Longest hold.
    pub max_hold_days: u16,
    /// Keep the last pair of beds.
    pub reserve_last_pair: bool,
}

/// Terms of the waiting list; only `tier_then_wait` exists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PriorityTerms {
    /// `tier_then_wait`.
    pub stage: String,
}

/// Terms of reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct FairnessTerms {
    /// Cells under this are suppressed.
    pub min_cell: u32,
}
