//! R-KIND: a crisis referral needs a unit that may take people in at once. That a unit is meant for moving on does not
//! say that it refuses.

use super::{Case, Detail, of_catalogue, of_person, stated, word};
use crate::domain::{
    catalogue::location::UnitKind,
    fact::Verdict,
    matching::finding::{Addressee, ChangeStep, FactCode, Stated},
    referral::vocabulary::Urgency,
};

/// `crisis_at_move_on` is a switch of the policy.
pub fn verdict(urgency: Option<Urgency>, kind: UnitKind, crisis_at_move_on: Verdict) -> Verdict {
    match (urgency, kind) {
        (Some(Urgency::Planned), _) | (_, UnitKind::Crisis | UnitKind::Unspecified) => Verdict::Yes,
        (Some(Urgency::Crisis), UnitKind::MoveOn) => crisis_at_move_on,
        (None, UnitKind::MoveOn) => Verdict::Unknown,
    }
}

/// The explanation.
pub fn detail(case: &Case<'_>, verdict: Verdict) -> Detail {
    let urgency = &case.view.circumstances.urgency;
    let ask = if urgency.known().is_none() {
        (Addressee::Referrer, vec![FactCode::Urgency])
    } else {
        (Addressee::Shelter, vec![FactCode::UnitKind])
    };
    Detail {
        required: stated(urgency.known()),
        actual: Stated::Codes(vec![word(&case.unit.kind)]),
        evidence: vec![
            of_person(FactCode::Urgency, urgency),
            of_catalogue(FactCode::UnitKind, case.unit.kind != UnitKind::Unspecified),
        ],
        ask: (verdict == Verdict::Unknown).then_some(ask),
        change: (verdict == Verdict::No).then_some(ChangeStep::AdmitCrisis),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Verdict::{No, Unknown, Yes};

    #[test]
    fn a_crisis_asks_at_a_move_on_unit_and_is_never_turned_away_by_default() {
        use Urgency::{Crisis, Planned};
        for (urgency, kind, switch, want) in [
            (Some(Planned), UnitKind::Crisis, Unknown, Yes),
            (Some(Planned), UnitKind::MoveOn, No, Yes),
            (Some(Crisis), UnitKind::Crisis, Unknown, Yes),
            (Some(Crisis), UnitKind::Unspecified, No, Yes),
            (Some(Crisis), UnitKind::MoveOn, Unknown, Unknown),
            (Some(Crisis), UnitKind::MoveOn, No, No),
            (None, UnitKind::MoveOn, No, Unknown),
            (None, UnitKind::Crisis, No, Yes),
        ] {
            assert_eq!(verdict(urgency, kind, switch), want, "{urgency:?} {kind:?} {switch:?}");
        }
    }
}
