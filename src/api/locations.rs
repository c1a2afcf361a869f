//! Locations with their units: what the catalogue documents, and how sure it is. Never a street address.

use actix_web::{HttpResponse, get, web::Data};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    auth::{Allowed, ToReadCatalogue},
    problem::Problem,
};
use crate::{
    app::{Desk, read_catalogue::list_locations as list},
    domain::catalogue::location::Location,
};

/// Locations, by code.
#[derive(Serialize, ToSchema)]
pub struct LocationList {
    locations: Vec<Location>,
}

/// Lists the locations of the catalogue with their units; a shelter sees its own.
#[utoipa::path(tag = "catalogue", responses((status = 200, body = LocationList)),
    security(("bearer" = ["catalogue:read"])))]
#[get("/locations")]
pub async fn list_locations(allowed: Allowed<ToReadCatalogue>, desk: Data<Desk>) -> Result<HttpResponse, Problem> {
    let locations =
        desk.run(|desk| async move { list(&desk, &allowed.call, allowed.scope, "list_locations").await }).await?;
    Ok(HttpResponse::Ok().json(LocationList { locations }))
}
