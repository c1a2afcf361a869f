//! What is shown is in the trail before it leaves, one entry per person, searches that find nobody too. Where nothing can
//! be recorded, nothing is shown and nothing is done. And the trail answers who saw whom.

use omm::domain::role::{Role, scope};
use serde_json::{Value, json};

use crate::given::{a_referral, an_eligible_referral};
use crate::role_matrix::{Desk, Operation, a_side, ask, operations};
use crate::served::{Caller, Served};

/// Somebody who may do it.
fn someone<'s>(desk: &'s Served, operation: &Operation, shelter: &str) -> Caller<'s> {
    let roles = [
        (Role::Coordinator, "comensha"),
        (Role::Shelter, shelter),
        (Role::Police, "alpha"),
        (Role::Auditor, "alpha"),
        (Role::Admin, "alpha"),
    ];
    let (role, organisation) =
        roles.into_iter().find(|(role, _)| scope(*role, operation.permission).is_some()).expect("somebody may");
    desk.caller(role, Some(organisation))
}

#[actix_web::test]
async fn where_nothing_can_be_recorded_nothing_is_shown_and_nothing_is_done() {
    let served = Served::new().await;
    let side = a_side(&Desk { served: &served, coordinator: "coordinator-1" }, "alpha", "").await;
    let before = served.trail().await;
    let refuse = "CREATE FUNCTION refuse_entry() RETURNS trigger LANGUAGE plpgsql AS \
        $$ BEGIN RAISE EXCEPTION 'canary of the database'; END $$; \
        CREATE TRIGGER refuse_entry BEFORE INSERT ON audit_entries FOR EACH ROW EXECUTE FUNCTION refuse_entry()";
    served.database.run(refuse).await;
    for operation in operations() {
        let reply = ask(&someone(&served, &operation, &side.shelter), &operation, &side.ids).await;
        assert_eq!(reply.brief(), "503 audit-unavailable", "{}: {}", operation.id, reply.text);
        let body = reply.json();
        let fields: Vec<&str> = body.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(fields, ["detail", "instance", "status", "title", "traceId", "type"], "{}", operation.id);
        assert!(!reply.text.contains("canary"), "{}", operation.id);
    }
    served.database.run("DROP TRIGGER refuse_entry ON audit_entries").await;
    assert_eq!(served.trail().await, before, "nothing was done");
    let path = format!("/proposals/{}", side.ids["proposalId"]);
    assert_eq!(served.shelter(&side.shelter).get(&path).await.ok()["lifecycle"]["state"], "sent");
}

#[actix_web::test]
async fn every_read_is_in_the_trail_under_its_operation_with_purpose_and_ground() {
    let served = Served::new().await;
    let side = a_side(&Desk { served: &served, coordinator: "coordinator-1" }, "alpha", "").await;
    for operation in operations().into_iter().filter(|operation| operation.method == reqwest::Method::GET) {
        let before = served.trail().await.len();
        assert_eq!(ask(&someone(&served, &operation, &side.shelter), &operation, &side.ids).await.status, 200);
        let trail = served.trail().await;
        let entries = &trail[before..];
        assert!(!entries.is_empty(), "{} is recorded", operation.id);
        for entry in entries {
            let of_operation = entry["event"]["operationId"].as_str().unwrap();
            let is_latest = operation.id == "read_latest_match" && of_operation == "read_match";
            assert!(of_operation == operation.id || is_latest, "{of_operation} for {}", operation.id);
            assert_eq!(entry["event"]["action"], "R");
            assert_eq!(entry["call"]["purpose"], operation.permission.purpose(), "{}", operation.id);
            assert!(entry["call"]["legalBasis"].is_string(), "{}", operation.id);
        }
    }
}

/// The persons of the entries that came after so many, by operation.
async fn persons(desk: &Served, before: usize) -> Vec<Value> {
    desk.trail().await[before..].iter().map(|entry| entry["event"]["personPseudonym"].clone()).collect()
}

#[actix_web::test]
async fn a_list_leaves_one_entry_per_person_and_a_search_without_a_hit_leaves_one_too() {
    let desk = Served::new().await;
    let coordinator = desk.coordinator();
    let before = desk.trail().await.len();
    for (path, body) in [
        ("/referrals/_search", json!({"organisation": "alpha", "reference": "none"})),
        ("/referrals", Value::Null),
        ("/proposals", Value::Null),
        ("/waiting-list", Value::Null),
    ] {
        if body.is_null() {
            coordinator.get(path).await.ok()
        } else {
            coordinator.post(path, body).await.ok()
        };
    }
    assert_eq!(persons(&desk, before).await, vec![Value::Null; 4], "nobody was shown, and that is recorded");
    let wait = json!({"outcome": "waiting_list", "reason": "None free."});
    for _ in 0..3 {
        let (referral, _) = an_eligible_referral(&desk, a_referral()).await;
        coordinator.post(&format!("/referrals/{referral}/decisions"), wait.clone()).await.ok();
    }
    for path in ["/referrals", "/waiting-list"] {
        let before = desk.trail().await.len();
        coordinator.get(path).await.ok();
        let mut seen = persons(&desk, before).await;
        seen.sort_by_key(ToString::to_string);
        seen.dedup();
        assert_eq!((seen.len(), seen.contains(&Value::Null)), (3, false), "{path}");
    }
}

fn events(found: &Value) -> Vec<(&str, &str)> {
    let entries = found["entries"].as_array().unwrap().iter();
    entries
        .map(|entry| {
            let entry = &entry["entry"];
            (entry["call"]["actor"]["subject"].as_str().unwrap(), entry["event"]["eventType"].as_str().unwrap())
        })
        .collect()
}

#[actix_web::test]
async fn the_auditor_finds_who_saw_a_person_and_what_somebody_did_between_two_moments() {
    let desk = Served::new().await;
    let (referral, _) = an_eligible_referral(&desk, a_referral()).await;
    let (other, _) = an_eligible_referral(&desk, a_referral()).await;
    let (start, path) = (desk.clock.now(), format!("/referrals/{referral}"));
    desk.clock.advance(chrono::Duration::hours(1));
    desk.second_coordinator().get(&path).await.ok();
    desk.second_coordinator().get(&format!("/referrals/{other}")).await.ok();
    desk.clock.advance(chrono::Duration::hours(1));
    desk.second_coordinator().get(&path).await.ok();

    let search = "/audit-entries/_search";
    let about = desk.auditor().post(search, json!({ "person": referral })).await.ok();
    let seen: Vec<_> = events(&about).into_iter().filter(|(_, event)| *event == "referral.read").collect();
    assert_eq!(seen, [("coordinator-2", "referral.read"); 2], "who saw the person");
    let all: Vec<_> = about["entries"].as_array().unwrap().iter().map(|entry| &entry["entry"]["event"]).collect();
    assert!(all.iter().all(|event| event["personPseudonym"] == referral.as_str()));

    let issuer = about["entries"][0]["entry"]["call"]["actor"]["issuer"].clone();
    let actor = json!({"issuer": issuer, "subject": "coordinator-2"});
    let (from, until) = (start + chrono::Duration::minutes(30), start + chrono::Duration::minutes(90));
    let between = json!({"actor": actor, "fromAt": from, "untilAt": until});
    let did = desk.auditor().post(search, between).await.ok();
    assert_eq!(events(&did), [("coordinator-2", "referral.read"); 2], "what was done between the two moments");
    let touched: Vec<_> =
        did["entries"].as_array().unwrap().iter().map(|entry| &entry["entry"]["event"]["personPseudonym"]).collect();
    assert_eq!(touched, [&json!(referral), &json!(other)]);
    let elsewhere = json!({"actor": {"issuer": "https://other.invalid", "subject": "coordinator-2"}});
    assert_eq!(desk.auditor().post(search, elsewhere).await.ok()["entries"], json!([]));
    let page = json!({"person": referral, "fromIndex": about["entries"][1]["index"], "limit": 2});
    let page = desk.auditor().post(search, page).await.ok();
    assert_eq!(page["entries"].as_array().unwrap()[..], about["entries"].as_array().unwrap()[1..3]);

    assert_eq!(desk.coordinator().post(search, json!({ "person": referral })).await.status, 200, "a case of its own");
    let foreign = desk.person(Role::Coordinator, Some("comensha"), "coordinator-3");
    foreign.get(&path).await.ok();
    assert_eq!(foreign.post(search, json!({ "person": referral })).await.brief(), "404 not-found", "only looked at");
    assert_eq!(foreign.post(search, json!({})).await.pointers(), ["/person"]);
    assert_eq!(desk.caller(Role::Admin, None).post(search, json!({})).await.brief(), "403 operation-not-allowed");
    let recorded = desk.trail().await.into_iter().filter(|entry| entry["event"]["eventType"] == "audit.read");
    assert_eq!(recorded.count(), 6, "searching the trail is in the trail");
}
