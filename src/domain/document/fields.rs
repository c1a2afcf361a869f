//! Reads the values of a document into words, numbers and codes. Each reader answers `None` after it noted the fault,
//! so that a caller reads everything first and gives up last.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use serde::de::value::Error as NotAWord;
use serde::{Deserialize, de::IntoDeserializer};

use super::{Content, Faults, Member, Node};

/// The fields of an object whose keys have been checked.
pub struct Fields<'n>(&'n [Member]);

impl<'n> Fields<'n> {
    /// Checks that a value is an object with every `required` key, no other than these and `optional`, and none twice.
    pub fn of(node: &'n Node, required: &[&str], optional: &[&str], faults: &mut Faults) -> Option<Self> {
        let Content::Object(members) = &node.content else {
            faults.at(node, format!("must be an object, is {}", node.content.kind()));
            return None;
        };
        let mut first_lines = BTreeMap::new();
        for Member { name, line, node: value } in members {
            if let Some(first) = first_lines.insert(name.as_str(), *line) {
                faults.add(*line, value.pointer.clone(), format!("the key stands twice, first on line {first}"));
            } else if !required.contains(&name.as_str()) && !optional.contains(&name.as_str()) {
                let known = [required, optional].concat().join(", ");
                faults.add(*line, value.pointer.clone(), format!("unknown key; known are {known}"));
            }
        }
        for name in required.iter().filter(|name| !first_lines.contains_key(*name)) {
            faults.at(node, format!("the key {name} is missing"));
        }
        Some(Self(members))
    }

    /// The value of a field; `None` if it is absent.
    pub fn get(&self, name: &str) -> Option<&'n Node> {
        self.0.iter().find(|member| member.name == name).map(|member| &member.node)
    }
}

/// A text of 1 to `longest` characters without blanks at its ends and without control characters.
pub fn text<'n>(node: &'n Node, longest: usize, faults: &mut Faults) -> Option<&'n str> {
    let Content::Text(text) = &node.content else {
        faults.at(node, format!("must be a text, is {}", node.content.kind()));
        return None;
    };
    let is_tidy = !text.is_empty() && text.trim() == text && !text.contains(char::is_control);
    if !is_tidy || text.chars().count() > longest {
        faults.at(node, format!("must have 1 to {longest} characters, no blanks at its ends, no control characters"));
        return None;
    }
    Some(text)
}

/// A public code: lower-case letters, digits and single hyphens, at most 64, such as `omm-amsterdam-crisis`.
pub fn code<'n>(node: &'n Node, faults: &mut Faults) -> Option<&'n str> {
    let code = text(node, 64, faults)?;
    let is_part = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    if !code.split('-').all(is_part) {
        faults.at(node, format!("`{code}` is not a code: use lower-case letters, digits and single hyphens"));
        return None;
    }
    Some(code)
}

/// A whole number within a range.
pub fn whole(node: &Node, range: RangeInclusive<u16>, faults: &mut Faults) -> Option<u16> {
    let number = match &node.content {
        Content::Number(number) => number.as_u64().and_then(|number| u16::try_from(number).ok()),
        Content::Null | Content::Flag(_) | Content::Text(_) | Content::List(_) | Content::Object(_) => None,
    };
    let inside = number.filter(|number| range.contains(number));
    if inside.is_none() {
        faults.at(node, format!("must be a whole number from {} to {}", range.start(), range.end()));
    }
    inside
}

/// `true` or `false`.
pub fn flag(node: &Node, faults: &mut Faults) -> Option<bool> {
    if let Content::Flag(flag) = node.content {
        return Some(flag);
    }
    faults.at(node, format!("must be true or false, is {}", node.content.kind()));
    None
}

/// A word of a fixed set, such as a variant of an enum; the fault names the words that are known.
pub fn word<'n, T: Deserialize<'n>>(node: &'n Node, faults: &mut Faults) -> Option<T> {
    let word = text(node, 64, faults)?;
    let read: Result<T, NotAWord> = T::deserialize(word.into_deserializer());
    read.inspect_err(|fault| faults.at(node, fault.to_string())).ok()
}

/// A list.
pub fn list<'n>(node: &'n Node, faults: &mut Faults) -> Option<&'n [Node]> {
    if let Content::List(items) = &node.content {
        return Some(items);
    }
    faults.at(node, format!("must be a list, is {}", node.content.kind()));
    None
}

/// A list of different texts; `None` if any of them is faulty.
pub fn texts<'n>(
    node: &'n Node,
    faults: &mut Faults,
    mut each: impl FnMut(&'n Node, &mut Faults) -> Option<&'n str>,
) -> Option<Vec<&'n str>> {
    let mut found = Vec::new();
    let mut is_whole = true;
    for item in list(node, faults)? {
        match each(item, faults) {
            Some(text) if found.contains(&text) => faults.at(item, format!("`{text}` stands twice")),
            Some(text) => found.push(text),
            None => is_whole = false,
        }
    }
    is_whole.then_some(found)
}

/// A value that may be `null`: the outer `None` is a fault, the inner one is `null`.
pub fn nullable<'n, T>(node: &'n Node, read: impl FnOnce(&'n Node) -> Option<T>) -> Option<Option<T>> {
    if matches!(node.content, Content::Null) { Some(None) } else { read(node).map(Some) }
}

/// Refuses the second of two entries of a list with the same `id`. Call it with every list in which an id must be unique.
pub fn refuse_repeated_ids<'n>(entries: impl Iterator<Item = &'n Node>, faults: &mut Faults) {
    let mut first_lines: BTreeMap<&str, usize> = BTreeMap::new();
    for entry in entries {
        let Content::Object(members) = &entry.content else { continue };
        let Some(Member { node, .. }) = members.iter().find(|member| member.name == "id") else { continue };
        let Content::Text(id) = &node.content else { continue };
        if let Some(first) = first_lines.get(id.as_str()) {
            faults.at(node, format!("the id `{id}` stands twice, first on line {first}"));
        } else {
            first_lines.insert(id, node.line);
        }
    }
}
