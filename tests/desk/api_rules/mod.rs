//! The Dutch rules for REST APIs (NL GOV API Design Rules 2.2), held against the contract. A rule is a function that
//! names every breach with the place where it stands; beside it stand documents that break it, and each must be found.
//!
//! `openapi/rules.spectral.yaml` says the same to Spectral, which most who publish an API for Dutch government run.

mod document;
mod operations;
mod paths;
pub(crate) mod schemas;
mod times;

use std::sync::LazyLock;

use serde_json::Value;

/// The contract, made once for all rules.
static CONTRACT: LazyLock<Value> = LazyLock::new(omm::api::document);

/// The contract keeps the rule; each of `broken` puts something at a pointer of the contract (null takes away what is
/// there), and the rule finds it.
fn prove(rule: fn(&Value) -> Vec<String>, broken: &[(&str, Value)]) {
    let breaches = rule(&CONTRACT);
    assert!(breaches.is_empty(), "\n{}", breaches.join("\n"));
    assert!(!broken.is_empty(), "a rule that nothing breaks");
    for (pointer, value) in broken {
        let mut document = CONTRACT.clone();
        put(&mut document, pointer, value.clone());
        assert!(!rule(&document).is_empty(), "with {value} at {pointer} no breach is found");
    }
}

pub(crate) fn put(document: &mut Value, pointer: &str, value: Value) {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let name = name.replace("~1", "/").replace("~0", "~");
    match document.pointer_mut(parent).unwrap_or_else(|| panic!("nothing at {parent}")) {
        Value::Object(object) if value.is_null() => assert!(object.remove(&name).is_some(), "nothing at {pointer}"),
        Value::Object(object) => drop(object.insert(name, value)),
        Value::Array(list) => list.push(value),
        other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => {
            panic!("{other} at {parent} holds nothing")
        }
    }
}

/// A part of a document and where it stands.
type Part<'d> = (String, &'d Value);

fn below<'d>((at, part): &Part<'d>, name: &str) -> Option<Part<'d>> {
    Some((format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")), part.get(name)?))
}

/// What an object or a list holds, by name.
fn members<'d>((at, part): &Part<'d>) -> Vec<(String, Part<'d>)> {
    let named = |(name, part): (String, &'d Value)| {
        let place = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
        (name, (place, part))
    };
    match part {
        Value::Object(object) => object.iter().map(|(name, part)| named((name.clone(), part))).collect(),
        Value::Array(list) => list.iter().enumerate().map(|(place, part)| named((place.to_string(), part))).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

/// One operation.
struct Operation<'d> {
    path: String,
    method: String,
    part: Part<'d>,
}

impl<'d> Operation<'d> {
    fn parameters(&self) -> Vec<Part<'d>> {
        let list = below(&self.part, "parameters").map(|list| members(&list)).unwrap_or_default();
        list.into_iter().map(|(_, parameter)| parameter).collect()
    }

    /// Each answer, by status.
    fn answers(&self) -> Vec<(String, Part<'d>)> {
        below(&self.part, "responses").map(|answers| members(&answers)).unwrap_or_default()
    }

    fn has_body(&self) -> bool {
        self.part.1.get("requestBody").is_some()
    }

    fn breach(&self, words: &str) -> String {
        format!("{} {}: {words}", self.method, self.path)
    }
}

fn operations(document: &Value) -> Vec<Operation<'_>> {
    let paths = below(&(String::new(), document), "paths").map(|paths| members(&paths)).unwrap_or_default();
    let mut found = Vec::new();
    for (path, item) in paths {
        for (method, part) in members(&item) {
            found.push(Operation { path: path.clone(), method, part });
        }
    }
    found
}

/// The paths of the contract.
fn paths(document: &Value) -> Vec<String> {
    document["paths"].as_object().unwrap().keys().cloned().collect()
}

/// Every schema: those with a name, those of parameters, headers and bodies, and all that these hold.
fn schemas(document: &Value) -> Vec<Part<'_>> {
    let root = (String::new(), document);
    let named = below(&root, "components").and_then(|part| below(&part, "schemas"));
    let mut open: Vec<_> = named.iter().flat_map(members).map(|(_, part)| part).collect();
    let mut others: Vec<_> = below(&root, "paths").into_iter().collect();
    while let Some(part) = others.pop() {
        let (schemas, rest): (Vec<_>, Vec<_>) = members(&part).into_iter().partition(|(name, _)| name == "schema");
        open.extend(schemas.into_iter().map(|(_, part)| part));
        others.extend(rest.into_iter().map(|(_, part)| part));
    }
    let mut found = Vec::new();
    while let Some(schema) = open.pop() {
        for keyword in ["items", "additionalProperties"] {
            open.extend(below(&schema, keyword));
        }
        for keyword in ["properties", "oneOf", "anyOf", "allOf"] {
            open.extend(below(&schema, keyword).iter().flat_map(members).map(|(_, part)| part));
        }
        found.push(schema);
    }
    found.sort_by(|one, other| one.0.cmp(&other.0));
    found
}

/// Every field of every schema: its name and its schema.
fn fields(document: &Value) -> Vec<(String, Part<'_>)> {
    let properties = |schema: &Part<'_>| below(schema, "properties").map(|part| part.0);
    let names: Vec<_> = schemas(document).iter().filter_map(properties).collect();
    let at = |place: &String| (place.clone(), document.pointer(place).unwrap());
    names.iter().flat_map(|place| members(&at(place))).collect()
}

/// True if the schema, or one of its alternatives, has this word at this keyword.
fn says(schema: &Value, keyword: &str, word: &str) -> bool {
    let here = &schema[keyword];
    let alternatives = ["oneOf", "anyOf"].into_iter().filter_map(|of| schema[of].as_array()).flatten();
    here == word
        || here.as_array().is_some_and(|words| words.iter().any(|one| one == word))
        || alternatives.into_iter().any(|one| says(one, keyword, word))
}

fn is_camel_case(name: &str) -> bool {
    name.starts_with(|sign: char| sign.is_ascii_lowercase()) && name.chars().all(|sign| sign.is_ascii_alphanumeric())
}

fn is_kebab_case(name: &str) -> bool {
    name.split('-').all(|word| {
        word.starts_with(|sign: char| sign.is_ascii_lowercase())
            && word.chars().all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit())
    })
}

/// The words of a camelCase name, in small letters.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for sign in name.chars() {
        if sign.is_uppercase() || matches!(sign, '_' | '-' | ':') {
            words.push(String::new());
        }
        if sign.is_alphanumeric() {
            words.last_mut().unwrap().extend(sign.to_lowercase());
        }
    }
    words
}
