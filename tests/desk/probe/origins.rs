//! Pages of other origins: only those on the list can read an answer, and the list is empty unless it is set.

use omm::api::cors::Origins;
use reqwest::Method;

use super::{Probe, paths};
use crate::served::Served;

/// Origins that are not on any list, some of them much like one that is.
const FOREIGN: [&str; 7] = [
    "https://evil.example",
    "null",
    "https://desk.example.evil.example",
    "https://evil-desk.example",
    "http://desk.example",
    "https://desk.example:8443",
    "https://desk.example.",
];

const LET_IN: &str = "access-control-allow-origin";

#[actix_web::test]
async fn no_other_origin_is_let_in_unless_it_is_on_the_list() {
    let probe = Probe::new().await;
    for path in paths().into_keys().filter(|path| path != "/v1/openapi.json") {
        for origin in FOREIGN.into_iter().chain(["https://desk.example"]) {
            for method in [Method::GET, Method::OPTIONS] {
                let asked = [("origin", origin), ("access-control-request-method", "GET")];
                let answer = probe.ask(&method, &path, &asked, None).await;
                assert!(!answer.headers.contains_key(LET_IN), "{origin} {method} {path}");
                assert!(!answer.headers.contains_key("access-control-allow-methods"), "{origin} {method} {path}");
                assert!(answer.header("vary").contains("Origin"), "{origin} {method} {path}");
            }
        }
    }
}

#[actix_web::test]
async fn an_origin_on_the_list_and_the_service_s_own_are_echoed_and_no_other() {
    let origins = Origins::new(["https://desk.example"]).unwrap();
    let probe = Probe::of(Served::with(|gate| gate.with_origins(origins)).await);
    for path in ["/v1/capacity", "/v1/nothing", "/problems/not-found"] {
        for origin in ["https://desk.example", "http://desk.invalid"] {
            let answer = probe.ask(&Method::GET, path, &[("origin", origin)], None).await;
            assert_eq!((answer.header(LET_IN), answer.header("vary")), (origin, "Origin"), "{path}");
            assert!(!answer.headers.contains_key("access-control-allow-credentials"));
        }
        for origin in FOREIGN {
            let answer = probe.ask(&Method::GET, path, &[("origin", origin)], None).await;
            assert!(!answer.headers.contains_key(LET_IN), "{origin} {path}");
        }
    }
    let asked = [("origin", "https://desk.example"), ("access-control-request-method", "POST")];
    let answer = probe.ask(&Method::OPTIONS, "/v1/referrals/_search", &asked, None).await;
    assert_eq!((answer.status, answer.header("access-control-allow-methods")), (204, "POST, OPTIONS"));
    assert!(answer.header("access-control-allow-headers").contains("Authorization"));
}

#[actix_web::test]
async fn the_contract_is_open_to_every_origin() {
    let probe = Probe::new().await;
    for origin in FOREIGN {
        let answer = probe.ask(&Method::GET, "/v1/openapi.json", &[("origin", origin)], None).await;
        assert_eq!((answer.status, answer.header(LET_IN)), (200, "*"), "{origin}");
    }
}
