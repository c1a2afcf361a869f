//! The door itself, with a made-up resource behind it: what every operation gets without asking for it.

use actix_web::{
    App, HttpResponse, get,
    http::{Method, StatusCode},
    post,
    test::{self, TestRequest},
    web::Data,
};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    auth::{Allowed, ToDecidePlacement, ToReportCapacity},
    body::{Body, Query},
    demo_issuer::DemoIssuer,
    language::Text,
    problem::Fault,
    *,
};
use crate::domain::{referral::vocabulary::Urgency, role::Role};

/// A made-up body.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct BedBody {
    /// A word.
    urgency: Urgency,
    /// A day.
    free_on: Option<NaiveDate>,
    /// A number.
    #[schema(minimum = 1, maximum = 9)]
    beds: u16,
    /// A short text.
    #[schema(max_length = 5)]
    note: Option<String>,
}

/// A made-up query.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct BedQuery {
    /// A number.
    #[param(minimum = 1, maximum = 200)]
    page_size: Option<u16>,
}

#[utoipa::path(tag = "beds", params(BedQuery), responses((status = 200, body = String)), security(("bearer" = ["capacity:report"])))]
#[get("/beds")]
async fn list_beds(_: Allowed<ToReportCapacity>, query: Query<BedQuery>) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(query.0.page_size))
}

#[utoipa::path(tag = "beds", request_body = BedBody, responses((status = 201)), security(("bearer" = ["placement:decide"])))]
#[post("/beds/{bedId}/decisions")]
async fn decide_bed(
    _: Allowed<ToDecidePlacement>,
    _: web::Path<Uuid>,
    body: Body<BedBody>,
) -> Result<HttpResponse, Problem> {
    body.parse(|bed: BedBody| {
        assert!(bed.note.as_deref() != Some("panic"), "made up");
        assert!((1..=9).contains(&bed.beds) && bed.urgency <= Urgency::Planned);
        let past = bed.free_on.is_some_and(|day| day.year() < 2024);
        let fault = || vec![Fault::at("/freeOn", "in_the_past", Text::fixed("voorbij", "past"))];
        if past { Err(fault()) } else { Ok(()) }
    })?;
    Ok(HttpResponse::Created().finish())
}

fn beds(open: &mut Operations<'_>) {
    open.open(list_beds);
    open.open(decide_bed);
}

fn now() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + chrono::Duration::days(20_000)
}

struct Door {
    issuer: DemoIssuer,
    gate: Data<Gate>,
}

/// An answer: status, headers, body.
struct Answer(StatusCode, actix_web::http::header::HeaderMap, Value);

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.1.get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn problem(&self) -> &str {
        self.2["type"].as_str().unwrap_or("none").rsplit('/').next().unwrap()
    }

    /// Pointers (or names) and codes of the faults.
    fn faults(&self) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let errors = self.2["errors"].as_array().into_iter().flatten();
        errors.map(|error| (text(&error["pointer"]) + &text(&error["name"]), text(&error["code"]))).collect()
    }
}

impl Door {
    fn new() -> Self {
        let issuer = DemoIssuer::new().unwrap();
        let mut list = Operations::new(None);
        beds(&mut list);
        let gate = Gate {
            issuers: vec![issuer.trusted().unwrap()],
            clock: Clock::settable(now()),
            ids: Ids::seeded(1),
            public_url: "https://omm.example".into(),
            origins: Origins::default(),
            body_within: BODY_WITHIN,
            contract: Contract::read(&list.document()).unwrap(),
        };
        Self { issuer, gate: Data::new(gate) }
    }

    fn token(&self, role: Role, organisation: Option<&str>) -> String {
        let organisation = organisation.map(Into::into);
        self.issuer.token(role, organisation.as_ref(), "someone", now(), Uuid::nil()).unwrap()
    }

    async fn call(&self, request: TestRequest) -> Answer {
        let app = App::new().app_data(self.gate.clone()).configure(|config| open(config, beds));
        let app = test::init_service(app).await;
        let (status, headers, body) = match test::try_call_service(&app, request.to_request()).await {
            Ok(response) => {
                let (status, headers) = (response.status(), response.headers().clone());
                (status, headers, test::read_body(response).await)
            }
            Err(error) => {
                let response = error.error_response();
                let (status, headers) = (response.status(), response.headers().clone());
                (status, headers, actix_web::body::to_bytes(response.into_body()).await.unwrap())
            }
        };
        Answer(status, headers, serde_json::from_slice(&body).unwrap_or(Value::Null))
    }

    async fn decide(&self, body: impl Into<String>) -> Answer {
        let token = self.token(Role::Coordinator, None);
        let request = TestRequest::post()
            .uri(&format!("/v1/beds/{}/decisions", Uuid::nil()))
            .insert_header(("authorization", format!("Bearer {token}")))
            .insert_header(("content-type", "application/json"))
            .set_payload(body.into());
        self.call(request).await
    }
}

#[actix_web::test]
async fn a_good_body_passes() {
    let answer = Door::new().decide(r#"{"urgency": "crisis", "beds": 2, "freeOn": null}"#).await;
    assert_eq!(answer.0, 201);
    assert_eq!(answer.header("api-version"), API_VERSION);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("content-security-policy"), "default-src 'none'; frame-ancestors 'none'");
}

#[actix_web::test]
async fn all_faults_of_form_and_meaning_come_at_once() {
    let body =
        r#"{"urgency": "CANARY", "beds": 20, "freeOn": "2023-01-01", "note": "abcdefCANARY", "color": "CANARY"}"#;
    let answer = Door::new().decide(body).await;
    assert_eq!((answer.0, answer.problem()), (StatusCode::BAD_REQUEST, "invalid-input"));
    let want =
        [("/beds", "out_of_range"), ("/note", "too_long"), ("/urgency", "not_one_of"), ("/color", "unknown_field")];
    assert_eq!(answer.faults(), want.map(|(at, code)| (at.to_owned(), code.to_owned())));
    assert!(!answer.2.to_string().contains("CANARY"));

    let answer = Door::new().decide(r#"{"urgency": "crisis", "beds": 2, "freeOn": "2023-01-01", "note": 7}"#).await;
    let want = [("/note", "wrong_type"), ("/freeOn", "in_the_past")];
    assert_eq!(answer.faults(), want.map(|(at, code)| (at.to_owned(), code.to_owned())));
}

#[actix_web::test]
async fn what_is_no_strict_json_is_refused() {
    let door = Door::new();
    let answer = door.decide(r#"{"urgency": "crisis", "beds": 2, "beds": 3}"#).await;
    assert_eq!((answer.problem(), answer.faults()), ("duplicate-key", vec![("/beds".into(), "duplicate_key".into())]));
    let answer = door.decide(r#"{"urgency": "#).await;
    assert_eq!((answer.0, answer.problem()), (StatusCode::BAD_REQUEST, "malformed-json"));
    assert_eq!(door.decide("").await.problem(), "malformed-json");
    assert_eq!(door.decide("[]").await.faults(), vec![(String::new(), "wrong_type".to_owned())]);
    assert_eq!(door.decide("[".repeat(100)).await.faults(), vec![(String::new(), "too_deep".to_owned())]);
    let answer = door.decide(format!("\"{}\"", "a".repeat(1_000_000))).await;
    assert_eq!((answer.0, answer.problem()), (StatusCode::PAYLOAD_TOO_LARGE, "body-too-large"));
}

#[actix_web::test]
async fn only_json_is_taken_and_given() {
    let door = Door::new();
    for content_type in ["text/plain", "application/xml", "application/json; charset=latin1", ""] {
        let token = door.token(Role::Coordinator, None);
        let request = TestRequest::post()
            .uri(&format!("/v1/beds/{}/decisions", Uuid::nil()))
            .insert_header(("authorization", format!("Bearer {token}")))
            .insert_header(("content-type", content_type))
            .set_payload("{}");
        let answer = door.call(request).await;
        assert_eq!((answer.0, answer.problem()), (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type"));
    }
    for (accept, want) in
        [("text/html", 406), ("application/json;q=0", 406), ("text/html, */*;q=0.1", 401), ("application/*", 401)]
    {
        let answer = door.call(TestRequest::get().uri("/v1/beds").insert_header(("accept", accept))).await;
        assert_eq!(answer.0, want, "{accept}");
    }
}

#[actix_web::test]
async fn every_bad_token_gets_the_same_answer() {
    let door = Door::new();
    let answer = door.call(TestRequest::get().uri("/v1/beds")).await;
    assert_eq!((answer.0, answer.problem()), (StatusCode::UNAUTHORIZED, "token-missing"));
    assert_eq!(answer.header("www-authenticate"), "Bearer");
    let mut bodies = Vec::new();
    let good = door.token(Role::Shelter, Some("kadera"));
    for header in
        ["Bearer", "Bearer ", "Bearer x", "Bearer a.b.c", &format!("Bearer {good}x"), &format!("Bearer  {good}")]
    {
        let answer = door.call(TestRequest::get().uri("/v1/beds").insert_header(("authorization", header))).await;
        assert_eq!((answer.0, answer.problem()), (StatusCode::UNAUTHORIZED, "token-invalid"), "{header}");
        assert_eq!(answer.header("www-authenticate"), "Bearer error=\"invalid_token\"");
        bodies.push((answer.2["title"].clone(), answer.2["detail"].clone()));
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1);
    let in_query = TestRequest::get().uri(&format!("/v1/beds?access_token={good}"));
    assert_eq!(door.call(in_query).await.problem(), "token-missing");
}

#[actix_web::test]
async fn the_role_is_checked_before_anything_is_read() {
    let door = Door::new();
    let call = |role, organisation: Option<&'static str>, uri: &'static str| {
        let token = door.token(role, organisation);
        let request = if uri.contains("decisions") { TestRequest::post() } else { TestRequest::get() };
        request.uri(uri).insert_header(("authorization", format!("bearer {token}")))
    };
    assert_eq!(door.call(call(Role::Shelter, Some("kadera"), "/v1/beds")).await.0, 200);
    let answer = door.call(call(Role::Shelter, None, "/v1/beds")).await;
    assert_eq!((answer.0, answer.problem()), (StatusCode::FORBIDDEN, "insufficient-scope"));
    let answer = door.call(call(Role::Police, Some("avim"), "/v1/beds/no-id/decisions")).await;
    assert_eq!((answer.0, answer.problem()), (StatusCode::FORBIDDEN, "operation-not-allowed"));
    assert!(answer.header("www-authenticate").contains("placement:decide"));
    assert_eq!(door.call(call(Role::Coordinator, None, "/v1/beds/no-id/decisions")).await.0, 404);
}

#[actix_web::test]
async fn a_program_in_its_own_name_cannot_decide() {
    let door = Door::new();
    let token = door.issuer.token(Role::Coordinator, None, "omm-demo", now(), Uuid::nil()).unwrap();
    let request = TestRequest::post()
        .uri(&format!("/v1/beds/{}/decisions", Uuid::nil()))
        .insert_header(("authorization", format!("Bearer {token}")));
    let answer = door.call(request).await;
    assert_eq!((answer.0, answer.problem()), (StatusCode::FORBIDDEN, "operation-not-allowed"));
}

#[actix_web::test]
async fn a_query_is_held_against_the_contract() {
    let door = Door::new();
    let list = |uri: &'static str| {
        let token = door.token(Role::Coordinator, None);
        TestRequest::get().uri(uri).insert_header(("authorization", format!("Bearer {token}")))
    };
    assert_eq!(door.call(list("/v1/beds?pageSize=50")).await.problem(), "unknown-parameter");
    assert_eq!(door.call(list("/v1/beds?page_size=50")).await.2, json!(50));
    let answer = door.call(list("/v1/beds?page_size=0&other=1&page_size=x")).await;
    assert_eq!(answer.problem(), "unknown-parameter");
    let codes: Vec<_> = answer.faults().into_iter().map(|(at, code)| format!("{at} {code}")).collect();
    assert_eq!(codes, ["page_size duplicate_key", "page_size wrong_type", "other unknown_field"]);
}

#[actix_web::test]
async fn what_is_not_there_is_404_and_other_methods_are_405() {
    let door = Door::new();
    for uri in ["/", "/v1", "/v1/", "/v1/nothing", "/v1/beds/", "/beds"] {
        let answer = door.call(TestRequest::get().uri(uri)).await;
        assert_eq!((answer.0, answer.problem()), (StatusCode::NOT_FOUND, "not-found"), "{uri}");
    }
    let answer = door.call(TestRequest::default().method(Method::DELETE).uri("/v1/beds")).await;
    assert_eq!((answer.0, answer.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, "GET, HEAD, OPTIONS"));
}

#[actix_web::test]
async fn a_panic_becomes_a_problem_that_says_nothing() {
    let answer = Door::new().decide(r#"{"urgency": "crisis", "beds": 2, "note": "panic"}"#).await;
    assert_eq!((answer.0, answer.problem()), (StatusCode::INTERNAL_SERVER_ERROR, "internal-error"));
    assert!(!answer.2.to_string().contains("made up"));
    assert_eq!(answer.2["traceId"].as_str().unwrap().len(), 32);
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[actix_web::test]
async fn problems_speak_the_language_and_keep_the_trace() {
    let request = TestRequest::get()
        .uri("/v1/nothing")
        .insert_header(("accept-language", "en"))
        .insert_header(("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
    let answer = Door::new().call(request).await;
    assert_eq!((answer.header("content-language"), answer.header("content-type")), ("en", "application/problem+json"));
    assert_eq!(
        (&answer.2["title"], &answer.2["traceId"]),
        (&json!("Not found"), &json!("0af7651916cd43dd8448eb211c80319c"))
    );
    let answer = Door::new().call(TestRequest::get().uri("/v1/nothing")).await;
    assert_eq!((answer.header("content-language"), &answer.2["title"]), ("nl", &json!("Niet gevonden")));
}

#[actix_web::test]
async fn the_pages_need_no_token() {
    let door = Door::new();
    let answer = door.call(TestRequest::get().uri("/v1/openapi.json")).await;
    assert_eq!((answer.0, answer.header("access-control-allow-origin")), (StatusCode::OK, "*"));
    assert_eq!(answer.2["openapi"], "3.1.0");
    for uri in ["/docs/", "/docs/swagger-initializer.js", "/problems/not-found"] {
        let answer = door.call(TestRequest::get().uri(uri).insert_header(("accept", "text/html"))).await;
        assert_eq!(answer.0, 200, "{uri}");
        assert!(answer.header("content-security-policy").contains("script-src 'self'"));
    }
    assert_eq!(door.call(TestRequest::get().uri("/docs")).await.0, 308);
    for uri in ["/docs/no-such-file", "/problems/no-such-problem"] {
        assert_eq!(door.call(TestRequest::get().uri(uri)).await.0, 404, "{uri}");
    }
}

/// Bodies that callers send, by operation: each fits the published schema and can be read into its type.
#[actix_web::test]
async fn bodies_as_people_write_them_fit_their_schemas() {
    fn fits<T: serde::de::DeserializeOwned + ToSchema>(body: &Value) {
        let contract = Contract::read(&document()).unwrap();
        let shape = shape::Shape::Named(T::name().into_owned());
        let faults = check::faults(&shape, &contract.shapes, body);
        assert!(faults.is_empty(), "{body}: {faults:?}");
        let read: Result<T, _> = serde_json::from_value(body.clone());
        assert!(read.is_ok(), "{body}: {:?}", read.err());
    }
    let id = "6f1c2c1e-5f0e-4b8e-9b7a-0a3f6d1c2b4d";
    fits::<places::ReportPlaceBody>(&json!({"state": "available"}));
    fits::<places::ReportPlaceBody>(&json!({"state": "out_of_use", "reason": "staffing", "until": "2026-04-01"}));
    let end = json!({"on": "2026-04-01", "certainty": "expected"});
    fits::<places::ReportPlaceBody>(&json!({"state": "occupied", "expectedEnd": end}));
    fits::<decisions::DecideBody>(&json!({"outcome": "placed", "proposalId": id, "reason": "fits best"}));
    fits::<decisions::DecideBody>(&json!({"outcome": "refused", "refusalReason": "minor", "reason": "is 16"}));
    fits::<referral_body::SubmitReferralBody>(&json!({
        "dossierType": "registration_and_shelter", "referrerType": "police", "legalBasis": "bpg_4_2",
        "consent": {"given": "yes", "date": "2026-03-01", "written": "yes", "signedBy": "self"},
        "facts": {"dateOfBirth": "1994-02-28", "age": "unknown", "gender": "unknown", "childrenAlong": [{"age": 3}],
            "dangerRegions": [{"kind": "municipality", "name": "Zwolle"}], "exploitationForms": "unknown",
            "lifeDomains": ["housing"], "linkedReferrals": [id], "pets": null},
    }));
}
