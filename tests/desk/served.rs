//! A desk that serves over HTTP on a database of its own: fixed clock, seeded ids, one caller per role.

use std::sync::Arc;

use actix_web::{App, HttpServer, dev::ServerHandle, web::Data};
use chrono::{DateTime, Utc};
use omm::{
    api::{self, Gate, demo_issuer::DemoIssuer, token::TrustedIssuer},
    app::{Desk, adopt_policy::adopt_policy, confirm_figures::confirm_figures, import_catalogue::import_catalogue},
    clock::{Clock, Ids},
    domain::{
        advice::cards_file::AdviceCards,
        audit::{Actor, Call},
        catalogue::seed::{Catalogue, DEFAULT_CATALOGUE},
        ids::OrganisationCode,
        matching::{policy::CompiledPolicy, texts::Texts},
        role::{Role, Scope},
    },
    store::Store,
};
use reqwest::{Method, header::HeaderMap};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::world::TestDatabase;

/// A Monday morning on which all stories begin.
pub fn monday_morning() -> DateTime<Utc> {
    "2026-03-02T09:00:00Z".parse().unwrap()
}

/// A desk on a store, with the texts and terms that ship with it.
pub fn desk_on(store: Store, clock: Clock, ids: Ids) -> Desk {
    Desk {
        store,
        clock,
        ids,
        terms: Arc::default(),
        texts: Arc::new(Texts::v1()),
        advice_cards: Arc::new(AdviceCards::v1()),
        policies: Arc::default(),
    }
}

/// A call by somebody of this role, as a verified token would state it.
pub fn call_of(role: Role, organisation: Option<&str>) -> Call {
    let actor = Actor {
        issuer: "https://issuer.invalid".to_owned(),
        subject: format!("{role}-1"),
        client: "tests".to_owned(),
        organisation: organisation.map(OrganisationCode::from),
        role,
    };
    Call { actor, trace_id: None, once: None, purpose: None, legal_basis: None }
}

/// A served desk.
pub struct Served {
    /// Its database.
    pub database: TestDatabase,
    /// Its clock; tests move it.
    pub clock: Clock,
    /// The desk behind the door.
    pub desk: Desk,
    issuer: DemoIssuer,
    address: String,
    server: ServerHandle,
    client: reqwest::Client,
}

impl Served {
    /// A desk with the catalogue imported, policy v1 adopted and every figure confirmed a moment ago.
    pub async fn new() -> Self {
        let served = Self::empty().await;
        served.open_for_work().await;
        served
    }

    /// A desk on an empty database.
    pub async fn empty() -> Self {
        Self::believing(Clock::settable(monday_morning()), Vec::new()).await
    }

    /// A desk on an empty database that believes these issuers besides its own.
    pub async fn believing(clock: Clock, issuers: Vec<TrustedIssuer>) -> Self {
        Self::behind(clock, issuers, |gate| gate).await
    }

    /// A desk on an empty database, behind a door that is set as a test needs it.
    pub async fn with(set: impl FnOnce(Gate) -> Gate) -> Self {
        Self::behind(Clock::settable(monday_morning()), Vec::new(), set).await
    }

    async fn behind(clock: Clock, mut issuers: Vec<TrustedIssuer>, set: impl FnOnce(Gate) -> Gate) -> Self {
        let database = TestDatabase::new().await;
        let desk = desk_on(database.store.clone(), clock.clone(), Ids::seeded(7));
        let issuer = DemoIssuer::new().unwrap();
        issuers.push(issuer.trusted().unwrap());
        let gate = Gate::new(issuers, clock.clone(), Ids::random(), "http://desk.invalid").unwrap();
        let (gate, shared) = (Data::new(set(gate)), Data::new(desk.clone()));
        let server =
            HttpServer::new(move || App::new().app_data(gate.clone()).app_data(shared.clone()).configure(api::routes))
                .workers(1)
                .disable_signals()
                .bind("127.0.0.1:0")
                .unwrap();
        let address = format!("http://{}", server.addrs()[0]);
        let server = server.run();
        let handle = server.handle();
        tokio::task::spawn_local(server);
        Self { database, clock, desk, issuer, address, server: handle, client: reqwest::Client::new() }
    }

    async fn open_for_work(&self) {
        let admin = call_of(Role::Admin, None);
        let catalogue = Catalogue::parse(DEFAULT_CATALOGUE).unwrap();
        import_catalogue(&self.desk, &admin, catalogue).await.unwrap();
        adopt_policy(&self.desk, &admin, &CompiledPolicy::v1()).await.unwrap();
        self.confirm_all_figures().await;
    }

    /// Where it serves, as a browser writes an origin.
    pub fn origin(&self) -> &str {
        &self.address
    }

    /// The address of a path of the API.
    pub fn url(&self, path: &str) -> String {
        format!("{}/v1{path}", self.address)
    }

    /// Every unit's figures are confirmed as of now.
    pub async fn confirm_all_figures(&self) {
        let coordinator = call_of(Role::Coordinator, Some("comensha"));
        let units = self.database.store.read(async |tx| omm::store::catalogue::locations(tx).await).await;
        for unit in units.unwrap().into_iter().flat_map(|location| location.units) {
            confirm_figures(&self.desk, &coordinator, Scope::Full, unit.id).await.unwrap();
        }
    }

    /// Somebody who calls in this role.
    pub fn caller(&self, role: Role, organisation: Option<&str>) -> Caller<'_> {
        self.person(role, organisation, &format!("{role}-1"))
    }

    /// A certain person who calls in this role.
    pub fn person(&self, role: Role, organisation: Option<&str>, subject: &str) -> Caller<'_> {
        let organisation = organisation.map(OrganisationCode::from);
        let id = Ids::random().next_uuid();
        let token = self.issuer.token(role, organisation.as_ref(), subject, self.clock.now(), id).unwrap();
        Caller { served: self, token: Some(token) }
    }

    /// A coordinator of CoMensha.
    pub fn coordinator(&self) -> Caller<'_> {
        self.caller(Role::Coordinator, Some("comensha"))
    }

    /// Another coordinator of CoMensha.
    pub fn second_coordinator(&self) -> Caller<'_> {
        self.person(Role::Coordinator, Some("comensha"), "coordinator-2")
    }

    /// Somebody of a shelter.
    pub fn shelter(&self, organisation: &str) -> Caller<'_> {
        self.caller(Role::Shelter, Some(organisation))
    }

    /// An officer of a police unit.
    pub fn police(&self, unit: &str) -> Caller<'_> {
        self.caller(Role::Police, Some(unit))
    }

    /// The auditor.
    pub fn auditor(&self) -> Caller<'_> {
        self.caller(Role::Auditor, None)
    }

    /// Somebody without a token.
    pub fn nobody(&self) -> Caller<'_> {
        Caller { served: self, token: None }
    }

    /// The entries of the trail, oldest first, as stored.
    pub async fn trail(&self) -> Vec<Value> {
        let entries = self.database.store.read(async |tx| omm::store::audit::page_after(tx, 0).await).await.unwrap();
        entries.iter().map(|entry| serde_json::from_str(&entry.text).unwrap()).collect()
    }

    /// The event types of the trail, oldest first.
    pub async fn events(&self) -> Vec<String> {
        self.trail().await.iter().map(|entry| entry["event"]["eventType"].as_str().unwrap().to_owned()).collect()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let stopping = self.server.stop(false);
        tokio::task::spawn_local(stopping);
    }
}

/// Somebody who calls the desk.
pub struct Caller<'s> {
    served: &'s Served,
    token: Option<String>,
}

/// What the desk answered.
#[derive(Debug)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as text.
    pub text: String,
}

impl Caller<'_> {
    /// What a call of this person brings in `Authorization`; empty without a token.
    pub fn authorization(&self) -> String {
        self.token.as_ref().map_or_else(String::new, |token| format!("Bearer {token}"))
    }

    /// Asks for something.
    pub async fn get(&self, path: &str) -> Reply {
        self.call(Method::GET, path, None).await
    }

    /// Sends something.
    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.call(Method::POST, path, Some(body.to_string())).await
    }

    /// Changes something.
    pub async fn patch(&self, path: &str, body: Value) -> Reply {
        self.call(Method::PATCH, path, Some(body.to_string())).await
    }

    /// Sets something.
    pub async fn put(&self, path: &str, body: Value) -> Reply {
        self.call(Method::PUT, path, Some(body.to_string())).await
    }

    /// Sends something under a key of the caller's choice.
    pub async fn post_under(&self, key: Uuid, path: &str, body: &Value) -> Reply {
        self.send(Method::POST, path, &[("Idempotency-Key", &key.to_string())], Some(body.to_string())).await
    }

    /// Calls with a raw body; an act gets a key of its own.
    pub async fn call(&self, method: Method, path: &str, body: Option<String>) -> Reply {
        let key = Ids::random().next_uuid().to_string();
        self.send(method, path, &[("Idempotency-Key", &key)], body).await
    }

    /// Calls with these headers and no others of its own.
    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Option<String>) -> Reply {
        let mut request = self.served.client.request(method, self.served.url(path)).header("Accept-Language", "en");
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.header("Content-Type", "application/json").body(body);
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Reply { status, headers, text: response.text().await.unwrap() }
    }
}

impl Reply {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {} {}", self.status, self.text))
    }

    /// The body of a success.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert!((200..300).contains(&self.status), "{} {}", self.status, self.text);
        if self.text.is_empty() { json!(null) } else { self.json() }
    }

    /// A header; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// A refusal in short: status and slug of the problem, such as `409 place-taken`.
    pub fn brief(&self) -> String {
        let body = if self.text.is_empty() { json!({}) } else { self.json() };
        let slug = body["type"].as_str().and_then(|kind| kind.rsplit('/').next()).unwrap_or("ok").to_owned();
        format!("{} {slug}", self.status)
    }

    /// The pointers of the faults, in order.
    pub fn pointers(&self) -> Vec<String> {
        let body = self.json();
        let errors = body["errors"].as_array().cloned().unwrap_or_default();
        errors.iter().map(|error| error["pointer"].as_str().unwrap_or("?").to_owned()).collect()
    }
}
