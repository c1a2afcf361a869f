//! What utoipa cannot say of answers: whoever checks one against the document would refuse it.

use serde_json::{Map, Value, json};

/// Lets the value of every fact be `null`, which is unknown, and lets an answer fit the views of several audiences.
pub fn mend(document: &mut Value) {
    let schemas = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut);
    for schema in schemas.into_iter().flat_map(Map::values_mut).filter_map(Value::as_object_mut) {
        allow_unknown(schema);
        let is_view = |branch: &Value| branch.get("$ref").is_some();
        // One view can hold all that another must: "one of" would then refuse it.
        if schema.get("oneOf").and_then(Value::as_array).is_some_and(|views| views.iter().all(is_view))
            && let Some(views) = schema.remove("oneOf")
        {
            schema.insert("anyOf".to_owned(), views);
        }
    }
}

/// utoipa forgets that a value may be absent where its type is an argument.
fn allow_unknown(schema: &mut Map<String, Value>) {
    let fields = schema.get_mut("properties").and_then(Value::as_object_mut);
    if let Some(fields) = fields.filter(|fields| fields.keys().eq(["asOf", "source", "value"]))
        && let Some(value) = fields.get_mut("value")
    {
        *value = json!({"oneOf": [value.take(), {"type": "null"}]});
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_of_a_fact_can_be_unknown_and_an_answer_can_fit_several_views() {
        let to = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
        let or_null = json!({"oneOf": [to("Full"), {"type": "null"}]});
        let fields = |value: Value| json!({"properties": {"asOf": {}, "source": {}, "value": value}});
        let score = json!({"properties": {"source": {}, "value": {"type": "boolean"}}});
        let mut document = json!({"components": {"schemas": {
            "Fact": fields(json!({"type": "boolean"})), "Score": score, "Last": or_null,
            "Seen": {"description": "As seen.", "oneOf": [to("Full"), to("Part")]}}}});
        mend(&mut document);
        let want = json!({"components": {"schemas": {
            "Fact": fields(json!({"oneOf": [{"type": "boolean"}, {"type": "null"}]})), "Score": score, "Last": or_null,
            "Seen": {"description": "As seen.", "anyOf": [to("Full"), to("Part")]}}}});
        assert_eq!(document, want);
    }
}
