//! Reading a stored match, and recomputing it: the same input gives the same bytes, or it is an incident.

use super::{Desk, Failure};
use crate::domain::audit::{Action, Call, Event, ObjectKind, Sensitivity};
use crate::domain::ids::{ReferralId, ResultId};
use crate::store;
use crate::store::match_result::StoredMatch;

/// Reads the latest match of a referral, or one by its id.
pub async fn read_match(
    desk: &Desk,
    call: &Call,
    referral: ReferralId,
    result: Option<ResultId>,
) -> Result<StoredMatch, Failure> {
    let at = desk.clock.now();
    let found = desk
        .store
        .read(async |tx| {
            Ok::<_, Failure>(match result {
                Some(id) => store::match_result::load(tx, id).await?.filter(|found| found.referral == referral),
                None => store::match_result::latest(tx, referral).await?,
            })
        })
        .await?;
    let event = Event::new("match.read", Action::Read, "read_match").sensitivity(Sensitivity::Special);
    let event = match &found {
        Some(stored) => event.about(ObjectKind::MatchResult, stored.id).person(stored.referral),
        None => event.about(ObjectKind::Referral, referral).refused("not-found"),
    };
    desk.store.record(call, at, vec![event]).await?;
    found.ok_or(Failure::NotFound)
}
