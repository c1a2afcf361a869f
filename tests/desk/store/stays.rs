//! Placements and the places they take, as rows: nobody is ever placed where somebody is, and what ends by the clock has ended.

use chrono::NaiveDate;
use omm::{
    domain::{
        catalogue::availability::EndCertainty,
        ids::{PlaceId, ReferralId},
        placement::{
            proposal::ProposalState,
            stay::{ExpectedEnd, Occupancy, Placement, PlacementState as S},
        },
    },
    store::{self, StoreError},
};
use uuid::Uuid;

use super::{
    noon,
    rows::{ERMELO, IN_ZWOLLE, Rows, ZWOLLE, after, assert_all_states, every, kadera},
};

const RESERVED: fn() -> S = || S::Reserved { arrive_by: after(60) };

fn states() -> Vec<S> {
    let at = noon();
    let mut states = vec![
        RESERVED(),
        S::Arrived { at },
        S::InStay { arrived_at: at },
        S::NoShow { at },
        S::Cancelled { at },
        S::Disappeared { at, held_until: after(60) },
    ];
    states.extend(every().into_iter().map(|exit| S::Exited { at, exit }));
    states
}

fn end(certainty: EndCertainty) -> ExpectedEnd {
    ExpectedEnd { on: NaiveDate::from_ymd_opt(2026, 6, 1).unwrap(), certainty }
}

fn is_refused_by(refused: &Result<impl Sized, StoreError>, constraint: &str) -> bool {
    matches!(refused, Err(StoreError::Conflict(name)) if name == constraint)
}

async fn free(rows: &Rows, minutes: i64) -> Vec<PlaceId> {
    rows.read(async |tx| store::occupancy::free_places(tx, ZWOLLE, after(minutes), 10).await).await
}

/// A person in the first place of Zwolle who has dropped out of sight; the place is kept for an hour.
async fn a_disappearance(rows: &Rows) -> Placement {
    let mut placement = rows.stored_placement(S::Arrived { at: noon() }, &IN_ZWOLLE[..1]).await.unwrap();
    placement.state = S::Disappeared { at: noon(), held_until: after(60) };
    rows.write(async |tx| store::placement::save(tx, &mut placement).await).await.unwrap();
    placement
}

#[tokio::test]
async fn every_state_of_a_placement_reads_back() {
    let rows = Rows::new().await;
    assert_all_states::<S>(states().iter().map(S::name));
    for state in states() {
        let stored = rows.stored_placement(state, &[]).await.unwrap();
        assert_eq!(rows.read(async |tx| store::placement::load(tx, stored.id).await).await, Some(stored));
    }
}

#[tokio::test]
async fn a_save_stores_state_and_end_and_refuses_an_older_copy() {
    let rows = Rows::new().await;
    let mut placement = rows.stored_placement(RESERVED(), &[]).await.unwrap();
    let mut older = placement.clone();
    for (version, certainty) in (2..).zip(every::<EndCertainty>()) {
        (placement.state, placement.end) = (S::InStay { arrived_at: noon() }, Some(end(certainty)));
        rows.write(async |tx| store::placement::save(tx, &mut placement).await).await.unwrap();
        assert_eq!(placement.version, version);
        let found = rows.read(async |tx| store::placement::load(tx, placement.id).await).await;
        assert_eq!(found.as_ref(), Some(&placement));
    }
    let refused = rows.write(async |tx| store::placement::save(tx, &mut older).await).await;
    assert!(matches!(refused, Err(StoreError::Conflict(_))), "{refused:?}");
}

#[tokio::test]
async fn placements_are_listed_by_person_and_by_organisation() {
    let rows = Rows::new().await;
    let first = rows.stored_placement(S::NoShow { at: noon() }, &[]).await.unwrap();
    let second = rows.stored_placement(RESERVED(), &[]).await.unwrap();
    let own = rows.read(async |tx| store::placement::of_referral(tx, first.referral).await).await;
    assert_eq!(own, std::slice::from_ref(&first));
    let there = rows.read(async |tx| store::placement::of_organisation(tx, &kadera()).await).await;
    assert_eq!(there, [second, first]);
    let elsewhere = rows.read(async |tx| store::placement::of_organisation(tx, &"pretty".into()).await).await;
    assert_eq!(elsewhere, []);
}

#[tokio::test]
async fn a_place_is_taken_once_and_a_household_that_does_not_fit_takes_nothing() {
    let rows = Rows::new().await;
    rows.stored_placement(RESERVED(), &IN_ZWOLLE[1..2]).await.unwrap();
    assert_eq!(free(&rows, 0).await, [IN_ZWOLLE[0], IN_ZWOLLE[2]]);
    let refused = rows.stored_placement(RESERVED(), &IN_ZWOLLE).await;
    assert!(matches!(refused, Err(StoreError::Conflict(_))), "{refused:?}");
    assert_eq!(free(&rows, 0).await, [IN_ZWOLLE[0], IN_ZWOLLE[2]]);
    let second = rows.occupancy(IN_ZWOLLE[1], None, after(5));
    let refused = rows.write(async |tx| store::occupancy::take(tx, &second).await).await;
    assert!(matches!(refused, Err(StoreError::Conflict(_))), "{refused:?}");
}

#[tokio::test]
async fn stays_of_one_place_never_overlap_and_may_follow_each_other_at_once() {
    let rows = Rows::new().await;
    let stay = |from, until| Occupancy { until: Some(after(until)), ..rows.occupancy(IN_ZWOLLE[0], None, after(from)) };
    let take = async |stay: &Occupancy| rows.write(async |tx| store::occupancy::take(tx, stay).await).await;
    take(&stay(10, 20)).await.unwrap();
    for (from, until) in [(5, 11), (12, 15), (19, 30), (0, 40)] {
        let refused = take(&stay(from, until)).await;
        assert!(is_refused_by(&refused, "stays_of_a_place_do_not_overlap"), "{from}-{until}: {refused:?}");
    }
    take(&stay(0, 10)).await.unwrap();
    take(&Occupancy { until: None, ..stay(20, 20) }).await.unwrap();
    rows.db.run("ALTER TABLE occupancies DROP CONSTRAINT stays_of_a_place_do_not_overlap").await;
    let refused = take(&rows.occupancy(IN_ZWOLLE[0], None, after(30))).await;
    assert!(is_refused_by(&refused, "one_open_occupancy_per_place"), "{refused:?}");
}

#[tokio::test]
async fn free_places_are_in_use_empty_and_the_lowest_numbers_first() {
    let rows = Rows::new().await;
    assert_eq!(free(&rows, 0).await, IN_ZWOLLE);
    let two = rows.read(async |tx| store::occupancy::free_places(tx, ZWOLLE, noon(), 2).await).await;
    assert_eq!(two, IN_ZWOLLE[..2]);
    rows.db.run("UPDATE places SET retired = true WHERE number = 2").await;
    rows.db.run("UPDATE places SET state = 'out_of_use', reason = 'safety' WHERE number = 3").await;
    assert_eq!(free(&rows, 0).await, IN_ZWOLLE[..1]);
    rows.db.run("UPDATE places SET until = '2026-03-03' WHERE number = 3").await;
    assert_eq!(free(&rows, 659).await, IN_ZWOLLE[..1], "the last minute of the day in Amsterdam");
    assert_eq!(free(&rows, 660).await, [IN_ZWOLLE[0], IN_ZWOLLE[2]], "the first of the next");
    let ended = Occupancy { until: Some(after(10)), ..rows.occupancy(IN_ZWOLLE[0], None, noon()) };
    rows.write(async |tx| store::occupancy::take(tx, &ended).await).await.unwrap();
    assert_eq!((free(&rows, 9).await, free(&rows, 10).await), (vec![], vec![IN_ZWOLLE[0]]));
}

#[tokio::test]
async fn a_released_placement_gives_all_its_places_back() {
    let rows = Rows::new().await;
    let placement = rows.stored_placement(RESERVED(), &IN_ZWOLLE[..2]).await.unwrap();
    let stays = rows.stored_placement(RESERVED(), &IN_ZWOLLE[2..]).await.unwrap();
    rows.write(async |tx| store::occupancy::release(tx, placement.id, after(10)).await).await.unwrap();
    assert_eq!(free(&rows, 10).await, IN_ZWOLLE[..2]);
    let there = rows.read(async |tx| store::occupancy::of_place(tx, IN_ZWOLLE[2]).await).await.unwrap();
    assert_eq!(there.placement, Some(stays.id));
}

#[tokio::test]
async fn a_place_kept_after_a_disappearance_is_free_by_the_clock_alone() {
    let rows = Rows::new().await;
    let gone = a_disappearance(&rows).await;
    assert_eq!(free(&rows, 59).await, IN_ZWOLLE[1..]);
    assert_eq!(free(&rows, 60).await, IN_ZWOLLE);

    let too_early = rows.occupancy(IN_ZWOLLE[0], None, after(59));
    let refused = rows.write(async |tx| store::occupancy::take(tx, &too_early).await).await;
    assert!(matches!(refused, Err(StoreError::Conflict(_))), "{refused:?}");
    let next = rows.occupancy(IN_ZWOLLE[0], None, after(60));
    rows.write(async |tx| store::occupancy::take(tx, &next).await).await.unwrap();
    assert_eq!(rows.read(async |tx| store::occupancy::of_place(tx, IN_ZWOLLE[0]).await).await, Some(next));
    let released = rows.write(async |tx| store::occupancy::release_lapsed(tx, after(90)).await).await.unwrap();
    assert_eq!(released, [], "already given back: {}", gone.id);
}

#[tokio::test]
async fn kept_places_are_given_back_as_of_the_moment_they_were_kept_until() {
    let rows = Rows::new().await;
    let gone = a_disappearance(&rows).await;
    let lapsed = async |minutes| {
        rows.write(async |tx| store::occupancy::release_lapsed(tx, after(minutes)).await).await.unwrap()
    };
    assert_eq!(lapsed(59).await, []);
    assert_eq!(lapsed(90).await, [gone.id]);
    assert_eq!(lapsed(90).await, []);
    // Somebody may have been there from the moment the place was no longer kept.
    let next = rows.occupancy(IN_ZWOLLE[0], None, after(60));
    rows.write(async |tx| store::occupancy::take(tx, &next).await).await.unwrap();

    let rows = Rows::new().await;
    let gone = a_disappearance(&rows).await;
    rows.write(async |tx| store::occupancy::release(tx, gone.id, after(90)).await).await.unwrap();
    let next = rows.occupancy(IN_ZWOLLE[0], None, after(60));
    rows.write(async |tx| store::occupancy::take(tx, &next).await).await.unwrap();
}

#[tokio::test]
async fn a_reported_resident_takes_a_place_and_only_such_a_stay_ends_by_report() {
    let rows = Rows::new().await;
    let reported = rows.occupancy(IN_ZWOLLE[0], None, noon());
    rows.write(async |tx| store::occupancy::take_reported(tx, &reported).await).await.unwrap();
    let placed = rows.stored_placement(RESERVED(), &IN_ZWOLLE[1..2]).await.unwrap();
    let there = async |place| rows.read(async |tx| store::occupancy::of_place(tx, place).await).await;
    assert_eq!(there(IN_ZWOLLE[0]).await, Some(reported));
    let ended = async |place| {
        rows.write(async |tx| store::occupancy::end_reported(tx, place, after(10)).await).await.unwrap();
    };
    ended(IN_ZWOLLE[0]).await;
    ended(IN_ZWOLLE[1]).await;
    assert_eq!(there(IN_ZWOLLE[0]).await, None);
    assert_eq!(there(IN_ZWOLLE[1]).await.unwrap().placement, Some(placed.id));
    assert_eq!(there(IN_ZWOLLE[2]).await, None);
}

#[tokio::test]
async fn an_announced_end_stands_at_the_open_stays_it_is_about() {
    let rows = Rows::new().await;
    let placement = rows.stored_placement(RESERVED(), &IN_ZWOLLE[..1]).await.unwrap();
    rows.stored_placement(RESERVED(), &IN_ZWOLLE[1..2]).await.unwrap();
    let ends = async || {
        let mut ends = Vec::new();
        for place in &IN_ZWOLLE[..2] {
            ends.push(rows.read(async |tx| store::occupancy::of_place(tx, *place).await).await.unwrap().end);
        }
        ends
    };
    let (expected, confirmed) = (end(EndCertainty::Expected), end(EndCertainty::Confirmed));
    rows.write(async |tx| store::occupancy::set_end(tx, placement.id, &expected).await).await.unwrap();
    assert_eq!(ends().await, [Some(expected), None]);
    rows.write(async |tx| store::occupancy::set_end_of_place(tx, IN_ZWOLLE[1], &confirmed).await).await.unwrap();
    assert_eq!(ends().await, [Some(expected), Some(confirmed)]);
}

#[tokio::test]
async fn a_stay_that_contradicts_itself_is_corrupt() {
    let rows = Rows::new().await;
    let placement = rows.stored_placement(RESERVED(), &IN_ZWOLLE[..1]).await.unwrap();
    rows.break_rows("occupancies", "UPDATE occupancies SET end_on = '2026-06-01'").await;
    let read = rows.db.store.read(async |tx| store::occupancy::of_place(tx, IN_ZWOLLE[0]).await).await;
    assert!(matches!(read, Err(StoreError::Corrupt(_))), "half an end was read");
    let whole = "state = 'reserved', state_at = NULL, state_until = now(), exit = NULL, end_on = NULL";
    for change in
        ["state = 'lost'", "state_until = NULL", "state = 'exited'", "exit = 'return'", "end_on = '2026-06-01'"]
    {
        rows.break_rows("placements", &format!("UPDATE placements SET {whole}; UPDATE placements SET {change}")).await;
        let read = rows.db.store.read(async |tx| store::placement::load(tx, placement.id).await).await;
        assert!(matches!(read, Err(StoreError::Corrupt(_))), "{change} was read");
    }
}

#[tokio::test]
async fn whereabouts_are_open_stays_and_live_holds_and_tell_nowhere_from_unknown() {
    let rows = Rows::new().await;
    let expected = rows.stored_placement(RESERVED(), &IN_ZWOLLE[1..2]).await.unwrap().referral;
    let left = rows.stored_placement(S::NoShow { at: noon() }, &[]).await.unwrap().referral;
    let gone = a_disappearance(&rows).await.referral;
    let held = rows.stored_referral().await.id;
    rows.stored_proposal(held, ProposalState::Sent { sent_at: noon(), hold_until: after(60) }).await;
    let mut elsewhere = rows.proposal(expected, ProposalState::Accepted { at: noon(), hold_until: after(60) }).await;
    elsewhere.unit = ERMELO;
    rows.write(async |tx| store::proposal::insert(tx, &elsewhere).await).await.unwrap();
    let unknown = ReferralId(Uuid::nil());

    let all = [expected, left, gone, held, unknown];
    let found = async |minutes| {
        let there = rows.read(async |tx| store::snapshot::whereabouts(tx, &all, after(minutes)).await).await;
        all.map(|id| there.get(&id).cloned())
    };
    let (zwolle, nowhere) = (Some(vec![ZWOLLE]), Some(Vec::new()));
    assert_eq!(found(59).await, [Some(vec![ZWOLLE, ERMELO]), nowhere.clone(), zwolle.clone(), zwolle.clone(), None]);
    assert_eq!(found(60).await, [zwolle, nowhere.clone(), nowhere.clone(), nowhere, None]);
    let nobody = rows.read(async |tx| store::snapshot::whereabouts(tx, &[], noon()).await).await;
    assert!(nobody.is_empty());
}
