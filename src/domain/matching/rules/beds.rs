//! R-BEDS: enough free places for the whole household on a day of the horizon, on confirmed ends. See `timing`.

use chrono::Days;

use super::{Case, Detail, of_figures, of_person};
use crate::domain::{
    catalogue::availability::Outlook,
    fact::Verdict,
    matching::{
        columns::capacity_of,
        finding::{Addressee, ChangeStep, FactCode, Stated},
        timing::FreePlaces,
    },
};

/// The explanation.
pub fn detail(case: &Case<'_>, verdict: Verdict) -> Detail {
    let unit = case.unit;
    let children = &case.view.circumstances.children_along;
    let counts = unit.children_count_as_place.unwrap_or(case.policy.children_count_as_place());
    let capacity = capacity_of(unit.capacity);
    let mut open = Vec::new();
    if counts && children.known().is_none() {
        open.push(FactCode::ChildrenAlong);
    }
    if capacity.is_none() {
        open.push(FactCode::UnitPlaces);
    }
    if case.timing.expected.is_some() {
        open.push(FactCode::UnitEnds);
    }
    let whom = if open == [FactCode::ChildrenAlong] { Addressee::Referrer } else { Addressee::Shelter };
    let horizon = case.policy.horizon_days();
    let outlook = Outlook::of(&unit.ends, case.today, horizon);
    let free = capacity.map(|capacity| FreePlaces { today: i32::from(capacity.free), steps: outlook.steps() });
    let lacking = free.map_or(0, |free| i32::from(case.beds) - free.on(horizon));
    let change = if verdict == Verdict::No {
        let by = case.today.checked_add_days(Days::new(u64::from(horizon))).unwrap_or(case.today);
        Some(ChangeStep::MoreBeds { beds: u16::try_from(lacking).unwrap_or(0), by })
    } else {
        None
    };
    Detail {
        required: Stated::Count(u32::from(case.beds)),
        actual: capacity.map_or(Stated::NotStated, |capacity| Stated::Count(u32::from(capacity.free))),
        evidence: vec![
            of_figures(FactCode::UnitPlaces, unit),
            of_figures(FactCode::UnitEnds, unit),
            of_person(FactCode::ChildrenAlong, children),
        ],
        ask: (!open.is_empty()).then_some((whom, open)),
        change,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{self, stated};
    use super::*;
    use crate::domain::{
        catalogue::availability::{AnnouncedEnd, EndCertainty},
        fact::Fact,
        matching::{finding::RuleCode, snapshot::PlaceCount},
        referral::facts::Child,
    };
    use Verdict::{No, Unknown, Yes};

    const CHILD: Child = Child { age: None, gender: None, custody: None };

    #[test]
    fn places_are_counted_for_the_whole_household() {
        let end = |certainty| vec![AnnouncedEnd { on: fixture::today() + Days::new(5), certainty, places: 1 }];
        for (occupied, children, counts, ends, want) in [
            (Some(3), Some(vec![]), true, vec![], Yes),
            (Some(4), Some(vec![]), true, vec![], No),
            (Some(4), Some(vec![]), true, end(EndCertainty::Confirmed), Yes),
            (Some(4), Some(vec![]), true, end(EndCertainty::Expected), Unknown),
            (Some(3), Some(vec![CHILD, CHILD]), true, vec![], No),
            (Some(3), Some(vec![CHILD, CHILD]), false, vec![], Yes),
            (Some(3), None, true, vec![], Unknown),
            (Some(3), None, false, vec![], Yes),
            (Some(4), None, true, vec![], No),
            (Some(5), Some(vec![]), true, vec![], Unknown),
            (None, Some(vec![]), true, vec![], Unknown),
        ] {
            let mut view = fixture::view();
            view.circumstances.children_along = children.clone().map_or(Fact::UNKNOWN, stated);
            let mut unit = fixture::unit();
            unit.children_count_as_place = Some(counts);
            unit.ends = ends;
            unit.capacity =
                occupied.map(|occupied| PlaceCount { total: 4, assumed: false, occupied, held: 0, out_of_use: 0 });
            let label = format!("{occupied:?} {children:?} {counts} {:?}", unit.ends);
            assert_eq!(fixture::verdict(RuleCode::Beds, &view, &unit), want, "{label}");
        }
    }
}
