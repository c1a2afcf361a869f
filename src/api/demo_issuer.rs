//! Gives out tokens in the demo and in tests. No other mode knows it: real tokens come from the issuer of the field.
//!
//! Its key is made at start. `omm token` can sign while the demo runs because the key is kept in the demo's data folder,
//! readable by its owner alone; it is never part of the program.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use aws_lc_rs::signature::Ed25519KeyPair;
use chrono::{DateTime, Duration, Utc};
use jsonwebtoken::{Algorithm, EncodingKey, Header, jwk::Jwk};
use serde_json::json;
use uuid::Uuid;

use super::token::{TrustedIssuer, key_set::KeySetFault};
use crate::domain::{ids::OrganisationCode, role::Role};

/// The issuer's name; `.invalid` can belong to nobody.
pub const DEMO_ISSUER: &str = "https://demo-issuer.omm.invalid";
/// The name under which tokens are meant for this service.
pub const AUDIENCE: &str = "omm-placement";

const KEY_ID: &str = "demo-1";
const CLIENT: &str = "omm-demo";
/// As long as a token may live.
const LIFE: Duration = Duration::hours(6);

/// Signs tokens for invented people.
pub struct DemoIssuer {
    /// PKCS#8, as it is kept.
    key: Vec<u8>,
}

/// The demo issuer cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DemoIssuerError {
    /// The key file cannot be read or written.
    #[error("the key of the demo issuer cannot be kept")]
    File(#[from] io::Error),
    /// The key cannot be made, read or used.
    #[error("the key of the demo issuer cannot be used")]
    Key,
    /// The service would not take its own key.
    #[error(transparent)]
    KeySet(#[from] KeySetFault),
}

impl DemoIssuer {
    /// An issuer with a new key.
    pub fn new() -> Result<Self, DemoIssuerError> {
        let pair = Ed25519KeyPair::generate().map_err(|_| DemoIssuerError::Key)?;
        let key = pair.to_pkcs8v1().map_err(|_| DemoIssuerError::Key)?;
        Ok(Self { key: key.as_ref().to_vec() })
    }

    /// Keeps the key in a new file that only its owner can read; a file of an earlier demo is replaced.
    pub fn keep(&self, path: &Path) -> Result<(), DemoIssuerError> {
        match std::fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            Ok(()) | Err(_) => {}
        }
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        file.write_all(&self.key)?;
        file.sync_all()?;
        Ok(())
    }

    /// The issuer whose key a running demo keeps in this file.
    pub fn open(path: &Path) -> Result<Self, DemoIssuerError> {
        let mut key = Vec::new();
        File::open(path)?.take(4096).read_to_end(&mut key)?;
        Ed25519KeyPair::from_pkcs8(&key).map_err(|_| DemoIssuerError::Key)?;
        Ok(Self { key })
    }

    /// The public half, as the service trusts it.
    pub fn trusted(&self) -> Result<TrustedIssuer, DemoIssuerError> {
        Ok(TrustedIssuer::new(DEMO_ISSUER, AUDIENCE, &self.key_set()?)?)
    }

    /// The public half as a JSON Web Key Set.
    pub fn key_set(&self) -> Result<String, DemoIssuerError> {
        let mut jwk =
            Jwk::from_encoding_key(&self.signing_key(), Algorithm::EdDSA).map_err(|_| DemoIssuerError::Key)?;
        jwk.common.key_id = Some(KEY_ID.to_owned());
        Ok(json!({"keys": [jwk]}).to_string())
    }

    /// A token for a person in a role, valid for six hours from `now`.
    pub fn token(
        &self,
        role: Role,
        organisation: Option<&OrganisationCode>,
        subject: &str,
        now: DateTime<Utc>,
        id: Uuid,
    ) -> Result<String, DemoIssuerError> {
        self.token_for(role, organisation, subject, now, LIFE, id)
    }

    /// A token that lives so long from `now`; the service believes none that lives longer than six hours.
    pub fn token_for(
        &self,
        role: Role,
        organisation: Option<&OrganisationCode>,
        subject: &str,
        now: DateTime<Utc>,
        life: Duration,
        id: Uuid,
    ) -> Result<String, DemoIssuerError> {
        self.sign(&json!({
            "iss": DEMO_ISSUER,
            "aud": AUDIENCE,
            "sub": subject,
            "client_id": CLIENT,
            "jti": id,
            "iat": now.timestamp(),
            "exp": (now + life).timestamp(),
            "role": role,
            "organisation": organisation,
        }))
    }

    fn sign(&self, claims: &serde_json::Value) -> Result<String, DemoIssuerError> {
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some("at+jwt".to_owned());
        header.kid = Some(KEY_ID.to_owned());
        // A claim without a value is left out: a token says what is, not what is missing.
        let claims: serde_json::Map<_, _> = claims
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        jsonwebtoken::encode(&header, &claims, &self.signing_key()).map_err(|_| DemoIssuerError::Key)
    }

    fn signing_key(&self) -> EncodingKey {
        EncodingKey::from_ed_der(&self.key)
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_kept_key_signs_tokens_that_the_service_believes_and_only_its_owner_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let issuer = DemoIssuer::new().unwrap();
        issuer.keep(&path).unwrap();
        issuer.keep(&path).unwrap();
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        let now = DateTime::UNIX_EPOCH + Duration::days(20_000);
        let token = DemoIssuer::open(&path)
            .unwrap()
            .token(Role::Shelter, Some(&"kadera".into()), "shelter-kadera", now, Uuid::nil())
            .unwrap();
        let bearer = issuer.trusted().unwrap().verify(&token, now).unwrap();
        assert_eq!(bearer.role, Some(Role::Shelter));
        assert_eq!(bearer.organisation, Some("kadera".into()));
        assert!(bearer.is_person());
        assert!(DemoIssuer::new().unwrap().trusted().unwrap().verify(&token, now).is_err());
    }

    #[test]
    fn a_file_that_holds_no_key_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        assert!(matches!(DemoIssuer::open(&path), Err(DemoIssuerError::File(_))));
        std::fs::write(&path, b"no key").unwrap();
        assert!(matches!(DemoIssuer::open(&path), Err(DemoIssuerError::Key)));
    }
}
