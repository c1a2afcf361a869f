//! What the schema itself refuses, whatever the code does: every named constraint is broken once.

use std::collections::BTreeSet;

use diesel::{QueryableByName, sql_query, sql_types::Text};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use omm::store::StoreError;

use crate::world::TestDatabase;

/// An occupancy: place, unit, placement, from, until.
const STAY: &str =
    "INSERT INTO occupancies (id, place, unit, placement, taken_from, taken_until) SELECT gen_random_uuid(), ";
const A: &str = "'00000000-0000-0000-0000-0000000000a0'";
const A1: &str = "'00000000-0000-0000-0000-0000000000a1'";
const A2: &str = "'00000000-0000-0000-0000-0000000000a2'";
const B: &str = "'00000000-0000-0000-0000-0000000000b0'";
const B1: &str = "'00000000-0000-0000-0000-0000000000b1'";
const STAYING: &str = "'00000000-0000-0000-0000-000000000041'";

/// Each constraint by its name, and a statement that breaks it and no other.
fn breaches() -> Vec<(&'static str, String)> {
    let referral = "UPDATE referrals SET state =";
    let proposal = "UPDATE proposals SET";
    let decision = "UPDATE decisions SET";
    let placement = "UPDATE placements SET";
    let place = "UPDATE places SET";
    let other = "'00000000-0000-0000-0000-000000000002'";
    [
        ("one_open_occupancy_per_place", format!("ALTER TABLE occupancies DROP CONSTRAINT stays_of_a_place_do_not_overlap; {STAY} {A1}, {A}, NULL, now(), NULL::timestamptz")),
        ("stays_of_a_place_do_not_overlap", format!("{STAY} {A1}, {A}, NULL, '2026-02-01', '2026-03-02'")),
        ("occupancy_in_a_place_of_the_unit", format!("{STAY} {B1}, {A}, NULL, now(), NULL::timestamptz")),
        ("occupancy_in_the_unit_of_the_placement", format!("{STAY} {B1}, {B}, {STAYING}, now(), NULL::timestamptz")),
        ("occupancies_check", format!("{STAY} {A2}, {A}, NULL, '2026-03-02', '2026-03-01'")),
        ("occupancies_check1", "UPDATE occupancies SET end_on = '2026-04-01'".to_owned()),
        ("kept_only_for_a_placement", "UPDATE occupancies SET placement = NULL, kept_until = now()".to_owned()),
        ("one_live_proposal_per_referral", "INSERT INTO proposals (id, version, referral, unit, result, beds, standing, answers, proposed_by, created_at, state, state_at, hold_until) SELECT gen_random_uuid(), version, referral, unit, result, beds, standing, answers, proposed_by, created_at, 'accepted', state_at, hold_until FROM proposals WHERE state = 'sent'".to_owned()),
        ("proposal_rests_on_a_result_of_its_referral", format!("{proposal} result = '00000000-0000-0000-0000-000000000011' WHERE state = 'sent'")),
        ("proposals_unit_fkey", format!("{proposal} unit = gen_random_uuid() WHERE state = 'sent'")),
        ("a_moment_unless_draft", format!("{proposal} state_at = NULL WHERE state = 'sent'")),
        ("a_hold_while_alive", format!("{proposal} hold_until = NULL WHERE state = 'sent'")),
        ("a_reason_when_objected", format!("{proposal} objection = 'no_place' WHERE state = 'sent'")),
        ("a_reason_when_declined", format!("{proposal} decline = 'too_far' WHERE state = 'sent'")),
        ("proposals_beds_check", format!("{proposal} beds = 0")),
        ("proposals_state_check", format!("{proposal} state = 'lost'")),
        ("a_proposal_is_decided_once", "INSERT INTO decisions (id, referral, outcome, proposal, placement, decided_by, decided_at) SELECT gen_random_uuid(), referral, outcome, proposal, placement, decided_by, decided_at FROM decisions".to_owned()),
        ("a_proposal_when_placed", format!("{decision} proposal = NULL")),
        ("a_placement_when_placed", format!("{decision} placement = NULL")),
        ("a_place_when_temporary", format!("{decision} temporary_place = 'acm'")),
        ("an_end_only_when_temporary", format!("{decision} temporary_until = now()")),
        ("decision_rests_on_a_result_of_its_referral", format!("{decision} result = '00000000-0000-0000-0000-000000000012'")),
        ("decision_on_a_proposal_for_its_referral", format!("{decision} proposal = '00000000-0000-0000-0000-000000000022'")),
        ("decision_has_its_placement", format!("{decision} placement = gen_random_uuid()")),
        ("decisions_decided_by_check", format!("{decision} decided_by = ''")),
        ("placement_on_a_decision_for_its_referral", format!("DELETE FROM occupancies; ALTER TABLE decisions DROP CONSTRAINT decision_has_its_placement; {placement} referral = {other}")),
        ("a_moment_unless_reserved", format!("{placement} state_at = now()")),
        ("a_deadline_while_expected_or_missed", format!("{placement} state_until = NULL")),
        ("a_kind_when_exited", format!("{placement} exit = 'return'")),
        ("placements_check", format!("{placement} end_certainty = 'expected'")),
        ("a_target_when_redirected", format!("{referral} 'redirected'")),
        ("a_reason_when_refused", format!("{referral} 'refused'")),
        ("a_reason_when_withdrawn", format!("{referral} 'withdrawn'")),
        ("referrals_state_check", format!("{referral} 'somewhere'")),
        ("match_results_policy_hash_fkey", "UPDATE match_results SET policy_hash = 'q'".to_owned()),
        ("one_place_per_number", format!("{place} number = 1")),
        ("a_reason_only_out_of_use", format!("{place} state = 'out_of_use'")),
        ("an_end_only_out_of_use", format!("{place} until = '2026-04-01'")),
        ("locations_organisation_fkey", "UPDATE locations SET organisation = 'nobody'".to_owned()),
        ("units_location_fkey", "UPDATE units SET location = 'nowhere'".to_owned()),
        ("entry_says_its_number", r#"INSERT INTO audit_entries (index, link, text) VALUES (2, decode(repeat('00', 32), 'hex'), '{"index":1,"occurredAt":"","event":{"eventType":"","outcome":""},"call":{"actor":{"issuer":"","subject":""}}}')"#.to_owned()),
    ]
    .into()
}

#[tokio::test]
async fn every_constraint_refuses_what_breaks_it() {
    let db = TestDatabase::new().await;
    db.run(include_str!("world.sql")).await;
    let mut connection = db.connection().await;
    for (name, breach) in breaches() {
        connection.batch_execute("BEGIN; SET CONSTRAINTS ALL IMMEDIATE").await.unwrap();
        let refused = connection.batch_execute(&breach).await.err().map(StoreError::from);
        connection.batch_execute("ROLLBACK").await.unwrap();
        let Some(StoreError::Conflict(constraint)) = refused else { panic!("{name}: {refused:?}") };
        assert_eq!(constraint, name, "{breach}");
    }
}

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    name: String,
}

/// A constraint that somebody gave a name of its own says something about the field; each of those must be tried above.
#[tokio::test]
async fn no_named_constraint_is_forgotten() {
    let db = TestDatabase::new().await;
    let named = "SELECT conname::text AS name FROM pg_constraint WHERE connamespace = 'public'::regnamespace
                 AND contype IN ('c', 'x', 'f') AND conname NOT LIKE conrelid::regclass || '\\_%'";
    let found: Vec<Named> = sql_query(named).load(&mut db.connection().await).await.unwrap();
    let tried: BTreeSet<&str> = breaches().into_iter().map(|(name, _)| name).collect();
    let forgotten: Vec<_> = found.iter().map(|one| one.name.as_str()).filter(|name| !tried.contains(name)).collect();
    assert!(found.len() > 20 && forgotten.is_empty(), "{forgotten:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn thirty_two_connections_past_the_fence_take_one_place_once() {
    let db = TestDatabase::new().await;
    db.run(include_str!("world.sql")).await;
    let take = format!("{STAY} {A2}, {A}, NULL, now(), NULL::timestamptz");
    let attempts = (0..32).map(|_| {
        let (address, take) = (omm::store::connection::Address::parse(&db.url).unwrap(), take.clone());
        tokio::spawn(async move { address.connect().await.unwrap().batch_execute(&take).await })
    });
    let results = futures_util::future::join_all(attempts).await;
    assert_eq!(results.into_iter().filter(|result| result.as_ref().unwrap().is_ok()).count(), 1);
}
