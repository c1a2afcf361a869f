//! `omm explain`: recomputing a match from what it rested on. Anything but the same bytes is an incident.

use serde_json::json;

use super::{
    arguments::Explain,
    database::{self, Expecting},
    desk,
    ending::{Ending, Trouble},
    match_files,
    terminal::Terminal,
};
use crate::{
    app::explain_match::{Replay, explain_match},
    clock::{Clock, Ids},
    domain::{
        ids::ResultId,
        matching::{explanation::render::render, result::MatchResult},
        role::Permission,
        words::Lang,
    },
    store::match_result::StoredMatch,
};

/// Recomputes a document, or a match that the service stored.
pub(super) async fn obey(terminal: &mut Terminal, asked: Explain) -> Result<Ending, Trouble> {
    match (asked.result, asked.id) {
        (Some(path), _) => match_files::explain(terminal, &path, asked.policy.as_deref(), asked.dutch, asked.json),
        (None, Some(id)) => {
            let open = database::open(asked.database, Expecting::Existing).await?;
            let desk = desk::on(open.store.clone(), Clock::system(), Ids::random());
            let replay = open.named(explain_match(&desk, &desk::call(Permission::ReadMatch), ResultId(id)).await)?;
            let lang = if asked.dutch { Lang::Nl } else { Lang::En };
            tell(terminal, &desk.texts, &replay, lang, asked.json)
        }
        (None, None) => Err(Trouble::usage("name what to explain, with --result or --id")),
    }
}

fn tell(
    terminal: &mut Terminal,
    texts: &crate::domain::matching::texts::Texts,
    replay: &Replay,
    lang: Lang,
    as_json: bool,
) -> Result<Ending, Trouble> {
    let (stored, outcome, ending) = match replay {
        Replay::Same(stored) => (stored, "same", Ending::Done),
        Replay::Different(stored) => (stored, "different", Ending::NotSo),
        Replay::OtherVersion(stored) => (stored, "other_version", Ending::NotSo),
    };
    if as_json {
        terminal.say(json!({"id": stored.id, "outcome": outcome, "policyHash": stored.policy_hash, "textsHash": stored.texts_hash}));
        return Ok(ending);
    }
    match replay {
        Replay::Same(_) => {
            terminal.write(format_args!("{}", render(texts, &result_of(stored)?, lang)));
            terminal.say("");
            terminal.say("recomputed: the same, byte for byte");
        }
        Replay::Different(_) => terminal.say("recomputed: NOT the same. This is an incident: the stored match or its input was changed, or the program computes otherwise"),
        Replay::OtherVersion(_) => terminal.say("this match was made with other texts or another engine; recompute it with the version of omm that made it"),
    }
    Ok(ending)
}

fn result_of(stored: &StoredMatch) -> Result<MatchResult, Trouble> {
    serde_json::from_str(&stored.result).map_err(Trouble::broken)
}
