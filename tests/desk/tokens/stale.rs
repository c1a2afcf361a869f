//! Issuers that fail, or speak for others: known keys serve a while, nobody gets in without a key, and no issuer can
//! vouch for the people of another.

use jsonwebtoken::Algorithm;
use omm::clock::Clock;
use serde_json::json;

use super::{
    Believing,
    key_server::{Answers, KeyServer},
    rotation::{later, rotating, token},
};
use crate::{
    issuer::{ISSUER, Issuer, Key, claims, key_set, with},
    served::monday_morning,
};

#[actix_web::test]
async fn when_the_issuer_fails_known_keys_serve_an_hour_more() {
    let (desk, clock, server, first, second) = rotating().await;
    server.answer(Answers::Status(500));
    later(&clock, 600);
    assert_eq!(desk.ask_with(&token(&first, clock.now())).await.status, 200);
    assert_eq!(server.asked(), 2, "it was tried");
    assert_eq!(desk.ask_with(&token(&first, clock.now())).await.status, 200);
    assert_eq!(server.asked(), 2, "and is tried again after 30 seconds only");
    assert_eq!(desk.ask_with(&token(&second, clock.now())).await.brief(), "401 token-invalid");
    later(&clock, 3599);
    assert_eq!(desk.ask_with(&token(&first, clock.now())).await.status, 200);
    later(&clock, 1);
    let refused = desk.ask_with(&token(&first, clock.now())).await;
    assert_eq!(refused.brief(), "503 temporarily-unavailable");
    assert_eq!(refused.headers["Retry-After"], "30");

    // It heals by itself.
    server.publish(&[first.clone(), second.clone()], "max-age=600");
    later(&clock, 30);
    for key in [&first, &second] {
        assert_eq!(desk.ask_with(&token(key, clock.now())).await.status, 200);
    }
}

#[actix_web::test]
async fn what_is_no_key_set_changes_nothing() {
    let (desk, clock, server, first, second) = rotating().await;
    let elsewhere = KeyServer::publishing(std::slice::from_ref(&second));
    let short = key_set(std::slice::from_ref(&second)).to_string();
    for (round, bad) in [
        Answers::Status(404),
        Answers::Status(204),
        Answers::Redirect(elsewhere.address()),
        Answers::Endless(short),
        Answers::Text("<html>Sign in</html>".to_owned(), "max-age=600"),
        Answers::Text("{\"keys\": []}".to_owned(), "max-age=600"),
        Answers::Text(json!({"keys": [{"kty": "oct", "kid": "second", "alg": "HS256", "k": "AAAA"}]}).to_string(), ""),
    ]
    .into_iter()
    .enumerate()
    {
        server.answer(bad.clone());
        later(&clock, 30);
        assert_eq!(desk.ask_with(&token(&second, clock.now())).await.brief(), "401 token-invalid", "{bad:?}");
        assert_eq!(server.asked(), round + 2, "{bad:?}");
        assert_eq!(desk.ask_with(&token(&first, clock.now())).await.status, 200, "{bad:?}");
    }
    assert_eq!(elsewhere.asked(), 0, "a redirect was followed");
}

#[actix_web::test]
async fn an_issuer_that_does_not_answer_holds_nobody_up_for_long() {
    let (desk, clock, server, first, _) = rotating().await;
    let held = server.hold().await;
    later(&clock, 600);
    // The first waits until the download is given up; then known keys serve, and nobody waits for later attempts.
    assert_eq!(desk.ask_with(&token(&first, clock.now())).await.status, 200);
    later(&clock, 30);
    assert_eq!(desk.ask_with(&token(&first, clock.now())).await.status, 200);
    while server.asked() < 3 {
        tokio::task::yield_now().await;
    }
    drop(held);
}

#[actix_web::test]
async fn without_any_key_the_answer_is_to_come_back_later() {
    let key = Key::new("first", Algorithm::ES256);
    let clock = Clock::settable(monday_morning());
    let server = KeyServer::publishing(std::slice::from_ref(&key));
    server.answer(Answers::Status(503));
    let issuer = server.issuer(&clock);
    assert!(issuer.load_keys().await.is_err());
    let desk = Believing::with(Issuer::new(), clock.clone(), vec![issuer]).await;
    assert_eq!(desk.ask_with(&token(&key, clock.now())).await.brief(), "503 temporarily-unavailable");
    assert_eq!(desk.ask(&[]).await.brief(), "401 token-missing");
    assert_eq!(desk.ask_with("no token").await.brief(), "401 token-invalid");
    server.publish(std::slice::from_ref(&key), "max-age=600");
    later(&clock, 30);
    assert_eq!(desk.ask_with(&token(&key, clock.now())).await.status, 200);
}

#[actix_web::test]
async fn no_issuer_vouches_for_the_people_of_another() {
    let other = "https://other.example";
    let (ours, theirs) = (Key::new("1", Algorithm::EdDSA), Key::new("1", Algorithm::EdDSA));
    let clock = Clock::settable(monday_morning());
    let servers = [&ours, &theirs].map(|key| KeyServer::publishing(std::slice::from_ref(key)));
    let issuers = vec![servers[0].issuer(&clock), servers[1].issuer_named(other, &clock)];
    let desk = Believing::with(Issuer::new(), clock.clone(), issuers).await;
    let by = |key: &Key, issuer: &str| key.token(&with(claims(clock.now()), &json!({ "iss": issuer })));
    for (key, issuer, status) in
        [(&ours, ISSUER, 200), (&theirs, other, 200), (&ours, other, 401), (&theirs, ISSUER, 401)]
    {
        assert_eq!(desk.ask_with(&by(key, issuer)).await.status, status, "{issuer}");
    }
    // One issuer that is away does not keep out the people of the other.
    servers[1].answer(Answers::Status(500));
    later(&clock, 600 + 3600);
    assert_eq!(desk.ask_with(&by(&ours, ISSUER)).await.status, 200);
    assert_eq!(desk.ask_with(&by(&theirs, other)).await.status, 401);
}
