//! The capacity board: what is free in each unit, and how old the figures are.

use actix_web::{HttpResponse, get, web::Data};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    auth::{Allowed, ToReadCapacity},
    problem::Problem,
};
use crate::{
    app::{
        Desk,
        read_capacity::{BoardLine, read_capacity as read},
    },
    domain::{
        catalogue::{
            availability::{AnnouncedEnd, Capacity},
            location::{ProgrammeKind, UnitKind},
        },
        ids::{LocationCode, OrganisationCode, UnitCode, UnitId},
        matching::snapshot::Closure,
    },
};

/// The board, in the order of the units.
#[derive(Serialize, ToSchema)]
pub struct CapacityBoard {
    units: Vec<CapacityView>,
}

/// One unit on the board. Numbers only: who is there stands nowhere on it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CapacityView {
    unit_id: UnitId,
    code: UnitCode,
    location: LocationCode,
    organisation: Option<OrganisationCode>,
    city: Option<String>,
    programme: ProgrammeKind,
    kind: UnitKind,
    /// The places; absent where their number is not documented.
    capacity: Option<Capacity>,
    /// Why the unit takes nobody in at the moment; absent: it is open.
    closed: Option<Closure>,
    /// Ends of stays that the shelter announced.
    announced_ends: Vec<AnnouncedEnd>,
    /// When the shelter last confirmed the figures; absent is never.
    figures_as_of: Option<DateTime<Utc>>,
    /// True if they are older than the term for this kind of unit, or were never confirmed.
    is_stale: bool,
}

impl CapacityView {
    fn of(line: BoardLine) -> Self {
        let unit = line.unit;
        Self {
            unit_id: unit.id,
            code: unit.code,
            location: unit.location,
            organisation: unit.organisation,
            city: unit.city,
            programme: unit.programme,
            kind: unit.kind,
            capacity: line.capacity,
            closed: unit.closed,
            announced_ends: unit.ends,
            figures_as_of: unit.figures_as_of,
            is_stale: line.is_stale,
        }
    }
}

/// Reads the capacity board; a shelter sees its own units.
#[utoipa::path(tag = "capacity", responses((status = 200, body = CapacityBoard)),
    security(("bearer" = ["capacity:read"])))]
#[get("/capacity")]
pub async fn read_capacity(allowed: Allowed<ToReadCapacity>, desk: Data<Desk>) -> Result<HttpResponse, Problem> {
    let lines = desk.run(|desk| async move { read(&desk, &allowed.call, allowed.scope).await }).await?;
    Ok(HttpResponse::Ok().json(CapacityBoard { units: lines.into_iter().map(CapacityView::of).collect() }))
}
