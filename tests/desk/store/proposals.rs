//! Proposals, decisions and judgements as rows: holds that end by the clock, and one person from first to last.

use omm::{
    domain::{
        fact::Verdict,
        ids::PlacementId,
        placement::{
            decision::{Assessment, Outcome, TemporaryPlace},
            proposal::{AnsweredQuestion, Departure, Proposal, ProposalState as S, Standing},
        },
        referral::{
            lifecycle::Judgement,
            reasons::{DepartureReason, ObjectionReason, RefusalReason, TargetRoute},
        },
    },
    store::{self, StoreError},
};
use uuid::Uuid;

use super::{
    noon,
    rows::{ERMELO, Rows, ZWOLLE, after, assert_all_states, every, kadera},
};

fn sent() -> S {
    S::Sent { sent_at: noon(), hold_until: after(120) }
}

fn states() -> Vec<S> {
    let at = noon();
    let mut states = vec![
        S::Draft,
        sent(),
        S::Accepted { at, hold_until: after(120) },
        S::Expired { at },
        S::Confirmed { at },
        S::Cancelled { at },
    ];
    states.extend(every().into_iter().map(|reason| S::Objected { at, reason }));
    states.extend(every().into_iter().map(|reason| S::DeclinedByVictim { at, reason }));
    states
}

async fn assert_reads_back(rows: &Rows, proposal: &Proposal, what: &str) {
    rows.write(async |tx| store::proposal::insert(tx, proposal).await).await.unwrap();
    let found = rows.read(async |tx| store::proposal::load(tx, proposal.id).await).await.unwrap();
    assert!(&found == proposal, "{what} does not read back as it was stored");
}

#[tokio::test]
async fn every_state_and_word_of_a_proposal_reads_back() {
    let rows = Rows::new().await;
    assert_all_states::<S>(states().iter().map(S::name));
    for state in states() {
        let what = format!("{state:?}");
        let referral = rows.stored_referral().await.id;
        assert_reads_back(&rows, &rows.proposal(referral, state).await, &what).await;
    }
    let referral = rows.stored_referral().await.id;
    let draft = rows.proposal(referral, S::Draft).await;
    for standing in every::<Standing>() {
        let proposal = Proposal { id: rows.id(omm::domain::ids::ProposalId), standing, ..draft.clone() };
        assert_reads_back(&rows, &proposal, &format!("{standing:?}")).await;
    }
    for reason in every::<DepartureReason>() {
        let departure = Some(Departure { reason, text: "Her own wish.".into() });
        let proposal = Proposal { id: rows.id(omm::domain::ids::ProposalId), departure, ..draft.clone() };
        assert_reads_back(&rows, &proposal, &format!("{reason:?}")).await;
    }
}

#[tokio::test]
async fn a_save_stores_state_answers_and_departure_and_refuses_an_older_copy() {
    let rows = Rows::new().await;
    let referral = rows.stored_referral().await.id;
    let mut proposal = rows.stored_proposal(referral, S::Draft).await;
    let mut older = proposal.clone();
    for text in ["Quieter.", "Nearer."] {
        proposal.state = sent();
        proposal.departure = Some(Departure { reason: DepartureReason::VictimWish, text: text.into() });
        proposal.answers.push(AnsweredQuestion { rule: "R-HOUSEHOLD".into(), verdict: Verdict::Yes });
        rows.write(async |tx| store::proposal::save(tx, &mut proposal).await).await.unwrap();
        let found = rows.read(async |tx| store::proposal::load(tx, proposal.id).await).await.unwrap();
        assert!(found == proposal, "{text}");
    }
    assert_eq!(proposal.version, 3);
    let refused = rows.write(async |tx| store::proposal::save(tx, &mut older).await).await;
    assert!(matches!(refused, Err(StoreError::Conflict(_))), "{refused:?}");
}

#[tokio::test]
async fn a_referral_has_one_live_proposal_at_most() {
    let rows = Rows::new().await;
    let referral = rows.stored_referral().await.id;
    rows.stored_proposal(referral, sent()).await;
    rows.stored_proposal(referral, S::Draft).await;
    rows.stored_proposal(rows.stored_referral().await.id, sent()).await;
    for live in [sent(), S::Accepted { at: noon(), hold_until: after(5) }] {
        let second = rows.proposal(referral, live).await;
        let refused = rows.write(async |tx| store::proposal::insert(tx, &second).await).await;
        let Err(StoreError::Conflict(constraint)) = refused else { panic!("{refused:?}") };
        assert_eq!(constraint, "one_live_proposal_per_referral");
    }
}

#[tokio::test]
async fn a_hold_counts_until_its_deadline_and_not_one_instant_longer() {
    let rows = Rows::new().await;
    let referral = rows.stored_referral().await.id;
    let proposal = rows.stored_proposal(referral, sent()).await;
    let instant = chrono::TimeDelta::microseconds(1);
    for (at, is_live) in [(noon(), true), (after(120) - instant, true), (after(120), false)] {
        let found = rows.read(async |tx| store::proposal::live_of(tx, referral, at).await).await;
        assert_eq!(found.map(|live| live.id), is_live.then_some(proposal.id), "{at}");
        let lapsed = rows.write(async |tx| store::proposal::expire_lapsed(tx, at).await).await.unwrap();
        assert_eq!(lapsed.is_empty(), is_live, "{at}");
    }
    let found = rows.read(async |tx| store::proposal::load(tx, proposal.id).await).await.unwrap();
    assert_eq!((found.state, found.version), (S::Expired { at: after(120) }, 2));
    rows.stored_proposal(referral, sent()).await;
}

#[tokio::test]
async fn all_lapsed_holds_are_written_down_at_once_in_the_order_they_were_made() {
    let rows = Rows::new().await;
    let mut made = Vec::new();
    for minutes in [30, 10, 20, 40] {
        let state = S::Accepted { at: noon(), hold_until: after(minutes) };
        made.push(rows.stored_proposal(rows.stored_referral().await.id, state).await.id);
    }
    let lapsed = rows.write(async |tx| store::proposal::expire_lapsed(tx, after(30)).await).await.unwrap();
    assert_eq!(lapsed.iter().map(|proposal| proposal.id).collect::<Vec<_>>(), made[..3]);
    assert_eq!(lapsed[1].state, S::Expired { at: after(10) });
}

#[tokio::test]
async fn proposals_are_listed_by_person_by_organisation_and_by_standing_objection() {
    let rows = Rows::new().await;
    let referral = rows.stored_referral().await.id;
    let reason = ObjectionReason::NoPlace;
    let mut objected = rows.stored_proposal(referral, S::Objected { at: noon(), reason }).await;
    let elsewhere = Proposal { unit: ERMELO, ..rows.proposal(referral, S::Draft).await };
    rows.write(async |tx| store::proposal::insert(tx, &elsewhere).await).await.unwrap();
    let other = rows.stored_proposal(rows.stored_referral().await.id, S::Draft).await;

    let own = rows.read(async |tx| store::proposal::list_of_referral(tx, referral).await).await;
    assert_eq!(own.iter().map(|one| one.id).collect::<Vec<_>>(), [elsewhere.id, objected.id]);
    let made_to = rows.read(async |tx| store::proposal::list_of_organisation(tx, &kadera()).await).await;
    assert_eq!(made_to.iter().map(|one| one.id).collect::<Vec<_>>(), [other.id, objected.id]);
    let objecting = async |tx: &mut store::Tx<'_>| store::proposal::objected_units(tx, referral).await;
    assert_eq!(rows.read(objecting).await, [ZWOLLE]);
    objected.state = sent();
    rows.write(async |tx| store::proposal::save(tx, &mut objected).await).await.unwrap();
    assert_eq!(rows.read(objecting).await, [], "an objection that was answered stands no more");
}

#[tokio::test]
async fn a_proposal_that_contradicts_itself_is_corrupt() {
    for change in ["state = 'lost'", "hold_until = NULL", "objection = 'no_place'", "departure = 'safety'", "beds = -1"]
    {
        let rows = Rows::new().await;
        let id = rows.stored_proposal(rows.stored_referral().await.id, sent()).await.id;
        rows.break_rows("proposals", &format!("UPDATE proposals SET {change}")).await;
        let read = rows.db.store.read(async |tx| store::proposal::load(tx, id).await).await;
        assert!(matches!(read, Err(StoreError::Corrupt(_))), "{change} was read");
    }
}

#[tokio::test]
async fn every_outcome_reads_back_the_newest_first() {
    let rows = Rows::new().await;
    let referral = rows.stored_referral().await.id;
    let mut outcomes = vec![Outcome::WaitingList];
    for place in every::<TemporaryPlace>() {
        outcomes.extend([None, Some(after(60))].map(|until| Outcome::TemporaryPlace { place, until }));
    }
    outcomes.extend(every::<TargetRoute>().into_iter().map(|target| Outcome::Redirected { target }));
    outcomes.extend(every::<RefusalReason>().into_iter().map(|reason| Outcome::Refused { reason }));
    let mut made = Vec::new();
    for outcome in outcomes {
        let decision = rows.decision(referral, outcome);
        rows.write(async |tx| store::decision::insert(tx, &decision).await).await.unwrap();
        made.insert(0, decision);
    }
    let found = rows.read(async |tx| store::decision::list(tx, referral).await).await;
    assert!(found == made);

    let (mut placed, placement) =
        rows.placement(omm::domain::placement::stay::PlacementState::Arrived { at: noon() }).await;
    let proposals = rows.read(async |tx| store::proposal::list_of_referral(tx, placed.referral).await).await;
    placed.result = proposals.first().map(|proposal| proposal.result);
    rows.write(async |tx| {
        store::decision::insert(tx, &placed).await?;
        store::placement::insert(tx, &placement, &[]).await
    })
    .await
    .unwrap();
    assert_all_states::<Outcome>(made.iter().chain([&placed]).map(|decision| decision.outcome.name()));
    let found = rows.read(async |tx| store::decision::list(tx, placed.referral).await).await;
    assert!(found == [placed]);
}

#[tokio::test]
async fn a_decision_is_about_one_person_on_one_proposal_with_its_placement() {
    let rows = Rows::new().await;
    let referral = rows.stored_referral().await.id;
    let proposal_id = rows.stored_proposal(rows.stored_referral().await.id, S::Confirmed { at: noon() }).await.id;
    let placement_id = PlacementId(Uuid::nil());
    let of_another = rows.decision(referral, Outcome::Placed { proposal_id, placement_id });
    let refused = rows.write(async |tx| store::decision::insert(tx, &of_another).await).await;
    assert!(
        matches!(&refused, Err(StoreError::Conflict(name)) if name == "decision_on_a_proposal_for_its_referral"),
        "{refused:?}"
    );

    let proposal_id = rows.stored_proposal(referral, S::Confirmed { at: noon() }).await.id;
    let without_placement = rows.decision(referral, Outcome::Placed { proposal_id, placement_id });
    let refused = rows.write(async |tx| store::decision::insert(tx, &without_placement).await).await;
    assert!(matches!(&refused, Err(StoreError::Conflict(name)) if name == "decision_has_its_placement"), "{refused:?}");
}

#[tokio::test]
async fn a_decision_that_contradicts_itself_is_corrupt() {
    for change in ["outcome = 'lost'", "outcome = 'refused'", "outcome = 'temporary_place'", "refusal = 'minor'"] {
        let rows = Rows::new().await;
        let decision = rows.decision(rows.stored_referral().await.id, Outcome::WaitingList);
        rows.write(async |tx| store::decision::insert(tx, &decision).await).await.unwrap();
        rows.break_rows("decisions", &format!("UPDATE decisions SET {change}")).await;
        let read = rows.db.store.read(async |tx| store::decision::list(tx, decision.referral).await).await;
        assert!(matches!(read, Err(StoreError::Corrupt(_))), "{change} was read");
    }
}

#[tokio::test]
async fn every_judgement_reads_back_the_newest_first() {
    let rows = Rows::new().await;
    let referral = rows.stored_referral().await.id;
    let mut made = Vec::new();
    for judgement in every::<Judgement>().into_iter().map(Some).chain([None]) {
        let assessment = Assessment {
            id: rows.assessment_id(),
            referral,
            judgement,
            reason: "Because.".into(),
            assessed_by: "https://login.example coordinator-1".into(),
            assessed_at: noon(),
        };
        rows.write(async |tx| store::assessment::insert(tx, &assessment).await).await.unwrap();
        made.insert(0, assessment);
    }
    let found = rows.read(async |tx| store::assessment::list(tx, referral).await).await;
    assert!(found == made);
}
