//! Every kind of bad token gets the same answer, and none gets in.

use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use serde_json::{Value, json};

use super::{Answer, Believing};
use crate::{
    issuer::{Issuer, Key, claims, encoded, with},
    served::monday_morning,
};

/// What is wrong with a token, and the token.
type Bad = (String, String);

fn now() -> i64 {
    monday_morning().timestamp()
}

/// Tokens with a hostile or wrong header, signed with the right key.
fn headers(issuer: &Issuer) -> Vec<Bad> {
    let key = issuer.key("EdDSA");
    let bad = [
        ("no type", json!({"typ": null})),
        ("the type of other tokens", json!({"typ": "JWT"})),
        ("the type of a logout token", json!({"typ": "logout+jwt"})),
        ("no key named", json!({"kid": null})),
        ("an unknown key named", json!({"kid": "no-such-key"})),
        ("an empty key name", json!({"kid": ""})),
        ("a path as key name", json!({"kid": "../../../../../../etc/passwd"})),
        ("a path to nothing as key name", json!({"kid": "/dev/null"})),
        ("an address as key name", json!({"kid": "https://evil.example/keys.json"})),
        ("a statement as key name", json!({"kid": "EdDSA' UNION SELECT 'x"})),
        ("an endless key name", json!({"kid": format!("EdDSA{}", " ".repeat(124))})),
        ("a number as key name", json!({"kid": 1})),
        ("no algorithm", json!({"alg": null})),
        ("the algorithm none, signed", json!({"alg": "none"})),
        ("an algorithm of other letters", json!({"alg": "eddsa"})),
        ("a key address", json!({"jku": "https://evil.example/keys.json"})),
        ("a key of its own", json!({"jwk": Key::new("EdDSA", Algorithm::EdDSA).public()})),
        ("a certificate address", json!({"x5u": "https://evil.example/chain.pem"})),
        ("a certificate chain", json!({"x5c": ["MIIB"]})),
        ("an unknown extension called critical", json!({"crit": ["b64"], "b64": false})),
        ("nothing called critical", json!({"crit": []})),
        ("a claim called critical", json!({"crit": ["exp"]})),
        ("compression", json!({"zip": "DEF"})),
        ("encryption", json!({"enc": "A256GCM"})),
    ];
    let sign = |changes: &Value| key.sign(&with(key.header(), changes), &claims(monday_morning()));
    bad.iter().map(|(what, changes)| ((*what).to_owned(), sign(changes))).collect()
}

/// Tokens that say something wrong, or leave something out, signed with the right key.
fn contents(issuer: &Issuer) -> Vec<Bad> {
    let bad = [
        ("another issuer", json!({"iss": "https://evil.example"})),
        ("nearly our issuer", json!({"iss": "https://issuer.example/"})),
        ("a list of issuers", json!({"iss": ["https://issuer.example"]})),
        ("for another service", json!({"aud": "another-service"})),
        ("for several other services", json!({"aud": ["another-service", "omm"]})),
        ("for nobody", json!({"aud": []})),
        ("over since 30 seconds", json!({"iat": now() - 3600, "exp": now() - 30})),
        ("over since a year", json!({"iat": now() - 366 * 86_400, "exp": now() - 365 * 86_400})),
        ("from the future", json!({"iat": now() + 31})),
        ("not yet in force", json!({"nbf": now() + 31})),
        ("longer than six hours", json!({"exp": now() + 6 * 3600 + 1})),
        ("without end", json!({"exp": i64::MAX})),
        ("over before it began", json!({"iat": now() + 10, "exp": now() + 5})),
        ("an end in words", json!({"exp": "tomorrow"})),
        ("an end beyond numbers", json!({"exp": 1e300})),
        ("presented by another client", json!({"azp": "another-client"})),
        ("an endless subject", json!({"sub": "a".repeat(256)})),
        ("a subject that breaks a line", json!({"sub": "person-17\r\nrole: admin"})),
        ("an organisation that is no code", json!({"organisation": "comensha'; DROP TABLE person"})),
        ("several organisations", json!({"organisation": ["comensha", "kadera"]})),
    ];
    let key = issuer.key("ES256");
    let sign = |changes: &Value| key.token(&with(claims(monday_morning()), changes));
    let mut all: Vec<Bad> = bad.iter().map(|(what, changes)| ((*what).to_owned(), sign(changes))).collect();
    for name in ["iss", "aud", "exp", "iat", "sub", "client_id", "jti"] {
        all.push((format!("no {name}"), sign(&json!({ name: null }))));
        all.push((format!("an empty {name}"), sign(&json!({ name: "" }))));
    }
    let twice = claims(monday_morning()).to_string().replacen('{', "{\"role\":\"admin\",", 1);
    all.push(("a claim twice".to_owned(), key.sign_text(&key.header().to_string(), &twice)));
    all.push(("claims in a list".to_owned(), key.sign_text(&key.header().to_string(), "[]")));
    all
}

/// Tokens whose signature is not that of the key they name.
fn signatures(issuer: &Issuer) -> Vec<Bad> {
    let mut all = Vec::new();
    let good = claims(monday_morning());
    let foreign = Issuer::new();
    for id in ["EdDSA", "ES256", "RS256", "PS256"] {
        let key = issuer.key(id);
        all.push((format!("the {id} key of somebody else"), foreign.key(id).token(&good)));
        let token = key.token(&good);
        let parts: Vec<&str> = token.split('.').collect();
        let admin = encoded(with(good.clone(), &json!({"role": "admin"})).to_string().as_bytes());
        all.push((format!("other claims under an {id} signature"), format!("{}.{admin}.{}", parts[0], parts[2])));
        all.push((format!("half an {id} signature"), token[..token.len() - parts[2].len() / 2].to_owned()));
        let none = with(key.header(), &json!({"alg": "none"})).to_string();
        all.push((format!("none for the {id} key"), format!("{}.{}.", encoded(none.as_bytes()), parts[1])));
        for other in ["EdDSA", "ES256", "RS256", "PS256"].into_iter().filter(|other| *other != id) {
            let header = with(key.header(), &json!({ "kid": other }));
            all.push((format!("{id} for the {other} key"), key.sign(&header, &good)));
            let header = with(key.header(), &json!({ "alg": other }));
            all.push((format!("{id} that says {other}"), key.sign(&header, &good)));
        }
    }
    // What everybody knows of an RSA key, used as the secret of a MAC.
    let public = issuer.key("RS256").public();
    for (what, secret) in [("modulus", public["n"].as_str().unwrap().to_owned()), ("key", public.to_string())] {
        let header = with(issuer.key("RS256").header(), &json!({"alg": "HS256"})).to_string();
        let text = format!("{}.{}", encoded(header.as_bytes()), encoded(good.to_string().as_bytes()));
        let mac = crypto::sign(text.as_bytes(), &EncodingKey::from_secret(secret.as_bytes()), Algorithm::HS256);
        all.push((format!("a MAC with the public {what}"), format!("{text}.{}", mac.unwrap())));
    }
    all
}

/// What is no token at all, or not one.
fn shapes(issuer: &Issuer) -> Vec<Bad> {
    let good = issuer.key("EdDSA").token(&claims(monday_morning()));
    let parts: Vec<&str> = good.split('.').collect();
    let (head, body) = (parts[0], parts[1]);
    let key = issuer.key("EdDSA");
    let bad = [
        ("nothing", String::new()),
        ("a word", "secret".to_owned()),
        ("dots", "..".to_owned()),
        ("one part", head.to_owned()),
        ("two parts", format!("{head}.{body}")),
        ("three parts, the last empty", format!("{head}.{body}.")),
        ("four parts", format!("{good}.x")),
        ("five parts, as an encrypted token has", format!("{head}.{body}.{body}.{body}.{body}")),
        ("padding", format!("{good}==")),
        ("a space before it", format!(" {good}")),
        ("two tokens", format!("{good}, {good}")),
        ("two headers in one", format!("{good}, Bearer {good}")),
        ("quotes", format!("\"{good}\"")),
        ("more than a header holds", key.token(&with(claims(monday_morning()), &json!({"x": "a".repeat(9000)})))),
        ("a header that is no JSON", key.sign_text("typ=at+jwt", "{}")),
        ("a header that is a list", key.sign_text("[]", &claims(monday_morning()).to_string())),
        ("claims that are no JSON", key.sign_text(&key.header().to_string(), "role=admin")),
    ];
    bad.into_iter().map(|(what, token)| (what.to_owned(), token)).collect()
}

#[actix_web::test]
async fn every_kind_of_bad_token_gets_the_same_401_and_none_gets_in() {
    let desk = Believing::new().await;
    for id in ["EdDSA", "ES256", "RS256", "PS256"] {
        let token = desk.issuer.key(id).token(&claims(monday_morning()));
        assert_eq!(desk.ask_with(&token).await.brief(), "200 ok", "{id}");
    }
    let kinds =
        [headers(&desk.issuer), contents(&desk.issuer), signatures(&desk.issuer), shapes(&desk.issuer)].concat();
    let mut first: Option<Answer> = None;
    for (what, token) in &kinds {
        let answer = desk.ask_with(token).await;
        assert_eq!(answer.brief(), "401 token-invalid", "{what}");
        assert_eq!(answer.challenge(), "Bearer error=\"invalid_token\"", "{what}");
        let first = first.get_or_insert_with(|| Answer { body: answer.body.clone(), ..blank() });
        assert_eq!(answer.same_for_all(), first.same_for_all(), "{what}");
    }
    println!("{} kinds of bad token, all refused alike", kinds.len());
    assert!(kinds.len() >= 40);
    assert_eq!(desk.ask_with(&desk.good_token()).await.brief(), "200 ok");
}

fn blank() -> Answer {
    Answer { status: 0, headers: reqwest::header::HeaderMap::new(), body: Value::Null }
}

#[actix_web::test]
async fn times_hold_to_the_second() {
    let desk = Believing::new().await;
    for (changes, status) in [
        (json!({"iat": now() - 100, "exp": now() - 29}), 200),
        (json!({"iat": now() - 100, "exp": now() - 30}), 401),
        (json!({"iat": now() + 30, "exp": now() + 60}), 200),
        (json!({"iat": now() + 31, "exp": now() + 60}), 401),
        (json!({"nbf": now() + 30}), 200),
        (json!({"nbf": now() + 31}), 401),
        (json!({"exp": now() + 6 * 3600}), 200),
        (json!({"exp": now() + 6 * 3600 + 1}), 401),
        (json!({"iat": now() - 3 * 3600, "exp": now() + 3 * 3600}), 200),
        (json!({"iat": now() - 3 * 3600 - 1, "exp": now() + 3 * 3600}), 401),
    ] {
        let token = desk.issuer.key("EdDSA").token(&with(claims(monday_morning()), &changes));
        assert_eq!(desk.ask_with(&token).await.status, status, "{changes}");
    }
    // The clock of the service is what counts.
    let token = desk.good_token();
    for (seconds, status) in [(3600 + 29, 200), (3600 + 30, 401)] {
        desk.served.clock.set(monday_morning() + chrono::TimeDelta::seconds(seconds));
        assert_eq!(desk.ask_with(&token).await.status, status, "after {seconds} s");
    }
}
