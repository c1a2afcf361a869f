//! Stopping what no longer has a ground: open proposals are taken back, their holds end, places that were reserved and not
//! yet used are free again. All in the write that took the ground away; the trail stays.

use chrono::{DateTime, Utc};

use super::Failure;
use super::cancel_proposal::cancelled_event;
use crate::domain::audit::{Action, Event, ObjectKind};
use crate::domain::ids::UnitId;
use crate::domain::referral::lifecycle::Step;
use crate::domain::referral::request::Referral;
use crate::store::{self, Tx};

/// Takes back every open proposal and reservation that has no ground any more: all of them if the referral is withdrawn.
///
/// A stay that has begun goes on, since somebody lives there; its shelter reports on it and reads no facts. The caller
/// saves the referral, which seeks a place again if its reservation was taken back.
pub(super) async fn stop_unfounded(
    tx: &mut Tx<'_>,
    referral: &mut Referral,
    at: DateTime<Utc>,
    operation: &'static str,
) -> Result<Vec<Event>, Failure> {
    let mut events = Vec::new();
    for mut proposal in store::proposal::list_of_referral(tx, referral.id).await? {
        let Ok(state) = proposal.state.clone().cancel(at) else { continue };
        if !referral.state.is_open() || !has_ground(tx, referral, proposal.unit, at).await? {
            proposal.state = state;
            store::proposal::save(tx, &mut proposal).await?;
            events.push(cancelled_event(&proposal, operation, false));
        }
    }
    for mut placement in store::placement::of_referral(tx, referral.id).await? {
        let Ok(state) = placement.state.clone().cancel(at) else { continue };
        if !referral.state.is_open() || !has_ground(tx, referral, placement.unit, at).await? {
            placement.state = state;
            store::placement::save(tx, &mut placement).await?;
            store::occupancy::release(tx, placement.id, at).await?;
            if referral.state.is_open() {
                referral.step(Step::FallThrough, at).map_err(|_| Failure::Broken)?;
            }
            events.push(
                Event::new("placement.cancelled", Action::Update, operation)
                    .about(ObjectKind::Placement, placement.id)
                    .person(referral.id),
            );
        }
    }
    Ok(events)
}

/// True if there is a ground to share the referral with the shelter of this unit now.
pub(super) async fn has_ground(
    tx: &mut Tx<'_>,
    referral: &Referral,
    unit: UnitId,
    at: DateTime<Utc>,
) -> Result<bool, Failure> {
    let city = store::catalogue::city_of_unit(tx, unit).await?;
    Ok(referral.missing_ground(city.as_deref(), at.date_naive()).is_none())
}
