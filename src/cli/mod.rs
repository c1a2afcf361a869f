//! The terminal door, and the place where everything meets: every command of `omm`.
//!
//! A command that changes something calls the same operation of `app` as the API does and leaves the same entry in the
//! trail. Exit codes are in [`ending`], what is written goes through [`terminal`].

mod arguments;
mod audit;
mod database;
mod ending;
mod given;
mod migrate;
mod openapi;
mod policy;
mod terminal;

use std::ffi::OsString;

use clap::{Parser, error::ErrorKind};
use tokio::runtime::Runtime;

use self::{
    arguments::{Arguments, Command, Policy},
    ending::{Ending, Trouble},
    terminal::Terminal,
};

/// Runs a command with the arguments of the process, and gives its exit code.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let mut terminal = Terminal::of_process();
    let outcome = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => obey(&mut terminal, arguments.command),
        Err(told) => Ok(explain_usage(&mut terminal, &told)),
    };
    terminal.end(outcome).code()
}

/// Help and version were asked for; everything else is a fault of the arguments.
fn explain_usage(terminal: &mut Terminal, told: &clap::Error) -> Ending {
    let asked = matches!(told.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    let text = told.render();
    let text = if terminal.has_colour() { text.ansi().to_string() } else { text.to_string() };
    if asked {
        terminal.write(format_args!("{text}"));
        Ending::Done
    } else {
        terminal.note(text.trim_end());
        Ending::Usage
    }
}

fn obey(terminal: &mut Terminal, command: Command) -> Result<Ending, Trouble> {
    match command {
        Command::Policy(Policy::Check { given, json }) => policy::check(terminal, &given, json),
        Command::Openapi => openapi::print(terminal),
        Command::Migrate => runtime()?.block_on(migrate::migrate(terminal)),
        Command::Audit(asked) => runtime()?.block_on(audit::obey(terminal, asked)),
        Command::Serve(_)
        | Command::Demo(_)
        | Command::Catalogue(_)
        | Command::Policy(_)
        | Command::Match(_)
        | Command::Explain(_)
        | Command::Token(_) => Err(Trouble::broken("this command is not built in yet")),
    }
}

/// What drives the database connections of a command.
fn runtime() -> Result<Runtime, Trouble> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().map_err(Trouble::broken)
}
