//! Match results, exactly as the engine wrote them, so that they can be replayed byte for byte.

use chrono::{DateTime, Utc};
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{
    error::StoreError,
    schema::{match_documents, match_results},
    transaction::Tx,
};
use crate::domain::ids::{ReferralId, ResultId};
use crate::domain::once::Receipt;

/// A stored match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredMatch {
    /// Its id.
    pub id: ResultId,
    /// For whom.
    pub referral: ReferralId,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// Hash of the policy, in hex.
    pub policy_hash: String,
    /// Hash of the texts, in hex.
    pub texts_hash: String,
    /// What the engine read, as canonical JSON.
    pub input: String,
    /// What it answered, as canonical JSON.
    pub result: String,
    /// The advice beside it, as JSON.
    pub advice: String,
}

impl From<&StoredMatch> for Receipt {
    fn from(made: &StoredMatch) -> Self {
        Self { referral: Some(made.referral), ..Self::new(made.id.0, "made") }
    }
}

type Columns = (Uuid, Uuid, DateTime<Utc>, String, String, String, String, String);

/// Results with their documents, the newest first. A macro because the type of the query is longer than the query.
macro_rules! results {
    () => {
        match_results::table.inner_join(match_documents::table).order(match_results::number.desc()).select((
            match_results::id,
            match_results::referral,
            match_results::made_at,
            match_results::policy_hash,
            match_results::texts_hash,
            match_documents::input,
            match_documents::output,
            match_documents::advice,
        ))
    };
}

/// Stores a match.
pub async fn insert(tx: &Tx<'_>, made: &StoredMatch) -> Result<(), StoreError> {
    let row = (
        match_results::id.eq(made.id.0),
        match_results::referral.eq(made.referral.0),
        match_results::made_at.eq(made.made_at),
        match_results::policy_hash.eq(&made.policy_hash),
        match_results::texts_hash.eq(&made.texts_hash),
    );
    diesel::insert_into(match_results::table).values(row).execute(&mut tx.on()).await?;
    let documents = (
        match_documents::result.eq(made.id.0),
        match_documents::input.eq(&made.input),
        match_documents::output.eq(&made.result),
        match_documents::advice.eq(&made.advice),
    );
    diesel::insert_into(match_documents::table).values(documents).execute(&mut tx.on()).await?;
    Ok(())
}

/// One match.
pub async fn load(tx: &Tx<'_>, id: ResultId) -> Result<Option<StoredMatch>, StoreError> {
    let found = results!().filter(match_results::id.eq(id.0)).first::<Columns>(&mut tx.on()).await.optional()?;
    Ok(found.map(stored))
}

/// The match of a referral that was made last.
pub async fn latest(tx: &Tx<'_>, referral: ReferralId) -> Result<Option<StoredMatch>, StoreError> {
    let own = results!().filter(match_results::referral.eq(referral.0));
    Ok(own.first::<Columns>(&mut tx.on()).await.optional()?.map(stored))
}

fn stored((id, referral, made_at, policy_hash, texts_hash, input, result, advice): Columns) -> StoredMatch {
    let (id, referral) = (ResultId(id), ReferralId(referral));
    StoredMatch { id, referral, made_at, policy_hash, texts_hash, input, result, advice }
}
