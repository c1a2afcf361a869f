//! The catalogue in the database: an import can be repeated, ids are given once, and places are retired, never deleted.

use std::collections::BTreeMap;

use omm::{
    clock::Ids,
    domain::{
        catalogue::{
            place::{OutOfUseReason, PlaceState, Report},
            seed::{Catalogue, DEFAULT_CATALOGUE},
        },
        ids::{OccupancyId, PlaceId, UnitCode, UnitId},
        placement::stay::{ExpectedEnd, Occupancy},
    },
    store::{self, Recorded, Store, StoreError},
};

use super::{call, event, noon};
use crate::world::TestDatabase;

fn catalogue() -> Catalogue {
    Catalogue::parse(DEFAULT_CATALOGUE).unwrap()
}

/// The catalogue with another number of places in one unit.
fn with_places(unit: &str, places: Option<u16>) -> Catalogue {
    let mut changed = catalogue();
    let found = changed.locations.iter_mut().flat_map(|one| &mut one.units).find(|one| one.code.as_str() == unit);
    found.unwrap().places = places;
    changed
}

async fn import(store: &Store, ids: &Ids, new: Catalogue) {
    let work = async |tx: &mut store::Tx<'_>| {
        store::catalogue::save(tx, new, || ids.next(UnitId), || ids.next(PlaceId)).await?;
        Ok::<_, StoreError>(Recorded::new((), event()))
    };
    store.write(&call(), noon(), work).await.unwrap();
}

async fn loaded(store: &Store) -> Catalogue {
    store.read(async |tx| store::catalogue::load(tx).await).await.unwrap()
}

/// The id of every unit by its code.
async fn units(store: &Store) -> BTreeMap<UnitCode, UnitId> {
    let locations = store.read(async |tx| store::catalogue::locations(tx).await).await.unwrap();
    locations.into_iter().flat_map(|one| one.units).map(|unit| (unit.code, unit.id)).collect()
}

async fn places(store: &Store, unit: UnitId) -> Vec<(u16, PlaceId)> {
    let found = store.read(async |tx| store::place::list(tx, unit).await).await.unwrap();
    found.into_iter().map(|place| (place.number, place.id)).collect()
}

async fn imported() -> (TestDatabase, Ids) {
    let (db, ids) = (TestDatabase::new().await, Ids::seeded(1));
    import(&db.store, &ids, catalogue()).await;
    (db, ids)
}

#[tokio::test]
async fn what_was_imported_reads_back_as_it_was_and_a_second_import_changes_nothing() {
    let (db, ids) = imported().await;
    assert_eq!(loaded(&db.store).await, catalogue());
    let before = units(&db.store).await;
    import(&db.store, &ids, catalogue()).await;
    assert_eq!(loaded(&db.store).await, catalogue());
    assert_eq!(units(&db.store).await, before);
    for unit in before.values() {
        let numbers: Vec<u16> = places(&db.store, *unit).await.into_iter().map(|(number, _)| number).collect();
        assert_eq!(numbers, (1..=u16::try_from(numbers.len()).unwrap()).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn every_documented_place_is_there_once() {
    let (db, _) = imported().await;
    let documented: BTreeMap<_, _> =
        catalogue().locations.into_iter().flat_map(|one| one.units).map(|unit| (unit.code, unit.places)).collect();
    for (code, unit) in units(&db.store).await {
        let there = places(&db.store, unit).await.len();
        assert_eq!(there, usize::from(documented[&code].unwrap_or(0)), "{code}");
    }
}

#[tokio::test]
async fn places_are_added_and_retired_and_come_back_as_the_same_places() {
    let (db, ids) = imported().await;
    let unit = units(&db.store).await[&UnitCode::from("omm-alkmaar-move-on")];
    let three = places(&db.store, unit).await;
    assert_eq!(three.len(), 3);

    import(&db.store, &ids, with_places("omm-alkmaar-move-on", Some(5))).await;
    let five = places(&db.store, unit).await;
    assert_eq!((five.len(), &five[..3]), (5, &three[..]));

    import(&db.store, &ids, with_places("omm-alkmaar-move-on", Some(2))).await;
    assert_eq!(places(&db.store, unit).await, five[..2]);

    import(&db.store, &ids, with_places("omm-alkmaar-move-on", Some(5))).await;
    assert_eq!(places(&db.store, unit).await, five);
}

#[tokio::test]
async fn a_place_where_somebody_lives_is_not_retired() {
    let (db, ids) = imported().await;
    let unit = units(&db.store).await[&UnitCode::from("omm-alkmaar-move-on")];
    let (_, third) = places(&db.store, unit).await[2];
    occupy(&db.store, &ids, unit, third, None).await;
    import(&db.store, &ids, with_places("omm-alkmaar-move-on", Some(1))).await;
    let left: Vec<u16> = places(&db.store, unit).await.into_iter().map(|(number, _)| number).collect();
    assert_eq!(left, [1, 3]);
}

async fn occupy(store: &Store, ids: &Ids, unit: UnitId, place: PlaceId, end: Option<ExpectedEnd>) {
    let id = ids.next(OccupancyId);
    let taken = Occupancy { id, place, unit, placement: None, from: noon(), until: None, kept_until: None, end };
    let work = async |tx: &mut store::Tx<'_>| {
        store::occupancy::take(tx, &taken).await?;
        Ok::<_, StoreError>(Recorded::new((), event()))
    };
    store.write(&call(), noon(), work).await.unwrap();
}

async fn report(store: &Store, place: PlaceId, state: PlaceState) {
    let work = async |tx: &mut store::Tx<'_>| {
        let mut place = store::place::load(tx, place).await?.unwrap();
        place.state = state;
        place.reported = Some(Report { by: "blijf-groep".into(), at: noon() });
        store::place::save_report(tx, &place).await?;
        assert_eq!(store::place::load(tx, place.id).await?.unwrap(), place, "it reads back as it was stored");
        Ok::<_, StoreError>(Recorded::new((), event()))
    };
    store.write(&call(), noon(), work).await.unwrap();
}

#[tokio::test]
async fn the_snapshot_counts_what_is_taken_and_out_of_use_at_that_moment() {
    let (db, ids) = imported().await;
    let unit = units(&db.store).await[&UnitCode::from("omm-alkmaar-move-on")];
    let all = places(&db.store, unit).await;
    let fourth_of_march = "2026-03-04".parse().ok();
    let quarantine = PlaceState::OutOfUse { reason: OutOfUseReason::Quarantine, until: fourth_of_march };
    occupy(&db.store, &ids, unit, all[0].1, None).await;
    report(&db.store, all[0].1, quarantine.clone()).await;
    report(&db.store, all[1].1, quarantine).await;

    let count = async |at: &str| {
        let at = at.parse().unwrap();
        let snapshot = db.store.read(async |tx| store::snapshot::load(tx, at).await).await.unwrap();
        let count = snapshot.units.into_iter().find(|one| one.id == unit).unwrap().capacity.unwrap();
        let free = db.store.read(async |tx| store::occupancy::free_places(tx, unit, at, 9).await).await.unwrap();
        (count.total, count.occupied, count.held, count.out_of_use, free.len())
    };
    assert_eq!(count("2026-03-03T22:59:59Z").await, (3, 1, 0, 1, 1), "taken and out of use counts once");
    assert_eq!(count("2026-03-03T23:00:00Z").await, (3, 1, 0, 0, 2), "in use again from midnight in Amsterdam");
}

#[tokio::test]
async fn the_snapshot_holds_the_units_where_comensha_places_and_no_others() {
    let (db, _) = imported().await;
    let snapshot = db.store.read(async |tx| store::snapshot::load(tx, noon()).await).await.unwrap();
    let locations = db.store.read(async |tx| store::catalogue::locations(tx).await).await.unwrap();
    let own = locations
        .into_iter()
        .filter(|one| one.placing_authority == omm::domain::catalogue::location::PlacingAuthority::Comensha);
    let wanted: Vec<UnitId> = own.flat_map(|one| one.units).map(|unit| unit.id).collect();
    assert_eq!(snapshot.units.iter().map(|unit| unit.id).collect::<Vec<_>>(), wanted);
    let omm: u16 = snapshot
        .units
        .iter()
        .filter(|unit| unit.code.as_str().starts_with("omm-"))
        .map(|unit| unit.capacity.unwrap().total)
        .sum();
    assert_eq!(omm, 36);
}

#[tokio::test]
async fn confirmed_figures_are_dated_and_no_longer_an_assumption() {
    let (db, _) = imported().await;
    let unit = units(&db.store).await[&UnitCode::from("omm-zwolle-places")];
    let state = async || {
        let snapshot = db.store.read(async |tx| store::snapshot::load(tx, noon()).await).await.unwrap();
        let found = snapshot.units.into_iter().find(|one| one.id == unit).unwrap();
        (found.figures_as_of, found.capacity.unwrap().assumed)
    };
    assert_eq!(state().await, (None, true));
    let confirmed = Report { by: "kadera".into(), at: noon() };
    let work = async |tx: &mut store::Tx<'_>| {
        store::catalogue::confirm_figures(tx, unit, &confirmed).await?;
        Ok::<_, StoreError>(Recorded::new((), event()))
    };
    db.store.write(&call(), noon(), work).await.unwrap();
    assert_eq!(state().await, (Some(noon()), false));
}

#[tokio::test]
async fn a_unit_knows_its_location_its_organisation_and_its_city() {
    let (db, _) = imported().await;
    let unit = units(&db.store).await[&UnitCode::from("omm-amsterdam-crisis")];
    let (location, found, organisation, city) = db
        .store
        .read(async |tx| {
            let (location, found) = store::catalogue::unit(tx, unit).await?.unwrap();
            let organisation = store::catalogue::organisation_of_unit(tx, unit).await?;
            Ok::<_, StoreError>((location, found, organisation, store::catalogue::city_of_unit(tx, unit).await?))
        })
        .await
        .unwrap();
    assert_eq!((location.code.as_str(), found.id, location.units.len()), ("omm-amsterdam", unit, 2));
    assert_eq!((organisation, city.as_deref()), (Some("hvo-querido".into()), Some("Amsterdam")));
    let nowhere = UnitId(uuid::Uuid::from_u128(1));
    let nothing = db.store.read(async |tx| store::catalogue::unit(tx, nowhere).await).await.unwrap();
    assert!(nothing.is_none());
}

#[tokio::test]
async fn a_row_that_contradicts_itself_is_corrupt_and_never_a_panic() {
    let (db, _) = imported().await;
    db.run("UPDATE locations SET attributes = '{\"women\": 7}' WHERE code = 'omm-zwolle'").await;
    let failed = db.store.read(async |tx| store::catalogue::locations(tx).await).await;
    let Err(StoreError::Corrupt(what)) = failed else { panic!("{failed:?}") };
    assert!(what.contains("omm-zwolle") && what.contains("attributes"), "{what}");
}
