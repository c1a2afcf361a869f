//! The house keeps its order: four floors in one direction, small files, small functions, names that say something.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

const FILE_LINES_MAX: usize = 400;
const FUNCTION_LINES_MAX: usize = 70;

/// What each floor may know of the others. The clock is a room of its own, open to all but the core.
const FLOORS: [(&str, &[&str]); 4] = [
    ("domain", &["domain"]),
    ("store", &["store", "domain", "clock"]),
    ("app", &["app", "store", "domain", "clock"]),
    ("api", &["api", "app", "domain", "clock"]),
];

/// Crates that a floor must not know.
const FOREIGN: [(&str, &[&str]); 4] = [
    (
        "domain",
        &[
            "actix_web",
            "aws_lc_rs",
            "clap",
            "diesel",
            "diesel_async",
            "futures_util",
            "jsonwebtoken",
            "rustix",
            "rustls",
            "tokio",
            "tokio_postgres",
            "tracing",
        ],
    ),
    ("store", &["actix_web", "clap", "jsonwebtoken", "utoipa_swagger_ui"]),
    ("app", &["actix_web", "clap", "diesel", "diesel_async", "jsonwebtoken", "tokio_postgres"]),
    ("api", &["clap", "diesel", "diesel_async", "tokio_postgres"]),
];

/// Words that name anything, and so nothing.
const EMPTY_WORDS: [&str; 10] =
    ["utils", "util", "helpers", "helper", "common", "manager", "handler", "process", "data", "info"];

/// A name that holds one of these words and means what it says: the folder that PostgreSQL calls so.
const NAMES_OF_THE_TRADE: [&str; 1] = ["data"];

struct SourceFile {
    path: PathBuf,
    /// Relative to the package, with `/`.
    name: String,
    text: String,
}

impl SourceFile {
    /// The lines without comments.
    fn code(&self) -> String {
        self.text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
    }

    /// The floor it lies on.
    fn floor(&self) -> &str {
        self.name.strip_prefix("src/").and_then(|rest| rest.split('/').next()).unwrap_or_default()
    }
}

fn files() -> Vec<SourceFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut folders: Vec<_> = ["src", "tests", "benches"].map(|name| root.join(name)).into();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
                let text = fs::read_to_string(&path).unwrap();
                found.push(SourceFile { path, name, text });
            }
        }
    }
    assert!(found.len() > 40, "the house is larger than that");
    found
}

/// The first part of every path that starts at `root`: of `use crate::{a::B, c}` these are `a` and `c`.
fn rooms_after<'c>(code: &'c str, root: &str) -> BTreeSet<&'c str> {
    let word =
        |text: &'c str| text.split(|sign: char| !sign.is_alphanumeric() && sign != '_').next().unwrap_or_default();
    let mut rooms = BTreeSet::new();
    for (start, _) in code.match_indices(root) {
        let rest = &code[start + root.len()..];
        let Some(list) = rest.strip_prefix('{') else {
            rooms.insert(word(rest));
            continue;
        };
        let (mut depth, mut at_start) = (1, true);
        for (position, sign) in list.char_indices() {
            match sign {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 1 => at_start = true,
                sign if at_start && !sign.is_whitespace() => {
                    rooms.insert(word(&list[position..]));
                    at_start = false;
                }
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
    }
    rooms
}

/// Faults of all files, one line each.
fn faults(check: impl Fn(&SourceFile) -> Vec<String>) -> Vec<String> {
    files().iter().flat_map(|file| check(file).into_iter().map(|fault| format!("{}: {fault}", file.name))).collect()
}

fn assert_none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn floors_know_only_what_lies_below() {
    assert_none(&faults(|file| {
        let Some((_, known)) = FLOORS.iter().find(|(floor, _)| *floor == file.floor()) else { return Vec::new() };
        let code = file.code();
        let rooms = rooms_after(&code, "crate::");
        let unknown = rooms.into_iter().filter(|room| !known.contains(room) && room.starts_with(char::is_lowercase));
        unknown.map(|room| format!("knows {room}")).collect()
    }));
}

#[test]
fn floors_keep_to_their_crates() {
    assert_none(&faults(|file| {
        let Some((_, foreign)) = FOREIGN.iter().find(|(floor, _)| *floor == file.floor()) else { return Vec::new() };
        let code = file.code();
        foreign.iter().filter(|name| code.contains(&format!("{name}::"))).map(|name| format!("uses {name}")).collect()
    }));
}

#[test]
fn the_core_is_pure() {
    let impure = [
        "async ",
        ".await",
        "HashMap",
        "HashSet",
        "std::fs",
        "std::net",
        "std::env",
        "std::time",
        "std::thread",
        "std::io",
    ];
    assert_none(&faults(|file| {
        if file.floor() != "domain" {
            return Vec::new();
        }
        // Tests may read fixtures; they stand at the end of a file, or in a file or a folder of their own.
        let code = file.code();
        let tests = file.name.ends_with("/tests.rs") || file.name.contains("/properties/");
        let code = if tests { "" } else { code.split("#[cfg(test)]").next().unwrap() };
        impure.iter().filter(|word| code.contains(*word)).map(|word| format!("uses {word}")).collect()
    }));
}

#[test]
fn the_hot_loop_takes_no_memory() {
    // Its buffers are shown to stay where they are by a property of the core; this looks for memory beside them.
    let hot = ["src/domain/matching/screen.rs", "src/domain/matching/order.rs", "src/domain/matching/bits.rs"];
    let takes = [
        "Vec::",
        "vec!",
        "collect()",
        "collect::",
        "to_vec(",
        "to_owned(",
        "to_string(",
        ".clone()",
        "String",
        "format!",
        "Box",
        "Rc::",
        "Arc::",
        "BTreeMap",
        "push(",
        "extend(",
    ];
    let found = faults(|file| {
        let code = if hot.contains(&file.name.as_str()) { file.code() } else { String::new() };
        let code = code.split("#[cfg(test)]\nmod tests").next().unwrap();
        takes.iter().filter(|word| code.contains(*word)).map(|word| format!("uses {word}")).collect()
    });
    assert_none(&found);
    let files = files();
    assert!(hot.iter().all(|name| files.iter().any(|file| file.name == *name)), "the hot loop has moved");
}

#[test]
fn now_and_chance_come_from_the_clock_alone() {
    let sources = ["Utc::now(", "Local::now(", "SystemTime::now(", "Uuid::new_v4(", "Uuid::now_v7("];
    assert_none(&faults(|file| {
        if file.name == "src/clock.rs" || !file.name.starts_with("src/") {
            return Vec::new();
        }
        let code = file.code();
        sources.iter().filter(|source| code.contains(*source)).map(|source| format!("calls {source})")).collect()
    }));
}

#[test]
fn files_are_small() {
    assert_none(&faults(|file| {
        let lines = file.text.lines().count();
        if lines > FILE_LINES_MAX { vec![format!("{lines} lines")] } else { Vec::new() }
    }));
}

#[test]
fn functions_are_small() {
    assert_none(&faults(|file| {
        let lines: Vec<_> = file.text.lines().collect();
        let mut faults = Vec::new();
        for (start, line) in lines.iter().enumerate() {
            let indent = line.len() - line.trim_start().len();
            let Some(name) = declared(line, "fn ") else { continue };
            // rustfmt puts the closing brace of a function under its first letter.
            let close = format!("{}}}", " ".repeat(indent));
            let end =
                lines[start..].iter().position(|other| *other == close || other.ends_with(';') && *other == *line);
            if let Some(length) = end.filter(|length| length + 1 > FUNCTION_LINES_MAX) {
                faults.push(format!("fn {name} has {} lines", length + 1));
            }
        }
        faults
    }));
}

/// The name that a line declares after this keyword, outside comments.
fn declared<'l>(line: &'l str, keyword: &str) -> Option<&'l str> {
    let line = line.trim_start();
    let before = line.find(keyword)?;
    let is_declaration = line[..before].split(' ').all(|word| {
        matches!(word, "" | "pub" | "async" | "const" | "unsafe" | "default" | "static") || word.starts_with("pub(")
    });
    let name = line[before + keyword.len()..].split(|sign: char| !sign.is_alphanumeric() && sign != '_').next()?;
    (is_declaration && !name.is_empty()).then_some(name)
}

/// The words of a name, in snake or camel case.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for sign in name.chars() {
        if sign == '_' || sign == '-' || sign.is_uppercase() {
            words.push(String::new());
        }
        if sign.is_alphanumeric() {
            words.last_mut().unwrap().extend(sign.to_lowercase());
        }
    }
    words
}

#[test]
fn names_say_something() {
    // To "process" says nothing; a process of the operating system does.
    let empty = |name: &str| {
        let mut words = words(name).into_iter().filter(|word| !word.is_empty()).enumerate();
        words.find(|(position, word)| EMPTY_WORDS.contains(&word.as_str()) && (word != "process" || *position == 0))
    };
    assert_none(&faults(|file| {
        let stem = file.path.file_stem().unwrap().to_string_lossy().into_owned();
        let mut names = vec![stem];
        for line in file.text.lines() {
            let keywords = ["mod ", "struct ", "enum ", "trait ", "type ", "fn ", "const "];
            names.extend(keywords.iter().filter_map(|keyword| declared(line, keyword)).map(str::to_owned));
        }
        let is_empty = |name: &String| empty(name).is_some() && !NAMES_OF_THE_TRADE.contains(&name.as_str());
        names.into_iter().filter(is_empty).map(|name| format!("the name {name}")).collect()
    }));
}

#[test]
fn public_items_are_documented() {
    let settings = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).unwrap();
    assert!(settings.contains("missing_docs = \"warn\""), "the lint that asks for documentation is off");
    assert_none(&faults(|file| {
        let allows = file
            .code()
            .lines()
            .any(|line| line.trim_start().starts_with("#[allow") || line.trim_start().starts_with("#![allow"));
        if allows { vec!["switches a lint off without a reason".to_owned()] } else { Vec::new() }
    }));
}

#[test]
fn the_eyes_of_this_test_are_open() {
    let code = "use crate::{\n    app::Desk,\n    store::{Store, StoreError},\n};\nlet x = crate::api::routes;";
    assert_eq!(rooms_after(code, "crate::").into_iter().collect::<Vec<_>>(), ["api", "app", "store"]);
    assert_eq!(declared("    pub(crate) async fn decide_placement(", "fn "), Some("decide_placement"));
    assert_eq!(declared("// a fn in words", "fn "), None);
    assert_eq!(words("PlaceManager"), ["", "place", "manager"]);
}
