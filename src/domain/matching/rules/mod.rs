//! The 17 hard rules, one file each: its verdict, what it read, whom to ask, and what would change it.
//!
//! Invariant: unknown is never read as yes and never as no; only a documented `no` excludes. Verdicts are computed in
//! the hot path from `verdict` functions; `detail` runs only when the answer is written, and never decides.

pub mod age;
pub mod beds;
pub mod conflict;
pub mod consent;
pub mod contra;
pub mod danger;
#[cfg(test)]
pub mod fixture;
pub mod gender;
pub mod group;
pub mod household;
pub mod kind;
pub mod legal_route;
pub mod mustcare;
pub mod omm;
pub mod open;
pub mod security;
pub mod service;
pub mod victim;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::{
    bits::RuleBit,
    finding::{Addressee, Change, ChangeStep, ChangedBy, Evidence, FactCode, Finding, Question, RuleCode, Stated},
    multi_problem::MultiProblem,
    policy::CompiledPolicy,
    route::RouteAdvice,
    snapshot::{Snapshot, UnitState},
    timing::{HouseholdAges, Timing},
    view::ReferralView,
};
use crate::domain::{
    catalogue::attribute::AttributeCode,
    fact::{Fact, Source, Verdict},
};

/// One referral at one unit, with everything a rule may look at to explain itself.
pub struct Case<'c> {
    /// The policy.
    pub policy: &'c CompiledPolicy,
    /// The referral.
    pub view: &'c ReferralView,
    /// All units, for the whereabouts.
    pub snapshot: &'c Snapshot,
    /// The unit.
    pub unit: &'c UnitState,
    /// The route.
    pub route: &'c RouteAdvice,
    /// The multi-problem test.
    pub multi: &'c MultiProblem,
    /// The ages of the household.
    pub ages: &'c HouseholdAges,
    /// When the household can start.
    pub timing: Timing,
    /// Places the household takes here; open children count as none.
    pub beds: u16,
    /// The instant of the answer.
    pub now: DateTime<Utc>,
    /// The day it is.
    pub today: NaiveDate,
}

/// What a rule says when it is not met, or not known to be.
pub struct Detail {
    /// What the rule needs.
    pub required: Stated,
    /// What is the case.
    pub actual: Stated,
    /// What it read.
    pub evidence: Vec<Evidence>,
    /// Whom to ask which open facts. A `no` may carry a question too, if another part of the rule is open.
    pub ask: Option<(Addressee, Vec<FactCode>)>,
    /// The smallest change; together with the answers to `ask` it makes the rule yes.
    pub change: Option<ChangeStep>,
}

/// The finding of one rule that is not met at one unit.
pub fn finding(case: &Case<'_>, bit: RuleBit, verdict: Verdict) -> Finding {
    let detail = detail(case, bit, verdict);
    let question = detail.ask.map(|(ask, mut facts)| {
        facts.sort_unstable();
        facts.dedup();
        let unit = facts.iter().any(|fact| fact.is_about_unit()).then_some(case.unit.id);
        Question {
            rule: Some(bit.rule),
            service: bit.service,
            ask,
            unit,
            facts,
            opens_units: 0,
            text_nl: String::new(),
            text_en: String::new(),
        }
    });
    let confirm = || {
        let facts = question.as_ref().map(|question| question.facts.clone())?;
        (verdict == Verdict::Unknown).then_some(ChangeStep::Confirm { facts })
    };
    let step = detail.change.or_else(confirm);
    Finding {
        rule: bit.rule,
        service: bit.service,
        verdict,
        required: detail.required,
        actual: detail.actual,
        as_of: detail.evidence.iter().filter_map(|evidence| evidence.as_of).min(),
        evidence: detail.evidence,
        changed_by: changed_by(bit.rule, verdict),
        dispensable: verdict == Verdict::No && case.policy.is_dispensable(bit.rule),
        change: step.map(|step| Change { step, text_nl: String::new(), text_en: String::new() }),
        question,
        text_nl: String::new(),
        text_en: String::new(),
    }
}

fn detail(case: &Case<'_>, bit: RuleBit, verdict: Verdict) -> Detail {
    match bit.rule {
        RuleCode::Victim => victim::detail(case, verdict),
        RuleCode::Omm => omm::detail(case, verdict),
        RuleCode::Route => legal_route::detail(case, verdict),
        RuleCode::Consent => consent::detail(case, verdict),
        RuleCode::Age => age::detail(case, verdict),
        RuleCode::Gender => gender::detail(case, verdict),
        RuleCode::Household => household::detail(case, verdict),
        RuleCode::Kind => kind::detail(case, verdict),
        RuleCode::Beds => beds::detail(case, verdict),
        RuleCode::Service => service::detail(case, bit.service, verdict),
        RuleCode::Security => security::detail(case),
        RuleCode::Danger => danger::detail(case),
        RuleCode::Conflict => conflict::detail(case),
        RuleCode::Group => group::detail(case, verdict),
        RuleCode::Contra => contra::detail(case),
        RuleCode::Mustcare => mustcare::detail(case),
        RuleCode::Open => open::detail(case, verdict),
    }
}

/// Who can change a verdict.
fn changed_by(rule: RuleCode, verdict: Verdict) -> Vec<ChangedBy> {
    match rule {
        RuleCode::Victim | RuleCode::Omm | RuleCode::Security | RuleCode::Danger => vec![ChangedBy::Assessor],
        RuleCode::Route if verdict == Verdict::Unknown => vec![ChangedBy::Coordinator],
        RuleCode::Route => vec![ChangedBy::Law],
        RuleCode::Consent => vec![ChangedBy::Person],
        RuleCode::Age | RuleCode::Gender | RuleCode::Household | RuleCode::Kind | RuleCode::Contra | RuleCode::Open => {
            vec![ChangedBy::Shelter]
        }
        RuleCode::Beds | RuleCode::Conflict => vec![ChangedBy::Time],
        RuleCode::Service => vec![ChangedBy::Time, ChangedBy::Shelter],
        RuleCode::Group => vec![ChangedBy::Shelter, ChangedBy::Time],
        RuleCode::Mustcare => vec![ChangedBy::Shelter, ChangedBy::OtherRoute],
    }
}

/// Evidence from a fact about the person.
pub fn of_person<T>(fact: FactCode, stated: &Fact<T>) -> Evidence {
    Evidence { fact, source: stated.source, as_of: stated.as_of, inferred: false }
}

/// Evidence from an attribute of the catalogue.
pub fn of_attribute(fact: FactCode, unit: &UnitState, code: AttributeCode) -> Evidence {
    let attribute = unit.attributes.get(code);
    let source = (attribute.value != Verdict::Unknown).then_some(Source::Catalogue);
    Evidence { fact, source, as_of: None, inferred: attribute.inferred }
}

/// Evidence that the catalogue documents, or does not.
pub fn of_catalogue(fact: FactCode, documented: bool) -> Evidence {
    Evidence { fact, source: documented.then_some(Source::Catalogue), as_of: None, inferred: false }
}

/// Evidence from the figures that the shelter confirmed.
pub fn of_figures(fact: FactCode, unit: &UnitState) -> Evidence {
    Evidence { fact, source: unit.figures_as_of.map(|_| Source::Shelter), as_of: unit.figures_as_of, inferred: false }
}

/// An enum value by its name on the wire.
pub fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(other) => other.to_string(),
        Err(_) => String::new(),
    }
}

/// A stated value, or that it is not stated.
pub fn stated(value: Option<&impl Serialize>) -> Stated {
    value.map_or(Stated::NotStated, |value| Stated::Codes(vec![word(value)]))
}

/// A list of values.
pub fn stated_all<T: Serialize>(values: &[T]) -> Stated {
    Stated::Codes(values.iter().map(word).collect())
}

/// How long ago a moment is, in whole hours.
pub fn hours_between(earlier: DateTime<Utc>, later: DateTime<Utc>) -> i64 {
    later.signed_duration_since(earlier).num_hours()
}
