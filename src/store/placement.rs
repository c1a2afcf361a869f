//! Placements: from the reservation of places to the exit. Which places they take stands in `occupancy`.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::{
    AsChangeset, BoolExpressionMethods, ExpressionMethods, Insertable, OptionalExtension, QueryDsl, Queryable,
    Selectable, SelectableHelper,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{
    cached::Cached,
    error::StoreError,
    occupancy,
    schema::{locations, placements, units},
    transaction::Tx,
    words::{Reader, saved_once, word},
};
use crate::domain::{
    ids::{DecisionId, OrganisationCode, PlacementId, ReferralId, UnitId},
    placement::stay::{ExpectedEnd, Occupancy, Placement, PlacementState},
};

#[derive(Insertable, Queryable, Selectable, AsChangeset)]
#[diesel(table_name = placements, treat_none_as_default_value = false, treat_none_as_null = true)]
struct Row {
    id: Uuid,
    version: i64,
    referral: Uuid,
    unit: Uuid,
    decision: Uuid,
    reserved_at: DateTime<Utc>,
    end_on: Option<NaiveDate>,
    end_certainty: Option<String>,
    state: String,
    state_at: Option<DateTime<Utc>>,
    state_until: Option<DateTime<Utc>>,
    exit: Option<String>,
}

/// Stores a new placement and takes its places. A place that is taken already is a conflict.
pub async fn insert(tx: &Tx<'_>, placement: &Placement, places: &[Occupancy]) -> Result<(), StoreError> {
    let row = row_of(placement, placement.version)?;
    diesel::insert_into(placements::table).values(&row).execute(&mut tx.on()).await?;
    for place in places {
        occupancy::take(tx, place).await?;
    }
    Ok(())
}

/// Stores a placement as it is now, under its next version. After a disappearance its places are kept until then and no
/// longer; in every other state they are given back by [`occupancy::release`].
pub async fn save(tx: &Tx<'_>, placement: &mut Placement) -> Result<(), StoreError> {
    let next = placement.version + 1;
    let row = row_of(placement, next)?;
    let key = placements::id.eq(row.id).and(placements::version.eq(placement.version));
    let rows = Cached(diesel::update(placements::table.filter(key)).set(&row)).execute(&mut tx.on()).await?;
    saved_once("placements", rows)?;
    if let PlacementState::Disappeared { held_until, .. } = placement.state {
        occupancy::keep(tx, placement.id, held_until).await?;
    }
    placement.version = next;
    Ok(())
}

/// One placement.
pub async fn load(tx: &Tx<'_>, id: PlacementId) -> Result<Option<Placement>, StoreError> {
    let found = placements::table.find(id.0).select(Row::as_select()).first::<Row>(&mut tx.on()).await.optional()?;
    found.map(placement_of).transpose()
}

/// The placements of a referral, the newest first.
pub async fn of_referral(tx: &Tx<'_>, referral: ReferralId) -> Result<Vec<Placement>, StoreError> {
    let rows = placements::table
        .filter(placements::referral.eq(referral.0))
        .order(placements::number.desc())
        .select(Row::as_select())
        .load::<Row>(&mut tx.on())
        .await?;
    rows.into_iter().map(placement_of).collect()
}

/// The placements in units that an organisation runs, the newest first.
pub async fn of_organisation(tx: &Tx<'_>, own: &OrganisationCode) -> Result<Vec<Placement>, StoreError> {
    let run_by_it =
        units::table.inner_join(locations::table).filter(locations::organisation.eq(own.as_str())).select(units::id);
    let rows = placements::table
        .filter(placements::unit.eq_any(run_by_it))
        .order(placements::number.desc())
        .select(Row::as_select())
        .load::<Row>(&mut tx.on())
        .await?;
    rows.into_iter().map(placement_of).collect()
}

fn row_of(placement: &Placement, version: i64) -> Result<Row, StoreError> {
    let (mut state_at, mut state_until, mut exit) = (None, None, None);
    match &placement.state {
        PlacementState::Reserved { arrive_by } => state_until = Some(*arrive_by),
        PlacementState::Arrived { at }
        | PlacementState::InStay { arrived_at: at }
        | PlacementState::NoShow { at }
        | PlacementState::Cancelled { at } => state_at = Some(*at),
        PlacementState::Disappeared { at, held_until } => (state_at, state_until) = (Some(*at), Some(*held_until)),
        PlacementState::Exited { at, exit: how } => (state_at, exit) = (Some(*at), Some(word(how)?)),
    }
    Ok(Row {
        id: placement.id.0,
        version,
        referral: placement.referral.0,
        unit: placement.unit.0,
        decision: placement.decision.0,
        reserved_at: placement.reserved_at,
        end_on: placement.end.map(|end| end.on),
        end_certainty: placement.end.map(|end| word(&end.certainty)).transpose()?,
        state: placement.state.name().to_owned(),
        state_at,
        state_until,
        exit,
    })
}

fn placement_of(row: Row) -> Result<Placement, StoreError> {
    let reader = Reader::of("placements", row.id);
    // The CHECKs say that exactly the columns that belong to the state are there; the enum reads the same.
    let state = match (row.state.as_str(), row.state_at, row.state_until, row.exit) {
        ("reserved", None, Some(arrive_by), None) => PlacementState::Reserved { arrive_by },
        ("arrived", Some(at), None, None) => PlacementState::Arrived { at },
        ("in_stay", Some(arrived_at), None, None) => PlacementState::InStay { arrived_at },
        ("no_show", Some(at), None, None) => PlacementState::NoShow { at },
        ("cancelled", Some(at), None, None) => PlacementState::Cancelled { at },
        ("disappeared", Some(at), Some(held_until), None) => PlacementState::Disappeared { at, held_until },
        ("exited", Some(at), None, Some(exit)) => PlacementState::Exited { at, exit: reader.word("exit", exit)? },
        _ => return Err(reader.corrupt("the state and what belongs to it do not agree")),
    };
    Ok(Placement {
        id: PlacementId(row.id),
        version: row.version,
        referral: ReferralId(row.referral),
        unit: UnitId(row.unit),
        decision: DecisionId(row.decision),
        reserved_at: row.reserved_at,
        end: end_of(&reader, row.end_on, row.end_certainty)?,
        state,
    })
}

/// An announced end, of which both columns are there or neither.
pub(super) fn end_of(
    reader: &Reader<Uuid>,
    on: Option<NaiveDate>,
    certainty: Option<String>,
) -> Result<Option<ExpectedEnd>, StoreError> {
    match (on, certainty) {
        (None, None) => Ok(None),
        (Some(on), Some(certainty)) => {
            Ok(Some(ExpectedEnd { on, certainty: reader.word("end_certainty", certainty)? }))
        }
        (Some(_), None) | (None, Some(_)) => Err(reader.corrupt("an announced end is there only in part")),
    }
}
