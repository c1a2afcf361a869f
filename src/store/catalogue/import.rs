//! Writing an import: entries by their code, unit ids given once, places numbered within their unit.
//!
//! Invariant: nothing is ever deleted. A place that the catalogue no longer counts is retired, unless somebody lives there
//! or a proposal counts on it; then it stays until the next import.

use std::collections::BTreeMap;

use diesel::{ExpressionMethods, QueryDsl};
use diesel_async::RunQueryDsl;
use futures_util::future::try_join_all;
use uuid::Uuid;

use super::{CareRegionRow, LocationRow, OrganisationRow, location_row};
use crate::{
    domain::{
        catalogue::{
            location::{Location, Unit},
            seed::Catalogue,
        },
        ids::{PlaceId, UnitCode, UnitId},
    },
    store::{
        cached::Cached,
        error::StoreError,
        schema::{care_regions, locations, occupancies, organisations, places, proposals, units},
        transaction::Tx,
        words::word,
    },
};

/// Stores a catalogue: what is new is added, what changed is changed, what is no longer in it stays.
pub async fn save(
    tx: &Tx<'_>,
    new: Catalogue,
    mut new_unit: impl FnMut() -> UnitId,
    mut new_place: impl FnMut() -> PlaceId,
) -> Result<(), StoreError> {
    save_organisations(tx, &new).await?;
    save_care_regions(tx, &new).await?;
    let mut ids = unit_ids(tx).await?;
    let locations: Vec<Location> = new
        .locations
        .into_iter()
        .map(|seed| seed.into_location(|code| *ids.entry(code.clone()).or_insert_with(&mut new_unit)))
        .collect();
    let mut rows = Vec::with_capacity(locations.len());
    for (position, location) in (0_i32..).zip(&locations) {
        rows.push(location_row(location, position)?);
    }
    try_join_all(rows.iter().map(|row| save_location(tx, row))).await?;
    let all = locations.iter().flat_map(|location| location.units.iter().map(move |unit| (location, unit)));
    try_join_all((0_i32..).zip(all).map(|(position, (location, unit))| save_unit(tx, location, unit, position)))
        .await?;
    let units: Vec<&Unit> = locations.iter().flat_map(|location| &location.units).collect();
    save_places(tx, &units, &mut new_place).await
}

async fn unit_ids(tx: &Tx<'_>) -> Result<BTreeMap<UnitCode, UnitId>, StoreError> {
    let rows = units::table.select((units::code, units::id)).load::<(String, Uuid)>(&mut tx.on()).await?;
    Ok(rows.into_iter().map(|(code, id)| (UnitCode(code), UnitId(id))).collect())
}

async fn save_organisations(tx: &Tx<'_>, new: &Catalogue) -> Result<(), StoreError> {
    let rows: Vec<OrganisationRow> = (0_i32..)
        .zip(&new.organisations)
        .map(|(position, one)| OrganisationRow {
            code: one.code.0.clone(),
            name: one.name.clone(),
            country: one.country.clone(),
            position,
        })
        .collect();
    let saved = rows.iter().map(|row| {
        diesel::insert_into(organisations::table)
            .values(row)
            .on_conflict(organisations::code)
            .do_update()
            .set(row)
            .execute(&mut tx.on())
    });
    try_join_all(saved).await?;
    Ok(())
}

async fn save_care_regions(tx: &Tx<'_>, new: &Catalogue) -> Result<(), StoreError> {
    let rows: Vec<CareRegionRow> = (0_i32..)
        .zip(&new.care_regions)
        .map(|(position, one)| CareRegionRow {
            code: one.code.0.clone(),
            organisation: one.organisation.0.clone(),
            region: one.region.clone(),
            sources: one.sources.clone(),
            position,
        })
        .collect();
    let saved = rows.iter().map(|row| {
        diesel::insert_into(care_regions::table)
            .values(row)
            .on_conflict(care_regions::code)
            .do_update()
            .set(row)
            .execute(&mut tx.on())
    });
    try_join_all(saved).await?;
    Ok(())
}

async fn save_location(tx: &Tx<'_>, row: &LocationRow) -> Result<(), StoreError> {
    diesel::insert_into(locations::table)
        .values(row)
        .on_conflict(locations::code)
        .do_update()
        .set(row)
        .execute(&mut tx.on())
        .await?;
    Ok(())
}

async fn save_unit(tx: &Tx<'_>, location: &Location, unit: &Unit, position: i32) -> Result<(), StoreError> {
    let described = (
        units::location.eq(location.code.0.clone()),
        units::kind.eq(word(&unit.kind)?),
        units::places.eq(unit.places.map(i32::from)),
        units::assumed.eq(unit.assumed),
        units::position.eq(position),
    );
    diesel::insert_into(units::table)
        .values((units::id.eq(unit.id.0), units::code.eq(&unit.code.0), described.clone()))
        .on_conflict(units::id)
        .do_update()
        .set(described)
        .execute(&mut tx.on())
        .await?;
    Ok(())
}

/// The places of a unit as they stand: number, id, retired, taken.
struct Standing {
    number: u16,
    id: Uuid,
    is_retired: bool,
    is_taken: bool,
}

async fn save_places(tx: &Tx<'_>, units: &[&Unit], new_place: &mut impl FnMut() -> PlaceId) -> Result<(), StoreError> {
    let mut standing = standing_places(tx).await?;
    let held = held_places(tx).await?;
    let (mut added, mut returned, mut retired) = (Vec::new(), Vec::new(), Vec::new());
    for unit in units {
        let Some(wanted) = unit.places else { continue };
        let mut there = standing.remove(&unit.id.0).unwrap_or_default();
        there.sort_by_key(|place| place.number);
        for number in 1..=wanted {
            match there.iter().find(|place| place.number == number) {
                None => added.push((new_place(), unit.id, number)),
                Some(place) if place.is_retired => returned.push(place.id),
                Some(_) => {}
            }
        }
        let in_use = there.iter().filter(|place| !place.is_retired);
        let beyond = in_use.rev().filter(|place| place.number > wanted && !place.is_taken);
        // So many stay beyond the wanted number as live proposals count on places that would be missing.
        let taken = there.iter().filter(|place| place.is_taken).count();
        let counted_on = taken + held.get(&unit.id.0).copied().unwrap_or(0);
        retired.extend(beyond.skip(counted_on.saturating_sub(usize::from(wanted))).map(|place| place.id));
    }
    let added = added.into_iter().map(|(id, unit, number)| {
        let row = (places::id.eq(id.0), places::unit.eq(unit.0), places::number.eq(i32::from(number)));
        diesel::insert_into(places::table).values(row).execute(&mut tx.on())
    });
    try_join_all(added).await?;
    for (ids, is_retired) in [(returned, false), (retired, true)] {
        let those = places::table.filter(places::id.eq_any(ids));
        Cached(diesel::update(those).set(places::retired.eq(is_retired))).execute(&mut tx.on()).await?;
    }
    Ok(())
}

async fn standing_places(tx: &Tx<'_>) -> Result<BTreeMap<Uuid, Vec<Standing>>, StoreError> {
    let all = places::table
        .select((places::id, places::unit, places::number, places::retired))
        .load::<(Uuid, Uuid, i32, bool)>(&mut tx.on());
    let open = occupancies::table
        .filter(occupancies::taken_until.is_null())
        .select(occupancies::place)
        .load::<Uuid>(&mut tx.on());
    let (all, open) = futures_util::try_join!(all, open)?;
    let mut by_unit: BTreeMap<Uuid, Vec<Standing>> = BTreeMap::new();
    for (id, unit, number, is_retired) in all {
        let number = u16::try_from(number).map_err(|_| StoreError::corrupt("places", id, "number is out of range"))?;
        by_unit.entry(unit).or_default().push(Standing { number, id, is_retired, is_taken: open.contains(&id) });
    }
    Ok(by_unit)
}

/// Places that sent and accepted proposals count on, per unit; also those whose deadline has passed unnoticed.
async fn held_places(tx: &Tx<'_>) -> Result<BTreeMap<Uuid, usize>, StoreError> {
    let rows = proposals::table
        .filter(proposals::hold_until.is_not_null())
        .select((proposals::unit, proposals::beds))
        .load::<(Uuid, i32)>(&mut tx.on())
        .await?;
    let mut held = BTreeMap::new();
    for (unit, beds) in rows {
        *held.entry(unit).or_default() += usize::try_from(beds).unwrap_or(0);
    }
    Ok(held)
}
