//! R-HOUSEHOLD: children and partner are admitted together; a household is never split.

use super::{Case, Detail, of_attribute, of_person, word};
use crate::domain::{
    catalogue::attribute::AttributeCode,
    fact::Verdict,
    matching::finding::{Addressee, ChangeStep, FactCode, Stated},
    referral::{facts::Circumstances, vocabulary::YesNo},
};

/// Who has to come along, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Along {
    /// Children?
    pub children: Verdict,
    /// A partner with a linked referral who wishes the same place?
    pub partner: Verdict,
}

/// Who has to come along. A partner exists only as a linked referral: none recorded is none.
pub fn along(facts: &Circumstances) -> Along {
    let linked = facts.linked_referrals.known().is_some_and(|linked| !linked.is_empty());
    Along {
        children: facts.children_along.holds(|children| !children.is_empty()),
        partner: if linked { facts.place_together.holds(|wish| *wish == YesNo::Yes) } else { Verdict::No },
    }
}

/// Nobody comes along, or the unit admits who does.
pub fn verdict(along: Along, admits_children: Verdict, admits_couples: Verdict) -> Verdict {
    along.children.not().or(admits_children).and(along.partner.not().or(admits_couples))
}

/// The explanation.
pub fn detail(case: &Case<'_>, verdict: Verdict) -> Detail {
    let facts = &case.view.circumstances;
    let along = along(facts);
    let admits = |code| case.unit.attributes.get(code).effective();
    let (children, couples) = (admits(AttributeCode::Children), admits(AttributeCode::Couples));
    let mut open = Vec::new();
    let mut ask = Addressee::Shelter;
    for (who, attribute, person_fact, unit_fact) in [
        (along.children, children, FactCode::ChildrenAlong, FactCode::UnitChildren),
        (along.partner, couples, FactCode::PlaceTogether, FactCode::UnitCouples),
    ] {
        if who.not().or(attribute) != Verdict::Unknown {
            continue;
        }
        if who == Verdict::Unknown {
            open.push(person_fact);
            ask = Addressee::Referrer;
        } else {
            open.push(unit_fact);
        }
    }
    Detail {
        required: Stated::Codes(vec![word(&along.children), word(&along.partner)]),
        actual: Stated::Codes(vec![word(&children), word(&couples)]),
        evidence: vec![
            of_person(FactCode::ChildrenAlong, &facts.children_along),
            of_person(FactCode::PlaceTogether, &facts.place_together),
            of_attribute(FactCode::UnitChildren, case.unit, AttributeCode::Children),
            of_attribute(FactCode::UnitCouples, case.unit, AttributeCode::Couples),
        ],
        ask: (!open.is_empty()).then_some((ask, open)),
        change: (verdict == Verdict::No).then_some(ChangeStep::AdmitHousehold {
            children: along.children.not().or(children) == Verdict::No,
            partner: along.partner.not().or(couples) == Verdict::No,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Verdict::{No, Unknown, Yes};

    #[test]
    fn a_household_is_admitted_whole_or_asked_for() {
        for (children, partner, admits_children, admits_couples, want) in [
            (No, No, Unknown, Unknown, Yes),
            (Yes, No, Yes, Unknown, Yes),
            (Yes, No, No, Unknown, No),
            (Yes, No, Unknown, Unknown, Unknown),
            (Unknown, No, Unknown, Unknown, Unknown),
            (Unknown, No, Yes, Unknown, Yes),
            (Yes, Yes, Yes, No, No),
            (Yes, Yes, Yes, Unknown, Unknown),
            (No, Unknown, Unknown, No, Unknown),
        ] {
            let found = verdict(Along { children, partner }, admits_children, admits_couples);
            assert_eq!(found, want, "{children:?} {partner:?} {admits_children:?} {admits_couples:?}");
        }
    }
}
