//! How sure the first rank is: the exact factor by which every weight may be wrong before somebody else leads.

use proptest::prelude::*;

use super::{
    Tally,
    answers::{deltas, lead, lists, ppm, tens, weight},
    for_all_answers,
};
use crate::domain::matching::{
    criterion::CriterionCode,
    result::{Confidence, ConfidenceLevel, Fraction, UnitCard},
};

type Deltas = Vec<(CriterionCode, i128, i128)>;

/// The lead of the first unit at one corner of the weight box, times `denominator`: every weight is `1 ± r`.
fn lead_at(deltas: &Deltas, corner: usize, r: (i128, i128)) -> i128 {
    let (numerator, denominator) = r;
    let sign = |at: usize| if corner >> at & 1 == 1 { 1 } else { -1 };
    deltas.iter().enumerate().map(|(at, (_, w, delta))| w * delta * (denominator + sign(at) * numerator)).sum()
}

fn corners(deltas: &Deltas) -> std::ops::Range<usize> {
    0..1 << deltas.len()
}

fn fraction(rho: Fraction) -> (i128, i128) {
    (rho.numerator.into(), rho.denominator.into())
}

/// Property 9, on every pair of a list that the answer compares.
#[test]
fn at_rho_no_corner_of_the_weight_box_turns_the_order_and_any_larger_factor_does() {
    let turned = Tally::default();
    for_all_answers(|world, result| {
        let mut dice = world.dice();
        for (_, list) in lists(result) {
            for other in list.iter().skip(1) {
                let first = &list[0];
                let deltas = deltas(first, other);
                let comparison = other.against_first.as_ref().unwrap();
                prop_assert_eq!(comparison.first, first.unit);
                let (margin, size) = (lead(&deltas), deltas.iter().map(|(_, w, d)| w * d.abs()).sum::<i128>());
                let (m, d) = fraction(comparison.rho);
                prop_assert_eq!(tens(comparison.margin), margin);
                prop_assert!(0 <= m && m <= d, "rho is a fraction from 0 to 1");
                if size == 0 {
                    prop_assert_eq!(m, 0, "a pure tie counts as 0");
                    continue;
                }
                prop_assert_eq!(m * size, margin * d, "rho is M / D");
                let shown = super::answers::digits(comparison.rho.decimals, 4);
                prop_assert!(shown * d <= m * 10_000 && m * 10_000 < (shown + 1) * d, "four decimals, cut off");

                let lowest = |r| corners(&deltas).map(|corner| lead_at(&deltas, corner, r)).min().unwrap();
                prop_assert!(lowest((m, d)) >= 0, "a corner at rho puts the other one ahead");
                if m < d {
                    turned.add();
                    // The smallest step above, and any other on the way to one.
                    let fine = 1_000_000_000;
                    for step in [1, 1 + i128::try_from(dice.below(1_000_000_000)).unwrap(), fine] {
                        let r = (m * fine + (d - m) * step, d * fine);
                        prop_assert!(lowest(r) < 0, "a larger factor does not put the other one ahead");
                    }
                }
            }
        }
        Ok(())
    });
    turned.at_least_one_in(10);
}

/// What every confidence says, recomputed from the cards of its list.
fn check(policy: (i128, i128), list: &[UnitCard], confidence: &Confidence) -> Result<(), TestCaseError> {
    let (clear, close) = policy;
    let first = &list[0];
    let rivals: Vec<(&UnitCard, i128, i128)> = list[1..]
        .iter()
        .map(|rival| {
            let deltas = deltas(first, rival);
            (rival, lead(&deltas), deltas.iter().map(|(_, w, d)| w * d.abs()).sum())
        })
        .collect();
    // Level if D = 0: then rho is 0. Compared by multiplying across.
    let smaller = |a: (i128, i128), b: (i128, i128)| a.0 * b.1.max(1) < b.0 * a.1.max(1);
    let below = |rho: (i128, i128), limit: i128| rho.0 * 10_000 < limit * rho.1.max(1);
    let Some(smallest) = rivals.iter().map(|(_, m, d)| (*m, *d)).reduce(|a, b| if smaller(b, a) { b } else { a })
    else {
        prop_assert_eq!(confidence.level, ConfidenceLevel::OnlyOne);
        prop_assert!(confidence.rho.is_none() && confidence.rival.is_none() && confidence.toss_up.is_empty());
        return Ok(());
    };
    let (m, d) = fraction(confidence.rho.unwrap());
    prop_assert_eq!(m * smallest.1.max(1), smallest.0 * d.max(1), "rho is the smallest of all rivals");
    let rival = rivals.iter().find(|(card, _, _)| Some(card.unit) == confidence.rival).unwrap();
    prop_assert!(!smaller(smallest, (rival.1, rival.2)), "the rival named is the one that decides");

    let exact =
        |card: &UnitCard| card.contributions.iter().all(|part| part.low == part.high || weight(part.weight) == 0);
    let level = if below(smallest, close) {
        ConfidenceLevel::TossUp
    } else if !below(smallest, clear) && list.iter().all(exact) {
        ConfidenceLevel::Clear
    } else {
        ConfidenceLevel::Close
    };
    prop_assert_eq!(confidence.level, level);
    let tossed: Vec<_> =
        rivals.iter().filter(|(_, m, d)| below((*m, *d), close)).map(|(card, _, _)| card.unit).collect();
    let rivals_named: Vec<_> =
        list[1..].iter().map(|card| card.unit).filter(|id| confidence.toss_up.contains(id)).collect();
    prop_assert_eq!(rivals_named, tossed, "every rival below the limit shares the first rank, and no other");

    // The worst case: the first as low as it can be, a rival as high.
    let worst = |rival: &UnitCard| -> i128 {
        let pairs = first.contributions.iter().zip(&rival.contributions);
        pairs.map(|(a, b)| weight(a.weight) * (ppm(a.low) - ppm(b.high))).sum()
    };
    let may_change = list[1..].iter().any(|rival| worst(rival) < 0) && !list.iter().all(exact);
    prop_assert_eq!(confidence.may_change, may_change);
    prop_assert_eq!(confidence.may_change_on.is_empty(), !may_change);
    Ok(())
}

/// Section 6 as a whole: the level in a word follows from rho, the limits of the policy and what is unknown.
#[test]
fn the_level_of_confidence_follows_from_rho_and_from_what_is_unknown() {
    let seen = [Tally::default(), Tally::default(), Tally::default(), Tally::default()];
    for_all_answers(|world, result| {
        let document = world.policy().document();
        let limit = |value: rust_decimal::Decimal| {
            let mut value = value;
            value.rescale(4);
            value.mantissa()
        };
        let limits = (limit(document.confidence.clear), limit(document.confidence.close));
        let confidences = [&result.confidence.now, &result.confidence.later, &result.confidence.ask];
        for ((_, list), confidence) in lists(result).into_iter().zip(confidences) {
            if let Some(confidence) = confidence {
                seen[confidence.level as usize].add();
                check(limits, list, confidence)?;
            }
        }
        Ok(())
    });
    for tally in &seen {
        tally.at_least_one_in(500);
    }
}
