//! The lifecycle of a referral: every state, and which step leads where.
//!
//! Invariant: only the steps below exist; a step from a wrong state is refused and changes nothing.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::reasons::{RefusalReason, TargetRoute, WithdrawalReason};

/// Where a referral stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ReferralState {
    /// Begun by the referrer, not sent yet.
    Draft,
    /// Sent to CoMensha.
    Submitted,
    /// CoMensha asked the referrer for more.
    Incomplete,
    /// Registered only: no shelter request, or no consent for one.
    Registered,
    /// CoMensha is judging whether the person is eligible.
    Assessing,
    /// Judged eligible.
    Eligible,
    /// A judgement is still open.
    NeedsReview,
    /// Judged not eligible; a redirection or a refusal follows.
    NotEligible,
    /// A place is being sought.
    Matching,
    /// On the waiting list; a temporary place does not end this.
    WaitingList,
    /// A place has been decided.
    Placed,
    /// Sent on to another route.
    Redirected {
        /// To which route.
        target: TargetRoute,
    },
    /// Refused by CoMensha.
    Refused {
        /// Why.
        reason: RefusalReason,
    },
    /// Withdrawn.
    Withdrawn {
        /// Why.
        reason: WithdrawalReason,
    },
    /// The stay has ended.
    Closed,
}

/// The state of a referral, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the states are documented at ReferralState")]
pub enum StateName {
    Draft,
    Submitted,
    Incomplete,
    Registered,
    Assessing,
    Eligible,
    NeedsReview,
    NotEligible,
    Matching,
    WaitingList,
    Placed,
    Redirected,
    Refused,
    Withdrawn,
    Closed,
}

impl StateName {
    /// The code, as on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Incomplete => "incomplete",
            Self::Registered => "registered",
            Self::Assessing => "assessing",
            Self::Eligible => "eligible",
            Self::NeedsReview => "needs_review",
            Self::NotEligible => "not_eligible",
            Self::Matching => "matching",
            Self::WaitingList => "waiting_list",
            Self::Placed => "placed",
            Self::Redirected => "redirected",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
            Self::Closed => "closed",
        }
    }
}

/// What happens to a referral.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The referrer sends it.
    Submit,
    /// There is no shelter request, or no consent for one.
    Register,
    /// The facts now allow a shelter request, or the referrer has completed it.
    Resubmit,
    /// CoMensha asks for more.
    AskForMore,
    /// A first match is made.
    Assess,
    /// CoMensha's judgement.
    Judge(Judgement),
    /// A place is sought for an eligible person.
    Seek,
    /// Decision: placed.
    Place,
    /// Decision: on the waiting list.
    Wait,
    /// Decision: another route.
    Redirect(TargetRoute),
    /// Decision: refused.
    Refuse(RefusalReason),
    /// The proposal or the placement fell through.
    FallThrough,
    /// The stay has ended.
    Close,
    /// Withdrawn.
    Withdraw(WithdrawalReason),
    /// Taken up again without a new intake.
    Reopen,
}

/// CoMensha's judgement on eligibility.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Judgement {
    /// Eligible for the programme of its route.
    Eligible,
    /// Still open.
    NeedsReview,
    /// Not eligible.
    NotEligible,
}

impl Judgement {
    /// The code of the judgement, as on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Eligible => "eligible",
            Self::NeedsReview => "needs_review",
            Self::NotEligible => "not_eligible",
        }
    }
}

/// A step that the state does not allow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("not possible while the state is `{from}`: {attempted}")]
pub struct WrongState {
    /// The state it is in.
    pub from: Cow<'static, str>,
    /// What was attempted.
    pub attempted: Cow<'static, str>,
}

impl ReferralState {
    /// The code of the state, as on the wire.
    pub fn name(&self) -> &'static str {
        self.kind().as_str()
    }

    fn kind(&self) -> StateName {
        match self {
            Self::Draft => StateName::Draft,
            Self::Submitted => StateName::Submitted,
            Self::Incomplete => StateName::Incomplete,
            Self::Registered => StateName::Registered,
            Self::Assessing => StateName::Assessing,
            Self::Eligible => StateName::Eligible,
            Self::NeedsReview => StateName::NeedsReview,
            Self::NotEligible => StateName::NotEligible,
            Self::Matching => StateName::Matching,
            Self::WaitingList => StateName::WaitingList,
            Self::Placed => StateName::Placed,
            Self::Redirected { .. } => StateName::Redirected,
            Self::Refused { .. } => StateName::Refused,
            Self::Withdrawn { .. } => StateName::Withdrawn,
            Self::Closed => StateName::Closed,
        }
    }

    /// True while somebody still has to act for this person.
    pub fn is_open(&self) -> bool {
        match self {
            Self::Draft
            | Self::Submitted
            | Self::Incomplete
            | Self::Registered
            | Self::Assessing
            | Self::Eligible
            | Self::NeedsReview
            | Self::NotEligible
            | Self::Matching
            | Self::WaitingList
            | Self::Placed => true,
            Self::Redirected { .. } | Self::Refused { .. } | Self::Withdrawn { .. } | Self::Closed => false,
        }
    }

    /// What police and public prosecutor may know: nothing beyond these five words.
    pub fn public_status(&self) -> PublicStatus {
        match self {
            Self::Draft | Self::Submitted | Self::Incomplete | Self::Registered => PublicStatus::Received,
            Self::Assessing | Self::Eligible | Self::NeedsReview | Self::NotEligible | Self::Matching => {
                PublicStatus::InProgress
            }
            Self::WaitingList => PublicStatus::Waiting,
            Self::Placed => PublicStatus::Placed,
            Self::Redirected { .. } | Self::Refused { .. } | Self::Withdrawn { .. } | Self::Closed => {
                PublicStatus::Closed
            }
        }
    }

    /// The state after `step`, or why the step is not possible.
    ///
    /// A decision from `eligible` or from the waiting list goes through `matching`; the state in between is not stored.
    #[expect(clippy::match_same_arms, reason = "one arm per arrow, so that each can be found")]
    pub fn after(self, step: Step) -> Result<Self, WrongState> {
        use ReferralState as S;
        let from = self.name();
        match (self, step) {
            (S::Draft | S::Incomplete | S::Registered, Step::Submit | Step::Resubmit) => Ok(S::Submitted),
            (S::Submitted, Step::Resubmit) => Ok(S::Submitted),
            (S::Draft | S::Submitted | S::Registered, Step::Register) => Ok(S::Registered),
            (S::Submitted, Step::AskForMore) => Ok(S::Incomplete),
            (S::Submitted, Step::Assess) => Ok(S::Assessing),
            (S::Submitted | S::Assessing, Step::Judge(judgement)) => Ok(judged(judgement)),
            (S::NeedsReview, Step::Judge(judgement)) => Ok(judged(judgement)),
            (S::Eligible | S::Matching | S::WaitingList, Step::Seek) => Ok(S::Matching),
            (S::Matching, Step::Place) => Ok(S::Placed),
            (S::Eligible | S::Matching | S::WaitingList, Step::Wait) => Ok(S::WaitingList),
            (S::NeedsReview | S::NotEligible, Step::Redirect(target)) => Ok(S::Redirected { target }),
            (S::Eligible | S::Matching | S::WaitingList, Step::Redirect(target)) => Ok(S::Redirected { target }),
            (S::NotEligible, Step::Refuse(reason)) => Ok(S::Refused { reason }),
            (S::Eligible | S::Matching | S::WaitingList, Step::Refuse(reason)) => Ok(S::Refused { reason }),
            (S::Placed, Step::FallThrough) => Ok(S::Matching),
            (S::Placed, Step::Close) => Ok(S::Closed),
            (S::Closed | S::Withdrawn { .. }, Step::Reopen) => Ok(S::Assessing),
            (open, Step::Withdraw(reason)) if open.is_open() => Ok(S::Withdrawn { reason }),
            (_, step) => Err(WrongState { from: from.into(), attempted: step.name().into() }),
        }
    }
}

fn judged(judgement: Judgement) -> ReferralState {
    match judgement {
        Judgement::Eligible => ReferralState::Eligible,
        Judgement::NeedsReview => ReferralState::NeedsReview,
        Judgement::NotEligible => ReferralState::NotEligible,
    }
}

impl Step {
    /// The step in plain words.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Submit => "submit",
            Self::Register => "register only",
            Self::Resubmit => "resubmit",
            Self::AskForMore => "ask the referrer for more",
            Self::Assess => "assess",
            Self::Judge(_) => "judge eligibility",
            Self::Seek => "seek a place",
            Self::Place => "place",
            Self::Wait => "put on the waiting list",
            Self::Redirect(_) => "redirect",
            Self::Refuse(_) => "refuse",
            Self::FallThrough => "seek another place",
            Self::Close => "close",
            Self::Withdraw(_) => "withdraw",
            Self::Reopen => "reopen",
        }
    }
}

/// The status of a case as police and public prosecutor see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PublicStatus {
    /// Received.
    Received,
    /// In progress.
    InProgress,
    /// Waiting for a place.
    Waiting,
    /// Placed.
    Placed,
    /// Closed, for whatever reason.
    Closed,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn states() -> Vec<ReferralState> {
        use ReferralState as S;
        vec![
            S::Draft,
            S::Submitted,
            S::Incomplete,
            S::Registered,
            S::Assessing,
            S::Eligible,
            S::NeedsReview,
            S::NotEligible,
            S::Matching,
            S::WaitingList,
            S::Placed,
            S::Redirected { target: TargetRoute::Nidos },
            S::Refused { reason: RefusalReason::NoMultiProblem },
            S::Withdrawn { reason: WithdrawalReason::ByVictim },
            S::Closed,
        ]
    }

    /// Every arrow of the lifecycle, and no other.
    #[test]
    fn a_referral_takes_the_documented_steps_and_no_other() {
        let redirect = Step::Redirect(TargetRoute::Nidos);
        let refuse = Step::Refuse(RefusalReason::NoMultiProblem);
        let withdraw = Step::Withdraw(WithdrawalReason::ByVictim);
        let allowed: Vec<(Step, Vec<&str>)> = vec![
            (Step::Submit, vec!["draft", "incomplete", "registered"]),
            (Step::Register, vec!["draft", "submitted", "registered"]),
            (Step::Resubmit, vec!["draft", "submitted", "incomplete", "registered"]),
            (Step::AskForMore, vec!["submitted"]),
            (Step::Assess, vec!["submitted"]),
            (Step::Judge(Judgement::Eligible), vec!["submitted", "assessing", "needs_review"]),
            (Step::Seek, vec!["eligible", "matching", "waiting_list"]),
            (Step::Place, vec!["matching"]),
            (Step::Wait, vec!["eligible", "matching", "waiting_list"]),
            (redirect, vec!["eligible", "needs_review", "not_eligible", "matching", "waiting_list"]),
            (refuse, vec!["eligible", "not_eligible", "matching", "waiting_list"]),
            (Step::FallThrough, vec!["placed"]),
            (Step::Close, vec!["placed"]),
            (Step::Reopen, vec!["withdrawn", "closed"]),
        ];
        for (step, from) in allowed {
            for state in states() {
                let name = state.name();
                assert_eq!(state.after(step.clone()).is_ok(), from.contains(&name), "{} from {name}", step.name());
            }
        }
        for state in states() {
            let open = state.is_open();
            assert_eq!(state.after(withdraw.clone()).is_ok(), open);
        }
    }

    #[test]
    fn a_state_and_its_name_are_written_alike() {
        for state in states() {
            assert_eq!(serde_json::to_value(&state).unwrap()["state"], state.name());
            assert_eq!(serde_json::to_value(state.kind()).unwrap(), state.name());
        }
    }

    #[test]
    fn police_and_prosecutor_cannot_tell_why_a_case_is_closed() {
        let closed = states().into_iter().filter(|s| s.public_status() == PublicStatus::Closed);
        assert_eq!(closed.map(|s| s.name()).collect::<Vec<_>>(), ["redirected", "refused", "withdrawn", "closed"]);
    }
}
