//! The advice list as plain text for a terminal: what fits, what to ask, and why the rest is not for this person.

use super::card::{Advice, AdviceCard, Standing};
use crate::domain::{
    matching::texts::{Texts, sentence::Sentence},
    page::Page,
    words::{Lang, Words},
};

/// The advice list in one language.
pub fn render(texts: &Texts, advice: &Advice, lang: Lang) -> String {
    let mut page = Page::new(lang);
    let words = |sentence| texts.sentence(sentence, &[]);
    let (other, helps): (Vec<&AdviceCard>, Vec<&AdviceCard>) =
        advice.cards.iter().partition(|card| card.standing == Standing::NotForThisPerson);
    if !helps.is_empty() {
        page.heading(&words(Sentence::HeadingAdvice));
    }
    for card in helps {
        let standing = if card.standing == Standing::Fits { Sentence::AdviceFits } else { Sentence::AdviceAsk };
        page.line("  - ", &Words::join([&card.name, &words(standing)], ": "));
        card.strongest.iter().chain(&card.warning).for_each(|it| page.line("    ! ", it));
        page.line("    ", &Words::join([&card.for_whom, &card.how_to_refer], " "));
        card.questions.iter().for_each(|question| page.line("    ? ", &question.text));
    }
    if !other.is_empty() {
        page.heading(&words(Sentence::HeadingAdviceOther));
    }
    for (reasons, cards) in by_reason(&other) {
        let names: Vec<Words> = cards.iter().map(|card| card.name.clone()).collect();
        page.line("  - ", &Words::join([&Words::join(&names, ", "), &reasons], ": "));
        cards.iter().filter_map(|card| card.warning.as_ref()).for_each(|it| page.line("    ! ", it));
    }
    let remarks: Vec<Words> = advice.remarks.iter().map(|remark| remark.text.clone()).collect();
    page.section(&words(Sentence::HeadingAdviceRemarks), &remarks);
    page.into_text()
}

/// Cards with the same reasons are told together.
fn by_reason<'a>(cards: &[&'a AdviceCard]) -> Vec<(Words, Vec<&'a AdviceCard>)> {
    let mut groups: Vec<(Words, Vec<&AdviceCard>)> = Vec::new();
    for card in cards {
        let reasons = Words::join(card.findings.iter().map(|finding| &finding.text), " ");
        match groups.iter_mut().find(|(known, _)| *known == reasons) {
            Some((_, group)) => group.push(card),
            None => groups.push((reasons, vec![card])),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::super::base_texts::{advice, woman};
    use super::*;
    use crate::domain::matching::route::RouteId;

    #[test]
    fn the_advice_for_a_young_woman_on_the_route_of_the_omm() {
        let text = render(&Texts::v1(), &advice(&woman(20), RouteId::R5), Lang::En);
        insta::assert_snapshot!(text, @r"
        ADVICE: PLACES WHERE COMENSHA DOES NOT PLACE
          - ACM regular shelter: fits
            Adult victims of trafficking. Without a residence title only in, or shortly before, the B8
            procedure. Through the care coordinator, the police, CoMensha or others, directly to ACM.
          - ACM police-crisis places: fits
            Adults who need a place at once after a report by the police. The police or the care coordinator
            refers directly to ACM.
          - Asja (loverboy and trafficking victims): fits
            Girls and young women who are victims of a loverboy or of trafficking. The police or the public
            prosecutor refers directly to Fier. This does not go through CoMensha.
          - Safe Changes: fits
            Women after sexual exploitation for whom life close to society is safe enough. They live in a
            training house. Contact Lumens EMP in Eindhoven. The person can also refer herself.
          - Zahir (honour-related violence): possible, ask first
            Girls and young women who face honour violence. The police, the public prosecutor or the general
            practitioner refers directly to Fier.
            ? Does honour violence play a part?
          - Veilige Veste (secured house): possible, ask first
            Women from abroad with or without children, boys and young men, children and girls. Each group
            lives apart. Ask Fier how a referral works and which group suits this person.
            ? How does a referral to Veilige Veste (secured house) work? No public text says so.

        ADVICE: NOT FOR THIS PERSON, AND WHY
          - ACM 72-hour shelter: Only for people of whom it is not clear yet whether they are victims.
          - Men's shelter Amsterdam, Men's shelter Den Haag, Men's shelter Rotterdam, Men's shelter Utrecht,
            Men's shelter Zwolle, Men's shelter Goirle (Tilburg): The place is not for this gender. The
            route of this person is not regular shelter.
          - Protected shelter for unaccompanied minors: Only for people under 18. Only for foreign minors
            who are here alone.
          - PIMENTA, Payoke (recognised centre), PAG-ASA (recognised centre), Sürya (recognised centre), De
            Wissel: Only if the person is in Belgium or the procedure runs there. The referral does not say
            so.
          - Minor-Ndako shelter house: Only if the person is in Belgium or the procedure runs there. The
            referral does not say so. Only for people under 18.

        WHAT ELSE HELPS
          To bridge the time: the police have emergency beds in the region, outside office hours or when
          there is no place. An emergency bed is not a placement. The referral stays open.
          OMM Rotterdam: Fier can scale up or down to its other houses. Each step is a new placement, linked
          to the one before. CoMensha decides.
          Care coordination: a care coordinator ties the signals about one person together and stays
          involved from referral to exit. Flevoland: Blijf Groep. Amsterdam and Noord-Holland: HVO-Querido.
          Friesland: Fier. Other regions without a care coordinator: CoMensha, at a distance. This is not a
          shelter.
        ");
    }
}
