//! The whole answer on small situations.

use chrono::Days;
use uuid::Uuid;

use super::{StoredInput, evaluate, replay};
use crate::domain::matching::{
    finding::{ChangeStep, RuleCode},
    policy::CompiledPolicy,
    result::{ConfidenceLevel, EligibilityAdvice, MatchResult, Standing, TieStep, UnitCard},
    rules::fixture::{attribute, now, snapshot, stated, unit, view},
    snapshot::{PlaceCount, UnitState},
    view::ConsentView,
};
use crate::domain::{
    catalogue::{
        attribute::AttributeCode,
        availability::{AnnouncedEnd, EndCertainty},
        location::UnitKind,
    },
    fact::Verdict,
    ids::UnitId,
    referral::{facts::DangerArea, vocabulary::YesNo},
};

fn unit_number(number: u128, code: &str) -> UnitState {
    UnitState { id: UnitId(Uuid::from_u128(number)), code: code.into(), ..unit() }
}

fn full(mut unit: UnitState) -> UnitState {
    unit.capacity = Some(PlaceCount { total: 4, assumed: false, occupied: 4, held: 0, out_of_use: 0 });
    unit
}

fn answer(units: Vec<UnitState>) -> MatchResult {
    evaluate(&CompiledPolicy::v1(), &view(), &snapshot(units), now())
}

#[test]
fn every_unit_stands_in_one_list_with_its_reasons() {
    let mut later = full(unit_number(2, "b-later"));
    later.ends =
        vec![AnnouncedEnd { on: now().date_naive() + Days::new(3), certainty: EndCertainty::Confirmed, places: 1 }];
    let mut ask = unit_number(3, "c-ask");
    ask.kind = UnitKind::MoveOn;
    let mut out = unit_number(4, "d-out");
    attribute(&mut out, AttributeCode::Women, Verdict::No);
    let result = answer(vec![out, ask, later, unit_number(1, "a-now")]);
    let codes = |cards: &[UnitCard]| cards.iter().map(|card| card.code.to_string()).collect::<Vec<_>>();
    assert_eq!(codes(&result.now), ["a-now"]);
    assert_eq!(codes(&result.later), ["b-later"]);
    assert_eq!(codes(&result.ask), ["c-ask"]);
    assert_eq!(codes(&result.out), ["d-out"]);
    assert_eq!(result.proposed, Some(UnitId(Uuid::from_u128(1))));
    assert_eq!(result.out[0].findings.iter().map(|one| one.rule).collect::<Vec<_>>(), [RuleCode::Gender]);
    assert_eq!(result.ask[0].findings[0].rule, RuleCode::Kind);
    assert_eq!(result.questions[0].opens_units, 1);
    assert_eq!(result.eligibility.advice, EligibilityAdvice::Eligible);
    assert!(!result.provisional);
}

#[test]
fn contributions_sum_to_the_score_digit_by_digit() {
    let result = answer(vec![unit_number(1, "a"), unit_number(2, "b")]);
    for card in &result.now {
        let sum: rust_decimal::Decimal = card.contributions.iter().map(|one| one.contribution).sum();
        assert_eq!(sum.to_string(), card.score.unwrap().value.to_string());
    }
    assert_eq!(result.score_max.to_string(), "1.0000");
    assert_eq!(result.now[1].tie, Some(TieStep::Lottery));
    assert_eq!(result.confidence.now.as_ref().unwrap().level, ConfidenceLevel::TossUp);
    assert_eq!(result.now.iter().map(|card| card.rank).collect::<Vec<_>>(), [Some(1), Some(1)]);
}

#[test]
fn without_consent_nothing_is_fit_and_the_answer_is_provisional() {
    let mut view = view();
    view.consent = ConsentView::NOT_RECORDED;
    let result = evaluate(&CompiledPolicy::v1(), &view, &snapshot(vec![unit()]), now());
    assert!(result.provisional && result.now.is_empty() && result.proposed.is_none());
    assert_eq!(result.ask[0].findings[0].rule, RuleCode::Consent);
}

#[test]
fn a_standing_objection_sets_a_unit_aside_and_shows_it() {
    let mut view = view();
    view.standing_objections = vec![unit().id];
    let result = evaluate(&CompiledPolicy::v1(), &view, &snapshot(vec![unit(), unit_number(7, "b")]), now());
    assert_eq!(result.set_aside[0].unit, unit().id);
    assert_eq!(result.set_aside[0].standing, Standing::FitNow);
    assert_eq!(result.now.len(), 1);
}

#[test]
fn a_full_house_says_what_is_missing_and_who_is_nearest() {
    let result = answer(vec![full(unit_number(1, "a"))]);
    assert_eq!(result.nearest[0].unit, result.out[0].unit);
    let change = result.out[0].findings[0].change.as_ref().map(|change| &change.step);
    assert_eq!(change, Some(&ChangeStep::MoreBeds { beds: 1, by: now().date_naive() + Days::new(28) }));
    assert_eq!(result.relaxations[0].rule, RuleCode::Beds);
}

#[test]
fn the_order_of_facts_and_units_is_no_part_of_the_input() {
    let policy = CompiledPolicy::v1();
    let area = |name: &str| DangerArea::Municipality(name.to_owned());
    let (mut one, mut other) = (view(), view());
    one.circumstances.danger_regions = stated(vec![area("Zwolle"), area("Venlo")]);
    other.circumstances.danger_regions = stated(vec![area("Venlo"), area("Zwolle"), area("Venlo")]);
    let forth = snapshot(vec![unit_number(1, "a"), unit_number(2, "b")]);
    let back = snapshot(vec![unit_number(2, "b"), unit_number(1, "a")]);
    let results = [evaluate(&policy, &one, &forth, now()), evaluate(&policy, &other, &back, now())];
    assert_eq!(results[0].canonical(), results[1].canonical());
}

#[test]
fn a_stored_input_replays_to_the_same_bytes() {
    let policy = CompiledPolicy::v1();
    let mut view = view();
    view.circumstances.pets = stated(YesNo::Yes);
    let input = StoredInput { view, snapshot: snapshot(vec![unit(), full(unit_number(9, "z"))]), now: now() };
    let result = replay(&policy, &input);
    let read = StoredInput::parse(&input.canonical()).unwrap();
    assert_eq!(replay(&policy, &read).canonical(), result.canonical());
    let back: MatchResult = serde_json::from_str(&result.canonical()).unwrap();
    assert_eq!(back, result);
}
