//! Proposals, and the holds they have on places. A hold counts until its deadline, whether or not anybody wrote it down.

use chrono::{DateTime, Utc};
use diesel::{
    AsChangeset, BoolExpressionMethods, ExpressionMethods, Insertable, NullableExpressionMethods, OptionalExtension,
    QueryDsl, Queryable, Selectable, SelectableHelper,
};
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use super::{
    cached::Cached,
    error::StoreError,
    schema::{locations, proposal_departures, proposals, units},
    transaction::Tx,
    words::{Reader, document, saved_once, word},
};
use crate::domain::{
    ids::{OrganisationCode, ProposalId, ReferralId, ResultId, UnitId},
    placement::proposal::{Departure, Proposal, ProposalState},
};

#[derive(Insertable, Queryable, Selectable, AsChangeset)]
#[diesel(table_name = proposals, treat_none_as_default_value = false, treat_none_as_null = true)]
struct Row {
    id: Uuid,
    version: i64,
    referral: Uuid,
    unit: Uuid,
    result: Uuid,
    beds: i32,
    standing: String,
    departure: Option<String>,
    answers: Value,
    proposed_by: String,
    created_at: DateTime<Utc>,
    state: String,
    state_at: Option<DateTime<Utc>>,
    hold_until: Option<DateTime<Utc>>,
    objection: Option<String>,
    decline: Option<String>,
}

/// A proposal, and its departure in words if it has one.
type Joined = (Row, Option<String>);

/// Proposals, the newest first. A macro because the type of the query is longer than the query.
macro_rules! newest_first {
    () => {
        proposals::table
            .left_join(proposal_departures::table)
            .order(proposals::number.desc())
            .select((Row::as_select(), proposal_departures::reason.nullable()))
    };
}

/// Stores a new proposal. A referral has one live proposal at most; a second one is a conflict.
pub async fn insert(tx: &Tx<'_>, proposal: &Proposal) -> Result<(), StoreError> {
    let row = row_of(proposal, proposal.version)?;
    diesel::insert_into(proposals::table).values(&row).execute(&mut tx.on()).await?;
    save_departure(tx, proposal).await
}

/// Stores a proposal as it is now, under its next version.
pub async fn save(tx: &Tx<'_>, proposal: &mut Proposal) -> Result<(), StoreError> {
    let next = proposal.version + 1;
    let row = row_of(proposal, next)?;
    let key = proposals::id.eq(row.id).and(proposals::version.eq(proposal.version));
    let rows = Cached(diesel::update(proposals::table.filter(key)).set(&row)).execute(&mut tx.on()).await?;
    saved_once("proposals", rows)?;
    save_departure(tx, proposal).await?;
    proposal.version = next;
    Ok(())
}

/// A prepared proposal gets its departure when it is sent; one that has a departure keeps one.
async fn save_departure(tx: &Tx<'_>, proposal: &Proposal) -> Result<(), StoreError> {
    let Some(departure) = &proposal.departure else { return Ok(()) };
    let upsert = diesel::insert_into(proposal_departures::table)
        .values((proposal_departures::proposal.eq(proposal.id.0), proposal_departures::reason.eq(&departure.text)))
        .on_conflict(proposal_departures::proposal)
        .do_update()
        .set(proposal_departures::reason.eq(diesel::upsert::excluded(proposal_departures::reason)));
    Cached(upsert).execute(&mut tx.on()).await?;
    Ok(())
}

/// One proposal.
pub async fn load(tx: &Tx<'_>, id: ProposalId) -> Result<Option<Proposal>, StoreError> {
    let found = newest_first!().filter(proposals::id.eq(id.0)).first::<Joined>(&mut tx.on()).await.optional()?;
    found.map(proposal_of).transpose()
}

/// The proposal that holds places for a referral at `at`, if there is one.
pub async fn live_of(tx: &Tx<'_>, referral: ReferralId, at: DateTime<Utc>) -> Result<Option<Proposal>, StoreError> {
    let live = newest_first!().filter(proposals::referral.eq(referral.0)).filter(proposals::hold_until.gt(at));
    live.first::<Joined>(&mut tx.on()).await.optional()?.map(proposal_of).transpose()
}

/// All proposals that hold places at `at`, the newest first.
pub async fn list_live(tx: &Tx<'_>, at: DateTime<Utc>) -> Result<Vec<Proposal>, StoreError> {
    let live = newest_first!().filter(proposals::hold_until.gt(at));
    live.load::<Joined>(&mut tx.on()).await?.into_iter().map(proposal_of).collect()
}

/// The proposals of a referral, the newest first.
pub async fn list_of_referral(tx: &Tx<'_>, referral: ReferralId) -> Result<Vec<Proposal>, StoreError> {
    let own = newest_first!().filter(proposals::referral.eq(referral.0));
    own.load::<Joined>(&mut tx.on()).await?.into_iter().map(proposal_of).collect()
}

/// The proposals of units that an organisation runs, the newest first.
pub async fn list_of_organisation(tx: &Tx<'_>, own: &OrganisationCode) -> Result<Vec<Proposal>, StoreError> {
    let run_by_it =
        units::table.inner_join(locations::table).filter(locations::organisation.eq(own.as_str())).select(units::id);
    let made_to_it = newest_first!().filter(proposals::unit.eq_any(run_by_it));
    made_to_it.load::<Joined>(&mut tx.on()).await?.into_iter().map(proposal_of).collect()
}

/// Writes down the holds that have lapsed by `at`, and gives back their proposals as they are now, in the order they were made.
pub async fn expire_lapsed(tx: &Tx<'_>, at: DateTime<Utc>) -> Result<Vec<Proposal>, StoreError> {
    let lapsed = proposals::table.filter(proposals::hold_until.le(at));
    let expired: Vec<Uuid> = Cached(
        diesel::update(lapsed)
            .set((
                proposals::state.eq("expired"),
                proposals::state_at.eq(proposals::hold_until),
                proposals::hold_until.eq(None::<DateTime<Utc>>),
                proposals::version.eq(proposals::version + 1),
            ))
            .returning(proposals::id),
    )
    .get_results(&mut tx.on())
    .await?;
    if expired.is_empty() {
        return Ok(Vec::new());
    }
    let written = newest_first!().filter(proposals::id.eq_any(expired));
    written.load::<Joined>(&mut tx.on()).await?.into_iter().rev().map(proposal_of).collect()
}

/// The units whose objection to a referral stands: it was not answered by sending the proposal again.
pub async fn objected_units(tx: &Tx<'_>, referral: ReferralId) -> Result<Vec<UnitId>, StoreError> {
    let units: Vec<Uuid> = proposals::table
        .filter(proposals::referral.eq(referral.0))
        .filter(proposals::state.eq("objected"))
        .order(proposals::unit)
        .select(proposals::unit)
        .distinct()
        .load(&mut tx.on())
        .await?;
    Ok(units.into_iter().map(UnitId).collect())
}

fn row_of(proposal: &Proposal, version: i64) -> Result<Row, StoreError> {
    let (mut state_at, mut objection, mut decline) = (None, None, None);
    match &proposal.state {
        ProposalState::Draft => {}
        ProposalState::Sent { sent_at: at, .. }
        | ProposalState::Accepted { at, .. }
        | ProposalState::Expired { at }
        | ProposalState::Confirmed { at }
        | ProposalState::Cancelled { at } => state_at = Some(*at),
        ProposalState::Objected { at, reason } => (state_at, objection) = (Some(*at), Some(word(reason)?)),
        ProposalState::DeclinedByVictim { at, reason } => (state_at, decline) = (Some(*at), Some(word(reason)?)),
    }
    Ok(Row {
        id: proposal.id.0,
        version,
        referral: proposal.referral.0,
        unit: proposal.unit.0,
        result: proposal.result.0,
        beds: proposal.beds.into(),
        standing: word(&proposal.standing)?,
        departure: proposal.departure.as_ref().map(|departure| word(&departure.reason)).transpose()?,
        answers: document(&proposal.answers)?,
        proposed_by: proposal.proposed_by.clone(),
        created_at: proposal.created_at,
        state: proposal.state.name().to_owned(),
        state_at,
        hold_until: proposal.state.hold_until(),
        objection,
        decline,
    })
}

fn proposal_of((row, words): Joined) -> Result<Proposal, StoreError> {
    let reader = Reader::of("proposals", row.id);
    // The CHECKs say that exactly the columns that belong to the state are there; the enum reads the same.
    let state = match (row.state.as_str(), row.state_at, row.hold_until, row.objection, row.decline) {
        ("draft", None, None, None, None) => ProposalState::Draft,
        ("sent", Some(sent_at), Some(hold_until), None, None) => ProposalState::Sent { sent_at, hold_until },
        ("accepted", Some(at), Some(hold_until), None, None) => ProposalState::Accepted { at, hold_until },
        ("objected", Some(at), None, Some(reason), None) => {
            ProposalState::Objected { at, reason: reader.word("objection", reason)? }
        }
        ("expired", Some(at), None, None, None) => ProposalState::Expired { at },
        ("confirmed", Some(at), None, None, None) => ProposalState::Confirmed { at },
        ("declined_by_victim", Some(at), None, None, Some(reason)) => {
            ProposalState::DeclinedByVictim { at, reason: reader.word("decline", reason)? }
        }
        ("cancelled", Some(at), None, None, None) => ProposalState::Cancelled { at },
        _ => return Err(reader.corrupt("the state and what belongs to it do not agree")),
    };
    let departure = match (row.departure, words) {
        (None, None) => None,
        (Some(reason), Some(text)) => Some(Departure { reason: reader.word("departure", reason)?, text }),
        (Some(_), None) | (None, Some(_)) => return Err(reader.corrupt("a departure is there only in part")),
    };
    Ok(Proposal {
        id: ProposalId(row.id),
        version: row.version,
        referral: ReferralId(row.referral),
        unit: UnitId(row.unit),
        result: ResultId(row.result),
        beds: reader.number("beds", row.beds)?,
        standing: reader.word("standing", row.standing)?,
        departure,
        answers: reader.document("answers", row.answers)?,
        proposed_by: row.proposed_by,
        created_at: row.created_at,
        state,
    })
}
