//! Policies of the matching engine: what rules now, and what ruled before.

use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::auth::{Allowed, ToReadPolicy};
use super::problem::Problem;
use crate::app::Desk;
use crate::app::adopt_policy::list_policies as list;
use crate::domain::placement::terms::Terms;

/// The policies adopted so far.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PolicyList {
    /// The one in force first.
    policies: Vec<PolicyView>,
    /// Terms of the desk. Each is an assumption until the field sets it.
    terms: Terms,
}

/// One policy. Its `basis` says which numbers are documented; every other is an assumption.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PolicyView {
    /// SHA-256 of its canonical form, in hex.
    hash: String,
    name: String,
    adopted_at: DateTime<Utc>,
    valid_from: DateTime<Utc>,
    /// The policy as data.
    #[schema(value_type = Object)]
    document: Value,
}

/// Lists the policies, the one in force first.
#[utoipa::path(tag = "policies", responses((status = 200, body = PolicyList)),
    security(("bearer" = ["policy:read"])))]
#[get("/policies")]
pub async fn list_policies(allowed: Allowed<ToReadPolicy>, desk: Data<Desk>) -> Result<HttpResponse, Problem> {
    let terms = desk.terms.as_ref().clone();
    let found = desk.run(|desk| async move { list(&desk, &allowed.call).await }).await?;
    let policies = found
        .into_iter()
        .map(|policy| PolicyView {
            hash: policy.hash,
            name: policy.name,
            adopted_at: policy.adopted_at,
            valid_from: policy.valid_from,
            document: serde_json::from_str(&policy.document).unwrap_or(Value::Null),
        })
        .collect();
    Ok(HttpResponse::Ok().json(PolicyList { policies, terms }))
}
