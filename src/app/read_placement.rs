//! Reading a placement: CoMensha every one, a shelter those in its own units.

use super::{Desk, Failure};
use crate::domain::audit::{Action, Call, Event, ObjectKind};
use crate::domain::ids::PlacementId;
use crate::domain::placement::stay::Placement;
use crate::domain::role::Scope;
use crate::store::{self, Tx};

/// Reads one placement. One that is not for this caller does not exist for it.
pub async fn read_placement(desk: &Desk, call: &Call, scope: Scope, id: PlacementId) -> Result<Placement, Failure> {
    let at = desk.clock.now();
    let found = desk.store.read(async |tx| visible(tx, call, scope, id).await).await?;
    // A shelter reads a stay until it ends.
    let found = found.filter(|placement| scope == Scope::Full || !placement.state.has_ended());
    let event = Event::new("placement.read", Action::Read, "read_placement").about(ObjectKind::Placement, id);
    let event = match &found {
        Some(placement) => event.person(placement.referral),
        None => event.refused("not-found"),
    };
    desk.store.record(call, at, vec![event]).await?;
    found.ok_or(Failure::NotFound)
}

/// The placement, if this caller may see it.
pub(super) async fn visible(
    tx: &mut Tx<'_>,
    call: &Call,
    scope: Scope,
    id: PlacementId,
) -> Result<Option<Placement>, Failure> {
    let Some(placement) = store::placement::load(tx, id).await? else { return Ok(None) };
    let seen = match scope {
        Scope::Full => true,
        Scope::Own => {
            let own = store::catalogue::organisation_of_unit(tx, placement.unit).await?;
            own.is_some() && own == call.actor.organisation
        }
        Scope::Status => false,
    };
    Ok(seen.then_some(placement))
}
