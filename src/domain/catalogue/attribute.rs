//! The attributes a location can have, each yes, no or unknown.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::fact::Verdict;

/// What a location can offer or admit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AttributeCode {
    /// Admits women.
    Women,
    /// Admits men.
    Men,
    /// Admits children who come along with a parent.
    Children,
    /// Admits people under 18 with a referral of their own.
    Minors,
    /// Admits couples.
    Couples,
    /// Admits pets.
    Pets,
    /// Specialises in (mild) intellectual disability.
    Lvb,
    /// Specialises in mental health care.
    Ggz,
    /// Specialises in addiction.
    Addiction,
    /// Sexual exploitation is in scope.
    Sexual,
    /// Labour exploitation is in scope.
    Labour,
    /// Honour violence is in scope.
    Honour,
    /// The address is secret.
    SecretAddress,
    /// The entrance is guarded or locked.
    Secured,
    /// Reachable without steps.
    StepFree,
    /// Admits outside helpdesk hours.
    NightIntake,
    /// Offers school or daytime activities.
    Daytime,
}

impl AttributeCode {
    /// Every attribute, in the order of the catalogue file.
    pub const ALL: [Self; 17] = [
        Self::Women,
        Self::Men,
        Self::Children,
        Self::Minors,
        Self::Couples,
        Self::Pets,
        Self::Lvb,
        Self::Ggz,
        Self::Addiction,
        Self::Sexual,
        Self::Labour,
        Self::Honour,
        Self::SecretAddress,
        Self::Secured,
        Self::StepFree,
        Self::NightIntake,
        Self::Daytime,
    ];
}

/// One attribute of one location.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Attribute {
    /// Its value.
    pub value: Verdict,
    /// True if the value is a conclusion, not documented. An inferred `no` acts as unknown.
    pub inferred: bool,
}

impl Attribute {
    /// The value as a rule may use it: only a documented `no` is a `no`.
    pub fn effective(self) -> Verdict {
        if self.inferred && self.value == Verdict::No { Verdict::Unknown } else { self.value }
    }
}

/// All attributes of a location; one that is not listed is unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct Attributes(pub BTreeMap<AttributeCode, Attribute>);

impl Attributes {
    /// One attribute; not listed is unknown.
    pub fn get(&self, code: AttributeCode) -> Attribute {
        self.0.get(&code).copied().unwrap_or_default()
    }
}
