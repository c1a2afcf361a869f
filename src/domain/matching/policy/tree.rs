//! JSON read strictly: integers and strings only, no key twice. Also the canonical form that is hashed.

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, Visitor},
};

use super::PolicyFault;

/// A JSON document as written, with keys that come twice and numbers that are not integers still visible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tree {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A number that is no 64-bit integer.
    Inexact,
    /// A string.
    Text(String),
    /// A list.
    List(Vec<Tree>),
    /// An object, in the order written.
    Map(Vec<(String, Tree)>),
}

impl Tree {
    /// Reads a document and lists every key that comes twice and every number that is no integer.
    pub fn parse(text: &str) -> Result<Self, Vec<PolicyFault>> {
        let tree: Self =
            serde_json::from_str(text).map_err(|error| vec![PolicyFault::at("", format!("is not JSON: {error}"))])?;
        let mut faults = Vec::new();
        tree.strict("", &mut faults);
        if faults.is_empty() { Ok(tree) } else { Err(faults) }
    }

    fn strict(&self, pointer: &str, faults: &mut Vec<PolicyFault>) {
        match self {
            Self::Inexact => faults.push(PolicyFault::at(pointer, "must be an integer, or a decimal in quotes")),
            Self::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    item.strict(&format!("{pointer}/{index}"), faults);
                }
            }
            Self::Map(entries) => {
                for (index, (key, value)) in entries.iter().enumerate() {
                    let here = format!("{pointer}/{}", escaped(key));
                    if entries.iter().take(index).any(|(earlier, _)| earlier == key) {
                        faults.push(PolicyFault::at(&here, "stands there twice"));
                    }
                    if !key.is_ascii() {
                        faults.push(PolicyFault::at(&here, "must be a key of plain ASCII letters"));
                    }
                    value.strict(&here, faults);
                }
            }
            Self::Null | Self::Bool(_) | Self::Int(_) | Self::Text(_) => {}
        }
    }
}

/// A key as part of a JSON pointer (RFC 6901).
pub fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Tree;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
        Ok(Tree::Int(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
        Ok(i64::try_from(value).map_or(Tree::Inexact, Tree::Int))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Tree, E> {
        Ok(Tree::Inexact)
    }

    fn visit_str<E>(self, value: &str) -> Result<Tree, E> {
        Ok(Tree::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Tree, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Tree::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Tree, A::Error> {
        let mut map = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            map.push(entry);
        }
        Ok(Tree::Map(map))
    }
}
