//! Every operation names for what purpose it processes data and on which legal ground, and every entry of the trail says
//! both. A caller may state its purpose; one that is not its own is refused.

use omm::{api, domain::role::Role};
use reqwest::Method;
use serde_json::json;

use crate::given::{a_referral, an_eligible_referral};
use crate::served::Served;

#[test]
fn every_operation_names_its_purpose_and_its_legal_grounds() {
    let document = api::document();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            assert!(operation["x-purpose"].is_string(), "{method} {path} names no purpose");
            let grounds = operation["x-legal-basis"].as_array().cloned().unwrap_or_default();
            assert!(!grounds.is_empty(), "{method} {path} names no legal ground");
            assert!(grounds.iter().all(serde_json::Value::is_string), "{method} {path}");
        }
    }
}

#[actix_web::test]
async fn a_purpose_that_is_not_the_callers_is_refused_before_anything_is_read() {
    let desk = Served::new().await;
    let (referral, _) = an_eligible_referral(&desk, a_referral()).await;
    let path = format!("/referrals/{referral}");
    let stating = async |code: &str| {
        let reply = desk.coordinator().send(Method::GET, &path, &[("Purpose-Of-Use", code)], None).await;
        reply.brief()
    };
    assert_eq!(stating("registration").await, "200 ok");
    for other in ["status", "criminal_investigation", "supervision", "curiosity", ""] {
        assert_eq!(stating(other).await, "403 purpose-not-allowed", "{other}");
    }
    let twice = [("Purpose-Of-Use", "registration"), ("Purpose-Of-Use", "curiosity")];
    let reply = desk.coordinator().send(Method::GET, &path, &twice, None).await;
    assert_eq!(reply.brief(), "403 purpose-not-allowed");
}

#[actix_web::test]
async fn a_status_is_asked_for_a_purpose_of_the_office_and_a_wrong_one_is_in_the_trail() {
    let desk = Served::new().await;
    let mut body = a_referral();
    body["referrerReference"] = json!("PL-1");
    desk.caller(Role::Police, Some("alpha")).post("/referrals", body).await.ok();
    let allowed = [
        (Role::Police, ["criminal_investigation", "victim_protection", "follow_up"].as_slice()),
        (Role::Kmar, &["criminal_investigation", "victim_protection", "follow_up"]),
        (Role::Nla, &["criminal_investigation", "follow_up"]),
        (Role::Om, &["criminal_investigation", "victim_protection"]),
    ];
    for (role, own) in allowed {
        for purpose in ["criminal_investigation", "victim_protection", "follow_up"] {
            let query = json!({"reference": "PL-1", "purpose": purpose});
            let reply = desk.caller(role, Some("alpha")).post("/status-queries", query).await;
            let expected = if own.contains(&purpose) { "200 ok" } else { "403 purpose-not-allowed" };
            assert_eq!(reply.brief(), expected, "{role} for {purpose}");
            let entry = desk.trail().await.pop().unwrap();
            assert_eq!(
                (&entry["call"]["purpose"], &entry["call"]["legalBasis"]),
                (&json!(purpose), &json!("status_assumed"))
            );
            let outcome = if own.contains(&purpose) { "permitted" } else { "refused" };
            assert_eq!(entry["event"]["outcome"], outcome, "{role} for {purpose}");
        }
    }
}
