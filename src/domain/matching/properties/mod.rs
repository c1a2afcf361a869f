//! What must hold of the engine for every household, every set of units and every policy, not only for examples.
//!
//! One file per subject; each property is named after what it proves. `docs/testing.md` tells how to try more cases.
//! Cases are drawn from the name of the property and a seed, so a run can be repeated; a failure prints its case.

mod answers;
mod capacity;
mod change_steps;
mod changes;
mod completeness;
mod confidence;
mod counterfactuals;
mod generators;
mod hot_path;
mod invariance;
mod learning;
mod order;
mod policy_files;
mod replay_script;
mod rule_table;
mod suitability;

use std::{cell::Cell, fmt::Debug, sync::LazyLock, thread};

use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::{Config, RngAlgorithm, TestCaseError, TestCaseResult, TestError, TestRng, TestRunner},
};

use self::generators::{World, WorldTree, Worlds};
use super::{canonical, result::MatchResult};

/// How many cases each property tries, unless `OMM_PROPERTY_CASES` says otherwise.
const CASES: u32 = 10_000;

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.trim().parse().unwrap_or_else(|_| panic!("{name} must be a whole number")))
}

fn cases() -> u32 {
    setting("OMM_PROPERTY_CASES").map_or(CASES, |cases| u32::try_from(cases).expect("OMM_PROPERTY_CASES is too large"))
}

fn runner(name: &str) -> TestRunner {
    let config = Config { cases: cases(), failure_persistence: None, max_shrink_iters: 5_000, ..Config::default() };
    let seed = canonical::sha256(format!("{name} {}", setting("OMM_PROPERTY_SEED").unwrap_or(1)).as_bytes());
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed))
}

fn told<V: Debug>(outcome: Result<(), TestError<V>>) {
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(reason, case)) => panic!("{reason}\nThe smallest case found:\n{case:#?}"),
        Err(TestError::Abort(reason)) => panic!("given up: {reason}"),
    }
}

/// Tries a property on many cases; stops at the first that fails, makes it smaller and prints it.
fn for_all<S: Strategy>(strategy: &S, holds: impl Fn(S::Value) -> TestCaseResult)
where
    S::Value: Debug,
{
    // Every property draws its own cases, the same in every run with the same seed.
    let name = thread::current().name().unwrap_or("unnamed").to_owned();
    told(runner(&name).run(strategy, holds));
}

/// So many answers are kept for all properties that look at one answer; a run with more cases makes the rest anew.
const SHARED: u32 = 10_000;

/// Cases with their answers, made once for all properties that look at one answer: making them is what takes time.
static ANSWERS: LazyLock<Vec<(World, MatchResult)>> = LazyLock::new(|| {
    let mut runner = runner("shared");
    let worlds: Vec<_> = (0..cases().min(SHARED)).map(|_| Worlds.new_tree(&mut runner).unwrap().current()).collect();
    let answered = |worlds: &[World]| worlds.iter().map(|world| (world.clone(), answers::answer(world))).collect();
    let (first, second) = worlds.split_at(worlds.len() / 2);
    let parts: [Vec<_>; 2] = thread::scope(|scope| {
        let other = scope.spawn(|| answered(second));
        [answered(first), other.join().unwrap()]
    });
    parts.into_iter().flatten().collect()
});

/// Tries a property that looks at one answer.
fn for_all_answers(holds: impl Fn(&World, &MatchResult) -> TestCaseResult) {
    let again = |world: World| holds(&world, &answers::answer(&world));
    for (world, answer) in ANSWERS.iter() {
        if holds(world, answer).is_err() {
            // The same case as a tree, to be made smaller and told.
            told(runner("shared").run_one(WorldTree::of(world.clone()), again).map(drop));
        }
    }
    let mut runner = runner("more answers");
    for _ in SHARED..cases() {
        let tree = Worlds.new_tree(&mut runner).unwrap();
        told(runner.run_one(tree, again).map(drop));
    }
}

/// Tries a property on many worlds.
fn for_all_worlds(holds: impl Fn(&World) -> TestCaseResult) {
    for_all(&Worlds, |world| holds(&world));
}

/// Counts how often a case had something to prove, so that a property cannot pass on nothing.
#[derive(Default)]
struct Tally(Cell<u32>);

impl Tally {
    fn add(&self) {
        self.0.set(self.0.get() + 1);
    }

    /// Fails unless at least one case in `every` had something to prove.
    fn at_least_one_in(&self, every: u32) {
        let (seen, cases) = (self.0.get(), cases());
        assert!(seen >= cases / every, "only {seen} of {cases} cases had anything to prove");
    }
}

/// A failure with its reason.
fn fails(reason: impl Into<String>) -> TestCaseError {
    TestCaseError::fail(reason.into())
}
