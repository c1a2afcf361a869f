//! Single places, and what shelters report of them. Retired places are not shown.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, Queryable, Selectable, SelectableHelper};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{
    cached::Cached,
    error::StoreError,
    schema::places,
    transaction::Tx,
    words::{Reader, saved_once, word},
};
use crate::domain::{
    catalogue::place::{Place, PlaceState, Report},
    ids::{PlaceId, UnitId},
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = places)]
struct Row {
    id: Uuid,
    unit: Uuid,
    number: i32,
    state: String,
    reason: Option<String>,
    until: Option<NaiveDate>,
    reported_by: Option<String>,
    reported_at: Option<DateTime<Utc>>,
}

/// One place.
pub async fn load(tx: &Tx<'_>, id: PlaceId) -> Result<Option<Place>, StoreError> {
    let found = places::table
        .filter(places::id.eq(id.0))
        .filter(places::retired.eq(false))
        .select(Row::as_select())
        .first::<Row>(&mut tx.on())
        .await
        .optional()?;
    found.map(place_of).transpose()
}

/// The places of a unit, by number.
pub async fn list(tx: &Tx<'_>, unit: UnitId) -> Result<Vec<Place>, StoreError> {
    let rows = places::table
        .filter(places::unit.eq(unit.0))
        .filter(places::retired.eq(false))
        .order(places::number)
        .select(Row::as_select())
        .load::<Row>(&mut tx.on())
        .await?;
    rows.into_iter().map(place_of).collect()
}

/// Stores what was reported of a place.
pub async fn save_report(tx: &Tx<'_>, place: &Place) -> Result<(), StoreError> {
    let (state, reason, until) = match &place.state {
        PlaceState::Available => ("available", None, None),
        PlaceState::OutOfUse { reason, until } => ("out_of_use", Some(word(reason)?), *until),
    };
    let reported = (
        places::state.eq(state),
        places::reason.eq(reason),
        places::until.eq(until),
        places::reported_by.eq(place.reported.as_ref().map(|report| report.by.clone())),
        places::reported_at.eq(place.reported.as_ref().map(|report| report.at)),
    );
    let rows = Cached(diesel::update(places::table.filter(places::id.eq(place.id.0))).set(reported));
    saved_once("places", rows.execute(&mut tx.on()).await?)
}

fn place_of(row: Row) -> Result<Place, StoreError> {
    let reader = Reader::of("places", row.id);
    let state = match row.state.as_str() {
        "available" => PlaceState::Available,
        "out_of_use" => PlaceState::OutOfUse { reason: reader.needed_word("reason", row.reason)?, until: row.until },
        _ => return Err(reader.corrupt("an unknown state")),
    };
    Ok(Place {
        id: PlaceId(row.id),
        unit: UnitId(row.unit),
        number: reader.number("number", row.number)?,
        state,
        reported: row.reported_by.zip(row.reported_at).map(|(by, at)| Report { by, at }),
    })
}
