//! Adding or correcting facts of a referral. What is not named stays as it was.

use chrono::{DateTime, Utc};

use super::cancel_proposal::cancel_live;
use super::submit_referral::send;
use super::{Answer, Desk, Failure, done, refused};
use crate::domain::audit::{Action, Call, Event, ObjectKind, Sensitivity};
use crate::domain::ids::ReferralId;
use crate::domain::placement::refusal::Refusal;
use crate::domain::referral::amendment::Amendment;
use crate::domain::referral::lifecycle::{ReferralState, WrongState};
use crate::domain::referral::request::Referral;
use crate::domain::role::{Role, Scope};
use crate::store;

/// Amends a referral. A completed or newly consented one comes back to `submitted`; one without consent is registered
/// only. Withdrawn consent takes back every open proposal in the same write.
pub async fn amend_referral(
    desk: &Desk,
    call: &Call,
    scope: Scope,
    id: ReferralId,
    amendment: Amendment,
) -> Result<Answer<Referral>, Failure> {
    let at = desk.clock.now();
    desk.store
        .write(call, at, async |tx| {
            let found = store::referral::load(tx, id).await?.ok_or(Failure::NotFound)?;
            let mut referral = owned(found, call, scope)?;
            let event = Event::new("referral.amended", Action::Update, "amend_referral")
                .about(ObjectKind::Referral, id)
                .person(id)
                .sensitivity(Sensitivity::Special)
                .fields(amendment.names());
            let submit = amendment.submit;
            amendment.apply_to(&mut referral);
            if let Some(refusal) = restate(&mut referral, submit, at) {
                return refused(refusal, event);
            }
            store::referral::save(tx, &mut referral).await?;
            let cancelled = if referral.asks_for_shelter() {
                Vec::new()
            } else {
                cancel_live(tx, id, at, "amend_referral").await?
            };
            Ok(done(referral, event)?.and_all(cancelled))
        })
        .await
}

/// A referrer amends what its own organisation sent; the coordinator amends every referral.
fn owned(referral: Referral, call: &Call, scope: Scope) -> Result<Referral, Failure> {
    let own = referral.is_referred_by(&call.actor.issuer, &call.actor.subject, call.actor.organisation.as_ref());
    match scope {
        Scope::Full => Ok(referral),
        Scope::Own if own && call.actor.role != Role::Shelter => Ok(referral),
        Scope::Own | Scope::Status => Err(Failure::NotFound),
    }
}

fn restate(referral: &mut Referral, submit: bool, at: DateTime<Utc>) -> Option<Refusal> {
    let sent = match referral.state {
        ReferralState::Draft if !submit => Ok(()),
        ReferralState::Draft | ReferralState::Submitted | ReferralState::Incomplete | ReferralState::Registered => {
            send(referral, at)
        }
        ReferralState::Assessing
        | ReferralState::Eligible
        | ReferralState::NeedsReview
        | ReferralState::NotEligible
        | ReferralState::Matching
        | ReferralState::WaitingList
        | ReferralState::Placed => Ok(()),
        ReferralState::Redirected { .. }
        | ReferralState::Refused { .. }
        | ReferralState::Withdrawn { .. }
        | ReferralState::Closed => Err(WrongState { from: referral.state.name().into(), attempted: "amend".into() }),
    };
    sent.err().map(Refusal::WrongState)
}
