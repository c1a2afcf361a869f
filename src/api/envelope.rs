//! What surrounds every call: its trace, its language, who calls, the headers of every answer, one log line, and the
//! words of a problem. A panic behind it becomes a 500 like any other.
//!
//! What needs no handler is answered here, before anybody is asked who they are: an address that is too long, OPTIONS, a
//! method that the path does not have, a caller who takes no JSON. HEAD goes on as GET; the server leaves the body out.
//!
//! Invariant: the log line holds the route, never the address that was asked for, and nothing of what was sent.

use std::{panic::AssertUnwindSafe, time::Instant};

use actix_web::{
    Error, HttpMessage, HttpRequest, HttpResponse, ResponseError,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method, StatusCode,
        header::{ALLOW, HeaderMap, HeaderValue},
    },
    middleware::Next,
    web::Data,
};
use futures_util::FutureExt;

use super::{
    Gate, auth, cors, headers,
    language::Language,
    pages,
    problem::{Answering, Problem, kind::Kind},
    trace::Trace,
};

/// No address of the contract comes near; a longer one is an attack or a mistake.
const ADDRESS_BYTES_MAX: usize = 4096;

/// What is kept of a call while it runs.
struct Kept {
    gate: Data<Gate>,
    trace: Trace,
    language: Language,
    operation: String,
    is_page: bool,
    /// The header that lets the page of another origin read the answer.
    let_in: Option<HeaderValue>,
    started: Instant,
}

/// Wraps every call.
pub async fn envelope(
    gate: Data<Gate>,
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse, Error> {
    let kept = Kept::of(gate, request.request());
    if let Some(answer) = kept.at_once(request.request()) {
        return Ok(request.into_response(answer));
    }
    if request.method() == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    request.extensions_mut().insert(kept.trace.clone());
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

/// The answer to a call that no part of the API takes, such as `OPTIONS *`.
pub async fn outside(gate: Data<Gate>, request: HttpRequest) -> HttpResponse {
    Kept::of(gate, &request).answer(&Problem::not_found())
}

impl Kept {
    fn of(gate: Data<Gate>, request: &HttpRequest) -> Self {
        let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
        let method = match request.method().as_str() {
            known @ ("GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS") => known,
            _ => "OTHER",
        };
        Self {
            trace: Trace::of(header("traceparent"), || gate.ids().next_uuid()),
            language: Language::asked(header("accept-language")),
            operation: format!("{method} {}", request.match_pattern().as_deref().unwrap_or("unknown")),
            is_page: pages::is_page(request.path()),
            let_in: gate.origins().let_in(request.headers()),
            started: Instant::now(),
            gate,
        }
    }

    /// What can be answered without a handler.
    fn at_once(&self, request: &HttpRequest) -> Option<HttpResponse> {
        if request.uri().path_and_query().is_some_and(|address| address.as_str().len() > ADDRESS_BYTES_MAX) {
            return Some(self.answer(&Problem::new(Kind::UriTooLong)));
        }
        let methods = self.gate.methods(request.path());
        if !methods.is_empty() && !methods.contains(&request.method().as_str()) {
            let problem = Problem::new(Kind::MethodNotAllowed).header("Allow", methods.join(", "));
            return Some(self.answer(&problem));
        }
        if request.method() == Method::OPTIONS && !methods.is_empty() {
            return Some(self.options(&methods.join(", ")));
        }
        let is_refused = !self.is_page && !accepts_json(request);
        is_refused.then(|| self.answer(&Problem::new(Kind::NotAcceptable)))
    }

    /// Which methods there are, for whoever asks; which of them a page may use, for pages that are let in.
    fn options(&self, methods: &str) -> HttpResponse {
        let mut response = HttpResponse::NoContent().finish();
        if let Ok(methods) = HeaderValue::from_str(methods) {
            cors::tell_before(response.headers_mut(), self.let_in.as_ref(), &methods);
            response.headers_mut().insert(ALLOW, methods);
        }
        self.sign(response.headers_mut());
        self.log(response.status());
        response
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
        headers::sign(headers, self.is_page);
        cors::tell(headers, self.let_in.as_ref());
    }

    fn log(&self, status: StatusCode) {
        let micros = u64::try_from(self.started.elapsed().as_micros()).unwrap_or(u64::MAX);
        let (operation, trace, status) = (self.operation.as_str(), self.trace.id(), status.as_u16());
        tracing::info!(operation, trace, status, micros, "call");
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
        StatusCode::REQUEST_TIMEOUT => Kind::RequestTimeout,
        StatusCode::PAYLOAD_TOO_LARGE => Kind::BodyTooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Kind::UnsupportedMediaType,
        other if other.is_client_error() => Kind::InvalidInput,
        _ => Kind::InternalError,
    })
}

/// True without an `Accept` header, or with one that lets JSON through.
fn accepts_json(request: &HttpRequest) -> bool {
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
