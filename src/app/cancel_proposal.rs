//! Taking a proposal back, or recording that the victim declines it. Its hold ends at once.

use super::{Answer, Desk, Failure, done, refused};
use crate::domain::audit::{Action, Call, Event, ObjectKind};
use crate::domain::ids::ProposalId;
use crate::domain::placement::proposal::Proposal;
use crate::domain::referral::reasons::DeclineReason;
use crate::store;

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

/// A proposal was taken back, or declined by the victim, by this operation.
pub(super) fn cancelled_event(proposal: &Proposal, operation: &'static str, declined: bool) -> Event {
    let event_type = if declined { "proposal.declined_by_victim" } else { "proposal.cancelled" };
    Event::new(event_type, Action::Update, operation).about(ObjectKind::Proposal, proposal.id).person(proposal.referral)
}
