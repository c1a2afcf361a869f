//! The policy: all numbers, tables and switches as one signed document, compiled once into integers.
//!
//! Invariants: what is not in the schema is refused, with every fault at once; compiling loses nothing; the hash is
//! that of the canonical document, so two documents that differ only in spaces or order of keys are one policy.

pub mod compiled;
pub mod document;
mod read;
mod reader;

pub use compiled::CompiledPolicy;

use self::{
    document::PolicyDocument,
    reader::{At, Reader},
};
use crate::domain::document::{self as file, Fault};

/// The policy that ships with the service.
pub const POLICY_V1: &str = include_str!("../../../../policy/v1.json");

impl PolicyDocument {
    /// Reads a document and lists every fault.
    pub fn parse(text: &str) -> Result<Self, Vec<Fault>> {
        let node = file::read(text).map_err(|fault| vec![fault])?;
        let mut reader = Reader::default();
        let read = read::document(&mut reader, &At::of(&node));
        let faults = reader.faults();
        if faults.is_empty() { Ok(read) } else { Err(faults) }
    }
}

impl CompiledPolicy {
    /// Reads and compiles a document, or lists every fault.
    pub fn parse(text: &str) -> Result<Self, Vec<Fault>> {
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
