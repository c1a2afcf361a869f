//! Pages that need no token: the contract, its reading room (Swagger UI, served from the binary), and one page per type
//! of problem.

use actix_web::{
    HttpRequest, HttpResponse, get,
    web::{self, Data, Path, ServiceConfig},
};
use utoipa_swagger_ui::{Config, SwaggerUi};

use super::{
    Gate,
    language::Language,
    problem::{Problem, kind::Kind},
};

/// True for an address that people open in a browser.
pub fn is_page(path: &str) -> bool {
    path == "/docs" || path.starts_with("/docs/") || path.starts_with("/problems/")
}

/// True for an address that can be read and nothing else: a page or the contract.
pub fn is_read_only(path: &str) -> bool {
    is_page(path) || path == "/v1/openapi.json"
}

/// Opens the pages.
pub fn routes(config: &mut ServiceConfig) {
    let docs = Config::new(["/v1/openapi.json"]).use_base_layout().validator_url("none");
    config
        .service(web::redirect("/docs", "/docs/").permanent())
        .service(SwaggerUi::new("/docs/{_:.*}").config(docs))
        .service(problem_page);
}

/// The contract, for everyone, also for pages of other origins.
#[get("/openapi.json")]
pub async fn contract(gate: Data<Gate>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .insert_header(("Access-Control-Allow-Origin", "*"))
        .body(gate.contract().json.clone())
}

/// What a type of problem means.
#[get("/problems/{slug}")]
async fn problem_page(request: HttpRequest, slug: Path<String>) -> Result<HttpResponse, Problem> {
    let kind = Kind::of_slug(&slug).ok_or_else(Problem::not_found)?;
    let asked = request.headers().get("accept-language").and_then(|value| value.to_str().ok());
    let language = Language::asked(asked);
    let (title, detail) = (kind.title(), kind.detail());
    let page = format!(
        "<!doctype html><html lang=\"{tag}\"><head><meta charset=\"utf-8\"><title>{title}</title></head>\
         <body><main><h1>{title}</h1><p>{detail}</p><p>HTTP {status}</p></main></body></html>",
        tag = language.tag(),
        title = title.in_language(language),
        detail = detail.in_language(language),
        status = kind.status().as_u16(),
    );
    let answer = HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header(("Content-Language", language.tag()))
        .body(page);
    Ok(answer)
}
