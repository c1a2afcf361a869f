//! What cannot be used, each with a message that names it: settings, folders, programs, servers.

use std::net::TcpListener;

use super::{a_file, a_folder, omm, run};

/// Public keys as an issuer publishes them; the key is the example of RFC 8037.
pub const KEYS: &str = r#"{"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "1", "alg": "EdDSA",
    "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;

/// The settings of `serve` that have no default.
pub fn with_issuer(mut command: std::process::Command, keys: &str) -> std::process::Command {
    command.env("OMM_ISSUER", "https://issuer.invalid").env("OMM_AUDIENCE", "omm").env("OMM_JWKS_FILE", keys);
    command
}

#[test]
fn all_missing_and_misspelt_settings_are_named_at_once() {
    let mut command = omm(&["serve", "--listen", "nowhere", "--connections", "0"]);
    command.env("OMM_LISENT", "127.0.0.1:1");
    let mut told = run(command).ended(2);
    for name in ["OMM_LISENT", "--listen", "--connections", "OMM_ISSUER", "OMM_AUDIENCE", "OMM_JWKS_FILE"] {
        told = told.names(name);
    }
}

#[test]
fn keys_that_cannot_be_used_are_named() {
    for (content, named) in [("no json", "no JSON Web Key Set"), ("{\"keys\": []}", "no signing key")] {
        let keys = a_file(content);
        run(with_issuer(omm(&["serve"]), keys.path().to_str().unwrap())).ended(2).names("OMM_JWKS_FILE").names(named);
    }
    run(with_issuer(omm(&["serve"]), "no-such-file")).ended(2).names("OMM_JWKS_FILE").names("no-such-file");
}

#[test]
fn an_address_that_is_taken_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let keys = a_file(KEYS);
    let folder = a_folder();
    let data = folder.path().to_str().unwrap();
    let command = omm(&["serve", "--listen", &address, "--data", data]);
    run(with_issuer(command, keys.path().to_str().unwrap())).ended(3).names(&address);
    run(omm(&["demo", "--once", "--listen", &address])).ended(3).names(&address);
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let file = a_file("no folder");
    let data = file.path().join("data");
    let data = data.to_str().unwrap();
    run(omm(&["catalogue", "import", "--shipped", "--data", data])).ended(3).names(data);
}

#[test]
fn looking_at_a_folder_without_a_database_makes_none() {
    let folder = a_folder();
    let data = folder.path().join("empty");
    run(omm(&["audit", "head", "--data", data.to_str().unwrap()])).ended(3).names("there is no database");
    assert!(!data.exists());
}

#[test]
fn without_the_programs_of_postgresql_it_says_where_it_looked() {
    let folder = a_folder();
    for arguments in [vec!["demo", "--once", "--listen", "127.0.0.1:0"], vec!["policy", "adopt", "--shipped"]] {
        let mut command = omm(&arguments);
        command.env("PG_BIN", "/nonexistent").env("PATH", "/nonexistent").env("OMM_DATA", folder.path().join("data"));
        run(command).ended(3).names("PG_BIN").names("/nonexistent");
    }
}

#[test]
fn a_server_that_does_not_answer_is_named_without_its_password() {
    for arguments in [vec!["migrate"], vec!["audit", "head"], vec!["catalogue", "import", "--shipped"]] {
        let mut command = omm(&arguments);
        command.env("DATABASE_URL", "postgres://omm:secret@127.0.0.1:1/omm");
        let told = run(command).ended(3).names("127.0.0.1:1");
        assert!(!told.err.contains("secret"), "{}", told.err);
    }
}

#[test]
fn an_address_that_cannot_be_read_is_not_repeated() {
    for url in ["secret", "postgres://omm:secret@db.example/omm?sslmode=disable"] {
        let mut command = omm(&["migrate"]);
        command.env("DATABASE_URL", url);
        let told = run(command).ended(2).names("DATABASE_URL");
        assert!(!told.err.contains("secret"), "{}", told.err);
    }
    run(omm(&["migrate"])).ended(2).names("DATABASE_URL is not set");
}

#[test]
fn a_broken_catalogue_changes_nothing_and_names_every_fault_with_its_line() {
    let folder = a_folder();
    let data = folder.path().join("data");
    let broken = std::fs::read_to_string("catalogue/catalogue.json")
        .unwrap()
        .replacen("\"kind\":\"crisis\"", "\"kind\":\"palace\"", 1)
        .replacen("\"country\":\"NL\"", "\"country\":\"Netherlands\"", 1);
    let file = a_file(&broken);
    let path = file.path().to_str().unwrap();
    let told = run(omm(&["catalogue", "import", path, "--data", data.to_str().unwrap()])).ended(1);
    let told = told.names("2 faults").names("line 3").names("/organisations/0/country").names("palace");
    assert!(told.err.contains("nothing was imported") && !data.exists());
}
