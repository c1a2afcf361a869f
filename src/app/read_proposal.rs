//! Reading proposals: CoMensha those of a referral, a shelter those made to it while they are open.

use chrono::{DateTime, Utc};

use super::{Desk, Failure};
use crate::domain::audit::{Action, Call, Event, ObjectKind};
use crate::domain::ids::{ProposalId, ReferralId};
use crate::domain::placement::proposal::{Proposal, ProposalState};
use crate::domain::role::Scope;
use crate::store::{self, Tx};

/// Reads one proposal.
pub async fn read_proposal(desk: &Desk, call: &Call, scope: Scope, id: ProposalId) -> Result<Proposal, Failure> {
    let at = desk.clock.now();
    let found = desk.store.read(async |tx| visible(tx, call, scope, id, at).await).await?;
    let event = Event::new("proposal.read", Action::Read, "read_proposal").about(ObjectKind::Proposal, id);
    let event = match &found {
        Some(proposal) => event.person(proposal.referral),
        None => event.refused("not-found"),
    };
    desk.store.record(call, at, vec![event]).await?;
    found.ok_or(Failure::NotFound)
}

/// The proposal as the clock makes it, if this caller may see it.
pub(super) async fn visible(
    tx: &mut Tx<'_>,
    call: &Call,
    scope: Scope,
    id: ProposalId,
    at: DateTime<Utc>,
) -> Result<Option<Proposal>, Failure> {
    let Some(mut proposal) = store::proposal::load(tx, id).await? else { return Ok(None) };
    proposal.state = proposal.state.as_of(at);
    let seen = match scope {
        Scope::Full => true,
        Scope::Own => {
            let own = store::catalogue::organisation_of_unit(tx, proposal.unit).await?;
            own.is_some() && own == call.actor.organisation && is_for_shelter(&proposal.state)
        }
        Scope::Status => false,
    };
    Ok(seen.then_some(proposal))
}

/// A proposal to the caller's organisation whose hold has lapsed, so that a late answer can be told why it is refused.
pub(super) async fn lapsed(
    tx: &mut Tx<'_>,
    call: &Call,
    id: ProposalId,
    at: DateTime<Utc>,
) -> Result<Option<Proposal>, Failure> {
    let Some(mut proposal) = store::proposal::load(tx, id).await? else { return Ok(None) };
    proposal.state = proposal.state.as_of(at);
    let own = store::catalogue::organisation_of_unit(tx, proposal.unit).await?;
    let is_own = own.is_some() && own == call.actor.organisation;
    Ok((is_own && matches!(proposal.state, ProposalState::Expired { .. })).then_some(proposal))
}

/// A draft has not reached the shelter; one that ended without a placement is no longer its business.
fn is_for_shelter(state: &ProposalState) -> bool {
    match state {
        ProposalState::Sent { .. }
        | ProposalState::Accepted { .. }
        | ProposalState::Confirmed { .. }
        | ProposalState::Objected { .. } => true,
        ProposalState::Draft
        | ProposalState::Expired { .. }
        | ProposalState::DeclinedByVictim { .. }
        | ProposalState::Cancelled { .. } => false,
    }
}

/// Lists the proposals of one referral, newest first.
pub async fn list_proposals_of_referral(
    desk: &Desk,
    call: &Call,
    referral: ReferralId,
) -> Result<Vec<Proposal>, Failure> {
    let at = desk.clock.now();
    let found = desk
        .store
        .read(async |tx| {
            store::referral::load(tx, referral).await?.ok_or(Failure::NotFound)?;
            Ok::<_, Failure>(store::proposal::list_of_referral(tx, referral).await?)
        })
        .await?;
    let event = Event::new("proposal.listed", Action::Read, "list_referral_proposals")
        .about(ObjectKind::Referral, referral)
        .person(referral);
    desk.store.record(call, at, vec![event]).await?;
    Ok(found.into_iter().map(|proposal| as_of(proposal, at)).collect())
}

/// Lists the open proposals made to the caller's organisation; CoMensha has no list across shelters here.
pub async fn list_own_proposals(desk: &Desk, call: &Call) -> Result<Vec<Proposal>, Failure> {
    let at = desk.clock.now();
    let own = call.actor.organisation.clone().ok_or(Failure::NotFound)?;
    let found =
        desk.store.read(async |tx| Ok::<_, Failure>(store::proposal::list_of_organisation(tx, &own).await?)).await?;
    let open: Vec<Proposal> =
        found.into_iter().map(|proposal| as_of(proposal, at)).filter(|p| is_for_shelter(&p.state)).collect();
    let event = || Event::new("proposal.listed", Action::Read, "list_proposals");
    let mut events: Vec<Event> = open
        .iter()
        .map(|proposal| event().about(ObjectKind::Proposal, proposal.id).person(proposal.referral))
        .collect();
    if events.is_empty() {
        events.push(event().about_all(ObjectKind::Proposal));
    }
    desk.store.record(call, at, events).await?;
    Ok(open)
}

fn as_of(mut proposal: Proposal, at: DateTime<Utc>) -> Proposal {
    proposal.state = proposal.state.as_of(at);
    proposal
}
