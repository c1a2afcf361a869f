//! The audit trail: read, and verified. It holds ids, codes and names of fields, and no value of anybody's.

use actix_web::{HttpResponse, get, post, web::Data};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    auth::{Allowed, ToReadAudit, ToVerifyAudit},
    body::{Body, Query},
    language::Text,
    problem::{Fault, Problem, Spot, kind::Kind},
};
use crate::{
    app::{
        Desk,
        read_trail::{find_audit_entries as find, verify_audit_entries as verify},
    },
    domain::{
        audit::{
            EntryFilter,
            chain::{ChainFault, Entry, Head, Link, StoredEntry},
        },
        ids::ReferralId,
        role::Scope,
    },
};

/// So many entries are shown when the caller does not say.
const ENTRIES_DEFAULT: u16 = 50;

/// Which entries are asked for; all conditions must hold.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct AuditEntriesQuery {
    /// About this referral; a coordinator names one.
    #[param(value_type = Option<Uuid>)]
    referral_id: Option<ReferralId>,
    /// Of this type, such as `placement.decided`.
    #[param(max_length = 64)]
    event_type: Option<String>,
    /// From this number on.
    #[param(minimum = 1)]
    from_index: Option<u32>,
    /// At most so many; 50 if left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
}

/// An entry, with what is needed to check it: the text exactly as it was hashed, and the link.
#[derive(Serialize, ToSchema)]
pub struct EntryView {
    index: u64,
    /// SHA-256(previous link ‖ SHA-256(0x00 ‖ text)).
    link: Link,
    /// The text exactly as hashed.
    text: String,
    /// The same, to be read.
    entry: Entry,
}

impl EntryView {
    fn of(stored: StoredEntry) -> Result<Self, Problem> {
        let entry = serde_json::from_str(&stored.text).map_err(|_| Problem::new(Kind::InternalError))?;
        Ok(Self { index: stored.index, link: stored.link, text: stored.text, entry })
    }
}

/// Entries, by number.
#[derive(Serialize, ToSchema)]
pub struct EntryList {
    entries: Vec<EntryView>,
}

/// Lists entries of the trail by number: the auditor any, a coordinator those about a case of its own.
#[utoipa::path(tag = "audit", params(AuditEntriesQuery), responses((status = 200, body = EntryList)),
    security(("bearer" = ["audit:read"])))]
#[get("/audit-entries")]
pub async fn list_audit_entries(
    allowed: Allowed<ToReadAudit>,
    desk: Data<Desk>,
    query: Query<AuditEntriesQuery>,
) -> Result<HttpResponse, Problem> {
    let asked = query.0;
    if allowed.scope != Scope::Full && asked.referral_id.is_none() {
        let detail = Text::fixed("Noem de aanmelding.", "Name the referral.");
        let fault = Fault { spot: Spot::Query("referralId".to_owned()), code: "missing", detail };
        return Err(Problem::invalid(vec![fault]));
    }
    let filter = EntryFilter {
        referral: asked.referral_id,
        event_type: asked.event_type,
        from_index: asked.from_index.map_or(1, u64::from),
        limit: i64::from(asked.limit.unwrap_or(ENTRIES_DEFAULT)),
        ..EntryFilter::default()
    };
    found(desk, allowed, filter, "list_audit_entries").await
}

async fn found(
    desk: Data<Desk>,
    allowed: Allowed<ToReadAudit>,
    filter: EntryFilter,
    operation: &'static str,
) -> Result<HttpResponse, Problem> {
    let found =
        desk.run(|desk| async move { find(&desk, &allowed.call, allowed.scope, filter, operation).await }).await?;
    let entries = found.into_iter().map(EntryView::of).collect::<Result<_, _>>()?;
    Ok(HttpResponse::Ok().json(EntryList { entries }))
}

/// Somebody, as the trail knows people.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AuditActorBody {
    /// Who vouches for the person.
    #[schema(min_length = 1, max_length = 255)]
    issuer: String,
    /// The person, as the issuer numbers people.
    #[schema(min_length = 1, max_length = 255)]
    subject: String,
}

/// Whom and when a search of the trail is about; all conditions must hold.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SearchAuditBody {
    /// Who saw this person, and did what? The person stands in the trail as the id of the referral; a coordinator names it.
    person: Option<ReferralId>,
    /// What did this one do, and whom did it touch?
    actor: Option<AuditActorBody>,
    /// From this moment on.
    from_at: Option<DateTime<Utc>>,
    /// Before this moment.
    until_at: Option<DateTime<Utc>>,
    /// From this number on: one more than the last of the page before.
    #[schema(minimum = 1)]
    from_index: Option<u32>,
    /// At most so many; 50 if left out.
    #[schema(minimum = 1, maximum = 200)]
    limit: Option<u16>,
}

/// Searches the trail for who saw a person, or for what somebody did between two moments.
#[utoipa::path(tag = "audit", request_body = SearchAuditBody,
    responses((status = 200, body = EntryList), (status = 404, body = Problem)),
    security(("bearer" = ["audit:read"])), extensions(("x-safe" = json!(true))))]
#[post("/audit-entries/_search")]
pub async fn search_audit_entries(
    allowed: Allowed<ToReadAudit>,
    desk: Data<Desk>,
    body: Body<SearchAuditBody>,
) -> Result<HttpResponse, Problem> {
    let has_all = allowed.scope == Scope::Full;
    let filter = body.parse(|body| {
        if !has_all && body.person.is_none() {
            return Err(vec![Fault::at(
                "/person",
                "missing",
                Text::fixed("Noem de aanmelding.", "Name the referral."),
            )]);
        }
        let (issuer, subject) = body.actor.map(|actor| (actor.issuer, actor.subject)).unzip();
        Ok(EntryFilter {
            referral: body.person,
            subject,
            issuer,
            from: body.from_at,
            until: body.until_at,
            event_type: None,
            from_index: body.from_index.map_or(1, u64::from),
            limit: i64::from(body.limit.unwrap_or(ENTRIES_DEFAULT)),
        })
    })?;
    found(desk, allowed, filter, "search_audit_entries").await
}

/// Against what to verify.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VerifyAuditBody {
    /// A head that was written down earlier, as `INDEX:HASH`: finds a trail that was cut off and written anew.
    #[schema(min_length = 66, max_length = 85)]
    expected: Option<String>,
}

/// Whether the trail is what was written.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VerificationView {
    is_intact: bool,
    /// The end of the chain, if it is intact; write it down elsewhere.
    head: Option<Head>,
    /// Where it is broken, and how.
    fault: Option<ChainFault>,
}

/// Verifies the whole chain of the trail.
#[utoipa::path(tag = "audit", request_body = VerifyAuditBody, responses((status = 200, body = VerificationView)),
    security(("bearer" = ["audit:verify"])), extensions(("x-safe" = json!(true))))]
#[post("/audit-entries/_verify")]
pub async fn verify_audit_entries(
    allowed: Allowed<ToVerifyAudit>,
    desk: Data<Desk>,
    body: Body<VerifyAuditBody>,
) -> Result<HttpResponse, Problem> {
    let expected = body.parse(|body| {
        let head = body.expected.map(|text| text.parse::<Head>()).transpose();
        let detail = Text::fixed(
            "Geef INDEX:HASH, met 64 hexadecimale cijfers.",
            "Give INDEX:HASH, with 64 hexadecimal digits.",
        );
        head.map_err(|_| vec![Fault::at("/expected", "invalid_head", detail)])
    })?;
    let verified = desk.run(|desk| async move { verify(&desk, &allowed.call, expected).await }).await?;
    let (head, fault) = (verified.as_ref().ok().copied(), verified.err());
    Ok(HttpResponse::Ok().json(VerificationView { is_intact: fault.is_none(), head, fault }))
}
