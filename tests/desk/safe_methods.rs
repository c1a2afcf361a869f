//! What only reads changes nothing but the trail, and setting the same twice changes nothing more.

use diesel::{QueryableByName, sql_query, sql_types::Text};
use diesel_async::RunQueryDsl;
use omm::{
    api,
    domain::role::{Permission, Role, scope},
};
use serde_json::{Value, json};

use crate::{
    given::{a_referral, an_eligible_referral},
    served::Served,
};

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    text: String,
}

async fn lines(desk: &Served, query: &str) -> Vec<String> {
    let mut connection = desk.database.connection().await;
    let lines: Vec<Line> = sql_query(query).get_results(&mut connection).await.unwrap();
    lines.into_iter().map(|line| line.text).collect()
}

/// Every row of every table but those of the trail, as one hash per table.
async fn business(desk: &Served) -> Vec<String> {
    let tables = "SELECT relname::text AS text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace \
                  AND relname NOT LIKE 'audit%' ORDER BY 1";
    let tables = lines(desk, tables).await;
    assert!(tables.len() > 8, "{tables:?}");
    let hash = |table: &String| {
        format!(
            "SELECT '{table} ' || md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) AS text FROM \"{table}\" t"
        )
    };
    let hashes = tables.iter().map(hash).collect::<Vec<_>>().join(" UNION ALL ");
    lines(desk, &hashes).await
}

/// A desk on which a victim lives in a place; ids by the names that the contract gives them.
async fn a_desk_with_a_stay() -> (Served, Value) {
    let desk = Served::new().await;
    let coordinator = desk.coordinator();
    let (referral, matched) = an_eligible_referral(&desk, a_referral()).await;
    let first = &matched["result"]["now"][0];
    let body = json!({"unitId": first["unit"], "resultId": matched["id"]});
    let proposal = coordinator.post(&format!("/referrals/{referral}/proposals"), body).await.ok()["id"].clone();
    let shelter = first["organisation"].as_str().unwrap().to_owned();
    let answers = format!("/proposals/{}/answers", proposal.as_str().unwrap());
    desk.shelter(&shelter).post(&answers, json!({"answer": "accepted"})).await.ok();
    let body = json!({"outcome": "placed", "proposalId": proposal, "reason": "Fits, and she agrees."});
    let decision = coordinator.post(&format!("/referrals/{referral}/decisions"), body).await.ok();
    let places = desk.shelter(&shelter).get(&format!("/units/{}/places", first["unit"].as_str().unwrap())).await.ok();
    let ids = json!({
        "referralId": referral, "resultId": matched["id"], "proposalId": proposal, "unitId": first["unit"],
        "placementId": decision["placementId"], "placeId": places["places"][0]["id"], "shelter": shelter,
    });
    (desk, ids)
}

/// A body for each operation that reads by POST.
fn question(operation: &str, ids: &Value) -> Option<Value> {
    match operation {
        "search_referrals" => Some(json!({"reference": "no such number", "organisation": "politie-amsterdam"})),
        "query_status" => Some(json!({"reference": "no such number", "purpose": "follow_up"})),
        "search_audit_entries" => Some(json!({"person": ids["referralId"]})),
        "verify_audit_entries" => Some(json!({})),
        _ => None,
    }
}

#[actix_web::test]
async fn reading_changes_nothing_but_the_trail() {
    let (desk, ids) = a_desk_with_a_stay().await;
    let (before, entries) = (business(&desk).await, desk.events().await.len());
    let mut called = Vec::new();
    for (path, item) in api::document()["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if method != "get" && operation["x-safe"] != true {
                continue;
            }
            let name = operation["operationId"].as_str().unwrap();
            let asked = operation["security"][0]["bearer"][0].as_str().unwrap();
            let permission = Permission::ALL.into_iter().find(|one| one.as_str() == asked).unwrap();
            let role = Role::ALL.into_iter().find(|role| scope(*role, permission).is_some()).unwrap();
            let parts =
                path.split('/').map(|part| match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
                    Some(name) => ids[name].as_str().unwrap(),
                    None => part,
                });
            let path = parts.collect::<Vec<_>>().join("/");
            let organisation = if role == Role::Coordinator { Some("comensha") } else { ids["shelter"].as_str() };
            let caller = desk.caller(role, organisation);
            let query = if name == "list_audit_entries" {
                format!("?referralId={}", ids["referralId"].as_str().unwrap())
            } else {
                String::new()
            };
            let body = (method == "post")
                .then(|| question(name, &ids).unwrap_or_else(|| panic!("what does {name} ask?")).to_string());
            let reply = caller.call(method.to_uppercase().parse().unwrap(), &format!("{path}{query}"), body).await;
            // Who asks for a number that nobody keeps learns nothing; that is an answer too.
            let is_answered = reply.status == 200 || name == "query_status" && reply.status == 404;
            assert!(is_answered, "{name}: {} {}", reply.status, reply.text);
            called.push(name.to_owned());
        }
    }
    assert!(called.len() > 15, "{called:?}");
    assert_eq!(business(&desk).await, before, "after {called:?}");
    assert!(desk.events().await.len() > entries);
}

#[actix_web::test]
async fn the_eyes_of_this_test_are_open() {
    let (desk, ids) = a_desk_with_a_stay().await;
    let before = business(&desk).await;
    let unit = format!("/units/{}/confirmations", ids["unitId"].as_str().unwrap());
    desk.clock.advance(chrono::Duration::minutes(1));
    desk.shelter(ids["shelter"].as_str().unwrap()).post(&unit, json!({})).await.ok();
    assert_ne!(business(&desk).await, before);
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
    let after_once = business(&desk).await;
    assert_eq!(shelter.put(&place, report).await.ok(), once);
    assert_eq!(business(&desk).await, after_once);
}
