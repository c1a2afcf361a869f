//! Reads JSON more strictly than `serde_json` does: a key that stands twice is reported, not overwritten in silence,
//! and nesting has a limit. What comes out is a plain value and the pointers of the keys that stood twice.

use std::fmt;

use serde::{
    Deserializer,
    de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value};

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
    /// It stops being JSON here.
    Malformed {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// It is nested deeper than any body of the contract.
    TooDeep,
}

/// Reads a whole text as one JSON value.
pub fn read(text: &[u8]) -> Result<StrictJson, NotJson> {
    let mut notes = Notes::default();
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let value = Level(&mut notes).deserialize(&mut deserializer).and_then(|value| deserializer.end().map(|()| value));
    match value {
        Ok(value) => Ok(StrictJson { value, duplicates: notes.duplicates }),
        Err(_) if notes.too_deep => Err(NotJson::TooDeep),
        Err(error) => Err(NotJson::Malformed { line: error.line(), column: error.column() }),
    }
}

/// The pointer of `key` under `parent`; a key that may hold a person's words is left out.
pub fn pointer(parent: &str, key: &str) -> String {
    let plain = |sign: char| sign.is_ascii_alphanumeric() || sign == '_' || sign == '-';
    if key.is_empty() || key.len() > KEY_LENGTH_MAX || !key.chars().all(plain) {
        return parent.to_owned();
    }
    format!("{parent}/{key}")
}

#[derive(Default)]
struct Notes {
    path: Vec<String>,
    duplicates: Vec<String>,
    too_deep: bool,
}

impl Notes {
    /// Goes one step down and back; `key` is a name or a position.
    fn below<T, E: Error>(&mut self, key: &str, read: impl FnOnce(&mut Self) -> Result<T, E>) -> Result<T, E> {
        if self.path.len() >= DEPTH_MAX {
            self.too_deep = true;
            return Err(E::custom("too deep"));
        }
        let here = pointer(self.path.last().map_or("", String::as_str), key);
        self.path.push(here);
        let value = read(self);
        self.path.pop();
        value
    }
}

struct Level<'n>(&'n mut Notes);

impl<'de> DeserializeSeed<'de> for Level<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Level<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        loop {
            let next = self.0.below(&list.len().to_string(), |notes| items.next_element_seed(Level(notes)))?;
            match next {
                Some(value) => list.push(value),
                None => return Ok(Value::Array(list)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            let (value, here) = self.0.below(&key, |notes| {
                let value = entries.next_value_seed(Level(notes))?;
                Ok((value, notes.path.last().cloned().unwrap_or_default()))
            })?;
            if object.contains_key(&key) {
                self.0.duplicates.push(here);
            } else {
                object.insert(key, value);
            }
        }
        Ok(Value::Object(object))
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
        for (text, line, column) in [("", 1, 0), ("{", 1, 1), ("{\n\"a\": }", 2, 6), ("{} x", 1, 4), ("nul", 1, 3)] {
            assert_eq!(read(text.as_bytes()), Err(NotJson::Malformed { line, column }), "{text}");
        }
        assert!(read(b"\"\xff\"").is_err());
    }

    #[test]
    fn nesting_ends_at_the_limit() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(read(nested(DEPTH_MAX).as_bytes()).is_ok());
        assert_eq!(read(nested(DEPTH_MAX + 1).as_bytes()), Err(NotJson::TooDeep));
        assert_eq!(read(nested(100_000).as_bytes()), Err(NotJson::TooDeep));
        assert_eq!(read("{\"a\":".repeat(100_000).as_bytes()), Err(NotJson::TooDeep));
    }
}
