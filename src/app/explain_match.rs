//! Recomputing a stored match from its stored input. Anything but the same bytes is an incident.

use super::{Desk, Failure};
use crate::domain::audit::{Action, Call, Event, ObjectKind, Sensitivity};
use crate::domain::ids::ResultId;
use crate::domain::matching::evaluate::{self, StoredInput};
use crate::domain::matching::policy::CompiledPolicy;
use crate::store;
use crate::store::match_result::StoredMatch;

/// What recomputing gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replay {
    /// The same bytes.
    Same(StoredMatch),
    /// Other bytes: an incident.
    Different(StoredMatch),
    /// It was made by another version of engine or texts, and cannot be recomputed by this one.
    OtherVersion(StoredMatch),
}

/// Recomputes one stored match.
pub async fn explain_match(desk: &Desk, call: &Call, id: ResultId) -> Result<Replay, Failure> {
    let at = desk.clock.now();
    let (stored, policy) = desk
        .store
        .read(async |tx| {
            let stored = store::match_result::load(tx, id).await?.ok_or(Failure::NotFound)?;
            let policy = store::policy::load(tx, &stored.policy_hash).await?.ok_or(Failure::NoPolicy)?;
            Ok::<_, Failure>((stored, policy))
        })
        .await?;
    let policy = CompiledPolicy::parse(&policy.document).map_err(|_| Failure::NoPolicy)?;
    let replay = replay(desk, &policy, stored)?;
    let event = Event::new("match.replayed", Action::Execute, "explain_match").sensitivity(Sensitivity::Special);
    let event = match &replay {
        Replay::Same(stored) => event.about(ObjectKind::MatchResult, id).person(stored.referral),
        Replay::Different(stored) => {
            event.about(ObjectKind::MatchResult, id).person(stored.referral).failed("internal-error")
        }
        Replay::OtherVersion(stored) => {
            event.about(ObjectKind::MatchResult, id).person(stored.referral).reason("other_version")
        }
    };
    desk.store.record(call, at, vec![event]).await?;
    Ok(replay)
}

fn replay(desk: &Desk, policy: &CompiledPolicy, stored: StoredMatch) -> Result<Replay, Failure> {
    if stored.texts_hash != desk.texts.hash() {
        return Ok(Replay::OtherVersion(stored));
    }
    let input = StoredInput::parse(&stored.input).map_err(|_| Failure::Broken)?;
    let mut again = evaluate::replay(policy, &input);
    desk.texts.write(&mut again);
    Ok(if again.canonical() == stored.result { Replay::Same(stored) } else { Replay::Different(stored) })
}
