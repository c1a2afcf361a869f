//! All units of a snapshot as columns: what the hot path reads, compiled once per snapshot.
//!
//! A structure of arrays. Everything three-valued is two bits (a "trit"), and attributes that are read together share
//! one code, so that a verdict is one look-up in a table of the referral.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    bits::SERVICES,
    distances::{City, folded},
    policy::CompiledPolicy,
    rules,
    snapshot::{Communication, Contraindication, PlaceCount, ResidentGroup, UnitState},
    timing::{BedCode, FreePlaces, bed_code},
};
use crate::domain::{
    catalogue::{
        attribute::AttributeCode,
        availability::{Capacity, Outlook},
        location::{LivingForm, ProgrammeKind, UnitKind},
    },
    fact::Verdict,
    ids::UnitId,
    referral::needs::MustHaveCare,
};

/// For so many places the day they are there is laid out in advance; larger households are counted one by one.
pub const BED_COLUMNS: usize = 6;
/// No number is documented.
pub const NOT_DOCUMENTED: i32 = -1;
/// The group of a unit that keeps none, or where nobody lives.
pub const GROUP_ANY: u16 = 0;
/// The group of a unit is not known.
pub const GROUP_OPEN: u16 = 1;
/// The first number of a known group.
const GROUP_FIRST: u16 = 2;

/// Where a unit lies; many units share a site.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Site {
    /// The city.
    pub city: Option<City>,
    /// The police unit, folded.
    pub police_unit: Option<String>,
}

impl Site {
    /// Where a unit lies, as documented.
    pub fn of(unit: &UnitState) -> Self {
        Self { city: unit.city.as_deref().map(City::named), police_unit: unit.police_unit.as_deref().map(folded) }
    }
}

/// The age bounds of a unit that bind, and whether it admits people under 18.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ages {
    /// Youngest; 0 does not bind.
    pub min: u8,
    /// Oldest; 255 does not bind.
    pub max: u8,
    /// Admits people under 18 with a referral of their own.
    pub minors: Verdict,
}

/// What most units have nothing to say about, so that one look-up answers for all of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Special {
    /// Contra-indications as bits.
    pub contraindications: u16,
    /// Reachable care, two bits each.
    pub care: u8,
    /// The fixed group, or [`GROUP_ANY`] or [`GROUP_OPEN`].
    pub group: u16,
}

/// The distinct values of a column, numbered as they come.
struct Numbered<T>(BTreeMap<T, u32>);

impl<T: Ord + Clone> Numbered<T> {
    /// The number of a value; a new one is added to `values`.
    fn number(&mut self, value: &T, values: &mut Vec<T>) -> u32 {
        if let Some(number) = self.0.get(value) {
            return *number;
        }
        let number = u32::try_from(values.len()).unwrap_or(u32::MAX);
        self.0.insert(value.clone(), number);
        values.push(value.clone());
        number
    }
}

/// The units as columns, in the order of the snapshot.
#[derive(Clone, Debug, Default)]
pub struct CompiledSnapshot {
    /// The day it is.
    pub today: NaiveDate,
    /// How many days ahead a start may lie.
    pub horizon: u16,
    pub(super) ids: Vec<UnitId>,
    /// Programme, and R-OPEN two bits above.
    pub(super) status: Vec<u8>,
    pub(super) admit: Vec<u8>,
    pub(super) need: Vec<u8>,
    pub(super) setting: Vec<u8>,
    pub(super) wish: Vec<u8>,
    pub(super) talk: Vec<u8>,
    pub(super) site: Vec<u32>,
    pub(super) age: Vec<u32>,
    pub(super) special: Vec<u32>,
    pub(super) counts_children: Vec<bool>,
    pub(super) free: Vec<i32>,
    /// When 1, 2, … places are there.
    pub(super) bed_codes: [Vec<BedCode>; BED_COLUMNS],
    pub(super) ends: Vec<(u32, u32)>,
    pub(super) services: [Vec<i32>; SERVICES.len()],
    pub(super) step_free: Vec<u8>,
    pub(super) last_placement: Vec<i64>,
    pub(super) steps: Vec<(u16, u16, u16)>,
    pub(super) sites: Vec<Site>,
    pub(super) ages: Vec<Ages>,
    pub(super) specials: Vec<Special>,
    pub(super) groups: BTreeMap<String, u16>,
}

/// A verdict as two bits.
pub const fn trit(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Unknown => 0,
        Verdict::Yes => 1,
        Verdict::No => 2,
    }
}

/// The verdict at a position of a code.
pub const fn verdict_at(code: u8, shift: u8) -> Verdict {
    match code >> shift & 3 {
        1 => Verdict::Yes,
        2 => Verdict::No,
        _ => Verdict::Unknown,
    }
}

/// True if no pair of bits of a code is the fourth, unused value.
pub const fn is_code(code: u8) -> bool {
    code & (code >> 1) & 0b0101_0101 == 0
}

/// A programme as a number; 3 is every programme that is no route of CoMensha.
pub const fn programme_code(programme: ProgrammeKind) -> u8 {
    match programme {
        ProgrammeKind::Omm => 0,
        ProgrammeKind::Cosm => 1,
        ProgrammeKind::Iszw => 2,
        ProgrammeKind::Acm
        | ProgrammeKind::NationalProgramme
        | ProgrammeKind::LocalProgramme
        | ProgrammeKind::MensShelter
        | ProgrammeKind::ProtectedShelter
        | ProgrammeKind::ForeignProgramme
        | ProgrammeKind::ForeignCentre
        | ProgrammeKind::ForeignPartner => 3,
    }
}

/// The kind of a unit in a setting code, as two bits.
pub const fn kind_code(kind: UnitKind) -> u8 {
    match kind {
        UnitKind::Unspecified => 0,
        UnitKind::Crisis => 1,
        UnitKind::MoveOn => 2,
    }
}

/// The kind of a unit from a setting code.
pub const fn kind_at(code: u8) -> UnitKind {
    match code & 3 {
        1 => UnitKind::Crisis,
        2 => UnitKind::MoveOn,
        _ => UnitKind::Unspecified,
    }
}

/// A living form as three bits; 0 is not documented.
const fn living_code(form: Option<LivingForm>) -> u8 {
    match form {
        None => 0,
        Some(LivingForm::Group) => 1,
        Some(LivingForm::RoomInGroup) => 2,
        Some(LivingForm::TrainingHouse) => 3,
        Some(LivingForm::OwnFlat) => 4,
    }
}

/// The living form from a wish code.
pub const fn living_at(code: u8) -> Option<LivingForm> {
    match code & 7 {
        1 => Some(LivingForm::Group),
        2 => Some(LivingForm::RoomInGroup),
        3 => Some(LivingForm::TrainingHouse),
        4 => Some(LivingForm::OwnFlat),
        _ => None,
    }
}

/// Communication as a number; 0 is not documented.
const fn talk_code(communication: Option<Communication>) -> u8 {
    match communication {
        None => 0,
        Some(Communication::Arranged) => 1,
        Some(Communication::ByPhone) => 2,
        Some(Communication::No) => 3,
    }
}

/// How communication is arranged, from its number.
pub const fn talk_at(code: u8) -> Option<Communication> {
    match code {
        1 => Some(Communication::Arranged),
        2 => Some(Communication::ByPhone),
        3 => Some(Communication::No),
        _ => None,
    }
}

/// The places of a unit today; `None` if they are not documented or contradict each other.
pub fn capacity_of(count: Option<PlaceCount>) -> Option<Capacity> {
    let count = count?;
    Capacity::of(count.total, count.occupied, count.held, count.out_of_use).ok()
}

/// The age bounds of a unit that bind.
pub fn ages_of(unit: &UnitState) -> Ages {
    let documented = |bound: Option<super::snapshot::AgeBound>| bound.filter(|bound| !bound.inferred);
    Ages {
        min: documented(unit.age_min).map_or(0, |bound| bound.years),
        max: documented(unit.age_max).map_or(u8::MAX, |bound| bound.years),
        minors: unit.attributes.get(AttributeCode::Minors).effective(),
    }
}

impl CompiledSnapshot {
    /// Lays the units out as columns.
    pub fn compile(policy: &CompiledPolicy, units: &[UnitState], now: DateTime<Utc>) -> Self {
        let mut columns = Self { today: policy.day(now), horizon: policy.horizon_days(), ..Self::default() };
        let mut sites = Numbered(BTreeMap::new());
        let mut ages = Numbered(BTreeMap::new());
        let mut specials = Numbered(BTreeMap::new());
        for unit in units {
            columns.push_codes(unit);
            columns.push_live(policy, unit, now);
            columns.site.push(sites.number(&Site::of(unit), &mut columns.sites));
            columns.age.push(ages.number(&ages_of(unit), &mut columns.ages));
            let special = Special {
                contraindications: contraindication_bits(&unit.contraindications),
                care: care_code(&unit.care),
                group: columns.group_of(&unit.group),
            };
            columns.special.push(specials.number(&special, &mut columns.specials));
        }
        columns
    }

    /// The free places of a unit, day by day.
    pub fn free_places(&self, at: usize) -> FreePlaces<'_> {
        let (from, to) = self.ends.get(at).copied().unwrap_or((0, 0));
        FreePlaces {
            today: self.free.get(at).copied().unwrap_or(NOT_DOCUMENTED),
            steps: self.steps.get(from as usize..to as usize).unwrap_or(&[]),
        }
    }

    /// How many units there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// True if there is none.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    fn push_codes(&mut self, unit: &UnitState) {
        use AttributeCode as A;
        let attribute = |code: A| trit(unit.attributes.get(code).effective());
        self.ids.push(unit.id);
        self.admit.push(
            attribute(A::Women) | attribute(A::Men) << 2 | attribute(A::Children) << 4 | attribute(A::Couples) << 6,
        );
        self.need.push(
            attribute(A::Lvb) | attribute(A::Ggz) << 2 | attribute(A::Addiction) << 4 | attribute(A::Children) << 6,
        );
        self.setting.push(
            kind_code(unit.kind)
                | attribute(A::Secured) << 2
                | attribute(A::SecretAddress) << 4
                | trit(unit.onward_step) << 6,
        );
        self.wish.push(living_code(unit.living_form) | attribute(A::Daytime) << 3 | attribute(A::Pets) << 5);
        self.talk.push(talk_code(unit.communication));
        self.step_free.push(attribute(A::StepFree));
        for (column, service) in self.services.iter_mut().zip(SERVICES) {
            column.push(unit.services.get(&service).map_or(NOT_DOCUMENTED, |quantity| i32::from(*quantity)));
        }
    }

    fn push_live(&mut self, policy: &CompiledPolicy, unit: &UnitState, now: DateTime<Utc>) {
        let open = rules::open::verdict(policy, unit, now);
        self.status.push(programme_code(unit.programme) | trit(open) << 2);
        self.counts_children.push(unit.children_count_as_place.unwrap_or(policy.children_count_as_place()));
        let capacity = capacity_of(unit.capacity);
        self.free.push(capacity.map_or(NOT_DOCUMENTED, |capacity| i32::from(capacity.free)));
        let start = self.steps.len();
        if capacity.is_some() {
            self.steps.extend(Outlook::of(&unit.ends, self.today, self.horizon).steps());
        }
        let index = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        self.ends.push((index(start), index(self.steps.len())));
        let free = FreePlaces {
            today: self.free.last().copied().unwrap_or(NOT_DOCUMENTED),
            steps: self.steps.get(start..).unwrap_or(&[]),
        };
        for (column, beds) in self.bed_codes.iter_mut().zip(1..) {
            column.push(bed_code(free, beds, self.horizon));
        }
        // Never placed counts as longest ago.
        self.last_placement.push(unit.last_placement_at.map_or(i64::MIN, |at| at.timestamp_micros()));
    }

    fn group_of(&mut self, group: &ResidentGroup) -> u16 {
        match group {
            ResidentGroup::Mixed | ResidentGroup::Empty => GROUP_ANY,
            ResidentGroup::Open => GROUP_OPEN,
            ResidentGroup::Of(name) => {
                let next = u16::try_from(self.groups.len()).unwrap_or(u16::MAX).saturating_add(GROUP_FIRST);
                *self.groups.entry(folded(name)).or_insert(next)
            }
        }
    }
}

/// Contra-indications as bits, in the order of [`Contraindication::ALL`].
pub fn contraindication_bits(list: &[Contraindication]) -> u16 {
    Contraindication::ALL.iter().zip(0..).filter(|(one, _)| list.contains(one)).fold(0, |bits, (_, at)| bits | 1 << at)
}

/// The kinds of care, in the order of their two bits.
pub const CARE: [MustHaveCare; 3] = [MustHaveCare::Detox, MustHaveCare::SpecialistGgz, MustHaveCare::Medical24h];

fn care_code(care: &BTreeMap<MustHaveCare, Verdict>) -> u8 {
    CARE.iter()
        .zip([0_u8, 2, 4])
        .fold(0, |code, (kind, shift)| code | trit(care.get(kind).copied().unwrap_or_default()) << shift)
}
