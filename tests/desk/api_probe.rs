//! The running API, asked over every operation of its contract: what must hold of each without exception.

use actix_web::{
    App,
    body::to_bytes,
    http::{
        Method, StatusCode,
        header::{HeaderMap, HeaderName},
    },
    test::{TestRequest, init_service, try_call_service},
    web::Data,
};
use omm::{
    api::{self, Gate, demo_issuer::DemoIssuer},
    clock::{Clock, Ids},
    domain::role::{Permission, Role, scope},
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    api_rules::schemas::INNARDS,
    served::{desk_on, monday_morning},
    world::TestDatabase,
};

/// One operation of the contract.
struct Operation {
    id: String,
    method: Method,
    /// With ids in place of parameters.
    uri: String,
    permission: Permission,
    body: Option<Value>,
}

fn operations() -> Vec<Operation> {
    let document = api::document();
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let parts = path
                .split('/')
                .map(|part| if part.starts_with('{') { Uuid::nil().to_string() } else { part.to_owned() });
            let asked = operation["security"][0]["bearer"][0].as_str().unwrap();
            found.push(Operation {
                id: operation["operationId"].as_str().unwrap().to_owned(),
                method: method.to_uppercase().parse().unwrap(),
                uri: format!("/v1{}", parts.collect::<Vec<_>>().join("/")),
                permission: Permission::ALL.into_iter().find(|one| one.as_str() == asked).unwrap(),
                body: operation.get("requestBody").map(|body| empty_of(&document, body)),
            });
        }
    }
    assert!(found.len() > 30, "the API is larger than that");
    found
}

/// The smallest body that says which of several kinds it is.
fn empty_of(document: &Value, body: &Value) -> Value {
    let mut schema = &body["content"]["application/json"]["schema"];
    if let Some(reference) = schema["$ref"].as_str() {
        schema = document.pointer(reference.trim_start_matches('#')).unwrap();
    }
    let mut empty = json!({});
    for (name, field) in schema["oneOf"][0]["properties"].as_object().into_iter().flatten() {
        if let Some([word]) = field["enum"].as_array().map(Vec::as_slice) {
            empty[name] = word.clone();
        }
    }
    empty
}

/// What came back.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn brief(&self) -> String {
        let body: Value = serde_json::from_str(&self.text).unwrap_or_default();
        let slug = body["type"].as_str().and_then(|kind| kind.rsplit('/').next()).unwrap_or("none").to_owned();
        format!("{} {slug}", self.status.as_u16())
    }
}

/// A door with a desk on an empty database behind it.
struct Door {
    database: TestDatabase,
    issuer: DemoIssuer,
    gate: Data<Gate>,
}

impl Door {
    async fn new() -> Self {
        let issuer = DemoIssuer::new().unwrap();
        let trusted = vec![issuer.trusted().unwrap()];
        let gate =
            Gate::new(trusted, Clock::settable(monday_morning()), Ids::seeded(1), "http://desk.invalid").unwrap();
        Self { database: TestDatabase::new().await, issuer, gate: Data::new(gate) }
    }

    /// Sends each request and hands over its answer.
    async fn each<T>(&self, requests: Vec<(T, TestRequest)>, mut look: impl FnMut(T, &Answer)) {
        let desk = desk_on(self.database.store.clone(), Clock::settable(monday_morning()), Ids::seeded(7));
        let app = App::new().app_data(self.gate.clone()).app_data(Data::new(desk)).configure(api::routes);
        let app = init_service(app).await;
        for (about, request) in requests {
            let response = match try_call_service(&app, request.to_request()).await {
                Ok(response) => response.into_parts().1.map_into_boxed_body(),
                Err(error) => error.error_response(),
            };
            let (status, headers) = (response.status(), response.headers().clone());
            let bytes = to_bytes(response.into_body()).await.unwrap_or_default();
            look(about, &Answer { status, headers, text: String::from_utf8_lossy(&bytes).into_owned() });
        }
    }

    /// Somebody who may do this.
    fn token(&self, permission: Permission) -> (&'static str, String) {
        let role = Role::ALL.into_iter().find(|role| scope(*role, permission).is_some()).unwrap();
        let organisation = if role == Role::Coordinator { "comensha" } else { "kadera" };
        let token = self.issuer.token(role, Some(&organisation.into()), "somebody", monday_morning(), Uuid::nil());
        ("authorization", format!("Bearer {}", token.unwrap()))
    }

    fn request(&self, operation: &Operation, uri: &str) -> TestRequest {
        let request = TestRequest::default().method(operation.method.clone()).uri(uri);
        let request = request.insert_header(("idempotency-key", Ids::random().next_uuid().to_string()));
        request.insert_header(self.token(operation.permission)).insert_header(("accept-language", "en"))
    }
}

#[actix_web::test]
async fn a_path_with_a_slash_at_its_end_leads_nowhere() {
    let door = Door::new().await;
    let requests = operations().into_iter().map(|one| (one.id.clone(), door.request(&one, &format!("{}/", one.uri))));
    door.each(requests.collect(), |id, answer| assert_eq!(answer.brief(), "404 not-found", "{id}")).await;
}

#[actix_web::test]
async fn every_operation_refuses_a_query_key_it_does_not_know() {
    let door = Door::new().await;
    let requests =
        operations().into_iter().map(|one| (one.id.clone(), door.request(&one, &format!("{}?colour=CANARY", one.uri))));
    door.each(requests.collect(), |id, answer| {
        assert_eq!(answer.brief(), "400 unknown-parameter", "{id}");
        assert!(!answer.text.contains("CANARY"), "{id}");
    })
    .await;
}

#[actix_web::test]
async fn every_operation_with_a_body_refuses_a_field_it_does_not_know() {
    let door = Door::new().await;
    let mut requests = Vec::new();
    for operation in operations() {
        let Some(mut body) = operation.body.clone() else { continue };
        body["colour"] = json!("CANARY");
        requests.push((operation.id.clone(), door.request(&operation, &operation.uri).set_json(body)));
    }
    assert!(requests.len() > 15);
    door.each(requests, |id, answer| {
        assert_eq!(answer.brief(), "400 invalid-input", "{id}: {}", answer.text);
        assert!(answer.text.contains("\"/colour\""), "{id}: {}", answer.text);
        assert!(!answer.text.contains("CANARY"), "{id}");
    })
    .await;
}

#[actix_web::test]
async fn other_methods_get_405_and_learn_which_there_are() {
    let door = Door::new().await;
    let known = operations();
    let mut requests = Vec::new();
    for operation in &known {
        let of_path: Vec<_> =
            known.iter().filter(|one| one.uri == operation.uri).map(|one| one.method.clone()).collect();
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"] {
            let method: Method = method.parse().unwrap();
            if !of_path.contains(&method) {
                let request = TestRequest::default().method(method.clone()).uri(&operation.uri);
                let request = request.insert_header(door.token(operation.permission));
                requests.push(((method, operation.uri.clone(), of_path.clone()), request));
            }
        }
    }
    door.each(requests, |(method, uri, of_path), answer| {
        assert_eq!(answer.brief(), "405 method-not-allowed", "{method} {uri}");
        let allowed: Vec<_> = answer.header("allow").split(", ").collect();
        assert!(of_path.iter().all(|one| allowed.contains(&one.as_str())), "{method} {uri}: {allowed:?}");
        assert!(!allowed.contains(&method.as_str()), "{method} {uri}: {allowed:?}");
    })
    .await;
}

/// Calls that bring out every kind of answer, with the status of each.
fn kinds(door: &Door) -> Vec<(u16, TestRequest)> {
    let get = |uri: &str| TestRequest::get().uri(uri).insert_header(door.token(Permission::ReadCapacity));
    let post = |kind: &str, body: String| {
        let request =
            TestRequest::post().uri("/v1/referrals/_search").insert_header(door.token(Permission::SearchReferrals));
        request.insert_header(("content-type", kind)).set_payload(body)
    };
    vec![
        (200, get("/v1/openapi.json")),
        (200, get("/v1/organisations")),
        (200, get("/docs/")),
        (200, get("/problems/not-found")),
        (308, get("/docs")),
        (400, get("/v1/capacity?colour=red")),
        (401, TestRequest::get().uri("/v1/capacity")),
        (403, get("/v1/audit-entries/_verify").method(Method::POST)),
        (404, get("/v1/nothing")),
        (404, get("/problems/nothing")),
        (405, get("/v1/capacity").method(Method::DELETE)),
        (406, get("/v1/capacity").insert_header(("accept", "text/html"))),
        (413, post("application/json", format!("\"{}\"", "a".repeat(300_000)))),
        (415, post("text/plain", "{}".to_owned())),
        // No policy has been adopted yet.
        (503, get("/v1/capacity")),
    ]
}

#[actix_web::test]
async fn every_answer_carries_the_version_and_the_security_headers() {
    let door = Door::new().await;
    let mut requests = kinds(&door);
    let guarded = operations().into_iter().map(|one| (401, TestRequest::default().method(one.method).uri(&one.uri)));
    requests.extend(guarded);
    door.each(requests, |status, answer| {
        assert_eq!(answer.status.as_u16(), status, "{}", answer.text);
        for (name, want) in [
            ("api-version", api::API_VERSION),
            ("cache-control", "no-store"),
            ("referrer-policy", "no-referrer"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
        ] {
            assert_eq!(answer.header(name), want, "{status} {name}");
        }
        assert!(answer.header("content-security-policy").starts_with("default-src 'none'"), "{status}");
        assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"), "{status}");
        let transport = answer.header("strict-transport-security");
        let seconds = transport.strip_prefix("max-age=").and_then(|rest| rest.split(';').next()).unwrap_or_default();
        assert!(seconds.parse::<u32>().unwrap() >= 31_536_000, "{status} {transport}");
        assert!(answer.header("permissions-policy").contains("geolocation=()"), "{status}");
        let kind = answer.header("content-type");
        assert!(answer.text.is_empty() || !kind.is_empty(), "{status} has no type");
        assert!(!kind.starts_with("text/") || kind.ends_with("charset=utf-8"), "{status} {kind}");
        assert!(status < 400 || kind == "application/problem+json", "{status} {kind}");
    })
    .await;
    assert_eq!(api::document()["info"]["version"], api::API_VERSION);
}

#[actix_web::test]
async fn no_answer_tells_how_the_service_is_made() {
    let door = Door::new().await;
    let mut requests = kinds(&door);
    requests.extend(operations().into_iter().map(|one| (0, door.request(&one, &one.uri))));
    door.each(requests, |status, answer| {
        for name in ["server", "x-powered-by", "via"] {
            assert!(!answer.headers.contains_key(HeaderName::from_static(name)), "{status} {name}");
        }
        // The page that reads the contract is a program of others, with words of its own.
        if answer.header("content-type").starts_with("text/html") && answer.text.contains("swagger") {
            return;
        }
        let values = answer.headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()));
        for text in values.chain([answer.text.clone()]) {
            let mut words = text.split(|sign: char| !sign.is_alphanumeric()).map(str::to_lowercase);
            let told = words.find(|word| INNARDS.contains(&word.as_str()));
            assert_eq!(told, None, "{status}: {text}");
        }
    })
    .await;
}
