//! Organisations, locations and units as the catalogue documents them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::attribute::Attributes;
use crate::domain::ids::{LocationCode, OrganisationCode, UnitCode, UnitId};

/// Who decides on a place at a location; what CoMensha may do with it follows from this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlacingAuthority {
    /// CoMensha places: a candidate, within its own route.
    Comensha,
    /// Referrers go there directly: advice only.
    Direct,
    /// Nidos decides: advice only.
    Nidos,
    /// In another country, under other law: advice only.
    External,
}

/// The programme a location belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProgrammeKind {
    /// Shelter for victims with multiple problems.
    Omm,
    /// Categorical shelter during the reflection period.
    Cosm,
    /// Beds for victims of labour exploitation.
    Iszw,
    /// Amsterdam coordination point for trafficking victims.
    Acm,
    /// A national programme with direct referral.
    NationalProgramme,
    /// A local programme with direct referral.
    LocalProgramme,
    /// Men's shelter.
    MensShelter,
    /// Protected shelter for unaccompanied minors.
    ProtectedShelter,
    /// A programme in another country.
    ForeignProgramme,
    /// A recognised centre in another country.
    ForeignCentre,
    /// A partner of a programme in another country.
    ForeignPartner,
}

/// What a unit is meant for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    /// Taking people in at once.
    Crisis,
    /// Moving on to independent life.
    MoveOn,
    /// Nobody has documented it.
    Unspecified,
}

/// How people live at a location, or wish to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LivingForm {
    /// In a group.
    Group,
    /// In a room of one's own inside a group.
    RoomInGroup,
    /// In a training house.
    TrainingHouse,
    /// In a flat of one's own.
    OwnFlat,
}

/// An organisation of the field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Organisation {
    /// Public code.
    pub code: OrganisationCode,
    /// Name as the organisation uses it.
    pub name: String,
    /// Two-letter country code.
    pub country: String,
}

/// How long a stay is meant to last; an open bound is not documented.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StayNorm {
    /// At least so many units of time.
    pub min: Option<u16>,
    /// At most so many units of time.
    pub max: Option<u16>,
    /// `hour`, `day`, `month`.
    pub unit: StayUnit,
}

/// The unit of time of a stay norm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StayUnit {
    /// Hours.
    Hour,
    /// Days.
    Day,
    /// Calendar months.
    Month,
}

/// A group of places with one intake policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Unit {
    /// Internal id, given once at the first import; the lottery draws on it.
    pub id: UnitId,
    /// Public code.
    pub code: UnitCode,
    /// What it is meant for.
    pub kind: UnitKind,
    /// Number of places; `None` is not documented.
    pub places: Option<u16>,
    /// True if the number of places is an assumption until the shelter reports.
    pub assumed: bool,
}

/// A location: one intake policy and one set of attributes, at most one city. Never a street address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Location {
    /// Public code.
    pub code: LocationCode,
    /// Dutch name.
    pub name_nl: String,
    /// English name.
    pub name_en: String,
    /// The organisation that runs it, where that is documented.
    pub organisation: Option<OrganisationCode>,
    /// The city, where documented.
    pub city: Option<String>,
    /// The police unit the city lies in, where known.
    pub police_unit: Option<String>,
    /// Two-letter country code.
    pub country: String,
    /// The programme.
    pub programme: ProgrammeKind,
    /// Who decides on a place.
    pub placing_authority: PlacingAuthority,
    /// Its units.
    pub units: Vec<Unit>,
    /// How people live there, where documented.
    pub living_form: Option<LivingForm>,
    /// What it offers and admits.
    pub attributes: Attributes,
    /// Youngest age admitted, inclusive; `None` is not documented.
    pub age_min: Option<u8>,
    /// Oldest age admitted, inclusive; `None` is not documented.
    pub age_max: Option<u8>,
    /// Through whom a referral goes.
    pub referral_route: Vec<String>,
    /// Norm for the length of a stay, where documented.
    pub stay_norm: Option<StayNorm>,
    /// Fields other than attributes that are conclusions, not documented.
    pub inferred: Vec<String>,
    /// Labels of the sources.
    pub sources: Vec<String>,
    /// A remark for the reader.
    pub remark: Option<String>,
}

impl Location {
    /// True if `field` (a name of the catalogue file, such as `age_min`) is a conclusion.
    pub fn is_inferred(&self, field: &str) -> bool {
        self.inferred.iter().any(|name| name == field)
    }
}
