//! R-OPEN: the unit takes people in, and its figures are fresh.

use chrono::{DateTime, Utc};

use super::{Case, Detail, hours_between, of_figures, word};
use crate::domain::{
    fact::Verdict,
    matching::{
        finding::{Addressee, ChangeStep, FactCode, Stated},
        policy::CompiledPolicy,
        snapshot::UnitState,
    },
};

/// Closed is a no; figures older than the limit for the kind of unit, or never confirmed, are open.
pub fn verdict(policy: &CompiledPolicy, unit: &UnitState, now: DateTime<Utc>) -> Verdict {
    if unit.closed.is_some() { Verdict::No } else { fresh(policy, unit, now) }
}

fn fresh(policy: &CompiledPolicy, unit: &UnitState, now: DateTime<Utc>) -> Verdict {
    let limit = policy.stale_after_hours(unit.kind) * 3600;
    match unit.figures_as_of {
        Some(at) if now.signed_duration_since(at).num_seconds() <= limit => Verdict::Yes,
        Some(_) | None => Verdict::Unknown,
    }
}

/// The explanation.
pub fn detail(case: &Case<'_>, verdict: Verdict) -> Detail {
    let unit = case.unit;
    let limit = u32::try_from(case.policy.stale_after_hours(unit.kind)).unwrap_or(0);
    let age = unit.figures_as_of.map(|at| hours_between(at, case.now));
    let actual = match (&unit.closed, age) {
        (Some(closure), _) => Stated::Codes(vec![word(&closure.reason)]),
        (None, Some(hours)) => Stated::Count(u32::try_from(hours).unwrap_or(0)),
        (None, None) => Stated::NotStated,
    };
    Detail {
        required: Stated::Count(limit),
        actual,
        evidence: vec![of_figures(FactCode::UnitIntake, unit), of_figures(FactCode::UnitFigures, unit)],
        ask: (fresh(case.policy, unit, case.now) != Verdict::Yes)
            .then(|| (Addressee::Shelter, vec![FactCode::UnitFigures])),
        change: (verdict == Verdict::No).then_some(ChangeStep::OpenIntake),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;
    use crate::domain::{
        catalogue::location::UnitKind,
        matching::{
            finding::RuleCode,
            snapshot::{Closure, ClosureReason},
        },
    };
    use Verdict::{No, Unknown, Yes};
    use chrono::TimeDelta;

    #[test]
    fn closed_is_no_and_stale_is_open() {
        let stop = |reason| Some(Closure { reason, until: None });
        for (closed, kind, hours, want) in [
            (None, UnitKind::Crisis, Some(24), Yes),
            (None, UnitKind::Crisis, Some(25), Unknown),
            (None, UnitKind::MoveOn, Some(168), Yes),
            (None, UnitKind::MoveOn, Some(169), Unknown),
            (None, UnitKind::Unspecified, None, Unknown),
            (stop(ClosureReason::IntakeStop), UnitKind::Crisis, Some(1), No),
            (stop(ClosureReason::Quarantine), UnitKind::Crisis, Some(99), No),
        ] {
            let mut unit = fixture::unit();
            (unit.closed, unit.kind) = (closed, kind);
            unit.figures_as_of = hours.map(|hours| fixture::now() - TimeDelta::hours(hours));
            assert_eq!(fixture::verdict(RuleCode::Open, &fixture::view(), &unit), want, "{closed:?} {hours:?}");
        }
    }
}
