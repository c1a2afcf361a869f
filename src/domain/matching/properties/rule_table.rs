//! Every rule can be met, not met and unknown, and says why in both languages.

use std::{cell::RefCell, collections::BTreeMap, sync::LazyLock};

use proptest::prelude::*;

use super::{answers::verdict, cases, for_all_answers};
use crate::domain::{
    fact::Verdict,
    matching::{bits::RuleBit, finding::Finding, texts::Texts},
};

static TEXTS: LazyLock<Texts> = LazyLock::new(Texts::v1);

fn told(finding: &Finding) -> bool {
    let question = finding.question.as_ref().is_none_or(|asked| written(&asked.text_nl, &asked.text_en));
    let change = finding.change.as_ref().is_none_or(|change| written(&change.text_nl, &change.text_en));
    question && change && written(&finding.text_nl, &finding.text_en)
}

fn written(nl: &str, en: &str) -> bool {
    // A gap that was not filled would show its braces.
    [nl, en].iter().all(|text| !text.trim().is_empty() && !text.contains(['{', '}'])) && nl != en
}

/// Property 4.
#[test]
fn every_rule_has_a_yes_a_no_and_an_unknown_with_both_texts() {
    let seen: RefCell<BTreeMap<(RuleBit, Verdict), u32>> = RefCell::default();
    for_all_answers(|_, result| {
        let mut result = result.clone();
        TEXTS.write(&mut result);
        prop_assert_eq!(&result.texts_hash, TEXTS.hash());
        for card in result.cards() {
            for bit in RuleBit::all() {
                *seen.borrow_mut().entry((bit, verdict(card, bit))).or_default() += 1;
            }
            for finding in &card.findings {
                prop_assert!(told(finding), "not told in both languages: {finding:#?}");
            }
        }
        Ok(())
    });
    let seen = seen.into_inner();
    for bit in RuleBit::all() {
        for verdict in [Verdict::Yes, Verdict::No, Verdict::Unknown] {
            let times = seen.get(&(bit, verdict)).copied().unwrap_or(0);
            assert!(times > cases() / 1_000, "{bit:?} was {verdict:?} {times} times only");
        }
    }
}
