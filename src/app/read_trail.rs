//! Reading and verifying the audit trail. Reading it is recorded in it.

use super::{Desk, Failure};
use crate::domain::audit::chain::{ChainFault, Head, StoredEntry};
use crate::domain::audit::{Action, Call, EntryFilter, Event, ObjectKind};
use crate::domain::role::Scope;
use crate::store;

/// Lists entries of the trail, by index. The auditor reads every one; a coordinator those about one referral.
pub async fn list_audit_entries(
    desk: &Desk,
    call: &Call,
    scope: Scope,
    filter: EntryFilter,
) -> Result<Vec<StoredEntry>, Failure> {
    if scope != Scope::Full && filter.referral.is_none() {
        return Err(Failure::NotFound);
    }
    let found = desk.store.read(async |tx| Ok::<_, Failure>(store::audit::list(tx, &filter).await?)).await?;
    let event = Event::new("audit.read", Action::Read, "list_audit_entries");
    let event = match filter.referral {
        Some(referral) => event.about(ObjectKind::Referral, referral).person(referral),
        None => event.about_all(ObjectKind::AuditTrail),
    };
    desk.store.record(call, desk.clock.now(), vec![event]).await?;
    Ok(found)
}

/// Verifies the whole chain, against a head that was noted elsewhere if one is given.
pub async fn verify_audit_entries(
    desk: &Desk,
    call: &Call,
    expected: Option<Head>,
) -> Result<Result<Head, ChainFault>, Failure> {
    let verified = desk.store.verify_trail(expected).await?;
    let event = Event::new("audit.verified", Action::Execute, "verify_audit_entries").about_all(ObjectKind::AuditTrail);
    let event = if verified.is_ok() { event } else { event.failed("audit-unavailable") };
    desk.store.record(call, desk.clock.now(), vec![event]).await?;
    Ok(verified)
}
