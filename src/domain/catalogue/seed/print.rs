//! Prints a catalogue as the file it can be read from: one entry a line, so that a fault names one entry and a
//! comparison of two files shows one.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::file::CATALOGUE_VERSION;
use super::{Catalogue, LocationSeed, UnitSeed};
use crate::domain::catalogue::attribute::{AttributeCode, Attributes};
use crate::domain::catalogue::care_region::CareRegion;
use crate::domain::catalogue::location::{
    LivingForm, Organisation, PlacingAuthority, ProgrammeKind, StayNorm, UnitKind,
};
use crate::domain::fact::Verdict;
use crate::domain::ids::OrganisationCode;

/// See `Catalogue::print`.
pub(super) fn print(catalogue: &Catalogue) -> Result<String, serde_json::Error> {
    let words = |words: &[&str]| serde_json::to_string(words);
    Ok(format!(
        "{{\"catalogue_version\":{CATALOGUE_VERSION},\"attribute_values\":{},\"unit_kinds\":{},\"placing_authorities\":{},\n\
         \"organisations\":[\n{}\n],\n\"locations\":[\n{}\n],\n\"care_coordination\":[\n{}\n]}}\n",
        words(&["yes", "no", "unknown"])?,
        words(&["crisis", "move_on", "unspecified"])?,
        words(&["comensha", "direct", "nidos", "external"])?,
        lines(catalogue.organisations.iter().map(OrganisationLine::of))?,
        lines(catalogue.locations.iter().map(LocationLine::of))?,
        lines(catalogue.care_regions.iter().map(CareRegionLine::of))?,
    ))
}

fn lines(entries: impl Iterator<Item = impl Serialize>) -> Result<String, serde_json::Error> {
    Ok(entries.map(|entry| serde_json::to_string(&entry)).collect::<Result<Vec<_>, _>>()?.join(",\n"))
}

#[derive(serde::Serialize)]
struct OrganisationLine<'c> {
    id: &'c str,
    name: &'c str,
    country: &'c str,
}

impl<'c> OrganisationLine<'c> {
    fn of(organisation: &'c Organisation) -> Self {
        let Organisation { code, name, country } = organisation;
        Self { id: code.as_str(), name, country }
    }
}

#[derive(serde::Serialize)]
struct LocationLine<'c> {
    id: &'c str,
    name_nl: &'c str,
    name_en: &'c str,
    organisation: Option<&'c str>,
    city: Option<&'c str>,
    police_unit: Option<&'c str>,
    country: &'c str,
    programme_kind: ProgrammeKind,
    placing_authority: PlacingAuthority,
    units: Vec<UnitLine<'c>>,
    living_form: Option<LivingForm>,
    attributes: AttributeLine<'c>,
    age_min: Option<u8>,
    age_max: Option<u8>,
    referral_route: &'c [String],
    stay_norm: Option<StayNorm>,
    inferred: Vec<&'c str>,
    sources: &'c [String],
    remark: Option<&'c str>,
}

impl<'c> LocationLine<'c> {
    fn of(seed: &'c LocationSeed) -> Self {
        let location = &seed.described;
        let mut inferred: Vec<&str> = location.inferred.iter().map(String::as_str).collect();
        let attributes = AttributeCode::ALL.into_iter().filter(|code| location.attributes.get(*code).inferred);
        inferred.extend(attributes.map(|code| -> &'c str { code.name() }));
        Self {
            id: location.code.as_str(),
            name_nl: &location.name_nl,
            name_en: &location.name_en,
            organisation: location.organisation.as_ref().map(OrganisationCode::as_str),
            city: location.city.as_deref(),
            police_unit: location.police_unit.as_deref(),
            country: &location.country,
            programme_kind: location.programme,
            placing_authority: location.placing_authority,
            units: seed.units.iter().map(UnitLine::of).collect(),
            living_form: location.living_form,
            attributes: AttributeLine(&location.attributes),
            age_min: location.age_min,
            age_max: location.age_max,
            referral_route: &location.referral_route,
            stay_norm: location.stay_norm,
            inferred,
            sources: &location.sources,
            remark: location.remark.as_deref(),
        }
    }
}

#[derive(serde::Serialize)]
struct UnitLine<'c> {
    id: &'c str,
    kind: UnitKind,
    places: Option<u16>,
    assumed: bool,
}

impl<'c> UnitLine<'c> {
    fn of(unit: &'c UnitSeed) -> Self {
        let UnitSeed { code, kind, places, assumed } = unit;
        Self { id: code.as_str(), kind: *kind, places: *places, assumed: *assumed }
    }
}

/// Every attribute by name, in the order of the file; one that nobody stated is printed as unknown.
struct AttributeLine<'c>(&'c Attributes);

impl Serialize for AttributeLine<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(AttributeCode::ALL.len()))?;
        for code in AttributeCode::ALL {
            map.serialize_entry::<_, Verdict>(code.name(), &self.0.get(code).value)?;
        }
        map.end()
    }
}

#[derive(serde::Serialize)]
struct CareRegionLine<'c> {
    id: &'c str,
    organisation: &'c str,
    region: &'c str,
    sources: &'c [String],
}

impl<'c> CareRegionLine<'c> {
    fn of(care_region: &'c CareRegion) -> Self {
        let CareRegion { code, organisation, region, sources } = care_region;
        Self { id: code.as_str(), organisation: organisation.as_str(), region, sources }
    }
}
