//! Writes the words of a result into it: every `text_nl` and `text_en`, from the typed fields beside them.

use super::{
    Texts,
    sentence::{RoutePart, RulePart, Sentence},
    wording::list,
};
use crate::domain::{
    fact::Verdict,
    ids::UnitId,
    matching::{
        finding::{ChangeStep, Finding, Question},
        reflection::ReflectionEnd,
        result::{Confidence, Eligibility, EligibilityAdvice, MatchResult},
        route::RouteAdvice,
    },
    words::{Value, Words},
};

impl Texts {
    /// Fills every text of a result, and notes by which file. Writing twice changes nothing.
    pub fn write(&self, result: &mut MatchResult) {
        self.hash.clone_into(&mut result.texts_hash);
        let names: Vec<(UnitId, Words)> = result.cards().map(|card| (card.unit, self.unit_name(card))).collect();
        self.write_route(&mut result.route);
        self.write_eligibility(&mut result.eligibility);
        let lists = &mut result.confidence;
        [&mut lists.now, &mut lists.later, &mut lists.ask]
            .into_iter()
            .flatten()
            .for_each(|confidence| self.write_confidence(confidence, &names));
        result.questions.iter_mut().for_each(|question| self.write_question(question));
        for card in result.cards_mut() {
            card.findings.iter_mut().for_each(|finding| self.write_finding(finding));
            for remark in &mut card.remarks {
                put(self.remark(remark.code), &mut remark.text_nl, &mut remark.text_en);
            }
        }
    }

    fn write_route(&self, route: &mut RouteAdvice) {
        let mut parts = vec![self.route(route.id, RoutePart::Reason), self.route(route.id, RoutePart::NextStep)];
        parts.extend(route.reflection_end.map(|end| self.reflection_end(end)));
        if !route.open_facts.is_empty() {
            parts.push(self.open_facts(&route.open_facts));
        }
        put(Words::join(&parts, " "), &mut route.text_nl, &mut route.text_en);
    }

    fn reflection_end(&self, end: ReflectionEnd) -> Words {
        let last_day = ("last_day", Value::Day(end.last_day));
        match end.or_last_day {
            None => self.sentence(Sentence::ReflectionEnd, &[last_day]),
            Some(or) => self.sentence(Sentence::ReflectionEndOpen, &[last_day, ("or_last_day", Value::Day(or))]),
        }
    }

    fn write_eligibility(&self, eligibility: &mut Eligibility) {
        let programmes = list(eligibility.programmes.iter().map(|it| self.code_of(it)));
        let mut parts = vec![self.eligibility(eligibility.advice, &[("programmes", Value::Words(programmes))])];
        if eligibility.advice == EligibilityAdvice::NeedsReview && !eligibility.open_facts.is_empty() {
            parts.push(self.open_facts(&eligibility.open_facts));
        }
        put(Words::join(&parts, " "), &mut eligibility.text_nl, &mut eligibility.text_en);
    }

    fn write_confidence(&self, confidence: &mut Confidence, names: &[(UnitId, Words)]) {
        let level = Value::Words(self.confidence_level(confidence.level));
        let mut parts = vec![self.sentence(Sentence::Confidence, &[("confidence", level)])];
        if !confidence.toss_up.is_empty() {
            let name = |unit: &UnitId| names.iter().find(|(id, _)| id == unit).map(|(_, name)| name.clone());
            let units = Value::Words(list(confidence.toss_up.iter().filter_map(name)));
            parts.push(self.sentence(Sentence::ConfidenceTossUp, &[("units", units)]));
        } else if let Some(rho) = confidence.rho {
            let nowhere_worse = rho.numerator == rho.denominator;
            let sentence = if nowhere_worse { Sentence::ConfidenceNowhereWorse } else { Sentence::ConfidenceRho };
            parts.push(self.sentence(sentence, &[("rho", Value::same(rho.decimals.normalize()))]));
        }
        if confidence.may_change {
            let criteria = Value::Words(self.criteria(&confidence.may_change_on));
            parts.push(self.sentence(Sentence::ConfidenceMayChange, &[("criteria", criteria)]));
        }
        put(Words::join(&parts, " "), &mut confidence.text_nl, &mut confidence.text_en);
    }

    fn write_finding(&self, finding: &mut Finding) {
        let part = match finding.verdict {
            Verdict::No => RulePart::No,
            Verdict::Unknown => RulePart::Unknown,
            Verdict::Yes => RulePart::Yes,
        };
        let values = [
            ("required", Value::Words(self.required(finding))),
            ("actual", Value::Words(self.stated(&finding.actual))),
            ("service", Value::Words(finding.service.map(|it| self.code_of(&it)).unwrap_or_default())),
        ];
        put(self.rule_with(finding.rule, part, &values), &mut finding.text_nl, &mut finding.text_en);
        if let Some(question) = &mut finding.question {
            self.write_question(question);
        }
        if let Some(change) = &mut finding.change {
            put(self.change(&change.step), &mut change.text_nl, &mut change.text_en);
        }
    }

    /// What the rule needs; a shelter without ages on file can still be closed to minors.
    fn required(&self, finding: &Finding) -> Words {
        let step = finding.change.as_ref().map(|change| &change.step);
        let only_minors = matches!(step, Some(ChangeStep::AdmitAges { minors: true, from: None, up_to: None }));
        if only_minors { self.code("no_minors") } else { self.stated(&finding.required) }
    }

    fn write_question(&self, question: &mut Question) {
        put(self.question(question), &mut question.text_nl, &mut question.text_en);
    }
}

fn put(words: Words, nl: &mut String, en: &mut String) {
    (*nl, *en) = (words.nl, words.en);
}
