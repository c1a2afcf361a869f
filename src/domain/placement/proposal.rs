//! A proposal: one unit asked for one referral. Going live takes a hold on as many places as the household needs.
//!
//! Invariant: a hold counts until its deadline and not one instant longer, whether or not a job runs.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::fact::Verdict;
use crate::domain::ids::{ProposalId, ReferralId, ResultId, UnitId};
use crate::domain::referral::lifecycle::WrongState;
use crate::domain::referral::reasons::{DeclineReason, DepartureReason, ObjectionReason};

/// Where a proposal stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ProposalState {
    /// Prepared, not sent; holds nothing.
    Draft,
    /// Sent to the shelter; holds its places.
    Sent {
        /// When it was sent.
        #[serde(rename = "sentAt")]
        sent_at: DateTime<Utc>,
        /// Until when the hold lasts; the shelter answers before.
        #[serde(rename = "holdUntil")]
        hold_until: DateTime<Utc>,
    },
    /// Accepted by the shelter; holds its places until CoMensha has decided.
    Accepted {
        /// When.
        at: DateTime<Utc>,
        /// Until when CoMensha decides.
        #[serde(rename = "holdUntil")]
        hold_until: DateTime<Utc>,
    },
    /// The shelter objects.
    Objected {
        /// When.
        at: DateTime<Utc>,
        /// Why.
        reason: ObjectionReason,
    },
    /// The hold lapsed without an answer or a decision.
    Expired {
        /// The deadline that passed.
        at: DateTime<Utc>,
    },
    /// CoMensha decided on it.
    Confirmed {
        /// When.
        at: DateTime<Utc>,
    },
    /// The victim does not want it.
    DeclinedByVictim {
        /// When.
        at: DateTime<Utc>,
        /// Why, if told.
        reason: DeclineReason,
    },
    /// CoMensha took it back.
    Cancelled {
        /// When.
        at: DateTime<Utc>,
    },
}

impl ProposalState {
    /// The code of the state, as on the wire.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Sent { .. } => "sent",
            Self::Accepted { .. } => "accepted",
            Self::Objected { .. } => "objected",
            Self::Expired { .. } => "expired",
            Self::Confirmed { .. } => "confirmed",
            Self::DeclinedByVictim { .. } => "declined_by_victim",
            Self::Cancelled { .. } => "cancelled",
        }
    }

    /// The deadline of the hold, in the states that have one.
    pub fn hold_until(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Sent { hold_until, .. } | Self::Accepted { hold_until, .. } => Some(*hold_until),
            Self::Draft
            | Self::Objected { .. }
            | Self::Expired { .. }
            | Self::Confirmed { .. }
            | Self::DeclinedByVictim { .. }
            | Self::Cancelled { .. } => None,
        }
    }

    /// True if it holds places at `now`.
    pub fn is_live(&self, now: DateTime<Utc>) -> bool {
        self.hold_until().is_some_and(|until| now < until)
    }

    /// The state as the clock makes it: a hold whose deadline has passed reads expired, even if nobody wrote it down.
    #[must_use]
    pub fn as_of(self, now: DateTime<Utc>) -> Self {
        match self.hold_until() {
            Some(until) if until <= now => Self::Expired { at: until },
            Some(_) | None => self,
        }
    }

    /// Sent, or sent again after an objection was answered.
    pub fn send(self, at: DateTime<Utc>, hold_until: DateTime<Utc>) -> Result<Self, WrongState> {
        match self.as_of(at) {
            Self::Draft | Self::Objected { .. } => Ok(Self::Sent { sent_at: at, hold_until }),
            other @ (Self::Sent { .. }
            | Self::Accepted { .. }
            | Self::Expired { .. }
            | Self::Confirmed { .. }
            | Self::DeclinedByVictim { .. }
            | Self::Cancelled { .. }) => Err(other.refuse("send")),
        }
    }

    /// Accepted by the shelter, before the deadline.
    pub fn accept(self, at: DateTime<Utc>, decide_until: DateTime<Utc>) -> Result<Self, WrongState> {
        match self.as_of(at) {
            Self::Sent { .. } => Ok(Self::Accepted { at, hold_until: decide_until }),
            other @ (Self::Draft
            | Self::Accepted { .. }
            | Self::Objected { .. }
            | Self::Expired { .. }
            | Self::Confirmed { .. }
            | Self::DeclinedByVictim { .. }
            | Self::Cancelled { .. }) => Err(other.refuse("accept")),
        }
    }

    /// Objected to by the shelter, before the deadline.
    pub fn object(self, at: DateTime<Utc>, reason: ObjectionReason) -> Result<Self, WrongState> {
        match self.as_of(at) {
            Self::Sent { .. } => Ok(Self::Objected { at, reason }),
            other @ (Self::Draft
            | Self::Accepted { .. }
            | Self::Objected { .. }
            | Self::Expired { .. }
            | Self::Confirmed { .. }
            | Self::DeclinedByVictim { .. }
            | Self::Cancelled { .. }) => Err(other.refuse("object")),
        }
    }

    /// Decided on by CoMensha, while accepted and held.
    pub fn confirm(self, at: DateTime<Utc>) -> Result<Self, WrongState> {
        match self.as_of(at) {
            Self::Accepted { .. } => Ok(Self::Confirmed { at }),
            other @ (Self::Draft
            | Self::Sent { .. }
            | Self::Objected { .. }
            | Self::Expired { .. }
            | Self::Confirmed { .. }
            | Self::DeclinedByVictim { .. }
            | Self::Cancelled { .. }) => Err(other.refuse("confirm")),
        }
    }

    /// Declined by the victim, while it is alive.
    pub fn decline(self, at: DateTime<Utc>, reason: DeclineReason) -> Result<Self, WrongState> {
        self.end("decline", at, Self::DeclinedByVictim { at, reason })
    }

    /// Taken back by CoMensha, while it is prepared or alive.
    pub fn cancel(self, at: DateTime<Utc>) -> Result<Self, WrongState> {
        self.end("cancel", at, Self::Cancelled { at })
    }

    fn end(self, attempted: &'static str, at: DateTime<Utc>, end: Self) -> Result<Self, WrongState> {
        match self.as_of(at) {
            Self::Draft | Self::Sent { .. } | Self::Accepted { .. } => Ok(end),
            other @ (Self::Objected { .. }
            | Self::Expired { .. }
            | Self::Confirmed { .. }
            | Self::DeclinedByVictim { .. }
            | Self::Cancelled { .. }) => Err(other.refuse(attempted)),
        }
    }

    fn refuse(&self, attempted: &'static str) -> WrongState {
        WrongState { from: self.name().into(), attempted: attempted.into() }
    }
}

/// An answer to a question that a rule left open for this unit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AnsweredQuestion {
    /// The code of the rule, such as `R-HOUSEHOLD`.
    pub rule: String,
    /// What the answer makes of the rule: `yes` or `no`.
    pub verdict: Verdict,
}

/// Another choice than the first rank, or one against a dispensable rule, with its reason.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Departure {
    /// The reason.
    pub reason: DepartureReason,
    /// In words.
    pub text: String,
}

/// How a unit stood in the match when it was proposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Every rule is met.
    Fit,
    /// No rule excludes it; questions are open.
    Ask,
    /// A rule excludes it.
    Out,
}

/// One proposal.
#[derive(Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Its id.
    pub id: ProposalId,
    /// Counts every change, from 1.
    pub version: i64,
    /// For whom.
    pub referral: ReferralId,
    /// Which unit.
    pub unit: UnitId,
    /// The match it rests on.
    pub result: ResultId,
    /// Places it holds while it is live.
    pub beds: u16,
    /// How the unit stood in the match.
    pub standing: Standing,
    /// Why another unit than the first rank.
    pub departure: Option<Departure>,
    /// Questions answered so far, by CoMensha or the shelter.
    pub answers: Vec<AnsweredQuestion>,
    /// The identity (issuer and subject) that proposed: who decides against a rule must be someone else.
    pub proposed_by: String,
    /// When it was prepared.
    pub created_at: DateTime<Utc>,
    /// Where it stands.
    pub state: ProposalState,
}

impl Proposal {
    /// The answer on file for a rule.
    pub fn answer_to(&self, rule: &str) -> Option<Verdict> {
        self.answers.iter().rev().find(|answer| answer.rule == rule).map(|answer| answer.verdict)
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn noon() -> DateTime<Utc> {
        "2026-03-02T12:00:00Z".parse().unwrap()
    }

    fn sent() -> ProposalState {
        ProposalState::Draft.send(noon(), noon() + TimeDelta::hours(2)).unwrap()
    }

    #[test]
    fn a_hold_ends_at_its_deadline_by_the_clock_alone() {
        let deadline = noon() + TimeDelta::hours(2);
        assert!(sent().is_live(deadline - TimeDelta::microseconds(1)));
        assert!(!sent().is_live(deadline));
        assert_eq!(sent().as_of(deadline), ProposalState::Expired { at: deadline });
    }

    #[test]
    fn an_answer_after_the_deadline_comes_too_late() {
        let late = noon() + TimeDelta::hours(2);
        assert_eq!(sent().accept(late, late).unwrap_err().from, "expired");
        assert_eq!(sent().object(late, ObjectionReason::NoPlace).unwrap_err().from, "expired");
    }

    #[test]
    fn only_an_accepted_proposal_is_confirmed() {
        let soon = noon() + TimeDelta::minutes(1);
        assert!(sent().confirm(soon).is_err());
        let accepted = sent().accept(soon, soon + TimeDelta::hours(24)).unwrap();
        assert!(accepted.clone().confirm(soon + TimeDelta::hours(1)).is_ok());
        assert_eq!(accepted.confirm(soon + TimeDelta::hours(24)).unwrap_err().from, "expired");
    }

    #[test]
    fn an_objection_can_be_answered_and_the_proposal_sent_again() {
        let soon = noon() + TimeDelta::minutes(1);
        let objected = sent().object(soon, ObjectionReason::GroupComposition).unwrap();
        assert!(objected.clone().send(soon, soon + TimeDelta::hours(2)).is_ok());
        assert!(objected.cancel(soon).is_err());
        assert!(sent().send(soon, soon).is_err());
    }
}
