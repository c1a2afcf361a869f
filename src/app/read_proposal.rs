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
    Ok(is_seen(tx, call, scope, &proposal, at).await?.then_some(proposal))
}

/// True if this caller may see the proposal: CoMensha sees all, a shelter those made to it.
async fn is_seen(
    tx: &mut Tx<'_>,
    call: &Call,
    scope: Scope,
    proposal: &Proposal,
    at: DateTime<Utc>,
) -> Result<bool, Failure> {
    match scope {
        Scope::Full => Ok(true),
        Scope::Own => {
            let own = store::catalogue::organisation_of_unit(tx, proposal.unit).await?;
            Ok(own.is_some() && own == call.actor.organisation && is_for_shelter(tx, proposal, at).await?)
        }
        Scope::Status => Ok(false),
    }
}

/// A proposal to the caller's organisation that is no longer shown, so that a late answer can be told why it is refused.
/// A draft stays unknown.
pub(super) async fn ended(
    tx: &mut Tx<'_>,
    call: &Call,
    id: ProposalId,
    at: DateTime<Utc>,
) -> Result<Option<Proposal>, Failure> {
    let Some(mut proposal) = store::proposal::load(tx, id).await? else { return Ok(None) };
    proposal.state = proposal.state.as_of(at);
    let own = store::catalogue::organisation_of_unit(tx, proposal.unit).await?;
    let is_own = own.is_some() && own == call.actor.organisation;
    Ok((is_own && proposal.state != ProposalState::Draft).then_some(proposal))
}

/// A shelter sees a proposal while it is sent or accepted, and once confirmed until the stay ends; always on the ground of
/// a consent that stands. A draft has not reached it; one that ended is no longer its business.
async fn is_for_shelter(tx: &mut Tx<'_>, proposal: &Proposal, at: DateTime<Utc>) -> Result<bool, Failure> {
    let counts = match proposal.state {
        ProposalState::Sent { .. } | ProposalState::Accepted { .. } => true,
        ProposalState::Confirmed { .. } => {
            let placements = store::placement::of_referral(tx, proposal.referral).await?;
            placements.iter().any(|placement| placement.unit == proposal.unit && !placement.state.has_ended())
        }
        ProposalState::Draft
        | ProposalState::Objected { .. }
        | ProposalState::Expired { .. }
        | ProposalState::DeclinedByVictim { .. }
        | ProposalState::Cancelled { .. } => false,
    };
    if !counts {
        return Ok(false);
    }
    match store::referral::load(tx, proposal.referral).await? {
        Some(referral) => super::stop_sharing::has_ground(tx, &referral, proposal.unit, at).await,
        None => Ok(false),
    }
}

/// Lists the proposals of one referral that this caller may see, newest first. Without any, a shelter does not learn
/// whether there is such a referral.
pub async fn list_proposals_of_referral(
    desk: &Desk,
    call: &Call,
    scope: Scope,
    referral: ReferralId,
) -> Result<Vec<Proposal>, Failure> {
    let at = desk.clock.now();
    let found = desk
        .store
        .read(async |tx| {
            if store::referral::load(tx, referral).await?.is_none() {
                return Ok(None);
            }
            let mut seen = Vec::new();
            for mut proposal in store::proposal::list_of_referral(tx, referral).await? {
                proposal.state = proposal.state.as_of(at);
                if is_seen(tx, call, scope, &proposal, at).await? {
                    seen.push(proposal);
                }
            }
            Ok::<_, Failure>((scope == Scope::Full || !seen.is_empty()).then_some(seen))
        })
        .await?;
    let event =
        Event::new("proposal.listed", Action::Read, "list_referral_proposals").about(ObjectKind::Referral, referral);
    let event = if found.is_some() { event.person(referral) } else { event.refused("not-found") };
    desk.store.record(call, at, vec![event]).await?;
    found.ok_or(Failure::NotFound)
}

/// Lists proposals, newest first: a shelter those made to it, CoMensha all that hold a place now.
pub async fn list_proposals(desk: &Desk, call: &Call, scope: Scope) -> Result<Vec<Proposal>, Failure> {
    let at = desk.clock.now();
    let open = desk
        .store
        .read(async |tx| {
            let listed = match (scope, &call.actor.organisation) {
                (Scope::Full, _) => store::proposal::list_live(tx, at).await?,
                (Scope::Own, Some(own)) => store::proposal::list_of_organisation(tx, own).await?,
                (Scope::Own, None) | (Scope::Status, _) => Vec::new(),
            };
            let mut seen = Vec::new();
            for mut proposal in listed {
                proposal.state = proposal.state.as_of(at);
                if scope == Scope::Full || is_for_shelter(tx, &proposal, at).await? {
                    seen.push(proposal);
                }
            }
            Ok::<_, Failure>(seen)
        })
        .await?;
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
