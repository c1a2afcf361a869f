//! Cases for the properties: a household, up to six units, an instant and a policy, all from one number.
//!
//! Small and sharp: few values, many unknown facts, units that are copies of each other. A case that fails is made
//! smaller (units dropped, facts forgotten, aspects made plain) while it still fails, and is printed as JSON.

mod dice;
pub mod person;
pub mod unit;

use std::{collections::BTreeMap, fmt, sync::LazyLock};

use chrono::{DateTime, Utc};
use proptest::{
    strategy::{NewTree, Strategy, ValueTree},
    test_runner::TestRunner,
};
use serde_json::{Value, json};
use uuid::Uuid;

pub use self::{dice::Dice, person::Mood};
use crate::domain::{
    ids::{ReferralId, UnitId},
    matching::{
        policy::{CompiledPolicy, POLICY_V1},
        snapshot::Snapshot,
        view::ReferralView,
    },
};

/// Referrals that conflicts and links can name.
pub const NAMED: [ReferralId; 2] =
    [ReferralId(Uuid::from_u128(0xA1_4000_8000)), ReferralId(Uuid::from_u128(0xB2_4000_8000))];

/// Towns with their police unit: two share one, one is in no table, one is spelt in two ways.
pub fn towns() -> [(&'static str, &'static str); 6] {
    [
        ("Zwolle", "Oost-Nederland"),
        ("Enschede", "Oost-Nederland"),
        ("Amsterdam", "Amsterdam"),
        ("Den Haag", "Den Haag"),
        ("'s-Gravenhage", "den haag "),
        ("Atlantis", "Atlantis"),
    ]
}

/// The policies of the cases, each read once: the one that ships, and others that reach what it does not.
pub static POLICIES: LazyLock<Vec<CompiledPolicy>> = LazyLock::new(|| {
    let weights = |document: &mut Value, weights: [&str; 8]| {
        for (criterion, weight) in document["criteria"].as_array_mut().unwrap().iter_mut().zip(weights) {
            criterion["weight"] = json!(weight);
        }
    };
    let variants: [&dyn Fn(&mut Value); 5] = [
        &|_| {},
        &|document| weights(document, ["0.125", "0.125", "0.125", "0.125", "0.125", "0.125", "0.125", "0.125"]),
        &|document| weights(document, ["0", "0", "0.5", "0", "0.4999", "0", "0.0001", "0"]),
        &|document| {
            weights(document, ["0.1", "0.1", "0.1", "0.1", "0.1", "0.1", "0.1", "0.3"]);
            document["rules"]["crisis_at_move_on"] = json!("no");
            document["omm"]["one_mild_only"] = json!("no");
            document["omm"]["require_regular_shelter_insufficient"] = json!(false);
            document["capacity"]["children_count_as_place"] = json!(false);
            document["unknown_place"]["middle"] = json!("0.3");
            document["confidence"] = json!({"clear": "0.9", "close": "0.3"});
            document["criteria"].as_array_mut().unwrap().reverse();
        },
        &|document| {
            weights(document, ["1", "0", "0", "0", "0", "0", "0", "0"]);
            let on = document["rules"]["on"].as_array_mut().unwrap();
            on.retain(|rule| !["R-KIND", "R-GROUP", "R-OPEN"].contains(&rule.as_str().unwrap()));
            document["capacity"]["horizon_days"] = json!(62);
        },
    ];
    let policy = |change: &dyn Fn(&mut Value)| {
        let mut document: Value = serde_json::from_str(POLICY_V1).unwrap();
        change(&mut document);
        CompiledPolicy::parse(&document.to_string()).unwrap()
    };
    variants.into_iter().map(policy).collect()
});

/// One case.
#[derive(Clone, PartialEq, Eq)]
pub struct World {
    /// Number of the policy in [`POLICIES`].
    pub policy: usize,
    /// The instant.
    pub now: DateTime<Utc>,
    /// The referral.
    pub view: ReferralView,
    /// The units.
    pub snapshot: Snapshot,
    /// A number for whatever else a property wants to draw.
    pub luck: u64,
}

impl World {
    /// The case of a number.
    pub fn of(seed: u64) -> Self {
        let mut dice = Dice(seed);
        let policy = if dice.chance(60) { 0 } else { dice.below(POLICIES.len()) };
        // The last instant is the next day already where the desk is.
        let now = dice.pick(&["2026-06-01T10:00:00Z", "2026-02-28T09:30:00Z", "2026-06-01T22:30:00Z"]);
        let mood = Mood {
            unknown: dice.pick(&[0, 5, 40]),
            benign: dice.pick(&[99, 95, 80, 50]),
            ..mood(policy, now.parse().unwrap())
        };
        let mut view = person::view(&mut dice, mood);
        let mut units = Vec::new();
        for number in 0..=dice.below(6) {
            let unit = if units.is_empty() || dice.chance(35) {
                unit::drawn(&mut dice, number, mood)
            } else {
                let of = dice.below(units.len());
                unit::sister(&mut dice, &units[of], number, mood)
            };
            units.push(unit);
        }
        let ids: Vec<UnitId> = units.iter().map(|unit| unit.id).collect();
        if dice.chance(15) {
            view.standing_objections = dice.some_of(&ids, 2);
        }
        let whereabouts: BTreeMap<_, _> =
            NAMED.iter().filter(|_| !dice.chance(mood.unknown)).map(|id| (*id, ids.clone())).collect();
        let whereabouts = whereabouts.into_iter().map(|(id, units)| (id, dice.some_of(&units, 2))).collect();
        let snapshot = Snapshot { at: mood.now, units: dice.shuffled(units), whereabouts };
        Self { policy, now: mood.now, view, snapshot, luck: seed.rotate_left(32) }
    }

    /// The policy of this case.
    pub fn policy(&self) -> &'static CompiledPolicy {
        &POLICIES[self.policy]
    }

    /// How new facts of this case are drawn: anything goes.
    pub fn mood(&self) -> Mood {
        mood(self.policy, self.now)
    }

    /// Draws that belong to this case.
    pub fn dice(&self) -> Dice {
        Dice(self.luck)
    }

    /// The ways to make the case smaller, largest steps first.
    fn steps(&self) -> Vec<Step> {
        let units = || self.snapshot.units.iter().map(|unit| unit.id);
        let smooth = units().flat_map(|unit| (0..unit::ASPECTS).map(move |aspect| Step::Smooth(unit, aspect)));
        let plain = [Step::FirstPolicy, Step::NoLinks, Step::NoObjections, Step::NoWhereabouts];
        let forget = (0..person::FACTS.len()).map(Step::Forget);
        units().map(Step::Drop).chain(plain).chain(forget).chain(smooth).collect()
    }

    fn after(&self, step: Step) -> Self {
        let mut world = self.clone();
        let mood = self.mood();
        match step {
            Step::Drop(id) => world.snapshot.units.retain(|unit| unit.id != id),
            Step::FirstPolicy => world.policy = 0,
            Step::NoLinks => world.view.linked.clear(),
            Step::NoObjections => world.view.standing_objections.clear(),
            Step::NoWhereabouts => world.snapshot.whereabouts.clear(),
            Step::Forget(fact) => {
                person::forget(&mut world.view.circumstances, fact);
            }
            Step::Smooth(id, aspect) => {
                let unit = world.snapshot.units.iter_mut().find(|unit| unit.id == id);
                if let Some(unit) = unit {
                    unit::smooth(unit, aspect, mood);
                }
            }
        }
        world
    }
}

/// One way to make a case smaller.
#[derive(Clone, Copy, Debug)]
enum Step {
    Drop(UnitId),
    FirstPolicy,
    NoLinks,
    NoObjections,
    NoWhereabouts,
    Forget(usize),
    Smooth(UnitId, usize),
}

fn mood(policy: usize, now: DateTime<Utc>) -> Mood {
    Mood { unknown: 0, benign: 50, now, today: POLICIES[policy].day(now) }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Unknown facts say nothing: left out, a case fits on a screen.
        let mut view = serde_json::to_value(&self.view).unwrap();
        let facts = view["circumstances"].as_object_mut().unwrap();
        facts.retain(|_, fact| !fact["value"].is_null());
        let document = json!({
            "policy": self.policy, "now": self.now, "view": view, "snapshot": self.snapshot, "luck": self.luck,
        });
        f.write_str(&serde_json::to_string_pretty(&document).unwrap())
    }
}

/// Any case.
#[derive(Clone, Copy, Debug)]
pub struct Worlds;

/// A case while it is made smaller.
pub struct WorldTree {
    world: World,
    before: Option<World>,
    steps: std::vec::IntoIter<Step>,
}

impl Strategy for Worlds {
    type Tree = WorldTree;
    type Value = World;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let seed = proptest::num::u64::ANY.new_tree(runner)?.current();
        Ok(WorldTree::of(World::of(seed)))
    }
}

impl WorldTree {
    /// A case that can be made smaller.
    pub fn of(world: World) -> Self {
        let steps = world.steps().into_iter();
        Self { world, before: None, steps }
    }
}

impl ValueTree for WorldTree {
    type Value = World;

    fn current(&self) -> World {
        self.world.clone()
    }

    fn simplify(&mut self) -> bool {
        for step in self.steps.by_ref() {
            let smaller = self.world.after(step);
            if smaller != self.world {
                self.before = Some(std::mem::replace(&mut self.world, smaller));
                return true;
            }
        }
        false
    }

    fn complicate(&mut self) -> bool {
        self.before.take().is_some_and(|before| {
            self.world = before;
            true
        })
    }
}
