//! The words of a referral: who refers, on what ground, for whom. The wire value is the name in snake_case.
//!
//! "Unknown" is never a value here: an unknown fact has no value (`Fact::UNKNOWN`).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What is asked for; only `registration_and_shelter` is matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DossierType {
    /// Registration only.
    Registration,
    /// Registration, and a shelter request.
    RegistrationAndShelter,
    /// Registration, information and advice.
    RegistrationInfoAdvice,
}

/// Who refers; decides the ground for registration only, never a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReferrerType {
    /// Police (AVIM).
    Police,
    /// Military police.
    Kmar,
    /// Labour Authority.
    Nla,
    /// A regional care coordinator.
    CareCoordination,
    /// FairWork.
    Fairwork,
    /// Youth care.
    YouthCare,
    /// A shelter.
    Shelter,
    /// A lawyer.
    Lawyer,
    /// An outreach organisation.
    OutreachOrg,
    /// The victim.
    #[serde(rename = "self")]
    SelfReferred,
    /// Someone else.
    Other,
}

/// On what ground the registration rests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LegalBasis {
    /// Prior written consent of the victim.
    Consent,
    /// Besluit politiegegevens art. 4:2: police and KMar, no consent needed.
    #[serde(rename = "bpg_4_2")]
    Bpg42,
    /// The parallel decree for special investigation services.
    SpecialInvestigation,
    /// Another ground, explained.
    Other,
}

/// Whether there are signs of trafficking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum VictimStatus {
    /// Suspected victim; that is enough.
    Suspected,
    /// Established victim.
    Established,
    /// Assessed: no indication at all.
    NoSign,
}

/// Whether a place is needed now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// Now.
    Crisis,
    /// At a planned moment.
    Planned,
}

/// Where the victim stays now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CurrentStay {
    /// Police station.
    PoliceStation,
    /// Emergency bed.
    EmergencyBed,
    /// Hotel.
    Hotel,
    /// Hospital.
    Hospital,
    /// On the street.
    Street,
    /// Another shelter.
    Shelter,
    /// Detention.
    Detention,
    /// Own home.
    OwnHome,
    /// Elsewhere.
    Other,
}

/// Where the person stays or the procedure runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Jurisdiction {
    /// The Netherlands.
    #[serde(rename = "NL")]
    Nl,
    /// Belgium.
    #[serde(rename = "BE")]
    Be,
    /// Another country.
    Other,
}

/// Who has authority over a minor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Guardian {
    /// A parent.
    Parent,
    /// Nidos.
    Nidos,
    /// A certified institution.
    CertifiedInstitution,
    /// Nobody: unaccompanied.
    None,
}

/// The person's own statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Gender {
    /// Woman or girl.
    Female,
    /// Man or boy.
    Male,
    /// Another statement.
    Other,
}

/// Who has custody of a child who comes along.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Custody {
    /// The victim.
    Victim,
    /// Someone else.
    Other,
    /// Shared.
    Shared,
}

/// The residence title, as far as it bears on the route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ResidencePhase {
    /// Dutch national.
    Dutch,
    /// EU citizen with a right to stay.
    EuLawful,
    /// EU citizen without a right to stay.
    EuNoRight,
    /// In the reflection period.
    #[serde(rename = "b8_reflection")]
    B8Reflection,
    /// Holds a B8 permit.
    #[serde(rename = "b8_permit")]
    B8Permit,
    /// The B8 procedure has ended.
    #[serde(rename = "b8_ended")]
    B8Ended,
    /// Asylum procedure.
    Asylum,
    /// Dublin claim.
    Dublin,
    /// Another permit.
    OtherPermit,
    /// No residence title.
    None,
}

/// A form of exploitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExploitationForm {
    /// Sexual exploitation.
    Sexual,
    /// Labour or services.
    #[serde(rename = "labour_or_services")]
    LabourOrServices,
    /// Forced criminality.
    ForcedCriminality,
    /// Forced begging.
    ForcedBegging,
    /// Organ removal.
    OrganRemoval,
    /// Another form.
    Other,
}

/// How soon a place is needed: the first order of the waiting list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// Acute danger, or on the street tonight.
    #[serde(rename = "T0")]
    T0,
    /// A temporary bed ends within the set time.
    #[serde(rename = "T1")]
    T1,
    /// An unsuitable place now.
    #[serde(rename = "T2")]
    T2,
    /// A planned move.
    #[serde(rename = "T3")]
    T3,
}

/// A yes/no fact; unknown is its absence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum YesNo {
    /// Yes.
    Yes,
    /// No.
    No,
}

/// Declaration to the police. Registered, never used by the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Declaration {
    /// None.
    None,
    /// Considering.
    Considering,
    /// Made.
    Made,
    /// Another form of cooperation.
    OtherCooperation,
    /// Not wanted.
    NotWanted,
}

/// Who pays. Registered, never used by the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FinancingSource {
    /// COSM.
    Cosm,
    /// OMM.
    Omm,
    /// Wmo.
    Wmo,
    /// Youth care.
    Youth,
    /// Labour exploitation beds.
    Iszw,
    /// Health or long-term care insurance.
    ZvwWlz,
}
