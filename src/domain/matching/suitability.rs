//! How good a unit is for a person: eight criteria, exact integers, an interval where a fact of the unit is unknown.
//!
//! Unknown about the person: the criterion is left out for all units, so the order of two units never depends on it.
//! Unknown about the unit: the neutral value, with the bounds it can turn out to have. Needs only reorder units by who
//! can meet them; age and gender never enter.

use super::{
    columns::{self, Site, kind_at, living_at, talk_at, verdict_at},
    criterion::{CRITERIA, CriterionCode},
    distances::City,
    finding::FactCode,
    policy::{
        CompiledPolicy,
        compiled::{Interval, VALUE_ONE},
    },
    rules::{danger::Area, security},
    snapshot::Communication,
    view::ReferralView,
};
use crate::domain::{
    catalogue::location::{LivingForm, UnitKind},
    fact::Verdict,
    referral::{
        facts::Circumstances,
        needs::SecurityLevel,
        vocabulary::{Tier, Urgency, YesNo},
    },
};

/// What the criteria read of a person; `None`: the criterion is not weighed.
pub struct PersonSide<'v> {
    needs: Option<Needs>,
    aim: Option<SecurityLevel>,
    /// The danger areas.
    pub areas: Option<Vec<Area>>,
    urgency: Option<Urgency>,
    wishes: Option<Wishes<'v>>,
    ties: Option<Vec<City>>,
    interpreter: Option<YesNo>,
    tier: Option<Tier>,
}

/// Severity per need that is known to be there: lvb, ggz, addiction, children (a pregnancy included).
#[derive(Clone, Copy)]
struct Needs([i64; 4]);

#[derive(Clone, Copy)]
struct Wishes<'v> {
    form: Option<LivingForm>,
    unsuitable: &'v [LivingForm],
    daytime: bool,
    pets: bool,
}

/// The codes of one unit that the criteria read.
#[derive(Clone, Copy)]
pub struct UnitSide<'c> {
    /// Need code.
    pub need: u8,
    /// Setting code.
    pub setting: u8,
    /// Wish code.
    pub wish: u8,
    /// Communication.
    pub talk: u8,
    /// Where it lies.
    pub site: &'c Site,
    /// Days to the start, if they are known.
    pub start: Option<u16>,
}

impl<'v> PersonSide<'v> {
    /// Reads a referral.
    pub fn of(policy: &CompiledPolicy, view: &'v ReferralView) -> Self {
        let facts = &view.circumstances;
        Self {
            needs: needs(policy, facts),
            aim: facts.threat_level.known().map(|threat| policy.aim(*threat)),
            areas: facts.danger_regions.known().map(|areas| areas.iter().map(Area::of).collect()),
            urgency: facts.urgency.known().copied(),
            wishes: wishes(facts),
            ties: facts.ties_to_keep.known().map(|ties| ties.iter().map(|tie| City::named(&tie.city)).collect()),
            interpreter: facts.interpreter.known().copied(),
            tier: view.tier,
        }
    }

    /// Is this criterion weighed?
    pub fn weighs(&self, criterion: CriterionCode) -> bool {
        match criterion {
            CriterionCode::NeedCoverage => self.needs.is_some(),
            CriterionCode::SecurityFit => self.aim.is_some(),
            CriterionCode::DangerDistance => self.areas.is_some(),
            CriterionCode::KindPathway => self.urgency.is_some(),
            CriterionCode::OwnPreference => self.wishes.is_some(),
            CriterionCode::Continuity => self.ties.is_some(),
            CriterionCode::Communication => self.interpreter.is_some(),
            CriterionCode::TimeToBed => self.tier.is_some(),
        }
    }

    /// The weights of the criteria that are weighed; the others are 0.
    pub fn weights(&self, policy: &CompiledPolicy) -> [i64; CRITERIA] {
        let mut weights = policy.weights;
        for (weight, criterion) in weights.iter_mut().zip(CriterionCode::ALL) {
            if !self.weighs(criterion) {
                *weight = 0;
            }
        }
        weights
    }

    /// The value of one criterion at one unit; 0 if it is not weighed.
    pub fn value(&self, policy: &CompiledPolicy, criterion: CriterionCode, unit: UnitSide<'_>) -> Interval {
        match criterion {
            CriterionCode::NeedCoverage => self.need_coverage(policy, unit.need),
            CriterionCode::SecurityFit => self.security_fit(policy, unit.setting),
            CriterionCode::DangerDistance => self.danger_distance(policy, unit.site),
            CriterionCode::KindPathway => self.kind_pathway(policy, unit.setting),
            CriterionCode::OwnPreference => self.own_preference(policy, unit.wish),
            CriterionCode::Continuity => self.continuity(policy, unit.site),
            CriterionCode::Communication => self.communication(policy, unit.talk),
            CriterionCode::TimeToBed => self.time_to_bed(policy, unit.start),
        }
    }

    /// All values at one unit.
    pub fn values(&self, policy: &CompiledPolicy, unit: UnitSide<'_>) -> [Interval; CRITERIA] {
        CriterionCode::ALL.map(|criterion| self.value(policy, criterion, unit))
    }

    /// What is needed, by what the unit documents: `floor(sum(severity × part) / sum(severity))`.
    pub fn need_coverage(&self, policy: &CompiledPolicy, code: u8) -> Interval {
        let Some(Needs(severities)) = self.needs else { return Interval::default() };
        let total: i64 = severities.iter().sum();
        if total == 0 {
            return Interval::exact(VALUE_ONE);
        }
        let mut sum = Interval::default();
        for (severity, shift) in severities.into_iter().zip([0, 2, 4, 6]) {
            let part = match verdict_at(code, shift) {
                Verdict::Yes => Interval::exact(policy.tables.need[0]),
                Verdict::No => Interval::exact(policy.tables.need[2]),
                Verdict::Unknown => policy.unknown,
            };
            sum.low += severity * part.low;
            sum.middle += severity * part.middle;
            sum.high += severity * part.high;
        }
        let share = |sum: i64| sum.div_euclid(total);
        Interval { low: share(sum.low), middle: share(sum.middle), high: share(sum.high) }
    }

    /// Levels above or below the one the threat aims at; too secure is a harm too.
    pub fn security_fit(&self, policy: &CompiledPolicy, code: u8) -> Interval {
        let Some(aim) = self.aim else { return Interval::default() };
        let (secured, secret) = (verdict_at(code, 2), verdict_at(code, 4));
        let value = |level: SecurityLevel| level_value(policy, level, aim);
        match (secured, secret) {
            (Verdict::Yes, _) => Interval::exact(value(SecurityLevel::Secured)),
            (Verdict::No, Verdict::No) => Interval::exact(value(security::levels(secured, secret).0)),
            (Verdict::Unknown, Verdict::No) => {
                let (middle, other) = (value(SecurityLevel::SafeNotSecret), value(SecurityLevel::Secured));
                Interval { low: middle.min(other), middle, high: middle.max(other) }
            }
            (Verdict::No | Verdict::Unknown, Verdict::Yes | Verdict::Unknown) => policy.unknown,
        }
    }

    /// The worst value over all danger areas.
    pub fn danger_distance(&self, policy: &CompiledPolicy, site: &Site) -> Interval {
        let Some(areas) = &self.areas else { return Interval::default() };
        areas.iter().map(|area| distance_value(policy, area, site)).fold(Interval::exact(VALUE_ONE), |worst, value| {
            Interval {
                low: worst.low.min(value.low),
                middle: worst.middle.min(value.middle),
                high: worst.high.min(value.high),
            }
        })
    }

    /// Meant for this moment, and with a next step in the same organisation.
    pub fn kind_pathway(&self, policy: &CompiledPolicy, code: u8) -> Interval {
        let Some(urgency) = self.urgency else { return Interval::default() };
        let [onward, same, other] = policy.tables.kind;
        match (urgency, kind_at(code)) {
            (_, UnitKind::Unspecified) => policy.unknown,
            (Urgency::Crisis, UnitKind::MoveOn) | (Urgency::Planned, UnitKind::Crisis) => Interval::exact(other),
            (Urgency::Crisis, UnitKind::Crisis) | (Urgency::Planned, UnitKind::MoveOn) => match verdict_at(code, 6) {
                Verdict::Yes => Interval::exact(onward),
                Verdict::No => Interval::exact(same),
                // The kind is documented, so only the step is open.
                Verdict::Unknown => Interval { low: same.min(onward), middle: same, high: same.max(onward) },
            },
        }
    }

    /// What the person wants: anything against counts as against, else anything met as met.
    pub fn own_preference(&self, policy: &CompiledPolicy, code: u8) -> Interval {
        let Some(wishes) = self.wishes else { return Interval::default() };
        let form = living_at(code);
        let attribute = |wished: bool, shift| wished.then(|| verdict_at(code, shift));
        let wished_form = wishes.form.map(|wish| Verdict::of(form.map(|form| form == wish)));
        let unsuitable =
            (!wishes.unsuitable.is_empty()).then(|| Verdict::of(form.map(|form| !wishes.unsuitable.contains(&form))));
        let parts = [wished_form, unsuitable, attribute(wishes.daytime, 3), attribute(wishes.pets, 5)];
        let any = |wanted: Verdict| parts.contains(&Some(wanted));
        let [met, neutral, against] = policy.tables.preference;
        if any(Verdict::No) {
            return Interval::exact(against);
        }
        let middle = if any(Verdict::Yes) { met } else { policy.unknown.middle };
        if any(Verdict::Unknown) {
            return Interval { low: policy.unknown.low, middle, high: policy.unknown.high };
        }
        Interval::exact(if any(Verdict::Yes) { met } else { neutral })
    }

    /// Kept ties of all named ties.
    pub fn continuity(&self, policy: &CompiledPolicy, site: &Site) -> Interval {
        let Some(ties) = &self.ties else { return Interval::default() };
        let named = i64::try_from(ties.len()).unwrap_or(i64::MAX);
        if named == 0 {
            return Interval::exact(policy.tables.none_named);
        }
        let Some(city) = &site.city else { return policy.unknown };
        let kept = i64::try_from(ties.iter().filter(|tie| *tie == city).count()).unwrap_or(0);
        Interval::exact((VALUE_ONE * kept).div_euclid(named))
    }

    /// Is communication arranged? Nothing to arrange is arranged.
    pub fn communication(&self, policy: &CompiledPolicy, code: u8) -> Interval {
        let [arranged, by_phone, no] = policy.tables.communication;
        match (self.interpreter, talk_at(code)) {
            (None, _) => Interval::default(),
            (Some(YesNo::No), _) | (Some(YesNo::Yes), Some(Communication::Arranged)) => Interval::exact(arranged),
            (Some(YesNo::Yes), Some(Communication::ByPhone)) => Interval::exact(by_phone),
            (Some(YesNo::Yes), Some(Communication::No)) => Interval::exact(no),
            (Some(YesNo::Yes), None) => policy.unknown,
        }
    }

    /// Days to the start, by the table of the tier.
    pub fn time_to_bed(&self, policy: &CompiledPolicy, start: Option<u16>) -> Interval {
        let curve = match self.tier {
            None => return Interval::default(),
            Some(Tier::T0 | Tier::T1) => &policy.tables.soon_days,
            Some(Tier::T2 | Tier::T3) => &policy.tables.later_days,
        };
        start.map_or(policy.unknown, |days| Interval::exact(curve.at(i64::from(days))))
    }
}

fn level_value(policy: &CompiledPolicy, level: SecurityLevel, aim: SecurityLevel) -> i64 {
    let index = |level: SecurityLevel| match level {
        SecurityLevel::Open => 0_i8,
        SecurityLevel::SafeNotSecret => 1,
        SecurityLevel::Secured => 2,
    };
    let [same, above_one, above_two] = policy.tables.above;
    let [below_one, below_two] = policy.tables.below;
    match index(level) - index(aim) {
        0 => same,
        1 => above_one,
        2.. => above_two,
        -1 => below_one,
        ..=-2 => below_two,
    }
}

/// The value of one danger area at a site.
fn distance_value(policy: &CompiledPolicy, area: &Area, site: &Site) -> Interval {
    let unknown = policy.unknown;
    if site.police_unit.is_some() && site.police_unit == area.police_unit {
        return Interval::exact(policy.tables.same_police_unit);
    }
    let Some(city) = &site.city else { return unknown };
    let by_table = city.police_unit();
    let value = match (&area.police_unit, city.km_to(&area.middle)) {
        (Some(unit), _) if site.police_unit.is_none() && by_table == Some(unit.as_str()) => {
            policy.tables.same_police_unit
        }
        (Some(_), Some(km)) => policy.tables.other_unit_km.at(i64::from(km)),
        (None, _) | (_, None) => return unknown,
    };
    if site.police_unit.is_some() {
        Interval::exact(value)
    } else {
        // The police unit is not documented; the table only suggests it.
        Interval { low: unknown.low, middle: value, high: unknown.high }
    }
}

/// The needs that are known; `None` if only unknown ones remain.
fn needs(policy: &CompiledPolicy, facts: &Circumstances) -> Option<Needs> {
    let severities = &policy.severities;
    let lvb = facts.lvb.known().map(|value| severities.lvb(*value));
    let ggz = facts.ggz.known().map(|value| severities.ggz(*value));
    let addiction = facts.addiction.known().map(|value| severities.addiction(*value));
    let when = |yes: bool, severity: i64| if yes { severity } else { 0 };
    let children = facts.children_along.known().map(|list| when(!list.is_empty(), severities.children));
    let pregnancy = facts.pregnant.known().map(|value| when(*value == YesNo::Yes, severities.pregnancy));
    let all = [lvb, ggz, addiction, children, pregnancy];
    let present = all.iter().flatten().any(|severity| *severity > 0);
    if !present && all.contains(&None) {
        return None;
    }
    let of = |need: Option<i64>| need.unwrap_or(0);
    // A birth makes a child who comes along, so a pregnancy reads what the unit documents for children [assumption].
    Some(Needs([of(lvb), of(ggz), of(addiction), of(children) + of(pregnancy)]))
}

/// The wishes; `None` if none of them is known.
fn wishes(facts: &Circumstances) -> Option<Wishes<'_>> {
    let unknown = facts.living_form_wish.known().is_none()
        && facts.living_form_unsuitable.known().is_none()
        && facts.daytime_wish.known().is_none()
        && facts.pets.known().is_none();
    (!unknown).then(|| Wishes {
        form: facts.living_form_wish.known().copied(),
        unsuitable: facts.living_form_unsuitable.known().map_or(&[], Vec::as_slice),
        daytime: facts.daytime_wish.known() == Some(&YesNo::Yes),
        pets: facts.pets.known() == Some(&YesNo::Yes),
    })
}

/// The facts about the person that a criterion reads, to ask for if it is not weighed.
pub fn reads(criterion: CriterionCode) -> &'static [FactCode] {
    match criterion {
        CriterionCode::NeedCoverage => {
            &[FactCode::Lvb, FactCode::Ggz, FactCode::Addiction, FactCode::ChildrenAlong, FactCode::Pregnant]
        }
        CriterionCode::SecurityFit => &[FactCode::ThreatLevel],
        CriterionCode::DangerDistance => &[FactCode::DangerRegions],
        CriterionCode::KindPathway => &[FactCode::Urgency],
        CriterionCode::OwnPreference => {
            &[FactCode::LivingFormWish, FactCode::LivingFormUnsuitable, FactCode::DaytimeWish, FactCode::Pets]
        }
        CriterionCode::Continuity => &[FactCode::TiesToKeep],
        CriterionCode::Communication => &[FactCode::Interpreter],
        CriterionCode::TimeToBed => &[FactCode::Tier],
    }
}

/// Weights times values: low, the score itself, high. One whole is 10^10.
pub fn score(weights: &[i64; CRITERIA], values: &[Interval; CRITERIA]) -> Interval {
    weights.iter().zip(values).fold(Interval::default(), |sum, (weight, value)| Interval {
        low: sum.low + weight * value.low,
        middle: sum.middle + weight * value.middle,
        high: sum.high + weight * value.high,
    })
}

/// How many values a wish code can have.
pub const WISH_CODES: usize = 128;

/// True if a wish code can occur.
pub const fn is_wish_code(code: u8) -> bool {
    code & 7 <= 4 && columns::is_code(code >> 3 & 0b1111)
}

#[cfg(test)]
mod tests;
