//! Reading the decisions on a referral.

use super::{Desk, Failure};
use crate::domain::audit::{Action, Call, Event, ObjectKind};
use crate::domain::ids::ReferralId;
use crate::domain::placement::decision::Decision;
use crate::store;

/// The decisions on one referral, newest first.
pub async fn list_decisions(desk: &Desk, call: &Call, referral: ReferralId) -> Result<Vec<Decision>, Failure> {
    let at = desk.clock.now();
    let found = desk
        .store
        .read(async |tx| {
            store::referral::load(tx, referral).await?.ok_or(Failure::NotFound)?;
            Ok::<_, Failure>(store::decision::list(tx, referral).await?)
        })
        .await?;
    let event = Event::new("decision.listed", Action::Read, "list_decisions")
        .about(ObjectKind::Referral, referral)
        .person(referral);
    desk.store.record(call, at, vec![event]).await?;
    Ok(found)
}
