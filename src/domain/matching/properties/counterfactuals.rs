//! What would put another unit first: the smallest value and the smallest weight, exact to the last integer.

use proptest::prelude::*;

use super::{
    Tally,
    answers::{deltas, key, lead, lists, parts, ppm, weight},
    for_all_answers,
    generators::World,
};
use crate::domain::{
    ids::UnitId,
    matching::{criterion::CriterionCode, result::UnitCard},
};

const TOP: i128 = 1_000_000;
const WHOLE: i128 = 10_000;

/// The lead of the first, with another value of one criterion at the other unit.
fn lead_with_value(deltas: &[(CriterionCode, i128, i128)], other: &UnitCard, code: CriterionCode, value: i128) -> i128 {
    let (_, _, now) = parts(other).into_iter().find(|(found, _, _)| *found == code).unwrap();
    let weight = deltas.iter().find(|(found, _, _)| *found == code).unwrap().1;
    lead(deltas) - weight * (value - now)
}

/// A sum of parts with another weight for one criterion, the others shrinking in proportion; times `10 000 − w_k`.
fn sum_with_weight(parts: &[(CriterionCode, i128, i128)], code: CriterionCode, weight: i128) -> i128 {
    let (_, old, value) = *parts.iter().find(|(found, _, _)| *found == code).unwrap();
    let others: i128 = parts.iter().filter(|one| one.0 != code).map(|one| one.1 * one.2).sum();
    weight * value * (WHOLE - old) + (WHOLE - weight) * others
}

/// The unit that leads its list with another weight: highest sum, then the rest of the order.
fn leader(world: &World, list: &[UnitCard], code: CriterionCode, weight: i128) -> UnitId {
    let place = |card: &UnitCard| {
        let (_, beds, placed, lottery) = key(world, card);
        (-sum_with_weight(&parts(card), code, weight), beds, placed, lottery)
    };
    list.iter().min_by_key(|card| place(card)).unwrap().unit
}

/// Property 10, values.
#[test]
fn each_counterfactual_value_puts_the_other_ahead_and_one_step_less_does_not() {
    let tally = Tally::default();
    for_all_answers(|_, result| {
        for (_, list) in lists(result) {
            for other in list.iter().skip(1) {
                let deltas = deltas(&list[0], other);
                let would_lead = &other.against_first.as_ref().unwrap().would_lead;
                prop_assert_eq!(would_lead.len(), other.contributions.len(), "one per weighed criterion");
                for one in would_lead {
                    let lead_with = |value| lead_with_value(&deltas, other, one.criterion, value);
                    match one.value.map(ppm) {
                        Some(value) => {
                            tally.add();
                            prop_assert!(value <= TOP);
                            prop_assert!(lead_with(value) < 0, "the value does not put it ahead: {one:?}");
                            prop_assert!(lead_with(value - 1) >= 0, "a smaller value does: {one:?}");
                        }
                        None => prop_assert!(lead_with(TOP) >= 0, "the highest value does: {one:?}"),
                    }
                }
            }
        }
        Ok(())
    });
    tally.at_least_one_in(10);
}

/// Property 10, weights; and who leads then, if it is a third one.
#[test]
fn each_counterfactual_weight_puts_the_other_ahead_and_one_step_less_does_not() {
    let (tally, thirds) = (Tally::default(), Tally::default());
    for_all_answers(|world, result| {
        for (_, list) in lists(result) {
            for other in list.iter().skip(1) {
                let deltas = deltas(&list[0], other);
                for one in &other.against_first.as_ref().unwrap().would_lead {
                    let (_, old, delta) = *deltas.iter().find(|(code, _, _)| *code == one.criterion).unwrap();
                    let lead_with = |weight| sum_with_weight(&deltas, one.criterion, weight);
                    let Some(new) = one.weight.map(weight) else {
                        // A criterion that has all the weight cannot have more; another that favours the first never helps.
                        let helps = old < WHOLE && delta < 0 && lead_with(WHOLE) < 0;
                        prop_assert!(!helps, "the whole weight would: {one:?}");
                        prop_assert!(one.then_leads.is_none());
                        continue;
                    };
                    tally.add();
                    prop_assert!(old < new && new <= WHOLE, "{one:?}");
                    prop_assert!(lead_with(new) < 0, "the weight does not put it ahead: {one:?}");
                    prop_assert!(lead_with(new - 1) >= 0, "a smaller weight does: {one:?}");
                    let leads = leader(world, list, one.criterion, new);
                    let third = (leads != other.unit).then_some(leads);
                    prop_assert_eq!(one.then_leads, third, "with {:?}", one);
                    if third.is_some() {
                        thirds.add();
                    }
                }
            }
        }
        Ok(())
    });
    tally.at_least_one_in(20);
    thirds.at_least_one_in(1_000);
}

/// Section 7: the differences are those of the contributions, and the decisive one is the largest for the first.
#[test]
fn differences_are_those_of_the_contributions() {
    for_all_answers(|_, result| {
        for (_, list) in lists(result) {
            for other in list.iter().skip(1) {
                let comparison = other.against_first.as_ref().unwrap();
                let deltas = deltas(&list[0], other);
                let largest = deltas.iter().map(|(_, w, d)| w * d).max().unwrap_or(0);
                for (code, w, delta) in &deltas {
                    let shown = comparison.differences.iter().find(|one| one.criterion == *code).unwrap();
                    prop_assert_eq!(super::answers::tens(shown.difference), w * delta);
                    if comparison.decisive == Some(*code) {
                        prop_assert!(w * delta == largest && largest > 0);
                    }
                }
                prop_assert_eq!(comparison.decisive.is_some(), largest > 0);
            }
        }
        Ok(())
    });
}
