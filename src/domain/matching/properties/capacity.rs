//! A bed more helps and never hurts; a hold takes a bed, and only that.

use proptest::prelude::*;

use super::{Tally, answers::answer, for_all_worlds, generators::World};
use crate::domain::matching::result::{MatchResult, Standing};

fn fits(result: &MatchResult, unit: crate::domain::ids::UnitId) -> bool {
    result.card(unit).is_some_and(|card| matches!(card.standing, Standing::FitNow | Standing::FitLater))
}

/// A case with one free bed more in one unit: an empty bed more, one that is left, or a hold that lapsed.
fn with_a_bed_more(world: &World) -> Option<(World, usize)> {
    let mut dice = world.dice();
    let mut other = world.clone();
    let at = dice.below(other.snapshot.units.len().max(1));
    let count = other.snapshot.units.get_mut(at)?.capacity.as_mut()?;
    if count.held > 0 && dice.chance(50) {
        count.held -= 1;
    } else if count.occupied > 0 && dice.chance(50) {
        count.occupied -= 1;
    } else {
        count.total += 1;
    }
    Some((other, at))
}

/// Property 8.
#[test]
fn adding_a_free_bed_never_turns_fit_into_anything_else() {
    let tally = Tally::default();
    for_all_worlds(|world| {
        let Some((other, at)) = with_a_bed_more(world) else { return Ok(()) };
        let (before, after) = (answer(world), answer(&other));
        for (number, unit) in world.snapshot.units.iter().enumerate() {
            let (was, is) = (before.card(unit.id).unwrap(), after.card(unit.id).unwrap());
            if number == at {
                prop_assert!(!fits(&before, unit.id) || fits(&after, unit.id), "{}: a bed more shut it", unit.code);
                let earlier = was.start.is_none() || is.start.is_some() && is.start <= was.start;
                prop_assert!(earlier, "{}: a bed more made the start later", unit.code);
                if was.standing != is.standing {
                    tally.add();
                }
            } else {
                let same = (is.standing, is.failed, is.unknown, is.score)
                    == (was.standing, was.failed, was.unknown, was.score);
                prop_assert!(same, "a bed in {at} changed {number}");
            }
        }
        Ok(())
    });
    tally.at_least_one_in(500);
}

/// Property 8: another referral matters only through the place it holds, and it only takes.
#[test]
fn adding_a_referral_that_holds_a_place_never_enlarges_the_fit_set_of_another() {
    let tally = Tally::default();
    for_all_worlds(|world| {
        // Read from the other side: the case with a hold more is the case, the one without has a bed more.
        let mut held = world.clone();
        let at = world.dice().below(held.snapshot.units.len().max(1));
        let Some(count) = held.snapshot.units.get_mut(at).and_then(|unit| unit.capacity.as_mut()) else {
            return Ok(());
        };
        // A hold can be taken only where a place is free.
        if count.total <= count.occupied + count.held + count.out_of_use {
            return Ok(());
        }
        count.held += 1;
        let (before, after) = (answer(world), answer(&held));
        for unit in &world.snapshot.units {
            prop_assert!(fits(&before, unit.id) || !fits(&after, unit.id), "{}: a hold opened it", unit.code);
            if fits(&before, unit.id) && !fits(&after, unit.id) {
                tally.add();
            }
        }
        Ok(())
    });
    tally.at_least_one_in(200);
}
