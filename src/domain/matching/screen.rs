//! The hot path: all verdicts of one referral at all units, the score where nothing fails, the best of each list.
//!
//! Masks for all units first, scores only where they are needed, and no allocation: the workspace keeps its room from
//! one referral to the next. Everything that explains is built later, from the same codes and the same functions.

use super::{
    bits::{Masks, RuleBit, SERVICES, is_out},
    columns::{CompiledSnapshot, NOT_DOCUMENTED, verdict_at},
    compiled_referral::CompiledReferral,
    finding::RuleCode,
    order::{self, Place},
    policy::CompiledPolicy,
    rules,
    timing::{NO_DAY, Timing},
};
use crate::domain::{fact::Verdict, ids::ReferralId, referral::needs::Service};

/// How many of each list are kept in order.
pub const TOP: usize = 10;

/// What the hot path writes; keeps its room between referrals.
#[derive(Default)]
pub struct Workspace {
    /// Packed verdicts per unit.
    masks: Vec<u64>,
    /// Start day per unit, or [`NO_DAY`].
    days: Vec<u16>,
    /// The best of `now`, `later` and `ask`.
    best: [Best; 3],
}

/// The best places of one list, in order.
#[derive(Default)]
pub struct Best {
    places: [Place; TOP],
    len: usize,
}

/// The lists of places that are not out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// FIT today.
    Now,
    /// FIT later.
    Later,
    /// Not known.
    Ask,
}

impl Best {
    /// The places in order.
    pub fn places(&self) -> &[Place] {
        self.places.get(..self.len).unwrap_or(&[])
    }

    fn clear(&mut self) {
        self.len = 0;
    }

    /// Puts a place where it belongs, or leaves it if ten are better.
    #[inline]
    fn offer(&mut self, place: Place, lottery: &order::Lottery<'_>) {
        if self.len == TOP
            && let Some(last) = self.places.last()
            && (place.score < last.score || !order::before(&place, last, lottery))
        {
            return;
        }
        let at = self.places().partition_point(|better| order::before(better, &place, lottery));
        if self.len < TOP {
            self.len += 1;
        }
        if let Some(tail) = self.places.get_mut(at..self.len) {
            tail.rotate_right(1);
            if let Some(first) = tail.first_mut() {
                *first = place;
            }
        }
    }
}

impl Workspace {
    /// The masks of one unit, by its position.
    pub fn masks(&self, at: usize) -> Masks {
        Masks::unpacked(self.masks.get(at).copied().unwrap_or(0))
    }

    /// The start day of one unit, by its position.
    pub fn day(&self, at: usize) -> Option<u16> {
        self.days.get(at).copied().filter(|day| *day != NO_DAY)
    }

    /// The list a unit stands in; `None` is OUT.
    pub fn list(&self, at: usize) -> Option<List> {
        list_of(*self.masks.get(at)?, *self.days.get(at)?)
    }

    /// The best places of a list.
    pub fn best(&self, list: List) -> &[Place] {
        self.slot(list).map_or(&[], Best::places)
    }

    /// Where its buffers lie and how much room they have: both stay while it takes no memory.
    #[cfg(test)]
    pub fn rooms(&self) -> [(usize, usize); 2] {
        [(self.masks.as_ptr().addr(), self.masks.capacity()), (self.days.as_ptr().addr(), self.days.capacity())]
    }

    fn slot(&self, list: List) -> Option<&Best> {
        self.best.get(list as usize)
    }
}

/// The number of the list of a unit; 3 is OUT.
#[inline]
fn slot_of(mask: u64, day: u16) -> usize {
    let fit = usize::from(day != 0);
    let open = if is_out(mask) { 3 } else { List::Ask as usize };
    if mask == 0 { fit } else { open }
}

#[inline]
fn list_of(mask: u64, day: u16) -> Option<List> {
    if mask == 0 {
        Some(if day == 0 { List::Now } else { List::Later })
    } else if is_out(mask) {
        None
    } else {
        Some(List::Ask)
    }
}

/// Screens all units for one referral.
pub fn screen(
    policy: &CompiledPolicy,
    referral: ReferralId,
    units: &CompiledSnapshot,
    compiled: &CompiledReferral<'_>,
    work: &mut Workspace,
) {
    work.masks.clear();
    work.masks.resize(units.len(), 0);
    work.days.clear();
    work.days.resize(units.len(), NO_DAY);
    for best in &mut work.best {
        best.clear();
    }
    look_up(units, compiled, &mut work.masks);
    count_days(units, compiled, work);
    look_closer(units, compiled, &mut work.masks);
    let lottery = order::Lottery { policy: policy.hash(), referral, ids: &units.ids };
    choose(units, compiled, work, &lottery);
}

/// Everything that is one look-up in a table of the referral.
fn look_up(units: &CompiledSnapshot, compiled: &CompiledReferral<'_>, masks: &mut [u64]) {
    let codes = units.admit.iter().zip(&units.setting).zip(&units.status).zip(&units.site).zip(&units.special);
    for (mask, ((((admit, setting), status), site), special)) in masks.iter_mut().zip(codes) {
        *mask = compiled.admit.get(usize::from(*admit)).copied().unwrap_or(0)
            | compiled.setting.get(usize::from(*setting)).copied().unwrap_or(0)
            | compiled.status.get(usize::from(*status & 15)).copied().unwrap_or(0)
            | compiled.sites.get(*site as usize).map_or(0, |site| site.0)
            | compiled.specials.get(*special as usize).copied().unwrap_or(0);
    }
}

/// R-BEDS, R-AGE and the start day.
fn count_days(units: &CompiledSnapshot, compiled: &CompiledReferral<'_>, found: &mut Workspace) {
    let [alone, ..] = &units.bed_codes;
    let codes = compiled.bed_codes(units).iter().zip(alone).zip(&units.counts_children).zip(&units.age);
    let rows = found.masks.iter_mut().zip(found.days.iter_mut());
    for ((mask, day), (((with_children, alone), counts), age)) in rows.zip(codes) {
        let (code, from) = if *counts { (*with_children, 0) } else { (*alone, compiled.starts_alone) };
        let row = from + *age as usize * compiled.starts_stride + usize::from(code);
        let (word, start) = compiled.starts.get(row).copied().unwrap_or((0, NO_DAY));
        *mask |= word | compiled.age_words.get(*age as usize).copied().unwrap_or(0);
        *day = start;
    }
}

/// When the household can start at one unit, with the reasons.
pub fn timing_at(units: &CompiledSnapshot, compiled: &CompiledReferral<'_>, found: &Workspace, at: usize) -> Timing {
    let free = units.free_places(at);
    let beds = beds_at(units, compiled, at);
    let expected = if free.confirmed(beds).is_none() { free.expected(beds) } else { None };
    Timing { beds: found.masks(at).verdict(RuleBit::of(RuleCode::Beds)), start: found.day(at), expected }
}

/// The places the household takes at a unit; an open number of children counts as none.
pub fn beds_at(units: &CompiledSnapshot, compiled: &CompiledReferral<'_>, at: usize) -> u16 {
    let counts = units.counts_children.get(at).copied().unwrap_or(true);
    if counts { compiled.children.saturating_add(1) } else { 1 }
}

/// Where the word of a sufficient number stands in [`service_words`], before that of too small a number.
const WORD_OF_ENOUGH: usize = 4;

/// The words that R-SERVICE can give for one need: by the code of the attribute while no number is documented, then
/// for enough and for too few.
fn service_words(needed: u16, service: Service, on: u64) -> [u64; 8] {
    let bit = RuleBit { rule: RuleCode::Service, service: Some(service) };
    let word = |left: i32, step_free: u8| {
        bit.packed(rules::service::verdict(needed, left, service, verdict_at(step_free, 0))) & on
    };
    let open = |step_free: u8| word(NOT_DOCUMENTED, step_free);
    let (enough, too_few) = (word(i32::from(needed), 0), word(i32::from(needed) - 1, 0));
    [open(0), open(1), open(2), open(3), enough, too_few, 0, 0]
}

/// The rules that most referrals or most units have nothing to say about.
fn look_closer(units: &CompiledSnapshot, compiled: &CompiledReferral<'_>, masks: &mut [u64]) {
    for ((needed, service), column) in compiled.needs.into_iter().zip(SERVICES).zip(&units.services) {
        if needed > 0 {
            let words = service_words(needed, service, compiled.rules_on);
            let needed = i32::from(needed);
            for ((mask, left), step_free) in masks.iter_mut().zip(column).zip(&units.step_free) {
                // Without a branch, because whether a number is documented differs from unit to unit.
                let documented = usize::from(*left != NOT_DOCUMENTED);
                let known = WORD_OF_ENOUGH + usize::from(*left < needed);
                let word = documented * known + (1 - documented) * usize::from(*step_free & 3);
                *mask |= words.get(word & 7).copied().unwrap_or(0);
            }
        }
    }
    if compiled.conflict_elsewhere != 0 {
        for mask in masks.iter_mut() {
            *mask |= compiled.conflict_elsewhere;
        }
    }
    for (at, word) in &compiled.conflicts {
        if let Some(mask) = masks.get_mut(*at as usize) {
            *mask = (*mask & !compiled.conflict_elsewhere) | word;
        }
    }
}

/// Scores what is not out, and keeps the best of each list.
fn choose(
    units: &CompiledSnapshot,
    compiled: &CompiledReferral<'_>,
    work: &mut Workspace,
    lottery: &order::Lottery<'_>,
) {
    let codes = units.need.iter().zip(&units.setting).zip(&units.wish).zip(&units.talk).zip(&units.site);
    let rows = work.masks.iter().zip(&work.days).zip(codes).zip(0_u32..);
    // The score a unit has to reach to be among the best of its list; the last entry is that of OUT.
    let mut enough = [i64::MIN, i64::MIN, i64::MIN, i64::MAX];
    for (((mask, day), ((((need, setting), wish), talk), site)), at) in rows {
        let score = compiled.need_score.get(usize::from(*need)).copied().unwrap_or(0)
            + compiled.setting_score.get(usize::from(*setting)).copied().unwrap_or(0)
            + compiled.wish_score.get(usize::from(*wish)).copied().unwrap_or(0)
            + compiled.talk_score.get(usize::from(*talk & 3)).copied().unwrap_or(0)
            + compiled.sites.get(*site as usize).map_or(0, |site| site.1)
            + day_score(compiled, *day);
        let list = slot_of(*mask, *day);
        // One branch that is nearly never taken, instead of one per list.
        if enough.get(list).is_some_and(|enough| score < *enough) {
            continue;
        }
        if !compiled.set_aside.is_empty() && compiled.set_aside.binary_search(&at).is_ok() {
            continue;
        }
        let Some(best) = work.best.get_mut(list) else { continue };
        best.offer(place(units, compiled, at, score, *day), lottery);
        if let (Some(enough), TOP, Some(last)) = (enough.get_mut(list), best.len, best.places.last()) {
            *enough = last.score;
        }
    }
}

#[inline]
fn day_score(compiled: &CompiledReferral<'_>, day: u16) -> i64 {
    if day == NO_DAY { compiled.open_day_score } else { compiled.day_score.get(usize::from(day)).copied().unwrap_or(0) }
}

/// A unit as the order sees it.
pub fn place(units: &CompiledSnapshot, compiled: &CompiledReferral<'_>, at: u32, score: i64, day: u16) -> Place {
    let index = at as usize;
    let left =
        if day == NO_DAY { -1 } else { units.free_places(index).on(day) - i32::from(beds_at(units, compiled, index)) };
    Place { at, score, left, last_placement: units.last_placement.get(index).copied().unwrap_or(i64::MIN) }
}

/// The score of one unit, from the same tables as in the loop.
pub fn score_at(units: &CompiledSnapshot, compiled: &CompiledReferral<'_>, at: usize, day: u16) -> i64 {
    let code = |column: &Vec<u8>| column.get(at).copied().map_or(0, usize::from);
    compiled.need_score.get(code(&units.need)).copied().unwrap_or(0)
        + compiled.setting_score.get(code(&units.setting)).copied().unwrap_or(0)
        + compiled.wish_score.get(code(&units.wish)).copied().unwrap_or(0)
        + compiled.talk_score.get(code(&units.talk)).copied().unwrap_or(0)
        + units.site.get(at).and_then(|site| compiled.sites.get(*site as usize)).map_or(0, |site| site.1)
        + day_score(compiled, day)
}

/// True if a verdict mask is FIT.
pub fn is_fit(masks: Masks) -> bool {
    masks == Masks::default()
}

/// R-CONSENT of a screened referral, which is the same at every unit.
pub fn consent(work: &Workspace) -> Verdict {
    if work.masks.is_empty() { Verdict::Unknown } else { work.masks(0).verdict(RuleBit::of(RuleCode::Consent)) }
}
