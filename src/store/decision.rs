//! Decisions of CoMensha, each with its written reason apart. A temporary place is a decision, not a place of the catalogue.

use chrono::{DateTime, Utc};
use diesel::{ExpressionMethods, Insertable, QueryDsl, Queryable, Selectable, SelectableHelper};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{
    error::StoreError,
    schema::{decision_reasons, decisions},
    transaction::Tx,
    words::{Reader, word},
};
use crate::domain::{
    ids::{DecisionId, PlacementId, ProposalId, ReferralId, ResultId},
    placement::decision::{Decision, Outcome},
};

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = decisions, treat_none_as_default_value = false)]
struct Row {
    id: Uuid,
    referral: Uuid,
    outcome: String,
    proposal: Option<Uuid>,
    placement: Option<Uuid>,
    temporary_place: Option<String>,
    temporary_until: Option<DateTime<Utc>>,
    target: Option<String>,
    refusal: Option<String>,
    result: Option<Uuid>,
    decided_by: String,
    decided_at: DateTime<Utc>,
}

/// Stores a decision. The placement that follows from it must be there when the transaction ends.
pub async fn insert(tx: &Tx<'_>, decision: &Decision) -> Result<(), StoreError> {
    let row = row_of(decision)?;
    diesel::insert_into(decisions::table).values(&row).execute(&mut tx.on()).await?;
    let reason = (decision_reasons::decision.eq(decision.id.0), decision_reasons::reason.eq(&decision.reason));
    diesel::insert_into(decision_reasons::table).values(reason).execute(&mut tx.on()).await?;
    Ok(())
}

/// The decisions on a referral, the newest first.
pub async fn list(tx: &Tx<'_>, referral: ReferralId) -> Result<Vec<Decision>, StoreError> {
    let rows = decisions::table
        .inner_join(decision_reasons::table)
        .filter(decisions::referral.eq(referral.0))
        .order(decisions::number.desc())
        .select((Row::as_select(), decision_reasons::reason))
        .load::<(Row, String)>(&mut tx.on())
        .await?;
    rows.into_iter().map(|(row, reason)| decision_of(row, reason)).collect()
}

fn row_of(decision: &Decision) -> Result<Row, StoreError> {
    let mut row = Row {
        id: decision.id.0,
        referral: decision.referral.0,
        outcome: decision.outcome.name().to_owned(),
        proposal: None,
        placement: None,
        temporary_place: None,
        temporary_until: None,
        target: None,
        refusal: None,
        result: decision.result.map(|id| id.0),
        decided_by: decision.decided_by.clone(),
        decided_at: decision.decided_at,
    };
    match &decision.outcome {
        Outcome::Placed { proposal_id, placement_id } => {
            (row.proposal, row.placement) = (Some(proposal_id.0), Some(placement_id.0));
        }
        Outcome::WaitingList => {}
        Outcome::TemporaryPlace { place, until } => {
            (row.temporary_place, row.temporary_until) = (Some(word(place)?), *until);
        }
        Outcome::Redirected { target } => row.target = Some(word(target)?),
        Outcome::Refused { reason } => row.refusal = Some(word(reason)?),
    }
    Ok(row)
}

fn decision_of(row: Row, reason: String) -> Result<Decision, StoreError> {
    let reader = Reader::of("decisions", row.id);
    let columns = (row.proposal, row.placement, row.temporary_place, row.temporary_until, row.target, row.refusal);
    // The CHECKs say that exactly the columns that belong to the outcome are there; the enum reads the same.
    let outcome = match (row.outcome.as_str(), columns) {
        ("placed", (Some(proposal), Some(placement), None, None, None, None)) => {
            Outcome::Placed { proposal_id: ProposalId(proposal), placement_id: PlacementId(placement) }
        }
        ("waiting_list", (None, None, None, None, None, None)) => Outcome::WaitingList,
        ("temporary_place", (None, None, Some(place), until, None, None)) => {
            Outcome::TemporaryPlace { place: reader.word("temporary_place", place)?, until }
        }
        ("redirected", (None, None, None, None, Some(target), None)) => {
            Outcome::Redirected { target: reader.word("target", target)? }
        }
        ("refused", (None, None, None, None, None, Some(reason))) => {
            Outcome::Refused { reason: reader.word("refusal", reason)? }
        }
        _ => return Err(reader.corrupt("the outcome and what belongs to it do not agree")),
    };
    Ok(Decision {
        id: DecisionId(row.id),
        referral: ReferralId(row.referral),
        outcome,
        result: row.result.map(ResultId),
        reason,
        decided_by: row.decided_by,
        decided_at: row.decided_at,
    })
}
