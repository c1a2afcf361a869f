//! `./run` on a machine without PostgreSQL, a compiler or both: it says what it does, asks the machine's own packages for
//! what is missing and for nothing else, and goes on. The machine is a folder of programs; those that would change it
//! write down what they were asked.

use std::{fs, path::Path, process::Command};

use tempfile::TempDir;

use super::{Ran, a_folder, run, too_old::a_program};

/// Programs of this machine that the script needs and that change nothing.
const PLAIN: [&str; 6] = ["dirname", "grep", "readlink", "sed", "sh", "tr"];

/// A machine with Rust and a package manager, on which nothing else is installed.
struct BareMachine {
    programs: TempDir,
}

impl BareMachine {
    fn with(package_manager: &str, script: &str) -> Self {
        let machine = Self { programs: a_folder() };
        for name in PLAIN {
            let folders = std::env::split_paths("/usr/bin:/bin").map(|folder| folder.join(name));
            let program = folders.into_iter().find(|path| path.exists()).unwrap();
            std::os::unix::fs::symlink(program, machine.folder().join(name)).unwrap();
        }
        machine.has("id", "echo 1000");
        machine.has("rustc", "echo 'rustc 1.999.0 (0000000 2026-01-01)'");
        machine.has("cargo", &machine.noting("cargo"));
        machine.has(package_manager, script);
        // Whoever calls for the administrator is noted, and what it asked for is there: nothing is run.
        let installs = format!(
            r#"{}; here="${{0%/*}}"
            case "$*" in *install*gcc*) /bin/ln -s sh "$here/cc" ;; *install*python3) /bin/ln -s sh "$here/python3" ;; esac
            case "$*" in *install*" postgresql" | *install*postgresql-server) {} ;; esac"#,
            machine.noting("sudo"),
            machine.installing_postgresql(15),
        );
        machine.has("sudo", &installs);
        machine
    }

    fn folder(&self) -> &Path {
        self.programs.path()
    }

    fn has(&self, name: &str, script: &str) {
        a_program(self.folder(), name, script);
    }

    /// Script that writes down what a program was asked.
    fn noting(&self, name: &str) -> String {
        format!(r#"echo "{name} $*" >>"{}/noted""#, self.folder().display())
    }

    /// Script that puts PostgreSQL's programs on the machine.
    fn installing_postgresql(&self, version: u8) -> String {
        let says = format!("postgres (PostgreSQL) {version}.4");
        format!(
            r#"printf '#!/bin/sh\necho "{says}"\n' >"{0}/postgres"; /bin/chmod 755 "{0}/postgres"; /bin/ln -s sh "{0}/initdb""#,
            self.folder().display()
        )
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        let mut command = Command::new("/bin/sh");
        command.arg("run").args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).env_clear();
        run({
            command.env("PATH", self.folder()).env("HOME", self.folder()).env("USUAL_FOLDERS", "");
            command
        })
    }

    /// What the programs that change a machine were asked, in order.
    fn noted(&self) -> Vec<String> {
        let noted = fs::read_to_string(self.folder().join("noted")).unwrap_or_default();
        noted.lines().map(str::to_owned).filter(|line| !line.contains("createcluster.conf")).collect()
    }
}

/// How apt is asked for packages, without questions.
const APT: &str = "sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends";

#[test]
fn with_apt_it_installs_a_compiler_and_postgresql_says_so_and_goes_on() {
    let machine = BareMachine::with("apt-get", "exit 1");
    let ran = machine.run(&["demo", "--once"]).ended(0);
    let ran = ran.names("missing: a C compiler").names("missing: the programs of PostgreSQL 15 or later");
    let asked = [
        "sudo apt-get update -qq".to_owned(),
        format!("{APT} gcc libc6-dev"),
        format!("{APT} postgresql-common"),
        format!("{APT} postgresql"),
    ];
    let noted = machine.noted();
    assert_eq!(noted[..asked.len()], asked);
    asked.iter().fold(ran, |ran, line| ran.names(&format!("run: {line}")));
    assert_eq!(noted[asked.len()..], ["cargo run --release --locked -- demo --once"]);
}

#[test]
fn with_dnf_it_enables_a_version_that_is_new_enough() {
    let machine = BareMachine::with("dnf", "exit 0");
    machine.has("cc", "exit 0");
    machine.run(&["test"]).ended(0).names("run: sudo dnf install -y -q postgresql-server");
    let asked = [
        "sudo dnf install -y -q python3",
        "sudo dnf -y -q module enable postgresql:16",
        "sudo dnf install -y -q postgresql-server",
    ];
    assert_eq!(machine.noted(), [asked[0], asked[1], asked[2], "cargo test --locked"]);
}

#[test]
fn with_brew_it_needs_no_administrator() {
    let machine = BareMachine::with("brew", "exit 1");
    machine.has("brew", &format!("{}; {}", machine.noting("brew"), machine.installing_postgresql(17)));
    machine.has("python3", "exit 0");
    machine.has("cc", "exit 0");
    machine.run(&["test", "desk"]).ended(0).names("run: brew install postgresql@17");
    assert_eq!(machine.noted(), ["brew install postgresql@17", "cargo test --locked desk"]);
}

#[test]
fn where_all_is_there_it_installs_nothing() {
    let machine = BareMachine::with("apt-get", "exit 1");
    machine.has("cc", "exit 0");
    machine.has("initdb", "exit 0");
    machine.has("postgres", "echo 'postgres (PostgreSQL) 16.1'");
    let ran = machine.run(&["demo"]).ended(0);
    assert_eq!((ran.err.as_str(), machine.noted()), ("", vec!["cargo run --release --locked -- demo".to_owned()]));
}

#[test]
fn where_only_an_old_postgresql_is_to_be_had_it_says_where_to_get_another_and_does_not_go_on() {
    let machine = BareMachine::with("brew", "exit 1");
    machine.has("brew", &machine.installing_postgresql(14));
    machine.has("python3", "exit 0");
    machine.has("cc", "exit 0");
    machine
        .run(&["test"])
        .ended(1)
        .names("still no PostgreSQL 15 or later")
        .names("https://www.postgresql.org/download");
    assert!(machine.noted().is_empty());
}

#[test]
fn where_nothing_can_be_installed_it_asks_for_a_hand() {
    let machine = BareMachine::with("true", "exit 0");
    machine.run(&["test"]).ended(1).names("missing: a C compiler").names("by hand");
    assert!(machine.noted().is_empty());
}
