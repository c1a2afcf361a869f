//! The words of a need: what a person needs, and what threatens. The wire value is the name in snake_case.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How heavy the threat is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ThreatLevel {
    /// No threat.
    None,
    /// Threat present.
    Present,
    /// Severe threat.
    Severe,
    /// Acute threat.
    Acute,
}

/// Whom the threat comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ThreatFrom {
    /// The network.
    Network,
    /// A partner.
    Partner,
    /// Family.
    Family,
}

/// How a unit is secured, from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SecurityLevel {
    /// Open.
    Open,
    /// Safe, at an address that is not secret.
    SafeNotSecret,
    /// Guarded or locked entrance.
    Secured,
}

/// A service a person may need in a quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Service {
    /// Step-free room.
    StepFreeRoom,
    /// Intensive guidance.
    IntensiveGuidance,
    /// Cot.
    Cot,
    /// Night staff.
    NightStaff,
}

/// Care without which a place is no option.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MustHaveCare {
    /// Detox.
    Detox,
    /// Specialist mental health care.
    SpecialistGgz,
    /// Medical care day and night.
    #[serde(rename = "medical_24h")]
    Medical24h,
}

/// (Mild) intellectual disability.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Lvb {
    /// No sign.
    None,
    /// Suspected: a mild indicator.
    Suspected,
    /// Diagnosed: a clear indicator.
    Diagnosed,
}

/// Psychological problems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ggz {
    /// No sign.
    None,
    /// Complaints: a mild indicator.
    Complaints,
    /// Diagnosis: a clear indicator.
    Diagnosis,
    /// Acute, clinical care first.
    AcuteClinical,
}

/// Addiction or a background of addiction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Addiction {
    /// No sign.
    None,
    /// A history: a clear indicator.
    History,
    /// Active: a clear indicator.
    Active,
}

/// An area of life with serious problems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LifeDomain {
    /// Housing.
    Housing,
    /// Money.
    Money,
    /// Daytime activity.
    Daytime,
    /// Social network.
    Network,
    /// Parenting.
    Parenting,
    /// Health.
    Health,
    /// Justice.
    Justice,
    /// Another area.
    Other,
}

/// What the person needs to move about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mobility {
    /// Nothing.
    None,
    /// No steps.
    StepFree,
    /// Room for a wheelchair.
    Wheelchair,
    /// Daily physical care.
    DailyCare,
}

/// Whether something is absent, past or present.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Recency {
    /// Absent.
    None,
    /// In the past.
    Past,
    /// Now.
    Present,
}
