//! No instance keeps anything of a caller between two calls: two of them, called in turn, answer as one.

use actix_web::{App, body::to_bytes, http::Method, test, test::TestRequest, web::Data};
use chrono::Duration;
use omm::{
    api::{self, Gate, demo_issuer::DemoIssuer},
    app::{adopt_policy::adopt_policy, import_catalogue::import_catalogue},
    clock::{Clock, Ids},
    domain::{
        catalogue::seed::{Catalogue, DEFAULT_CATALOGUE},
        matching::policy::CompiledPolicy,
        role::Role,
    },
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    given::{a_referral, nothing_special},
    served::{call_of, desk_on, monday_morning},
    world::{TestDatabase, store_on},
};

/// Both instances, on one database, and whose turn it is.
struct Two {
    database: TestDatabase,
    issuer: DemoIssuer,
    turn: u64,
    clock: Clock,
    /// The version that the last answer told.
    version: Option<String>,
}

impl Two {
    async fn new() -> Self {
        let (database, clock) = (TestDatabase::new().await, Clock::settable(monday_morning()));
        let desk = desk_on(database.store.clone(), clock.clone(), Ids::seeded(7));
        let admin = call_of(Role::Admin, None);
        import_catalogue(&desk, &admin, Catalogue::parse(DEFAULT_CATALOGUE).unwrap()).await.unwrap();
        adopt_policy(&desk, &admin, &CompiledPolicy::v1()).await.unwrap();
        Self { database, issuer: DemoIssuer::new().unwrap(), turn: 0, clock, version: None }
    }

    /// Asks the instance whose turn it is. Every call meets an instance that has just started.
    async fn ask(&mut self, method: Method, path: &str, body: Option<Value>) -> Value {
        self.turn += 1;
        self.clock.advance(Duration::seconds(1));
        let store = store_on(&self.database.url, 2).await;
        let desk = desk_on(store, self.clock.clone(), Ids::seeded(100 + self.turn));
        let trusted = vec![self.issuer.trusted().unwrap()];
        let gate = Gate::new(trusted, self.clock.clone(), Ids::random(), "http://desk.invalid").unwrap();
        let app = App::new().app_data(Data::new(gate)).app_data(Data::new(desk)).configure(api::routes);
        let app = test::init_service(app).await;
        let person =
            self.issuer.token(Role::Coordinator, Some(&"comensha".into()), "ann", self.clock.now(), Uuid::nil());
        let mut request = TestRequest::default().method(method).uri(&format!("/v1{path}"));
        request = request.insert_header(("authorization", format!("Bearer {}", person.unwrap())));
        request = request.insert_header(("idempotency-key", Ids::seeded(self.turn).next_uuid().to_string()));
        if let Some(version) = &self.version {
            request = request.insert_header(("if-match", version.as_str()));
        }
        if let Some(body) = body {
            request = request.set_json(body);
        }
        let answer = test::call_service(&app, request.to_request()).await;
        let told = answer.headers().get("etag").map(|tag| tag.to_str().unwrap().to_owned());
        self.version = told.or(self.version.take());
        let status = answer.status();
        let bytes = to_bytes(answer.into_body()).await.unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert!(status.is_success(), "{path}: {status} {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }
}

#[actix_web::test]
async fn instances_called_in_turn_answer_as_one() {
    let mut two = Two::new().await;
    let submitted = two.ask(Method::POST, "/referrals", Some(a_referral())).await;
    let referral = format!("/referrals/{}", submitted["id"].as_str().unwrap());
    two.ask(Method::GET, &referral, None).await;
    two.ask(Method::PATCH, &referral, Some(nothing_special())).await;
    let seen = two.ask(Method::GET, &referral, None).await;
    assert_eq!(seen, two.ask(Method::GET, &referral, None).await);
    let judged = json!({"judgement": "eligible", "reason": "Diagnosis and regular shelter insufficient."});
    two.ask(Method::POST, &format!("{referral}/assessments"), Some(judged)).await;
    two.ask(Method::GET, &referral, None).await;
    let matched = two.ask(Method::POST, &format!("{referral}/matches"), None).await;
    let read = two.ask(Method::GET, &format!("{referral}/matches/{}", matched["id"].as_str().unwrap()), None).await;
    assert_eq!(read["id"], matched["id"]);
    assert_eq!(read, two.ask(Method::GET, &format!("{referral}/matches"), None).await);
    let found = two.ask(Method::GET, "/referrals?state=matching", None).await;
    assert!(found.to_string().contains(submitted["id"].as_str().unwrap()), "{found}");
}
