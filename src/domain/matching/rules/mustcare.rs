//! R-MUSTCARE: care without which a place is no option can be reached from the unit.

use super::{Case, Detail, of_catalogue, of_person, stated_all};
use crate::domain::{
    fact::Verdict,
    matching::finding::{Addressee, ChangeStep, FactCode},
    referral::needs::MustHaveCare,
};

/// What one unit offers of each needed kind; none needed is met.
pub fn verdict(needed: impl Iterator<Item = Verdict>) -> Verdict {
    needed.fold(Verdict::Yes, Verdict::and)
}

/// The explanation.
pub fn detail(case: &Case<'_>) -> Detail {
    let stated = &case.view.circumstances.must_have_care;
    let needed = stated.known().map_or(&[][..], Vec::as_slice);
    let offer = |care: &MustHaveCare| case.unit.care.get(care).copied().unwrap_or_default();
    let with = |wanted| needed.iter().filter(|care| offer(care) == wanted).copied().collect::<Vec<_>>();
    let (missing, open) = (with(Verdict::No), with(Verdict::Unknown));
    Detail {
        required: stated_all(needed),
        actual: stated_all(&with(Verdict::Yes)),
        evidence: vec![
            of_person(FactCode::MustHaveCare, stated),
            of_catalogue(FactCode::UnitCare, !case.unit.care.is_empty()),
        ],
        ask: (!open.is_empty()).then(|| (Addressee::Shelter, vec![FactCode::UnitCare])),
        change: (!missing.is_empty()).then_some(ChangeStep::ProvideCare { care: missing }),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{self, stated};
    use crate::domain::{
        fact::Verdict::{No, Unknown, Yes},
        matching::finding::RuleCode,
        referral::needs::MustHaveCare::{Detox, Medical24h},
    };

    #[test]
    fn needed_care_has_to_be_reachable() {
        for (needed, offer, want) in [
            (vec![], vec![(Detox, No)], Yes),
            (vec![Detox], vec![(Detox, Yes)], Yes),
            (vec![Detox], vec![(Detox, No)], No),
            (vec![Detox], vec![], Unknown),
            (vec![Detox, Medical24h], vec![(Detox, Yes)], Unknown),
            (vec![Detox, Medical24h], vec![(Medical24h, No)], No),
        ] {
            let mut view = fixture::view();
            view.circumstances.must_have_care = stated(needed.clone());
            let mut unit = fixture::unit();
            unit.care = offer.iter().copied().collect();
            assert_eq!(fixture::verdict(RuleCode::Mustcare, &view, &unit), want, "{needed:?} {offer:?}");
        }
    }
}
