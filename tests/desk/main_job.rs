//! The main job, as callers do it over HTTP: from referral to arrival, with everything that can be said no to on the way.

use omm::app::import_catalogue::import_catalogue;
use omm::domain::catalogue::seed::{Catalogue, DEFAULT_CATALOGUE};
use omm::domain::role::Role;
use serde_json::{Value, json};

use crate::given::{a_match, a_referral, a_referral_with, an_eligible_referral, unit_in};
use crate::served::{Caller, Reply, Served, call_of};

fn id_of(body: &Value) -> String {
    body["id"].as_str().unwrap().to_owned()
}

async fn propose(caller: &Caller<'_>, referral: &str, matched: &Value, unit: &str) -> Reply {
    let body = json!({"unitId": unit, "resultId": matched["id"]});
    caller.post(&format!("/referrals/{referral}/proposals"), body).await
}

async fn propose_departing(caller: &Caller<'_>, referral: &str, matched: &Value, unit: &str) -> Reply {
    let departure = json!({"reason": "victim_wish", "text": "Wants to be near her sister."});
    let body = json!({"unitId": unit, "resultId": matched["id"], "departure": departure});
    caller.post(&format!("/referrals/{referral}/proposals"), body).await
}

async fn place(caller: &Caller<'_>, referral: &str, proposal: &str) -> Reply {
    let body = json!({"outcome": "placed", "proposalId": proposal, "reason": "Fits, and she agrees."});
    caller.post(&format!("/referrals/{referral}/decisions"), body).await
}

/// The unit that the match proposes, and the organisation that runs it.
fn first_of(matched: &Value) -> (String, String) {
    let first = &matched["result"]["now"][0];
    (first["unit"].as_str().unwrap().to_owned(), first["organisation"].as_str().unwrap().to_owned())
}

/// Proposes the first rank, lets its shelter accept, and places. Answers with shelter, proposal and decision.
async fn placed_at_first_rank(desk: &Served, referral: &str, matched: &Value) -> (String, Value, Value) {
    let (unit, shelter) = first_of(matched);
    let proposal = propose(&desk.coordinator(), referral, matched, &unit).await.ok();
    let answers = format!("/proposals/{}/answers", id_of(&proposal));
    desk.shelter(&shelter).post(&answers, json!({"answer": "accepted"})).await.ok();
    let decision = place(&desk.coordinator(), referral, &id_of(&proposal)).await.ok();
    (shelter, proposal, decision)
}

#[actix_web::test]
async fn a_referral_goes_from_submission_to_exit_and_leaves_its_trail() {
    let desk = Served::new().await;
    let (referral, matched) = an_eligible_referral(&desk, a_referral()).await;
    let (shelter, _, decision) = placed_at_first_rank(&desk, &referral, &matched).await;
    let placement = decision["placementId"].as_str().unwrap();
    let at = |what: &str| format!("/placements/{placement}/{what}");
    let house = desk.shelter(&shelter);
    house.post(&at("arrival"), json!({"outcome": "arrived"})).await.ok();
    house.post(&at("expected-end"), json!({"endDate": "2026-06-01", "certainty": "confirmed"})).await.ok();
    let ended = house.post(&at("exit"), json!({"exitType": "independent"})).await.ok();
    assert_eq!(ended["state"], "exited");
    let seen = desk.coordinator().get(&format!("/referrals/{referral}")).await.ok();
    assert_eq!(seen["lifecycle"]["state"], "closed");
    let wanted = [
        "referral.submitted",
        "referral.assessed",
        "referral.matched",
        "proposal.sent",
        "proposal.accepted",
        "placement.decided",
        "placement.arrived",
        "placement.end_announced",
        "placement.exited",
        "referral.read",
    ];
    let events = desk.events().await;
    for event in wanted {
        assert!(events.iter().any(|seen| seen == event), "{event} is not in the trail");
    }
    let verified = desk.auditor().post("/audit-entries/_verify", json!({})).await.ok();
    assert_eq!(verified["isIntact"], true);
}

#[actix_web::test]
async fn every_unit_stands_in_one_list_with_its_reasons_and_advice_stands_apart() {
    let desk = Served::new().await;
    let (_, matched) = an_eligible_referral(&desk, a_referral()).await;
    let lists = ["now", "later", "ask", "setAside", "out"];
    let cards: Vec<&Value> = lists.iter().flat_map(|list| matched["result"][list].as_array().unwrap()).collect();
    let mut codes: Vec<&str> = cards.iter().map(|card| card["code"].as_str().unwrap()).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!((codes.len(), cards.len()), (13, 13), "all units that CoMensha may place in, each once");
    for card in &cards {
        let findings = card["findings"].as_array().unwrap();
        let is_reasoned = |finding: &Value| {
            !finding["textNl"].as_str().unwrap().is_empty() && !finding["textEn"].as_str().unwrap().is_empty()
        };
        assert!(findings.iter().all(is_reasoned), "{card}");
        assert_eq!(card["standing"] == "fit_now" || card["standing"] == "fit_later", findings.is_empty(), "{card}");
    }
    let advice = matched["advice"]["cards"].as_array().unwrap();
    assert!(advice.iter().all(|card| !codes.contains(&card["location"].as_str().unwrap_or_default())));
}

#[actix_web::test]
async fn another_unit_than_the_first_rank_needs_a_reason_code() {
    let desk = Served::new().await;
    let (referral, matched) = an_eligible_referral(&desk, a_referral()).await;
    let last = matched["result"]["now"].as_array().unwrap().last().unwrap()["unit"].as_str().unwrap().to_owned();
    let without = propose(&desk.coordinator(), &referral, &matched, &last).await;
    assert_eq!(without.brief(), "409 state-conflict");
    let with = propose_departing(&desk.coordinator(), &referral, &matched, &last).await.ok();
    let shown = desk.coordinator().get(&format!("/proposals/{}", id_of(&with))).await.ok();
    assert_eq!(shown["departureReason"], "victim_wish");
}

#[actix_web::test]
async fn an_objection_prepares_the_next_candidate_and_one_act_sends_it() {
    let desk = Served::new().await;
    let (referral, matched) = an_eligible_referral(&desk, a_referral()).await;
    let (unit, shelter) = first_of(&matched);
    let proposal = propose(&desk.coordinator(), &referral, &matched, &unit).await.ok();
    let objected = json!({"answer": "objected", "reason": "group_composition"});
    desk.shelter(&shelter).post(&format!("/proposals/{}/answers", id_of(&proposal)), objected).await.ok();
    let list = desk.coordinator().get(&format!("/referrals/{referral}/proposals")).await.ok();
    let prepared = &list["proposals"][0];
    assert_eq!(prepared["lifecycle"]["state"], "draft");
    assert_ne!(prepared["unitId"].as_str().unwrap(), unit);
    let sent = desk.coordinator().post(&format!("/proposals/{}/_send", id_of(prepared)), json!({})).await.ok();
    assert_eq!(sent["state"], "sent");
    let again = desk.coordinator().get(&format!("/referrals/{referral}/matches")).await.ok();
    assert_eq!(again["result"]["setAside"][0]["unit"].as_str().unwrap(), unit, "the objection is shown, not hidden");
}

#[actix_web::test]
async fn a_hold_lapses_by_the_clock_and_an_answer_after_it_is_refused() {
    let desk = Served::new().await;
    let (referral, matched) = an_eligible_referral(&desk, a_referral()).await;
    let (unit, shelter) = first_of(&matched);
    let free = async || {
        let board = desk.coordinator().get("/capacity").await.ok();
        let lines = board["units"].as_array().unwrap().clone();
        lines.into_iter().find(|line| line["unitId"] == unit.as_str()).unwrap()["capacity"]["free"].as_u64().unwrap()
    };
    let before = free().await;
    let proposal = propose(&desk.coordinator(), &referral, &matched, &unit).await.ok();
    assert_eq!(free().await, before - 1);
    desk.clock.advance(chrono::TimeDelta::days(4));
    assert_eq!(free().await, before, "no job ran");
    let late = desk
        .shelter(&shelter)
        .post(&format!("/proposals/{}/answers", id_of(&proposal)), json!({"answer": "accepted"}))
        .await;
    assert_eq!(late.brief(), "409 hold-expired");
    assert!(desk.trail().await.iter().any(|entry| entry["event"]["problemType"] == "hold-expired"));
}

#[actix_web::test]
async fn a_family_of_three_takes_three_places_of_one_unit() {
    let desk = Served::new().await;
    let children =
        json!([{"age": 4, "gender": "female", "custody": "victim"}, {"age": 9, "gender": "male", "custody": "victim"}]);
    let (referral, matched) = an_eligible_referral(&desk, a_referral_with(json!({"childrenAlong": children}))).await;
    let unit = unit_in(&matched, "omm-zwolle-places");
    let proposal = propose_departing(&desk.coordinator(), &referral, &matched, &unit).await.ok();
    let shown = desk.coordinator().get(&format!("/proposals/{}", id_of(&proposal))).await.ok();
    assert_eq!(shown["places"], 3);
    let accepted = json!({"answer": "accepted", "answers": [{"rule": "R-HOUSEHOLD", "verdict": "yes"}]});
    desk.shelter("kadera").post(&format!("/proposals/{}/answers", id_of(&proposal)), accepted).await.ok();
    place(&desk.coordinator(), &referral, &id_of(&proposal)).await.ok();
    let board = desk.coordinator().get("/capacity").await.ok();
    let line = board["units"].as_array().unwrap().iter().find(|line| line["unitId"] == unit.as_str()).unwrap().clone();
    assert_eq!((line["capacity"]["occupied"].as_u64(), line["capacity"]["free"].as_u64()), (Some(3), Some(1)));
}

#[actix_web::test]
async fn a_unit_with_open_questions_is_placed_in_only_when_they_are_answered() {
    let desk = Served::new().await;
    let children = json!([{"age": 4, "gender": "female", "custody": "victim"}]);
    let (referral, matched) = an_eligible_referral(&desk, a_referral_with(json!({"childrenAlong": children}))).await;
    let unit = unit_in(&matched, "omm-zwolle-places");
    let proposal = propose_departing(&desk.coordinator(), &referral, &matched, &unit).await.ok();
    let answers = format!("/proposals/{}/answers", id_of(&proposal));
    desk.shelter("kadera").post(&answers, json!({"answer": "accepted"})).await.ok();
    let open = place(&desk.coordinator(), &referral, &id_of(&proposal)).await;
    assert_eq!(open.brief(), "409 state-conflict");
    assert!(open.text.contains("R-HOUSEHOLD"), "{}", open.text);
    let body = json!({"outcome": "placed", "proposalId": proposal["id"], "reason": "The shelter agrees.",
        "answers": [{"rule": "R-HOUSEHOLD", "verdict": "yes"}]});
    desk.coordinator().post(&format!("/referrals/{referral}/decisions"), body).await.ok();
}

/// A catalogue in which Zwolle documents that it admits no children: a rule that may be set aside.
async fn zwolle_admits_no_children(desk: &Served) {
    let documented = |line: &str| {
        let is_zwolle = line.contains("\"id\":\"omm-zwolle\"");
        if is_zwolle { line.replace("\"children\":\"unknown\"", "\"children\":\"no\"") } else { line.to_owned() }
    };
    let text = DEFAULT_CATALOGUE.lines().map(documented).collect::<Vec<_>>().join("\n");
    let catalogue = Catalogue::parse(&text).unwrap();
    import_catalogue(&desk.desk, &call_of(Role::Admin, None), catalogue).await.unwrap();
}

#[actix_web::test]
async fn against_a_dispensable_rule_it_takes_a_reason_and_a_second_person() {
    let desk = Served::new().await;
    zwolle_admits_no_children(&desk).await;
    let child = json!({"childrenAlong": [{"age": 4, "gender": "female", "custody": "victim"}]});
    let (referral, matched) = an_eligible_referral(&desk, a_referral_with(child)).await;
    let unit = unit_in(&matched, "omm-zwolle-places");
    let out = matched["result"]["out"].as_array().unwrap();
    assert!(out.iter().any(|card| card["unit"] == unit.as_str()), "excluded, and shown");
    assert_eq!(propose(&desk.coordinator(), &referral, &matched, &unit).await.brief(), "409 state-conflict");
    let proposal = propose_departing(&desk.coordinator(), &referral, &matched, &unit).await.ok();
    let answers = format!("/proposals/{}/answers", id_of(&proposal));
    desk.shelter("kadera").post(&answers, json!({"answer": "accepted"})).await.ok();
    let alone = place(&desk.coordinator(), &referral, &id_of(&proposal)).await;
    assert_eq!(alone.brief(), "403 second-person-required");
    place(&desk.second_coordinator(), &referral, &id_of(&proposal)).await.ok();
}

#[actix_web::test]
async fn against_a_rule_that_cannot_be_set_aside_nobody_is_proposed() {
    let desk = Served::new().await;
    let danger = json!({"dangerRegions": [{"kind": "municipality", "name": "Zwolle"}]});
    let (referral, matched) = an_eligible_referral(&desk, a_referral_with(danger)).await;
    let unit = unit_in(&matched, "omm-zwolle-places");
    let refused = propose_departing(&desk.coordinator(), &referral, &matched, &unit).await;
    assert_eq!(refused.brief(), "409 state-conflict");
    assert!(refused.text.contains("R-DANGER"), "{}", refused.text);
}

#[actix_web::test]
async fn a_full_house_leads_to_the_waiting_list_with_a_temporary_place() {
    let desk = Served::new().await;
    let (referral, _) = an_eligible_referral(&desk, a_referral()).await;
    let body = json!({"outcome": "temporary_place", "place": "emergency_bed", "reason": "Nothing free tonight."});
    desk.coordinator().post(&format!("/referrals/{referral}/decisions"), body).await.ok();
    let list = desk.coordinator().get("/waiting-list").await.ok();
    assert_eq!(list["waiting"][0]["referralId"].as_str().unwrap(), referral);
    let seen = desk.coordinator().get(&format!("/referrals/{referral}")).await.ok();
    assert_eq!(seen["lifecycle"]["state"], "waiting_list");
}

#[actix_web::test]
async fn nothing_reaches_a_shelter_without_consent() {
    let desk = Served::new().await;
    let mut body = a_referral();
    body.as_object_mut().unwrap().remove("consent");
    let (referral, matched) = an_eligible_referral(&desk, body).await;
    assert_eq!(matched["result"]["provisional"], true);
    let card = &matched["result"]["ask"][0];
    let refused = propose_departing(&desk.coordinator(), &referral, &matched, card["unit"].as_str().unwrap()).await;
    assert_eq!(refused.brief(), "409 ground-missing");
}

#[actix_web::test]
async fn withdrawing_consent_takes_the_open_proposal_back_at_once() {
    let desk = Served::new().await;
    let (referral, matched) = an_eligible_referral(&desk, a_referral()).await;
    let (unit, shelter) = first_of(&matched);
    let proposal = propose(&desk.coordinator(), &referral, &matched, &unit).await.ok();
    let intake = format!("/referrals/{referral}");
    desk.shelter(&shelter).get(&intake).await.ok();
    let withdrawn = json!({"consent": {"given": "yes", "withdrawn": true}});
    desk.coordinator().patch(&intake, withdrawn).await.ok();
    assert_eq!(desk.shelter(&shelter).get(&intake).await.status, 404);
    let answers = format!("/proposals/{}/answers", id_of(&proposal));
    let late = desk.shelter(&shelter).post(&answers, json!({"answer": "accepted"})).await;
    assert_eq!(late.brief(), "409 ground-missing");
}

#[actix_web::test]
async fn a_foreign_shelter_learns_nothing_and_police_learn_one_word() {
    let desk = Served::new().await;
    let mut body = a_referral();
    body["referrerReference"] = json!("PL-2026-17");
    let (referral, matched) = an_eligible_referral(&desk, body).await;
    let (unit, shelter) = first_of(&matched);
    let proposal = propose(&desk.coordinator(), &referral, &matched, &unit).await.ok();
    let foreign = if shelter == "kadera" { "fier" } else { "kadera" };
    let absent = desk.shelter(foreign).get("/referrals/00000000-0000-4000-8000-000000000000").await;
    let (intake, list) = (format!("/referrals/{referral}"), format!("/referrals/{referral}/proposals"));
    for path in [intake, list.clone(), format!("/proposals/{}", id_of(&proposal))] {
        let reply = desk.shelter(foreign).get(&path).await;
        assert_eq!((reply.brief(), reply.json()["detail"].clone()), (absent.brief(), absent.json()["detail"].clone()));
    }
    for path in [list.as_str(), "/proposals"] {
        let listed = |body: Value| body["proposals"].as_array().unwrap().iter().map(id_of).collect::<Vec<_>>();
        for caller in [desk.shelter(&shelter), desk.coordinator()] {
            assert_eq!(listed(caller.get(path).await.ok()), [id_of(&proposal)], "{path}");
        }
    }
    assert_eq!(desk.shelter(foreign).get("/proposals").await.ok()["proposals"], json!([]));
    let query = json!({"reference": "PL-2026-17", "purpose": "follow_up"});
    let status = desk.police("politie-amsterdam").post("/status-queries", query.clone()).await.ok();
    let mut fields: Vec<&String> = status.as_object().unwrap().keys().collect();
    fields.sort();
    assert_eq!((status["status"].as_str(), fields.len()), (Some("in_progress"), 3), "{fields:?}");
    let curious = desk.police("politie-rotterdam").post("/status-queries", query).await;
    let unknown = desk
        .police("politie-rotterdam")
        .post("/status-queries", json!({"reference": "X", "purpose": "follow_up"}))
        .await;
    assert_eq!(
        (curious.brief(), curious.json()["detail"].clone()),
        (unknown.brief(), unknown.json()["detail"].clone())
    );
    let asked = desk.events().await.iter().filter(|event| *event == "status.queried").count();
    assert_eq!(asked, 3, "every query is recorded, those without an answer too");
}

#[actix_web::test]
async fn a_bed_update_is_seen_by_the_next_match() {
    let desk = Served::new().await;
    let (referral, matched) = an_eligible_referral(&desk, a_referral()).await;
    let (unit, shelter) = first_of(&matched);
    let places = desk.shelter(&shelter).get(&format!("/units/{unit}/places")).await.ok();
    for place in places["places"].as_array().unwrap() {
        let path = format!("/places/{}", place["id"].as_str().unwrap());
        desk.shelter(&shelter).put(&path, json!({"state": "out_of_use", "reason": "maintenance"})).await.ok();
    }
    let again = a_match(&desk, &referral).await;
    let out: Vec<&str> =
        again["result"]["out"].as_array().unwrap().iter().map(|card| card["unit"].as_str().unwrap()).collect();
    assert!(out.contains(&unit.as_str()));
    let superseded = propose(&desk.coordinator(), &referral, &matched, &unit).await;
    assert_eq!(superseded.brief(), "409 state-conflict", "the match looked at is not the latest");
}

#[actix_web::test]
async fn a_decision_is_made_by_a_person_of_comensha_only() {
    let desk = Served::new().await;
    let (referral, _) = an_eligible_referral(&desk, a_referral()).await;
    let body = json!({"outcome": "waiting_list", "reason": "No place."});
    let path = format!("/referrals/{referral}/decisions");
    for role in [Role::Police, Role::Om, Role::Shelter, Role::Auditor, Role::Admin, Role::Referrer] {
        assert_eq!(desk.caller(role, Some("somebody")).post(&path, body.clone()).await.status, 403, "{role}");
    }
    assert_eq!(desk.nobody().post(&path, body).await.status, 401);
}

#[actix_web::test]
async fn faults_of_form_and_of_meaning_below_the_facts_come_at_once() {
    let desk = Served::new().await;
    let facts = json!({"age": "old", "pets": "cat", "colour": "red", "reflectionStart": "2026-04-01",
        "group": "a", "childrenAlong": [{"age": "nine"}]});
    let mut body = a_referral_with(facts);
    body["legalBasis"] = json!("other");
    body["consent"] = json!({"given": "perhaps"});
    let refused = desk.police("politie-amsterdam").post("/referrals", body).await;
    assert_eq!(refused.brief(), "400 invalid-input");
    let mut pointers = refused.pointers();
    pointers.sort();
    let wanted = [
        "/consent/given",
        "/facts/age",
        "/facts/childrenAlong/0/age",
        "/facts/colour",
        "/facts/group",
        "/facts/pets",
        "/facts/reflectionStart",
        "/legalBasisExplanation",
    ];
    assert_eq!(pointers, wanted);
}
