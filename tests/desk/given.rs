//! What a test begins with, in the words of the field.

use serde_json::{Value, json};

use crate::served::Served;

/// A referral of an adult woman with a psychiatric diagnosis, Dutch, with consent: eligible for the OMM.
pub fn a_referral() -> Value {
    json!({
        "dossierType": "registration_and_shelter",
        "referrerType": "police",
        "legalBasis": "bpg_4_2",
        "consent": {"given": "yes", "date": "2026-03-01", "written": "yes", "signedBy": "self"},
        "facts": {
            "victimStatus": "suspected",
            "urgency": "planned",
            "age": 31,
            "gender": "female",
            "jurisdiction": "NL",
            "residencePhase": "dutch",
            "childrenAlong": [],
            "linkedReferrals": [],
            "exploitationForms": ["sexual"],
            "honourViolence": "no",
            "interpreter": "no",
            "dangerRegions": [],
            "threatLevel": "none",
            "needsSecretAddress": "no",
            "lvb": "none",
            "ggz": "diagnosis",
            "addiction": "none",
            "lifeDomains": ["housing", "money"],
            "regularShelterInsufficient": "yes",
            "mobility": "none",
            "pregnant": "no",
            "pets": "no",
            "daytimeWish": "no",
            "aggression": "none",
            "suicidality": "none",
        }
    })
}

/// The same with facts of one's own put over it.
pub fn a_referral_with(facts: Value) -> Value {
    let mut body = a_referral();
    let Value::Object(facts) = facts else { panic!("facts are an object") };
    for (name, value) in facts {
        body["facts"][name] = value;
    }
    body
}

/// Facts that only CoMensha records, all known and empty.
pub fn nothing_special() -> Value {
    json!({"facts": {"serviceNeeds": [], "mustHaveCare": [], "knownConflicts": []}})
}

/// A referral that was submitted, judged eligible and matched; the id of the referral and the match.
pub async fn an_eligible_referral(served: &Served, body: Value) -> (String, Value) {
    let coordinator = served.coordinator();
    let submitted = served.police("politie-amsterdam").post("/referrals", body).await.ok();
    let id = submitted["id"].as_str().unwrap().to_owned();
    coordinator.patch(&format!("/referrals/{id}"), nothing_special()).await.ok();
    let judged = json!({"judgement": "eligible", "reason": "Diagnosis and regular shelter insufficient."});
    coordinator.post(&format!("/referrals/{id}/assessments"), judged).await.ok();
    let matched = a_match(served, &id).await;
    (id, matched)
}

/// A match of a referral, made now and read.
pub async fn a_match(served: &Served, referral: &str) -> Value {
    let path = format!("/referrals/{referral}/matches");
    let made = served.coordinator().call(reqwest::Method::POST, &path, None).await.ok();
    let read = made["links"]["self"].as_str().unwrap().strip_prefix("/v1").unwrap();
    served.coordinator().get(read).await.ok()
}

/// The unit id of a unit code in a match.
pub fn unit_in(matched: &Value, code: &str) -> String {
    let lists = ["now", "later", "ask", "setAside", "out"];
    let cards = lists.iter().flat_map(|list| matched["result"][list].as_array().unwrap());
    let card = cards.into_iter().find(|card| card["code"] == code);
    card.unwrap_or_else(|| panic!("{code} is in no list"))["unit"].as_str().unwrap().to_owned()
}
