//! The contract is a file: what is committed is what is served.

use omm::api::{self, contract::Contract};

#[test]
fn the_committed_contract_is_the_one_that_is_served() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi/openapi.json");
    if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        std::fs::write(path, api::contract_text()).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    let current = api::contract_text();
    assert!(
        committed == current,
        "openapi/openapi.json is not up to date; run `cargo run -- openapi > openapi/openapi.json`, look at the \
         difference, and write it into CHANGELOG.md"
    );
}

#[test]
fn every_schema_of_a_request_can_be_enforced_and_every_reference_resolves() {
    let document = api::document();
    Contract::read(&document).unwrap();
    let mut parts = vec![&document];
    while let Some(part) = parts.pop() {
        if let Some(reference) = part.get("$ref").and_then(serde_json::Value::as_str) {
            assert!(document.pointer(reference.strip_prefix('#').unwrap()).is_some(), "{reference} leads nowhere");
        }
        parts.extend(part.as_object().into_iter().flat_map(serde_json::Map::values));
        parts.extend(part.as_array().into_iter().flatten());
    }
}

#[test]
fn every_operation_has_its_own_name_and_says_what_it_does() {
    let document = api::document();
    let mut names = std::collections::BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let name = operation["operationId"].as_str().unwrap();
            assert!(names.insert(name.to_owned()), "{name} stands twice");
            let says = operation["summary"].as_str().or(operation["description"].as_str()).unwrap_or_default();
            assert!(says.len() > 10, "{method} {path} does not say what it does");
            assert!(operation["tags"].as_array().is_some_and(|tags| !tags.is_empty()), "{method} {path} has no tag");
        }
    }
}

#[test]
fn paths_are_in_kebab_case_and_names_of_fields_and_parameters_in_camel_case() {
    let document = api::document();
    let is_word = |word: &str| word.chars().all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit());
    let is_kebab = |text: &str| text.split('-').all(|word| !word.is_empty() && is_word(word));
    let is_camel = |text: &str| {
        text.starts_with(|sign: char| sign.is_ascii_lowercase())
            && text.chars().all(|sign| sign.is_ascii_alphanumeric())
    };
    for (path, item) in document["paths"].as_object().unwrap() {
        for part in path.split('/').skip(1) {
            let name = part.strip_prefix('{').and_then(|part| part.strip_suffix('}'));
            let fits = match (name, part.strip_prefix('_')) {
                (Some(name), _) => is_camel(name),
                (None, Some(verb)) => is_word(verb),
                (None, None) => is_kebab(part),
            };
            assert!(fits, "{path}");
        }
        for operation in item.as_object().unwrap().values() {
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                let is_header = parameter["in"] == "header";
                assert!(is_header || is_camel(parameter["name"].as_str().unwrap()), "{path}: {}", parameter["name"]);
            }
        }
    }
    let mut parts = vec![&document["components"]["schemas"]];
    while let Some(part) = parts.pop() {
        // A schema may itself be called `properties`; then its keys are checked all the same.
        for field in part["properties"].as_object().into_iter().flat_map(serde_json::Map::keys) {
            assert!(is_camel(field), "the field {field}");
        }
        parts.extend(part.as_object().into_iter().flat_map(serde_json::Map::values));
        parts.extend(part.as_array().into_iter().flatten());
    }
}

/// Whoever sends an act twice by mistake is not served twice: each POST that is not marked safe asks for a key, and answers
/// with a receipt, which can be kept because it says nothing about a person.
#[test]
fn every_post_is_safe_or_an_act_that_asks_for_a_key_and_answers_with_a_receipt() {
    let document = api::document();
    let mut acts = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let mut parameters = operation["parameters"].as_array().into_iter().flatten();
            let key = parameters.find(|parameter| parameter["name"] == "Idempotency-Key");
            let is_safe = operation["x-safe"] == true;
            assert_eq!(key.is_some(), method == "post" && !is_safe, "{method} {path}");
            let Some(key) = key else { continue };
            acts += 1;
            assert_eq!((&key["in"], &key["required"]), (&"header".into(), &true.into()), "{path}");
            for (status, answer) in operation["responses"].as_object().unwrap() {
                let schema = &answer["content"]["application/json"]["schema"]["$ref"];
                let is_success = status.starts_with('2');
                assert_eq!(schema == "#/components/schemas/ReceiptView", is_success, "{path} {status}: {schema}");
            }
        }
    }
    assert!(acts >= 14, "{acts} acts");
    let fields = |name: &str| {
        let properties = &document["components"]["schemas"][name]["properties"];
        properties.as_object().unwrap().keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!(fields("ReceiptView"), ["id", "links", "placementId", "referralId", "state", "version"]);
    assert_eq!(fields("ReceiptLinks"), ["self"]);
}

/// A handler that is not in the list of operations would be no part of the contract, and one in the list is.
#[test]
fn every_route_in_the_source_is_an_operation_of_the_contract() {
    let mut routes = std::collections::BTreeSet::new();
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/api")).unwrap() {
        let path = entry.unwrap().path();
        // The pages beside the API, and a route that only exists in tests.
        if path.extension().is_none_or(|kind| kind != "rs") || path.ends_with("pages.rs") || path.ends_with("tests.rs")
        {
            continue;
        }
        for line in std::fs::read_to_string(&path).unwrap().lines() {
            for method in ["get", "post", "put", "patch", "delete", "head", "options", "route"] {
                if let Some(rest) = line.trim_start().strip_prefix(&format!("#[{method}(\"")) {
                    routes.insert((method.to_owned(), rest.split('"').next().unwrap().to_owned()));
                }
            }
        }
    }
    let document = api::document();
    let mut operations = std::collections::BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        operations.extend(item.as_object().unwrap().keys().map(|method| (method.clone(), path.clone())));
    }
    assert_eq!(routes, operations);
}
