//! The catalogue in the database: reading it. How an import is written is in `import`.

mod import;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::{
    AsChangeset, ExpressionMethods, Insertable, OptionalExtension, QueryDsl, Queryable, Selectable, SelectableHelper,
};
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

pub use import::save;

use super::{
    cached::Cached,
    error::StoreError,
    schema::{care_regions, locations, organisations, units},
    transaction::Tx,
    words::{Reader, document, saved_once, word},
};
use crate::domain::{
    catalogue::{
        care_region::CareRegion,
        location::{Location, Organisation, Unit},
        place::Report,
        seed::Catalogue,
    },
    ids::{CareRegionCode, LocationCode, OrganisationCode, UnitCode, UnitId},
};

#[derive(Insertable, Queryable, Selectable, AsChangeset)]
#[diesel(table_name = organisations, primary_key(code))]
struct OrganisationRow {
    code: String,
    name: String,
    country: String,
    position: i32,
}

#[derive(Insertable, Queryable, Selectable, AsChangeset)]
#[diesel(table_name = locations, primary_key(code), treat_none_as_default_value = false, treat_none_as_null = true)]
pub(super) struct LocationRow {
    code: String,
    name_nl: String,
    name_en: String,
    organisation: Option<String>,
    city: Option<String>,
    police_unit: Option<String>,
    country: String,
    programme: String,
    placing_authority: String,
    living_form: Option<String>,
    attributes: Value,
    age_min: Option<i16>,
    age_max: Option<i16>,
    referral_route: Vec<String>,
    stay_norm: Option<Value>,
    inferred: Vec<String>,
    sources: Vec<String>,
    remark: Option<String>,
    position: i32,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = units)]
pub(super) struct UnitRow {
    id: Uuid,
    code: String,
    location: String,
    kind: String,
    places: Option<i32>,
    assumed: bool,
    confirmed_at: Option<DateTime<Utc>>,
}

#[derive(Insertable, Queryable, Selectable, AsChangeset)]
#[diesel(table_name = care_regions, primary_key(code))]
struct CareRegionRow {
    code: String,
    organisation: String,
    region: String,
    sources: Vec<String>,
    position: i32,
}

/// The whole catalogue, in the form of the import file.
pub async fn load(tx: &Tx<'_>) -> Result<Catalogue, StoreError> {
    let (organisations, locations, regions) =
        futures_util::try_join!(organisations(tx), locations(tx), care_regions(tx))?;
    Ok(Catalogue::of(organisations, locations, regions))
}

/// All organisations, in the order of the catalogue.
pub async fn organisations(tx: &Tx<'_>) -> Result<Vec<Organisation>, StoreError> {
    let rows = organisations::table
        .order((organisations::position, organisations::code))
        .select(OrganisationRow::as_select())
        .load(&mut tx.on())
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Organisation { code: OrganisationCode(row.code), name: row.name, country: row.country })
        .collect())
}

/// All regions of care coordination, in the order of the catalogue.
pub async fn care_regions(tx: &Tx<'_>) -> Result<Vec<CareRegion>, StoreError> {
    let rows = care_regions::table
        .order((care_regions::position, care_regions::code))
        .select(CareRegionRow::as_select())
        .load(&mut tx.on())
        .await?;
    let region = |row: CareRegionRow| CareRegion {
        code: CareRegionCode(row.code),
        organisation: OrganisationCode(row.organisation),
        region: row.region,
        sources: row.sources,
    };
    Ok(rows.into_iter().map(region).collect())
}

/// All locations with their units, in the order of the catalogue.
pub async fn locations(tx: &Tx<'_>) -> Result<Vec<Location>, StoreError> {
    let described = locations::table
        .order((locations::position, locations::code))
        .select(LocationRow::as_select())
        .load(&mut tx.on());
    let units = units::table.order((units::position, units::code)).select(UnitRow::as_select()).load(&mut tx.on());
    let (described, units) = futures_util::try_join!(described, units)?;
    let mut by_location: BTreeMap<String, Vec<Unit>> = BTreeMap::new();
    for row in units {
        by_location.entry(row.location.clone()).or_default().push(unit_of(row)?);
    }
    described
        .into_iter()
        .map(|row| {
            let units = by_location.remove(&row.code).unwrap_or_default();
            location_of(row, units)
        })
        .collect()
}

/// One unit with its location.
pub async fn unit(tx: &Tx<'_>, id: UnitId) -> Result<Option<(Location, Unit)>, StoreError> {
    let found = locations::table
        .inner_join(units::table)
        .filter(units::id.eq(id.0))
        .select(LocationRow::as_select())
        .first::<LocationRow>(&mut tx.on())
        .await
        .optional()?;
    let Some(row) = found else { return Ok(None) };
    let rows = units::table
        .filter(units::location.eq(&row.code))
        .order((units::position, units::code))
        .select(UnitRow::as_select())
        .load(&mut tx.on())
        .await?;
    let location = location_of(row, rows.into_iter().map(unit_of).collect::<Result<_, _>>()?)?;
    let unit = location.units.iter().find(|unit| unit.id == id).cloned();
    Ok(unit.map(|unit| (location, unit)))
}

/// Who runs a unit, where that is documented.
pub async fn organisation_of_unit(tx: &Tx<'_>, unit: UnitId) -> Result<Option<OrganisationCode>, StoreError> {
    let found = locations::table
        .inner_join(units::table)
        .filter(units::id.eq(unit.0))
        .select(locations::organisation)
        .first::<Option<String>>(&mut tx.on())
        .await
        .optional()?;
    Ok(found.flatten().map(OrganisationCode))
}

/// The city a unit is in, where that is documented.
pub async fn city_of_unit(tx: &Tx<'_>, unit: UnitId) -> Result<Option<String>, StoreError> {
    let found = locations::table
        .inner_join(units::table)
        .filter(units::id.eq(unit.0))
        .select(locations::city)
        .first::<Option<String>>(&mut tx.on())
        .await
        .optional()?;
    Ok(found.flatten())
}

/// Stores who confirmed the figures of a unit, and when.
pub async fn confirm_figures(tx: &Tx<'_>, unit: UnitId, report: &Report) -> Result<(), StoreError> {
    let confirmed = (units::confirmed_by.eq(&report.by), units::confirmed_at.eq(report.at));
    let rows = Cached(diesel::update(units::table.filter(units::id.eq(unit.0))).set(confirmed)).execute(&mut tx.on());
    saved_once("units", rows.await?)
}

impl UnitRow {
    /// When its figures were confirmed last.
    pub(super) fn confirmed_at(&self) -> Option<DateTime<Utc>> {
        self.confirmed_at
    }
}

pub(super) fn unit_of(row: UnitRow) -> Result<Unit, StoreError> {
    let reader = Reader::of("units", row.id);
    Ok(Unit {
        id: UnitId(row.id),
        kind: reader.word("kind", row.kind)?,
        places: row.places.map(|places| reader.number("places", places)).transpose()?,
        code: UnitCode(row.code),
        assumed: row.assumed,
    })
}

pub(super) fn location_of(row: LocationRow, units: Vec<Unit>) -> Result<Location, StoreError> {
    let reader = Reader::of("locations", &row.code);
    Ok(Location {
        name_nl: row.name_nl,
        name_en: row.name_en,
        organisation: row.organisation.map(OrganisationCode),
        city: row.city,
        police_unit: row.police_unit,
        country: row.country,
        programme: reader.word("programme", row.programme)?,
        placing_authority: reader.word("placing_authority", row.placing_authority)?,
        units,
        living_form: reader.maybe_word("living_form", row.living_form)?,
        attributes: reader.document("attributes", row.attributes)?,
        age_min: row.age_min.map(|age| reader.number("age_min", age)).transpose()?,
        age_max: row.age_max.map(|age| reader.number("age_max", age)).transpose()?,
        referral_route: row.referral_route,
        stay_norm: row.stay_norm.map(|norm| reader.document("stay_norm", norm)).transpose()?,
        inferred: row.inferred,
        sources: row.sources,
        remark: row.remark,
        code: LocationCode(row.code),
    })
}

fn location_row(location: &Location, position: i32) -> Result<LocationRow, StoreError> {
    Ok(LocationRow {
        code: location.code.0.clone(),
        name_nl: location.name_nl.clone(),
        name_en: location.name_en.clone(),
        organisation: location.organisation.as_ref().map(|code| code.0.clone()),
        city: location.city.clone(),
        police_unit: location.police_unit.clone(),
        country: location.country.clone(),
        programme: word(&location.programme)?,
        placing_authority: word(&location.placing_authority)?,
        living_form: location.living_form.as_ref().map(word).transpose()?,
        attributes: document(&location.attributes)?,
        age_min: location.age_min.map(i16::from),
        age_max: location.age_max.map(i16::from),
        referral_route: location.referral_route.clone(),
        stay_norm: location.stay_norm.as_ref().map(document).transpose()?,
        inferred: location.inferred.clone(),
        sources: location.sources.clone(),
        remark: location.remark.clone(),
        position,
    })
}
