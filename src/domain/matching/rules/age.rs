//! R-AGE: victim and partner inside the documented ages of the unit on the start day. A bound that is only a
//! conclusion does not bind; whether people under 18 are admitted is an attribute of its own. See `timing`.

use super::{Case, Detail, household::along, of_attribute, of_person};
use crate::domain::{
    catalogue::attribute::AttributeCode,
    fact::Verdict,
    matching::{
        columns::{Ages, ages_of},
        finding::{Addressee, ChangeStep, Evidence, FactCode, Stated},
    },
};

/// The explanation.
pub fn detail(case: &Case<'_>, verdict: Verdict) -> Detail {
    let unit = ages_of(case.unit);
    let horizon = case.policy.horizon_days();
    // The change is sought on the days a start is possible: from the day with beds, or on the last day if none has.
    let first = match case.timing.beds {
        Verdict::Yes => case.timing.start.unwrap_or(0),
        Verdict::No | Verdict::Unknown => horizon,
    };
    let day = case.ages.nearest_day(unit, first, horizon);
    let (youngest, oldest) = case.ages.on(day);
    let known = youngest <= oldest;
    let minors = youngest < 18 && unit.minors != Verdict::Yes;
    let mut facts = open_ages(case);
    if verdict == Verdict::Unknown {
        facts.extend(open_at_unit(case, unit, horizon));
    }
    let whom = if facts.iter().all(|fact| fact.is_about_unit()) { Addressee::Shelter } else { Addressee::Referrer };
    Detail {
        required: Stated::Ages {
            from: (unit.min > 0).then_some(unit.min),
            up_to: (unit.max < u8::MAX).then_some(unit.max),
        },
        actual: if known { Stated::Ages { from: Some(youngest), up_to: Some(oldest) } } else { Stated::NotStated },
        evidence: evidence(case),
        ask: (!facts.is_empty()).then_some((whom, facts)),
        change: (verdict == Verdict::No).then_some(ChangeStep::AdmitAges {
            from: (youngest < unit.min).then_some(youngest),
            up_to: (oldest > unit.max).then_some(oldest),
            minors,
        }),
    }
}

/// What is open about the unit: whether it admits minors, and the start where the ages are right on some days only.
fn open_at_unit(case: &Case<'_>, unit: Ages, horizon: u16) -> Vec<FactCode> {
    let mut facts = Vec::new();
    let days = || case.timing.start.unwrap_or(0)..=horizon;
    let minor = |day: u16| case.ages.on(day).0 < 18 && case.ages.inside(unit, day);
    // Whoever has to fit is a minor: somebody is, or the bounds let nobody else in.
    let needs_minors = days().any(minor) || (case.ages.open && unit.max < 18);
    let fits_without = days().any(|day| case.ages.fits(unit, day) == Verdict::Yes);
    if unit.minors == Verdict::Unknown && needs_minors && !fits_without {
        facts.push(FactCode::UnitMinors);
    }
    if case.timing.beds == Verdict::Unknown && !case.ages.inside(unit, horizon) {
        // What R-BEDS asks, because the start is the day on which there are beds.
        let detail = super::beds::detail(case, Verdict::Unknown);
        facts.extend(detail.ask.into_iter().flat_map(|(_, asked)| asked));
    }
    facts
}

/// The open facts about who has to fit.
fn open_ages(case: &Case<'_>) -> Vec<FactCode> {
    let mut facts = Vec::new();
    if case.view.circumstances.birth.known().is_none() {
        facts.push(FactCode::Birth);
    }
    match along(&case.view.circumstances).partner {
        Verdict::Unknown => facts.push(FactCode::PlaceTogether),
        Verdict::Yes => {
            let linked = case.view.circumstances.linked_referrals.known().into_iter().flatten();
            let known = |id| case.view.linked.iter().any(|one| one.id == id && one.birth.known().is_some());
            if linked.copied().any(|id| !known(id)) {
                facts.push(FactCode::LinkedBirth);
            }
        }
        Verdict::No => {}
    }
    facts
}

fn evidence(case: &Case<'_>) -> Vec<Evidence> {
    let mut evidence = vec![of_person(FactCode::Birth, &case.view.circumstances.birth)];
    evidence.extend(case.view.linked.iter().map(|one| of_person(FactCode::LinkedBirth, &one.birth)));
    let inferred = [case.unit.age_min, case.unit.age_max].into_iter().flatten().any(|bound| bound.inferred);
    let documented = case.unit.age_min.is_some() || case.unit.age_max.is_some();
    evidence.push(Evidence { inferred, ..super::of_catalogue(FactCode::UnitAges, documented) });
    evidence.push(of_attribute(FactCode::UnitMinors, case.unit, AttributeCode::Minors));
    evidence
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{self, attribute, stated};
    use super::*;
    use crate::domain::{
        fact::Fact,
        matching::{finding::RuleCode, snapshot::AgeBound},
        referral::facts::Birth,
    };
    use Verdict::{No, Unknown, Yes};

    const fn bound(years: u8, inferred: bool) -> AgeBound {
        AgeBound { years, inferred }
    }

    #[test]
    fn only_a_documented_bound_binds() {
        for (age, min, max, minors, want) in [
            (Some(18), Some(bound(18, false)), None, No, Yes),
            (Some(24), None, Some(bound(23, false)), Yes, No),
            (Some(24), None, Some(bound(23, true)), Yes, Yes),
            (Some(17), Some(bound(18, false)), None, Yes, No),
            (Some(17), Some(bound(18, true)), None, Yes, Yes),
            (Some(17), Some(bound(18, true)), None, Unknown, Unknown),
            (Some(17), Some(bound(18, true)), None, No, No),
            (None, Some(bound(18, false)), None, No, Unknown),
        ] {
            let mut view = fixture::view();
            view.circumstances.birth = age.map_or(Fact::UNKNOWN, |years| stated(Birth::Years(years)));
            let mut unit = fixture::unit();
            (unit.age_min, unit.age_max) = (min, max);
            attribute(&mut unit, AttributeCode::Minors, minors);
            assert_eq!(fixture::verdict(RuleCode::Age, &view, &unit), want, "{age:?} {min:?} {max:?} {minors:?}");
        }
    }
}
