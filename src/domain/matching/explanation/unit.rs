//! One unit in words, for one audience.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{Audience, UnitExplanation, UnitList, WhyNot, asked, listed};
use crate::domain::{
    fact::Verdict,
    ids::{OrganisationCode, UnitId},
    matching::{
        finding::{Addressee, Finding, RuleCode},
        result::{Comparison, Difference, MatchResult, UnitCard, WouldLead},
        texts::{
            Texts,
            sentence::{RulePart, Sentence},
        },
    },
    words::{Value, Words},
};

/// How units are called for one audience.
pub(super) struct Naming(BTreeMap<UnitId, Words>);

impl Naming {
    /// For CoMensha and shelters by name; for the others by number, because a name tells where the place is.
    pub(super) fn new(texts: &Texts, result: &MatchResult, audience: Audience) -> Self {
        let name = |(number, card): (usize, &UnitCard)| {
            let words = match audience {
                Audience::Comensha | Audience::Shelter => texts.unit_name(card),
                Audience::Person | Audience::Referrer => {
                    let programme = Value::Words(texts.code_of(&card.programme));
                    texts.sentence(Sentence::PlaceNumber, &[("number", Value::same(number)), ("programme", programme)])
                }
            };
            (card.unit, words)
        };
        Self((1..).zip(result.cards()).map(name).collect())
    }

    pub(super) fn of(&self, unit: UnitId) -> Words {
        self.0.get(&unit).cloned().unwrap_or_default()
    }

    pub(super) fn list(&self, units: &[UnitId]) -> Words {
        let names: Vec<Words> = units.iter().map(|unit| self.of(*unit)).collect();
        Words::join(&names, ", ")
    }
}

/// What telling one unit needs.
struct Teller<'a> {
    texts: &'a Texts,
    result: &'a MatchResult,
    audience: Audience,
    naming: &'a Naming,
}

pub(super) fn explain_units(
    texts: &Texts,
    result: &MatchResult,
    audience: Audience,
    own: Option<&OrganisationCode>,
    naming: &Naming,
) -> Vec<UnitExplanation> {
    let teller = Teller { texts, result, audience, naming };
    let is_own = |card: &UnitCard| own.is_some() && card.organisation.as_ref() == own;
    listed(result)
        .filter(|(_, card)| audience != Audience::Shelter || is_own(card))
        .map(|(list, card)| teller.unit(list, card))
        .collect()
}

impl Teller<'_> {
    fn unit(&self, list: UnitList, card: &UnitCard) -> UnitExplanation {
        let by_name = matches!(self.audience, Audience::Comensha | Audience::Shelter);
        let alone = self.audience == Audience::Shelter;
        UnitExplanation {
            unit: by_name.then_some(card.unit),
            code: by_name.then(|| card.code.clone()),
            name: self.naming.of(card.unit),
            list,
            rank: card.rank.filter(|_| !alone),
            facts: self.facts(list, card),
            order: if alone { Vec::new() } else { self.order(list, card) },
            would_lead: if self.audience == Audience::Comensha { self.would_lead(card) } else { Vec::new() },
            why_not: card.findings.iter().map(|finding| self.why_not(finding)).collect(),
            remarks: if by_name { remarks(card) } else { Vec::new() },
        }
    }

    fn facts(&self, list: UnitList, card: &UnitCard) -> Vec<Words> {
        match self.audience {
            Audience::Comensha => {
                let told = [self.score(card), self.start(card), Some(self.beds(card)), Some(self.figures(card))];
                told.into_iter().flatten().collect()
            }
            Audience::Shelter => vec![self.beds(card), self.figures(card)],
            Audience::Person | Audience::Referrer => vec![self.in_plain_words(list, card)],
        }
    }

    /// The units of a toss-up are shown side by side, without numbers: they would pretend a difference.
    fn is_toss_up(&self, card: &UnitCard) -> bool {
        let lists = &self.result.confidence;
        [&lists.now, &lists.later, &lists.ask].into_iter().flatten().any(|list| list.toss_up.contains(&card.unit))
    }

    fn score(&self, card: &UnitCard) -> Option<Words> {
        let score = card.score.filter(|_| !self.is_toss_up(card))?;
        let decimal = |it: Decimal| Value::same(it.normalize());
        let sentence = if score.low == score.high { Sentence::Score } else { Sentence::ScoreBetween };
        let values = [
            ("score", decimal(score.value)),
            ("score_max", decimal(self.result.score_max)),
            ("low", decimal(score.low)),
            ("high", decimal(score.high)),
        ];
        Some(self.texts.sentence(sentence, &values))
    }

    fn start(&self, card: &UnitCard) -> Option<Words> {
        let (sentence, start) = match (card.start, card.expected_start) {
            (Some(start), _) => (Sentence::Start, start),
            (None, Some(start)) => (Sentence::StartExpected, start),
            (None, None) => return None,
        };
        Some(self.texts.sentence(sentence, &[("start", Value::Day(start))]))
    }

    fn beds(&self, card: &UnitCard) -> Words {
        let needed = ("needed", Value::same(card.beds_needed));
        match card.beds_free {
            Some(free) => self.texts.sentence(Sentence::Beds, &[needed, ("free", Value::same(free))]),
            None => self.texts.sentence(Sentence::BedsFreeUnknown, &[needed]),
        }
    }

    fn figures(&self, card: &UnitCard) -> Words {
        match card.figures_as_of {
            Some(moment) => self.texts.sentence(Sentence::Figures, &[("moment", Value::Moment(moment))]),
            None => self.texts.sentence(Sentence::FiguresNever, &[]),
        }
    }

    fn in_plain_words(&self, list: UnitList, card: &UnitCard) -> Words {
        let start = Value::Day(card.start.unwrap_or_else(|| self.result.at.date_naive()));
        match list {
            UnitList::Now => self.texts.sentence(Sentence::PersonFits, &[]),
            UnitList::Later => self.texts.sentence(Sentence::PersonFitsLater, &[("start", start)]),
            UnitList::Ask => self.texts.sentence(Sentence::PersonAsk, &[]),
            UnitList::SetAside | UnitList::Out => self.texts.sentence(Sentence::PersonOut, &[]),
        }
    }

    /// Why it stands after the first of its list.
    fn order(&self, list: UnitList, card: &UnitCard) -> Vec<Words> {
        if list == UnitList::SetAside && self.audience == Audience::Comensha {
            return vec![self.texts.sentence(Sentence::SetAside, &[])];
        }
        if let Some(rank) = card.rank.filter(|_| self.is_toss_up(card)) {
            return vec![self.texts.sentence(Sentence::RankShared, &[("rank", Value::same(rank))])];
        }
        let mut lines = card.against_first.as_ref().map(|against| self.after_first(against)).unwrap_or_default();
        let told_already = card.against_first.as_ref().is_some_and(|against| against.margin.is_zero());
        if let Some(step) = card.tie.filter(|_| !told_already) {
            let tie = ("tie", Value::Words(self.texts.tie_step(step)));
            lines.push(self.texts.sentence(Sentence::TieWithPrevious, &[tie]));
        }
        lines
    }

    fn after_first(&self, against: &Comparison) -> Vec<Words> {
        let first = ("first", Value::Words(self.naming.of(against.first)));
        if against.margin.is_zero() {
            let step = against.tie.map(|step| self.texts.tie_step(step)).unwrap_or_default();
            return vec![self.texts.sentence(Sentence::WhyFirstTie, &[first, ("tie", Value::Words(step))])];
        }
        // A score says nothing to a person, so neither does a difference of scores.
        let (after, stronger_here) = match self.audience {
            Audience::Comensha | Audience::Shelter => (Sentence::WhyFirst, Sentence::StrongerHere),
            Audience::Person | Audience::Referrer => (Sentence::WhyFirstPlain, Sentence::StrongerHerePlain),
        };
        let mut lines = Vec::new();
        if let Some(decisive) = against.differences.iter().find(|it| Some(it.criterion) == against.decisive) {
            let [criterion, difference] = self.difference(*decisive);
            let values = [first, ("margin", Value::same(against.margin.normalize())), criterion, difference];
            lines.push(self.texts.sentence(after, &values));
        }
        let stronger = against.differences.iter().filter(|it| it.difference < Decimal::ZERO);
        if let Some(stronger) = stronger.min_by_key(|it| it.difference) {
            lines.push(self.texts.sentence(stronger_here, &self.difference(*stronger)));
        }
        lines
    }

    fn difference(&self, difference: Difference) -> [(&'static str, Value); 2] {
        [
            ("criterion", Value::Words(self.texts.criterion(difference.criterion))),
            ("difference", Value::same(difference.difference.abs().normalize())),
        ]
    }

    fn would_lead(&self, card: &UnitCard) -> Vec<Words> {
        let Some(against) = card.against_first.as_ref().filter(|_| !self.is_toss_up(card)) else { return Vec::new() };
        let first = self.naming.of(against.first);
        against.would_lead.iter().flat_map(|it| self.leads(*it, &first)).collect()
    }

    fn leads(&self, lead: WouldLead, first: &Words) -> Vec<Words> {
        let first = ("first", Value::Words(first.clone()));
        let criterion = ("criterion", Value::Words(self.texts.criterion(lead.criterion)));
        let by_value = lead.value.map(|value| {
            let values = [first.clone(), criterion.clone(), ("value", Value::same(value.normalize()))];
            self.texts.sentence(Sentence::WouldLeadValue, &values)
        });
        let by_weight = lead.weight.map(|weight| {
            let weight = ("weight", Value::same(weight.normalize()));
            match lead.then_leads {
                None => self.texts.sentence(Sentence::WouldLeadWeight, &[first, criterion, weight]),
                Some(third) => {
                    let third = ("third", Value::Words(self.naming.of(third)));
                    self.texts.sentence(Sentence::WouldLeadWeightThird, &[first, criterion, weight, third])
                }
            }
        });
        by_value.into_iter().chain(by_weight).collect()
    }

    fn why_not(&self, finding: &Finding) -> WhyNot {
        if let Some(sentence) = guarded(finding.rule, self.audience) {
            let title = self.texts.sentence(Sentence::NotPossibleNow, &[]);
            let reason = self.texts.sentence(sentence, &[]);
            let verdict = finding.verdict;
            return WhyNot { rule: None, verdict, is_about_unit: true, title, reason, question: None, change: None };
        }
        WhyNot {
            rule: Some(finding.rule),
            verdict: finding.verdict,
            is_about_unit: finding.question.as_ref().is_some_and(|question| question.unit.is_some()),
            title: self.texts.rule(finding.rule, RulePart::Title, finding.service),
            reason: Words::new(&finding.text_nl, &finding.text_en),
            question: self.question(finding),
            change: self.change(finding),
        }
    }

    fn question(&self, finding: &Finding) -> Option<Words> {
        let question = finding.question.as_ref()?;
        let is_for = match self.audience {
            Audience::Comensha => true,
            Audience::Shelter => question.ask == Addressee::Shelter,
            Audience::Person | Audience::Referrer => question.ask == Addressee::Referrer,
        };
        is_for.then(|| asked(self.texts, question, self.naming))
    }

    fn change(&self, finding: &Finding) -> Option<Words> {
        if finding.verdict != Verdict::No {
            return None;
        }
        let Some(change) = &finding.change else { return Some(self.texts.cannot_change()) };
        let values = [
            ("change", Value::Words(Words::new(&change.text_nl, &change.text_en))),
            ("who", Value::Words(self.texts.changed_by(&finding.changed_by))),
        ];
        let mut parts = vec![self.texts.sentence(Sentence::ChangeBy, &values)];
        if finding.dispensable && self.audience == Audience::Comensha {
            parts.push(self.texts.sentence(Sentence::Dispensable, &[]));
        }
        Some(Words::join(&parts, " "))
    }
}

/// What a rule reads outside CoMensha, where its reason would tell of other people, or where a place is.
fn guarded(rule: RuleCode, audience: Audience) -> Option<Sentence> {
    let by_number = match audience {
        Audience::Comensha => return None,
        Audience::Shelter => false,
        Audience::Person | Audience::Referrer => true,
    };
    match rule {
        RuleCode::Conflict | RuleCode::Group => Some(Sentence::NotPossibleNow),
        RuleCode::Danger if by_number => Some(Sentence::InDangerArea),
        RuleCode::Danger
        | RuleCode::Victim
        | RuleCode::Omm
        | RuleCode::Route
        | RuleCode::Consent
        | RuleCode::Age
        | RuleCode::Gender
        | RuleCode::Household
        | RuleCode::Kind
        | RuleCode::Beds
        | RuleCode::Service
        | RuleCode::Security
        | RuleCode::Contra
        | RuleCode::Mustcare
        | RuleCode::Open => None,
    }
}

fn remarks(card: &UnitCard) -> Vec<Words> {
    card.remarks.iter().map(|remark| Words::new(&remark.text_nl, &remark.text_en)).collect()
}
