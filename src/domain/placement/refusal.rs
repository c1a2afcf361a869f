//! Why the desk does not do what was asked. A refusal is an outcome: it changes nothing and leaves an entry in the trail.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::ids::ProposalId;
use crate::domain::referral::lifecycle::WrongState;

/// A refusal of the field, with what a person needs to go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Refusal {
    /// The lifecycle does not allow the step.
    #[error(transparent)]
    WrongState(#[from] WrongState),
    /// Nothing may reach a shelter without the victim's consent.
    #[error("there is no valid consent for a shelter request: {0}")]
    GroundMissing(MissingGround),
    /// Nothing beyond a draft is kept without a ground for the registration.
    #[error("there is no valid ground for the registration: {0}")]
    RegistrationGroundMissing(MissingGround),
    /// The places went, or would go, to someone else.
    #[error("the unit has {free} free places, {needed} are needed")]
    PlaceTaken {
        /// Places this household needs.
        needed: u16,
        /// Places that are free for it.
        free: u16,
    },
    /// The hold of the proposal has lapsed.
    #[error("the hold ended at {0}")]
    HoldExpired(DateTime<Utc>),
    /// The referral has a live proposal already.
    #[error("proposal {0} is still open")]
    ProposalOpen(ProposalId),
    /// The unit is not one CoMensha may place this referral in.
    #[error("the unit is not a candidate in this match")]
    NotACandidate,
    /// The match is not the latest of this referral.
    #[error("a newer match exists; look at it first")]
    MatchSuperseded,
    /// Rules are still open for the unit.
    #[error("questions are still open: {}", .0.join(", "))]
    QuestionsOpen(Vec<String>),
    /// A rule excludes the unit and cannot be set aside.
    #[error("excluded by a rule that cannot be set aside: {}", .0.join(", "))]
    RuleNotDispensable(Vec<String>),
    /// Another unit than the first rank needs a reason code.
    #[error("a unit other than the first rank needs a departure reason")]
    DepartureReasonMissing,
    /// Since the proposal the verdict on the unit has changed.
    #[error("the verdict on the unit has changed: {}", .0.join(", "))]
    VerdictChanged(Vec<String>),
    /// Deciding against a rule takes somebody else than the one who proposed.
    #[error("deciding against a rule takes a second person")]
    SecondPersonRequired,
    /// Only a person decides.
    #[error("only a person can decide, not a program")]
    PersonRequired,
    /// The place has a resident whom this service placed; an exit is reported there.
    #[error("the place is taken by a placement of this service")]
    PlaceHasResident,
}

/// What is missing before anything may reach a shelter, or before a victim may be registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum MissingGround {
    /// Consent is not recorded yet.
    #[error("it is not recorded yet")]
    NotRecorded,
    /// Consent was refused.
    #[error("it was refused")]
    Refused,
    /// Consent was withdrawn.
    #[error("it was withdrawn")]
    Withdrawn,
    /// The signer is not the one who must sign (from 16 the victim, below 16 a parent or guardian).
    #[error("it is not clear that the right person signed")]
    SignerUnclear,
    /// The consent does not cover this city.
    #[error("it does not cover this city")]
    OutsideScope,
    /// The dossier holds no shelter request.
    #[error("no shelter is asked for")]
    NoShelterRequest,
    /// A registration asks for consent in writing.
    #[error("it was not given in writing")]
    NotWritten,
    /// The ground is one of other referrers: police data by police, the parallel decree by investigation services.
    #[error("it is not open to this referrer")]
    NotForThisReferrer,
    /// Another ground counts with its explanation only.
    #[error("it is not explained")]
    Unexplained,
}

impl MissingGround {
    /// The code, as on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotRecorded => "not_recorded",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
            Self::SignerUnclear => "signer_unclear",
            Self::OutsideScope => "outside_scope",
            Self::NoShelterRequest => "no_shelter_request",
            Self::NotWritten => "not_written",
            Self::NotForThisReferrer => "not_for_this_referrer",
            Self::Unexplained => "unexplained",
        }
    }
}

impl Refusal {
    /// The slug of the problem type, as in the contract and in the trail.
    pub fn problem(&self) -> &'static str {
        match self {
            Self::GroundMissing(_) | Self::RegistrationGroundMissing(_) => "ground-missing",
            Self::PlaceTaken { .. } => "place-taken",
            Self::HoldExpired(_) => "hold-expired",
            Self::SecondPersonRequired => "second-person-required",
            Self::PersonRequired => "operation-not-allowed",
            Self::WrongState(_)
            | Self::ProposalOpen(_)
            | Self::NotACandidate
            | Self::MatchSuperseded
            | Self::QuestionsOpen(_)
            | Self::RuleNotDispensable(_)
            | Self::DepartureReasonMissing
            | Self::VerdictChanged(_)
            | Self::PlaceHasResident => "state-conflict",
        }
    }

    /// The code of the reason, as in the trail.
    pub fn code(&self) -> &'static str {
        match self {
            Self::WrongState(_) => "wrong_state",
            Self::GroundMissing(_) => "ground_missing",
            Self::RegistrationGroundMissing(_) => "registration_ground_missing",
            Self::PlaceTaken { .. } => "place_taken",
            Self::HoldExpired(_) => "hold_expired",
            Self::ProposalOpen(_) => "proposal_open",
            Self::NotACandidate => "not_a_candidate",
            Self::MatchSuperseded => "match_superseded",
            Self::QuestionsOpen(_) => "questions_open",
            Self::RuleNotDispensable(_) => "rule_not_dispensable",
            Self::DepartureReasonMissing => "departure_reason_missing",
            Self::VerdictChanged(_) => "verdict_changed",
            Self::SecondPersonRequired => "second_person_required",
            Self::PersonRequired => "person_required",
            Self::PlaceHasResident => "place_has_resident",
        }
    }

    /// The HTTP status that goes with it.
    pub fn status(&self) -> u16 {
        match self {
            Self::SecondPersonRequired | Self::PersonRequired => 403,
            Self::WrongState(_)
            | Self::GroundMissing(_)
            | Self::RegistrationGroundMissing(_)
            | Self::PlaceTaken { .. }
            | Self::HoldExpired(_)
            | Self::ProposalOpen(_)
            | Self::NotACandidate
            | Self::MatchSuperseded
            | Self::QuestionsOpen(_)
            | Self::RuleNotDispensable(_)
            | Self::DepartureReasonMissing
            | Self::VerdictChanged(_)
            | Self::PlaceHasResident => 409,
        }
    }
}
