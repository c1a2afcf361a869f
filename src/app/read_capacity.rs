//! The capacity board: what is free, held, taken and out of use in each unit, with the age of the figures.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Desk, Failure};
use crate::domain::audit::{Action, Call, Event, ObjectKind};
use crate::domain::catalogue::availability::Capacity;
use crate::domain::matching::snapshot::UnitState;
use crate::domain::role::Scope;
use crate::store;

/// One unit on the board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardLine {
    /// The unit with its documented and its live side.
    pub unit: UnitState,
    /// Its places; `None` where their number is not documented.
    pub capacity: Option<Capacity>,
    /// True if the figures were never confirmed, or longer ago than the term for this kind of unit.
    pub is_stale: bool,
}

/// Reads the board: CoMensha all units, a shelter its own.
pub async fn read_capacity(desk: &Desk, call: &Call, scope: Scope) -> Result<Vec<BoardLine>, Failure> {
    let at = desk.clock.now();
    let (snapshot, policy) = desk
        .store
        .read(async |tx| {
            Ok::<_, Failure>((store::snapshot::load(tx, at).await?, desk.policies.in_force(tx, at).await?))
        })
        .await?;
    let own = |unit: &UnitState| scope == Scope::Full || unit.organisation == call.actor.organisation;
    let lines = snapshot
        .units
        .into_iter()
        .filter(own)
        .map(|unit| line(unit, |kind| policy.stale_after_hours(kind), at))
        .collect::<Result<Vec<_>, Failure>>()?;
    let event = Event::new("capacity.read", Action::Read, "read_capacity").about_all(ObjectKind::Capacity);
    desk.store.record(call, at, vec![event]).await?;
    Ok(lines)
}

fn line(
    unit: UnitState,
    stale_after_hours: impl Fn(crate::domain::catalogue::location::UnitKind) -> i64,
    at: DateTime<Utc>,
) -> Result<BoardLine, Failure> {
    let capacity = unit
        .capacity
        .map(|count| Capacity::of(count.total, count.occupied, count.held, count.out_of_use))
        .transpose()
        .map_err(|_| Failure::Broken)?;
    let limit = TimeDelta::hours(stale_after_hours(unit.kind));
    let is_stale = unit.figures_as_of.is_none_or(|as_of| at.signed_duration_since(as_of) > limit);
    Ok(BoardLine { unit, capacity, is_stale })
}
