//! The answer as plain text for a terminal: who fits, why not the others, what to ask whom.

use super::{Audience, Explanation, UnitExplanation, UnitList, explain};
use crate::domain::{
    fact::Verdict,
    matching::{
        result::MatchResult,
        texts::{Texts, sentence::Sentence},
    },
    page::Page,
    words::{Lang, Words},
};

/// How many ways to come first are told per unit; the answer itself holds them all.
const WOULD_LEAD_MAX: usize = 2;

/// The whole answer for CoMensha in one language.
pub fn render(texts: &Texts, result: &MatchResult, lang: Lang) -> String {
    render_explanation(texts, &explain(texts, result, Audience::Comensha, None), lang)
}

/// An explanation for any audience in one language.
pub fn render_explanation(texts: &Texts, explanation: &Explanation, lang: Lang) -> String {
    let mut page = Page::new(lang);
    let heading = |sentence| texts.sentence(sentence, &[]);
    page.section(&heading(Sentence::HeadingProposal), &explanation.proposal);
    page.section(&heading(Sentence::HeadingRoute), &explanation.route);
    for (list, title) in [
        (UnitList::Now, Sentence::HeadingNow),
        (UnitList::Later, Sentence::HeadingLater),
        (UnitList::Ask, Sentence::HeadingAsk),
        (UnitList::SetAside, Sentence::HeadingSetAside),
    ] {
        let units: Vec<_> = explanation.units.iter().filter(|unit| unit.list == list).collect();
        units_of(&mut page, &heading(title), &units);
    }
    let out: Vec<_> = explanation.units.iter().filter(|unit| unit.list == UnitList::Out).collect();
    excluded(&mut page, &heading(Sentence::HeadingOut), &out);
    page.section(&heading(Sentence::HeadingQuestions), &explanation.questions);
    page.section(&heading(Sentence::HeadingNearest), &explanation.nearest);
    page.section(&heading(Sentence::HeadingRelaxations), &explanation.relaxations);
    page.section(&heading(Sentence::HeadingNotWeighed), &explanation.not_weighed);
    page.into_text()
}

fn units_of(page: &mut Page, title: &Words, units: &[&UnitExplanation]) {
    if units.is_empty() {
        return;
    }
    page.heading(title);
    for unit in units {
        let mark = unit.rank.map_or_else(|| "  - ".to_owned(), |rank| format!("  {rank}. "));
        page.line(&mark, &titled(unit));
        page.line("     ", &Words::join(&unit.facts, " "));
        unit.order.iter().for_each(|line| page.line("     ", line));
        unit.would_lead.iter().take(WOULD_LEAD_MAX).for_each(|line| page.line("     ", line));
        unit.remarks.iter().for_each(|line| page.line("     ! ", line));
        reasons(page, unit);
    }
}

/// Units with the same reasons are told together: what holds for the person holds everywhere.
fn excluded(page: &mut Page, title: &Words, units: &[&UnitExplanation]) {
    if units.is_empty() {
        return;
    }
    page.heading(title);
    let mut groups: Vec<Vec<&UnitExplanation>> = Vec::new();
    for unit in units {
        match groups.iter_mut().find(|group| group.iter().all(|other| other.why_not == unit.why_not)) {
            Some(group) => group.push(unit),
            None => groups.push(vec![unit]),
        }
    }
    for group in groups {
        for unit in &group {
            page.line("  - ", &titled(unit));
        }
        if let Some(unit) = group.first() {
            reasons(page, unit);
        }
    }
}

fn reasons(page: &mut Page, unit: &UnitExplanation) {
    for reason in &unit.why_not {
        let mark = match reason.verdict {
            Verdict::No => "     x ",
            Verdict::Yes | Verdict::Unknown => "     ? ",
        };
        page.line(mark, &reason.reason);
        reason.question.iter().for_each(|line| page.line("       ", line));
        reason.change.iter().for_each(|line| page.line("       ", line));
    }
}

/// The name, and the code one can type.
fn titled(unit: &UnitExplanation) -> Words {
    let code = unit.code.as_ref().map(|code| format!(" [{code}]")).unwrap_or_default();
    let name = unit.name.capitalised();
    Words { nl: format!("{}{code}", name.nl), en: format!("{}{code}", name.en) }
}
