//! Real answers over the catalogue that the service starts with: whatever the person, every reason has words.

use super::{Audience, explain, render::render};
use crate::domain::{
    catalogue::{
        location::PlacingAuthority,
        seed::{Catalogue, DEFAULT_CATALOGUE},
    },
    ids::UnitId,
    matching::{
        evaluate::evaluate,
        policy::CompiledPolicy,
        result::MatchResult,
        rules::fixture::{now, stated, view},
        snapshot::{PlaceCount, Snapshot, UnitState, with_onward_steps},
        texts::Texts,
        view::ReferralView,
    },
    referral::{
        facts::{Birth, Child, Circumstances, DangerArea, ServiceNeed},
        needs::{Ggz, Mobility, MustHaveCare, SecurityLevel, Service},
        vocabulary::{Gender, Guardian, Jurisdiction, ResidencePhase, Urgency, VictimStatus, YesNo},
    },
    words::Lang,
};

/// Every unit where CoMensha places; those with a known number of places have one free and fresh figures.
fn units() -> Vec<UnitState> {
    let mut next = 0;
    let mut id = || {
        next += 1;
        UnitId(uuid::Uuid::from_u128(next))
    };
    let seeds = Catalogue::parse(DEFAULT_CATALOGUE).unwrap().locations;
    let locations = seeds.into_iter().map(|seed| seed.into_location(|_| id()));
    let ours = locations.filter(|location| location.placing_authority == PlacingAuthority::Comensha);
    let units = ours.flat_map(|location| {
        let of = |unit| UnitState::documented(&location, unit).unwrap();
        location.units.iter().map(of).collect::<Vec<_>>()
    });
    let with_figures = units.map(|mut unit| {
        unit.capacity = unit.capacity.map(|count| PlaceCount { occupied: count.total - 1, ..count });
        unit.figures_as_of = unit.capacity.map(|_| now());
        unit
    });
    with_onward_steps(with_figures.collect())
}

fn answer(view: &ReferralView) -> MatchResult {
    let snapshot = Snapshot { at: now(), units: units(), whereabouts: std::collections::BTreeMap::new() };
    let mut result = evaluate(&CompiledPolicy::v1(), view, &snapshot, now());
    Texts::v1().write(&mut result);
    result
}

fn with(change: impl FnOnce(&mut Circumstances)) -> ReferralView {
    let mut changed = view();
    change(&mut changed.circumstances);
    changed
}

/// People who between them meet every route and nearly every rule.
fn people() -> Vec<ReferralView> {
    let child = Child { age: Some(4), gender: None, custody: None };
    vec![
        view(),
        with(|it| *it = Circumstances::default()),
        with(|it| it.jurisdiction = stated(Jurisdiction::Be)),
        with(|it| it.ggz = stated(Ggz::AcuteClinical)),
        with(|it| (it.birth, it.guardian) = (stated(Birth::Years(15)), stated(Guardian::Nidos))),
        with(|it| it.birth = stated(Birth::Years(17))),
        with(|it| it.residence_phase = stated(ResidencePhase::None)),
        with(|it| it.residence_phase = stated(ResidencePhase::B8Reflection)),
        with(|it| it.residence_phase = stated(ResidencePhase::Asylum)),
        with(|it| it.regular_shelter_insufficient = stated(YesNo::No)),
        with(|it| it.victim_status = stated(VictimStatus::NoSign)),
        with(|it| it.gender = stated(Gender::Male)),
        with(|it| it.children_along = stated(vec![child, child])),
        with(|it| it.urgency = stated(Urgency::Planned)),
        with(|it| it.required_security = stated(SecurityLevel::Secured)),
        with(|it| it.needs_secret_address = stated(YesNo::Yes)),
        with(|it| it.danger_regions = stated(vec![DangerArea::PoliceUnit("Oost-Nederland".to_owned())])),
        with(|it| it.mobility = stated(Mobility::Wheelchair)),
        with(|it| it.service_needs = stated(vec![ServiceNeed { service: Service::Cot, quantity: 2 }])),
        with(|it| it.must_have_care = stated(vec![MustHaveCare::Detox])),
    ]
}

#[test]
fn every_reason_has_words_and_no_code_or_value_is_left_in_them() {
    for (number, person) in people().iter().enumerate() {
        let result = answer(person);
        let wire = serde_json::to_string(&result).unwrap();
        assert!(!wire.contains("\"textNl\":\"\"") && !wire.contains("\"textEn\":\"\""), "person {number}: {wire}");
        for lang in Lang::ALL {
            let text = render(&Texts::v1(), &result, lang);
            assert!(!text.contains(['{', '}', '_']), "person {number}: a code or a value is left in\n{text}");
            assert!(
                text.lines().all(|line| line.chars().count() <= 100),
                "person {number}: a line is too long\n{text}"
            );
        }
    }
}

#[test]
fn what_is_proposed_and_why_the_rest_is_not_can_be_read_in_one_page() {
    let text = render(&Texts::v1(), &answer(&view()), Lang::En);
    for line in [
        "  We propose: OMM Amsterdam (crisis). Start: 1 June 2026.",
        "  This is a proposal. CoMensha decides. The person may say no.",
        "     With the place before it: equal on score; decided by a lottery that everybody can repeat.",
        "    x The route does not lead to this shelter (COSM) but to: R5, OMM.",
    ] {
        assert!(text.lines().any(|it| it == line), "{line}\n{text}");
    }
    assert!(text.contains("! Ask about intake tonight"), "{text}");
    assert!(text.lines().count() < 100, "{text}");
}

#[test]
fn each_unit_is_told_to_comensha_and_to_the_person_exactly_once() {
    for person in people() {
        let result = answer(&person);
        for audience in [Audience::Comensha, Audience::Person, Audience::Referrer] {
            let told = explain(&Texts::v1(), &result, audience, None).units;
            assert_eq!(told.len(), units().len());
            for (told, card) in told.iter().zip(result.cards()) {
                let failed = card.failed.count_ones() + card.unknown.count_ones();
                assert_eq!(told.why_not.len(), usize::try_from(failed).unwrap(), "{}: one reason per rule", card.code);
            }
        }
    }
}
