//! The hot path: all verdicts of one referral at all units, the score where nothing fails, the best of each list.
//!
//! Masks for all units first, scores only where they are needed, and no allocation: the workspace keeps its room from
//! one referral to the next. Everything that explains is built later, from the same codes and the same functions.

use chrono::{DateTime, Utc};

use super::{
    bits::{Masks, RuleBit, SERVICES, is_out},
    columns::{CompiledSnapshot, verdict_at},
    compiled_referral::CompiledReferral,
    finding::RuleCode,
    order::{self, Place},
    policy::CompiledPolicy,
    rules,
    snapshot::Snapshot,
    timing::{FreePlaces, Timing, timing},
    view::ReferralView,
};
use crate::domain::{fact::Verdict, ids::ReferralId};

/// No start day is known.
pub const NO_DAY: u16 = u16::MAX;
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

    fn slot(&self, list: List) -> Option<&Best> {
        self.best.get(list as usize)
    }
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
    let codes = units.admit.iter().zip(&units.setting).zip(&units.programme).zip(&units.open).zip(&units.site);
    for (mask, ((((admit, setting), programme), open), site)) in masks.iter_mut().zip(codes) {
        let entry = |table: &[u64; 4], code: u8| table.get(usize::from(code & 3)).copied().unwrap_or(0);
        *mask = compiled.admit.get(usize::from(*admit)).copied().unwrap_or(0)
            | compiled.setting.get(usize::from(*setting)).copied().unwrap_or(0)
            | entry(&compiled.programme, *programme)
            | entry(&compiled.open, *open)
            | compiled.sites.get(usize::from(*site)).map_or(0, |site| site.0);
    }
}

/// R-BEDS, R-AGE and the start day.
fn count_days(units: &CompiledSnapshot, compiled: &CompiledReferral<'_>, work: &mut Workspace) {
    let columns = units.free.iter().zip(&units.counts_children).zip(&units.ages).zip(&units.ends);
    let rows = work.masks.iter_mut().zip(work.days.iter_mut());
    for ((mask, day), (((free, counts), ages), ends)) in rows.zip(columns) {
        let beds = if *counts { compiled.children.saturating_add(1) } else { 1 };
        let exact = compiled.children_known || !counts;
        if exact && *free >= i32::from(beds) && compiled.ages.fit_always(*ages, units.horizon) {
            *day = 0;
            continue;
        }
        let free = FreePlaces { today: *free, steps: steps(units, *ends) };
        let found = timing(free, beds, exact, *ages, &compiled.ages, units.horizon);
        *mask |= (RuleBit::of(RuleCode::Beds).packed(found.beds) | RuleBit::of(RuleCode::Age).packed(found.age))
            & compiled.rules_on;
        *day = found.start.unwrap_or(NO_DAY);
    }
}

fn steps(units: &CompiledSnapshot, ends: (u32, u32)) -> &[(u16, u16, u16)] {
    units.steps.get(ends.0 as usize..ends.1 as usize).unwrap_or(&[])
}

/// When the household can start at one unit, with the reasons.
pub fn timing_at(units: &CompiledSnapshot, compiled: &CompiledReferral<'_>, at: usize) -> Option<Timing> {
    let counts = *units.counts_children.get(at)?;
    let free = FreePlaces { today: *units.free.get(at)?, steps: steps(units, *units.ends.get(at)?) };
    let beds = if counts { compiled.children.saturating_add(1) } else { 1 };
    let exact = compiled.children_known || !counts;
    Some(timing(free, beds, exact, *units.ages.get(at)?, &compiled.ages, units.horizon))
}

/// The rules that most referrals or most units have nothing to say about.
fn look_closer(units: &CompiledSnapshot, compiled: &CompiledReferral<'_>, masks: &mut [u64]) {
    let on = compiled.rules_on;
    for ((needed, service), column) in compiled.needs.into_iter().zip(SERVICES).zip(&units.services) {
        if needed > 0 {
            let bit = RuleBit { rule: RuleCode::Service, service: Some(service) };
            for ((mask, left), step_free) in masks.iter_mut().zip(column).zip(&units.step_free) {
                let verdict = rules::service::verdict(needed, *left, service, verdict_at(*step_free, 0));
                *mask |= bit.packed(verdict) & on;
            }
        }
    }
    if compiled.care.contains(&true) {
        let bit = RuleBit::of(RuleCode::Mustcare);
        for (mask, code) in masks.iter_mut().zip(&units.care) {
            let needed = compiled.care.iter().zip([0_u8, 2, 4]).filter(|(needed, _)| **needed);
            let verdict = rules::mustcare::verdict(needed.map(|(_, shift)| verdict_at(*code, shift)));
            *mask |= bit.packed(verdict) & on;
        }
    }
    let (contra, fixed) = (RuleBit::of(RuleCode::Contra), RuleBit::of(RuleCode::Group));
    for ((mask, listed), group) in masks.iter_mut().zip(&units.contraindications).zip(&units.group) {
        if *listed != 0 {
            let verdict = rules::contra::verdict(*listed, compiled.contra_applies, compiled.contra_open);
            *mask |= contra.packed(verdict) & on;
        }
        if *group != 0 {
            *mask |= fixed.packed(rules::group::verdict(compiled.group, *group)) & on;
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
    let mut set_aside = compiled.set_aside.iter().peekable();
    for (((mask, day), ((((need, setting), wish), talk), site)), at) in rows {
        if set_aside.next_if(|aside| **aside == at).is_some() {
            continue;
        }
        let Some(list) = list_of(*mask, *day) else { continue };
        let score = compiled.need_score.get(usize::from(*need)).copied().unwrap_or(0)
            + compiled.setting_score.get(usize::from(*setting)).copied().unwrap_or(0)
            + compiled.wish_score.get(usize::from(*wish)).copied().unwrap_or(0)
            + compiled.talk_score.get(usize::from(*talk & 3)).copied().unwrap_or(0)
            + compiled.sites.get(usize::from(*site)).map_or(0, |site| site.1)
            + day_score(compiled, *day);
        let Some(best) = work.best.get_mut(list as usize) else { continue };
        if best.len == TOP && best.places.last().is_some_and(|last| score < last.score) {
            continue;
        }
        best.offer(place(units, compiled, at, score, *day), lottery);
    }
}

#[inline]
fn day_score(compiled: &CompiledReferral<'_>, day: u16) -> i64 {
    if day == NO_DAY { compiled.open_day_score } else { compiled.day_score.get(usize::from(day)).copied().unwrap_or(0) }
}

/// A unit as the order sees it.
pub fn place(units: &CompiledSnapshot, compiled: &CompiledReferral<'_>, at: u32, score: i64, day: u16) -> Place {
    let index = at as usize;
    let counts = units.counts_children.get(index).copied().unwrap_or(true);
    let beds = if counts { compiled.children.saturating_add(1) } else { 1 };
    let left = if day == NO_DAY {
        -1
    } else {
        let free = units.free.get(index).copied().unwrap_or(0);
        let ends = units.ends.get(index).copied().unwrap_or((0, 0));
        FreePlaces { today: free, steps: steps(units, ends) }.on(day) - i32::from(beds)
    };
    Place { at, score, left, last_placement: units.last_placement.get(index).copied().unwrap_or(i64::MIN) }
}

/// The score of one unit, from the same tables as in the loop.
pub fn score_at(units: &CompiledSnapshot, compiled: &CompiledReferral<'_>, at: usize, day: u16) -> i64 {
    let code = |column: &Vec<u8>| column.get(at).copied().map_or(0, usize::from);
    compiled.need_score.get(code(&units.need)).copied().unwrap_or(0)
        + compiled.setting_score.get(code(&units.setting)).copied().unwrap_or(0)
        + compiled.wish_score.get(code(&units.wish)).copied().unwrap_or(0)
        + compiled.talk_score.get(code(&units.talk)).copied().unwrap_or(0)
        + units.site.get(at).and_then(|site| compiled.sites.get(usize::from(*site))).map_or(0, |site| site.1)
        + day_score(compiled, day)
}

/// The masks of every unit of a snapshot, in its order: the verdicts alone.
pub fn masks_of(policy: &CompiledPolicy, view: &ReferralView, snapshot: &Snapshot, now: DateTime<Utc>) -> Vec<Masks> {
    let units = CompiledSnapshot::compile(policy, &snapshot.units, now);
    let compiled = CompiledReferral::compile(policy, view, snapshot, &units);
    let mut work = Workspace::default();
    screen(policy, view.id, &units, &compiled, &mut work);
    work.masks.iter().map(|mask| Masks::unpacked(*mask)).collect()
}

/// True if a verdict mask is FIT.
pub fn is_fit(masks: Masks) -> bool {
    masks == Masks::default()
}

/// R-CONSENT of a screened referral, which is the same at every unit.
pub fn consent(work: &Workspace) -> Verdict {
    if work.masks.is_empty() { Verdict::Unknown } else { work.masks(0).verdict(RuleBit::of(RuleCode::Consent)) }
}
