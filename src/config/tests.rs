//! Settings from flags, environment and file: which win, and what is said when they cannot be used.

use std::io::Write;

use super::*;

fn of(variables: &[(&str, &str)]) -> Settings {
    Settings::of(variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())), None)
}

/// What a settings file says, with these variables beside it; the file's name in faults is `omm.toml`.
fn of_file(text: &str, variables: &[(&str, &str)]) -> (tempfile::NamedTempFile, Settings) {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let settings = Settings::of(variables, Some(file.path()));
    (file, settings)
}

/// The faults of a settings file, with the file called `omm.toml`.
fn faults(text: &str) -> Vec<String> {
    let (file, settings) = of_file(text, &[]);
    let faults = settings.serve(ServeFlags::default()).unwrap_err();
    let name = file.path().display().to_string();
    faults.iter().map(|fault| fault.to_string().replace(&name, "omm.toml")).collect()
}

const WHOLE: [(&str, &str); 3] =
    [("OMM_ISSUER", "https://issuer.example"), ("OMM_AUDIENCE", "omm"), ("OMM_JWKS_FILE", "keys.json")];

const FILE: &str = r#"
audience = "omm"
connections = 4
listen = "127.0.0.1:9"

[[issuers]]
issuer = "https://a.example"
jwks_url = "https://a.example/keys"
max_lifetime_minutes = 10
algorithms = ["ES256", "EdDSA"]

[[issuers]]
issuer = "https://b.example"
jwks_file = "keys.json"
role_claim = "omm_role"
"#;

#[test]
fn every_fault_is_told_at_once_with_the_name_it_has() {
    let found = of(&[("OMM_LISEN", "x"), ("OMM_CONNECTIONS", "many"), ("OMM_ALGORITHMS", "RS256,none,HS256")])
        .serve(ServeFlags { listen: Some("nowhere".to_owned()), ..ServeFlags::default() })
        .unwrap_err();
    let names: Vec<&str> = found.iter().map(|fault| fault.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "OMM_LISEN",
            "--listen",
            "OMM_CONNECTIONS",
            "OMM_AUDIENCE",
            "OMM_ISSUER",
            "OMM_ISSUER",
            "OMM_ALGORITHMS",
            "OMM_ALGORITHMS"
        ]
    );
}

#[test]
fn the_defaults_serve_this_machine_on_an_own_database() {
    let settings = of(&WHOLE).serve(ServeFlags::default()).unwrap();
    assert_eq!(settings.database, DatabaseSetting::Private("./omm-data".into()));
    assert!(settings.listen.ip().is_loopback());
    assert_eq!(settings.public_url, None);
    let issuer = &settings.issuers[0];
    assert_eq!((settings.connections, issuer.role_claim.as_str(), issuer.algorithms.len()), (16, "role", 4));
    assert_eq!(issuer.life_max, chrono::Duration::hours(6));
}

#[test]
fn a_flag_wins_over_its_variable_a_variable_over_the_file_and_a_server_over_the_folder() {
    let variables = [("OMM_LISTEN", "127.0.0.1:1"), ("DATABASE_URL", "postgres://localhost/omm")];
    let flags =
        ServeFlags { listen: Some("127.0.0.1:2".to_owned()), data: Some("elsewhere".into()), ..ServeFlags::default() };
    let listen = |variables: &[(&str, &str)], flags: ServeFlags| of_file(FILE, variables).1.serve(flags).unwrap();
    assert_eq!(listen(&[], ServeFlags::default()).listen.port(), 9);
    assert_eq!(listen(&variables, ServeFlags::default()).listen.port(), 1);
    let settings = listen(&variables, flags);
    assert_eq!((settings.listen.port(), settings.connections), (2, 4));
    assert_eq!(settings.database, DatabaseSetting::Server("postgres://localhost/omm".to_owned()));
}

#[test]
fn the_file_names_several_issuers_and_the_environment_one_in_their_place() {
    let settings = of_file(FILE, &[]).1.serve(ServeFlags::default()).unwrap();
    let [a, b] = settings.issuers.as_slice() else { panic!("two issuers, not {:?}", settings.issuers) };
    assert_eq!((a.issuer.as_str(), b.issuer.as_str()), ("https://a.example", "https://b.example"));
    assert_eq!((a.life_max.num_minutes(), a.algorithms.len()), (10, 2));
    assert_eq!((b.role_claim.as_str(), b.organisation_claim.as_str()), ("omm_role", "organisation"));
    let settings = of_file(FILE, &WHOLE).1.serve(ServeFlags::default()).unwrap();
    assert_eq!(settings.issuers.len(), 1);
    assert_eq!(settings.issuers[0].issuer, "https://issuer.example");
}

#[test]
fn a_variable_set_to_nothing_is_not_set_and_those_of_others_are_left_alone() {
    let found = of(&[("OMM_ISSUER", ""), ("HOME", "/"), ("OMMELET", "x")]);
    assert!(found.faults.is_empty());
    assert_eq!(found.serve(ServeFlags::default()).unwrap_err().len(), 2);
}

#[test]
fn the_number_of_connections_has_bounds() {
    for text in ["0", "91", "-1", "1.5"] {
        let mut variables = WHOLE.to_vec();
        variables.push(("OMM_CONNECTIONS", text));
        assert_eq!(of(&variables).serve(ServeFlags::default()).unwrap_err().len(), 1, "{text}");
    }
}

#[test]
fn faults_of_a_file_name_the_line() {
    let told = faults(
        "audiance = \"omm\"\nconnections = \"4\"\nlisten = \"\"\n\n[[issuers]]\nissuer = \"https://a.example\"\n\
         jwks_url = \"http://a.example/keys\"\njwks_uri = \"x\"\nalgorithms = \"ES256\"\nmax_lifetime_minutes = 361\n",
    );
    let starts = [
        "omm.toml, line 9, algorithms: must be a list",
        "omm.toml, line 8, jwks_uri: there is no such setting here",
        "omm.toml, line 1, audiance: there is no such setting here",
        "omm.toml, line 2, connections: must be a number",
        "omm.toml, line 3, listen: is empty",
        "OMM_AUDIENCE: is not set",
        "omm.toml, line 7, jwks_url: must begin with https://",
        "omm.toml, line 10, max_lifetime_minutes: `361` is no number of minutes from 1 to 360",
    ];
    assert_eq!(told.len(), starts.len(), "{told:#?}");
    for (told, start) in told.iter().zip(starts) {
        assert!(told.starts_with(start), "{told}");
    }
    assert!(faults("audience = omm\n")[0].starts_with("omm.toml, line 1: this is no TOML"));
    assert!(faults("audience = \"omm\"\nissuers = \"https://a.example\"")[0].starts_with("omm.toml, line 2, issuers:"));
    assert!(faults("issuers = []")[0].starts_with("omm.toml, line 1, issuers:"));
}

#[test]
fn what_would_let_in_the_wrong_people_is_refused() {
    let issuer = |lines: &str| faults(&format!("audience = \"omm\"\n[[issuers]]\n{lines}")).join("\n");
    let keys = "jwks_file = \"keys.json\"\n";
    for (lines, named) in [
        (format!("issuer = \"{}\"\n{keys}", crate::api::demo_issuer::DEMO_ISSUER), "`omm demo`"),
        (format!("issuer = \"http://login.example\"\n{keys}"), "must begin with https://"),
        (
            "issuer = \"https://a.example\"\njwks_url = \"http://a.example/keys\"\n".to_owned(),
            "never leaves this machine",
        ),
        (
            "issuer = \"https://a.example\"\njwks_url = \"https://u:pass@a.example/keys\"\n".to_owned(),
            "no name or password",
        ),
        (format!("issuer = \"https://a.example\"\njwks_url = \"https://a.example/keys\"\n{keys}"), "one place"),
        ("issuer = \"https://a.example\"\n".to_owned(), "has no keys"),
        (keys.to_owned(), "says not which issuer"),
        (format!("issuer = \"https://a.example\"\n{keys}[[issuers]]\nissuer = \"https://a.example\"\n{keys}"), "twice"),
        (format!("issuer = \"https://a.example\"\n{keys}algorithms = [\"none\"]\n"), "`none` is no algorithm"),
        (format!("issuer = \"https://a.example\"\n{keys}algorithms = []\n"), "is empty"),
    ] {
        let told = issuer(&lines);
        assert!(told.contains(named), "`{named}` is not in: {told}");
        assert!(!told.contains("pass@"), "{told}");
    }
    assert!(faults("")[1].contains("nobody could call"));
}

#[test]
fn a_file_that_cannot_be_read_is_named_with_who_named_it() {
    let path = Path::new("/nonexistent/omm.toml");
    let by_flag = Settings::of([], Some(path)).database(None).unwrap_err();
    assert!(by_flag[0].to_string().starts_with("--config: /nonexistent/omm.toml cannot be read"), "{by_flag:?}");
    let variable = ("OMM_CONFIG".to_owned(), "/nonexistent/omm.toml".to_owned());
    assert_eq!(Settings::of([variable], None).database(None).unwrap_err()[0].name, "OMM_CONFIG");
}

#[test]
fn the_example_file_holds_every_setting_and_can_be_used() {
    let example = include_str!("../../omm.example.toml");
    // Settings that may be left out stand behind a `#`.
    let is_setting = |line: &str| line.starts_with("# ") && line[2..].split(' ').nth(1) == Some("=");
    let whole: String = example
        .lines()
        .map(|line| format!("{}\n", if is_setting(line) { &line[2..] } else { line }))
        .filter(|line| !line.starts_with("jwks_file"))
        .collect();
    for text in [example, &whole] {
        let settings = of_file(text, &[]).1.serve(ServeFlags::default());
        assert!(settings.is_ok(), "{settings:#?}");
    }
    let running = include_str!("../../docs/running.md");
    for setting in SETTINGS.iter().chain(&ISSUER_SETTINGS) {
        let stands = format!("{} = ", setting.name);
        assert!(example.lines().any(|line| line.trim_start_matches("# ").starts_with(&stands)), "{stands}");
        let row = format!("| `{}` | `{}` |", setting.name, setting.variable);
        assert!(running.contains(&row), "docs/running.md has no row {row}");
    }
}
