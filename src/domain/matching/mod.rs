//! What fits, and why.
//!
//! ```text
//! ReferralView + Snapshot + CompiledPolicy + now
//!   → route (title, dates, age)          → what the law says
//!   → screen (17 rules, two masks)       → OUT | ASK | FIT, for every unit
//!   → suitability → order → confidence   → who comes first, and how sure
//!   → findings, counterfactuals          → why, why not, what would change it
//!   → MatchResult                        → stored, published, replayed byte for byte
//! ```
//! The one door is `evaluate(&CompiledPolicy, &ReferralView, &Snapshot, now) -> MatchResult`.
//!
//! Four quantities never mix: eligibility, suitability, priority, scarcity. Everything is exact: integers only.

pub mod bits;
pub mod canonical;
mod cards;
pub mod columns;
pub mod comparison;
pub mod compiled_referral;
pub mod confidence;
pub mod counterfactual;
pub mod criterion;
pub mod distances;
pub mod eligibility;
pub mod evaluate;
pub mod explanation;
pub mod fact_code;
pub mod finding;
pub mod multi_problem;
pub mod order;
mod outlook;
pub mod policy;
pub mod reflection;
pub mod result;
pub mod route;
pub mod rules;
pub mod screen;
pub mod snapshot;
pub mod stored;
pub mod suitability;
pub mod texts;
pub mod timing;
pub mod view;

#[cfg(test)]
mod properties;
