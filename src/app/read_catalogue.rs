//! Reading the catalogue: organisations, locations with their units, the places of a unit.

use super::{Desk, Failure};
use crate::domain::audit::{Action, Call, Event, ObjectKind};
use crate::domain::catalogue::location::{Location, Organisation, Unit};
use crate::domain::catalogue::place::Place;
use crate::domain::ids::UnitId;
use crate::domain::role::Scope;
use crate::store;

/// All organisations.
pub async fn list_organisations(desk: &Desk, call: &Call) -> Result<Vec<Organisation>, Failure> {
    let found = desk.store.read(async |tx| Ok::<_, Failure>(store::catalogue::organisations(tx).await?)).await?;
    recorded(desk, call, "list_organisations", ObjectKind::Organisation).await?;
    Ok(found)
}

/// All locations with their units; a shelter sees its own.
pub async fn list_locations(
    desk: &Desk,
    call: &Call,
    scope: Scope,
    operation: &'static str,
) -> Result<Vec<Location>, Failure> {
    let found = desk.store.read(async |tx| Ok::<_, Failure>(store::catalogue::locations(tx).await?)).await?;
    recorded(desk, call, operation, ObjectKind::Location).await?;
    Ok(found.into_iter().filter(|location| is_visible(location, call, scope)).collect())
}

/// One unit with its location.
pub async fn read_unit(desk: &Desk, call: &Call, scope: Scope, id: UnitId) -> Result<(Location, Unit), Failure> {
    let found = desk.store.read(async |tx| Ok::<_, Failure>(store::catalogue::unit(tx, id).await?)).await?;
    recorded(desk, call, "read_unit", ObjectKind::Unit).await?;
    found.filter(|(location, _)| is_visible(location, call, scope)).ok_or(Failure::NotFound)
}

/// The single places of one unit, by number.
pub async fn list_places(desk: &Desk, call: &Call, scope: Scope, unit: UnitId) -> Result<Vec<Place>, Failure> {
    let (location, places) = desk
        .store
        .read(async |tx| {
            let (location, _) = store::catalogue::unit(tx, unit).await?.ok_or(Failure::NotFound)?;
            Ok::<_, Failure>((location, store::place::list(tx, unit).await?))
        })
        .await?;
    recorded(desk, call, "list_places", ObjectKind::Place).await?;
    if is_visible(&location, call, scope) { Ok(places) } else { Err(Failure::NotFound) }
}

fn is_visible(location: &Location, call: &Call, scope: Scope) -> bool {
    match scope {
        Scope::Full => true,
        Scope::Own => location.organisation.is_some() && location.organisation == call.actor.organisation,
        Scope::Status => false,
    }
}

async fn recorded(desk: &Desk, call: &Call, operation: &'static str, kind: ObjectKind) -> Result<(), Failure> {
    let event = Event::new("catalogue.read", Action::Read, operation).about_all(kind);
    Ok(desk.store.record(call, desk.clock.now(), vec![event]).await?)
}
