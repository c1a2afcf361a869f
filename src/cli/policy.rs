//! `omm policy`: checking, adopting and printing the numbers that matching computes with.

use serde_json::json;

use super::{
    arguments::{Database, Given, Policy},
    catalogue::count,
    database::{self, Expecting},
    desk,
    ending::{Ending, Trouble},
    given::{self, GivenText},
    terminal::Terminal,
};
use crate::{
    app::{Failure, adopt_policy},
    clock::{Clock, Ids},
    domain::{
        document::Fault,
        matching::policy::{CompiledPolicy, POLICY_V1},
        role::Permission,
    },
};

/// What the policy inside the program is called in messages.
pub(super) const SHIPPED: &str = "the policy that ships with omm";

/// Checks a policy file; every fault is named.
pub(super) fn check(terminal: &mut Terminal, given: &Given, as_json: bool) -> Result<Ending, Trouble> {
    let given = given::read(given, POLICY_V1, SHIPPED)?;
    match CompiledPolicy::parse(&given.text) {
        Ok(policy) => {
            if as_json {
                terminal.say(json!({"valid": true, "name": policy.name(), "hash": policy.hash_hex(), "faults": []}));
            } else {
                terminal.say(format_args!("{} is a valid policy: {}", given.name, policy.name()));
                terminal.say(format_args!("hash {}", policy.hash_hex()));
            }
            Ok(Ending::Done)
        }
        Err(faults) if as_json => {
            terminal.say(json!({"valid": false, "faults": faults}));
            Ok(Ending::NotSo)
        }
        Err(faults) => Err(refused(&given, faults)),
    }
}

/// Does what is asked of the policy in a database.
pub(super) async fn obey(terminal: &mut Terminal, asked: Policy) -> Result<Ending, Trouble> {
    match asked {
        Policy::Check { given, json } => check(terminal, &given, json),
        Policy::Adopt { given, database, json } => adopt(terminal, &given, database, json).await,
        Policy::Show { database } => show(terminal, database).await,
    }
}

async fn adopt(terminal: &mut Terminal, given: &Given, database: Database, as_json: bool) -> Result<Ending, Trouble> {
    let given = given::read(given, POLICY_V1, SHIPPED)?;
    let policy = read(&given)?;
    let open = database::open(database, Expecting::Any).await?;
    let desk = desk::on(open.store.clone(), Clock::system(), Ids::random());
    let call = desk::call(Permission::ChangeSettings);
    let adopted = open.named(adopt_policy::adopt_policy(&desk, &call, &policy).await)?;
    if as_json {
        terminal.say(json!({"name": adopted.name, "hash": adopted.hash, "validFrom": adopted.valid_from}));
    } else {
        terminal.say(format_args!("policy {} is in force", adopted.name));
        terminal.say(format_args!("hash {}", adopted.hash));
    }
    Ok(Ending::Done)
}

async fn show(terminal: &mut Terminal, database: Database) -> Result<Ending, Trouble> {
    let open = database::open(database, Expecting::Existing).await?;
    let desk = desk::on(open.store.clone(), Clock::system(), Ids::random());
    let adopted = open.named(adopt_policy::list_policies(&desk, &desk::call(Permission::ReadPolicy)).await)?;
    let in_force = adopted.into_iter().next().ok_or(Failure::NoPolicy)?;
    terminal.note(format_args!(
        "policy {}, hash {}, in force since {}",
        in_force.name,
        in_force.hash,
        in_force.valid_from.format("%Y-%m-%d %H:%M UTC")
    ));
    terminal.say(in_force.document);
    Ok(Ending::Done)
}

/// Reads a policy file, or names every fault.
pub(super) fn read(given: &GivenText) -> Result<CompiledPolicy, Trouble> {
    CompiledPolicy::parse(&given.text).map_err(|faults| refused(given, faults))
}

fn refused(given: &GivenText, faults: Vec<Fault>) -> Trouble {
    let head = format!("{} is no valid policy; {}:", given.name, count(faults.len(), "fault"));
    Trouble::faults(Ending::NotSo, head, faults)
}
