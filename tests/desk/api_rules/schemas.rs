//! Rules on schemas: names, values, dates, and what must never be in them.

use serde_json::{Value, json};

use super::{fields, is_camel_case, prove, says, schemas, words};

/// Schemas whose values are codes of others: NEN 7513, ISO 3166, the rules, routes and tiers of the policy.
const CODES: [&str; 5] = ["Action", "Jurisdiction", "RouteId", "RuleCode", "Tier"];

/// How a field ends that holds a moment: `At`, or the word that says which end of a period it is.
const OF_A_MOMENT: [&str; 7] = ["at", "until", "since", "from", "by", "of", "after"];

/// Words for a place on the map, or for a house.
const WHEREABOUTS: [&str; 13] = [
    "latitude",
    "longitude",
    "lat",
    "lon",
    "lng",
    "coordinate",
    "coordinates",
    "geometry",
    "geo",
    "street",
    "postcode",
    "postal",
    "house",
];

/// Words for how the service is made, in names and values.
pub(crate) const INNARDS: [&str; 14] = [
    "actix",
    "diesel",
    "postgres",
    "postgresql",
    "sql",
    "serde",
    "utoipa",
    "tokio",
    "rust",
    "vec",
    "hashmap",
    "panic",
    "backtrace",
    "dto",
];

/// doc-openapi: schemas in `PascalCase`.
fn schemas_are_in_pascal_case(document: &Value) -> Vec<String> {
    let is_pascal = |name: &String| {
        name.starts_with(|sign: char| sign.is_ascii_uppercase())
            && name.chars().all(|sign| sign.is_ascii_alphanumeric())
    };
    document["components"]["schemas"].as_object().unwrap().keys().filter(|name| !is_pascal(name)).cloned().collect()
}

#[test]
fn names_of_schemas_are_in_pascal_case() {
    let names = ["/components/schemas/unitView", "/components/schemas/Unit_View", "/components/schemas/unit-view"];
    prove(schemas_are_in_pascal_case, &names.map(|at| (at, json!({"type": "string"}))));
}

/// query-keys-camel-case, for the fields of bodies and answers.
fn fields_are_in_camel_case(document: &Value) -> Vec<String> {
    fields(document).into_iter().filter(|(name, _)| !is_camel_case(name)).map(|(_, (at, _))| at).collect()
}

#[test]
fn fields_are_in_camel_case_everywhere() {
    let names = ["unit_id", "UnitId", "unit-id"];
    for name in names {
        let fields = json!({"type": "object", "properties": {name: {"type": "string"}}});
        prove(
            fields_are_in_camel_case,
            &[
                ("/components/schemas/Odd", fields.clone()),
                ("/components/schemas/Odd", json!({"oneOf": [{"type": "array", "items": fields.clone()}]})),
                ("/paths/~1capacity/get/responses/200/content/application~1json/schema", fields),
            ],
        );
    }
}

/// Values of enums are snake_case words, but for codes that others set.
fn values_are_in_snake_case(document: &Value) -> Vec<String> {
    let is_snake = |value: &str| {
        value.starts_with(|sign: char| sign.is_ascii_lowercase())
            && value.split('_').all(|word| !word.is_empty())
            && value.chars().all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '_')
    };
    let mut breaches = Vec::new();
    for (at, schema) in schemas(document) {
        let name = at.strip_prefix("/components/schemas/").unwrap_or_default();
        let is_code = |value: &str| {
            !value.is_empty()
                && value.chars().all(|sign| sign.is_ascii_uppercase() || sign.is_ascii_digit() || sign == '-')
        };
        for value in schema["enum"].as_array().into_iter().flatten() {
            let text = value.as_str().unwrap_or_default();
            let is_good = is_snake(text) || CODES.contains(&name) && is_code(text);
            if !is_good {
                breaches.push(format!("{at}: {value}"));
            }
        }
    }
    breaches
}

#[test]
fn values_of_enums_are_in_snake_case() {
    for value in [json!("inProgress"), json!("In_progress"), json!("in__progress"), json!("in-progress"), json!(1)] {
        prove(values_are_in_snake_case, &[("/components/schemas/YesNo/enum/-", value)]);
    }
    prove(values_are_in_snake_case, &[("/components/schemas/Tier/enum/-", json!("T_4"))]);
}

/// date-time/format: a name with `Date` is a day, a name that ends in `At` is a moment; a moment has a name that says so,
/// and there are no other forms of time.
fn dates_have_their_form(document: &Value) -> Vec<String> {
    let mut breaches = Vec::new();
    for (name, (at, schema)) in fields(document) {
        let words = words(&name);
        let last = words.last().map(String::as_str).unwrap_or_default();
        let (is_day, is_moment) = (says(schema, "format", "date"), says(schema, "format", "date-time"));
        let has_date = words.iter().any(|word| word == "date");
        let fits = if has_date {
            is_day && !is_moment
        } else if last == "at" {
            is_moment && !is_day
        } else {
            !is_moment || OF_A_MOMENT.contains(&last)
        };
        if !fits || says(schema, "format", "time") {
            breaches.push(at);
        }
    }
    breaches
}

#[test]
fn days_and_moments_have_their_form_and_names_that_say_so() {
    let field =
        |name: &str, form: Value| ("/components/schemas/Odd", json!({"type": "object", "properties": {name: form}}));
    let moment = json!({"type": "string", "format": "date-time"});
    prove(
        dates_have_their_form,
        &[
            field("endDate", moment.clone()),
            field("dateOfBirth", json!({"type": "string"})),
            field("sentAt", json!({"type": "string", "format": "date"})),
            field("sentAt", json!({"type": "integer"})),
            field("arrival", moment),
            field("arrival", json!({"type": "string", "format": "time"})),
            ("/components/schemas/FactsBody/properties/dateOfBirth", json!({"type": "string"})),
        ],
    );
}

/// A decimal is a text: a number of JSON is read as a fraction of two by most, and 0.1 is none.
fn decimals_are_texts(document: &Value) -> Vec<String> {
    schemas(document).into_iter().filter(|(_, schema)| says(schema, "type", "number")).map(|(at, _)| at).collect()
}

#[test]
fn decimals_are_written_as_texts() {
    prove(
        decimals_are_texts,
        &[
            ("/components/schemas/Odd", json!({"type": "number"})),
            ("/components/schemas/Odd", json!({"type": "array", "items": {"type": ["number", "null"]}})),
        ],
    );
}

/// modules/geospatial: regions by code; nothing tells where a house stands.
fn nothing_tells_where(document: &Value) -> Vec<String> {
    let tells = |name: &str| words(name).iter().any(|word| WHEREABOUTS.contains(&word.as_str()));
    fields(document).into_iter().filter(|(name, _)| tells(name)).map(|(_, (at, _))| at).collect()
}

#[test]
fn no_field_holds_coordinates_or_a_street() {
    for name in ["latitude", "houseNumber", "streetName", "postcode", "geo"] {
        let fields = json!({"type": "object", "properties": {name: {"type": "string"}}});
        prove(nothing_tells_where, &[("/components/schemas/Odd", fields)]);
    }
}

/// hide-implementation: no word on how the service is made, in names, values or descriptions.
fn innards_are_hidden(document: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![(String::new(), document)];
    while let Some(part) = open.pop() {
        let text = part.1.as_str().into_iter().map(str::to_owned);
        let members = super::members(&part);
        for text in text.chain(members.iter().map(|(name, _)| name.clone())) {
            let mut spoken = text.split(|sign: char| !sign.is_alphanumeric() && sign != '_');
            let is_inner = |word: &str| INNARDS.contains(&word.to_lowercase().as_str());
            let inner = spoken.any(|name| is_inner(name) || words(name).iter().any(|word| is_inner(word)));
            if inner || text.contains("`None`") || text.contains("[`") {
                found.push(format!("{}: {text}", part.0));
            }
        }
        open.extend(members.into_iter().map(|(_, part)| part));
    }
    found
}

#[test]
fn nothing_tells_how_the_service_is_made() {
    prove(
        innards_are_hidden,
        &[
            ("/components/schemas/FactVecChild", json!({"type": "string"})),
            ("/components/schemas/YesNo/description", json!("Stored by PostgreSQL.")),
            ("/components/schemas/YesNo/description", json!("Yes or no; `None` is not asked.")),
            ("/components/schemas/YesNo/enum/-", json!("sql_error")),
        ],
    );
}
