//! What callers see of a referral: one view type per audience, never a large one with hidden fields.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::query_status::CaseStatus;
use crate::app::read_referral::{ReferralLine, Seen};
use crate::domain::fact::{Fact, Source};
use crate::domain::ids::ReferralId;
use crate::domain::referral::consent::Consent;
use crate::domain::referral::facts::{Background, Circumstances};
use crate::domain::referral::lifecycle::{PublicStatus, ReferralState};
use crate::domain::referral::request::{CaseReference, Referral};
use crate::domain::referral::vocabulary::{DossierType, LegalBasis, ReferrerType, Tier};

/// Whom police and public prosecutor call about a case.
const CONTACT_DESK: &str = "CoMensha helpdesk";

/// A list of referrals.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReferralList {
    /// The referrals, newest first.
    pub referrals: Vec<ReferralLineView>,
}

/// One line of a list: no facts.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReferralLineView {
    /// Its id.
    id: ReferralId,
    /// Where it stands.
    #[serde(flatten)]
    state: ReferralState,
    /// Since when.
    state_since: DateTime<Utc>,
    /// When it came in.
    received_at: DateTime<Utc>,
}

impl ReferralLineView {
    /// The line of a referral.
    pub fn of(line: ReferralLine) -> Self {
        Self { id: line.id, state: line.state, state_since: line.state_since, received_at: line.received_at }
    }
}

/// A referral as this caller may see it.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub enum SeenView {
    /// CoMensha.
    Full(Box<ReferralView>),
    /// The referrer.
    AsSent(Box<SentReferralView>),
    /// A shelter it was proposed to.
    IntakeReport(Box<IntakeReportView>),
    /// Police and public prosecutor.
    Status(StatusView),
}

impl SeenView {
    /// The view that goes with what may be seen.
    pub fn of(seen: Seen) -> Self {
        match seen {
            Seen::Full(referral) => Self::Full(Box::new(ReferralView::of(*referral))),
            Seen::AsSent(referral) => Self::AsSent(Box::new(SentReferralView::of(*referral))),
            Seen::IntakeReport(referral) => Self::IntakeReport(Box::new(IntakeReportView::of(*referral))),
            Seen::Status(status) => Self::Status(StatusView::of(status)),
        }
    }
}

/// The full referral, for CoMensha.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReferralView {
    id: ReferralId,
    version: i64,
    /// Where it stands.
    lifecycle: ReferralState,
    state_since: DateTime<Utc>,
    received_at: DateTime<Utc>,
    dossier_type: DossierType,
    referrer_type: ReferrerType,
    referrer_region: Option<String>,
    /// Numbers under which organisations keep the case.
    references: Vec<CaseReference>,
    legal_basis: LegalBasis,
    legal_basis_explanation: Option<String>,
    /// The victim's consent to be registered, where that is the ground.
    registration_consent: Option<Consent>,
    /// The victim's consent for a shelter request.
    consent: Consent,
    /// The tier that order and terms use.
    tier: Tier,
    /// On what facts the tier rests, if it was set.
    tier_evidence: Option<String>,
    /// What the matching engine may read.
    facts: Circumstances,
    /// What it never sees.
    background: Background,
}

impl ReferralView {
    fn of(referral: Referral) -> Self {
        Self {
            id: referral.id,
            version: referral.version,
            state_since: referral.state_since,
            received_at: referral.received_at,
            dossier_type: referral.dossier,
            referrer_type: referral.referrer.kind,
            tier: referral.effective_tier(),
            referrer_region: referral.referrer.region,
            references: referral.references,
            legal_basis: referral.ground.basis,
            legal_basis_explanation: referral.ground.explanation,
            registration_consent: referral.ground.consent,
            consent: referral.consent,
            tier_evidence: referral.urgence.map(|urgence| urgence.evidence),
            facts: referral.circumstances,
            background: referral.background,
            lifecycle: referral.state,
        }
    }
}

/// A referral as its referrer sent it, with its status.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SentReferralView {
    id: ReferralId,
    status: PublicStatus,
    status_changed_at: DateTime<Utc>,
    /// True while the referrer can still complete it.
    can_be_completed: bool,
    received_at: DateTime<Utc>,
    dossier_type: DossierType,
    references: Vec<CaseReference>,
    /// Only what the referrer stated.
    facts: Circumstances,
}

impl SentReferralView {
    fn of(referral: Referral) -> Self {
        let own = referral.referrer.organisation.clone();
        Self {
            id: referral.id,
            status: referral.state.public_status(),
            status_changed_at: referral.status_since,
            can_be_completed: matches!(referral.state, ReferralState::Draft | ReferralState::Incomplete),
            received_at: referral.received_at,
            dossier_type: referral.dossier,
            references: referral
                .references
                .into_iter()
                .filter(|known| Some(&known.organisation) == own.as_ref())
                .collect(),
            facts: referral.circumstances.only_from(Source::Referrer),
        }
    }
}

/// The intake report (aanmeldverslag): what a shelter needs to judge a proposal and to receive the victim.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IntakeReportView {
    id: ReferralId,
    /// The facts; who is in conflict with whom is not among them.
    facts: Circumstances,
    /// Health, as little as possible.
    medical: Option<String>,
    /// Medication, as little as possible.
    medication: Option<String>,
    /// Care received before.
    care_history: Option<String>,
    /// What the victim wants, in own words.
    own_wish: Option<String>,
    /// Wishes about housing, in own words.
    housing_preference: Option<String>,
    /// Languages spoken.
    languages: Option<Vec<String>>,
}

impl IntakeReportView {
    fn of(referral: Referral) -> Self {
        let facts = Circumstances {
            known_conflicts: Fact::UNKNOWN,
            linked_referrals: Fact::UNKNOWN,
            route_judgement: Fact::UNKNOWN,
            ..referral.circumstances
        };
        Self {
            id: referral.id,
            facts,
            medical: referral.background.medical,
            medication: referral.background.medication,
            care_history: referral.background.care_history,
            own_wish: referral.background.own_wish,
            housing_preference: referral.background.housing_preference,
            languages: referral.background.languages,
        }
    }
}

/// The status of a case. It says no more: no city, shelter, care, children or reasons.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatusView {
    status: PublicStatus,
    status_changed_at: DateTime<Utc>,
    contact_desk: &'static str,
}

impl StatusView {
    /// The view of a status.
    pub fn of(status: CaseStatus) -> Self {
        Self { status: status.status, status_changed_at: status.since, contact_desk: CONTACT_DESK }
    }
}
