//! What changed between two contracts, and what of it breaks a caller who keeps to the old one.
//!
//! A caller may send what the old contract allows, and must understand what the new one answers. Callers are told to
//! bear new fields, new values and new variants in answers, so these break nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// Which way a schema travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// From the caller to the service.
    Sent,
    /// From the service to the caller.
    Answered,
}

/// Both contracts, and what was found so far.
struct Comparison<'c> {
    old: &'c Value,
    new: &'c Value,
    found: Vec<String>,
    /// Pairs of named schemas that are being compared: schemas may hold themselves.
    open: BTreeSet<(String, String)>,
}

/// Everything that breaks a caller of the old contract, one line each.
pub fn breaking(old: &Value, new: &Value) -> Vec<String> {
    let mut comparison = Comparison { old, new, found: Vec::new(), open: BTreeSet::new() };
    if old["servers"] != new["servers"] {
        comparison.found.push("servers: another address".to_owned());
    }
    for (path, item) in object(&old["paths"]) {
        for (method, operation) in object(item) {
            let at = format!("{method} {path}");
            match new["paths"][path].get(method) {
                Some(other) => comparison.operation(&at, operation, other),
                None => comparison.found.push(format!("{at}: gone")),
            }
        }
    }
    comparison.found
}

/// What the two contracts do not agree on, by name: operations and schemas, and `info` for all that surrounds them.
pub fn differing(old: &Value, new: &Value) -> BTreeSet<String> {
    let operations = |document: &Value| {
        let items = object(&document["paths"]).flat_map(|(path, item)| object(item).map(move |one| (path, one)));
        let named = items.map(|(path, (method, operation))| {
            let name = operation["operationId"].as_str().unwrap_or_default().to_owned();
            (name, (path.clone(), method.clone(), operation.clone()))
        });
        named.collect::<BTreeMap<_, _>>()
    };
    let schemas = |document: &Value| -> BTreeMap<String, Value> {
        object(&document["components"]["schemas"]).map(|(name, schema)| (name.clone(), schema.clone())).collect()
    };
    let mut names = unequal(&operations(old), &operations(new));
    names.extend(unequal(&schemas(old), &schemas(new)));
    let around = |document: &Value| {
        let mut info = document["info"].clone();
        info["version"] = Value::Null;
        (info, document["servers"].clone(), document["components"]["securitySchemes"].clone())
    };
    if around(old) != around(new) {
        names.insert("info".to_owned());
    }
    names
}

fn unequal<T: PartialEq>(old: &BTreeMap<String, T>, new: &BTreeMap<String, T>) -> BTreeSet<String> {
    old.keys().chain(new.keys()).filter(|name| old.get(*name) != new.get(*name)).cloned().collect()
}

fn object(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// The media types of a body or an answer, each with its schema.
fn media(part: &Value) -> BTreeMap<&String, &Value> {
    object(&part["content"]).map(|(name, media)| (name, &media["schema"])).collect()
}

impl Comparison<'_> {
    fn break_at(&mut self, at: &str, what: &str) {
        self.found.push(format!("{at}: {what}"));
    }

    fn operation(&mut self, at: &str, old: &Value, new: &Value) {
        if old["operationId"] != new["operationId"] {
            self.break_at(at, "another operationId");
        }
        if old["security"] != new["security"] {
            self.break_at(at, "another permission");
        }
        self.parameters(at, old, new);
        self.body(at, &old["requestBody"], &new["requestBody"]);
        for (status, answer) in object(&old["responses"]) {
            let at = format!("{at} {status}");
            let Some(other) = new["responses"].get(status) else {
                self.break_at(&at, "gone");
                continue;
            };
            let headers = object(&answer["headers"]).filter(|(name, _)| other["headers"].get(name.as_str()).is_none());
            let gone: Vec<_> = headers.map(|(name, _)| format!("the header {name} is gone")).collect();
            for what in gone {
                self.break_at(&at, &what);
            }
            let others = media(other);
            for (name, schema) in media(answer) {
                match others.get(name) {
                    Some(other) => self.schema(&at, Way::Answered, schema, other),
                    None => self.break_at(&at, &format!("no {name} any more")),
                }
            }
        }
    }

    fn parameters(&mut self, at: &str, old: &Value, new: &Value) {
        let is_same = |one: &Value, other: &Value| one["name"] == other["name"] && one["in"] == other["in"];
        for parameter in list(&old["parameters"]) {
            let at = format!("{at} {}", parameter["name"].as_str().unwrap_or_default());
            match list(&new["parameters"]).find(|other| is_same(parameter, other)) {
                Some(other) => {
                    if other["required"] == true && parameter["required"] != true {
                        self.break_at(&at, "required now");
                    }
                    self.schema(&at, Way::Sent, &parameter["schema"], &other["schema"]);
                }
                None => self.break_at(&at, "gone"),
            }
        }
        for parameter in list(&new["parameters"]).filter(|parameter| parameter["required"] == true) {
            if !list(&old["parameters"]).any(|other| is_same(parameter, other)) {
                let name = parameter["name"].as_str().unwrap_or_default();
                self.break_at(&format!("{at} {name}"), "new and required");
            }
        }
    }

    fn body(&mut self, at: &str, old: &Value, new: &Value) {
        let at = format!("{at} body");
        match (old.is_null(), new.is_null()) {
            (true, false) if new["required"] == true => self.break_at(&at, "new and required"),
            (true, _) => {}
            (false, true) => self.break_at(&at, "gone"),
            (false, false) => {
                if new["required"] == true && old["required"] != true {
                    self.break_at(&at, "required now");
                }
                let others = media(new);
                for (name, schema) in media(old) {
                    match others.get(name) {
                        Some(other) => self.schema(&at, Way::Sent, schema, other),
                        None => self.break_at(&at, &format!("no {name} any more")),
                    }
                }
            }
        }
    }

    fn schema(&mut self, at: &str, way: Way, old: &Value, new: &Value) {
        let name = |schema: &Value| schema["$ref"].as_str().unwrap_or_default().to_owned();
        let pair = (name(old), name(new));
        let is_named = !pair.0.is_empty() && !pair.1.is_empty();
        // Inside itself a schema is compared already.
        if is_named && !self.open.insert(pair.clone()) {
            return;
        }
        let (from, to) = (alternatives(self.old, old), alternatives(self.new, new));
        for (form, schema) in &from {
            match to.get(form) {
                Some(other) => self.alternative(at, way, schema, other),
                None if way == Way::Sent && !to.keys().any(|wide| covers(wide, form)) => {
                    self.break_at(at, &format!("no {form} any more"));
                }
                None => {}
            }
        }
        for form in to.keys().filter(|form| !from.contains_key(*form)) {
            let is_variant = form.starts_with("object") && from.keys().any(|one| one.starts_with("object"));
            if way == Way::Answered && !is_variant && !from.keys().any(|wide| covers(wide, form)) {
                self.break_at(at, &format!("may be {form} now"));
            }
        }
        if is_named {
            self.open.remove(&pair);
        }
    }

    /// Two schemas of the same form.
    fn alternative(&mut self, at: &str, way: Way, old: &Value, new: &Value) {
        if way == Way::Sent {
            for value in list(&old["enum"]).filter(|value| !list(&new["enum"]).any(|other| other == *value)) {
                self.break_at(at, &format!("{value} is no value any more"));
            }
            for (limit, narrows) in LIMITS {
                match (old[limit].as_i64(), new[limit].as_i64()) {
                    (Some(from), Some(to)) if narrows(from, to) => self.break_at(at, &format!("{limit} is {to} now")),
                    (None, Some(to)) => self.break_at(at, &format!("{limit} is {to} now")),
                    (_, _) => {}
                }
            }
        }
        if !old["items"].is_null() || !new["items"].is_null() {
            self.schema(&format!("{at}/-"), way, &old["items"], &new["items"]);
        }
        let is_required = |schema: &Value, name: &str| list(&schema["required"]).any(|one| one == name);
        for (name, field) in object(&old["properties"]) {
            let at = format!("{at}/{name}");
            match new["properties"].get(name) {
                Some(other) => {
                    if way == Way::Sent && is_required(new, name) && !is_required(old, name) {
                        self.break_at(&at, "required now");
                    }
                    if way == Way::Answered && is_required(old, name) && !is_required(new, name) {
                        self.break_at(&at, "not always there now");
                    }
                    self.schema(&at, way, field, other);
                }
                None => self.break_at(&at, "gone"),
            }
        }
        if way == Way::Sent {
            let added = object(&new["properties"]).filter(|(name, _)| old["properties"].get(name.as_str()).is_none());
            let needed: Vec<_> = added.filter(|(name, _)| is_required(new, name)).map(|(name, _)| name).collect();
            for name in needed {
                self.break_at(&format!("{at}/{name}"), "new and required");
            }
        }
    }
}

/// Does a limit that moves from one number to another let less through?
type Narrows = fn(i64, i64) -> bool;

/// Limits on what is sent, and when a change of one narrows it.
const LIMITS: [(&str, Narrows); 6] = [
    ("maxLength", |from, to| to < from),
    ("minLength", |from, to| to > from),
    ("maxItems", |from, to| to < from),
    ("minItems", |from, to| to > from),
    ("maximum", |from, to| to < from),
    ("minimum", |from, to| to > from),
];

/// True if every value of the narrow form is one of the wide form too.
fn covers(wide: &str, narrow: &str) -> bool {
    wide == "anything" || wide == "text" && (narrow == "word" || narrow.starts_with("text as "))
}

/// What a schema allows, by form: `null`, `integer`, `text`, `text as date`, `word`, `list`, `object`, or an object that
/// a field tells apart from others.
fn alternatives(document: &Value, schema: &Value) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    let mut open = vec![schema.clone()];
    let mut seen = BTreeSet::new();
    while let Some(schema) = open.pop() {
        if let Some(reference) = schema["$ref"].as_str() {
            if seen.insert(reference.to_owned()) {
                open.extend(document.pointer(reference.trim_start_matches('#')).cloned());
            }
        } else if let Some(branches) = schema["oneOf"].as_array().or(schema["anyOf"].as_array()) {
            open.extend(branches.iter().cloned());
        } else if let Some(kinds) = schema["type"].as_array() {
            for kind in kinds {
                let mut one = schema.clone();
                one["type"] = kind.clone();
                open.push(one);
            }
        } else {
            let merged = all_of(document, &schema);
            add(&mut found, &form(&merged), merged);
        }
    }
    found
}

/// Words of several lists of words are words of one.
fn add(found: &mut BTreeMap<String, Value>, form: &str, schema: Value) {
    match found.get_mut(form) {
        Some(other) if form == "word" => {
            let words = list(&other["enum"]).chain(list(&schema["enum"])).cloned().collect();
            other["enum"] = Value::Array(words);
        }
        Some(_) | None => drop(found.insert(form.to_owned(), schema)),
    }
}

/// The parts of an `allOf` as one object.
fn all_of(document: &Value, schema: &Value) -> Value {
    let mut merged = schema.clone();
    for part in list(&schema["allOf"]) {
        let part = part["$ref"].as_str().and_then(|at| document.pointer(at.trim_start_matches('#'))).unwrap_or(part);
        let part = all_of(document, part);
        merged["type"] = part["type"].clone();
        for (name, field) in object(&part["properties"]) {
            merged["properties"][name] = field.clone();
        }
        let required: Vec<_> = list(&merged["required"]).chain(list(&part["required"])).cloned().collect();
        merged["required"] = Value::Array(required);
    }
    merged
}

fn form(schema: &Value) -> String {
    let only_word = |field: &Value| match field["enum"].as_array()?.as_slice() {
        [word] => word.as_str().map(str::to_owned),
        [] | [_, ..] => None,
    };
    match (schema["type"].as_str(), schema["format"].as_str()) {
        (Some("string"), _) if schema["enum"].is_array() => "word".to_owned(),
        (Some("string"), Some(format)) => format!("text as {format}"),
        (Some("string"), None) => "text".to_owned(),
        (Some("array"), _) => "list".to_owned(),
        (Some("object"), _) => {
            let mut tags = object(&schema["properties"]).filter_map(|(name, field)| Some((name, only_word(field)?)));
            tags.next().map_or_else(|| "object".to_owned(), |(name, word)| format!("object of {name} {word}"))
        }
        (Some(kind), _) => kind.to_owned(),
        (None, _) => "anything".to_owned(),
    }
}
