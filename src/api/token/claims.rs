//! What a token says, once its signature holds: read strictly, a claim that stands twice is refused (RFC 7519 section 4).

use std::fmt;

use chrono::{DateTime, Duration, Utc};
use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor},
};
use serde_json::{Map, Value};

/// Clocks of issuer and service may differ so much.
const LEEWAY: Duration = Duration::seconds(30);
/// Names end up in the trail; no issuer numbers people at greater length.
const CLAIM_LENGTH_MAX: usize = 255;

/// The claims of an access token.
pub(super) struct Claims {
    pub iss: String,
    aud: Audience,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    pub sub: String,
    pub client_id: String,
    azp: Option<String>,
    jti: String,
    /// All of them, those that issuers choose among them.
    pub others: Map<String, Value>,
}

#[derive(Deserialize)]
struct Known {
    iss: String,
    aud: Audience,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    sub: String,
    client_id: String,
    azp: Option<String>,
    jti: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Claims {
    /// From this issuer, for this audience, and presented by the program it was given to.
    pub fn is_of(&self, issuer: &str, audience: &str) -> bool {
        let for_us = match &self.aud {
            Audience::One(name) => name == audience,
            Audience::Several(names) => names.iter().any(|name| name == audience),
        };
        self.iss == issuer && for_us && self.azp.as_ref().is_none_or(|azp| *azp == self.client_id)
    }

    /// It lives now, and no longer in all than its issuer's tokens may.
    pub fn is_current(&self, now: DateTime<Utc>, life_max: Duration) -> bool {
        let (now, leeway) = (now.timestamp(), LEEWAY.num_seconds());
        let life = self.exp.checked_sub(self.iat);
        now < self.exp.saturating_add(leeway)
            && self.iat <= now.saturating_add(leeway)
            && self.nbf.is_none_or(|start| start <= now.saturating_add(leeway))
            && life.is_some_and(|life| life > 0 && life <= life_max.num_seconds())
    }

    /// Names end up in the trail: none is empty, endless or made of control characters.
    pub fn is_well_formed(&self) -> bool {
        [&self.sub, &self.client_id, &self.jti]
            .into_iter()
            .all(|name| !name.is_empty() && name.len() <= CLAIM_LENGTH_MAX && !name.chars().any(char::is_control))
    }
}

impl<'de> Deserialize<'de> for Claims {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let all = deserializer.deserialize_map(OnceEach)?;
        let known = Known::deserialize(&all).map_err(D::Error::custom)?;
        let Known { iss, aud, exp, iat, nbf, sub, client_id, azp, jti } = known;
        Ok(Self { iss, aud, exp, iat, nbf, sub, client_id, azp, jti, others: all })
    }
}

/// Reads an object in which no name stands twice.
struct OnceEach;

impl<'de> Visitor<'de> for OnceEach {
    type Value = Map<String, Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("claims, each once")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let mut all = Map::new();
        while let Some((name, value)) = access.next_entry::<String, Value>()? {
            if all.insert(name, value).is_some() {
                return Err(A::Error::custom("a claim stands twice"));
            }
        }
        Ok(all)
    }
}
