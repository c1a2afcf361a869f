//! Status queries of police and public prosecutor: their own reference in, one word and a date out.

use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use serde::Deserialize;
use utoipa::ToSchema;

use super::auth::{Allowed, ToQueryStatus};
use super::body::Body;
use super::problem::Problem;
use super::referral_views::StatusView;
use crate::app::Desk;
use crate::app::query_status::query_status as query;

/// For what purpose a status is asked.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StatusPurpose {
    /// A criminal investigation.
    CriminalInvestigation,
    /// The protection of the victim.
    VictimProtection,
    /// The follow-up of an own referral.
    FollowUp,
}

impl StatusPurpose {
    fn code(self) -> &'static str {
        match self {
            Self::CriminalInvestigation => "criminal_investigation",
            Self::VictimProtection => "victim_protection",
            Self::FollowUp => "follow_up",
        }
    }
}

/// An own reference, and why its status is asked.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StatusQueryBody {
    /// The organisation's own number.
    #[schema(min_length = 1, max_length = 200)]
    reference: String,
    /// Why.
    purpose: StatusPurpose,
}

/// Answers the status of an own reference. An unknown and a foreign reference give the same answer; every query is
/// recorded.
#[utoipa::path(tag = "status", extensions(("x-safe" = json!(true))), request_body = StatusQueryBody,
    responses((status = 200, body = StatusView), (status = 404, body = Problem)),
    security(("bearer" = ["status:query"])), extensions(("x-safe" = json!(true))))]
#[post("/status-queries")]
pub async fn query_status(
    allowed: Allowed<ToQueryStatus>,
    desk: Data<Desk>,
    body: Body<StatusQueryBody>,
) -> Result<HttpResponse, Problem> {
    let body = body.plain()?;
    let mut call = allowed.call;
    call.purpose = Some(body.purpose.code().to_owned());
    let status = desk.run(|desk| async move { query(&desk, &call, &body.reference).await }).await?;
    Ok(HttpResponse::Ok().json(StatusView::of(status)))
}
