//! The same sentence in Dutch and in English, and how the values get into it.
//!
//! Invariant: both languages are filled from the same typed values, so a number can never differ between them.
//! A template names its values: `needs {needed}, free {free}`.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Europe::Amsterdam;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The language of a reader.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Lang {
    /// Dutch.
    #[default]
    Nl,
    /// English.
    En,
}

impl Lang {
    /// Both languages.
    pub const ALL: [Self; 2] = [Self::Nl, Self::En];
}

/// One text in both languages; with `{name}` in it, a template.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub struct Words {
    /// Dutch.
    #[serde(default)]
    pub nl: String,
    /// English.
    #[serde(default)]
    pub en: String,
}

/// A value for a template: the same in both languages, or with a word of its own in each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A number, a name, a code: the same in both languages.
    Same(String),
    /// A word of its own in each language.
    Words(Words),
    /// A day.
    Day(NaiveDate),
    /// A moment, told in the time of Amsterdam.
    Moment(DateTime<Utc>),
}

/// The named values of one sentence.
pub type Values<'a> = [(&'a str, Value)];

impl Words {
    /// The same text in both languages, for names.
    pub fn same(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { nl: text.clone(), en: text }
    }

    /// A pair of texts.
    pub fn new(nl: impl Into<String>, en: impl Into<String>) -> Self {
        Self { nl: nl.into(), en: en.into() }
    }

    /// The text in one language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Nl => &self.nl,
            Lang::En => &self.en,
        }
    }

    /// The names between braces, per language.
    pub fn parameters(&self, lang: Lang) -> BTreeSet<&str> {
        self.get(lang).split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name)).collect()
    }

    /// True when one of the languages has no text.
    pub fn is_missing(&self) -> bool {
        self.nl.trim().is_empty() || self.en.trim().is_empty()
    }

    /// Puts the values in. A name without a value stays visible between its braces.
    #[must_use]
    pub fn fill(&self, values: &Values<'_>) -> Self {
        Self { nl: fill(&self.nl, values, Lang::Nl), en: fill(&self.en, values, Lang::En) }
    }

    /// The same text with a capital in front, for the beginning of a line.
    #[must_use]
    pub fn capitalised(&self) -> Self {
        let of = |text: &str| {
            let mut rest = text.chars();
            rest.next().map(|first| first.to_uppercase().chain(rest).collect()).unwrap_or_default()
        };
        Self { nl: of(&self.nl), en: of(&self.en) }
    }

    /// Several texts after one another, with `between` in the middle.
    pub fn join<'a>(parts: impl IntoIterator<Item = &'a Self>, between: &str) -> Self {
        let parts: Vec<&Self> = parts.into_iter().collect();
        let of = |lang| parts.iter().map(|part| part.get(lang)).collect::<Vec<_>>().join(between);
        Self { nl: of(Lang::Nl), en: of(Lang::En) }
    }
}

impl Value {
    /// A value that reads the same in both languages.
    pub fn same(value: impl std::fmt::Display) -> Self {
        Self::Same(format!("{value}"))
    }

    /// How the value reads in both languages.
    pub fn words(&self) -> Words {
        Words { nl: self.text(Lang::Nl), en: self.text(Lang::En) }
    }

    /// How the value reads in one language.
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Self::Same(text) => text.clone(),
            Self::Words(words) => words.get(lang).to_owned(),
            Self::Day(day) => day_text(*day, lang),
            Self::Moment(moment) => {
                let local = moment.with_timezone(&Amsterdam);
                format!("{} {}", day_text(local.date_naive(), lang), local.format("%H:%M"))
            }
        }
    }
}

/// A day as people write it: `14 juni 2026`, `14 June 2026`.
pub fn day_text(day: NaiveDate, lang: Lang) -> String {
    const NL: [&str; 12] = [
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ];
    const EN: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let months = match lang {
        Lang::Nl => NL,
        Lang::En => EN,
    };
    let month = usize::try_from(day.month0()).ok().and_then(|index| months.get(index).copied()).unwrap_or_default();
    format!("{} {month} {}", day.day(), day.year())
}

fn fill(template: &str, values: &Values<'_>, lang: Lang) -> String {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let Some((name, tail)) = after.split_once('}') else {
            text.push('{');
            rest = after;
            continue;
        };
        let known = values.iter().find(|(known, _)| *known == name);
        text.push_str(&known.map_or_else(|| format!("{{{name}}}"), |(_, value)| value.text(lang)));
        rest = tail;
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_are_filled_from_the_same_values() {
        let template = Words::new("nodig: {needed}, op {day}", "needed: {needed}, on {day}");
        let day = NaiveDate::from_ymd_opt(2026, 6, 14).unwrap();
        let filled = template.fill(&[("needed", Value::same(3)), ("day", Value::Day(day))]);
        assert_eq!(filled, Words::new("nodig: 3, op 14 juni 2026", "needed: 3, on 14 June 2026"));
    }

    #[test]
    fn a_name_without_a_value_stays_visible() {
        let filled = Words::same("{a} {b} {c").fill(&[("a", Value::same("{b}"))]);
        assert_eq!(filled.nl, "{b} {b} {c", "a value is never read as a template");
    }

    #[test]
    fn a_moment_reads_in_the_time_of_amsterdam() {
        let moment = "2026-06-14T01:05:00Z".parse().unwrap();
        assert_eq!(Value::Moment(moment).text(Lang::En), "14 June 2026 03:05");
    }

    #[test]
    fn parameters_are_listed_per_language() {
        let words = Words::new("{a} en {b}", "{b}");
        assert_eq!(words.parameters(Lang::Nl).into_iter().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(words.parameters(Lang::En).into_iter().collect::<Vec<_>>(), ["b"]);
    }
}
