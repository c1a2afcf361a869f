//! The decision. A person decides, with a written reason; the world is looked at again under the fence, and if the
//! verdict on the unit has changed the decision is refused with the findings. The refusal is in the trail too.

use chrono::{DateTime, Utc};

use super::standing::Candidate;
use super::{Answer, Desk, Failure, done, identity, is_program, matching_now, refused};
use crate::domain::audit::{Action, Call, Event, ObjectKind, Sensitivity};
use crate::domain::fact::Verdict;
use crate::domain::ids::{DecisionId, OccupancyId, PlacementId, ProposalId, ReferralId, ResultId};
use crate::domain::placement::decision::{Decision, Outcome, TemporaryPlace};
use crate::domain::placement::proposal::{AnsweredQuestion, Proposal, ProposalState, Standing};
use crate::domain::placement::refusal::Refusal;
use crate::domain::placement::stay::{Occupancy, Placement, PlacementState};
use crate::domain::placement::terms::end_of_term;
use crate::domain::referral::lifecycle::Step;
use crate::domain::referral::reasons::{RefusalReason, TargetRoute};
use crate::domain::referral::request::Referral;
use crate::store::{self, Tx};

/// Rules about the person, the law or the number of places: an answer on a proposal cannot settle them.
const NOT_SETTLED_BY_AN_ANSWER: [&str; 6] = ["R-VICTIM", "R-OMM", "R-ROUTE", "R-CONSENT", "R-DANGER", "R-BEDS"];

/// What is to be decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Place on an accepted proposal; with answers to questions that were still open.
    Place(ProposalId, Vec<AnsweredQuestion>),
    /// Put on the waiting list.
    Wait,
    /// A temporary place, while the referral stays on the waiting list.
    TemporaryPlace(TemporaryPlace, Option<DateTime<Utc>>),
    /// Send on to another route.
    Redirect(TargetRoute),
    /// Refuse.
    Refuse(RefusalReason),
}

/// A decision to take.
#[derive(Clone)]
pub struct DecidePlacement {
    /// For whom.
    pub referral: ReferralId,
    /// What.
    pub choice: Choice,
    /// The written reason.
    pub reason: String,
}

/// Takes a decision against the world as it is now.
pub async fn decide_placement(desk: &Desk, call: &Call, command: DecidePlacement) -> Result<Answer<Decision>, Failure> {
    let at = desk.clock.now();
    let id = desk.ids.next(DecisionId);
    desk.store
        .write(call, at, async |tx| {
            let mut referral = store::referral::load(tx, command.referral).await?.ok_or(Failure::NotFound)?;
            let event = Event::new(event_type(&command.choice), Action::Create, "decide_placement")
                .about(ObjectKind::Decision, id)
                .person(referral.id)
                .sensitivity(Sensitivity::Special);
            if is_program(&call.actor) {
                return refused(Refusal::PersonRequired, refusal_event(event));
            }
            let mut lapsed = super::propose_placement::expire_lapsed(tx, at, "decide_placement").await?;
            lapsed.extend(super::report_stay::release_lapsed(tx, at, "decide_placement").await?);
            let draft = Decision {
                id,
                referral: referral.id,
                outcome: Outcome::WaitingList,
                result: None,
                reason: command.reason,
                decided_by: identity(&call.actor),
                decided_at: at,
            };
            let decided = match command.choice {
                Choice::Place(proposal, answers) => place(desk, tx, &mut referral, draft, proposal, answers).await?,
                choice @ (Choice::Wait | Choice::TemporaryPlace(..) | Choice::Redirect(_) | Choice::Refuse(_)) => {
                    otherwise(tx, &mut referral, draft, choice).await?
                }
            };
            Ok(match decided {
                Err(refusal) => refused(refusal, refusal_event(event))?,
                Ok(decision) => done(decision, event)?,
            }
            .and_all(lapsed))
        })
        .await
}

fn event_type(choice: &Choice) -> &'static str {
    match choice {
        Choice::Place(..) => "placement.decided",
        Choice::Wait => "waiting_list.decided",
        Choice::TemporaryPlace(..) => "temporary_place.decided",
        Choice::Redirect(_) => "redirection.decided",
        Choice::Refuse(_) => "refusal.decided",
    }
}

fn refusal_event(mut event: Event) -> Event {
    event.event_type = "placement.refused".into();
    event
}

/// Every decision but a placement. A live proposal is answered or taken back first.
async fn otherwise(
    tx: &mut Tx<'_>,
    referral: &mut Referral,
    mut decision: Decision,
    choice: Choice,
) -> Result<Result<Decision, Refusal>, Failure> {
    let at = decision.decided_at;
    if let Some(live) = store::proposal::live_of(tx, referral.id, at).await? {
        return Ok(Err(Refusal::ProposalOpen(live.id)));
    }
    let asks_for_shelter = matches!(choice, Choice::Place(..) | Choice::Wait | Choice::TemporaryPlace(..));
    if let Some(missing) = referral.missing_ground_anywhere(at.date_naive()).filter(|_| asks_for_shelter) {
        return Ok(Err(Refusal::GroundMissing(missing)));
    }
    let (outcome, step) = match choice {
        Choice::Wait | Choice::Place(..) => (Outcome::WaitingList, Step::Wait),
        Choice::TemporaryPlace(place, until) => (Outcome::TemporaryPlace { place, until }, Step::Wait),
        Choice::Redirect(target) => (Outcome::Redirected { target }, Step::Redirect(target)),
        Choice::Refuse(reason) => (Outcome::Refused { reason }, Step::Refuse(reason)),
    };
    if let Err(wrong) = referral.step(step, at) {
        return Ok(Err(wrong.into()));
    }
    decision.outcome = outcome;
    decision.result = store::match_result::latest(tx, referral.id).await?.map(|result| result.id);
    store::referral::save(tx, referral).await?;
    store::decision::insert(tx, &decision).await?;
    Ok(Ok(decision))
}

/// Places on an accepted proposal: matches again, checks, takes the places, confirms.
async fn place(
    desk: &Desk,
    tx: &mut Tx<'_>,
    referral: &mut Referral,
    mut decision: Decision,
    proposal: ProposalId,
    answers: Vec<AnsweredQuestion>,
) -> Result<Result<Decision, Refusal>, Failure> {
    let at = decision.decided_at;
    let found = store::proposal::load(tx, proposal).await?.filter(|found| found.referral == referral.id);
    let mut proposal = found.ok_or(Failure::NotFound)?;
    proposal.answers.extend(answers);
    let city = store::catalogue::city_of_unit(tx, proposal.unit).await?;
    if let Some(missing) = referral.missing_ground(city.as_deref(), at.date_naive()) {
        return Ok(Err(Refusal::GroundMissing(missing)));
    }
    if let ProposalState::Expired { at: deadline } = proposal.state.clone().as_of(at) {
        return Ok(Err(Refusal::HoldExpired(deadline)));
    }
    let confirmed = match proposal.state.clone().confirm(at) {
        Ok(confirmed) => confirmed,
        Err(wrong) => return Ok(Err(wrong.into())),
    };
    let matched = matching_now::match_now(desk, tx, referral, at).await?;
    let Some(now) = matched.candidate(proposal.unit) else { return Ok(Err(Refusal::NotACandidate)) };
    if let Err(refusal) = still_right(&proposal, &now, &decision.decided_by) {
        return Ok(Err(refusal));
    }
    let places = store::occupancy::free_places(tx, proposal.unit, at, i64::from(now.beds)).await?;
    if places.len() < usize::from(now.beds) {
        let free = u16::try_from(places.len()).unwrap_or(0);
        return Ok(Err(Refusal::PlaceTaken { needed: now.beds, free }));
    }
    if let Err(wrong) = referral.step(Step::Place, at) {
        return Ok(Err(wrong.into()));
    }
    let result = desk.ids.next(ResultId);
    let placement = reserved(desk, referral, &proposal, &decision);
    let taken: Vec<Occupancy> = places
        .into_iter()
        .map(|place| Occupancy {
            id: desk.ids.next(OccupancyId),
            place,
            unit: proposal.unit,
            placement: Some(placement.id),
            from: at,
            until: None,
            kept_until: None,
            end: None,
        })
        .collect();
    decision.result = Some(result);
    decision.outcome = Outcome::Placed { proposal_id: proposal.id, placement_id: placement.id };
    proposal.state = confirmed;
    matched.store(desk, tx, result, referral).await?;
    store::referral::save(tx, referral).await?;
    store::proposal::save(tx, &mut proposal).await?;
    store::decision::insert(tx, &decision).await?;
    store::placement::insert(tx, &placement, &taken).await?;
    Ok(Ok(decision))
}

fn reserved(desk: &Desk, referral: &Referral, proposal: &Proposal, decision: &Decision) -> Placement {
    let terms = &desk.terms;
    let term = if referral.is_crisis() { terms.arrive_within_crisis } else { terms.arrive_within_planned };
    Placement {
        id: desk.ids.next(PlacementId),
        version: 1,
        referral: referral.id,
        unit: proposal.unit,
        decision: decision.id,
        reserved_at: decision.decided_at,
        end: None,
        state: PlacementState::Reserved { arrive_by: end_of_term(decision.decided_at, term, &[]) },
    }
}

/// The pure part: does the unit still stand as it was proposed, with every question answered?
fn still_right(proposal: &Proposal, now: &Candidate, decided_by: &str) -> Result<(), Refusal> {
    if now.free < Some(now.beds) {
        return Err(Refusal::PlaceTaken { needed: now.beds, free: now.free.unwrap_or(0) });
    }
    let failed: Vec<String> = now.failed.iter().map(|rule| rule.code.clone()).collect();
    if !failed.is_empty() && proposal.standing != Standing::Out {
        return Err(Refusal::VerdictChanged(failed));
    }
    let answered_no: Vec<String> =
        now.unknown.iter().filter(|rule| proposal.answer_to(rule) == Some(Verdict::No)).cloned().collect();
    if !answered_no.is_empty() {
        return Err(Refusal::VerdictChanged(answered_no));
    }
    let open: Vec<String> = now
        .unknown
        .iter()
        .filter(|rule| {
            NOT_SETTLED_BY_AN_ANSWER.contains(&rule.as_str()) || proposal.answer_to(rule) != Some(Verdict::Yes)
        })
        .cloned()
        .collect();
    if !open.is_empty() {
        return Err(Refusal::QuestionsOpen(open));
    }
    let fixed: Vec<String> = now.failed.iter().filter(|rule| !rule.dispensable).map(|rule| rule.code.clone()).collect();
    if !fixed.is_empty() {
        return Err(Refusal::RuleNotDispensable(fixed));
    }
    if !failed.is_empty() && proposal.departure.is_none() {
        return Err(Refusal::DepartureReasonMissing);
    }
    if !failed.is_empty() && proposal.proposed_by == decided_by {
        return Err(Refusal::SecondPersonRequired);
    }
    Ok(())
}
