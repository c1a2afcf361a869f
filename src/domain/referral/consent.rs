//! The grounds of a referral: on what it is registered, and whether it may be shared with a shelter.
//!
//! Invariant: for sharing, unknown counts as not given. Source: CoMensha on consent and the AVG; domain notes in `docs/`.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::vocabulary::{LegalBasis, ReferrerType, YesNo};
use crate::domain::placement::refusal::MissingGround;

/// On what ground the victim is registered.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RegistrationGround {
    /// The ground.
    pub basis: LegalBasis,
    /// Explanation, needed for `other`.
    pub explanation: Option<String>,
    /// The victim's consent to be registered: another one than the consent for a shelter request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<Consent>,
}

impl RegistrationGround {
    /// What is missing before a victim whom this kind of referrer reports is registered; `None` when nothing is.
    ///
    /// Police, military police and Labour Authority register under a decree, all others with prior written consent or
    /// another ground that they explain. `age` is the victim's age if known.
    pub fn missing_for(&self, referrer: ReferrerType, age: Option<u8>) -> Option<MissingGround> {
        let is_open = match self.basis {
            LegalBasis::Bpg42 => matches!(referrer, ReferrerType::Police | ReferrerType::Kmar),
            LegalBasis::SpecialInvestigation => referrer == ReferrerType::Nla,
            LegalBasis::Other => return self.explanation.is_none().then_some(MissingGround::Unexplained),
            LegalBasis::Consent => {
                let Some(consent) = &self.consent else { return Some(MissingGround::NotRecorded) };
                let is_written = consent.written == Some(YesNo::Yes);
                return consent.missing(age).or((!is_written).then_some(MissingGround::NotWritten));
            }
        };
        (!is_open).then_some(MissingGround::NotForThisReferrer)
    }
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

/// A consent of the victim. That for a shelter request is the only ground on which anything reaches a shelter.
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

/// From this age the victim signs; below it a parent or guardian. Source: the Dutch youth knowledge centre (KJP).
pub const SIGNS_FROM_AGE: u8 = 16;

impl Consent {
    /// What is missing before anything may reach a shelter in `city`; `None` when nothing is.
    ///
    /// `age` is the victim's age if known. Unknown counts as not given.
    pub fn missing_for(&self, city: Option<&str>, age: Option<u8>) -> Option<MissingGround> {
        if let Some(missing) = self.missing(age) {
            return Some(missing);
        }
        let covered = self.cities.is_empty()
            || city.is_some_and(|city| self.cities.iter().any(|listed| listed.eq_ignore_ascii_case(city)));
        (!covered).then_some(MissingGround::OutsideScope)
    }

    /// What is missing whatever it is needed for: that it was given by the right person, and stands.
    fn missing(&self, age: Option<u8>) -> Option<MissingGround> {
        if self.withdrawn_at.is_some() {
            return Some(MissingGround::Withdrawn);
        }
        match self.given {
            None => return Some(MissingGround::NotRecorded),
            Some(YesNo::No) => return Some(MissingGround::Refused),
            Some(YesNo::Yes) => {}
        }
        (!self.signer_fits(age)).then_some(MissingGround::SignerUnclear)
    }

    /// From 16 the victim signs, below 16 a parent or guardian; an unknown age or signer is not clear.
    pub fn signer_fits(&self, age: Option<u8>) -> bool {
        match (age, self.signed_by) {
            (Some(age), Some(SignedBy::Victim)) => age >= SIGNS_FROM_AGE,
            (Some(age), Some(SignedBy::Parent | SignedBy::Guardian)) => age < SIGNS_FROM_AGE,
            (None, Some(_)) | (_, None) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(signed_by: SignedBy) -> Consent {
        Consent { given: Some(YesNo::Yes), signed_by: Some(signed_by), ..Consent::default() }
    }

    #[test]
    fn unknown_counts_as_not_given_when_something_is_shared() {
        assert_eq!(Consent::default().missing_for(None, Some(30)), Some(MissingGround::NotRecorded));
    }

    #[test]
    fn from_sixteen_the_victim_signs_and_below_a_parent_or_guardian() {
        let cases = [
            (SignedBy::Victim, Some(16), None),
            (SignedBy::Victim, Some(15), Some(MissingGround::SignerUnclear)),
            (SignedBy::Guardian, Some(15), None),
            (SignedBy::Parent, Some(16), Some(MissingGround::SignerUnclear)),
            (SignedBy::Victim, None, Some(MissingGround::SignerUnclear)),
        ];
        for (signer, age, missing) in cases {
            assert_eq!(given(signer).missing_for(None, age), missing, "{signer:?} at {age:?}");
        }
    }

    #[test]
    fn each_referrer_registers_on_a_ground_that_is_open_to_it() {
        use LegalBasis::{Bpg42, Consent as ByConsent, Other, SpecialInvestigation};
        use ReferrerType::{Kmar, Lawyer, Nla, Police};
        let written = Consent { written: Some(YesNo::Yes), ..given(SignedBy::Victim) };
        let withdrawn = Consent { withdrawn_at: "2026-03-02T12:00:00Z".parse().ok(), ..written.clone() };
        let cases = [
            (Bpg42, None, Police, None),
            (Bpg42, None, Kmar, None),
            (Bpg42, None, Nla, Some(MissingGround::NotForThisReferrer)),
            (Bpg42, None, Lawyer, Some(MissingGround::NotForThisReferrer)),
            (SpecialInvestigation, None, Nla, None),
            (SpecialInvestigation, None, Police, Some(MissingGround::NotForThisReferrer)),
            (Other, None, Lawyer, Some(MissingGround::Unexplained)),
            (ByConsent, None, Lawyer, Some(MissingGround::NotRecorded)),
            (ByConsent, Some(given(SignedBy::Victim)), Lawyer, Some(MissingGround::NotWritten)),
            (ByConsent, Some(given(SignedBy::Guardian)), Lawyer, Some(MissingGround::SignerUnclear)),
            (ByConsent, Some(written), Lawyer, None),
            (ByConsent, Some(withdrawn), Lawyer, Some(MissingGround::Withdrawn)),
        ];
        for (basis, consent, referrer, missing) in cases {
            let ground = RegistrationGround { basis, explanation: None, consent };
            assert_eq!(ground.missing_for(referrer, Some(30)), missing, "{basis:?} by {referrer:?}");
        }
    }

    #[test]
    fn a_withdrawn_or_limited_consent_does_not_cover_every_city() {
        let limited = Consent { cities: vec!["Zwolle".into()], ..given(SignedBy::Victim) };
        assert_eq!(limited.missing_for(Some("Zwolle"), Some(30)), None);
        assert_eq!(limited.missing_for(Some("Almere"), Some(30)), Some(MissingGround::OutsideScope));
        let withdrawn = Consent { withdrawn_at: "2026-03-02T12:00:00Z".parse().ok(), ..limited };
        assert_eq!(withdrawn.missing_for(Some("Zwolle"), Some(30)), Some(MissingGround::Withdrawn));
    }
}
