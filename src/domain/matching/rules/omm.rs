//! R-OMM: multiple problems, and regular shelter is not enough. For OMM units only.

use super::{Case, Detail, of_person, word};
use crate::domain::{
    fact::Verdict,
    matching::{
        finding::{Addressee, ChangeStep, FactCode, Stated},
        multi_problem::regular_shelter_insufficient,
    },
};

/// Both halves, in Kleene's logic.
pub fn verdict(multi_problem: Verdict, regular_shelter_insufficient: Verdict) -> Verdict {
    multi_problem.and(regular_shelter_insufficient)
}

/// The explanation.
pub fn detail(case: &Case<'_>, verdict: Verdict) -> Detail {
    let facts = &case.view.circumstances;
    let regular = regular_shelter_insufficient(case.policy, facts);
    let mut open = case.multi.open_facts.clone();
    if regular == Verdict::Unknown {
        open.push(FactCode::RegularShelterInsufficient);
    }
    Detail {
        required: Stated::Codes(vec!["multi_problem".to_owned(), "regular_shelter_insufficient".to_owned()]),
        actual: Stated::Codes(vec![word(&case.multi.verdict), word(&regular)]),
        evidence: vec![
            of_person(FactCode::Lvb, &facts.lvb),
            of_person(FactCode::Ggz, &facts.ggz),
            of_person(FactCode::Addiction, &facts.addiction),
            of_person(FactCode::LifeDomains, &facts.life_domains),
            of_person(FactCode::RegularShelterInsufficient, &facts.regular_shelter_insufficient),
        ],
        ask: (verdict == Verdict::Unknown).then_some((Addressee::Assessor, open)),
        change: (verdict == Verdict::No).then_some(ChangeStep::RecordMultiProblem {
            problems: case.multi.verdict != Verdict::Yes,
            regular_shelter_insufficient: regular != Verdict::Yes,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{self, stated};
    use crate::domain::{
        catalogue::location::ProgrammeKind,
        fact::{
            Fact,
            Verdict::{No, Unknown, Yes},
        },
        matching::finding::RuleCode,
        referral::{needs::Lvb, vocabulary::YesNo},
    };

    #[test]
    fn both_halves_count_at_omm_units_only() {
        for (lvb, regular, want) in [
            (Some(Lvb::Diagnosed), Some(YesNo::Yes), Yes),
            (Some(Lvb::Diagnosed), Some(YesNo::No), No),
            (Some(Lvb::Diagnosed), None, Unknown),
            (Some(Lvb::None), Some(YesNo::Yes), No),
            (None, Some(YesNo::Yes), Unknown),
            (None, Some(YesNo::No), No),
        ] {
            let mut view = fixture::view();
            view.circumstances.lvb = lvb.map_or(Fact::UNKNOWN, stated);
            view.circumstances.regular_shelter_insufficient = regular.map_or(Fact::UNKNOWN, stated);
            let mut unit = fixture::unit();
            assert_eq!(fixture::verdict(RuleCode::Omm, &view, &unit), want, "{lvb:?} {regular:?}");
            unit.programme = ProgrammeKind::Cosm;
            assert_eq!(fixture::verdict(RuleCode::Omm, &view, &unit), Yes);
        }
    }
}
