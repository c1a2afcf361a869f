//! The reasons of a match in a few lines, from the texts that the result itself carries.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::stage::Stage;
use crate::domain::{
    fact::Verdict,
    matching::result::{MatchResult, UnitCard},
    words::Lang,
};

/// The units that fit, in their order, with their scores.
pub(super) fn in_order(stage: &Stage<'_>, result: &MatchResult) -> String {
    let fits = result.now.iter().chain(&result.later);
    let names: Vec<String> = fits
        .enumerate()
        .map(|(before, card)| format!("{}. {} ({})", before + 1, stage.name(card.unit), score(card)))
        .collect();
    if names.is_empty() { "nobody fits at once".to_owned() } else { names.join(", ") }
}

/// Why the first stands first.
pub(super) fn why_first(stage: &Stage<'_>, result: &MatchResult) -> String {
    let confidence = result.confidence.now.as_ref().or(result.confidence.later.as_ref());
    let sure = confidence.map(|confidence| beginning(&confidence.text_en)).unwrap_or_default();
    let second = result.now.get(1).and_then(|card| card.against_first.as_ref());
    let decisive = second.and_then(|comparison| Some((comparison.decisive?, comparison.margin)));
    match decisive {
        Some((criterion, margin)) => {
            let criterion = stage.desk.texts.criterion(criterion);
            format!("The first is ahead by {}, most of it for: {}. {sure}", short(margin), criterion.get(Lang::En))
        }
        None => sure,
    }
}

/// The excluded units of the OMM, those with the same reason together.
pub(super) fn why_not(stage: &Stage<'_>, result: &MatchResult) -> Vec<String> {
    grouped(stage, &result.out, Verdict::No)
}

/// The units that need an answer first, those with the same question together.
pub(super) fn to_ask(stage: &Stage<'_>, result: &MatchResult) -> Vec<String> {
    grouped(stage, &result.ask, Verdict::Unknown)
}

fn grouped(stage: &Stage<'_>, cards: &[UnitCard], verdict: Verdict) -> Vec<String> {
    let mut by_reason: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for card in cards.iter().filter(|card| card.code.as_str().starts_with("omm-")) {
        let texts: Vec<&str> = card
            .findings
            .iter()
            .filter(|finding| finding.verdict == verdict)
            .map(|finding| finding.question.as_ref().map_or(&*finding.text_en, |question| &*question.text_en))
            .collect();
        by_reason.entry(texts.join(" ")).or_default().push(stage.name(card.unit));
    }
    by_reason.into_iter().map(|(reason, names)| format!("{}: {reason}", names.join(", "))).collect()
}

fn score(card: &UnitCard) -> String {
    card.score.map(|score| short(score.value)).unwrap_or_default()
}

fn short(value: Decimal) -> String {
    value.round_dp(3).normalize().to_string()
}

/// The first two sentences: what a newcomer needs of a text that says more.
fn beginning(text: &str) -> String {
    text.split_inclusive(". ").take(2).collect::<String>().trim_end().to_owned()
}
