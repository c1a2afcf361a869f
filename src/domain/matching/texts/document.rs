//! The file of the texts: what it must hold, and every fault of a file that does not.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value as Json;
use utoipa::PartialSchema;

use super::{
    TextsFaulty,
    sentence::{AgeText, ChangeText, FactPart, RoutePart, RulePart, Sentence},
};
use crate::domain::{
    catalogue::location::{LivingForm, ProgrammeKind, UnitKind},
    document,
    matching::{
        criterion::CriterionCode,
        finding::{Addressee, ChangedBy, FactCode, RemarkCode, RuleCode},
        result::{ConfidenceLevel, EligibilityAdvice, TieStep},
        route::RouteId,
        snapshot::{ClosureReason, Contraindication},
        view::ConsentState,
    },
    referral::{consent::SignedBy, facts::RouteJudgement, needs, reasons::TargetRoute, vocabulary},
    words::{Lang, Words},
};

/// The format this engine reads.
const SCHEMA: &str = "omm-matching-texts/1";

/// All texts, keyed by what they are about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TextsDocument {
    schema: String,
    pub(super) name: String,
    pub(super) rules: BTreeMap<RuleCode, BTreeMap<RulePart, Words>>,
    pub(super) routes: BTreeMap<RouteId, BTreeMap<RoutePart, Words>>,
    pub(super) criteria: BTreeMap<CriterionCode, Words>,
    pub(super) tie_steps: BTreeMap<TieStep, Words>,
    pub(super) confidence: BTreeMap<ConfidenceLevel, Words>,
    pub(super) eligibility: BTreeMap<EligibilityAdvice, Words>,
    pub(super) remarks: BTreeMap<RemarkCode, Words>,
    pub(super) addressees: BTreeMap<Addressee, Words>,
    pub(super) changed_by: BTreeMap<ChangedBy, Words>,
    pub(super) facts: BTreeMap<FactCode, BTreeMap<FactPart, Words>>,
    /// The words for the codes that a rule compares.
    pub(super) values: BTreeMap<String, Words>,
    pub(super) ages: BTreeMap<AgeText, Words>,
    pub(super) changes: BTreeMap<ChangeText, Words>,
    pub(super) sentences: BTreeMap<Sentence, Words>,
}

impl TextsDocument {
    pub(super) fn parse(text: &str) -> Result<Self, TextsFaulty> {
        let refuse = |fault: String| TextsFaulty { faults: vec![fault] };
        let tree = document::read(text).map_err(|fault| refuse(fault.to_string()))?;
        let mut faults = Vec::new();
        repeated_keys(&tree, &mut faults);
        let document: Self = serde_json::from_str(text).map_err(|error| refuse(error.to_string()))?;
        document.check(&mut faults);
        if faults.is_empty() { Ok(document) } else { Err(TextsFaulty { faults }) }
    }

    fn check(&self, faults: &mut Vec<String>) {
        if self.schema != SCHEMA {
            faults.push(format!("schema: {SCHEMA} is needed, found {}", self.schema));
        }
        complete_nested("rules", &self.rules, faults);
        complete_nested("routes", &self.routes, faults);
        complete_nested("facts", &self.facts, faults);
        complete("criteria", &self.criteria, faults);
        complete("tie_steps", &self.tie_steps, faults);
        complete("confidence", &self.confidence, faults);
        complete("eligibility", &self.eligibility, faults);
        complete("remarks", &self.remarks, faults);
        complete("addressees", &self.addressees, faults);
        complete("changed_by", &self.changed_by, faults);
        complete("ages", &self.ages, faults);
        complete("changes", &self.changes, faults);
        complete("sentences", &self.sentences, faults);
        let missing = codes_to_word().into_iter().filter(|code| !self.values.contains_key(code));
        faults.extend(missing.map(|code| format!("values.{code}: there is no text")));
        self.each_text(&mut |place, words, parameters| faults.extend(fault_of(place, words, parameters)));
    }

    /// Shows every text with its place in the file and the values it may use.
    pub(super) fn each_text(&self, show: &mut dyn FnMut(&str, &Words, &[&str])) {
        for (rule, parts) in &self.rules {
            for (part, it) in parts {
                show(&format!("rules.{}.{}", rule.name(), name(part)), it, part.parameters());
            }
        }
        each_nested("routes", &self.routes, show);
        each_nested("facts", &self.facts, show);
        each("criteria", &self.criteria, |_| &[], show);
        each("tie_steps", &self.tie_steps, |_| &[], show);
        each("confidence", &self.confidence, |_| &[], show);
        each("eligibility", &self.eligibility, |_| &["programmes"], show);
        each("remarks", &self.remarks, |_| &[], show);
        each("addressees", &self.addressees, |_| &[], show);
        each("changed_by", &self.changed_by, |_| &[], show);
        each("values", &self.values, |_| &[], show);
        each("ages", &self.ages, |it| it.parameters(), show);
        each("changes", &self.changes, |it| it.parameters(), show);
        each("sentences", &self.sentences, |it| it.parameters(), show);
    }
}

fn each<K: Serialize>(
    section: &str,
    texts: &BTreeMap<K, Words>,
    parameters: impl Fn(&K) -> &'static [&'static str],
    show: &mut dyn FnMut(&str, &Words, &[&str]),
) {
    for (key, words) in texts {
        show(&format!("{section}.{}", name(key)), words, parameters(key));
    }
}

fn each_nested<K: Serialize, P: Serialize>(
    section: &str,
    texts: &BTreeMap<K, BTreeMap<P, Words>>,
    show: &mut dyn FnMut(&str, &Words, &[&str]),
) {
    for (key, parts) in texts {
        for (part, it) in parts {
            show(&format!("{section}.{}.{}", name(key), name(part)), it, &[]);
        }
    }
}

/// Notes every value of the enum that has no text.
fn complete<K: Ord + Serialize + DeserializeOwned + PartialSchema, V>(
    section: &str,
    texts: &BTreeMap<K, V>,
    faults: &mut Vec<String>,
) {
    let known: BTreeSet<String> = texts.keys().map(name).collect();
    let missing = names_of::<K>().into_iter().filter(|wanted| !known.contains(wanted));
    faults.extend(missing.map(|wanted| format!("{section}.{wanted}: there is no text")));
}

fn complete_nested<K, P>(section: &str, texts: &BTreeMap<K, BTreeMap<P, Words>>, faults: &mut Vec<String>)
where
    K: Ord + Serialize + DeserializeOwned + PartialSchema,
    P: Ord + Serialize + DeserializeOwned + PartialSchema,
{
    complete(section, texts, faults);
    for (key, parts) in texts {
        complete(&format!("{section}.{}", name(key)), parts, faults);
    }
}

/// The codes that a rule may compare, and that a reader should not have to decode.
fn codes_to_word() -> BTreeSet<String> {
    [
        names_of::<ProgrammeKind>(),
        names_of::<UnitKind>(),
        names_of::<LivingForm>(),
        names_of::<ClosureReason>(),
        names_of::<Contraindication>(),
        names_of::<ConsentState>(),
        names_of::<SignedBy>(),
        names_of::<RouteJudgement>(),
        names_of::<TargetRoute>(),
        names_of::<needs::SecurityLevel>(),
        names_of::<needs::Service>(),
        names_of::<needs::MustHaveCare>(),
        names_of::<needs::Lvb>(),
        names_of::<needs::Ggz>(),
        names_of::<needs::Addiction>(),
        names_of::<needs::LifeDomain>(),
        names_of::<needs::Mobility>(),
        names_of::<needs::Recency>(),
        names_of::<needs::ThreatLevel>(),
        names_of::<vocabulary::VictimStatus>(),
        names_of::<vocabulary::ResidencePhase>(),
        names_of::<vocabulary::Guardian>(),
        names_of::<vocabulary::Jurisdiction>(),
        names_of::<vocabulary::Gender>(),
        names_of::<vocabulary::Urgency>(),
        names_of::<vocabulary::ExploitationForm>(),
        names_of::<vocabulary::YesNo>(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The names of an enum on the wire, as its published schema lists them: a new one cannot be forgotten here.
fn names_of<T: PartialSchema>() -> Vec<String> {
    let schema = serde_json::to_value(T::schema()).unwrap_or_default();
    let names = schema.get("enum").and_then(Json::as_array);
    names.into_iter().flatten().filter_map(|it| it.as_str().map(str::to_owned)).collect()
}

/// The name of a key on the wire.
fn name(key: &impl Serialize) -> String {
    serde_json::to_value(key).ok().and_then(|it| it.as_str().map(str::to_owned)).unwrap_or_default()
}

fn fault_of(place: &str, words: &Words, parameters: &[&str]) -> Vec<String> {
    if words.is_missing() {
        return vec![format!("{place}: a language is missing")];
    }
    let (nl, en) = (words.parameters(Lang::Nl), words.parameters(Lang::En));
    if nl != en {
        return vec![format!("{place}: the languages use different values: {nl:?} and {en:?}")];
    }
    let unknown = nl.into_iter().filter(|it| !parameters.contains(it));
    unknown.map(|it| format!("{place}: {{{it}}} is no value of this text")).collect()
}

/// A repeated key would silently replace a text.
fn repeated_keys(node: &document::Node, faults: &mut Vec<String>) {
    match &node.content {
        document::Content::Object(members) => {
            let mut seen = BTreeSet::new();
            for member in members {
                if !seen.insert(&member.name) {
                    faults.push(format!("line {}: {} stands there twice", member.node.line, member.node.pointer));
                }
                repeated_keys(&member.node, faults);
            }
        }
        document::Content::List(items) => items.iter().for_each(|item| repeated_keys(item, faults)),
        document::Content::Null
        | document::Content::Flag(_)
        | document::Content::Number(_)
        | document::Content::Text(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::matching::texts::TEXTS_V1;

    fn faults_after(change: impl FnOnce(&mut Json)) -> Vec<String> {
        let mut file: Json = serde_json::from_str(TEXTS_V1).unwrap();
        change(&mut file);
        TextsDocument::parse(&file.to_string()).unwrap_err().faults
    }

    #[test]
    fn every_missing_text_is_listed_at_once() {
        let faults = faults_after(|file| {
            file["rules"]["R-AGE"].as_object_mut().unwrap().remove("question");
            file["rules"]["R-BEDS"]["no"].as_object_mut().unwrap().remove("en");
            file["rules"].as_object_mut().unwrap().remove("R-OPEN");
            file["routes"]["R5"].as_object_mut().unwrap().remove("next_step");
            file["facts"].as_object_mut().unwrap().remove("unit_pets");
            file["values"].as_object_mut().unwrap().remove("cot");
            file["sentences"].as_object_mut().unwrap().remove("person_decides");
        });
        assert_eq!(
            faults,
            [
                "rules.R-OPEN: there is no text",
                "rules.R-AGE.question: there is no text",
                "routes.R5.next_step: there is no text",
                "facts.unit_pets: there is no text",
                "sentences.person_decides: there is no text",
                "values.cot: there is no text",
                "rules.R-BEDS.no: a language is missing",
            ]
        );
    }

    #[test]
    fn a_value_that_is_unknown_or_stands_in_one_language_only_is_refused() {
        let faults = faults_after(|file| {
            file["changes"]["more_beds"]["nl"] = "Er komen {beds} plaatsen bij.".into();
            file["sentences"]["score"] = serde_json::json!({"nl": "{scoer}", "en": "{scoer}"});
        });
        assert_eq!(
            faults,
            [
                "changes.more_beds: the languages use different values: {\"beds\"} and {\"beds\", \"by\"}",
                "sentences.score: {scoer} is no value of this text",
            ]
        );
    }

    #[test]
    fn an_unknown_key_and_a_repeated_one_are_refused() {
        let unknown = faults_after(|file| file["rules"]["R-MONEY"] = file["rules"]["R-AGE"].clone());
        assert!(unknown[0].contains("unknown variant `R-MONEY`"), "{unknown:?}");

        let twice =
            TEXTS_V1.replacen("\"tie_steps\": {", "\"tie_steps\": {\n \"lottery\": {\"nl\": \"a\", \"en\": \"a\"},", 1);
        let faults = TextsDocument::parse(&twice).unwrap_err().faults;
        assert!(faults[0].contains("/tie_steps/lottery stands there twice"), "{faults:?}");
    }

    #[test]
    fn no_text_calls_a_place_the_best_or_a_victim_a_client() {
        TextsDocument::parse(TEXTS_V1).unwrap().each_text(&mut |place, words, _| {
            for forbidden in ["beste plek", "best place", "best option", "cliënt", "client"] {
                assert!(!words.nl.to_lowercase().contains(forbidden), "{place}: {}", words.nl);
                assert!(!words.en.to_lowercase().contains(forbidden), "{place}: {}", words.en);
            }
        });
    }

    #[test]
    fn the_sentences_are_short_enough_to_read_at_night() {
        let mut words_in_all = [0_usize; 2];
        let mut sentences_in_all = [0_usize; 2];
        TextsDocument::parse(TEXTS_V1).unwrap().each_text(&mut |place, words, _| {
            for (index, lang) in Lang::ALL.into_iter().enumerate() {
                for sentence in words.get(lang).split_inclusive(['.', '?', '!', ';']).filter(|it| !it.trim().is_empty())
                {
                    let count = sentence.split_whitespace().count();
                    assert!(count <= 20, "{place} has a sentence of {count} words: {sentence}");
                    words_in_all[index] += count;
                    sentences_in_all[index] += 1;
                }
            }
        });
        for (words, sentences) in words_in_all.into_iter().zip(sentences_in_all) {
            assert!(words <= sentences * 12, "{words} words in {sentences} sentences");
        }
    }
}
