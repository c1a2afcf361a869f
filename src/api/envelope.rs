//! What surrounds every call: its trace, its language, who calls, the headers of every answer, one log line, and the
//! words of a problem. A panic behind it becomes a 500 like any other.
//!
//! Invariant: the log line holds the route, never the address that was asked for, and nothing of what was sent.

use std::{panic::AssertUnwindSafe, time::Instant};

use actix_web::{
    Error, HttpMessage, HttpResponse, ResponseError,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::{
        StatusCode,
        header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
    web::Data,
};
use futures_util::FutureExt;

use super::{
    API_VERSION, Gate, auth,
    language::Language,
    problem::{Answering, Problem, kind::Kind},
    trace::Trace,
};

/// What is kept of a call while it runs.
struct Kept {
    gate: Data<Gate>,
    trace: Trace,
    language: Language,
    operation: String,
    is_page: bool,
    started: Instant,
}

/// Wraps every call.
pub async fn envelope(
    gate: Data<Gate>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse, Error> {
    let kept = Kept::of(gate, &request);
    request.extensions_mut().insert(kept.trace.clone());
    if !kept.is_page && !accepts_json(&request) {
        let answer = kept.answer(&Problem::new(Kind::NotAcceptable));
        return Ok(request.into_response(answer));
    }
    let call = async {
        let caller = auth::identify(&kept.gate, request.headers()).await;
        request.extensions_mut().insert(caller);
        next.call(request).await
    };
    match AssertUnwindSafe(call).catch_unwind().await {
        Ok(Ok(response)) => Ok(kept.finish(response)),
        // No request is left to answer to: the finished answer travels as an error to the server.
        Ok(Err(error)) => Err(Finished(kept, problem_of(&error)).into()),
        Err(_) => Err(Finished(kept, Problem::new(Kind::InternalError)).into()),
    }
}

impl Kept {
    fn of(gate: Data<Gate>, request: &ServiceRequest) -> Self {
        let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
        let method = match request.method().as_str() {
            known @ ("GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS") => known,
            _ => "OTHER",
        };
        Self {
            trace: Trace::of(header("traceparent"), || gate.ids().next_uuid()),
            language: Language::asked(header("accept-language")),
            operation: format!("{method} {}", request.match_pattern().as_deref().unwrap_or("unknown")),
            is_page: ["/docs", "/problems"].iter().any(|page| request.path().starts_with(page)),
            started: Instant::now(),
            gate,
        }
    }

    fn finish<B: MessageBody + 'static>(&self, response: ServiceResponse<B>) -> ServiceResponse {
        if let Some(error) = response.response().error() {
            let answer = self.answer(&problem_of(error));
            return response.into_response(answer);
        }
        let status = response.status();
        let is_problem = response.headers().get("content-type").is_some_and(|kind| kind == "application/problem+json");
        if (status.is_client_error() || status.is_server_error()) && !is_problem {
            let answer = self.answer(&problem_with(status));
            return response.into_response(answer);
        }
        let mut response = response.map_into_boxed_body();
        self.sign(response.headers_mut());
        self.log(status);
        response
    }

    fn answer(&self, problem: &Problem) -> HttpResponse {
        let mut response = problem.answer(&Answering {
            language: self.language,
            public_url: self.gate.public_url(),
            trace_id: self.trace.id(),
            instance: self.gate.ids().next_uuid(),
        });
        self.sign(response.headers_mut());
        self.log(response.status());
        response
    }

    /// The headers of every answer.
    fn sign(&self, headers: &mut HeaderMap) {
        // Swagger UI sets styles from its script; everything it loads comes from here.
        let policy = if self.is_page {
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
             connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        } else {
            "default-src 'none'; frame-ancestors 'none'"
        };
        for (name, value) in [
            ("api-version", API_VERSION),
            ("cache-control", "no-store"),
            ("content-security-policy", policy),
            ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
            ("referrer-policy", "no-referrer"),
            ("strict-transport-security", "max-age=31536000; includeSubDomains"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
        ] {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        name_the_charset(headers);
    }

    fn log(&self, status: StatusCode) {
        let micros = u64::try_from(self.started.elapsed().as_micros()).unwrap_or(u64::MAX);
        let (operation, trace, status) = (self.operation.as_str(), self.trace.id(), status.as_u16());
        tracing::info!(operation, trace, status, micros, "call");
    }
}

/// Texts are UTF-8, and say so; the files of Swagger UI come without.
fn name_the_charset(headers: &mut HeaderMap) {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let silent = kind.filter(|kind| kind.starts_with("text/") && !kind.contains("charset"));
    if let Some(named) = silent.and_then(|kind| HeaderValue::from_str(&format!("{kind}; charset=utf-8")).ok()) {
        headers.insert(CONTENT_TYPE, named);
    }
}

/// The problem behind an error of a handler; errors of the web server get the type of their status.
fn problem_of(error: &Error) -> Problem {
    match error.as_error::<Problem>() {
        Some(problem) => problem.clone(),
        None => problem_with(error.as_response_error().status_code()),
    }
}

fn problem_with(status: StatusCode) -> Problem {
    Problem::new(match status {
        StatusCode::NOT_FOUND => Kind::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => Kind::MethodNotAllowed,
        StatusCode::PAYLOAD_TOO_LARGE => Kind::BodyTooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Kind::UnsupportedMediaType,
        other if other.is_client_error() => Kind::InvalidInput,
        _ => Kind::InternalError,
    })
}

/// True without an `Accept` header, or with one that lets JSON through.
fn accepts_json(request: &ServiceRequest) -> bool {
    let mut headers = request.headers().get_all("accept").filter_map(|value| value.to_str().ok()).peekable();
    headers.peek().is_none()
        || headers.flat_map(|header| header.split(',')).any(|part| {
            let mut pieces = part.split(';').map(str::trim);
            let range = pieces.next().unwrap_or_default().to_ascii_lowercase();
            let refused = pieces.any(|piece| matches!(piece, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"));
            !refused
                && matches!(range.as_str(), "*/*" | "application/*" | "application/json" | "application/problem+json")
        })
}

/// An answer that is ready when nothing of the request is left.
struct Finished(Kept, Problem);

impl std::fmt::Debug for Finished {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Finished").field(&self.1).finish()
    }
}

impl std::fmt::Display for Finished {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.1.fmt(f)
    }
}

impl ResponseError for Finished {
    fn status_code(&self) -> StatusCode {
        self.1.kind().status()
    }

    fn error_response(&self) -> HttpResponse {
        self.0.answer(&self.1)
    }
}
