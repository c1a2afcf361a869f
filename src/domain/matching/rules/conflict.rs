//! R-CONFLICT: nobody with whom the person has a known conflict lives or is planned at the unit.

use std::collections::BTreeMap;

use super::{Case, Detail, of_person};
use crate::domain::{
    ids::{ReferralId, UnitId},
    matching::finding::{Addressee, ChangeStep, Evidence, FactCode, Stated},
};

/// The units where the people of recorded conflicts are; at each of these the rule fails. A conflict nobody recorded is
/// none.
pub fn stays(conflicts: &[ReferralId], whereabouts: &BTreeMap<ReferralId, Vec<UnitId>>) -> Vec<UnitId> {
    conflicts.iter().filter_map(|other| whereabouts.get(other)).flatten().copied().collect()
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
    use crate::domain::{
        fact::{
            Fact, Source,
            Verdict::{No, Unknown, Yes},
        },
        matching::{
            bits::RuleBit,
            finding::RuleCode,
            policy::CompiledPolicy,
            rules::fixture::{masks_of, now, snapshot, unit, view},
        },
    };
    use uuid::Uuid;

    #[test]
    fn a_conflict_counts_where_the_other_is() {
        let (ann, ben) = (ReferralId(Uuid::from_u128(1)), ReferralId(Uuid::from_u128(2)));
        let (here, there) = (unit().id, UnitId(Uuid::from_u128(4)));
        for (conflicts, places, want) in [
            (vec![], vec![], Yes),
            (vec![ann], vec![(ann, vec![there])], Yes),
            (vec![ann], vec![(ann, vec![])], Yes),
            (vec![ann], vec![(ann, vec![there, here])], No),
            (vec![ann], vec![(ben, vec![here])], Unknown),
            (vec![ann, ben], vec![(ben, vec![here])], No),
        ] {
            let mut snapshot = snapshot(vec![unit()]);
            snapshot.whereabouts = places.into_iter().collect();
            let mut view = view();
            view.circumstances.known_conflicts = Fact::stated(conflicts.clone(), Source::Assessor, now());
            let masks = masks_of(&CompiledPolicy::v1(), &view, &snapshot, now());
            let conflict = masks[0].verdict(RuleBit::of(RuleCode::Conflict));
            assert_eq!(conflict, want, "{conflicts:?} {:?}", snapshot.whereabouts);
        }
    }
}
