//! Reads a body more strictly than `serde_json` does: a key that stands twice is reported, not overwritten in silence,
//! and nesting has a limit. What comes out is a plain value and the pointers of the keys that stood twice.

use serde_json::{Map, Value};

use crate::domain::document::{self, Content, Node};

/// Objects and lists inside each other; no body of the contract needs more than six.
const DEPTH_MAX: usize = 32;

/// A key longer than this, or with other signs than letters, digits, `_` and `-`, is never repeated in an answer.
const KEY_LENGTH_MAX: usize = 64;

/// What was read.
#[derive(Debug, PartialEq)]
pub struct StrictJson {
    /// The value; of a key that stands twice, the first.
    pub value: Value,
    /// Pointers of the keys that stand twice.
    pub duplicates: Vec<String>,
}

/// Why nothing could be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotJson {
    /// It stops being JSON in this line, from 1.
    Malformed(usize),
    /// It is nested deeper than any body of the contract.
    TooDeep,
}

/// Reads a whole text as one JSON value.
pub fn read(text: &[u8]) -> Result<StrictJson, NotJson> {
    if depth(text) > DEPTH_MAX {
        return Err(NotJson::TooDeep);
    }
    let text = std::str::from_utf8(text).map_err(|_| NotJson::Malformed(1))?;
    let node = document::read(text).map_err(|fault| NotJson::Malformed(fault.line))?;
    let mut duplicates = Vec::new();
    let value = plain(node, "", &mut duplicates);
    Ok(StrictJson { value, duplicates })
}

/// The pointer of `key` under `parent`; a key that may hold a person's words is left out.
pub fn pointer(parent: &str, key: &str) -> String {
    let is_plain = |sign: char| sign.is_ascii_alphanumeric() || sign == '_' || sign == '-';
    if key.is_empty() || key.len() > KEY_LENGTH_MAX || !key.chars().all(is_plain) {
        return parent.to_owned();
    }
    format!("{parent}/{key}")
}

/// How deep brackets stand inside each other outside texts; where the text is no JSON the answer does not matter.
fn depth(text: &[u8]) -> usize {
    let (mut depth, mut deepest, mut in_text, mut escaped) = (0_usize, 0, false, false);
    for byte in text {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => depth += 1,
            b']' | b'}' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

fn plain(node: Node, at: &str, duplicates: &mut Vec<String>) -> Value {
    match node.content {
        Content::Null => Value::Null,
        Content::Flag(flag) => Value::Bool(flag),
        Content::Number(number) => Value::Number(number),
        Content::Text(text) => Value::String(text),
        Content::List(items) => {
            let items = items.into_iter().enumerate();
            items.map(|(position, item)| plain(item, &pointer(at, &position.to_string()), duplicates)).collect()
        }
        Content::Object(members) => {
            let mut object = Map::new();
            for member in members {
                let here = pointer(at, &member.name);
                let value = plain(member.node, &here, duplicates);
                if object.contains_key(&member.name) {
                    duplicates.push(here);
                } else {
                    object.insert(member.name, value);
                }
            }
            Value::Object(object)
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_plain_body_is_read_as_it_stands() {
        let text = br#" {"a": [1, -2, 2.5, true, null], "b": {"c": "d"}} "#;
        let read = read(text).unwrap();
        assert_eq!(read.value, json!({"a": [1, -2, 2.5, true, null], "b": {"c": "d"}}));
        assert!(read.duplicates.is_empty());
    }

    #[test]
    fn every_key_that_stands_twice_is_reported_with_its_pointer() {
        let text = br#"{"a": 1, "a": 2, "list": [{}, {"b": 1, "b": 2, "b": 3}], "Jan Jansen": 1, "Jan Jansen": 2}"#;
        assert_eq!(read(text).unwrap().duplicates, ["/a", "/list/1/b", "/list/1/b", ""]);
        assert_eq!(read(text).unwrap().value["a"], 1);
    }

    #[test]
    fn what_is_no_json_says_where_it_stops() {
        for (text, line) in [("", 1), ("{", 1), ("{\n\"a\": }", 2), ("{} x", 1), ("nul", 1), ("]]]", 1)] {
            assert_eq!(read(text.as_bytes()), Err(NotJson::Malformed(line)), "{text}");
        }
        assert!(read(b"\"\xff\"").is_err());
    }

    #[test]
    fn nesting_ends_at_the_limit() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(read(nested(DEPTH_MAX).as_bytes()).is_ok());
        assert!(read(format!("\"{}\\\"[\"", "[".repeat(100)).as_bytes()).is_ok());
        assert_eq!(read(nested(DEPTH_MAX + 1).as_bytes()), Err(NotJson::TooDeep));
        assert_eq!(read(nested(100_000).as_bytes()), Err(NotJson::TooDeep));
        assert_eq!(read("{\"a\":".repeat(100_000).as_bytes()), Err(NotJson::TooDeep));
    }
}
