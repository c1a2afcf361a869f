//! Organisations of the field.

use actix_web::{HttpResponse, get, web::Data};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    auth::{Allowed, ToReadCatalogue},
    problem::Problem,
};
use crate::{
    app::{Desk, read_catalogue::list_organisations as list},
    domain::catalogue::location::Organisation,
};

/// Organisations, by code.
#[derive(Serialize, ToSchema)]
pub struct OrganisationList {
    organisations: Vec<Organisation>,
}

/// Lists the organisations of the catalogue.
#[utoipa::path(tag = "catalogue", responses((status = 200, body = OrganisationList)),
    security(("bearer" = ["catalogue:read"])))]
#[get("/organisations")]
pub async fn list_organisations(allowed: Allowed<ToReadCatalogue>, desk: Data<Desk>) -> Result<HttpResponse, Problem> {
    let organisations = desk.run(|desk| async move { list(&desk, &allowed.call).await }).await?;
    Ok(HttpResponse::Ok().json(OrganisationList { organisations }))
}
