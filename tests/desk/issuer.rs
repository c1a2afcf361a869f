//! An issuer of access tokens for tests: a key per algorithm, made at start, that signs whatever a test wants signed.

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rsa::KeySize,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair},
};
use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, EncodingKey, crypto, jwk::Jwk};
use omm::api::token::TrustedIssuer;
use serde_json::{Value, json};

/// Its name.
pub const ISSUER: &str = "https://issuer.example";
/// The name of the service in its tokens.
pub const AUDIENCE: &str = "omm-placement";

/// Signs tokens.
pub struct Issuer {
    keys: Vec<Key>,
}

/// One of its keys.
#[derive(Clone)]
pub struct Key {
    /// Its name.
    pub id: String,
    algorithm: Algorithm,
    key: EncodingKey,
}

impl Key {
    /// A new key under this name.
    pub fn new(id: &str, algorithm: Algorithm) -> Self {
        let key = if algorithm == Algorithm::EdDSA {
            EncodingKey::from_ed_der(Ed25519KeyPair::generate().unwrap().to_pkcs8v1().unwrap().as_ref())
        } else if algorithm == Algorithm::ES256 {
            let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
            EncodingKey::from_ec_der(pair.to_pkcs8v1().unwrap().as_ref())
        } else {
            let pair = aws_lc_rs::rsa::KeyPair::generate(KeySize::Rsa2048).unwrap();
            let pkcs8: Pkcs8V1Der<'_> = pair.as_der().unwrap();
            // The encoder takes PKCS#1: the octet string inside PKCS#8, after 26 bytes of wrapping.
            EncodingKey::from_rsa_der(&pkcs8.as_ref()[26..])
        };
        Self { id: id.to_owned(), algorithm, key }
    }

    /// Its public half, as an issuer publishes it.
    pub fn public(&self) -> Value {
        let mut jwk = Jwk::from_encoding_key(&self.key, self.algorithm).unwrap();
        jwk.common.key_id = Some(self.id.clone());
        serde_json::to_value(jwk).unwrap()
    }

    /// The header of its tokens.
    pub fn header(&self) -> Value {
        json!({"typ": "at+jwt", "alg": self.algorithm, "kid": self.id})
    }

    /// Its signature under a text.
    pub fn signature(&self, text: &str) -> String {
        crypto::sign(text.as_bytes(), &self.key, self.algorithm).unwrap()
    }

    /// A token with these parts.
    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        self.sign_text(&header.to_string(), &claims.to_string())
    }

    /// A token with these parts, which need not be JSON.
    pub fn sign_text(&self, header: &str, claims: &str) -> String {
        let text = format!("{}.{}", encoded(header.as_bytes()), encoded(claims.as_bytes()));
        format!("{text}.{}", self.signature(&text))
    }

    /// A token with these claims and the right header.
    pub fn token(&self, claims: &Value) -> String {
        self.sign(&self.header(), claims)
    }
}

impl Issuer {
    /// An issuer with a new key of every algorithm, each under the name of its algorithm.
    pub fn new() -> Self {
        let algorithms = [
            ("EdDSA", Algorithm::EdDSA),
            ("ES256", Algorithm::ES256),
            ("RS256", Algorithm::RS256),
            ("PS256", Algorithm::PS256),
        ];
        Self { keys: algorithms.map(|(id, algorithm)| Key::new(id, algorithm)).into() }
    }

    /// A key by its name.
    pub fn key(&self, id: &str) -> &Key {
        self.keys.iter().find(|key| key.id == id).unwrap()
    }

    /// The public halves of its keys.
    pub fn set(&self) -> Value {
        key_set(&self.keys)
    }

    /// The issuer as a service trusts it that was given its keys.
    pub fn trusted(&self) -> TrustedIssuer {
        TrustedIssuer::new(ISSUER, AUDIENCE, &self.set().to_string()).unwrap()
    }
}

/// The public halves of keys, as an issuer publishes them.
pub fn key_set(keys: &[Key]) -> Value {
    json!({"keys": keys.iter().map(Key::public).collect::<Vec<_>>()})
}

/// What a good token says, for an hour from `now`: a coordinator of CoMensha.
pub fn claims(now: DateTime<Utc>) -> Value {
    json!({
        "iss": ISSUER, "aud": AUDIENCE, "sub": "person-17", "client_id": "portal", "jti": "1",
        "iat": now.timestamp(), "exp": now.timestamp() + 3600, "role": "coordinator", "organisation": "comensha",
    })
}

/// `base` with these values set; `null` takes a value out.
pub fn with(mut base: Value, changes: &Value) -> Value {
    let object = base.as_object_mut().unwrap();
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            object.remove(name);
        } else {
            object.insert(name.clone(), value.clone());
        }
    }
    base
}

/// Base64 for addresses, without padding.
pub fn encoded(bytes: &[u8]) -> String {
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
