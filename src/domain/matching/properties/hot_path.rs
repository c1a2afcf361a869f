//! The hot path finds what the full answer finds, and takes no memory once it has its room.

use proptest::prelude::*;

use super::{
    Tally,
    answers::{answer, lists},
    for_all,
    generators::{Dice, Mood, POLICIES, World, person, unit},
};
use crate::domain::matching::{
    bits::Masks,
    columns::CompiledSnapshot,
    compiled_referral::CompiledReferral,
    evaluate::{StoredInput, best_of_many},
    result::UnitCard,
    screen::{List, TOP, Workspace, screen},
    snapshot::Snapshot,
};

/// A case with so many units that the best ten have to be chosen; many are level.
fn crowded(seed: u64) -> World {
    let mut world = World::of(seed);
    let mut dice = Dice(seed ^ 0x5EED);
    let mood = Mood { unknown: 10, benign: 95, ..world.mood() };
    while world.snapshot.units.len() < 45 {
        let number = world.snapshot.units.len();
        let of = dice.below(number);
        let unit = unit::sister(&mut dice, &world.snapshot.units[of], number, mood);
        world.snapshot.units.push(unit);
    }
    world
}

/// Screens the case in the normal form that an evaluation screens.
fn screened(world: &World, work: &mut Workspace) -> StoredInput {
    let (policy, input) = (world.policy(), StoredInput::normal(&world.view, &world.snapshot, world.now));
    let units = CompiledSnapshot::compile(policy, &input.snapshot.units, input.now);
    let compiled = CompiledReferral::compile(policy, &input.view, &input.snapshot, &units);
    screen(policy, input.view.id, &units, &compiled, work);
    input
}

/// Property 7 where it is fast: choosing the best ten before sorting gives the first ten of the full order.
#[test]
fn the_best_ten_are_the_first_ten_of_the_full_order() {
    let (tally, full) = (Tally::default(), Tally::default());
    for_all(&any::<u64>(), |seed| {
        // A tenth of the cases is crowded: it is there that anything is left out, and they cost ten times as much.
        let world = if seed % 10 == 0 { crowded(seed) } else { World::of(seed) };
        let result = answer(&world);
        let mut work = Workspace::default();
        let input = screened(&world, &mut work);
        let units = &input.snapshot.units;
        prop_assert_eq!(units.len(), world.snapshot.units.len());
        for ((name, list), which) in lists(&result).into_iter().zip([List::Now, List::Later, List::Ask]) {
            let best: Vec<_> = work.best(which).iter().map(|place| place.at as usize).collect();
            let best: Vec<_> = best.into_iter().map(|at| units[at].id).collect();
            let first: Vec<_> = list.iter().take(TOP).map(|card| card.unit).collect();
            let shown = |id: &crate::domain::ids::UnitId| {
                result.card(*id).map(|card| (card.standing, card.set_aside, card.rank, card.score))
            };
            prop_assert_eq!(&best, &first, "the best of {}: {:#?}", name, best.iter().map(shown).collect::<Vec<_>>());
            tally.add();
            if list.len() > TOP {
                full.add();
            }
        }
        for (at, unit) in units.iter().enumerate() {
            let card = result.card(unit.id).unwrap();
            prop_assert_eq!(work.masks(at), Masks { failed: card.failed, unknown: card.unknown });
        }
        Ok(())
    });
    tally.at_least_one_in(1);
    full.at_least_one_in(50);
}

/// What a card says of its own unit and of the first; what it asks depends on the lists as a whole.
fn told(card: &UnitCard) -> UnitCard {
    let mut card = card.clone();
    for question in card.findings.iter_mut().filter_map(|finding| finding.question.as_mut()) {
        question.opens_units = 0;
    }
    card
}

/// A page of the ten best says of them what the full answer says, as long as nobody is left out.
#[test]
fn a_page_says_what_the_full_answer_says() {
    let tally = Tally::default();
    for_all(&any::<u64>(), |seed| {
        let world = World::of(seed);
        let (policy, input) = (world.policy(), StoredInput::normal(&world.view, &world.snapshot, world.now));
        let units = CompiledSnapshot::compile(policy, &input.snapshot.units, input.now);
        let page = best_of_many(policy, &input, &units, &mut Workspace::default());
        let result = answer(&world);
        let sure = [&result.confidence.now, &result.confidence.later, &result.confidence.ask];
        for (((name, list), sure), (cards, told_sure)) in lists(&result).into_iter().zip(sure).zip(&page) {
            if list.len() <= TOP && !list.is_empty() {
                let (full, short): (Vec<_>, Vec<_>) =
                    (list.iter().map(told).collect(), cards.iter().map(told).collect());
                prop_assert_eq!(full, short, "the cards of {}", name);
                prop_assert_eq!(sure.as_ref().map(|sure| &sure.toss_up), told_sure.as_ref().map(|sure| &sure.toss_up));
                tally.add();
            }
        }
        Ok(())
    });
    tally.at_least_one_in(2);
}

/// Section 15: no allocation in the hot loop. A workspace that has its room keeps the very same buffers through a
/// thousand different referrals; a buffer that grew or was replaced would lie elsewhere or be larger.
#[test]
fn a_thousand_referrals_leave_the_workspace_where_it_is() {
    let base = World::of(7);
    let mut dice = Dice(15);
    let mood = Mood { unknown: 10, benign: 90, ..base.mood() };
    let mut units = vec![unit::drawn(&mut dice, 0, mood)];
    while units.len() < 100 {
        let of = dice.below(units.len());
        let number = units.len();
        units.push(unit::sister(&mut dice, &units[of].clone(), number, mood));
    }
    let policy = &POLICIES[0];
    let snapshot = Snapshot { at: base.now, units, whereabouts: std::collections::BTreeMap::default() };
    let columns = CompiledSnapshot::compile(policy, &snapshot.units, base.now);
    let mut work = Workspace::default();
    let mut rooms = None;
    for _ in 0..1_000 {
        let view = person::view(&mut dice, Mood { unknown: 20, benign: 80, ..mood });
        let compiled = CompiledReferral::compile(policy, &view, &snapshot, &columns);
        screen(policy, view.id, &columns, &compiled, &mut work);
        let now = work.rooms();
        assert_eq!(*rooms.get_or_insert(now), now, "the workspace took memory");
    }
}
