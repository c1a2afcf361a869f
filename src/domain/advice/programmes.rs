//! The other programmes of the advice list: each as its sources describe it.

use super::{
    base_texts::{advice, asked, card, catalogue, in_belgium, in_the_way, now, settled, stated, woman},
    card::{AskWhom, RemarkCode, Standing},
    cards_file::AdviceCards,
    condition::Condition,
};
use crate::domain::{
    fact::{Fact, Source},
    matching::route::{RouteAdvice, RouteId},
    referral::{
        facts::{Birth, Child, Circumstances},
        needs::SecurityLevel,
        reasons::TargetRoute,
        vocabulary::{ExploitationForm, Gender, Guardian, Jurisdiction, ResidencePhase, Urgency, VictimStatus, YesNo},
    },
};

fn man(age: u8) -> Circumstances {
    Circumstances { gender: stated(Gender::Male), ..woman(age) }
}

#[test]
fn asja_is_for_girls_and_young_women_of_12_to_23_after_sexual_exploitation() {
    for age in [12, 23] {
        assert_eq!(card(&woman(age), RouteId::R4, "fier-asja").standing, Standing::Fits);
    }
    for age in [11, 24] {
        assert_eq!(in_the_way(&card(&woman(age), RouteId::R4, "fier-asja")), [Condition::Age]);
    }
    assert_eq!(in_the_way(&card(&man(17), RouteId::R4, "fier-asja")), [Condition::Gender]);
    let open = Circumstances { exploitation_forms: Fact::UNKNOWN, ..woman(17) };
    assert_eq!(asked(&card(&open, RouteId::R4, "fier-asja")), [Condition::SexualExploitation]);
}

#[test]
fn zahir_is_for_girls_of_12_to_23_with_honour_violence() {
    let girl = Circumstances { honour_violence: stated(YesNo::Yes), ..woman(16) };
    let zahir = card(&girl, RouteId::R4, "fier-zahir");
    assert_eq!(zahir.standing, Standing::Fits);
    assert_eq!(zahir.stay.en, "9 to 12 months");
    assert_eq!(
        zahir.referral_route.iter().map(|it| it.nl.as_str()).collect::<Vec<_>>(),
        ["de politie", "het Openbaar Ministerie", "de huisarts"]
    );
    let without = Circumstances { honour_violence: stated(YesNo::No), ..woman(16) };
    assert_eq!(in_the_way(&card(&without, RouteId::R4, "fier-zahir")), [Condition::HonourViolence]);
    assert_eq!(asked(&card(&woman(16), RouteId::R4, "fier-zahir")), [Condition::HonourViolence]);
}

#[test]
fn veilige_veste_always_asks_because_nobody_documented_how_to_refer() {
    let card = card(&man(19), RouteId::R5, "fier-veilige-veste");
    assert_eq!(asked(&card), [Condition::ReferralRouteKnown]);
    assert_eq!(card.questions[0].ask, AskWhom::Location);
}

#[test]
fn mens_shelter_is_for_men_on_the_route_of_regular_shelter() {
    assert_eq!(card(&man(30), RouteId::R7, "mens-shelter-utrecht").standing, Standing::Fits);
    assert_eq!(in_the_way(&card(&woman(30), RouteId::R7, "mens-shelter-utrecht")), [Condition::Gender]);
    assert_eq!(in_the_way(&card(&man(30), RouteId::R5, "mens-shelter-utrecht")), [Condition::RouteRegularShelter]);
    assert_eq!(asked(&card(&man(30), RouteId::R12, "mens-shelter-utrecht")), [Condition::RouteRegularShelter]);
    let choice = RouteAdvice { also: vec![TargetRoute::WmoShelter], ..settled(RouteId::R6) };
    let shown = super::advise(&AdviceCards::v1(), &man(30), &catalogue(), &choice, now());
    let utrecht = shown.cards.iter().find(|card| card.location.as_str() == "mens-shelter-utrecht").unwrap();
    assert_eq!(asked(utrecht), [Condition::RouteRegularShelter], "the coordinator chooses between the two");
    // The lower bound of 18 is a conclusion of the catalogue, so it asks and does not refuse.
    assert!(asked(&card(&man(17), RouteId::R7, "mens-shelter-utrecht")).contains(&Condition::Age));
}

#[test]
fn a_father_with_a_child_fits_in_goirle_and_is_a_question_elsewhere() {
    let child = Child { age: Some(4), gender: None, custody: None };
    let father = Circumstances { children_along: stated(vec![child]), ..man(30) };
    assert_eq!(card(&father, RouteId::R7, "mens-shelter-goirle").standing, Standing::Fits);
    assert_eq!(asked(&card(&father, RouteId::R7, "mens-shelter-zwolle")), [Condition::Children]);
}

#[test]
fn nidos_is_for_unaccompanied_minors_and_asks_where_the_title_is_open() {
    let minor = |guardian, title| Circumstances { guardian, residence_phase: title, ..woman(16) };
    let nidos = |person: &Circumstances| card(person, RouteId::R3, "nidos-bo");
    assert_eq!(nidos(&minor(stated(Guardian::Nidos), Fact::UNKNOWN)).standing, Standing::Fits);
    let dutch = minor(stated(Guardian::None), stated(ResidencePhase::Dutch));
    assert_eq!(in_the_way(&nidos(&dutch)), [Condition::UnaccompaniedForeign]);
    let open = minor(stated(Guardian::None), Fact::UNKNOWN);
    assert_eq!(asked(&nidos(&open)), [Condition::UnaccompaniedForeign]);
    assert!(in_the_way(&nidos(&woman(18))).contains(&Condition::Minor));
}

#[test]
fn acm_regular_asks_about_b8_where_there_is_no_title() {
    let without_title = Circumstances { residence_phase: stated(ResidencePhase::None), ..woman(30) };
    assert_eq!(asked(&card(&without_title, RouteId::R10, "acm-regular")), [Condition::InOrNearB8]);
    let reflecting = Circumstances { residence_phase: stated(ResidencePhase::B8Reflection), ..woman(30) };
    let card = card(&reflecting, RouteId::R8, "acm-regular");
    assert_eq!(card.standing, Standing::Fits);
    assert!(card.notes.iter().any(|note| note.en.contains("prefers cases at the Amsterdam police")));
}

#[test]
fn acm_crisis_is_for_who_needs_a_place_now() {
    assert_eq!(card(&woman(30), RouteId::R5, "acm-crisis").standing, Standing::Fits);
    let planned = Circumstances { urgency: stated(Urgency::Planned), ..woman(30) };
    assert_eq!(in_the_way(&card(&planned, RouteId::R5, "acm-crisis")), [Condition::NeededAtOnce]);
}

#[test]
fn acm_72_hours_is_for_who_is_not_known_yet_to_be_a_victim() {
    let acm = |status, route| card(&Circumstances { victim_status: status, ..woman(30) }, route, "acm-72h");
    assert_eq!(acm(Fact::UNKNOWN, RouteId::R12).standing, Standing::Fits, "suspicion open");
    assert_eq!(acm(stated(VictimStatus::Suspected), RouteId::R10).standing, Standing::Fits, "reflection not offered");
    for (status, route) in [
        (VictimStatus::Suspected, RouteId::R5),
        (VictimStatus::Established, RouteId::R10),
        (VictimStatus::NoSign, RouteId::R12),
    ] {
        assert_eq!(in_the_way(&acm(stated(status), route)), [Condition::VictimhoodOpen]);
    }
    let minor = card(&Circumstances { victim_status: Fact::UNKNOWN, ..woman(17) }, RouteId::R12, "acm-72h");
    assert_eq!(in_the_way(&minor), [Condition::Age, Condition::MinorsAdmitted]);
}

#[test]
fn the_belgian_centres_stand_on_cards_of_their_own_in_belgium_only() {
    for centre in ["payoke", "pag-asa", "surya"] {
        assert_eq!(card(&in_belgium(woman(30)), RouteId::R1, centre).standing, Standing::Fits);
        assert_eq!(in_the_way(&card(&woman(30), RouteId::R5, centre)), [Condition::InBelgium]);
    }
    assert_eq!(asked(&card(&in_belgium(woman(30)), RouteId::R1, "de-wissel")), [Condition::ReferralRouteKnown]);
}

#[test]
fn bridging_options_are_remarks_that_say_they_are_no_placement() {
    let codes = |person: &Circumstances, route| {
        advice(person, route).remarks.into_iter().map(|remark| remark.code).collect::<Vec<_>>()
    };
    let crisis = advice(&woman(30), RouteId::R10).remarks;
    for code in [RemarkCode::EmergencyBed, RemarkCode::SeventyTwoHours] {
        let remark = crisis.iter().find(|remark| remark.code == code).unwrap();
        assert!(remark.text.en.contains("not a placement"));
    }
    let planned = Circumstances { urgency: stated(Urgency::Planned), ..woman(30) };
    assert_eq!(codes(&planned, RouteId::R7), [RemarkCode::RegularShelter, RemarkCode::CareCoordination]);
    let elsewhere = Circumstances { jurisdiction: stated(Jurisdiction::Other), ..woman(30) };
    assert_eq!(codes(&elsewhere, RouteId::R1), [RemarkCode::NoForeignAdvice]);
    assert_eq!(codes(&in_belgium(woman(30)), RouteId::R1), []);
}

#[test]
fn only_a_documented_no_excludes_and_silence_is_a_question() {
    let silent = advice(&Circumstances::default(), RouteId::R12);
    for card in &silent.cards {
        let elsewhere = card.findings.iter().all(|finding| finding.condition == Condition::InBelgium);
        assert!(card.standing == Standing::Ask || elsewhere, "{}: {:?}", card.location, card.findings);
        assert!(!card.questions.is_empty());
    }
    let guarded = Circumstances { required_security: stated(SecurityLevel::Secured), ..man(30) };
    let asks = card(&guarded, RouteId::R7, "mens-shelter-utrecht");
    assert_eq!(asked(&asks), [Condition::RequiredSecurity]);
}

#[test]
fn the_forms_of_exploitation_meet_the_scope_of_the_place() {
    let forms = |forms| Circumstances { exploitation_forms: stated(forms), ..woman(30) };
    let acm = |person: &Circumstances| card(person, RouteId::R7, "acm-regular");
    assert_eq!(acm(&forms(vec![ExploitationForm::LabourOrServices])).standing, Standing::Fits);
    assert_eq!(asked(&acm(&forms(vec![ExploitationForm::ForcedBegging]))), [Condition::ExploitationInScope]);
    assert_eq!(asked(&acm(&forms(vec![]))), [Condition::ExploitationInScope]);
}

#[test]
fn the_age_is_that_of_today() {
    let born = Circumstances { birth: stated(Birth::Date("2008-06-15".parse().unwrap())), ..woman(30) };
    assert!(in_the_way(&card(&born, RouteId::R4, "safe-changes")).contains(&Condition::Age), "18 only tomorrow");
    let stated_last_year = Fact::stated(Birth::Years(27), Source::Referrer, "2025-06-01T00:00:00Z".parse().unwrap());
    let older = Circumstances { birth: stated_last_year, ..woman(30) };
    assert!(in_the_way(&card(&older, RouteId::R7, "safe-changes")).contains(&Condition::Age));
}

#[test]
fn a_location_without_a_card_in_the_file_still_gets_one() {
    let mut unheard_of = catalogue().into_iter().find(|location| location.code.as_str() == "safe-changes").unwrap();
    unheard_of.code = "new-house".into();
    let advice = super::advise(&AdviceCards::v1(), &woman(20), &[unheard_of], &settled(RouteId::R7), now());
    assert_eq!(advice.cards[0].standing, Standing::Fits);
    assert_eq!(
        advice.cards[0].how_to_refer.en,
        "Referral goes through: Lumens EMP, the person, others. CoMensha does not place here."
    );
}

#[test]
fn a_finding_names_the_ages_of_the_catalogue() {
    let too_old = card(&woman(30), RouteId::R7, "safe-changes");
    assert_eq!(too_old.findings[0].text.en, "The age does not fit: Safe Changes is for 18 to 27 years.");
    assert_eq!(too_old.findings[0].text.nl, "De leeftijd past niet: Safe Changes is er voor 18 tot en met 27 jaar.");
}
