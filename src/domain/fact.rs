//! What is known, and how sure: the three-valued verdict and the fact that carries its evidence.
//!
//! Invariant: unknown is a value of its own. It is never read as yes and never as no.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Yes, no, or not known: the answer of a rule, and the value of an attribute of the catalogue.
///
/// `and`, `or` and `not` follow Kleene: AND is `no` if any part is `no`, else `unknown` if any is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It holds.
    Yes,
    /// It does not hold.
    No,
    /// Nobody knows yet; a person has to ask.
    #[default]
    Unknown,
}

impl Verdict {
    /// Kleene AND.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Yes, Self::Yes) => Self::Yes,
        }
    }

    /// Kleene OR.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.not().and(other.not()).not()
    }

    /// Kleene NOT: swaps yes and no, keeps unknown.
    #[must_use]
    #[expect(clippy::should_implement_trait, reason = "reads as the third of and, or, not")]
    pub fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
        }
    }

    /// The verdict of a comparison that may lack its input.
    pub fn of(known: Option<bool>) -> Self {
        match known {
            Some(true) => Self::Yes,
            Some(false) => Self::No,
            None => Self::Unknown,
        }
    }
}

/// Who a fact came from. Never a name or an organisation: those stand in the audit trail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The one who referred the victim.
    Referrer,
    /// CoMensha's coordinator, as a recorded judgement.
    Assessor,
    /// The shelter.
    Shelter,
    /// The published catalogue.
    Catalogue,
}

/// A fact about a person or a household: its value or unknown, and where that comes from.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fact<T> {
    /// The value; `None` is unknown, whether it was never asked or asked and not known.
    pub value: Option<T>,
    /// Who stated it; `None` when nobody has.
    pub source: Option<Source>,
    /// Since when it is stated so.
    pub as_of: Option<DateTime<Utc>>,
}

impl<T> Fact<T> {
    /// A fact that nobody has stated.
    pub const UNKNOWN: Self = Self { value: None, source: None, as_of: None };

    /// A fact stated by `source` at `as_of`.
    pub fn stated(value: T, source: Source, as_of: DateTime<Utc>) -> Self {
        Self { value: Some(value), source: Some(source), as_of: Some(as_of) }
    }

    /// A fact that `source` was asked for at `as_of` and did not know.
    pub fn asked(source: Source, as_of: DateTime<Utc>) -> Self {
        Self { value: None, source: Some(source), as_of: Some(as_of) }
    }

    /// The value if it is known.
    pub fn known(&self) -> Option<&T> {
        self.value.as_ref()
    }

    /// The verdict of a test on the value; unknown stays unknown.
    pub fn holds(&self, test: impl FnOnce(&T) -> bool) -> Verdict {
        Verdict::of(self.value.as_ref().map(test))
    }
}

impl<T> Default for Fact<T> {
    fn default() -> Self {
        Self::UNKNOWN
    }
}

#[cfg(test)]
mod tests {
    use super::Verdict::{self, No, Unknown, Yes};

    const ALL: [Verdict; 3] = [Yes, No, Unknown];

    #[test]
    fn and_is_no_if_any_part_is_no_else_unknown_if_any_is() {
        for (a, b, want) in [
            (Yes, Yes, Yes),
            (Yes, No, No),
            (Yes, Unknown, Unknown),
            (No, Unknown, No),
            (No, No, No),
            (Unknown, Unknown, Unknown),
        ] {
            assert_eq!((a.and(b), b.and(a)), (want, want), "{a:?} and {b:?}");
        }
    }

    #[test]
    fn or_is_the_mirror_image_of_and() {
        for a in ALL {
            for b in ALL {
                assert_eq!(a.or(b), a.not().and(b.not()).not());
            }
        }
        assert_eq!((Yes.or(Unknown), No.or(Unknown)), (Yes, Unknown));
    }

    #[test]
    fn not_keeps_unknown() {
        assert_eq!(ALL.map(Verdict::not), [No, Yes, Unknown]);
    }
}
