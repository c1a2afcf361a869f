//! Adding or correcting facts of a referral. What is not named stays as it was.

use chrono::{DateTime, Utc};

use super::stop_sharing::stop_unfounded;
use super::submit_referral::{check_ground, send};
use super::{Answer, Desk, Failure, done, refused};
use crate::domain::audit::{Action, Call, Event, ObjectKind, Sensitivity};
use crate::domain::ids::ReferralId;
use crate::domain::placement::refusal::{MissingGround, Refusal};
use crate::domain::referral::amendment::Amendment;
use crate::domain::referral::lifecycle::{ReferralState, Step, WrongState};
use crate::domain::referral::reasons::WithdrawalReason;
use crate::domain::referral::request::Referral;
use crate::domain::role::{Role, Scope};
use crate::store;

/// Amends a referral. A completed or newly consented one comes back to `submitted`; one without consent is registered
/// only. Where the ground for a shelter request is lost, every open proposal and reservation that rested on it is taken
/// back in the same write; withdrawn consent to be registered withdraws the referral.
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
            let regrounded = amendment.ground.is_some();
            amendment.apply_to(&mut referral);
            if let Err(refusal) = restate(&mut referral, call, submit, regrounded, at) {
                return refused(refusal, event);
            }
            let stopped = stop_unfounded(tx, &mut referral, at, "amend_referral").await?;
            store::referral::save(tx, &mut referral).await?;
            Ok(done(referral, event)?.and_all(stopped))
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

/// Where the referral stands after the change, if there is a ground to keep it.
fn restate(
    referral: &mut Referral,
    call: &Call,
    submit: bool,
    regrounded: bool,
    at: DateTime<Utc>,
) -> Result<(), Refusal> {
    let is_draft = referral.state == ReferralState::Draft && !submit;
    if !is_draft && regrounded {
        match check_ground(referral, call, at) {
            Err(Refusal::RegistrationGroundMissing(MissingGround::Withdrawn)) => {
                return Ok(referral.step(Step::Withdraw(WithdrawalReason::ConsentWithdrawn), at)?);
            }
            checked => checked?,
        }
    } else if submit {
        check_ground(referral, call, at)?;
    }
    match referral.state {
        ReferralState::Draft if !submit => Ok(()),
        ReferralState::Draft | ReferralState::Submitted | ReferralState::Incomplete | ReferralState::Registered => {
            Ok(send(referral, at)?)
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
        | ReferralState::Closed => {
            Err(WrongState { from: referral.state.name().into(), attempted: "amend".into() }.into())
        }
    }
}
