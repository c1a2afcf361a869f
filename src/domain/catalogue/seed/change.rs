//! What an import changes: so that the same file twice changes nothing, and the audit trail can name what did.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::{Catalogue, LocationSeed, UnitSeed};
use crate::domain::catalogue::attribute::{Attribute, AttributeCode};
use crate::domain::catalogue::care_region::CareRegion;
use crate::domain::catalogue::location::{Location, Organisation};
use crate::domain::ids::{CareRegionCode, LocationCode, OrganisationCode, UnitCode};

/// The difference between the catalogue that is there and a new one. An import adds and changes; it removes nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CatalogueChange {
    /// New entries.
    pub added: Vec<CatalogueEntry>,
    /// Entries that stay, with other content.
    pub changed: Vec<ChangedEntry>,
    /// Entries that stay as they are.
    pub unchanged: Vec<CatalogueEntry>,
    /// Entries that are there and that the new catalogue lacks. They stay; people decide what becomes of them.
    pub missing: Vec<CatalogueEntry>,
}

impl CatalogueChange {
    /// True if an import would write nothing.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty()
    }
}

/// One entry of the catalogue, by its public code.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "entry", content = "code")]
pub enum CatalogueEntry {
    /// An organisation.
    Organisation(OrganisationCode),
    /// A location, its units left aside.
    Location(LocationCode),
    /// A unit.
    Unit(UnitCode),
    /// A region of care coordination.
    CareRegion(CareRegionCode),
}

/// An entry with other content than before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChangedEntry {
    /// Which one.
    pub entry: CatalogueEntry,
    /// The fields that differ, named as in the catalogue file (`age_min`, `attributes.women`).
    pub fields: Vec<String>,
}

/// See `Catalogue::diff`.
pub(super) fn diff(existing: &Catalogue, new: &Catalogue) -> CatalogueChange {
    let (before, mut after) = (entries(existing), entries(new));
    let mut change = CatalogueChange::default();
    for (entry, old) in before {
        match after.remove(&entry) {
            None => change.missing.push(entry),
            Some(now) => match differences(old, now) {
                fields if fields.is_empty() => change.unchanged.push(entry),
                fields => change.changed.push(ChangedEntry { entry, fields }),
            },
        }
    }
    change.added = after.into_keys().collect();
    change
}

#[derive(Clone, Copy)]
enum Described<'c> {
    Organisation(&'c Organisation),
    Location(&'c Location),
    Unit(&'c LocationCode, &'c UnitSeed),
    CareRegion(&'c CareRegion),
}

fn entries(catalogue: &Catalogue) -> BTreeMap<CatalogueEntry, Described<'_>> {
    let organisations = catalogue
        .organisations
        .iter()
        .map(|one| (CatalogueEntry::Organisation(one.code.clone()), Described::Organisation(one)));
    let locations = catalogue
        .locations
        .iter()
        .map(|one| (CatalogueEntry::Location(one.code().clone()), Described::Location(&one.described)));
    let units = catalogue.locations.iter().flat_map(units_of);
    let regions = catalogue
        .care_regions
        .iter()
        .map(|one| (CatalogueEntry::CareRegion(one.code.clone()), Described::CareRegion(one)));
    organisations.chain(locations).chain(units).chain(regions).collect()
}

fn units_of(location: &LocationSeed) -> impl Iterator<Item = (CatalogueEntry, Described<'_>)> {
    let described = |unit| Described::Unit(location.code(), unit);
    location.units.iter().map(move |unit| (CatalogueEntry::Unit(unit.code.clone()), described(unit)))
}

fn differences(old: Described<'_>, new: Described<'_>) -> Vec<String> {
    match (old, new) {
        (Described::Organisation(old), Described::Organisation(new)) => {
            named(&[("name", old.name == new.name), ("country", old.country == new.country)])
        }
        (Described::Location(old), Described::Location(new)) => location_differences(old, new),
        (Described::Unit(old_location, old), Described::Unit(location, new)) => named(&[
            ("location", old_location == location),
            ("kind", old.kind == new.kind),
            ("places", old.places == new.places),
            ("assumed", old.assumed == new.assumed),
        ]),
        (Described::CareRegion(old), Described::CareRegion(new)) => named(&[
            ("organisation", old.organisation == new.organisation),
            ("region", old.region == new.region),
            ("sources", old.sources == new.sources),
        ]),
        // The key of an entry says its kind, so two kinds never meet under one key.
        (Described::Organisation(_) | Described::Location(_) | Described::Unit(..) | Described::CareRegion(_), _) => {
            vec!["entry".to_owned()]
        }
    }
}

fn location_differences(old: &Location, new: &Location) -> Vec<String> {
    let mut fields = named(&[
        ("name_nl", old.name_nl == new.name_nl),
        ("name_en", old.name_en == new.name_en),
        ("organisation", old.organisation == new.organisation),
        ("city", old.city == new.city),
        ("police_unit", old.police_unit == new.police_unit),
        ("country", old.country == new.country),
        ("programme_kind", old.programme == new.programme),
        ("placing_authority", old.placing_authority == new.placing_authority),
        ("living_form", old.living_form == new.living_form),
        ("age_min", old.age_min == new.age_min),
        ("age_max", old.age_max == new.age_max),
        ("referral_route", old.referral_route == new.referral_route),
        ("stay_norm", old.stay_norm == new.stay_norm),
        ("inferred", old.inferred == new.inferred),
        ("sources", old.sources == new.sources),
        ("remark", old.remark == new.remark),
    ]);
    let differs = |code: &AttributeCode| {
        let of = |location: &Location| -> Attribute { location.attributes.get(*code) };
        of(old) != of(new)
    };
    let attributes = AttributeCode::ALL.into_iter().filter(differs);
    fields.extend(attributes.map(|code| format!("attributes.{}", code.name())));
    fields
}

fn named(fields: &[(&str, bool)]) -> Vec<String> {
    fields.iter().filter(|(_, is_same)| !is_same).map(|(name, _)| (*name).to_owned()).collect()
}
