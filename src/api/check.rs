//! Holds a value against its shape and names *every* fault, each with its pointer, its code and words of our own.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{
    language::Text,
    problem::Fault,
    shape::{Field, Shape, Shapes},
    strict_json::pointer,
};

/// All faults of `value` as a value of this shape; none means that it fits.
pub fn faults<'s>(shape: &'s Shape, shapes: &'s Shapes, value: &Value) -> Vec<Fault> {
    let mut check = Check { shapes, faults: Vec::new() };
    check.value(shape, value, "");
    check.faults
}

/// The shape of a name that nobody gave a shape to.
static NOTHING_FITS: Shape = Shape::Either(Vec::new());

struct Check<'s> {
    shapes: &'s Shapes,
    faults: Vec<Fault>,
}

impl<'s> Check<'s> {
    fn fault(&mut self, at: &str, code: &'static str, nl: impl Into<String>, en: impl Into<String>) {
        self.faults.push(Fault::at(at, code, Text::made(nl.into(), en.into())));
    }

    fn value(&mut self, shape: &'s Shape, value: &Value, at: &str) {
        match (self.resolved(shape), value) {
            (Shape::Object(fields), Value::Object(object)) => self.object(fields, object, at),
            (Shape::Tagged { tag, variants }, Value::Object(object)) => self.tagged(tag, variants, object, at),
            (Shape::List { items, min, max }, Value::Array(list)) => self.list(items, *min, *max, list, at),
            (Shape::Text { min, max }, Value::String(text)) => self.text(text, *min, *max, at),
            (Shape::Date, Value::String(text)) => self.date(text, at),
            (Shape::Moment, Value::String(text)) => self.moment(text, at),
            (Shape::Id, Value::String(text)) => self.id(text, at),
            (Shape::Word(words), Value::String(text)) => self.word(words, text, at),
            (Shape::Integer { min, max }, Value::Number(number)) if !number.is_f64() => {
                self.integer(number.as_i64(), *min, *max, at);
            }
            (Shape::Boolean, Value::Bool(_)) | (Shape::Null, Value::Null) => {}
            (Shape::Either(branches), value) => self.either(branches, value, at),
            (shape, _) => {
                let (nl, en) = expected(shape);
                self.fault(at, "wrong_type", format!("Hier hoort {nl}."), format!("This must be {en}."));
            }
        }
    }

    /// Follows names; a name without a shape fits nothing.
    fn resolved(&self, shape: &'s Shape) -> &'s Shape {
        let mut shape = shape;
        while let Shape::Named(name) = shape {
            shape = self.shapes.get(name).unwrap_or(&NOTHING_FITS);
        }
        shape
    }

    fn object(&mut self, fields: &'s BTreeMap<String, Field>, object: &Map<String, Value>, at: &str) {
        for (name, field) in fields {
            match object.get(name) {
                Some(value) => self.value(&field.shape, value, &pointer(at, name)),
                None if field.required => {
                    self.fault(&pointer(at, name), "missing", "Dit veld ontbreekt.", "This field is missing.");
                }
                None => {}
            }
        }
        for name in object.keys().filter(|name| !fields.contains_key(*name)) {
            self.fault(
                &pointer(at, name),
                "unknown_field",
                "Dit veld bestaat hier niet.",
                "There is no such field here.",
            );
        }
    }

    fn tagged(
        &mut self,
        tag: &str,
        variants: &'s BTreeMap<String, BTreeMap<String, Field>>,
        object: &Map<String, Value>,
        at: &str,
    ) {
        let here = pointer(at, tag);
        match object.get(tag) {
            Some(Value::String(word)) => match variants.get(word) {
                Some(fields) => self.object(fields, object, at),
                None => self.word(&variants.keys().cloned().collect::<Vec<_>>(), word, &here),
            },
            Some(_) => self.fault(&here, "wrong_type", "Hier hoort een woord.", "This must be a word."),
            None => self.fault(&here, "missing", "Dit veld ontbreekt.", "This field is missing."),
        }
    }

    fn list(&mut self, items: &'s Shape, min: usize, max: usize, list: &[Value], at: &str) {
        if list.len() < min {
            self.fault(
                at,
                "too_few",
                format!("Hier horen er minstens {min}."),
                format!("There must be at least {min}."),
            );
        }
        if list.len() > max {
            self.fault(
                at,
                "too_many",
                format!("Hier passen er hoogstens {max}."),
                format!("There may be at most {max}."),
            );
            return; // every item of an endless list as a fault of its own helps nobody
        }
        for (position, value) in list.iter().enumerate() {
            self.value(items, value, &pointer(at, &position.to_string()));
        }
    }

    fn text(&mut self, text: &str, min: usize, max: usize, at: &str) {
        let length = text.chars().count();
        if length < min || (min > 0 && text.trim().is_empty()) {
            let (nl, en) =
                (format!("Hier horen minstens {min} tekens."), format!("This needs at least {min} characters."));
            self.fault(at, "too_short", nl, en);
        }
        if length > max {
            let (nl, en) = (format!("Hier passen {max} tekens."), format!("This holds {max} characters."));
            self.fault(at, "too_long", nl, en);
        }
        // Line ends and tabs belong to a text; other control signs cannot be stored or fool a reader.
        if text.chars().any(|sign| sign.is_control() && !matches!(sign, '\n' | '\r' | '\t')) {
            self.fault(
                at,
                "control_character",
                "Stuurtekens horen niet in een tekst.",
                "A text holds no control characters.",
            );
        }
    }

    fn date(&mut self, text: &str, at: &str) {
        // chrono reads shorter forms too (`2025-1-2`); the contract has one.
        if text.len() != 10 || !text.is_ascii() || text.parse::<NaiveDate>().is_err() {
            let (nl, en) = ("Geef een bestaande dag als 2025-12-31.", "Give a day that exists, as 2025-12-31.");
            self.fault(at, "invalid_date", nl, en);
        }
    }

    fn moment(&mut self, text: &str, at: &str) {
        let upper = text.as_bytes().get(10) == Some(&b'T') && !text.contains('z') && !text.ends_with("-00:00");
        if !upper || DateTime::parse_from_rfc3339(text).is_err() {
            let (nl, en) = (
                "Geef een moment met tijdzone, als 2025-12-31T13:45:00Z.",
                "Give a moment with its offset, as 2025-12-31T13:45:00Z.",
            );
            self.fault(at, "invalid_moment", nl, en);
        }
    }

    fn id(&mut self, text: &str, at: &str) {
        if text.len() != 36 || Uuid::try_parse(text).is_err() {
            let (nl, en) = ("Geef een id in de vorm van een UUID.", "Give an id in the form of a UUID.");
            self.fault(at, "invalid_id", nl, en);
        }
    }

    fn word(&mut self, words: &[String], text: &str, at: &str) {
        if !words.iter().any(|word| word == text) {
            let list = words.join(", ");
            self.fault(at, "not_one_of", format!("Kies een van: {list}."), format!("Choose one of: {list}."));
        }
    }

    fn integer(&mut self, number: Option<i64>, min: i64, max: i64, at: &str) {
        if !number.is_some_and(|number| (min..=max).contains(&number)) {
            let (nl, en) =
                (format!("Geef een getal van {min} tot en met {max}."), format!("Give a number from {min} to {max}."));
            self.fault(at, "out_of_range", nl, en);
        }
    }

    /// A value that fits one of the shapes fits. If none, the faults of the shape that comes nearest are named.
    fn either(&mut self, branches: &'s [Shape], value: &Value, at: &str) {
        let branches = self.alternatives(branches);
        if branches.iter().any(|shape| faults(shape, self.shapes, value).is_empty()) {
            return;
        }
        let words: Vec<String> = branches.iter().filter_map(|shape| shape.words()).flatten().cloned().collect();
        let near = branches.iter().find(|shape| shape.words().is_none() && same_type(shape, value));
        match (near, value) {
            (Some(shape), _) => self.value(shape, value, at),
            (None, Value::String(text)) if !words.is_empty() => self.word(&words, text, at),
            (None, _) => {
                let mut names: Vec<_> =
                    branches.iter().filter(|shape| ***shape != Shape::Null).map(|shape| expected(shape)).collect();
                names.dedup();
                let nl = names.iter().map(|(nl, _)| *nl).collect::<Vec<_>>().join(" of ");
                let en = names.iter().map(|(_, en)| *en).collect::<Vec<_>>().join(" or ");
                self.fault(at, "wrong_type", format!("Hier hoort {nl}."), format!("This must be {en}."));
            }
        }
    }

    /// The branches with names followed, and branches within branches beside them.
    fn alternatives(&self, branches: &'s [Shape]) -> Vec<&'s Shape> {
        let resolved = branches.iter().map(|shape| self.resolved(shape));
        resolved
            .flat_map(|shape| if let Shape::Either(inner) = shape { self.alternatives(inner) } else { vec![shape] })
            .collect()
    }
}

fn same_type(shape: &Shape, value: &Value) -> bool {
    matches!(
        (shape, value),
        (Shape::Object(_) | Shape::Tagged { .. }, Value::Object(_))
            | (Shape::List { .. }, Value::Array(_))
            | (Shape::Text { .. } | Shape::Date | Shape::Moment | Shape::Id | Shape::Word(_), Value::String(_))
            | (Shape::Integer { .. }, Value::Number(_))
            | (Shape::Boolean, Value::Bool(_))
    )
}

/// What belongs there, in both languages.
fn expected(shape: &Shape) -> (&'static str, &'static str) {
    match shape {
        Shape::Object(_) | Shape::Tagged { .. } => ("een object", "an object"),
        Shape::List { .. } => ("een lijst", "a list"),
        Shape::Text { .. } => ("een tekst", "a text"),
        Shape::Date => ("een dag", "a day"),
        Shape::Moment => ("een moment", "a moment"),
        Shape::Id => ("een id", "an id"),
        Shape::Word(_) => ("een woord", "a word"),
        Shape::Integer { .. } => ("een geheel getal", "a whole number"),
        Shape::Boolean => ("true of false", "true or false"),
        Shape::Null => ("niets", "nothing"),
        Shape::Either(_) | Shape::Named(_) => ("iets anders", "something else"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::api::problem::Spot;

    /// A schema with every shape there is.
    fn schema() -> Value {
        json!({"type": "object", "additionalProperties": false, "required": ["day", "word"], "properties": {
            "day": {"type": "string", "format": "date"},
            "moment": {"type": ["string", "null"], "format": "date-time"},
            "id": {"type": "string", "format": "uuid"},
            "word": {"type": "string", "enum": ["crisis", "planned"]},
            "stated": {"oneOf": [{"type": "string", "enum": ["yes", "no"]}, {"type": "string", "enum": ["unknown"]}]},
            "statedDay": {"oneOf": [{"type": "string", "format": "date"}, {"type": "string", "enum": ["unknown"]}]},
            "number": {"type": "integer", "minimum": 1, "maximum": 9},
            "flag": {"type": "boolean"},
            "text": {"type": "string", "minLength": 1, "maxLength": 4},
            "children": {"type": "array", "maxItems": 3, "items": {
                "type": "object", "additionalProperties": false, "required": ["age"],
                "properties": {"age": {"type": "integer", "minimum": 0, "maximum": 17}}}},
            "state": {"oneOf": [
                {"type": "object", "additionalProperties": false, "required": ["is"],
                    "properties": {"is": {"type": "string", "enum": ["available"]}}},
                {"type": "object", "additionalProperties": false, "required": ["is", "reason"],
                    "properties": {"is": {"type": "string", "enum": ["out"]}, "reason": {"type": "string", "maxLength": 9}}}]},
        }})
    }

    fn good() -> Value {
        json!({"day": "2024-02-29", "moment": "2024-02-29T23:59:59.5+02:00", "word": "crisis", "stated": "unknown",
            "id": "6f1c2c1e-5f0e-4b8e-9b7a-0a3f6d1c2b4d", "statedDay": "2024-01-01", "number": 9, "flag": false, "text": "é😀\n.",
            "children": [{"age": 0}, {"age": 17}], "state": {"is": "out", "reason": "paint"}})
    }

    fn told(value: &Value) -> Vec<(String, &'static str)> {
        let shape = Shape::read(&schema(), &mut BTreeSet::new()).unwrap();
        let pointer = |fault: &Fault| if let Spot::Body(at) = &fault.spot { at.clone() } else { "?".into() };
        faults(&shape, &Shapes::new(), value).iter().map(|fault| (pointer(fault), fault.code)).collect()
    }

    /// Ways to spoil one field: where, the value put there, and the fault that must be told.
    fn spoils() -> Vec<(&'static str, Value, &'static str, &'static str)> {
        vec![
            ("/day", json!("2023-02-29"), "/day", "invalid_date"),
            ("/day", json!("2023-2-1"), "/day", "invalid_date"),
            ("/day", json!(20_230_201), "/day", "wrong_type"),
            ("/moment", json!("2023-02-01"), "/moment", "invalid_moment"),
            ("/moment", json!("2023-02-01t10:00:00Z"), "/moment", "invalid_moment"),
            ("/moment", json!("2023-02-01T10:00:00-00:00"), "/moment", "invalid_moment"),
            ("/moment", json!(true), "/moment", "wrong_type"),
            ("/id", json!("6f1c2c1e5f0e4b8e9b7a0a3f6d1c2b4d"), "/id", "invalid_id"),
            ("/word", json!("Crisis"), "/word", "not_one_of"),
            ("/word", json!(null), "/word", "wrong_type"),
            ("/stated", json!("maybe"), "/stated", "not_one_of"),
            ("/stated", json!(1), "/stated", "wrong_type"),
            ("/statedDay", json!("maybe"), "/statedDay", "invalid_date"),
            ("/number", json!(10), "/number", "out_of_range"),
            ("/number", json!(1.5), "/number", "wrong_type"),
            ("/number", json!(18_446_744_073_709_551_615_u64), "/number", "out_of_range"),
            ("/flag", json!("true"), "/flag", "wrong_type"),
            ("/text", json!("12345"), "/text", "too_long"),
            ("/text", json!(""), "/text", "too_short"),
            ("/text", json!("  "), "/text", "too_short"),
            ("/text", json!("a\u{0}"), "/text", "control_character"),
            ("/children/0/age", json!(18), "/children/0/age", "out_of_range"),
            ("/children/1", json!({}), "/children/1/age", "missing"),
            ("/children/1", json!([]), "/children/1", "wrong_type"),
            ("/state/is", json!("gone"), "/state/is", "not_one_of"),
            ("/state/reason", json!("far too long"), "/state/reason", "too_long"),
            ("/state", json!({"reason": "x"}), "/state/is", "missing"),
        ]
    }

    #[test]
    fn a_good_body_has_no_fault_and_optional_fields_may_stay_out() {
        assert_eq!(told(&good()), []);
        assert_eq!(told(&json!({"day": "2024-02-29", "word": "planned", "moment": null})), []);
    }

    #[test]
    fn each_way_to_spoil_a_field_is_told_at_its_pointer() {
        for (at, value, pointer, code) in spoils() {
            let mut body = good();
            *body.pointer_mut(at).unwrap() = value;
            assert_eq!(told(&body), [(pointer.to_owned(), code)], "{body}");
        }
    }

    #[test]
    fn an_unknown_key_that_may_hold_words_of_a_person_is_not_repeated() {
        let mut body = good();
        body["Jan Jansen, 06-12345678"] = json!(1);
        body["colour"] = json!(1);
        assert_eq!(told(&body), [(String::new(), "unknown_field"), ("/colour".into(), "unknown_field")]);
    }

    #[test]
    fn an_endless_list_is_one_fault() {
        let mut body = good();
        body["children"] = json!(vec![json!({}); 10_000]);
        assert_eq!(told(&body), [("/children".to_owned(), "too_many")]);
    }

    proptest! {
        #[test]
        fn a_body_with_n_independent_faults_gets_n_entries_with_their_pointers(
            picks in proptest::sample::subsequence(spoils(), 0..=12), extra in 0_usize..4, no_word in any::<bool>()
        ) {
            let (mut body, mut want) = (good(), BTreeSet::new());
            for (at, value, pointer, code) in picks {
                let top = |path: &str| path.split('/').nth(1).unwrap().to_owned();
                if want.iter().any(|(other, _): &(String, &str)| top(other) == top(at)) || (no_word && at == "/word") {
                    continue;
                }
                *body.pointer_mut(at).unwrap() = value;
                want.insert((pointer.to_owned(), code));
            }
            for number in 0..extra {
                body[format!("extra{number}")] = json!(number);
                want.insert((format!("/extra{number}"), "unknown_field"));
            }
            if no_word {
                body.as_object_mut().unwrap().remove("word");
                want.insert(("/word".into(), "missing"));
            }
            let got = told(&body);
            prop_assert_eq!(got.len(), want.len());
            prop_assert_eq!(got.into_iter().collect::<BTreeSet<_>>(), want);
        }
    }
}
