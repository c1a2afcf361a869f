//! Sending a proposal that was prepared after an objection: the one confirmation that it takes.

use super::standing::stored_candidate;
use super::{Answer, Desk, Failure, done, identity, is_program, refused};
use crate::domain::audit::{Action, Call, Event, ObjectKind, Sensitivity};
use crate::domain::ids::ProposalId;
use crate::domain::placement::proposal::{Departure, Proposal};
use crate::domain::placement::refusal::Refusal;
use crate::domain::placement::terms::end_of_term;
use crate::store;

/// Sends a prepared proposal, after the same checks as a new one.
pub async fn send_proposal(
    desk: &Desk,
    call: &Call,
    id: ProposalId,
    departure: Option<Departure>,
) -> Result<Answer<Proposal>, Failure> {
    let at = desk.clock.now();
    desk.store
        .write(call, at, async |tx| {
            let mut proposal = store::proposal::load(tx, id).await?.ok_or(Failure::NotFound)?;
            let mut referral = store::referral::load(tx, proposal.referral).await?.ok_or(Failure::NotFound)?;
            let event = Event::new("proposal.sent", Action::Update, "send_proposal")
                .about(ObjectKind::Proposal, id)
                .person(referral.id)
                .sensitivity(Sensitivity::Special);
            if is_program(&call.actor) {
                return refused(Refusal::PersonRequired, event);
            }
            let lapsed = super::propose_placement::expire_lapsed(tx, at, "send_proposal").await?;
            let city = store::catalogue::city_of_unit(tx, proposal.unit).await?;
            if let Some(missing) = referral.missing_ground(city.as_deref(), at.date_naive()) {
                return Ok(refused(Refusal::GroundMissing(missing), event)?.and_all(lapsed));
            }
            if let Err(wrong) = proposal.state.clone().send(at, at) {
                return Ok(refused(wrong.into(), event)?.and_all(lapsed));
            }
            let shown = store::match_result::load(tx, proposal.result).await?;
            let shown = shown.and_then(|result| stored_candidate(&result, proposal.unit));
            let unit = proposal.unit;
            let checked =
                super::propose_placement::check_sendable(desk, tx, &mut referral, unit, shown, departure.as_ref(), at);
            let chosen = match checked.await? {
                Ok(chosen) => chosen,
                Err(refusal) => return Ok(refused(refusal, event)?.and_all(lapsed)),
            };
            match proposal.state.clone().send(at, end_of_term(at, chosen.hold, &chosen.holidays)) {
                Err(wrong) => Ok(refused(wrong.into(), event)?.and_all(lapsed)),
                Ok(state) => {
                    proposal.state = state;
                    proposal.departure = departure.or(proposal.departure);
                    proposal.proposed_by = identity(&call.actor);
                    store::referral::save(tx, &mut referral).await?;
                    store::proposal::save(tx, &mut proposal).await?;
                    Ok(done(proposal, event)?.and_all(lapsed))
                }
            }
        })
        .await
}
