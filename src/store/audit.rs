//! The trail in the database: the fence, appending, and reading back what was stored.

use chrono::{DateTime, Utc};
use diesel::{ExpressionMethods, Insertable, OptionalExtension, QueryDsl, Queryable, Selectable, SelectableHelper};
use diesel::{
    dsl::{exists, sql},
    sql_types::Bool,
};
use diesel_async::RunQueryDsl;
use futures_util::future::try_join_all;

use super::{
    cached::Cached,
    error::StoreError,
    schema::{audit_entries, audit_head},
    transaction::Tx,
};
use crate::domain::{
    audit::{
        Actor, EntryFilter,
        chain::{Head, Link, StoredEntry},
    },
    ids::ReferralId,
};

/// Entries that are read at once while the whole trail is checked: some megabytes.
const PAGE: i64 = 1000;

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = audit_entries, treat_none_as_default_value = false)]
struct Row {
    index: i64,
    link: Vec<u8>,
    text: String,
}

/// Takes the fence: waits for all earlier writers, keeps later ones waiting until this transaction ends.
pub(super) async fn take_fence(tx: &Tx<'_>) -> Result<Head, StoreError> {
    let row = audit_head::table
        .select((audit_head::index, audit_head::link))
        .for_update()
        .first::<(i64, Vec<u8>)>(&mut tx.on())
        .await
        .optional()?;
    head_of(row)
}

/// The head of the chain.
pub async fn head(tx: &Tx<'_>) -> Result<Head, StoreError> {
    let row = audit_head::table
        .select((audit_head::index, audit_head::link))
        .first::<(i64, Vec<u8>)>(&mut tx.on())
        .await
        .optional()?;
    head_of(row)
}

fn head_of(row: Option<(i64, Vec<u8>)>) -> Result<Head, StoreError> {
    let (index, link) = row.ok_or_else(|| StoreError::corrupt("audit_head", "", "the row is missing"))?;
    Ok(Head { index: number("audit_head", index)?, link: link_of("audit_head", index, link)? })
}

/// Adds entries behind the head whose fence was taken, and moves the head.
pub(super) async fn append(tx: &Tx<'_>, entries: Vec<StoredEntry>) -> Result<(), StoreError> {
    let Some(last) = entries.last() else { return Ok(()) };
    let moved = Cached(
        diesel::update(audit_head::table)
            .set((audit_head::index.eq(last.index.cast_signed()), audit_head::link.eq(last.link.0.to_vec()))),
    );
    let rows = entries.into_iter().map(|entry| Row {
        index: entry.index.cast_signed(),
        link: entry.link.0.to_vec(),
        text: entry.text,
    });
    let added =
        try_join_all(rows.map(|row| diesel::insert_into(audit_entries::table).values(row).execute(&mut tx.on())));
    futures_util::try_join!(added, moved.execute(&mut tx.on()))?;
    Ok(())
}

/// Entries in the order of their numbers.
pub async fn list(tx: &Tx<'_>, filter: &EntryFilter) -> Result<Vec<StoredEntry>, StoreError> {
    let mut query = audit_entries::table
        .filter(audit_entries::index.ge(filter.from_index.cast_signed()))
        .order(audit_entries::index)
        .limit(filter.limit)
        .select(Row::as_select())
        .into_boxed();
    if let Some(person) = filter.referral {
        query = query.filter(audit_entries::person.eq(person.to_string()));
    }
    if let Some(subject) = &filter.subject {
        query = query.filter(audit_entries::subject.eq(subject.clone()));
    }
    if let Some(issuer) = &filter.issuer {
        query = query.filter(audit_entries::issuer.eq(issuer.clone()));
    }
    if let Some(from) = filter.from {
        query = query.filter(audit_entries::occurred_at.ge(as_stored(from)));
    }
    if let Some(until) = filter.until {
        query = query.filter(audit_entries::occurred_at.lt(as_stored(until)));
    }
    if let Some(event_type) = &filter.event_type {
        query = query.filter(audit_entries::event_type.eq(event_type.clone()));
    }
    query.load(&mut tx.on()).await?.into_iter().map(entry_of).collect()
}

/// True if this person of CoMensha, or of wherever, has done something in a case; looking at it does not count.
pub async fn has_acted(tx: &Tx<'_>, person: ReferralId, actor: &Actor) -> Result<bool, StoreError> {
    let acts = audit_entries::table
        .filter(audit_entries::person.eq(person.to_string()))
        .filter(audit_entries::issuer.eq(actor.issuer.clone()))
        .filter(audit_entries::subject.eq(actor.subject.clone()))
        .filter(sql::<Bool>("text::json #>> '{event,action}' <> 'R' AND outcome = 'permitted'"));
    Ok(diesel::select(exists(acts)).get_result(&mut tx.on()).await?)
}

/// A moment as the text of an entry has it.
fn as_stored(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

/// The next page of the whole trail behind `after`; empty at its end.
pub async fn page_after(tx: &Tx<'_>, after: u64) -> Result<Vec<StoredEntry>, StoreError> {
    let rows = audit_entries::table
        .filter(audit_entries::index.gt(after.cast_signed()))
        .order(audit_entries::index)
        .limit(PAGE)
        .select(Row::as_select())
        .load(&mut tx.on())
        .await?;
    rows.into_iter().map(entry_of).collect()
}

fn entry_of(row: Row) -> Result<StoredEntry, StoreError> {
    let link = link_of("audit_entries", row.index, row.link)?;
    Ok(StoredEntry { index: number("audit_entries", row.index)?, text: row.text, link })
}

fn number(table: &str, index: i64) -> Result<u64, StoreError> {
    u64::try_from(index).map_err(|_| StoreError::corrupt(table, index, "a negative number"))
}

fn link_of(table: &str, index: i64, link: Vec<u8>) -> Result<Link, StoreError> {
    link.try_into().map(Link).map_err(|_| StoreError::corrupt(table, index, "the link has not 32 bytes"))
}
