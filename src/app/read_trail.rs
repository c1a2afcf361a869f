//! Reading and verifying the audit trail. Reading it is recorded in it.

use super::{Desk, Failure};
use crate::domain::audit::chain::{ChainFault, Head, StoredEntry};
use crate::domain::audit::{Action, Call, EntryFilter, Event, ObjectKind};
use crate::domain::role::Scope;
use crate::store;

/// Finds entries of the trail, by index: who saw a person, what somebody did between two moments. The auditor reads every
/// one, a coordinator those about a case in which it has done something itself.
pub async fn find_audit_entries(
    desk: &Desk,
    call: &Call,
    scope: Scope,
    filter: EntryFilter,
    operation: &'static str,
) -> Result<Vec<StoredEntry>, Failure> {
    let found = desk
        .store
        .read(async |tx| {
            let is_open = match filter.referral {
                _ if scope == Scope::Full => true,
                Some(case) => store::audit::has_acted(tx, case, &call.actor).await?,
                None => false,
            };
            Ok::<_, Failure>(if is_open { Some(store::audit::list(tx, &filter).await?) } else { None })
        })
        .await?;
    let event = Event::new("audit.read", Action::Read, operation);
    let event = match filter.referral {
        Some(referral) => event.about(ObjectKind::Referral, referral).person(referral),
        None => event.about_all(ObjectKind::AuditTrail),
    };
    let event = if found.is_some() { event } else { event.refused("not-found") };
    desk.store.record(call, desk.clock.now(), vec![event]).await?;
    found.ok_or(Failure::NotFound)
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
