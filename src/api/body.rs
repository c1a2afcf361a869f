//! What callers send, read strictly: [`Body`] and [`Query`]. Everything that can be said about a request is said at once.
//!
//! A handler gets a typed value only through [`Body::parse`] or [`Body::plain`]; after that nobody checks a string again.

use std::{collections::BTreeSet, marker::PhantomData};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, web};
use futures_util::{StreamExt, future::LocalBoxFuture};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::future::{Ready, ready};
use utoipa::ToSchema;

use super::{
    Gate, check,
    contract::Contract,
    language::Text,
    problem::{Fault, Problem, Spot, kind::Kind},
    shape::{Shape, Shapes},
    strict_json::{self, NotJson, StrictJson},
};

/// No body of the contract comes near; a larger one is an attack or a mistake.
const BODY_BYTES_MAX: usize = 256 * 1024;

/// A JSON body that was held against the published schema of `T`.
#[derive(Debug)]
pub struct Body<T> {
    text: web::Bytes,
    value: Value,
    kind: Kind,
    faults: Vec<Fault>,
    is: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned> Body<T> {
    /// Turns the body into a command. `read` names every fault of meaning; they are told together with those of form.
    pub fn parse<C>(self, read: impl FnOnce(T) -> Result<C, Vec<Fault>>) -> Result<C, Problem> {
        if self.faults.is_empty() {
            return typed(self.value).and_then(read).map_err(Problem::invalid);
        }
        // What is left without the faulty fields may have faults of meaning; they belong in the same answer.
        let more = legible(without(self.value, &self.faults)).map(read);
        let known: BTreeSet<_> = self.faults.iter().map(|fault| fault.spot.clone()).collect();
        let more = more.and_then(Result::err).unwrap_or_default();
        let more = more.into_iter().filter(|fault| !known.contains(&fault.spot));
        Err(Problem::new(self.kind).because(self.faults.clone()).because(more))
    }

    /// The body as it is, where form is all that can be wrong with it.
    pub fn plain(self) -> Result<T, Problem> {
        self.parse(Ok)
    }
}

/// Fits the shape, so it can be read; if not, schema and type differ, and the caller learns the place all the same.
fn typed<T: DeserializeOwned>(value: Value) -> Result<T, Vec<Fault>> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let mut at = String::new();
        for segment in error.path() {
            at = strict_json::pointer(&at, &segment.to_string().replace(['[', ']'], ""));
        }
        let detail = Text::fixed("Deze waarde kan niet worden gelezen.", "This value cannot be read.");
        vec![Fault::at(at, "unreadable", detail)]
    })
}

/// The body without what is faulty: a field at the top goes; one below it becomes "unknown", which every fact may be, so
/// that what stands beside it can still be read.
fn without(mut value: Value, faults: &[Fault]) -> Value {
    let Value::Object(object) = &mut value else { return value };
    for fault in faults {
        let Spot::Body(pointer) = &fault.spot else { continue };
        let mut steps = pointer.split('/').skip(1);
        let top = steps.next().unwrap_or_default();
        let below = steps.next().and_then(|name| object.get_mut(top)?.as_object_mut().map(|fields| (fields, name)));
        match below {
            Some((fields, name)) if fault.code == "unknown_field" && steps.next().is_none() => {
                drop(fields.remove(name));
            }
            Some((fields, name)) => {
                if let Some(faulty) = fields.get_mut(name) {
                    *faulty = Value::from("unknown");
                }
            }
            None => drop(object.remove(top)),
        }
    }
    value
}

/// As much of a body as can be read: where a field at the top cannot, it goes too.
fn legible<T: DeserializeOwned>(mut value: Value) -> Option<T> {
    loop {
        let faults = match typed(value.clone()) {
            Ok(read) => return Some(read),
            Err(faults) => faults,
        };
        let Spot::Body(pointer) = &faults.first()?.spot else { return None };
        value.as_object_mut()?.remove(pointer.split('/').nth(1)?)?;
    }
}

impl<T: DeserializeOwned + ToSchema + 'static> FromRequest for Body<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let gate = request.app_data::<web::Data<Gate>>().ok_or_else(|| Problem::new(Kind::InternalError))?;
            if !is_json(&request) {
                return Err(Problem::new(Kind::UnsupportedMediaType));
            }
            let arrived = tokio::time::timeout(gate.body_within(), arriving(&mut payload)).await;
            let bytes = arrived.map_err(|_| Problem::new(Kind::RequestTimeout))??;
            Self::of_text(bytes.freeze(), gate.contract())
        })
    }
}

/// The bytes of a body, as long as there are not too many.
async fn arriving(payload: &mut Payload) -> Result<web::BytesMut, Problem> {
    let mut bytes = web::BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| malformed(1))?;
        if bytes.len() + chunk.len() > BODY_BYTES_MAX {
            return Err(Problem::new(Kind::BodyTooLarge));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

impl<T: ToSchema> Body<T> {
    /// A body that lies in a file, held against the schema of `contract`.
    pub fn of_file(text: &[u8], contract: &Contract) -> Result<Self, Problem> {
        Self::of_text(web::Bytes::copy_from_slice(text), contract)
    }

    fn of_text(text: web::Bytes, contract: &Contract) -> Result<Self, Problem> {
        let read = strict_json::read(&text).map_err(not_json)?;
        Ok(Self::checked(text, read, &Shape::Named(T::name().into_owned()), &contract.shapes))
    }
}

impl<T> Body<T> {
    /// The body as it was sent.
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    fn checked(text: web::Bytes, read: StrictJson, shape: &Shape, shapes: &Shapes) -> Self {
        let twice = Text::fixed("Deze sleutel staat er dubbel in.", "This key stands there twice.");
        let duplicates = read.duplicates.iter().map(|at| Fault::at(at.clone(), "duplicate_key", twice.clone()));
        let faults: Vec<_> = duplicates.chain(check::faults(shape, shapes, &read.value)).collect();
        let kind = if read.duplicates.is_empty() { Kind::InvalidInput } else { Kind::DuplicateKey };
        Self { text, value: read.value, kind, faults, is: PhantomData }
    }
}

/// `application/json`, in UTF-8 where it says in what.
fn is_json(request: &HttpRequest) -> bool {
    let media_type = request.content_type();
    let charset = request.headers().get("content-type").and_then(|value| value.to_str().ok()).and_then(|value| {
        value
            .split(';')
            .skip(1)
            .find_map(|part| part.trim().to_ascii_lowercase().strip_prefix("charset=").map(str::to_owned))
    });
    media_type.eq_ignore_ascii_case("application/json")
        && charset.is_none_or(|charset| charset.trim_matches('"') == "utf-8")
}

fn not_json(reason: NotJson) -> Problem {
    match reason {
        NotJson::Malformed(line) => malformed(line),
        NotJson::TooDeep => {
            let detail = Text::fixed("De inhoud is te diep genest.", "The body is nested too deeply.");
            Problem::new(Kind::MalformedJson).because([Fault::at("", "too_deep", detail)])
        }
    }
}

fn malformed(line: usize) -> Problem {
    let detail = Text::made(format!("Hier houdt het op, in regel {line}."), format!("It stops here, in line {line}."));
    Problem::new(Kind::MalformedJson).because([Fault::at("", "malformed", detail)])
}

/// The query of an operation, held against its published parameters. `T` has one field per parameter.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Query<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(read_query(request).and_then(|value| {
            let value = serde_json::from_value(value).map(Self);
            value.map_err(|_| Problem::new(Kind::InvalidInput))
        }))
    }
}

/// Refuses keys on an operation that takes no query, and every fault in one that does.
pub fn read_query(request: &HttpRequest) -> Result<Value, Problem> {
    let gate = request.app_data::<web::Data<Gate>>().ok_or_else(|| Problem::new(Kind::InternalError))?;
    let route = request.match_pattern().unwrap_or_default();
    let none = Shape::Object(std::collections::BTreeMap::new());
    let shape = gate.contract().query(request.method().as_str(), &route).unwrap_or(&none);
    let pairs = web::Query::<Vec<(String, String)>>::from_query(request.query_string());
    let pairs = pairs.map_err(|_| Problem::new(Kind::UnknownParameter))?.into_inner();
    let (mut object, mut faults) = (Map::new(), Vec::new());
    for (name, text) in pairs {
        let value = of_text(shape, &gate.contract().shapes, &name, text);
        if object.insert(name.clone(), value).is_some() {
            let detail = Text::fixed("Deze parameter staat er dubbel in.", "This parameter stands there twice.");
            faults.push(Fault::at(strict_json::pointer("", &name), "duplicate_key", detail));
        }
    }
    let object = Value::Object(object);
    faults.extend(check::faults(shape, &gate.contract().shapes, &object));
    if faults.is_empty() {
        return Ok(object);
    }
    let is_unknown = faults.iter().any(|fault| fault.code == "unknown_field");
    let kind = if is_unknown { Kind::UnknownParameter } else { Kind::InvalidInput };
    Err(Problem::new(kind).because(faults.into_iter().map(in_query)))
}

/// A query holds texts only: one that stands where a number or a truth value belongs is read as such.
fn of_text(shape: &Shape, shapes: &Shapes, name: &str, text: String) -> Value {
    let Shape::Object(fields) = shape else { return Value::String(text) };
    let fits = |value: &Value| {
        fields.get(name).is_some_and(|field| {
            !check::faults(&field.shape, shapes, value).iter().any(|fault| fault.code == "wrong_type")
        })
    };
    let number = text.parse::<i64>().map(Value::from).ok().filter(&fits);
    let truth = text.parse::<bool>().map(Value::from).ok().filter(&fits);
    number.or(truth).unwrap_or(Value::String(text))
}

fn in_query(fault: Fault) -> Fault {
    match fault.spot {
        Spot::Body(pointer) => {
            Fault { spot: Spot::Query(pointer.split('/').nth(1).unwrap_or_default().to_owned()), ..fault }
        }
        Spot::Query(_) | Spot::Header(_) => fault,
    }
}
