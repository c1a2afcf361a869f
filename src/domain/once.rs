//! A request that takes effect once, however often it is sent, and what every change answers.
//!
//! Invariant: neither the key nor what was sent can be read back from here, only compared; and a receipt holds ids, a
//! state and a version, nothing about a person, so that it may be kept and given again.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    audit::Actor,
    catalogue::place::{Place, PlaceState},
    ids::{PlacementId, ReferralId},
    matching::canonical::hex,
    placement::{
        decision::{Assessment, Decision, Outcome},
        proposal::Proposal,
        stay::Placement,
    },
    referral::{lifecycle::Judgement, request::Referral},
};

/// Tells one request from another: the key it came under, and what it asked. In the trail it is the hash of the key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Once {
    key: String,
    body: String,
}

impl Once {
    /// The request of this caller, under this key, to this `route` (method and path), with this body.
    ///
    /// A key is the caller's own: who vouches for it, the program, the person and the route belong to it.
    pub fn of(actor: &Actor, route: &str, key: Uuid, body: &[u8]) -> Self {
        let key = key.to_string();
        let mut hash = Sha256::new();
        for part in [actor.issuer.as_str(), &actor.client, &actor.subject, route, &key] {
            // The length before each part, so that no two lists of parts read the same.
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        Self { key: hex(&hash.finalize()), body: hex(&Sha256::digest(body)) }
    }

    /// SHA-256 of the key with all that belongs to it, in hex.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// SHA-256 of what was sent, in hex; empty where only the trail is left of the request.
    pub fn body(&self) -> &str {
        &self.body
    }
}

impl From<Once> for String {
    fn from(once: Once) -> Self {
        once.key
    }
}

impl From<String> for Once {
    fn from(key: String) -> Self {
        Self { key, body: String::new() }
    }
}

/// What a change answers: which thing, where it stands, and its version. The thing itself is one read away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Receipt {
    /// The thing that was made or changed.
    pub id: Uuid,
    /// The code of the state it is in now.
    pub state: Cow<'static, str>,
    /// Its version, where it has one.
    pub version: Option<i64>,
    /// The referral it belongs to.
    pub referral: Option<ReferralId>,
    /// The placement that follows from it.
    pub placement: Option<PlacementId>,
}

impl Receipt {
    /// The receipt of a thing in a state.
    pub fn new(id: Uuid, state: &'static str) -> Self {
        Self { id, state: state.into(), version: None, referral: None, placement: None }
    }
}

impl From<&Self> for Receipt {
    fn from(receipt: &Self) -> Self {
        receipt.clone()
    }
}

impl From<&Referral> for Receipt {
    fn from(referral: &Referral) -> Self {
        Self { version: Some(referral.version), ..Self::new(referral.id.0, referral.state.name()) }
    }
}

impl From<&Assessment> for Receipt {
    fn from(assessment: &Assessment) -> Self {
        let state = assessment.judgement.map_or("incomplete", Judgement::name);
        Self { referral: Some(assessment.referral), ..Self::new(assessment.id.0, state) }
    }
}

impl From<&Proposal> for Receipt {
    fn from(proposal: &Proposal) -> Self {
        Self {
            version: Some(proposal.version),
            referral: Some(proposal.referral),
            ..Self::new(proposal.id.0, proposal.state.name())
        }
    }
}

impl From<&Decision> for Receipt {
    fn from(decision: &Decision) -> Self {
        let placement = match decision.outcome {
            Outcome::Placed { placement_id, .. } => Some(placement_id),
            Outcome::WaitingList
            | Outcome::TemporaryPlace { .. }
            | Outcome::Redirected { .. }
            | Outcome::Refused { .. } => None,
        };
        Self { referral: Some(decision.referral), placement, ..Self::new(decision.id.0, decision.outcome.name()) }
    }
}

impl From<&Placement> for Receipt {
    fn from(placement: &Placement) -> Self {
        Self {
            version: Some(placement.version),
            referral: Some(placement.referral),
            ..Self::new(placement.id.0, placement.state.name())
        }
    }
}

impl From<&Place> for Receipt {
    fn from(place: &Place) -> Self {
        let state = match place.state {
            PlaceState::Available => "available",
            PlaceState::OutOfUse { .. } => "out_of_use",
        };
        Self::new(place.id.0, state)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::role::Role;

    fn actor(client: &str, subject: &str) -> Actor {
        Actor {
            issuer: "https://login.example".to_owned(),
            subject: subject.to_owned(),
            client: client.to_owned(),
            organisation: None,
            role: Role::Coordinator,
        }
    }

    #[test]
    fn a_key_belongs_to_its_caller_and_its_route() {
        let key = Uuid::from_u128(7);
        let first = Once::of(&actor("desk", "ann"), "POST /referrals", key, b"{}");
        assert_eq!(first, Once::of(&actor("desk", "ann"), "POST /referrals", key, b"{}"));
        for other in [
            Once::of(&actor("other", "ann"), "POST /referrals", key, b"{}"),
            Once::of(&actor("desk", "ben"), "POST /referrals", key, b"{}"),
            Once::of(&actor("des", "kann"), "POST /referrals", key, b"{}"),
            Once::of(&actor("desk", "ann"), "POST /proposals", key, b"{}"),
            Once::of(&actor("desk", "ann"), "POST /referrals", Uuid::from_u128(8), b"{}"),
        ] {
            assert_ne!(other.key(), first.key());
            assert_eq!(other.body(), first.body());
        }
        assert_ne!(Once::of(&actor("desk", "ann"), "POST /referrals", key, b"{ }").body(), first.body());
    }

    #[test]
    fn the_trail_keeps_the_hash_of_the_key_alone() {
        let once = Once::of(&actor("desk", "ann"), "POST /referrals", Uuid::from_u128(7), b"{}");
        let text = serde_json::to_string(&once).unwrap();
        assert_eq!(text, format!("\"{}\"", once.key()));
        assert_eq!(serde_json::from_str::<Once>(&text).unwrap(), Once { body: String::new(), ..once });
    }
}
