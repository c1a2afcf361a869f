//! The reasons of the field: one enum per kind of answer. `other` asks for words beside it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Why a shelter objects to a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ObjectionReason {
    /// No place.
    NoPlace,
    /// The composition of the group.
    GroupComposition,
    /// Aggression.
    Aggression,
    /// Psychiatric problems too heavy.
    PsychiatricTooHeavy,
    /// Addiction.
    Addiction,
    /// Cannot care for self.
    CannotCareForSelf,
    /// In the danger area.
    DangerRegion,
    /// The secrecy needed is not offered.
    SecrecyNotMet,
    /// Gender not admitted.
    GenderNotAdmitted,
    /// Children not admitted.
    ChildrenNotAdmitted,
    /// The family is too large.
    FamilyTooLarge,
    /// Accessibility.
    Accessibility,
    /// Another reason, in words.
    Other,
}

/// Why CoMensha refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RefusalReason {
    /// No sign of trafficking.
    NoSignOfTrafficking,
    /// No multiple problems.
    NoMultiProblem,
    /// A minor.
    Minor,
    /// The residence title asks for another route.
    ResidenceRoute,
    /// Outside the Netherlands.
    OutsideJurisdiction,
    /// No consent.
    NoConsent,
    /// No suitable place.
    NoSuitablePlace,
    /// Another reason, in words.
    Other,
}

/// Why the victim declines; giving a reason is voluntary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeclineReason {
    /// No shelter wanted.
    NoShelterWanted,
    /// Too far.
    TooFar,
    /// Feels unsafe there.
    FeelsUnsafeThere,
    /// The living form.
    LivingForm,
    /// Separated from children or partner.
    SeparatedFromChildrenOrPartner,
    /// Own network.
    OwnNetwork,
    /// Wants to return.
    WantsReturn,
    /// Not stated.
    NotStated,
    /// Another reason, in words.
    Other,
}

/// Why a coordinator chooses another unit than the first rank, or against a dispensable rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DepartureReason {
    /// The victim's wish.
    VictimWish,
    /// Safety.
    Safety,
    /// Continuity of care.
    ContinuityOfCare,
    /// Household or ties.
    HouseholdOrTies,
    /// The shelter's answer.
    ShelterAnswer,
    /// A better place later.
    BetterLater,
    /// A toss-up.
    TossUp,
    /// Another reason, in words.
    Other,
}

/// Why a referral is withdrawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WithdrawalReason {
    /// By the victim.
    ByVictim,
    /// By the referrer.
    ByReferrer,
    /// Consent withdrawn.
    ConsentWithdrawn,
    /// Contact lost.
    ContactLost,
    /// Another reason.
    Other,
}

/// Where a route leads: what the law prescribes, and where a decision sends somebody on to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TargetRoute {
    /// OMM.
    Omm,
    /// COSM.
    Cosm,
    /// Labour exploitation beds.
    Iszw,
    /// Regular shelter of municipalities.
    WmoShelter,
    /// Youth care.
    YouthCare,
    /// Nidos, protected shelter.
    Nidos,
    /// Mental health crisis care first.
    GgzCrisisFirst,
    /// Reflection period first.
    ReflectionPeriodFirst,
    /// A programme in another country.
    ForeignProgramme,
    /// Registration only.
    RegistrationOnly,
    /// Not determined.
    Undetermined,
}

/// How a stay ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExitType {
    /// To independent life.
    Independent,
    /// To long-term care.
    LongTermCare,
    /// To regular shelter.
    RegularShelter,
    /// To a programme in another country.
    ForeignProgramme,
    /// Returned to the country of origin.
    Return,
    /// Otherwise.
    Other,
}
