//! A change of a referral: only what is named changes.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::consent::{Consent, RegistrationGround};
use super::facts::{Background, Circumstances};
use super::request::{CaseReference, Referral, Urgence};
use super::vocabulary::DossierType;

/// What to change. `None` leaves the part as it is.
#[derive(Clone, Default)]
pub struct Amendment {
    /// Send a draft.
    pub submit: bool,
    /// What is asked for.
    pub dossier: Option<DossierType>,
    /// Numbers under which organisations keep the case.
    pub references: Option<Vec<CaseReference>>,
    /// The ground of registration.
    pub ground: Option<RegistrationGround>,
    /// The victim's consent.
    pub consent: Option<Consent>,
    /// The tier.
    pub urgence: Option<Urgence>,
    /// New facts: of these, only the fields listed in `named` count.
    pub circumstances: Circumstances,
    /// New background: of this, only the fields listed in `named` count.
    pub background: Background,
    /// The wire names (camelCase) of the facts and background fields that were sent.
    pub named: Vec<&'static str>,
}

impl Amendment {
    /// The names of the fields it changes, for the trail.
    pub fn names(&self) -> Vec<&'static str> {
        let parts = [
            (self.dossier.is_some(), "dossierType"),
            (self.references.is_some(), "references"),
            (self.ground.is_some(), "legalBasis"),
            (self.consent.is_some(), "consent"),
            (self.urgence.is_some(), "tier"),
        ];
        let parts = parts.into_iter().filter_map(|(sent, name)| sent.then_some(name));
        parts.chain(self.named.iter().copied()).collect()
    }

    /// Changes the referral.
    pub fn apply_to(self, referral: &mut Referral) {
        referral.circumstances = merged(&referral.circumstances, &self.circumstances, &self.named);
        referral.background = merged(&referral.background, &self.background, &self.named);
        if let Some(dossier) = self.dossier {
            referral.dossier = dossier;
        }
        if let Some(references) = self.references {
            referral.references = references;
        }
        if let Some(ground) = self.ground {
            referral.ground = ground;
        }
        if let Some(consent) = self.consent {
            referral.consent = consent;
        }
        if let Some(urgence) = self.urgence {
            referral.urgence = Some(urgence);
        }
    }
}

/// `old` with the named fields of `new`. Fields are named as on the wire, so the merge runs over that form; both sides
/// come from the same type, so reading it back cannot fail, and if it did the old facts would stand.
fn merged<T: Clone + Serialize + DeserializeOwned>(old: &T, new: &T, named: &[&str]) -> T {
    let (Ok(Value::Object(mut merged)), Ok(Value::Object(changes))) =
        (serde_json::to_value(old), serde_json::to_value(new))
    else {
        return old.clone();
    };
    for (name, value) in changes {
        if named.contains(&name.as_str()) {
            merged.insert(name, value);
        }
    }
    serde_json::from_value(Value::Object(merged)).unwrap_or_else(|_| old.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fact::{Fact, Source};
    use crate::domain::referral::needs::{Ggz, Lvb};

    #[test]
    fn only_named_facts_change_and_an_unknown_can_be_stated_again() {
        let at = "2026-03-02T12:00:00Z".parse().unwrap();
        let old = Circumstances {
            lvb: Fact::stated(Lvb::Diagnosed, Source::Referrer, at),
            ggz: Fact::stated(Ggz::Diagnosis, Source::Referrer, at),
            ..Circumstances::default()
        };
        let new = Circumstances { lvb: Fact::UNKNOWN, ..Circumstances::default() };
        let merged = merged(&old, &new, &["lvb"]);
        assert!(merged.lvb.known().is_none());
        assert_eq!(merged.ggz.known(), Some(&Ggz::Diagnosis));
    }
}
