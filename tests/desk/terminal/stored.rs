//! Commands on a database: migrating, importing, adopting, and the trail they leave.

use std::process::Command;

use omm::store::audit;
use serde_json::Value;

use super::{omm, run};
use crate::{
    given::{a_referral, an_eligible_referral},
    served::Served,
    world::TestDatabase,
};

fn on(database: &TestDatabase, arguments: &[&str]) -> Command {
    let mut command = omm(arguments);
    command.env("DATABASE_URL", &database.url);
    command
}

async fn entries(database: &TestDatabase) -> Vec<Value> {
    let stored = database.store.read(async |tx| audit::page_after(tx, 0).await).await.unwrap();
    stored.iter().map(|entry| serde_json::from_str(&entry.text).unwrap()).collect()
}

#[tokio::test]
async fn what_the_terminal_changes_is_in_the_trail_under_the_account_of_the_machine() {
    let database = TestDatabase::new().await;
    run(on(&database, &["catalogue", "import", "--shipped"])).ended(0);
    let again = run(on(&database, &["catalogue", "import", "catalogue/catalogue.json", "--json"])).ended(0).out;
    let again: Value = serde_json::from_str(&again).unwrap();
    assert!(again["added"].as_array().unwrap().is_empty() && again["changed"].as_array().unwrap().is_empty());
    run(on(&database, &["policy", "adopt", "policy/v1.json"])).ended(0);

    let found = entries(&database).await;
    let told: Vec<&str> = found.iter().map(|entry| entry["event"]["eventType"].as_str().unwrap()).collect();
    assert_eq!(told, ["catalogue.imported", "catalogue.imported", "policy.adopted"]);
    for entry in &found {
        let actor = &entry["call"]["actor"];
        assert_eq!((&actor["issuer"], &actor["role"]), (&"terminal".into(), &"admin".into()));
        assert!(actor["subject"].as_str().unwrap().starts_with("uid-"));
    }
}

#[tokio::test]
async fn what_was_imported_and_adopted_is_printed_back() {
    let database = TestDatabase::new().await;
    run(on(&database, &["policy", "show"])).ended(1).names("no policy");
    run(on(&database, &["catalogue", "import", "--shipped"])).ended(0);
    run(on(&database, &["policy", "adopt", "--shipped"])).ended(0);
    let catalogue = run(on(&database, &["catalogue", "export"])).ended(0).out;
    let file = super::a_file(&catalogue);
    let again = run(on(&database, &["catalogue", "import", file.path().to_str().unwrap()])).ended(0).out;
    assert!(again.starts_with("0 entries added, 0 changed"), "{again}");
    let policy = run(on(&database, &["policy", "show"])).ended(0).out;
    let file = super::a_file(&policy);
    run(omm(&["policy", "check", file.path().to_str().unwrap()])).ended(0);
}

#[actix_web::test]
async fn a_stored_match_recomputes_byte_for_byte_and_a_changed_one_does_not() {
    let served = Served::new().await;
    let (_, matched) = an_eligible_referral(&served, a_referral()).await;
    let id = matched["id"].as_str().unwrap();
    let told = run(on(&served.database, &["explain", "--id", id])).ended(0).out;
    assert!(told.contains("the same, byte for byte"), "{told}");

    served
        .database
        .run("UPDATE match_documents SET output = replace(output, '\"provisional\":false', '\"provisional\":true')")
        .await;
    let told = run(on(&served.database, &["explain", "--id", id, "--json"])).ended(1).out;
    assert_eq!(serde_json::from_str::<Value>(&told).unwrap()["outcome"], "different");

    let nobody = "00000000-0000-4000-8000-000000000000";
    run(on(&served.database, &["explain", "--id", nobody])).ended(1).names("no such thing");
}

#[tokio::test]
async fn a_trail_that_was_edited_or_cut_off_does_not_verify() {
    let database = TestDatabase::new().await;
    run(on(&database, &["catalogue", "import", "--shipped"])).ended(0);
    run(on(&database, &["policy", "adopt", "--shipped"])).ended(0);
    let head = run(on(&database, &["audit", "head"])).ended(0).out;
    let head = head.trim();
    assert!(head.starts_with("2:"), "{head}");
    run(on(&database, &["audit", "verify", "--expect", head])).ended(0);
    run(on(&database, &["audit", "verify", "--expect", "2"])).ended(2).names("INDEX:HASH");

    let off = "ALTER TABLE audit_entries DISABLE TRIGGER USER; ALTER TABLE audit_head DISABLE TRIGGER USER;";
    database
        .run(&format!("{off} UPDATE audit_entries SET text = replace(text, 'uid-', 'uid-1') WHERE index = 1"))
        .await;
    let told = run(on(&database, &["audit", "verify", "--json"])).ended(1).out;
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!((&told["verified"], &told["fault"]["index"]), (&false.into(), &1.into()));
    assert!(run(on(&database, &["audit", "verify"])).ended(1).out.contains("entry 1 is not what was written"));
}

#[tokio::test]
async fn a_server_is_migrated_by_migrate_alone() {
    let database = TestDatabase::new().await;
    assert!(run(on(&database, &["migrate"])).ended(0).out.contains("up to date already"));
    database.run("DROP SCHEMA public CASCADE; CREATE SCHEMA public").await;
    run(on(&database, &["audit", "head"])).ended(3).names("omm migrate");
    assert!(run(on(&database, &["migrate"])).ended(0).out.contains("applied"));
    run(on(&database, &["audit", "head"])).ended(0);
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_left_alone() {
    let database = TestDatabase::new().await;
    database.run("INSERT INTO __diesel_schema_migrations (version, run_on) VALUES ('9999', now())").await;
    for arguments in [&["audit", "head"][..], &["migrate"], &["policy", "adopt", "--shipped"]] {
        run(on(&database, arguments)).ended(3).names("newer version of omm").names("9999");
    }
}
