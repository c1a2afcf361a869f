//! What a shelter reports of a single place: free, taken by a resident from outside this service, or out of use.

use chrono::{DateTime, Utc};

use super::{Answer, Desk, Failure, done, refused};
use crate::domain::audit::{Action, Call, Event, ObjectKind};
use crate::domain::catalogue::availability::Capacity;
use crate::domain::catalogue::place::{Place, PlaceState, Report};
use crate::domain::ids::{OccupancyId, PlaceId};
use crate::domain::placement::refusal::Refusal;
use crate::domain::placement::stay::{ExpectedEnd, Occupancy};
use crate::domain::role::Scope;
use crate::store::{self, Tx};

/// What is reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlaceReport {
    /// Whether the place can be used; a resident from outside this service has left.
    State(PlaceState),
    /// Taken by a resident from outside this service, with the expected end if there is one.
    Occupied(Option<ExpectedEnd>),
}

/// Records a report on a place. A shelter reports on its own places.
///
/// Where this service placed someone, the exit is reported on the placement, not here. A place that a live proposal
/// holds cannot be taken away under it: the proposal is answered first.
pub async fn report_place(
    desk: &Desk,
    call: &Call,
    scope: Scope,
    id: PlaceId,
    report: PlaceReport,
) -> Result<Answer<Place>, Failure> {
    let at = desk.clock.now();
    let occupancy = desk.ids.next(OccupancyId);
    desk.store
        .write(call, at, async |tx| {
            let mut place = store::place::load(tx, id).await?.ok_or(Failure::NotFound)?;
            let own = store::catalogue::organisation_of_unit(tx, place.unit).await?;
            if scope != Scope::Full && (own.is_none() || own != call.actor.organisation) {
                return Err(Failure::NotFound);
            }
            let event = Event::new("place.reported", Action::Update, "report_place")
                .about(ObjectKind::Place, id)
                .fields(["state"]);
            let released = super::report_stay::release_lapsed(tx, at, "report_place").await?;
            let open = store::occupancy::of_place(tx, id).await?;
            if let Some(refusal) = refusal(tx, &place, open.as_ref(), &report, at).await? {
                return Ok(refused(refusal, event)?.and_all(released));
            }
            match report {
                PlaceReport::State(state) => {
                    place.state = state;
                    store::occupancy::end_reported(tx, id, at).await?;
                }
                PlaceReport::Occupied(end) if open.is_none() => {
                    place.state = PlaceState::Available;
                    let (unit, from) = (place.unit, at);
                    let taken = Occupancy {
                        id: occupancy,
                        place: id,
                        unit,
                        placement: None,
                        from,
                        until: None,
                        kept_until: None,
                        end,
                    };
                    store::occupancy::take(tx, &taken).await?;
                }
                PlaceReport::Occupied(Some(end)) => store::occupancy::set_end_of_place(tx, id, &end).await?,
                PlaceReport::Occupied(None) => {}
            }
            place.reported = Some(Report { by: reporter(call), at });
            store::place::save_report(tx, &place).await?;
            Ok(done(place, event)?.and_all(released))
        })
        .await
}

/// Why a report cannot stand: a resident whom this service placed, or a hold on the last free place.
async fn refusal(
    tx: &mut Tx<'_>,
    place: &Place,
    open: Option<&Occupancy>,
    report: &PlaceReport,
    at: DateTime<Utc>,
) -> Result<Option<Refusal>, Failure> {
    if open.is_some_and(|occupancy| occupancy.placement.is_some()) {
        return Ok(Some(Refusal::PlaceHasResident));
    }
    let takes_it_away = match report {
        PlaceReport::State(PlaceState::Available) => false,
        PlaceReport::State(PlaceState::OutOfUse { .. }) | PlaceReport::Occupied(_) => true,
    };
    let is_free = open.is_none() && place.state == PlaceState::Available;
    if takes_it_away && is_free && free_places(tx, place, at).await? == 0 {
        return Ok(Some(Refusal::PlaceTaken { needed: 1, free: 0 }));
    }
    Ok(None)
}

async fn free_places(tx: &mut Tx<'_>, place: &Place, at: DateTime<Utc>) -> Result<u16, Failure> {
    let snapshot = store::snapshot::load(tx, at).await?;
    let unit = snapshot.units.into_iter().find(|unit| unit.id == place.unit);
    // Units where CoMensha does not place are not in the snapshot, and nothing there is ever held.
    let Some(count) = unit.and_then(|unit| unit.capacity) else { return Ok(1) };
    let capacity = Capacity::of(count.total, count.occupied, count.held, count.out_of_use);
    capacity.map(|capacity| capacity.free).map_err(|_| Failure::Broken)
}

/// Who reports: the organisation, or the role where there is none. Never a name.
pub(super) fn reporter(call: &Call) -> String {
    call.actor.organisation.as_ref().map_or_else(|| call.actor.role.to_string(), ToString::to_string)
}
