//! The facts the engine reads, by the name under which evidence and questions refer to them.
//!
//! Facts about the person stand first, facts about the unit after them; that order tells one from the other.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A fact the engine reads: the name under which evidence and questions refer to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FactCode {
    /// Signs of trafficking.
    VictimStatus,
    /// Intellectual disability.
    Lvb,
    /// Psychological problems.
    Ggz,
    /// Addiction.
    Addiction,
    /// Areas of life with serious problems.
    LifeDomains,
    /// Whether regular shelter is insufficient.
    RegularShelterInsufficient,
    /// Residence title.
    ResidencePhase,
    /// First day of the reflection period.
    ReflectionStart,
    /// Day it ended early.
    ReflectionEndedOn,
    /// Dublin claimant.
    DublinClaimant,
    /// Where the person stays or the procedure runs.
    Jurisdiction,
    /// Birth date or age.
    Birth,
    /// Birth date or age of the linked person.
    LinkedBirth,
    /// Authority over a minor.
    Guardian,
    /// Forms of exploitation.
    ExploitationForms,
    /// The coordinator's judgement on the route.
    RouteJudgement,
    /// Consent for the shelter request.
    Consent,
    /// Gender, the person's own statement.
    Gender,
    /// Children who come along.
    ChildrenAlong,
    /// Wish to be placed together.
    PlaceTogether,
    /// Linked referrals.
    LinkedReferrals,
    /// Urgency.
    Urgency,
    /// Danger areas.
    DangerRegions,
    /// Level of threat.
    ThreatLevel,
    /// Required level of security.
    RequiredSecurity,
    /// Need of a secret address.
    NeedsSecretAddress,
    /// Services needed.
    ServiceNeeds,
    /// What is needed to move about.
    Mobility,
    /// Care that must be reachable.
    MustHaveCare,
    /// Known conflicts.
    KnownConflicts,
    /// Where the other person of a conflict is.
    Whereabouts,
    /// The group of the person.
    Group,
    /// Aggression.
    Aggression,
    /// Suicidality.
    Suicidality,
    /// Pregnancy.
    Pregnant,
    /// Wish about the living form.
    LivingFormWish,
    /// Living forms that do not suit.
    LivingFormUnsuitable,
    /// Wish for daytime activities.
    DaytimeWish,
    /// Pets.
    Pets,
    /// Ties to keep.
    TiesToKeep,
    /// Whether communication must be arranged.
    Interpreter,
    /// The tier.
    Tier,
    /// Unit: its programme.
    UnitProgramme,
    /// Unit: admits women.
    UnitWomen,
    /// Unit: admits men.
    UnitMen,
    /// Unit: admits children along.
    UnitChildren,
    /// Unit: admits couples.
    UnitCouples,
    /// Unit: admits people under 18 with a referral of their own.
    UnitMinors,
    /// Unit: age bounds.
    UnitAges,
    /// Unit: crisis, move-on or not documented.
    UnitKind,
    /// Unit: its places.
    UnitPlaces,
    /// Unit: announced ends of stays.
    UnitEnds,
    /// Unit: services.
    UnitServices,
    /// Unit: reachable without steps.
    UnitStepFree,
    /// Unit: guarded or locked entrance.
    UnitSecured,
    /// Unit: secret address.
    UnitSecretAddress,
    /// Unit: city and police unit.
    UnitLocation,
    /// Unit: the group of the residents.
    UnitGroup,
    /// Unit: contra-indications on file.
    UnitContraindications,
    /// Unit: reachable care.
    UnitCare,
    /// Unit: open for intake.
    UnitIntake,
    /// Unit: when its figures were confirmed.
    UnitFigures,
    /// Unit: specialism in intellectual disability.
    UnitLvb,
    /// Unit: specialism in mental health care.
    UnitGgz,
    /// Unit: specialism in addiction.
    UnitAddiction,
    /// Unit: living form.
    UnitLivingForm,
    /// Unit: school or daytime activities.
    UnitDaytime,
    /// Unit: admits pets.
    UnitPets,
    /// Unit: how communication is arranged.
    UnitCommunication,
    /// Unit: onward step in the same organisation.
    UnitOnwardStep,
}

impl FactCode {
    /// True if it is a fact of the unit, not of the person.
    pub fn is_about_unit(self) -> bool {
        self >= Self::UnitProgramme
    }
}
