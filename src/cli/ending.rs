//! How a command ends: its exit code, and what is said when it did not do what was asked.

use std::fmt::Display;

/// The exit codes of every command, as `docs/cli.md` lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It is done, and what was asked is so.
    Done,
    /// What was asked is not so: a file has faults, the trail does not verify, a step of the story did not hold.
    NotSo,
    /// The command cannot be understood: an argument, a setting or a file is missing or wrong.
    Usage,
    /// The database, the data folder or the address to listen on cannot be used.
    Unavailable,
    /// A fault of the program itself.
    Broken,
}

impl Ending {
    /// The exit code.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::NotSo => 1,
            Self::Usage => 2,
            Self::Unavailable => 3,
            Self::Broken => 4,
        }
    }
}

/// Why a command did not do what was asked: one line for each thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// How the command ends.
    pub ending: Ending,
    /// What is wrong, for people.
    pub lines: Vec<String>,
}

impl Trouble {
    /// What was asked is not so.
    pub fn not_so(why: impl Display) -> Self {
        Self { ending: Ending::NotSo, lines: vec![why.to_string()] }
    }

    /// An argument, a setting or a file cannot be used.
    pub fn usage(why: impl Display) -> Self {
        Self { ending: Ending::Usage, lines: vec![why.to_string()] }
    }

    /// Something outside this program cannot be used.
    pub fn unavailable(why: impl Display) -> Self {
        Self { ending: Ending::Unavailable, lines: vec![why.to_string()] }
    }

    /// A fault of the program itself.
    pub fn broken(why: impl Display) -> Self {
        Self { ending: Ending::Broken, lines: vec![why.to_string()] }
    }

    /// Every fault of one kind, each on its own line after a line that says of what.
    pub fn faults(ending: Ending, of: impl Display, faults: impl IntoIterator<Item = impl Display>) -> Self {
        let mut lines = vec![of.to_string()];
        lines.extend(faults.into_iter().map(|fault| format!("  {fault}")));
        Self { ending, lines }
    }
}
