//! The policy as the hot path reads it: weights in 1/10 000, values in millionths, rules as bits. No decimal, no float.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use rust_decimal::Decimal;

pub use super::tables::{Curve, Interval, Severities, Tables, VALUE_ONE, WEIGHT_ONE};
use super::{
    document::{NoOrUnknown, PolicyDocument},
    tables::{ppm, scaled},
};
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
        needs::{SecurityLevel, ThreatLevel},
        vocabulary::Tier,
    },
};

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
            tables: Tables::of(&document),
            unknown,
            severities: Severities::of(&document),
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
                for (point, (x, y)) in points.iter_mut().zip(self.tables.curve(criterion.code, curve).points()) {
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
