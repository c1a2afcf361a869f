//! Single words and sentences: a fact, a code, an age, a change, a unit.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{
    Texts,
    sentence::{AgeText, ChangeText, FactPart, RoutePart, RulePart, Sentence},
};
use crate::domain::{
    catalogue::location::UnitKind,
    ids::OrganisationCode,
    matching::{
        criterion::CriterionCode,
        finding::{Addressee, ChangeStep, ChangedBy, FactCode, Question, RemarkCode, RuleCode, Stated},
        result::{ConfidenceLevel, EligibilityAdvice, TieStep, UnitCard},
        route::RouteId,
    },
    referral::{facts::DangerArea, needs::Service},
    words::{Value, Values, Words},
};

impl Texts {
    /// A sentence with its values.
    pub(crate) fn sentence(&self, sentence: Sentence, values: &Values<'_>) -> Words {
        self.document.sentences.get(&sentence).map(|it| it.fill(values)).unwrap_or_default()
    }

    /// A text of a rule that needs no more than the service.
    pub(crate) fn rule(&self, rule: RuleCode, part: RulePart, service: Option<Service>) -> Words {
        let service = service.map(|it| self.code_of(&it)).unwrap_or_default();
        self.rule_with(rule, part, &[("service", Value::Words(service))])
    }

    pub(super) fn rule_with(&self, rule: RuleCode, part: RulePart, values: &Values<'_>) -> Words {
        let text = self.document.rules.get(&rule).and_then(|parts| parts.get(&part));
        text.map(|it| it.fill(values)).unwrap_or_default()
    }

    pub(super) fn route(&self, route: RouteId, part: RoutePart) -> Words {
        self.document.routes.get(&route).and_then(|parts| parts.get(&part)).cloned().unwrap_or_default()
    }

    pub(crate) fn criterion(&self, criterion: CriterionCode) -> Words {
        self.document.criteria.get(&criterion).cloned().unwrap_or_default()
    }

    pub(crate) fn criteria(&self, criteria: &[CriterionCode]) -> Words {
        list(criteria.iter().map(|it| self.criterion(*it)))
    }

    /// What decided between two units with the same score.
    pub fn tie_step(&self, step: TieStep) -> Words {
        self.document.tie_steps.get(&step).cloned().unwrap_or_default()
    }

    pub(super) fn confidence_level(&self, level: ConfidenceLevel) -> Words {
        self.document.confidence.get(&level).cloned().unwrap_or_default()
    }

    pub(super) fn eligibility(&self, advice: EligibilityAdvice, values: &Values<'_>) -> Words {
        self.document.eligibility.get(&advice).map(|it| it.fill(values)).unwrap_or_default()
    }

    pub(super) fn remark(&self, remark: RemarkCode) -> Words {
        self.document.remarks.get(&remark).cloned().unwrap_or_default()
    }

    /// Whom to ask.
    pub fn addressee(&self, whom: Addressee) -> Words {
        self.document.addressees.get(&whom).cloned().unwrap_or_default()
    }

    /// Who can change a verdict, as a list.
    pub fn changed_by(&self, who: &[ChangedBy]) -> Words {
        list(who.iter().map(|it| self.document.changed_by.get(it).cloned().unwrap_or_default()))
    }

    fn fact(&self, fact: FactCode, part: FactPart) -> Words {
        self.document.facts.get(&fact).and_then(|parts| parts.get(&part)).cloned().unwrap_or_default()
    }

    /// The names of facts, as a list.
    pub(crate) fn facts(&self, facts: &[FactCode]) -> Words {
        list(facts.iter().map(|it| self.fact(*it, FactPart::Name)))
    }

    /// That facts are open, with their names.
    pub(super) fn open_facts(&self, facts: &[FactCode]) -> Words {
        self.sentence(Sentence::OpenFacts, &[("facts", Value::Words(self.facts(facts)))])
    }

    /// The words for a code; a name that is no code reads as it is.
    pub(crate) fn code(&self, code: &str) -> Words {
        self.document.values.get(code).cloned().unwrap_or_else(|| Words::same(code))
    }

    /// The words for a value of an enum.
    pub(crate) fn code_of(&self, value: &impl Serialize) -> Words {
        let name = serde_json::to_value(value).ok().and_then(|it| it.as_str().map(str::to_owned));
        name.map(|it| self.code(&it)).unwrap_or_default()
    }

    /// What a rule compared, in words.
    pub(super) fn stated(&self, stated: &Stated) -> Words {
        match stated {
            Stated::NotStated => self.code("not_stated"),
            Stated::Codes(codes) if codes.is_empty() => self.code("none"),
            // A city and its police unit can have one name: it is told once.
            Stated::Codes(codes) => {
                let mut seen = BTreeSet::new();
                list(codes.iter().filter(|code| seen.insert(*code)).map(|code| self.code(code)))
            }
            Stated::Count(count) => Value::same(count).words(),
            Stated::Day(day) => Value::Day(*day).words(),
            Stated::Ages { from, up_to } => self.ages(*from, *up_to),
        }
    }

    fn ages(&self, from: Option<u8>, up_to: Option<u8>) -> Words {
        let text = match (from, up_to) {
            (Some(from), Some(up_to)) if from == up_to => AgeText::Exact,
            (Some(_), Some(_)) => AgeText::Between,
            (Some(_), None) => AgeText::From,
            (None, Some(_)) => AgeText::UpTo,
            (None, None) => AgeText::Open,
        };
        let number = |age: Option<u8>| Value::same(age.unwrap_or_default());
        let values = [("from", number(from)), ("up_to", number(up_to))];
        self.document.ages.get(&text).map(|it| it.fill(&values)).unwrap_or_default()
    }

    /// What to ask, without whom.
    pub(super) fn question(&self, question: &Question) -> Words {
        let asked_by_rule = |rule| self.rule(rule, RulePart::Question, question.service);
        match (question.rule, question.facts.as_slice()) {
            (Some(rule @ RuleCode::Service), _) | (Some(rule), []) => asked_by_rule(rule),
            (_, [fact]) => self.fact(*fact, FactPart::Question),
            (Some(rule), facts) => Words::join([&asked_by_rule(rule), &self.open_facts(facts)], " "),
            (None, facts) => {
                let all: Vec<Words> = facts.iter().map(|it| self.fact(*it, FactPart::Question)).collect();
                Words::join(&all, " ")
            }
        }
    }

    /// The name of a unit as people use it: `OMM Amsterdam (crisis)`.
    pub(crate) fn unit_name(&self, card: &UnitCard) -> Words {
        let city =
            card.city.as_deref().or(card.organisation.as_ref().map(OrganisationCode::as_str)).unwrap_or_default();
        let values = [
            ("programme", Value::Words(self.code_of(&card.programme))),
            ("city", Value::same(city)),
            ("kind", Value::Words(self.code_of(&card.kind))),
        ];
        let sentence = match card.kind {
            UnitKind::Crisis | UnitKind::MoveOn => Sentence::UnitName,
            UnitKind::Unspecified => Sentence::UnitNamePlain,
        };
        self.sentence(sentence, &values)
    }

    fn change_text(&self, text: ChangeText, values: &Values<'_>) -> Words {
        self.document.changes.get(&text).map(|it| it.fill(values)).unwrap_or_default()
    }

    /// That nothing here can change it.
    pub fn cannot_change(&self) -> Words {
        self.change_text(ChangeText::CannotChange, &[])
    }

    /// A change in words, from its typed values.
    pub(super) fn change(&self, step: &ChangeStep) -> Words {
        let plain = |text| self.change_text(text, &[]);
        let one = |text, name, words| self.change_text(text, &[(name, Value::Words(words))]);
        match step {
            ChangeStep::Confirm { facts } => one(ChangeText::Confirm, "facts", self.facts(facts)),
            ChangeStep::RecordIndication => plain(ChangeText::RecordIndication),
            ChangeStep::RecordMultiProblem { problems, regular_shelter_insufficient } => self.in_parts(
                ChangeText::RecordMultiProblem,
                &[
                    (*problems).then(|| plain(ChangeText::RecordMultiProblemProblems)),
                    (*regular_shelter_insufficient).then(|| plain(ChangeText::RecordMultiProblemInsufficient)),
                ],
            ),
            ChangeStep::RecordRoute { programme } => one(ChangeText::RecordRoute, "programme", self.code_of(programme)),
            ChangeStep::GiveConsent => plain(ChangeText::GiveConsent),
            ChangeStep::AdmitAges { from, up_to, minors } => self.in_parts(
                ChangeText::AdmitAges,
                &[
                    from.map(|age| one(ChangeText::AdmitAgesFrom, "from", Value::same(age).words())),
                    up_to.map(|age| one(ChangeText::AdmitAgesUpTo, "up_to", Value::same(age).words())),
                    (*minors).then(|| plain(ChangeText::AdmitAgesMinors)),
                ],
            ),
            ChangeStep::AdmitGender { gender } => one(ChangeText::AdmitGender, "gender", self.code_of(gender)),
            ChangeStep::AdmitHousehold { children, partner } => self.in_parts(
                ChangeText::AdmitHousehold,
                &[
                    (*children).then(|| plain(ChangeText::AdmitHouseholdChildren)),
                    (*partner).then(|| plain(ChangeText::AdmitHouseholdPartner)),
                ],
            ),
            ChangeStep::AdmitCrisis => plain(ChangeText::AdmitCrisis),
            ChangeStep::MoreBeds { beds, by } => {
                let text = if *beds == 1 { ChangeText::MoreBedsOne } else { ChangeText::MoreBeds };
                self.change_text(text, &[("beds", Value::same(beds)), ("by", Value::Day(*by))])
            }
            ChangeStep::MoreService { service, quantity } => self.change_text(
                ChangeText::MoreService,
                &[("quantity", Value::same(quantity)), ("service", Value::Words(self.code_of(service)))],
            ),
            ChangeStep::RequireLess { level, secret_address } => self.in_parts(
                ChangeText::RequireLess,
                &[
                    level.map(|it| one(ChangeText::RequireLessLevel, "level", self.code_of(&it))),
                    (*secret_address).then(|| plain(ChangeText::RequireLessSecretAddress)),
                ],
            ),
            ChangeStep::WithdrawDanger { areas } => {
                one(ChangeText::WithdrawDanger, "areas", list(areas.iter().map(area)))
            }
            ChangeStep::ConflictLeaves { .. } => plain(ChangeText::ConflictLeaves),
            ChangeStep::AdmitGroup { group } => one(ChangeText::AdmitGroup, "group", self.code(group)),
            ChangeStep::WaiveContraindications { contraindications } => one(
                ChangeText::WaiveContraindications,
                "contraindications",
                list(contraindications.iter().map(|it| self.code_of(it))),
            ),
            ChangeStep::ProvideCare { care } => {
                one(ChangeText::ProvideCare, "care", list(care.iter().map(|it| self.code_of(it))))
            }
            ChangeStep::OpenIntake => plain(ChangeText::OpenIntake),
        }
    }

    fn in_parts(&self, text: ChangeText, parts: &[Option<Words>]) -> Words {
        let and = self.sentence(Sentence::And, &[]);
        let parts: Vec<&Words> = parts.iter().flatten().collect();
        let joined = Words {
            nl: Words::join(parts.iter().copied(), &format!(" {} ", and.nl)).nl,
            en: Words::join(parts, &format!(" {} ", and.en)).en,
        };
        self.change_text(text, &[("parts", Value::Words(joined))])
    }
}

fn area(area: &DangerArea) -> Words {
    match area {
        DangerArea::Municipality(name) | DangerArea::PoliceUnit(name) => Words::same(name),
    }
}

/// Several words after one another, with commas.
pub(crate) fn list(words: impl Iterator<Item = Words>) -> Words {
    let words: Vec<Words> = words.collect();
    Words::join(&words, ", ")
}
