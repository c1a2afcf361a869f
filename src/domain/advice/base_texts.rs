//! Each of the base texts that the service starts from, as it must work in the advice list, and the invariants of it.

use chrono::{DateTime, Utc};

use super::{
    advise,
    card::{Advice, AdviceCard, RemarkCode, Standing},
    cards_file::AdviceCards,
    condition::Condition,
};
use crate::domain::{
    catalogue::{
        location::{LivingForm, Location, PlacingAuthority},
        seed::{Catalogue, DEFAULT_CATALOGUE},
    },
    fact::{Fact, Source, Verdict},
    ids::UnitId,
    matching::route::{RouteAdvice, RouteId},
    referral::{
        facts::{Birth, Circumstances},
        needs::ThreatLevel,
        reasons::TargetRoute,
        vocabulary::{ExploitationForm, Gender, Guardian, Jurisdiction, ResidencePhase, Urgency, VictimStatus},
    },
};

pub(super) fn now() -> DateTime<Utc> {
    "2026-06-14T01:00:00Z".parse().unwrap()
}

pub(super) fn stated<T>(value: T) -> Fact<T> {
    Fact::stated(value, Source::Referrer, now())
}

/// Every location of the catalogue that the service starts with.
pub(super) fn catalogue() -> Vec<Location> {
    let seeds = Catalogue::parse(DEFAULT_CATALOGUE).unwrap().locations;
    seeds.into_iter().map(|seed| seed.into_location(|_| UnitId(uuid::Uuid::nil()))).collect()
}

/// A girl or woman of this age after sexual exploitation, alone and without children.
pub(super) fn woman(age: u8) -> Circumstances {
    Circumstances {
        jurisdiction: stated(Jurisdiction::Nl),
        urgency: stated(Urgency::Crisis),
        victim_status: stated(VictimStatus::Suspected),
        birth: stated(Birth::Years(age)),
        gender: stated(Gender::Female),
        children_along: stated(vec![]),
        exploitation_forms: stated(vec![ExploitationForm::Sexual]),
        residence_phase: stated(ResidencePhase::Dutch),
        threat_level: stated(ThreatLevel::Present),
        ..Circumstances::default()
    }
}

pub(super) fn in_belgium(person: Circumstances) -> Circumstances {
    Circumstances { jurisdiction: stated(Jurisdiction::Be), ..person }
}

pub(super) fn advice(person: &Circumstances, route: RouteId) -> Advice {
    advise(&AdviceCards::v1(), person, &catalogue(), &settled(route), now())
}

pub(super) fn card(person: &Circumstances, route: RouteId, location: &str) -> AdviceCard {
    let found = advice(person, route).cards.into_iter().find(|card| card.location.as_str() == location);
    found.unwrap_or_else(|| panic!("no card for {location}"))
}

/// The route of one row, as the table settles it.
pub(super) fn settled(id: RouteId) -> RouteAdvice {
    let (target, omm) = match id {
        RouteId::R1 => (TargetRoute::ForeignProgramme, Verdict::No),
        RouteId::R3 => (TargetRoute::Nidos, Verdict::No),
        RouteId::R4 => (TargetRoute::YouthCare, Verdict::No),
        RouteId::R5 => (TargetRoute::Omm, Verdict::Yes),
        RouteId::R6 => (TargetRoute::Iszw, Verdict::No),
        RouteId::R7 => (TargetRoute::WmoShelter, Verdict::No),
        RouteId::R8 => (TargetRoute::Cosm, Verdict::No),
        RouteId::R10 => (TargetRoute::ReflectionPeriodFirst, Verdict::No),
        RouteId::Acute => (TargetRoute::GgzCrisisFirst, Verdict::Unknown),
        RouteId::R9 | RouteId::R11 | RouteId::R12 => (TargetRoute::Undetermined, Verdict::Unknown),
    };
    RouteAdvice {
        row: 0,
        id,
        target,
        also: vec![],
        omm,
        cosm: Verdict::No,
        iszw: Verdict::No,
        by_judgement: false,
        open_facts: vec![],
        reflection_end: None,
        reflection_past: false,
        text_nl: String::new(),
        text_en: String::new(),
    }
}

pub(super) fn in_the_way(card: &AdviceCard) -> Vec<Condition> {
    assert_eq!(card.standing, Standing::NotForThisPerson);
    card.findings.iter().map(|finding| finding.condition).collect()
}

pub(super) fn asked(card: &AdviceCard) -> Vec<Condition> {
    assert_eq!(card.standing, Standing::Ask);
    card.questions.iter().map(|question| question.condition).collect()
}

#[test]
fn d0_pimenta_is_advice_in_belgium_from_16_to_25_after_sexual_exploitation() {
    for age in [16, 25] {
        assert_eq!(card(&in_belgium(woman(age)), RouteId::R1, "pimenta").standing, Standing::Fits);
    }
    for age in [15, 26] {
        let refused = card(&in_belgium(woman(age)), RouteId::R1, "pimenta");
        assert_eq!(in_the_way(&refused), [Condition::Age]);
    }
    let boy = Circumstances { gender: stated(Gender::Male), ..in_belgium(woman(17)) };
    assert_eq!(card(&boy, RouteId::R1, "pimenta").standing, Standing::Fits, "boys or girls");
    let labour =
        Circumstances { exploitation_forms: stated(vec![ExploitationForm::LabourOrServices]), ..in_belgium(woman(17)) };
    assert_eq!(in_the_way(&card(&labour, RouteId::R1, "pimenta")), [Condition::SexualExploitation]);
}

#[test]
fn d0_pimenta_is_no_advice_in_the_netherlands_and_a_question_where_the_country_is_not_recorded() {
    let dutch = card(&woman(20), RouteId::R5, "pimenta");
    assert_eq!((in_the_way(&dutch), dutch.questions.len()), (vec![Condition::InBelgium], 0));

    let silent = card(&Circumstances { jurisdiction: Fact::UNKNOWN, ..woman(20) }, RouteId::R5, "pimenta");
    assert_eq!(in_the_way(&silent), [Condition::InBelgium]);
    assert_eq!(silent.questions[0].condition, Condition::InBelgium);
}

#[test]
fn d0_pimenta_is_strongest_where_group_living_does_not_suit_and_leads_the_list_then() {
    assert_eq!(card(&in_belgium(woman(17)), RouteId::R1, "pimenta").strongest, None);
    let no_group = Circumstances { living_form_unsuitable: stated(vec![LivingForm::Group]), ..in_belgium(woman(17)) };
    let first = advice(&no_group, RouteId::R1).cards.swap_remove(0);
    assert_eq!(first.location.as_str(), "pimenta");
    assert!(first.strongest.is_some());
}

#[test]
fn d0_the_pimenta_card_shows_work_areas_and_partners_and_sends_nothing_across_the_border() {
    let card = card(&in_belgium(woman(17)), RouteId::R1, "pimenta");
    let english = |words: &[crate::domain::words::Words]| words.iter().map(|it| it.en.clone()).collect::<Vec<_>>();
    assert_eq!(english(&card.fixed_work_areas), ["home", "money", "network"]);
    assert_eq!(english(&card.chosen_work_areas), ["safety", "self-development", "daytime activity"]);
    assert!(card.partners.contains(&"Payoke".to_owned()) && card.partners.len() == 8);
    assert!(card.how_to_refer.en.contains("Send no data about the person across the border"));
    assert_eq!(card.placing_authority, PlacingAuthority::External);
}

#[test]
fn d1_safe_changes_is_advice_for_women_of_18_to_27_after_sexual_exploitation() {
    for age in [18, 27] {
        assert_eq!(card(&woman(age), RouteId::R7, "safe-changes").standing, Standing::Fits);
    }
    for age in [17, 28] {
        assert!(in_the_way(&card(&woman(age), RouteId::R7, "safe-changes")).contains(&Condition::Age));
    }
    let man = Circumstances { gender: stated(Gender::Male), ..woman(20) };
    assert_eq!(in_the_way(&card(&man, RouteId::R7, "safe-changes")), [Condition::Gender]);
    let other = Circumstances { gender: stated(Gender::Other), ..woman(20) };
    assert_eq!(asked(&card(&other, RouteId::R7, "safe-changes")), [Condition::Gender], "never a no");
}

#[test]
fn d1_safe_changes_never_shows_at_a_severe_or_acute_threat_without_a_warning() {
    for threat in [ThreatLevel::None, ThreatLevel::Present] {
        let person = Circumstances { threat_level: stated(threat), ..woman(20) };
        assert_eq!(card(&person, RouteId::R7, "safe-changes").warning, None);
    }
    for threat in [ThreatLevel::Severe, ThreatLevel::Acute] {
        let refused = card(&Circumstances { threat_level: stated(threat), ..woman(20) }, RouteId::R7, "safe-changes");
        assert_eq!(in_the_way(&refused), [Condition::ThreatBelowSevere]);
        assert!(refused.warning.is_some());
    }
    let not_assessed = Circumstances { threat_level: Fact::UNKNOWN, ..woman(20) };
    assert_eq!(asked(&card(&not_assessed, RouteId::R7, "safe-changes")), [Condition::ThreatBelowSevere]);
}

#[test]
fn d1_the_safe_changes_card_names_lumens_emp_and_the_step_after_the_omm() {
    let card = card(&woman(20), RouteId::R5, "safe-changes");
    assert!(card.how_to_refer.nl.contains("Lumens EMP") && card.how_to_refer.en.contains("Lumens EMP"));
    assert!(card.notes.iter().any(|note| note.en.contains("after a stay in the OMM")));
}

#[test]
fn d2_the_six_omm_locations_are_never_advice_and_fier_scaling_stands_beside_the_list() {
    let advice = advice(&woman(30), RouteId::R5);
    assert!(advice.cards.iter().all(|card| !card.location.as_str().starts_with("omm-")));
    let scaling = advice.remarks.iter().find(|remark| remark.code == RemarkCode::FierScaling).unwrap();
    assert!(scaling.text.en.contains("new placement") && scaling.text.en.contains("CoMensha decides"));
}

#[test]
fn d2_police_and_prosecutor_refer_directly_only_to_asja_and_zahir_at_fier() {
    let advice = advice(&woman(20), RouteId::R5);
    let direct =
        advice.cards.iter().filter(|card| card.referral_route.iter().any(|it| it.en == "the public prosecutor"));
    let mut direct: Vec<_> = direct.map(|card| card.location.as_str()).collect();
    direct.sort_unstable();
    assert_eq!(direct, ["fier-asja", "fier-zahir"]);
}

#[test]
fn d3_minor_ndako_is_advice_in_belgium_for_a_girl_alone_after_sexual_exploitation() {
    let girl = Circumstances { guardian: stated(Guardian::None), ..in_belgium(woman(15)) };
    assert_eq!(card(&girl, RouteId::R1, "minor-ndako").standing, Standing::Fits);

    let boy = Circumstances { gender: stated(Gender::Male), ..girl.clone() };
    assert_eq!(in_the_way(&card(&boy, RouteId::R1, "minor-ndako")), [Condition::Gender]);
    let with_parent = Circumstances { guardian: stated(Guardian::Parent), ..girl.clone() };
    assert_eq!(in_the_way(&card(&with_parent, RouteId::R1, "minor-ndako")), [Condition::Unaccompanied]);
    let adult = Circumstances { birth: stated(Birth::Years(18)), ..girl.clone() };
    assert_eq!(in_the_way(&card(&adult, RouteId::R1, "minor-ndako")), [Condition::Minor]);
    let age_open = Circumstances { birth: Fact::UNKNOWN, ..girl };
    assert!(asked(&card(&age_open, RouteId::R1, "minor-ndako")).contains(&Condition::Minor));
}

#[test]
fn d3_in_the_netherlands_the_same_girl_goes_to_nidos() {
    let girl =
        Circumstances { guardian: stated(Guardian::None), residence_phase: stated(ResidencePhase::None), ..woman(15) };
    assert_eq!(in_the_way(&card(&girl, RouteId::R3, "minor-ndako")), [Condition::InBelgium]);
    assert_eq!(card(&girl, RouteId::R3, "nidos-bo").standing, Standing::Fits);
}

#[test]
fn d3_the_minor_ndako_card_tells_of_the_alert_and_the_danger_assessment_and_asks_no_testimony() {
    let girl = Circumstances { guardian: stated(Guardian::None), ..in_belgium(woman(15)) };
    let card = card(&girl, RouteId::R1, "minor-ndako");
    let notes = card.notes.iter().map(|note| note.en.as_str()).collect::<Vec<_>>().join(" ");
    assert!(notes.contains("disappears, there is an alert"));
    assert!(notes.contains("assessment of the danger, agreed with the prosecutor"));
    let all = serde_json::to_string(&card).unwrap().to_lowercase();
    for word in ["testi", "declaration", "aangifte", "getuig", "verkla"] {
        assert!(!all.contains(word), "{word}");
    }
}

#[test]
fn d4_care_coordination_is_a_remark_with_its_regions_and_never_a_place() {
    let advice = advice(&woman(30), RouteId::R5);
    let remark = advice.remarks.iter().find(|remark| remark.code == RemarkCode::CareCoordination).unwrap();
    assert!(remark.text.nl.contains("Flevoland: Blijf Groep") && remark.text.en.contains("Flevoland: Blijf Groep"));
    assert!(remark.text.en.contains("not a shelter"));
    assert!(advice.cards.iter().all(|card| !card.location.as_str().starts_with("cc-")));
}

#[test]
fn advice_is_never_a_candidate_and_every_other_location_has_exactly_one_card() {
    let advice = advice(&woman(20), RouteId::R5);
    let mut shown: Vec<_> = advice.cards.iter().map(|card| card.location.clone()).collect();
    shown.sort();
    let mut wanted: Vec<_> = catalogue()
        .into_iter()
        .filter(|location| location.placing_authority != PlacingAuthority::Comensha)
        .map(|location| location.code)
        .collect();
    wanted.sort();
    assert_eq!(shown, wanted);
    assert!(advice.cards.iter().all(|card| card.placing_authority != PlacingAuthority::Comensha));
}

#[test]
fn a_card_says_nothing_about_free_places_and_does_not_change_with_them() {
    let texts = AdviceCards::v1();
    let person = woman(20);
    let before = advise(&texts, &person, &catalogue(), &settled(RouteId::R5), now());
    let mut crowded = catalogue();
    crowded.iter_mut().flat_map(|location| &mut location.units).for_each(|unit| unit.places = Some(99));
    assert_eq!(advise(&texts, &person, &crowded, &settled(RouteId::R5), now()), before);
    let wire = serde_json::to_string(&before).unwrap().to_lowercase();
    for word in ["\"score", "\"rank", "\"free", "\"places", "vrije plek", "free place", "free bed"] {
        assert!(!wire.contains(word), "{word}");
    }
}
