//! The status of a case by an organisation's own reference. Police and public prosecutor learn this and no more.

use chrono::{DateTime, Utc};

use super::{Desk, Failure};
use crate::domain::audit::{Action, Call, Event, ObjectKind};
use crate::domain::purpose::may_state;
use crate::domain::referral::lifecycle::PublicStatus;
use crate::domain::role::Permission;
use crate::store;

/// What may be known: the status and since when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaseStatus {
    /// The status.
    pub status: PublicStatus,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// Looks up the organisation's own reference. An unknown and a foreign reference give the same answer, and every query
/// is in the trail before the answer leaves.
pub async fn query_status(desk: &Desk, call: &Call, reference: &str) -> Result<CaseStatus, Failure> {
    let at = desk.clock.now();
    let purpose = call.purpose.as_deref().unwrap_or_default();
    if !may_state(call.actor.role, Permission::QueryStatus, purpose) {
        let event = Event::new("status.queried", Action::Read, "query_status").refused("purpose-not-allowed");
        desk.store.record(call, at, vec![event]).await?;
        return Err(Failure::PurposeNotAllowed);
    }
    let organisation = call.actor.organisation.as_ref();
    let found = desk
        .store
        .read(async |tx| match organisation {
            Some(own) => Ok::<_, Failure>(store::referral::find_by_reference(tx, own, reference).await?),
            None => Ok(Vec::new()),
        })
        .await?;
    let event = Event::new("status.queried", Action::Read, "query_status");
    let newest = found.into_iter().max_by_key(|referral| referral.received_at);
    let event = match &newest {
        Some(referral) => {
            event.about(ObjectKind::Referral, referral.id).person(referral.id).fields(["status", "statusChangedAt"])
        }
        None => event.refused("not-found"),
    };
    desk.store.record(call, at, vec![event]).await?;
    let referral = newest.ok_or(Failure::NotFound)?;
    Ok(CaseStatus { status: referral.state.public_status(), since: referral.status_since })
}
