//! The contract: one list of operations is registered with the server and written into the document, so that neither
//! holds an operation that the other lacks. What every operation has in common is added here, once.

mod names;
mod references;

use std::collections::{BTreeMap, BTreeSet};

use actix_web::{dev::HttpServiceFactory, web::ServiceConfig};
use serde_json::{Map, Value, json};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{Info, OpenApi, Paths, schema::Components},
};

use super::{
    API_VERSION,
    problem::Problem,
    shape::{self, Field, NotEnforceable, Shape, Shapes},
};
use crate::domain::{purpose::legal_bases, role::Permission};

/// A text of a request that states no limit of its own holds so many characters.
const TEXT_MAX: u64 = 4000;
/// A list of a request that states no limit of its own holds so many items.
const LIST_MAX: u64 = 100;

/// Collects operations: always for the document, and for the server where there is one.
pub struct Operations<'c> {
    document: OpenApi,
    config: Option<&'c mut ServiceConfig>,
}

impl<'c> Operations<'c> {
    /// An empty list, registered with `config` if given.
    pub fn new(config: Option<&'c mut ServiceConfig>) -> Self {
        let mut document = OpenApi::new(Info::new("OMM Placement", API_VERSION), Paths::new());
        document.components = Some(Components::new());
        Self { document, config }
    }

    /// Opens one operation: the handler and its `#[utoipa::path]` are the same item.
    // utoipa keeps the two traits by which its own derive collects schemas and tags in `__dev`.
    pub fn open<H>(&mut self, handler: H)
    where
        H: HttpServiceFactory
            + utoipa::Path
            + utoipa::__dev::SchemaReferences
            + for<'t> utoipa::__dev::Tags<'t>
            + 'static,
    {
        let mut operation = H::operation();
        let tags = <H as utoipa::__dev::Tags<'_>>::tags();
        operation.tags = Some(tags.into_iter().map(str::to_owned).collect());
        self.document.paths.add_path_operation(H::path(), H::methods(), operation);
        let mut schemas = Vec::new();
        H::schemas(&mut schemas);
        if let Some(components) = &mut self.document.components {
            components.schemas.extend(schemas);
        }
        if let Some(config) = self.config.as_deref_mut() {
            config.service(handler);
        }
    }

    /// The finished document.
    pub fn document(mut self) -> Value {
        let mut schemas = vec![(Problem::name().into_owned(), Problem::schema())];
        Problem::schemas(&mut schemas);
        if let Some(components) = &mut self.document.components {
            components.schemas.extend(schemas);
        }
        let mut document = serde_json::to_value(&self.document).unwrap_or_default();
        set(&mut document, &["openapi"], json!("3.1.0"));
        set(&mut document, &["info"], about());
        set(&mut document, &["servers"], json!([{"url": "/v1"}]));
        set(&mut document, &["components", "securitySchemes", "bearer"], bearer());
        operations_mut(&mut document).for_each(describe_parameters);
        operations_mut(&mut document).for_each(add_what_all_have);
        names::rename(&mut document);
        references::refer(&mut document);
        set_limits(&mut document);
        document
    }
}

fn about() -> Value {
    json!({
        "title": "OMM Placement",
        "version": API_VERSION,
        "description": include_str!("contract.md"),
        "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        "contact": {
            "name": "OMM Placement product team",
            "url": "https://omm.example/contact",
            "email": "api@omm.example",
        },
    })
}

fn bearer() -> Value {
    json!({
        "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
        "description": "Access token (RFC 9068) with role and organisation. The permission of an operation stands with it.",
    })
}

/// Puts `value` at a place in an object, making the objects on the way.
fn set(part: &mut Value, at: &[&str], value: Value) {
    if !part.is_object() {
        *part = json!({});
    }
    if let (Some((name, rest)), Some(object)) = (at.split_first(), part.as_object_mut()) {
        let place = object.entry(*name).or_insert(Value::Null);
        if rest.is_empty() { *place = value } else { set(place, rest, value) }
    }
}

fn operations_mut(document: &mut Value) -> impl Iterator<Item = &mut Value> {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    paths.into_iter().flat_map(Map::values_mut).filter_map(Value::as_object_mut).flat_map(|item| {
        item.iter_mut().filter(|(name, _)| METHODS.contains(&name.as_str())).map(|(_, operation)| operation)
    })
}

const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];

/// The permission that an operation asks for: its purpose is the processing activity it belongs to, as the trail names it.
fn permission(operation: &Value) -> Option<Permission> {
    let asked = operation.pointer("/security/0/bearer/0").and_then(Value::as_str)?;
    Permission::ALL.into_iter().find(|permission| permission.as_str() == asked)
}

/// Purpose and legal grounds, the version header on every success, and the problems that any operation can answer with.
fn add_what_all_have(operation: &mut Value) {
    if let Some(permission) = permission(operation) {
        set(operation, &["x-purpose"], json!(permission.purpose()));
        set(operation, &["x-legal-basis"], json!(legal_bases(permission)));
    }
    let has_input = operation.get("parameters").is_some() || operation.get("requestBody").is_some();
    let has_body = operation.get("requestBody").is_some();
    let parameters = operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
    let is_act =
        parameters.into_iter().any(|parameter| parameter.get("name").is_some_and(|name| name == "Idempotency-Key"));
    let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else { return };
    for (status, response) in responses.iter_mut() {
        if response.get("description").is_none_or(|text| text == "") {
            set(response, &["description"], json!(meaning(status)));
        }
        if status.starts_with(['4', '5']) {
            set(response, &["content"], problem());
        } else {
            let header =
                json!({"description": "Full version of the API.", "required": true, "schema": {"type": "string"}});
            set(response, &["headers", "API-Version"], header);
        }
    }
    let mut add = |status: &str, description: &str| {
        responses.entry(status).or_insert_with(|| json!({"description": description, "content": problem()}));
    };
    if has_input {
        add("400", "The input is not valid; every fault is named.");
    }
    add("401", "No token, or one that is not accepted.");
    add("403", "The role may not do this.");
    add("406", "Only JSON can be delivered.");
    if has_body {
        add("413", "The body is larger than 256 KiB.");
        add("415", "The body is no JSON.");
    }
    if is_act {
        add("409", "The present state does not allow it, or the same request is being worked on.");
        add("422", "The idempotency key came with another request before.");
    }
    add("500", "Something broke in the service.");
    add("503", "The service cannot work for now.");
}

/// What a status means where the operation says no more about it.
fn meaning(status: &str) -> &'static str {
    match status {
        "200" => "What was asked for.",
        "201" => "It was made.",
        "204" => "It was done.",
        "304" => "Nothing has changed.",
        "404" => "Nothing there, or nothing that the caller may know of.",
        "409" => "The state does not allow it.",
        _ => "See the type of the problem.",
    }
}

fn problem() -> Value {
    json!({"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}})
}

/// A parameter without words of its own is one of the ids in the path: `referralId` says which referral.
fn describe_parameters(operation: &mut Value) {
    for parameter in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
        let name = parameter.get("name").and_then(Value::as_str).unwrap_or_default();
        if parameter.get("description").is_none() {
            let words = format!("Which {}.", name.trim_end_matches("Id"));
            set(parameter, &["description"], json!(words));
        }
    }
}

/// Gives each text and list that a request can hold a limit, and says of each object that it takes no other fields, in
/// the published schema itself.
fn set_limits(document: &mut Value) {
    let mut names = BTreeSet::new();
    let mut found: Vec<String> = Vec::new();
    for operation in operations_mut(document) {
        for input in ["requestBody", "parameters"] {
            if let Some(input) = operation.get_mut(input) {
                limit(input, &mut found);
            }
        }
    }
    while let Some(name) = found.pop() {
        if let Some(schema) = document.pointer_mut(&format!("/components/schemas/{name}"))
            && names.insert(name)
        {
            limit(schema, &mut found);
        }
    }
}

fn limit(part: &mut Value, found: &mut Vec<String>) {
    if let Some(name) = part.get("$ref").and_then(Value::as_str).and_then(|at| at.strip_prefix("#/components/schemas/"))
    {
        found.push(name.to_owned());
    }
    let is = |part: &Value, kind: &str| {
        part.get("type")
            .is_some_and(|at| at == kind || at.as_array().is_some_and(|kinds| kinds.iter().any(|at| at == kind)))
    };
    let is_open_text = is(part, "string") && part.get("enum").is_none() && part.get("format").is_none();
    let is_list = is(part, "array");
    let is_open_object = is(part, "object") && part.get("additionalProperties").is_none();
    match part {
        Value::Object(object) => {
            if is_open_object {
                object.insert("additionalProperties".to_owned(), json!(false));
            }
            if is_open_text {
                object.entry("maxLength").or_insert(json!(TEXT_MAX));
            }
            if is_list {
                object.entry("maxItems").or_insert(json!(LIST_MAX));
            }
            object.values_mut().for_each(|part| limit(part, found));
        }
        Value::Array(list) => list.iter_mut().for_each(|part| limit(part, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A document as a text for people and for comparison.
pub fn text(document: &Value) -> String {
    format!("{document:#}\n")
}

/// The contract as the service enforces it.
#[derive(Debug)]
pub struct Contract {
    /// The document, as it is served.
    pub json: String,
    /// The shapes of request bodies, by name of their schema.
    pub shapes: Shapes,
    /// Per path the methods that exist, and the query that each takes.
    paths: BTreeMap<String, BTreeMap<String, Shape>>,
}

impl Contract {
    /// Takes in the document; refuses one that holds a schema that cannot be enforced.
    pub fn read(document: &Value) -> Result<Self, NotEnforceable> {
        let empty = Map::new();
        let components = document.pointer("/components/schemas").and_then(Value::as_object).unwrap_or(&empty);
        let (mut shapes, mut paths) = (Shapes::new(), BTreeMap::new());
        for (path, item) in document.get("paths").and_then(Value::as_object).into_iter().flatten() {
            let mut methods = BTreeMap::new();
            for (method, operation) in item.as_object().into_iter().flatten() {
                let mut names = BTreeSet::new();
                let fault = |why| NotEnforceable { place: format!("{method} {path}"), why };
                if let Some(body) = operation.pointer("/requestBody/content/application~1json/schema") {
                    Shape::read(body, &mut names).map_err(fault)?;
                }
                methods.insert(method.to_uppercase(), query_of(operation, &mut names).map_err(fault)?);
                names.iter().try_for_each(|name| shape::read_named(name, components, &mut shapes))?;
            }
            paths.insert(path.clone(), methods);
        }
        Ok(Self { json: text(document), shapes, paths })
    }

    /// The query of the operation behind a route such as `/v1/places/{placeId}`.
    pub fn query(&self, method: &str, route: &str) -> Option<&Shape> {
        self.paths.get(route.strip_prefix("/v1")?)?.get(method)
    }

    /// The methods of a path such as `/v1/places/7c6c…`, where the path exists.
    pub fn methods(&self, path: &str) -> Option<Vec<&str>> {
        let path = path.strip_prefix("/v1")?;
        let fits = |template: &str| {
            let (mut left, mut right) = (template.split('/'), path.split('/'));
            loop {
                match (left.next(), right.next()) {
                    (None, None) => return true,
                    (Some(name), Some(part)) if name == part || (name.starts_with('{') && !part.is_empty()) => {}
                    (_, _) => return false,
                }
            }
        };
        let exact = self.paths.get_key_value(path);
        let (_, methods) = exact.or_else(|| self.paths.iter().find(|(template, _)| fits(template)))?;
        Some(methods.keys().map(String::as_str).collect())
    }
}

/// The query of one operation as an object, so that one check serves bodies and queries.
fn query_of(operation: &Value, names: &mut BTreeSet<String>) -> Result<Shape, &'static str> {
    let parameters = operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
    let mut fields = BTreeMap::new();
    for parameter in parameters.filter(|parameter| parameter.get("in").is_some_and(|at| at == "query")) {
        let name = parameter.get("name").and_then(Value::as_str).ok_or("a parameter without a name")?;
        let shape = Shape::read(parameter.get("schema").ok_or("a parameter without a schema")?, names)?;
        let required = parameter.get("required") == Some(&Value::Bool(true));
        fields.insert(name.to_owned(), Field { shape, required });
    }
    Ok(Shape::Object(fields))
}
