//! The order is total: any two units have one order, it is the same from both sides, and sorting by brute force finds it.

use proptest::prelude::*;

use super::{
    Tally,
    answers::{key, lists, tens},
    for_all_answers,
};
use crate::domain::matching::result::{ConfidenceLevel, TieStep};

/// Property 7. The place of a unit is the number of units that stand before it, counted pair by pair.
#[test]
fn the_order_is_total_and_equal_to_a_full_sort_by_brute_force() {
    let tally = Tally::default();
    for_all_answers(|world, result| {
        for (name, list) in lists(result) {
            let keys: Vec<_> = list.iter().map(|card| key(world, card)).collect();
            for (at, mine) in keys.iter().enumerate() {
                let before = keys.iter().filter(|other| *other < mine).count();
                let equal = keys.iter().filter(|other| *other == mine).count();
                prop_assert_eq!(equal, 1, "{}: two units are level after the lottery", name);
                prop_assert_eq!(before, at, "{} of {} stands in the wrong place", &list[at].code, name);
            }
            if list.len() >= 2 {
                tally.add();
            }
        }
        Ok(())
    });
    tally.at_least_one_in(5);
}

/// Property 7: the step that decided is the one that is shown.
#[test]
fn a_tie_names_the_step_that_decided_it() {
    let seen = [Tally::default(), Tally::default(), Tally::default()];
    for_all_answers(|world, result| {
        for (_, list) in lists(result) {
            for pair in list.windows(2) {
                let (a, b) = (key(world, &pair[0]), key(world, &pair[1]));
                let step = if a.0 != b.0 {
                    None
                } else if a.1 != b.1 {
                    Some(TieStep::BedsLeft)
                } else if a.2 != b.2 {
                    Some(TieStep::LastPlacement)
                } else {
                    Some(TieStep::Lottery)
                };
                prop_assert_eq!(pair[1].tie, step);
                if let Some(step) = step {
                    seen[step as usize].add();
                }
            }
            prop_assert!(list.first().is_none_or(|card| card.tie.is_none()));
        }
        Ok(())
    });
    for tally in &seen {
        tally.at_least_one_in(500);
    }
}

/// The proposal is the first of today, else the first of later; a later one that suits better is named.
#[test]
fn the_proposal_is_the_first_of_today_else_of_later() {
    let tally = Tally::default();
    for_all_answers(|_, result| {
        let (now, later) = (result.now.first(), result.later.first());
        prop_assert_eq!(result.proposed, now.or(later).map(|card| card.unit));
        let score = |card: &crate::domain::matching::result::UnitCard| tens(card.score.unwrap().value);
        let better = now.zip(later).filter(|(now, later)| score(later) > score(now));
        match (better, result.better_later) {
            (None, None) => {}
            (Some((now, later)), Some(named)) => {
                tally.add();
                prop_assert_eq!((named.unit, Some(named.start)), (later.unit, later.start));
                prop_assert_eq!(tens(named.difference), score(later) - score(now));
            }
            (better, named) => prop_assert!(false, "{} and {}", better.is_some(), named.is_some()),
        }
        Ok(())
    });
    tally.at_least_one_in(1_000);
}

/// Ranks count from one; the units of a toss-up share the first.
#[test]
fn ranks_count_from_one_and_a_toss_up_shares_the_first() {
    let tally = Tally::default();
    for_all_answers(|world, result| {
        let confidences = [&result.confidence.now, &result.confidence.later, &result.confidence.ask];
        for ((_, list), confidence) in lists(result).into_iter().zip(confidences) {
            prop_assert_eq!(confidence.is_some(), !list.is_empty());
            let Some(confidence) = confidence else { continue };
            let tossed = &confidence.toss_up;
            prop_assert_eq!(confidence.level == ConfidenceLevel::TossUp, !tossed.is_empty());
            for (at, card) in list.iter().enumerate() {
                let rank = if tossed.contains(&card.unit) { 1 } else { u16::try_from(at + 1).unwrap() };
                prop_assert_eq!(card.rank, Some(rank), "{}", &card.code);
            }
            if !tossed.is_empty() {
                tally.add();
                prop_assert!(tossed.len() >= 2 && tossed.contains(&list[0].unit));
                let ticket = |id| list.iter().find(|card| card.unit == id).map(|card| key(world, card).3);
                prop_assert!(tossed.iter().map(|id| ticket(*id)).is_sorted(), "a toss-up stands in lottery order");
            }
        }
        prop_assert!(result.out.iter().chain(&result.set_aside).all(|card| card.rank.is_none()));
        Ok(())
    });
    tally.at_least_one_in(100);
}
