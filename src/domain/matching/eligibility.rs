//! Advice on eligibility: whether a person belongs to a programme where CoMensha places. The assessor decides.

use super::{
    finding::FactCode,
    multi_problem::{MultiProblem, regular_shelter_insufficient},
    policy::CompiledPolicy,
    result::{Eligibility, EligibilityAdvice},
    route::RouteAdvice,
    rules,
    view::ReferralView,
};
use crate::domain::{catalogue::location::ProgrammeKind, fact::Verdict};

/// Victim, route, and for OMM multiple problems: yes for one programme is eligible, no for all is not.
pub fn eligibility(
    policy: &CompiledPolicy,
    view: &ReferralView,
    route: &RouteAdvice,
    multi: &MultiProblem,
) -> Eligibility {
    let facts = &view.circumstances;
    let victim = rules::victim::verdict(facts.victim_status.known().copied());
    let regular = regular_shelter_insufficient(policy, facts);
    let multiple = rules::omm::verdict(multi.verdict, regular);
    let of = |programme| {
        let problems = if programme == ProgrammeKind::Omm { multiple } else { Verdict::Yes };
        victim.and(route.at(programme)).and(problems)
    };
    let own = [ProgrammeKind::Omm, ProgrammeKind::Cosm, ProgrammeKind::Iszw];
    let verdict = own.into_iter().map(of).fold(Verdict::No, Verdict::or);
    let mut open_facts = Vec::new();
    if verdict == Verdict::Unknown {
        if victim == Verdict::Unknown {
            open_facts.push(FactCode::VictimStatus);
        }
        open_facts.extend(&route.open_facts);
        if route.omm != Verdict::No && multiple == Verdict::Unknown {
            open_facts.extend(&multi.open_facts);
            if regular == Verdict::Unknown {
                open_facts.push(FactCode::RegularShelterInsufficient);
            }
        }
        open_facts.sort_unstable();
        open_facts.dedup();
    }
    Eligibility {
        advice: match verdict {
            Verdict::Yes => EligibilityAdvice::Eligible,
            Verdict::No => EligibilityAdvice::NotEligible,
            Verdict::Unknown => EligibilityAdvice::NeedsReview,
        },
        programmes: own.into_iter().filter(|programme| of(*programme) == Verdict::Yes).collect(),
        omm: of(ProgrammeKind::Omm),
        multi_problem: multi.verdict,
        open_facts,
        text_nl: String::new(),
        text_en: String::new(),
    }
}
