//! Adopting a policy: from now on its numbers rule. Activation is an act of its own in the trail, pointing at the hash.

use super::{Desk, Failure};
use crate::domain::audit::{Action, Call, Event, ObjectKind};
use crate::domain::matching::policy::CompiledPolicy;
use crate::store;
use crate::store::Recorded;
use crate::store::policy::StoredPolicy;

/// Adopts a policy that has been checked; it is in force at once. Returns what is stored.
pub async fn adopt_policy(desk: &Desk, call: &Call, policy: &CompiledPolicy) -> Result<StoredPolicy, Failure> {
    let at = desk.clock.now();
    let stored = StoredPolicy {
        hash: policy.hash_hex().to_owned(),
        name: policy.name().to_owned(),
        document: String::from_utf8_lossy(&policy.canonical_bytes()).into_owned(),
        adopted_by: super::identity(&call.actor),
        adopted_at: at,
        valid_from: at,
    };
    desk.store
        .write(call, at, async |tx| {
            store::policy::insert(tx, &stored).await?;
            let event = Event::new("policy.adopted", Action::Create, "adopt_policy").about_all(ObjectKind::Policy);
            Ok(Recorded::new(stored, event))
        })
        .await
}

/// The policies adopted so far, the one in force first.
pub async fn list_policies(desk: &Desk, call: &Call) -> Result<Vec<StoredPolicy>, Failure> {
    let at = desk.clock.now();
    let found = desk.store.read(async |tx| Ok::<_, Failure>(store::policy::list(tx).await?)).await?;
    let event = Event::new("policy.listed", Action::Read, "list_policies").about_all(ObjectKind::Policy);
    desk.store.record(call, at, vec![event]).await?;
    Ok(found)
}
