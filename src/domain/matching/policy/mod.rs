//! The policy: all numbers, tables and switches as one signed document, compiled once into integers.
//!
//! Invariants: what is not in the schema is refused, with every fault at once; compiling loses nothing; the hash is
//! that of the canonical document, so two documents that differ only in spaces or order of keys are one policy.

pub mod compiled;
pub mod document;
mod read;
mod read_criteria;
mod reader;
mod tables;

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

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(from: &str, to: &str) -> String {
        assert!(POLICY_V1.contains(from), "{from}");
        POLICY_V1.replacen(from, to, 1)
    }

    fn pointers(text: &str) -> Vec<String> {
        CompiledPolicy::parse(text).unwrap_err().into_iter().map(|fault| fault.pointer).collect()
    }

    #[test]
    fn the_policy_that_ships_compiles_and_prints_back() {
        let policy = CompiledPolicy::v1();
        assert_eq!(policy.weights.iter().sum::<i64>(), 10_000);
        assert_eq!(&policy.print_back(), policy.document());
        let text = String::from_utf8(policy.canonical_bytes()).unwrap();
        assert_eq!(CompiledPolicy::parse(&text).unwrap(), policy);
        let written: serde_json::Value = serde_json::from_str(POLICY_V1).unwrap();
        assert_eq!(serde_json::to_value(policy.document()).unwrap(), written, "nothing is lost or added");
    }

    #[test]
    fn spaces_and_order_of_keys_are_no_part_of_a_policy_and_every_number_is() {
        let hash = |text: &str| CompiledPolicy::parse(text).unwrap().hash_hex().to_owned();
        let shuffled = edited(r#""low": "0", "middle": "0.5""#, r#""middle":  "0.5", "low": "0""#);
        assert_eq!(hash(&shuffled), hash(POLICY_V1));
        assert_ne!(hash(&edited(r#""horizon_days": 28"#, r#""horizon_days": 29"#)), hash(POLICY_V1));
    }

    #[test]
    fn what_is_not_in_the_schema_is_refused_where_it_stands() {
        for (from, to, pointer) in [
            (r#""weight": "0.1500""#, r#""weight": "0.1400""#, "/criteria"),
            (r#""weight": "0.1500""#, r#""weight": 0.15"#, "/criteria/1/weight"),
            (r#""weight": "0.1500""#, r#""weight": "0.15000""#, "/criteria/1/weight"),
            (r#""adult_age": 18"#, r#""adult_age": 18.0"#, "/route/adult_age"),
            (r#""adult_age": 18"#, r#""adult_age": 18, "adult": 1"#, "/route/adult"),
            (r#""adult_age": 18"#, r#""adult_age": 18, "adult_age": 18"#, "/route/adult_age"),
            (r#""adult_age": 18, "#, "", "/route/adult_age"),
            (r#""R-DANGER", "#, "", "/rules/on"),
            (r#"["R-AGE", "R-HOUSEHOLD""#, r#"["R-CONSENT", "R-HOUSEHOLD""#, "/rules/dispensable"),
            (r#""stage": "off""#, r#""stage": "price""#, "/scarcity/stage"),
            (r#""schema": "omm-matching-policy/1""#, r#""schema": "omm-matching-policy/2""#, "/schema"),
            (r#""none_named": "1""#, r#""none_name": "1""#, "/criteria/5/table/none_name"),
            (r#"[80, "1"]"#, r#"[0, "1"]"#, "/criteria/2/points/other_unit_km/1"),
            (r#""high": "1""#, r#""high": "0.9""#, "/unknown_place"),
            (r#""mild": ["lvb.suspected""#, r#""mild": ["lvb.maybe""#, "/omm/mild/0"),
            (r#""zone": "Europe/Amsterdam""#, r#""zone": "Europe/Sealand""#, "/calendar/zone"),
        ] {
            let found = pointers(&edited(from, to));
            assert!(found.iter().any(|one| one == pointer), "{to}: {found:?}");
        }
    }

    #[test]
    fn all_faults_are_named_at_once() {
        let text = edited(r#""adult_age": 18"#, r#""adult_age": "18""#)
            .replacen(r#""min_cell": 10"#, r#""min_cell": -1"#, 1)
            .replacen(r#""middle": "0.5""#, r#""middle": "half""#, 1);
        assert_eq!(pointers(&text), ["/route/adult_age", "/unknown_place/middle", "/fairness/min_cell"]);
        assert_eq!(pointers("{"), [""]);
    }
}
