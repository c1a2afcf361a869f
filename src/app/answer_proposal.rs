//! The shelter's answer. Accepting is not the decision: only CoMensha places. After an objection the next candidate is
//! prepared on fresh figures, not sent: one confirmation by the coordinator sends it.

use chrono::{DateTime, Utc};

use super::{Answer, Desk, Failure, done, identity, matching_now, refused};
use crate::domain::audit::{Action, Call, Event, ObjectKind};
use crate::domain::ids::{ProposalId, ResultId};
use crate::domain::placement::proposal::{AnsweredQuestion, Proposal, ProposalState};
use crate::domain::placement::refusal::Refusal;
use crate::domain::placement::terms::end_of_term;
use crate::domain::referral::lifecycle::WrongState;
use crate::domain::referral::reasons::ObjectionReason;
use crate::domain::referral::request::Referral;
use crate::domain::role::Scope;
use crate::store::{self, Tx};

/// What the shelter answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShelterAnswer {
    /// It accepts, and answers questions that were open.
    Accepted(Vec<AnsweredQuestion>),
    /// It objects.
    Objected(ObjectionReason),
}

/// Records the answer of the shelter the proposal was made to.
pub async fn answer_proposal(
    desk: &Desk,
    call: &Call,
    scope: Scope,
    id: ProposalId,
    answer: ShelterAnswer,
) -> Result<Answer<Proposal>, Failure> {
    let at = desk.clock.now();
    desk.store
        .write(call, at, async |tx| {
            let seen = super::read_proposal::visible(tx, call, scope, id, at).await?;
            let mut proposal = match seen {
                Some(proposal) => proposal,
                // What has ended is no longer shown, but the shelter that was asked and answers late is told why not.
                None => super::read_proposal::ended(tx, call, id, at).await?.ok_or(Failure::NotFound)?,
            };
            let event = Event::new(event_type(&answer), Action::Update, "answer_proposal")
                .about(ObjectKind::Proposal, id)
                .person(proposal.referral);
            if let ProposalState::Expired { at: deadline } = proposal.state {
                return refused(Refusal::HoldExpired(deadline), event);
            }
            let referral = store::referral::load(tx, proposal.referral).await?.ok_or(Failure::NotFound)?;
            let city = store::catalogue::city_of_unit(tx, proposal.unit).await?;
            if let Some(missing) = referral.missing_ground(city.as_deref(), at.date_naive()) {
                return refused(Refusal::GroundMissing(missing), event);
            }
            if matches!(proposal.state, ProposalState::Cancelled { .. } | ProposalState::DeclinedByVictim { .. }) {
                return Err(Failure::NotFound);
            }
            if let Err(wrong) = answered(desk, tx, &referral, &mut proposal, answer.clone(), at).await? {
                return refused(wrong.into(), event);
            }
            store::proposal::save(tx, &mut proposal).await?;
            let prepared = match answer {
                ShelterAnswer::Accepted(_) => Vec::new(),
                ShelterAnswer::Objected(_) => prepare_next(desk, tx, call, &referral, at).await?,
            };
            Ok(done(proposal, event)?.and_all(prepared))
        })
        .await
}

async fn answered(
    desk: &Desk,
    tx: &mut Tx<'_>,
    referral: &Referral,
    proposal: &mut Proposal,
    answer: ShelterAnswer,
    at: DateTime<Utc>,
) -> Result<Result<(), WrongState>, Failure> {
    let state = proposal.state.clone();
    let next = match answer {
        ShelterAnswer::Objected(reason) => state.object(at, reason),
        ShelterAnswer::Accepted(answers) => {
            let policy = desk.policies.in_force(tx, at).await?;
            let terms = &desk.terms;
            let term = if referral.is_crisis() { terms.decide_within_crisis } else { terms.decide_within_planned };
            proposal.answers.extend(answers);
            state.accept(at, end_of_term(at, term, policy.holidays()))
        }
    };
    Ok(next.map(|next| proposal.state = next))
}

fn event_type(answer: &ShelterAnswer) -> &'static str {
    match answer {
        ShelterAnswer::Accepted(_) => "proposal.accepted",
        ShelterAnswer::Objected(_) => "proposal.objected",
    }
}

/// Matches again without the unit that objected, and prepares a proposal of the first candidate if there is one.
async fn prepare_next(
    desk: &Desk,
    tx: &mut Tx<'_>,
    call: &Call,
    referral: &Referral,
    at: DateTime<Utc>,
) -> Result<Vec<Event>, Failure> {
    let matched = matching_now::match_now(desk, tx, referral, at).await?;
    let result = desk.ids.next(ResultId);
    let first = matched.first();
    matched.store(desk, tx, result, referral).await?;
    let mut events = vec![
        Event::new("referral.matched", Action::Execute, "answer_proposal")
            .about(ObjectKind::MatchResult, result)
            .person(referral.id),
    ];
    if let Some((unit, first)) = first {
        let prepared = Proposal {
            id: desk.ids.next(ProposalId),
            version: 1,
            referral: referral.id,
            unit,
            result,
            beds: first.beds,
            standing: first.standing,
            departure: None,
            answers: Vec::new(),
            proposed_by: identity(&call.actor),
            created_at: at,
            state: ProposalState::Draft,
        };
        store::proposal::insert(tx, &prepared).await?;
        events.push(
            Event::new("proposal.prepared", Action::Create, "answer_proposal")
                .about(ObjectKind::Proposal, prepared.id)
                .person(referral.id),
        );
    }
    Ok(events)
}
