//! The canonical form of a document (RFC 8785) and its hash: what makes two inputs "the same".
//!
//! All our documents hold integers, strings, booleans and ASCII keys only, so sorting keys by bytes is the whole rule.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// The canonical bytes of a document.
pub fn canonical_bytes(document: &impl Serialize) -> Vec<u8> {
    canonical_text(document).into_bytes()
}

/// The canonical form of a document as text.
///
/// # Panics
/// Never: the documents of the engine have string keys and no fallible field.
pub fn canonical_text(document: &impl Serialize) -> String {
    #[expect(clippy::expect_used, reason = "our documents have string keys and no fallible field: this cannot fail")]
    let value = serde_json::to_value(document).expect("a document of the engine is always JSON");
    let mut text = String::new();
    write_value(&value, &mut text);
    text
}

fn write_value(value: &Value, text: &mut String) {
    match value {
        Value::String(string) => write_string(string, text),
        Value::Null => text.push_str("null"),
        Value::Bool(true) => text.push_str("true"),
        Value::Bool(false) => text.push_str("false"),
        Value::Number(number) => text.push_str(&number.to_string()),
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write_value(item, text);
            }
            text.push(']');
        }
        Value::Object(map) => {
            // Sorted here, so that the form does not depend on how serde_json was built.
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_unstable_by(|a, b| a.0.as_bytes().cmp(b.0.as_bytes()));
            text.push('{');
            for (index, (key, item)) in entries.into_iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write_string(key, text);
                text.push(':');
                write_value(item, text);
            }
            text.push('}');
        }
    }
}

/// A string in quotes. Nearly all of ours need no escape, and are copied as they are.
fn write_string(string: &str, text: &mut String) {
    if string.bytes().all(|byte| byte >= b' ' && byte != b'"' && byte != b'\\') {
        text.push('"');
        text.push_str(string);
        text.push('"');
    } else {
        text.push_str(&Value::from(string).to_string());
    }
}

/// SHA-256 of bytes.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Bytes as lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_sorted_and_nothing_is_spaced() {
        let document = serde_json::json!({"b": [1, {"d": "x\n", "c": null}], "a": true});
        assert_eq!(canonical_bytes(&document), br#"{"a":true,"b":[1,{"c":null,"d":"x\n"}]}"#);
    }

    #[test]
    fn the_hash_is_sha256_in_hex() {
        assert_eq!(hex(&sha256(b"abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
