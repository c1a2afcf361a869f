//! How one unit stands in a match, as proposals and decisions read it.

use chrono::NaiveDate;

use crate::domain::fact::Verdict;
use crate::domain::ids::UnitId;
use crate::domain::matching::finding::Finding;
use crate::domain::matching::result::{MatchResult, Standing as CardStanding};
use crate::domain::placement::proposal::Standing;
use crate::domain::placement::terms::Term;
use crate::store::match_result::StoredMatch;

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

/// How a unit stands in a match; `None` if the match has no such unit.
pub(super) fn candidate(result: &MatchResult, unit: UnitId) -> Option<Candidate> {
    let card = result.card(unit)?;
    let failed = |finding: &&Finding| finding.verdict == Verdict::No;
    let firsts = [&result.confidence.now, &result.confidence.later, &result.confidence.ask];
    let shares_rank = firsts.into_iter().flatten().any(|confidence| confidence.toss_up.contains(&unit));
    let first_of_all = result.now.first().or(result.later.first()).or(result.ask.first());
    Some(Candidate {
        standing: match card.standing {
            CardStanding::FitNow | CardStanding::FitLater => Standing::Fit,
            CardStanding::Ask => Standing::Ask,
            CardStanding::Out => Standing::Out,
        },
        failed: card
            .findings
            .iter()
            .filter(failed)
            .map(|finding| FailedRule { code: finding.rule.name().to_owned(), dispensable: finding.dispensable })
            .collect(),
        unknown: card
            .findings
            .iter()
            .filter(|finding| finding.verdict == Verdict::Unknown)
            .map(|finding| finding.rule.name().to_owned())
            .collect(),
        is_first: first_of_all.is_some_and(|first| first.unit == unit) || shares_rank,
        beds: card.beds_needed,
        free: card.beds_free,
    })
}

/// How a unit stood in a stored match; `None` if the match has no such unit.
pub(super) fn stored_candidate(stored: &StoredMatch, unit: UnitId) -> Option<Candidate> {
    serde_json::from_str(&stored.result).ok().and_then(|result| candidate(&result, unit))
}
