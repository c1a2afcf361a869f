//! JSON documents that a command reads: every fault names its line and its place, a repeated key is refused.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{
    ending::{Ending, Trouble},
    given::GivenText,
};
use crate::domain::document::{self, Content, Fault, Faults, Node};

/// A document with the line of each of its values.
pub(super) struct Document {
    /// What it holds.
    pub value: Value,
    name: String,
    lines: BTreeMap<String, usize>,
}

impl Document {
    /// Reads a text that must be JSON.
    pub fn read(given: &GivenText) -> Result<Self, Trouble> {
        let (mut faults, mut lines) = (Faults::default(), BTreeMap::new());
        let node = document::read(&given.text).map_err(|fault| unreadable(&given.name, vec![fault]))?;
        let value = plain(&node, &mut faults, &mut lines);
        if !faults.is_empty() {
            return Err(unreadable(&given.name, faults.in_order()));
        }
        Ok(Self { value, name: given.name.clone(), lines })
    }

    /// A fault at a place of the document.
    pub fn fault(&self, pointer: &str, message: impl Into<String>) -> Fault {
        Fault { line: self.line(pointer), pointer: pointer.to_owned(), message: message.into() }
    }

    /// The part of the document at a place, as a typed value.
    pub fn typed<T: DeserializeOwned>(&self, at: &str) -> Result<T, Fault> {
        let part = self.value.pointer(at).cloned().unwrap_or(Value::Null);
        serde_path_to_error::deserialize(part).map_err(|error| {
            let mut pointer = at.to_owned();
            for segment in error.path().iter().map(ToString::to_string).filter(|segment| segment != "?") {
                pointer.push('/');
                pointer.push_str(bare(&segment));
            }
            self.fault(&pointer, error.inner().to_string())
        })
    }

    /// Everything that is wrong with it, as the end of the command.
    pub fn refuse(&self, mut faults: Vec<Fault>) -> Trouble {
        faults.sort();
        unreadable(&self.name, faults)
    }

    /// The line of a value, or of the nearest one around it.
    fn line(&self, pointer: &str) -> usize {
        let mut at = pointer;
        loop {
            if let Some(line) = self.lines.get(at) {
                return *line;
            }
            match at.rsplit_once('/') {
                Some((parent, _)) => at = parent,
                None => return 1,
            }
        }
    }
}

fn unreadable(name: &str, faults: Vec<Fault>) -> Trouble {
    Trouble::faults(Ending::Usage, format!("{name} cannot be used:"), faults)
}

/// The position of an item is written `[0]` in a path, and `0` in a pointer.
fn bare(segment: &str) -> &str {
    segment.trim_matches(['[', ']'])
}

fn plain(node: &Node, faults: &mut Faults, lines: &mut BTreeMap<String, usize>) -> Value {
    lines.insert(node.pointer.clone(), node.line);
    match &node.content {
        Content::Null => Value::Null,
        Content::Flag(flag) => Value::Bool(*flag),
        Content::Number(number) => Value::Number(number.clone()),
        Content::Text(text) => Value::String(text.clone()),
        Content::List(items) => items.iter().map(|item| plain(item, faults, lines)).collect(),
        Content::Object(members) => {
            let mut object = Map::new();
            for member in members {
                let value = plain(&member.node, faults, lines);
                if object.insert(member.name.clone(), value).is_some() {
                    faults.add(member.line, member.node.pointer.clone(), "this key stands there twice");
                }
            }
            Value::Object(object)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(text: &str) -> GivenText {
        GivenText { text: text.to_owned(), name: "file".to_owned() }
    }

    #[test]
    fn a_fault_names_its_line_and_its_place() {
        let document = Document::read(&given("{\n \"list\": [\n  1,\n  \"x\"]}")).ok().unwrap();
        let fault = document.typed::<BTreeMap<String, Vec<u8>>>("").unwrap_err();
        assert_eq!((fault.line, fault.pointer.as_str()), (4, "/list/1"));
        assert_eq!(document.fault("/list/7/deep", "").line, 2);
    }

    #[test]
    fn a_key_that_stands_twice_is_refused() {
        let trouble = Document::read(&given("{\"a\": 1,\n \"a\": 2}")).err().unwrap();
        assert_eq!(trouble.lines[1].trim(), "line 2, /a: this key stands there twice");
    }
}
