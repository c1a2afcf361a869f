//! `docs/glossary.md` is complete: whoever meets a word in the contract finds it there, in Dutch and in English.

use std::collections::{BTreeMap, BTreeSet};

use omm::api;
use serde_json::{Value, json};

/// A word and its forms are one: `holdUntil`, `hold_until` and `hold-until`. Codes in capitals stay as they are.
fn form(word: &str) -> String {
    let word = word.replace('-', "_");
    if !word.contains(|sign: char| sign.is_ascii_lowercase()) {
        return word;
    }
    let mut form = String::new();
    for sign in word.chars() {
        if sign.is_ascii_uppercase() && !form.is_empty() && !form.ends_with('_') {
            form.push('_');
        }
        form.push(sign.to_ascii_lowercase());
    }
    form
}

/// Every word of the contract that callers read or write: segments of paths, parameters, fields and values of enums.
fn words_of(document: &Value) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for path in document["paths"].as_object().into_iter().flatten().map(|(path, _)| path) {
        words.extend(path.split('/').map(|part| part.trim_matches(['{', '}', '_'])).map(str::to_owned));
    }
    let mut open = vec![document];
    while let Some(part) = open.pop() {
        match part {
            Value::Object(object) => {
                let fields = object.get("properties").and_then(Value::as_object);
                // A field may itself be called `properties`; then its value is a schema and no list of fields.
                let fields = fields.filter(|fields| fields.values().all(Value::is_object));
                words.extend(fields.into_iter().flat_map(|fields| fields.keys().cloned()));
                let values = object.get("enum").and_then(Value::as_array).into_iter().flatten();
                words.extend(values.filter_map(Value::as_str).map(str::to_owned));
                if matches!(object.get("in").and_then(Value::as_str), Some("query" | "path")) {
                    words.extend(object.get("name").and_then(Value::as_str).map(str::to_owned));
                }
                open.extend(object.values());
            }
            Value::Array(list) => open.extend(list),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    words.remove("");
    words
}

/// The rows of the glossary, and what is wrong with them: the forms of their codes, each with Dutch and English.
fn read(text: &str) -> Result<BTreeMap<String, String>, Vec<String>> {
    let (mut rows, mut faults) = (BTreeMap::new(), Vec::new());
    for line in text.lines().filter(|line| line.starts_with("| ") && line.contains('`')) {
        let cells: Vec<_> = line.split('|').map(str::trim).collect();
        let ["", dutch, english, codes, ""] = cells.as_slice() else {
            faults.push(format!("not Dutch, English and code: {line}"));
            continue;
        };
        if dutch.is_empty() || english.is_empty() {
            faults.push(format!("a language is missing: {line}"));
        }
        let forms: BTreeSet<_> = codes.split('`').skip(1).step_by(2).map(form).collect();
        for form in forms {
            if let Some(other) = rows.insert(form.clone(), line.to_owned()) {
                faults.push(format!("{form} stands twice:\n  {other}\n  {line}"));
            }
        }
    }
    if faults.is_empty() { Ok(rows) } else { Err(faults) }
}

#[test]
fn every_word_of_the_contract_stands_in_the_glossary() {
    let glossary = include_str!("../../docs/glossary.md").split("\n## The engine").next().unwrap();
    let rows = read(glossary).unwrap_or_else(|faults| panic!("docs/glossary.md:\n{}", faults.join("\n")));
    let words = words_of(&api::document());
    assert!(words.len() > 600, "the contract has more words than {}", words.len());
    let missing: Vec<_> = words.iter().filter(|word| !rows.contains_key(&form(word))).collect();
    let rows: Vec<_> = missing.iter().map(|word| format!("| … | … | `{word}` |")).collect();
    assert!(rows.is_empty(), "docs/glossary.md lacks {} words, in Dutch and English:\n{}", rows.len(), rows.join("\n"));
}

#[test]
fn a_word_without_a_row_and_a_row_without_a_language_are_found() {
    let words = words_of(&json!({
        "paths": {"/waiting-list/_search": {"get": {"parameters": [{"in": "query", "name": "fromIndex"}]}}},
        "components": {"schemas": {"Word": {"oneOf": [{"properties": {"holdUntil": {"enum": ["in_stay"]}}}]}}},
    }));
    assert_eq!(words.iter().collect::<Vec<_>>(), ["fromIndex", "holdUntil", "in_stay", "search", "waiting-list"]);
    assert_eq!(
        ["holdUntil", "waiting-list", "R-AGE", "medical_24h"].map(form),
        ["hold_until", "waiting_list", "R_AGE", "medical_24h"]
    );
    assert_eq!(read("| tot | until | `holdUntil`, `hold_until` |").unwrap().len(), 1);
    assert!(read("| tot |  | `until` |").is_err());
    assert!(read("| tot | `until` |").is_err());
    assert!(read("| tot | until | `until` |\n| tot | until | `until` |").is_err());
}
