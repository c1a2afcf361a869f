//! What a shelter reports of a stay: arrival or no-show, the expected end, exit, disappearance.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Answer, Desk, Failure, done, refused};
use crate::domain::audit::{Action, Call, Event, ObjectKind, Sensitivity};
use crate::domain::ids::PlacementId;
use crate::domain::placement::stay::{ExpectedEnd, Placement, PlacementState};
use crate::domain::placement::terms::end_of_term;
use crate::domain::referral::lifecycle::{Step, WrongState};
use crate::domain::referral::reasons::ExitType;
use crate::domain::role::Scope;
use crate::store::{self, Tx};

/// What is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StayReport {
    /// The victim has arrived.
    Arrived,
    /// The victim did not come; the places are free again and a new place is sought.
    NoShow,
    /// The stay ends on a day that is expected or fixed.
    EndAnnounced(ExpectedEnd),
    /// The stay has ended; the places are free again.
    Exited(ExitType),
    /// The victim dropped out of sight; the places stay held for the set time.
    Disappeared,
}

impl StayReport {
    /// The operation of the contract that reports it.
    pub fn operation(self) -> &'static str {
        match self {
            Self::Arrived | Self::NoShow => "report_arrival",
            Self::EndAnnounced(_) => "announce_end",
            Self::Exited(_) => "report_exit",
            Self::Disappeared => "report_disappearance",
        }
    }

    fn event_type(self) -> &'static str {
        match self {
            Self::Arrived => "placement.arrived",
            Self::NoShow => "placement.no_show",
            Self::EndAnnounced(_) => "placement.end_announced",
            Self::Exited(_) => "placement.exited",
            Self::Disappeared => "placement.disappeared",
        }
    }
}

/// Records a report. A shelter reports on stays in its own units, CoMensha on every stay.
pub async fn report_stay(
    desk: &Desk,
    call: &Call,
    scope: Scope,
    id: PlacementId,
    report: StayReport,
) -> Result<Answer<Placement>, Failure> {
    let at = desk.clock.now();
    desk.store
        .write(call, at, async |tx| {
            let mut placement = super::read_placement::visible(tx, call, scope, id).await?.ok_or(Failure::NotFound)?;
            let event = Event::new(report.event_type(), Action::Update, report.operation())
                .about(ObjectKind::Placement, id)
                .person(placement.referral)
                .sensitivity(Sensitivity::Personal);
            if let Err(wrong) = moved(desk, &mut placement, report, at) {
                return refused(wrong.into(), event);
            }
            store::placement::save(tx, &mut placement).await?;
            follow(tx, &placement, report, at).await?;
            done(placement, event)
        })
        .await
}

fn moved(desk: &Desk, placement: &mut Placement, report: StayReport, at: DateTime<Utc>) -> Result<(), WrongState> {
    let state = placement.state.clone();
    placement.state = match report {
        StayReport::Arrived => state.arrive(at)?,
        StayReport::NoShow => state.no_show(at)?,
        StayReport::EndAnnounced(end) => {
            placement.end = Some(end);
            state.settle()?
        }
        StayReport::Exited(exit) => state.exit(at, exit)?,
        StayReport::Disappeared => {
            let no_holidays: &[NaiveDate] = &[];
            state.disappear(at, end_of_term(at, desk.terms.disappearance_hold, no_holidays))?
        }
    };
    Ok(())
}

/// What follows for the places and for the referral.
async fn follow(tx: &mut Tx<'_>, placement: &Placement, report: StayReport, at: DateTime<Utc>) -> Result<(), Failure> {
    let step = match report {
        StayReport::Arrived => return Ok(()),
        StayReport::Disappeared => {
            if let PlacementState::Disappeared { held_until, .. } = placement.state {
                store::occupancy::keep(tx, placement.id, held_until).await?;
            }
            return Ok(());
        }
        StayReport::EndAnnounced(end) => return Ok(store::occupancy::set_end(tx, placement.id, &end).await?),
        StayReport::NoShow => Step::FallThrough,
        StayReport::Exited(_) => Step::Close,
    };
    store::occupancy::release(tx, placement.id, at).await?;
    if let Some(mut referral) = store::referral::load(tx, placement.referral).await? {
        // A referral that was withdrawn meanwhile stays withdrawn.
        if referral.step(step, at).is_ok() {
            store::referral::save(tx, &mut referral).await?;
        }
    }
    Ok(())
}

/// Frees the places of people who disappeared, once the time for which they were held is over. They stopped counting at
/// that instant; this only records it.
pub(super) async fn release_lapsed(
    tx: &mut Tx<'_>,
    at: DateTime<Utc>,
    operation: &'static str,
) -> Result<Vec<Event>, Failure> {
    let released = store::occupancy::release_lapsed(tx, at).await?;
    let event =
        |id| Event::new("placement.places_released", Action::Update, operation).about(ObjectKind::Placement, id);
    Ok(released.into_iter().map(event).collect())
}
