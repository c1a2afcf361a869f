//! A second implementation, in another language, agrees: verdicts, scores, lists, order and hashes.

use std::{
    io::{BufWriter, Write},
    path::Path,
    process::Command,
};

use serde_json::{Value, json};

use super::{
    answers::stored_answer,
    cases,
    generators::{POLICIES, World},
};
use crate::domain::matching::{
    result::{MatchResult, UnitCard},
    stored::StoredInput,
};

/// With this set, the test ends well on a machine that has no Python; without it, it fails there.
const WITHOUT_PYTHON: &str = "OMM_WITHOUT_PYTHON";

fn card(card: &UnitCard) -> Value {
    let score = card.score.map(|score| json!([score.low, score.value, score.high]));
    json!({"unit": card.unit, "failed": card.failed, "unknown": card.unknown, "start": card.start, "score": score})
}

fn compared(result: &MatchResult) -> Value {
    let list = |cards: &[UnitCard]| cards.iter().map(card).collect::<Vec<_>>();
    json!({
        "now": list(&result.now), "later": list(&result.later), "ask": list(&result.ask), "out": list(&result.out),
        "setAside": list(&result.set_aside), "proposed": result.proposed, "inputHash": result.input_hash,
    })
}

fn write(path: &Path) {
    let mut file = BufWriter::new(std::fs::File::create(path).unwrap());
    for policy in POLICIES.iter() {
        writeln!(file, "{}", json!({"policy": policy.document()})).unwrap();
    }
    for seed in 0..u64::from(cases()) {
        // Another row of cases than the other properties draw.
        let world = World::of(seed.wrapping_mul(0x2545_F491_4F6C_DD1D));
        let result = stored_answer(&world);
        let input = StoredInput::normal(&world.view, &world.snapshot, world.now);
        let line = json!({"policyHash": result.policy_hash, "input": input, "result": compared(&result)});
        writeln!(file, "{line}").unwrap();
    }
    file.flush().unwrap();
}

/// Property 13, its second half.
#[test]
fn an_independent_script_recomputes_stored_results() {
    if let Err(error) = Command::new("python3").arg("--version").output() {
        assert!(
            std::env::var_os(WITHOUT_PYTHON).is_some(),
            "python3 cannot be started ({error}), so nothing was proved; install it, or set {WITHOUT_PYTHON}"
        );
        println!("not run: there is no python3, and {WITHOUT_PYTHON} is set");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("results.jsonl");
    write(&file);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tools/replay.py");
    let output = Command::new("python3").arg(script).arg(&file).output().unwrap();
    let (told, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{told}{errors}");
    assert!(told.contains(&format!("{} passed, 0 failed", cases())), "{told}{errors}");
}
