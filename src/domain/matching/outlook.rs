//! What would open the most: questions, rules that fail alone, and the units nearest to FIT.

use std::collections::BTreeMap;

use super::{
    bits::RuleBit,
    finding::{Addressee, FactCode, Question},
    result::{MatchResult, Nearest, Relaxation, Standing, UnitCard},
};
use crate::domain::{fact::Verdict, ids::UnitId};

/// How many near units the answer names if none is FIT.
const NEAREST_MAX: usize = 5;

/// Completes an answer whose cards are written.
pub(super) fn complete(result: &mut MatchResult) {
    let opening = opening(result);
    for card in result.cards_mut() {
        for question in card.findings.iter_mut().filter_map(|finding| finding.question.as_mut()) {
            question.opens_units = opens(&opening, question);
        }
    }
    result.questions = questions(result, &opening);
    result.relaxations = relaxations(result);
    if result.now.is_empty() && result.later.is_empty() {
        result.nearest = nearest(result);
    }
}

/// Per unit in `ask`: the facts that all have to be answered before it is FIT.
fn opening(result: &MatchResult) -> Vec<(UnitId, Vec<FactCode>)> {
    let facts = |card: &UnitCard| {
        let asked = card.findings.iter().filter_map(|finding| finding.question.as_ref());
        let mut facts: Vec<FactCode> = asked.flat_map(|question| question.facts.iter().copied()).collect();
        facts.sort_unstable();
        facts.dedup();
        facts
    };
    result.ask.iter().map(|card| (card.unit, facts(card))).collect()
}

/// How many units one favourable answer turns into FIT.
fn opens(opening: &[(UnitId, Vec<FactCode>)], question: &Question) -> u32 {
    let covered = |unit: UnitId, fact: &FactCode| {
        question.facts.contains(fact) && (!fact.is_about_unit() || question.unit == Some(unit))
    };
    let opened =
        opening.iter().filter(|(unit, facts)| !facts.is_empty() && facts.iter().all(|fact| covered(*unit, fact)));
    u32::try_from(opened.count()).unwrap_or(u32::MAX)
}

/// Every open question once, those that open most units first; then those that only sharpen the score.
fn questions(result: &MatchResult, opening: &[(UnitId, Vec<FactCode>)]) -> Vec<Question> {
    let mut found: BTreeMap<(Addressee, Option<UnitId>, Vec<FactCode>), Question> = BTreeMap::new();
    let asked = result.now.iter().chain(&result.later).chain(&result.ask);
    for question in asked.flat_map(|card| &card.findings).filter_map(|finding| finding.question.as_ref()) {
        let key = (question.ask, question.unit, question.facts.clone());
        found.entry(key).or_insert_with(|| question.clone());
    }
    for left_out in &result.not_weighed {
        let question = Question {
            rule: None,
            service: None,
            ask: if left_out.facts == [FactCode::Tier] { Addressee::Assessor } else { Addressee::Referrer },
            unit: None,
            facts: left_out.facts.clone(),
            opens_units: 0,
            text_nl: String::new(),
            text_en: String::new(),
        };
        found.entry((question.ask, None, question.facts.clone())).or_insert(question);
    }
    let mut questions: Vec<Question> = found.into_values().collect();
    for question in &mut questions {
        question.opens_units = opens(opening, question);
    }
    questions.sort_by_key(|question| std::cmp::Reverse(question.opens_units));
    questions
}

/// Per rule, the units that it alone keeps from FIT.
fn relaxations(result: &MatchResult) -> Vec<Relaxation> {
    let alone = |bit: RuleBit| {
        let mut cards: Vec<&UnitCard> =
            result.cards().filter(|card| !card.set_aside && card.failed | card.unknown == bit.mask()).collect();
        cards.sort_by(|a, b| a.code.cmp(&b.code).then(a.unit.cmp(&b.unit)));
        cards.into_iter().map(|card| card.unit).collect::<Vec<_>>()
    };
    let mut relaxations: Vec<Relaxation> = RuleBit::all()
        .map(|bit| Relaxation { rule: bit.rule, service: bit.service, units: alone(bit) })
        .filter(|relaxation| !relaxation.units.is_empty())
        .collect();
    relaxations.sort_by_key(|relaxation| std::cmp::Reverse(relaxation.units.len()));
    relaxations
}

/// The units with the fewest failed rules, each of which can be changed.
fn nearest(result: &MatchResult) -> Vec<Nearest> {
    let changeable = |card: &UnitCard| {
        card.findings.iter().filter(|finding| finding.verdict == Verdict::No).all(|finding| finding.change.is_some())
    };
    let mut cards: Vec<&UnitCard> = result.cards().filter(|card| !card.set_aside && changeable(card)).collect();
    cards.sort_by(|a, b| {
        let rank =
            |card: &UnitCard| (card.failed.count_ones(), card.unknown.count_ones(), card.standing == Standing::Out);
        rank(a).cmp(&rank(b)).then(a.code.cmp(&b.code)).then(a.unit.cmp(&b.unit))
    });
    let count = |bits: u64| u16::try_from(bits.count_ones()).unwrap_or(0);
    cards
        .into_iter()
        .take(NEAREST_MAX)
        .map(|card| Nearest {
            unit: card.unit,
            failed: count(card.failed),
            unknown: count(card.unknown),
            start: card.start.or(card.expected_start),
            start_confirmed: card.start.is_some(),
        })
        .collect()
}
