//! Units: groups of places with one intake policy, and the confirmation of their figures.

use actix_web::{
    HttpResponse, get, post,
    web::{Data, Path},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    act::{Act, KeyHeader},
    auth::{Allowed, ToReadCatalogue, ToReportCapacity},
    outcome::changed,
    problem::Problem,
    receipt::ReceiptView,
};
use crate::{
    app::{
        Desk,
        confirm_figures::confirm_figures as confirm,
        read_catalogue::{list_locations, read_unit as read},
    },
    domain::{
        catalogue::location::{Location, PlacingAuthority, ProgrammeKind, Unit, UnitKind},
        ids::{LocationCode, OrganisationCode, UnitCode, UnitId},
    },
};

/// A unit with what matters of its location.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UnitView {
    id: UnitId,
    code: UnitCode,
    /// What it is meant for.
    kind: UnitKind,
    /// Number of places; absent is not documented.
    places: Option<u16>,
    /// True if the number of places is an assumption until the shelter reports.
    assumed: bool,
    location: LocationCode,
    organisation: Option<OrganisationCode>,
    city: Option<String>,
    programme: ProgrammeKind,
    placing_authority: PlacingAuthority,
}

impl UnitView {
    fn of(location: &Location, unit: &Unit) -> Self {
        Self {
            id: unit.id,
            code: unit.code.clone(),
            kind: unit.kind,
            places: unit.places,
            assumed: unit.assumed,
            location: location.code.clone(),
            organisation: location.organisation.clone(),
            city: location.city.clone(),
            programme: location.programme,
            placing_authority: location.placing_authority,
        }
    }
}

/// Units, in the order of their locations.
#[derive(Serialize, ToSchema)]
pub struct UnitList {
    units: Vec<UnitView>,
}

/// Lists the units of the catalogue; a shelter sees its own.
#[utoipa::path(tag = "catalogue", responses((status = 200, body = UnitList)),
    security(("bearer" = ["catalogue:read"])))]
#[get("/units")]
pub async fn list_units(allowed: Allowed<ToReadCatalogue>, desk: Data<Desk>) -> Result<HttpResponse, Problem> {
    let found =
        desk.run(|desk| async move { list_locations(&desk, &allowed.call, allowed.scope, "list_units").await }).await?;
    let units = found.iter().flat_map(|location| location.units.iter().map(|unit| UnitView::of(location, unit)));
    Ok(HttpResponse::Ok().json(UnitList { units: units.collect() }))
}

/// Reads one unit.
#[utoipa::path(tag = "catalogue", params(("unitId" = UnitId, Path)),
    responses((status = 200, body = UnitView), (status = 404, body = Problem)),
    security(("bearer" = ["catalogue:read"])))]
#[get("/units/{unitId}")]
pub async fn read_unit(
    allowed: Allowed<ToReadCatalogue>,
    desk: Data<Desk>,
    id: Path<UnitId>,
) -> Result<HttpResponse, Problem> {
    let id = id.into_inner();
    let (location, unit) = desk.run(|desk| async move { read(&desk, &allowed.call, allowed.scope, id).await }).await?;
    Ok(HttpResponse::Ok().json(UnitView::of(&location, &unit)))
}

/// Confirms that the figures of a unit are as they stand; figures that nobody confirms go stale.
#[utoipa::path(tag = "capacity", params(("unitId" = UnitId, Path), KeyHeader),
    responses((status = 200, body = ReceiptView), (status = 404, body = Problem)),
    security(("bearer" = ["capacity:report"])))]
#[post("/units/{unitId}/confirmations")]
pub async fn confirm_figures(
    act: Act<ToReportCapacity>,
    desk: Data<Desk>,
    id: Path<UnitId>,
) -> Result<HttpResponse, Problem> {
    let id = id.into_inner();
    let confirmed = desk.run(|desk| async move { confirm(&desk, &act.call, act.scope, id).await }).await;
    changed(confirmed, |receipt| format!("/v1/units/{}", receipt.id))
}
