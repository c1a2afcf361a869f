//! The file of the cards: what each programme documents about itself, as data in both languages.
//!
//! Invariant: a loaded file is complete. Every condition and remark has its texts, both languages use the same values,
//! and no location stands on two cards. Loading lists every fault at once.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{card::RemarkCode, condition::Condition};
use crate::domain::{
    catalogue::location::{LivingForm, StayUnit},
    ids::LocationCode,
    words::{Lang, Words},
};

/// The file that ships with the service.
pub const CARDS_V1: &str = include_str!("../../../catalogue/advice-cards.json");
const SCHEMA: &str = "omm-advice-cards/1";
/// The values that a text of this file may name.
const PARAMETERS: [&str; 7] = ["programme", "ages", "min", "max", "length", "routes", "stay"];

/// The cards of all programmes, and the sentences that go with them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub struct AdviceCards {
    schema: String,
    name: String,
    pub(super) ages: AgeTexts,
    pub(super) conditions: BTreeMap<Condition, ConditionTexts>,
    pub(super) routes: BTreeMap<String, Words>,
    pub(super) otherwise: Otherwise,
    pub(super) stays: StayTexts,
    pub(super) remarks: BTreeMap<RemarkCode, Words>,
    cards: Vec<Programme>,
}

/// Why a file of cards was refused: every fault, one per line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the advice cards cannot be used:\n{}", .faults.join("\n"))]
pub struct AdviceCardsFaulty {
    /// Every fault found.
    pub faults: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AgeTexts {
    pub(super) between: Words,
    pub(super) from: Words,
    pub(super) up_to: Words,
    pub(super) open: Words,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StayTexts {
    month: Words,
    day: Words,
    hour: Words,
    pub(super) between: Words,
    pub(super) up_to: Words,
    pub(super) from: Words,
    pub(super) open: Words,
}

impl StayTexts {
    pub(super) fn unit(&self, unit: StayUnit) -> &Words {
        match unit {
            StayUnit::Hour => &self.hour,
            StayUnit::Day => &self.day,
            StayUnit::Month => &self.month,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConditionTexts {
    pub(super) yes: Words,
    pub(super) no: Option<Words>,
    pub(super) ask_person: Option<Words>,
    pub(super) ask_location: Option<Words>,
}

/// What a card says where no programme has documented anything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Otherwise {
    pub(super) for_whom: Words,
    pub(super) how_to_refer: Words,
}

/// What one programme documents about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Programme {
    locations: Vec<LocationCode>,
    pub(super) conditions: Vec<Condition>,
    pub(super) for_whom: Words,
    pub(super) how_to_refer: Words,
    #[serde(default)]
    pub(super) notes: Vec<Words>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) warning: Option<Warning>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) strongest: Option<Strongest>,
    #[serde(default)]
    pub(super) work_areas: WorkAreas,
    #[serde(default)]
    pub(super) partners: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Warning {
    pub(super) when_not: Condition,
    pub(super) text: Words,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Strongest {
    pub(super) when_unsuitable: LivingForm,
    pub(super) text: Words,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WorkAreas {
    pub(super) fixed: Vec<Words>,
    pub(super) chosen: Vec<Words>,
}

impl AdviceCards {
    /// The cards that ship with the service.
    ///
    /// # Panics
    /// Never: the file is part of the binary, and a test reads it.
    pub fn v1() -> Self {
        #[expect(clippy::expect_used, reason = "the file is part of the binary, and a test reads it")]
        Self::parse(CARDS_V1).expect("the cards that ship with the service have no faults")
    }

    /// Reads a file of cards and checks that it is complete.
    pub fn parse(text: &str) -> Result<Self, AdviceCardsFaulty> {
        let cards: Self =
            serde_json::from_str(text).map_err(|error| AdviceCardsFaulty { faults: vec![error.to_string()] })?;
        let faults = cards.faults();
        if faults.is_empty() { Ok(cards) } else { Err(AdviceCardsFaulty { faults }) }
    }

    /// What the programme of a location documents, where a card names it.
    pub(super) fn programme(&self, location: &LocationCode) -> Option<&Programme> {
        self.cards.iter().find(|card| card.locations.contains(location))
    }

    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.schema != SCHEMA {
            faults.push(format!("schema: {SCHEMA} is needed, found {}", self.schema));
        }
        for condition in Condition::ALL {
            match self.conditions.get(&condition) {
                None => faults.push(format!("conditions: no texts for {}", code(condition))),
                Some(texts) => faults.extend(texts.missing(condition)),
            }
        }
        for remark in RemarkCode::ALL {
            if !self.remarks.contains_key(&remark) {
                faults.push(format!("remarks: no text for {}", code(remark)));
            }
        }
        let mut seen = BTreeSet::new();
        for location in self.cards.iter().flat_map(|card| &card.locations) {
            if !seen.insert(location) {
                faults.push(format!("cards: {location} stands on two cards"));
            }
        }
        self.each_text(&mut |place, words| faults.extend(fault_of(place, words)));
        faults
    }

    /// Shows every text of the file with the name of its place.
    pub(super) fn each_text(&self, show: &mut dyn FnMut(&str, &Words)) {
        for (place, words) in [
            ("ages.between", &self.ages.between),
            ("ages.from", &self.ages.from),
            ("ages.up_to", &self.ages.up_to),
            ("ages.open", &self.ages.open),
            ("stays.month", &self.stays.month),
            ("stays.day", &self.stays.day),
            ("stays.hour", &self.stays.hour),
            ("stays.between", &self.stays.between),
            ("stays.up_to", &self.stays.up_to),
            ("stays.from", &self.stays.from),
            ("stays.open", &self.stays.open),
            ("otherwise.for_whom", &self.otherwise.for_whom),
            ("otherwise.how_to_refer", &self.otherwise.how_to_refer),
        ] {
            show(place, words);
        }
        self.routes.iter().for_each(|(route, words)| show(&format!("routes.{route}"), words));
        self.remarks.iter().for_each(|(remark, words)| show(&format!("remarks.{}", code(*remark)), words));
        for (condition, texts) in &self.conditions {
            let place = format!("conditions.{}", code(*condition));
            show(&place, &texts.yes);
            [&texts.no, &texts.ask_person, &texts.ask_location].into_iter().flatten().for_each(|it| show(&place, it));
        }
        self.cards.iter().for_each(|card| card.each_text(show));
    }
}

impl Programme {
    fn each_text(&self, show: &mut dyn FnMut(&str, &Words)) {
        let names: Vec<&str> = self.locations.iter().map(LocationCode::as_str).collect();
        let place = format!("cards.{}", names.join("+"));
        [&self.for_whom, &self.how_to_refer]
            .into_iter()
            .chain(&self.notes)
            .chain(self.warning.as_ref().map(|it| &it.text))
            .chain(self.strongest.as_ref().map(|it| &it.text))
            .chain(&self.work_areas.fixed)
            .chain(&self.work_areas.chosen)
            .for_each(|words| show(&place, words));
    }
}

impl ConditionTexts {
    /// A condition that can come out a certain way needs a text for it.
    fn missing(&self, condition: Condition) -> Vec<String> {
        let can = condition.can_end();
        [
            ("no", can.in_no, &self.no),
            ("ask_person", can.in_asking_person, &self.ask_person),
            ("ask_location", can.in_asking_location, &self.ask_location),
        ]
        .into_iter()
        .filter(|(_, needed, text)| *needed && text.is_none())
        .map(|(name, _, _)| format!("conditions.{}: no text for {name}", code(condition)))
        .collect()
    }
}

fn fault_of(place: &str, words: &Words) -> Vec<String> {
    if words.is_missing() {
        return vec![format!("{place}: a language is missing")];
    }
    let (nl, en) = (words.parameters(Lang::Nl), words.parameters(Lang::En));
    if nl != en {
        return vec![format!("{place}: the languages use different values: {nl:?} and {en:?}")];
    }
    let unknown = nl.into_iter().filter(|name| !PARAMETERS.contains(name));
    unknown.map(|name| format!("{place}: {{{name}}} is no known value")).collect()
}

/// The name on the wire of an enum value.
fn code(value: impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|it| it.as_str().map(str::to_owned)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_that_ships_is_complete() {
        AdviceCards::v1();
    }

    #[test]
    fn every_fault_is_listed_at_once() {
        let mut file: serde_json::Value = serde_json::from_str(CARDS_V1).unwrap();
        file["conditions"].as_object_mut().unwrap().remove("age");
        file["conditions"]["gender"].as_object_mut().unwrap().remove("ask_location");
        file["remarks"]["fier_scaling"]["en"] = "".into();
        file["stays"]["up_to"]["nl"] = "hoogstens {most}".into();
        file["cards"][1]["locations"] = serde_json::json!(["fier-asja"]);
        let faults = AdviceCards::parse(&file.to_string()).unwrap_err().faults;
        assert_eq!(
            faults,
            [
                "conditions: no texts for age",
                "conditions.gender: no text for ask_location",
                "cards: fier-asja stands on two cards",
                "stays.up_to: the languages use different values: {\"most\"} and {\"max\"}",
                "remarks.fier_scaling: a language is missing",
            ]
        );
    }

    #[test]
    fn the_texts_claim_no_free_place_and_rank_nothing() {
        AdviceCards::v1().each_text(&mut |place, words| {
            for forbidden in ["beste plek", "best place", "vrije plek", "vrij bed", "free place", "free bed", "score"] {
                assert!(!words.nl.to_lowercase().contains(forbidden), "{place}: {}", words.nl);
                assert!(!words.en.to_lowercase().contains(forbidden), "{place}: {}", words.en);
            }
        });
    }
}
