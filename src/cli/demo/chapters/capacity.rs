//! A full house, and a bed that comes free.

use super::{
    super::{
        super::ending::Trouble,
        people::{COORDINATOR, KADERA, POLICE, Person},
        reasons,
        stage::Stage,
    },
    opening,
};
use crate::{
    app::{
        decide_placement::Choice,
        read_capacity::{BoardLine, read_capacity},
        read_catalogue::list_places,
        read_waiting_list::read_waiting_list,
        report_place::{PlaceReport, report_place},
    },
    domain::{
        catalogue::{location::ProgrammeKind, place::PlaceState},
        ids::{PlaceId, ReferralId, UnitId},
        placement::decision::{Outcome, TemporaryPlace},
        role::Permission,
    },
};

const DEMO_G: &str = include_str!("../../../../demo/demo-g.json");

/// Someone who waits, and the places that were filled in the busy night.
pub(super) struct Waiting {
    referral: ReferralId,
    filled: Vec<Filled>,
}

/// A place that a shelter reported as taken in the busy night.
struct Filled {
    who: Person,
    unit: UnitId,
    place: PlaceId,
}

/// The board as the coordinator sees it.
pub(super) async fn board(stage: &Stage<'_>) -> Result<Vec<BoardLine>, Trouble> {
    let (call, scope) = (COORDINATOR.asks(Permission::ReadCapacity), COORDINATOR.reach(Permission::ReadCapacity)?);
    stage.telling.done("the board is read", read_capacity(&stage.desk, &call, scope).await)
}

/// Every OMM place is taken: the waiting list, and a bed for tonight.
pub(super) async fn full_house(stage: &mut Stage<'_>) -> Result<Waiting, Trouble> {
    stage.telling.step("DEMO-G: the house is full");
    let filled = fill_up(stage).await?;
    let matched =
        stage.eligible(POLICE, DEMO_G, "Diagnosed disability; on the street; regular shelter is not enough.").await?;
    stage.telling.check("nobody can take him now", matched.result.now.is_empty() && matched.result.ask.is_empty())?;
    stage.telling.tell(
        "A busy night: the shelters report their last places taken. The police find a man of 41 on the street, with a mild \
         intellectual disability, in danger in Amsterdam.",
    );
    for reason in reasons::why_not(stage, &matched.result) {
        stage.telling.item(reason);
    }
    let choice = Choice::TemporaryPlace(TemporaryPlace::EmergencyBed, None);
    let decision =
        stage.decide(matched.referral, choice, "No OMM place is free; he cannot stay on the street.").await?;
    let is_temporary = matches!(decision.outcome, Outcome::TemporaryPlace { .. });
    stage.telling.check("a temporary place is decided", is_temporary)?;
    let call = COORDINATOR.asks(Permission::ReadWaitingList);
    let waiting = stage.telling.done("the waiting list is read", read_waiting_list(&stage.desk, &call).await)?;
    let own = stage.telling.need("he waits", waiting.iter().find(|line| line.referral == matched.referral))?;
    stage.telling.tell(format_args!(
        "A full house is not a no to him: the desk says what would change it. The coordinator decides on an emergency bed \
         (noodbed) of the police for tonight. He stays on the waiting list, number {} of {}, ordered by urgency, then by \
         time waited, then by a lottery that anybody can repeat.",
        own.position,
        waiting.len()
    ));
    Ok(Waiting { referral: matched.referral, filled })
}

/// Reports every free OMM place as taken.
async fn fill_up(stage: &Stage<'_>) -> Result<Vec<Filled>, Trouble> {
    let mut filled = Vec::new();
    for line in board(stage).await?.into_iter().filter(|line| line.unit.programme == ProgrammeKind::Omm) {
        let who = stage.telling.need("somebody runs the unit", opening::shelter_of(line.unit.code.as_str()))?;
        let capacity = stage.telling.need("its places are counted", line.capacity)?;
        let (read, scope) = (who.asks(Permission::ReadCatalogue), who.reach(Permission::ReadCatalogue)?);
        let listed = list_places(&stage.desk, &read, scope, line.unit.id).await;
        let places = stage.telling.done("the places are listed", listed)?;
        // Residents of before the story took the last places, those placed in it the first: the free ones lie between.
        let reported_before = places.iter().filter(|place| place.reported.is_some()).count();
        for place in places.iter().rev().skip(reported_before).take(usize::from(capacity.free)) {
            opening::take(stage, who, place.id).await?;
            filled.push(Filled { who, unit: line.unit.id, place: place.id });
        }
    }
    Ok(filled)
}

/// Reports a place as free again.
async fn free(stage: &Stage<'_>, filled: &Filled) -> Result<(), Trouble> {
    let (call, scope) = (filled.who.asks(Permission::ReportCapacity), filled.who.reach(Permission::ReportCapacity)?);
    let report = PlaceReport::State(PlaceState::Available);
    let reported = report_place(&stage.desk, &call, scope, filled.place, report).await;
    stage.settled("the place is reported free", reported).map(drop)
}

/// The busy night is over: those places are free again.
pub(super) async fn empty_again(stage: &Stage<'_>, waiting: Waiting) -> Result<usize, Trouble> {
    for filled in &waiting.filled {
        free(stage, filled).await?;
    }
    Ok(waiting.filled.len())
}

/// A shelter reports a bed; the next match sees it.
pub(super) async fn bed_update(stage: &mut Stage<'_>, waiting: &mut Waiting) -> Result<(), Trouble> {
    stage.telling.step("A bed comes free, and is seen at once");
    stage.wait_minutes(180);
    let zwolle = stage.unit("omm-zwolle-places")?;
    let bed = waiting.filled.iter().position(|filled| filled.unit == zwolle);
    let bed = waiting.filled.swap_remove(stage.telling.need("Zwolle has such a bed", bed)?);
    free(stage, &bed).await?;
    let matched = stage.matched(waiting.referral).await?;
    let card = stage.telling.need("the next match sees the bed", matched.result.now.first())?;
    stage.telling.check("it is the bed in Zwolle", card.unit == zwolle && card.beds_free == Some(1))?;
    let proposal = stage.propose(&matched, zwolle, None).await?;
    let accepted = stage.accept(KADERA, proposal.id).await?;
    stage.place(&accepted, Vec::new(), "First on the list, and the bed fits.").await?;
    stage.telling.tell(format_args!(
        "{}: Kadera reports a bed free in Zwolle. The next match, a moment later, has it: proposed, accepted, decided. \
         He leaves the emergency bed and the waiting list.",
        stage.time()
    ));
    Ok(())
}
