//! Whatever stands in a token by chance: no panic, and nobody gets in.

use omm::api::token::{TrustedIssuer, key_set::KeySet, key_set::SigningAlgorithm};
use proptest::{collection::vec, prelude::*, sample::Index, test_runner::TestRunner};
use serde_json::json;

use crate::{
    issuer::{Issuer, claims, encoded, with},
    served::monday_morning,
};

fn check<S: Strategy>(strategy: S, holds: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    TestRunner::default().run(&strategy, holds).unwrap();
}

fn refused(trusted: &TrustedIssuer, token: &str) -> Result<(), TestCaseError> {
    prop_assert!(trusted.verify(token, monday_morning()).is_err(), "believed: {token}");
    Ok(())
}

#[test]
fn random_parts_are_refused_even_when_they_are_signed() {
    let issuer = Issuer::new();
    let (trusted, key) = (issuer.trusted(), issuer.key("EdDSA"));
    let bytes = || vec(any::<u8>(), 0..200);
    check((bytes(), bytes(), bytes()), |(header, body, signature)| {
        let (header, body) = (encoded(&header), encoded(&body));
        refused(&trusted, &format!("{header}.{body}.{}", encoded(&signature)))?;
        let text = format!("{header}.{body}");
        refused(&trusted, &format!("{text}.{}", key.signature(&text)))?;
        let text = format!("{}.{body}", encoded(key.header().to_string().as_bytes()));
        refused(&trusted, &format!("{text}.{}", key.signature(&text)))
    });
    check(any::<String>(), |text| refused(&trusted, &text));
}

#[test]
fn a_good_token_with_one_sign_changed_is_refused() {
    let issuer = Issuer::new();
    let trusted = issuer.trusted();
    for id in ["EdDSA", "ES256", "RS256"] {
        let good = issuer.key(id).token(&claims(monday_morning()));
        assert!(trusted.verify(&good, monday_morning()).is_ok());
        check((any::<Index>(), "[ -~]"), |(place, sign)| {
            let place = place.index(good.len());
            prop_assume!(good[place..=place] != sign);
            refused(&trusted, &format!("{}{sign}{}", &good[..place], &good[place + 1..]))
        });
    }
}

#[test]
fn a_signed_token_with_a_random_claim_is_refused_or_still_speaks_for_the_same_issuer() {
    let issuer = Issuer::new();
    let (trusted, key) = (issuer.trusted(), issuer.key("EdDSA"));
    let names = prop_oneof!["iss|aud|exp|iat|nbf|sub|client_id|azp|jti|role|organisation", "[a-z]{1,8}"];
    let values = prop_oneof![
        any::<String>().prop_map(|text| json!(text)),
        any::<i64>().prop_map(|number| json!(number)),
        any::<f64>().prop_map(|number| json!(number)),
        vec(any::<String>(), 0..3).prop_map(|list| json!(list)),
        any::<bool>().prop_map(|flag| json!(flag)),
    ];
    check((names, values), |(name, value)| {
        let token = key.token(&with(claims(monday_morning()), &json!({ name.as_str(): value })));
        if let Ok(bearer) = trusted.verify(&token, monday_morning()) {
            prop_assert_eq!(bearer.issuer, crate::issuer::ISSUER);
            prop_assert!(!["iss", "aud"].contains(&name.as_str()));
        }
        Ok(())
    });
}

#[test]
fn random_key_sets_never_panic() {
    check(vec(any::<u8>(), 0..300), |bytes| {
        let text = String::from_utf8_lossy(&bytes);
        prop_assert!(KeySet::read(&text, &SigningAlgorithm::ALL).is_err());
        let key = json!({"kty": "RSA", "kid": "a", "alg": "RS256", "n": encoded(&bytes), "e": encoded(&bytes)});
        drop(KeySet::read(&json!({"keys": [key]}).to_string(), &SigningAlgorithm::ALL));
        let key = json!({"kty": "EC", "crv": "P-256", "kid": "a", "x": encoded(&bytes), "y": encoded(&bytes)});
        drop(KeySet::read(&json!({"keys": [key]}).to_string(), &SigningAlgorithm::ALL));
        Ok(())
    });
}
