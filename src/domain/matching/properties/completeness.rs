//! The answer is whole: every unit, once, with every rule that is not met, and every question with what it opens.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{Tally, answers::verdict, for_all_answers};
use crate::domain::{
    fact::Verdict,
    ids::UnitId,
    matching::{
        bits::RuleBit,
        finding::{Addressee, FactCode, Question},
        result::Standing,
    },
};

/// Property 11.
#[test]
fn every_unit_stands_in_exactly_one_list_with_all_its_failed_and_unknown_rules() {
    for_all_answers(|world, result| {
        let shown: Vec<UnitId> = result.cards().map(|card| card.unit).collect();
        let distinct: BTreeSet<UnitId> = shown.iter().copied().collect();
        let given: BTreeSet<UnitId> = world.snapshot.units.iter().map(|unit| unit.id).collect();
        prop_assert_eq!(shown.len(), distinct.len(), "a unit stands in two lists");
        prop_assert_eq!(distinct, given, "the lists hold other units than the snapshot");

        let list = |cards: &[crate::domain::matching::result::UnitCard], standing: &[Standing]| {
            cards.iter().all(|card| standing.contains(&card.standing))
        };
        prop_assert!(list(&result.now, &[Standing::FitNow]) && list(&result.later, &[Standing::FitLater]));
        prop_assert!(list(&result.ask, &[Standing::Ask]) && list(&result.out, &[Standing::Out]));
        for card in result.cards() {
            let objected = world.view.standing_objections.contains(&card.unit);
            let aside = result.set_aside.iter().any(|aside| aside.unit == card.unit);
            prop_assert_eq!(aside, objected && card.standing != Standing::Out);
            prop_assert_eq!(card.set_aside, objected);
            let named: Vec<(RuleBit, Verdict)> = card
                .findings
                .iter()
                .map(|finding| (RuleBit { rule: finding.rule, service: finding.service }, finding.verdict))
                .collect();
            let masked: Vec<(RuleBit, Verdict)> = RuleBit::all()
                .map(|bit| (bit, verdict(card, bit)))
                .filter(|(_, verdict)| *verdict != Verdict::Yes)
                .collect();
            prop_assert_eq!(named, masked, "{}: findings and masks differ", &card.code);
            for finding in &card.findings {
                prop_assert!(!finding.evidence.is_empty() && !finding.changed_by.is_empty());
                // What no answer could settle, the assessor can: then there is a change and nothing to ask.
                let helped = finding.question.is_some() || finding.change.is_some();
                prop_assert!(finding.verdict == Verdict::No || helped, "unknown, and nothing to do: {finding:?}");
                let dispensable = finding.verdict == Verdict::No && world.policy().is_dispensable(finding.rule);
                prop_assert_eq!(finding.dispensable, dispensable);
            }
        }
        Ok(())
    });
}

type Asked = (Addressee, Option<UnitId>, Vec<FactCode>);

fn asked(question: &Question) -> Asked {
    (question.ask, question.unit, question.facts.clone())
}

/// Every open question of a unit that is not out stands in the list of questions, with the units it alone would open.
#[test]
fn every_question_is_listed_with_the_units_it_alone_would_open() {
    let tally = Tally::default();
    for_all_answers(|_, result| {
        let listed: Vec<Asked> = result.questions.iter().map(asked).collect();
        let distinct = listed.iter().enumerate().all(|(at, one)| !listed[..at].contains(one));
        prop_assert!(distinct, "a question is listed twice");
        for card in &result.ask {
            for question in card.findings.iter().filter_map(|finding| finding.question.as_ref()) {
                let found = result.questions.iter().find(|one| asked(one) == asked(question));
                prop_assert!(found.is_some(), "not listed: {question:?}");
                prop_assert_eq!(found.unwrap().opens_units, question.opens_units);
            }
        }
        for question in &result.questions {
            // A unit opens if every fact that is open there is among those that are asked for, of that unit or person.
            let answered = |unit: UnitId, fact: &FactCode| {
                question.facts.contains(fact) && (!fact.is_about_unit() || question.unit == Some(unit))
            };
            let alone = result.ask.iter().filter(|card| {
                let asked = card.findings.iter().filter_map(|finding| finding.question.as_ref());
                asked.flat_map(|question| &question.facts).all(|fact| answered(card.unit, fact))
            });
            let opens = u32::try_from(alone.count()).unwrap();
            prop_assert_eq!(question.opens_units, opens, "{:?}", question);
            if opens > 0 {
                tally.add();
            }
        }
        prop_assert!(result.questions.iter().map(|one| std::cmp::Reverse(one.opens_units)).is_sorted());
        Ok(())
    });
    tally.at_least_one_in(20);
}

/// Per rule, the units that this rule alone keeps from FIT; and if none is FIT, the nearest ones, counted in rules.
#[test]
fn relaxations_and_nearest_are_counted_from_the_masks() {
    let tally = Tally::default();
    for_all_answers(|_, result| {
        let mut named = BTreeSet::new();
        for relaxation in &result.relaxations {
            let bit = RuleBit { rule: relaxation.rule, service: relaxation.service };
            let alone: BTreeSet<UnitId> = result
                .cards()
                .filter(|card| card.failed | card.unknown == bit.mask() && !card.set_aside)
                .map(|card| card.unit)
                .collect();
            prop_assert_eq!(relaxation.units.iter().copied().collect::<BTreeSet<_>>(), alone);
            prop_assert!(!relaxation.units.is_empty() && named.insert(bit), "{:?} is empty or named twice", bit);
            tally.add();
        }
        for card in result.cards().filter(|card| (card.failed | card.unknown).is_power_of_two() && !card.set_aside) {
            let kept = result.relaxations.iter().any(|relaxation| relaxation.units.contains(&card.unit));
            prop_assert!(kept, "{} is kept out by one rule and not named", card.code);
        }
        prop_assert!(result.relaxations.iter().map(|one| std::cmp::Reverse(one.units.len())).is_sorted());
        let fit = !result.now.is_empty() || !result.later.is_empty();
        prop_assert!(!fit || result.nearest.is_empty());
        for nearest in &result.nearest {
            let card = result.card(nearest.unit).unwrap();
            let counts = (u32::from(nearest.failed), u32::from(nearest.unknown));
            prop_assert_eq!(counts, (card.failed.count_ones(), card.unknown.count_ones()));
            let changeable =
                card.findings.iter().all(|finding| finding.verdict != Verdict::No || finding.change.is_some());
            prop_assert!(changeable, "{} cannot be changed here", card.code);
        }
        Ok(())
    });
    tally.at_least_one_in(10);
}
