//! `omm match` and `omm explain --result`: the whole engine with no database. The same files give the same bytes.

mod referral;
mod situation;

use serde::Deserialize;

use super::{
    arguments::MatchFiles,
    catalogue,
    document::Document,
    ending::{Ending, Trouble},
    given::{self, GivenText},
    policy,
    terminal::Terminal,
};
use crate::domain::{
    advice::{advise, cards_file::AdviceCards, render::render as advice_render},
    catalogue::seed::{Catalogue, DEFAULT_CATALOGUE},
    matching::{
        canonical::canonical_bytes,
        evaluate::{StoredInput, evaluate},
        explanation::render::render,
        policy::{CompiledPolicy, POLICY_V1},
        result::MatchResult,
        texts::Texts,
    },
    words::Lang,
};

/// Matches a referral against a situation.
pub(super) fn run(terminal: &mut Terminal, asked: &MatchFiles) -> Result<Ending, Trouble> {
    let policy = read_policy(asked.policy.as_deref())?;
    let catalogue = match &asked.catalogue {
        Some(path) => catalogue::read(&given::read_file(path)?)?,
        None => catalogue::read(&GivenText::shipped(DEFAULT_CATALOGUE))?,
    };
    let input = read_input(asked, catalogue)?;
    let texts = Texts::v1();
    let mut result = evaluate(&policy, &input.stored.view, &input.stored.snapshot, input.stored.now);
    texts.write(&mut result);
    let circumstances = &input.stored.view.circumstances;
    let advice = advise(&AdviceCards::v1(), circumstances, &input.locations, &result.route, input.stored.now);
    if asked.json {
        let advice = String::from_utf8_lossy(&canonical_bytes(&advice)).into_owned();
        terminal.say(format_args!(
            "{{\"input\":{},\"result\":{},\"advice\":{advice}}}",
            input.stored.canonical(),
            result.canonical()
        ));
    } else {
        let lang = language(asked.dutch);
        terminal.write(format_args!("{}\n{}", render(&texts, &result, lang), advice_render(&texts, &advice, lang)));
    }
    Ok(Ending::Done)
}

/// Recomputes a document that `match --json` printed.
pub(super) fn explain(
    terminal: &mut Terminal,
    path: &std::path::Path,
    policy: Option<&std::path::Path>,
    dutch: bool,
    as_json: bool,
) -> Result<Ending, Trouble> {
    let given = given::read_file(path)?;
    let document = Document::read(&given)?;
    let policy = read_policy(policy)?;
    let written: Written = document.typed("").map_err(|fault| document.refuse(vec![fault]))?;
    let texts = Texts::v1();
    let input = &written.input;
    let mut again = evaluate(&policy, &input.view, &input.snapshot, input.now);
    texts.write(&mut again);
    let same = canonical_bytes(&written.result) == again.canonical_bytes();
    if as_json {
        terminal.say(serde_json::json!({"same": same, "inputHash": again.input_hash, "policyHash": again.policy_hash}));
    } else if same {
        terminal.write(format_args!("{}", render(&texts, &again, language(dutch))));
        terminal.say("");
        terminal.say("recomputed: the same, byte for byte");
    } else {
        terminal.say(format_args!("recomputed: not the same. {}", difference(&written.result, &again)));
    }
    Ok(if same { Ending::Done } else { Ending::NotSo })
}

/// A document of `match --json`, as far as recomputing reads it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    input: StoredInput,
    result: serde_json::Value,
    #[expect(dead_code, reason = "part of the document; advice is no part of the result")]
    advice: Option<serde_json::Value>,
}

/// What the engine reads, and the locations the advice is about.
struct Input {
    stored: StoredInput,
    locations: Vec<crate::domain::catalogue::location::Location>,
}

fn read_input(asked: &MatchFiles, catalogue: Catalogue) -> Result<Input, Trouble> {
    let situation = situation::read(&Document::read(&given::read_file(&asked.situation)?)?, catalogue)?;
    let now = asked.at.unwrap_or(situation.snapshot.at);
    let view = referral::read(&given::read_file(&asked.referral)?, now)?;
    Ok(Input { stored: StoredInput::normal(&view, &situation.snapshot, now), locations: situation.locations })
}

fn read_policy(path: Option<&std::path::Path>) -> Result<CompiledPolicy, Trouble> {
    match path {
        Some(path) => policy::read(&given::read_file(path)?),
        None => policy::read(&GivenText::shipped(POLICY_V1)),
    }
}

fn language(dutch: bool) -> Lang {
    if dutch { Lang::Nl } else { Lang::En }
}

/// The first field in which two results differ.
fn difference(written: &serde_json::Value, again: &MatchResult) -> String {
    let again = serde_json::to_value(again).unwrap_or_default();
    let fields = again.as_object().into_iter().flatten();
    let differing: Vec<&str> = fields
        .filter(|(name, value)| written.get(name.as_str()) != Some(value))
        .map(|(name, _)| name.as_str())
        .collect();
    let likely = if differing.contains(&"inputHash") {
        "the input is not the one it was made from"
    } else if differing.contains(&"policyHash") {
        "it was made with another policy: name it with --policy"
    } else {
        "the result was changed, or this version computes otherwise"
    };
    format!("Different: {}; {likely}", differing.join(", "))
}
