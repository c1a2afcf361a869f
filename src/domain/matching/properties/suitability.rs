//! The score is the sum of its parts, exactly; it grows with each part, and nobody else's parts are in it.

use proptest::prelude::*;

use super::{
    Tally,
    answers::{answer, deltas, key, lead, lists, ppm, tens, weight},
    for_all_answers, for_all_worlds,
    generators::{Mood, World, unit},
};
use crate::domain::matching::{
    evaluate::evaluate,
    result::{MatchResult, UnitCard},
    snapshot::{Closure, ClosureReason},
};

const ONE: i128 = 10_000_000_000;

/// Property 5.
#[test]
fn contributions_sum_to_the_score_digit_by_digit() {
    let tally = Tally::default();
    for_all_answers(|_, result| {
        let not_weighed: i128 = result.not_weighed.iter().map(|one| weight(one.weight)).sum();
        let most = weight(result.score_max.round_dp(4));
        prop_assert_eq!(most + not_weighed, 10_000, "what is weighed and what is not make one");
        for card in result.cards() {
            let Some(score) = card.score else {
                prop_assert!(card.contributions.is_empty());
                continue;
            };
            tally.add();
            let mut sums = [0_i128; 4];
            for part in &card.contributions {
                let (w, c, low, high) = (weight(part.weight), ppm(part.value), ppm(part.low), ppm(part.high));
                prop_assert!(0 <= low && low <= c && c <= high && high <= 1_000_000, "{part:?}");
                prop_assert_eq!(tens(part.contribution), w * c, "a contribution is weight times value");
                for (sum, part) in sums.iter_mut().zip([tens(part.contribution), w * low, w * high, w]) {
                    *sum += part;
                }
            }
            let [value, low, high, weights] = sums;
            prop_assert_eq!(tens(score.value), value, "the printed contributions sum to the printed score");
            prop_assert_eq!((tens(score.low), tens(score.high)), (low, high));
            prop_assert_eq!(weights, most, "every weighed criterion has its contribution");
            prop_assert!(0 <= low && low <= value && value <= high && high <= weights * 1_000_000);
            prop_assert!(high <= ONE && i64::try_from(high).is_ok());
        }
        Ok(())
    });
    tally.at_least_one_in(3);
}

/// Property 5, the bound: even with every weight on one criterion and every value at its top a score is one whole,
/// so an i64 holds it a hundred million times over.
#[test]
fn a_score_never_leaves_an_i64() {
    for policy in super::generators::POLICIES.iter() {
        assert_eq!(policy.weights.iter().sum::<i64>(), 10_000);
        assert!(policy.weights.iter().all(|weight| (0..=10_000).contains(weight)));
        let top: i64 = policy.weights.iter().map(|weight| weight.checked_mul(1_000_000).unwrap()).sum();
        assert_eq!(i128::from(top), ONE);
    }
}

/// Property 6: a unit that is nowhere worse has no lower score, and one that is better somewhere that weighs has more.
#[test]
fn the_score_grows_with_each_criterion() {
    let tally = Tally::default();
    for_all_worlds(|world| {
        let mut dice = world.dice();
        let mut other = world.clone();
        let mood = Mood { unknown: 20, ..world.mood() };
        for changed in &mut other.snapshot.units {
            let aspect = dice.below(unit::ASPECTS);
            unit::draw(changed, aspect, &mut dice, mood);
        }
        let (before, after) = (answer(world), answer(&other));
        let pairs = before.cards().filter_map(|card| Some((card, after.card(card.unit)?)));
        for (was, is) in pairs {
            let (Some(old), Some(new)) = (was.score, is.score) else { continue };
            let steps = deltas(is, was);
            prop_assert_eq!(tens(new.value) - tens(old.value), lead(&steps), "only the values move the score");
            let up = steps.iter().all(|(_, _, delta)| *delta >= 0);
            if up {
                prop_assert!(new.value >= old.value);
                if steps.iter().any(|(_, weight, delta)| *weight > 0 && *delta > 0) {
                    tally.add();
                    prop_assert!(new.value > old.value);
                }
            }
        }
        Ok(())
    });
    tally.at_least_one_in(100);
}

/// Everything about a unit that may not depend on other units.
fn own(card: &UnitCard) -> UnitCard {
    let mut own = UnitCard { rank: None, tie: None, against_first: None, ..card.clone() };
    // How many units an answer opens is a count over all of them.
    own.findings
        .iter_mut()
        .filter_map(|finding| finding.question.as_mut())
        .for_each(|question| question.opens_units = 0);
    own
}

/// Property 6: taking units away leaves the others in the same order, with the same cards.
#[test]
fn the_order_of_two_units_never_depends_on_a_third() {
    let tally = Tally::default();
    for_all_worlds(|world| {
        let before = answer(world);
        let mut dice = world.dice();
        let mut other = world.clone();
        other.snapshot.units.retain(|_| dice.chance(60));
        let after = answer(&other);
        for ((name, all), (_, some)) in lists(&before).into_iter().zip(lists(&after)) {
            let left: Vec<_> = all.iter().filter(|card| after.card(card.unit).is_some()).map(own).collect();
            let same: Vec<_> = some.iter().map(own).collect();
            prop_assert_eq!(&left, &same, "the list {} depends on units that left it", name);
            if some.len() >= 2 && some.len() < all.len() {
                tally.add();
            }
        }
        Ok(())
    });
    tally.at_least_one_in(100);
}

fn order(result: &MatchResult) -> Vec<Vec<crate::domain::ids::UnitId>> {
    lists(result).iter().map(|(_, list)| list.iter().map(|card| card.unit).collect()).collect()
}

/// Property 6. The hash of the policy stays, so that the lottery does.
#[test]
fn scaling_all_weights_changes_no_order() {
    let tally = Tally::default();
    for_all_worlds(|world| {
        let factor = world.dice().pick(&[2, 3, 7, 100]);
        let mut scaled = world.policy().clone();
        scaled.weights.iter_mut().for_each(|weight| *weight *= factor);
        let (before, after) = (answer(world), evaluate(&scaled, &world.view, &world.snapshot, world.now));
        prop_assert_eq!(order(&before), order(&after));
        if before.now.len() + before.later.len() + before.ask.len() >= 2 {
            tally.add();
        }
        Ok(())
    });
    tally.at_least_one_in(10);
}

/// Property 6.
#[test]
fn adding_a_unit_that_is_out_changes_nothing_for_the_others() {
    for_all_worlds(|world| {
        let mut dice = world.dice();
        let mut other: World = world.clone();
        let mut closed = unit::drawn(&mut dice, 99, Mood { unknown: 20, ..world.mood() });
        closed.closed = Some(Closure { reason: ClosureReason::IntakeStop, until: None });
        // Policies without R-OPEN need another reason to leave it out.
        closed.programme = crate::domain::catalogue::location::ProgrammeKind::Acm;
        let id = closed.id;
        other.snapshot.units.insert(dice.below(other.snapshot.units.len() + 1), closed);
        let (before, after) = (answer(world), answer(&other));
        let is_out = after.out.iter().any(|card| card.unit == id);
        if !is_out {
            return Ok(());
        }
        for ((_, before), (_, after)) in lists(&before).into_iter().zip(lists(&after)) {
            prop_assert_eq!(before, after);
        }
        let others: Vec<_> = after.out.iter().filter(|card| card.unit != id).collect();
        prop_assert_eq!(before.out.iter().collect::<Vec<_>>(), others);
        prop_assert_eq!(&before.set_aside, &after.set_aside);
        prop_assert_eq!((before.proposed, before.better_later), (after.proposed, after.better_later));
        prop_assert_eq!(&before.confidence, &after.confidence);
        let sorted: Vec<_> = before.now.iter().map(|card| key(world, card)).collect();
        prop_assert!(sorted.is_sorted());
        Ok(())
    });
}
