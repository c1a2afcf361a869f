//! `omm audit`: the head of the trail, and checking the whole chain.
//!
//! Both only look, and at no person: they work on a trail that can no longer be written to, so they leave no entry.

use serde_json::json;

use super::{
    arguments::Audit,
    database::{self, Expecting},
    ending::{Ending, Trouble},
    terminal::Terminal,
};
use crate::{
    domain::audit::chain::{ChainFault, Head},
    store::{self, StoreError},
};

/// Does what is asked of the trail.
pub(super) async fn obey(terminal: &mut Terminal, asked: Audit) -> Result<Ending, Trouble> {
    match asked {
        Audit::Head { database, json } => {
            let open = database::open(database, Expecting::Existing).await?;
            let head: Head = open.named(open.store.read(async |tx| store::audit::head(tx).await).await)?;
            if json {
                terminal.say(json!(head));
            } else {
                terminal.say(head);
            }
            Ok(Ending::Done)
        }
        Audit::Verify { expect, database, json } => {
            let open = database::open(database, Expecting::Existing).await?;
            match open.store.verify_trail(expect).await {
                Ok(Ok(head)) => Ok(verified(terminal, head, expect, json)),
                Ok(Err(fault)) => Ok(broken(terminal, &Fault::Chain(fault), json)),
                Err(StoreError::Corrupt(what)) => Ok(broken(terminal, &Fault::Unreadable(what), json)),
                Err(error) => open.named(Err(error)),
            }
        }
    }
}

/// Why a trail does not verify.
enum Fault {
    /// The chain is broken at an entry.
    Chain(ChainFault),
    /// A row is none that this program wrote.
    Unreadable(String),
}

fn verified(terminal: &mut Terminal, head: Head, expected: Option<Head>, as_json: bool) -> Ending {
    if as_json {
        terminal.say(json!({"verified": true, "entries": head.index, "head": head, "expected": expected}));
        return Ending::Done;
    }
    terminal.say(format_args!("the trail holds: {} entries, each tied to the one before", head.index));
    if let Some(expected) = expected {
        terminal.say(format_args!("it still holds entry {} as it was written down", expected.index));
    }
    terminal.say(format_args!("head {head}"));
    if expected.is_none() {
        terminal.note("Write the head down outside the database: `omm audit verify --expect` then also finds a trail");
        terminal.note("that was cut off, or written anew from some entry on.");
    }
    Ending::Done
}

fn broken(terminal: &mut Terminal, fault: &Fault, as_json: bool) -> Ending {
    if as_json {
        terminal.say(match fault {
            Fault::Chain(fault) => json!({"verified": false, "fault": fault, "message": fault.to_string()}),
            Fault::Unreadable(what) => json!({"verified": false, "message": what}),
        });
    } else {
        match fault {
            Fault::Chain(fault) => terminal.say(format_args!("the trail does not hold: {fault}")),
            Fault::Unreadable(what) => terminal.say(format_args!("the trail does not hold: {what}")),
        }
    }
    Ending::NotSo
}
