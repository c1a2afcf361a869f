//! Access tokens (RFC 9068): whose are believed, and what a token must hold to be believed.
//!
//! Invariants: the algorithm belongs to the key, never to the token; nothing of a token is used before its signature
//! holds, but for the name of the key, which is only compared; keys that a token brings along are refused. Times are
//! held against the clock of the service.

mod claims;
pub mod key_set;
pub mod key_source;
mod published_keys;

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use futures_util::future::join_all;
use jsonwebtoken::{Algorithm, Validation};
use serde_json::Value;

pub use self::published_keys::KeysFault;
use self::{
    claims::Claims,
    key_set::{KEY_ID_LENGTH_MAX, KeySet, KeySetFault, SigningAlgorithm},
    key_source::KeySource,
    published_keys::PublishedKeys,
};
use crate::{
    clock::Clock,
    domain::{ids::OrganisationCode, role::Role},
};

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
    keys: Keys,
}

#[derive(Clone, Debug)]
enum Keys {
    /// Known from the start, and for good.
    Fixed(Arc<KeySet>),
    /// As the issuer publishes them.
    Published(PublishedKeys),
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

/// Why nobody is known by a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotBelieved {
    /// The token is not believed. It does not say why: whoever holds a wrong token learns nothing from the answer.
    #[error("the token is not accepted")]
    Token,
    /// The keys that could tell cannot be had for now.
    #[error("the keys of an issuer cannot be had")]
    KeysAway,
}

/// Believes a token that one of the issuers signed. Keys that may be outdated are fetched first.
pub async fn believe(issuers: &[TrustedIssuer], token: &str, clock: &Clock) -> Result<Bearer, NotBelieved> {
    let presented = Presented::read(token)?;
    let now = clock.now();
    let by = |keys_of: fn(&Keys, DateTime<Utc>) -> Option<Arc<KeySet>>, now| {
        issuers.iter().find_map(|issuer| issuer.believe(&presented, &*keys_of(&issuer.keys, now)?, now).ok())
    };
    if let Some(bearer) = by(Keys::fresh, now) {
        return Ok(bearer);
    }
    // Which issuer a token is from is known only once its signature holds, so all are asked; few are due.
    join_all(issuers.iter().map(|issuer| issuer.keys.freshen(&presented.key_id, now))).await;
    let now = clock.now();
    by(Keys::usable, now).ok_or_else(|| {
        let at_hand: Vec<_> = issuers.iter().map(|issuer| issuer.keys.usable(now)).collect();
        let is_named = at_hand.iter().flatten().any(|keys| keys.names(&presented.key_id));
        if !is_named && at_hand.iter().any(Option::is_none) { NotBelieved::KeysAway } else { NotBelieved::Token }
    })
}

impl Keys {
    fn fresh(&self, now: DateTime<Utc>) -> Option<Arc<KeySet>> {
        match self {
            Self::Fixed(keys) => Some(keys.clone()),
            Self::Published(keys) => keys.fresh(now),
        }
    }

    fn usable(&self, now: DateTime<Utc>) -> Option<Arc<KeySet>> {
        match self {
            Self::Fixed(keys) => Some(keys.clone()),
            Self::Published(keys) => keys.usable(now),
        }
    }

    async fn freshen(&self, key_id: &str, now: DateTime<Utc>) {
        match self {
            Self::Fixed(_) => {}
            Self::Published(keys) => keys.freshen(key_id, now).await,
        }
    }
}

/// A token as it was presented: its form holds, its signature has not been looked at.
struct Presented<'t> {
    token: &'t str,
    key_id: String,
    algorithm: Algorithm,
}

impl<'t> Presented<'t> {
    fn read(token: &'t str) -> Result<Self, NotBelieved> {
        if token.len() > TOKEN_BYTES_MAX {
            return Err(NotBelieved::Token);
        }
        let header = jsonwebtoken::decode_header(token).map_err(|_| NotBelieved::Token)?;
        let kind = header.typ.as_deref().ok_or(NotBelieved::Token)?.to_ascii_lowercase();
        let is_access_token = kind == "at+jwt" || kind == "application/at+jwt";
        let brings_keys = header.jku.is_some() || header.jwk.is_some() || header.x5u.is_some() || header.x5c.is_some();
        // No extension is understood here, so whatever a token calls critical is unknown.
        let is_plain = header.crit.is_none() && header.enc.is_none() && header.zip.is_none();
        let key_id = header.kid.filter(|id| id.len() <= KEY_ID_LENGTH_MAX).ok_or(NotBelieved::Token)?;
        if is_access_token && !brings_keys && is_plain {
            Ok(Self { token, key_id, algorithm: header.alg })
        } else {
            Err(NotBelieved::Token)
        }
    }
}

impl TrustedIssuer {
    /// An issuer with the public keys of a JSON Web Key Set, which stay as they are.
    pub fn new(issuer: &str, audience: &str, key_set: &str) -> Result<Self, KeySetFault> {
        let keys = KeySet::read(key_set, &SigningAlgorithm::ALL)?;
        Ok(Self::with_keys(issuer, audience, Keys::Fixed(Arc::new(keys))))
    }

    /// An issuer that publishes its public keys, for these algorithms. They are fetched when they are needed.
    pub fn publishing(
        issuer: &str,
        audience: &str,
        source: KeySource,
        algorithms: &[SigningAlgorithm],
        clock: &Clock,
    ) -> Self {
        let keys = PublishedKeys::new(issuer, source, algorithms, clock);
        Self::with_keys(issuer, audience, Keys::Published(keys))
    }

    fn with_keys(issuer: &str, audience: &str, keys: Keys) -> Self {
        Self {
            issuer: issuer.to_owned(),
            audience: audience.to_owned(),
            role_claim: "role".to_owned(),
            organisation_claim: "organisation".to_owned(),
            life_max: LIFE_MAX,
            keys,
        }
    }

    /// Fetches the keys of an issuer that publishes them, so that the first caller need not wait.
    pub async fn load_keys(&self) -> Result<(), KeysFault> {
        match &self.keys {
            Keys::Fixed(_) => Ok(()),
            Keys::Published(keys) => keys.load().await,
        }
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

    /// Believes a token by the keys at hand, or not.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Bearer, NotBelieved> {
        let keys = self.keys.usable(now).ok_or(NotBelieved::KeysAway)?;
        self.believe(&Presented::read(token)?, &keys, now)
    }

    fn believe(&self, presented: &Presented<'_>, keys: &KeySet, now: DateTime<Utc>) -> Result<Bearer, NotBelieved> {
        let key = keys.find(&presented.key_id, presented.algorithm).ok_or(NotBelieved::Token)?;
        let mut validation = Validation::new(presented.algorithm);
        validation.required_spec_claims.clear();
        // Audience and times are checked below: the audience needs no set, and the time is that of our clock.
        validation.validate_aud = false;
        validation.validate_exp = false;
        let claims =
            jsonwebtoken::decode::<Claims>(presented.token, key, &validation).map_err(|_| NotBelieved::Token)?.claims;
        if claims.is_of(&self.issuer, &self.audience)
            && claims.is_current(now, self.life_max)
            && claims.is_well_formed()
        {
            self.bearer(claims)
        } else {
            Err(NotBelieved::Token)
        }
    }

    fn bearer(&self, claims: Claims) -> Result<Bearer, NotBelieved> {
        let organisation = match claims.others.get(&self.organisation_claim) {
            None => None,
            Some(Value::String(code)) if is_code(code) => Some(OrganisationCode(code.clone())),
            Some(_) => return Err(NotBelieved::Token),
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
