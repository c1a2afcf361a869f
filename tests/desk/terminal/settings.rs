//! What `serve` refuses to start with, and where commands find their settings.

use std::fs;

use omm::api::demo_issuer::DEMO_ISSUER;

use super::{a_file, a_folder, omm, run};

#[test]
fn serve_names_every_refused_setting_of_a_file_at_once_with_its_line() {
    let file = a_file(&format!(
        "listen = \"127.0.0.1:0\"\naudience = \"\"\n[[issuers]]\nissuer = \"{DEMO_ISSUER}\"\njwks_file = \"keys.json\"\n\
         [[issuers]]\nissuer = \"http://login.example.org\"\njwks_url = \"http://login.example.org/keys\"\n\
         max_life = 10\nalgorithms = [\"none\"]\n"
    ));
    let path = file.path().to_str().unwrap();
    let mut told = run(omm(&["serve", "--config", path])).ended(2);
    for (line, named) in [
        (2, "audience: is empty"),
        (4, "issuer: is the issuer of `omm demo`, which no service believes"),
        (7, "issuer: must begin with https://"),
        (8, "jwks_url: must begin with https://"),
        (9, "max_life: there is no such setting here"),
        (10, "algorithms: `none` is no algorithm for tokens"),
    ] {
        told = told.names(&format!("{path}, line {line}, {named}"));
    }
}

#[test]
fn serve_refuses_the_demo_issuer_plain_http_an_empty_audience_and_no_issuer_at_all() {
    let whole = [
        ("OMM_ISSUER", "https://login.example.org"),
        ("OMM_AUDIENCE", "omm"),
        ("OMM_JWKS_URL", "https://login.example.org/keys"),
    ];
    for (name, value, named) in [
        ("OMM_ISSUER", DEMO_ISSUER, "OMM_ISSUER: is the issuer of `omm demo`"),
        ("OMM_ISSUER", "", "OMM_ISSUER: says not which issuer"),
        ("OMM_JWKS_URL", "http://login.example.org/keys", "OMM_JWKS_URL: must begin with https://"),
        ("OMM_JWKS_URL", "", "has no keys"),
        ("OMM_AUDIENCE", "", "OMM_AUDIENCE: is not set"),
        ("OMM_AUDIENCE", " ", "OMM_AUDIENCE: is not set"),
    ] {
        let mut command = omm(&["serve", "--listen", "127.0.0.1:0"]);
        command.envs(whole).env(name, value);
        run(command).ended(2).names(named);
    }
    run(omm(&["serve"])).ended(2).names("nobody could call");
}

#[test]
fn the_demo_serves_this_machine_only() {
    run(omm(&["demo", "--once", "--listen", "0.0.0.0:0"])).ended(2).names("serves this machine only");
}

#[test]
fn commands_read_the_file_that_lies_here_or_that_is_named() {
    let folder = a_folder();
    let data = folder.path().join("elsewhere");
    let data = data.to_str().unwrap();
    let path = folder.path().join("omm.toml");
    fs::write(&path, format!("data = \"{data}\"\n")).unwrap();
    let mut here = omm(&["audit", "head"]);
    here.current_dir(folder.path());
    run(here).ended(3).names(data);
    let path = path.to_str().unwrap();
    run(omm(&["audit", "head", "--config", path])).ended(3).names(data);
    let mut by_variable = omm(&["audit", "head"]);
    by_variable.env("OMM_CONFIG", path);
    run(by_variable).ended(3).names(data);
    run(omm(&["migrate", "--config", path])).ended(2).names("DATABASE_URL is not set");
    run(omm(&["audit", "head", "--config", "no/such/file.toml"])).ended(2).names("no/such/file.toml cannot be read");

    fs::write(path, "dta = \"x\"\ndatabase_url = \"postgres://omm:secret@127.0.0.1:1/omm\"\nlog = 7").unwrap();
    let told = run(omm(&["audit", "head", "--config", path])).ended(2).names("line 1, dta").names("line 3, log");
    assert!(!told.err.contains("secret"), "{}", told.err);
}
