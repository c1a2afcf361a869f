//! The catalogue through the API: every row, what may be placed in, and the five texts the product starts from.

use std::collections::BTreeSet;

use omm::domain::catalogue::seed::{Catalogue, DEFAULT_CATALOGUE};
use serde_json::{Value, json};

use crate::given::{a_referral, a_referral_with, an_eligible_referral};
use crate::served::Served;

fn codes(list: &Value) -> BTreeSet<String> {
    list.as_array().unwrap().iter().map(|row| row["code"].as_str().unwrap().to_owned()).collect()
}

/// The advice card of a location in a match.
fn card<'m>(matched: &'m Value, location: &str) -> &'m Value {
    let cards = matched["advice"]["cards"].as_array().unwrap();
    cards.iter().find(|card| card["location"] == location).unwrap_or_else(|| panic!("no card for {location}"))
}

/// Codes of all units in the lists of candidates and exclusions.
fn listed(matched: &Value) -> BTreeSet<String> {
    let lists = ["now", "later", "ask", "setAside", "out"];
    lists.iter().flat_map(|list| codes(&matched["result"][list])).collect()
}

#[actix_web::test]
async fn every_row_of_the_catalogue_is_seen_through_the_api() {
    let desk = Served::new().await;
    let file = Catalogue::parse(DEFAULT_CATALOGUE).unwrap();
    let organisations = desk.coordinator().get("/organisations").await.ok();
    let locations = desk.coordinator().get("/locations").await.ok();
    let units = desk.coordinator().get("/units").await.ok();
    let wanted: BTreeSet<String> = file.organisations.iter().map(|row| row.code.to_string()).collect();
    assert_eq!(codes(&organisations["organisations"]), wanted);
    let wanted: BTreeSet<String> = file.locations.iter().map(|row| row.code().to_string()).collect();
    assert_eq!(codes(&locations["locations"]), wanted);
    let wanted: BTreeSet<String> =
        file.locations.iter().flat_map(|row| &row.units).map(|unit| unit.code.to_string()).collect();
    assert_eq!(codes(&units["units"]), wanted);
    let omm: u64 = desk.coordinator().get("/capacity").await.ok()["units"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|line| line["code"].as_str().unwrap().starts_with("omm-"))
        .map(|line| line["capacity"]["total"].as_u64().unwrap())
        .sum();
    assert_eq!(omm, 36, "the 36 places of the OMM");
}

#[actix_web::test]
async fn importing_the_catalogue_again_changes_nothing_and_is_recorded() {
    let desk = Served::new().await;
    let admin = crate::served::call_of(omm::domain::role::Role::Admin, None);
    let again = Catalogue::parse(DEFAULT_CATALOGUE).unwrap();
    let change = omm::app::import_catalogue::import_catalogue(&desk.desk, &admin, again).await.unwrap();
    assert!(change.is_empty());
    assert_eq!(desk.events().await.iter().filter(|event| *event == "catalogue.imported").count(), 2);
}

#[actix_web::test]
async fn pimenta_is_advice_for_a_young_person_in_belgium_and_never_a_candidate() {
    let desk = Served::new().await;
    let belgian = json!({"jurisdiction": "BE", "age": 19, "livingFormUnsuitable": ["group"]});
    let (_, matched) = an_eligible_referral(&desk, a_referral_with(belgian)).await;
    assert_eq!(card(&matched, "pimenta")["standing"], "fits");
    assert!(listed(&matched).iter().all(|code| !code.starts_with("pimenta")));
    let (_, dutch) = an_eligible_referral(&desk, a_referral_with(json!({"age": 19}))).await;
    assert_ne!(card(&dutch, "pimenta")["standing"], "fits");
}

#[actix_web::test]
async fn safe_changes_is_advice_for_a_young_woman_whose_threat_is_below_severe() {
    let desk = Served::new().await;
    let (_, matched) = an_eligible_referral(&desk, a_referral_with(json!({"age": 22}))).await;
    assert_eq!(card(&matched, "safe-changes")["standing"], "fits");
    assert!(listed(&matched).iter().all(|code| !code.starts_with("safe-changes")));
    let (_, older) = an_eligible_referral(&desk, a_referral_with(json!({"age": 40}))).await;
    assert_ne!(card(&older, "safe-changes")["standing"], "fits");
}

#[actix_web::test]
async fn the_omm_places_six_locations_and_police_cannot_place_there() {
    let desk = Served::new().await;
    let (referral, matched) = an_eligible_referral(&desk, a_referral()).await;
    let omm: Vec<String> = listed(&matched).into_iter().filter(|code| code.starts_with("omm-")).collect();
    assert_eq!(omm.len(), 7, "six locations, Amsterdam with two units");
    let unit = matched["result"]["now"][0]["unit"].clone();
    let body = json!({"unitId": unit, "resultId": matched["id"]});
    let refused = desk.police("politie-amsterdam").post(&format!("/referrals/{referral}/proposals"), body).await;
    assert_eq!(refused.status, 403);
}

#[actix_web::test]
async fn minor_ndako_is_advice_in_belgium_and_the_same_girl_goes_to_nidos_in_the_netherlands() {
    let desk = Served::new().await;
    let girl = |jurisdiction: &str| {
        let guardian = if jurisdiction == "NL" { "nidos" } else { "none" };
        let mut body = a_referral_with(json!({"jurisdiction": jurisdiction, "age": 15, "guardian": guardian,
            "residencePhase": "none"}));
        body["consent"]["signedBy"] = json!("guardian");
        body
    };
    let (_, belgian) = an_eligible_referral(&desk, girl("BE")).await;
    assert_eq!(card(&belgian, "minor-ndako")["standing"], "fits");
    let (_, dutch) = an_eligible_referral(&desk, girl("NL")).await;
    assert_ne!(card(&dutch, "minor-ndako")["standing"], "fits");
    assert_eq!(card(&dutch, "nidos-bo")["standing"], "fits");
    assert!(dutch["result"]["now"].as_array().unwrap().is_empty(), "never an adult placement");
}

#[actix_web::test]
async fn care_coordination_of_flevoland_is_a_remark_and_never_a_shelter() {
    let desk = Served::new().await;
    let (_, matched) = an_eligible_referral(&desk, a_referral()).await;
    assert!(listed(&matched).iter().all(|code| !code.starts_with("cc-")));
    let remarks = matched["advice"]["remarks"].as_array().unwrap();
    assert!(remarks.iter().any(|remark| remark["code"] == "care_coordination"), "{remarks:?}");
}
