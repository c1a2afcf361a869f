//! What others may know, the end of a stay, and the proof of it all.

use serde_json::json;

use super::super::{
    super::ending::Trouble,
    people::{AUDITOR, COORDINATOR, HVO_QUERIDO, POLICE, Person},
    small_client,
    stage::Stage,
};
use super::{
    capacity::{self, Waiting},
    placing::Arrived,
};
use crate::{
    app::{
        explain_match::{Replay, explain_match},
        read_trail::{find_audit_entries, verify_audit_entries},
        report_stay::StayReport,
    },
    domain::{
        audit::{EntryFilter, chain},
        placement::stay::PlacementState,
        referral::reasons::ExitType,
        role::Permission,
    },
};

/// The police learn one word and a date, over HTTP; the curious learn nothing.
pub(super) async fn police_asks(stage: &mut Stage<'_>) -> Result<(), Trouble> {
    stage.telling.step("The police ask how it stands (over HTTP)");
    let token = token(stage, POLICE)?;
    let mut answers = Vec::new();
    for reference in ["DEMO-A", "DEMO-B"] {
        let body = json!({"reference": reference, "purpose": "follow_up"});
        let called = small_client::call(stage.address, "POST", "/v1/status-queries", &token, Some(&body)).await;
        answers.push(stage.telling.done("the service answers", called)?);
    }
    let [own, foreign] = answers.as_slice() else { return Err(stage.telling.failed("two answers came")) };
    stage.telling.check("the own reference is answered", own.status == 200 && own.says("/status") == "placed")?;
    stage.telling.check("a foreign reference does not exist", foreign.status == 404)?;
    let text = own.body.to_string();
    stage.telling.check("no place is named", !text.contains("Amsterdam") && !text.contains("omm-"))?;
    stage
        .telling
        .raw(format_args!("    POST /v1/status-queries {{\"reference\":\"DEMO-A\"}}  ->  {} {text}", own.status));
    stage.telling.raw(format_args!("    POST /v1/status-queries {{\"reference\":\"DEMO-B\"}}  ->  {}", foreign.status));
    stage.telling.tell(
        "Their own reference: a word, a date and whom to call. Not where she is, not why. DEMO-B was referred by somebody \
         else: for the police it does not exist. Both questions are in the trail.",
    );
    Ok(())
}

/// The stay ends, and the place is free again.
pub(super) async fn exit(stage: &mut Stage<'_>, arrived: &Arrived, waiting: Waiting) -> Result<(), Trouble> {
    stage.telling.step("DEMO-A leaves");
    stage.clock.advance(chrono::TimeDelta::days(90));
    let token = token(stage, HVO_QUERIDO)?;
    let before = free_at(stage, &token, "omm-amsterdam-crisis").await?;
    let stay = stage.report(HVO_QUERIDO, arrived.placement, StayReport::Exited(ExitType::Independent)).await?;
    stage.telling.check("the stay has ended", matches!(stay.state, PlacementState::Exited { .. }))?;
    let after = free_at(stage, &token, "omm-amsterdam-crisis").await?;
    stage.telling.check("her place is free again", after == before + 1)?;
    let others = capacity::empty_again(stage, waiting).await?;
    stage.telling.tell(format_args!(
        "Three months later she moves to a home of her own. The shelter reports the exit; the board (read over HTTP) shows \
         {after} free crisis place instead of {before}, and the referral is closed. The guests of the busy night have left \
         too: {others} more places are free."
    ));
    Ok(())
}

fn token(stage: &Stage<'_>, who: Person) -> Result<String, Trouble> {
    let organisation = who.organisation();
    let id = stage.desk.ids.next_uuid();
    let token = stage.issuer.token(who.role, organisation.as_ref(), who.subject, stage.clock.now(), id);
    stage.telling.done("a token is made", token)
}

/// Free places of a unit, as the board shows them over HTTP.
async fn free_at(stage: &Stage<'_>, token: &str, code: &str) -> Result<u64, Trouble> {
    let called = small_client::call(stage.address, "GET", "/v1/capacity", token, None).await;
    let answer = stage.telling.done("the board is read over HTTP", called)?;
    stage.telling.check("the board is shown", answer.status == 200)?;
    let units = answer.body.pointer("/units").and_then(serde_json::Value::as_array);
    let is_it = |unit: &&serde_json::Value| unit.get("code").and_then(serde_json::Value::as_str) == Some(code);
    let unit = units.into_iter().flatten().find(is_it);
    let free = unit.and_then(|unit| unit.pointer("/capacity/free").and_then(serde_json::Value::as_u64));
    stage.telling.need("the board shows the unit", free)
}

/// The trail is checked, and shown to notice one changed letter.
pub(super) async fn trail(stage: &mut Stage<'_>, arrived: &Arrived) -> Result<(), Trouble> {
    stage.telling.step("The proof");
    let replay = explain_match(&stage.desk, &COORDINATOR.asks(Permission::ReadMatch), arrived.result).await;
    let replay = stage.telling.done("the first match is recomputed", replay)?;
    stage.telling.check("it is the same, byte for byte", matches!(replay, Replay::Same(_)))?;
    stage.telling.tell(
        "Every match is kept with all it rested on. The first one, recomputed now, is the same byte for byte: anybody can \
         check later why a place was advised.",
    );
    let call = AUDITOR.asks(Permission::VerifyAudit);
    let verified = stage.telling.done("the trail is checked", verify_audit_entries(&stage.desk, &call, None).await)?;
    let head = stage.telling.done("the trail holds", verified)?;
    let (call, scope) = (AUDITOR.asks(Permission::ReadAudit), AUDITOR.reach(Permission::ReadAudit)?);
    let filter = EntryFilter { from_index: 1, limit: i64::MAX, ..EntryFilter::default() };
    let listed = find_audit_entries(&stage.desk, &call, scope, filter, "list_audit_entries").await;
    let mut entries = stage.telling.done("the entries are read", listed)?;
    entries.truncate(usize::try_from(head.index).unwrap_or(usize::MAX));
    let refusals = entries.iter().filter(|entry| entry.text.contains("\"outcome\":\"refused\"")).count();
    stage
        .telling
        .check("the refused decision is in the trail", entries.iter().any(|entry| is_late_decision(&entry.text)))?;
    stage.telling.tell(format_args!(
        "Every change, every look at a person and every refusal left an entry: {} entries, {refusals} of them refusals, each \
         tied to the one before by SHA-256. The auditor checks them all: the chain holds.",
        head.index
    ));
    stage.telling.raw(format_args!("    head {head}"));
    let decided = entries.iter().position(|entry| entry.text.contains("placement.decided"));
    let at = stage.telling.need("a decision is in the trail", decided)?;
    if let Some(entry) = entries.get_mut(at) {
        entry.text = entry.text.replacen("coordinator-1", "coordinator-2", 1);
    }
    let fault = stage.telling.need("a changed entry is found", chain::verify(entries, head, None).err())?;
    stage.telling.check("it is found where it is", usize::try_from(fault.index).is_ok_and(|index| index == at + 1))?;
    stage.telling.tell(format_args!(
        "If somebody changed one letter behind the desk's back, such as who decided in entry {}, the check says: \"{fault}\". \
         Write the head down elsewhere, and a trail that is cut off or written anew is found too.",
        at + 1
    ));
    let again = stage.desk.store.verify_trail(Some(head)).await;
    stage.telling.check("the trail still holds the head that was noted", matches!(again, Ok(Ok(_))))
}

fn is_late_decision(text: &str) -> bool {
    text.contains("placement.refused") && text.contains("hold_expired")
}
