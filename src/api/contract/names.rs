//! The names in the document that utoipa takes from the source as they are: fields of enum variants, schemas of generic
//! types, and words of Rust in descriptions. Callers read names of the API and nothing of how it is made.

use serde_json::{Map, Value};

/// Where a reference to a schema begins.
const SCHEMAS: &str = "#/components/schemas/";

/// Gives fields, schemas and references the names under which the API knows them.
pub fn rename(document: &mut Value) {
    if let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
        let renamed = std::mem::take(schemas).into_iter().map(|(name, schema)| (pascal_case(&name), schema));
        *schemas = renamed.collect();
    }
    rename_in(document);
}

fn rename_in(part: &mut Value) {
    match part {
        Value::Object(object) => {
            rename_fields(object);
            if let Some(Value::String(reference)) = object.get_mut("$ref")
                && let Some(name) = reference.strip_prefix(SCHEMAS)
            {
                *reference = format!("{SCHEMAS}{}", pascal_case(name));
            }
            if let Some(Value::String(text)) = object.get_mut("description") {
                *text = text.replace("`None`", "absent").replace("[`", "`").replace("`]", "`");
            }
            object.values_mut().for_each(rename_in);
        }
        Value::Array(list) => list.iter_mut().for_each(rename_in),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Every field of the API is in camelCase. utoipa does not read serde's `rename_all_fields`, so the fields of enum
/// variants come out as they stand in the source; here they get the names that serde gives them.
fn rename_fields(schema: &mut Map<String, Value>) {
    if let Some(Value::Object(fields)) = schema.get_mut("properties") {
        let renamed = std::mem::take(fields).into_iter().map(|(name, schema)| (camel_case(&name), schema));
        *fields = renamed.collect();
    }
    for name in schema.get_mut("required").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Value::String(name) = name {
            *name = camel_case(name);
        }
    }
}

fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| name + &capitalised(word))
}

/// The schema of a type with arguments is called by its parts: `Fact_Vec_Child` is a `FactChildList`.
fn pascal_case(name: &str) -> String {
    let (mut named, mut lists) = (String::new(), 0);
    for word in name.split('_') {
        match word {
            "Vec" => lists += 1,
            "String" => named += "Text",
            word => named += &capitalised(word),
        }
    }
    named + &"List".repeat(lists)
}

fn capitalised(word: &str) -> String {
    let (initial, rest) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
    initial.to_uppercase() + rest
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_and_schemas_get_the_names_of_the_api() {
        let fact =
            json!({"properties": {"as_of": {"description": "Since when; `None` of [`Fact`]."}}, "required": ["as_of"]});
        let mut document = json!({"components": {"schemas": {
            "Fact_Vec_Child": fact, "Case": {"$ref": "#/components/schemas/Fact_Vec_Child"}}}});
        rename(&mut document);
        let fact =
            json!({"properties": {"asOf": {"description": "Since when; absent of `Fact`."}}, "required": ["asOf"]});
        let want = json!({"components": {"schemas": {
            "FactChildList": fact, "Case": {"$ref": "#/components/schemas/FactChildList"}}}});
        assert_eq!(document, want);
        assert_eq!((pascal_case("Fact_String"), pascal_case("UnitView")), ("FactText".into(), "UnitView".into()));
    }
}
