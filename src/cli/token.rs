//! `omm token`: access tokens of a running demo, for invented people.

use chrono::TimeDelta;

use super::{
    arguments::Token,
    ending::{Ending, Trouble},
    terminal::Terminal,
};
use crate::{
    api::demo_issuer::DemoIssuer,
    clock::{Clock, Ids},
    domain::ids::OrganisationCode,
};

/// Makes a token with the key that the demo keeps in its folder.
pub(super) fn make(terminal: &mut Terminal, asked: &Token) -> Result<Ending, Trouble> {
    let issuer = DemoIssuer::open(&asked.key).map_err(|error| {
        Trouble::usage(format!("{}: {error}; `omm demo` prints where its key is", asked.key.display()))
    })?;
    let organisation = asked.organisation.as_deref().map(OrganisationCode::from);
    let token = issuer.token_for(
        asked.role,
        organisation.as_ref(),
        &asked.subject,
        Clock::system().now(),
        TimeDelta::minutes(i64::from(asked.minutes)),
        Ids::random().next_uuid(),
    );
    terminal.say(token.map_err(Trouble::broken)?);
    Ok(Ending::Done)
}
