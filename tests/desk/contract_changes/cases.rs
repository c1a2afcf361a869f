//! Each kind of change, on a contract of one operation: those that break a caller, and those that do not.

use serde_json::{Value, json};

use super::compare::{breaking, differing};

fn contract() -> Value {
    json!({
        "info": {"version": "1.0.0", "title": "Beds"},
        "servers": [{"url": "/v1"}],
        "paths": {"/beds": {"post": {
            "operationId": "report_bed",
            "security": [{"bearer": ["bed:report"]}],
            "parameters": [
                {"in": "query", "name": "state", "schema": {"type": "string", "enum": ["free", "taken"]}},
                {"in": "query", "name": "limit", "required": true, "schema": {"type": "integer", "maximum": 50}},
            ],
            "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Body"}}}},
            "responses": {
                "200": {
                    "headers": {"API-Version": {}},
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/View"}}},
                },
                "404": {"description": "Nothing there."},
            },
        }}},
        "components": {"schemas": {
            "Body": {"type": "object", "required": ["beds"], "properties": {
                "beds": {"type": "integer"},
                "note": {"type": ["string", "null"], "maxLength": 200},
                "kinds": {"type": "array", "maxItems": 5, "items": {"$ref": "#/components/schemas/Kind"}},
                "until": {"oneOf": [{"type": "string", "format": "date"}, {"type": "string", "enum": ["unknown"]}]},
                "inner": {"$ref": "#/components/schemas/Body"},
            }},
            "Kind": {"type": "string", "enum": ["crisis", "move_on"]},
            "View": {"type": "object", "required": ["id"], "properties": {
                "id": {"type": "string", "format": "uuid"},
                "kind": {"$ref": "#/components/schemas/Kind"},
                "state": {"oneOf": [
                    {"type": "object", "required": ["is"], "properties": {"is": {"type": "string", "enum": ["free"]}}},
                    {"type": "object", "required": ["is"], "properties": {"is": {"type": "string", "enum": ["taken"]},
                        "by": {"type": "string"}}},
                ]},
            }},
        }},
    })
}

/// What breaks after the value at a pointer is changed; null takes it away.
fn breaks(pointer: &str, value: Value) -> Vec<String> {
    let mut new = contract();
    crate::api_rules::put(&mut new, pointer, value);
    breaking(&contract(), &new)
}

const OPERATION: &str = "/paths/~1beds/post";
const BODY: &str = "/components/schemas/Body";
const VIEW: &str = "/components/schemas/View";

#[test]
fn changes_that_break_are_found() {
    let query = |schema: Value| json!([schema, {"in": "query", "name": "limit", "required": true, "schema": {"type": "integer", "maximum": 50}}]);
    for (pointer, value, want) in [
        ("/servers".to_owned(), json!([{"url": "/v2"}]), "servers: another address"),
        ("/paths/~1beds".to_owned(), json!(null), "post /beds: gone"),
        (OPERATION.to_owned(), json!(null), "post /beds: gone"),
        (format!("{OPERATION}/operationId"), json!("other"), "post /beds: another operationId"),
        (format!("{OPERATION}/security"), json!([{"bearer": ["bed:change"]}]), "post /beds: another permission"),
        (format!("{OPERATION}/responses/200"), json!(null), "post /beds 200: gone"),
        (format!("{OPERATION}/responses/404"), json!(null), "post /beds 404: gone"),
        (
            format!("{OPERATION}/responses/200/headers/API-Version"),
            json!(null),
            "post /beds 200: the header API-Version is gone",
        ),
        (format!("{OPERATION}/responses/200/content"), json!({}), "post /beds 200: no application/json any more"),
        (format!("{OPERATION}/requestBody"), json!(null), "post /beds body: gone"),
        (format!("{OPERATION}/requestBody/content"), json!({}), "post /beds body: no application/json any more"),
        (format!("{OPERATION}/parameters"), json!([]), "post /beds state: gone"),
        (
            format!("{OPERATION}/parameters"),
            query(
                json!({"in": "query", "name": "state", "required": true, "schema": {"type": "string", "enum": ["free", "taken"]}}),
            ),
            "post /beds state: required now",
        ),
        (
            format!("{OPERATION}/parameters"),
            query(json!({"in": "query", "name": "state", "schema": {"type": "string", "enum": ["free"]}})),
            "post /beds state: \"taken\" is no value any more",
        ),
        (
            format!("{OPERATION}/parameters/-"),
            json!({"in": "query", "name": "other", "required": true, "schema": {"type": "string"}}),
            "post /beds other: new and required",
        ),
        (format!("{BODY}/required/-"), json!("note"), "post /beds body/note: required now"),
        (format!("{BODY}/properties/note"), json!(null), "post /beds body/note: gone"),
        (format!("{BODY}/properties/note/type"), json!("string"), "post /beds body/note: no null any more"),
        (format!("{BODY}/properties/note/maxLength"), json!(100), "post /beds body/note: maxLength is 100 now"),
        (format!("{BODY}/properties/note/minLength"), json!(1), "post /beds body/note: minLength is 1 now"),
        (format!("{BODY}/properties/beds/minimum"), json!(1), "post /beds body/beds: minimum is 1 now"),
        (format!("{BODY}/properties/beds/type"), json!("string"), "post /beds body/beds: no integer any more"),
        (format!("{BODY}/properties/kinds/maxItems"), json!(4), "post /beds body/kinds: maxItems is 4 now"),
        (
            "/components/schemas/Kind/enum".to_owned(),
            json!(["crisis"]),
            "post /beds body/kinds/-: \"move_on\" is no value any more",
        ),
        (
            format!("{BODY}/properties/until"),
            json!({"type": "string", "format": "date"}),
            "post /beds body/until: no word any more",
        ),
        (format!("{VIEW}/properties/kind"), json!(null), "post /beds 200/kind: gone"),
        (format!("{VIEW}/required"), json!([]), "post /beds 200/id: not always there now"),
        (format!("{VIEW}/properties/id/type"), json!(["string", "null"]), "post /beds 200/id: may be null now"),
        (format!("{VIEW}/properties/id"), json!({"type": "integer"}), "post /beds 200/id: may be integer now"),
        (
            format!("{VIEW}/properties/state/oneOf/-"),
            json!({"type": "string"}),
            "post /beds 200/state: may be text now",
        ),
    ] {
        let found = breaks(&pointer, value.clone());
        assert!(found.iter().any(|one| one == want), "{value} at {pointer}: {found:?}, not {want}");
    }
}

#[test]
fn a_new_field_breaks_if_it_is_required() {
    let mut needs_more = contract();
    needs_more["components"]["schemas"]["Body"]["properties"]["colour"] = json!({"type": "string"});
    assert_eq!(breaking(&contract(), &needs_more), Vec::<String>::new());
    needs_more["components"]["schemas"]["Body"]["required"] = json!(["beds", "colour"]);
    assert_eq!(breaking(&contract(), &needs_more), ["post /beds body/colour: new and required"]);
}

#[test]
fn changes_that_do_not_break_are_let_through() {
    let tagged =
        json!({"type": "object", "required": ["is"], "properties": {"is": {"type": "string", "enum": ["away"]}}});
    for (pointer, value) in [
        ("/info/title".to_owned(), json!("More beds")),
        ("/paths/~1beds/get".to_owned(), json!({"operationId": "list_beds"})),
        ("/paths/~1rooms".to_owned(), json!({"get": {"operationId": "list_rooms"}})),
        (format!("{OPERATION}/summary"), json!("Reports a bed.")),
        (format!("{OPERATION}/responses/409"), json!({"description": "Taken."})),
        (format!("{OPERATION}/parameters/-"), json!({"in": "query", "name": "other", "schema": {"type": "string"}})),
        (format!("{OPERATION}/requestBody/required"), json!(false)),
        (format!("{BODY}/required"), json!([])),
        (format!("{BODY}/properties/colour"), json!({"type": "string"})),
        (format!("{BODY}/properties/note/maxLength"), json!(400)),
        (format!("{BODY}/properties/note/maxLength"), json!(null)),
        (format!("{BODY}/properties/beds/type"), json!(["integer", "null"])),
        (format!("{BODY}/properties/until"), json!({"type": "string"})),
        ("/components/schemas/Kind/enum/-".to_owned(), json!("emergency")),
        (format!("{VIEW}/properties/colour"), json!({"type": "string"})),
        (format!("{VIEW}/required/-"), json!("kind")),
        (format!("{VIEW}/properties/kind"), json!({"type": "string", "enum": ["crisis"]})),
        (format!("{VIEW}/properties/state/oneOf/-"), tagged),
    ] {
        assert_eq!(breaks(&pointer, value.clone()), Vec::<String>::new(), "{value} at {pointer}");
    }
    assert_eq!(breaking(&contract(), &contract()), Vec::<String>::new());
}

#[test]
fn what_differs_is_named() {
    let mut new = contract();
    new["components"]["schemas"]["Kind"]["description"] = json!("A kind.");
    new["paths"]["/beds"]["post"]["summary"] = json!("Reports a bed.");
    new["components"]["schemas"]["Other"] = json!({"type": "string"});
    new["info"]["version"] = json!("1.1.0");
    assert_eq!(differing(&contract(), &new).into_iter().collect::<Vec<_>>(), ["Kind", "Other", "report_bed"]);
    new["info"]["title"] = json!("More beds");
    assert!(differing(&contract(), &new).contains("info"));
    assert!(differing(&contract(), &contract()).is_empty());
}
