//! Tokens that must be believed, and the many that must not.

use aws_lc_rs::{
    encoding::AsDer,
    rsa::KeySize,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair},
};
use chrono::TimeZone;
use jsonwebtoken::{EncodingKey, crypto, jwk::Jwk};
use serde_json::json;

use super::*;

const ISSUER: &str = "https://issuer.example";
const AUDIENCE: &str = "omm-placement";

/// The keys of an issuer, one per algorithm, under the name of the algorithm.
struct Keys(Vec<(&'static str, Algorithm, EncodingKey)>);

impl Keys {
    fn new() -> Self {
        let ed = Ed25519KeyPair::generate().unwrap().to_pkcs8v1().unwrap();
        let ec = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap().to_pkcs8v1().unwrap();
        let rsa = rsa_key();
        Self(vec![
            ("EdDSA", Algorithm::EdDSA, EncodingKey::from_ed_der(ed.as_ref())),
            ("ES256", Algorithm::ES256, EncodingKey::from_ec_der(ec.as_ref())),
            ("RS256", Algorithm::RS256, rsa.clone()),
            ("PS256", Algorithm::PS256, rsa),
        ])
    }

    fn key(&self, id: &str) -> &EncodingKey {
        &self.0.iter().find(|(other, ..)| *other == id).unwrap().2
    }

    fn set(&self) -> Value {
        let jwks = self.0.iter().map(|(id, algorithm, key)| jwk(id, *algorithm, key));
        json!({ "keys": jwks.collect::<Vec<_>>() })
    }

    fn trusted(&self) -> TrustedIssuer {
        TrustedIssuer::new(ISSUER, AUDIENCE, &self.set().to_string()).unwrap()
    }

    /// A token with these parts, signed with the key of that name.
    fn token(&self, id: &str, header: &Value, claims: &Value) -> String {
        let (_, algorithm, key) = self.0.iter().find(|(other, ..)| *other == id).unwrap();
        signed(header, claims, |text| crypto::sign(text.as_bytes(), key, *algorithm).unwrap())
    }
}

fn rsa_key() -> EncodingKey {
    let pair = aws_lc_rs::rsa::KeyPair::generate(KeySize::Rsa2048).unwrap();
    let pkcs8: aws_lc_rs::encoding::Pkcs8V1Der<'_> = pair.as_der().unwrap();
    // The DER form that the encoder takes is PKCS#1: the octet string inside PKCS#8, after 26 bytes of wrapping.
    EncodingKey::from_rsa_der(&pkcs8.as_ref()[26..])
}

fn jwk(id: &str, algorithm: Algorithm, key: &EncodingKey) -> Value {
    let mut jwk = Jwk::from_encoding_key(key, algorithm).unwrap();
    jwk.common.key_id = Some(id.to_owned());
    serde_json::to_value(jwk).unwrap()
}

fn signed(header: &Value, claims: &Value, sign: impl FnOnce(&str) -> String) -> String {
    let text = format!("{}.{}", encoded(header.to_string().as_bytes()), encoded(claims.to_string().as_bytes()));
    let signature = sign(&text);
    format!("{text}.{signature}")
}

/// Base64 for addresses, without padding.
fn encoded(bytes: &[u8]) -> String {
    const SIGNS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..=chunk.len() {
            text.push(char::from(SIGNS[(bits >> (18 - 6 * place) & 63) as usize]));
        }
    }
    text
}

fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2025, 3, 1, 9, 0, 0).unwrap()
}

fn header(id: &str) -> Value {
    json!({"typ": "at+jwt", "alg": id, "kid": id})
}

fn claims() -> Value {
    json!({"iss": ISSUER, "aud": AUDIENCE, "sub": "p-17", "client_id": "portal", "jti": "1",
        "iat": now().timestamp(), "exp": now().timestamp() + 3600, "role": "shelter", "organisation": "kadera"})
}

/// `base` with these values set; `null` takes a value out.
fn with(mut base: Value, changes: &Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        let object = base.as_object_mut().unwrap();
        if value.is_null() {
            object.remove(name)
        } else {
            object.insert(name.clone(), value.clone())
        };
    }
    base
}

#[test]
fn a_good_token_of_each_algorithm_is_believed() {
    let keys = Keys::new();
    for id in ["EdDSA", "ES256", "RS256", "PS256"] {
        let bearer = keys.trusted().verify(&keys.token(id, &header(id), &claims()), now()).unwrap();
        assert_eq!((bearer.subject.as_str(), bearer.client.as_str()), ("p-17", "portal"), "{id}");
        assert_eq!((bearer.role, bearer.organisation), (Some(Role::Shelter), Some("kadera".into())));
    }
}

#[test]
fn what_a_good_token_may_leave_open() {
    let keys = Keys::new();
    let verify = |changes: Value| {
        keys.trusted().verify(&keys.token("EdDSA", &header("EdDSA"), &with(claims(), &changes)), now())
    };
    assert!(verify(json!({"aud": ["other", AUDIENCE]})).is_ok());
    assert!(verify(json!({"azp": "portal", "nbf": now().timestamp()})).is_ok());
    assert_eq!(verify(json!({"organisation": null})).unwrap().organisation, None);
    for role in [json!(null), json!("superuser"), json!(["shelter", "admin"]), json!(7)] {
        assert_eq!(verify(json!({ "role": role })).unwrap().role, None);
    }
    assert!(!verify(json!({"sub": "portal"})).unwrap().is_person());
    let kind = with(header("EdDSA"), &json!({"typ": "application/AT+JWT"}));
    assert!(keys.trusted().verify(&keys.token("EdDSA", &kind, &claims()), now()).is_ok());
}

#[test]
fn times_hold_to_the_second() {
    let keys = Keys::new();
    let start = now().timestamp();
    for (changes, believed) in [
        (json!({"iat": start - 100, "exp": start - 29}), true),
        (json!({"iat": start - 100, "exp": start - 30}), false),
        (json!({"iat": start + 30, "exp": start + 60}), true),
        (json!({"iat": start + 31, "exp": start + 60}), false),
        (json!({"nbf": start + 30}), true),
        (json!({"nbf": start + 31}), false),
        (json!({"exp": start + 6 * 3600}), true),
        (json!({"exp": start + 6 * 3600 + 1}), false),
        (json!({"iat": start, "exp": start}), false),
        (json!({"iat": i64::MIN, "exp": i64::MAX}), false),
    ] {
        let token = keys.token("EdDSA", &header("EdDSA"), &with(claims(), &changes));
        assert_eq!(keys.trusted().verify(&token, now()).is_ok(), believed, "{changes}");
    }
}

#[test]
fn bad_claims_are_not_believed() {
    let keys = Keys::new();
    let mut bad = vec![json!({"azp": "other"}), json!({"aud": []}), json!({"iss": [ISSUER]})];
    for name in ["iss", "aud", "exp", "iat", "sub", "client_id", "jti"] {
        bad.extend([json!({ name: null }), json!({ name: {} }), json!({ name: "" })]);
    }
    bad.extend([json!({"iss": "https://issuer.example/"}), json!({"aud": "omm"}), json!({"aud": ["omm", "other"]})]);
    bad.extend([json!({"sub": "a\nb"}), json!({"sub": "a".repeat(256)}), json!({"organisation": "Kadera; drop"})]);
    bad.extend([json!({"organisation": 7}), json!({"exp": "soon"}), json!({"exp": 1e30})]);
    for changes in bad {
        let token = keys.token("EdDSA", &header("EdDSA"), &with(claims(), &changes));
        assert_eq!(keys.trusted().verify(&token, now()), Err(NotBelieved::Token), "{changes}");
    }
}

#[test]
fn hostile_headers_are_not_believed() {
    let keys = Keys::new();
    let own = jwk("EdDSA", Algorithm::EdDSA, keys.key("EdDSA"));
    for changes in [
        json!({"typ": null}),
        json!({"typ": "JWT"}),
        json!({"kid": null}),
        json!({"kid": "no-such-key"}),
        json!({"kid": "../../../../dev/null"}),
        json!({"kid": "EdDSA".repeat(100_000)}),
        json!({"alg": "none"}),
        json!({"alg": "HS256"}),
        json!({"alg": "ES256"}),
        json!({"alg": null}),
        json!({"jku": "https://evil.example/keys"}),
        json!({"jwk": own}),
        json!({"x5u": "https://evil.example/cert"}),
        json!({"x5c": ["AAAA"]}),
        json!({"crit": ["exp"]}),
        json!({"crit": []}),
        json!({"zip": "DEF"}),
        json!({"enc": "A256GCM"}),
    ] {
        let token = keys.token("EdDSA", &with(header("EdDSA"), &changes), &claims());
        assert_eq!(keys.trusted().verify(&token, now()), Err(NotBelieved::Token), "{changes}");
    }
}

#[test]
fn another_key_or_algorithm_is_not_believed() {
    let (keys, foreign) = (Keys::new(), Keys::new());
    let refused = |token: &str| assert_eq!(keys.trusted().verify(token, now()), Err(NotBelieved::Token), "{token}");
    for id in ["EdDSA", "ES256", "RS256", "PS256"] {
        refused(&foreign.token(id, &header(id), &claims()));
        // The header names one key, another signed.
        refused(&keys.token("EdDSA", &with(header("EdDSA"), &json!({ "kid": id, "alg": id })), &claims())[..40]);
    }
    refused(&keys.token("RS256", &with(header("RS256"), &json!({"kid": "PS256", "alg": "PS256"})), &claims()));
    refused(&keys.token("PS256", &with(header("PS256"), &json!({"kid": "RS256"})), &claims()));
    // HS256 with the public half of the RSA key as secret.
    let public = keys.set()["keys"][2]["n"].as_str().unwrap().to_owned();
    let secret = EncodingKey::from_secret(public.as_bytes());
    let head = with(header("RS256"), &json!({"alg": "HS256"}));
    refused(&signed(&head, &claims(), |text| crypto::sign(text.as_bytes(), &secret, Algorithm::HS256).unwrap()));
    refused(&signed(&with(header("RS256"), &json!({"alg": "none"})), &claims(), |_| String::new()));
}

#[test]
fn broken_tokens_are_not_believed() {
    let keys = Keys::new();
    let good = keys.token("EdDSA", &header("EdDSA"), &claims());
    let parts: Vec<_> = good.split('.').collect();
    let forged = encoded(with(claims(), &json!({"role": "admin"})).to_string().as_bytes());
    for token in [
        String::new(),
        "...".into(),
        parts[0].to_owned(),
        format!("{}.{}", parts[0], parts[1]),
        format!("{}.{}.", parts[0], parts[1]),
        format!("{}.{forged}.{}", parts[0], parts[2]),
        format!("{good}.x"),
        format!("{good}="),
        format!(" {good}"),
        good.replace('.', ","),
        "a".repeat(9000),
    ] {
        assert_eq!(keys.trusted().verify(&token, now()), Err(NotBelieved::Token), "{token}");
    }
    assert!(keys.trusted().verify(&good, now()).is_ok());
}

#[test]
fn a_claim_that_stands_twice_is_not_believed() {
    let keys = Keys::new();
    let sign = |text: &str| crypto::sign(text.as_bytes(), keys.key("EdDSA"), Algorithm::EdDSA).unwrap();
    let head = encoded(header("EdDSA").to_string().as_bytes());
    for (twice, believed) in [("", true), (",\"role\":\"admin\"", false), (",\"sub\":\"p-17\"", false)] {
        let body = claims().to_string();
        let body = encoded(format!("{}{twice}}}", body.strip_suffix('}').unwrap()).as_bytes());
        let token = format!("{head}.{body}.{}", sign(&format!("{head}.{body}")));
        assert_eq!(keys.trusted().verify(&token, now()).is_ok(), believed, "{twice}");
    }
}

#[test]
fn an_issuer_may_be_held_to_shorter_lives_and_never_to_longer_ones() {
    let keys = Keys::new();
    let lives = |issuer: &TrustedIssuer, seconds: i64| {
        let changes = json!({"exp": now().timestamp() + seconds});
        issuer.verify(&keys.token("EdDSA", &header("EdDSA"), &with(claims(), &changes)), now()).is_ok()
    };
    let strict = keys.trusted().with_life_max(Duration::minutes(10));
    assert!(lives(&strict, 600) && !lives(&strict, 601));
    let loose = keys.trusted().with_life_max(Duration::hours(24));
    assert!(lives(&loose, 6 * 3600) && !lives(&loose, 6 * 3600 + 1));
}

#[test]
fn keys_that_cannot_be_used_are_left_out_and_a_set_of_nothing_else_is_refused() {
    let keys = Keys::new();
    let taken = |set: &Value| {
        TrustedIssuer::new(ISSUER, AUDIENCE, &set.to_string()).map(|issuer| issuer.keys.usable(now()).unwrap())
    };
    let ed = jwk("a", Algorithm::EdDSA, keys.key("EdDSA"));
    let rsa = jwk("b", Algorithm::RS256, keys.key("RS256"));
    assert_eq!(TrustedIssuer::new(ISSUER, AUDIENCE, "no json").err(), Some(KeySetFault::NotAKeySet));
    assert_eq!(taken(&json!({"keys": []})).err(), Some(KeySetFault::Unusable(vec![])));
    let modulus = |bytes: &[u8]| json!({"kty": "RSA", "kid": "c", "alg": "RS256", "n": encoded(bytes), "e": "AQAB"});
    assert!(taken(&json!({"keys": [modulus(&[0x80; 256])]})).is_ok());
    for bad in [
        with(ed.clone(), &json!({"use": "enc"})),
        with(ed.clone(), &json!({"key_ops": ["sign"]})),
        with(ed.clone(), &json!({"kid": null})),
        with(ed.clone(), &json!({"kid": ""})),
        with(ed.clone(), &json!({"kid": "a".repeat(129)})),
        with(ed.clone(), &json!({"alg": "ES256"})),
        with(ed.clone(), &json!({"crv": "Ed448"})),
        with(rsa.clone(), &json!({"alg": null})),
        with(rsa.clone(), &json!({"alg": "RS512"})),
        with(rsa.clone(), &json!({"alg": "a new one"})),
        json!({"kty": "oct", "kid": "d", "k": "AAAA", "alg": "HS256"}),
        json!({"kty": "AKP", "kid": "e", "alg": "ML-DSA-44", "pub": "AAAA"}),
        json!("no key"),
        modulus(&[0x7f; 256]),
        modulus(&[0x80; 1025]),
        modulus(&[[0].as_slice(), &[0xff; 255]].concat()),
    ] {
        let alone = taken(&json!({"keys": [bad]})).err();
        assert!(matches!(&alone, Some(KeySetFault::Unusable(why)) if why.len() == 1), "{bad}: {alone:?}");
        let beside = taken(&json!({"keys": [bad, with(ed.clone(), &json!({"kid": "good"}))]})).unwrap();
        assert!(beside.find("good", Algorithm::EdDSA).is_some() && beside.find("c", Algorithm::RS256).is_none());
    }
    assert_eq!(taken(&json!({"keys": [ed.clone(), ed.clone()]})).err(), Some(KeySetFault::Ambiguous(2)));
    assert!(taken(&json!({"keys": [ed, rsa]})).is_ok());
}

#[test]
fn an_issuer_may_be_held_to_some_algorithms() {
    let set = Keys::new().set();
    let bare = with(set["keys"][2].clone(), &json!({"alg": null, "kid": "bare"}));
    let text = json!({"keys": [set["keys"][0], set["keys"][1], set["keys"][2], set["keys"][3], bare]}).to_string();
    for (algorithm, name) in SigningAlgorithm::ALL.into_iter().zip(["RS256", "PS256", "ES256", "EdDSA"]) {
        assert_eq!((name.parse(), algorithm.to_string().as_str()), (Ok(algorithm), name));
        let keys = KeySet::read(&text, &[algorithm]).unwrap();
        for (id, signs) in [
            ("EdDSA", Algorithm::EdDSA),
            ("ES256", Algorithm::ES256),
            ("RS256", Algorithm::RS256),
            ("PS256", Algorithm::PS256),
        ] {
            assert_eq!(keys.find(id, signs).is_some(), id == name, "{id} where only {name} is taken");
        }
        // An RSA key that names no algorithm has the one that this issuer uses, and no other.
        assert_eq!(keys.find("bare", Algorithm::RS256).is_some(), name == "RS256");
        assert_eq!(keys.find("bare", Algorithm::PS256).is_some(), name == "PS256");
    }
}
