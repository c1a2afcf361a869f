//! How one unit stands in a match, as proposals and decisions read it.

use chrono::NaiveDate;

use crate::domain::ids::UnitId;
use crate::domain::matching::result::MatchResult;
use crate::domain::placement::proposal::Standing;
use crate::domain::placement::terms::Term;

/// A rule that excludes a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FailedRule {
    /// Its code.
    pub code: String,
    /// True if a coordinator may set it aside with a reason and a second person.
    pub dispensable: bool,
}

/// One unit of a match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    /// Fit, ask or out.
    pub standing: Standing,
    /// Rules that exclude it.
    pub failed: Vec<FailedRule>,
    /// Rules that are open.
    pub unknown: Vec<String>,
    /// True if it is the proposal of the match, or shares its rank.
    pub is_first: bool,
    /// Places the household needs there.
    pub beds: u16,
    /// Places free today; `None` is not documented.
    pub free: Option<u16>,
}

/// A unit that can be proposed, with the terms of the policy in force.
pub(super) struct Chosen {
    /// How it stands.
    pub standing: Standing,
    /// Places the household needs there.
    pub beds: u16,
    /// How long the hold lasts.
    pub hold: Term,
    /// Days on which nobody works.
    pub holidays: Vec<NaiveDate>,
}
