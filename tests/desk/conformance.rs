//! `docs/conformance.md` names, for each demand on the service, the tests that show it. It may say that something is
//! lacking, but it may not name a test that is not there, lose a demand, or leave one without a word.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// How many demands each section holds.
const DEMANDS: [(&str, usize); 15] = [
    ("1", 20),
    ("1.1", 6),
    ("2", 14),
    ("2.1", 6),
    ("3", 7),
    ("4", 14),
    ("5", 14),
    ("6", 1),
    ("7", 7),
    ("8", 2),
    ("9", 19),
    ("10", 4),
    ("11", 6),
    ("12", 14),
    ("13", 16),
];

/// One line of the table.
struct Demand {
    number: String,
    demand: String,
    /// Names of tests and of steps of `.ci/run`.
    shown_by: Vec<String>,
    lacks: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The lines of the table; a line that looks like one and is none is a fault.
fn read(text: &str) -> Result<Vec<Demand>, String> {
    let is_demand = |line: &&str| line.starts_with("| ") && line[2..].starts_with(|sign: char| sign.is_ascii_digit());
    text.lines()
        .filter(is_demand)
        .map(|line| {
            let cells: Vec<_> = line.split('|').map(str::trim).collect();
            let ["", number, demand, shown_by, lacks, ""] = cells.as_slice() else {
                return Err(format!("not four cells: {line}"));
            };
            let shown_by = names(shown_by).ok_or_else(|| format!("{number}: not names in backticks: {shown_by}"))?;
            Ok(Demand {
                number: (*number).to_owned(),
                demand: (*demand).to_owned(),
                shown_by,
                lacks: (*lacks).to_owned(),
            })
        })
        .collect()
}

/// The names of a cell: in backticks, with commas between them. A name may hold a comma itself.
fn names(cell: &str) -> Option<Vec<String>> {
    let pieces: Vec<_> = cell.split('`').map(str::trim).collect();
    let between = pieces.iter().step_by(2).all(|piece| matches!(*piece, "" | ","));
    let names = pieces.iter().skip(1).step_by(2).map(|name| (*name).to_owned()).collect();
    (between && pieces.len() % 2 == 1).then_some(names)
}

/// Everything that may be named: tests as `cargo test` prints them, and steps of `.ci/run`.
fn what_there_is() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for folder in ["src", "tests/desk"] {
        let folder = root().join(folder);
        for file in rust_files(&folder) {
            let text = fs::read_to_string(&file).unwrap();
            let room = file.strip_prefix(&folder).unwrap().with_extension("");
            let room = room.to_string_lossy().replace(['/', '\\'], "::");
            let room = room.strip_suffix("::mod").unwrap_or(&room).to_owned();
            for (name, is_inner) in tests_of(&text) {
                let inner = if is_inner { "tests::" } else { "" };
                found.insert(format!("{room}::{inner}{name}"));
            }
        }
    }
    let steps = fs::read_to_string(root().join(".ci/run")).unwrap();
    for line in steps.lines() {
        if let Some((name, _)) = line.trim_start().strip_prefix("step \"").and_then(|rest| rest.split_once('"')) {
            found.insert(format!(".ci/run: {name}"));
        }
    }
    found
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found
}

/// The tests of a file, and for each whether it stands in the `mod tests` of the file. A test that is left out
/// (`#[ignore]`) shows nothing.
fn tests_of(text: &str) -> Vec<(String, bool)> {
    let (mut found, mut is_test, mut is_inner) = (Vec::new(), false, false);
    for line in text.lines().map(str::trim_start) {
        is_inner |= line.starts_with("mod tests {");
        let is_mark = ["#[test]", "#[actix_web::test]", "#[tokio::test"].iter().any(|mark| line.starts_with(mark));
        is_test = (is_test || is_mark) && !line.starts_with("#[ignore");
        let name = line.strip_prefix("async ").unwrap_or(line).strip_prefix("fn ");
        if let Some((name, _)) = name.and_then(|rest| rest.split_once('(')) {
            if is_test {
                found.push((name.to_owned(), is_inner));
            }
            is_test = false;
        }
    }
    found
}

fn faults(demands: &[Demand], there: &BTreeSet<String>) -> Vec<String> {
    let mut faults = Vec::new();
    let mut counts = BTreeMap::<&str, usize>::new();
    for demand in demands {
        let number = demand.number.as_str();
        let (section, place) = number.split_once('-').unwrap_or((number, ""));
        let count = counts.entry(section).or_default();
        *count += 1;
        if place != format!("{count:02}") {
            faults.push(format!("{number}: the numbers of a section go up by one"));
        }
        if demand.demand.is_empty() {
            faults.push(format!("{number}: says nothing"));
        }
        if demand.shown_by.is_empty() && demand.lacks.is_empty() {
            faults.push(format!("{number}: names no test, and nothing that lacks"));
        }
        let absent = demand.shown_by.iter().filter(|name| !there.contains(*name));
        faults.extend(absent.map(|name| format!("{number}: no test is called {name}")));
    }
    let wanted = BTreeMap::from(DEMANDS);
    if counts != wanted {
        faults.push(format!("the sections hold {counts:?}, not {wanted:?}"));
    }
    faults
}

#[test]
fn every_demand_names_tests_that_exist_or_says_what_lacks() {
    let demands = read(&fs::read_to_string(root().join("docs/conformance.md")).unwrap()).unwrap();
    let there = what_there_is();
    assert!(there.len() > 300, "more tests than {} are there", there.len());
    let faults = faults(&demands, &there);
    assert!(faults.is_empty(), "docs/conformance.md:\n{}", faults.join("\n"));
    let (console, others): (Vec<&Demand>, _) = demands.iter().partition(|demand| demand.lacks == "with the console");
    let count = |is: &dyn Fn(&Demand) -> bool| others.iter().filter(|demand| is(demand)).count();
    println!(
        "{} demands: {} shown, {} partly, {} open; {} more come with the console",
        others.len(),
        count(&|demand| !demand.shown_by.is_empty() && demand.lacks.is_empty()),
        count(&|demand| !demand.shown_by.is_empty() && !demand.lacks.is_empty()),
        count(&|demand| demand.shown_by.is_empty()),
        console.len(),
    );
}

#[test]
fn a_test_that_is_not_there_and_a_demand_without_a_word_are_found() {
    let there = what_there_is();
    for name in [
        "conformance::a_test_that_is_not_there_and_a_demand_without_a_word_are_found",
        "api::token::tests::times_hold_to_the_second",
        "api::check::tests::a_body_with_n_independent_faults_gets_n_entries_with_their_pointers",
        "store::trail::entries_can_only_be_added",
        ".ci/run: licences, bans, sources",
    ] {
        assert!(there.contains(name), "{name}");
    }
    let found = |line: &str| match read(line) {
        Ok(demands) => faults(&demands, &there).swap_remove(0),
        Err(fault) => fault,
    };
    assert_eq!(found("| 1-01 | a | `api::no_such_test` | |"), "1-01: no test is called api::no_such_test");
    assert_eq!(found("| 1-01 | a | | |"), "1-01: names no test, and nothing that lacks");
    assert_eq!(found("| 1-02 | a | | b |"), "1-02: the numbers of a section go up by one");
    assert_eq!(found("| 1-01 | a | api::tests | |"), "1-01: not names in backticks: api::tests");
    assert_eq!(found("| 1-01 | a | |"), "not four cells: | 1-01 | a | |");
    assert!(found("| 1-01 | a | `conformance::tests` | b |").contains("no test is called"));
    let left_out = "#[test]\n#[ignore = \"slow\"]\nfn a() {}\n#[test]\nfn b() {}\nfn c() {}";
    assert_eq!(tests_of(left_out), [("b".to_owned(), false)]);
}
