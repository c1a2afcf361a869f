//! What went into a result, in one canonical form: the same facts in another order are the same input.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    canonical,
    result::MatchResult,
    snapshot::{Snapshot, UnitState},
    view::ReferralView,
};
use crate::domain::{fact::Fact, referral::facts::Circumstances};

/// The whole input of one evaluation, besides the policy: stored with the result, so that it can be replayed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StoredInput {
    /// The referral as the engine saw it.
    pub view: ReferralView,
    /// The units.
    pub snapshot: Snapshot,
    /// The instant.
    pub now: DateTime<Utc>,
}

impl StoredInput {
    /// An input in normal form: lists without order are sorted, and what no rule reads is left out.
    #[must_use]
    pub fn normal(view: &ReferralView, snapshot: &Snapshot, now: DateTime<Utc>) -> Self {
        let mut input = Self { view: view.clone(), snapshot: snapshot.clone(), now };
        normalise_view(&mut input.view);
        let conflicts = input.view.circumstances.known_conflicts.known().cloned().unwrap_or_default();
        input.snapshot.whereabouts.retain(|other, _| conflicts.contains(other));
        for units in input.snapshot.whereabouts.values_mut() {
            sort_set(units);
        }
        input.snapshot.units.sort_by_key(|unit| unit.id);
        for unit in &mut input.snapshot.units {
            normalise_unit(unit);
        }
        input
    }

    /// Reads a stored input back.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// The canonical bytes of the normal form: what `input_hash` is of.
    pub fn canonical_bytes(&self) -> Vec<u8> {
        self.canonical().into_bytes()
    }

    /// The same as text.
    pub fn canonical(&self) -> String {
        canonical::canonical_text(&Self::normal(&self.view, &self.snapshot, self.now))
    }
}

impl MatchResult {
    /// The canonical bytes of the answer: what is stored, and what a replay has to equal.
    pub fn canonical_bytes(&self) -> Vec<u8> {
        self.canonical().into_bytes()
    }

    /// The same as text.
    pub fn canonical(&self) -> String {
        canonical::canonical_text(self)
    }
}

fn sort_set<T: Ord>(list: &mut Vec<T>) {
    list.sort_unstable();
    list.dedup();
}

fn set<T: Ord>(fact: &mut Fact<Vec<T>>) {
    if let Some(list) = &mut fact.value {
        sort_set(list);
    }
}

fn normalise_view(view: &mut ReferralView) {
    let facts: &mut Circumstances = &mut view.circumstances;
    // Twins are two children, so this one is sorted but not a set.
    if let Some(children) = &mut facts.children_along.value {
        children.sort_unstable();
    }
    set(&mut facts.linked_referrals);
    set(&mut facts.exploitation_forms);
    set(&mut facts.danger_regions);
    set(&mut facts.service_needs);
    set(&mut facts.must_have_care);
    set(&mut facts.known_conflicts);
    set(&mut facts.ties_to_keep);
    set(&mut facts.life_domains);
    set(&mut facts.living_form_unsuitable);
    let linked = facts.linked_referrals.known().cloned().unwrap_or_default();
    view.linked.retain(|one| linked.contains(&one.id));
    // One linked referral twice with different facts is a fault of the caller; even then its order does not count.
    view.linked.sort_by_cached_key(|one| (one.id, canonical::canonical_bytes(one)));
    view.linked.dedup_by_key(|one| one.id);
    sort_set(&mut view.standing_objections);
}

fn normalise_unit(unit: &mut UnitState) {
    unit.ends.sort_unstable();
    sort_set(&mut unit.contraindications);
}
