//! Rules on operations: methods, input, answers.

use omm::domain::role::Permission;
use serde_json::{Value, json};

use super::{below, members, operations, prove};

/// What the service answers with, and nothing else.
const STATUSES: [&str; 22] = [
    "200", "201", "202", "204", "304", "400", "401", "403", "404", "405", "406", "408", "409", "412", "413", "414",
    "415", "422", "428", "429", "500", "503",
];

/// http-methods: the standard ones, and no body where none is defined.
fn methods_are_standard(document: &Value) -> Vec<String> {
    let mut breaches = Vec::new();
    for operation in operations(document) {
        match operation.method.as_str() {
            "get" | "head" | "options" | "delete" if operation.has_body() => breaches.push(operation.breach("a body")),
            "get" | "head" | "options" | "delete" | "post" | "put" | "patch" => {}
            _ => breaches.push(operation.breach("no method of the rules")),
        }
    }
    breaches
}

#[test]
fn methods_are_standard_and_reading_has_no_body() {
    prove(
        methods_are_standard,
        &[("/paths/~1capacity/trace", json!({})), ("/paths/~1capacity/get/requestBody", json!({"content": {}}))],
    );
}

/// http-methods: reading by POST is marked, and is named as an operation or a query.
fn reading_by_post_is_marked(document: &Value) -> Vec<String> {
    let reads = |path: &str| ["/_search", "/_verify", "-queries"].iter().any(|end| path.ends_with(end));
    let mut breaches = Vec::new();
    for operation in operations(document) {
        let is_marked = operation.part.1["x-safe"] == true;
        let is_to_be_marked = operation.method == "post" && reads(&operation.path);
        if is_marked != is_to_be_marked {
            breaches.push(operation.breach(if is_marked { "x-safe, but no search" } else { "not marked x-safe" }));
        }
    }
    breaches
}

#[test]
fn a_search_by_post_is_marked_safe() {
    prove(
        reading_by_post_is_marked,
        &[
            ("/paths/~1referrals~1_search/post/x-safe", json!(null)),
            ("/paths/~1status-queries/post/x-safe", json!(false)),
            ("/paths/~1referrals/post/x-safe", json!(true)),
        ],
    );
}

/// http-response-code: known codes, one success at least, JSON in every success that has a body.
fn statuses_are_known(document: &Value) -> Vec<String> {
    let mut breaches = Vec::new();
    for operation in operations(document) {
        let answers = operation.answers();
        if !answers.iter().any(|(status, _)| status.starts_with('2')) {
            breaches.push(operation.breach("no success"));
        }
        for (status, answer) in answers {
            if !STATUSES.contains(&status.as_str()) {
                breaches.push(operation.breach(&status));
            }
            let types = below(&answer, "content").map(|content| members(&content)).unwrap_or_default();
            let is_json = |name: &str| name == "application/json" || name == "application/problem+json";
            breaches.extend(types.iter().filter(|(name, _)| !is_json(name)).map(|(_, (at, _))| at.clone()));
        }
    }
    breaches
}

#[test]
fn every_answer_has_a_known_status_and_is_json() {
    let answers = "/paths/~1capacity/get/responses";
    prove(
        statuses_are_known,
        &[
            (&format!("{answers}/418"), json!({"description": "a teapot"})),
            (&format!("{answers}/default"), json!({"description": "anything"})),
            (&format!("{answers}/200"), json!(null)),
            (&format!("{answers}/200/content/text~1html"), json!({})),
        ],
    );
}

/// error-handling/problem-details: every refusal is a problem, after one flat schema.
fn refusals_are_problems(document: &Value) -> Vec<String> {
    let mut breaches = Vec::new();
    for operation in operations(document) {
        for (status, answer) in operation.answers() {
            let content = below(&answer, "content").map(|content| members(&content)).unwrap_or_default();
            let is_problem = matches!(content.as_slice(), [(name, (_, media))] if name == "application/problem+json"
                && media["schema"]["$ref"] == "#/components/schemas/Problem");
            if status.starts_with(['4', '5']) && !is_problem {
                breaches.push(answer.0);
            }
        }
    }
    let problem = &document["components"]["schemas"]["Problem"];
    let is_flat =
        problem["type"] == "object" && ["allOf", "oneOf", "anyOf", "$ref"].iter().all(|of| problem[of].is_null());
    if !is_flat {
        breaches.push("Problem is not flat".to_owned());
    }
    let lacks = ["type", "status", "title", "detail"].into_iter().filter(|name| problem["properties"][name].is_null());
    breaches.extend(lacks.map(|name| format!("Problem has no {name}")));
    breaches
}

#[test]
fn every_refusal_is_a_problem_of_one_flat_schema() {
    let not_allowed = "/paths/~1capacity/get/responses/403";
    prove(
        refusals_are_problems,
        &[
            (&format!("{not_allowed}/content"), json!({"application/json": {"schema": {"type": "object"}}})),
            (&format!("{not_allowed}/content"), json!(null)),
            (&format!("{not_allowed}/content/application~1problem+json/schema"), json!({"type": "object"})),
            ("/components/schemas/Problem/allOf", json!([])),
            ("/components/schemas/Problem/properties/title", json!(null)),
        ],
    );
}

/// error-handling/all-errors: what can go wrong anywhere is declared everywhere it can.
fn refusals_are_declared(document: &Value) -> Vec<String> {
    let mut breaches = Vec::new();
    for operation in operations(document) {
        let has_path_parameter = operation.path.contains('{');
        let has_input = operation.has_body() || !operation.parameters().is_empty();
        let mut wanted = vec!["401", "403", "406", "500", "503"];
        wanted.extend(has_input.then_some("400"));
        wanted.extend(has_path_parameter.then_some("404"));
        wanted.extend(operation.has_body().then_some(["413", "415"]).into_iter().flatten());
        let declared: Vec<_> = operation.answers().into_iter().map(|(status, _)| status).collect();
        let lacking = wanted.into_iter().filter(|status| !declared.iter().any(|one| one == status));
        breaches.extend(lacking.map(|status| operation.breach(&format!("no {status}"))));
    }
    breaches
}

#[test]
fn every_operation_declares_what_can_go_wrong() {
    let answers = "/paths/~1proposals~1{proposalId}~1answers/post/responses";
    for status in ["400", "401", "403", "404", "406", "413", "415", "500", "503"] {
        prove(refusals_are_declared, &[(&format!("{answers}/{status}"), json!(null))]);
    }
}

/// invalid-input: 422 is for an idempotency key that comes back with another body, and for nothing else.
fn only_keys_are_unprocessable(document: &Value) -> Vec<String> {
    let mut breaches = Vec::new();
    for operation in operations(document) {
        let has_key = operation.parameters().iter().any(|(_, parameter)| parameter["name"] == "Idempotency-Key");
        let is_declared = operation.answers().iter().any(|(status, _)| status == "422");
        if has_key != is_declared {
            breaches.push(operation.breach(if has_key { "a key, but no 422" } else { "422 without a key" }));
        }
    }
    breaches
}

#[test]
fn a_422_is_for_idempotency_keys_only() {
    prove(
        only_keys_are_unprocessable,
        &[
            ("/paths/~1capacity/get/responses/422", json!({"description": "Odd."})),
            ("/paths/~1referrals/post/responses/422", json!(null)),
        ],
    );
}

/// version-header: declared on every success and every redirect.
fn versions_are_declared(document: &Value) -> Vec<String> {
    let mut breaches = Vec::new();
    for operation in operations(document) {
        for (status, (at, answer)) in operation.answers() {
            if status.starts_with(['2', '3']) && answer["headers"]["API-Version"]["schema"].is_null() {
                breaches.push(at);
            }
        }
    }
    breaches
}

#[test]
fn the_version_header_is_declared_on_every_success() {
    let answers = "/paths/~1capacity/get/responses";
    prove(
        versions_are_declared,
        &[
            (&format!("{answers}/200/headers"), json!(null)),
            (&format!("{answers}/304"), json!({"description": "Not changed."})),
        ],
    );
}

/// Each operation names the processing activity it belongs to: the purpose of the one permission it asks for.
fn purposes_are_named(document: &Value) -> Vec<String> {
    let mut breaches = Vec::new();
    for operation in operations(document) {
        let requirements = operation.part.1["security"].as_array().cloned().unwrap_or_default();
        let names: Vec<_> = requirements.iter().filter_map(|one| one["bearer"].as_array()).flatten().collect();
        let permission = Permission::ALL.into_iter().find(|one| names == [&json!(one.as_str())]);
        match permission {
            None => breaches.push(operation.breach("not exactly one permission")),
            Some(permission) if operation.part.1["x-purpose"] == permission.purpose() => {}
            Some(_) => breaches.push(operation.breach("not the purpose of its permission")),
        }
    }
    breaches
}

#[test]
fn every_operation_names_its_permission_and_its_purpose() {
    let read = "/paths/~1capacity/get";
    prove(
        purposes_are_named,
        &[
            (&format!("{read}/x-purpose"), json!(null)),
            (&format!("{read}/x-purpose"), json!("curiosity")),
            (&format!("{read}/security"), json!([])),
            (&format!("{read}/security"), json!([{"bearer": ["capacity:read", "capacity:report"]}])),
        ],
    );
}
