//! Every type of problem: its page in both languages, and a call that meets it, asked in both languages.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use omm::{
    api::{limits::Rates, problem::kind::Kind},
    clock::Ids,
    domain::role::{Permission, Role},
};
use reqwest::Method;
use serde_json::{Value, json};

use super::Probe;
use crate::{
    given::{a_referral, an_eligible_referral},
    served::Served,
};

/// Types that no operation meets yet, each with what brings it.
const NOT_YET: [(&str, &str); 4] = [
    ("purpose-not-allowed", "purposes of operations"),
    ("place-taken", "two proposals for one place are refused before, as the hold counts"),
    ("capacity-outdated", "figures that must be confirmed before a decision"),
    ("audit-unavailable", "reads that are refused when they cannot be recorded"),
];

/// Types that are met elsewhere, each by the test that meets it.
const ELSEWHERE: [(&str, &str); 5] = [
    ("request-timeout", "a_body_that_does_not_arrive_in_time_is_given_up"),
    ("temporarily-unavailable", "with_every_connection_busy_nobody_waits_long_and_afterwards_all_is_well"),
    ("second-person-required", "against_a_dispensable_rule_it_takes_a_reason_and_a_second_person"),
    ("request-in-progress", "while_the_first_is_still_running_a_repeat_is_told_so_after_half_a_second"),
    ("internal-error", "a_panic_becomes_a_problem_that_says_nothing"),
];

/// A call that meets a problem.
struct Call {
    method: Method,
    address: String,
    headers: Vec<(&'static str, String)>,
    body: Option<String>,
}

impl Call {
    fn get(address: &str) -> Self {
        Self { method: Method::GET, address: address.to_owned(), headers: Vec::new(), body: None }
    }

    fn post(address: &str, body: &Value) -> Self {
        let mut call = Self { method: Method::POST, body: Some(body.to_string()), ..Self::get(address) };
        call.headers.push(("content-type", "application/json".to_owned()));
        call.with("idempotency-key", &Ids::random().next_uuid().to_string())
    }

    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.to_owned()));
        self
    }

    fn body(mut self, body: &str) -> Self {
        self.body = Some(body.to_owned());
        self
    }

    /// Asks in both languages; the answers differ in their words and say which language they are in.
    async fn meets(&self, probe: &Probe, slug: &str) {
        let mut titles = BTreeSet::new();
        for language in ["nl", "en"] {
            let mut headers: Vec<_> = self.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            headers.push(("accept-language", language));
            let answer = probe.ask(&self.method, &self.address, &headers, self.body.clone()).await;
            let kind = Kind::of_slug(slug).unwrap();
            assert_eq!(answer.brief(), format!("{} {slug}", kind.status().as_u16()), "{}", answer.json());
            assert_eq!(answer.header("content-language"), language, "{slug}");
            let problem = answer.json();
            let want = if language == "nl" { kind.title().nl } else { kind.title().en };
            assert_eq!(problem["title"], want.as_ref(), "{slug}");
            titles.insert(problem["detail"].as_str().unwrap().to_owned());
        }
        assert_eq!(titles.len(), 2, "{slug}: {titles:?}");
    }
}

/// Calls that need nothing but a door.
fn at_the_door(probe: &Probe) -> BTreeMap<&'static str, Call> {
    let search = || {
        Call::post("/v1/referrals/_search", &json!({}))
            .with("authorization", &probe.of_somebody_who_may(Permission::SearchReferrals))
    };
    let read =
        |address: &str| Call::get(address).with("authorization", &probe.of_somebody_who_may(Permission::ReadCapacity));
    let police = probe.served.police("politie-amsterdam").authorization();
    let without = probe.served.caller(Role::Shelter, None).authorization();
    let mut keyless =
        Call::post("/v1/referrals", &a_referral()).with("authorization", &probe.served.coordinator().authorization());
    keyless.headers.retain(|(name, _)| *name != "idempotency-key");
    BTreeMap::from([
        ("invalid-input", search().body("{\"colour\": 1}")),
        ("malformed-json", search().body("{")),
        ("duplicate-key", search().body("{\"a\": 1, \"a\": 2}")),
        ("unknown-parameter", read("/v1/capacity?colour=red")),
        ("idempotency-key-missing", keyless),
        ("token-missing", Call::get("/v1/capacity")),
        ("token-invalid", Call::get("/v1/capacity").with("authorization", "Bearer a.b.c")),
        ("operation-not-allowed", Call::get("/v1/capacity").with("authorization", &police)),
        ("insufficient-scope", Call::get("/v1/capacity").with("authorization", &without)),
        ("not-found", read("/v1/nothing")),
        ("method-not-allowed", Call { method: Method::DELETE, ..read("/v1/capacity") }),
        ("not-acceptable", read("/v1/capacity").with("accept", "text/html")),
        ("body-too-large", search().body(&format!("\"{}\"", "a".repeat(300_000)))),
        ("uri-too-long", read(&format!("/v1/capacity?{}", "a".repeat(5000)))),
        ("unsupported-media-type", search().with("content-type", "text/plain")),
    ])
}

/// An answer that comes after the hold has lapsed.
async fn too_late(probe: &Probe) -> Call {
    let desk = &probe.served;
    let (referral, matched) = an_eligible_referral(desk, a_referral()).await;
    let first = &matched["result"]["now"][0];
    let propose = json!({"unitId": first["unit"], "resultId": matched["id"]});
    let made = desk.coordinator().post(&format!("/referrals/{referral}/proposals"), propose).await.ok();
    desk.clock.advance(TimeDelta::days(4));
    let path = format!("/v1/proposals/{}/answers", made["id"].as_str().unwrap());
    let shelter = desk.shelter(first["organisation"].as_str().unwrap()).authorization();
    Call::post(&path, &json!({"answer": "accepted"})).with("authorization", &shelter)
}

/// Calls that the desk refuses, as things stand.
async fn at_the_desk(probe: &Probe) -> BTreeMap<&'static str, Call> {
    let desk = &probe.served;
    let coordinator = desk.coordinator().authorization();
    let mut body = a_referral();
    body.as_object_mut().unwrap().remove("consent");
    let (groundless, matched) = an_eligible_referral(desk, body).await;
    let departing = json!({"unitId": matched["result"]["ask"][0]["unit"], "resultId": matched["id"],
        "departure": {"reason": "victim_wish", "text": "Wants to be near her sister."}});
    let groundless = Call::post(&format!("/v1/referrals/{groundless}/proposals"), &departing);

    let (referral, matched) = an_eligible_referral(desk, a_referral()).await;
    let first = &matched["result"]["now"][0];
    let propose = json!({"unitId": first["unit"], "resultId": matched["id"]});
    let path = format!("/referrals/{referral}/proposals");
    let key = Ids::random().next_uuid();
    let made = desk.coordinator().post_under(key, &path, &propose).await.ok();
    let again = Call::post(&format!("/v1{path}"), &propose);
    let reused = Call::post(&format!("/v1{path}"), &json!({"unitId": first["unit"], "resultId": first["unit"]}));
    assert!(made["id"].is_string());
    BTreeMap::from([
        ("ground-missing", groundless.with("authorization", &coordinator)),
        ("state-conflict", again.with("authorization", &coordinator)),
        (
            "idempotency-key-reused",
            reused.with("authorization", &coordinator).with("idempotency-key", &key.to_string()),
        ),
    ])
}

#[actix_web::test]
async fn each_is_met_by_a_call_and_told_in_both_languages() {
    let mut met: BTreeSet<_> = BTreeSet::new();
    let probe = Probe::of(Served::new().await);
    let refused = at_the_desk(&probe).await;
    for (slug, call) in at_the_door(&probe).into_iter().chain(refused) {
        call.meets(&probe, slug).await;
        met.insert(slug);
    }
    too_late(&probe).await.meets(&probe, "hold-expired").await;
    met.insert("hold-expired");

    let limited = Probe::of(Served::with(|gate| gate.with_rates(Rates::new([1; 4]))).await);
    let call = Call::get("/v1/capacity").with("authorization", &limited.served.coordinator().authorization());
    let headers: Vec<_> = call.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(limited.ask(&Method::GET, &call.address, &headers, None).await.status, 200);
    call.meets(&limited, "too-many-requests").await;
    met.insert("too-many-requests");

    let sources = sources();
    for (slug, test) in ELSEWHERE {
        assert!(sources.contains(&format!("fn {test}(")), "{slug}: there is no test {test}");
        assert!(met.insert(slug), "{slug} is met here");
    }
    for (slug, _) in NOT_YET {
        assert!(met.insert(slug), "{slug} is met, so it is no longer lacking");
    }
    let all: BTreeSet<_> = Kind::ALL.iter().map(|kind| kind.slug()).collect();
    assert_eq!(met, all, "each type is met by a call");
}

/// The tests, as one text.
fn sources() -> String {
    let mut text = String::new();
    let mut folders = vec![
        std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/desk")),
        std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src/api")),
    ];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else {
                text.push_str(&std::fs::read_to_string(entry.path()).unwrap_or_default());
            }
        }
    }
    text
}

#[actix_web::test]
async fn each_has_a_page_in_dutch_and_in_english() {
    let probe = Probe::new().await;
    for kind in Kind::ALL {
        for (asked, language, title) in
            [("nl", "nl", kind.title().nl), ("en-GB", "en", kind.title().en), ("fr", "nl", kind.title().nl)]
        {
            let headers = [("accept", "text/html"), ("accept-language", asked)];
            let answer = probe.ask(&Method::GET, &format!("/problems/{}", kind.slug()), &headers, None).await;
            assert_eq!((answer.status, answer.header("content-language")), (200, language), "{}", kind.slug());
            assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
            let page = String::from_utf8(answer.bytes).unwrap();
            assert!(page.contains(&format!("<html lang=\"{language}\">")) && page.contains(title.as_ref()), "{page}");
            assert!(page.contains(&kind.status().as_u16().to_string()), "{page}");
        }
    }
}
