//! What no operation takes, whichever it is: bodies that are no strict JSON, callers who take no JSON, long addresses.

use reqwest::Method;

use super::{Probe, operations, paths};

#[actix_web::test]
async fn every_operation_with_a_body_takes_strict_json_of_a_measured_size_only() {
    let probe = Probe::new().await;
    let bodies = [
        ("application/json", "{\"a\": ".to_owned(), "400 malformed-json"),
        ("application/json", "no json".to_owned(), "400 malformed-json"),
        ("application/json", "{\"a\": 1, \"a\": 2}".to_owned(), "400 duplicate-key"),
        ("application/json", "[".repeat(33) + &"]".repeat(33), "400 malformed-json"),
        ("application/json", "[]".to_owned(), "400 invalid-input"),
        ("application/json", format!("\"{}\"", "a".repeat(256 * 1024)), "413 body-too-large"),
        ("text/plain", "{}".to_owned(), "415 unsupported-media-type"),
        ("application/json; charset=latin1", "{}".to_owned(), "415 unsupported-media-type"),
        ("", "{}".to_owned(), "415 unsupported-media-type"),
    ];
    let mut tried = 0;
    for operation in operations().into_iter().filter(|operation| operation.has_body) {
        let authorization = probe.of_somebody_who_may(operation.permission);
        for (kind, body, want) in &bodies {
            let mut headers = vec![("authorization", authorization.as_str()), ("accept-language", "en")];
            headers.extend(KEYS);
            if !kind.is_empty() {
                headers.push(("content-type", kind));
            }
            let answer = probe.ask(&operation.method, &operation.anywhere(), &headers, Some(body.clone())).await;
            assert_eq!(answer.brief(), *want, "{}: {}", operation.id, body.get(..40).unwrap_or(body));
            assert_eq!(answer.header("content-language"), "en");
            tried += 1;
        }
    }
    assert!(tried > 100, "{tried}");
}

/// What an act needs beside its body.
const KEYS: [(&str, &str); 2] = [("idempotency-key", "6f1ed002-ab59-4e6b-a0d3-0d4c5ab7c111"), ("if-match", "\"0\"")];

#[actix_web::test]
async fn whoever_takes_no_json_gets_406_on_every_path_that_gives_it() {
    let probe = Probe::new().await;
    for operation in operations() {
        for accept in ["text/html", "application/xml", "application/json;q=0"] {
            let headers = [("accept", accept), ("accept-language", "fr, en;q=0.5")];
            let answer = probe.ask(&operation.method, &operation.anywhere(), &headers, None).await;
            assert_eq!((answer.brief().as_str(), answer.header("content-language")), ("406 not-acceptable", "en"));
        }
    }
}

#[actix_web::test]
async fn an_address_longer_than_any_of_the_contract_is_told_so() {
    let probe = Probe::new().await;
    for path in paths().into_keys() {
        let answer = probe.ask(&Method::GET, &format!("{path}?{}", "a".repeat(5000)), &[], None).await;
        assert_eq!((answer.brief().as_str(), answer.header("content-language")), ("414 uri-too-long", "nl"), "{path}");
    }
}

#[actix_web::test]
async fn a_body_that_does_not_arrive_in_time_is_given_up() {
    let probe = Probe::of(
        crate::served::Served::with(|gate| gate.with_body_within(std::time::Duration::from_millis(50))).await,
    );
    let authorization = probe.of_somebody_who_may(omm::domain::role::Permission::SearchReferrals);
    let request = format!(
        "POST /v1/referrals/_search HTTP/1.1\r\nHost: desk\r\nAuthorization: {authorization}\r\n\
         Content-Type: application/json\r\nContent-Length: 100\r\nConnection: close\r\n\r\n{{\"a\": "
    );
    let answer = probe.ask_raw(&request).await;
    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("/problems/request-timeout"), "{answer}");
}
