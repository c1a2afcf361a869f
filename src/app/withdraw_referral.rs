//! Withdrawing a referral: open proposals are taken back, a reserved place is freed, the trail stays.

use super::{Answer, Desk, Failure, done, refused};
use crate::domain::audit::{Action, Call, Event, ObjectKind, Sensitivity};
use crate::domain::ids::ReferralId;
use crate::domain::referral::lifecycle::Step;
use crate::domain::referral::reasons::WithdrawalReason;
use crate::domain::referral::request::Referral;
use crate::domain::role::Scope;
use crate::store;

/// Withdraws a referral, with all that was still open for it, in one write.
pub async fn withdraw_referral(
    desk: &Desk,
    call: &Call,
    scope: Scope,
    id: ReferralId,
    reason: WithdrawalReason,
) -> Result<Answer<Referral>, Failure> {
    let at = desk.clock.now();
    desk.store
        .write(call, at, async |tx| {
            let mut referral = store::referral::load(tx, id).await?.ok_or(Failure::NotFound)?;
            let actor = &call.actor;
            let own = referral.is_referred_by(&actor.issuer, &actor.subject, actor.organisation.as_ref());
            if scope != Scope::Full && !own {
                return Err(Failure::NotFound);
            }
            let event = Event::new("referral.withdrawn", Action::Update, "withdraw_referral")
                .about(ObjectKind::Referral, id)
                .person(id)
                .sensitivity(Sensitivity::Special)
                .reason(code(reason));
            if let Err(wrong) = referral.step(Step::Withdraw(reason), at) {
                return refused(wrong.into(), event);
            }
            if reason == WithdrawalReason::ConsentWithdrawn {
                referral.consent.withdrawn_at = Some(at);
            }
            let stopped = super::stop_sharing::stop_unfounded(tx, &mut referral, at, "withdraw_referral").await?;
            store::referral::save(tx, &mut referral).await?;
            Ok(done(referral, event)?.and_all(stopped))
        })
        .await
}

fn code(reason: WithdrawalReason) -> &'static str {
    match reason {
        WithdrawalReason::ByVictim => "by_victim",
        WithdrawalReason::ByReferrer => "by_referrer",
        WithdrawalReason::ConsentWithdrawn => "consent_withdrawn",
        WithdrawalReason::ContactLost => "contact_lost",
        WithdrawalReason::Other => "other",
    }
}
