//! Rules on addresses. The lists are reviewed: a new word in an address fails until somebody has looked at it.

use serde_json::{Value, json};

use super::{is_camel_case, is_kebab_case, operations, paths, prove, words};

/// Collections, with the parameter that names one of their members, where members have addresses.
const COLLECTIONS: [(&str, &str); 15] = [
    ("answers", ""),
    ("assessments", ""),
    ("audit-entries", ""),
    ("confirmations", ""),
    ("decisions", ""),
    ("locations", ""),
    ("matches", "resultId"),
    ("organisations", ""),
    ("placements", "placementId"),
    ("places", "placeId"),
    ("policies", ""),
    ("proposals", "proposalId"),
    ("referrals", "referralId"),
    ("status-queries", ""),
    ("units", "unitId"),
];

/// What there is one of.
const SINGLE: [&str; 8] =
    ["arrival", "cancellation", "capacity", "disappearance", "exit", "expected-end", "waiting-list", "withdrawal"];

/// Operations that are no resource; the last segment of a path.
const VERBS: [&str; 3] = ["_search", "_send", "_verify"];

/// What may be asked in a query, and why nobody learns anything about a person from it.
const QUERY_KEYS: [(&str, &str); 5] = [
    ("eventType", "a word of the trail"),
    ("fromIndex", "a number of the trail"),
    ("limit", "a number of entries"),
    ("referralId", "a random id"),
    ("state", "a word of the lifecycle"),
];

/// naming-resources, naming-collections, nested-child, resource-operations: the reviewed words, each where it belongs.
fn segments_are_reviewed(document: &Value) -> Vec<String> {
    let mut breaches = Vec::new();
    for path in paths(document) {
        let segments: Vec<_> = path.split('/').skip(1).collect();
        for (place, segment) in segments.iter().enumerate() {
            let next = segments.get(place + 1).copied().unwrap_or_default();
            let parameter = next.strip_prefix('{').and_then(|next| next.strip_suffix('}')).unwrap_or_default();
            let member = COLLECTIONS.iter().find(|(name, _)| name == segment).map(|(_, member)| *member);
            let fits = match (segment.starts_with('{'), member) {
                (true, _) => place > 0,
                (false, Some(member)) => segment.ends_with('s') && (parameter.is_empty() || parameter == member),
                (false, None) if segment.starts_with('_') => VERBS.contains(segment) && next.is_empty(),
                (false, None) => SINGLE.contains(segment) && parameter.is_empty(),
            };
            if !fits {
                breaches.push(format!("{path}: {segment}"));
            }
        }
    }
    breaches
}

#[test]
fn every_path_segment_is_a_reviewed_noun_or_verb() {
    prove(
        segments_are_reviewed,
        &[
            ("/paths/~1searchReferrals", json!({})),
            ("/paths/~1shelter", json!({})),
            ("/paths/~1capacity~1{unitId}", json!({})),
            ("/paths/~1referrals~1{unitId}", json!({})),
            ("/paths/~1referrals~1_search~1words", json!({})),
            ("/paths/~1referrals~1_delete", json!({})),
        ],
    );
}

/// no-trailing-slash.
fn no_path_ends_in_a_slash(document: &Value) -> Vec<String> {
    paths(document).into_iter().filter(|path| path.ends_with('/')).collect()
}

#[test]
fn no_path_ends_with_a_slash() {
    prove(no_path_ends_in_a_slash, &[("/paths/~1capacity~1", json!({})), ("/paths/~1", json!({}))]);
}

/// path-segments-kebab-case: small letters and single hyphens, no extension; operations as `_verb`; parameters in
/// camelCase.
fn segments_are_in_kebab_case(document: &Value) -> Vec<String> {
    let is_good = |segment: &str| match segment.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
        Some(name) => is_camel_case(name),
        None => is_kebab_case(segment) || segment.strip_prefix('_').is_some_and(is_kebab_case),
    };
    paths(document).into_iter().filter(|path| !path.split('/').skip(1).all(is_good)).collect()
}

#[test]
fn path_segments_are_in_kebab_case() {
    let bad = ["waitingList", "waiting_list", "waiting--list", "capacity.json", "-capacity", "Capacity", "{unit_id}"];
    for segment in bad {
        prove(segments_are_in_kebab_case, &[(&format!("/paths/~1{segment}"), json!({}))]);
    }
}

/// query-keys-camel-case, no-sensitive-uris: reviewed keys only, in camelCase, for methods that read.
fn query_keys_are_reviewed(document: &Value) -> Vec<String> {
    let mut breaches = Vec::new();
    for operation in operations(document) {
        for (at, parameter) in operation.parameters() {
            let name = parameter["name"].as_str().unwrap_or_default();
            let is_reviewed = QUERY_KEYS.iter().any(|(key, _)| *key == name);
            if parameter["in"] == "query" && !(is_reviewed && is_camel_case(name) && operation.method == "get") {
                breaches.push(format!("{at}: {name}"));
            }
        }
    }
    breaches
}

#[test]
fn every_query_key_is_in_camel_case_and_reviewed() {
    let key = |name: &str| json!({"name": name, "in": "query", "schema": {"type": "string"}});
    let list = "/paths/~1audit-entries/get/parameters/-";
    prove(
        query_keys_are_reviewed,
        &[
            (list, key("from_index")),
            (list, key("dateOfBirth")),
            ("/paths/~1referrals~1_search/post/parameters", json!([key("state")])),
        ],
    );
}

/// no-sensitive-uris: what stands in a path is a random id; a time-ordered one would tell when somebody came in.
fn path_parameters_are_random_ids(document: &Value) -> Vec<String> {
    let mut breaches = Vec::new();
    for operation in operations(document) {
        for (at, parameter) in operation.parameters() {
            let name = parameter["name"].as_str().unwrap_or_default();
            let mut schema = &parameter["schema"];
            if let Some(reference) = schema["$ref"].as_str() {
                schema = document.pointer(reference.trim_start_matches('#')).unwrap_or(schema);
            }
            let is_id = words(name).last().is_some_and(|word| word == "id") && schema["format"] == "uuid";
            if parameter["in"] == "path" && !is_id {
                breaches.push(format!("{at}: {name}"));
            }
        }
    }
    breaches
}

#[test]
fn every_path_parameter_is_a_random_id() {
    let at = "/paths/~1referrals~1{referralId}/get/parameters/-";
    prove(
        path_parameters_are_random_ids,
        &[
            (at, json!({"name": "name", "in": "path", "schema": {"type": "string", "format": "uuid"}})),
            (at, json!({"name": "referralId", "in": "path", "schema": {"type": "integer"}})),
        ],
    );
}
