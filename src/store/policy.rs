//! Policies of the engine: the documents by their hash, and which one was adopted when.

use chrono::{DateTime, Utc};
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, Queryable};
use diesel_async::RunQueryDsl;

use super::{
    error::StoreError,
    schema::{policies, policy_adoptions},
    transaction::Tx,
};

/// Adoptions with their documents, the last to begin first. A macro because the type of the query is longer than the query.
macro_rules! adoptions {
    () => {
        policy_adoptions::table
            .inner_join(policies::table)
            .order((policy_adoptions::valid_from.desc(), policy_adoptions::number.desc()))
            .select((
                policies::hash,
                policy_adoptions::name,
                policies::document,
                policy_adoptions::adopted_by,
                policy_adoptions::adopted_at,
                policy_adoptions::valid_from,
            ))
    };
}

/// A policy and its adoption.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct StoredPolicy {
    /// SHA-256 of the document in its canonical form, in hex.
    pub hash: String,
    /// Its name.
    pub name: String,
    /// The document as it was adopted.
    pub document: String,
    /// The identity (issuer and subject) that adopted it.
    pub adopted_by: String,
    /// When it was adopted.
    pub adopted_at: DateTime<Utc>,
    /// From when it is in force.
    pub valid_from: DateTime<Utc>,
}

/// Stores an adoption; the same policy may be adopted again after another one.
pub async fn insert(tx: &Tx<'_>, policy: &StoredPolicy) -> Result<(), StoreError> {
    diesel::insert_into(policies::table)
        .values((policies::hash.eq(&policy.hash), policies::document.eq(&policy.document)))
        .on_conflict_do_nothing()
        .execute(&mut tx.on())
        .await?;
    let adoption = (
        policy_adoptions::policy.eq(&policy.hash),
        policy_adoptions::name.eq(&policy.name),
        policy_adoptions::adopted_by.eq(&policy.adopted_by),
        policy_adoptions::adopted_at.eq(policy.adopted_at),
        policy_adoptions::valid_from.eq(policy.valid_from),
    );
    diesel::insert_into(policy_adoptions::table).values(adoption).execute(&mut tx.on()).await?;
    Ok(())
}

/// The policy in force at a moment: of those that were valid then, the one that began last.
pub async fn active(tx: &Tx<'_>, at: DateTime<Utc>) -> Result<Option<StoredPolicy>, StoreError> {
    let found = adoptions!().filter(policy_adoptions::valid_from.le(at)).first(&mut tx.on()).await.optional()?;
    Ok(found)
}

/// A policy by its hash, as it was adopted last.
pub async fn load(tx: &Tx<'_>, hash: &str) -> Result<Option<StoredPolicy>, StoreError> {
    let found = adoptions!().filter(policies::hash.eq(hash)).first(&mut tx.on()).await.optional()?;
    Ok(found)
}

/// Every adoption, the one in force first.
pub async fn list(tx: &Tx<'_>) -> Result<Vec<StoredPolicy>, StoreError> {
    Ok(adoptions!().load(&mut tx.on()).await?)
}
