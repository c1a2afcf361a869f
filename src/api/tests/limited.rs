//! Callers who ask too often, at the door itself.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};

use super::*;

fn limited(rates: Rates) -> Door {
    let Door { issuer, gate } = Door::new();
    let gate = Arc::into_inner(gate.into_inner()).unwrap().with_rates(rates);
    Door { issuer, gate: Data::new(gate) }
}

fn asking(door: &Door) -> TestRequest {
    let token = door.token(Role::Coordinator, None);
    TestRequest::get().uri("/v1/beds").insert_header(("authorization", format!("Bearer {token}")))
}

#[actix_web::test]
async fn every_answer_to_a_known_caller_says_what_is_left_and_the_last_one_when_to_come_back() {
    let door = limited(Rates::new([2, 2, 2, 2]));
    for left in [1, 0] {
        let answer = door.call(asking(&door)).await;
        assert_eq!((answer.0, answer.header("ratelimit-policy")), (StatusCode::OK, "\"reading\";q=2;w=60"));
        assert_eq!(answer.header("ratelimit"), format!("\"reading\";r={left};t={}", (2 - left) * 30));
    }
    for language in ["nl", "en"] {
        let answer = door.call(asking(&door).insert_header(("accept-language", language))).await;
        assert_eq!((answer.0, answer.problem()), (StatusCode::TOO_MANY_REQUESTS, "too-many-requests"));
        assert_eq!((answer.header("retry-after"), answer.header("content-language")), ("30", language));
    }
    let token = door.issuer.token(Role::Coordinator, None, "another", now(), Uuid::nil()).unwrap();
    let other = TestRequest::get().uri("/v1/beds").insert_header(("authorization", format!("Bearer {token}")));
    assert_eq!(door.call(other).await.0, 200, "others are unharmed");
    door.gate.clock.advance(chrono::Duration::seconds(30));
    assert_eq!(door.call(asking(&door)).await.0, 200);
    let answer = door.call(TestRequest::get().uri("/v1/beds")).await;
    assert_eq!((answer.0, answer.header("ratelimit")), (StatusCode::UNAUTHORIZED, ""));
}

/// What was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[actix_web::test]
async fn whoever_walks_through_ids_is_stopped_and_the_log_tells_so_without_an_id() {
    let log = Log::default();
    let writer = log.clone();
    let lines = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
    let _guard = tracing::subscriber::set_default(lines);
    let door = limited(Rates::new([2, 20, 2, 2]));
    let token = door.token(Role::Coordinator, None);
    let mut statuses = Vec::new();
    for number in 0..25 {
        let request = TestRequest::post()
            .uri(&format!("/v1/beds/{}/decisions", Uuid::from_u128(number)))
            .insert_header(("authorization", format!("Bearer {token}")));
        statuses.push(door.call(request).await.0.as_u16());
    }
    assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 5, "{statuses:?}");
    let told = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert_eq!(told.lines().filter(|line| line.contains("too many requests") && line.contains("writing")).count(), 5);
    assert!(!told.contains("00000000-0000"), "{told}");
}

#[actix_web::test]
async fn tokens_that_are_not_accepted_are_counted_by_where_they_come_from_whatever_a_header_says() {
    let door = limited(Rates::new([9, 9, 9, 2]));
    let call = |peer: &str, token: &str, claimed: &str| {
        TestRequest::get()
            .uri("/v1/beds")
            .peer_addr(peer.parse().unwrap())
            .insert_header(("authorization", format!("Bearer {token}")))
            .insert_header(("x-forwarded-for", claimed))
            .insert_header(("forwarded", format!("for={claimed}")))
    };
    for (claimed, want) in [("192.0.2.7", 401), ("192.0.2.8", 401), ("192.0.2.9", 429), ("192.0.2.10", 429)] {
        assert_eq!(door.call(call("198.51.100.1:1000", "a.b.c", claimed)).await.0, want, "{claimed}");
    }
    assert_eq!(door.call(call("198.51.100.2:1000", "a.b.c", "198.51.100.1")).await.0, 401);
    let good = door.token(Role::Coordinator, None);
    assert_eq!(door.call(call("198.51.100.1:1000", &good, "")).await.0, 200, "a good token from there still counts");
}
