//! JSON files that people write by hand: every value knows its line and its JSON pointer, so that every fault can be
//! named where it stands, all of them at once.
//!
//! The JSON reader of serde stops at the first fault and forgets positions; here it only checks the grammar, and a
//! second pass over the then valid text notes where each value stands. Repeated keys survive, to be refused by `fields`.

pub mod fields;
mod scan;

use serde::Serialize;
use utoipa::ToSchema;

/// One thing that is wrong in a file: where it stands, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Fault {
    /// Line in the file, counted from 1.
    pub line: usize,
    /// JSON pointer to the value; empty for the file as a whole.
    pub pointer: String,
    /// What is wrong, for people.
    pub message: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.pointer.is_empty() {
            write!(f, "line {}: {}", self.line, self.message)
        } else {
            write!(f, "line {}, {}: {}", self.line, self.pointer, self.message)
        }
    }
}

/// The faults found so far. A file with any fault is refused as a whole.
#[derive(Debug, Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Notes a fault at a value.
    pub fn at(&mut self, node: &Node, message: impl Into<String>) {
        self.add(node.line, node.pointer.clone(), message);
    }

    /// Notes a fault at a line.
    pub fn add(&mut self, line: usize, pointer: String, message: impl Into<String>) {
        self.0.push(Fault { line, pointer, message: message.into() });
    }

    /// True if nothing is wrong so far.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All faults in the order of the file.
    pub fn in_order(mut self) -> Vec<Fault> {
        self.0.sort();
        self.0
    }
}

/// A JSON value and where it stands.
#[derive(Debug)]
pub struct Node {
    /// Line on which it begins, counted from 1.
    pub line: usize,
    /// JSON pointer to it.
    pub pointer: String,
    /// The value.
    pub content: Content,
}

/// What a JSON value is.
#[derive(Debug)]
pub enum Content {
    /// `null`.
    Null,
    /// `true` or `false`.
    Flag(bool),
    /// A number.
    Number(serde_json::Number),
    /// A string.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// An object, in the order of the file; a repeated key stands here twice.
    Object(Vec<Member>),
}

impl Content {
    /// What it is, for a message.
    fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Flag(_) => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
        }
    }
}

/// One key of an object with its value.
#[derive(Debug)]
pub struct Member {
    /// The key.
    pub name: String,
    /// The line of the key.
    pub line: usize,
    /// The value.
    pub node: Node,
}

/// Reads a JSON text. Faults of the grammar are the only ones found one at a time: nothing behind them can be trusted.
pub fn read(text: &str) -> Result<Node, Fault> {
    // Into a `Value`, because that reader bounds the depth, and the second pass recurses.
    if let Err(fault) = serde_json::from_str::<serde_json::Value>(text) {
        return Err(Fault {
            line: fault.line().max(1),
            pointer: String::new(),
            message: format!("not valid JSON: {fault}"),
        });
    }
    scan::scan(text).ok_or_else(|| Fault { line: 1, pointer: String::new(), message: "cannot be read".to_owned() })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lines(node: &Node, found: &mut Vec<(usize, String)>) {
        found.push((node.line, node.pointer.clone()));
        match &node.content {
            Content::List(items) => items.iter().for_each(|item| lines(item, found)),
            Content::Object(members) => members.iter().for_each(|member| lines(&member.node, found)),
            Content::Null | Content::Flag(_) | Content::Number(_) | Content::Text(_) => {}
        }
    }

    #[test]
    fn every_value_knows_its_line_and_its_pointer() {
        let node = read("{\r\n \"a/b\": [1,\n  {\"c~\":\n \"x\\\"]}\\u00fc\"}\n ],\n \"a/b\": null}").unwrap();
        let mut found = Vec::new();
        lines(&node, &mut found);
        let want = [(1, ""), (2, "/a~1b"), (2, "/a~1b/0"), (3, "/a~1b/1"), (4, "/a~1b/1/c~0"), (6, "/a~1b")];
        assert_eq!(found, want.map(|(line, pointer)| (line, pointer.to_owned())));
    }

    #[test]
    fn a_text_is_read_with_its_escapes() {
        let node = read(r#"["S\u00fcrya \"\\\" \ud83d\ude00"]"#).unwrap();
        let Content::List(items) = node.content else { panic!("not a list") };
        assert!(matches!(&items[0].content, Content::Text(text) if text == "Sürya \"\\\" 😀"));
    }

    #[test]
    fn a_broken_file_is_one_fault_with_its_line() {
        for (text, line) in
            [("", 1), ("{\n\"a\": 1,\n}", 3), ("[1,\n2\n", 3), ("{} x", 1), ("{\n\"a\": 01}", 2), ("\u{feff}{}", 1)]
        {
            assert_eq!(read(text).unwrap_err().line, line, "{text:?}");
        }
        assert!(read(&"[".repeat(100_000)).is_err(), "depth is bounded");
    }

    fn plain(node: &Node) -> serde_json::Value {
        match &node.content {
            Content::Null => serde_json::Value::Null,
            Content::Flag(flag) => (*flag).into(),
            Content::Number(number) => number.clone().into(),
            Content::Text(text) => text.clone().into(),
            Content::List(items) => items.iter().map(plain).collect(),
            Content::Object(members) => members.iter().map(|one| (one.name.clone(), plain(&one.node))).collect(),
        }
    }

    fn any_json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<i64>().prop_map(Into::into),
            any::<String>().prop_map(Into::into),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
                prop::collection::btree_map(any::<String>(), inner, 0..6)
                    .prop_map(|members| members.into_iter().collect::<serde_json::Map<_, _>>().into()),
            ]
        })
    }

    proptest! {
        #[test]
        fn both_passes_read_the_same(value in any_json()) {
            for text in [value.to_string(), serde_json::to_string_pretty(&value).unwrap()] {
                prop_assert_eq!(plain(&read(&text).unwrap()), value.clone());
            }
        }

        #[test]
        fn a_file_cut_or_mangled_anywhere_is_refused_or_read_but_never_a_panic(
            value in any_json(), cut in 0_usize..400, put in "[\\[\\]{},:\"\\\\ 0-9a]{0,3}",
        ) {
            let text: String = value.to_string().chars().take(cut).chain(put.chars()).collect();
            let valid = serde_json::from_str::<serde_json::Value>(&text);
            prop_assert_eq!(read(&text).is_ok(), valid.is_ok());
        }
    }
}
