//! Proposing a unit to its shelter. Going live takes a hold on as many places as the household needs.
//!
//! The match that the coordinator looked at is a plan: it is made again under the fence, and the proposal is refused if
//! the verdict on the unit has changed.

use chrono::{DateTime, Utc};

use super::standing::{Candidate, Chosen, stored_candidate};
use super::{Answer, Desk, Failure, done, identity, is_program, matching_now, refused};
use crate::domain::audit::{Action, Call, Event, ObjectKind, Sensitivity};
use crate::domain::ids::{ProposalId, ReferralId, ResultId, UnitId};
use crate::domain::placement::proposal::{AnsweredQuestion, Departure, Proposal, ProposalState, Standing};
use crate::domain::placement::refusal::Refusal;
use crate::domain::placement::terms::end_of_term;
use crate::domain::referral::lifecycle::Step;
use crate::domain::referral::request::Referral;
use crate::store::{self, Tx};

/// Which unit, on which match, and why if it is not the first rank.
#[derive(Clone)]
pub struct ProposePlacement {
    /// For whom.
    pub referral: ReferralId,
    /// Which unit.
    pub unit: UnitId,
    /// The match the choice rests on: the latest of this referral.
    pub result: ResultId,
    /// Why another unit than the first rank, or against a dispensable rule.
    pub departure: Option<Departure>,
    /// Questions answered already.
    pub answers: Vec<AnsweredQuestion>,
}

/// Sends a proposal to the shelter.
pub async fn propose_placement(
    desk: &Desk,
    call: &Call,
    command: ProposePlacement,
) -> Result<Answer<Proposal>, Failure> {
    let at = desk.clock.now();
    let id = desk.ids.next(ProposalId);
    desk.store
        .write(call, at, async |tx| {
            let mut referral = store::referral::load(tx, command.referral).await?.ok_or(Failure::NotFound)?;
            let event = Event::new("proposal.sent", Action::Create, "propose_placement")
                .about(ObjectKind::Proposal, id)
                .person(referral.id)
                .sensitivity(Sensitivity::Special);
            if is_program(&call.actor) {
                return refused(Refusal::PersonRequired, event);
            }
            let lapsed = expire_lapsed(tx, at, "propose_placement").await?;
            let chosen = match choose(desk, tx, &mut referral, &command, at).await? {
                Ok(chosen) => chosen,
                Err(refusal) => return Ok(refused(refusal, event)?.and_all(lapsed)),
            };
            let hold_until = end_of_term(at, chosen.hold, &chosen.holidays);
            let proposal = Proposal {
                id,
                version: 1,
                referral: referral.id,
                unit: command.unit,
                result: command.result,
                beds: chosen.beds,
                standing: chosen.standing,
                departure: command.departure,
                answers: command.answers,
                proposed_by: identity(&call.actor),
                created_at: at,
                state: ProposalState::Sent { sent_at: at, hold_until },
            };
            store::referral::save(tx, &mut referral).await?;
            store::proposal::insert(tx, &proposal).await?;
            Ok(done(proposal, event)?.and_all(lapsed))
        })
        .await
}

async fn choose(
    desk: &Desk,
    tx: &mut Tx<'_>,
    referral: &mut Referral,
    command: &ProposePlacement,
    at: DateTime<Utc>,
) -> Result<Result<Chosen, Refusal>, Failure> {
    let latest = store::match_result::latest(tx, referral.id).await?;
    if latest.as_ref().map(|result| result.id) != Some(command.result) {
        return Ok(Err(Refusal::MatchSuperseded));
    }
    let shown = latest.and_then(|result| stored_candidate(&result, command.unit));
    check_sendable(desk, tx, referral, command.unit, shown, command.departure.as_ref(), at).await
}

/// Whether a unit can be proposed now: ground, lifecycle, no other live proposal, rules as they were shown, free places.
pub(super) async fn check_sendable(
    desk: &Desk,
    tx: &mut Tx<'_>,
    referral: &mut Referral,
    unit: UnitId,
    shown: Option<Candidate>,
    departure: Option<&Departure>,
    at: DateTime<Utc>,
) -> Result<Result<Chosen, Refusal>, Failure> {
    let city = store::catalogue::city_of_unit(tx, unit).await?;
    if let Some(missing) = referral.missing_ground(city.as_deref(), at.date_naive()) {
        return Ok(Err(Refusal::GroundMissing(missing)));
    }
    if let Err(wrong) = referral.step(Step::Seek, at) {
        return Ok(Err(wrong.into()));
    }
    if let Some(live) = store::proposal::live_of(tx, referral.id, at).await? {
        return Ok(Err(Refusal::ProposalOpen(live.id)));
    }
    let matched = matching_now::match_now(desk, tx, referral, at).await?;
    let Some(now) = matched.candidate(unit) else { return Ok(Err(Refusal::NotACandidate)) };
    Ok(choice(shown, now, departure).map(|candidate| matched.chosen(&candidate, referral.effective_tier())))
}

/// The pure part: is the choice of this unit in order?
fn choice(shown: Option<Candidate>, now: Candidate, departure: Option<&Departure>) -> Result<Candidate, Refusal> {
    if now.free < Some(now.beds) {
        return Err(Refusal::PlaceTaken { needed: now.beds, free: now.free.unwrap_or(0) });
    }
    let worse = shown.is_none_or(|shown| shown.standing != now.standing || shown.failed != now.failed);
    if worse {
        return Err(Refusal::VerdictChanged(now.failed.into_iter().map(|rule| rule.code).collect()));
    }
    let fixed: Vec<String> = now.failed.iter().filter(|rule| !rule.dispensable).map(|rule| rule.code.clone()).collect();
    if !fixed.is_empty() {
        return Err(Refusal::RuleNotDispensable(fixed));
    }
    if departure.is_none() && (!now.is_first || now.standing == Standing::Out) {
        return Err(Refusal::DepartureReasonMissing);
    }
    Ok(now)
}

/// Writes down which holds have lapsed. They stopped counting at their deadline; this only records it.
pub(super) async fn expire_lapsed(
    tx: &mut Tx<'_>,
    at: DateTime<Utc>,
    operation: &'static str,
) -> Result<Vec<Event>, Failure> {
    let lapsed = store::proposal::expire_lapsed(tx, at).await?;
    let event = |proposal: Proposal| {
        Event::new("proposal.expired", Action::Update, operation)
            .about(ObjectKind::Proposal, proposal.id)
            .person(proposal.referral)
    };
    Ok(lapsed.into_iter().map(event).collect())
}
