//! Which places are taken, since when and until when.
//!
//! Invariant, kept by constraints of the schema: at any moment a place is taken once at most. After a disappearance a place
//! is kept until a set moment and counts as free from then on, whether or not anybody wrote that down.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Europe::Amsterdam;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, Insertable, OptionalExtension, QueryDsl, Queryable, Selectable,
    SelectableHelper,
    dsl::{exists, not},
    sql_types::{Nullable, Timestamptz},
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{
    cached::Cached,
    error::StoreError,
    placement::end_of,
    schema::{occupancies, places},
    transaction::Tx,
    words::{Reader, word},
};
use crate::domain::{
    ids::{OccupancyId, PlaceId, PlacementId, UnitId},
    placement::stay::{ExpectedEnd, Occupancy},
};

diesel::define_sql_function! {
    /// The earlier of two moments; an absent one does not count.
    fn least(first: Nullable<Timestamptz>, second: Timestamptz) -> Nullable<Timestamptz>;
}

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = occupancies, treat_none_as_default_value = false)]
struct Row {
    id: Uuid,
    place: Uuid,
    unit: Uuid,
    placement: Option<Uuid>,
    taken_from: DateTime<Utc>,
    taken_until: Option<DateTime<Utc>>,
    kept_until: Option<DateTime<Utc>>,
    end_on: Option<NaiveDate>,
    end_certainty: Option<String>,
}

/// Places of a unit that are free at `at`, at most `limit`, the lowest numbers first: in use, and nobody there.
///
/// Holds of proposals are numbers, not places; whoever asks takes them off.
pub async fn free_places(tx: &Tx<'_>, unit: UnitId, at: DateTime<Utc>, limit: i64) -> Result<Vec<PlaceId>, StoreError> {
    let open = occupancies::taken_until.is_null().or(occupancies::taken_until.gt(at));
    let kept = occupancies::kept_until.is_null().or(occupancies::kept_until.gt(at));
    let there = occupancies::table.filter(occupancies::place.eq(places::id)).filter(open).filter(kept);
    let free: Vec<Uuid> = places::table
        .filter(places::unit.eq(unit.0))
        .filter(places::state.eq("available").or(places::until.le(day_of(at))))
        .filter(not(places::retired))
        .filter(not(exists(there)))
        .order(places::number)
        .limit(limit)
        .select(places::id)
        .load(&mut tx.on())
        .await?;
    Ok(free.into_iter().map(PlaceId).collect())
}

/// The day it is for the shelters: a place that is out of use can be used again from the morning of a day in Amsterdam.
pub(super) fn day_of(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&Amsterdam).date_naive()
}

/// Takes a place. One that was kept after a disappearance, and no longer is, is given back first.
pub async fn take(tx: &Tx<'_>, occupancy: &Occupancy) -> Result<(), StoreError> {
    let lapsed = occupancies::place.eq(occupancy.place.0).and(occupancies::kept_until.le(occupancy.from));
    let open = occupancies::table.filter(lapsed).filter(occupancies::taken_until.is_null());
    Cached(diesel::update(open).set(occupancies::taken_until.eq(occupancies::kept_until)))
        .execute(&mut tx.on())
        .await?;
    diesel::insert_into(occupancies::table).values(row_of(occupancy)?).execute(&mut tx.on()).await?;
    Ok(())
}

/// Takes a place for a resident from outside this service, as the shelter reports.
pub async fn take_reported(tx: &Tx<'_>, occupancy: &Occupancy) -> Result<(), StoreError> {
    take(tx, &Occupancy { placement: None, kept_until: None, ..occupancy.clone() }).await
}

/// Gives the places of a placement back at `at`, or at the earlier moment until which they were kept.
pub async fn release(tx: &Tx<'_>, placement: PlacementId, at: DateTime<Utc>) -> Result<(), StoreError> {
    let open =
        occupancies::table.filter(occupancies::placement.eq(placement.0)).filter(occupancies::taken_until.is_null());
    let given_back = occupancies::taken_until.eq(least(occupancies::kept_until, at));
    Cached(diesel::update(open).set(given_back)).execute(&mut tx.on()).await?;
    Ok(())
}

/// Gives back every place that was kept after a disappearance and no longer is at `at`; says of which placements.
pub async fn release_lapsed(tx: &Tx<'_>, at: DateTime<Utc>) -> Result<Vec<PlacementId>, StoreError> {
    let lapsed = occupancies::table.filter(occupancies::kept_until.le(at)).filter(occupancies::taken_until.is_null());
    let mut released: Vec<Option<Uuid>> = Cached(
        diesel::update(lapsed)
            .set(occupancies::taken_until.eq(occupancies::kept_until))
            .returning(occupancies::placement),
    )
    .get_results(&mut tx.on())
    .await?;
    released.sort_unstable();
    released.dedup();
    Ok(released.into_iter().flatten().map(PlacementId).collect())
}

/// Keeps the places of a placement until `until` and not longer, after a disappearance.
pub async fn keep(tx: &Tx<'_>, placement: PlacementId, until: DateTime<Utc>) -> Result<(), StoreError> {
    let open =
        occupancies::table.filter(occupancies::placement.eq(placement.0)).filter(occupancies::taken_until.is_null());
    Cached(diesel::update(open).set(occupancies::kept_until.eq(until))).execute(&mut tx.on()).await?;
    Ok(())
}

/// Announces the end of the stay in every place of a placement.
pub async fn set_end(tx: &Tx<'_>, placement: PlacementId, end: &ExpectedEnd) -> Result<(), StoreError> {
    let open =
        occupancies::table.filter(occupancies::placement.eq(placement.0)).filter(occupancies::taken_until.is_null());
    let announced = (occupancies::end_on.eq(end.on), occupancies::end_certainty.eq(word(&end.certainty)?));
    Cached(diesel::update(open).set(announced)).execute(&mut tx.on()).await?;
    Ok(())
}

/// Announces the end of the stay in one place.
pub async fn set_end_of_place(tx: &Tx<'_>, place: PlaceId, end: &ExpectedEnd) -> Result<(), StoreError> {
    let open = occupancies::table.filter(occupancies::place.eq(place.0)).filter(occupancies::taken_until.is_null());
    let announced = (occupancies::end_on.eq(end.on), occupancies::end_certainty.eq(word(&end.certainty)?));
    Cached(diesel::update(open).set(announced)).execute(&mut tx.on()).await?;
    Ok(())
}

/// The open occupancy of a place. One that was kept until a moment in the past is still open until it is released.
pub async fn of_place(tx: &Tx<'_>, place: PlaceId) -> Result<Option<Occupancy>, StoreError> {
    let found = occupancies::table
        .filter(occupancies::place.eq(place.0))
        .filter(occupancies::taken_until.is_null())
        .select(Row::as_select())
        .first::<Row>(&mut tx.on())
        .await
        .optional()?;
    found.map(occupancy_of).transpose()
}

/// Ends the stay of a resident from outside this service; true if there was one. A placement is never ended by this.
pub async fn end_reported(tx: &Tx<'_>, place: PlaceId, at: DateTime<Utc>) -> Result<bool, StoreError> {
    let open = occupancies::place.eq(place.0).and(occupancies::taken_until.is_null());
    let reported = occupancies::table.filter(open).filter(occupancies::placement.is_null());
    let ended = Cached(diesel::update(reported).set(occupancies::taken_until.eq(at))).execute(&mut tx.on()).await?;
    Ok(ended == 1)
}

fn row_of(occupancy: &Occupancy) -> Result<Row, StoreError> {
    Ok(Row {
        id: occupancy.id.0,
        place: occupancy.place.0,
        unit: occupancy.unit.0,
        placement: occupancy.placement.map(|id| id.0),
        taken_from: occupancy.from,
        taken_until: occupancy.until,
        kept_until: occupancy.kept_until,
        end_on: occupancy.end.map(|end| end.on),
        end_certainty: occupancy.end.map(|end| word(&end.certainty)).transpose()?,
    })
}

fn occupancy_of(row: Row) -> Result<Occupancy, StoreError> {
    let reader = Reader::of("occupancies", row.id);
    Ok(Occupancy {
        id: OccupancyId(row.id),
        place: PlaceId(row.place),
        unit: UnitId(row.unit),
        placement: row.placement.map(PlacementId),
        from: row.taken_from,
        until: row.taken_until,
        kept_until: row.kept_until,
        end: end_of(&reader, row.end_on, row.end_certainty)?,
    })
}
