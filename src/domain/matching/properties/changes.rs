//! "Why not, and what would change it" is true: made, the change flips its rule; all of them make the unit FIT; all but
//! one do not; a bed, a year or an area less does not.

use chrono::Days;
use proptest::prelude::*;

use super::{
    Tally,
    answers::{unit, verdicts},
    change_steps::{Site, mend},
    fails, for_all_answers,
    generators::World,
};
use crate::domain::{
    catalogue::attribute::AttributeCode,
    fact::Verdict,
    matching::{
        bits::{Masks, RuleBit},
        finding::{ChangeStep, FactCode, Finding, RuleCode},
        result::{MatchResult, UnitCard},
        snapshot::{AgeBound, UnitState},
    },
    referral::needs::SecurityLevel,
};

fn bit(finding: &Finding) -> RuleBit {
    RuleBit { rule: finding.rule, service: finding.service }
}

fn mended(world: &World, card: &UnitCard, findings: &[&Finding]) -> World {
    let mut other = world.clone();
    for finding in findings {
        mend(&mut other, card, finding);
    }
    other
}

/// Property 10.
#[test]
fn each_change_flips_its_rule_to_yes() {
    let seen: Vec<_> = RuleBit::all().map(|bit| (bit, [Tally::default(), Tally::default()])).collect();
    for_all_answers(|world, result| {
        for card in result.cards() {
            for finding in card.findings.iter().filter(|finding| finding.change.is_some()) {
                if finding.rule == RuleCode::Age && nobody_fits(unit(world, card.unit)) {
                    continue;
                }
                let other = mended(world, card, &[finding]);
                let is = verdicts(&other, card.unit).verdict(bit(finding));
                if is != Verdict::Yes {
                    return Err(fails(format!("{} is {is:?} after {finding:#?}", finding.rule.name())));
                }
                let (_, tallies) = seen.iter().find(|(seen, _)| *seen == bit(finding)).unwrap();
                tallies[usize::from(finding.verdict == Verdict::No)].add();
            }
        }
        Ok(())
    });
    for (bit, [unknown, no]) in &seen {
        unknown.at_least_one_in(2_000);
        // Only law changes a route that is known.
        if bit.rule != RuleCode::Route {
            no.at_least_one_in(2_000);
        }
    }
}

/// Facts that one rule wants answered one way and another the other way: then no list of answers suits both. R-OMM wants
/// the indicators that R-CONTRA does not; and a judgement on the route holds while what is open about it stays open.
fn asks_twice(result: &MatchResult, unit: &UnitState, findings: &[&Finding]) -> bool {
    let indicators = !unit.contraindications.is_empty() && findings.iter().any(|one| one.rule == RuleCode::Omm);
    if indicators || result.route.by_judgement {
        return true;
    }
    let records_problems = |finding: &Finding| {
        finding.change.as_ref().is_some_and(|change| matches!(change.step, ChangeStep::RecordMultiProblem { .. }))
    };
    let asked = |finding: &Finding| {
        if records_problems(finding) {
            // What the assessor records about problems can open or close a route.
            return vec![FactCode::Lvb, FactCode::Ggz, FactCode::Addiction, FactCode::LifeDomains];
        }
        finding.question.as_ref().map(|question| question.facts.clone()).unwrap_or_default()
    };
    let read = |finding: &Finding| {
        if finding.rule == RuleCode::Route { result.route.open_facts.clone() } else { asked(finding) }
    };
    findings.iter().any(|one| {
        let others = findings.iter().filter(|other| bit(other) != bit(one)).flat_map(|other| asked(other));
        matches!(one.rule, RuleCode::Omm | RuleCode::Route) && others.into_iter().any(|fact| read(one).contains(&fact))
    })
}

/// Property 10: the list is what is missing, no more and no less.
#[test]
fn the_whole_list_makes_a_unit_fit_and_leaving_one_out_does_not() {
    let tally = Tally::default();
    for_all_answers(|world, result| {
        for card in result.cards().filter(|card| !card.findings.is_empty()) {
            let findings: Vec<&Finding> = card.findings.iter().collect();
            if findings.iter().any(|finding| finding.change.is_none())
                || asks_twice(result, unit(world, card.unit), &findings)
                || nobody_fits(unit(world, card.unit))
            {
                continue;
            }
            let whole = verdicts(&mended(world, card, &findings), card.unit);
            prop_assert!(whole == Masks::default(), "{} is {whole:x?} after all changes of {findings:#?}", card.code);
            if findings.len() >= 2 {
                tally.add();
            }
            for left_out in &findings {
                let rest: Vec<&Finding> =
                    findings.iter().filter(|finding| bit(finding) != bit(left_out)).copied().collect();
                let other = mended(world, card, &rest);
                let is = verdicts(&other, card.unit).verdict(bit(left_out));
                // An answer can settle two rules: then it is one change, and leaving out one name of it is none.
                let shared = rest.iter().any(|finding| shares(finding, left_out));
                prop_assert!(shared || is != Verdict::Yes, "{} is met without its change", left_out.rule.name());
            }
        }
        Ok(())
    });
    tally.at_least_one_in(20);
}

/// True if carrying out one finding answers a fact that the other reads too.
fn shares(finding: &Finding, other: &Finding) -> bool {
    let facts = |finding: &Finding| {
        let asked = finding.question.iter().flat_map(|question| question.facts.clone());
        finding.evidence.iter().map(|read| read.fact).chain(asked).collect::<Vec<_>>()
    };
    let (one, two) = (facts(finding), facts(other));
    one.iter().any(|fact| two.contains(fact))
        || matches!((finding.rule, other.rule), (RuleCode::Beds, RuleCode::Age) | (RuleCode::Omm, RuleCode::Route))
}

/// True if the catalogue contradicts itself about ages, so that nobody would fit whatever is answered.
fn nobody_fits(unit: &UnitState) -> bool {
    let bound = |bound: Option<AgeBound>| bound.filter(|bound| !bound.inferred).map(|bound| bound.years);
    let (least, most) = (bound(unit.age_min).unwrap_or(0), bound(unit.age_max).unwrap_or(u8::MAX));
    least > most || most < 18 && unit.attributes.get(AttributeCode::Minors).effective() == Verdict::No
}

/// The same change with one number one step smaller, or one part of a list left out: every way there is.
fn one_step_less(step: &ChangeStep) -> Vec<ChangeStep> {
    match step {
        ChangeStep::MoreBeds { beds, by } => vec![
            ChangeStep::MoreBeds { beds: beds - 1, by: *by },
            ChangeStep::MoreBeds { beds: *beds, by: *by + Days::new(1) },
        ],
        ChangeStep::MoreService { service, quantity } => {
            vec![ChangeStep::MoreService { service: *service, quantity: quantity - 1 }]
        }
        ChangeStep::AdmitAges { from, up_to, minors } => {
            let less = |from, up_to, minors| ChangeStep::AdmitAges { from, up_to, minors };
            let mut all = Vec::new();
            all.extend(from.map(|years| less(Some(years + 1), *up_to, *minors)));
            all.extend(up_to.map(|years| less(*from, Some(years - 1), *minors)));
            all.extend(minors.then(|| less(*from, *up_to, false)));
            all
        }
        ChangeStep::RequireLess { level, secret_address } => {
            let less = |level, secret_address| ChangeStep::RequireLess { level, secret_address };
            let higher = level.and_then(|level| match level {
                SecurityLevel::Open => Some(SecurityLevel::SafeNotSecret),
                SecurityLevel::SafeNotSecret => Some(SecurityLevel::Secured),
                SecurityLevel::Secured => None,
            });
            let mut all: Vec<ChangeStep> = higher.map(|level| less(Some(level), *secret_address)).into_iter().collect();
            all.extend(secret_address.then(|| less(*level, false)));
            all
        }
        ChangeStep::WithdrawDanger { areas } => {
            without_one(areas).into_iter().map(|areas| ChangeStep::WithdrawDanger { areas }).collect()
        }
        ChangeStep::ConflictLeaves { referrals } => {
            without_one(referrals).into_iter().map(|referrals| ChangeStep::ConflictLeaves { referrals }).collect()
        }
        ChangeStep::WaiveContraindications { contraindications } => without_one(contraindications)
            .into_iter()
            .map(|contraindications| ChangeStep::WaiveContraindications { contraindications })
            .collect(),
        ChangeStep::ProvideCare { care } => {
            without_one(care).into_iter().map(|care| ChangeStep::ProvideCare { care }).collect()
        }
        ChangeStep::AdmitHousehold { children: true, partner: true } => vec![
            ChangeStep::AdmitHousehold { children: true, partner: false },
            ChangeStep::AdmitHousehold { children: false, partner: true },
        ],
        ChangeStep::RecordMultiProblem { problems: true, regular_shelter_insufficient: true } => vec![
            ChangeStep::RecordMultiProblem { problems: true, regular_shelter_insufficient: false },
            ChangeStep::RecordMultiProblem { problems: false, regular_shelter_insufficient: true },
        ],
        ChangeStep::AdmitHousehold { .. }
        | ChangeStep::RecordMultiProblem { .. }
        | ChangeStep::Confirm { .. }
        | ChangeStep::RecordIndication
        | ChangeStep::RecordRoute { .. }
        | ChangeStep::GiveConsent
        | ChangeStep::AdmitGender { .. }
        | ChangeStep::AdmitCrisis
        | ChangeStep::AdmitGroup { .. }
        | ChangeStep::OpenIntake => Vec::new(),
    }
}

fn without_one<T: Clone>(list: &[T]) -> Vec<Vec<T>> {
    (0..list.len()).map(|at| [&list[..at], &list[at + 1..]].concat()).collect()
}

/// Property 10, numbers and lists: the change is the smallest one.
#[test]
fn a_change_one_step_smaller_does_not_flip_its_rule() {
    let tally = Tally::default();
    for_all_answers(|world, result| {
        for card in result.cards() {
            for finding in &card.findings {
                let Some(change) = &finding.change else { continue };
                for smaller in one_step_less(&change.step) {
                    let mut other = world.clone();
                    Site { world: &mut other, unit: card.unit }.carry_out(card, finding, &smaller);
                    let is = verdicts(&other, card.unit).verdict(bit(finding));
                    prop_assert!(
                        is != Verdict::Yes,
                        "{} is met by {smaller:?}, less than {finding:#?}",
                        finding.rule.name()
                    );
                    tally.add();
                }
            }
        }
        Ok(())
    });
    tally.at_least_one_in(5);
}
