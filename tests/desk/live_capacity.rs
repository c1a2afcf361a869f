//! Live capacity: what shelters report of their places, what the board makes of it, and the trail of it.

use omm::domain::role::Role;
use serde_json::{Value, json};

use crate::served::{Caller, Served};

/// The unit of this code, as a caller sees it.
async fn unit(caller: &Caller<'_>, code: &str) -> Value {
    let units = caller.get("/units").await.ok();
    units["units"].as_array().unwrap().iter().find(|unit| unit["code"] == code).unwrap().clone()
}

/// The line of this unit on the board.
async fn line(caller: &Caller<'_>, code: &str) -> Value {
    let board = caller.get("/capacity").await.ok();
    board["units"].as_array().unwrap().iter().find(|unit| unit["code"] == code).unwrap().clone()
}

/// The places of a unit.
async fn places(caller: &Caller<'_>, unit: &Value) -> Vec<Value> {
    let list = caller.get(&format!("/units/{}/places", unit["id"].as_str().unwrap())).await.ok();
    list["places"].as_array().unwrap().clone()
}

fn path_of(place: &Value) -> String {
    format!("/places/{}", place["id"].as_str().unwrap())
}

#[actix_web::test]
async fn a_shelter_sees_and_reports_its_own_places_and_no_others() {
    let desk = Served::new().await;
    let coordinator = desk.coordinator();
    let unit = unit(&coordinator, "omm-zwolle-places").await;
    let (own, other) = (desk.shelter("kadera"), desk.shelter("fier"));
    let place = places(&own, &unit).await.remove(0);
    for path in
        [format!("/units/{}", unit["id"].as_str().unwrap()), format!("/units/{}/places", unit["id"].as_str().unwrap())]
    {
        assert_eq!(own.get(&path).await.status, 200);
        assert_eq!(other.get(&path).await.brief(), "404 not-found");
    }
    let listed =
        other.get("/locations").await.text + &other.get("/units").await.text + &other.get("/capacity").await.text;
    assert!(!listed.contains("zwolle") && listed.contains("omm-rotterdam"), "{listed}");
    let body = json!({"state": "out_of_use", "reason": "maintenance"});
    assert_eq!(other.put(&path_of(&place), body.clone()).await.brief(), "404 not-found");
    let confirmation = format!("/units/{}/confirmations", unit["id"].as_str().unwrap());
    assert_eq!(other.post(&confirmation, json!({})).await.brief(), "404 not-found");
    assert_eq!(line(&coordinator, "omm-zwolle-places").await["capacity"]["outOfUse"], 0);
    own.put(&path_of(&place), body).await.ok();
    assert_eq!(line(&own, "omm-zwolle-places").await["capacity"]["outOfUse"], 1);
}

#[actix_web::test]
async fn what_is_reported_of_a_place_counts_at_once_and_says_who_and_when() {
    let desk = Served::new().await;
    let shelter = desk.shelter("kadera");
    let unit = unit(&shelter, "omm-zwolle-places").await;
    let place = places(&shelter, &unit).await.remove(0);
    let total = line(&shelter, "omm-zwolle-places").await["capacity"]["total"].as_u64().unwrap();
    let end = json!({"on": "2026-04-01", "certainty": "expected"});
    for (body, free, out, occupied) in [
        (json!({"state": "out_of_use", "reason": "staffing", "until": "2026-03-09"}), total - 1, 1, 0),
        (json!({"state": "occupied", "expectedEnd": end}), total - 1, 0, 1),
        (json!({"state": "available"}), total, 0, 0),
    ] {
        let reported = shelter.put(&path_of(&place), body.clone()).await.ok();
        assert_eq!(reported["reported"], json!({"by": "kadera", "at": "2026-03-02T09:00:00Z"}), "{body}");
        let capacity = line(&shelter, "omm-zwolle-places").await["capacity"].clone();
        let want = json!({"total": total, "free": free, "held": 0, "outOfUse": out, "occupied": occupied});
        assert_eq!(capacity, want, "{body}");
    }
    let reports = desk.events().await.into_iter().filter(|event| event == "place.reported").count();
    assert_eq!(reports, 3);
}

#[actix_web::test]
async fn a_faulty_report_names_its_faults_and_changes_nothing() {
    let desk = Served::new().await;
    let shelter = desk.shelter("kadera");
    let unit = unit(&shelter, "omm-zwolle-places").await;
    let place = path_of(&places(&shelter, &unit).await.remove(0));
    let before = desk.events().await.len();
    for (body, pointers) in [
        (json!({}), vec!["/state"]),
        (json!({"state": "gone"}), vec!["/state"]),
        (json!({"state": "available", "until": "2026-03-09"}), vec!["/until"]),
        (json!({"state": "out_of_use", "until": "2026-02-30", "why": 1}), vec!["/reason", "/until", "/why"]),
        (json!({"state": "out_of_use", "reason": "other", "until": "2026-03-01"}), vec!["/until"]),
        (
            json!({"state": "occupied", "expectedEnd": {"on": "2026-02-01", "certainty": "expected"}}),
            vec!["/expectedEnd/on"],
        ),
    ] {
        let reply = shelter.put(&place, body.clone()).await;
        assert_eq!(
            (reply.brief(), reply.pointers()),
            ("400 invalid-input".to_owned(), pointers.iter().map(|at| (*at).to_owned()).collect()),
            "{body}"
        );
    }
    assert_eq!(shelter.put("/places/no-id", json!({"state": "available"})).await.brief(), "404 not-found");
    let unknown = format!("/places/{}", uuid::Uuid::nil());
    assert_eq!(shelter.put(&unknown, json!({"state": "available"})).await.brief(), "404 not-found");
    assert_eq!(desk.events().await.len(), before);
}

#[actix_web::test]
async fn figures_go_stale_until_they_are_confirmed_again() {
    let desk = Served::new().await;
    let shelter = desk.shelter("kadera");
    assert_eq!(line(&shelter, "omm-zwolle-places").await["isStale"], false);
    desk.clock.advance(chrono::Duration::hours(25));
    let shelter = desk.shelter("kadera");
    assert_eq!(line(&shelter, "omm-zwolle-places").await["isStale"], true);
    let unit = unit(&shelter, "omm-zwolle-places").await;
    let report = shelter.post(&format!("/units/{}/confirmations", unit["id"].as_str().unwrap()), json!({})).await.ok();
    assert_eq!((&report["id"], &report["state"]), (&unit["id"], &json!("confirmed")));
    let line = line(&shelter, "omm-zwolle-places").await;
    assert_eq!((&line["isStale"], &line["figuresAsOf"]), (&json!(false), &json!("2026-03-03T10:00:00Z")));
}

#[actix_web::test]
async fn the_auditor_reads_the_trail_and_proves_it_and_a_coordinator_reads_one_case() {
    let desk = Served::new().await;
    let auditor = desk.auditor();
    let list = auditor.get("/audit-entries?eventType=catalogue.imported").await.ok();
    let entry = &list["entries"][0];
    assert_eq!(entry["entry"]["event"]["eventType"], "catalogue.imported");
    assert_eq!(entry["text"].as_str().unwrap().parse::<Value>().unwrap(), entry["entry"]);
    let page = auditor.get("/audit-entries?fromIndex=2&limit=3").await.ok();
    let indices: Vec<_> = page["entries"].as_array().unwrap().iter().map(|entry| entry["index"].as_u64()).collect();
    assert_eq!(indices, [Some(2), Some(3), Some(4)]);

    let verified = auditor.post("/audit-entries/_verify", json!({})).await.ok();
    assert_eq!(verified["isIntact"], true);
    let head = format!("{}:{}", verified["head"]["index"], verified["head"]["link"].as_str().unwrap());
    let again = auditor.post("/audit-entries/_verify", json!({ "expected": head })).await.ok();
    assert_eq!(again["isIntact"], true);
    let forged = format!("1:{}", "ab".repeat(32));
    let broken = auditor.post("/audit-entries/_verify", json!({ "expected": forged })).await.ok();
    assert_eq!((&broken["isIntact"], &broken["fault"]), (&json!(false), &json!({"index": 1, "kind": "head_mismatch"})));
    let reply = auditor.post("/audit-entries/_verify", json!({"expected": "x".repeat(70)})).await;
    assert_eq!((reply.brief(), reply.pointers()), ("400 invalid-input".to_owned(), vec!["/expected".to_owned()]));

    assert_eq!(desk.coordinator().get("/audit-entries").await.brief(), "400 invalid-input");
    let nobody = format!("/audit-entries?referralId={}", uuid::Uuid::nil());
    assert_eq!(desk.coordinator().get(&nobody).await.brief(), "404 not-found");
    assert_eq!(desk.caller(Role::Admin, None).get("/audit-entries").await.brief(), "403 operation-not-allowed");
    assert_eq!(auditor.get("/audit-entries?limit=500").await.brief(), "400 invalid-input");
    let read = desk.events().await.into_iter().filter(|event| event == "audit.read").count();
    assert_eq!(read, 3);
}
