//! The waiting list: by tier, then waiting time, then a lottery that nobody can steer and everybody can repeat.

use sha2::{Digest, Sha256};

use super::{Desk, Failure};
use crate::domain::audit::{Action, Call, Event, ObjectKind};
use crate::domain::ids::ReferralId;
use crate::domain::matching::canonical::hex;
use crate::domain::referral::request::WaitingRank;
use crate::store;

/// One line of the waiting list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingLine {
    /// Place in the order, from 1.
    pub position: usize,
    /// Who waits.
    pub referral: ReferralId,
    /// What the order rests on.
    pub rank: WaitingRank,
}

/// Reads the waiting list in order.
pub async fn read_waiting_list(desk: &Desk, call: &Call) -> Result<Vec<WaitingLine>, Failure> {
    let at = desk.clock.now();
    let (waiting, policy) = desk
        .store
        .read(async |tx| {
            let policy = desk.policies.in_force(tx, at).await?;
            Ok::<_, Failure>((store::referral::waiting(tx).await?, policy))
        })
        .await?;
    let mut ranked: Vec<(WaitingRank, ReferralId)> = waiting
        .iter()
        .map(|referral| {
            let rank = WaitingRank {
                tier: referral.effective_tier(),
                received_at: referral.received_at,
                lottery: lottery(policy.hash(), referral.id),
            };
            (rank, referral.id)
        })
        .collect();
    ranked.sort();
    let event = || Event::new("waiting_list.read", Action::Read, "read_waiting_list");
    let mut events: Vec<Event> =
        ranked.iter().map(|(_, id)| event().about(ObjectKind::Referral, *id).person(*id).fields(["tier"])).collect();
    if events.is_empty() {
        events.push(event().about_all(ObjectKind::WaitingList));
    }
    desk.store.record(call, at, events).await?;
    let lines = ranked.into_iter().enumerate();
    Ok(lines.map(|(before, (rank, referral))| WaitingLine { position: before + 1, referral, rank }).collect())
}

/// SHA-256 of policy hash and referral id, in hex.
fn lottery(policy_hash: &[u8; 32], referral: ReferralId) -> String {
    hex(&Sha256::new().chain_update(policy_hash).chain_update(referral.0.as_bytes()).finalize())
}
