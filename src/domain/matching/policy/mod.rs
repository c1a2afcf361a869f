//! The policy: all numbers, tables and switches as one signed document, compiled once into integers.
//!
//! Invariants: what is not in the schema is refused, with every fault at once; compiling loses nothing; the hash is
//! that of the canonical document, so two documents that differ only in spaces or order of keys are one policy.

pub mod compiled;
pub mod document;
mod read;
mod reader;
mod tree;

pub use compiled::CompiledPolicy;
use tree::Tree;

use self::{
    document::PolicyDocument,
    reader::{At, Reader},
};

/// The policy that ships with the service.
pub const POLICY_V1: &str = include_str!("../../../../policy/v1.json");

/// One fault of a policy document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{pointer}: {message}")]
pub struct PolicyFault {
    /// Where, as a JSON pointer; empty is the whole document.
    pub pointer: String,
    /// What is wrong.
    pub message: String,
}

impl PolicyFault {
    /// A fault at a place.
    pub fn at(pointer: &str, message: impl Into<String>) -> Self {
        Self { pointer: pointer.to_owned(), message: message.into() }
    }
}

impl PolicyDocument {
    /// Reads a document and lists every fault.
    pub fn parse(text: &str) -> Result<Self, Vec<PolicyFault>> {
        let tree = Tree::parse(text)?;
        let mut reader = Reader::default();
        let document = read::document(&mut reader, &At::root(&tree));
        if reader.faults.is_empty() { Ok(document) } else { Err(reader.faults) }
    }
}

impl CompiledPolicy {
    /// Reads and compiles a document, or lists every fault.
    pub fn parse(text: &str) -> Result<Self, Vec<PolicyFault>> {
        PolicyDocument::parse(text).map(Self::compile)
    }

    /// The policy that ships with the service.
    ///
    /// # Panics
    /// Never: the document is part of the binary, and a test compiles it.
    pub fn v1() -> Self {
        #[expect(clippy::expect_used, reason = "the document is part of the binary, and a test compiles it")]
        Self::parse(POLICY_V1).expect("the policy that ships with the service has no faults")
    }
}
