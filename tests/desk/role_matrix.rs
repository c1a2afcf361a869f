//! Every operation of the contract, called by every role on what is its own, on what is somebody else's, on what is not
//! there, and without a token. What must come of it is computed from the table of permissions; here stands only what is
//! sent. An operation without a row fails.

use std::collections::BTreeMap;

use omm::{
    api,
    domain::role::{Permission, Role, Scope, scope},
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::given::{a_referral, nothing_special};
use crate::served::{Caller, Reply, Served};

/// What is sent, by operation, and in this order: what reads first, what ends a case last. `{…}` stands for an id of the
/// case. What is sent must be good enough to reach the question whose the thing is.
fn rows() -> Vec<(&'static str, &'static str, Value)> {
    let reason = || json!("The reason.");
    vec![
        ("list_referrals", "", Value::Null),
        ("read_referral", "", Value::Null),
        ("search_referrals", "", json!({"organisation": "alpha", "reference": "alpha-1"})),
        ("read_latest_match", "", Value::Null),
        ("read_match", "", Value::Null),
        ("list_referral_proposals", "", Value::Null),
        ("list_proposals", "", Value::Null),
        ("read_proposal", "", Value::Null),
        ("list_decisions", "", Value::Null),
        ("read_placement", "", Value::Null),
        ("read_waiting_list", "", Value::Null),
        ("query_status", "", json!({"reference": "{reference}", "purpose": "criminal_investigation"})),
        ("list_organisations", "", Value::Null),
        ("list_locations", "", Value::Null),
        ("list_units", "", Value::Null),
        ("read_unit", "", Value::Null),
        ("list_places", "", Value::Null),
        ("read_capacity", "", Value::Null),
        ("list_policies", "", Value::Null),
        ("list_audit_entries", "?referralId={referralId}", Value::Null),
        ("search_audit_entries", "", json!({"person": "{referralId}"})),
        ("verify_audit_entries", "", json!({})),
        ("confirm_figures", "", json!({})),
        ("report_place", "", json!({"state": "available"})),
        ("submit_referral", "", a_referral()),
        ("amend_referral", "", json!({"background": {"lawyer": "A lawyer."}})),
        ("assess_referral", "", json!({"judgement": "eligible", "reason": reason()})),
        ("match_referral", "", Value::Null),
        ("propose_placement", "", json!({"unitId": "{unitId}", "resultId": "{resultId}"})),
        ("send_proposal", "", json!({})),
        ("answer_proposal", "", json!({"answer": "accepted"})),
        ("decide_placement", "", json!({"outcome": "waiting_list", "reason": reason()})),
        ("report_arrival", "", json!({"outcome": "arrived"})),
        ("announce_end", "", json!({"endDate": "2026-06-01", "certainty": "expected"})),
        ("report_disappearance", "", json!({})),
        ("report_exit", "", json!({"exitType": "independent"})),
        ("cancel_proposal", "", json!({})),
        ("withdraw_referral", "", json!({"reason": "by_victim"})),
    ]
}

/// An operation of the contract with what is sent to it.
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) method: Method,
    path: String,
    pub(crate) permission: Permission,
    body: Value,
}

pub(crate) fn operations() -> Vec<Operation> {
    let document = api::document();
    let mut found = BTreeMap::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let name = operation["security"][0]["bearer"][0].as_str().unwrap();
            let permission = Permission::ALL.into_iter().find(|permission| permission.as_str() == name).unwrap();
            let method: Method = method.to_uppercase().parse().unwrap();
            found.insert(operation["operationId"].as_str().unwrap().to_owned(), (method, path.clone(), permission));
        }
    }
    let rows: Vec<Operation> = rows()
        .into_iter()
        .map(|(id, query, body)| {
            let (method, path, permission) = found.remove(id).unwrap_or_else(|| panic!("{id} is no operation"));
            Operation { id: id.to_owned(), method, path: path + query, permission, body }
        })
        .collect();
    assert!(found.is_empty(), "operations without a row: {:?}", found.keys());
    rows
}

/// Ids by the names they have in paths and bodies.
pub(crate) type Ids = BTreeMap<&'static str, String>;

/// One side of the matrix: a case of this organisation, at a shelter, in the hands of this coordinator.
pub(crate) struct Side {
    pub(crate) ids: Ids,
    pub(crate) shelter: String,
}

pub(crate) async fn a_side(desk: &Desk<'_>, organisation: &'static str, not_at: &str) -> Side {
    let (live, shelter) = a_proposed_case(desk, organisation, not_at).await;
    let (placed, _) = a_proposed_case(desk, organisation, not_at).await;
    let house = desk.served.shelter(&shelter);
    house.post(&format!("/proposals/{}/answers", placed["proposalId"]), json!({"answer": "accepted"})).await.ok();
    let decision = json!({"outcome": "placed", "proposalId": placed["proposalId"], "reason": "She agrees."});
    let decided =
        desk.coordinator().post(&format!("/referrals/{}/decisions", placed["referralId"]), decision).await.ok();
    let mut ids = live;
    ids.insert("placementId", text(&decided["placementId"]));
    let rooms = house.get(&format!("/units/{}/places", ids["unitId"])).await.ok();
    ids.insert("placeId", text(&rooms["places"][0]["id"]));
    Side { ids, shelter }
}

/// The desk with one of its coordinators.
pub(crate) struct Desk<'s> {
    pub(crate) served: &'s Served,
    pub(crate) coordinator: &'static str,
}

impl Desk<'_> {
    fn coordinator(&self) -> Caller<'_> {
        self.served.person(Role::Coordinator, Some("comensha"), self.coordinator)
    }
}

async fn a_proposed_case(desk: &Desk<'_>, organisation: &'static str, not_at: &str) -> (Ids, String) {
    let officer = desk.served.person(Role::Police, Some(organisation), &format!("officer-of-{organisation}"));
    let reference = format!("{organisation}-1");
    let mut body = a_referral();
    body["referrerReference"] = json!(reference);
    let referral = text(&officer.post("/referrals", body).await.ok()["id"]);
    let comensha = desk.coordinator();
    let path = format!("/referrals/{referral}");
    comensha.patch(&path, nothing_special()).await.ok();
    let judged = json!({"judgement": "eligible", "reason": "Diagnosis."});
    comensha.post(&format!("{path}/assessments"), judged).await.ok();
    let made = comensha.call(Method::POST, &format!("{path}/matches"), None).await.ok();
    let result = text(&made["id"]);
    let matched = comensha.get(&format!("{path}/matches/{result}")).await.ok();
    let cards = matched["result"]["now"].as_array().unwrap();
    let card = cards.iter().find(|card| card["organisation"] != not_at).unwrap();
    let departure = json!({"reason": "victim_wish", "text": "Wants to be near her sister."});
    let body = json!({"unitId": card["unit"], "resultId": result, "departure": departure});
    let proposal = text(&comensha.post(&format!("{path}/proposals"), body).await.ok()["id"]);
    let ids = Ids::from([
        ("referralId", referral),
        ("resultId", result),
        ("proposalId", proposal),
        ("unitId", text(&card["unit"])),
        ("reference", reference),
    ]);
    (ids, text(&card["organisation"]))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

fn filled(text: &str, ids: &Ids) -> String {
    ids.iter().fold(text.to_owned(), |text, (name, id)| text.replace(&format!("{{{name}}}"), id))
}

pub(crate) async fn ask(caller: &Caller<'_>, operation: &Operation, ids: &Ids) -> Reply {
    let body = (!operation.body.is_null()).then(|| filled(&operation.body.to_string(), ids));
    caller.call(operation.method.clone(), &filled(&operation.path, ids), body).await
}

/// A problem without what differs from call to call.
fn constant(reply: &Reply) -> (u16, Value) {
    let mut body = reply.json();
    for name in ["instance", "traceId"] {
        body.as_object_mut().unwrap().remove(name);
    }
    (reply.status, body)
}

#[actix_web::test]
async fn every_operation_for_every_role_on_own_foreign_and_absent_things_and_without_a_token() {
    let served = Served::new().await;
    let own = a_side(&Desk { served: &served, coordinator: "coordinator-1" }, "alpha", "").await;
    let foreign = a_side(&Desk { served: &served, coordinator: "coordinator-2" }, "beta", &own.shelter).await;
    let absent: Ids = own.ids.keys().map(|name| (*name, "0b6f3c1e-5a0d-4c5e-9f43-3f1f2a6f7d10".to_owned())).collect();
    for operation in operations() {
        let is_about = |text: &str| filled(text, &own.ids) != text;
        let names_a_thing =
            is_about(&operation.path) || operation.id != "search_referrals" && is_about(&operation.body.to_string());
        let unknown = ask(&served.nobody(), &operation, &own.ids).await;
        assert_eq!(unknown.brief(), "401 token-missing", "{}", operation.id);
        for role in Role::ALL {
            let organisation = match role {
                Role::Shelter => own.shelter.as_str(),
                Role::Coordinator => "comensha",
                Role::CareCoordinator
                | Role::Police
                | Role::Kmar
                | Role::Nla
                | Role::Om
                | Role::Referrer
                | Role::Guardian
                | Role::AggregateReader
                | Role::Rapporteur
                | Role::Auditor
                | Role::Admin => "alpha",
            };
            let caller = served.caller(role, Some(organisation));
            let what = format!("{} as {role}", operation.id);
            let on_own = ask(&caller, &operation, &own.ids).await;
            let Some(reach) = scope(role, operation.permission) else {
                for reply in [on_own, ask(&caller, &operation, &foreign.ids).await] {
                    assert_eq!(reply.brief(), "403 operation-not-allowed", "{what}");
                }
                continue;
            };
            let is_let_in = on_own.status < 500 && ![401, 403, 404].contains(&on_own.status);
            assert!(is_let_in, "{what} on its own: {} {}", on_own.status, on_own.text);
            if operation.method == Method::GET {
                assert_eq!(on_own.status, 200, "{what} on its own: {}", on_own.text);
            }
            if !names_a_thing {
                continue;
            }
            let on_absent = ask(&caller, &operation, &absent).await;
            if reach == Scope::Full && operation.permission == Permission::ReadAudit {
                continue;
            }
            assert_eq!(on_absent.brief(), "404 not-found", "{what} on what is not there: {}", on_absent.text);
            let on_foreign = ask(&caller, &operation, &foreign.ids).await;
            if reach == Scope::Full {
                assert!(on_foreign.status < 500 && ![401, 403, 404].contains(&on_foreign.status), "{what} on others'");
            } else {
                assert_eq!(constant(&on_foreign), constant(&on_absent), "{what} on somebody else's");
            }
        }
    }
}
