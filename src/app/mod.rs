//! One file = one operation: its command and one public function, used by API and terminal alike.
//!
//! Invariant: no operation writes without leaving an entry in the trail; a refusal of the field leaves one too.
//! `Desk` is all an operation needs.

pub mod adopt_policy;
pub mod amend_referral;
pub mod answer_proposal;
pub mod assess_referral;
pub mod cancel_proposal;
pub mod confirm_figures;
pub mod decide_placement;
pub mod explain_match;
pub mod import_catalogue;
pub mod match_referral;
pub(crate) mod matching_now;
pub mod policy_shelf;
pub mod propose_placement;
pub mod query_status;
pub mod read_capacity;
pub mod read_catalogue;
pub mod read_decisions;
pub mod read_match;
pub mod read_placement;
pub mod read_proposal;
pub mod read_referral;
pub mod read_trail;
pub mod read_waiting_list;
pub mod report_place;
pub mod report_stay;
pub mod send_proposal;
mod standing;
mod stop_sharing;
pub mod submit_referral;
pub mod withdraw_referral;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::clock::{Clock, Ids};
use crate::domain::advice::cards_file::AdviceCards;
use crate::domain::audit::{Actor, Event};
use crate::domain::matching::texts::Texts;
use crate::domain::once::Receipt;
use crate::domain::placement::refusal::Refusal;
use crate::domain::placement::terms::Terms;
use crate::store::{Recorded, Store, StoreError};

/// All an operation needs: where things are kept, what time it is, and the rules in force.
#[derive(Clone)]
pub struct Desk {
    /// Where things are kept.
    pub store: Store,
    /// What time it is.
    pub clock: Clock,
    /// Where new ids come from.
    pub ids: Ids,
    /// Terms of the desk.
    pub terms: Arc<Terms>,
    /// The texts of the explanations.
    pub texts: Arc<Texts>,
    /// The texts of the advice list.
    pub advice_cards: Arc<AdviceCards>,
    /// The policy in force.
    pub policies: Arc<policy_shelf::PolicyShelf>,
}

/// What an operation answers: it is done, or the desk refuses and says why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer<T> {
    /// Done, and in the trail.
    Done(T),
    /// Refused, nothing changed, and in the trail.
    Refused(Refusal),
}

/// Why an operation has no answer. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// There is no such thing, or not for this caller: the two cannot be told apart.
    #[error("not found")]
    NotFound,
    /// The store could not do it.
    #[error(transparent)]
    Store(StoreError),
    /// The same request was answered before; this is what it was told.
    #[error("answered before")]
    Answered(Box<Answer<Receipt>>),
    /// Its key came with another request before.
    #[error("the key was used for another request")]
    KeyReused,
    /// The same request is being worked on.
    #[error("the same request is being worked on")]
    InProgress,
    /// The stated purpose is not one of the caller's role.
    #[error("the purpose is not one of this role")]
    PurposeNotAllowed,
    /// The operation broke off; nothing was changed.
    #[error("the operation broke off")]
    Broken,
    /// No policy has been adopted, or the one adopted cannot be read.
    #[error("there is no policy in force")]
    NoPolicy,
}

impl Failure {
    /// True if it passes: the same call may succeed in a while.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Store(StoreError::Unavailable(_)))
    }

    /// Its kind in a word, for the log: never the words of the database, which may repeat what somebody typed.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::NoPolicy => "no_policy",
            Self::PurposeNotAllowed => "purpose_not_allowed",
            Self::Store(StoreError::NotRecorded) => "not_recorded",
            Self::Broken => "broken",
            Self::Store(StoreError::Unavailable(_)) => "unavailable",
            Self::Store(StoreError::Conflict(_)) => "conflict",
            Self::Store(StoreError::Corrupt(_)) => "corrupt",
            Self::Store(StoreError::Query(_)) => "query",
            Self::Answered(_) | Self::Store(StoreError::Answered(_)) => "answered",
            Self::KeyReused | Self::Store(StoreError::KeyReused) => "key_reused",
            Self::InProgress | Self::Store(StoreError::InProgress) => "in_progress",
        }
    }

    /// True if nothing can be recorded: then nothing is shown and nothing is done.
    pub fn is_unrecorded(&self) -> bool {
        matches!(self, Self::Store(StoreError::NotRecorded))
    }

    /// True if another change came in between.
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Store(StoreError::Conflict(_)))
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Answered(answer) => serde_json::from_str(&answer).map_or(Self::Broken, Self::Answered),
            StoreError::KeyReused => Self::KeyReused,
            StoreError::InProgress => Self::InProgress,
            StoreError::Unavailable(_)
            | StoreError::Conflict(_)
            | StoreError::Corrupt(_)
            | StoreError::Query(_)
            | StoreError::NotRecorded => Self::Store(error),
        }
    }
}

/// Done: the value, the event that goes into the trail with it, and the receipt that a repeat is given.
pub(crate) fn done<T>(value: T, event: Event) -> Result<Recorded<Answer<T>>, Failure>
where
    for<'v> Receipt: From<&'v T>,
{
    let receipt = Receipt::from(&value);
    Ok(Recorded::new(Answer::Done(value), event).answering(kept(&Answer::Done(receipt))?))
}

/// An answer as it is kept for a repeat.
fn kept(answer: &Answer<Receipt>) -> Result<String, Failure> {
    serde_json::to_string(answer).map_err(|_| Failure::Broken)
}

/// Refused: nothing has been changed, and the trail says what was refused and why. A repeat is refused too: who was told
/// no and went on must not find it done later by a copy that came late.
pub(crate) fn refused<T>(refusal: Refusal, event: Event) -> Result<Recorded<Answer<T>>, Failure> {
    let event = event.refused(refusal.problem()).reason(refusal.code()).status(refusal.status());
    let answer = kept(&Answer::Refused(refusal.clone()))?;
    Ok(Recorded::new(Answer::Refused(refusal), event).answering(answer))
}

/// The identity of a caller, as decisions keep it: issuer and subject, never an e-mail address.
pub(crate) fn identity(actor: &Actor) -> String {
    format!("{} {}", actor.issuer, actor.subject)
}

/// True if the caller is a program that acts for nobody: its token has itself as its subject.
pub(crate) fn is_program(actor: &Actor) -> bool {
    actor.subject == actor.client
}

impl Desk {
    /// Runs an operation in a task of its own, so that a caller who hangs up cannot cancel half of it.
    ///
    /// The task stays on the thread it was started on; without one that can keep it, the operation breaks off.
    pub async fn run<T, W, F>(&self, work: W) -> Result<T, Failure>
    where
        T: 'static,
        W: FnOnce(Self) -> F,
        F: Future<Output = Result<T, Failure>> + 'static,
    {
        tokio::task::spawn_local(work(self.clone())).await.unwrap_or(Err(Failure::Broken))
    }
}
