//! GET, HEAD, OPTIONS and searches change nothing but the trail: all tables of the field are the same before and after.
//! And setting the same twice changes nothing more.

use std::collections::BTreeMap;

use diesel::{QueryableByName, sql_query, sql_types::Text};
use diesel_async::RunQueryDsl;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Probe, filled, operations};
use crate::{
    given::{a_referral, an_eligible_referral},
    served::Served,
    world::TestDatabase,
};

/// The trail itself: reading is recorded there.
const THE_TRAIL: [&str; 2] = ["audit_entries", "audit_head"];

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// What stands in every table beside the trail, as a hash by name of the table.
pub(super) async fn tables(database: &TestDatabase) -> BTreeMap<String, String> {
    let mut connection = database.connection().await;
    let names: Vec<Line> =
        sql_query("SELECT tablename::text AS line FROM pg_tables WHERE schemaname = current_schema()")
            .load(&mut connection)
            .await
            .unwrap();
    let mut hashes = BTreeMap::new();
    for name in names.into_iter().map(|name| name.line).filter(|name| !THE_TRAIL.contains(&name.as_str())) {
        let query =
            format!("SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) AS line FROM {name} t");
        let hash: Line = sql_query(query).get_result(&mut connection).await.unwrap();
        hashes.insert(name, hash.line);
    }
    assert!(hashes.len() > 15, "{hashes:?}");
    hashes
}

/// A desk on which something has happened, with an id for every kind of thing an address can name.
async fn a_desk_at_work(served: &Served) -> BTreeMap<&'static str, String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let (referral, matched) = an_eligible_referral(served, a_referral()).await;
    let first = &matched["result"]["now"][0];
    let coordinator = served.coordinator();
    let body = json!({"unitId": first["unit"], "resultId": matched["id"]});
    let proposal = text(&coordinator.post(&format!("/referrals/{referral}/proposals"), body).await.ok()["id"]);
    let shelter = served.shelter(first["organisation"].as_str().unwrap());
    shelter.post(&format!("/proposals/{proposal}/answers"), json!({"answer": "accepted"})).await.ok();
    let body = json!({"outcome": "placed", "proposalId": proposal, "reason": "Fits, and she agrees."});
    let decided = coordinator.post(&format!("/referrals/{referral}/decisions"), body).await.ok();
    let places = coordinator.get(&format!("/units/{}/places", text(&first["unit"]))).await.ok();
    BTreeMap::from([
        ("referralId", referral),
        ("resultId", text(&matched["id"])),
        ("proposalId", proposal),
        ("placementId", text(&decided["placementId"])),
        ("unitId", text(&first["unit"])),
        ("placeId", text(&places["places"][0]["id"])),
    ])
}

/// What to ask of an operation that reads by POST.
fn question(operation: &str, ids: &BTreeMap<&'static str, String>) -> Value {
    match operation {
        "search_referrals" => json!({"reference": "no such number", "organisation": "politie-amsterdam"}),
        "query_status" => json!({"reference": "no such number", "purpose": "follow_up"}),
        "search_audit_entries" => json!({"person": ids["referralId"]}),
        "verify_audit_entries" => json!({}),
        other => panic!("what does {other} ask?"),
    }
}

#[actix_web::test]
async fn reading_changes_nothing_but_the_trail() {
    let probe = Probe::of(Served::new().await);
    let ids = a_desk_at_work(&probe.served).await;
    let before = tables(&probe.served.database).await;
    let entries = probe.served.trail().await.len();
    let (mut read, mut unread) = (0, Vec::new());
    for operation in operations() {
        let mut address = filled(&operation.path, &|name| ids[name].clone());
        if operation.id == "list_audit_entries" {
            // A coordinator reads the entries of one case.
            address = format!("{address}?referralId={}", ids["referralId"]);
        }
        let authorization = probe.of_somebody_who_may(operation.permission);
        let headers = [("authorization", authorization.as_str()), ("content-type", "application/json")];
        if operation.method == Method::GET {
            for method in [Method::GET, Method::HEAD, Method::GET] {
                let answer = probe.ask(&method, &address, &headers, None).await;
                if answer.status != 200 {
                    unread.push(format!("{} {}", operation.id, answer.brief()));
                }
            }
            read += 1;
        } else if operation.reads_by_post {
            let question = question(&operation.id, &ids).to_string();
            let answer = probe.ask(&operation.method, &address, &headers, Some(question)).await;
            // Who asks for a number that nobody keeps learns nothing; that is an answer too.
            if answer.status != 200 && !(operation.id == "query_status" && answer.status == 404) {
                unread.push(format!("{} {}", operation.id, answer.brief()));
            }
            read += 1;
        }
        assert_eq!(probe.ask(&Method::OPTIONS, &address, &headers, None).await.status, 204);
    }
    assert!(read > 15 && unread.is_empty(), "{read} read, and not {unread:?}");
    assert_eq!(tables(&probe.served.database).await, before);
    assert!(probe.served.trail().await.len() > entries, "what was read is recorded");
}

#[actix_web::test]
async fn the_eyes_of_this_test_are_open() {
    let desk = Served::new().await;
    let ids = a_desk_at_work(&desk).await;
    let before = tables(&desk.database).await;
    desk.clock.advance(chrono::Duration::minutes(1));
    desk.coordinator().post(&format!("/units/{}/confirmations", ids["unitId"]), json!({})).await.ok();
    assert_ne!(tables(&desk.database).await, before);
}

#[actix_web::test]
async fn a_report_that_is_put_twice_leaves_what_it_left_once() {
    let desk = Served::new().await;
    let shelter = desk.shelter("kadera");
    let units = shelter.get("/units").await.ok();
    let unit = units["units"][0]["id"].as_str().unwrap();
    let places = shelter.get(&format!("/units/{unit}/places")).await.ok();
    let place = format!("/places/{}", places["places"][0]["id"].as_str().unwrap());
    let report = json!({"state": "out_of_use", "reason": "maintenance"});
    let once = shelter.put(&place, report.clone()).await.ok();
    let after_once = tables(&desk.database).await;
    assert_eq!(shelter.put(&place, report).await.ok(), once);
    assert_eq!(tables(&desk.database).await, after_once);
}
