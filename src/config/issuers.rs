//! Whose tokens are believed: the settings of each issuer.

use std::path::PathBuf;

use chrono::Duration;

use super::{Form, Setting, SettingFault, Stated, Values, setting};
use crate::api::{
    demo_issuer::DEMO_ISSUER,
    token::{
        LIFE_MAX,
        key_set::SigningAlgorithm,
        key_source::{AddressFault, KeySource},
    },
};

/// The settings of an issuer. In the file they stand under `[[issuers]]`; the variables describe one issuer, which takes
/// the place of those in the file.
pub const ISSUER_SETTINGS: [Setting; 7] = [
    setting("issuer", "OMM_ISSUER", Form::Text, "issuer of access tokens, as their `iss` says"),
    setting(
        "jwks_url",
        "OMM_JWKS_URL",
        Form::Text,
        "address at which the issuer publishes its keys (JSON Web Key Set)",
    ),
    setting(
        "jwks_file",
        "OMM_JWKS_FILE",
        Form::Text,
        "file with the keys of the issuer, if they are not at an address",
    ),
    setting("role_claim", "OMM_ROLE_CLAIM", Form::Text, "claim that holds the role, if it is not `role`"),
    setting(
        "organisation_claim",
        "OMM_ORGANISATION_CLAIM",
        Form::Text,
        "claim that holds the organisation, if it is not `organisation`",
    ),
    setting(
        "max_lifetime_minutes",
        "OMM_MAX_LIFETIME_MINUTES",
        Form::Number,
        "longest life of its tokens in minutes, if it is not six hours",
    ),
    setting(
        "algorithms",
        "OMM_ALGORITHMS",
        Form::List,
        "algorithms it signs with, if not RS256, PS256, ES256 and EdDSA",
    ),
];

/// What is said of one issuer, and where.
#[derive(Clone, Debug)]
pub(super) struct IssuerValues {
    pub by: String,
    pub values: Values,
}

/// An issuer whose tokens are believed.
#[derive(Clone, Debug)]
pub struct IssuerSettings {
    /// Its name, as `iss` says.
    pub issuer: String,
    /// Where its public keys come from.
    pub keys: KeySource,
    /// The setting that says so, for messages.
    pub keys_stated_by: String,
    /// Claim that holds the role.
    pub role_claim: String,
    /// Claim that holds the organisation.
    pub organisation_claim: String,
    /// The longest life of its tokens.
    pub life_max: Duration,
    /// What it signs with.
    pub algorithms: Vec<SigningAlgorithm>,
}

/// Reads every issuer; there must be one, and none twice.
pub(super) fn read(all: &[IssuerValues], faults: &mut Vec<SettingFault>) -> Vec<IssuerSettings> {
    if all.is_empty() {
        faults.push(SettingFault::new(
            "OMM_ISSUER",
            "is not set, and no settings file has [[issuers]]: nobody could call. Name an issuer of access tokens, with \
             OMM_JWKS_URL or OMM_JWKS_FILE for its keys",
        ));
    }
    let mut found: Vec<IssuerSettings> = Vec::new();
    for values in all {
        let Some(issuer) = values.read(faults) else { continue };
        if found.iter().any(|other| other.issuer == issuer.issuer) {
            faults.push(SettingFault::new(&values.by, "this issuer stands twice"));
        }
        found.push(issuer);
    }
    found
}

impl IssuerValues {
    fn read(&self, faults: &mut Vec<SettingFault>) -> Option<IssuerSettings> {
        let issuer = self.issuer(faults);
        let keys = self.keys(faults);
        let role_claim = self.text("role_claim").unwrap_or("role").to_owned();
        let organisation_claim = self.text("organisation_claim").unwrap_or("organisation").to_owned();
        let (life_max, algorithms) = (self.life_max(faults), self.algorithms(faults));
        let (keys_stated_by, keys) = keys?;
        Some(IssuerSettings {
            issuer: issuer?,
            keys,
            keys_stated_by,
            role_claim,
            organisation_claim,
            life_max,
            algorithms,
        })
    }

    fn issuer(&self, faults: &mut Vec<SettingFault>) -> Option<String> {
        let Some(Stated { by, text }) = self.values.get("issuer") else {
            faults.push(SettingFault::new(&self.by, "says not which issuer: set `issuer` (OMM_ISSUER), as `iss` says"));
            return None;
        };
        if text == DEMO_ISSUER {
            faults.push(SettingFault::new(by, "is the issuer of `omm demo`, which no service believes"));
        } else if KeySource::address(text).err() == Some(AddressFault::Plain) {
            faults.push(SettingFault::new(by, "must begin with https://: who signs in over http:// can be overheard"));
        }
        Some(text.clone())
    }

    /// Where the keys come from, and which setting says so.
    fn keys(&self, faults: &mut Vec<SettingFault>) -> Option<(String, KeySource)> {
        match (self.values.get("jwks_url"), self.values.get("jwks_file")) {
            (Some(Stated { by, text }), None) => match KeySource::address(text) {
                Ok(source) => Some((by.clone(), source)),
                Err(fault) => {
                    faults.push(SettingFault::new(by, fault.to_string()));
                    None
                }
            },
            (None, Some(Stated { by, text })) => Some((by.clone(), KeySource::File(PathBuf::from(text)))),
            (None, None) => {
                let message = "has no keys: set `jwks_url` (OMM_JWKS_URL) or `jwks_file` (OMM_JWKS_FILE)";
                faults.push(SettingFault::new(&self.by, message));
                None
            }
            (Some(_), Some(Stated { by, .. })) => {
                faults.push(SettingFault::new(by, "stands beside `jwks_url`; keys come from one place"));
                None
            }
        }
    }

    fn life_max(&self, faults: &mut Vec<SettingFault>) -> Duration {
        let Some(Stated { by, text }) = self.values.get("max_lifetime_minutes") else { return LIFE_MAX };
        let found = text.parse().ok().filter(|minutes| (1..=LIFE_MAX.num_minutes()).contains(minutes));
        found.map_or_else(
            || {
                let message = format!("`{text}` is no number of minutes from 1 to {}", LIFE_MAX.num_minutes());
                faults.push(SettingFault::new(by, message));
                LIFE_MAX
            },
            Duration::minutes,
        )
    }

    fn algorithms(&self, faults: &mut Vec<SettingFault>) -> Vec<SigningAlgorithm> {
        let Some(Stated { by, text }) = self.values.get("algorithms") else { return SigningAlgorithm::ALL.into() };
        let mut found = Vec::new();
        for name in text.split(',').map(str::trim) {
            if let Ok(algorithm) = name.parse() {
                found.push(algorithm);
            } else {
                let message = format!("`{name}` is no algorithm for tokens; there are RS256, PS256, ES256, EdDSA");
                faults.push(SettingFault::new(by, message));
            }
        }
        found
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(|stated| stated.text.as_str())
    }
}
