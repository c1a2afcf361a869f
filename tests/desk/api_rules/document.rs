//! Rules on the document as a whole.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{members, operations, prove, schemas};

/// doc-openapi: a version of OpenAPI that every checker reads.
fn is_openapi(document: &Value) -> Vec<String> {
    if document["openapi"] == "3.1.0" { Vec::new() } else { vec![format!("openapi: {}", document["openapi"])] }
}

#[test]
fn the_document_is_openapi_3_1() {
    prove(is_openapi, &[("/openapi", json!("3.0.3")), ("/openapi", json!(null))]);
}

/// doc-openapi: every reference leads somewhere, inside the document.
fn references_resolve(document: &Value) -> Vec<String> {
    let (mut breaches, mut open) = (Vec::new(), vec![(String::new(), document)]);
    while let Some(part) = open.pop() {
        // A field may be called `$ref`; a reference is a text.
        if let Some(reference) = part.1.get("$ref").and_then(Value::as_str)
            && reference.strip_prefix('#').and_then(|pointer| document.pointer(pointer)).is_none()
        {
            breaches.push(format!("{}: {reference} leads nowhere", part.0));
        }
        open.extend(members(&part).into_iter().map(|(_, part)| part));
    }
    breaches
}

#[test]
fn every_reference_resolves() {
    let reference = |to: &str| json!({ "$ref": to });
    prove(
        references_resolve,
        &[
            ("/components/schemas/Lost", reference("#/components/schemas/NoSuchSchema")),
            ("/components/schemas/Lost", reference("https://omm.example/openapi.json#/components/schemas/Problem")),
        ],
    );
}

/// doc-openapi: an operation has a name of its own.
fn operation_ids_are_unique(document: &Value) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut breaches = Vec::new();
    for operation in operations(document) {
        match operation.part.1["operationId"].as_str() {
            None => breaches.push(operation.breach("no operationId")),
            Some(id) => {
                if !seen.insert(id.to_owned()) {
                    breaches.push(operation.breach(&format!("{id} stands twice")));
                }
            }
        }
    }
    breaches
}

#[test]
fn every_operation_has_an_id_of_its_own() {
    let id = "/paths/~1capacity/get/operationId";
    prove(operation_ids_are_unique, &[(id, json!("list_units")), (id, json!(null))]);
}

/// doc-openapi: every operation, parameter, answer and field that needs words has them.
fn operations_are_described(document: &Value) -> Vec<String> {
    let says_nothing = |part: &Value, word: &str| part[word].as_str().is_none_or(|text| text.trim().len() < 5);
    let mut breaches = Vec::new();
    for operation in operations(document) {
        if says_nothing(operation.part.1, "summary") {
            breaches.push(operation.breach("no summary"));
        }
        for (at, parameter) in operation.parameters() {
            if says_nothing(parameter, "description") {
                breaches.push(format!("{at}: no description"));
            }
        }
    }
    let named = document["components"]["schemas"].as_object().unwrap();
    let silent = named.iter().filter(|(_, schema)| says_nothing(schema, "description"));
    breaches.extend(silent.map(|(name, _)| format!("{name}: no description")));
    breaches
}

#[test]
fn every_operation_parameter_and_schema_is_described() {
    prove(
        operations_are_described,
        &[
            ("/paths/~1capacity/get/summary", json!(null)),
            ("/paths/~1referrals~1{referralId}/get/parameters/0", json!({"name": "other", "in": "query"})),
            ("/components/schemas/Silent", json!({"type": "string"})),
        ],
    );
}

/// doc-openapi: examples fit the schema they stand in.
fn examples_fit(document: &Value) -> Vec<String> {
    let fits = |schema: &Value, example: &Value| {
        let kind = match example {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "integer",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        let is_word = schema["enum"].as_array().is_none_or(|words| words.contains(example));
        let text = example.as_str().unwrap_or_default();
        let has_form = match schema["format"].as_str() {
            Some("date") => text.parse::<chrono::NaiveDate>().is_ok(),
            Some("date-time") => chrono::DateTime::parse_from_rfc3339(text).is_ok(),
            Some("uuid") => text.parse::<uuid::Uuid>().is_ok(),
            Some("uri") => text.starts_with("https://") || text.starts_with("urn:"),
            Some(_) | None => true,
        };
        (schema.get("type").is_none() || super::says(schema, "type", kind)) && is_word && has_form
    };
    let mut breaches = Vec::new();
    for (at, schema) in schemas(document) {
        let examples = schema["examples"].as_array().into_iter().flatten().chain(schema.get("example"));
        breaches.extend(examples.filter(|one| !fits(schema, one)).map(|one| format!("{at}: the example {one}")));
    }
    breaches
}

#[test]
fn every_example_fits_its_schema() {
    let example = |schema: Value, example: Value| {
        let mut schema = schema;
        schema["examples"] = json!([example]);
        ("/components/schemas/Example", schema)
    };
    prove(
        examples_fit,
        &[
            ("/components/schemas/Problem/properties/type/examples", json!(["not-found"])),
            example(json!({"type": "integer"}), json!("1")),
            example(json!({"type": "string", "enum": ["yes", "no"]}), json!("perhaps")),
            example(json!({"type": "string", "format": "date"}), json!("2026-02-30")),
        ],
    );
}

/// doc-openapi-contact: whom to ask.
fn contact_is_complete(document: &Value) -> Vec<String> {
    let contact = &document["info"]["contact"];
    let at = |name: &str| contact[name].as_str().unwrap_or_default();
    let is_given = [
        ("name", !at("name").is_empty()),
        ("url", at("url").starts_with("https://")),
        (
            "email",
            at("email").split_once('@').is_some_and(|(box_name, host)| !box_name.is_empty() && host.contains('.')),
        ),
    ];
    is_given.iter().filter(|(_, given)| !given).map(|(name, _)| format!("info.contact.{name}")).collect()
}

#[test]
fn the_contact_has_a_name_an_address_and_an_e_mail_address() {
    prove(
        contact_is_complete,
        &[
            ("/info/contact", json!(null)),
            ("/info/contact/name", json!(null)),
            ("/info/contact/url", json!("omm")),
            ("/info/contact/email", json!("nobody")),
        ],
    );
}

/// semver: three numbers.
fn version_is_semantic(document: &Value) -> Vec<String> {
    let version = document["info"]["version"].as_str().unwrap_or_default();
    let is_number = |part: &str| part.parse::<u32>().is_ok_and(|number| number.to_string() == part);
    let parts: Vec<_> = version.split('.').collect();
    let is_semantic = parts.len() == 3 && parts.into_iter().all(is_number);
    if is_semantic { Vec::new() } else { vec![format!("info.version: {version}")] }
}

#[test]
fn the_version_is_semantic() {
    let versions = ["1.0", "v1.0.0", "1.0.0.0", "01.0.0", "one"];
    prove(version_is_semantic, &versions.map(|version| ("/info/version", json!(version))));
}

/// uri-version: the major version stands in the address of the server and nowhere else. Version 0 is the first one in
/// the making and stands under `/v1` already.
fn major_version_is_in_the_server_only(document: &Value) -> Vec<String> {
    let version = document["info"]["version"].as_str().unwrap_or_default();
    let major = version.split('.').next().and_then(|major| major.parse::<u32>().ok()).unwrap_or_default().max(1);
    let servers = document["servers"].as_array().cloned().unwrap_or_default();
    let mut breaches = Vec::new();
    if servers.is_empty() {
        breaches.push("no server".to_owned());
    }
    for server in servers {
        let url = server["url"].as_str().unwrap_or_default().to_owned();
        if !url.ends_with(&format!("/v{major}")) {
            breaches.push(format!("the server {url} is not that of version {version}"));
        }
    }
    let is_version = |part: &str| part.strip_prefix('v').is_some_and(|number| number.parse::<u32>().is_ok());
    let versioned = super::paths(document).into_iter().filter(|path| path.split('/').any(is_version));
    breaches.extend(versioned.map(|path| format!("{path} holds a version")));
    breaches
}

#[test]
fn the_major_version_stands_in_the_server_only() {
    prove(
        major_version_is_in_the_server_only,
        &[
            ("/servers", json!([])),
            ("/servers", json!([{"url": "/"}])),
            ("/servers", json!([{"url": "/v1/"}])),
            ("/info/version", json!("2.0.0")),
            ("/paths/~1v1~1capacity", json!({})),
        ],
    );
}

/// Every departure from the rules is told in the description: which rule, and why.
fn deviations_are_told(document: &Value) -> Vec<String> {
    let text = document["info"]["description"].as_str().unwrap_or_default();
    let told = |rule: &str| text.contains(&format!("*{rule}")) || text.contains(&format!(", {rule}"));
    let declares =
        |status: &str| operations(document).iter().any(|one| one.answers().iter().any(|(is, _)| is == status));
    let reads_by_post = operations(document).iter().any(|one| one.part.1["x-safe"] == true);
    let mut wanted = vec!["interface-language", "doc-language", "version-header", "problem-details"];
    wanted.extend(reads_by_post.then_some("http-methods"));
    wanted.extend(declares("422").then_some("invalid-input"));
    wanted.extend(declares("304").then_some("security-headers"));
    wanted.into_iter().filter(|rule| !told(rule)).map(|rule| format!("the departure from {rule} is not told")).collect()
}

#[test]
fn every_deviation_is_told_in_the_description() {
    let short = json!("**Deviations**: *http-methods*: persons are searched by POST.");
    prove(deviations_are_told, &[("/info/description", json!(null)), ("/info/description", short)]);
}
