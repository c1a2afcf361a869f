//! What would put a unit ahead of the first of its list: the smallest value, or the smallest weight. Exact integers.

use super::{
    confidence::{Ranked, Rho},
    criterion::{CRITERIA, CriterionCode},
    order::{Lottery, Place, before},
    policy::compiled::{Interval, VALUE_ONE, WEIGHT_ONE},
};
use crate::domain::ids::UnitId;

/// A first and another unit of its list, compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Versus {
    /// Contribution of the first minus that of the other, per criterion, of 10^10.
    pub differences: [i64; CRITERIA],
    /// M and D.
    pub rho: Rho,
    /// Per criterion, the smallest value of the other that puts it ahead, in millionths.
    pub value: [Option<i64>; CRITERIA],
    /// Per criterion, the smallest weight that puts it ahead, in 1/10 000, the others shrinking in proportion.
    pub weight: [Option<i64>; CRITERIA],
}

impl Versus {
    /// Compares. `weights` are those weighed for this referral.
    pub fn of(weights: &[i64; CRITERIA], first: &[Interval; CRITERIA], other: &[Interval; CRITERIA]) -> Self {
        let rho = Rho::of(weights, first, other);
        let mut versus = Self { differences: [0; CRITERIA], rho, value: [None; CRITERIA], weight: [None; CRITERIA] };
        let slots = versus.differences.iter_mut().zip(&mut versus.value).zip(&mut versus.weight);
        for ((((difference, value), leading), weight), (a, b)) in slots.zip(weights).zip(first.iter().zip(other)) {
            let delta = a.middle - b.middle;
            *difference = weight * delta;
            if *weight > 0 {
                *value = Some(b.middle + rho.margin.div_euclid(*weight) + 1).filter(|value| *value <= VALUE_ONE);
            }
            // A weight of 0 can grow as well; a criterion that is not weighed has no difference.
            if delta < 0 {
                *leading = smallest_weight(rho.margin, *weight, delta);
            }
        }
        versus
    }

    /// The criterion with the largest difference in favour of the first; none if it is nowhere better.
    pub fn decisive(&self) -> Option<CriterionCode> {
        let largest = CriterionCode::ALL.into_iter().zip(self.differences).filter(|(_, difference)| *difference > 0);
        largest.reduce(|best, next| if next.1 > best.1 { next } else { best }).map(|(criterion, _)| criterion)
    }
}

/// floor(10 000·M' / (M' + (10 000 − w)·|δ|)) + 1, with M' the margin without this criterion.
fn smallest_weight(margin: i64, weight: i64, delta: i64) -> Option<i64> {
    let rest = i128::from(margin) - i128::from(weight) * i128::from(delta);
    let gain = i128::from(WEIGHT_ONE - weight) * i128::from(delta.abs());
    if rest + gain <= 0 {
        return None;
    }
    let found = i128::from(WEIGHT_ONE) * rest / (rest + gain) + 1;
    i64::try_from(found).ok().filter(|weight| *weight <= WEIGHT_ONE)
}

/// A score under a changed weight of one criterion, the others shrinking in proportion; the scale is the same for all.
pub fn rescored(
    weights: &[i64; CRITERIA],
    values: &[Interval; CRITERIA],
    criterion: CriterionCode,
    changed: i64,
) -> i128 {
    let old = CriterionCode::ALL.iter().zip(weights).find(|(code, _)| **code == criterion).map_or(0, |(_, w)| *w);
    CriterionCode::ALL.iter().zip(weights).zip(values).fold(0, |sum, ((code, weight), value)| {
        let scaled = if *code == criterion {
            i128::from(changed) * i128::from(WEIGHT_ONE - old)
        } else {
            i128::from(WEIGHT_ONE - changed) * i128::from(*weight)
        };
        sum + scaled * i128::from(value.middle)
    })
}

/// Who leads under a changed weight; ties fall as the order has them.
pub fn leader(
    weights: &[i64; CRITERIA],
    list: &[Ranked],
    criterion: CriterionCode,
    changed: i64,
    lottery: &Lottery<'_>,
) -> Option<UnitId> {
    let tie = |ranked: &Ranked| Place { score: 0, ..ranked.place };
    let scored = list.iter().map(|ranked| (rescored(weights, &ranked.values, criterion, changed), ranked));
    let best = scored.reduce(|best, next| {
        let ahead = next.0 > best.0 || (next.0 == best.0 && before(&tie(next.1), &tie(best.1), lottery));
        if ahead { next } else { best }
    });
    best.map(|(_, ranked)| ranked.unit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::matching::policy::CompiledPolicy;

    #[test]
    fn a_weight_of_nothing_can_grow() {
        let mut weights = [0; CRITERIA];
        weights[0] = WEIGHT_ONE;
        let (a, mut b) = ([Interval::exact(5); CRITERIA], [Interval::exact(5); CRITERIA]);
        b[5] = Interval::exact(6);
        let versus = Versus::of(&weights, &a, &b);
        assert_eq!((versus.weight[5], versus.value[5], versus.value[0]), (Some(1), None, Some(6)));
    }

    #[test]
    fn the_worked_example_of_the_policy() {
        let exact = |ppm: [i64; CRITERIA]| ppm.map(Interval::exact);
        let a = exact([800_000, 1_000_000, 700_000, 1_000_000, 500_000, 500_000, 1_000_000, 1_000_000]);
        let b = exact([1_000_000, 750_000, 1_000_000, 800_000, 500_000, 0, 600_000, 1_000_000]);
        let weights = CompiledPolicy::v1().weights;
        let versus = Versus::of(&weights, &a, &b);
        assert_eq!(versus.rho.margin, 375_000_000);
        assert_eq!(versus.value[5], Some(375_001), "b leads from continuity 0.375001");
        assert_eq!(versus.weight[0], Some(4106), "b leads from a need-coverage weight of 0.4106");
        assert_eq!(versus.value[1], None, "security 1 only ties");
        assert_eq!(versus.decisive(), Some(CriterionCode::Continuity));
        let at = |weight| {
            let scores = [&a, &b].map(|values| rescored(&weights, values, CriterionCode::NeedCoverage, weight));
            scores[1] > scores[0]
        };
        assert!(at(4106) && !at(4105));
    }
}
