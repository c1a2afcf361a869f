//! What CoMensha decides. A decision has a human actor and a written reason; the engine changes no state.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::ids::{AssessmentId, DecisionId, PlacementId, ProposalId, ReferralId, ResultId};
use crate::domain::referral::lifecycle::Judgement;
use crate::domain::referral::reasons::{RefusalReason, TargetRoute};

/// Where a victim stays while the referral remains on the waiting list. Not a place of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TemporaryPlace {
    /// An emergency bed of the police.
    EmergencyBed,
    /// A place of the ACM.
    Acm,
    /// Elsewhere.
    Other,
}

/// What was decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// Placed on an accepted proposal.
    Placed {
        /// The proposal.
        #[serde(rename = "proposalId")]
        proposal_id: ProposalId,
        /// The placement that follows from it.
        #[serde(rename = "placementId")]
        placement_id: PlacementId,
    },
    /// On the waiting list.
    WaitingList,
    /// A temporary place, while the referral stays on the waiting list.
    TemporaryPlace {
        /// Where.
        place: TemporaryPlace,
        /// Until when it is available, if known.
        until: Option<DateTime<Utc>>,
    },
    /// Sent on to another route.
    Redirected {
        /// Which.
        target: TargetRoute,
    },
    /// Refused.
    Refused {
        /// Why.
        reason: RefusalReason,
    },
}

impl Outcome {
    /// The code of the outcome, as on the wire.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Placed { .. } => "placed",
            Self::WaitingList => "waiting_list",
            Self::TemporaryPlace { .. } => "temporary_place",
            Self::Redirected { .. } => "redirected",
            Self::Refused { .. } => "refused",
        }
    }
}

/// One decision.
#[derive(Clone, PartialEq, Eq)]
pub struct Decision {
    /// Its id.
    pub id: DecisionId,
    /// For whom.
    pub referral: ReferralId,
    /// What was decided.
    pub outcome: Outcome,
    /// The match that was recomputed at the moment of deciding, if one was.
    pub result: Option<ResultId>,
    /// The written reason.
    pub reason: String,
    /// The identity (issuer and subject) that decided.
    pub decided_by: String,
    /// When.
    pub decided_at: DateTime<Utc>,
}

/// CoMensha's recorded judgement whether a person is eligible.
#[derive(Clone, PartialEq, Eq)]
pub struct Assessment {
    /// Its id.
    pub id: AssessmentId,
    /// Of whom.
    pub referral: ReferralId,
    /// The judgement; `None` asks the referrer for more.
    pub judgement: Option<Judgement>,
    /// The written reason.
    pub reason: String,
    /// The identity (issuer and subject) that judged.
    pub assessed_by: String,
    /// When.
    pub assessed_at: DateTime<Utc>,
}
