//! The multi-problem test: the first half of R-OMM, and what the route asks.
//!
//! Enough clear indicators, or two mild ones, or serious problems in enough life domains. A need is not a fault: this
//! test opens a door and never closes one by itself.

use super::{finding::FactCode, policy::CompiledPolicy};
use crate::domain::{
    fact::Verdict,
    referral::{
        facts::Circumstances,
        needs::{Addiction, Ggz, Lvb},
        vocabulary::YesNo,
    },
};

/// The outcome of the test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MultiProblem {
    /// Serious problems in several areas?
    pub verdict: Verdict,
    /// If unknown: what is open, sorted.
    pub open_facts: Vec<FactCode>,
}

enum Indicator {
    Absent,
    Mild,
    Clear,
    Unknown,
}

/// Looks at indicators and life domains.
pub fn multi_problem(policy: &CompiledPolicy, facts: &Circumstances) -> MultiProblem {
    let test = &policy.multi_problem;
    let read = |name: Option<&str>| match name {
        None => Indicator::Unknown,
        Some("") => Indicator::Absent,
        Some(name) if test.is_mild(name) => Indicator::Mild,
        Some(_) => Indicator::Clear,
    };
    let indicators = [
        (FactCode::Lvb, read(facts.lvb.known().map(|value| lvb_name(*value)))),
        (FactCode::Ggz, read(facts.ggz.known().map(|value| ggz_name(*value)))),
        (FactCode::Addiction, read(facts.addiction.known().map(|value| addiction_name(*value)))),
    ];
    let count = |wanted: fn(&Indicator) -> bool| indicators.iter().filter(|(_, found)| wanted(found)).count();
    let (clear, mild) = (count(|it| matches!(it, Indicator::Clear)), count(|it| matches!(it, Indicator::Mild)));
    let unknown = count(|it| matches!(it, Indicator::Unknown));
    let enough = |clear: usize, mild: usize| clear >= usize::from(test.indicators_min) || mild >= 2;
    let by_indicators = if enough(clear, mild) {
        Verdict::Yes
    } else if unknown > 0 {
        // What is unknown may turn out clear or mild, and one mild alone leaves it open anyway.
        let may = enough(clear + unknown, mild) || enough(clear, mild + unknown) || mild + unknown > 0;
        if may { Verdict::Unknown } else { Verdict::No }
    } else if mild == 1 && clear == 0 {
        test.one_mild_only
    } else {
        Verdict::No
    };
    let by_domains = facts.life_domains.holds(|domains| {
        let mut distinct = domains.clone();
        distinct.sort_unstable();
        distinct.dedup();
        distinct.len() >= usize::from(test.life_domains_min)
    });
    let verdict = by_indicators.or(by_domains);
    let mut open_facts = Vec::new();
    if verdict == Verdict::Unknown {
        open_facts
            .extend(indicators.iter().filter(|(_, found)| matches!(found, Indicator::Unknown)).map(|(fact, _)| *fact));
        if by_domains == Verdict::Unknown {
            open_facts.push(FactCode::LifeDomains);
        }
        if open_facts.is_empty() {
            // All is known, and it is one mild indicator: the assessor has to look at that one.
            open_facts
                .extend(indicators.iter().filter(|(_, found)| matches!(found, Indicator::Mild)).map(|(fact, _)| *fact));
        }
        open_facts.sort_unstable();
    }
    MultiProblem { verdict, open_facts }
}

/// Is regular shelter insufficient, as far as the policy asks?
pub fn regular_shelter_insufficient(policy: &CompiledPolicy, facts: &Circumstances) -> Verdict {
    if policy.multi_problem.regular_insufficient {
        facts.regular_shelter_insufficient.holds(|answer| *answer == YesNo::Yes)
    } else {
        Verdict::Yes
    }
}

fn lvb_name(value: Lvb) -> &'static str {
    match value {
        Lvb::None => "",
        Lvb::Suspected => "lvb.suspected",
        Lvb::Diagnosed => "lvb.diagnosed",
    }
}

fn ggz_name(value: Ggz) -> &'static str {
    match value {
        Ggz::None => "",
        Ggz::Complaints => "ggz.complaints",
        Ggz::Diagnosis => "ggz.diagnosis",
        Ggz::AcuteClinical => "ggz.acute_clinical",
    }
}

fn addiction_name(value: Addiction) -> &'static str {
    match value {
        Addiction::None => "",
        Addiction::History => "addiction.history",
        Addiction::Active => "addiction.active",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        fact::{Fact, Source},
        referral::needs::LifeDomain,
    };
    use Verdict::{No, Unknown, Yes};
    use chrono::DateTime;

    fn fact<T>(value: Option<T>) -> Fact<T> {
        value.map_or(Fact::UNKNOWN, |value| Fact::stated(value, Source::Referrer, DateTime::UNIX_EPOCH))
    }

    #[test]
    fn indicators_and_life_domains_open_the_door() {
        use LifeDomain::{Housing, Money};
        for (lvb, ggz, addiction, domains, want) in [
            (Some(Lvb::Diagnosed), None, None, None, Yes),
            (None, None, Some(Addiction::History), None, Yes),
            (Some(Lvb::Suspected), Some(Ggz::Complaints), None, None, Yes),
            (Some(Lvb::None), Some(Ggz::None), Some(Addiction::None), Some(vec![Housing, Money]), Yes),
            (Some(Lvb::None), Some(Ggz::None), Some(Addiction::None), Some(vec![Housing, Housing]), No),
            (Some(Lvb::None), Some(Ggz::None), Some(Addiction::None), Some(vec![]), No),
            (Some(Lvb::Suspected), Some(Ggz::None), Some(Addiction::None), Some(vec![Money]), Unknown),
            (Some(Lvb::None), Some(Ggz::None), Some(Addiction::None), None, Unknown),
            (Some(Lvb::None), Some(Ggz::None), None, Some(vec![]), Unknown),
            (None, None, None, None, Unknown),
        ] {
            let facts = Circumstances {
                lvb: fact(lvb),
                ggz: fact(ggz),
                addiction: fact(addiction),
                life_domains: fact(domains.clone()),
                ..Circumstances::default()
            };
            let found = multi_problem(&CompiledPolicy::v1(), &facts);
            assert_eq!(found.verdict, want, "{lvb:?} {ggz:?} {addiction:?} {domains:?}");
            assert_eq!(found.open_facts.is_empty(), want != Unknown);
        }
    }
}
