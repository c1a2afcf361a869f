//! Reads a policy file into values and collects every fault with its place, instead of stopping at the first.
//!
//! A value is read even where a fault was found, so that one run of `policy check` lists everything.

use rust_decimal::Decimal;
use serde::de::{DeserializeOwned, IntoDeserializer, value::StrDeserializer};

use crate::domain::document::{Content, Fault, Faults, Member, Node};

/// A value with its place in the document.
#[derive(Clone)]
pub struct At<'t> {
    /// The value; `None` if a key is missing, which has been reported.
    node: Option<&'t Node>,
    /// Its line, or that of the object where it is missing.
    line: usize,
    /// Its JSON pointer.
    pub pointer: String,
}

/// Collects faults while a document is read.
#[derive(Default)]
pub struct Reader(Faults);

impl<'t> At<'t> {
    fn content(&self) -> Option<&'t Content> {
        self.node.map(|node| &node.content)
    }

    /// A case that is missing from this object.
    pub fn missing(&self, path: &str) -> Self {
        Self { node: None, line: self.line, pointer: format!("{}/{path}", self.pointer) }
    }

    /// The whole document.
    pub fn of(node: &'t Node) -> Self {
        Self { node: Some(node), line: node.line, pointer: node.pointer.clone() }
    }
}

impl Reader {
    /// Reports a fault.
    pub fn fault(&mut self, at: &At<'_>, message: impl Into<String>) {
        self.0.add(at.line, at.pointer.clone(), message);
    }

    /// All faults in the order of the file; none: the document can be used.
    pub fn faults(self) -> Vec<Fault> {
        self.0.in_order()
    }

    /// The values of an object that must have exactly these keys, in the order asked.
    pub fn object<'t, const N: usize>(&mut self, at: &At<'t>, keys: [&str; N]) -> [At<'t>; N] {
        let entries = self.entries(at);
        for (key, value) in &entries {
            if !keys.contains(&key.as_str()) {
                self.fault(value, "is not a key of a policy");
            }
        }
        keys.map(|key| {
            if let Some((_, found)) = entries.iter().find(|(name, _)| name == key) {
                return found.clone();
            }
            let missing = At { node: None, line: at.line, pointer: format!("{}/{key}", at.pointer) };
            if matches!(at.content(), Some(Content::Object(_))) {
                self.fault(&missing, "is missing");
            }
            missing
        })
    }

    /// All entries of an object with free keys, each once.
    pub fn entries<'t>(&mut self, at: &At<'t>) -> Vec<(String, At<'t>)> {
        let Some(content) = at.content() else { return Vec::new() };
        let Content::Object(members) = content else {
            self.fault(at, "must be an object");
            return Vec::new();
        };
        let mut entries: Vec<(String, At<'t>)> = Vec::new();
        for Member { name, node, .. } in members {
            if entries.iter().any(|(earlier, _)| earlier == name) {
                self.fault(&At::of(node), "stands there twice");
            }
            entries.push((name.clone(), At::of(node)));
        }
        entries
    }

    /// True if an object has this key.
    pub fn has(at: &At<'_>, key: &str) -> bool {
        matches!(at.content(), Some(Content::Object(members)) if members.iter().any(|member| member.name == key))
    }

    /// The items of a list.
    pub fn list<'t>(&mut self, at: &At<'t>) -> Vec<At<'t>> {
        let Some(content) = at.content() else { return Vec::new() };
        let Content::List(items) = content else {
            self.fault(at, "must be a list");
            return Vec::new();
        };
        items.iter().map(At::of).collect()
    }

    /// A string.
    pub fn text(&mut self, at: &At<'_>) -> String {
        let Some(content) = at.content() else { return String::new() };
        let Content::Text(text) = content else {
            self.fault(at, "must be a string");
            return String::new();
        };
        text.clone()
    }

    /// A string that is exactly this one.
    pub fn exactly(&mut self, at: &At<'_>, want: &str) -> String {
        let text = self.text(at);
        if at.node.is_some() && text != want {
            self.fault(at, format!("must be \"{want}\""));
        }
        text
    }

    /// A string that names a value of an enum.
    pub fn code<T: DeserializeOwned>(&mut self, at: &At<'_>) -> Option<T> {
        at.node?;
        let text = self.text(at);
        let word: StrDeserializer<'_, serde::de::value::Error> = text.as_str().into_deserializer();
        T::deserialize(word).inspect_err(|error| self.fault(at, format!("is not a known code: {error}"))).ok()
    }

    /// A list of codes, each at most once.
    pub fn codes<T: DeserializeOwned + PartialEq>(&mut self, at: &At<'_>) -> Vec<T> {
        let mut codes = Vec::new();
        for item in self.list(at) {
            if let Some(code) = self.code::<T>(&item) {
                if codes.contains(&code) {
                    self.fault(&item, "stands there twice");
                }
                codes.push(code);
            }
        }
        codes
    }

    /// `true` or `false`.
    pub fn bool(&mut self, at: &At<'_>) -> bool {
        let Some(content) = at.content() else { return false };
        let Content::Flag(flag) = content else {
            self.fault(at, "must be true or false");
            return false;
        };
        *flag
    }

    /// An integer from `min` to `max`; a float is refused, whatever its value.
    pub fn int<T: TryFrom<i64> + Default>(&mut self, at: &At<'_>, min: i64, max: i64) -> T {
        let Some(content) = at.content() else { return T::default() };
        let number = if let Content::Number(number) = content { number.as_i64() } else { None };
        let Some(number) = number.filter(|number| (min..=max).contains(number)) else {
            self.fault(at, format!("must be an integer from {min} to {max}"));
            return T::default();
        };
        T::try_from(number).unwrap_or_default()
    }

    /// A decimal string from 0 to 1 with at most so many decimals.
    pub fn decimal(&mut self, at: &At<'_>, scale_max: u32) -> Decimal {
        if at.node.is_none() {
            return Decimal::ZERO;
        }
        let text = self.text(at);
        // Only digits and one point: what is printed back is what was read.
        let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        let value = if plain { Decimal::from_str_exact(&text).ok() } else { None };
        match value.filter(|value| value.to_string() == text) {
            Some(value) if value > Decimal::ONE => self.fault(at, "must be at most 1"),
            Some(value) if value.scale() > scale_max => {
                self.fault(at, format!("must have at most {scale_max} decimals"));
            }
            Some(value) => return value,
            None => self.fault(at, "must be a decimal in quotes, such as \"0.25\""),
        }
        Decimal::ZERO
    }
}
