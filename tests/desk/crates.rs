//! What the service is built from: the versions it needs, and the crates that must never enter its tree.

use std::collections::BTreeMap;

const MANIFEST: &str = include_str!("../../Cargo.toml");
const BANS: &str = include_str!("../../deny.toml");

/// Crates with the oldest version that will do.
const NEEDED: [(&str, [u64; 3]); 14] = [
    ("actix-web", [4, 18, 0]),
    ("aws-lc-rs", [1, 19, 0]),
    ("clap", [4, 6, 0]),
    // Earlier releases of 2.3 have open advisories.
    ("diesel", [2, 3, 14]),
    ("insta", [1, 49, 0]),
    ("jsonwebtoken", [11, 1, 0]),
    ("proptest", [1, 12, 0]),
    ("rust_decimal", [1, 43, 0]),
    ("rustls", [0, 23, 0]),
    ("thiserror", [2, 0, 0]),
    ("tracing", [0, 1, 44]),
    ("utoipa", [6, 0, 0]),
    ("utoipa-swagger-ui", [10, 0, 2]),
    ("uuid", [1, 0, 0]),
];

/// Crates that stay out, with the reason.
const BANNED: [(&str, &str); 17] = [
    ("actix-governor", "GPL"),
    ("drill", "GPL"),
    ("alcoholic_jwt", "GPL"),
    ("jwks", "no licence"),
    ("rsa", "RUSTSEC-2023-0071"),
    ("openidconnect", "brings rsa"),
    ("josekit", "needs OpenSSL"),
    ("openssl", "TLS is rustls"),
    ("openssl-sys", "TLS is rustls"),
    ("highs", "a C++ build"),
    ("utoipa-redoc", "loads scripts from elsewhere"),
    ("utoipa-scalar", "loads scripts from elsewhere"),
    ("utoipa-rapidoc", "loads scripts from elsewhere"),
    ("charming", "loads scripts from elsewhere"),
    ("rinja", "merged into askama"),
    ("rs_merkle", "not the tree of RFC 6962"),
    ("pq-sys", "needs libpq"),
];

/// Every crate of the locked tree with its versions.
fn locked(lock: &str) -> BTreeMap<String, Vec<[u64; 3]>> {
    let mut found = BTreeMap::<String, Vec<[u64; 3]>>::new();
    for package in lock.split("[[package]]").skip(1) {
        let field = |name: &str| {
            let line = package.lines().find_map(|line| line.strip_prefix(&format!("{name} = \"")));
            line.map(|rest| rest.trim_end_matches('"').to_owned()).unwrap_or_default()
        };
        let version = field("version");
        let mut numbers = version.split(['.', '+', '-']).map(|number| number.parse().unwrap_or_default());
        let version = [(); 3].map(|()| numbers.next().unwrap_or_default());
        found.entry(field("name")).or_default().push(version);
    }
    found
}

fn faults(lock: &str, bans: &str) -> Vec<String> {
    let tree = locked(lock);
    let mut faults = Vec::new();
    for (name, oldest) in NEEDED {
        let newest = tree.get(name).and_then(|versions| versions.iter().max());
        if newest.is_none_or(|version| *version < oldest) {
            faults.push(format!("{name} is {newest:?}, and has to be {oldest:?} or later"));
        }
    }
    for (name, reason) in BANNED {
        if tree.contains_key(name) {
            faults.push(format!("{name} is in the tree: {reason}"));
        }
        if !bans.contains(&format!("crate = \"{name}\"")) {
            faults.push(format!("{name} is not banned in deny.toml: {reason}"));
        }
    }
    faults
}

#[test]
fn the_tree_holds_the_crates_it_needs_and_none_that_is_banned() {
    let lock = include_str!("../../Cargo.lock");
    let found = faults(lock, BANS);
    assert!(found.is_empty(), "\n{}", found.join("\n"));
    let rsa = format!("{lock}\n[[package]]\nname = \"rsa\"\nversion = \"0.9.0\"\n");
    assert_eq!(faults(&rsa, BANS), ["rsa is in the tree: RUSTSEC-2023-0071"]);
    assert_eq!(faults(lock, &BANS.replace("\"drill\"", "\"other\"")), ["drill is not banned in deny.toml: GPL"]);
    assert_eq!(
        faults(&lock.replace("name = \"diesel\"\nversion = \"2.3.", "name = \"diesel\"\nversion = \"2.2."), BANS).len(),
        1
    );
}

#[test]
fn crates_bring_no_more_than_was_asked_for() {
    for (name, want) in [
        ("actix-web", "default-features = false"),
        ("jsonwebtoken", "\"aws_lc_rs\""),
        ("utoipa-swagger-ui", "\"vendored\""),
        ("utoipa-swagger-ui", "default-features = false"),
        ("rust_decimal", "\"serde-str\""),
        ("diesel", "default-features = false"),
    ] {
        let line = MANIFEST.lines().find(|line| line.starts_with(&format!("{name} = "))).unwrap();
        assert!(line.contains(want), "{name}: {want} is missing");
    }
    assert!(MANIFEST.contains("unsafe_code = \"forbid\""));
}
