//! Referrals: submit, read, list, search, amend, assess, withdraw.

use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, patch, post};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::act::{Act, KeyHeader};
use super::auth::{
    Allowed, ToAmendReferral, ToAssessReferral, ToListReferrals, ToReadReferral, ToSearchReferrals, ToSubmitReferral,
};
use super::body::{Body, Query};
use super::outcome::{changed, created};
use super::problem::Problem;
use super::receipt::ReceiptView;
use super::referral_body::{AmendReferralBody, Sender, SubmitReferralBody};
use super::referral_views::{ReferralLineView, ReferralList, SeenView};
use crate::app::Desk;
use crate::app::amend_referral::amend_referral as amend;
use crate::app::assess_referral::{AssessReferral, assess_referral as assess};
use crate::app::read_referral::{list_referrals as list, read_referral as read, search_referrals as search};
use crate::app::submit_referral::submit_referral as submit;
use crate::app::withdraw_referral::withdraw_referral as withdraw;
use crate::domain::audit::Call;
use crate::domain::fact::Source;
use crate::domain::ids::{OrganisationCode, ReferralId};
use crate::domain::once::Receipt;
use crate::domain::referral::lifecycle::{Judgement, StateName};
use crate::domain::referral::reasons::WithdrawalReason;
use crate::domain::role::Role;

/// So many lines a list shows at most.
const LINES_MAX: i64 = 200;

/// Where a referral can be read.
fn place(receipt: &Receipt) -> String {
    format!("/v1/referrals/{}", receipt.id)
}

fn sender(desk: &Desk, call: &Call) -> Sender {
    let source = if call.actor.role == Role::Coordinator { Source::Assessor } else { Source::Referrer };
    Sender { source, at: desk.clock.now(), organisation: call.actor.organisation.clone() }
}

/// Submits a referral, or keeps it as a draft.
#[utoipa::path(tag = "referrals", request_body = SubmitReferralBody,
    params(KeyHeader), responses((status = 201, body = ReceiptView)), security(("bearer" = ["referral:submit"])))]
#[post("/referrals")]
pub async fn submit_referral(
    act: Act<ToSubmitReferral, Body<SubmitReferralBody>>,
    desk: Data<Desk>,
) -> Result<HttpResponse, Problem> {
    let sender = sender(&desk, &act.call);
    let command = act.sent.parse(|body| body.read(&sender))?;
    let submitted = desk.run(|desk| async move { submit(&desk, &act.call, command).await }).await;
    created(submitted, place)
}

/// Which referrals to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListReferralsQuery {
    /// Only those in this state.
    #[param(inline)]
    state: Option<StateName>,
}

/// Lists referrals, newest first, at most 200.
#[utoipa::path(tag = "referrals", params(ListReferralsQuery), responses((status = 200, body = ReferralList)),
    security(("bearer" = ["referral:list"])))]
#[get("/referrals")]
pub async fn list_referrals(
    allowed: Allowed<ToListReferrals>,
    desk: Data<Desk>,
    query: Query<ListReferralsQuery>,
) -> Result<HttpResponse, Problem> {
    let states = query.0.state.map(StateName::as_str).into_iter().collect();
    let found =
        desk.run(|desk| async move { list(&desk, &allowed.call, allowed.scope, states, LINES_MAX).await }).await?;
    Ok(HttpResponse::Ok().json(ReferralList { referrals: found.into_iter().map(ReferralLineView::of).collect() }))
}

/// Whom to search for: never by name; this service knows none.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SearchReferralsBody {
    /// The organisation that keeps the number.
    organisation: OrganisationCode,
    /// The number.
    #[schema(min_length = 1, max_length = 200)]
    reference: String,
}

/// Searches referrals by a number that an organisation keeps. Every search is recorded.
#[utoipa::path(tag = "referrals", extensions(("x-safe" = json!(true))), request_body = SearchReferralsBody, responses((status = 200, body = ReferralList)),
    security(("bearer" = ["referral:search"])))]
#[post("/referrals/_search")]
pub async fn search_referrals(
    allowed: Allowed<ToSearchReferrals>,
    desk: Data<Desk>,
    body: Body<SearchReferralsBody>,
) -> Result<HttpResponse, Problem> {
    let body = body.plain()?;
    let found =
        desk.run(|desk| async move { search(&desk, &allowed.call, body.organisation, body.reference).await }).await?;
    Ok(HttpResponse::Ok().json(ReferralList { referrals: found.into_iter().map(ReferralLineView::of).collect() }))
}

/// Reads one referral: CoMensha all of it, a referrer what was sent, a shelter the intake report, police the status.
#[utoipa::path(tag = "referrals", params(("referralId" = ReferralId, Path)),
    responses((status = 200, body = SeenView), (status = 404, body = Problem)),
    security(("bearer" = ["referral:read"])))]
#[get("/referrals/{referralId}")]
pub async fn read_referral(
    allowed: Allowed<ToReadReferral>,
    desk: Data<Desk>,
    id: Path<ReferralId>,
) -> Result<HttpResponse, Problem> {
    let id = id.into_inner();
    let seen = desk.run(|desk| async move { read(&desk, &allowed.call, allowed.scope, id).await }).await?;
    Ok(HttpResponse::Ok().json(SeenView::of(seen)))
}

/// Adds or corrects facts, sends a draft, or records or withdraws consent. What is left out stays.
#[utoipa::path(tag = "referrals", params(("referralId" = ReferralId, Path)), request_body = AmendReferralBody,
    responses((status = 200, body = ReceiptView), (status = 404, body = Problem), (status = 409, body = Problem)),
    security(("bearer" = ["referral:amend"])))]
#[patch("/referrals/{referralId}")]
pub async fn amend_referral(
    allowed: Allowed<ToAmendReferral>,
    desk: Data<Desk>,
    id: Path<ReferralId>,
    body: Body<AmendReferralBody>,
) -> Result<HttpResponse, Problem> {
    let sender = sender(&desk, &allowed.call);
    let amendment = body.parse(|body| body.read(&sender))?;
    let id = id.into_inner();
    let amended = desk.run(|desk| async move { amend(&desk, &allowed.call, allowed.scope, id, amendment).await }).await;
    changed(amended, place)
}

/// CoMensha's judgement.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AssessReferralBody {
    /// The judgement; left out, the referrer is asked for more.
    judgement: Option<Judgement>,
    /// The written reason.
    #[schema(min_length = 1)]
    reason: String,
}

/// Records CoMensha's judgement whether the person is eligible. The match only advises.
#[utoipa::path(tag = "referrals", params(("referralId" = ReferralId, Path), KeyHeader), request_body = AssessReferralBody,
    responses((status = 201, body = ReceiptView), (status = 404, body = Problem), (status = 409, body = Problem)),
    security(("bearer" = ["referral:assess"])))]
#[post("/referrals/{referralId}/assessments")]
pub async fn assess_referral(
    act: Act<ToAssessReferral, Body<AssessReferralBody>>,
    desk: Data<Desk>,
    id: Path<ReferralId>,
) -> Result<HttpResponse, Problem> {
    let (referral, body) = (id.into_inner(), act.sent.plain()?);
    let command = AssessReferral { referral, judgement: body.judgement, reason: body.reason };
    let assessed = desk.run(|desk| async move { assess(&desk, &act.call, command).await }).await;
    // The judgement is read as the state of its referral.
    created(assessed, |_| format!("/v1/referrals/{referral}"))
}

/// Why a referral is withdrawn.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WithdrawReferralBody {
    /// The reason.
    reason: WithdrawalReason,
}

/// Withdraws a referral: open proposals are taken back and a reserved place is freed.
#[utoipa::path(tag = "referrals", params(("referralId" = ReferralId, Path), KeyHeader), request_body = WithdrawReferralBody,
    responses((status = 200, body = ReceiptView), (status = 404, body = Problem), (status = 409, body = Problem)),
    security(("bearer" = ["referral:amend"])))]
#[post("/referrals/{referralId}/withdrawal")]
pub async fn withdraw_referral(
    act: Act<ToAmendReferral, Body<WithdrawReferralBody>>,
    desk: Data<Desk>,
    id: Path<ReferralId>,
) -> Result<HttpResponse, Problem> {
    let (id, reason) = (id.into_inner(), act.sent.plain()?.reason);
    let withdrawn = desk.run(|desk| async move { withdraw(&desk, &act.call, act.scope, id, reason).await }).await;
    changed(withdrawn, place)
}
