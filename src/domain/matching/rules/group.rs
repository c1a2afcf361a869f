//! R-GROUP: a unit that keeps one fixed group takes nobody of another.

use super::{Case, Detail, of_catalogue, of_person};
use crate::domain::{
    fact::Verdict,
    matching::{
        columns::{GROUP_ANY, GROUP_OPEN},
        finding::{Addressee, ChangeStep, FactCode, Stated},
        snapshot::ResidentGroup,
    },
};

/// Groups as numbers of the snapshot; `None` is a person whose group is open.
pub fn verdict(person: Option<u16>, unit: u16) -> Verdict {
    match unit {
        GROUP_ANY => Verdict::Yes,
        GROUP_OPEN => Verdict::Unknown,
        group => Verdict::of(person.map(|person| person == group)),
    }
}

/// The explanation.
pub fn detail(case: &Case<'_>, verdict: Verdict) -> Detail {
    let person = &case.view.circumstances.group;
    let mut open = Vec::new();
    if person.known().is_none() {
        open.push(FactCode::Group);
    }
    let unit_is_open = case.unit.group == ResidentGroup::Open;
    if unit_is_open {
        open.push(FactCode::UnitGroup);
    }
    let whom = if unit_is_open { Addressee::Shelter } else { Addressee::Referrer };
    let group = |name: Option<&String>| name.map_or(Stated::NotStated, |name| Stated::Codes(vec![name.clone()]));
    Detail {
        required: match &case.unit.group {
            ResidentGroup::Of(name) => group(Some(name)),
            ResidentGroup::Mixed | ResidentGroup::Empty | ResidentGroup::Open => Stated::NotStated,
        },
        actual: group(person.known()),
        evidence: vec![of_person(FactCode::Group, person), of_catalogue(FactCode::UnitGroup, !unit_is_open)],
        ask: (verdict == Verdict::Unknown).then_some((whom, open)),
        change: match person.known() {
            Some(name) if verdict == Verdict::No => Some(ChangeStep::AdmitGroup { group: name.clone() }),
            Some(_) | None => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{self, stated};
    use super::*;
    use crate::domain::{fact::Fact, matching::finding::RuleCode};
    use Verdict::{No, Unknown, Yes};

    #[test]
    fn a_fixed_group_is_not_mixed() {
        let of = |name: &str| ResidentGroup::Of(name.to_owned());
        for (person, group, want) in [
            (None, ResidentGroup::Mixed, Yes),
            (None, ResidentGroup::Empty, Yes),
            (Some("young women"), of("Young women"), Yes),
            (Some("men"), of("young women"), No),
            (None, of("young women"), Unknown),
            (Some("men"), ResidentGroup::Open, Unknown),
        ] {
            let mut view = fixture::view();
            view.circumstances.group = person.map_or(Fact::UNKNOWN, |name| stated(name.to_owned()));
            let mut unit = fixture::unit();
            unit.group = group.clone();
            assert_eq!(fixture::verdict(RuleCode::Group, &view, &unit), want, "{person:?} {group:?}");
        }
    }
}
