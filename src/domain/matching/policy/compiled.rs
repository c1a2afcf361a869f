//! The policy as the hot path reads it: weights in 1/10 000, values in millionths, rules as bits. No decimal, no float.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use rust_decimal::Decimal;

use super::document::{NoOrUnknown, PolicyDocument};
use crate::domain::{
    catalogue::location::UnitKind,
    fact::Verdict,
    matching::{
        canonical,
        criterion::{CRITERIA, CriterionCode},
        finding::RuleCode,
        reflection::Terms,
    },
    placement::terms::Term,
    referral::{
        needs::{Addiction, Ggz, Lvb, SecurityLevel, ThreatLevel},
        vocabulary::Tier,
    },
};

/// One whole as a weight: weights are in 1/10 000.
pub const WEIGHT_ONE: i64 = 10_000;
/// One whole as a value: values are in millionths.
pub const VALUE_ONE: i64 = 1_000_000;

/// A value with the bounds it can have once everything unknown is known; all in millionths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Interval {
    /// Lowest.
    pub low: i64,
    /// The value that counts.
    pub middle: i64,
    /// Highest.
    pub high: i64,
}

impl Interval {
    /// A value that is known.
    pub const fn exact(value: i64) -> Self {
        Self { low: value, middle: value, high: value }
    }

    /// True if nothing about it is unknown.
    pub const fn is_exact(self) -> bool {
        self.low == self.high
    }
}

/// A table of breakpoints: linear in between, clamped at both ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Curve(Vec<(i64, i64)>);

impl Curve {
    /// The value at `x`: multiplied before it is divided, so that every machine finds the same.
    pub fn at(&self, x: i64) -> i64 {
        let mut before: Option<(i64, i64)> = None;
        for &(x1, y1) in &self.0 {
            if x <= x1 {
                return match before {
                    Some((x0, y0)) => y0 + ((y1 - y0) * (x - x0)).div_euclid(x1 - x0),
                    None => y1,
                };
            }
            before = Some((x1, y1));
        }
        before.map_or(0, |(_, y)| y)
    }
}

/// The value tables of all criteria, in millionths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tables {
    /// `need_coverage`: offered, partly, not.
    pub need: [i64; 3],
    /// `security_fit`: by levels above the aim.
    pub above: [i64; 3],
    /// `security_fit`: by levels below the aim; the first is one below.
    pub below: [i64; 2],
    /// `danger_distance` inside the police unit of a danger area.
    pub same_police_unit: i64,
    /// `danger_distance` by kilometres elsewhere.
    pub other_unit_km: Curve,
    /// `kind_pathway`: same kind with an onward step, same kind, other kind.
    pub kind: [i64; 3],
    /// `own_preference`: met, neutral, against.
    pub preference: [i64; 3],
    /// `continuity` if no tie is named.
    pub none_named: i64,
    /// `communication`: arranged, by phone, no.
    pub communication: [i64; 3],
    /// `time_to_bed` by days for T0 and T1.
    pub soon_days: Curve,
    /// `time_to_bed` by days for T2 and T3.
    pub later_days: Curve,
}

/// How much each need counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Severities {
    lvb: [i64; 2],
    ggz: [i64; 3],
    addiction: [i64; 2],
    /// Children who come along.
    pub children: i64,
    /// A pregnancy.
    pub pregnancy: i64,
}

impl Severities {
    /// Of an intellectual disability.
    pub const fn lvb(&self, value: Lvb) -> i64 {
        match value {
            Lvb::None => 0,
            Lvb::Suspected => self.lvb[0],
            Lvb::Diagnosed => self.lvb[1],
        }
    }

    /// Of psychological problems.
    pub const fn ggz(&self, value: Ggz) -> i64 {
        match value {
            Ggz::None => 0,
            Ggz::Complaints => self.ggz[0],
            Ggz::Diagnosis => self.ggz[1],
            Ggz::AcuteClinical => self.ggz[2],
        }
    }

    /// Of an addiction.
    pub const fn addiction(&self, value: Addiction) -> i64 {
        match value {
            Addiction::None => 0,
            Addiction::History => self.addiction[0],
            Addiction::Active => self.addiction[1],
        }
    }
}

/// The test for multiple problems.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MultiProblemTest {
    /// Clear indicators that suffice.
    pub indicators_min: u8,
    /// Life domains that suffice.
    pub life_domains_min: u8,
    /// Must regular shelter be insufficient?
    pub regular_insufficient: bool,
    /// What one mild indicator and nothing else gives.
    pub one_mild_only: Verdict,
    mild: Vec<String>,
}

impl MultiProblemTest {
    /// True if an indicator, such as `lvb.suspected`, is mild.
    pub fn is_mild(&self, indicator: &str) -> bool {
        self.mild.iter().any(|mild| mild == indicator)
    }
}

/// A policy, compiled once. The document stays beside it, so that it can be printed back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompiledPolicy {
    document: PolicyDocument,
    hash: [u8; 32],
    hash_hex: String,
    zone: Tz,
    /// Weights in the order of [`CriterionCode::ALL`]; they sum to [`WEIGHT_ONE`].
    pub weights: [i64; CRITERIA],
    /// The criteria in the order of the document.
    pub order: Vec<CriterionCode>,
    /// The value tables.
    pub tables: Tables,
    /// The value where a unit's fact is unknown.
    pub unknown: Interval,
    /// How much each need counts.
    pub severities: Severities,
    /// The test for multiple problems.
    pub multi_problem: MultiProblemTest,
    /// Clear from here, in 1/10 000.
    pub clear: i64,
    /// A toss-up below here, in 1/10 000.
    pub close: i64,
}

fn scaled(value: Decimal, scale: u32) -> i64 {
    let mut value = value;
    value.rescale(scale);
    i64::try_from(value.mantissa()).unwrap_or(0)
}

fn ppm(value: Decimal) -> i64 {
    scaled(value, 6)
}

fn verdict(cell: NoOrUnknown) -> Verdict {
    match cell {
        NoOrUnknown::No => Verdict::No,
        NoOrUnknown::Unknown => Verdict::Unknown,
    }
}

impl CompiledPolicy {
    /// Compiles a document that has been read without faults.
    pub fn compile(document: PolicyDocument) -> Self {
        let hash = canonical::sha256(&canonical::canonical_bytes(&document));
        let weights = CriterionCode::ALL.map(|code| {
            document.criteria.iter().find(|criterion| criterion.code == code).map_or(0, |c| scaled(c.weight, 4))
        });
        let unknown = Interval {
            low: ppm(document.unknown_place.low),
            middle: ppm(document.unknown_place.middle),
            high: ppm(document.unknown_place.high),
        };
        let multi_problem = MultiProblemTest {
            indicators_min: document.omm.indicators_min,
            life_domains_min: document.omm.life_domains_min,
            regular_insufficient: document.omm.require_regular_shelter_insufficient,
            one_mild_only: verdict(document.omm.one_mild_only),
            mild: document.omm.mild.clone(),
        };
        Self {
            hash,
            hash_hex: canonical::hex(&hash),
            zone: document.calendar.zone.parse().unwrap_or(chrono_tz::Europe::Amsterdam),
            weights,
            order: document.criteria.iter().map(|criterion| criterion.code).collect(),
            tables: tables(&document),
            unknown,
            severities: severities(&document),
            multi_problem,
            clear: scaled(document.confidence.clear, 4),
            close: scaled(document.confidence.close, 4),
            document,
        }
    }

    /// SHA-256 of the canonical document.
    pub fn hash(&self) -> &[u8; 32] {
        &self.hash
    }

    /// The same in hex.
    pub fn hash_hex(&self) -> &str {
        &self.hash_hex
    }

    /// The name of the policy.
    pub fn name(&self) -> &str {
        &self.document.name
    }

    /// The document it was compiled from.
    pub fn document(&self) -> &PolicyDocument {
        &self.document
    }

    /// The canonical bytes of the document: what the hash is of.
    pub fn canonical_bytes(&self) -> Vec<u8> {
        canonical::canonical_bytes(&self.document)
    }

    /// The document, with every weight and value printed back from the compiled integers.
    pub fn print_back(&self) -> PolicyDocument {
        let back = |written: Decimal, whole: i64, scale: u32| {
            let mut value = Decimal::new(whole, scale);
            value.rescale(written.scale());
            value
        };
        let mut document = self.document.clone();
        for criterion in &mut document.criteria {
            let weight = CriterionCode::ALL.iter().zip(self.weights).find(|(code, _)| **code == criterion.code);
            criterion.weight = back(criterion.weight, weight.map_or(0, |(_, weight)| weight), 4);
            for (case, value) in &mut criterion.table {
                *value = back(*value, self.tables.case(criterion.code, case), 6);
            }
            for (curve, points) in &mut criterion.points {
                for (point, (x, y)) in points.iter_mut().zip(&self.tables.curve(criterion.code, curve).0) {
                    *point = (*x, back(point.1, *y, 6));
                }
            }
        }
        let place = document.unknown_place;
        document.unknown_place.low = back(place.low, self.unknown.low, 6);
        document.unknown_place.middle = back(place.middle, self.unknown.middle, 6);
        document.unknown_place.high = back(place.high, self.unknown.high, 6);
        document.confidence.clear = back(document.confidence.clear, self.clear, 4);
        document.confidence.close = back(document.confidence.close, self.close, 4);
        document
    }

    /// The day it is, where the desk is.
    pub fn day(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }

    /// The time zone of the desk.
    pub fn zone(&self) -> Tz {
        self.zone
    }

    /// Does this rule count?
    pub fn is_on(&self, rule: RuleCode) -> bool {
        self.document.rules.on.contains(&rule)
    }

    /// May a coordinator place against this rule?
    pub fn is_dispensable(&self, rule: RuleCode) -> bool {
        self.document.rules.dispensable.contains(&rule)
    }

    /// What a crisis referral at a documented move-on unit gives.
    pub fn crisis_at_move_on(&self) -> Verdict {
        verdict(self.document.rules.crisis_at_move_on)
    }

    /// How many days ahead a start may lie.
    pub fn horizon_days(&self) -> u16 {
        self.document.capacity.horizon_days
    }

    /// After how many hours the figures of a unit are stale.
    pub fn stale_after_hours(&self, kind: UnitKind) -> i64 {
        self.document.capacity.stale_after_hours.get(&kind).copied().map_or(0, i64::from)
    }

    /// Does a child take a place where the unit does not say?
    pub fn children_count_as_place(&self) -> bool {
        self.document.capacity.children_count_as_place
    }

    /// From this age the victim signs.
    pub fn self_from_age(&self) -> u8 {
        self.document.consent.self_from_age
    }

    /// From this age a person is an adult.
    pub fn adult_age(&self) -> u8 {
        self.document.route.adult_age
    }

    /// The terms of the reflection period.
    pub fn reflection_terms(&self) -> Terms {
        Terms {
            months_max: self.document.route.reflection_months_max,
            days_dublin: self.document.route.reflection_days_dublin,
        }
    }

    /// The level of security a threat aims at.
    pub fn aim(&self, threat: ThreatLevel) -> SecurityLevel {
        self.document.security.aim_by_threat.get(&threat).copied().unwrap_or(SecurityLevel::Open)
    }

    /// Days on which nobody works.
    pub fn holidays(&self) -> &[NaiveDate] {
        &self.document.calendar.holidays
    }

    /// How long a proposal of this tier holds a place.
    pub fn hold(&self, tier: Tier) -> Term {
        self.document.hold.get(&tier).copied().unwrap_or(Term::Minutes(1))
    }
}

fn severities(document: &PolicyDocument) -> Severities {
    let of = |need: &str, value: &str| {
        document.severity.get(need).and_then(|values| values.get(value)).copied().map_or(0, i64::from)
    };
    Severities {
        lvb: [of("lvb", "suspected"), of("lvb", "diagnosed")],
        ggz: [of("ggz", "complaints"), of("ggz", "diagnosis"), of("ggz", "acute_clinical")],
        addiction: [of("addiction", "history"), of("addiction", "active")],
        children: of("children", "yes"),
        pregnancy: of("pregnancy", "yes"),
    }
}

fn tables(document: &PolicyDocument) -> Tables {
    let none = BTreeMap::new();
    let no_curves = BTreeMap::new();
    let of = |code: CriterionCode| {
        let found = document.criteria.iter().find(|criterion| criterion.code == code);
        (found.map_or(&none, |criterion| &criterion.table), found.map_or(&no_curves, |criterion| &criterion.points))
    };
    let case = |code: CriterionCode, name: &str| of(code).0.get(name).copied().map_or(0, ppm);
    let curve = |code: CriterionCode, name: &str| {
        let points = of(code).1.get(name);
        Curve(points.map(|points| points.iter().map(|(x, y)| (*x, ppm(*y))).collect()).unwrap_or_default())
    };
    let cases = |code: CriterionCode, names: [&str; 3]| names.map(|name| case(code, name));
    Tables {
        need: cases(CriterionCode::NeedCoverage, ["yes", "partly", "no"]),
        above: cases(CriterionCode::SecurityFit, ["above_0", "above_1", "above_2"]),
        below: ["below_1", "below_2"].map(|name| case(CriterionCode::SecurityFit, name)),
        same_police_unit: case(CriterionCode::DangerDistance, "same_police_unit"),
        other_unit_km: curve(CriterionCode::DangerDistance, "other_unit_km"),
        kind: cases(CriterionCode::KindPathway, ["same_kind_onward_step", "same_kind", "other_kind"]),
        preference: cases(CriterionCode::OwnPreference, ["met", "neutral", "against"]),
        none_named: case(CriterionCode::Continuity, "none_named"),
        communication: cases(CriterionCode::Communication, ["arranged", "by_phone", "no"]),
        soon_days: curve(CriterionCode::TimeToBed, "T0_T1_days"),
        later_days: curve(CriterionCode::TimeToBed, "T2_T3_days"),
    }
}

impl Tables {
    /// The compiled value of one case, by its name in the document.
    fn case(&self, code: CriterionCode, name: &str) -> i64 {
        let pick = |names: &[&str], values: &[i64]| {
            names.iter().zip(values).find(|(known, _)| **known == name).map_or(0, |(_, value)| *value)
        };
        match code {
            CriterionCode::NeedCoverage => pick(&["yes", "partly", "no"], &self.need),
            CriterionCode::SecurityFit => {
                let values: Vec<i64> = self.above.iter().chain(&self.below).copied().collect();
                pick(&["above_0", "above_1", "above_2", "below_1", "below_2"], &values)
            }
            CriterionCode::DangerDistance => self.same_police_unit,
            CriterionCode::KindPathway => pick(&["same_kind_onward_step", "same_kind", "other_kind"], &self.kind),
            CriterionCode::OwnPreference => pick(&["met", "neutral", "against"], &self.preference),
            CriterionCode::Continuity => self.none_named,
            CriterionCode::Communication => pick(&["arranged", "by_phone", "no"], &self.communication),
            CriterionCode::TimeToBed => 0,
        }
    }

    /// The compiled curve, by its name in the document.
    fn curve(&self, code: CriterionCode, name: &str) -> &Curve {
        match (code, name) {
            (CriterionCode::TimeToBed, "T0_T1_days") => &self.soon_days,
            (CriterionCode::TimeToBed, _) => &self.later_days,
            (
                CriterionCode::NeedCoverage
                | CriterionCode::SecurityFit
                | CriterionCode::DangerDistance
                | CriterionCode::KindPathway
                | CriterionCode::OwnPreference
                | CriterionCode::Continuity
                | CriterionCode::Communication,
                _,
            ) => &self.other_unit_km,
        }
    }
}
