//! How the service is, for whatever watches over it: on a listener of its own, never on that of the API, without a version
//! and without a word about its parts.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use actix_web::{
    HttpRequest, HttpResponse,
    http::{Method, StatusCode},
    web::{self, Data, ServiceConfig},
};

use super::headers;
use crate::app::{Desk, readiness::is_ready};

/// Tells whether the service is about to end. Copies tell the same.
#[derive(Clone, Debug, Default)]
pub struct Stopping(Arc<AtomicBool>);

impl Stopping {
    /// From now on the service is not ready: calls under way are answered, new ones belong elsewhere.
    pub fn begin(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    fn has_begun(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// Opens `/health/live` and `/health/ready`. The application's data must hold a `Data<Desk>` and a `Data<Stopping>`.
pub fn routes(config: &mut ServiceConfig) {
    config.default_service(web::to(health));
}

/// The process lives if it answers at all; it is ready if it can work and is not about to end.
async fn health(request: HttpRequest, desk: Data<Desk>, stopping: Data<Stopping>) -> HttpResponse {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let (status, word) = match request.path() {
        "/health/live" | "/health/ready" if !is_read => (StatusCode::METHOD_NOT_ALLOWED, None),
        "/health/live" => (StatusCode::OK, Some("live")),
        "/health/ready" if !stopping.has_begun() && is_ready(&desk).await => (StatusCode::OK, Some("ready")),
        "/health/ready" => (StatusCode::SERVICE_UNAVAILABLE, Some("not_ready")),
        _ => (StatusCode::NOT_FOUND, None),
    };
    let mut answer = match word {
        Some(word) => HttpResponse::build(status).json(serde_json::json!({"status": word})),
        None => HttpResponse::new(status),
    };
    headers::sign(answer.headers_mut(), false);
    answer
}
