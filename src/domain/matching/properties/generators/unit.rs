//! Units: copies of each other more often than not, so that scores collide and the later steps of the order decide.

use std::collections::BTreeMap;

use chrono::{Days, TimeDelta};

use super::{Dice, Mood, towns};
use crate::domain::{
    catalogue::{
        attribute::{Attribute, AttributeCode},
        availability::{AnnouncedEnd, EndCertainty},
        location::{LivingForm, ProgrammeKind, UnitKind},
    },
    fact::Verdict,
    ids::{LocationCode, OrganisationCode, UnitCode, UnitId},
    matching::snapshot::{
        AgeBound, Closure, ClosureReason, Communication, Contraindication, PlaceCount, ResidentGroup, UnitState,
    },
    referral::needs::{MustHaveCare, Service},
};

/// How many aspects a unit has that can be drawn again, or made plain.
pub const ASPECTS: usize = 20;
/// The attributes that the engine reads.
pub const READ_ATTRIBUTES: [AttributeCode; 14] = [
    AttributeCode::Women,
    AttributeCode::Men,
    AttributeCode::Children,
    AttributeCode::Minors,
    AttributeCode::Couples,
    AttributeCode::Pets,
    AttributeCode::Lvb,
    AttributeCode::Ggz,
    AttributeCode::Addiction,
    AttributeCode::SecretAddress,
    AttributeCode::Secured,
    AttributeCode::StepFree,
    AttributeCode::Daytime,
    AttributeCode::NightIntake,
];

/// A unit of which nothing is documented but that it is open and empty.
pub fn plain(dice: &mut Dice, number: usize, mood: Mood) -> UnitState {
    UnitState {
        id: UnitId(dice.id()),
        code: UnitCode(format!("unit-{number}")),
        location: LocationCode(format!("location-{number}")),
        organisation: None,
        city: None,
        police_unit: None,
        programme: ProgrammeKind::Omm,
        kind: UnitKind::Unspecified,
        attributes: crate::domain::catalogue::attribute::Attributes::default(),
        age_min: None,
        age_max: None,
        living_form: None,
        children_count_as_place: None,
        onward_step: Verdict::Unknown,
        capacity: Some(PlaceCount { total: 3, assumed: false, occupied: 0, held: 0, out_of_use: 0 }),
        ends: Vec::new(),
        closed: None,
        figures_as_of: Some(mood.now),
        services: BTreeMap::new(),
        contraindications: Vec::new(),
        care: BTreeMap::new(),
        communication: None,
        group: ResidentGroup::Mixed,
        last_placement_at: None,
    }
}

/// A unit with every aspect drawn.
pub fn drawn(dice: &mut Dice, number: usize, mood: Mood) -> UnitState {
    let mut unit = plain(dice, number, mood);
    for aspect in 0..ASPECTS {
        draw(&mut unit, aspect, dice, mood);
    }
    unit
}

/// A copy of a unit with another name and at most two aspects drawn again.
pub fn sister(dice: &mut Dice, of: &UnitState, number: usize, mood: Mood) -> UnitState {
    let mut unit = UnitState {
        id: UnitId(dice.id()),
        code: UnitCode(format!("unit-{number}")),
        location: LocationCode(format!("location-{number}")),
        ..of.clone()
    };
    for _ in 0..dice.below(3) {
        let aspect = dice.below(ASPECTS);
        draw(&mut unit, aspect, dice, mood);
    }
    unit
}

/// Makes one aspect as plain as it can be.
pub fn smooth(unit: &mut UnitState, aspect: usize, mood: Mood) {
    let plain = plain(&mut Dice(0), 0, mood);
    match aspect {
        0 => unit.programme = plain.programme,
        1 => unit.kind = plain.kind,
        2 => unit.organisation = plain.organisation,
        3 => (unit.city, unit.police_unit) = (plain.city, plain.police_unit),
        4 => unit.attributes = plain.attributes,
        5 => unit.age_min = plain.age_min,
        6 => unit.age_max = plain.age_max,
        7 => unit.living_form = plain.living_form,
        8 => unit.children_count_as_place = plain.children_count_as_place,
        9 => unit.onward_step = plain.onward_step,
        10 => unit.capacity = plain.capacity,
        11 => unit.ends = plain.ends,
        12 => unit.closed = plain.closed,
        13 => unit.figures_as_of = plain.figures_as_of,
        14 => unit.services = plain.services,
        15 => unit.contraindications = plain.contraindications,
        16 => unit.care = plain.care,
        17 => unit.communication = plain.communication,
        18 => unit.group = plain.group,
        _ => unit.last_placement_at = plain.last_placement_at,
    }
}

/// Draws one aspect.
pub fn draw(unit: &mut UnitState, aspect: usize, dice: &mut Dice, mood: Mood) {
    let rough = !dice.chance(mood.benign);
    match aspect {
        0 if rough => unit.programme = dice.pick(&[ProgrammeKind::Cosm, ProgrammeKind::Iszw]),
        0 => unit.programme = ProgrammeKind::Omm,
        1 => unit.kind = dice.pick(&[UnitKind::Crisis, UnitKind::MoveOn, UnitKind::Unspecified]),
        2 => {
            let names = [Some("kadera"), Some("fier"), None];
            unit.organisation = dice.pick(&names).map(|name| OrganisationCode(name.to_owned()));
        }
        3 => place(unit, dice),
        4 => attributes(unit, dice, mood),
        5 => unit.age_min = age_bound(dice, rough, &[16, 18, 23]),
        6 => unit.age_max = age_bound(dice, rough, &[17, 23, 30]),
        7 => {
            let forms = [LivingForm::Group, LivingForm::RoomInGroup, LivingForm::TrainingHouse, LivingForm::OwnFlat];
            unit.living_form = if dice.chance(mood.unknown) { None } else { Some(dice.pick(&forms)) };
        }
        8 => unit.children_count_as_place = dice.pick(&[None, Some(true), Some(false)]),
        9 => unit.onward_step = dice.pick(&[Verdict::Yes, Verdict::No, Verdict::Unknown]),
        10 => unit.capacity = places(dice, rough),
        11 => unit.ends = ends(dice, mood),
        12 => {
            let reason = dice.pick(&[ClosureReason::IntakeStop, ClosureReason::Quarantine]);
            unit.closed = (rough && dice.chance(50)).then_some(Closure { reason, until: None });
        }
        13 if rough => {
            let hours = dice.pick(&[None, Some(0), Some(23), Some(24), Some(25), Some(168), Some(169), Some(-1)]);
            unit.figures_as_of = hours.map(|hours| mood.now - TimeDelta::hours(hours));
        }
        13 => unit.figures_as_of = Some(mood.now - TimeDelta::hours(1)),
        14 => unit.services = services(dice, mood),
        15 => unit.contraindications = if rough { dice.some_of(&Contraindication::ALL, 3) } else { Vec::new() },
        16 => unit.care = care(dice, mood),
        17 => {
            let ways = [Communication::Arranged, Communication::ByPhone, Communication::No];
            unit.communication = if dice.chance(mood.unknown) { None } else { Some(dice.pick(&ways)) };
        }
        18 if rough => {
            let group = |name: &str| ResidentGroup::Of(name.to_owned());
            unit.group = dice.pick(&[ResidentGroup::Empty, ResidentGroup::Open, group("Women"), group("families")]);
        }
        18 => unit.group = ResidentGroup::Mixed,
        _ => {
            // Two moments only, so that the lottery has to decide.
            let days = dice.pick(&[None, Some(3), Some(40)]);
            unit.last_placement_at = days.map(|days| mood.now - TimeDelta::days(days));
        }
    }
}

fn place(unit: &mut UnitState, dice: &mut Dice) {
    let (town, police_unit) = dice.pick(&towns());
    unit.city = (!dice.chance(10)).then(|| town.to_owned());
    unit.police_unit = (unit.city.is_some() && !dice.chance(20)).then(|| police_unit.to_owned());
}

fn attributes(unit: &mut UnitState, dice: &mut Dice, mood: Mood) {
    unit.attributes.0.clear();
    if dice.chance(3) {
        return;
    }
    for code in READ_ATTRIBUTES {
        let value = if dice.chance(mood.unknown) {
            Verdict::Unknown
        } else if dice.chance(mood.benign) {
            Verdict::Yes
        } else {
            Verdict::No
        };
        // Not listed and listed as unknown have to mean the same.
        if value != Verdict::Unknown || dice.chance(50) {
            unit.attributes.0.insert(code, Attribute { value, inferred: dice.chance(15) });
        }
    }
}

fn age_bound(dice: &mut Dice, rough: bool, years: &[u8]) -> Option<AgeBound> {
    rough.then(|| AgeBound { years: dice.pick(years), inferred: dice.chance(30) })
}

fn places(dice: &mut Dice, rough: bool) -> Option<PlaceCount> {
    if rough && dice.chance(25) {
        return None;
    }
    let total = dice.pick(&[1, 2, 3, 4]);
    let full = rough || dice.chance(20);
    let taken = if full { total } else { dice.below(usize::from(total)).try_into().unwrap() };
    let held = u16::from(taken > 0 && dice.chance(30));
    // Now and then the figures contradict each other.
    let out_of_use = u16::from(rough && dice.chance(20));
    Some(PlaceCount { total, assumed: dice.chance(20), occupied: taken - held, held, out_of_use })
}

fn ends(dice: &mut Dice, mood: Mood) -> Vec<AnnouncedEnd> {
    (0..dice.below(4))
        .map(|_| AnnouncedEnd {
            // Two days ago at the earliest: overdue, today, and on both sides of the horizon.
            on: mood.today - Days::new(2) + Days::new(dice.pick(&[0, 2, 3, 9, 9, 16, 29, 30, 31])),
            certainty: dice.pick(&[EndCertainty::Confirmed, EndCertainty::Expected]),
            places: dice.pick(&[1, 1, 2]),
        })
        .collect()
}

fn services(dice: &mut Dice, mood: Mood) -> BTreeMap<Service, u16> {
    [Service::StepFreeRoom, Service::IntensiveGuidance, Service::Cot, Service::NightStaff]
        .into_iter()
        .filter_map(|service| {
            let known = !dice.chance(mood.unknown);
            let left = if dice.chance(mood.benign) { 2 } else { dice.pick(&[0, 1]) };
            known.then_some((service, left))
        })
        .collect()
}

fn care(dice: &mut Dice, mood: Mood) -> BTreeMap<MustHaveCare, Verdict> {
    [MustHaveCare::Detox, MustHaveCare::SpecialistGgz, MustHaveCare::Medical24h]
        .into_iter()
        .filter_map(|care| {
            let listed = !dice.chance(mood.unknown);
            let offer = if dice.chance(mood.benign) {
                Verdict::Yes
            } else {
                dice.pick(&[Verdict::Yes, Verdict::No, Verdict::Unknown])
            };
            listed.then_some((care, offer))
        })
        .collect()
}
