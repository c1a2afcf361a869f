//! Keys come and go while callers call: no good token is refused, no withdrawn key serves, and nobody can make the
//! service ask for keys more often than it should.

use std::sync::Mutex;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use jsonwebtoken::Algorithm;
use omm::{
    api::token::{TrustedIssuer, key_set::SigningAlgorithm, key_source::KeySource},
    clock::Clock,
};
use serde_json::json;

use super::{Believing, key_server::KeyServer};
use crate::{
    issuer::{AUDIENCE, ISSUER, Issuer, Key, claims, key_set, with},
    served::monday_morning,
};

/// Moves time on.
pub fn later(clock: &Clock, seconds: i64) {
    clock.advance(TimeDelta::seconds(seconds));
}

/// A token of this key, good for an hour.
pub fn token(key: &Key, now: DateTime<Utc>) -> String {
    key.token(&claims(now))
}

/// A desk, its clock, its issuer's key server, and two keys of which the first is published.
pub async fn rotating() -> (Believing, Clock, KeyServer, Key, Key) {
    let (first, second) = (Key::new("first", Algorithm::ES256), Key::new("second", Algorithm::EdDSA));
    let clock = Clock::settable(monday_morning());
    let server = KeyServer::publishing(std::slice::from_ref(&first));
    let trusted = server.issuer(&clock);
    let desk = Believing::with(Issuer::new(), clock.clone(), vec![trusted]).await;
    assert_eq!(server.asked(), 0, "nobody needed a key yet");
    assert_eq!(desk.ask_with(&token(&first, clock.now())).await.brief(), "200 ok");
    (desk, clock, server, first, second)
}

#[actix_web::test]
async fn rotation_under_load_refuses_no_good_token() {
    let (desk, clock, server, first, second) = rotating().await;
    let signing = Mutex::new(first.clone());
    let caller = async |calls: usize| {
        let mut refused = 0;
        for _ in 0..calls {
            let good = token(&signing.lock().unwrap().clone(), clock.now());
            refused += usize::from(desk.ask_with(&good).await.status != 200);
        }
        refused
    };
    let rotation = async {
        for round in 0..5 {
            let (old, new) = if round % 2 == 0 { (&first, &second) } else { (&second, &first) };
            later(&clock, 60);
            server.publish(&[old.clone(), new.clone()], "max-age=600");
            // From here on tokens of the new key are about, and those of the old are still good.
            *signing.lock().unwrap() = new.clone();
            assert_eq!(caller(5).await, 0);
            assert_eq!(desk.ask_with(&token(old, clock.now())).await.brief(), "200 ok");
            server.publish(std::slice::from_ref(new), "max-age=600");
        }
        0
    };
    let calls = join_all((0..16).map(|_| caller(25)));
    let (refused, _) = tokio::join!(calls, rotation);
    assert_eq!(refused.into_iter().sum::<usize>(), 0);
    assert!(server.asked() <= 6, "{} downloads for five rotations", server.asked());
}

#[actix_web::test]
async fn all_who_wait_for_a_key_share_one_download() {
    let (desk, clock, server, first, second) = rotating().await;
    later(&clock, 30);
    server.publish(&[first, second.clone()], "max-age=600");
    let held = server.hold().await;
    let good = token(&second, clock.now());
    // No more than there are connections to the database, so that none waits for anything but the key.
    let calls = join_all((0..12).map(|_| desk.ask_with(&good)));
    let release = async {
        while server.asked() < 2 {
            tokio::task::yield_now().await;
        }
        drop(held);
    };
    let (answers, ()) = tokio::join!(calls, release);
    assert!(answers.iter().all(|answer| answer.status == 200));
    assert_eq!(server.asked(), 2);
}

#[actix_web::test]
async fn who_hangs_up_does_not_end_the_download_for_others() {
    let (desk, clock, server, first, second) = rotating().await;
    later(&clock, 30);
    server.publish(&[first, second.clone()], "max-age=600");
    let held = server.hold().await;
    let good = token(&second, clock.now());
    {
        let begun = async {
            while server.asked() < 2 {
                tokio::task::yield_now().await;
            }
        };
        // The first caller is gone as soon as the download has begun.
        tokio::select! {
            answer = desk.ask_with(&good) => panic!("answered without a key: {answer:?}"),
            () = begun => {}
        }
    }
    drop(held);
    assert_eq!(desk.ask_with(&good).await.brief(), "200 ok");
    assert_eq!(server.asked(), 2);
}

#[actix_web::test]
async fn a_flood_of_unknown_keys_causes_one_download_in_30_seconds() {
    let (desk, clock, server, first, _) = rotating().await;
    let flood = async |from: usize| {
        let tokens = (from..from + 100).map(|number| {
            let header = with(first.header(), &json!({ "kid": format!("unknown-{number}") }));
            first.sign(&header, &claims(clock.now()))
        });
        let answers = join_all(tokens.map(async |token| desk.ask_with(&token).await.brief())).await;
        assert!(answers.iter().all(|brief| brief == "401 token-invalid"), "{answers:?}");
    };
    flood(0).await;
    assert_eq!(server.asked(), 1, "the first download is not yet 30 seconds old");
    later(&clock, 29);
    flood(100).await;
    assert_eq!(server.asked(), 1);
    later(&clock, 1);
    flood(200).await;
    flood(300).await;
    assert_eq!(server.asked(), 2);
    later(&clock, 30);
    flood(400).await;
    assert_eq!(server.asked(), 3);
    // Hostile tokens that name a known key, or none, cause none at all.
    later(&clock, 30);
    let forged = Key::new("first", Algorithm::ES256);
    assert_eq!(desk.ask_with(&token(&forged, clock.now())).await.status, 401);
    assert_eq!(
        desk.ask_with(&first.sign(&json!({"alg": "ES256", "kid": "x"}), &claims(clock.now()))).await.status,
        401
    );
    assert_eq!(server.asked(), 3);
}

#[actix_web::test]
async fn a_withdrawn_key_goes_at_the_next_download() {
    let (desk, clock, server, first, second) = rotating().await;
    server.publish(std::slice::from_ref(&second), "max-age=600");
    later(&clock, 599);
    assert_eq!(desk.ask_with(&token(&first, clock.now())).await.status, 200, "the issuer said it may be kept");
    later(&clock, 1);
    assert_eq!(desk.ask_with(&token(&first, clock.now())).await.brief(), "401 token-invalid");
    assert_eq!(desk.ask_with(&token(&second, clock.now())).await.status, 200);

    // A token of a new key brings the download, and so the end of the old key, forward.
    server.publish(std::slice::from_ref(&first), "max-age=600");
    later(&clock, 30);
    assert_eq!(desk.ask_with(&token(&first, clock.now())).await.status, 200);
    assert_eq!(desk.ask_with(&token(&second, clock.now())).await.status, 401);
}

#[actix_web::test]
async fn keys_are_kept_as_long_as_the_issuer_says_but_no_longer_than_a_day() {
    for (cache_control, kept) in
        [("max-age=90", 90), ("max-age=999999999", 86_400), ("", 300), ("no-store", 30), ("max-age=0", 30)]
    {
        let (desk, clock, server, first, _) = rotating().await;
        server.publish(std::slice::from_ref(&first), cache_control);
        later(&clock, 600);
        for (seconds, asked) in [(0, 2), (kept - 1, 2), (1, 3)] {
            later(&clock, seconds);
            assert_eq!(desk.ask_with(&token(&first, clock.now())).await.status, 200);
            assert_eq!(server.asked(), asked, "`{cache_control}` after {seconds} s");
        }
    }
}

#[actix_web::test]
async fn keys_in_a_file_can_be_changed_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.json");
    let (first, second) = (Key::new("first", Algorithm::ES256), Key::new("second", Algorithm::EdDSA));
    std::fs::write(&path, key_set(std::slice::from_ref(&first)).to_string()).unwrap();
    let clock = Clock::settable(monday_morning());
    let source = KeySource::File(path.clone());
    let trusted = TrustedIssuer::publishing(ISSUER, AUDIENCE, source, &SigningAlgorithm::ALL, &clock);
    let desk = Believing::with(Issuer::new(), clock.clone(), vec![trusted]).await;
    assert_eq!(desk.ask_with(&token(&first, clock.now())).await.status, 200);
    std::fs::write(&path, key_set(std::slice::from_ref(&second)).to_string()).unwrap();
    later(&clock, 30);
    assert_eq!(desk.ask_with(&token(&second, clock.now())).await.status, 200);
    assert_eq!(desk.ask_with(&token(&first, clock.now())).await.status, 401);
}
