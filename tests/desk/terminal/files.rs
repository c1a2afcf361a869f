//! Commands that need no database: matching from files, checking a policy, printing the contract, making a token.

use std::{
    fs::{self, File},
    io::Read,
    process::Stdio,
};

use omm::{
    api::demo_issuer::DemoIssuer,
    clock::Clock,
    domain::{ids::OrganisationCode, role::Role},
};
use serde_json::Value;

use super::{a_file, a_folder, omm, run};

const REFERRAL: &str = "docs/examples/referral.json";
const SITUATION: &str = "docs/examples/situation.json";

fn the_example() -> Vec<&'static str> {
    vec!["match", "--referral", REFERRAL, "--situation", SITUATION]
}

#[test]
fn the_example_files_give_the_documented_answer() {
    let answer = run(omm(&the_example())).ended(0).out;
    assert_eq!(
        answer,
        include_str!("../../../docs/examples/answer.txt"),
        "if that is meant: omm match … > docs/examples/answer.txt"
    );
}

#[test]
fn a_match_recomputes_byte_for_byte_and_a_changed_one_does_not() {
    let printed = run(omm(&[&the_example()[..], &["--json"]].concat())).ended(0).out;
    let same = a_file(&printed);
    let path = same.path().to_str().unwrap();
    assert!(run(omm(&["explain", "--result", path])).ended(0).out.ends_with("the same, byte for byte\n"));

    let mut document: Value = serde_json::from_str(&printed).unwrap();
    document["result"]["now"][0]["score"]["value"] = "0.9999999999".into();
    let changed = a_file(&document.to_string());
    let path = changed.path().to_str().unwrap();
    let told = run(omm(&["explain", "--result", path, "--json"])).ended(1).out;
    assert_eq!(serde_json::from_str::<Value>(&told).unwrap()["same"], false);
}

#[test]
fn what_a_match_printed_can_be_matched_again() {
    let printed = run(omm(&[&the_example()[..], &["--json"]].concat())).ended(0).out;
    let document: Value = serde_json::from_str(&printed).unwrap();
    let (view, snapshot) =
        (a_file(&document["input"]["view"].to_string()), a_file(&document["input"]["snapshot"].to_string()));
    let (view, snapshot) = (view.path().to_str().unwrap(), snapshot.path().to_str().unwrap());
    let again = run(omm(&["match", "--referral", view, "--situation", snapshot, "--json"])).ended(0).out;
    assert_eq!(serde_json::from_str::<Value>(&again).unwrap()["result"], document["result"]);
}

#[test]
fn every_fault_of_a_referral_file_is_named() {
    let referral =
        fs::read_to_string(REFERRAL).unwrap().replace("\"crisis\"", "\"soon\"").replace("\"self\"", "\"nobody\"");
    let file = a_file(&referral);
    run(omm(&["match", "--referral", file.path().to_str().unwrap(), "--situation", SITUATION]))
        .ended(2)
        .names("/facts/urgency")
        .names("/consent/signedBy");
}

#[test]
fn every_fault_of_a_situation_is_named_with_its_line() {
    let file = a_file(
        "{\"at\": \"2026-03-02T08:00:00Z\", \"units\": {\n\"omm-utrecht\": {},\n\"omm-zwolle-places\": {\"occupied\": 9}}}",
    );
    run(omm(&["match", "--referral", REFERRAL, "--situation", file.path().to_str().unwrap()]))
        .ended(2)
        .names("line 2, /units/omm-utrecht")
        .names("line 3, /units/omm-zwolle-places");
    for (text, named) in [("", "line 1"), ("{\"at\": 1, \"at\": 2}", "twice"), ("[]", "cannot be used")] {
        let file = a_file(text);
        let path = file.path().to_str().unwrap();
        run(omm(&["match", "--referral", REFERRAL, "--situation", path])).ended(2).names(named);
    }
}

#[test]
fn a_file_that_is_not_there_is_named() {
    run(omm(&["policy", "check", "no/such/file.json"])).ended(2).names("no/such/file.json cannot be read");
    run(omm(&["explain", "--result", "no/such/file.json"])).ended(2).names("no/such/file.json cannot be read");
}

#[test]
fn a_policy_is_checked_with_every_fault_at_once() {
    run(omm(&["policy", "check", "policy/v1.json"])).ended(0);
    let broken =
        fs::read_to_string("policy/v1.json").unwrap().replace("\"0.3000\"", "0.3").replace("\"R-DANGER\",", "");
    let file = a_file(&broken);
    let path = file.path().to_str().unwrap();
    run(omm(&["policy", "check", path])).ended(1).names("/rules/on").names("/criteria/0/weight");
    let told = run(omm(&["policy", "check", path, "--json"])).ended(1).out;
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["valid"], false);
    assert!(told["faults"].as_array().unwrap().len() >= 2);
}

#[test]
fn the_contract_is_printed_as_it_is_committed() {
    assert_eq!(run(omm(&["openapi"])).ended(0).out, fs::read_to_string("openapi/openapi.json").unwrap());
}

#[test]
fn a_reader_that_goes_away_is_no_fault_and_a_full_disk_is() {
    let mut child = omm(&["openapi"]).spawn().unwrap();
    let mut few = [0; 10];
    child.stdout.take().unwrap().read_exact(&mut few).unwrap();
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!((child.wait().unwrap().code(), said.as_str()), (Some(0), ""));

    if let Ok(full) = File::options().write(true).open("/dev/full") {
        let mut command = omm(&["openapi"]);
        command.stdout(Stdio::from(full));
        run(command).ended(3).names("cannot be written");
    }
}

#[test]
fn a_token_is_made_with_the_key_of_a_demo() {
    let folder = a_folder();
    let key = folder.path().join("issuer.key");
    let issuer = DemoIssuer::new().unwrap();
    issuer.keep(&key).unwrap();
    let key = key.to_str().unwrap();
    let made = run(omm(&["token", "--key", key, "--role", "shelter", "--organisation", "kadera", "--minutes", "5"]));
    let bearer = issuer.trusted().unwrap().verify(made.ended(0).out.trim(), Clock::system().now()).unwrap();
    assert_eq!((bearer.role, bearer.organisation), (Some(Role::Shelter), Some(OrganisationCode::from("kadera"))));

    run(omm(&["token", "--key", key, "--role", "queen"])).ended(2).names("no such role");
    run(omm(&["token", "--key", key, "--role", "om", "--minutes", "361"])).ended(2).names("361");
    run(omm(&["token", "--key", "no-such-key", "--role", "om"])).ended(2).names("no-such-key");
}
