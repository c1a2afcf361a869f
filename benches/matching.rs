//! How fast the engine is, and what the service adds to it.
//!
//! `cargo bench --bench matching` prints percentiles over ten thousand different referrals, compares them with what the
//! engine promises, and then runs the statistics of criterion, which tell whether a change made something slower. What
//! was measured, and on what, stands in `docs/performance.md`. Without `--bench` everything runs a few times only.

#[cfg(test)]
#[path = "matching/cases.rs"]
mod cases;
#[cfg(test)]
#[path = "matching/engine.rs"]
mod engine;
#[cfg(test)]
#[path = "matching/figures.rs"]
mod figures;
#[cfg(test)]
#[path = "../tests/desk/given.rs"]
#[expect(dead_code, reason = "the tests need more of it")]
mod given;
#[cfg(test)]
#[path = "matching/over_http.rs"]
mod over_http;
#[cfg(test)]
#[path = "../tests/desk/served.rs"]
#[expect(dead_code, reason = "the tests need more of it")]
mod served;
#[cfg(test)]
#[path = "matching/table.rs"]
mod table;
#[cfg(test)]
#[path = "../tests/desk/world.rs"]
#[expect(dead_code, reason = "the tests need more of it")]
mod world;

use std::process::ExitCode;

fn main() -> ExitCode {
    figures::tell()
}
