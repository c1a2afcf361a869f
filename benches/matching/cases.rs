//! Referrals and units to measure on: as mixed as life, drawn from a number, so that every run measures the same.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, TimeDelta, Utc};
use omm::domain::{
    catalogue::{
        attribute::{Attribute, AttributeCode, Attributes},
        availability::{AnnouncedEnd, EndCertainty},
        location::{LivingForm, ProgrammeKind, UnitKind},
    },
    fact::{Fact, Source, Verdict},
    ids::{LocationCode, OrganisationCode, ReferralId, UnitCode, UnitId},
    matching::{
        snapshot::{AgeBound, Communication, Contraindication, PlaceCount, ResidentGroup, UnitState},
        view::{ConsentState, ConsentView, ReferralView},
    },
    referral::{
        consent::SignedBy,
        facts::{Birth, Child, Circumstances, DangerArea, ServiceNeed, Tie},
        needs::{
            Addiction, Ggz, LifeDomain, Lvb, Mobility, MustHaveCare, Recency, SecurityLevel, Service, ThreatLevel,
        },
        vocabulary::{Gender, Jurisdiction, ResidencePhase, Tier, Urgency, VictimStatus, YesNo},
    },
};
use uuid::Uuid;

/// A small generator: the same number, the same case (`SplitMix64`).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    fn pick<T: Copy>(&mut self, values: &[T]) -> T {
        let at = usize::try_from(self.below(u64::try_from(values.len()).unwrap_or(1))).unwrap_or(0);
        *values.get(at).unwrap_or(&values[0])
    }

    fn id(&mut self) -> Uuid {
        let (high, low) = (self.next(), self.next());
        uuid::Builder::from_random_bytes(((u128::from(high) << 64) | u128::from(low)).to_be_bytes()).into_uuid()
    }

    /// A fact that is known in most cases.
    fn fact<T>(&mut self, value: T) -> Fact<T> {
        if self.chance(10) { Fact::UNKNOWN } else { Fact::stated(value, Source::Referrer, now()) }
    }
}

const YES_NO: [YesNo; 2] = [YesNo::Yes, YesNo::No];
const FORMS: [LivingForm; 4] =
    [LivingForm::Group, LivingForm::RoomInGroup, LivingForm::TrainingHouse, LivingForm::OwnFlat];
/// The people that conflicts name.
const NAMED: [ReferralId; 2] = [ReferralId(Uuid::from_u128(1)), ReferralId(Uuid::from_u128(2))];
const TOWNS: [(&str, &str); 12] = [
    ("Amsterdam", "Amsterdam"),
    ("Alkmaar", "Noord-Holland"),
    ("Almere", "Midden-Nederland"),
    ("Rotterdam", "Rotterdam"),
    ("Zwolle", "Oost-Nederland"),
    ("Enschede", "Oost-Nederland"),
    ("Den Haag", "Den Haag"),
    ("Groningen", "Noord-Nederland"),
    ("Breda", "Zeeland-West-Brabant"),
    ("Eindhoven", "Oost-Brabant"),
    ("Maastricht", "Limburg"),
    ("Leeuwarden", "Noord-Nederland"),
];

/// The instant of every case.
pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_780_300_800, 0).unwrap_or_default()
}

/// One of the people of a conflict is at a unit that is none of these, the other nobody knows where.
pub fn whereabouts() -> BTreeMap<ReferralId, Vec<UnitId>> {
    BTreeMap::from([(NAMED[0], vec![UnitId(Uuid::nil())])])
}

/// The referral of a number.
pub fn view(number: u64) -> ReferralView {
    let mut dice = Dice(number.wrapping_mul(0x5851_F42D_4C95_7F2D));
    let mut circumstances = person(&mut dice);
    (circumstances.lvb, circumstances.ggz, circumstances.addiction) = needs_of(&mut dice);
    surroundings(&mut dice, &mut circumstances);
    ReferralView {
        id: ReferralId(dice.id()),
        received_at: now() - TimeDelta::hours(i64::try_from(dice.below(500)).unwrap_or(0)),
        tier: Some(dice.pick(&[Tier::T0, Tier::T1, Tier::T2, Tier::T3])),
        circumstances,
        consent: ConsentView {
            state: ConsentState::Given,
            signed_by: Some(SignedBy::Victim),
            source: Some(Source::Referrer),
            as_of: None,
        },
        linked: Vec::new(),
        standing_objections: Vec::new(),
    }
}

fn stated<T>(value: T) -> Fact<T> {
    Fact::stated(value, Source::Referrer, now())
}

/// Who it is.
fn person(dice: &mut Dice) -> Circumstances {
    let age = u8::try_from(18 + dice.below(40)).unwrap_or(18);
    let children = vec![Child { age: Some(4), gender: None, custody: None }; usize::from(dice.chance(25)) * 2];
    let urgency = dice.pick(&[Urgency::Crisis, Urgency::Planned]);
    Circumstances {
        urgency: dice.fact(urgency),
        jurisdiction: dice.fact(Jurisdiction::Nl),
        victim_status: stated(VictimStatus::Suspected),
        birth: stated(Birth::Years(age)),
        gender: stated(dice.pick(&[Gender::Female, Gender::Female, Gender::Male])),
        children_along: stated(children),
        residence_phase: stated(dice.pick(&[
            ResidencePhase::Dutch,
            ResidencePhase::EuLawful,
            ResidencePhase::B8Permit,
        ])),
        interpreter: stated(dice.pick(&YES_NO)),
        life_domains: dice.fact(vec![LifeDomain::Housing, LifeDomain::Money]),
        regular_shelter_insufficient: stated(YesNo::Yes),
        mobility: stated(dice.pick(&[Mobility::None, Mobility::None, Mobility::StepFree])),
        aggression: dice.fact(Recency::None),
        suicidality: dice.fact(Recency::Past),
        living_form_wish: if dice.chance(50) { stated(dice.pick(&FORMS)) } else { Fact::UNKNOWN },
        daytime_wish: stated(dice.pick(&YES_NO)),
        pets: stated(dice.pick(&YES_NO)),
        ..Circumstances::default()
    }
}

/// Dangers, needs, conflicts and ties.
fn surroundings(dice: &mut Dice, facts: &mut Circumstances) {
    let town = dice.pick(&TOWNS);
    let danger = match dice.below(4) {
        0 => vec![DangerArea::Municipality(town.0.to_owned())],
        1 => vec![DangerArea::PoliceUnit(town.1.to_owned()), DangerArea::Municipality("Utrecht".to_owned())],
        _ => Vec::new(),
    };
    let service = dice.pick(&[Service::Cot, Service::IntensiveGuidance]);
    let needs = vec![ServiceNeed { service, quantity: 1 }; usize::from(dice.chance(30))];
    let care = vec![MustHaveCare::SpecialistGgz; usize::from(dice.chance(15))];
    let conflicts = if dice.chance(10) { NAMED.to_vec() } else { Vec::new() };
    let ties = vec![Tie { city: dice.pick(&TOWNS).0.to_owned() }; usize::from(dice.chance(50))];
    let required = dice.pick(&[SecurityLevel::Open, SecurityLevel::SafeNotSecret, SecurityLevel::Secured]);
    facts.danger_regions = dice.fact(danger);
    facts.threat_level = stated(dice.pick(&[ThreatLevel::None, ThreatLevel::Present, ThreatLevel::Severe]));
    facts.required_security = if dice.chance(40) { stated(required) } else { Fact::UNKNOWN };
    facts.service_needs = dice.fact(needs);
    facts.must_have_care = dice.fact(care);
    facts.known_conflicts = dice.fact(conflicts);
    facts.ties_to_keep = dice.fact(ties);
}

fn needs_of(dice: &mut Dice) -> (Fact<Lvb>, Fact<Ggz>, Fact<Addiction>) {
    let lvb = dice.pick(&[Lvb::None, Lvb::Suspected, Lvb::Diagnosed]);
    let ggz = dice.pick(&[Ggz::None, Ggz::Complaints, Ggz::Diagnosis]);
    let addiction = dice.pick(&[Addiction::None, Addiction::History, Addiction::Active]);
    (dice.fact(lvb), dice.fact(ggz), dice.fact(addiction))
}

/// So many units: most open, a third full for now, facts known or not as in the published catalogue.
pub fn units(count: usize) -> Vec<UnitState> {
    (0..count).map(unit).collect()
}

fn unit(number: usize) -> UnitState {
    let mut dice = Dice(u64::try_from(number).unwrap_or(0) ^ 0xBED5);
    let town = dice.pick(&TOWNS);
    let total = dice.pick(&[3, 4, 8, 10]);
    let occupied = if dice.chance(33) { total } else { u16::try_from(dice.below(u64::from(total))).unwrap_or(0) };
    let end = AnnouncedEnd {
        on: now().date_naive() + Days::new(1 + dice.below(27)),
        certainty: dice.pick(&[EndCertainty::Confirmed, EndCertainty::Expected]),
        places: 1,
    };
    let contraindications = if dice.chance(10) {
        vec![dice.pick(&[Contraindication::ActiveAddiction, Contraindication::AggressionPresent])]
    } else {
        Vec::new()
    };
    UnitState {
        id: UnitId(dice.id()),
        code: UnitCode(format!("unit-{number}")),
        location: LocationCode(format!("location-{}", number / 2)),
        organisation: Some(OrganisationCode(format!("organisation-{}", dice.below(20)))),
        city: Some(town.0.to_owned()),
        police_unit: Some(town.1.to_owned()),
        programme: if dice.chance(80) { ProgrammeKind::Omm } else { ProgrammeKind::Cosm },
        kind: dice.pick(&[UnitKind::Crisis, UnitKind::MoveOn, UnitKind::Unspecified]),
        attributes: attributes(&mut dice),
        age_min: dice.chance(40).then_some(AgeBound { years: 18, inferred: false }),
        age_max: dice.chance(5).then_some(AgeBound { years: 27, inferred: false }),
        living_form: dice.chance(60).then(|| dice.pick(&FORMS)),
        children_count_as_place: None,
        onward_step: dice.pick(&[Verdict::Yes, Verdict::No, Verdict::Unknown]),
        capacity: (!dice.chance(5)).then_some(PlaceCount { total, assumed: false, occupied, held: 0, out_of_use: 0 }),
        ends: if dice.chance(60) { vec![end] } else { Vec::new() },
        closed: None,
        figures_as_of: Some(now() - TimeDelta::hours(if dice.chance(90) { 3 } else { 200 })),
        services: BTreeMap::from([(Service::Cot, 1), (Service::IntensiveGuidance, u16::from(dice.chance(70)))]),
        contraindications,
        care: BTreeMap::from([(MustHaveCare::SpecialistGgz, dice.pick(&[Verdict::Yes, Verdict::Unknown]))]),
        communication: dice.chance(70).then(|| dice.pick(&[Communication::Arranged, Communication::ByPhone])),
        group: ResidentGroup::Mixed,
        last_placement_at: dice.chance(80).then(|| now() - TimeDelta::days(i64::try_from(dice.below(60)).unwrap_or(0))),
    }
}

fn attributes(dice: &mut Dice) -> Attributes {
    let codes = AttributeCode::ALL.into_iter();
    Attributes(
        codes
            .map(|code| {
                let value = match dice.below(10) {
                    0..=5 => Verdict::Yes,
                    6 => Verdict::No,
                    _ => Verdict::Unknown,
                };
                (code, Attribute { value, inferred: dice.chance(10) })
            })
            .collect(),
    )
}
