//! Writes the card of one unit: where it stands, its score digit by digit, and every rule that is not met.

use chrono::Days;
use rust_decimal::Decimal;

use super::{
    bits::RuleBit,
    columns::capacity_of,
    confidence::Ranked,
    counterfactual::{Versus, leader},
    criterion::{CRITERIA, CriterionCode},
    evaluate::Evaluation,
    finding::{FactCode, RemarkCode},
    order::compare,
    policy::compiled::Interval,
    result::{Comparison, Contribution, Difference, Remark, Score, Standing, UnitCard, WouldLead},
    rules::{self, Case},
    screen::{self, List},
    snapshot::UnitState,
    suitability,
    timing::{NO_DAY, Timing},
    view::ReferralView,
};
use crate::domain::{
    catalogue::{attribute::AttributeCode, location::UnitKind},
    fact::Verdict,
    referral::{needs::Recency, vocabulary::Urgency},
};

/// A value in millionths as a decimal.
fn value_of(ppm: i64) -> Decimal {
    Decimal::new(ppm, 6)
}

/// Weight times value as a decimal.
fn score_of(whole: i64) -> Decimal {
    Decimal::new(whole, 10)
}

/// The card of a unit without its place in a list.
pub(super) fn card(evaluation: &Evaluation<'_>, at: usize) -> Option<UnitCard> {
    let unit = evaluation.input.snapshot.units.get(at)?;
    let masks = evaluation.work.masks(at);
    let timing = screen::timing_at(evaluation.units, evaluation.compiled, evaluation.work, at);
    let list = evaluation.work.list(at);
    let place = screen::place(
        evaluation.units,
        evaluation.compiled,
        u32::try_from(at).ok()?,
        0,
        timing.start.unwrap_or(NO_DAY),
    );
    let beds = screen::beds_at(evaluation.units, evaluation.compiled, at);
    let day = |day: u16| evaluation.units.today.checked_add_days(Days::new(u64::from(day)));
    let has_beds = timing.beds == Verdict::Yes;
    let case = Case {
        policy: evaluation.policy,
        view: &evaluation.input.view,
        snapshot: &evaluation.input.snapshot,
        unit,
        route: &evaluation.compiled.route,
        multi: &evaluation.compiled.multi,
        ages: &evaluation.compiled.ages,
        timing,
        beds,
        now: evaluation.input.now,
        today: evaluation.units.today,
    };
    let unmet = RuleBit::all().map(|bit| (bit, masks.verdict(bit))).filter(|(_, verdict)| *verdict != Verdict::Yes);
    Some(UnitCard {
        unit: unit.id,
        code: unit.code.clone(),
        location: unit.location.clone(),
        organisation: unit.organisation.clone(),
        city: unit.city.clone(),
        programme: unit.programme,
        kind: unit.kind,
        standing: match list {
            Some(List::Now) => Standing::FitNow,
            Some(List::Later) => Standing::FitLater,
            Some(List::Ask) => Standing::Ask,
            None => Standing::Out,
        },
        failed: masks.failed,
        unknown: masks.unknown,
        start: timing.start.filter(|_| has_beds).and_then(day),
        expected_start: timing.expected.and_then(day),
        beds_needed: beds,
        beds_free: capacity_of(unit.capacity).map(|capacity| capacity.free),
        beds_left: u16::try_from(place.left).ok().filter(|_| has_beds),
        figures_as_of: unit.figures_as_of,
        rank: None,
        tie: None,
        score: None,
        contributions: Vec::new(),
        findings: unmet.map(|(bit, verdict)| rules::finding(&case, bit, verdict)).collect(),
        remarks: remarks(&evaluation.input.view, unit, &timing),
        against_first: None,
        set_aside: evaluation.input.view.standing_objections.contains(&unit.id),
    })
}

/// Writes score and contributions, in the order of the policy.
pub(super) fn write_score(evaluation: &Evaluation<'_>, card: &mut UnitCard, values: &[Interval; CRITERIA]) {
    let weights = &evaluation.compiled.weights;
    let sum = suitability::score(weights, values);
    card.score = Some(Score { value: score_of(sum.middle), low: score_of(sum.low), high: score_of(sum.high) });
    let of = |criterion: CriterionCode| {
        CriterionCode::ALL.iter().zip(weights.iter().zip(values)).find(|(code, _)| **code == criterion)
    };
    let weighed = evaluation.policy.order.iter().filter(|code| evaluation.compiled.person.weighs(**code));
    card.contributions = weighed
        .filter_map(|criterion| of(*criterion))
        .map(|(criterion, (weight, value))| Contribution {
            criterion: *criterion,
            weight: Decimal::new(*weight, 4),
            value: value_of(value.middle),
            low: value_of(value.low),
            high: value_of(value.high),
            contribution: score_of(weight * value.middle),
        })
        .collect();
}

/// Why a unit stands behind the first of its list, and what would put it ahead.
pub(super) fn comparison(evaluation: &Evaluation<'_>, list: &[Ranked], first: &Ranked, other: &Ranked) -> Comparison {
    let weights = &evaluation.compiled.weights;
    let versus = Versus::of(weights, &first.values, &other.values);
    let weighed = |criterion: &CriterionCode| evaluation.compiled.person.weighs(*criterion);
    let differences = CriterionCode::ALL.into_iter().zip(versus.differences).filter(|(code, _)| weighed(code));
    let leads = CriterionCode::ALL.into_iter().zip(versus.value.into_iter().zip(versus.weight));
    Comparison {
        first: first.unit,
        differences: differences
            .map(|(criterion, difference)| Difference { criterion, difference: score_of(difference) })
            .collect(),
        decisive: versus.decisive(),
        margin: score_of(versus.rho.margin),
        rho: versus.rho.shown(),
        tie: compare(&first.place, &other.place, &evaluation.lottery).1,
        would_lead: leads
            .filter(|(code, _)| weighed(code))
            .map(|(criterion, (value, weight))| {
                let then = weight.and_then(|weight| leader(weights, list, criterion, weight, &evaluation.lottery));
                WouldLead {
                    criterion,
                    value: value.map(value_of),
                    weight: weight.map(|weight| Decimal::new(weight, 4)),
                    then_leads: then.filter(|leader| *leader != other.unit),
                }
            })
            .collect(),
    }
}

fn remarks(view: &ReferralView, unit: &UnitState, timing: &Timing) -> Vec<Remark> {
    let facts = &view.circumstances;
    let crisis = facts.urgency.known() == Some(&Urgency::Crisis);
    let recorded = |fact: Option<&Recency>| fact.is_some_and(|recency| *recency != Recency::None);
    let concluded = |code| {
        let attribute = unit.attributes.get(code);
        attribute.inferred && attribute.value == Verdict::Yes
    };
    let read = [AttributeCode::Women, AttributeCode::Men, AttributeCode::Children, AttributeCode::Secured];
    let night = unit.attributes.get(AttributeCode::NightIntake).effective();
    [
        (crisis && unit.kind == UnitKind::Unspecified, RemarkCode::AskAboutIntakeTonight),
        (crisis && night == Verdict::No, RemarkCode::NoNightIntake),
        (unit.capacity.is_some_and(|count| count.assumed), RemarkCode::PlacesAssumed),
        (read.into_iter().any(concluded), RemarkCode::InferredAttribute),
        (recorded(facts.aggression.known()), RemarkCode::ReviewAggression),
        (recorded(facts.suicidality.known()), RemarkCode::ReviewSuicidality),
        (timing.expected.is_some(), RemarkCode::ExpectedEnd),
    ]
    .into_iter()
    .filter(|(holds, _)| *holds)
    .map(|(_, code)| Remark { code, text_nl: String::new(), text_en: String::new() })
    .collect()
}

/// Those of these facts about the person that are open.
pub(super) fn open_facts(view: &ReferralView, facts: &[FactCode]) -> Vec<FactCode> {
    let known = &view.circumstances;
    let mut open: Vec<FactCode> = [
        (FactCode::Lvb, known.lvb.known().is_none()),
        (FactCode::Ggz, known.ggz.known().is_none()),
        (FactCode::Addiction, known.addiction.known().is_none()),
        (FactCode::ChildrenAlong, known.children_along.known().is_none()),
        (FactCode::Pregnant, known.pregnant.known().is_none()),
        (FactCode::ThreatLevel, known.threat_level.known().is_none()),
        (FactCode::DangerRegions, known.danger_regions.known().is_none()),
        (FactCode::Urgency, known.urgency.known().is_none()),
        (FactCode::LivingFormWish, known.living_form_wish.known().is_none()),
        (FactCode::LivingFormUnsuitable, known.living_form_unsuitable.known().is_none()),
        (FactCode::DaytimeWish, known.daytime_wish.known().is_none()),
        (FactCode::Pets, known.pets.known().is_none()),
        (FactCode::TiesToKeep, known.ties_to_keep.known().is_none()),
        (FactCode::Interpreter, known.interpreter.known().is_none()),
        (FactCode::Tier, view.tier.is_none()),
    ]
    .into_iter()
    .filter(|(fact, open)| *open && facts.contains(fact))
    .map(|(fact, _)| fact)
    .collect();
    open.sort_unstable();
    open
}
