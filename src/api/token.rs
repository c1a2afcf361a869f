//! Access tokens (RFC 9068): whose are believed, and what a token must hold to be believed.
//!
//! Invariants: the algorithm belongs to the key, never to the token; nothing of a token is used before its signature
//! holds, but for the name of the key, which is only compared; keys that a token brings along are refused. Times are
//! held against the clock of the service.

mod claims;
pub mod key_set;

use chrono::{DateTime, Duration, Utc};
use jsonwebtoken::{Algorithm, Validation};
use serde_json::Value;

use self::{
    claims::Claims,
    key_set::{KEY_ID_LENGTH_MAX, KeySet, KeySetFault, SigningAlgorithm},
};
use crate::domain::{ids::OrganisationCode, role::Role};

/// No issuer may give out tokens that live longer.
pub const LIFE_MAX: Duration = Duration::hours(6);
/// A token is a header; larger ones are refused before anything is read.
const TOKEN_BYTES_MAX: usize = 8 * 1024;

/// An issuer whose tokens are believed, with its public keys.
#[derive(Clone, Debug)]
pub struct TrustedIssuer {
    issuer: String,
    audience: String,
    role_claim: String,
    organisation_claim: String,
    life_max: Duration,
    keys: KeySet,
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

/// A token as it was presented: its form holds, its signature has not been looked at.
struct Presented<'t> {
    token: &'t str,
    key_id: String,
    algorithm: Algorithm,
}

impl<'t> Presented<'t> {
    fn read(token: &'t str) -> Result<Self, NotBelieved> {
        if token.len() > TOKEN_BYTES_MAX {
            return Err(NotBelieved);
        }
        let header = jsonwebtoken::decode_header(token).map_err(|_| NotBelieved)?;
        let kind = header.typ.as_deref().ok_or(NotBelieved)?.to_ascii_lowercase();
        let is_access_token = kind == "at+jwt" || kind == "application/at+jwt";
        let brings_keys = header.jku.is_some() || header.jwk.is_some() || header.x5u.is_some() || header.x5c.is_some();
        // No extension is understood here, so whatever a token calls critical is unknown.
        let is_plain = header.crit.is_none() && header.enc.is_none() && header.zip.is_none();
        let key_id = header.kid.filter(|id| id.len() <= KEY_ID_LENGTH_MAX).ok_or(NotBelieved)?;
        if is_access_token && !brings_keys && is_plain {
            Ok(Self { token, key_id, algorithm: header.alg })
        } else {
            Err(NotBelieved)
        }
    }
}

impl TrustedIssuer {
    /// An issuer with the public keys of a JSON Web Key Set.
    pub fn new(issuer: &str, audience: &str, key_set: &str) -> Result<Self, KeySetFault> {
        Ok(Self {
            issuer: issuer.to_owned(),
            audience: audience.to_owned(),
            role_claim: "role".to_owned(),
            organisation_claim: "organisation".to_owned(),
            life_max: LIFE_MAX,
            keys: KeySet::read(key_set, &SigningAlgorithm::ALL)?,
        })
    }

    /// Reads role and organisation from other claims than `role` and `organisation`.
    #[must_use]
    pub fn with_claims(self, role: &str, organisation: &str) -> Self {
        Self { role_claim: role.to_owned(), organisation_claim: organisation.to_owned(), ..self }
    }

    /// Refuses tokens of this issuer that live longer; [`LIFE_MAX`] holds in any case.
    #[must_use]
    pub fn with_life_max(self, life_max: Duration) -> Self {
        Self { life_max: life_max.min(LIFE_MAX), ..self }
    }

    /// Believes a token, or not.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Bearer, NotBelieved> {
        self.believe(&Presented::read(token)?, &self.keys, now)
    }

    fn believe(&self, presented: &Presented<'_>, keys: &KeySet, now: DateTime<Utc>) -> Result<Bearer, NotBelieved> {
        let key = keys.find(&presented.key_id, presented.algorithm).ok_or(NotBelieved)?;
        let mut validation = Validation::new(presented.algorithm);
        validation.required_spec_claims.clear();
        // Audience and times are checked below: the audience needs no set, and the time is that of our clock.
        validation.validate_aud = false;
        validation.validate_exp = false;
        let claims = jsonwebtoken::decode::<Claims>(presented.token, key, &validation).map_err(|_| NotBelieved)?.claims;
        if claims.is_of(&self.issuer, &self.audience)
            && claims.is_current(now, self.life_max)
            && claims.is_well_formed()
        {
            self.bearer(claims)
        } else {
            Err(NotBelieved)
        }
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

/// A code as the catalogue writes it: `kadera`, `omm-zwolle`.
fn is_code(text: &str) -> bool {
    let plain = |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '-' || sign == '_';
    !text.is_empty() && text.len() <= 64 && text.chars().all(plain)
}

#[cfg(test)]
mod tests;
