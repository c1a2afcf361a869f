//! `omm policy`: checking, adopting and printing the numbers that matching computes with.

use serde_json::json;

use super::{
    arguments::Given,
    ending::{Ending, Trouble},
    given,
    terminal::Terminal,
};
use crate::domain::matching::policy::{CompiledPolicy, POLICY_V1};

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
        Err(faults) => {
            if as_json {
                let faults: Vec<_> =
                    faults.iter().map(|fault| json!({"pointer": fault.pointer, "message": fault.message})).collect();
                terminal.say(json!({"valid": false, "faults": faults}));
                return Ok(Ending::NotSo);
            }
            Err(Trouble::faults(Ending::NotSo, refused(&given.name, faults.len()), faults))
        }
    }
}

/// What the policy inside the program is called in messages.
const SHIPPED: &str = "the policy that ships with omm";

fn refused(name: &str, faults: usize) -> String {
    format!("{name} is no valid policy; {faults} fault{} in it:", if faults == 1 { "" } else { "s" })
}
