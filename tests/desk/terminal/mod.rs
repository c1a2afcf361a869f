//! The terminal door: every command, what it says, and how it ends.

mod bare_machine;
mod files;
mod full;
mod refused;
mod served;
mod settings;
mod stored;
mod story;
mod too_old;

use std::{
    ffi::OsStr,
    fs::Permissions,
    io::Write,
    os::unix::fs::PermissionsExt,
    process::{Command, Stdio},
};

use tempfile::TempDir;

/// What a command said, and how it ended.
pub struct Ran {
    /// Exit code; none if it was killed.
    pub code: Option<i32>,
    /// What it wrote to stdout.
    pub out: String,
    /// What it wrote to stderr.
    pub err: String,
}

impl Ran {
    /// It ended with this code, without a panic, and with nothing on stdout unless all went well or it was asked to tell.
    #[track_caller]
    pub fn ended(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        assert!(!self.err.contains("panicked"), "{}", self.err);
        self
    }

    /// Its diagnostics name this.
    #[track_caller]
    pub fn names(self, part: &str) -> Self {
        assert!(self.err.contains(part), "`{part}` is not in:\n{}", self.err);
        self
    }
}

/// The program, with no setting of the one who runs the tests.
pub fn omm(arguments: &[impl AsRef<OsStr>]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_omm"));
    command.args(arguments).env_clear().current_dir(env!("CARGO_MANIFEST_DIR"));
    for name in ["PATH", "PG_BIN", "HOME"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs a command to its end.
pub fn run(mut command: Command) -> Ran {
    let output = command.output().unwrap();
    Ran {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A folder that PostgreSQL's account may pass on the way to what lies in it.
pub fn a_folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    std::fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
    folder
}

/// A file with this content.
pub fn a_file(content: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(content.as_bytes()).unwrap();
    file
}

const COMMANDS: [&str; 14] = [
    "serve",
    "demo",
    "migrate",
    "catalogue import",
    "catalogue export",
    "policy check",
    "policy adopt",
    "policy show",
    "match",
    "explain",
    "token",
    "audit head",
    "audit verify",
    "openapi",
];

#[test]
fn the_help_names_every_command_and_each_teaches_with_an_example() {
    let all = run(omm(&["--help"])).ended(0).out;
    assert!(all.contains("Exit codes: 0 done"), "{all}");
    let documented = include_str!("../../../docs/cli.md");
    for command in COMMANDS {
        let words: Vec<&str> = command.split(' ').collect();
        assert!(all.contains(words[0]), "{command} is not in the help");
        assert!(documented.contains(words[0]), "{command} is not in docs/cli.md");
        let help = run(omm(&[&words[..], &["--help"]].concat())).ended(0).out;
        assert!(help.contains("Example"), "{command} has no example:\n{help}");
        assert!(help.contains(&format!("omm {command}")) || command == "openapi", "{command}:\n{help}");
    }
}

#[test]
fn every_setting_is_in_the_help_of_serve() {
    let help = run(omm(&["serve", "--help"])).ended(0).out;
    for name in omm::config::variables() {
        assert!(help.contains(name), "{name} is not in the help");
    }
}

#[test]
fn without_a_command_it_says_how_to_go_on() {
    run(omm(&[""; 0])).ended(2).names("Usage: omm <COMMAND>");
    run(omm(&["polcy"])).ended(2).names("policy");
}
