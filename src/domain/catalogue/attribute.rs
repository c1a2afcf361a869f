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

    /// Its name on the wire and in the catalogue file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Women => "women",
            Self::Men => "men",
            Self::Children => "children",
            Self::Minors => "minors",
            Self::Couples => "couples",
            Self::Pets => "pets",
            Self::Lvb => "lvb",
            Self::Ggz => "ggz",
            Self::Addiction => "addiction",
            Self::Sexual => "sexual",
            Self::Labour => "labour",
            Self::Honour => "honour",
            Self::SecretAddress => "secret_address",
            Self::Secured => "secured",
            Self::StepFree => "step_free",
            Self::NightIntake => "night_intake",
            Self::Daytime => "daytime",
        }
    }

    /// The attribute with this name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.name() == name)
    }
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

#[cfg(test)]
mod tests {
    use super::AttributeCode;

    #[test]
    fn the_name_is_the_one_on_the_wire() {
        for code in AttributeCode::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.name());
            assert_eq!(AttributeCode::of_name(code.name()), Some(code));
        }
    }
}
