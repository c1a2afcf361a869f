//! CoMensha's judgements on eligibility, each with its written reason apart.

use chrono::{DateTime, Utc};
use diesel::{ExpressionMethods, QueryDsl};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{
    error::StoreError,
    schema::{assessment_reasons, assessments},
    transaction::Tx,
    words::{Reader, word},
};
use crate::domain::{
    ids::{AssessmentId, ReferralId},
    placement::decision::Assessment,
};

type Columns = (Uuid, Option<String>, String, DateTime<Utc>, String);

/// Stores a judgement.
pub async fn insert(tx: &Tx<'_>, assessment: &Assessment) -> Result<(), StoreError> {
    let row = (
        assessments::id.eq(assessment.id.0),
        assessments::referral.eq(assessment.referral.0),
        assessments::judgement.eq(assessment.judgement.as_ref().map(word).transpose()?),
        assessments::assessed_by.eq(&assessment.assessed_by),
        assessments::assessed_at.eq(assessment.assessed_at),
    );
    diesel::insert_into(assessments::table).values(row).execute(&mut tx.on()).await?;
    let reason =
        (assessment_reasons::assessment.eq(assessment.id.0), assessment_reasons::reason.eq(&assessment.reason));
    diesel::insert_into(assessment_reasons::table).values(reason).execute(&mut tx.on()).await?;
    Ok(())
}

/// The judgements on a referral, the newest first.
pub async fn list(tx: &Tx<'_>, referral: ReferralId) -> Result<Vec<Assessment>, StoreError> {
    let rows = assessments::table
        .inner_join(assessment_reasons::table)
        .filter(assessments::referral.eq(referral.0))
        .order(assessments::number.desc())
        .select((
            assessments::id,
            assessments::judgement,
            assessments::assessed_by,
            assessments::assessed_at,
            assessment_reasons::reason,
        ))
        .load::<Columns>(&mut tx.on())
        .await?;
    let judged = rows.into_iter().map(|(id, judgement, assessed_by, assessed_at, reason)| {
        let judgement = Reader::of("assessments", id).maybe_word("judgement", judgement)?;
        Ok(Assessment { id: AssessmentId(id), referral, judgement, reason, assessed_by, assessed_at })
    });
    judged.collect()
}
