//! Placements: read, and what a shelter reports of a stay.

use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, post};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::act::{Act, KeyHeader};
use super::auth::{Allowed, ToReadPlacement, ToReportStay};
use super::body::Body;
use super::outcome::changed;
use super::problem::Problem;
use super::receipt::ReceiptView;
use crate::app::Desk;
use crate::app::read_placement::read_placement as read;
use crate::app::report_stay::{StayReport, report_stay};
use crate::domain::audit::Call;
use crate::domain::catalogue::availability::EndCertainty;
use crate::domain::ids::{DecisionId, PlacementId, ReferralId, UnitId};
use crate::domain::placement::stay::{ExpectedEnd, Placement, PlacementState};
use crate::domain::referral::reasons::ExitType;
use crate::domain::role::Scope;

/// A placement.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlacementView {
    id: PlacementId,
    version: i64,
    referral_id: ReferralId,
    unit_id: UnitId,
    decision_id: DecisionId,
    reserved_at: DateTime<Utc>,
    /// The end the shelter expects, if it announced one.
    expected_end: Option<ExpectedEnd>,
    /// Where it stands.
    lifecycle: PlacementState,
}

impl PlacementView {
    fn of(placement: Placement) -> Self {
        Self {
            id: placement.id,
            version: placement.version,
            referral_id: placement.referral,
            unit_id: placement.unit,
            decision_id: placement.decision,
            reserved_at: placement.reserved_at,
            expected_end: placement.end,
            lifecycle: placement.state,
        }
    }
}

/// Reads one placement.
#[utoipa::path(tag = "placements", params(("placementId" = PlacementId, Path)),
    responses((status = 200, body = PlacementView), (status = 404, body = Problem)),
    security(("bearer" = ["placement:read"])))]
#[get("/placements/{placementId}")]
pub async fn read_placement(
    allowed: Allowed<ToReadPlacement>,
    desk: Data<Desk>,
    id: Path<PlacementId>,
) -> Result<HttpResponse, Problem> {
    let id = id.into_inner();
    let found = desk.run(|desk| async move { read(&desk, &allowed.call, allowed.scope, id).await }).await?;
    Ok(HttpResponse::Ok().json(PlacementView::of(found)))
}

/// Whether the victim came.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ArrivalOutcome {
    /// The victim has arrived.
    Arrived,
    /// The victim did not come.
    NoShow,
}

/// Whether the victim came.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ArrivalBody {
    /// Arrived or not.
    outcome: ArrivalOutcome,
}

/// Reports the arrival, or that the victim did not come.
#[utoipa::path(tag = "placements", params(("placementId" = PlacementId, Path), KeyHeader), request_body = ArrivalBody,
    responses((status = 200, body = ReceiptView), (status = 404, body = Problem), (status = 409, body = Problem)),
    security(("bearer" = ["placement:report"])))]
#[post("/placements/{placementId}/arrival")]
pub async fn report_arrival(
    act: Act<ToReportStay, Body<ArrivalBody>>,
    desk: Data<Desk>,
    id: Path<PlacementId>,
) -> Result<HttpResponse, Problem> {
    let report = match act.sent.plain()?.outcome {
        ArrivalOutcome::Arrived => StayReport::Arrived,
        ArrivalOutcome::NoShow => StayReport::NoShow,
    };
    reported(act.call, act.scope, &desk, id.into_inner(), report).await
}

/// The end of a stay that the shelter expects.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExpectedEndBody {
    /// The day the stay ends.
    end_date: NaiveDate,
    /// How sure it is.
    certainty: EndCertainty,
}

/// Announces the end of a stay. Only a confirmed end counts as a place that comes free.
#[utoipa::path(tag = "placements", params(("placementId" = PlacementId, Path), KeyHeader), request_body = ExpectedEndBody,
    responses((status = 200, body = ReceiptView), (status = 404, body = Problem), (status = 409, body = Problem)),
    security(("bearer" = ["placement:report"])))]
#[post("/placements/{placementId}/expected-end")]
pub async fn announce_end(
    act: Act<ToReportStay, Body<ExpectedEndBody>>,
    desk: Data<Desk>,
    id: Path<PlacementId>,
) -> Result<HttpResponse, Problem> {
    let body = act.sent.plain()?;
    let end = ExpectedEnd { on: body.end_date, certainty: body.certainty };
    reported(act.call, act.scope, &desk, id.into_inner(), StayReport::EndAnnounced(end)).await
}

/// How a stay ended.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExitBody {
    /// Where to.
    exit_type: ExitType,
}

/// Reports the exit; the places are free again.
#[utoipa::path(tag = "placements", params(("placementId" = PlacementId, Path), KeyHeader), request_body = ExitBody,
    responses((status = 200, body = ReceiptView), (status = 404, body = Problem), (status = 409, body = Problem)),
    security(("bearer" = ["placement:report"])))]
#[post("/placements/{placementId}/exit")]
pub async fn report_exit(
    act: Act<ToReportStay, Body<ExitBody>>,
    desk: Data<Desk>,
    id: Path<PlacementId>,
) -> Result<HttpResponse, Problem> {
    let report = StayReport::Exited(act.sent.plain()?.exit_type);
    reported(act.call, act.scope, &desk, id.into_inner(), report).await
}

/// A disappearance needs no more than the report itself.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DisappearanceBody {}

/// Reports that the victim dropped out of sight; the places stay held for the set time.
#[utoipa::path(tag = "placements", params(("placementId" = PlacementId, Path), KeyHeader), request_body = DisappearanceBody,
    responses((status = 200, body = ReceiptView), (status = 404, body = Problem), (status = 409, body = Problem)),
    security(("bearer" = ["placement:report"])))]
#[post("/placements/{placementId}/disappearance")]
pub async fn report_disappearance(
    act: Act<ToReportStay, Body<DisappearanceBody>>,
    desk: Data<Desk>,
    id: Path<PlacementId>,
) -> Result<HttpResponse, Problem> {
    act.sent.plain()?;
    reported(act.call, act.scope, &desk, id.into_inner(), StayReport::Disappeared).await
}

async fn reported(
    call: Call,
    scope: Scope,
    desk: &Desk,
    id: PlacementId,
    report: StayReport,
) -> Result<HttpResponse, Problem> {
    let done = desk.run(|desk| async move { report_stay(&desk, &call, scope, id, report).await }).await;
    changed(done, |receipt| format!("/v1/placements/{}", receipt.id))
}
