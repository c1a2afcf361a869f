//! R-CONFLICT: nobody with whom the person has a known conflict lives or is planned at the unit.

use std::collections::BTreeMap;

use super::{Case, Detail, of_person};
use crate::domain::{
    fact::Verdict,
    ids::{ReferralId, UnitId},
    matching::finding::{Addressee, ChangeStep, Evidence, FactCode, Stated},
};

/// Where the people of recorded conflicts are. A conflict nobody recorded is none.
pub fn verdict(conflicts: &[ReferralId], whereabouts: &BTreeMap<ReferralId, Vec<UnitId>>, unit: UnitId) -> Verdict {
    let apart = |other: &ReferralId| Verdict::of(whereabouts.get(other).map(|units| !units.contains(&unit)));
    conflicts.iter().map(apart).fold(Verdict::Yes, Verdict::and)
}

/// The explanation. Outside CoMensha a conflict reads "not possible now".
pub fn detail(case: &Case<'_>) -> Detail {
    let stated = &case.view.circumstances.known_conflicts;
    let conflicts = stated.known().map_or(&[][..], Vec::as_slice);
    let places = &case.snapshot.whereabouts;
    let here: Vec<ReferralId> = conflicts
        .iter()
        .filter(|other| places.get(other).is_some_and(|units| units.contains(&case.unit.id)))
        .copied()
        .collect();
    let open = conflicts.iter().any(|other| !places.contains_key(other));
    let count = |number: usize| Stated::Count(u32::try_from(number).unwrap_or(u32::MAX));
    Detail {
        required: count(0),
        actual: if here.is_empty() { Stated::NotStated } else { count(here.len()) },
        evidence: vec![
            of_person(FactCode::KnownConflicts, stated),
            Evidence { fact: FactCode::Whereabouts, source: None, as_of: Some(case.snapshot.at), inferred: false },
        ],
        ask: open.then(|| (Addressee::Coordinator, vec![FactCode::Whereabouts])),
        change: (!here.is_empty()).then_some(ChangeStep::ConflictLeaves { referrals: here }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Verdict::{No, Unknown, Yes};
    use uuid::Uuid;

    #[test]
    fn a_conflict_counts_where_the_other_is() {
        let (ann, ben) = (ReferralId(Uuid::from_u128(1)), ReferralId(Uuid::from_u128(2)));
        let (here, there) = (UnitId(Uuid::from_u128(3)), UnitId(Uuid::from_u128(4)));
        for (conflicts, places, want) in [
            (vec![], vec![], Yes),
            (vec![ann], vec![(ann, vec![there])], Yes),
            (vec![ann], vec![(ann, vec![])], Yes),
            (vec![ann], vec![(ann, vec![there, here])], No),
            (vec![ann], vec![(ben, vec![here])], Unknown),
            (vec![ann, ben], vec![(ben, vec![here])], No),
        ] {
            let places: BTreeMap<_, _> = places.into_iter().collect();
            assert_eq!(verdict(&conflicts, &places, here), want, "{conflicts:?} {places:?}");
        }
    }
}
