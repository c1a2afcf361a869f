//! What was answered to a request that takes effect once, kept in the transaction of the effect.
//!
//! Invariant: at most one answer per key, and none older than a day is ever given: age is judged by the clock of the
//! service, and whoever keeps an answer removes the old ones.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::{ExpressionMethods, Insertable, OptionalExtension, QueryDsl};
use diesel_async::RunQueryDsl;

use super::{error::StoreError, schema::kept_answers, transaction::Tx};
use crate::domain::once::Once;

/// So long a request can be repeated.
const KEPT: TimeDelta = TimeDelta::hours(24);

diesel::define_sql_function! {
    /// True if nobody else holds this lock; it is held until the transaction ends.
    fn pg_try_advisory_xact_lock(key: diesel::sql_types::BigInt) -> Bool;
}

#[derive(Insertable)]
#[diesel(table_name = kept_answers, treat_none_as_default_value = false)]
struct Row<'a> {
    key: &'a str,
    body: &'a str,
    answer: &'a str,
    kept_at: DateTime<Utc>,
}

/// What came under a key before.
pub(super) enum Earlier {
    /// The same request; holds its answer.
    Same(String),
    /// Another request.
    Other,
}

/// Takes the lock on the key of a request; false if the same request is under way.
pub(super) async fn lock(tx: &Tx<'_>, once: &Once) -> Result<bool, StoreError> {
    // Two keys that begin alike wait for each other, no more.
    let number = once.key().get(..16).and_then(|start| u64::from_str_radix(start, 16).ok());
    let number = number.ok_or_else(|| StoreError::Query("a key that is no hash".to_owned()))?.cast_signed();
    Ok(diesel::select(pg_try_advisory_xact_lock(number)).get_result(&mut tx.on()).await?)
}

/// What came under this key in the last day.
pub(super) async fn find(tx: &Tx<'_>, once: &Once, at: DateTime<Utc>) -> Result<Option<Earlier>, StoreError> {
    let found = kept_answers::table
        .filter(kept_answers::key.eq(once.key()))
        .filter(kept_answers::kept_at.gt(at - KEPT))
        .select((kept_answers::body, kept_answers::answer))
        .first::<(String, String)>(&mut tx.on())
        .await
        .optional()?;
    Ok(found.map(|(body, answer)| if body == once.body() { Earlier::Same(answer) } else { Earlier::Other }))
}

/// Keeps an answer, and removes those that nobody can ask for again.
pub(super) async fn keep(tx: &Tx<'_>, once: &Once, answer: &str, at: DateTime<Utc>) -> Result<(), StoreError> {
    let old = diesel::delete(kept_answers::table.filter(kept_answers::kept_at.le(at - KEPT)));
    let row = Row { key: once.key(), body: once.body(), answer, kept_at: at };
    let kept = diesel::insert_into(kept_answers::table).values(row);
    futures_util::try_join!(old.execute(&mut tx.on()), kept.execute(&mut tx.on()))?;
    Ok(())
}
