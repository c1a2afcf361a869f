//! Reading an answer: its decimals as the digits they print, its verdicts rule by rule, its order as the text defines it.

use rust_decimal::Decimal;
use sha2::{Digest, Sha256};

use super::generators::World;
use crate::domain::{
    fact::Verdict,
    ids::UnitId,
    matching::{
        bits::{Masks, RuleBit},
        canonical,
        criterion::CriterionCode,
        evaluate::{StoredInput, evaluate, weigh},
        result::{MatchResult, UnitCard},
        rules::fixture::masks_of,
        snapshot::UnitState,
    },
};

/// The answer of a case, as it is stored.
pub fn stored_answer(world: &World) -> MatchResult {
    evaluate(world.policy(), &world.view, &world.snapshot, world.now)
}

/// The answer of a case without the hash of its input, which costs as much as all the rest.
pub fn answer(world: &World) -> MatchResult {
    weigh(world.policy(), &StoredInput::normal(&world.view, &world.snapshot, world.now))
}

/// The verdicts of a case alone, unit by unit.
pub fn verdicts(world: &World, id: UnitId) -> Masks {
    let masks = masks_of(world.policy(), &world.view, &world.snapshot, world.now);
    let at = world.snapshot.units.iter().position(|unit| unit.id == id).expect("a unit of the case");
    masks[at]
}

/// The bytes of an answer, as stored.
pub fn bytes(result: &MatchResult) -> Vec<u8> {
    canonical::canonical_bytes(result)
}

/// The digits of a decimal as printed, which must have exactly `places` decimals, as one whole number.
pub fn digits(value: Decimal, places: usize) -> i128 {
    let text = value.to_string();
    let (_, decimals) = text.split_once('.').unwrap_or((&text, ""));
    assert_eq!(decimals.len(), places, "{text} does not print {places} decimals");
    text.replace('.', "").parse().unwrap()
}

/// A score or a contribution in units of 10^-10.
pub fn tens(value: Decimal) -> i128 {
    digits(value, 10)
}

/// A value of a criterion in millionths.
pub fn ppm(value: Decimal) -> i128 {
    digits(value, 6)
}

/// A weight in units of 10^-4.
pub fn weight(value: Decimal) -> i128 {
    digits(value, 4)
}

/// The verdict of one rule at one unit.
pub fn verdict(card: &UnitCard, bit: RuleBit) -> Verdict {
    Masks { failed: card.failed, unknown: card.unknown }.verdict(bit)
}

/// A unit of a case.
pub fn unit(world: &World, id: UnitId) -> &UnitState {
    world.snapshot.units.iter().find(|unit| unit.id == id).expect("a unit of the case")
}

/// The three lists that are in order, by name.
pub fn lists(result: &MatchResult) -> [(&'static str, &[UnitCard]); 3] {
    [("now", &result.now), ("later", &result.later), ("ask", &result.ask)]
}

/// The weight and the value of every weighed criterion of a card, in integers.
pub fn parts(card: &UnitCard) -> Vec<(CriterionCode, i128, i128)> {
    card.contributions.iter().map(|part| (part.criterion, weight(part.weight), ppm(part.value))).collect()
}

/// The criteria in which two cards of one answer differ: code, weight, value of the first minus value of the second.
pub fn deltas(a: &UnitCard, b: &UnitCard) -> Vec<(CriterionCode, i128, i128)> {
    parts(a).into_iter().zip(parts(b)).map(|((code, weight, a), (_, _, b))| (code, weight, a - b)).collect()
}

/// Weights times differences: how far `a` leads.
pub fn lead(deltas: &[(CriterionCode, i128, i128)]) -> i128 {
    deltas.iter().map(|(_, weight, delta)| weight * delta).sum()
}

/// The key of the order, written from its definition: smaller stands first. Every part is compared only if all before
/// it are equal: score, beds left, longest without a placement (never is longest), lottery.
pub fn key(world: &World, card: &UnitCard) -> (i128, i64, i64, Vec<u8>) {
    let score = tens(card.score.expect("a unit in a list has a score").value);
    let left = card.beds_left.map_or(-1, i64::from);
    let last = unit(world, card.unit).last_placement_at.map_or(i64::MIN, |at| at.timestamp_micros());
    let mut lottery = Sha256::new();
    lottery.update(world.policy().hash());
    lottery.update(world.view.id.0.as_bytes());
    lottery.update(card.unit.0.as_bytes());
    (-score, -left, last, lottery.finalize().to_vec())
}
