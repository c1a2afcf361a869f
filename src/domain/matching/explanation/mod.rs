//! Why this order, why not that place, what would change it: the computed answer told to one audience.
//!
//! Invariants: nothing is decided or computed anew here, only told; every number comes from the result. Outside CoMensha
//! nobody reads anything about other residents, about a conflict, or where a place is.

pub mod render;
mod unit;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use self::unit::Naming;
use super::{
    finding::{Addressee, Question, RuleCode},
    result::{Confidence, MatchResult, Nearest, NotWeighed, Relaxation, UnitCard},
    texts::{
        Texts,
        sentence::{RulePart, Sentence},
    },
};
use crate::domain::{
    fact::Verdict,
    ids::{OrganisationCode, UnitCode, UnitId},
    words::{Value, Words},
};

/// Who reads an explanation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// CoMensha: everything.
    Comensha,
    /// A shelter: its own units.
    Shelter,
    /// The person: every place by number, in plain words.
    Person,
    /// The referrer: as the person, and what to ask.
    Referrer,
}

/// A whole answer in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Explanation {
    /// For whom.
    pub audience: Audience,
    /// What is proposed, how sure that is, and that people decide.
    pub proposal: Vec<Words>,
    /// The route: reason and next step; then whether the person is eligible.
    pub route: Vec<Words>,
    /// Every unit this audience may read about, in the order of the answer.
    pub units: Vec<UnitExplanation>,
    /// What to ask, and whom.
    pub questions: Vec<Words>,
    /// Which single change would open most units.
    pub relaxations: Vec<Words>,
    /// The units nearest to a fit, if none fits.
    pub nearest: Vec<Words>,
    /// What was not weighed for anybody.
    pub not_weighed: Vec<Words>,
}

/// The list a unit stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UnitList {
    /// Fits, start today.
    Now,
    /// Fits, start later.
    Later,
    /// Possible, someone has to ask.
    Ask,
    /// Set aside after an objection.
    SetAside,
    /// Does not fit now.
    Out,
}

/// One unit in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UnitExplanation {
    /// The unit; only for CoMensha and the shelter itself.
    pub unit: Option<UnitId>,
    /// Its code; only for CoMensha and the shelter itself.
    pub code: Option<UnitCode>,
    /// Its name, or its number where the name would tell where it is.
    pub name: Words,
    /// The list it stands in.
    pub list: UnitList,
    /// Its rank in that list.
    pub rank: Option<u16>,
    /// Score, places, start, age of the figures.
    pub facts: Vec<Words>,
    /// Why it stands where it stands.
    pub order: Vec<Words>,
    /// What would put it first.
    pub would_lead: Vec<Words>,
    /// Each rule that is not met or not known.
    pub why_not: Vec<WhyNot>,
    /// What else to look at.
    pub remarks: Vec<Words>,
}

/// One reason why a unit does not fit, or may not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WhyNot {
    /// The rule; absent where even its name would tell about other people.
    pub rule: Option<RuleCode>,
    /// `no` or `unknown`.
    pub verdict: Verdict,
    /// True if the shelter can answer what is open; false if it is about the person.
    pub is_about_unit: bool,
    /// The rule in a word.
    pub title: Words,
    /// The reason.
    pub reason: Words,
    /// The question, with whom to ask.
    pub question: Option<Words>,
    /// The smallest change, with who can make it.
    pub change: Option<Words>,
}

/// Tells a result to one audience. A shelter reads about the units of `own` only; that it may read about this person at
/// all, because a proposal shared the intake report with it, is for the caller to see to.
pub fn explain(texts: &Texts, result: &MatchResult, audience: Audience, own: Option<&OrganisationCode>) -> Explanation {
    let result = &*told(texts, result);
    let naming = Naming::new(texts, result, audience);
    let whole_answer = audience != Audience::Shelter;
    let for_coordinator = audience == Audience::Comensha;
    Explanation {
        audience,
        proposal: if whole_answer { proposal(texts, result, audience, &naming) } else { Vec::new() },
        route: if whole_answer { route(result) } else { Vec::new() },
        units: unit::explain_units(texts, result, audience, own, &naming),
        questions: questions(texts, result, audience, own, &naming),
        relaxations: if for_coordinator { relaxations(texts, result, &naming) } else { Vec::new() },
        nearest: if for_coordinator { nearest(texts, result, &naming) } else { Vec::new() },
        not_weighed: if whole_answer { not_weighed(texts, result) } else { Vec::new() },
    }
}

/// A stored result keeps the words it was told in; one that has none yet gets them here.
fn told<'r>(texts: &Texts, result: &'r MatchResult) -> Cow<'r, MatchResult> {
    if result.texts_hash.is_empty() {
        let mut result = result.clone();
        texts.write(&mut result);
        Cow::Owned(result)
    } else {
        Cow::Borrowed(result)
    }
}

fn proposal(texts: &Texts, result: &MatchResult, audience: Audience, naming: &Naming) -> Vec<Words> {
    let mut lines = Vec::new();
    let proposed = result.proposed.and_then(|unit| result.card(unit));
    if let Some(card) = proposed {
        let start = card.start.unwrap_or_else(|| result.at.date_naive());
        let values = [("unit", Value::Words(naming.of(card.unit))), ("start", Value::Day(start))];
        lines.push(texts.sentence(Sentence::Proposed, &values));
    } else if result.ask.is_empty() {
        lines.push(texts.sentence(Sentence::ProposedNobody, &[]));
    } else {
        let count = Value::same(result.ask.len());
        lines.push(texts.sentence(Sentence::ProposedNobodyButAsk, &[("count", count)]));
    }
    if result.provisional {
        lines.push(texts.sentence(Sentence::Provisional, &[]));
    }
    if audience == Audience::Comensha {
        lines.extend(confidence(result).map(|it| Words::new(&it.text_nl, &it.text_en)));
        lines.extend(better_later(texts, result, naming));
    }
    if proposed.is_some() {
        lines.push(texts.sentence(Sentence::PersonDecides, &[]));
    }
    lines
}

/// How sure the first rank is of the list the proposal comes from; without one, of the list to ask.
fn confidence(result: &MatchResult) -> Option<&Confidence> {
    let lists = &result.confidence;
    lists.now.as_ref().or(lists.later.as_ref()).or(lists.ask.as_ref())
}

fn better_later(texts: &Texts, result: &MatchResult, naming: &Naming) -> Option<Words> {
    let better = result.better_later?;
    let values = [
        ("unit", Value::Words(naming.of(better.unit))),
        ("start", Value::Day(better.start)),
        ("difference", Value::same(better.difference.normalize())),
    ];
    Some(texts.sentence(Sentence::BetterLater, &values))
}

fn route(result: &MatchResult) -> Vec<Words> {
    let (route, eligibility) = (&result.route, &result.eligibility);
    vec![Words::new(&route.text_nl, &route.text_en), Words::new(&eligibility.text_nl, &eligibility.text_en)]
}

/// The open questions that this audience can answer or has to put; the same question to several units is told once.
fn questions(
    texts: &Texts,
    result: &MatchResult,
    audience: Audience,
    own: Option<&OrganisationCode>,
    naming: &Naming,
) -> Vec<Words> {
    let is_own = |unit: UnitId| result.card(unit).is_some_and(|card| card.organisation.as_ref() == own);
    // An answer about a unit that stays excluded helps nobody tonight; its card holds the question all the same.
    let helps = |question: &Question| {
        question.opens_units > 0 || question.unit.is_none_or(|unit| result.out.iter().all(|card| card.unit != unit))
    };
    let is_for = |question: &&Question| match audience {
        Audience::Comensha => helps(question),
        Audience::Shelter => question.ask == Addressee::Shelter && own.is_some() && question.unit.is_some_and(is_own),
        Audience::Person | Audience::Referrer => question.ask == Addressee::Referrer,
    };
    let mut told: Vec<(&Question, Vec<UnitId>, u32)> = Vec::new();
    for question in result.questions.iter().filter(is_for) {
        let same = |(known, _, _): &&mut (&Question, Vec<UnitId>, u32)| {
            (known.ask, &known.text_nl, known.unit.is_some())
                == (question.ask, &question.text_nl, question.unit.is_some())
        };
        if let Some((_, units, opens)) = told.iter_mut().find(same) {
            units.extend(question.unit);
            *opens += question.opens_units;
        } else {
            told.push((question, question.unit.into_iter().collect(), question.opens_units));
        }
    }
    let in_words = |(question, units, opens): &(&Question, Vec<UnitId>, u32)| {
        let asked = asked_about(texts, question, units, naming);
        if *opens == 0 || audience != Audience::Comensha {
            return asked;
        }
        let sentence = if *opens == 1 { Sentence::OpensOne } else { Sentence::Opens };
        Words::join([&asked, &texts.sentence(sentence, &[("count", Value::same(opens))])], " ")
    };
    told.iter().map(in_words).collect()
}

/// A question with whom to ask: `To the shelter, OMM Zwolle: …`.
fn asked(texts: &Texts, question: &Question, naming: &Naming) -> Words {
    asked_about(texts, question, question.unit.as_slice(), naming)
}

fn asked_about(texts: &Texts, question: &Question, units: &[UnitId], naming: &Naming) -> Words {
    let whom = ("whom", Value::Words(texts.addressee(question.ask)));
    let words = ("question", Value::Words(Words::new(&question.text_nl, &question.text_en)));
    if units.is_empty() {
        return texts.sentence(Sentence::Asks, &[whom, words]);
    }
    texts.sentence(Sentence::AsksUnit, &[whom, ("unit", Value::Words(naming.list(units))), words])
}

fn relaxations(texts: &Texts, result: &MatchResult, naming: &Naming) -> Vec<Words> {
    let in_words = |relaxation: &Relaxation| {
        let change = texts.rule(relaxation.rule, RulePart::Change, relaxation.service);
        let values = [
            ("change", Value::Words(change)),
            ("count", Value::same(relaxation.units.len())),
            ("units", Value::Words(naming.list(&relaxation.units))),
        ];
        let sentence = if relaxation.units.len() == 1 { Sentence::RelaxationOne } else { Sentence::Relaxation };
        texts.sentence(sentence, &values)
    };
    // What nothing here can change is no relaxation that anybody could make.
    let can_change = |relaxation: &&Relaxation| {
        let cards = relaxation.units.iter().filter_map(|unit| result.card(*unit));
        let mut findings = cards.flat_map(|card| &card.findings).filter(|finding| finding.rule == relaxation.rule);
        findings.any(|finding| finding.change.is_some())
    };
    result.relaxations.iter().filter(can_change).map(in_words).collect()
}

fn nearest(texts: &Texts, result: &MatchResult, naming: &Naming) -> Vec<Words> {
    let in_words = |nearest: &Nearest| {
        let values = [
            ("unit", Value::Words(naming.of(nearest.unit))),
            ("failed", Value::same(nearest.failed)),
            ("unknown", Value::same(nearest.unknown)),
        ];
        let mut parts = vec![texts.sentence(Sentence::Nearest, &values)];
        if let Some(start) = nearest.start {
            let sentence = if nearest.start_confirmed { Sentence::WhenConfirmed } else { Sentence::StartExpected };
            parts.push(texts.sentence(sentence, &[("start", Value::Day(start))]));
        }
        Words::join(&parts, " ")
    };
    result.nearest.iter().map(in_words).collect()
}

fn not_weighed(texts: &Texts, result: &MatchResult) -> Vec<Words> {
    let in_words = |left_out: &NotWeighed| {
        let values = [
            ("criterion", Value::Words(texts.criterion(left_out.criterion))),
            ("facts", Value::Words(texts.facts(&left_out.facts))),
        ];
        texts.sentence(Sentence::NotWeighed, &values)
    };
    result.not_weighed.iter().map(in_words).collect()
}

/// Every unit with the list it stands in, in the order of the answer.
fn listed(result: &MatchResult) -> impl Iterator<Item = (UnitList, &UnitCard)> {
    [
        (UnitList::Now, &result.now),
        (UnitList::Later, &result.later),
        (UnitList::Ask, &result.ask),
        (UnitList::SetAside, &result.set_aside),
        (UnitList::Out, &result.out),
    ]
    .into_iter()
    .flat_map(|(list, cards)| cards.iter().map(move |card| (list, card)))
}

#[cfg(test)]
mod given;
#[cfg(test)]
mod over_the_catalogue;
#[cfg(test)]
mod rendered;
#[cfg(test)]
mod tests;
