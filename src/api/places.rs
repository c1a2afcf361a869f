//! Single places: listed per unit, and reported on by the shelter that has them.

use actix_web::{
    HttpResponse, get, put,
    web::{Data, Path},
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    auth::{Allowed, ToReadCatalogue, ToReportCapacity},
    body::Body,
    language::Text,
    outcome::settled,
    problem::{Fault, Problem},
};
use crate::{
    app::{
        Desk,
        read_catalogue::list_places as list,
        report_place::{PlaceReport, report_place as report},
    },
    domain::{
        catalogue::place::{OutOfUseReason, Place, PlaceState, Report},
        ids::{PlaceId, UnitId},
        placement::stay::ExpectedEnd,
    },
};

/// A single place. Whether somebody is there stands on the capacity board, as a number, not here.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlaceView {
    id: PlaceId,
    unit_id: UnitId,
    /// Its number within the unit, from 1.
    number: u16,
    /// Whether it can be used.
    usability: PlaceState,
    /// Who reported that last, and when; absent is never.
    reported: Option<Report>,
}

impl PlaceView {
    fn of(place: Place) -> Self {
        Self {
            id: place.id,
            unit_id: place.unit,
            number: place.number,
            usability: place.state,
            reported: place.reported,
        }
    }
}

/// The places of a unit, by number.
#[derive(Serialize, ToSchema)]
pub struct PlaceList {
    places: Vec<PlaceView>,
}

/// Lists the places of a unit.
#[utoipa::path(tag = "catalogue", params(("unitId" = UnitId, Path)),
    responses((status = 200, body = PlaceList), (status = 404, body = Problem)),
    security(("bearer" = ["catalogue:read"])))]
#[get("/units/{unitId}/places")]
pub async fn list_places(
    allowed: Allowed<ToReadCatalogue>,
    desk: Data<Desk>,
    unit: Path<UnitId>,
) -> Result<HttpResponse, Problem> {
    let unit = unit.into_inner();
    let found = desk.run(|desk| async move { list(&desk, &allowed.call, allowed.scope, unit).await }).await?;
    Ok(HttpResponse::Ok().json(PlaceList { places: found.into_iter().map(PlaceView::of).collect() }))
}

/// What a shelter reports of a place.
#[derive(Deserialize, ToSchema)]
#[serde(tag = "state", rename_all = "snake_case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum ReportPlaceBody {
    /// It can be used and is free of residents from outside this service.
    Available {},
    /// It cannot be used for now.
    OutOfUse {
        /// Why.
        reason: OutOfUseReason,
        /// The first day it can be used again; left out is not known.
        until: Option<NaiveDate>,
    },
    /// Somebody stays there whom this service did not place.
    Occupied {
        /// The end that is expected, if one is.
        expected_end: Option<ExpectedEnd>,
    },
}

impl ReportPlaceBody {
    fn read(self, today: NaiveDate) -> Result<PlaceReport, Vec<Fault>> {
        let past = |day: NaiveDate, at: &'static str| {
            let detail = Text::fixed("Deze dag is al voorbij.", "This day is past.");
            if day < today { vec![Fault::at(at, "in_the_past", detail)] } else { Vec::new() }
        };
        let (report, faults) = match self {
            Self::Available {} => (PlaceReport::State(PlaceState::Available), Vec::new()),
            Self::OutOfUse { reason, until } => {
                let faults = until.map(|day| past(day, "/until")).unwrap_or_default();
                (PlaceReport::State(PlaceState::OutOfUse { reason, until }), faults)
            }
            Self::Occupied { expected_end } => {
                let faults = expected_end.map(|end| past(end.on, "/expectedEnd/on")).unwrap_or_default();
                (PlaceReport::Occupied(expected_end), faults)
            }
        };
        if faults.is_empty() { Ok(report) } else { Err(faults) }
    }
}

/// Reports a place as available, out of use, or taken by somebody from outside this service.
#[utoipa::path(tag = "capacity", params(("placeId" = PlaceId, Path)), request_body = ReportPlaceBody,
    responses((status = 200, body = PlaceView), (status = 404, body = Problem), (status = 409, body = Problem)),
    security(("bearer" = ["capacity:report"])))]
#[put("/places/{placeId}")]
pub async fn report_place(
    allowed: Allowed<ToReportCapacity>,
    desk: Data<Desk>,
    id: Path<PlaceId>,
    body: Body<ReportPlaceBody>,
) -> Result<HttpResponse, Problem> {
    let today = desk.clock.now().date_naive();
    let (id, command) = (id.into_inner(), body.parse(|body| body.read(today))?);
    let reported = desk.run(|desk| async move { report(&desk, &allowed.call, allowed.scope, id, command).await }).await;
    Ok(HttpResponse::Ok().json(PlaceView::of(settled(reported)?)))
}
