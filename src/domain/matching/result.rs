//! The answer of the engine. Stored and published as it is; recomputing it from stored input gives the same bytes.
//!
//! Invariant: every unit of the snapshot stands in exactly one list, with all its failed and unknown rules.
//! Advice, not decision: only a coordinator of CoMensha decides.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use super::comparison::{
    Comparison, Confidence, ConfidenceLevel, Confidences, Difference, Fraction, TieStep, WouldLead,
};
use super::{
    criterion::CriterionCode,
    finding::{FactCode, Finding, Question, RemarkCode, RuleCode},
    route::RouteAdvice,
};
use crate::domain::{
    catalogue::location::{ProgrammeKind, UnitKind},
    fact::Verdict,
    ids::{LocationCode, OrganisationCode, ReferralId, UnitCode, UnitId},
    referral::{needs::Service, vocabulary::Tier},
};

/// What fits, and why not: the whole answer for one referral at one instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MatchResult {
    /// The referral.
    pub referral: ReferralId,
    /// The instant of the answer.
    pub at: DateTime<Utc>,
    /// The instant of the figures.
    pub snapshot_at: DateTime<Utc>,
    /// SHA-256 of the policy, in hex.
    pub policy_hash: String,
    /// SHA-256 of the texts, in hex; empty until the texts are written.
    pub texts_hash: String,
    /// Version of the engine.
    pub engine_version: String,
    /// SHA-256 of the canonical input, in hex.
    pub input_hash: String,
    /// The legal route.
    pub route: RouteAdvice,
    /// Whether the person is eligible.
    pub eligibility: Eligibility,
    /// True while consent is not yes: nothing can be proposed.
    pub provisional: bool,
    /// The highest score possible with what is known about the person.
    pub score_max: Decimal,
    /// Criteria left out for all units, because a fact about the person is open.
    pub not_weighed: Vec<NotWeighed>,
    /// FIT, start today; in order.
    pub now: Vec<UnitCard>,
    /// FIT, start later; in order.
    pub later: Vec<UnitCard>,
    /// No rule fails, at least one is unknown; in order.
    pub ask: Vec<UnitCard>,
    /// At least one rule fails; in order of the unit's code.
    pub out: Vec<UnitCard>,
    /// Not OUT, but the objection of this unit to this referral still stands; in order of the unit's code.
    pub set_aside: Vec<UnitCard>,
    /// The unit to propose: the first of `now`, or of `later` if `now` is empty.
    pub proposed: Option<UnitId>,
    /// A later place has a higher score than the first of `now`.
    pub better_later: Option<BetterLater>,
    /// How sure the first rank of each list is.
    pub confidence: Confidences,
    /// Per rule, how many units fail on it alone; most first.
    pub relaxations: Vec<Relaxation>,
    /// If no unit is FIT: the units nearest to it.
    pub nearest: Vec<Nearest>,
    /// Open questions, those that open most units first.
    pub questions: Vec<Question>,
    /// The scarcity step; off.
    pub scarcity: Scarcity,
    /// What the order of the waiting list needs.
    pub priority: Priority,
}

/// Advice on eligibility; the assessor decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Eligibility {
    /// The advice: eligible for at least one programme where CoMensha places.
    pub advice: EligibilityAdvice,
    /// The programmes it is eligible for.
    pub programmes: Vec<ProgrammeKind>,
    /// (Suspected) victim, multiple problems and route, for OMM alone.
    pub omm: Verdict,
    /// The multi-problem test without the question whether regular shelter is enough.
    pub multi_problem: Verdict,
    /// What is open.
    pub open_facts: Vec<FactCode>,
    /// In Dutch.
    pub text_nl: String,
    /// In English.
    pub text_en: String,
}

/// Whether a person is eligible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EligibilityAdvice {
    /// Eligible.
    Eligible,
    /// A person has to look.
    NeedsReview,
    /// Not eligible.
    NotEligible,
}

/// A criterion that is not weighed for anybody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NotWeighed {
    /// Which.
    pub criterion: CriterionCode,
    /// Its weight.
    pub weight: Decimal,
    /// The open facts.
    pub facts: Vec<FactCode>,
}

/// Where a unit stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Every rule is met, start today.
    FitNow,
    /// Every rule is met, start later.
    FitLater,
    /// No rule fails, at least one is unknown.
    Ask,
    /// At least one rule fails.
    Out,
}

/// One unit in the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UnitCard {
    /// The unit.
    pub unit: UnitId,
    /// Its public code.
    pub code: UnitCode,
    /// Its location.
    pub location: LocationCode,
    /// Who runs it.
    pub organisation: Option<OrganisationCode>,
    /// The city.
    pub city: Option<String>,
    /// The programme.
    pub programme: ProgrammeKind,
    /// What it is meant for.
    pub kind: UnitKind,
    /// Where it stands.
    pub standing: Standing,
    /// Bits of the rules that fail.
    pub failed: u64,
    /// Bits of the rules that are unknown.
    pub unknown: u64,
    /// First day on which the household can start, on confirmed ends.
    pub start: Option<NaiveDate>,
    /// First day with a bed if an expected end comes true; only where R-BEDS is unknown for that reason.
    pub expected_start: Option<NaiveDate>,
    /// Places the household takes in this unit; children that are not known count as none.
    pub beds_needed: u16,
    /// Free places today; `None` is not documented.
    pub beds_free: Option<u16>,
    /// Places left free on the start day after placing.
    pub beds_left: Option<u16>,
    /// When the shelter last confirmed its figures.
    pub figures_as_of: Option<DateTime<Utc>>,
    /// Position in its list; a toss-up shares rank 1. None for OUT and set aside.
    pub rank: Option<u16>,
    /// If the unit before it has the same score: what decided between the two.
    pub tie: Option<TieStep>,
    /// The suitability; none for OUT.
    pub score: Option<Score>,
    /// What makes up the score, one per weighed criterion, in the order of the policy; none for OUT.
    pub contributions: Vec<Contribution>,
    /// Every rule that fails or is unknown.
    pub findings: Vec<Finding>,
    /// What else to look at.
    pub remarks: Vec<Remark>,
    /// Against the first of its list; none for the first itself, for OUT and for set aside.
    pub against_first: Option<Comparison>,
    /// True if this unit's objection to this referral still stands.
    pub set_aside: bool,
}

/// A remark with its texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Remark {
    /// Which.
    pub code: RemarkCode,
    /// In Dutch.
    pub text_nl: String,
    /// In English.
    pub text_en: String,
}

/// Suitability of one unit: exact, ten decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Score {
    /// The score.
    pub value: Decimal,
    /// The lowest it can be once everything unknown about the unit is known.
    pub low: Decimal,
    /// The highest it can be then.
    pub high: Decimal,
}

/// One criterion's part of the score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Contribution {
    /// Which criterion.
    pub criterion: CriterionCode,
    /// Its weight, four decimals.
    pub weight: Decimal,
    /// Its value at this unit, six decimals.
    pub value: Decimal,
    /// The lowest value possible.
    pub low: Decimal,
    /// The highest value possible.
    pub high: Decimal,
    /// Weight times value, ten decimals; these sum to the score.
    pub contribution: Decimal,
}

/// A later place that suits better than the first of today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BetterLater {
    /// The unit.
    pub unit: UnitId,
    /// From when.
    pub start: NaiveDate,
    /// By how much its score is higher.
    pub difference: Decimal,
}

/// Units that one rule alone keeps from FIT.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Relaxation {
    /// Which rule.
    pub rule: RuleCode,
    /// Which service.
    pub service: Option<Service>,
    /// The units, in order of their code.
    pub units: Vec<UnitId>,
}

/// A unit that is nearly FIT.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Nearest {
    /// The unit.
    pub unit: UnitId,
    /// How many rules fail; each of them can be changed.
    pub failed: u16,
    /// How many rules are unknown.
    pub unknown: u16,
    /// The first day with a bed, if that is known.
    pub start: Option<NaiveDate>,
    /// True if that day rests on confirmed ends only.
    pub start_confirmed: bool,
}

/// The scarcity step of later stages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Scarcity {
    /// `off`.
    pub stage: ScarcityStage,
}

/// The stage of the scarcity step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScarcityStage {
    /// Off.
    Off,
}

/// What orders the waiting list: tier first, then waiting time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Priority {
    /// The tier, if assessed.
    pub tier: Option<Tier>,
    /// Since when the referral waits.
    pub waiting_since: DateTime<Utc>,
}

impl MatchResult {
    /// Every unit of the answer: `now`, `later`, `ask`, `set_aside`, `out`.
    pub fn cards(&self) -> impl Iterator<Item = &UnitCard> {
        self.now.iter().chain(&self.later).chain(&self.ask).chain(&self.set_aside).chain(&self.out)
    }

    /// Every unit of the answer, to write texts into.
    pub fn cards_mut(&mut self) -> impl Iterator<Item = &mut UnitCard> {
        self.now.iter_mut().chain(&mut self.later).chain(&mut self.ask).chain(&mut self.set_aside).chain(&mut self.out)
    }

    /// The card of one unit.
    pub fn card(&self, unit: UnitId) -> Option<&UnitCard> {
        self.cards().find(|card| card.unit == unit)
    }
}
