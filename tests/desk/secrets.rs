//! No secret lies in the repository or in the program: every key is made at start, or belongs to somebody else.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// How a private key in text form begins; in two parts, so that this file is none.
const LABEL: &str = concat!("PRIVATE", " KEY-----");

/// True if a private key in text form stands here. Programs that read keys know the label alone; that is no key.
fn holds_private_key(content: &[u8]) -> bool {
    let ends: Vec<usize> = content
        .windows(LABEL.len())
        .enumerate()
        .filter_map(|(at, part)| (part == LABEL.as_bytes()).then_some(at + LABEL.len()))
        .collect();
    ends.into_iter().any(|end| {
        let rest = &content[end..];
        let rest = rest.iter().skip_while(|sign| b"\r\n\\nrt \t\",".contains(sign));
        rest.take_while(|sign| sign.is_ascii_alphanumeric() || matches!(sign, b'+' | b'/' | b'=')).count() >= 16
    })
}

/// True if a JSON Web Key with its private part stands here.
fn holds_private_jwk(text: &str) -> bool {
    let plain: String = text.chars().filter(|sign| !sign.is_whitespace() && *sign != '\\').collect();
    let names_kind = plain.contains(concat!("\"kty", "\":"));
    names_kind
        && [concat!("\"d", "\":\""), concat!("\"k", "\":\"")].iter().any(|part| {
            plain.match_indices(part).any(|(at, part)| {
                let value = &plain[at + part.len()..];
                value.find('"').is_some_and(|length| length >= 40)
            })
        })
}

/// Every file of the repository.
fn files() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::from(env!("CARGO_MANIFEST_DIR"))];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_symlink() || ["target", ".git", "omm-data"].contains(&name.as_str()) {
                continue;
            }
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    assert!(found.len() > 200, "the repository is larger than that");
    found
}

#[test]
fn no_private_key_lies_in_the_repository() {
    let is_key_file = |path: &Path| {
        path.extension()
            .is_some_and(|kind| ["key", "pem", "p8", "p12", "pfx", "jks", "der"].iter().any(|name| kind == *name))
    };
    for path in files() {
        // What an editor or a checkout took away in the meantime holds nothing any more.
        let Ok(content) = fs::read(&path) else {
            assert!(!path.exists(), "{} cannot be read", path.display());
            continue;
        };
        let name = path.display();
        assert!(!is_key_file(&path), "{name} is named like a key");
        assert!(!holds_private_key(&content), "{name} holds a private key");
        assert!(!holds_private_jwk(&String::from_utf8_lossy(&content)), "{name} holds a private JSON Web Key");
    }
}

#[test]
fn no_private_key_lies_in_the_program() {
    assert!(!holds_private_key(&fs::read(env!("CARGO_BIN_EXE_omm")).unwrap()));
}

#[test]
fn the_eyes_of_this_test_are_open() {
    let body = "MC4CAQAwBQYDK2VwBCIEI".repeat(2);
    for between in ["\n", "\r\n", "\\n", "\",\n  \""] {
        assert!(holds_private_key(format!("-----BEGIN {LABEL}{between}{body}").as_bytes()), "{between:?}");
        assert!(holds_private_key(format!("-----BEGIN RSA {LABEL}{between}{body}").as_bytes()), "{between:?}");
    }
    assert!(!holds_private_key(format!("-----BEGIN {LABEL}\0-----BEGIN EC {LABEL}\0").as_bytes()));
    let jwk = |name: &str| format!("{{\"kty\": \"OKP\", \"{name}\": \"{}\"}}", "A".repeat(43));
    assert!(holds_private_jwk(&jwk("d")) && holds_private_jwk(&jwk("k")) && !holds_private_jwk(&jwk("x")));
}
