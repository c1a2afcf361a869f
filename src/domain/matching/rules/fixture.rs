//! For tests: a referral that fits, a unit where it fits, and the verdict that the hot path gives.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::domain::{
    catalogue::{
        attribute::{Attribute, AttributeCode, Attributes},
        location::{ProgrammeKind, UnitKind},
    },
    fact::{Fact, Source, Verdict},
    ids::{ReferralId, UnitId},
    matching::{
        bits::{Masks, RuleBit},
        columns::CompiledSnapshot,
        compiled_referral::CompiledReferral,
        finding::RuleCode,
        policy::CompiledPolicy,
        screen::{Workspace, screen},
        snapshot::{PlaceCount, ResidentGroup, Snapshot, UnitState},
        view::{ConsentState, ConsentView, ReferralView},
    },
    referral::{
        consent::SignedBy,
        facts::{Birth, Circumstances},
        needs::{Addiction, Ggz, Lvb, Mobility, Recency, ThreatLevel},
        vocabulary::{Gender, Guardian, Jurisdiction, ResidencePhase, Tier, Urgency, VictimStatus, YesNo},
    },
};

/// The instant of the tests.
///
/// # Panics
/// Never: the text is a moment.
pub fn now() -> DateTime<Utc> {
    "2026-06-01T10:00:00Z".parse().unwrap()
}

/// The day of the tests.
pub fn today() -> NaiveDate {
    now().date_naive()
}

/// A fact the referrer stated.
pub fn stated<T>(value: T) -> Fact<T> {
    Fact::stated(value, Source::Referrer, now())
}

/// Sets a documented attribute.
pub fn attribute(unit: &mut UnitState, code: AttributeCode, value: Verdict) {
    unit.attributes.0.insert(code, Attribute { value, inferred: false });
}

/// A Dutch woman of 30 with a diagnosed intellectual disability, alone, in no danger: route OMM.
pub fn view() -> ReferralView {
    ReferralView {
        id: ReferralId(Uuid::from_u128(0xA)),
        received_at: now(),
        tier: Some(Tier::T1),
        circumstances: Circumstances {
            urgency: stated(Urgency::Crisis),
            jurisdiction: stated(Jurisdiction::Nl),
            victim_status: stated(VictimStatus::Suspected),
            birth: stated(Birth::Years(30)),
            guardian: stated(Guardian::None),
            gender: stated(Gender::Female),
            children_along: stated(vec![]),
            residence_phase: stated(ResidencePhase::Dutch),
            exploitation_forms: stated(vec![]),
            interpreter: stated(YesNo::No),
            danger_regions: stated(vec![]),
            threat_level: stated(ThreatLevel::Present),
            lvb: stated(Lvb::Diagnosed),
            ggz: stated(Ggz::None),
            addiction: stated(Addiction::None),
            life_domains: stated(vec![]),
            regular_shelter_insufficient: stated(YesNo::Yes),
            mobility: stated(Mobility::None),
            aggression: stated(Recency::None),
            suicidality: stated(Recency::None),
            pregnant: stated(YesNo::No),
            ties_to_keep: stated(vec![]),
            living_form_unsuitable: stated(vec![]),
            daytime_wish: stated(YesNo::No),
            pets: stated(YesNo::No),
            ..Circumstances::default()
        },
        consent: ConsentView {
            state: ConsentState::Given,
            signed_by: Some(SignedBy::Victim),
            source: Some(Source::Referrer),
            as_of: Some(now()),
        },
        linked: vec![],
        standing_objections: vec![],
    }
}

/// An OMM crisis unit in Amsterdam with four places, one free, where [`view`] fits.
pub fn unit() -> UnitState {
    let mut unit = UnitState {
        id: UnitId(Uuid::from_u128(0x100)),
        code: "omm-test-crisis".into(),
        location: "omm-test".into(),
        organisation: Some("test".into()),
        city: Some("Amsterdam".to_owned()),
        police_unit: Some("Amsterdam".to_owned()),
        programme: ProgrammeKind::Omm,
        kind: UnitKind::Crisis,
        attributes: Attributes::default(),
        age_min: None,
        age_max: None,
        living_form: None,
        children_count_as_place: None,
        onward_step: Verdict::Yes,
        capacity: Some(PlaceCount { total: 4, assumed: false, occupied: 3, held: 0, out_of_use: 0 }),
        ends: vec![],
        closed: None,
        figures_as_of: Some(now()),
        services: BTreeMap::new(),
        contraindications: vec![],
        care: BTreeMap::new(),
        communication: None,
        group: ResidentGroup::Mixed,
        last_placement_at: None,
    };
    for code in [AttributeCode::Women, AttributeCode::Lvb] {
        attribute(&mut unit, code, Verdict::Yes);
    }
    attribute(&mut unit, AttributeCode::Minors, Verdict::No);
    unit
}

/// A snapshot of these units.
pub fn snapshot(units: Vec<UnitState>) -> Snapshot {
    Snapshot { at: now(), units, whereabouts: BTreeMap::new() }
}

/// The masks of every unit of a snapshot, in its order: the verdicts alone.
pub fn masks_of(policy: &CompiledPolicy, view: &ReferralView, snapshot: &Snapshot, now: DateTime<Utc>) -> Vec<Masks> {
    let units = CompiledSnapshot::compile(policy, &snapshot.units, now);
    let compiled = CompiledReferral::compile(policy, view, snapshot, &units);
    let mut work = Workspace::default();
    screen(policy, view.id, &units, &compiled, &mut work);
    (0..units.len()).map(|at| work.masks(at)).collect()
}

/// The verdict of one rule, as the hot path finds it.
pub fn verdict(rule: RuleCode, view: &ReferralView, unit: &UnitState) -> Verdict {
    let snapshot = snapshot(vec![unit.clone()]);
    masks_of(&CompiledPolicy::v1(), view, &snapshot, now())[0].verdict(RuleBit::of(rule))
}
