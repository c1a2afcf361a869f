//! Five referrals that are placed, each in another way.

use chrono::TimeDelta;

use super::{
    super::{
        super::ending::Trouble,
        people::{CARE_COORDINATOR, COORDINATOR, POLICE, Person},
        reasons,
        stage::{Matched, Stage},
    },
    opening,
};
use crate::{
    app::{
        answer_proposal::ShelterAnswer, decide_placement::Choice, read_proposal::list_proposals_of_referral,
        report_stay::StayReport, send_proposal::send_proposal,
    },
    domain::{
        fact::Verdict,
        ids::{PlacementId, ResultId, UnitId},
        matching::result::UnitCard,
        placement::{
            proposal::{AnsweredQuestion, Departure, ProposalState},
            refusal::Refusal,
            stay::PlacementState,
        },
        referral::reasons::{DepartureReason, ObjectionReason},
        role::{Permission, Scope},
    },
};

const DEMO_A: &str = include_str!("../../../../demo/demo-a.json");
const DEMO_B: &str = include_str!("../../../../demo/demo-b.json");
const DEMO_C: &str = include_str!("../../../../demo/demo-c.json");
const DEMO_D: &str = include_str!("../../../../demo/demo-d.json");
const DEMO_H: &str = include_str!("../../../../demo/demo-h.json");

/// The shelter that runs a unit.
fn shelter(stage: &Stage<'_>, card: &UnitCard) -> Result<Person, Trouble> {
    stage.telling.need("somebody runs the unit", opening::shelter_of(card.code.as_str()))
}

/// The first unit of a match that fits.
fn first<'m>(stage: &Stage<'_>, matched: &'m Matched) -> Result<&'m UnitCard, Trouble> {
    stage.telling.need("a unit fits", matched.result.now.first())
}

/// Says what a match found.
fn tell_match(stage: &mut Stage<'_>, matched: &Matched) {
    let order = reasons::in_order(stage, &matched.result);
    let why = reasons::why_first(stage, &matched.result);
    stage.telling.tell(format_args!("Fits: {order}. {why}"));
    for reason in reasons::why_not(stage, &matched.result) {
        stage.telling.item(format_args!("does not fit: {reason}"));
    }
    for question in reasons::to_ask(stage, &matched.result) {
        stage.telling.item(format_args!("ask first: {question}"));
    }
}

/// Somebody who was placed at the first rank and has arrived.
pub(super) struct Arrived {
    /// The match it rested on.
    pub result: ResultId,
    /// The stay.
    pub placement: PlacementId,
}

/// Placed at the first rank, and arrived.
pub(super) async fn first_rank(stage: &mut Stage<'_>) -> Result<Arrived, Trouble> {
    stage.telling.step("DEMO-A: placed at the first rank");
    stage.telling.tell(
        "The police refer a woman of 27 who sits at the police station: sexual exploitation, a psychiatric diagnosis, \
         a past addiction, in danger in Rotterdam. The coordinator judges her eligible and looks at the match.",
    );
    let matched = stage.eligible(POLICE, DEMO_A, "Diagnosis and addiction; regular shelter is not enough.").await?;
    tell_match(stage, &matched);
    let card = first(stage, &matched)?;
    let out = &matched.result.out;
    let rotterdam_is_out = out.iter().any(|card| card.code.as_str() == "omm-rotterdam-places");
    stage.telling.check("nobody is sent into a danger area", rotterdam_is_out)?;
    let (who, name) = (shelter(stage, card)?, stage.name(card.unit));
    let proposal = stage.propose(&matched, card.unit, None).await?;
    stage.wait_minutes(40);
    let proposal = stage.accept(who, proposal.id).await?;
    let placement = stage.place(&proposal, Vec::new(), "First rank, crisis place, outside the danger area.").await?;
    stage.wait_minutes(120);
    let stay = stage.report(who, placement, StayReport::Arrived).await?;
    let has_arrived = matches!(stay.state, PlacementState::Arrived { .. } | PlacementState::InStay { .. });
    stage.telling.check("the arrival is recorded", has_arrived)?;
    stage.telling.tell(format_args!(
        "The place in {name} is proposed and held; the shelter accepts; the coordinator decides, with a written reason. \
         {}: she has arrived.",
        stage.time()
    ));
    Ok(Arrived { result: matched.id, placement })
}

/// The coordinator takes another unit than the first rank, and must say why.
pub(super) async fn departure(stage: &mut Stage<'_>) -> Result<(), Trouble> {
    stage.telling.step("DEMO-B: another place than the first, with a reason");
    let matched =
        stage.eligible(CARE_COORDINATOR, DEMO_B, "Diagnosed disability; regular shelter is not enough.").await?;
    stage
        .telling
        .tell("A care coordinator (zorgcoördinator) refers a woman of 22 with a mild intellectual disability (LVB).");
    tell_match(stage, &matched);
    let leader = first(stage, &matched)?.unit;
    let wished = stage.unit("omm-zwolle-places")?;
    stage.telling.check("Zwolle is not the first rank", leader != wished)?;
    let card = stage.telling.need("Zwolle fits", matched.result.now.iter().find(|card| card.unit == wished))?;
    let departure =
        Departure { reason: DepartureReason::VictimWish, text: "She knows Zwolle and wants to stay near.".to_owned() };
    let proposal = stage.propose(&matched, wished, Some(departure)).await?;
    let proposal = stage.accept(shelter(stage, card)?, proposal.id).await?;
    stage.place(&proposal, Vec::new(), "Her own wish outweighs the small difference.").await?;
    stage.telling.tell(
        "She asks for Zwolle. The service advises, it does not decide: the coordinator departs from the first rank, with \
         the reason code victim_wish and a sentence. Without them the desk would have refused the proposal.",
    );
    Ok(())
}

/// The shelter objects; the next candidate is prepared and takes one confirmation.
pub(super) async fn objection(stage: &mut Stage<'_>) -> Result<(), Trouble> {
    stage.telling.step("DEMO-C: the shelter objects, the next one is ready");
    let matched = stage.eligible(POLICE, DEMO_C, "Active addiction; regular shelter is not enough.").await?;
    let card = first(stage, &matched)?;
    let (who, name) = (shelter(stage, card)?, stage.name(card.unit));
    let proposal = stage.propose(&matched, card.unit, None).await?;
    stage.wait_minutes(60);
    stage.answer(who, proposal.id, ShelterAnswer::Objected(ObjectionReason::GroupComposition)).await?;
    let call = COORDINATOR.asks(Permission::ReadProposal);
    let listed = list_proposals_of_referral(&stage.desk, &call, Scope::Full, matched.referral).await;
    let proposals = stage.telling.done("the proposals are listed", listed)?;
    let draft = proposals.iter().find(|proposal| proposal.state == ProposalState::Draft);
    let next = stage.telling.need("the next candidate is prepared", draft)?;
    stage.telling.check("it is another unit", next.unit != proposal.unit)?;
    let next_name = stage.name(next.unit);
    let call = COORDINATOR.asks(Permission::ProposePlacement);
    let sent = stage.settled("it goes out", send_proposal(&stage.desk, &call, next.id, None).await)?;
    let code = stage.units.iter().find(|(_, unit)| unit.id == sent.unit).map(|(code, _)| code.to_string());
    let who = stage.telling.need("somebody runs the unit", code.as_deref().and_then(opening::shelter_of))?;
    let accepted = stage.accept(who, sent.id).await?;
    stage.place(&accepted, Vec::new(), "First rank after the objection of the first shelter.").await?;
    stage.telling.tell(format_args!(
        "A man of 35 with an active addiction, exploited in work. {name} comes first, but objects: the group there does \
         not allow it. At once the desk matches again on fresh figures, sets that house aside and prepares a proposal to \
         {next_name}. The coordinator sends it with one confirmation; it is accepted, and he is placed."
    ));
    Ok(())
}

/// A mother with two children: three places, never split.
pub(super) async fn family(stage: &mut Stage<'_>) -> Result<(), Trouble> {
    stage.telling.step("DEMO-D: a family of three stays together");
    let matched =
        stage.eligible(CARE_COORDINATOR, DEMO_D, "Diagnosis and two life domains; needs a specialised house.").await?;
    stage.telling.check("nobody says yes to children yet", matched.result.now.is_empty())?;
    let card = stage.telling.need("a unit may have room for three", matched.result.ask.first())?;
    let (who, name) = (shelter(stage, card)?, stage.name(card.unit));
    stage.telling.check("the children count", card.beds_needed == 3)?;
    let questions: Vec<&str> =
        card.findings.iter().filter_map(|finding| finding.question.as_ref()).map(|asked| &*asked.text_en).collect();
    let proposal = stage.propose(&matched, card.unit, None).await?;
    stage.telling.check("three places are held", proposal.beds == 3)?;
    let yes = |rule: &str| AnsweredQuestion { rule: rule.to_owned(), verdict: Verdict::Yes };
    let answers = card.findings.iter().map(|finding| yes(finding.rule.name())).collect();
    let accepted = stage.answer(who, proposal.id, ShelterAnswer::Accepted(answers)).await?;
    stage.place(&accepted, Vec::new(), "First rank with room for the whole family, and it says yes.").await?;
    let left = free_places(stage, card.unit).await?;
    stage.telling.check("three places are taken", card.beds_free == Some(left + 3))?;
    stage.telling.tell(format_args!(
        "A mother of 30 with children of 4 and 7. A household is never split, and each child counts as a place. No public \
         text says whether children are welcome at an OMM house. Unknown is not no, so the desk asks {name}: \"{}\" The \
         answer is yes. Three places are taken at once; free there now: {left}.",
        questions.join(" ")
    ));
    Ok(())
}

async fn free_places(stage: &Stage<'_>, unit: UnitId) -> Result<u16, Trouble> {
    super::capacity::board(stage)
        .await?
        .into_iter()
        .find(|line| line.unit.id == unit)
        .and_then(|line| line.capacity)
        .map(|capacity| capacity.free)
        .ok_or_else(|| stage.telling.failed("the unit is on the board"))
}

/// The hold lapses before the decision: it is refused, and the refusal is in the trail.
pub(super) async fn too_late(stage: &mut Stage<'_>) -> Result<(), Trouble> {
    stage.telling.step("DEMO-H: a decision that comes too late");
    let matched = stage.eligible(CARE_COORDINATOR, DEMO_H, "Active addiction; regular shelter is not enough.").await?;
    let card = first(stage, &matched)?;
    let (who, name) = (shelter(stage, card)?, stage.name(card.unit));
    let proposal = stage.propose(&matched, card.unit, None).await?;
    let accepted = stage.accept(who, proposal.id).await?;
    let until = stage.telling.need("the place is held until a moment", accepted.state.hold_until())?;
    stage.clock.set(until + TimeDelta::minutes(5));
    let late = stage.try_to_decide(matched.referral, Choice::Place(accepted.id, Vec::new()), "First rank.").await?;
    stage.telling.check("the late decision is refused", matches!(late, Err(Refusal::HoldExpired(_))))?;
    stage.telling.tell(format_args!(
        "{name} accepts a woman of 38 and keeps a place for a set time. The coordinator decides five minutes after it: \
         refused, because the hold has lapsed and the place may be promised to somebody else. No job had to run for that; \
         the clock alone decides. The refusal stands in the trail like any other act."
    ));
    opening::confirm_all(stage).await?;
    let again = stage.matched(matched.referral).await?;
    let card = first(stage, &again)?;
    let proposal = stage.propose(&again, card.unit, None).await?;
    let accepted = stage.accept(shelter(stage, card)?, proposal.id).await?;
    stage.place(&accepted, Vec::new(), "First rank, on fresh figures.").await?;
    stage.telling.tell(format_args!(
        "It is {} now. The shelters confirm their figures, as they do every day; matched again, she is placed in {}.",
        stage.time(),
        stage.name(card.unit)
    ));
    Ok(())
}
