//! Decisions of CoMensha on a referral.

use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::act::{Act, KeyHeader};
use super::auth::{Allowed, ToDecidePlacement, ToReadDecision};
use super::body::Body;
use super::outcome::created;
use super::problem::{Fault, Problem};
use super::proposals::{AnswerToQuestion, read_answers};
use super::receipt::ReceiptView;
use crate::app::Desk;
use crate::app::decide_placement::{Choice, DecidePlacement, decide_placement as decide};
use crate::app::read_decisions::list_decisions as list;
use crate::domain::ids::{DecisionId, ProposalId, ReferralId, ResultId};
use crate::domain::placement::decision::{Decision, Outcome, TemporaryPlace};
use crate::domain::referral::reasons::{RefusalReason, TargetRoute};

/// What is decided, with the written reason.
#[derive(Deserialize, ToSchema)]
#[serde(tag = "outcome", rename_all = "snake_case", deny_unknown_fields)]
pub enum DecideBody {
    /// Place on an accepted proposal.
    Placed {
        /// The proposal.
        #[serde(rename = "proposalId")]
        proposal_id: ProposalId,
        /// Answers to questions that were still open.
        answers: Option<Vec<AnswerToQuestion>>,
        /// The written reason.
        #[schema(min_length = 1)]
        reason: String,
    },
    /// Put on the waiting list.
    WaitingList {
        /// The written reason.
        #[schema(min_length = 1)]
        reason: String,
    },
    /// A temporary place, while the referral stays on the waiting list.
    TemporaryPlace {
        /// Where.
        place: TemporaryPlace,
        /// Until when it is available, if known.
        until: Option<DateTime<Utc>>,
        /// The written reason.
        #[schema(min_length = 1)]
        reason: String,
    },
    /// Send on to another route.
    Redirected {
        /// Which.
        target: TargetRoute,
        /// The written reason.
        #[schema(min_length = 1)]
        reason: String,
    },
    /// Refuse.
    Refused {
        /// Why, as a code.
        #[serde(rename = "refusalReason")]
        refusal_reason: RefusalReason,
        /// The written reason.
        #[schema(min_length = 1)]
        reason: String,
    },
}

impl DecideBody {
    fn read(self, referral: ReferralId) -> Result<DecidePlacement, Vec<Fault>> {
        let (choice, reason) = match self {
            Self::Placed { proposal_id, answers, reason } => {
                (Choice::Place(proposal_id, read_answers(answers)?), reason)
            }
            Self::WaitingList { reason } => (Choice::Wait, reason),
            Self::TemporaryPlace { place, until, reason } => (Choice::TemporaryPlace(place, until), reason),
            Self::Redirected { target, reason } => (Choice::Redirect(target), reason),
            Self::Refused { refusal_reason, reason } => (Choice::Refuse(refusal_reason), reason),
        };
        Ok(DecidePlacement { referral, choice, reason })
    }
}

/// A decision.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DecisionView {
    id: DecisionId,
    referral_id: ReferralId,
    /// What was decided.
    decision: Outcome,
    /// The match at the moment of deciding, if one was made.
    result_id: Option<ResultId>,
    /// The written reason.
    reason: String,
    decided_at: DateTime<Utc>,
}

impl DecisionView {
    fn of(decision: Decision) -> Self {
        Self {
            id: decision.id,
            referral_id: decision.referral,
            decision: decision.outcome,
            result_id: decision.result,
            reason: decision.reason,
            decided_at: decision.decided_at,
        }
    }
}

/// Decides. A person decides, on the world as it is now; if the verdict on the unit has changed the answer is 409.
#[utoipa::path(tag = "decisions", params(("referralId" = ReferralId, Path), KeyHeader), request_body = DecideBody,
    responses((status = 201, body = ReceiptView), (status = 404, body = Problem), (status = 409, body = Problem)),
    security(("bearer" = ["placement:decide"])))]
#[post("/referrals/{referralId}/decisions")]
pub async fn decide_placement(
    act: Act<ToDecidePlacement, Body<DecideBody>>,
    desk: Data<Desk>,
    referral: Path<ReferralId>,
) -> Result<HttpResponse, Problem> {
    let referral = referral.into_inner();
    let command = act.sent.parse(|body| body.read(referral))?;
    let decided = desk.run(|desk| async move { decide(&desk, &act.call, command).await }).await;
    created(decided, |_| format!("/v1/referrals/{referral}/decisions"))
}

/// The decisions on one referral.
#[derive(Serialize, ToSchema)]
pub struct DecisionList {
    decisions: Vec<DecisionView>,
}

/// Lists the decisions on one referral, newest first.
#[utoipa::path(tag = "decisions", params(("referralId" = ReferralId, Path)),
    responses((status = 200, body = DecisionList), (status = 404, body = Problem)),
    security(("bearer" = ["decision:read"])))]
#[get("/referrals/{referralId}/decisions")]
pub async fn list_decisions(
    allowed: Allowed<ToReadDecision>,
    desk: Data<Desk>,
    referral: Path<ReferralId>,
) -> Result<HttpResponse, Problem> {
    let referral = referral.into_inner();
    let found = desk.run(|desk| async move { list(&desk, &allowed.call, referral).await }).await?;
    Ok(HttpResponse::Ok().json(DecisionList { decisions: found.into_iter().map(DecisionView::of).collect() }))
}
