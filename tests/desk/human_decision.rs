//! A person decides: nothing places by itself, and no other part of the service writes a decision or a judgement.

use std::{fs, path::Path};

use serde_json::json;

use crate::given::{a_referral, an_eligible_referral};
use crate::served::Served;

/// The files under `src` that hold these words.
fn files_with(words: &str) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut folders, mut found) = (vec![root.join("src")], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if fs::read_to_string(&path).is_ok_and(|text| text.contains(words)) {
                found.push(path.strip_prefix(root).unwrap().to_string_lossy().into_owned());
            }
        }
    }
    found.sort();
    found
}

#[test]
fn only_deciding_writes_decisions_and_only_judging_writes_judgements() {
    assert_eq!(files_with("decision::insert("), ["src/app/decide_placement.rs"]);
    assert_eq!(files_with("assessment::insert("), ["src/app/assess_referral.rs"]);
    assert_eq!(files_with("Step::Place, at"), ["src/app/decide_placement.rs"]);
    let guard = "is_program(&call.actor)";
    for file in ["src/app/decide_placement.rs", "src/app/assess_referral.rs"] {
        assert!(files_with(guard).iter().any(|found| found == file), "{file} refuses programs");
    }
}

#[actix_web::test]
async fn time_and_answers_alone_place_nobody() {
    let desk = Served::new().await;
    let (referral, matched) = an_eligible_referral(&desk, a_referral()).await;
    let first = &matched["result"]["now"][0];
    let path = format!("/referrals/{referral}");
    let body = json!({"unitId": first["unit"], "resultId": matched["id"]});
    let proposal = desk.coordinator().post(&format!("{path}/proposals"), body).await.ok();
    let answers = format!("/proposals/{}/answers", proposal["id"].as_str().unwrap());
    desk.shelter(first["organisation"].as_str().unwrap()).post(&answers, json!({"answer": "accepted"})).await.ok();
    for days in [1, 7, 30] {
        desk.clock.advance(chrono::Duration::days(days));
        let decisions = desk.coordinator().get(&format!("{path}/decisions")).await.ok();
        assert_eq!(decisions["decisions"], json!([]));
        let seen = desk.coordinator().get(&path).await.ok();
        assert_eq!(seen["lifecycle"]["state"], "matching", "after {days} days more");
    }
}
