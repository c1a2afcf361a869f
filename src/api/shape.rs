//! What a request may look like, taken from the published contract itself: the schemas that callers read are the ones
//! that are enforced. A schema that cannot be enforced cannot be published: [`Shape::read`] refuses it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

/// The shape of one JSON value.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// An object with these fields and no others.
    Object(BTreeMap<String, Field>),
    /// One of several objects, told apart by the value of one field.
    Tagged {
        /// The field that tells.
        tag: String,
        /// The fields that go with each of its values.
        variants: BTreeMap<String, BTreeMap<String, Field>>,
    },
    /// A list.
    List {
        /// What it holds.
        items: Box<Shape>,
        /// At least so many.
        min: usize,
        /// At most so many.
        max: usize,
    },
    /// A text.
    Text {
        /// At least so many characters.
        min: usize,
        /// At most so many characters.
        max: usize,
    },
    /// A day.
    Date,
    /// A moment, with its offset.
    Moment,
    /// A UUID.
    Id,
    /// One of these words.
    Word(Vec<String>),
    /// A whole number.
    Integer {
        /// The smallest.
        min: i64,
        /// The largest.
        max: i64,
    },
    /// True or false.
    Boolean,
    /// Nothing: the same as leaving the field out.
    Null,
    /// One of several shapes.
    Either(Vec<Shape>),
    /// The shape of this name.
    Named(String),
}

/// One field of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its shape.
    pub shape: Shape,
    /// True if it may not be left out.
    pub required: bool,
}

/// All named shapes of a contract that requests use.
pub type Shapes = BTreeMap<String, Shape>;

/// A schema that cannot be enforced: what it holds, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the schema at {place} cannot be enforced: {why}")]
pub struct NotEnforceable {
    /// The name of the schema.
    pub place: String,
    /// What about it.
    pub why: &'static str,
}

/// Reads the named schema and all that it refers to.
pub fn read_named(name: &str, components: &Map<String, Value>, shapes: &mut Shapes) -> Result<(), NotEnforceable> {
    if shapes.contains_key(name) {
        return Ok(());
    }
    let fault = |why| NotEnforceable { place: name.to_owned(), why };
    let schema = components.get(name).ok_or_else(|| fault("no such schema"))?;
    let mut names = BTreeSet::new();
    let shape = Shape::read(schema, &mut names).map_err(fault)?;
    shapes.insert(name.to_owned(), shape);
    names.iter().try_for_each(|name| read_named(name, components, shapes))
}

impl Shape {
    /// Reads one schema; the names it refers to are added to `names`.
    pub fn read(schema: &Value, names: &mut BTreeSet<String>) -> Result<Self, &'static str> {
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            let name = reference.strip_prefix("#/components/schemas/").ok_or("a reference to another document")?;
            names.insert(name.to_owned());
            return Ok(Self::Named(name.to_owned()));
        }
        for word in ["allOf", "anyOf", "not", "pattern", "multipleOf", "uniqueItems", "if", "dependentRequired"] {
            if schema.get(word).is_some() {
                return Err("a keyword that is not enforced");
            }
        }
        if let Some(branches) = schema.get("oneOf").and_then(Value::as_array) {
            return Self::read_branches(branches, names);
        }
        match schema.get("type") {
            Some(Value::String(kind)) => Self::read_kind(kind, schema, names),
            Some(Value::Array(kinds)) => {
                let kinds = kinds.iter().map(|kind| kind.as_str().ok_or("a type that is no word"));
                let shapes: Vec<_> =
                    kinds.map(|kind| Self::read_kind(kind?, schema, names)).collect::<Result<_, _>>()?;
                Ok(Self::Either(shapes))
            }
            Some(_) | None => Err("no type"),
        }
    }

    /// The words, if it is one of several words.
    pub fn words(&self) -> Option<&Vec<String>> {
        if let Self::Word(words) = self { Some(words) } else { None }
    }

    fn read_branches(branches: &[Value], names: &mut BTreeSet<String>) -> Result<Self, &'static str> {
        let shapes: Vec<_> = branches.iter().map(|branch| Self::read(branch, names)).collect::<Result<_, _>>()?;
        let objects: Vec<_> = shapes.iter().filter(|shape| matches!(shape, Self::Object(_))).collect();
        match objects.len() {
            0 | 1 => Ok(Self::Either(shapes)),
            many if many == shapes.len() => Self::tagged(&shapes),
            _ => Err("objects and other shapes under one oneOf"),
        }
    }

    /// Several objects can be told apart if each has the same field with one word of its own.
    fn tagged(shapes: &[Self]) -> Result<Self, &'static str> {
        let fields: Vec<_> = shapes.iter().filter_map(Self::fields).collect();
        let word = |fields: &BTreeMap<String, Field>, name: &str| match fields.get(name).map(|field| &field.shape) {
            Some(Self::Word(words)) if words.len() == 1 => words.first().cloned(),
            Some(_) | None => None,
        };
        let first = fields.first().ok_or("no objects")?;
        let tag = first.keys().find(|name| fields.iter().all(|fields| word(fields, name).is_some()));
        let tag = tag.ok_or("objects that no field tells apart")?.clone();
        let variants: BTreeMap<_, _> =
            fields.iter().filter_map(|fields| Some((word(fields, &tag)?, (*fields).clone()))).collect();
        if variants.len() < fields.len() {
            return Err("objects that no field tells apart");
        }
        Ok(Self::Tagged { tag, variants })
    }

    fn fields(&self) -> Option<&BTreeMap<String, Field>> {
        if let Self::Object(fields) = self { Some(fields) } else { None }
    }

    fn read_kind(kind: &str, schema: &Value, names: &mut BTreeSet<String>) -> Result<Self, &'static str> {
        let size = |word: &str| schema.get(word).and_then(Value::as_u64).and_then(|size| usize::try_from(size).ok());
        match kind {
            "object" => Self::read_object(schema, names),
            "array" => Ok(Self::List {
                items: Box::new(Self::read(schema.get("items").ok_or("a list of anything")?, names)?),
                min: size("minItems").unwrap_or(0),
                max: size("maxItems").ok_or("a list without maxItems")?,
            }),
            "string" => Self::read_text(schema, size("minLength").unwrap_or(0), size("maxLength")),
            "integer" => {
                let bound = |word: &str| schema.get(word).and_then(Value::as_i64);
                let (low, high) = match schema.get("format").and_then(Value::as_str) {
                    Some("int32") => (i64::from(i32::MIN), i64::from(i32::MAX)),
                    Some(_) | None => (i64::MIN, i64::MAX),
                };
                Ok(Self::Integer { min: bound("minimum").unwrap_or(low), max: bound("maximum").unwrap_or(high) })
            }
            "boolean" => Ok(Self::Boolean),
            "null" => Ok(Self::Null),
            _ => Err("a type that is not enforced"),
        }
    }

    fn read_object(schema: &Value, names: &mut BTreeSet<String>) -> Result<Self, &'static str> {
        if schema.get("additionalProperties") != Some(&Value::Bool(false)) {
            return Err("an object without additionalProperties: false");
        }
        let required: BTreeSet<_> =
            schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        let properties = schema.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
        let fields = properties.iter().map(|(name, schema)| {
            let shape = Self::read(schema, names)?;
            Ok((name.clone(), Field { shape, required: required.contains(name.as_str()) }))
        });
        fields.collect::<Result<_, _>>().map(Self::Object)
    }

    fn read_text(schema: &Value, min: usize, max: Option<usize>) -> Result<Self, &'static str> {
        if let Some(words) = schema.get("enum").and_then(Value::as_array) {
            let words = words.iter().map(|word| word.as_str().map(str::to_owned).ok_or("an enum of other than words"));
            return words.collect::<Result<_, _>>().map(Self::Word);
        }
        match schema.get("format").and_then(Value::as_str) {
            Some("date") => Ok(Self::Date),
            Some("date-time") => Ok(Self::Moment),
            Some("uuid") => Ok(Self::Id),
            Some(_) => Err("a format that is not enforced"),
            None => Ok(Self::Text { min, max: max.ok_or("a text without maxLength")? }),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(schema: &Value) -> Result<Shape, &'static str> {
        Shape::read(schema, &mut BTreeSet::new())
    }

    #[test]
    fn what_cannot_be_enforced_is_refused() {
        for schema in [
            json!({}),
            json!({"type": "object", "properties": {}}),
            json!({"type": "string", "maxLength": 5, "pattern": "^a"}),
            json!({"type": "string", "format": "email"}),
            json!({"type": "string"}),
            json!({"type": "array", "items": {"type": "boolean"}}),
            json!({"type": "number"}),
            json!({"allOf": []}),
            json!({"$ref": "https://elsewhere.example/schema"}),
        ] {
            assert!(read(&schema).is_err(), "{schema}");
        }
    }

    #[test]
    fn objects_under_one_of_are_told_apart_by_a_field() {
        let object = |state: &str| {
            json!({"type": "object", "additionalProperties": false, "required": ["state"],
                "properties": {"state": {"type": "string", "enum": [state]}}})
        };
        let shape = read(&json!({"oneOf": [object("open"), object("shut")]})).unwrap();
        let Shape::Tagged { tag, variants } = shape else { panic!("{shape:?}") };
        assert_eq!(
            (tag.as_str(), variants.keys().map(String::as_str).collect::<Vec<_>>()),
            ("state", vec!["open", "shut"])
        );
        assert!(read(&json!({"oneOf": [object("open"), object("open")]})).is_err());
    }

    #[test]
    fn a_named_schema_brings_what_it_refers_to() {
        let components = json!({
            "Child": {"type": "object", "additionalProperties": false, "properties": {"sibling": {"$ref": "#/components/schemas/Child"}}},
            "Body": {"type": "object", "additionalProperties": false, "properties": {"child": {"$ref": "#/components/schemas/Child"}}},
        });
        let mut shapes = Shapes::new();
        read_named("Body", components.as_object().unwrap(), &mut shapes).unwrap();
        assert_eq!(shapes.keys().collect::<Vec<_>>(), ["Body", "Child"]);
        assert!(read_named("Gone", components.as_object().unwrap(), &mut shapes).is_err());
    }
}
