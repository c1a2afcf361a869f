//! Headers that claim what the service knows better: where a call came from, by which name, in which trace.

use reqwest::Method;

use super::Probe;

#[actix_web::test]
async fn headers_of_a_proxy_change_nothing_as_there_is_no_proxy_to_believe() {
    let probe = Probe::new().await;
    let spoofed = [
        ("forwarded", "for=192.0.2.7;host=evil.example;proto=https"),
        ("x-forwarded-for", "192.0.2.7"),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "gopher"),
        ("x-forwarded-prefix", "/evil"),
        ("x-real-ip", "192.0.2.7"),
        ("x-original-url", "/v1/openapi.json"),
        ("x-rewrite-url", "/v1/openapi.json"),
        ("x-http-method-override", "DELETE"),
        ("x-client-cert", "evil.example"),
        ("x-forwarded-client-cert", "Subject=\"CN=evil.example\""),
        ("host", "evil.example"),
    ];
    for path in ["/v1/capacity", "/v1/nothing", "/docs"] {
        let plain = probe.ask(&Method::GET, path, &[], None).await;
        let answer = probe.ask(&Method::GET, path, &spoofed, None).await;
        assert_eq!((answer.status, answer.header("location")), (plain.status, plain.header("location")), "{path}");
        assert_eq!(answer.json()["type"], plain.json()["type"], "{path}");
        let told = format!("{:?} {}", answer.headers, String::from_utf8_lossy(&answer.bytes));
        assert!(["evil", "192.0.2.7", "gopher"].iter().all(|word| !told.contains(word)), "{path}: {told}");
    }
}

#[actix_web::test]
async fn a_valid_trace_is_taken_over_and_baggage_is_left_alone() {
    let probe = Probe::new().await;
    let trace = "0af7651916cd43dd8448eb211c80319c";
    for (parent, is_taken) in [
        (format!("00-{trace}-b7ad6b7169203331-01"), true),
        (format!("00-{trace}-b7ad6b7169203331"), false),
        (format!("00-{}-b7ad6b7169203331-01", "0".repeat(32)), false),
        (format!("00-{}-b7ad6b7169203331-01", &trace[..31]), false),
        (format!("ff-{trace}-b7ad6b7169203331-01"), false),
        ("'; DROP TABLE referrals --".to_owned(), false),
    ] {
        let headers = [("traceparent", parent.as_str()), ("baggage", "name=CANARY"), ("tracestate", "desk=CANARY")];
        let answer = probe.ask(&Method::GET, "/v1/capacity", &headers, None).await;
        assert_eq!(answer.json()["traceId"] == trace, is_taken, "{parent}");
        assert!(!String::from_utf8_lossy(&answer.bytes).contains("CANARY"));
    }
}
