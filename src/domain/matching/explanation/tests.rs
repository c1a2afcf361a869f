//! What each audience reads, and what it must never read.

use super::{
    Audience, Explanation, UnitList, explain,
    given::{codes, decimal, finding, question, step, unit, worked_example},
    render::render,
};
use crate::domain::{
    fact::Verdict,
    matching::{
        criterion::CriterionCode,
        finding::{Addressee, ChangeStep, FactCode, RuleCode, Stated},
        result::{BetterLater, ConfidenceLevel, MatchResult, NotWeighed, TieStep},
        texts::Texts,
    },
    referral::{
        facts::DangerArea,
        needs::{MustHaveCare, SecurityLevel, Service},
        vocabulary::Gender,
    },
    words::{Lang, Words},
};

fn told(audience: Audience) -> Explanation {
    explain(&Texts::v1(), &worked_example(), audience, None)
}

fn wire(explanation: &Explanation) -> String {
    serde_json::to_string(explanation).unwrap()
}

/// The change of one rule, in words.
fn change_words(change: ChangeStep) -> Words {
    let mut result = worked_example();
    result.out[0].findings[0].change = Some(step(change));
    Texts::v1().write(&mut result);
    let change = result.out[0].findings[0].change.clone().unwrap();
    Words::new(change.text_nl, change.text_en)
}

#[test]
fn outside_comensha_a_conflict_reads_not_possible_now() {
    for audience in [Audience::Person, Audience::Referrer] {
        let told = told(audience);
        let out = told.units.iter().filter(|unit| unit.list == UnitList::Out);
        let conflict = out.flat_map(|unit| &unit.why_not).find(|reason| reason.rule.is_none()).unwrap();
        assert_eq!(conflict.reason.en, "This is not possible now.");
        assert_eq!((&conflict.change, &conflict.question), (&None, &None));
        assert!(!wire(&told).to_lowercase().contains("conflict"));
    }
    let fier = "fier".into();
    let shelter = explain(&Texts::v1(), &worked_example(), Audience::Shelter, Some(&fier));
    assert!(!wire(&shelter).to_lowercase().contains("conflict"));
    assert!(wire(&told(Audience::Comensha)).contains("A conflict is known"));
}

#[test]
fn the_person_and_the_referrer_never_read_where_a_place_is() {
    let mut result = worked_example();
    let danger = finding(RuleCode::Danger, Verdict::No, codes(&["Rotterdam"]), codes(&["Rotterdam", "Rotterdam"]));
    result.out[2].findings.push(danger);
    for audience in [Audience::Person, Audience::Referrer] {
        let text = wire(&explain(&Texts::v1(), &result, audience, None));
        for place in ["Zwolle", "Amsterdam", "Almere", "Enschede", "Rotterdam", "Geeuwenbrug", "omm-", "kadera"] {
            assert!(!text.contains(place), "{place}");
        }
    }
    assert!(wire(&explain(&Texts::v1(), &result, Audience::Comensha, None)).contains("The place: Rotterdam. Not safe"));
}

#[test]
fn a_shelter_reads_about_its_own_units_only() {
    let kadera = "kadera".into();
    let told = explain(&Texts::v1(), &worked_example(), Audience::Shelter, Some(&kadera));
    let names: Vec<_> = told.units.iter().map(|unit| unit.name.nl.as_str()).collect();
    assert_eq!(names, ["OMM Zwolle", "OMM Enschede"]);
    assert!(told.units.iter().all(|unit| unit.rank.is_none() && unit.order.is_empty()));
    assert!(told.questions.is_empty() && told.route.is_empty() && told.relaxations.is_empty());

    let blijf = "blijf-groep".into();
    let asked = explain(&Texts::v1(), &worked_example(), Audience::Shelter, Some(&blijf)).questions;
    assert_eq!(asked[0].en, "To the shelter, OMM Almere (move-on): Does this place take someone in crisis now?");

    let nobody = explain(&Texts::v1(), &worked_example(), Audience::Shelter, None);
    assert!(nobody.units.is_empty() && nobody.questions.is_empty());
}

#[test]
fn the_referrer_reads_the_questions_that_are_for_the_referrer() {
    let asked = told(Audience::Referrer).questions;
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].nl, "Aan de aanmelder: Geeft de persoon toestemming, en wie tekende?");
}

#[test]
fn both_languages_carry_the_same_numbers() {
    let numbers = |text: &str| {
        let parts =
            text.split(|c: char| !c.is_ascii_digit() && c != '.' && c != ':').map(|it| it.trim_matches(['.', ':']));
        parts.filter(|it| it.chars().any(|c| c.is_ascii_digit())).map(str::to_owned).collect::<Vec<_>>()
    };
    let texts = Texts::v1();
    let (nl, en) = (render(&texts, &worked_example(), Lang::Nl), render(&texts, &worked_example(), Lang::En));
    assert_eq!(numbers(&nl), numbers(&en));
    assert!(numbers(&nl).contains(&"0.375001".to_owned()));
}

#[test]
fn every_text_of_a_result_is_filled_and_no_value_is_left_open() {
    let mut result = worked_example();
    Texts::v1().write(&mut result);
    assert_eq!(result.texts_hash, Texts::v1().hash());
    let wire = serde_json::to_string(&result).unwrap();
    assert!(!wire.contains("\"textNl\":\"\"") && !wire.contains("\"textEn\":\"\""), "{wire}");
    let english = render(&Texts::v1(), &result, Lang::En);
    assert!(!english.contains('{'), "{english}");

    let again = result.clone();
    Texts::v1().write(&mut result);
    assert_eq!(result, again, "writing twice changes nothing");
}

#[test]
fn a_stored_result_keeps_the_words_it_was_told_in() {
    let mut result = worked_example();
    Texts::v1().write(&mut result);
    result.route.text_nl = "zoals het toen heette".to_owned();
    assert_eq!(explain(&Texts::v1(), &result, Audience::Comensha, None).route[0].nl, "zoals het toen heette");
}

#[test]
fn a_toss_up_is_shown_without_numbers() {
    let mut result = worked_example();
    let confidence = result.confidence.now.as_mut().unwrap();
    (confidence.level, confidence.toss_up) = (ConfidenceLevel::TossUp, vec![unit(2), unit(1)]);
    result.now[1].rank = Some(1);
    let told = explain(&Texts::v1(), &result, Audience::Comensha, None);
    for unit in told.units.iter().filter(|unit| unit.list == UnitList::Now) {
        assert_eq!(unit.order[0].en, "Shares rank 1: as good as equal, in the order of the lottery.");
        assert!(unit.would_lead.is_empty() && unit.facts.iter().all(|fact| !fact.en.contains("Score")));
    }
    assert!(told.proposal.iter().any(|line| line.en.contains("As good as equal: OMM Amsterdam (crisis), OMM Zwolle.")));
}

#[test]
fn a_tie_is_named() {
    let mut result = worked_example();
    let against = result.now[1].against_first.as_mut().unwrap();
    (against.margin, against.tie) = (decimal("0.0000000000"), Some(TieStep::BedsLeft));
    let told = explain(&Texts::v1(), &result, Audience::Comensha, None);
    assert_eq!(told.units[1].order[0].en, "Stands after OMM Zwolle: equal on score; decided by beds left.");
}

#[test]
fn without_a_fit_the_answer_says_what_is_possible_and_nearest() {
    let mut result = worked_example();
    (result.now, result.proposed, result.confidence.now) = (vec![], None, None);
    let with_questions = explain(&Texts::v1(), &result, Audience::Comensha, None);
    assert_eq!(with_questions.proposal[0].en, "No place certainly fits now. Places where someone has to ask first: 1.");
    assert_eq!(
        with_questions.nearest[0].en,
        "OMM Rotterdam: rules in the way: 2; not known: 0. Maybe a place from 1 July 2026; that is not certain."
    );
    result.ask = vec![];
    assert_eq!(explain(&Texts::v1(), &result, Audience::Person, None).proposal[0].nl, "Er is nu geen plek die past.");
}

#[test]
fn a_later_place_that_suits_better_is_told() {
    let mut result = worked_example();
    let start = "2026-06-20".parse().unwrap();
    result.better_later = Some(BetterLater { unit: unit(4), start, difference: decimal("0.0500000000") });
    let told = explain(&Texts::v1(), &result, Audience::Comensha, None);
    let better = "Later there is a place that suits better: OMM Enschede, from 20 June 2026. Its score is 0.05 higher.";
    assert!(told.proposal.iter().any(|line| line.en == better), "{:?}", told.proposal);
}

#[test]
fn what_was_not_weighed_is_told_with_the_open_facts() {
    let mut result = worked_example();
    let criterion = CriterionCode::Continuity;
    result.not_weighed = vec![NotWeighed { criterion, weight: decimal("0.1000"), facts: vec![FactCode::TiesToKeep] }];
    let told = explain(&Texts::v1(), &result, Audience::Comensha, None);
    assert_eq!(told.not_weighed[0].en, "Not weighed, because not known: ties that stay (ties to keep).");
}

#[test]
fn every_change_is_told_with_its_own_values() {
    let day = "2026-06-14".parse().unwrap();
    for (change, nl, en) in [
        (
            ChangeStep::MoreBeds { beds: 1, by: day },
            "Er komt 1 plaats bij, uiterlijk 14 juni 2026.",
            "1 more place, by 14 June 2026.",
        ),
        (
            ChangeStep::AdmitAges { from: Some(17), up_to: None, minors: true },
            "De opvang laat toe: mensen vanaf 17 jaar en mensen jonger dan 18.",
            "The shelter admits: people from 17 years and people under 18.",
        ),
        (
            ChangeStep::WithdrawDanger { areas: vec![DangerArea::PoliceUnit("Oost-Nederland".to_owned())] },
            "De beoordelaar trekt het gevaargebied in: Oost-Nederland.",
            "The assessor withdraws the danger area: Oost-Nederland.",
        ),
        (
            ChangeStep::Confirm { facts: vec![FactCode::UnitStepFree] },
            "Vraag na: zonder trappen.",
            "Confirm: step-free.",
        ),
        (
            ChangeStep::RequireLess { level: Some(SecurityLevel::SafeNotSecret), secret_address: true },
            "De beoordelaar vraagt minder: veilig, niet geheim is genoeg en het adres hoeft niet geheim te zijn.",
            "The assessor asks for less: safe, not secret is enough and the address need not be secret.",
        ),
        (
            ChangeStep::MoreService { service: Service::Cot, quantity: 2 },
            "De opvang biedt 2 meer: babybed.",
            "The shelter offers 2 more: cot.",
        ),
        (
            ChangeStep::AdmitHousehold { children: true, partner: false },
            "De opvang laat ook toe: de kinderen.",
            "The shelter also admits: the children.",
        ),
        (ChangeStep::AdmitGender { gender: Gender::Male }, "De opvang laat toe: man.", "The shelter admits: man."),
        (
            ChangeStep::ProvideCare { care: vec![MustHaveCare::Detox] },
            "Deze zorg wordt bereikbaar: afkicken met medische hulp.",
            "This care can be reached: detox.",
        ),
    ] {
        assert_eq!(change_words(change), Words::new(nl, en));
    }
}

#[test]
fn what_nothing_here_can_change_says_so() {
    let told = told(Audience::Comensha);
    let by_route = told.units.iter().find(|unit| unit.list == UnitList::Out).unwrap();
    assert_eq!(by_route.why_not[0].change.as_ref().unwrap().en, "This cannot be changed here.");
}

#[test]
fn a_question_names_one_fact_or_lists_the_open_ones() {
    let mut result: MatchResult = worked_example();
    let many = [FactCode::Lvb, FactCode::Ggz];
    result.questions = vec![
        question(RuleCode::Omm, Addressee::Assessor, None, &many),
        question(RuleCode::Age, Addressee::Referrer, None, &[FactCode::Birth]),
    ];
    result.questions[1].opens_units = 3;
    let told = explain(&Texts::v1(), &result, Audience::Comensha, None).questions;
    assert_eq!(
        told[0].en,
        "To CoMensha's assessor: Which problems are there, and is regular shelter enough? \
         Still open: (mild) intellectual disability, psychological problems. This can make 1 place fit."
    );
    assert_eq!(told[1].nl, "Aan de aanmelder: Hoe oud is de persoon? Zo kunnen 3 plekken passend worden.");
}

#[test]
fn no_minors_is_told_where_the_ages_are_open() {
    let mut result = worked_example();
    let ages = |from, up_to| Stated::Ages { from, up_to };
    let mut too_young = finding(RuleCode::Age, Verdict::No, ages(None, None), ages(Some(17), Some(17)));
    too_young.change = Some(step(ChangeStep::AdmitAges { from: None, up_to: None, minors: true }));
    result.out[0].findings = vec![too_young];
    Texts::v1().write(&mut result);
    assert_eq!(
        result.out[0].findings[0].text_en,
        "The age does not fit. The shelter: no minors. The household or person: 17 years."
    );
}
