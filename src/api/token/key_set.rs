//! The public keys of an issuer, read from a JSON Web Key Set (RFC 7517).
//!
//! Invariant: every key has one algorithm, settled here. Keys that cannot be used are left out, as the standard asks:
//! an issuer may publish keys for others beside those for us. A set without any key for us is refused.

use std::{fmt, str::FromStr};

use jsonwebtoken::{
    Algorithm, DecodingKey, DecodingKeyKind,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, KeyOperations, PublicKeyUse},
};
use serde::Deserialize;
use serde_json::Value;

/// No issuer names its keys at greater length; a longer name is not even compared.
pub(super) const KEY_ID_LENGTH_MAX: usize = 128;
/// Shorter RSA keys can be broken.
const RSA_BITS_MIN: usize = 2048;
/// Longer RSA keys only cost time.
const RSA_BITS_MAX: usize = 8192;

/// An algorithm that tokens may be signed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SigningAlgorithm {
    /// RSA with PKCS#1 padding and SHA-256.
    Rs256,
    /// RSA with PSS padding and SHA-256.
    Ps256,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// Ed25519.
    EdDsa,
}

impl SigningAlgorithm {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Rs256, Self::Ps256, Self::Es256, Self::EdDsa];

    /// Its name in tokens, keys and settings.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Ps256 => "PS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
        }
    }

    fn algorithm(self) -> Algorithm {
        match self {
            Self::Rs256 => Algorithm::RS256,
            Self::Ps256 => Algorithm::PS256,
            Self::Es256 => Algorithm::ES256,
            Self::EdDsa => Algorithm::EdDSA,
        }
    }

    /// The algorithm that a key names for itself; `Err` if it names one that is not taken.
    fn named_by(jwk: &Jwk) -> Result<Option<Self>, &'static str> {
        let Some(name) = jwk.common.key_algorithm else { return Ok(None) };
        let known = Self::ALL.into_iter().find(|known| known.key_algorithm() == name);
        known.map(Some).ok_or("only RS256, PS256, ES256 and EdDSA keys are taken")
    }

    fn key_algorithm(self) -> KeyAlgorithm {
        match self {
            Self::Rs256 => KeyAlgorithm::RS256,
            Self::Ps256 => KeyAlgorithm::PS256,
            Self::Es256 => KeyAlgorithm::ES256,
            Self::EdDsa => KeyAlgorithm::EdDSA,
        }
    }
}

impl fmt::Display for SigningAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for SigningAlgorithm {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|known| known.as_str() == name).ok_or(())
    }
}

/// Why a set of keys is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeySetFault {
    /// It is no JWKS.
    #[error("this is no JSON Web Key Set")]
    NotAKeySet,
    /// It holds no key that tokens could be signed with; with each key's reason, by its position from 1.
    #[error("the key set holds no signing key that can be used{}", reasons(.0))]
    Unusable(Vec<(usize, &'static str)>),
    /// Which of two keys is meant could not be told.
    #[error("key {0} of the set has the kid and the algorithm of another")]
    Ambiguous(usize),
}

fn reasons(keys: &[(usize, &'static str)]) -> String {
    keys.iter().fold(String::new(), |text, (position, why)| format!("{text}; key {position}: {why}"))
}

/// Public keys, each with its name and its one algorithm.
#[derive(Clone, Debug)]
pub struct KeySet(Vec<TrustedKey>);

#[derive(Clone, Debug)]
struct TrustedKey {
    id: String,
    algorithm: Algorithm,
    key: DecodingKey,
}

#[derive(Deserialize)]
struct Published {
    keys: Vec<Value>,
}

impl KeySet {
    /// Reads the keys of a set that sign with one of these algorithms.
    pub fn read(text: &str, algorithms: &[SigningAlgorithm]) -> Result<Self, KeySetFault> {
        let published: Published = serde_json::from_str(text).map_err(|_| KeySetFault::NotAKeySet)?;
        let (mut keys, mut left_out): (Vec<TrustedKey>, Vec<_>) = (Vec::new(), Vec::new());
        for (position, jwk) in (1..).zip(published.keys) {
            match TrustedKey::read(jwk, algorithms) {
                Err(why) => left_out.push((position, why)),
                Ok(key) if keys.iter().any(|other| other.is(&key.id, key.algorithm)) => {
                    return Err(KeySetFault::Ambiguous(position));
                }
                Ok(key) => keys.push(key),
            }
        }
        if keys.is_empty() { Err(KeySetFault::Unusable(left_out)) } else { Ok(Self(keys)) }
    }

    /// True if a key has this name.
    pub(super) fn names(&self, id: &str) -> bool {
        self.0.iter().any(|key| key.id == id)
    }

    /// The key of this name, if this is its algorithm.
    pub(super) fn find(&self, id: &str, algorithm: Algorithm) -> Option<&DecodingKey> {
        self.0.iter().find(|key| key.is(id, algorithm)).map(|key| &key.key)
    }
}

impl TrustedKey {
    fn is(&self, id: &str, algorithm: Algorithm) -> bool {
        self.id == id && self.algorithm == algorithm
    }

    fn read(jwk: Value, algorithms: &[SigningAlgorithm]) -> Result<Self, &'static str> {
        let jwk: Jwk = serde_json::from_value(jwk).map_err(|_| "it cannot be read")?;
        let signs = jwk.common.public_key_use.as_ref().is_none_or(|purpose| *purpose == PublicKeyUse::Signature);
        let operations = jwk.common.key_operations.as_ref();
        if !signs || operations.is_some_and(|operations| !operations.contains(&KeyOperations::Verify)) {
            return Err("it is not for signatures");
        }
        let id = jwk.common.key_id.clone().ok_or("it has no kid")?;
        if id.is_empty() || id.len() > KEY_ID_LENGTH_MAX {
            return Err("its kid is empty or too long");
        }
        let algorithm = algorithm_of(&jwk, algorithms)?;
        if !algorithms.contains(&algorithm) {
            return Err("its algorithm is not one of this issuer's");
        }
        let key = DecodingKey::from_jwk(&jwk).map_err(|_| "it cannot be read")?;
        if let DecodingKeyKind::RsaModulusExponent { n, .. } = key.kind()
            && !(RSA_BITS_MIN..=RSA_BITS_MAX).contains(&modulus_bits(n))
        {
            return Err("an RSA key needs 2048 to 8192 bits");
        }
        Ok(Self { id, algorithm: algorithm.algorithm(), key })
    }
}

/// What the key says, or what follows from its kind. An RSA key that says nothing could sign in two ways: then it is
/// the one that the issuer uses.
fn algorithm_of(jwk: &Jwk, algorithms: &[SigningAlgorithm]) -> Result<SigningAlgorithm, &'static str> {
    let named = SigningAlgorithm::named_by(jwk)?;
    match (&jwk.algorithm, named) {
        (AlgorithmParameters::RSA(_), Some(named @ (SigningAlgorithm::Rs256 | SigningAlgorithm::Ps256))) => Ok(named),
        (AlgorithmParameters::RSA(_), None) => {
            match (algorithms.contains(&SigningAlgorithm::Rs256), algorithms.contains(&SigningAlgorithm::Ps256)) {
                (true, false) => Ok(SigningAlgorithm::Rs256),
                (false, true) => Ok(SigningAlgorithm::Ps256),
                (true, true) | (false, false) => Err("an RSA key must say alg RS256 or PS256"),
            }
        }
        (AlgorithmParameters::EllipticCurve(key), None | Some(SigningAlgorithm::Es256))
            if key.curve == EllipticCurve::P256 =>
        {
            Ok(SigningAlgorithm::Es256)
        }
        (AlgorithmParameters::OctetKeyPair(key), None | Some(SigningAlgorithm::EdDsa))
            if key.curve == EllipticCurve::Ed25519 =>
        {
            Ok(SigningAlgorithm::EdDsa)
        }
        (_, _) => Err("only RS256, PS256, ES256 and EdDSA keys are taken"),
    }
}

fn modulus_bits(modulus: &[u8]) -> usize {
    let mut bytes = modulus.iter().skip_while(|byte| **byte == 0);
    bytes.next().map_or(0, |first| 8 - first.leading_zeros() as usize + 8 * bytes.count())
}
