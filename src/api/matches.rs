//! Matches: make one, read one. The result advises; a person decides.

use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, post};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::act::{Act, KeyHeader};
use super::auth::{Allowed, ToMakeMatch, ToReadMatch};
use super::outcome::created;
use super::problem::{Problem, kind::Kind};
use super::receipt::ReceiptView;
use crate::app::Desk;
use crate::app::match_referral::match_referral as make;
use crate::app::read_match::read_match as read;
use crate::domain::advice::card::Advice;
use crate::domain::ids::{ReferralId, ResultId};
use crate::domain::matching::result::MatchResult;

/// A match: every unit with its verdicts, and apart from it the advice on places that CoMensha does not give away.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MatchView {
    id: ResultId,
    referral_id: ReferralId,
    made_at: DateTime<Utc>,
    /// Every unit of the catalogue that CoMensha may place in, in exactly one list.
    result: MatchResult,
    /// Advice: no candidates, no scores, no free places.
    advice: Advice,
}

impl MatchView {
    fn of(
        id: ResultId,
        referral_id: ReferralId,
        made_at: DateTime<Utc>,
        (result, advice): (&str, &str),
    ) -> Result<Self, Problem> {
        let unreadable = |_| Problem::new(Kind::InternalError);
        Ok(Self {
            id,
            referral_id,
            made_at,
            result: serde_json::from_str(result).map_err(unreadable)?,
            advice: serde_json::from_str(advice).map_err(unreadable)?,
        })
    }
}

/// Matches a referral against the world as it is now, and stores the result with its input.
#[utoipa::path(tag = "matches", params(("referralId" = ReferralId, Path), KeyHeader),
    responses((status = 201, body = ReceiptView), (status = 404, body = Problem), (status = 409, body = Problem)),
    security(("bearer" = ["match:make"])))]
#[post("/referrals/{referralId}/matches")]
pub async fn match_referral(
    act: Act<ToMakeMatch>,
    desk: Data<Desk>,
    referral: Path<ReferralId>,
) -> Result<HttpResponse, Problem> {
    let referral = referral.into_inner();
    let made = desk.run(|desk| async move { make(&desk, &act.call, referral).await }).await;
    created(made, |receipt| format!("/v1/referrals/{referral}/matches/{}", receipt.id))
}

/// Reads the latest match of a referral.
#[utoipa::path(tag = "matches", params(("referralId" = ReferralId, Path)),
    responses((status = 200, body = MatchView), (status = 404, body = Problem)),
    security(("bearer" = ["match:read"])))]
#[get("/referrals/{referralId}/matches")]
pub async fn read_latest_match(
    allowed: Allowed<ToReadMatch>,
    desk: Data<Desk>,
    referral: Path<ReferralId>,
) -> Result<HttpResponse, Problem> {
    let referral = referral.into_inner();
    let found = desk.run(|desk| async move { read(&desk, &allowed.call, referral, None).await }).await?;
    Ok(HttpResponse::Ok().json(MatchView::of(found.id, found.referral, found.made_at, (&found.result, &found.advice))?))
}

/// Reads one match.
#[utoipa::path(tag = "matches", params(("referralId" = ReferralId, Path), ("resultId" = ResultId, Path)),
    responses((status = 200, body = MatchView), (status = 404, body = Problem)),
    security(("bearer" = ["match:read"])))]
#[get("/referrals/{referralId}/matches/{resultId}")]
pub async fn read_match(
    allowed: Allowed<ToReadMatch>,
    desk: Data<Desk>,
    at: Path<(ReferralId, ResultId)>,
) -> Result<HttpResponse, Problem> {
    let (referral, id) = at.into_inner();
    let found = desk.run(|desk| async move { read(&desk, &allowed.call, referral, Some(id)).await }).await?;
    Ok(HttpResponse::Ok().json(MatchView::of(found.id, found.referral, found.made_at, (&found.result, &found.advice))?))
}
