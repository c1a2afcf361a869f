//! Who a token speaks for: issuer and subject, never an e-mail address; and in which role.

use omm::clock::Clock;
use reqwest::Client;
use serde_json::{Value, json};

use super::{Answer, Believing};
use crate::{
    issuer::{ISSUER, Issuer, claims, with},
    served::monday_morning,
};

impl Believing {
    /// Somebody with these claims searches for a person; the actor that the trail then names last.
    async fn actor_after(&self, changes: &Value) -> Value {
        let token = self.issuer.key("PS256").token(&with(claims(monday_morning()), changes));
        let before = self.served.trail().await.len();
        let search = json!({"organisation": "police-rotterdam", "reference": "R-1"});
        let request = Client::new().post(self.served.url("/referrals/_search")).json(&search).bearer_auth(token);
        assert_eq!(Answer::of(request).await.brief(), "200 ok", "{changes}");
        let trail = self.served.trail().await;
        assert_eq!(trail.len(), before + 1, "the search was recorded");
        trail.last().unwrap()["call"]["actor"].clone()
    }
}

#[actix_web::test]
async fn the_trail_names_issuer_subject_client_organisation_and_role() {
    let desk = Believing::new().await;
    assert_eq!(
        desk.actor_after(&json!({})).await,
        json!({"issuer": ISSUER, "subject": "person-17", "client": "portal", "organisation": "comensha",
            "role": "coordinator"})
    );
}

#[actix_web::test]
async fn an_e_mail_address_given_to_somebody_else_changes_nothing() {
    let desk = Believing::new().await;
    let address = json!({"email": "ann@desk.example", "email_verified": true, "preferred_username": "ann"});
    let ann = desk.actor_after(&with(address.clone(), &json!({"sub": "person-1"}))).await;
    let later = desk.actor_after(&with(address, &json!({"sub": "person-2"}))).await;
    assert_eq!((&ann["subject"], &later["subject"]), (&json!("person-1"), &json!("person-2")));
    let moved = desk.actor_after(&json!({"sub": "person-1", "email": "ann@elsewhere.example"})).await;
    assert_eq!(moved, ann);
    assert!(!json!(desk.served.trail().await).to_string().contains("ann@"), "the trail holds an address");
}

#[actix_web::test]
async fn a_role_that_is_unknown_or_may_not_is_403_with_a_challenge() {
    let desk = Believing::new().await;
    for role in [json!(null), json!("superuser"), json!("Coordinator"), json!(["coordinator"]), json!(1), json!("om")] {
        let token = desk.issuer.key("EdDSA").token(&with(claims(monday_morning()), &json!({ "role": role })));
        let answer = desk.ask_with(&token).await;
        assert_eq!(answer.brief(), "403 operation-not-allowed", "{role}");
        assert!(answer.challenge().starts_with("Bearer error=\"insufficient_scope\", scope=\""), "{role}");
    }
}

#[actix_web::test]
async fn role_and_organisation_come_from_the_claims_that_the_settings_name() {
    let issuer = Issuer::new();
    let trusted = issuer.trusted().with_claims("omm_role", "omm_organisation");
    let desk = Believing::with(issuer, Clock::settable(monday_morning()), vec![trusted]).await;
    let named =
        json!({"omm_role": "coordinator", "omm_organisation": "comensha", "role": "admin", "organisation": "x"});
    let actor = desk.actor_after(&named).await;
    assert_eq!((&actor["role"], &actor["organisation"]), (&json!("coordinator"), &json!("comensha")));
    // The usual names say nothing here.
    let usual = desk.ask_with(&desk.issuer.key("EdDSA").token(&claims(monday_morning()))).await;
    assert_eq!(usual.brief(), "403 operation-not-allowed");
}
