//! The answer as plain text for a terminal: who fits, why not the others, what to ask whom.

use super::{Audience, Explanation, UnitExplanation, UnitList, WhyNot, explain};
use crate::domain::{
    fact::Verdict,
    matching::{
        result::MatchResult,
        texts::{Texts, list, sentence::Sentence},
    },
    page::Page,
    words::{Lang, Value, Words},
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
        units_of(&mut page, texts, &heading(title), &units);
    }
    let out: Vec<_> = explanation.units.iter().filter(|unit| unit.list == UnitList::Out).collect();
    excluded(&mut page, texts, &heading(Sentence::HeadingOut), &out);
    page.section(&heading(Sentence::HeadingQuestions), &explanation.questions);
    page.section(&heading(Sentence::HeadingNearest), &explanation.nearest);
    page.section(&heading(Sentence::HeadingRelaxations), &explanation.relaxations);
    page.section(&heading(Sentence::HeadingNotWeighed), &explanation.not_weighed);
    page.into_text()
}

fn units_of(page: &mut Page, texts: &Texts, title: &Words, units: &[&UnitExplanation]) {
    if units.is_empty() {
        return;
    }
    page.heading(title);
    for unit in units {
        let mark = unit.rank.map_or_else(|| "  - ".to_owned(), |rank| format!("  {rank}. "));
        page.line(&mark, &titled(unit));
        page.line("     ", &Words::join(&unit.facts, " "));
        for line in unit.order.iter().chain(unit.would_lead.iter().take(WOULD_LEAD_MAX)) {
            page.line("     ", line);
        }
        page.line("     ! ", &Words::join(&unit.remarks, " "));
        // What is open about the person is asked once, below; here it is only named.
        let (here, of_person): (Vec<&WhyNot>, Vec<&WhyNot>) =
            unit.why_not.iter().partition(|reason| reason.is_about_unit || reason.verdict == Verdict::No);
        reasons(page, "     ", here.into_iter());
        also_open(page, texts, "     ? ", of_person.into_iter());
    }
}

/// Units that fail on the same are told together; what is not known beside it is named, its questions are in the answer.
fn excluded(page: &mut Page, texts: &Texts, title: &Words, units: &[&UnitExplanation]) {
    if units.is_empty() {
        return;
    }
    page.heading(title);
    let fails = |unit: &UnitExplanation| -> Vec<WhyNot> {
        unit.why_not.iter().filter(|reason| reason.verdict == Verdict::No).cloned().collect()
    };
    let mut groups: Vec<(Vec<WhyNot>, Vec<&UnitExplanation>)> = Vec::new();
    for unit in units {
        let fails = fails(unit);
        match groups.iter_mut().find(|(known, _)| *known == fails) {
            Some((_, group)) => group.push(unit),
            None => groups.push((fails, vec![unit])),
        }
    }
    for (fails, group) in groups {
        for unit in group {
            page.line("  - ", &titled(unit));
            let open = unit.why_not.iter().filter(|reason| reason.verdict != Verdict::No);
            also_open(page, texts, "    ? ", open);
        }
        reasons(page, "    ", fails.iter());
    }
}

/// The names of what is not known, on one line.
fn also_open<'w>(page: &mut Page, texts: &Texts, mark: &str, open: impl Iterator<Item = &'w WhyNot>) {
    let titles = list(open.map(|reason| reason.title.clone()));
    if !titles.is_missing() {
        page.line(mark, &texts.sentence(Sentence::AlsoOpen, &[("titles", Value::Words(titles))]));
    }
}

fn reasons<'w>(page: &mut Page, indent: &str, reasons: impl Iterator<Item = &'w WhyNot>) {
    for reason in reasons {
        let mark = match reason.verdict {
            Verdict::No => "x",
            Verdict::Yes | Verdict::Unknown => "?",
        };
        page.line(&format!("{indent}{mark} "), &reason.reason);
        // The question stands with all others at the end, once for all units it goes to.
        if let Some(change) = &reason.change {
            page.line(&format!("{indent}  "), change);
        }
    }
}

/// The name, and the code one can type.
fn titled(unit: &UnitExplanation) -> Words {
    let code = unit.code.as_ref().map(|code| format!(" [{code}]")).unwrap_or_default();
    let name = unit.name.capitalised();
    Words { nl: format!("{}{code}", name.nl), en: format!("{}{code}", name.en) }
}
