//! The engine with so many places: what is measured, as one call each.

use std::hint::black_box;

use omm::domain::matching::{
    columns::CompiledSnapshot,
    compiled_referral::CompiledReferral,
    evaluate::{best_of_many, evaluate},
    policy::CompiledPolicy,
    screen::{Workspace, screen},
    snapshot::Snapshot,
    stored::StoredInput,
    view::ReferralView,
};

use crate::cases;

/// Everything that outlives one referral: the policy, the places as columns, the buffers.
pub struct Engine {
    policy: CompiledPolicy,
    input: StoredInput,
    units: CompiledSnapshot,
    work: Workspace,
}

impl Engine {
    /// An engine with so many places.
    pub fn with(places: usize) -> Self {
        let policy = CompiledPolicy::v1();
        let snapshot = Snapshot { at: cases::now(), units: cases::units(places), whereabouts: cases::whereabouts() };
        let input = StoredInput::normal(&cases::view(0), &snapshot, cases::now());
        let units = CompiledSnapshot::compile(&policy, &input.snapshot.units, cases::now());
        Self { policy, input, units, work: Workspace::default() }
    }

    /// Makes the tables of a referral alone.
    pub fn compile(&self, view: &ReferralView) {
        black_box(CompiledReferral::compile(&self.policy, view, &self.input.snapshot, &self.units));
    }

    /// All verdicts, all scores, the ten best of each list in order. Begins with the tables of the referral.
    pub fn screen(&mut self, view: &ReferralView) {
        let compiled = CompiledReferral::compile(&self.policy, view, &self.input.snapshot, &self.units);
        screen(&self.policy, view.id, &self.units, &compiled, &mut self.work);
        black_box(&self.work);
    }

    /// The same, with findings, contributions, comparisons, rho and counterfactuals for those ten of each list.
    pub fn explain(&mut self, view: &mut ReferralView) {
        std::mem::swap(view, &mut self.input.view);
        black_box(best_of_many(&self.policy, &self.input, &self.units, &mut self.work));
    }

    /// How many cards the last kind of call writes for a referral.
    pub fn cards(&mut self, view: &mut ReferralView) -> usize {
        std::mem::swap(view, &mut self.input.view);
        let page = best_of_many(&self.policy, &self.input, &self.units, &mut self.work);
        page.iter().map(|(cards, _)| cards.len()).sum()
    }

    /// The whole answer with a card for every unit, and the hash of its input: what the service runs.
    pub fn evaluate(&self, view: &ReferralView) {
        black_box(evaluate(&self.policy, view, &self.input.snapshot, self.input.now));
    }

    /// Makes the columns of the places, once per state of the house.
    pub fn columns(&self) {
        black_box(CompiledSnapshot::compile(&self.policy, &self.input.snapshot.units, self.input.now));
    }
}
