//! How sure a first rank is: by which factor every weight may be wrong before a rival leads. Exact fractions.
//!
//! For first a and rival b: M = Σ w·(a − b), D = Σ w·|a − b|; a stays at least level exactly while every weight is
//! wrong by at most M/D. It is about suitability only, and never feeds eligibility.

use rust_decimal::Decimal;

use super::{
    criterion::{CRITERIA, CriterionCode},
    order::{Lottery, Place},
    policy::{
        CompiledPolicy,
        compiled::{Interval, WEIGHT_ONE},
    },
    result::{Confidence, ConfidenceLevel, Fraction},
};
use crate::domain::ids::UnitId;

/// A unit of a list with its values.
#[derive(Clone, Copy, Debug)]
pub struct Ranked {
    /// The unit.
    pub unit: UnitId,
    /// How the order sees it.
    pub place: Place,
    /// Its values.
    pub values: [Interval; CRITERIA],
}

/// M and D of a first and a rival.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rho {
    /// M: the margin.
    pub margin: i64,
    /// D: the sum of all differences; 0 is a pure tie.
    pub spread: i64,
}

impl Rho {
    /// Of a first and a rival, both by their middle values.
    pub fn of(weights: &[i64; CRITERIA], first: &[Interval; CRITERIA], rival: &[Interval; CRITERIA]) -> Self {
        let mut rho = Self::default();
        for ((weight, a), b) in weights.iter().zip(first).zip(rival) {
            let part = weight * (a.middle - b.middle);
            rho.margin += part;
            rho.spread += part.abs();
        }
        rho
    }

    /// Smaller than another: by cross-multiplying, a pure tie counts as 0.
    pub fn is_below(self, other: Self) -> bool {
        let (own, others) = (self.or_tie(), other.or_tie());
        i128::from(own.margin) * i128::from(others.spread) < i128::from(others.margin) * i128::from(own.spread)
    }

    /// Smaller than a threshold in 1/10 000.
    pub fn is_below_threshold(self, threshold: i64) -> bool {
        self.is_below(Self { margin: threshold, spread: WEIGHT_ONE })
    }

    fn or_tie(self) -> Self {
        if self.spread == 0 { Self { margin: 0, spread: 1 } } else { self }
    }

    /// As it is shown: in lowest terms, with four decimals cut off.
    pub fn shown(self) -> Fraction {
        if self.spread == 0 {
            return Fraction { numerator: 0, denominator: 0, decimals: Decimal::new(0, 4) };
        }
        let divisor = gcd(self.margin, self.spread);
        let decimals = i128::from(self.margin) * 10_000 / i128::from(self.spread);
        Fraction {
            numerator: self.margin / divisor,
            denominator: self.spread / divisor,
            decimals: Decimal::new(i64::try_from(decimals).unwrap_or(0), 4),
        }
    }
}

fn gcd(a: i64, b: i64) -> i64 {
    let (mut a, mut b) = (a.abs(), b.abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}

/// How sure the first of a list is; `None` of an empty list.
pub fn confidence(
    policy: &CompiledPolicy,
    weights: &[i64; CRITERIA],
    list: &[Ranked],
    lottery: &Lottery<'_>,
) -> Option<Confidence> {
    let (first, rivals) = list.split_first()?;
    let mut confidence = Confidence {
        level: ConfidenceLevel::OnlyOne,
        rho: None,
        rival: None,
        toss_up: Vec::new(),
        may_change: false,
        may_change_on: Vec::new(),
        text_nl: String::new(),
        text_en: String::new(),
    };
    let mut nearest: Option<(Rho, UnitId)> = None;
    let mut level_with = vec![first.unit];
    for rival in rivals {
        let rho = Rho::of(weights, &first.values, &rival.values);
        if nearest.is_none_or(|(least, _)| rho.is_below(least)) {
            nearest = Some((rho, rival.unit));
        }
        if rho.is_below_threshold(policy.close) {
            level_with.push(rival.unit);
        }
        note_unknowns(&mut confidence, weights, first, rival);
    }
    let Some((rho, rival)) = nearest else { return Some(confidence) };
    let unknown = list.iter().any(|one| has_unknown(weights, &one.values));
    confidence.level = if rho.is_below_threshold(policy.close) {
        ConfidenceLevel::TossUp
    } else if rho.is_below_threshold(policy.clear) || unknown {
        ConfidenceLevel::Close
    } else {
        ConfidenceLevel::Clear
    };
    if confidence.level == ConfidenceLevel::TossUp {
        level_with.sort_by_key(|unit| (lottery.ticket(*unit), *unit));
        confidence.toss_up = level_with;
    }
    (confidence.rho, confidence.rival) = (Some(rho.shown()), Some(rival));
    Some(confidence)
}

fn has_unknown(weights: &[i64; CRITERIA], values: &[Interval; CRITERIA]) -> bool {
    weights.iter().zip(values).any(|(weight, value)| *weight > 0 && !value.is_exact())
}

/// The worst case: the first at its lowest, the rival at its highest.
fn note_unknowns(confidence: &mut Confidence, weights: &[i64; CRITERIA], first: &Ranked, rival: &Ranked) {
    let pairs = || CriterionCode::ALL.into_iter().zip(weights).zip(first.values.iter().zip(&rival.values));
    let worst: i64 = pairs().map(|((_, weight), (a, b))| weight * (a.low - b.high)).sum();
    if worst >= 0 {
        return;
    }
    let open = pairs().filter(|((_, weight), (a, b))| **weight > 0 && !(a.is_exact() && b.is_exact()));
    confidence.may_change_on.extend(open.map(|((criterion, _), _)| criterion));
    confidence.may_change_on.sort_unstable();
    confidence.may_change_on.dedup();
    confidence.may_change = !confidence.may_change_on.is_empty();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(ppm: [i64; CRITERIA]) -> [Interval; CRITERIA] {
        ppm.map(Interval::exact)
    }

    #[test]
    fn the_worked_example_of_the_policy() {
        let a = values([800_000, 1_000_000, 700_000, 1_000_000, 500_000, 500_000, 1_000_000, 1_000_000]);
        let b = values([1_000_000, 750_000, 1_000_000, 800_000, 500_000, 0, 600_000, 1_000_000]);
        let policy = CompiledPolicy::v1();
        let rho = Rho::of(&policy.weights, &a, &b);
        assert_eq!((rho.margin, rho.spread), (375_000_000, 2_175_000_000));
        let shown = rho.shown();
        assert_eq!((shown.numerator, shown.denominator, shown.decimals.to_string()), (5, 29, "0.1724".to_owned()));
        assert!(rho.is_below_threshold(policy.clear) && !rho.is_below_threshold(policy.close));
    }

    #[test]
    fn a_pure_tie_is_a_toss_up() {
        let rho = Rho::of(&CompiledPolicy::v1().weights, &values([5; CRITERIA]), &values([5; CRITERIA]));
        assert!(rho.is_below_threshold(500) && rho.shown().denominator == 0);
    }
}
