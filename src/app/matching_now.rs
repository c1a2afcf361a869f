//! Matching one referral against the world as the transaction sees it. Used by every operation that needs a verdict.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::standing::{Candidate, Chosen, candidate};
use super::{Desk, Failure};
use crate::domain::advice::advise;
use crate::domain::ids::{ResultId, UnitId};
use crate::domain::matching::evaluate::evaluate_with_input;
use crate::domain::matching::policy::CompiledPolicy;
use crate::domain::matching::result::MatchResult;
use crate::domain::matching::view::{ConsentState, ConsentView, LinkedView, ReferralView};
use crate::domain::placement::refusal::MissingGround;
use crate::domain::referral::request::Referral;
use crate::domain::referral::vocabulary::Tier;
use crate::store::match_result::StoredMatch;
use crate::store::{self, Tx};

/// A match that has just been made, not stored yet: the answer, the canonical text of its input, and when.
pub(super) struct Matched {
    result: MatchResult,
    input: String,
    at: DateTime<Utc>,
    policy: Arc<CompiledPolicy>,
}

/// Matches a referral as the world is at `at`. The hold of its own live proposal does not count against it.
pub(super) async fn match_now(
    desk: &Desk,
    tx: &mut Tx<'_>,
    referral: &Referral,
    at: DateTime<Utc>,
) -> Result<Matched, Failure> {
    let policy = desk.policies.in_force(tx, at).await?;
    let mut snapshot = store::snapshot::load(tx, at).await?;
    if let Some(own) = store::proposal::live_of(tx, referral.id, at).await? {
        let held = snapshot.units.iter_mut().find(|unit| unit.id == own.unit).and_then(|unit| unit.capacity.as_mut());
        if let Some(count) = held {
            count.held = count.held.saturating_sub(own.beds);
        }
    }
    let conflicts = referral.circumstances.known_conflicts.known().cloned().unwrap_or_default();
    snapshot.whereabouts = store::snapshot::whereabouts(tx, &conflicts, at).await?;
    let view = view_of(tx, referral, at).await?;
    let (result, input) = evaluate_with_input(&policy, &view, &snapshot, at);
    Ok(Matched { result, input, at, policy })
}

/// What the engine may see of a referral.
async fn view_of(tx: &mut Tx<'_>, referral: &Referral, at: DateTime<Utc>) -> Result<ReferralView, Failure> {
    let mut linked = Vec::new();
    for id in referral.circumstances.linked_referrals.known().into_iter().flatten() {
        if let Some(other) = store::referral::load(tx, *id).await? {
            linked.push(LinkedView { id: *id, birth: other.circumstances.birth });
        }
    }
    let standing_objections = store::proposal::objected_units(tx, referral.id).await?;
    Ok(view(referral, linked, standing_objections, at))
}

/// What the engine may see of a referral, with what is known of the referrals and proposals around it.
pub(crate) fn view(
    referral: &Referral,
    linked: Vec<LinkedView>,
    standing_objections: Vec<UnitId>,
    at: DateTime<Utc>,
) -> ReferralView {
    ReferralView {
        id: referral.id,
        received_at: referral.received_at,
        tier: Some(referral.effective_tier()),
        circumstances: referral.circumstances.clone(),
        consent: consent_view(referral, at.date_naive()),
        linked,
        standing_objections,
    }
}

/// The consent as a rule reads it. Which city it covers is looked at when something is about to be shared.
fn consent_view(referral: &Referral, day: NaiveDate) -> ConsentView {
    let state = match referral.missing_ground_anywhere(day) {
        None => ConsentState::Given,
        Some(MissingGround::NotRecorded) => ConsentState::NotRecorded,
        Some(MissingGround::SignerUnclear) => ConsentState::SignerUnclear,
        Some(MissingGround::Withdrawn) => ConsentState::Withdrawn,
        Some(
            MissingGround::Refused
            | MissingGround::NoShelterRequest
            | MissingGround::OutsideScope
            | MissingGround::NotWritten
            | MissingGround::NotForThisReferrer
            | MissingGround::Unexplained,
        ) => ConsentState::Refused,
    };
    ConsentView { state, signed_by: referral.consent.signed_by, source: None, as_of: None }
}

impl Matched {
    /// How one unit stands.
    pub(super) fn candidate(&self, unit: UnitId) -> Option<Candidate> {
        candidate(&self.result, unit)
    }

    /// The unit that the match proposes, if it proposes one.
    pub(super) fn first(&self) -> Option<(UnitId, Candidate)> {
        let unit = self.result.proposed?;
        Some((unit, self.candidate(unit)?))
    }

    /// The candidate with the terms of the policy in force.
    pub(super) fn chosen(&self, candidate: &Candidate, tier: Tier) -> Chosen {
        Chosen {
            standing: candidate.standing,
            beds: candidate.beds,
            hold: self.policy.hold(tier),
            holidays: self.policy.holidays().to_vec(),
        }
    }

    /// Stores the match with its texts, byte for byte replayable, and with the advice beside it.
    pub(super) async fn store(
        mut self,
        desk: &Desk,
        tx: &mut Tx<'_>,
        id: ResultId,
        referral: &Referral,
    ) -> Result<StoredMatch, Failure> {
        desk.texts.write(&mut self.result);
        let locations = store::catalogue::locations(tx).await?;
        let at = self.at;
        let advice = advise(&desk.advice_cards, &referral.circumstances, &locations, &self.result.route, at);
        let stored = StoredMatch {
            id,
            referral: referral.id,
            made_at: at,
            policy_hash: self.result.policy_hash.clone(),
            texts_hash: self.result.texts_hash.clone(),
            input: self.input,
            result: self.result.canonical(),
            advice: serde_json::to_string(&advice).map_err(|_| Failure::Broken)?,
        };
        store::match_result::insert(tx, &stored).await?;
        Ok(stored)
    }
}
