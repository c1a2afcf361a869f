//! Reads a tree into values and collects every fault with its place, instead of stopping at the first.

use rust_decimal::Decimal;
use serde::de::{DeserializeOwned, IntoDeserializer, value::StrDeserializer};

use super::{
    PolicyFault,
    tree::{Tree, escaped},
};

/// A value with its place in the document.
#[derive(Clone)]
pub struct At<'t> {
    /// The value; `None` if a key is missing, which has been reported.
    tree: Option<&'t Tree>,
    /// Its JSON pointer.
    pub pointer: String,
}

/// Collects faults while a document is read.
#[derive(Default)]
pub struct Reader {
    /// All faults found so far.
    pub faults: Vec<PolicyFault>,
}

impl<'t> At<'t> {
    /// The whole document.
    pub fn root(tree: &'t Tree) -> Self {
        Self { tree: Some(tree), pointer: String::new() }
    }
}

impl Reader {
    /// Reports a fault.
    pub fn fault(&mut self, pointer: &str, message: impl Into<String>) {
        self.faults.push(PolicyFault::at(pointer, message));
    }

    /// The values of an object that must have exactly these keys, in the order asked.
    pub fn object<'t, const N: usize>(&mut self, at: &At<'t>, keys: [&str; N]) -> [At<'t>; N] {
        let entries = self.entries(at);
        for (key, value) in &entries {
            if !keys.contains(&key.as_str()) {
                self.fault(&value.pointer, "is not a key of a policy");
            }
        }
        keys.map(|key| {
            if let Some((_, found)) = entries.iter().find(|(name, _)| name == key) {
                return found.clone();
            }
            let pointer = format!("{}/{}", at.pointer, escaped(key));
            if matches!(at.tree, Some(Tree::Map(_))) {
                self.fault(&pointer, "is missing");
            }
            At { tree: None, pointer }
        })
    }

    /// All entries of an object with free keys.
    pub fn entries<'t>(&mut self, at: &At<'t>) -> Vec<(String, At<'t>)> {
        match at.tree {
            Some(Tree::Map(entries)) => entries
                .iter()
                .map(|(key, value)| {
                    let pointer = format!("{}/{}", at.pointer, escaped(key));
                    (key.clone(), At { tree: Some(value), pointer })
                })
                .collect(),
            None => Vec::new(),
            Some(Tree::Null | Tree::Bool(_) | Tree::Int(_) | Tree::Inexact | Tree::Text(_) | Tree::List(_)) => {
                self.fault(&at.pointer, "must be an object");
                Vec::new()
            }
        }
    }

    /// True if an object has this key.
    pub fn has(at: &At<'_>, key: &str) -> bool {
        matches!(at.tree, Some(Tree::Map(entries)) if entries.iter().any(|(name, _)| name == key))
    }

    /// The items of a list.
    pub fn list<'t>(&mut self, at: &At<'t>) -> Vec<At<'t>> {
        match at.tree {
            Some(Tree::List(items)) => items
                .iter()
                .enumerate()
                .map(|(index, item)| At { tree: Some(item), pointer: format!("{}/{index}", at.pointer) })
                .collect(),
            None => Vec::new(),
            Some(Tree::Null | Tree::Bool(_) | Tree::Int(_) | Tree::Inexact | Tree::Text(_) | Tree::Map(_)) => {
                self.fault(&at.pointer, "must be a list");
                Vec::new()
            }
        }
    }

    /// A string.
    pub fn text(&mut self, at: &At<'_>) -> String {
        match at.tree {
            Some(Tree::Text(text)) => text.clone(),
            None => String::new(),
            Some(Tree::Null | Tree::Bool(_) | Tree::Int(_) | Tree::Inexact | Tree::List(_) | Tree::Map(_)) => {
                self.fault(&at.pointer, "must be a string");
                String::new()
            }
        }
    }

    /// A string that is exactly this one.
    pub fn exactly(&mut self, at: &At<'_>, want: &str) -> String {
        let text = self.text(at);
        if at.tree.is_some() && text != want {
            self.fault(&at.pointer, format!("must be \"{want}\""));
        }
        text
    }

    /// A string that names a value of an enum.
    pub fn code<T: DeserializeOwned>(&mut self, at: &At<'_>) -> Option<T> {
        at.tree?;
        let text = self.text(at);
        self.code_of(&text, &at.pointer)
    }

    /// A key that names a value of an enum.
    pub fn code_of<T: DeserializeOwned>(&mut self, text: &str, pointer: &str) -> Option<T> {
        let text_deserializer: StrDeserializer<'_, serde::de::value::Error> = text.into_deserializer();
        match T::deserialize(text_deserializer) {
            Ok(value) => Some(value),
            Err(error) => {
                self.fault(pointer, format!("is not a known code: {error}"));
                None
            }
        }
    }

    /// A list of codes, each at most once.
    pub fn codes<T: DeserializeOwned + PartialEq>(&mut self, at: &At<'_>) -> Vec<T> {
        let mut codes = Vec::new();
        for item in self.list(at) {
            if let Some(code) = self.code::<T>(&item) {
                if codes.contains(&code) {
                    self.fault(&item.pointer, "stands there twice");
                }
                codes.push(code);
            }
        }
        codes
    }

    /// `true` or `false`.
    pub fn bool(&mut self, at: &At<'_>) -> bool {
        match at.tree {
            Some(Tree::Bool(value)) => *value,
            None => false,
            Some(Tree::Null | Tree::Int(_) | Tree::Inexact | Tree::Text(_) | Tree::List(_) | Tree::Map(_)) => {
                self.fault(&at.pointer, "must be true or false");
                false
            }
        }
    }

    /// An integer from `min` to `max`.
    pub fn int<T: TryFrom<i64> + Default>(&mut self, at: &At<'_>, min: i64, max: i64) -> T {
        match at.tree {
            Some(Tree::Int(value)) if (min..=max).contains(value) => T::try_from(*value).unwrap_or_default(),
            Some(Tree::Int(_)) => {
                self.fault(&at.pointer, format!("must be from {min} to {max}"));
                T::default()
            }
            None => T::default(),
            Some(Tree::Null | Tree::Bool(_) | Tree::Inexact | Tree::Text(_) | Tree::List(_) | Tree::Map(_)) => {
                self.fault(&at.pointer, "must be an integer");
                T::default()
            }
        }
    }

    /// A decimal string from 0 to 1 with at most so many decimals.
    pub fn decimal(&mut self, at: &At<'_>, scale_max: u32) -> Decimal {
        if at.tree.is_none() {
            return Decimal::ZERO;
        }
        let text = self.text(at);
        // Only digits and one point: what is printed back is what was read.
        let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        let value = if plain { Decimal::from_str_exact(&text).ok() } else { None };
        match value.filter(|value| value.to_string() == text) {
            Some(value) if value > Decimal::ONE => self.fault(&at.pointer, "must be at most 1"),
            Some(value) if value.scale() > scale_max => {
                self.fault(&at.pointer, format!("must have at most {scale_max} decimals"));
            }
            Some(value) => return value,
            None => self.fault(&at.pointer, "must be a decimal in quotes, such as \"0.25\""),
        }
        Decimal::ZERO
    }
}
