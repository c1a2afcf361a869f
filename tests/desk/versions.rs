//! Nobody decides on what has changed meanwhile: tags of what was seen, and no update that is lost.

use futures_util::future::join_all;
use omm::{
    api,
    clock::Ids,
    domain::role::{Permission, Role, Scope, scope},
};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    given::{a_referral, an_eligible_referral},
    served::{Caller, Reply, Served},
};

/// Every operation that changes or decides on something already there.
const DECIDING: [&str; 12] = [
    "amend_referral",
    "announce_end",
    "answer_proposal",
    "assess_referral",
    "cancel_proposal",
    "decide_placement",
    "report_arrival",
    "report_disappearance",
    "report_exit",
    "report_place",
    "send_proposal",
    "withdraw_referral",
];

async fn act(caller: &Caller<'_>, method: Method, path: &str, tag: &str, body: &Value) -> Reply {
    let key = Ids::random().next_uuid().to_string();
    let headers = [("Idempotency-Key", key.as_str()), ("If-Match", tag)];
    caller.send(method, path, &headers, Some(body.to_string())).await
}

async fn patch(caller: &Caller<'_>, path: &str, tag: &str, body: &Value) -> Reply {
    act(caller, Method::PATCH, path, tag, body).await
}

/// The version that a tag begins with.
fn version(tag: &str) -> &str {
    tag.trim_matches('"').split_once('.').map_or("", |(version, _)| version)
}

/// A placement: its referral, its shelter, its proposal and its own id.
async fn a_placement(desk: &Served) -> (String, String, String, String) {
    let (referral, matched) = an_eligible_referral(desk, a_referral()).await;
    let first = &matched["result"]["now"][0];
    let shelter = first["organisation"].as_str().unwrap().to_owned();
    let body = json!({"unitId": first["unit"], "resultId": matched["id"]});
    let sent = desk.coordinator().post(&format!("/referrals/{referral}/proposals"), body).await.ok();
    let proposal = sent["id"].as_str().unwrap().to_owned();
    let accepted = json!({"answer": "accepted"});
    desk.shelter(&shelter).post(&format!("/proposals/{proposal}/answers"), accepted).await.ok();
    let body = json!({"outcome": "placed", "proposalId": proposal, "reason": "Fits."});
    let decided = desk.coordinator().post(&format!("/referrals/{referral}/decisions"), body).await.ok();
    (referral, shelter, proposal, decided["placementId"].as_str().unwrap().to_owned())
}

#[actix_web::test]
async fn every_deciding_operation_asks_for_a_tag_and_nothing_else_does() {
    let desk = Served::empty().await;
    let document = api::document();
    let mut asking = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let name = operation["operationId"].as_str().unwrap();
            let mut parameters = operation["parameters"].as_array().into_iter().flatten();
            let is_asking =
                parameters.any(|parameter| parameter["name"] == "If-Match" && parameter["required"] == true);
            let permission = operation["security"][0]["bearer"][0].as_str().unwrap();
            let permission = Permission::ALL.into_iter().find(|known| known.as_str() == permission).unwrap();
            let may = |role: &Role| scope(*role, permission).is_some();
            let role = Role::ALL.into_iter().find(|role| scope(*role, permission) == Some(Scope::Full));
            let role = role.or_else(|| Role::ALL.into_iter().find(may)).unwrap();
            let path =
                path.split('/').map(|part| if part.starts_with('{') { Uuid::nil().to_string() } else { part.into() });
            let path = path.collect::<Vec<_>>().join("/");
            let key = Uuid::nil().to_string();
            for tag in ["", "*"] {
                let headers = [("Idempotency-Key", key.as_str()), ("If-Match", tag)];
                let headers = if tag.is_empty() { &headers[..1] } else { &headers[..] };
                let verb = method.to_uppercase().parse().unwrap();
                let reply = desk.caller(role, Some("comensha")).send(verb, &path, headers, Some("{}".to_owned())).await;
                assert_eq!(reply.brief() == "428 version-required", is_asking, "{name}: {}", reply.text);
            }
            if is_asking {
                assert!(operation["responses"]["412"].is_object() && operation["responses"]["428"].is_object());
                asking.push(name.to_owned());
            }
        }
    }
    asking.sort_unstable();
    assert_eq!(asking, DECIDING);
}

#[actix_web::test]
async fn a_stale_tag_is_refused_by_every_deciding_operation_and_changes_nothing() {
    let desk = Served::new().await;
    let (referral, shelter, proposal, placement) = a_placement(&desk).await;
    let unit = desk.shelter("kadera").get("/units").await.ok()["units"][0]["id"].as_str().unwrap().to_owned();
    let places = desk.shelter("kadera").get(&format!("/units/{unit}/places")).await.ok();
    let place = places["places"][0]["id"].as_str().unwrap().to_owned();
    let (coordinator, house, kadera) = (desk.coordinator(), desk.shelter(&shelter), desk.shelter("kadera"));
    let (on_referral, on_proposal) = (format!("/referrals/{referral}"), format!("/proposals/{proposal}"));
    let (on_placement, on_place) = (format!("/placements/{placement}"), format!("/places/{place}"));
    let acts = [
        (&coordinator, Method::PATCH, &on_referral, "", json!({"facts": {"ggz": "none"}})),
        (&coordinator, Method::POST, &on_referral, "/assessments", json!({"judgement": "eligible", "reason": "x"})),
        (&coordinator, Method::POST, &on_referral, "/decisions", json!({"outcome": "waiting_list", "reason": "x"})),
        (&coordinator, Method::POST, &on_referral, "/withdrawal", json!({"reason": "by_victim"})),
        (&house, Method::POST, &on_proposal, "/answers", json!({"answer": "accepted"})),
        (&coordinator, Method::POST, &on_proposal, "/_send", json!({})),
        (&coordinator, Method::POST, &on_proposal, "/cancellation", json!({})),
        (&house, Method::POST, &on_placement, "/arrival", json!({"outcome": "arrived"})),
        (
            &house,
            Method::POST,
            &on_placement,
            "/expected-end",
            json!({"endDate": "2026-06-01", "certainty": "confirmed"}),
        ),
        (&house, Method::POST, &on_placement, "/disappearance", json!({})),
        (&house, Method::POST, &on_placement, "/exit", json!({"exitType": "independent"})),
        (&kadera, Method::PUT, &on_place, "", json!({"state": "out_of_use", "reason": "maintenance"})),
    ];
    assert_eq!(acts.len(), DECIDING.len());
    for (caller, method, thing, act_on_it, body) in acts {
        let before = caller.get(thing).await;
        let now: i64 = version(before.header("etag")).parse().unwrap();
        for stale in [format!("\"{}.0\"", now - 1), format!("\"{}.0\"", now + 1), "\"0123456789abcdef\"".to_owned()] {
            let reply = act(caller, method.clone(), &format!("{thing}{act_on_it}"), &stale, &body).await;
            assert_eq!(reply.brief(), "412 version-stale", "{thing}{act_on_it}: {}", reply.text);
            let entry = desk.trail().await.pop().unwrap();
            let event = &entry["event"];
            assert_eq!((&event["outcome"], &event["problemType"]), (&json!("refused"), &json!("version-stale")));
        }
        assert_eq!(caller.get(thing).await.text, before.text);
    }
}

#[actix_web::test]
async fn of_several_hundred_racing_writes_none_is_lost() {
    let desk = Served::new().await;
    let submitted = desk.coordinator().post("/referrals", a_referral()).await.ok();
    let path = format!("/referrals/{}", submitted["id"].as_str().unwrap());
    let writers = join_all((0..8).map(|writer| {
        let (path, caller) = (path.clone(), desk.coordinator());
        async move {
            let (mut written, mut refused) = (0, 0);
            while written < 10 {
                let seen = caller.get(&path).await;
                let mut languages = seen.json()["background"]["languages"].as_array().cloned().unwrap_or_default();
                languages.push(json!(format!("language {writer} {written}")));
                let body = json!({"background": {"languages": languages}});
                match patch(&caller, &path, seen.header("etag"), &body).await.brief().as_str() {
                    "200 ok" => written += 1,
                    "412 version-stale" => refused += 1,
                    other => panic!("{other}"),
                }
            }
            refused
        }
    }));
    let refused: usize = writers.await.into_iter().sum();
    assert!(refused > 100, "only {refused} were refused: nobody raced");
    let seen = desk.coordinator().get(&path).await.ok();
    let mut languages: Vec<_> =
        seen["background"]["languages"].as_array().unwrap().iter().map(Value::to_string).collect();
    languages.sort_unstable();
    languages.dedup();
    assert_eq!(languages.len(), 80);
}

#[actix_web::test]
async fn what_the_caller_holds_already_is_not_sent_again_but_recorded() {
    let desk = Served::new().await;
    let (referral, shelter, proposal, placement) = a_placement(&desk).await;
    let units = desk.coordinator().get("/units").await.ok();
    let unit = units["units"][0]["id"].as_str().unwrap();
    let place = desk.coordinator().get(&format!("/units/{unit}/places")).await.ok()["places"][0]["id"].clone();
    for (caller, path) in [
        (desk.coordinator(), format!("/referrals/{referral}")),
        (desk.police("politie-amsterdam"), format!("/referrals/{referral}")),
        (desk.shelter(&shelter), format!("/referrals/{referral}")),
        (desk.coordinator(), format!("/referrals/{referral}/matches")),
        (desk.coordinator(), format!("/referrals/{referral}/proposals")),
        (desk.coordinator(), format!("/referrals/{referral}/decisions")),
        (desk.shelter(&shelter), format!("/proposals/{proposal}")),
        (desk.shelter(&shelter), format!("/placements/{placement}")),
        (desk.coordinator(), format!("/units/{unit}")),
        (desk.coordinator(), format!("/places/{}", place.as_str().unwrap())),
    ] {
        let first = caller.get(&path).await;
        let tag = first.header("etag").to_owned();
        assert!(first.status == 200 && tag.starts_with('"') && tag.ends_with('"'), "{path}: {} {tag}", first.status);
        let before = desk.trail().await.len();
        let again = caller.send(Method::GET, &path, &[("If-None-Match", &format!("\"x\", {tag}"))], None).await;
        assert_eq!((again.status, again.text.as_str(), again.header("etag")), (304, "", tag.as_str()), "{path}");
        assert_eq!(again.header("api-version"), api::API_VERSION);
        let trail = desk.trail().await;
        assert_eq!(trail.len(), before + 1, "{path} is recorded as a read");
        assert_eq!(trail.last().unwrap()["event"]["action"], "R");
        assert_eq!(caller.send(Method::GET, &path, &[("If-None-Match", "\"x\"")], None).await.status, 200);
    }
}

#[actix_web::test]
async fn the_tag_of_a_status_stays_when_something_hidden_changes() {
    let desk = Served::new().await;
    let submitted = desk.police("politie-amsterdam").post("/referrals", a_referral()).await.ok();
    let path = format!("/referrals/{}", submitted["id"].as_str().unwrap());
    let (police, coordinator) = (desk.police("politie-amsterdam"), desk.coordinator());
    let (status, full) = (police.get(&path).await, coordinator.get(&path).await);
    coordinator.patch(&path, json!({"facts": {"ggz": "none"}, "background": {"medical": "Asthma."}})).await.ok();
    assert_eq!(police.get(&path).await.header("etag"), status.header("etag"));
    assert_eq!(version(status.header("etag")), "", "a version would count what is hidden");
    assert_ne!(coordinator.get(&path).await.header("etag"), full.header("etag"));
    coordinator.post(&format!("{path}/withdrawal"), json!({"reason": "by_victim"})).await.ok();
    assert_ne!(police.get(&path).await.header("etag"), status.header("etag"));
}

#[actix_web::test]
async fn what_lies_under_a_referral_has_its_version_and_can_be_decided_on() {
    let desk = Served::new().await;
    let (referral, _) = an_eligible_referral(&desk, a_referral()).await;
    let (coordinator, path) = (desk.coordinator(), format!("/referrals/{referral}"));
    let own = coordinator.get(&path).await.header("etag").to_owned();
    let mut tags = Vec::new();
    for under in ["matches", "proposals", "decisions"] {
        tags.push(coordinator.get(&format!("{path}/{under}")).await.header("etag").to_owned());
    }
    assert!(tags.iter().all(|tag| version(tag) == version(&own)), "{own} {tags:?}");
    let body = json!({"outcome": "waiting_list", "reason": "Nothing is free."});
    let decided = act(&coordinator, Method::POST, &format!("{path}/decisions"), &tags[0], &body).await;
    assert_eq!(decided.status, 201, "{}", decided.text);
    let again = act(&coordinator, Method::POST, &format!("{path}/decisions"), &tags[0], &body).await;
    assert_eq!(again.brief(), "412 version-stale");
}
