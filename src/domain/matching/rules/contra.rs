//! R-CONTRA: no documented contra-indication of the unit applies. Without a list on file none does.

use super::{Case, Detail, of_catalogue, of_person, stated_all};
use crate::domain::{
    fact::Verdict,
    matching::{
        finding::{Addressee, ChangeStep, FactCode},
        snapshot::Contraindication,
    },
    referral::{
        facts::Circumstances,
        needs::{Addiction, Ggz, Lvb, Mobility, Recency},
    },
};

/// Does this contra-indication apply to the person?
pub fn applies(facts: &Circumstances, contraindication: Contraindication) -> Verdict {
    match contraindication {
        Contraindication::AnyAddiction => facts.addiction.holds(|value| *value != Addiction::None),
        Contraindication::ActiveAddiction => facts.addiction.holds(|value| *value == Addiction::Active),
        Contraindication::GgzDiagnosis => facts.ggz.holds(|value| matches!(value, Ggz::Diagnosis | Ggz::AcuteClinical)),
        Contraindication::GgzAcuteClinical => facts.ggz.holds(|value| *value == Ggz::AcuteClinical),
        Contraindication::LvbDiagnosed => facts.lvb.holds(|value| *value == Lvb::Diagnosed),
        Contraindication::AggressionPresent => facts.aggression.holds(|value| *value == Recency::Present),
        Contraindication::AggressionEver => facts.aggression.holds(|value| *value != Recency::None),
        Contraindication::SuicidalityPresent => facts.suicidality.holds(|value| *value == Recency::Present),
        Contraindication::DailyCare => facts.mobility.holds(|value| *value == Mobility::DailyCare),
    }
}

/// The fact that a contra-indication reads.
fn reads(contraindication: Contraindication) -> FactCode {
    match contraindication {
        Contraindication::AnyAddiction | Contraindication::ActiveAddiction => FactCode::Addiction,
        Contraindication::GgzDiagnosis | Contraindication::GgzAcuteClinical => FactCode::Ggz,
        Contraindication::LvbDiagnosed => FactCode::Lvb,
        Contraindication::AggressionPresent | Contraindication::AggressionEver => FactCode::Aggression,
        Contraindication::SuicidalityPresent => FactCode::Suicidality,
        Contraindication::DailyCare => FactCode::Mobility,
    }
}

/// Listed contra-indications against those that apply and those that may, all as bits.
pub fn verdict(listed: u16, applying: u16, open: u16) -> Verdict {
    if listed & applying != 0 {
        Verdict::No
    } else if listed & open != 0 {
        Verdict::Unknown
    } else {
        Verdict::Yes
    }
}

/// The explanation.
pub fn detail(case: &Case<'_>) -> Detail {
    let facts = &case.view.circumstances;
    let with = |wanted| {
        let listed = case.unit.contraindications.iter().copied();
        listed.filter(|one| applies(facts, *one) == wanted).collect::<Vec<_>>()
    };
    let (applying, open) = (with(Verdict::Yes), with(Verdict::Unknown));
    let ask = (!open.is_empty()).then(|| (Addressee::Referrer, open.iter().map(|one| reads(*one)).collect()));
    Detail {
        required: stated_all(&case.unit.contraindications),
        actual: stated_all(&applying),
        evidence: vec![
            of_catalogue(FactCode::UnitContraindications, true),
            of_person(FactCode::Lvb, &facts.lvb),
            of_person(FactCode::Ggz, &facts.ggz),
            of_person(FactCode::Addiction, &facts.addiction),
            of_person(FactCode::Mobility, &facts.mobility),
            of_person(FactCode::Aggression, &facts.aggression),
            of_person(FactCode::Suicidality, &facts.suicidality),
        ],
        ask,
        change: (!applying.is_empty()).then_some(ChangeStep::WaiveContraindications { contraindications: applying }),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{self, stated};
    use super::*;
    use crate::domain::{fact::Fact, matching::finding::RuleCode};
    use Verdict::{No, Unknown, Yes};

    #[test]
    fn only_a_documented_contraindication_that_applies_excludes() {
        use Contraindication::{ActiveAddiction, AggressionPresent, AnyAddiction};
        for (listed, addiction, want) in [
            (vec![], Some(Addiction::Active), Yes),
            (vec![ActiveAddiction], Some(Addiction::History), Yes),
            (vec![AnyAddiction], Some(Addiction::History), No),
            (vec![ActiveAddiction], None, Unknown),
            (vec![AggressionPresent, AnyAddiction], Some(Addiction::Active), No),
            (vec![AggressionPresent], Some(Addiction::None), Unknown),
        ] {
            let mut view = fixture::view();
            view.circumstances.addiction = addiction.map_or(Fact::UNKNOWN, stated);
            view.circumstances.aggression = Fact::UNKNOWN;
            let mut unit = fixture::unit();
            unit.contraindications.clone_from(&listed);
            assert_eq!(fixture::verdict(RuleCode::Contra, &view, &unit), want, "{listed:?} {addiction:?}");
        }
    }
}
