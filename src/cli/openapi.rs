//! `omm openapi`: the contract, byte for byte as the service serves it.

use super::{
    ending::{Ending, Trouble},
    terminal::Terminal,
};
use crate::api;

/// Prints the contract.
pub(super) fn print(terminal: &mut Terminal) -> Result<Ending, Trouble> {
    let contract = api::contract::Contract::read(&api::document()).map_err(Trouble::broken)?;
    terminal.write(format_args!("{}", contract.json));
    Ok(Ending::Done)
}
