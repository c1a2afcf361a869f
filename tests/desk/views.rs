//! Who sees what of a referral: one view per audience, a shelter only while it was asked or has the victim, police and
//! public prosecutor a status and no more. A word that nobody else would write stands in every field that is hidden.

use omm::{api, domain::role::Role};
use serde_json::{Value, json};

use crate::given::{a_match, a_referral, an_eligible_referral, nothing_special};
use crate::served::{Caller, Served};

/// A referral with an unmistakable word in each field that takes words.
fn with_canaries() -> Value {
    let mut body = a_referral();
    body["referrerRegion"] = json!("canary-region");
    body["referrerReference"] = json!("canary-reference");
    body["legalBasisExplanation"] = json!("canary-explanation");
    body["facts"]["dangerRegions"] = json!([{"kind": "municipality", "name": "canary-danger"}]);
    body["background"] = json!({
        "nationality": "canary-nationality", "countryOfOrigin": "canary-origin",
        "municipalityRegistered": "canary-municipality", "placeFound": "canary-found",
        "languages": ["canary-language"], "investigatingUnit": "canary-unit", "caseNumber": "canary-case",
        "lawyer": "canary-lawyer", "income": "canary-income", "insurance": "canary-insurance",
        "medical": "canary-medical", "medication": "canary-medication", "careHistory": "canary-history",
        "ownWish": "canary-wish", "housingPreference": "canary-housing", "substance": "canary-substance",
        "regularShelterReason": "canary-regular",
    });
    body
}

/// The canaries of a text, each once, in order.
fn canaries(text: &str) -> Vec<&str> {
    let mut found: Vec<&str> = text
        .match_indices("canary-")
        .map(|(at, _)| {
            let rest = &text[at..];
            let end = rest.find(|sign: char| !sign.is_ascii_alphabetic() && sign != '-').unwrap_or(rest.len());
            &rest[..end]
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// The names of the fields of an answer, in order; of objects below it only those of one view.
fn fields(body: &Value) -> Vec<&str> {
    body.as_object().unwrap().keys().map(String::as_str).collect()
}

struct Asked<'s> {
    desk: &'s Served,
    referral: String,
    shelter: String,
    proposal: String,
}

impl Asked<'_> {
    fn house(&self) -> Caller<'_> {
        self.desk.shelter(&self.shelter)
    }

    async fn answer(&self, body: Value) {
        self.house().post(&format!("/proposals/{}/answers", self.proposal), body).await.ok();
    }

    /// What the shelter gets when it reads the referral, the proposal, and the proposals of the referral.
    async fn seen(&self) -> [u16; 3] {
        let house = self.house();
        let referral = format!("/referrals/{}", self.referral);
        let proposals = format!("{referral}/proposals");
        [
            house.get(&referral).await.status,
            house.get(&format!("/proposals/{}", self.proposal)).await.status,
            house.get(&proposals).await.status,
        ]
    }
}

async fn asked(desk: &Served, body: Value) -> Asked<'_> {
    let (referral, matched) = an_eligible_referral(desk, body).await;
    asked_of(desk, referral, &matched).await
}

async fn asked_of<'s>(desk: &'s Served, referral: String, matched: &Value) -> Asked<'s> {
    let first = &matched["result"]["now"][0];
    let shelter = first["organisation"].as_str().unwrap().to_owned();
    let mut asked = Asked { desk, referral, shelter, proposal: String::new() };
    assert_eq!(asked.house().get(&format!("/referrals/{}", asked.referral)).await.status, 404, "before it is asked");
    let departure = json!({"reason": "victim_wish", "text": "Wants to be near her sister."});
    let proposal = json!({"unitId": first["unit"], "resultId": matched["id"], "departure": departure});
    let path = format!("/referrals/{}/proposals", asked.referral);
    asked.proposal = desk.coordinator().post(&path, proposal).await.ok()["id"].as_str().unwrap().to_owned();
    asked
}

#[actix_web::test]
async fn a_shelter_sees_a_referral_from_the_moment_it_is_asked_until_it_has_nothing_to_do_with_it() {
    let desk = Served::new().await;
    let asked = asked(&desk, a_referral()).await;
    assert_eq!(asked.seen().await, [200, 200, 200], "sent");
    asked.answer(json!({"answer": "accepted"})).await;
    assert_eq!(asked.seen().await, [200, 200, 200], "accepted");
    let decision = json!({"outcome": "placed", "proposalId": asked.proposal, "reason": "She agrees."});
    let path = format!("/referrals/{}/decisions", asked.referral);
    let decided = desk.coordinator().post(&path, decision).await.ok();
    assert_eq!(asked.seen().await, [200, 200, 200], "placed");
    let placement = format!("/placements/{}", decided["placementId"].as_str().unwrap());
    asked.house().post(&format!("{placement}/arrival"), json!({"outcome": "arrived"})).await.ok();
    assert_eq!(asked.seen().await, [200, 200, 200], "arrived");
    assert_eq!(asked.house().get(&placement).await.status, 200);
    asked.house().post(&format!("{placement}/exit"), json!({"exitType": "independent"})).await.ok();
    assert_eq!(asked.seen().await, [404, 404, 404], "gone");
    assert_eq!(asked.house().get(&placement).await.brief(), "404 not-found");
    assert_eq!(asked.house().get("/proposals").await.ok()["proposals"], json!([]));
    assert_eq!(desk.coordinator().get(&placement).await.status, 200, "CoMensha sees how it ended");
}

#[actix_web::test]
async fn an_objection_a_lapsed_hold_and_a_taken_back_proposal_close_the_view() {
    let desk = Served::new().await;
    let objecting = asked(&desk, a_referral()).await;
    objecting.answer(json!({"answer": "objected", "reason": "group_composition"})).await;
    assert_eq!(objecting.seen().await, [404, 404, 404], "objected");
    let cancelled = asked(&desk, a_referral()).await;
    let path = format!("/proposals/{}/cancellation", cancelled.proposal);
    desk.coordinator().post(&path, json!({})).await.ok();
    assert_eq!(cancelled.seen().await, [404, 404, 404], "taken back");
    let lapsing = asked(&desk, a_referral()).await;
    let path = format!("/proposals/{}", lapsing.proposal);
    let sent = desk.coordinator().get(&path).await.ok();
    let until: chrono::DateTime<chrono::Utc> = sent["lifecycle"]["holdUntil"].as_str().unwrap().parse().unwrap();
    desk.clock.advance(until - desk.clock.now() - chrono::Duration::microseconds(1));
    assert_eq!(lapsing.seen().await, [200, 200, 200], "until the last moment");
    desk.clock.advance(chrono::Duration::microseconds(1));
    assert_eq!(lapsing.seen().await, [404, 404, 404], "lapsed by the clock, and nobody wrote it down");
}

#[actix_web::test]
async fn each_audience_has_its_own_view_and_hidden_fields_stay_hidden() {
    let desk = Served::new().await;
    let asked = asked(&desk, with_canaries()).await;
    let path = format!("/referrals/{}", asked.referral);
    let references = json!([{"organisation": "politie-amsterdam", "reference": "canary-reference"},
        {"organisation": "parket-amsterdam", "reference": "canary-om"}]);
    desk.coordinator().patch(&path, json!({ "references": references })).await.ok();

    let status = ["contactDesk", "status", "statusChangedAt"];
    let investigators = [
        (Role::Police, "politie-amsterdam"),
        (Role::Kmar, "politie-amsterdam"),
        (Role::Nla, "politie-amsterdam"),
        (Role::Om, "parket-amsterdam"),
    ];
    for (role, organisation) in investigators {
        let caller = desk.caller(role, Some(organisation));
        let read = caller.get(&path).await.ok();
        let reference = if role == Role::Om { "canary-om" } else { "canary-reference" };
        let queried =
            caller.post("/status-queries", json!({"reference": reference, "purpose": "criminal_investigation"})).await;
        for body in [read, queried.ok()] {
            assert_eq!(fields(&body), status, "{role}");
            assert_eq!(canaries(&body.to_string()), Vec::<&str>::new(), "{role}");
        }
    }
    let sent = desk.caller(Role::Referrer, Some("politie-amsterdam")).get(&path).await.ok();
    let intake = asked.house().get(&path).await.ok();
    let full = desk.coordinator().get(&path).await.ok();
    let mut shown = String::new();
    for (audience, body) in [("referrer", &sent), ("shelter", &intake), ("coordinator", &full)] {
        let (fields, canaries) = (fields(body).join(" "), canaries(&body.to_string()).join(" ").replace("canary-", ""));
        shown.push_str(&[audience, "\n  fields: ", &fields, "\n  words:  ", &canaries, "\n"].concat());
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn nobody_gets_a_street_address_or_coordinates() {
    const NEVER: [&str; 10] =
        ["street", "address", "postal", "zip", "house", "latitude", "longitude", "coordinate", "geometry", "phone"];
    let document = api::document();
    let mut parts = vec![&document["components"]["schemas"], &document["paths"]];
    let mut fields = 0;
    while let Some(part) = parts.pop() {
        for field in part["properties"].as_object().into_iter().flat_map(serde_json::Map::keys) {
            fields += 1;
            // That an address is secret, or has to be, is no address, and a wish about housing no house.
            let name = field.to_lowercase().replace("secretaddress", "").replace("housingpreference", "");
            assert!(!NEVER.iter().any(|word| name.contains(word)), "{field}");
        }
        parts.extend(part.as_object().into_iter().flat_map(serde_json::Map::values));
        parts.extend(part.as_array().into_iter().flatten());
    }
    assert!(fields > 100, "the contract has fields to look at");
}

#[actix_web::test]
async fn forbidden_attributes_change_nothing_in_a_match() {
    let desk = Served::new().await;
    let (referral, first) = an_eligible_referral(&desk, a_referral()).await;
    let path = format!("/referrals/{referral}");
    let others = [("Dutch", "NL", "Dutch"), ("Nigerian", "NG", "Yoruba"), ("Syrian", "SY", "Arabic")];
    for (nationality, origin, language) in others {
        let background = json!({"nationality": nationality, "countryOfOrigin": origin, "languages": [language],
            "ownWish": "A church, a mosque or a temple nearby.", "placeFound": origin});
        desk.coordinator().patch(&path, json!({ "background": background })).await.ok();
        desk.coordinator().patch(&path, nothing_special()).await.ok();
        let again = a_match(&desk, &referral).await;
        assert_eq!(again["result"], first["result"], "{nationality}");
    }
    let other = json!({"facts": {"ggz": "none"}});
    desk.coordinator().patch(&path, other).await.ok();
    assert_ne!(a_match(&desk, &referral).await["result"], first["result"], "what may count does");
}
