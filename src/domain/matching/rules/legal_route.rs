//! R-ROUTE: the route table names the unit's own programme.

use super::{Case, Detail, of_catalogue, of_person, word};
use crate::domain::{
    catalogue::location::ProgrammeKind,
    fact::Verdict,
    matching::finding::{Addressee, ChangeStep, FactCode, Stated},
};

/// The explanation. What only law can change has no change here; what is unclear a coordinator settles.
pub fn detail(case: &Case<'_>, verdict: Verdict) -> Detail {
    let facts = &case.view.circumstances;
    let open = &case.route.open_facts;
    let ask = if open.iter().all(|fact| *fact == FactCode::RouteJudgement) {
        (Addressee::Coordinator, vec![FactCode::RouteJudgement])
    } else {
        (Addressee::Referrer, open.clone())
    };
    let mut leads_to = vec![word(&case.route.id), word(&case.route.target)];
    leads_to.extend(case.route.also.iter().map(word));
    Detail {
        required: Stated::Codes(vec![word(&case.unit.programme)]),
        actual: Stated::Codes(leads_to),
        evidence: vec![
            of_person(FactCode::ResidencePhase, &facts.residence_phase),
            of_person(FactCode::Birth, &facts.birth),
            of_person(FactCode::Jurisdiction, &facts.jurisdiction),
            of_person(FactCode::RouteJudgement, &facts.route_judgement),
            of_catalogue(FactCode::UnitProgramme, true),
        ],
        ask: (verdict == Verdict::Unknown).then_some(ask),
        change: (verdict == Verdict::Unknown && is_own_route(case.unit.programme))
            .then_some(ChangeStep::RecordRoute { programme: case.unit.programme }),
    }
}

fn is_own_route(programme: ProgrammeKind) -> bool {
    matches!(programme, ProgrammeKind::Omm | ProgrammeKind::Cosm | ProgrammeKind::Iszw)
}
