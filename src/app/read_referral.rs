//! Reading referrals: one, a list by state, a search. What is shown is in the trail before it leaves.

use chrono::{DateTime, Utc};

use super::query_status::CaseStatus;
use super::{Desk, Failure};
use crate::domain::audit::{Action, Call, Event, ObjectKind, Sensitivity};
use crate::domain::ids::{OrganisationCode, ReferralId};
use crate::domain::referral::lifecycle::ReferralState;
use crate::domain::referral::request::Referral;
use crate::domain::role::{Role, Scope};
use crate::store;
use crate::store::referral::ReferralFilter;

/// What a caller gets to see of a referral; each is a view of its own.
#[derive(Clone)]
pub enum Seen {
    /// CoMensha: everything.
    Full(Box<Referral>),
    /// The referrer: as sent, with its status.
    AsSent(Box<Referral>),
    /// A shelter it was proposed to: the intake report.
    IntakeReport(Box<Referral>),
    /// Police and public prosecutor: the status.
    Status(CaseStatus),
}

/// Reads one referral. One that is not for this caller does not exist for it.
pub async fn read_referral(desk: &Desk, call: &Call, scope: Scope, id: ReferralId) -> Result<Seen, Failure> {
    let at = desk.clock.now();
    let seen = desk
        .store
        .read(async |tx| {
            let Some(referral) = store::referral::load(tx, id).await? else { return Ok(None) };
            let shelter = call.actor.role == Role::Shelter;
            let open_here = match &call.actor.organisation {
                Some(own) if shelter => is_open_to(tx, &referral, own, at).await?,
                Some(_) | None => false,
            };
            Ok::<_, Failure>(visible(referral, call, scope, open_here))
        })
        .await?;
    let event = Event::new("referral.read", Action::Read, "read_referral")
        .about(ObjectKind::Referral, id)
        .sensitivity(Sensitivity::Special);
    let event = match &seen {
        Some(_) => event.person(id),
        None => event.refused("not-found"),
    };
    desk.store.record(call, at, vec![event]).await?;
    seen.ok_or(Failure::NotFound)
}

fn visible(referral: Referral, call: &Call, scope: Scope, open_here: bool) -> Option<Seen> {
    let actor = &call.actor;
    let own = referral.is_referred_by(&actor.issuer, &actor.subject, actor.organisation.as_ref());
    let referenced = referral.references.iter().any(|known| Some(&known.organisation) == actor.organisation.as_ref());
    let status = CaseStatus { status: referral.state.public_status(), since: referral.status_since };
    match scope {
        Scope::Full => Some(Seen::Full(Box::new(referral))),
        Scope::Own if open_here => Some(Seen::IntakeReport(Box::new(referral))),
        Scope::Own if own && actor.role != Role::Shelter => Some(Seen::AsSent(Box::new(referral))),
        Scope::Status if own || referenced => Some(Seen::Status(status)),
        Scope::Own | Scope::Status => None,
    }
}

/// A shelter reads the intake report while a proposal to it is sent or accepted, and while the stay there lasts; always on
/// the ground of a consent that stands.
async fn is_open_to(
    tx: &mut store::Tx<'_>,
    referral: &Referral,
    own: &OrganisationCode,
    at: DateTime<Utc>,
) -> Result<bool, Failure> {
    let live = store::proposal::live_of(tx, referral.id, at).await?.map(|live| live.unit);
    let placements = store::placement::of_referral(tx, referral.id).await?;
    let stays = placements.into_iter().filter(|placement| !placement.state.has_ended()).map(|placement| placement.unit);
    for unit in live.into_iter().chain(stays) {
        let is_own = store::catalogue::organisation_of_unit(tx, unit).await?.as_ref() == Some(own);
        if is_own && super::stop_sharing::has_ground(tx, referral, unit, at).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What a list or a search shows of a referral: no facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReferralLine {
    /// Its id.
    pub id: ReferralId,
    /// Where it stands.
    pub state: ReferralState,
    /// Since when.
    pub state_since: DateTime<Utc>,
    /// When it came in.
    pub received_at: DateTime<Utc>,
}

/// Lists referrals by state, newest first; a referrer sees those of its own organisation.
pub async fn list_referrals(
    desk: &Desk,
    call: &Call,
    scope: Scope,
    states: Vec<&'static str>,
    limit: i64,
) -> Result<Vec<ReferralLine>, Failure> {
    let organisation = match scope {
        Scope::Full => None,
        Scope::Own | Scope::Status => Some(call.actor.organisation.clone().ok_or(Failure::NotFound)?),
    };
    let filter = ReferralFilter { states, organisation, limit };
    shown(desk, call, "list_referrals", "referral.listed", async |tx| Ok(store::referral::list(tx, &filter).await?))
        .await
}

/// Searches by a reference that an organisation keeps. Searches are in the trail, also those that find nobody.
pub async fn search_referrals(
    desk: &Desk,
    call: &Call,
    organisation: OrganisationCode,
    reference: String,
) -> Result<Vec<ReferralLine>, Failure> {
    shown(desk, call, "search_referrals", "referral.searched", async |tx| {
        Ok(store::referral::find_by_reference(tx, &organisation, &reference).await?)
    })
    .await
}

async fn shown(
    desk: &Desk,
    call: &Call,
    operation: &'static str,
    event_type: &'static str,
    find: impl AsyncFnOnce(&mut store::Tx<'_>) -> Result<Vec<Referral>, Failure>,
) -> Result<Vec<ReferralLine>, Failure> {
    let at = desk.clock.now();
    let found = desk.store.read(find).await?;
    let event = || Event::new(event_type, Action::Read, operation);
    let mut events: Vec<Event> = found
        .iter()
        .map(|referral| event().about(ObjectKind::Referral, referral.id).person(referral.id).fields(["state"]))
        .collect();
    if events.is_empty() {
        events.push(event().about_all(ObjectKind::Referral));
    }
    desk.store.record(call, at, events).await?;
    Ok(found
        .into_iter()
        .map(|referral| ReferralLine {
            id: referral.id,
            state: referral.state,
            state_since: referral.state_since,
            received_at: referral.received_at,
        })
        .collect())
}
