//! Submitting a referral: it is stored with its facts, or kept as a draft.

use chrono::{DateTime, Utc};

use super::{Answer, Desk, Failure, done, refused};
use crate::domain::audit::{Action, Call, Event, ObjectKind, Sensitivity};
use crate::domain::ids::ReferralId;
use crate::domain::placement::refusal::{MissingGround, Refusal};
use crate::domain::referral::consent::{Consent, RegistrationGround};
use crate::domain::referral::facts::{Background, Circumstances};
use crate::domain::referral::lifecycle::{ReferralState, Step, WrongState};
use crate::domain::referral::request::{CaseReference, Referral, Referrer, Urgence};
use crate::domain::referral::vocabulary::{DossierType, LegalBasis, ReferrerType};
use crate::domain::role::Role;
use crate::store;

/// What a referrer sends. Who refers is taken from the call, never from the body.
#[derive(Clone)]
pub struct SubmitReferral {
    /// Keep it as a draft.
    pub draft: bool,
    /// What is asked for.
    pub dossier: DossierType,
    /// Kind of referrer.
    pub referrer: ReferrerType,
    /// Police unit or region.
    pub region: Option<String>,
    /// Numbers under which organisations keep the case.
    pub references: Vec<CaseReference>,
    /// On what ground it is registered.
    pub ground: RegistrationGround,
    /// The victim's consent for a shelter request.
    pub consent: Consent,
    /// The tier, if the caller may set it.
    pub urgence: Option<Urgence>,
    /// What the engine may read.
    pub circumstances: Circumstances,
    /// What it may never see.
    pub background: Background,
}

/// Submits a referral and answers with it.
pub async fn submit_referral(desk: &Desk, call: &Call, command: SubmitReferral) -> Result<Answer<Referral>, Failure> {
    let at = desk.clock.now();
    let id = desk.ids.next(ReferralId);
    let event = Event::new("referral.submitted", Action::Create, "submit_referral")
        .about(ObjectKind::Referral, id)
        .person(id)
        .sensitivity(Sensitivity::Special);
    let mut referral = Referral {
        id,
        version: 1,
        state: ReferralState::Draft,
        state_since: at,
        status_since: at,
        received_at: at,
        dossier: command.dossier,
        referrer: Referrer {
            kind: command.referrer,
            organisation: call.actor.organisation.clone(),
            region: command.region,
            issuer: call.actor.issuer.clone(),
            subject: call.actor.subject.clone(),
        },
        references: command.references,
        ground: command.ground,
        consent: command.consent,
        urgence: command.urgence,
        circumstances: command.circumstances,
        background: command.background,
    };
    let wrong = if command.draft { None } else { register(&mut referral, call, at).err() };
    desk.store
        .write(call, at, async |tx| {
            if let Some(wrong) = wrong {
                return refused(wrong, event);
            }
            store::referral::insert(tx, &referral).await?;
            done(referral, event.version(1))
        })
        .await
}

/// Sends a draft if there is a ground to register the victim. Without one nothing is kept beyond the draft.
pub(super) fn register(referral: &mut Referral, call: &Call, at: DateTime<Utc>) -> Result<(), Refusal> {
    check_ground(referral, call, at)?;
    Ok(send(referral, at)?)
}

/// Whether there is a ground for the registration. Only who investigates, or CoMensha for them, can state a decree.
pub(super) fn check_ground(referral: &Referral, call: &Call, at: DateTime<Utc>) -> Result<(), Refusal> {
    let role = call.actor.role;
    let may_state = role == Role::Coordinator
        || match referral.ground.basis {
            LegalBasis::Bpg42 => matches!(role, Role::Police | Role::Kmar),
            LegalBasis::SpecialInvestigation => role == Role::Nla,
            LegalBasis::Consent | LegalBasis::Other => true,
        };
    let missing = referral.missing_registration_ground(at.date_naive());
    match missing.or((!may_state).then_some(MissingGround::NotForThisReferrer)) {
        Some(missing) => Err(Refusal::RegistrationGroundMissing(missing)),
        None => Ok(()),
    }
}

/// Sends a draft, or takes a referral up again after its facts changed: a shelter request, or a registration only.
pub(super) fn send(referral: &mut Referral, at: DateTime<Utc>) -> Result<(), WrongState> {
    let step = if referral.asks_for_shelter() { Step::Resubmit } else { Step::Register };
    referral.step(step, at)
}
