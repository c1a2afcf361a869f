//! What the engine may see of a referral.
//!
//! Invariant: an attribute that may never influence a result (nationality, origin, referrer, declaration, who pays,
//! where the person was found …) is absent by type. Nothing in `matching` knows where those stand.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::{
    fact::{Fact, Source},
    ids::{ReferralId, UnitId},
    referral::{
        consent::SignedBy,
        facts::{Birth, Circumstances},
        vocabulary::Tier,
    },
};

/// One referral as the matching engine sees it. Stored with every result, so that the result can be replayed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReferralView {
    /// The referral; the lottery draws on it.
    pub id: ReferralId,
    /// Since when the referral waits.
    pub received_at: DateTime<Utc>,
    /// How soon a place is needed, as assessed; `None` is not assessed yet.
    pub tier: Option<Tier>,
    /// The facts of the household that may count.
    pub circumstances: Circumstances,
    /// The consent for the shelter request.
    pub consent: ConsentView,
    /// What the rules read of the linked referrals (a partner); one that is not listed is open.
    #[serde(default)]
    pub linked: Vec<LinkedView>,
    /// Units whose objection to this referral still stands: set aside, and shown.
    #[serde(default)]
    pub standing_objections: Vec<UnitId>,
}

/// What a rule reads of a linked referral: whether the unit admits that person's age.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LinkedView {
    /// The linked referral.
    pub id: ReferralId,
    /// Birth date or age of that victim.
    pub birth: Fact<Birth>,
}

/// The state of the consent for sharing with a shelter, with its evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConsentView {
    /// What is recorded.
    pub state: ConsentState,
    /// Who signed, if anybody did. Whether that was the right one depends on the age, and the engine looks at it.
    pub signed_by: Option<SignedBy>,
    /// Who recorded it.
    pub source: Option<Source>,
    /// Since when.
    pub as_of: Option<DateTime<Utc>>,
}

impl ConsentView {
    /// Nothing is recorded yet.
    pub const NOT_RECORDED: Self =
        Self { state: ConsentState::NotRecorded, signed_by: None, source: None, as_of: None };
}

/// What is recorded about the consent for a shelter request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConsentState {
    /// Given for a shelter request, covering this region and kind.
    Given,
    /// Refused, or absent on a completed form.
    Refused,
    /// Given, and withdrawn since.
    Withdrawn,
    /// Given, but not for this region or kind of shelter.
    OutOfScope,
    /// Not recorded yet.
    NotRecorded,
    /// Recorded, but it is not clear who signed.
    SignerUnclear,
}
