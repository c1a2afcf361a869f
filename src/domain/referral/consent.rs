//! The grounds of a referral: on what it is registered, and whether it may be shared with a shelter.
//!
//! Invariant: for sharing, unknown counts as not given. Source: CoMensha on consent and the AVG; domain notes in `docs/`.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::vocabulary::{LegalBasis, YesNo};

/// On what ground the victim is registered.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RegistrationGround {
    /// The ground.
    pub basis: LegalBasis,
    /// Explanation, needed for `other`.
    pub explanation: Option<String>,
}

/// Who signed a consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SignedBy {
    /// The victim.
    #[serde(rename = "self")]
    Victim,
    /// A parent.
    Parent,
    /// A guardian.
    Guardian,
}

/// The victim's consent for a shelter request: the only ground on which anything reaches a shelter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Consent {
    /// Given, refused, or `None`: not recorded yet.
    pub given: Option<YesNo>,
    /// The day it was given or refused.
    pub date: Option<NaiveDate>,
    /// In writing?
    pub written: Option<YesNo>,
    /// Who signed.
    pub signed_by: Option<SignedBy>,
    /// Cities it is limited to; empty is no limit.
    #[serde(default)]
    pub cities: Vec<String>,
    /// When it was withdrawn.
    pub withdrawn_at: Option<DateTime<Utc>>,
}
