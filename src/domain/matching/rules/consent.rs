//! R-CONSENT: the victim agrees that a shelter is asked. From 16 the victim signs, below 16 a parent or guardian.

use chrono::NaiveDate;

use super::{Case, Detail, word};
use crate::domain::{
    fact::Verdict,
    matching::{
        finding::{Addressee, ChangeStep, Evidence, FactCode, Stated},
        policy::CompiledPolicy,
        view::{ConsentState, ConsentView},
    },
    referral::{consent::SignedBy, facts::Birth},
};

/// `unknown` while nothing is recorded or the signer is not clear.
pub fn verdict(policy: &CompiledPolicy, consent: &ConsentView, birth: Option<&Birth>, today: NaiveDate) -> Verdict {
    match consent.state {
        ConsentState::Refused | ConsentState::Withdrawn | ConsentState::OutOfScope => Verdict::No,
        ConsentState::NotRecorded | ConsentState::SignerUnclear => Verdict::Unknown,
        ConsentState::Given => {
            // A parent who signed rightly at the time has signed, even if the victim has turned 16 since.
            let signed_on = consent.as_of.map_or(today, |at| policy.day(at));
            let own = birth.and_then(|birth| birth.age_on(signed_on)).map(|age| age >= policy.self_from_age());
            match (own, consent.signed_by) {
                (Some(true), Some(SignedBy::Victim)) | (Some(false), Some(SignedBy::Parent | SignedBy::Guardian)) => {
                    Verdict::Yes
                }
                (Some(true), Some(SignedBy::Parent | SignedBy::Guardian) | None)
                | (Some(false), Some(SignedBy::Victim) | None)
                | (None, _) => Verdict::Unknown,
            }
        }
    }
}

/// The explanation.
pub fn detail(case: &Case<'_>, verdict: Verdict) -> Detail {
    let consent = &case.view.consent;
    let birth = &case.view.circumstances.birth;
    let open = if birth.known().is_none() { vec![FactCode::Birth, FactCode::Consent] } else { vec![FactCode::Consent] };
    let mut actual = vec![word(&consent.state)];
    actual.extend(consent.signed_by.as_ref().map(word));
    Detail {
        required: Stated::Codes(vec![word(&ConsentState::Given)]),
        actual: Stated::Codes(actual),
        evidence: vec![
            Evidence { fact: FactCode::Consent, source: consent.source, as_of: consent.as_of, inferred: false },
            super::of_person(FactCode::Birth, birth),
        ],
        ask: match verdict {
            Verdict::Unknown => Some((Addressee::Referrer, open)),
            // Who has to sign depends on the age, so a new consent alone would leave the rule open.
            Verdict::No if birth.known().is_none() => Some((Addressee::Referrer, vec![FactCode::Birth])),
            Verdict::No | Verdict::Yes => None,
        },
        change: (verdict == Verdict::No).then_some(ChangeStep::GiveConsent),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;
    use Verdict::{No, Unknown, Yes};

    #[test]
    fn consent_counts_if_the_right_person_gave_it() {
        use ConsentState::{Given, NotRecorded, OutOfScope, Refused, SignerUnclear, Withdrawn};
        use SignedBy::{Guardian, Parent, Victim};
        for (state, signed_by, age, want) in [
            (Given, Some(Victim), Some(16), Yes),
            (Given, Some(Victim), Some(15), Unknown),
            (Given, Some(Parent), Some(15), Yes),
            (Given, Some(Guardian), Some(15), Yes),
            (Given, Some(Parent), Some(16), Unknown),
            (Given, Some(Victim), None, Unknown),
            (Given, None, Some(30), Unknown),
            (Refused, Some(Victim), Some(30), No),
            (Withdrawn, Some(Victim), Some(30), No),
            (OutOfScope, Some(Victim), Some(30), No),
            (NotRecorded, None, Some(30), Unknown),
            (SignerUnclear, None, Some(30), Unknown),
        ] {
            let consent = ConsentView { state, signed_by, source: None, as_of: None };
            let birth = age.map(Birth::Years);
            let found = verdict(&CompiledPolicy::v1(), &consent, birth.as_ref(), fixture::today());
            assert_eq!(found, want, "{state:?} {signed_by:?} {age:?}");
        }
    }
}
