//! Every criterion: documented, documented otherwise, and unknown.

use super::*;
use crate::domain::catalogue::attribute::AttributeCode;
use crate::domain::{
    fact::Fact,
    matching::{
        columns::CompiledSnapshot,
        compiled_referral::CompiledReferral,
        rules::fixture::{attribute, now, snapshot, stated, unit, view},
        snapshot::UnitState,
    },
    referral::{
        facts::{DangerArea, Tie},
        needs::ThreatLevel,
    },
};

fn value(criterion: CriterionCode, view: &ReferralView, unit: &UnitState) -> Option<(i64, i64, i64)> {
    let policy = CompiledPolicy::v1();
    let units = CompiledSnapshot::compile(&policy, std::slice::from_ref(unit), now());
    let compiled = CompiledReferral::compile(&policy, view, &snapshot(vec![]), &units);
    let side = compiled.unit_side(&units, 0, Some(0)).unwrap();
    let found = compiled.person.value(&policy, criterion, side);
    compiled.person.weighs(criterion).then_some((found.low, found.middle, found.high))
}

const NEUTRAL: Option<(i64, i64, i64)> = Some((0, 500_000, 1_000_000));

#[expect(clippy::unnecessary_wraps, reason = "compared with values that may not be weighed")]
fn exact(value: i64) -> Option<(i64, i64, i64)> {
    Some((value, value, value))
}

#[test]
fn needs_are_covered_by_what_is_documented() {
    use crate::domain::referral::needs::{Addiction, Ggz, Lvb};
    let criterion = CriterionCode::NeedCoverage;
    let (mut view, mut unit) = (view(), unit());
    assert_eq!(value(criterion, &view, &unit), exact(1_000_000));
    view.circumstances.addiction = stated(Addiction::Active);
    // Severity 2 met, severity 3 not documented.
    assert_eq!(value(criterion, &view, &unit), Some((400_000, 700_000, 1_000_000)));
    attribute(&mut unit, AttributeCode::Addiction, Verdict::No);
    assert_eq!(value(criterion, &view, &unit), exact(400_000));
    view.circumstances.addiction = stated(Addiction::None);
    view.circumstances.lvb = stated(Lvb::None);
    assert_eq!(value(criterion, &view, &unit), exact(1_000_000), "no need at all");
    view.circumstances.ggz = Fact::<Ggz>::UNKNOWN;
    assert_eq!(value(criterion, &view, &unit), None, "only unknown needs");
}

#[test]
fn security_fits_the_threat_and_too_much_is_a_harm_too() {
    let criterion = CriterionCode::SecurityFit;
    let (mut view, mut unit) = (view(), unit());
    assert_eq!(value(criterion, &view, &unit), NEUTRAL);
    attribute(&mut unit, AttributeCode::Secured, Verdict::Yes);
    for (threat, want) in [
        (ThreatLevel::None, 500_000),
        (ThreatLevel::Present, 750_000),
        (ThreatLevel::Severe, 1_000_000),
        (ThreatLevel::Acute, 1_000_000),
    ] {
        view.circumstances.threat_level = stated(threat);
        assert_eq!(value(criterion, &view, &unit), exact(want), "{threat:?}");
    }
    attribute(&mut unit, AttributeCode::Secured, Verdict::No);
    attribute(&mut unit, AttributeCode::SecretAddress, Verdict::No);
    assert_eq!(value(criterion, &view, &unit), exact(400_000), "one below");
    attribute(&mut unit, AttributeCode::Secured, Verdict::Unknown);
    assert_eq!(value(criterion, &view, &unit), Some((400_000, 400_000, 1_000_000)), "it may be secured as well");
    view.circumstances.threat_level = Fact::UNKNOWN;
    assert_eq!(value(criterion, &view, &unit), None);
}

#[test]
fn danger_counts_by_its_nearest_area() {
    let criterion = CriterionCode::DangerDistance;
    let (mut view, mut unit) = (view(), unit());
    let town = |name: &str| DangerArea::Municipality(name.to_owned());
    for (areas, want) in [
        (vec![], exact(1_000_000)),
        (vec![town("Amstelveen")], exact(300_000)),
        (vec![town("Alkmaar")], exact(693_750)),
        (vec![town("Maastricht")], exact(1_000_000)),
        (vec![town("Maastricht"), town("Alkmaar")], exact(693_750)),
        (vec![town("Atlantis")], NEUTRAL),
        (vec![DangerArea::PoliceUnit("Limburg".to_owned())], exact(1_000_000)),
    ] {
        view.circumstances.danger_regions = stated(areas.clone());
        assert_eq!(value(criterion, &view, &unit), want, "{areas:?}");
    }
    (unit.city, unit.police_unit) = (None, None);
    view.circumstances.danger_regions = stated(vec![town("Alkmaar")]);
    assert_eq!(value(criterion, &view, &unit), NEUTRAL);
    view.circumstances.danger_regions = Fact::UNKNOWN;
    assert_eq!(value(criterion, &view, &unit), None);
}

#[test]
fn the_kind_of_a_unit_and_its_next_step_count() {
    let criterion = CriterionCode::KindPathway;
    let (mut view, mut unit) = (view(), unit());
    for (kind, onward, want) in [
        (UnitKind::Crisis, Verdict::Yes, exact(1_000_000)),
        (UnitKind::Crisis, Verdict::No, exact(800_000)),
        (UnitKind::Crisis, Verdict::Unknown, Some((800_000, 800_000, 1_000_000))),
        (UnitKind::MoveOn, Verdict::Yes, exact(300_000)),
        (UnitKind::Unspecified, Verdict::Yes, NEUTRAL),
    ] {
        (unit.kind, unit.onward_step) = (kind, onward);
        assert_eq!(value(criterion, &view, &unit), want, "{kind:?} {onward:?}");
    }
    view.circumstances.urgency = Fact::UNKNOWN;
    assert_eq!(value(criterion, &view, &unit), None);
}

#[test]
fn a_wish_is_met_neutral_or_against() {
    let criterion = CriterionCode::OwnPreference;
    let (mut view, mut unit) = (view(), unit());
    assert_eq!(value(criterion, &view, &unit), exact(500_000), "nothing wished");
    view.circumstances.living_form_wish = stated(LivingForm::OwnFlat);
    assert_eq!(value(criterion, &view, &unit), NEUTRAL);
    unit.living_form = Some(LivingForm::OwnFlat);
    assert_eq!(value(criterion, &view, &unit), exact(1_000_000));
    view.circumstances.pets = stated(YesNo::Yes);
    assert_eq!(value(criterion, &view, &unit), Some((0, 1_000_000, 1_000_000)));
    attribute(&mut unit, AttributeCode::Pets, Verdict::No);
    assert_eq!(value(criterion, &view, &unit), exact(0));
    let facts = &mut view.circumstances;
    (facts.living_form_wish, facts.living_form_unsuitable) = (Fact::UNKNOWN, Fact::UNKNOWN);
    (facts.daytime_wish, facts.pets) = (Fact::UNKNOWN, Fact::UNKNOWN);
    assert_eq!(value(criterion, &view, &unit), None);
}

#[test]
fn ties_are_kept_in_their_city() {
    let criterion = CriterionCode::Continuity;
    let (mut view, mut unit) = (view(), unit());
    let tie = |city: &str| Tie { city: city.to_owned() };
    for (ties, want) in [
        (vec![], exact(1_000_000)),
        (vec![tie("Amsterdam")], exact(1_000_000)),
        (vec![tie("amsterdam"), tie("Zwolle"), tie("Venlo")], exact(333_333)),
        (vec![tie("Zwolle")], exact(0)),
    ] {
        view.circumstances.ties_to_keep = stated(ties.clone());
        assert_eq!(value(criterion, &view, &unit), want);
    }
    unit.city = None;
    assert_eq!(value(criterion, &view, &unit), NEUTRAL);
    view.circumstances.ties_to_keep = Fact::UNKNOWN;
    assert_eq!(value(criterion, &view, &unit), None);
}

#[test]
fn communication_and_days_have_their_tables() {
    let (mut view, mut unit) = (view(), unit());
    assert_eq!(value(CriterionCode::Communication, &view, &unit), exact(1_000_000), "nothing to arrange");
    view.circumstances.interpreter = stated(YesNo::Yes);
    for (offer, want) in [
        (Some(Communication::Arranged), exact(1_000_000)),
        (Some(Communication::ByPhone), exact(600_000)),
        (Some(Communication::No), exact(0)),
        (None, NEUTRAL),
    ] {
        unit.communication = offer;
        assert_eq!(value(CriterionCode::Communication, &view, &unit), want, "{offer:?}");
    }
    let policy = CompiledPolicy::v1();
    for (tier, days, want) in [
        (Tier::T0, 0, 1_000_000),
        (Tier::T1, 1, 600_000),
        (Tier::T1, 3, 400_000),
        (Tier::T1, 9, 0),
        (Tier::T2, 7, 750_000),
        (Tier::T3, 28, 0),
    ] {
        view.tier = Some(tier);
        let found = PersonSide::of(&policy, &view).time_to_bed(&policy, Some(days));
        assert_eq!(found, Interval::exact(want), "{tier:?} {days}");
    }
    view.tier = None;
    assert_eq!(value(CriterionCode::TimeToBed, &view, &unit), None);
}
