//! Confirming the figures of a unit: they are as they stand, as of now. Unconfirmed figures go stale.

use super::report_place::reporter;
use super::{Answer, Desk, Failure, done};
use crate::domain::audit::{Action, Call, Event, ObjectKind};
use crate::domain::catalogue::place::Report;
use crate::domain::ids::UnitId;
use crate::domain::once::Receipt;
use crate::domain::role::Scope;
use crate::store;

/// Confirms the figures of a unit. A shelter confirms those of its own units.
pub async fn confirm_figures(desk: &Desk, call: &Call, scope: Scope, unit: UnitId) -> Result<Answer<Receipt>, Failure> {
    let at = desk.clock.now();
    let report = Report { by: reporter(call), at };
    desk.store
        .write(call, at, async |tx| {
            let own = store::catalogue::organisation_of_unit(tx, unit).await?;
            if store::catalogue::unit(tx, unit).await?.is_none() {
                return Err(Failure::NotFound);
            }
            if scope != Scope::Full && (own.is_none() || own != call.actor.organisation) {
                return Err(Failure::NotFound);
            }
            store::catalogue::confirm_figures(tx, unit, &report).await?;
            let event =
                Event::new("capacity.confirmed", Action::Update, "confirm_figures").about(ObjectKind::Unit, unit);
            done(Receipt::new(unit.0, "confirmed"), event)
        })
        .await
}
