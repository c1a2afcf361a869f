//! A schema with a name stands in the document once: utoipa writes the arguments of generic types out again and again,
//! and whoever generates a client from such a document gets a type for every copy. What nobody refers to is left out.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

/// Named schemas by their description, which tells almost all of them apart.
type Named = BTreeMap<String, Vec<(String, Value)>>;

/// Puts a reference wherever a schema is a copy of one that has a name.
pub fn refer(document: &mut Value) {
    let mut named = Named::new();
    let schemas = document.pointer("/components/schemas").and_then(Value::as_object);
    for (name, schema) in schemas.into_iter().flatten() {
        let is_worth_a_name = ["enum", "properties", "oneOf"].iter().any(|word| schema.get(word).is_some());
        if let Some(description) = schema.get("description").and_then(Value::as_str).filter(|_| is_worth_a_name) {
            named.entry(description.to_owned()).or_default().push((name.clone(), schema.clone()));
        }
    }
    if let Some(paths) = document.get_mut("paths") {
        refer_below(paths, &named);
    }
    let schemas = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut);
    schemas.into_iter().flatten().for_each(|(_, schema)| refer_below(schema, &named));
    while leave_out(document) {}
}

/// Takes out the schemas that nothing refers to; true if there were any.
fn leave_out(document: &mut Value) -> bool {
    let mut used = BTreeSet::new();
    referred(document, &mut used);
    let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) else {
        return false;
    };
    let before = schemas.len();
    schemas.retain(|name, _| used.contains(&format!("#/components/schemas/{name}")));
    schemas.len() < before
}

fn referred(part: &Value, used: &mut BTreeSet<String>) {
    match part {
        Value::Object(object) => {
            used.extend(object.get("$ref").and_then(Value::as_str).map(str::to_owned));
            object.values().for_each(|part| referred(part, used));
        }
        Value::Array(list) => list.iter().for_each(|part| referred(part, used)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn refer_below(part: &mut Value, named: &Named) {
    let held: Vec<&mut Value> = match part {
        Value::Object(object) => object.values_mut().collect(),
        Value::Array(list) => list.iter_mut().collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    for held in held {
        let description = held.get("description").and_then(Value::as_str);
        let alike = description.and_then(|text| named.get(text)).into_iter().flatten();
        match alike.into_iter().find(|(_, schema)| schema == held) {
            Some((name, _)) => *held = json!({"$ref": format!("#/components/schemas/{name}")}),
            None => refer_below(held, named),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_of_a_named_schema_becomes_a_reference_and_what_nobody_needs_goes() {
        let word = json!({"description": "Yes or no.", "type": "string", "enum": ["yes", "no"]});
        let other = json!({"description": "Yes or no.", "type": "string", "enum": ["yes"]});
        let body =
            |field: &Value| json!({"properties": {"answer": {"oneOf": [field, {"type": "null"}]}, "other": other}});
        let to = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
        let document = |field: &Value| json!({"paths": {"/a": {"schema": field, "body": to("Body")}}});
        let mut copied = document(&word);
        copied["components"] = json!({"schemas": {
            "YesNo": word, "Body": body(&word), "Lost": {"properties": {"of": to("Lone")}}, "Lone": {"type": "string"}}});
        refer(&mut copied);
        let mut want = document(&to("YesNo"));
        want["components"] = json!({"schemas": {"YesNo": word, "Body": body(&to("YesNo"))}});
        assert_eq!(copied, want);
    }
}
