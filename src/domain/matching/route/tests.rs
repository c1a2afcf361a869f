//! The route table, row by row.

use super::*;
use crate::domain::{
    fact::Fact,
    matching::rules::fixture::{stated, today, view},
    referral::facts::Birth,
};
use Verdict::{No, Unknown, Yes};

fn facts(age: u8, title: Option<ResidencePhase>) -> Circumstances {
    Circumstances {
        birth: stated(Birth::Years(age)),
        residence_phase: title.map_or(Fact::UNKNOWN, stated),
        ..view().circumstances
    }
}

fn advice(facts: &Circumstances, multi: Verdict) -> RouteAdvice {
    let multi = MultiProblem { verdict: multi, open_facts: vec![FactCode::Lvb] };
    let age = facts.birth.known().and_then(|birth| birth.age_on(today()));
    route(&CompiledPolicy::v1(), facts, age, &multi, today())
}

#[test]
fn the_first_row_that_holds_prescribes() {
    use ResidencePhase::{
        Asylum, B8Ended, B8Permit, B8Reflection, Dublin, Dutch, EuLawful, EuNoRight, None as NoTitle, OtherPermit,
    };
    for (age, title, multi, row, id, at_units) in [
        (17, Dutch, Yes, 3, RouteId::R4, [No, No, No]),
        (17, EuLawful, Yes, 3, RouteId::R4, [No, No, No]),
        (17, Asylum, Yes, 2, RouteId::R3, [No, No, No]),
        (30, NoTitle, Yes, 4, RouteId::R10, [No, No, No]),
        (30, EuNoRight, No, 4, RouteId::R10, [No, No, No]),
        (30, B8Reflection, Yes, 5, RouteId::R9, [Unknown, Unknown, Unknown]),
        (30, B8Reflection, No, 6, RouteId::R8, [No, Yes, No]),
        (30, Dutch, Yes, 7, RouteId::R5, [Yes, No, No]),
        (30, EuLawful, Yes, 7, RouteId::R5, [Yes, No, No]),
        (30, B8Permit, Yes, 7, RouteId::R5, [Yes, No, No]),
        (30, Dutch, No, 9, RouteId::R7, [No, No, No]),
        (30, B8Ended, Yes, 10, RouteId::R11, [Unknown, Unknown, Unknown]),
        (30, Asylum, No, 10, RouteId::R11, [Unknown, Unknown, Unknown]),
        (30, Dublin, Yes, 10, RouteId::R11, [Unknown, Unknown, Unknown]),
        (30, OtherPermit, Yes, 10, RouteId::R11, [Unknown, Unknown, Unknown]),
    ] {
        let found = advice(&facts(age, Some(title)), multi);
        assert_eq!((found.row, found.id), (row, id), "{age} {title:?} {multi:?}");
        assert_eq!([found.omm, found.cosm, found.iszw], at_units, "{age} {title:?} {multi:?}");
    }
}

#[test]
fn signal_rows_fire_on_a_recorded_fact_and_stand_above_all() {
    for (jurisdiction, target) in
        [(Jurisdiction::Be, TargetRoute::ForeignProgramme), (Jurisdiction::Other, TargetRoute::RegistrationOnly)]
    {
        let mut abroad = facts(30, None);
        abroad.jurisdiction = stated(jurisdiction);
        let found = advice(&abroad, Unknown);
        assert_eq!((found.row, found.target, found.omm), (0, target, No));
    }
    let mut acute = facts(30, Some(ResidencePhase::Dutch));
    acute.ggz = stated(Ggz::AcuteClinical);
    let found = advice(&acute, Yes);
    assert_eq!((found.row, found.id, found.omm), (1, RouteId::Acute, Unknown));
    let mut silent = facts(30, Some(ResidencePhase::Dutch));
    (silent.jurisdiction, silent.ggz) = (Fact::UNKNOWN, Fact::UNKNOWN);
    assert_eq!(advice(&silent, Yes).omm, Yes);
}

#[test]
fn what_is_open_above_leaves_the_route_open_and_is_asked() {
    let mut no_age = facts(30, Some(ResidencePhase::Dutch));
    no_age.birth = Fact::UNKNOWN;
    let mut no_guardian = facts(17, Some(ResidencePhase::Dutch));
    no_guardian.guardian = Fact::UNKNOWN;
    let mut no_forms = facts(30, Some(ResidencePhase::Dutch));
    no_forms.exploitation_forms = Fact::UNKNOWN;
    for (facts, multi, id, open) in [
        (no_age, Yes, RouteId::R12, vec![FactCode::Birth]),
        (facts(30, None), Yes, RouteId::R12, vec![FactCode::ResidencePhase]),
        (facts(30, Some(ResidencePhase::Dutch)), Unknown, RouteId::R5, vec![FactCode::Lvb]),
        (no_guardian, Yes, RouteId::R3, vec![FactCode::Guardian]),
        (no_forms, No, RouteId::R6, vec![FactCode::ExploitationForms]),
    ] {
        let found = advice(&facts, multi);
        assert_eq!((found.id, found.omm, found.open_facts), (id, Unknown, open));
    }
}

#[test]
fn labour_exploitation_shows_both_ways() {
    let mut labour = facts(30, Some(ResidencePhase::Dutch));
    labour.exploitation_forms = stated(vec![ExploitationForm::LabourOrServices]);
    let found = advice(&labour, No);
    assert_eq!((found.row, found.iszw, found.also), (8, Yes, vec![TargetRoute::WmoShelter]));
    labour.residence_phase = stated(ResidencePhase::B8Reflection);
    let found = advice(&labour, No);
    assert_eq!((found.row, found.cosm, found.iszw, found.omm), (6, Yes, Yes, No));
    assert_eq!(found.also, [TargetRoute::Iszw]);
}

#[test]
fn a_reflection_period_that_is_over_is_asked_again() {
    let mut over = facts(30, Some(ResidencePhase::B8Reflection));
    over.reflection_start = stated("2026-02-28".parse().unwrap());
    over.dublin_claimant = stated(crate::domain::referral::vocabulary::YesNo::No);
    let found = advice(&over, No);
    assert!(found.reflection_past);
    assert_eq!((found.row, found.cosm, found.open_facts), (6, Unknown, vec![FactCode::ResidencePhase]));
    over.reflection_start = stated("2026-03-01".parse().unwrap());
    let found = advice(&over, No);
    assert_eq!((found.reflection_past, found.cosm), (false, Yes), "the last day still counts");
}

#[test]
fn an_offered_reflection_period_is_no_longer_to_be_offered() {
    let mut offered = facts(30, Some(ResidencePhase::None));
    offered.reflection_start = stated(today());
    assert_eq!(advice(&offered, Yes).row, 10);
    offered.residence_phase = stated(ResidencePhase::Dublin);
    assert_eq!(advice(&offered, No).row, 6, "a Dublin claimant in the reflection period");
}

#[test]
fn a_recorded_judgement_settles_what_is_unknown_and_nothing_else() {
    let mut open = facts(30, Some(ResidencePhase::Asylum));
    open.route_judgement = stated(RouteJudgement::Omm);
    let found = advice(&open, Yes);
    assert_eq!((found.omm, found.cosm, found.target, found.by_judgement), (Yes, No, TargetRoute::Omm, true));
    open.residence_phase = stated(ResidencePhase::None);
    let found = advice(&open, Yes);
    assert_eq!((found.row, found.omm, found.by_judgement), (4, No, false));
}
