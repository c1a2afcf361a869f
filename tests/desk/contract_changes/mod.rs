//! A contract that somebody builds on is not broken in silence: what is committed is compared with what was published
//! last (`openapi/published.json`), every difference stands in the changelog, and one that breaks a caller needs a new
//! major version. How, says docs/contract.md.

mod cases;
mod compare;

use serde_json::Value;

use self::compare::{breaking, differing};

fn published() -> Value {
    serde_json::from_str(include_str!("../../../openapi/published.json")).unwrap()
}

/// Major, minor, patch.
fn version(document: &Value) -> [u32; 3] {
    let numbers = document["info"]["version"].as_str().unwrap().split('.').map(|number| number.parse().unwrap());
    numbers.collect::<Vec<u32>>().try_into().unwrap()
}

/// True if a version may break what an older one promised. Of version 0 the minor number is the major one.
fn may_break(old: [u32; 3], new: [u32; 3]) -> bool {
    if old[0] == 0 && new[0] == 0 { new[1] > old[1] } else { new[0] > old[0] }
}

/// What the changelog says of a version that is not published yet.
fn unreleased(changelog: &str) -> &str {
    let after = changelog.split_once("\n## [Unreleased]").expect("CHANGELOG.md has an entry [Unreleased]").1;
    after.split("\n## ").next().unwrap()
}

/// Names that differ and do not stand in the changelog.
fn untold(names: impl IntoIterator<Item = String>, changelog: &str) -> Vec<String> {
    names.into_iter().filter(|name| !unreleased(changelog).contains(&format!("`{name}`"))).collect()
}

#[test]
fn a_change_that_breaks_callers_needs_a_new_major_version() {
    let (old, new) = (published(), omm::api::document());
    assert!(version(&old) <= version(&new), "the version goes up only");
    let breaks = breaking(&old, &new);
    assert!(
        breaks.is_empty() || may_break(version(&old), version(&new)),
        "the contract breaks those who use version {} (what to do: docs/contract.md):\n{}",
        old["info"]["version"],
        breaks.join("\n")
    );
}

#[test]
fn every_change_of_the_contract_stands_in_the_changelog() {
    let names = differing(&published(), &omm::api::document());
    let missing = untold(names, include_str!("../../../CHANGELOG.md"));
    assert!(
        missing.is_empty(),
        "under [Unreleased], CHANGELOG.md has to say what changed in `{}`",
        missing.join("`, `")
    );
}

#[test]
fn versions_go_up_and_only_a_major_one_may_break() {
    for (old, new, may) in [
        ([1, 2, 3], [2, 0, 0], true),
        ([1, 2, 3], [1, 3, 0], false),
        ([1, 2, 3], [1, 2, 4], false),
        ([0, 1, 0], [0, 2, 0], true),
        ([0, 1, 0], [0, 1, 1], false),
        ([0, 9, 0], [1, 0, 0], true),
    ] {
        assert_eq!(may_break(old, new), may, "{old:?} {new:?}");
    }
}

#[test]
fn a_change_without_a_line_is_found() {
    let changelog = "# Changelog\n\n## [Unreleased]\n\n- `read_unit` tells more.\n\n## [0.1.0]\n\n- `list_units`\n";
    let names = ["read_unit", "list_units"].map(str::to_owned);
    assert_eq!(untold(names, changelog), ["list_units"]);
}
