//! A policy is taken whole and exact, or refused; what was compiled prints back as it was written.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{for_all, generators::Dice};
use crate::domain::matching::{
    canonical,
    policy::{CompiledPolicy, POLICY_V1},
    texts::{TEXTS_V1, Texts},
};

fn read(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// Every place in a document that holds a value of this kind, as a JSON pointer.
fn places(value: &Value, at: &str, wanted: &impl Fn(&str, &Value) -> bool, found: &mut Vec<String>) {
    if wanted(at, value) {
        found.push(at.to_owned());
    }
    let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Object(map) => {
            map.iter().for_each(|(key, value)| places(value, &format!("{at}/{}", escaped(key)), wanted, found));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, value)| places(value, &format!("{at}/{index}"), wanted, found));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn pick_place(dice: &mut Dice, document: &Value, wanted: impl Fn(&str, &Value) -> bool) -> String {
    let mut found = Vec::new();
    places(document, "", &wanted, &mut found);
    dice.pick(&found)
}

/// A decimal of so many of its last place; with the zeros at its end, or without.
fn decimal(dice: &mut Dice, value: usize, places: usize) -> String {
    let one = 10_usize.pow(u32::try_from(places).unwrap());
    let text = format!("{}.{:0places$}", value / one, value % one);
    if dice.chance(50) { text } else { text.trim_end_matches('0').trim_end_matches('.').to_owned() }
}

/// A policy with other numbers: weights that sum to one, values and curves anywhere.
fn document(dice: &mut Dice) -> Value {
    let mut document = read(POLICY_V1);
    let mut left = 10_000;
    let count = document["criteria"].as_array().unwrap().len();
    for (at, criterion) in document["criteria"].as_array_mut().unwrap().iter_mut().enumerate() {
        let weight = if at + 1 == count { left } else { dice.below(left + 1) };
        left -= weight;
        criterion["weight"] = json!(decimal(dice, weight, 4));
        for value in criterion.get_mut("table").and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut) {
            let ppm = dice.below(1_000_001);
            *value = json!(decimal(dice, ppm, 6));
        }
        for curve in criterion.get_mut("points").and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut) {
            let mut x = 0;
            let points = (0..=dice.below(4)).map(|_| {
                x += 1 + dice.below(30);
                let ppm = dice.below(1_000_001);
                json!([x, decimal(dice, ppm, 6)])
            });
            *curve = points.collect();
        }
    }
    let middle = dice.below(1_000_001);
    document["unknown_place"]["middle"] = json!(decimal(dice, middle, 6));
    let clear = dice.below(10_001);
    let close = dice.below(clear + 1);
    document["confidence"] = json!({
        "clear": decimal(dice, clear, 4), "close": decimal(dice, close, 4),
    });
    document["name"] = json!(format!("drawn {}", dice.below(1000)));
    document
}

/// Property 12: compile and print back is lossless, and the hash is that of the document as written.
#[test]
fn a_policy_prints_back_as_it_was_written() {
    for_all(&any::<u64>(), |seed| {
        let document = document(&mut Dice(seed));
        let compiled = match CompiledPolicy::parse(&document.to_string()) {
            Ok(compiled) => compiled,
            Err(faults) => return Err(super::fails(format!("refused: {faults:?}\n{document:#}"))),
        };
        prop_assert_eq!(&serde_json::to_value(compiled.print_back()).unwrap(), &document);
        let written = canonical::canonical_bytes(&document);
        prop_assert_eq!(compiled.canonical_bytes(), written.clone());
        prop_assert_eq!(*compiled.hash(), canonical::sha256(&written));
        Ok(())
    });
}

/// One way to spoil a document. Says what was done, for the failure.
fn spoilt(dice: &mut Dice, document: &mut Value) -> String {
    let at = |pointer: String, what: &str| format!("{what} at {pointer}");
    match dice.below(5) {
        0 => {
            let index = dice.below(8);
            let weight = &mut document["criteria"][index]["weight"];
            let old: usize = (weight.as_str().unwrap().parse::<rust_decimal::Decimal>().unwrap()
                * rust_decimal::Decimal::from(10_000))
            .try_into()
            .unwrap();
            let new = (old + 1 + dice.below(10_000)) % 10_001;
            let new = if new == old { (old + 1) % 10_001 } else { new };
            *weight = json!(format!("{}.{:04}", new / 10_000, new % 10_000));
            at(format!("/criteria/{index}/weight"), "a weight that breaks the sum")
        }
        1 => {
            let pointer = pick_place(dice, document, |_, value| value.is_number());
            let float = dice.pick(&[0.5, 28.0, 1.0, 16.5, 1e3]);
            *document.pointer_mut(&pointer).unwrap() = json!(float);
            at(pointer, "a float for a whole number")
        }
        2 => {
            let decimal = |at: &str, value: &Value| {
                value.as_str().is_some_and(|text| text.parse::<rust_decimal::Decimal>().is_ok()) && at != "/name"
            };
            let pointer = pick_place(dice, document, decimal);
            let place = document.pointer_mut(&pointer).unwrap();
            *place = json!(place.as_str().unwrap().parse::<f64>().unwrap());
            at(pointer, "a float for a decimal")
        }
        3 => {
            let pointer = pick_place(dice, document, |_, value| value.is_object());
            let key = dice.pick(&["colour", "Weight", "weights", "stage2", ""]);
            document.pointer_mut(&pointer).unwrap().as_object_mut().unwrap().insert(key.to_owned(), json!("0"));
            at(pointer, "an unknown key")
        }
        _ => {
            let full = |_: &str, value: &Value| value.as_object().is_some_and(|map| !map.is_empty());
            let pointer = pick_place(dice, document, full);
            let map = document.pointer_mut(&pointer).unwrap().as_object_mut().unwrap();
            let key = dice.pick(&map.keys().cloned().collect::<Vec<_>>());
            map.remove(&key);
            at(format!("{pointer}/{key}"), "nothing")
        }
    }
}

/// Property 12: weights that do not sum to one, a float, an unknown key, a missing part.
#[test]
fn a_spoilt_policy_is_refused() {
    for_all(&any::<u64>(), |seed| {
        let mut dice = Dice(seed);
        let mut document = document(&mut dice);
        let what = spoilt(&mut dice, &mut document);
        prop_assert!(CompiledPolicy::parse(&document.to_string()).is_err(), "taken with {}", what);
        Ok(())
    });
}

/// Property 12: a text that is missing or empty in one language is a fault. Every text of the file is tried.
#[test]
fn texts_are_complete_or_refused() {
    assert!(Texts::parse(TEXTS_V1).is_ok());
    let texts = read(TEXTS_V1);
    let mut found = Vec::new();
    places(&texts, "", &|at, value| value.is_string() && (at.ends_with("/nl") || at.ends_with("/en")), &mut found);
    assert!(found.len() > 200, "the file has {} texts", found.len());
    for (pointer, instead) in found.iter().zip([None, Some(""), Some(" ")].iter().cycle()) {
        let (parent, language) = pointer.rsplit_once('/').unwrap();
        let mut texts = texts.clone();
        let map = texts.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        map.remove(language);
        map.extend(instead.map(|text| (language.to_owned(), json!(text))));
        assert!(Texts::parse(&texts.to_string()).is_err(), "taken with {instead:?} at {pointer}");
    }
}
