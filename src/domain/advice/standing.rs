//! Makes the card of one location for one person: judges its conditions, and puts the outcome into words.

use super::{
    card::{AdviceCard, AdviceFinding, AdviceQuestion, AskWhom, Standing},
    cards_file::{AdviceCards, Programme},
    condition::{self, Condition, Judged},
    person::Person,
};
use crate::domain::{
    catalogue::location::{Location, PlacingAuthority, StayNorm},
    fact::Verdict,
    words::{Value, Words},
};

/// One condition and what came out of it.
type Outcome = (Condition, Judged);

pub(super) fn card(texts: &AdviceCards, person: &Person<'_>, location: &Location) -> AdviceCard {
    let programme = texts.programme(&location.code);
    let outcomes = outcomes(programme, person, location);
    let standing = standing(&outcomes);
    let ages = ages(texts, location);
    let name = Words::new(&location.name_nl, &location.name_en);
    let values = [("programme", Value::Words(name.clone())), ("ages", Value::Words(ages.clone()))];
    let routes: Vec<Words> = location.referral_route.iter().map(|code| route(texts, code)).collect();
    let (for_whom, how_to_refer) = if let Some(it) = programme {
        (it.for_whom.clone(), it.how_to_refer.clone())
    } else {
        let joined = Value::Words(Words::join(&routes, ", "));
        (texts.otherwise.for_whom.clone(), texts.otherwise.how_to_refer.fill(&[("routes", joined)]))
    };
    AdviceCard {
        location: location.code.clone(),
        name,
        placing_authority: location.placing_authority,
        standing,
        strongest: programme.filter(|_| standing != Standing::NotForThisPerson).and_then(|it| strongest(it, person)),
        warning: programme.and_then(|it| warning(it, &outcomes)),
        for_whom,
        ages,
        how_to_refer,
        referral_route: routes,
        stay: stay(texts, location.stay_norm),
        findings: findings(texts, &outcomes, standing, &values),
        questions: questions(texts, &outcomes, standing, &values),
        notes: programme.map(|it| it.notes.clone()).unwrap_or_default(),
        fixed_work_areas: programme.map(|it| it.work_areas.fixed.clone()).unwrap_or_default(),
        chosen_work_areas: programme.map(|it| it.work_areas.chosen.clone()).unwrap_or_default(),
        partners: programme.map(|it| it.partners.clone()).unwrap_or_default(),
        sources: location.sources.clone(),
    }
}

/// The conditions of the programme, then the needs that count everywhere.
fn outcomes(programme: Option<&Programme>, person: &Person<'_>, location: &Location) -> Vec<Outcome> {
    let undocumented = [
        if location.placing_authority == PlacingAuthority::External {
            Condition::InBelgium
        } else {
            Condition::InTheNetherlands
        },
        Condition::Age,
        Condition::Gender,
        Condition::ExploitationInScope,
        Condition::ReferralRouteKnown,
    ];
    let own: &[Condition] = programme.map_or(&undocumented, |it| &it.conditions);
    let all = own.iter().chain(&Condition::ALWAYS).copied();
    all.map(|code| (code, condition::judge(code, person, location))).collect()
}

fn standing(outcomes: &[Outcome]) -> Standing {
    match outcomes.iter().fold(Verdict::Yes, |so_far, (_, judged)| so_far.and(judged.verdict)) {
        Verdict::Yes => Standing::Fits,
        Verdict::Unknown => Standing::Ask,
        Verdict::No => Standing::NotForThisPerson,
    }
}

/// What stands in the way, or, where nothing does, every condition.
fn findings(
    texts: &AdviceCards,
    outcomes: &[Outcome],
    standing: Standing,
    values: &[(&str, Value)],
) -> Vec<AdviceFinding> {
    outcomes
        .iter()
        .filter(|(_, judged)| standing != Standing::NotForThisPerson || judged.verdict == Verdict::No)
        .filter_map(|(condition, judged)| {
            let all = texts.conditions.get(condition)?;
            let text = match judged.verdict {
                Verdict::Yes => Some(&all.yes),
                Verdict::No => all.no.as_ref(),
                Verdict::Unknown => asking(all, judged.ask?),
            };
            Some(AdviceFinding { condition: *condition, verdict: judged.verdict, text: text?.fill(values) })
        })
        .collect()
}

/// What to ask. Where a documented condition stands in the way, only what could take it away.
fn questions(
    texts: &AdviceCards,
    outcomes: &[Outcome],
    standing: Standing,
    values: &[(&str, Value)],
) -> Vec<AdviceQuestion> {
    outcomes
        .iter()
        .filter(|(_, judged)| standing != Standing::NotForThisPerson || judged.verdict == Verdict::No)
        .filter_map(|(condition, judged)| {
            let ask = judged.ask?;
            let text = asking(texts.conditions.get(condition)?, ask)?.fill(values);
            Some(AdviceQuestion { condition: *condition, ask, text })
        })
        .collect()
}

fn asking(texts: &super::cards_file::ConditionTexts, ask: AskWhom) -> Option<&Words> {
    match ask {
        AskWhom::Person => texts.ask_person.as_ref(),
        AskWhom::Location => texts.ask_location.as_ref(),
    }
}

fn strongest(programme: &Programme, person: &Person<'_>) -> Option<Words> {
    let strongest = programme.strongest.as_ref()?;
    let unsuitable = person.facts.living_form_unsuitable.known()?;
    unsuitable.contains(&strongest.when_unsuitable).then(|| strongest.text.clone())
}

fn warning(programme: &Programme, outcomes: &[Outcome]) -> Option<Words> {
    let warning = programme.warning.as_ref()?;
    let not_met =
        outcomes.iter().any(|(condition, judged)| *condition == warning.when_not && judged.verdict == Verdict::No);
    not_met.then(|| warning.text.clone())
}

fn ages(texts: &AdviceCards, location: &Location) -> Words {
    let min = location.age_min.map(|age| ("min", Value::same(age)));
    let max = location.age_max.map(|age| ("max", Value::same(age)));
    match (min, max) {
        (Some(min), Some(max)) => texts.ages.between.fill(&[min, max]),
        (Some(min), None) => texts.ages.from.fill(&[min]),
        (None, Some(max)) => texts.ages.up_to.fill(&[max]),
        (None, None) => texts.ages.open.clone(),
    }
}

fn stay(texts: &AdviceCards, norm: Option<StayNorm>) -> Words {
    let stays = &texts.stays;
    let Some(norm) = norm else { return stays.open.clone() };
    let long = |length: u16| Value::Words(stays.unit(norm.unit).fill(&[("length", Value::same(length))]));
    match (norm.min, norm.max) {
        (Some(min), Some(max)) => stays.between.fill(&[("min", Value::same(min)), ("max", long(max))]),
        (Some(min), None) => stays.from.fill(&[("min", long(min))]),
        (None, Some(max)) => stays.up_to.fill(&[("max", long(max))]),
        (None, None) => stays.open.clone(),
    }
}

/// A route without words of its own is shown by its code: better a code than nothing.
fn route(texts: &AdviceCards, code: &str) -> Words {
    texts.routes.get(code).cloned().unwrap_or_else(|| Words::same(code))
}
