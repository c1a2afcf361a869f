//! All units at one instant: what is documented about each, and its live figures.
//!
//! Invariant: only units of locations where CoMensha places enter. What nobody has documented is absent here, never a
//! guess; the engine reads an absence as unknown.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::{
    catalogue::{
        attribute::Attributes,
        availability::AnnouncedEnd,
        location::{LivingForm, Location, PlacingAuthority, ProgrammeKind, Unit, UnitKind},
    },
    fact::Verdict,
    ids::{LocationCode, OrganisationCode, ReferralId, UnitCode, UnitId},
    referral::needs::{MustHaveCare, Service},
};

/// All candidate units at one instant. Stored with every result, so that the result can be replayed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Snapshot {
    /// The instant the figures were read.
    pub at: DateTime<Utc>,
    /// The units, in any order.
    pub units: Vec<UnitState>,
    /// Where the people of conflicting referrals stay or are planned. A key with an empty list: in none of the units.
    /// No key: nobody knows. Keys the referral does not name are ignored.
    #[serde(default)]
    pub whereabouts: BTreeMap<ReferralId, Vec<UnitId>>,
}

/// One unit: its documented side and its live side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UnitState {
    /// Internal id; the lottery draws on it.
    pub id: UnitId,
    /// Public code.
    pub code: UnitCode,
    /// Public code of its location.
    pub location: LocationCode,
    /// Who runs it, where documented.
    pub organisation: Option<OrganisationCode>,
    /// The city, where documented.
    pub city: Option<String>,
    /// The police unit the city lies in, where known.
    pub police_unit: Option<String>,
    /// The programme; only OMM, COSM and ISZW are routes of CoMensha.
    pub programme: ProgrammeKind,
    /// What it is meant for.
    pub kind: UnitKind,
    /// What it offers and admits.
    #[serde(default)]
    pub attributes: Attributes,
    /// Youngest age admitted.
    pub age_min: Option<AgeBound>,
    /// Oldest age admitted.
    pub age_max: Option<AgeBound>,
    /// How people live there, where documented.
    pub living_form: Option<LivingForm>,
    /// Does a child take a place? `None`: as the policy says.
    pub children_count_as_place: Option<bool>,
    /// Is there an onward step in the same organisation? See [`with_onward_steps`].
    #[serde(default)]
    pub onward_step: Verdict,
    /// The places; `None` is not documented.
    pub capacity: Option<PlaceCount>,
    /// Announced ends of stays.
    #[serde(default)]
    pub ends: Vec<AnnouncedEnd>,
    /// Why the unit takes nobody in at the moment; `None`: it is open.
    pub closed: Option<Closure>,
    /// When the shelter last confirmed its figures; `None`: never.
    pub figures_as_of: Option<DateTime<Utc>>,
    /// How much of each service is left; a service without a number is not documented.
    #[serde(default)]
    pub services: BTreeMap<Service, u16>,
    /// Contra-indications on file; an empty list is "none documented".
    #[serde(default)]
    pub contraindications: Vec<Contraindication>,
    /// Care that can be reached from there, or documented not; what is not listed is not documented.
    #[serde(default)]
    pub care: BTreeMap<MustHaveCare, Verdict>,
    /// How communication is arranged; `None` is not documented.
    pub communication: Option<Communication>,
    /// The group of the residents.
    #[serde(default)]
    pub group: ResidentGroup,
    /// When somebody was last placed there; `None`: never.
    pub last_placement_at: Option<DateTime<Utc>>,
}

/// A bound on the age admitted, inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AgeBound {
    /// Whole years.
    pub years: u8,
    /// True if it is a conclusion, not documented: then it does not bind.
    pub inferred: bool,
}

/// The places of a unit, as counted by the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlaceCount {
    /// All single places.
    pub total: u16,
    /// True if the number of places is an assumption until the shelter reports.
    pub assumed: bool,
    /// Places with an open occupancy.
    pub occupied: u16,
    /// Places held by live proposals.
    pub held: u16,
    /// Places taken out of use.
    pub out_of_use: u16,
}

/// Why a unit takes nobody in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Closure {
    /// What closed it.
    pub reason: ClosureReason,
    /// Until when, if announced. For the reader: the unit is closed until the shelter opens it.
    pub until: Option<NaiveDate>,
}

/// What closed a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClosureReason {
    /// An intake stop.
    IntakeStop,
    /// A quarantine.
    Quarantine,
}

/// A documented contra-indication, each tied to one recorded fact about the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Contraindication {
    /// Addiction, a history included.
    AnyAddiction,
    /// Active addiction.
    ActiveAddiction,
    /// A psychiatric diagnosis or more.
    GgzDiagnosis,
    /// Acute clinical psychiatric care.
    GgzAcuteClinical,
    /// A diagnosed intellectual disability.
    LvbDiagnosed,
    /// Aggression now.
    AggressionPresent,
    /// Aggression, the past included.
    AggressionEver,
    /// Suicidality now.
    SuicidalityPresent,
    /// Daily physical care.
    DailyCare,
}

impl Contraindication {
    /// Every one, in the order of its bit.
    pub const ALL: [Self; 9] = [
        Self::AnyAddiction,
        Self::ActiveAddiction,
        Self::GgzDiagnosis,
        Self::GgzAcuteClinical,
        Self::LvbDiagnosed,
        Self::AggressionPresent,
        Self::AggressionEver,
        Self::SuicidalityPresent,
        Self::DailyCare,
    ];
}

/// How communication with a resident is arranged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Communication {
    /// Arranged in the house.
    Arranged,
    /// Only by telephone.
    ByPhone,
    /// Documented as not arranged.
    No,
}

/// The group of the residents, where a unit keeps one fixed group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResidentGroup {
    /// No fixed group is documented.
    #[default]
    Mixed,
    /// A fixed group, and nobody lives there now.
    Empty,
    /// A fixed group: this one.
    Of(String),
    /// A fixed group, but not known which.
    Open,
}

impl UnitState {
    /// The documented side of one unit of a location, with no live figures at all; `None` where CoMensha does not place.
    pub fn documented(location: &Location, unit: &Unit) -> Option<Self> {
        (location.placing_authority == PlacingAuthority::Comensha).then(|| Self {
            id: unit.id,
            code: unit.code.clone(),
            location: location.code.clone(),
            organisation: location.organisation.clone(),
            city: location.city.clone(),
            police_unit: location.police_unit.clone(),
            programme: location.programme,
            kind: unit.kind,
            attributes: location.attributes.clone(),
            age_min: location.age_min.map(|years| AgeBound { years, inferred: location.is_inferred("age_min") }),
            age_max: location.age_max.map(|years| AgeBound { years, inferred: location.is_inferred("age_max") }),
            living_form: location.living_form,
            children_count_as_place: None,
            onward_step: Verdict::Unknown,
            capacity: unit.places.map(|total| PlaceCount {
                total,
                assumed: unit.assumed,
                occupied: 0,
                held: 0,
                out_of_use: 0,
            }),
            ends: Vec::new(),
            closed: None,
            figures_as_of: None,
            services: BTreeMap::new(),
            contraindications: Vec::new(),
            care: BTreeMap::new(),
            communication: None,
            group: ResidentGroup::Mixed,
            last_placement_at: None,
        })
    }
}

/// Fills in `onward_step` of every unit from the units of the same organisation and programme.
///
/// Yes if another of them is meant for moving on; unknown if the organisation, or the kind of another, is not
/// documented; else no. It is a fact of the unit from then on: adding a unit to a stored snapshot changes no other.
pub fn with_onward_steps(mut units: Vec<UnitState>) -> Vec<UnitState> {
    let steps: Vec<Verdict> = units.iter().map(|unit| onward_step(unit, &units)).collect();
    for (unit, step) in units.iter_mut().zip(steps) {
        unit.onward_step = step;
    }
    units
}

fn onward_step(unit: &UnitState, units: &[UnitState]) -> Verdict {
    if unit.organisation.is_none() {
        return Verdict::Unknown;
    }
    units
        .iter()
        .filter(|other| other.id != unit.id && other.organisation == unit.organisation)
        .filter(|other| other.programme == unit.programme)
        .map(|other| match other.kind {
            UnitKind::MoveOn => Verdict::Yes,
            UnitKind::Unspecified => Verdict::Unknown,
            UnitKind::Crisis => Verdict::No,
        })
        .fold(Verdict::No, Verdict::or)
}
