//! Access tokens (RFC 9068): which keys are trusted, and what a token must hold to be believed.
//!
//! Invariants: the algorithm belongs to the key, never to the token; nothing of a token is used before its signature
//! holds; keys that a token brings along are refused. Times are held against the clock of the service.

use chrono::{DateTime, Duration, Utc};
use jsonwebtoken::{
    Algorithm, DecodingKey, DecodingKeyKind, Header, Validation,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, JwkSet, KeyAlgorithm, PublicKeyUse},
};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::domain::{ids::OrganisationCode, role::Role};

/// Clocks of issuer and service may differ so much.
const LEEWAY: Duration = Duration::seconds(30);
/// No issuer may give out tokens that live longer.
const LIFE_HOURS_MAX: i64 = 6;
/// A token is a header; larger ones are refused before anything is read.
const TOKEN_BYTES_MAX: usize = 8 * 1024;
const KEY_ID_LENGTH_MAX: usize = 128;
const CLAIM_LENGTH_MAX: usize = 255;

/// An issuer whose tokens are believed, with its public keys.
#[derive(Clone, Debug)]
pub struct TrustedIssuer {
    issuer: String,
    audience: String,
    role_claim: String,
    organisation_claim: String,
    keys: Vec<TrustedKey>,
}

#[derive(Clone, Debug)]
struct TrustedKey {
    id: String,
    algorithm: Algorithm,
    key: DecodingKey,
}

/// Why a set of keys is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeySetFault {
    /// It is no JWKS.
    #[error("this is no JSON Web Key Set")]
    NotAKeySet,
    /// It holds no key that can sign tokens.
    #[error("the key set holds no signing key")]
    Empty,
    /// A key cannot be used.
    #[error("key {position} of the set: {why}")]
    Key {
        /// Its position, from 1.
        position: usize,
        /// Why not.
        why: &'static str,
    },
}

/// Who a verified token speaks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bearer {
    /// Who vouches for the subject.
    pub issuer: String,
    /// The person, as the issuer numbers people.
    pub subject: String,
    /// The program that calls.
    pub client: String,
    /// The organisation the person acts for.
    pub organisation: Option<OrganisationCode>,
    /// In which role; `None` when the token names none that the service knows.
    pub role: Option<Role>,
}

impl Bearer {
    /// False for a program that calls in its own name (client credentials: subject and client are the same).
    pub fn is_person(&self) -> bool {
        self.subject != self.client
    }
}

/// The token is not believed. It does not say why: whoever holds a wrong token learns nothing from the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the token is not accepted")]
pub struct NotBelieved;

impl TrustedIssuer {
    /// An issuer with the public keys of a JSON Web Key Set.
    pub fn new(issuer: &str, audience: &str, key_set: &str) -> Result<Self, KeySetFault> {
        let set: JwkSet = serde_json::from_str(key_set).map_err(|_| KeySetFault::NotAKeySet)?;
        let mut keys: Vec<TrustedKey> = Vec::new();
        for (position, jwk) in set.keys.iter().enumerate() {
            if matches!(jwk.common.public_key_use, Some(PublicKeyUse::Encryption)) {
                continue;
            }
            let key = TrustedKey::read(jwk).map_err(|why| KeySetFault::Key { position: position + 1, why })?;
            if keys.iter().any(|other| other.id == key.id) {
                return Err(KeySetFault::Key { position: position + 1, why: "another key has the same kid" });
            }
            keys.push(key);
        }
        if keys.is_empty() {
            return Err(KeySetFault::Empty);
        }
        Ok(Self {
            issuer: issuer.to_owned(),
            audience: audience.to_owned(),
            role_claim: "role".to_owned(),
            organisation_claim: "organisation".to_owned(),
            keys,
        })
    }

    /// Reads role and organisation from other claims than `role` and `organisation`.
    #[must_use]
    pub fn with_claims(self, role: &str, organisation: &str) -> Self {
        Self { role_claim: role.to_owned(), organisation_claim: organisation.to_owned(), ..self }
    }

    /// Believes a token, or not.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Bearer, NotBelieved> {
        if token.len() > TOKEN_BYTES_MAX {
            return Err(NotBelieved);
        }
        let header = jsonwebtoken::decode_header(token).map_err(|_| NotBelieved)?;
        let key = self.key_for(&header).ok_or(NotBelieved)?;
        let mut validation = Validation::new(key.algorithm);
        validation.required_spec_claims.clear();
        // Audience and times are checked below: the audience needs no set, and the time is that of our clock.
        validation.validate_aud = false;
        validation.validate_exp = false;
        let claims = jsonwebtoken::decode::<Claims>(token, &key.key, &validation).map_err(|_| NotBelieved)?.claims;
        if claims.is_of(&self.issuer, &self.audience) && claims.is_current(now) && claims.is_well_formed() {
            self.bearer(claims)
        } else {
            Err(NotBelieved)
        }
    }

    fn key_for(&self, header: &Header) -> Option<&TrustedKey> {
        let kind = header.typ.as_deref()?.to_ascii_lowercase();
        let is_access_token = kind == "at+jwt" || kind == "application/at+jwt";
        let brings_keys = header.jku.is_some() || header.jwk.is_some() || header.x5u.is_some() || header.x5c.is_some();
        let is_plain = header.crit.is_none() && header.enc.is_none() && header.zip.is_none();
        if !is_access_token || brings_keys || !is_plain {
            return None;
        }
        let id = header.kid.as_deref().filter(|id| id.len() <= KEY_ID_LENGTH_MAX)?;
        self.keys.iter().find(|key| key.id == id && key.algorithm == header.alg)
    }

    fn bearer(&self, claims: Claims) -> Result<Bearer, NotBelieved> {
        let organisation = match claims.others.get(&self.organisation_claim) {
            None => None,
            Some(Value::String(code)) if is_code(code) => Some(OrganisationCode(code.clone())),
            Some(_) => return Err(NotBelieved),
        };
        let role = claims.others.get(&self.role_claim).and_then(Value::as_str).and_then(|role| role.parse().ok());
        Ok(Bearer { issuer: claims.iss, subject: claims.sub, client: claims.client_id, organisation, role })
    }
}

impl TrustedKey {
    fn read(jwk: &Jwk) -> Result<Self, &'static str> {
        let id = jwk.common.key_id.clone().ok_or("it has no kid")?;
        if id.is_empty() || id.len() > KEY_ID_LENGTH_MAX {
            return Err("its kid is empty or too long");
        }
        let algorithm = match (&jwk.algorithm, jwk.common.key_algorithm) {
            (AlgorithmParameters::RSA(_), Some(KeyAlgorithm::RS256)) => Algorithm::RS256,
            (AlgorithmParameters::RSA(_), Some(KeyAlgorithm::PS256)) => Algorithm::PS256,
            (AlgorithmParameters::RSA(_), _) => return Err("an RSA key must say alg RS256 or PS256"),
            (AlgorithmParameters::EllipticCurve(key), None | Some(KeyAlgorithm::ES256))
                if key.curve == EllipticCurve::P256 =>
            {
                Algorithm::ES256
            }
            (AlgorithmParameters::OctetKeyPair(key), None | Some(KeyAlgorithm::EdDSA))
                if key.curve == EllipticCurve::Ed25519 =>
            {
                Algorithm::EdDSA
            }
            (_, _) => return Err("only RS256, PS256, ES256 and EdDSA keys are taken"),
        };
        let key = DecodingKey::from_jwk(jwk).map_err(|_| "it cannot be read")?;
        if let DecodingKeyKind::RsaModulusExponent { n, .. } = key.kind()
            && modulus_bits(n) < 2048
        {
            return Err("an RSA key needs 2048 bits or more");
        }
        Ok(Self { id, algorithm, key })
    }
}

fn modulus_bits(modulus: &[u8]) -> usize {
    let mut bytes = modulus.iter().skip_while(|byte| **byte == 0);
    bytes.next().map_or(0, |first| 8 - first.leading_zeros() as usize + 8 * bytes.count())
}

/// A code as the catalogue writes it: `kadera`, `omm-zwolle`.
fn is_code(text: &str) -> bool {
    let plain = |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '-' || sign == '_';
    !text.is_empty() && text.len() <= 64 && text.chars().all(plain)
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    aud: Audience,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    sub: String,
    client_id: String,
    azp: Option<String>,
    jti: String,
    #[serde(flatten)]
    others: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Claims {
    fn is_of(&self, issuer: &str, audience: &str) -> bool {
        let for_us = match &self.aud {
            Audience::One(name) => name == audience,
            Audience::Several(names) => names.iter().any(|name| name == audience),
        };
        self.iss == issuer && for_us && self.azp.as_ref().is_none_or(|azp| *azp == self.client_id)
    }

    fn is_current(&self, now: DateTime<Utc>) -> bool {
        let (now, leeway) = (now.timestamp(), LEEWAY.num_seconds());
        let life = self.exp.checked_sub(self.iat);
        now < self.exp.saturating_add(leeway)
            && self.iat <= now.saturating_add(leeway)
            && self.nbf.is_none_or(|start| start <= now.saturating_add(leeway))
            && life.is_some_and(|life| life > 0 && life <= LIFE_HOURS_MAX * 3600)
    }

    /// Names end up in the trail: none is empty, endless or made of control characters.
    fn is_well_formed(&self) -> bool {
        [&self.sub, &self.client_id, &self.jti]
            .into_iter()
            .all(|name| !name.is_empty() && name.len() <= CLAIM_LENGTH_MAX && !name.chars().any(char::is_control))
    }
}

#[cfg(test)]
mod tests;
