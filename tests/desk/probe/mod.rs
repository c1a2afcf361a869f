//! The running service, asked over its own port about every path of its contract. Whatever a test asks: an answer that
//! lacks one of the headers that all answers carry, or a problem that is not whole, fails it.

mod input;
mod methods;
mod origins;
mod panics;
mod safety;
mod spoofed;

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{Read, Write},
    net::TcpStream,
};

use omm::{
    api,
    domain::role::{Permission, Role, scope},
};
use reqwest::{Method, header::HeaderMap, redirect::Policy};
use serde_json::Value;
use uuid::Uuid;

use crate::served::Served;

/// Words that would tell what the service is made of.
const INNARDS: [&str; 13] = [
    "actix",
    "rust",
    "serde",
    "diesel",
    "postgres",
    "postgresql",
    "tokio",
    "hyper",
    "utoipa",
    "panicked",
    "unwrap",
    "sql",
    "cargo",
];

/// One operation of the contract.
struct Operation {
    id: String,
    method: Method,
    /// As the contract writes it, below `/v1`.
    path: String,
    permission: Permission,
    has_body: bool,
    /// It only reads, though it is a POST.
    reads_by_post: bool,
}

fn operations() -> Vec<Operation> {
    let document = api::document();
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let asked = operation["security"][0]["bearer"][0].as_str().unwrap();
            found.push(Operation {
                id: operation["operationId"].as_str().unwrap().to_owned(),
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
                permission: Permission::ALL.into_iter().find(|one| one.as_str() == asked).unwrap(),
                has_body: operation.get("requestBody").is_some(),
                reads_by_post: operation["x-safe"] == true,
            });
        }
    }
    assert!(found.len() > 30, "the contract is larger than that");
    found
}

impl Operation {
    /// The path with an id that leads nowhere for every parameter.
    fn anywhere(&self) -> String {
        filled(&self.path, &|_| Uuid::nil().to_string())
    }
}

/// A path of the contract with something in the place of its parameters.
fn filled(path: &str, with: &dyn Fn(&str) -> String) -> String {
    let parts = path.split('/').map(|part| match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
        Some(name) => with(name),
        None => part.to_owned(),
    });
    format!("/v1{}", parts.collect::<Vec<_>>().join("/"))
}

/// Every path of the contract with its methods, and the pages beside them.
fn paths() -> BTreeMap<String, BTreeSet<String>> {
    let mut paths: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for operation in operations() {
        paths.entry(operation.anywhere()).or_default().insert(operation.method.to_string());
    }
    for page in ["/v1/openapi.json", "/docs", "/docs/", "/docs/swagger-ui.css", "/problems/not-found"] {
        paths.insert(page.to_owned(), BTreeSet::from(["GET".to_owned()]));
    }
    paths
}

/// Who asks.
struct Probe {
    served: Served,
    client: reqwest::Client,
}

impl Probe {
    fn of(served: Served) -> Self {
        let client = reqwest::Client::builder().redirect(Policy::none()).no_proxy().build().unwrap();
        Self { served, client }
    }

    async fn new() -> Self {
        Self::of(Served::empty().await)
    }

    /// The `Authorization` of somebody who may do this, a coordinator where one may.
    fn of_somebody_who_may(&self, permission: Permission) -> String {
        let mut roles = [Role::Coordinator].into_iter().chain(Role::ALL);
        let role = roles.find(|role| scope(*role, permission).is_some()).unwrap();
        let organisation = if role == Role::Coordinator { "comensha" } else { "kadera" };
        self.served.caller(role, Some(organisation)).authorization()
    }

    /// Asks with bytes of one's own, on a thread of their own.
    async fn ask_raw(&self, request: &str) -> String {
        let (origin, request) = (self.served.origin().to_owned(), request.to_owned());
        tokio::task::spawn_blocking(move || ask_raw(&origin, &request)).await.unwrap()
    }

    /// Asks, and looks at what every answer has in common.
    async fn ask(&self, method: &Method, address: &str, headers: &[(&str, &str)], body: Option<String>) -> Answer {
        let mut request = self.client.request(method.clone(), format!("{}{address}", self.served.origin()));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.body(body);
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let answer = Answer { status, headers, bytes: response.bytes().await.unwrap().to_vec() };
        answer.is_whole(&format!("{method} {}", address.get(..100).unwrap_or(address)));
        answer
    }
}

/// Asks with bytes of one's own.
fn ask_raw(origin: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(origin.trim_start_matches("http://")).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

/// What came back.
struct Answer {
    status: u16,
    headers: HeaderMap,
    bytes: Vec<u8>,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_default()
    }

    /// Status and slug, such as `404 not-found`.
    fn brief(&self) -> String {
        let body = self.json();
        let slug = body["type"].as_str().and_then(|kind| kind.rsplit('/').next()).unwrap_or("none").to_owned();
        format!("{} {slug}", self.status)
    }

    /// What holds of every answer.
    #[track_caller]
    fn is_whole(&self, asked: &str) {
        assert_carries_all_headers(asked, |name| self.header(name).to_owned());
        assert!(!self.headers.contains_key("server"), "{asked}");
        if self.bytes.is_empty() {
            return;
        }
        let kind = self.header("content-type");
        assert!(kind == "application/json" || kind == "application/problem+json" || is_page(asked), "{asked}: {kind}");
        assert!(!kind.is_empty() && (!kind.starts_with("text/") || kind.ends_with("charset=utf-8")), "{asked}: {kind}");
        if self.status < 400 {
            return;
        }
        assert_eq!(kind, "application/problem+json", "{asked}");
        let problem = self.json();
        assert_eq!(problem["status"], self.status, "{asked}");
        assert!(problem["title"].as_str().is_some_and(|text| text.len() > 5), "{asked}");
        assert!(problem["detail"].as_str().is_some_and(|text| text.len() > 5), "{asked}");
        let instance = problem["instance"].as_str().and_then(|text| text.strip_prefix("urn:uuid:")).unwrap();
        assert!(instance.parse::<Uuid>().is_ok(), "{asked}: {instance}");
        assert!(problem["traceId"].as_str().is_some_and(|id| id.len() == 32), "{asked}");
        assert!(["nl", "en"].contains(&self.header("content-language")), "{asked}");
        let headers = self.headers.iter().map(|(name, value)| format!("{name}: {}\n", value.to_str().unwrap()));
        let told = headers.collect::<String>() + &problem.to_string();
        let mut words = told.split(|sign: char| !sign.is_alphanumeric()).map(str::to_lowercase);
        assert_eq!(words.find(|word| INNARDS.contains(&word.as_str())), None, "{asked}: {told}");
    }
}

fn is_page(asked: &str) -> bool {
    asked.contains(" /docs") || asked.contains(" /problems/")
}

#[track_caller]
fn assert_carries_all_headers(asked: &str, header: impl Fn(&str) -> String) {
    for (name, want) in [
        ("api-version", api::API_VERSION),
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
    ] {
        assert_eq!(header(name), want, "{asked}: {name}");
    }
    let policy = header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{asked}: {policy}");
    let transport = header("strict-transport-security");
    let seconds = transport.strip_prefix("max-age=").and_then(|rest| rest.split(';').next()).unwrap_or_default();
    assert!(seconds.parse::<u32>().is_ok_and(|seconds| seconds >= 31_536_000), "{asked}: {transport}");
    let features = header("permissions-policy");
    assert!(features.contains("geolocation=()") && features.split(", ").all(|one| one.ends_with("=()")), "{asked}");
}
