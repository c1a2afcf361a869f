//! The one door of the engine: a referral, the units at one instant, a policy; out comes the whole answer.
//!
//! Pure: same policy, same input, same bytes, on every machine. The answer is advice; only a coordinator decides.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

pub use super::stored::StoredInput;
use super::{
    canonical, cards,
    columns::CompiledSnapshot,
    compiled_referral::CompiledReferral,
    confidence::{Ranked, confidence},
    criterion::CriterionCode,
    distances::DISTANCES_VERSION,
    eligibility::eligibility,
    order::{Lottery, Place, compare},
    outlook,
    policy::CompiledPolicy,
    result::{
        BetterLater, Confidence, Confidences, MatchResult, NotWeighed, Priority, Scarcity, ScarcityStage, UnitCard,
    },
    screen::{self, List, Workspace},
    suitability,
    timing::NO_DAY,
    view::ReferralView,
};
use crate::domain::{fact::Verdict, ids::UnitId, matching::snapshot::Snapshot};

/// The version of the engine: a result with another version may not replay.
pub const ENGINE_VERSION: &str = "omm-engine/1";

/// The cards of a list in order, and how sure its first rank is.
pub type Explained = (Vec<UnitCard>, Option<Confidence>);

/// The lists with an order, as the answer names them.
const LISTS: [List; 3] = [List::Now, List::Later, List::Ask];

/// Everything that is known about one evaluation before the answer is written.
pub(super) struct Evaluation<'e> {
    /// The policy.
    pub policy: &'e CompiledPolicy,
    /// The input in normal form.
    pub input: &'e StoredInput,
    /// The units as columns.
    pub units: &'e CompiledSnapshot,
    /// The referral as tables.
    pub compiled: &'e CompiledReferral<'e>,
    /// The verdicts.
    pub work: &'e Workspace,
    /// The last step of the order.
    pub lottery: Lottery<'e>,
}

/// Evaluates a referral against all units.
pub fn evaluate(policy: &CompiledPolicy, view: &ReferralView, snapshot: &Snapshot, now: DateTime<Utc>) -> MatchResult {
    evaluate_with_input(policy, view, snapshot, now).0
}

/// The answer, and the canonical text of the input it rests on, which is made for its hash anyway.
pub fn evaluate_with_input(
    policy: &CompiledPolicy,
    view: &ReferralView,
    snapshot: &Snapshot,
    now: DateTime<Utc>,
) -> (MatchResult, String) {
    let input = StoredInput::normal(view, snapshot, now);
    let mut result = weigh(policy, &input);
    // The input is in normal form already, so this is its canonical text.
    let text = canonical::canonical_text(&input);
    result.input_hash = canonical::hex(&canonical::sha256(text.as_bytes()));
    (result, text)
}

/// The answer without the hash of its input, which takes as long as the rest: for a look that is not stored.
pub(super) fn weigh(policy: &CompiledPolicy, input: &StoredInput) -> MatchResult {
    let units = CompiledSnapshot::compile(policy, &input.snapshot.units, input.now);
    let compiled = CompiledReferral::compile(policy, &input.view, &input.snapshot, &units);
    let mut work = Workspace::default();
    screen::screen(policy, input.view.id, &units, &compiled, &mut work);
    let lottery = Lottery { policy: policy.hash(), referral: input.view.id, ids: &units.ids };
    Evaluation { policy, input, units: &units, compiled: &compiled, work: &work, lottery }.answer()
}

/// The best [`screen::TOP`] of `now`, `later` and `ask`, explained against each other: one page of an answer over far
/// more units than a person reads. What it asks, it asks without counting the units that an answer opens.
///
/// `input` is in normal form and `units` are its units, compiled once; they and the workspace serve one referral after
/// the other.
pub fn best_of_many(
    policy: &CompiledPolicy,
    input: &StoredInput,
    units: &CompiledSnapshot,
    work: &mut Workspace,
) -> [Explained; 3] {
    let compiled = CompiledReferral::compile(policy, &input.view, &input.snapshot, units);
    screen::screen(policy, input.view.id, units, &compiled, work);
    let lottery = Lottery { policy: policy.hash(), referral: input.view.id, ids: &units.ids };
    let evaluation = Evaluation { policy, input, units, compiled: &compiled, work, lottery };
    LISTS.map(|list| {
        let best = evaluation.work.best(list).iter().filter_map(|place| evaluation.rank(*place));
        evaluation.explained(&best.collect::<Vec<_>>())
    })
}

/// Recomputes a stored result.
pub fn replay(policy: &CompiledPolicy, stored: &StoredInput) -> MatchResult {
    evaluate(policy, &stored.view, &stored.snapshot, stored.now)
}

/// One unit of a fresh evaluation: the re-check of a decision. The whole evaluation is cheap, so it is simply run.
pub fn recheck(
    policy: &CompiledPolicy,
    view: &ReferralView,
    snapshot: &Snapshot,
    now: DateTime<Utc>,
    unit: UnitId,
) -> Option<UnitCard> {
    let mut result = weigh(policy, &StoredInput::normal(view, snapshot, now));
    let found = result.cards_mut().find(|card| card.unit == unit)?;
    Some(found.clone())
}

impl Evaluation<'_> {
    fn answer(&self) -> MatchResult {
        let [(now, sure_now), (later, sure_later), (ask, sure_ask)] =
            LISTS.map(|list| self.explained(&self.ranked(list)));
        let consent = screen::consent(self.work);
        let mut result = MatchResult {
            referral: self.input.view.id,
            at: self.input.now,
            snapshot_at: self.input.snapshot.at,
            policy_hash: self.policy.hash_hex().to_owned(),
            texts_hash: String::new(),
            engine_version: format!("{ENGINE_VERSION} {DISTANCES_VERSION}"),
            input_hash: String::new(),
            route: self.compiled.route.clone(),
            eligibility: eligibility(self.policy, &self.input.view, &self.compiled.route, &self.compiled.multi),
            provisional: consent != Verdict::Yes,
            score_max: Decimal::new(self.compiled.weights.iter().sum(), 4),
            not_weighed: self.not_weighed(),
            proposed: now.first().or(later.first()).map(|card| card.unit),
            better_later: better_later(&now, &later),
            now,
            later,
            ask,
            out: self.cards_outside(|list, _| list.is_none()),
            set_aside: self.cards_outside(|list, aside| list.is_some() && aside),
            confidence: Confidences { now: sure_now, later: sure_later, ask: sure_ask },
            relaxations: Vec::new(),
            nearest: Vec::new(),
            questions: Vec::new(),
            scarcity: Scarcity { stage: ScarcityStage::Off },
            priority: Priority { tier: self.input.view.tier, waiting_since: self.input.view.received_at },
        };
        outlook::complete(&mut result);
        result
    }

    /// The cards of a list or of its beginning, and how sure its first rank is among them.
    fn explained(&self, list: &[Ranked]) -> Explained {
        let sure = confidence(self.policy, &self.compiled.weights, list, &self.lottery);
        (self.cards_of(list, sure.as_ref()), sure)
    }

    /// All units of a list, in order.
    fn ranked(&self, list: List) -> Vec<Ranked> {
        let mut places: Vec<Place> = (0_u32..)
            .zip(&self.units.ids)
            .filter(|(at, _)| self.work.list(*at as usize) == Some(list) && !self.is_set_aside(*at))
            .map(|(at, _)| {
                let day = self.work.day(at as usize).unwrap_or(NO_DAY);
                let score = screen::score_at(self.units, self.compiled, at as usize, day);
                screen::place(self.units, self.compiled, at, score, day)
            })
            .collect();
        places.sort_by(|a, b| compare(a, b, &self.lottery).0);
        places.into_iter().filter_map(|place| self.rank(place)).collect()
    }

    pub(super) fn rank(&self, place: Place) -> Option<Ranked> {
        let at = place.at as usize;
        let side = self.compiled.unit_side(self.units, at, self.work.day(at))?;
        let values = self.compiled.person.values(self.policy, side);
        Some(Ranked { unit: *self.units.ids.get(at)?, place, values })
    }

    fn is_set_aside(&self, at: u32) -> bool {
        self.compiled.set_aside.binary_search(&at).is_ok()
    }

    fn cards_of(&self, list: &[Ranked], sure: Option<&Confidence>) -> Vec<UnitCard> {
        let level: &[UnitId] = sure.map_or(&[], |sure| &sure.toss_up);
        let mut cards = Vec::with_capacity(list.len());
        let mut before: Option<&Ranked> = None;
        for (ranked, position) in list.iter().zip(1_u16..) {
            let Some(mut card) = cards::card(self, ranked.place.at as usize) else { continue };
            cards::write_score(self, &mut card, &ranked.values);
            card.rank = Some(if level.contains(&ranked.unit) { 1 } else { position });
            card.tie = before.and_then(|before| compare(&before.place, &ranked.place, &self.lottery).1);
            card.against_first = list
                .first()
                .filter(|first| first.unit != ranked.unit)
                .map(|first| cards::comparison(self, list, first, ranked));
            cards.push(card);
            before = Some(ranked);
        }
        cards
    }

    fn cards_outside(&self, wanted: impl Fn(Option<List>, bool) -> bool) -> Vec<UnitCard> {
        let mut found: Vec<UnitCard> = (0_u32..)
            .zip(&self.units.ids)
            .filter(|(at, _)| wanted(self.work.list(*at as usize), self.is_set_aside(*at)))
            .filter_map(|(at, _)| cards::card(self, at as usize))
            .collect();
        found.sort_by(|a, b| a.code.cmp(&b.code).then(a.unit.cmp(&b.unit)));
        found
    }

    fn not_weighed(&self) -> Vec<NotWeighed> {
        let person = &self.compiled.person;
        let left_out = self.policy.order.iter().filter(|criterion| !person.weighs(**criterion));
        left_out
            .map(|criterion| NotWeighed {
                criterion: *criterion,
                weight: Decimal::new(self.weight_in_policy(*criterion), 4),
                facts: cards::open_facts(&self.input.view, suitability::reads(*criterion)),
            })
            .collect()
    }

    fn weight_in_policy(&self, criterion: CriterionCode) -> i64 {
        let weights = CriterionCode::ALL.iter().zip(self.policy.weights);
        weights.into_iter().find(|(code, _)| **code == criterion).map_or(0, |(_, weight)| weight)
    }
}

/// A later place with a higher score than the first of today.
fn better_later(now: &[UnitCard], later: &[UnitCard]) -> Option<BetterLater> {
    let (today, later) = (now.first()?, later.first()?);
    let difference = later.score?.value - today.score?.value;
    (difference > Decimal::ZERO).then_some(BetterLater { unit: later.unit, start: later.start?, difference })
}

#[cfg(test)]
mod tests;
