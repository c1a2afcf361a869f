//! A request that is sent again takes effect once: by mistake, out of doubt, or fifty times at once.

use diesel::{QueryableByName, sql_query, sql_types::BigInt};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
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

fn a_key() -> Uuid {
    Ids::random().next_uuid()
}

/// Sends until the first one is through.
async fn send_until_answered(caller: &Caller<'_>, key: Uuid, path: &str, body: &Value) -> Reply {
    loop {
        let reply = caller.post_under(key, path, body).await;
        if reply.brief() != "409 request-in-progress" {
            return reply;
        }
    }
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

async fn count(desk: &Served, of: &str) -> i64 {
    let mut connection = desk.database.connection().await;
    sql_query(format!("SELECT count(*) FROM {of}")).get_result::<Count>(&mut connection).await.unwrap().count
}

/// A proposal that was sent: referral, match, proposal, and the shelter it went to.
async fn a_proposal(desk: &Served) -> (String, Value, String, String) {
    let (referral, matched) = an_eligible_referral(desk, a_referral()).await;
    let first = &matched["result"]["now"][0];
    let body = json!({"unitId": first["unit"], "resultId": matched["id"]});
    let proposal = desk.coordinator().post(&format!("/referrals/{referral}/proposals"), body).await.ok();
    let shelter = first["organisation"].as_str().unwrap().to_owned();
    let id = proposal["id"].as_str().unwrap().to_owned();
    (referral, matched, id, shelter)
}

#[actix_web::test]
async fn fifty_equal_requests_at_once_have_one_effect_and_fifty_equal_answers() {
    let desk = Served::new().await;
    let (police, key, body) = (desk.police("politie-amsterdam"), a_key(), a_referral());
    let replies = join_all((0..50).map(|_| send_until_answered(&police, key, "/referrals", &body))).await;
    let first = (201, replies[0].text.clone(), replies[0].header("location").to_owned());
    for reply in &replies {
        assert_eq!((reply.status, reply.text.clone(), reply.header("location").to_owned()), first);
    }
    assert_eq!(count(&desk, "referrals").await, 1);
    let submitted = desk.events().await.into_iter().filter(|event| event == "referral.submitted").count();
    assert_eq!(submitted, 1);
}

#[actix_web::test]
async fn the_entry_in_the_trail_carries_the_hash_of_the_key_and_not_the_key() {
    let desk = Served::new().await;
    let key = a_key();
    desk.police("politie-amsterdam").post_under(key, "/referrals", &a_referral()).await.ok();
    let entry = desk.trail().await.pop().unwrap();
    let hash = entry["call"]["idempotencyKeyHash"].as_str().unwrap();
    assert!(hash.len() == 64 && hash.chars().all(|sign| sign.is_ascii_hexdigit()), "{hash}");
    assert!(!entry.to_string().contains(&key.to_string()));
}

#[actix_web::test]
async fn another_request_under_the_same_key_is_refused_and_changes_nothing() {
    let desk = Served::new().await;
    let (coordinator, key) = (desk.coordinator(), a_key());
    coordinator.post_under(key, "/referrals", &a_referral()).await.ok();
    let mut other = a_referral();
    other["facts"]["age"] = json!(32);
    let before = desk.events().await.len();
    assert_eq!(coordinator.post_under(key, "/referrals", &other).await.brief(), "422 idempotency-key-reused");
    assert_eq!((count(&desk, "referrals").await, desk.events().await.len()), (1, before));
    // Under another path the same key is another key, and so it is for another person.
    let (referral, _) = an_eligible_referral(&desk, a_referral()).await;
    let reason = json!({"reason": "by_referrer"});
    let withdrawal = format!("/referrals/{referral}/withdrawal");
    assert_eq!(coordinator.post_under(key, &withdrawal, &reason).await.status, 200);
    assert_eq!(desk.second_coordinator().post_under(key, "/referrals", &a_referral()).await.status, 201);
    assert_eq!(count(&desk, "referrals").await, 3);
}

/// One caller per operation who may do it.
fn somebody_who_may<'d>(desk: &'d Served, operation: &Value) -> Option<Caller<'d>> {
    let name = operation["security"][0]["bearer"][0].as_str()?;
    let permission = Permission::ALL.into_iter().find(|permission| permission.as_str() == name)?;
    let role = Role::ALL.into_iter().find(|role| scope(*role, permission) == Some(Scope::Full));
    let role = role.or_else(|| Role::ALL.into_iter().find(|role| scope(*role, permission).is_some()))?;
    Some(desk.caller(role, Some("comensha")))
}

#[actix_web::test]
async fn every_act_of_the_contract_asks_for_a_key_and_nothing_else_does() {
    let desk = Served::empty().await;
    let document = api::document();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let is_act = parameters.into_iter().any(|parameter| parameter["name"] == "Idempotency-Key");
            let parts =
                path.split('/').map(|part| if part.starts_with('{') { Uuid::nil().to_string() } else { part.into() });
            let path = parts.collect::<Vec<_>>().join("/");
            let caller = somebody_who_may(&desk, operation).unwrap();
            let method: Method = method.to_uppercase().parse().unwrap();
            let send = async |headers: &[(&str, &str)]| {
                caller.send(method.clone(), &path, headers, Some("{}".to_owned())).await
            };
            let without = send(&[]).await;
            assert_eq!(without.brief() == "400 idempotency-key-missing", is_act, "{method} {path}: {}", without.text);
            if is_act {
                let odd = send(&[("Idempotency-Key", "CANARY")]).await;
                let error = &odd.json()["errors"][0];
                assert_eq!(
                    (odd.brief().as_str(), &error["in"], &error["name"]),
                    ("400 invalid-input", &json!("header"), &json!("Idempotency-Key"))
                );
                assert!(!odd.text.contains("CANARY"));
            }
        }
    }
}

#[actix_web::test]
async fn a_kept_answer_is_given_only_to_those_who_still_have_the_right() {
    let desk = Served::new().await;
    let (_, _, proposal, shelter) = a_proposal(&desk).await;
    let (path, key, body) = (format!("/proposals/{proposal}/answers"), a_key(), json!({"answer": "accepted"}));
    let own = desk.shelter(&shelter);
    let first = own.post_under(key, &path, &body).await;
    assert_eq!(first.status, 200, "{}", first.text);
    // The same person, now of another house, and then no longer in a shelter at all.
    let moved = desk.person(Role::Shelter, Some("moviera"), "shelter-1");
    assert_eq!(moved.post_under(key, &path, &body).await.brief(), "404 not-found");
    let left = desk.person(Role::Referrer, Some(&shelter), "shelter-1");
    assert_eq!(left.post_under(key, &path, &body).await.status, 403);
    let before = desk.events().await.len();
    assert_eq!(own.post_under(key, &path, &body).await.text, first.text);
    assert_eq!(desk.events().await.len(), before, "a repeat changes nothing, so nothing is recorded");
}

#[actix_web::test]
async fn an_objection_can_be_repeated_after_the_next_candidate_was_prepared() {
    let desk = Served::new().await;
    let (referral, _, proposal, shelter) = a_proposal(&desk).await;
    let (path, key) = (format!("/proposals/{proposal}/answers"), a_key());
    let body = json!({"answer": "objected", "reason": "group_composition"});
    let first = desk.shelter(&shelter).post_under(key, &path, &body).await;
    let again = desk.shelter(&shelter).post_under(key, &path, &body).await;
    assert_eq!((first.status, &again.text), (200, &first.text));
    let list = desk.coordinator().get(&format!("/referrals/{referral}/proposals")).await.ok();
    assert_eq!(list["proposals"].as_array().unwrap().len(), 2, "one prepared, not two");
}

/// Who was told no and went on must not find it done later, by a copy that came late.
#[actix_web::test]
async fn a_refusal_is_repeated_too_and_a_new_attempt_takes_a_new_key() {
    let desk = Served::new().await;
    let (referral, _, proposal, _) = a_proposal(&desk).await;
    let (path, key) = (format!("/referrals/{referral}/decisions"), a_key());
    let body = json!({"outcome": "waiting_list", "reason": "Nothing fits."});
    let refused = desk.coordinator().post_under(key, &path, &body).await;
    assert_eq!(refused.brief(), "409 state-conflict");
    desk.coordinator().post(&format!("/proposals/{proposal}/cancellation"), json!({})).await.ok();
    let late = desk.coordinator().post_under(key, &path, &body).await;
    assert_eq!((late.brief(), &late.json()["detail"]), (refused.brief(), &refused.json()["detail"]));
    assert_eq!(desk.coordinator().post_under(a_key(), &path, &body).await.status, 201);
}

#[actix_web::test]
async fn a_key_is_forgotten_after_a_day_and_its_row_removed_by_whoever_comes_next() {
    let desk = Served::new().await;
    let (key, body) = (a_key(), a_referral());
    let first = desk.police("politie-amsterdam").post_under(key, "/referrals", &body).await.ok();
    desk.clock.advance(chrono::TimeDelta::hours(24) - chrono::TimeDelta::microseconds(1));
    let within = desk.police("politie-amsterdam").post_under(key, "/referrals", &body).await.ok();
    assert_eq!(within, first);
    desk.clock.advance(chrono::TimeDelta::microseconds(1));
    let later = desk.police("politie-amsterdam").post_under(key, "/referrals", &body).await.ok();
    assert_ne!(later["id"], first["id"]);
    assert_eq!((count(&desk, "referrals").await, count(&desk, "kept_answers").await), (2, 1));
}

#[actix_web::test]
async fn while_the_first_is_still_running_a_repeat_is_told_so_after_half_a_second() {
    let desk = Served::new().await;
    let (police, key, body) = (desk.police("politie-amsterdam"), a_key(), a_referral());
    // Somebody stands at the head of the line of writers and does not move on.
    let mut line = desk.database.connection().await;
    line.batch_execute("BEGIN; SELECT pg_advisory_xact_lock(3607)").await.unwrap();
    let second = async {
        while count(&desk, "pg_locks WHERE locktype = 'advisory' AND NOT granted").await == 0 {}
        let began = tokio::time::Instant::now();
        let told = police.post_under(key, "/referrals", &body).await;
        let waited = began.elapsed();
        line.batch_execute("ROLLBACK").await.unwrap();
        (told, waited)
    };
    let (first, (told, waited)) = futures_util::join!(police.post_under(key, "/referrals", &body), second);
    assert_eq!((told.brief().as_str(), told.header("retry-after")), ("409 request-in-progress", "1"));
    assert!((500..2000).contains(&waited.as_millis()), "{waited:?}");
    assert_eq!(first.status, 201);
    assert_eq!(police.post_under(key, "/referrals", &body).await.text, first.text);
}
