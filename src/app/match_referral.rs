//! Making a match: every unit with its verdicts, stored with its input so that anybody can replay it.

use super::{Answer, Desk, Failure, done, matching_now, refused};
use crate::domain::audit::{Action, Call, Event, ObjectKind, Sensitivity};
use crate::domain::ids::{ReferralId, ResultId};
use crate::domain::placement::refusal::{MissingGround, Refusal};
use crate::domain::referral::lifecycle::{ReferralState, Step, WrongState};
use crate::domain::referral::request::Referral;
use crate::domain::referral::vocabulary::DossierType;
use crate::store;
use crate::store::match_result::StoredMatch;

/// Matches a referral against the world as it is now. The result advises; it changes no judgement.
///
/// A first match begins the assessment, one of an eligible referral begins the search for a place. Without consent the
/// result is provisional: CoMensha may prepare, nothing reaches a shelter.
pub async fn match_referral(desk: &Desk, call: &Call, id: ReferralId) -> Result<Answer<StoredMatch>, Failure> {
    let at = desk.clock.now();
    let result = desk.ids.next(ResultId);
    desk.store
        .write(call, at, async |tx| {
            let mut referral = store::referral::load(tx, id).await?.ok_or(Failure::NotFound)?;
            let event = Event::new("referral.matched", Action::Execute, "match_referral")
                .about(ObjectKind::MatchResult, result)
                .person(id)
                .sensitivity(Sensitivity::Special);
            if let Err(refusal) = begin(&mut referral, at) {
                return refused(refusal, event);
            }
            let matched = matching_now::match_now(desk, tx, &referral, at).await?;
            store::referral::save(tx, &mut referral).await?;
            let stored = matched.store(desk, tx, result, &referral).await?;
            done(stored, event)
        })
        .await
}

/// What a match means for the lifecycle.
fn begin(referral: &mut Referral, at: chrono::DateTime<chrono::Utc>) -> Result<(), Refusal> {
    if referral.dossier != DossierType::RegistrationAndShelter {
        return Err(Refusal::GroundMissing(MissingGround::NoShelterRequest));
    }
    match referral.state {
        ReferralState::Submitted => Ok(referral.step(Step::Assess, at)?),
        ReferralState::Eligible => Ok(referral.step(Step::Seek, at)?),
        ReferralState::Registered
        | ReferralState::Assessing
        | ReferralState::NeedsReview
        | ReferralState::NotEligible
        | ReferralState::Matching
        | ReferralState::WaitingList
        | ReferralState::Placed => Ok(()),
        ReferralState::Draft
        | ReferralState::Incomplete
        | ReferralState::Redirected { .. }
        | ReferralState::Refused { .. }
        | ReferralState::Withdrawn { .. }
        | ReferralState::Closed => {
            Err(WrongState { from: referral.state.name().into(), attempted: "match".into() }.into())
        }
    }
}
