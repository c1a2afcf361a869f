//! The words of the answer: one versioned file, Dutch and English, filled from the typed fields of a result.
//!
//! Invariants: nothing here decides anything; a loaded file has every text in both languages; the hash of the file is
//! stored with each result, so that a result can be told again years later in the words it was told in.

mod document;
pub(crate) mod sentence;
mod wording;
mod write;

pub(crate) use wording::list;

use self::document::TextsDocument;
use crate::domain::matching::canonical::{canonical_bytes, hex, sha256};

/// The texts that ship with the service.
pub const TEXTS_V1: &str = include_str!("../../../../policy/texts-v1.json");

/// Every text of the answer, checked to be complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Texts {
    document: TextsDocument,
    hash: String,
}

/// Why a file of texts was refused: every fault, one per line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the texts cannot be used:\n{}", .faults.join("\n"))]
pub struct TextsFaulty {
    /// Every fault found, with its place in the file.
    pub faults: Vec<String>,
}

impl Texts {
    /// Reads a file of texts, or lists every fault.
    pub fn parse(text: &str) -> Result<Self, TextsFaulty> {
        let document = TextsDocument::parse(text)?;
        let hash = hex(&sha256(&canonical_bytes(&document)));
        Ok(Self { document, hash })
    }

    /// The texts that ship with the service.
    ///
    /// # Panics
    /// Never: the file is part of the binary, and a test reads it.
    pub fn v1() -> Self {
        #[expect(clippy::expect_used, reason = "the file is part of the binary, and a test reads it")]
        Self::parse(TEXTS_V1).expect("the texts that ship with the service have no faults")
    }

    /// SHA-256 of the canonical form of the file, in hex.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// The name of this version.
    pub fn name(&self) -> &str {
        &self.document.name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_that_of_the_content_and_not_of_its_layout() {
        let compact = serde_json::from_str::<serde_json::Value>(TEXTS_V1).unwrap().to_string();
        assert_eq!(Texts::parse(&compact).unwrap(), Texts::v1());
        assert_eq!(Texts::v1().hash().len(), 64);

        let other = TEXTS_V1.replacen("vrije plaatsen", "plaatsen vrij", 1);
        assert_ne!(Texts::parse(&other).unwrap().hash(), Texts::v1().hash());
    }
}
