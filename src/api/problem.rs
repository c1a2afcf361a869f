//! The one place where errors become problems (RFC 9457). Every 4xx and 5xx leaves the service in this form.
//!
//! Invariant: texts are ours. Nothing that a caller sent, and no text of a parser or the database, is repeated.

pub mod kind;

use std::fmt;

use actix_web::{HttpResponse, ResponseError, http::StatusCode};
use serde::Serialize;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, schema::Schema},
};
use uuid::Uuid;

use self::kind::Kind;
use super::language::{Language, Text};

/// Where a fault lies.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spot {
    /// In the body, at this JSON pointer (RFC 6901).
    Body(String),
    /// In the query, at this key.
    Query(String),
    /// In a header.
    Header(&'static str),
}

/// One fault of a request: where, which, and in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where it lies.
    pub spot: Spot,
    /// Its code: a word that stands in the source.
    pub code: &'static str,
    /// What is wrong and what is right, without the value that was sent.
    pub detail: Text,
}

impl Fault {
    /// A fault in the body, at a JSON pointer such as `/children/0/age`.
    pub fn at(pointer: impl Into<String>, code: &'static str, detail: Text) -> Self {
        Self { spot: Spot::Body(pointer.into()), code, detail }
    }
}

/// What went wrong, before it is put into words for a caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    kind: Kind,
    detail: Option<Text>,
    faults: Vec<Fault>,
    /// Headers that belong to it.
    headers: Vec<(&'static str, String)>,
}

impl Problem {
    /// A problem of this type, in the words of the type.
    pub fn new(kind: Kind) -> Self {
        Self { kind, detail: None, faults: Vec::new(), headers: Vec::new() }
    }

    /// Input that breaks the schema or does not make sense, with all its faults.
    pub fn invalid(faults: Vec<Fault>) -> Self {
        Self { faults, ..Self::new(Kind::InvalidInput) }
    }

    /// Nothing there, or nothing that the caller may know of: one answer for both.
    pub fn not_found() -> Self {
        Self::new(Kind::NotFound)
    }

    /// Says more than the words of the type do.
    #[must_use]
    pub fn detail(mut self, detail: Text) -> Self {
        self.detail = Some(detail);
        self
    }

    /// Adds the single faults or findings behind it.
    #[must_use]
    pub fn because(mut self, faults: impl IntoIterator<Item = Fault>) -> Self {
        self.faults.extend(faults);
        self
    }

    /// Adds a header that belongs to it, such as `WWW-Authenticate`.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Its type.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Its faults.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// The answer to this call.
    pub fn answer(&self, call: &Answering<'_>) -> HttpResponse {
        let mut response = HttpResponse::build(self.kind.status());
        for (name, value) in &self.headers {
            response.insert_header((*name, value.as_str()));
        }
        response
            .insert_header(("Content-Language", call.language.tag()))
            .content_type("application/problem+json")
            .body(serde_json::to_vec(&self.document(call)).unwrap_or_default())
    }

    fn document(&self, call: &Answering<'_>) -> ProblemDocument {
        let text = |text: &Text| text.in_language(call.language).to_owned();
        ProblemDocument {
            kind: format!("{}/problems/{}", call.public_url, self.kind.slug()),
            title: text(&self.kind.title()),
            status: self.kind.status().as_u16(),
            detail: text(self.detail.as_ref().unwrap_or(&self.kind.detail())),
            instance: format!("urn:uuid:{}", call.instance),
            trace_id: call.trace_id.to_owned(),
            errors: self.faults.iter().map(|fault| ProblemError::new(fault, call.language)).collect(),
        }
    }
}

/// What an answer needs to know of the call it answers.
#[derive(Clone, Copy, Debug)]
pub struct Answering<'a> {
    /// The language asked for.
    pub language: Language,
    /// The service's own address, without a slash at its end.
    pub public_url: &'a str,
    /// The trace of the call.
    pub trace_id: &'a str,
    /// A new id for this one problem.
    pub instance: Uuid,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.slug())
    }
}

/// A handler returns a problem; the envelope around all handlers puts it into words with [`Problem::answer`].
impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.kind.status()
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

/// What went wrong (RFC 9457).
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ProblemDocument {
    /// Address of the page about this type of problem.
    #[serde(rename = "type")]
    #[schema(format = "uri", examples("https://omm.example/problems/not-found"))]
    kind: String,
    /// Short title of the type.
    title: String,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What it means and what to do.
    detail: String,
    /// Names this one problem.
    #[schema(format = "uri")]
    instance: String,
    /// The trace of the call; quote it when you ask about the problem.
    trace_id: String,
    /// Every fault, or every finding behind a refusal.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    errors: Vec<ProblemError>,
}

/// One fault, or one finding behind a refusal.
#[derive(Serialize, ToSchema)]
struct ProblemError {
    /// Where in the body (RFC 6901).
    #[serde(skip_serializing_if = "Option::is_none")]
    pointer: Option<String>,
    /// Where else: `query` or `header`.
    #[serde(rename = "in", skip_serializing_if = "Option::is_none")]
    place: Option<&'static str>,
    /// The name of the parameter there.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// The code of the fault.
    code: &'static str,
    /// The fault in words.
    detail: String,
}

impl ProblemError {
    fn new(fault: &Fault, language: Language) -> Self {
        let (pointer, place, name) = match &fault.spot {
            Spot::Body(pointer) => (Some(pointer.clone()), None, None),
            Spot::Query(name) => (None, Some("query"), Some(name.clone())),
            Spot::Header(name) => (None, Some("header"), Some((*name).to_owned())),
        };
        Self { pointer, place, name, code: fault.code, detail: fault.detail.in_language(language).to_owned() }
    }
}

/// In the contract a problem is what the caller reads.
impl PartialSchema for Problem {
    fn schema() -> RefOr<Schema> {
        ProblemDocument::schema()
    }
}

impl ToSchema for Problem {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((ProblemError::name().into_owned(), ProblemError::schema()));
        ProblemDocument::schemas(schemas);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn answering(language: Language) -> Answering<'static> {
        Answering { language, public_url: "https://omm.example", trace_id: "0af7", instance: Uuid::nil() }
    }

    #[test]
    fn every_type_has_its_own_slug_and_words_in_both_languages() {
        let slugs: BTreeSet<_> = Kind::ALL.iter().map(|kind| kind.slug()).collect();
        assert_eq!(slugs.len(), Kind::ALL.len());
        for (position, kind) in Kind::ALL.into_iter().enumerate() {
            assert_eq!(kind as usize, position);
            assert_eq!(Kind::of_slug(kind.slug()), Some(kind));
            assert!(kind.status().is_client_error() || kind.status().is_server_error());
            for text in [kind.title(), kind.detail()] {
                assert!(!text.nl.is_empty() && text.nl != text.en, "{kind:?}");
            }
        }
    }

    #[test]
    fn a_problem_reads_as_rfc_9457_asks() {
        let problem = Problem::invalid(vec![
            Fault::at("/children/0/age", "out_of_range", Text::fixed("te hoog", "too high")),
            Fault { spot: Spot::Query("state".into()), code: "missing", detail: Text::fixed("ontbreekt", "missing") },
        ]);
        let document = serde_json::to_value(problem.document(&answering(Language::En))).unwrap();
        assert_eq!(
            document,
            serde_json::json!({
                "type": "https://omm.example/problems/invalid-input",
                "title": "The input is not valid",
                "status": 400,
                "detail": "Nothing was stored. Each fault stands under `errors`; repair them all and try again.",
                "instance": "urn:uuid:00000000-0000-0000-0000-000000000000",
                "traceId": "0af7",
                "errors": [
                    {"pointer": "/children/0/age", "code": "out_of_range", "detail": "too high"},
                    {"in": "query", "name": "state", "code": "missing", "detail": "missing"},
                ],
            })
        );
        let dutch = serde_json::to_value(problem.document(&answering(Language::Nl))).unwrap();
        assert_eq!(dutch["title"], "De invoer klopt niet");
    }
}
