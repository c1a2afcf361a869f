//! Two who ask for more than is theirs, over HTTP as anybody would: they learn nothing, not even whether there is anything.

use serde_json::json;

use super::{
    super::{
        super::ending::Trouble,
        people::{AUDITOR, FIER, POLICE, Person},
        small_client::{self, HttpAnswer},
        stage::Stage,
    },
    placing::{Arrived, Placed},
};
use crate::{
    app::read_trail::find_audit_entries,
    domain::{audit::EntryFilter, ids::ReferralId, role::Permission},
};

/// A police officer wants to know more than how it stands.
pub(super) async fn police_officer(stage: &mut Stage<'_>, own: &Arrived, foreign: &Placed) -> Result<(), Trouble> {
    stage.telling.step("A curious police officer learns nothing more (over HTTP)");
    let before = refused(stage, POLICE).await?;
    let at = |referral: ReferralId, below: &str| format!("/v1/referrals/{referral}{below}");
    let status = ask(stage, POLICE, "GET", &at(own.referral, ""), None).await?;
    let fields: Vec<&String> = status.body.as_object().into_iter().flat_map(serde_json::Map::keys).collect();
    stage.telling.check("the own case shows its status", status.status == 200 && status.says("/status") == "placed")?;
    stage.telling.check("and nothing else", fields == ["contactDesk", "status", "statusChangedAt"])?;
    let matches = ask(stage, POLICE, "GET", &at(own.referral, "/matches"), None).await?;
    stage.telling.check("the match stays closed", is_refusal(&matches, 403))?;
    let search = json!({"organisation": "police-rotterdam", "reference": "DEMO-A"});
    let search = ask(stage, POLICE, "POST", "/v1/referrals/_search", Some(&search)).await?;
    stage.telling.check("searching people stays closed", is_refusal(&search, 403))?;
    let other = ask(stage, POLICE, "GET", &at(foreign.referral, ""), None).await?;
    stage.telling.check("a case of somebody else does not exist", is_refusal(&other, 404))?;
    let after = refused(stage, POLICE).await?;
    stage.telling.check("the refusals are in the trail", after > before)?;
    stage.telling.tell(format_args!(
        "The officer who referred DEMO-A opens the case itself: again the status, a date and whom to call ({}). The match \
         and the search for people are refused ({} and {}): no police token opens them. DEMO-B, which others referred, is \
         \"not found\" ({}), as if nobody were there. The trail keeps what was tried.",
        status.status, matches.status, search.status, other.status
    ));
    Ok(())
}

/// A shelter wants to see what was proposed to another.
pub(super) async fn foreign_shelter(stage: &mut Stage<'_>, own: &Arrived) -> Result<(), Trouble> {
    stage.telling.step("A shelter looks for another shelter's case (over HTTP)");
    let before = refused(stage, FIER).await?;
    let proposal = ask(stage, FIER, "GET", &format!("/v1/proposals/{}", own.proposal), None).await?;
    let referral = ask(stage, FIER, "GET", &format!("/v1/referrals/{}", own.referral), None).await?;
    let placement = ask(stage, FIER, "GET", &format!("/v1/placements/{}", own.placement), None).await?;
    let nothing = stage.desk.ids.next_uuid();
    let nothing = ask(stage, FIER, "GET", &format!("/v1/referrals/{nothing}"), None).await?;
    for answer in [&proposal, &referral, &placement] {
        stage.telling.check("what was proposed to others does not exist", is_refusal(answer, 404))?;
        stage.telling.check("it answers as nothing does", words(answer) == words(&nothing))?;
    }
    stage.telling.check("the refusals are in the trail", refused(stage, FIER).await? >= before + 3)?;
    stage.telling.tell(
        "Fier in Rotterdam knows the numbers of DEMO-A's proposal, referral and stay in Amsterdam, and asks for each. Three \
         times \"not found\" (404), word for word what a number gets that nobody has: from the answer nobody learns that \
         she exists. The trail keeps who asked.",
    );
    Ok(())
}

async fn ask(
    stage: &Stage<'_>,
    who: Person,
    method: &str,
    path: &str,
    body: Option<&serde_json::Value>,
) -> Result<HttpAnswer, Trouble> {
    let token = super::proof::token(stage, who)?;
    let called = small_client::call(stage.address, method, path, &token, body).await;
    stage.telling.done("the service answers", called)
}

/// A problem of this status that says nothing about anybody.
fn is_refusal(answer: &HttpAnswer, status: u16) -> bool {
    let text = answer.body.to_string();
    answer.status == status && !answer.says("/title").is_empty() && !text.contains("DEMO") && !text.contains("omm-")
}

/// What an answer says to its reader, without the numbers that tell one answer from another.
fn words(answer: &HttpAnswer) -> [&str; 3] {
    ["/type", "/title", "/detail"].map(|pointer| answer.says(pointer))
}

/// How many refusals of what this person asked are in the trail.
async fn refused(stage: &Stage<'_>, who: Person) -> Result<usize, Trouble> {
    let (call, scope) = (AUDITOR.asks(Permission::ReadAudit), AUDITOR.reach(Permission::ReadAudit)?);
    let filter =
        EntryFilter { subject: Some(who.subject.to_owned()), from_index: 1, limit: i64::MAX, ..EntryFilter::default() };
    let listed = find_audit_entries(&stage.desk, &call, scope, filter, "list_audit_entries").await;
    let entries = stage.telling.done("the entries are read", listed)?;
    Ok(entries.iter().filter(|entry| entry.text.contains("\"outcome\":\"refused\"")).count())
}
