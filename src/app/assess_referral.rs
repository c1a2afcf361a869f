//! Judging whether a person is eligible: CoMensha's own judgement, with a written reason. The engine only advises.

use super::{Answer, Desk, Failure, done, identity, is_program, refused};
use crate::domain::audit::{Action, Call, Event, ObjectKind, Sensitivity};
use crate::domain::ids::{AssessmentId, ReferralId};
use crate::domain::placement::decision::Assessment;
use crate::domain::placement::refusal::Refusal;
use crate::domain::referral::lifecycle::{Judgement, Step};
use crate::store;

/// A judgement, or a question back to the referrer.
#[derive(Clone)]
pub struct AssessReferral {
    /// Of whom.
    pub referral: ReferralId,
    /// The judgement; `None` asks the referrer for more.
    pub judgement: Option<Judgement>,
    /// The written reason.
    pub reason: String,
}

/// Records the judgement and moves the referral on.
pub async fn assess_referral(desk: &Desk, call: &Call, command: AssessReferral) -> Result<Answer<Assessment>, Failure> {
    let at = desk.clock.now();
    let assessment = Assessment {
        id: desk.ids.next(AssessmentId),
        referral: command.referral,
        judgement: command.judgement,
        reason: command.reason,
        assessed_by: identity(&call.actor),
        assessed_at: at,
    };
    desk.store
        .write(call, at, async |tx| {
            let mut referral = store::referral::load(tx, command.referral).await?.ok_or(Failure::NotFound)?;
            let event = Event::new("referral.assessed", Action::Update, "assess_referral")
                .about(ObjectKind::Assessment, assessment.id)
                .person(referral.id)
                .sensitivity(Sensitivity::Special)
                .reason(code(command.judgement));
            if is_program(&call.actor) {
                return refused(Refusal::PersonRequired, event);
            }
            if let Err(wrong) = referral.step(command.judgement.map_or(Step::AskForMore, Step::Judge), at) {
                return refused(wrong.into(), event);
            }
            store::referral::save(tx, &mut referral).await?;
            store::assessment::insert(tx, &assessment).await?;
            done(assessment, event)
        })
        .await
}

fn code(judgement: Option<Judgement>) -> &'static str {
    judgement.map_or("incomplete", Judgement::name)
}
