//! The waiting list.

use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use serde::Serialize;
use utoipa::ToSchema;

use super::auth::{Allowed, ToReadWaitingList};
use super::problem::Problem;
use crate::app::Desk;
use crate::app::read_waiting_list::{WaitingLine, read_waiting_list as read};
use crate::domain::ids::ReferralId;
use crate::domain::referral::request::WaitingRank;

/// The waiting list, in order.
#[derive(Serialize, ToSchema)]
pub struct WaitingListView {
    /// Tier first, then waiting time, then a lottery that can be repeated.
    waiting: Vec<WaitingLineView>,
}

/// One line of the waiting list.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WaitingLineView {
    /// Place in the order, from 1.
    position: usize,
    referral_id: ReferralId,
    /// What the order rests on.
    rank: WaitingRank,
}

impl WaitingLineView {
    fn of(line: WaitingLine) -> Self {
        Self { position: line.position, referral_id: line.referral, rank: line.rank }
    }
}

/// Reads the waiting list in order, with what the order rests on.
#[utoipa::path(tag = "waiting list", responses((status = 200, body = WaitingListView)),
    security(("bearer" = ["waiting_list:read"])))]
#[get("/waiting-list")]
pub async fn read_waiting_list(allowed: Allowed<ToReadWaitingList>, desk: Data<Desk>) -> Result<HttpResponse, Problem> {
    let lines = desk.run(|desk| async move { read(&desk, &allowed.call).await }).await?;
    Ok(HttpResponse::Ok().json(WaitingListView { waiting: lines.into_iter().map(WaitingLineView::of).collect() }))
}
