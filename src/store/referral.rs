//! Referrals: the state row, the facts apart from it, and the numbers under which organisations keep the case.

use chrono::{DateTime, Utc};
use diesel::{
    AsChangeset, BoolExpressionMethods, ExpressionMethods, Insertable, OptionalExtension, PgExpressionMethods,
    QueryDsl, Queryable, Selectable, SelectableHelper,
};
use diesel_async::RunQueryDsl;
use futures_util::future::try_join_all;
use serde_json::Value;
use uuid::Uuid;

use super::{
    cached::Cached,
    error::StoreError,
    schema::{case_references, referral_facts, referrals},
    transaction::Tx,
    words::{Reader, document, saved_once, word},
};
use crate::domain::{
    ids::{OrganisationCode, ReferralId},
    referral::{
        lifecycle::ReferralState,
        request::{CaseReference, Referral, Referrer},
    },
};

/// Which referrals are listed; all conditions must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReferralFilter {
    /// In one of these states; empty is every state.
    pub states: Vec<&'static str>,
    /// Referred by this organisation.
    pub organisation: Option<OrganisationCode>,
    /// At most so many.
    pub limit: i64,
}

#[derive(Insertable, Queryable, Selectable, AsChangeset)]
#[diesel(table_name = referrals, treat_none_as_default_value = false, treat_none_as_null = true)]
struct Row {
    id: Uuid,
    version: i64,
    state: String,
    target: Option<String>,
    refusal: Option<String>,
    withdrawal: Option<String>,
    state_since: DateTime<Utc>,
    status_since: DateTime<Utc>,
    received_at: DateTime<Utc>,
    dossier: String,
    referrer_kind: String,
    referrer_organisation: Option<String>,
    referrer_region: Option<String>,
    referrer_issuer: String,
    referrer_subject: String,
}

#[derive(Insertable, Queryable, Selectable, AsChangeset)]
#[diesel(table_name = referral_facts, primary_key(referral), treat_none_as_default_value = false, treat_none_as_null = true)]
struct Facts {
    referral: Uuid,
    ground: Value,
    consent: Value,
    urgence: Option<Value>,
    circumstances: Value,
    background: Value,
}

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = case_references, treat_none_as_default_value = false)]
struct Reference {
    referral: Uuid,
    position: i32,
    organisation: String,
    reference: String,
}

/// Stores a new referral.
pub async fn insert(tx: &Tx<'_>, referral: &Referral) -> Result<(), StoreError> {
    let (row, facts) = (row_of(referral, referral.version)?, facts_of(referral)?);
    diesel::insert_into(referrals::table).values(&row).execute(&mut tx.on()).await?;
    diesel::insert_into(referral_facts::table).values(&facts).execute(&mut tx.on()).await?;
    save_references(tx, referral).await
}

/// Stores a referral as it is now, under its next version.
pub async fn save(tx: &Tx<'_>, referral: &mut Referral) -> Result<(), StoreError> {
    let next = referral.version + 1;
    let (row, facts) = (row_of(referral, next)?, facts_of(referral)?);
    let key = referrals::id.eq(row.id).and(referrals::version.eq(referral.version));
    let saved = Cached(diesel::update(referrals::table.filter(key)).set(&row)).execute(&mut tx.on());
    // Most steps leave the facts as they are; then nothing personal is written again.
    let differs = referral_facts::ground
        .ne(&facts.ground)
        .or(referral_facts::consent.ne(&facts.consent))
        .or(referral_facts::urgence.is_distinct_from(&facts.urgence))
        .or(referral_facts::circumstances.ne(&facts.circumstances))
        .or(referral_facts::background.ne(&facts.background));
    let stale = referral_facts::table.filter(referral_facts::referral.eq(facts.referral)).filter(differs);
    let learned = Cached(diesel::update(stale).set(&facts)).execute(&mut tx.on());
    let (rows, _) = futures_util::try_join!(saved, learned)?;
    saved_once("referrals", rows)?;
    save_references(tx, referral).await?;
    referral.version = next;
    Ok(())
}

async fn save_references(tx: &Tx<'_>, referral: &Referral) -> Result<(), StoreError> {
    let mut references = Vec::with_capacity(referral.references.len());
    for (position, one) in (0_i32..).zip(&referral.references) {
        let (organisation, reference) = (one.organisation.0.clone(), one.reference.clone());
        references.push(Reference { referral: referral.id.0, position, organisation, reference });
    }
    let count = i32::try_from(references.len()).unwrap_or(i32::MAX);
    let beyond = case_references::referral.eq(referral.id.0).and(case_references::position.ge(count));
    diesel::delete(case_references::table.filter(beyond)).execute(&mut tx.on()).await?;
    let written = references.iter().map(|reference| {
        let upsert = diesel::insert_into(case_references::table)
            .values(reference)
            .on_conflict((case_references::referral, case_references::position))
            .do_update()
            .set((
                case_references::organisation.eq(diesel::upsert::excluded(case_references::organisation)),
                case_references::reference.eq(diesel::upsert::excluded(case_references::reference)),
            ));
        Cached(upsert).execute(&mut tx.on())
    });
    try_join_all(written).await?;
    Ok(())
}

/// One referral.
pub async fn load(tx: &Tx<'_>, id: ReferralId) -> Result<Option<Referral>, StoreError> {
    let row = referrals::table
        .inner_join(referral_facts::table)
        .filter(referrals::id.eq(id.0))
        .select((Row::as_select(), Facts::as_select()))
        .first::<(Row, Facts)>(&mut tx.on());
    let references = case_references::table
        .filter(case_references::referral.eq(id.0))
        .order(case_references::position)
        .select(Reference::as_select())
        .load::<Reference>(&mut tx.on());
    let (row, references) = futures_util::join!(row, references);
    let Some((row, facts)) = row.optional()? else { return Ok(None) };
    referral_of(row, facts, references?).map(Some)
}

/// Referrals, newest first.
pub async fn list(tx: &Tx<'_>, filter: &ReferralFilter) -> Result<Vec<Referral>, StoreError> {
    let mut query = referrals::table
        .inner_join(referral_facts::table)
        .order((referrals::received_at.desc(), referrals::id))
        .limit(filter.limit)
        .select((Row::as_select(), Facts::as_select()))
        .into_boxed();
    if !filter.states.is_empty() {
        query = query.filter(referrals::state.eq_any(filter.states.clone()));
    }
    if let Some(organisation) = &filter.organisation {
        query = query.filter(referrals::referrer_organisation.eq(organisation.0.clone()));
    }
    let rows = query.load::<(Row, Facts)>(&mut tx.on()).await?;
    with_references(tx, rows).await
}

/// Referrals that an organisation keeps under this number of its own.
pub async fn find_by_reference(
    tx: &Tx<'_>,
    organisation: &OrganisationCode,
    reference: &str,
) -> Result<Vec<Referral>, StoreError> {
    let known = case_references::table
        .filter(case_references::organisation.eq(organisation.as_str()))
        .filter(case_references::reference.eq(reference))
        .select(case_references::referral);
    let rows = referrals::table
        .inner_join(referral_facts::table)
        .filter(referrals::id.eq_any(known))
        .order((referrals::received_at.desc(), referrals::id))
        .select((Row::as_select(), Facts::as_select()))
        .load::<(Row, Facts)>(&mut tx.on())
        .await?;
    with_references(tx, rows).await
}

/// All referrals on the waiting list.
pub async fn waiting(tx: &Tx<'_>) -> Result<Vec<Referral>, StoreError> {
    list(tx, &ReferralFilter { states: vec!["waiting_list"], organisation: None, limit: i64::MAX }).await
}

async fn with_references(tx: &Tx<'_>, rows: Vec<(Row, Facts)>) -> Result<Vec<Referral>, StoreError> {
    let ids: Vec<Uuid> = rows.iter().map(|(row, _)| row.id).collect();
    let mut references = case_references::table
        .filter(case_references::referral.eq_any(ids))
        .order((case_references::referral, case_references::position))
        .select(Reference::as_select())
        .load::<Reference>(&mut tx.on())
        .await?;
    let mut found = Vec::with_capacity(rows.len());
    for (row, facts) in rows {
        let own = references.extract_if(.., |reference| reference.referral == row.id).collect();
        found.push(referral_of(row, facts, own)?);
    }
    Ok(found)
}

fn row_of(referral: &Referral, version: i64) -> Result<Row, StoreError> {
    let (mut target, mut refusal, mut withdrawal) = (None, None, None);
    match &referral.state {
        ReferralState::Redirected { target: to } => target = Some(word(to)?),
        ReferralState::Refused { reason } => refusal = Some(word(reason)?),
        ReferralState::Withdrawn { reason } => withdrawal = Some(word(reason)?),
        ReferralState::Draft
        | ReferralState::Submitted
        | ReferralState::Incomplete
        | ReferralState::Registered
        | ReferralState::Assessing
        | ReferralState::Eligible
        | ReferralState::NeedsReview
        | ReferralState::NotEligible
        | ReferralState::Matching
        | ReferralState::WaitingList
        | ReferralState::Placed
        | ReferralState::Closed => {}
    }
    Ok(Row {
        id: referral.id.0,
        version,
        state: referral.state.name().to_owned(),
        target,
        refusal,
        withdrawal,
        state_since: referral.state_since,
        status_since: referral.status_since,
        received_at: referral.received_at,
        dossier: word(&referral.dossier)?,
        referrer_kind: word(&referral.referrer.kind)?,
        referrer_organisation: referral.referrer.organisation.as_ref().map(|code| code.0.clone()),
        referrer_region: referral.referrer.region.clone(),
        referrer_issuer: referral.referrer.issuer.clone(),
        referrer_subject: referral.referrer.subject.clone(),
    })
}

fn facts_of(referral: &Referral) -> Result<Facts, StoreError> {
    Ok(Facts {
        referral: referral.id.0,
        ground: document(&referral.ground)?,
        consent: document(&referral.consent)?,
        urgence: referral.urgence.as_ref().map(document).transpose()?,
        circumstances: document(&referral.circumstances)?,
        background: document(&referral.background)?,
    })
}

fn referral_of(row: Row, facts: Facts, references: Vec<Reference>) -> Result<Referral, StoreError> {
    let reader = Reader::of("referrals", row.id);
    // The CHECKs say that exactly the word that belongs to the state is there; the enum reads the same.
    let state = match (row.state.as_str(), row.target, row.refusal, row.withdrawal) {
        ("redirected", target, None, None) => {
            ReferralState::Redirected { target: reader.needed_word("target", target)? }
        }
        ("refused", None, refusal, None) => ReferralState::Refused { reason: reader.needed_word("refusal", refusal)? },
        ("withdrawn", None, None, withdrawal) => {
            ReferralState::Withdrawn { reason: reader.needed_word("withdrawal", withdrawal)? }
        }
        (state, None, None, None) => reader.document("state", serde_json::json!({ "state": state }))?,
        _ => return Err(reader.corrupt("a reason of another state")),
    };
    Ok(Referral {
        id: ReferralId(row.id),
        version: row.version,
        state,
        state_since: row.state_since,
        status_since: row.status_since,
        received_at: row.received_at,
        dossier: reader.word("dossier", row.dossier)?,
        referrer: Referrer {
            kind: reader.word("referrer_kind", row.referrer_kind)?,
            organisation: row.referrer_organisation.map(OrganisationCode),
            region: row.referrer_region,
            issuer: row.referrer_issuer,
            subject: row.referrer_subject,
        },
        references: references
            .into_iter()
            .map(|one| CaseReference { organisation: OrganisationCode(one.organisation), reference: one.reference })
            .collect(),
        ground: reader.document("ground", facts.ground)?,
        consent: reader.document("consent", facts.consent)?,
        urgence: facts.urgence.map(|urgence| reader.document("urgence", urgence)).transpose()?,
        circumstances: reader.document("circumstances", facts.circumstances)?,
        background: reader.document("background", facts.background)?,
    })
}
