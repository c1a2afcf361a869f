//! Proposals: send, read, answer, take back.

use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::act::{Act, KeyHeader};
use super::auth::{Allowed, ToAnswerProposal, ToCancelProposal, ToProposePlacement, ToReadProposal};
use super::body::Body;
use super::language::Text;
use super::outcome::{changed, created};
use super::problem::{Fault, Problem};
use super::receipt::ReceiptView;
use crate::app::Desk;
use crate::app::answer_proposal::{ShelterAnswer, answer_proposal as answer};
use crate::app::cancel_proposal::cancel_proposal as cancel;
use crate::app::propose_placement::{ProposePlacement, propose_placement as propose};
use crate::app::read_proposal::{list_proposals as list, list_proposals_of_referral, read_proposal as read};
use crate::app::send_proposal::send_proposal as send;
use crate::domain::fact::Verdict;
use crate::domain::ids::{ProposalId, ReferralId, ResultId, UnitId};
use crate::domain::matching::finding::RuleCode;
use crate::domain::once::Receipt;
use crate::domain::placement::proposal::{AnsweredQuestion, Departure, Proposal, ProposalState, Standing};
use crate::domain::referral::reasons::{DeclineReason, DepartureReason, ObjectionReason};

/// A proposal as CoMensha and the shelter see it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProposalView {
    id: ProposalId,
    referral_id: ReferralId,
    unit_id: UnitId,
    result_id: ResultId,
    /// Places it holds while it is live.
    places: u16,
    /// How the unit stood in the match.
    standing: Standing,
    departure_reason: Option<DepartureReason>,
    /// Questions answered so far.
    answers: Vec<AnsweredQuestion>,
    created_at: DateTime<Utc>,
    /// Where it stands, with the deadline of its hold.
    lifecycle: ProposalState,
    version: i64,
}

impl ProposalView {
    fn of(proposal: Proposal) -> Self {
        Self {
            id: proposal.id,
            referral_id: proposal.referral,
            unit_id: proposal.unit,
            result_id: proposal.result,
            places: proposal.beds,
            standing: proposal.standing,
            departure_reason: proposal.departure.map(|departure| departure.reason),
            answers: proposal.answers,
            created_at: proposal.created_at,
            lifecycle: proposal.state,
            version: proposal.version,
        }
    }
}

/// Proposals, newest first.
#[derive(Serialize, ToSchema)]
pub struct ProposalList {
    proposals: Vec<ProposalView>,
}

impl ProposalList {
    fn of(proposals: Vec<Proposal>) -> Self {
        Self { proposals: proposals.into_iter().map(ProposalView::of).collect() }
    }
}

/// Why another unit than the first rank, or against a dispensable rule.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DepartureBody {
    /// The reason.
    reason: DepartureReason,
    /// In words.
    #[schema(min_length = 1)]
    text: String,
}

impl From<DepartureBody> for Departure {
    fn from(body: DepartureBody) -> Self {
        Self { reason: body.reason, text: body.text }
    }
}

/// The answer to a question that a rule left open.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AnswerToQuestion {
    /// The rule.
    rule: RuleCode,
    /// `yes` or `no`: what the answer makes of the rule.
    verdict: Verdict,
}

/// Reads answers; "unknown" is no answer.
pub(super) fn read_answers(answers: Option<Vec<AnswerToQuestion>>) -> Result<Vec<AnsweredQuestion>, Vec<Fault>> {
    let (mut read, mut faults) = (Vec::new(), Vec::new());
    for (position, answer) in answers.unwrap_or_default().into_iter().enumerate() {
        if answer.verdict == Verdict::Unknown {
            let detail = Text::fixed("Een antwoord is ja of nee.", "An answer is yes or no.");
            faults.push(Fault::at(format!("/answers/{position}/verdict"), "no_answer", detail));
        }
        read.push(AnsweredQuestion { rule: answer.rule.name().to_owned(), verdict: answer.verdict });
    }
    if faults.is_empty() { Ok(read) } else { Err(faults) }
}

/// Where a proposal can be read.
fn place(receipt: &Receipt) -> String {
    format!("/v1/proposals/{}", receipt.id)
}

/// A unit to propose.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProposeBody {
    /// The unit.
    unit_id: UnitId,
    /// The match the choice rests on: the latest of this referral.
    result_id: ResultId,
    /// Needed for another unit than the first rank, or against a dispensable rule.
    departure: Option<DepartureBody>,
    /// Questions that were answered already.
    answers: Option<Vec<AnswerToQuestion>>,
}

/// Sends a proposal to the shelter; it holds the places until the shelter has answered or the deadline passes.
#[utoipa::path(tag = "proposals", params(("referralId" = ReferralId, Path), KeyHeader), request_body = ProposeBody,
    responses((status = 201, body = ReceiptView), (status = 404, body = Problem), (status = 409, body = Problem)),
    security(("bearer" = ["proposal:send"])))]
#[post("/referrals/{referralId}/proposals")]
pub async fn propose_placement(
    act: Act<ToProposePlacement, Body<ProposeBody>>,
    desk: Data<Desk>,
    referral: Path<ReferralId>,
) -> Result<HttpResponse, Problem> {
    let referral = referral.into_inner();
    let command = act.sent.parse(|body| {
        Ok(ProposePlacement {
            referral,
            unit: body.unit_id,
            result: body.result_id,
            departure: body.departure.map(Departure::from),
            answers: read_answers(body.answers)?,
        })
    })?;
    created(desk.run(|desk| async move { propose(&desk, &act.call, command).await }).await, place)
}

/// Lists the proposals of one referral: all of them for CoMensha, for a shelter those made to it.
#[utoipa::path(tag = "proposals", params(("referralId" = ReferralId, Path)),
    responses((status = 200, body = ProposalList), (status = 404, body = Problem)),
    security(("bearer" = ["proposal:read"])))]
#[get("/referrals/{referralId}/proposals")]
pub async fn list_referral_proposals(
    allowed: Allowed<ToReadProposal>,
    desk: Data<Desk>,
    referral: Path<ReferralId>,
) -> Result<HttpResponse, Problem> {
    let referral = referral.into_inner();
    let found = desk
        .run(|desk| async move { list_proposals_of_referral(&desk, &allowed.call, allowed.scope, referral).await })
        .await?;
    Ok(HttpResponse::Ok().json(ProposalList::of(found)))
}

/// Lists proposals, newest first: for a shelter those made to it, for CoMensha all that hold a place now.
#[utoipa::path(tag = "proposals", responses((status = 200, body = ProposalList)),
    security(("bearer" = ["proposal:read"])))]
#[get("/proposals")]
pub async fn list_proposals(allowed: Allowed<ToReadProposal>, desk: Data<Desk>) -> Result<HttpResponse, Problem> {
    let found = desk.run(|desk| async move { list(&desk, &allowed.call, allowed.scope).await }).await?;
    Ok(HttpResponse::Ok().json(ProposalList::of(found)))
}

/// Reads one proposal.
#[utoipa::path(tag = "proposals", params(("proposalId" = ProposalId, Path)),
    responses((status = 200, body = ProposalView), (status = 404, body = Problem)),
    security(("bearer" = ["proposal:read"])))]
#[get("/proposals/{proposalId}")]
pub async fn read_proposal(
    allowed: Allowed<ToReadProposal>,
    desk: Data<Desk>,
    id: Path<ProposalId>,
) -> Result<HttpResponse, Problem> {
    let id = id.into_inner();
    let found = desk.run(|desk| async move { read(&desk, &allowed.call, allowed.scope, id).await }).await?;
    Ok(HttpResponse::Ok().json(ProposalView::of(found)))
}

/// What the shelter answers.
#[derive(Deserialize, ToSchema)]
#[serde(tag = "answer", rename_all = "snake_case", deny_unknown_fields)]
pub enum AnswerBody {
    /// It accepts.
    Accepted {
        /// Answers to questions that were open.
        answers: Option<Vec<AnswerToQuestion>>,
    },
    /// It objects.
    Objected {
        /// Why.
        reason: ObjectionReason,
    },
}

/// Records the shelter's answer. After an objection the next candidate is prepared, not sent.
#[utoipa::path(tag = "proposals", params(("proposalId" = ProposalId, Path), KeyHeader), request_body = AnswerBody,
    responses((status = 200, body = ReceiptView), (status = 404, body = Problem), (status = 409, body = Problem)),
    security(("bearer" = ["proposal:answer"])))]
#[post("/proposals/{proposalId}/answers")]
pub async fn answer_proposal(
    act: Act<ToAnswerProposal, Body<AnswerBody>>,
    desk: Data<Desk>,
    id: Path<ProposalId>,
) -> Result<HttpResponse, Problem> {
    let given = act.sent.parse(|body| {
        Ok(match body {
            AnswerBody::Accepted { answers } => ShelterAnswer::Accepted(read_answers(answers)?),
            AnswerBody::Objected { reason } => ShelterAnswer::Objected(reason),
        })
    })?;
    let id = id.into_inner();
    let answered = desk.run(|desk| async move { answer(&desk, &act.call, act.scope, id, given).await }).await;
    changed(answered, place)
}

/// A confirmation of a prepared proposal.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SendBody {
    /// Needed where the unit is no longer the first rank.
    departure: Option<DepartureBody>,
}

/// Sends a proposal that was prepared after an objection.
#[utoipa::path(tag = "proposals", params(("proposalId" = ProposalId, Path), KeyHeader), request_body = SendBody,
    responses((status = 200, body = ReceiptView), (status = 404, body = Problem), (status = 409, body = Problem)),
    security(("bearer" = ["proposal:send"])))]
#[post("/proposals/{proposalId}/_send")]
pub async fn send_proposal(
    act: Act<ToProposePlacement, Body<SendBody>>,
    desk: Data<Desk>,
    id: Path<ProposalId>,
) -> Result<HttpResponse, Problem> {
    let (id, departure) = (id.into_inner(), act.sent.plain()?.departure.map(Departure::from));
    let sent = desk.run(|desk| async move { send(&desk, &act.call, id, departure).await }).await;
    changed(sent, place)
}

/// The end of a proposal.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CancelBody {
    /// If the victim declined: why, as far as told. Left out, CoMensha takes it back.
    decline_reason: Option<DeclineReason>,
}

/// Takes a proposal back, or records that the victim declines it. Its hold ends at once.
#[utoipa::path(tag = "proposals", params(("proposalId" = ProposalId, Path), KeyHeader), request_body = CancelBody,
    responses((status = 200, body = ReceiptView), (status = 404, body = Problem), (status = 409, body = Problem)),
    security(("bearer" = ["proposal:cancel"])))]
#[post("/proposals/{proposalId}/cancellation")]
pub async fn cancel_proposal(
    act: Act<ToCancelProposal, Body<CancelBody>>,
    desk: Data<Desk>,
    id: Path<ProposalId>,
) -> Result<HttpResponse, Problem> {
    let (id, declined) = (id.into_inner(), act.sent.plain()?.decline_reason);
    let ended = desk.run(|desk| async move { cancel(&desk, &act.call, id, declined).await }).await;
    changed(ended, place)
}
