//! The referral: a request for one victim and the children who come along. A household is never split.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::consent::{Consent, RegistrationGround};
use super::facts::{Background, Circumstances};
use super::lifecycle::{ReferralState, Step, WrongState};
use super::vocabulary::{DossierType, ReferrerType, Tier, Urgency, YesNo};
use crate::domain::ids::{OrganisationCode, ReferralId};
use crate::domain::placement::refusal::MissingGround;

/// Who referred, and under which reference of their own.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Referrer {
    /// Kind of referrer.
    pub kind: ReferrerType,
    /// The organisation on whose behalf; own references are looked up within it.
    pub organisation: Option<OrganisationCode>,
    /// Police unit or region.
    pub region: Option<String>,
    /// Issuer of the identity that referred.
    pub issuer: String,
    /// The identity that referred.
    pub subject: String,
}

/// A number under which an organisation keeps the case: it may ask the status by it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CaseReference {
    /// Whose number it is.
    pub organisation: OrganisationCode,
    /// The number.
    pub reference: String,
}

/// How soon a place is needed, by facts with evidence.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Urgence {
    /// The tier.
    pub tier: Tier,
    /// On what facts it rests.
    pub evidence: String,
    /// Until when; a past moment asks for re-assessment and changes nothing by itself.
    pub expires_at: Option<DateTime<Utc>>,
}

/// One referral.
#[derive(Clone, PartialEq, Eq)]
pub struct Referral {
    /// Its id.
    pub id: ReferralId,
    /// Counts every change, from 1.
    pub version: i64,
    /// Where it stands.
    pub state: ReferralState,
    /// Since when it stands there.
    pub state_since: DateTime<Utc>,
    /// Since when its public status is what it is; hidden steps do not move it.
    pub status_since: DateTime<Utc>,
    /// When it came in; waiting time counts from here.
    pub received_at: DateTime<Utc>,
    /// What is asked for.
    pub dossier: DossierType,
    /// Who referred.
    pub referrer: Referrer,
    /// Numbers under which organisations keep the case, the referrer's own among them.
    pub references: Vec<CaseReference>,
    /// On what ground it is registered.
    pub ground: RegistrationGround,
    /// The victim's consent for a shelter request.
    pub consent: Consent,
    /// The tier, once set.
    pub urgence: Option<Urgence>,
    /// What the engine may read.
    pub circumstances: Circumstances,
    /// What it may never see.
    pub background: Background,
}

impl Referral {
    /// Takes a step of the lifecycle; nothing changes if the state does not allow it.
    pub fn step(&mut self, step: Step, at: DateTime<Utc>) -> Result<(), WrongState> {
        let next = self.state.clone().after(step)?;
        if next != self.state {
            if next.public_status() != self.state.public_status() {
                self.status_since = at;
            }
            self.state = next;
            self.state_since = at;
        }
        Ok(())
    }

    /// True if a place is asked for and consent is not refused or withdrawn; then it is more than a registration.
    pub fn asks_for_shelter(&self) -> bool {
        self.dossier == DossierType::RegistrationAndShelter
            && self.consent.given != Some(YesNo::No)
            && self.consent.withdrawn_at.is_none()
    }

    /// The tier that terms and order use: the one that was set, else by urgency (an assumption: crisis T1, planned T3).
    pub fn effective_tier(&self) -> Tier {
        match (&self.urgence, self.circumstances.urgency.known()) {
            (Some(urgence), _) => urgence.tier,
            (None, Some(Urgency::Crisis)) => Tier::T1,
            (None, Some(Urgency::Planned) | None) => Tier::T3,
        }
    }

    /// True if a place is needed now.
    pub fn is_crisis(&self) -> bool {
        self.circumstances.urgency.known() == Some(&Urgency::Crisis)
    }

    /// What is missing before the victim is registered on `day`: more than a draft is not kept without it.
    pub fn missing_registration_ground(&self, day: NaiveDate) -> Option<MissingGround> {
        self.ground.missing_for(self.referrer.kind, self.age_on(day))
    }

    fn age_on(&self, day: NaiveDate) -> Option<u8> {
        self.circumstances.birth.known().and_then(|birth| birth.age_on(day))
    }

    /// What is missing before a shelter is asked for at all on `day`, wherever it is; `None` when nothing is.
    pub fn missing_ground_anywhere(&self, day: NaiveDate) -> Option<MissingGround> {
        self.missing_ground(None, day).filter(|missing| *missing != MissingGround::OutsideScope)
    }

    /// What is missing before anything may reach a shelter in `city` on `day`; `None` when nothing is.
    pub fn missing_ground(&self, city: Option<&str>, day: NaiveDate) -> Option<MissingGround> {
        if self.missing_registration_ground(day) == Some(MissingGround::Withdrawn) {
            return Some(MissingGround::Withdrawn);
        }
        if self.dossier != DossierType::RegistrationAndShelter {
            return Some(MissingGround::NoShelterRequest);
        }
        self.consent.missing_for(city, self.age_on(day))
    }

    /// True if this caller, or its organisation, referred.
    pub fn is_referred_by(&self, issuer: &str, subject: &str, organisation: Option<&OrganisationCode>) -> bool {
        let same_person = self.referrer.issuer == issuer && self.referrer.subject == subject;
        let same_organisation = organisation.is_some() && self.referrer.organisation.as_ref() == organisation;
        same_person || same_organisation
    }

    /// Number of children who come along, as far as known.
    pub fn children(&self) -> usize {
        self.circumstances.children_along.known().map_or(0, Vec::len)
    }
}

/// What counts for a place on the waiting list, in this order: tier, waiting time, lottery.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WaitingRank {
    /// The tier; T0 first.
    pub tier: Tier,
    /// When the referral came in; earlier first.
    pub received_at: DateTime<Utc>,
    /// SHA-256 of policy hash and referral id, in hex; smaller first.
    pub lottery: String,
}
