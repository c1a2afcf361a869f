//! R-VICTIM: a suspected victim is enough; a declaration to the police is not needed.

use super::{Case, Detail, of_person, stated};
use crate::domain::{
    fact::Verdict,
    matching::finding::{Addressee, ChangeStep, FactCode, Stated},
    referral::vocabulary::VictimStatus,
};

/// `no` only where the assessor recorded that there is no indication at all.
pub fn verdict(status: Option<VictimStatus>) -> Verdict {
    Verdict::of(status.map(|status| match status {
        VictimStatus::Suspected | VictimStatus::Established => true,
        VictimStatus::NoSign => false,
    }))
}

/// The explanation.
pub fn detail(case: &Case<'_>, verdict: Verdict) -> Detail {
    let status = &case.view.circumstances.victim_status;
    Detail {
        required: Stated::Codes(vec!["suspected".to_owned(), "established".to_owned()]),
        actual: stated(status.known()),
        evidence: vec![of_person(FactCode::VictimStatus, status)],
        ask: (verdict == Verdict::Unknown).then(|| (Addressee::Assessor, vec![FactCode::VictimStatus])),
        change: (verdict == Verdict::No).then_some(ChangeStep::RecordIndication),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Verdict::{No, Unknown, Yes};

    #[test]
    fn suspected_is_enough_and_only_a_recorded_no_sign_excludes() {
        use VictimStatus::{Established, NoSign, Suspected};
        for (status, want) in [(Some(Suspected), Yes), (Some(Established), Yes), (Some(NoSign), No), (None, Unknown)] {
            assert_eq!(verdict(status), want, "{status:?}");
        }
    }
}
