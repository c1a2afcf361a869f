//! The terminal door, and the place where everything meets: every command of `omm`.
//!
//! A command that changes something calls the same operation of `app` as the API does and leaves the same entry in the
//! trail. Exit codes are in `ending`, what is written goes through `terminal`.

mod arguments;
mod audit;
mod catalogue;
mod database;
mod demo;
mod desk;
mod document;
mod ending;
mod explain;
mod given;
mod match_files;
mod migrate;
mod openapi;
mod policy;
mod serve;
mod server;
mod terminal;
mod token;

use std::ffi::OsString;

use clap::{Parser, error::ErrorKind};
use tokio::runtime::Runtime;

use self::{
    arguments::{Arguments, Command, Policy},
    ending::{Ending, Trouble},
    terminal::Terminal,
};
use crate::api::problem::{Problem, Spot};

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
        Command::Match(asked) => match_files::run(terminal, &asked),
        Command::Token(asked) => token::make(terminal, &asked),
        Command::Openapi => openapi::print(terminal),
        Command::Serve(asked) => runtime()?.block_on(serve::serve(terminal, asked)),
        Command::Demo(asked) => runtime()?.block_on(demo::demo(terminal, asked)),
        Command::Migrate(asked) => runtime()?.block_on(migrate::migrate(terminal, asked)),
        Command::Catalogue(asked) => runtime()?.block_on(catalogue::obey(terminal, asked)),
        Command::Policy(asked) => runtime()?.block_on(policy::obey(terminal, asked)),
        Command::Explain(asked) => runtime()?.block_on(explain::obey(terminal, asked)),
        Command::Audit(asked) => runtime()?.block_on(audit::obey(terminal, asked)),
    }
}

/// The faults of a body that lies in a file, one a line.
fn problem_lines(problem: &Problem) -> Vec<String> {
    let line = |fault: &crate::api::problem::Fault| match &fault.spot {
        Spot::Body(pointer) if pointer.is_empty() => fault.detail.en.to_string(),
        Spot::Body(pointer) => format!("{pointer}: {}", fault.detail.en),
        Spot::Query(name) => format!("{name}: {}", fault.detail.en),
        Spot::Header(name) => format!("{name}: {}", fault.detail.en),
    };
    let lines: Vec<String> = problem.faults().iter().map(line).collect();
    if lines.is_empty() { vec![problem.kind().detail().en.to_string()] } else { lines }
}

/// What drives the database connections of a command.
fn runtime() -> Result<Runtime, Trouble> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().map_err(Trouble::broken)
}
