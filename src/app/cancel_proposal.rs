//! Taking a proposal back, or recording that the victim declines it. Its hold ends at once.

use chrono::{DateTime, Utc};

use super::{Answer, Desk, Failure, done, refused};
use crate::domain::audit::{Action, Call, Event, ObjectKind};
use crate::domain::ids::{ProposalId, ReferralId};
use crate::domain::placement::proposal::Proposal;
use crate::domain::referral::reasons::DeclineReason;
use crate::store::{self, Tx};

/// Ends a proposal: with a reason it was the victim who declined, without one CoMensha took it back.
pub async fn cancel_proposal(
    desk: &Desk,
    call: &Call,
    id: ProposalId,
    declined: Option<DeclineReason>,
) -> Result<Answer<Proposal>, Failure> {
    let at = desk.clock.now();
    desk.store
        .write(call, at, async |tx| {
            let mut proposal = store::proposal::load(tx, id).await?.ok_or(Failure::NotFound)?;
            let event = cancelled_event(&proposal, "cancel_proposal", declined.is_some());
            let ended = match declined {
                Some(reason) => proposal.state.clone().decline(at, reason),
                None => proposal.state.clone().cancel(at),
            };
            match ended {
                Err(wrong) => refused(wrong.into(), event),
                Ok(state) => {
                    proposal.state = state;
                    store::proposal::save(tx, &mut proposal).await?;
                    done(proposal, event)
                }
            }
        })
        .await
}

/// Takes back the live proposal of a referral, if there is one, inside another operation's write.
pub(super) async fn cancel_live(
    tx: &mut Tx<'_>,
    referral: ReferralId,
    at: DateTime<Utc>,
    operation: &'static str,
) -> Result<Vec<Event>, Failure> {
    let Some(mut proposal) = store::proposal::live_of(tx, referral, at).await? else { return Ok(Vec::new()) };
    let Ok(state) = proposal.state.clone().cancel(at) else { return Ok(Vec::new()) };
    proposal.state = state;
    store::proposal::save(tx, &mut proposal).await?;
    Ok(vec![cancelled_event(&proposal, operation, false)])
}

fn cancelled_event(proposal: &Proposal, operation: &'static str, declined: bool) -> Event {
    let event_type = if declined { "proposal.declined_by_victim" } else { "proposal.cancelled" };
    Event::new(event_type, Action::Update, operation).about(ObjectKind::Proposal, proposal.id).person(proposal.referral)
}
