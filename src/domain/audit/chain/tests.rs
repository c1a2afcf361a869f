//! The chain: what is written, and that every kind of damage is found at its place.

use chrono::{TimeZone, Utc};
use uuid::Uuid;

use super::{ChainFault, Entry, FaultKind, Head, Link, Source, StoredEntry, verify};
use crate::domain::{
    audit::{Action, Actor, Call, Event, ObjectKind},
    ids::{DecisionId, ReferralId},
    role::Role,
};

fn entry(index: u64) -> Entry {
    let actor = Actor {
        issuer: "https://login.example".to_owned(),
        subject: "coordinator-1".to_owned(),
        client: "console".to_owned(),
        organisation: Some("comensha".into()),
        role: Role::Coordinator,
    };
    Entry {
        index,
        occurred_at: Utc.with_ymd_and_hms(2025, 3, 1, 9, 0, 0).unwrap(),
        call: Call { actor, trace_id: None, once: None, purpose: Some("placement".to_owned()), legal_basis: None },
        event: Event::new("placement.decided", Action::Create, "decide_placement")
            .about(ObjectKind::Decision, DecisionId(Uuid::from_u128(u128::from(index))))
            .version(1)
            .person(ReferralId(Uuid::from_u128(7)))
            .fields(["state"])
            .reason("safety"),
        source: Source { service: "omm".to_owned(), version: "0.1.0".to_owned(), instance: "a".to_owned() },
    }
}

/// A trail of so many entries, and its head.
fn trail(entries: u64) -> (Vec<StoredEntry>, Head) {
    let mut head = Head::START;
    let stored = (1..=entries)
        .map(|index| {
            let stored = entry(index).stored(head.link).unwrap();
            head = Head { index, link: stored.link };
            stored
        })
        .collect();
    (stored, head)
}

/// Ties all entries anew, as someone would who knows how the chain is made.
fn relinked(entries: Vec<StoredEntry>) -> (Vec<StoredEntry>, Head) {
    let mut head = Head::START;
    let stored = entries
        .into_iter()
        .map(|mut stored| {
            stored.link = head.link.then(&stored.text);
            head = Head { index: stored.index, link: stored.link };
            stored
        })
        .collect();
    (stored, head)
}

fn fault(index: u64, kind: FaultKind) -> Result<Head, ChainFault> {
    Err(ChainFault { index, kind })
}

#[test]
fn the_stored_text_is_what_is_documented() {
    assert_eq!(
        entry(3).stored(Link::START).unwrap().text,
        concat!(
            r#"{"index":3,"occurredAt":"2025-03-01T09:00:00.000000Z","call":{"actor":{"issuer":"https://login.example","#,
            r#""subject":"coordinator-1","client":"console","organisation":"comensha","role":"coordinator"},"#,
            r#""traceId":null,"purpose":"placement","legalBasis":null},"event":{"eventType":"placement.decided","#,
            r#""action":"C","operationId":"decide_placement","outcome":"permitted","status":null,"problemType":null,"#,
            r#""reason":"safety","object":{"type":"decision","id":"00000000-0000-0000-0000-000000000003","version":1},"#,
            r#""personPseudonym":"00000000-0000-0000-0000-000000000007","fields":["state"],"sensitivity":"personal","#,
            r#""authorization":null},"source":{"service":"omm","version":"0.1.0","instance":"a"}}"#
        )
    );
}

#[test]
fn an_entry_can_be_read_back() {
    let text = entry(3).stored(Link::START).unwrap().text;
    assert_eq!(serde_json::from_str::<Entry>(&text).unwrap(), entry(3));
}

#[test]
fn leaf_and_link_are_those_of_the_formula() {
    // printf '\0abc' | sha256sum gives the leaf; 32 zero bytes and the leaf through sha256sum again give the link.
    assert_eq!(Link::START.then("abc").to_string(), "83f951ac32b0a436bb35b6d534ec7fdb390d5cc51637028197883dd0c5f4b83d");
}

#[test]
fn an_untouched_trail_verifies_also_against_every_earlier_head() {
    let (entries, head) = trail(20);
    for earlier in [Head::START].into_iter().chain(entries.iter().map(|e| Head { index: e.index, link: e.link })) {
        assert_eq!(verify(entries.clone(), head, Some(earlier)), Ok(head));
    }
    assert_eq!(verify([], Head::START, None), Ok(Head::START));
}

#[test]
fn an_edited_entry_is_found_at_every_place() {
    for at in 0..20 {
        let (mut entries, head) = trail(20);
        entries[at].text = entries[at].text.replace("safety", "other");
        assert_eq!(verify(entries, head, None), fault(at as u64 + 1, FaultKind::Edited));
    }
}

#[test]
fn an_edited_link_is_found() {
    let (mut entries, head) = trail(20);
    entries[4].link.0[31] ^= 1;
    assert_eq!(verify(entries, head, None), fault(5, FaultKind::Edited));
}

#[test]
fn a_deleted_entry_is_found_also_when_the_rest_is_renumbered() {
    let (mut entries, head) = trail(20);
    entries.remove(4);
    assert_eq!(verify(entries.clone(), head, None), fault(5, FaultKind::Missing));
    entries.iter_mut().skip(4).for_each(|entry| entry.index -= 1);
    assert_eq!(verify(entries, head, None), fault(5, FaultKind::OutOfOrder));
}

#[test]
fn an_inserted_and_a_swapped_entry_are_found() {
    let (mut entries, head) = trail(20);
    entries.insert(4, entries[3].clone());
    assert_eq!(verify(entries, head, None), fault(4, FaultKind::OutOfOrder));

    let (mut entries, head) = trail(20);
    let (a, b) = (entries[4].text.clone(), entries[5].text.clone());
    (entries[4].text, entries[5].text) = (b, a);
    assert_eq!(verify(entries, head, None), fault(5, FaultKind::OutOfOrder));
}

#[test]
fn an_entry_that_was_added_behind_the_head_is_found() {
    let (entries, _) = trail(20);
    let (_, head) = trail(19);
    assert_eq!(verify(entries, head, None), fault(20, FaultKind::HeadMismatch));
}

#[test]
fn a_trail_that_was_cut_off_together_with_its_head_is_found_against_the_expected_head() {
    let (_, expected) = trail(20);
    let (shorter, its_head) = trail(17);
    assert_eq!(verify(shorter.clone(), expected, None), fault(18, FaultKind::Truncated));
    assert_eq!(verify(shorter.clone(), its_head, None), Ok(its_head));
    assert_eq!(verify(shorter, its_head, Some(expected)), fault(18, FaultKind::Truncated));
}

#[test]
fn a_trail_that_was_tied_anew_is_found_against_the_expected_head() {
    let (mut entries, expected) = trail(20);
    entries[4].text = entries[4].text.replace("safety", "other");
    let (entries, head) = relinked(entries);
    assert_eq!(verify(entries.clone(), head, None), Ok(head));
    assert_eq!(verify(entries, head, Some(expected)), fault(20, FaultKind::HeadMismatch));
}

#[test]
fn a_head_reads_as_it_is_printed() {
    let (_, head) = trail(2);
    assert_eq!(head.to_string().parse(), Ok(head));
    for text in ["", "2", "2:", "x:00", "2:zz", &format!("2:{}0", head.link), &format!("2:{}é", head.link)] {
        assert!(text.parse::<Head>().is_err(), "{text}");
    }
}
