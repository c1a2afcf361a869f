//! The second pass: notes where each value of a valid JSON text stands. `None` would mean that the text was not valid.

use super::{Content, Member, Node};

/// The positioned value of a text that is valid JSON.
pub(super) fn scan(text: &str) -> Option<Node> {
    Scan { text, at: 0, line: 1 }.value(String::new())
}

struct Scan<'t> {
    text: &'t str,
    at: usize,
    line: usize,
}

impl Scan<'_> {
    /// The next byte that is not blank, without taking it. Line ends stand between values only, never inside a string.
    fn peek(&mut self) -> Option<u8> {
        loop {
            let byte = *self.text.as_bytes().get(self.at)?;
            match byte {
                b'\n' => self.line += 1,
                b' ' | b'\t' | b'\r' => {}
                other => return Some(other),
            }
            self.at += 1;
        }
    }

    /// Takes the next byte that is not blank, if it is this one.
    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        if found {
            self.at += 1;
        }
        found
    }

    fn value(&mut self, pointer: String) -> Option<Node> {
        let first = self.peek()?;
        let line = self.line;
        let content = match first {
            b'{' => Content::Object(self.members(&pointer)?),
            b'[' => Content::List(self.items(&pointer)?),
            b'"' => Content::Text(self.string()?),
            _ => self.bare()?,
        };
        Some(Node { line, pointer, content })
    }

    fn members(&mut self, pointer: &str) -> Option<Vec<Member>> {
        let mut members = Vec::new();
        self.at += 1;
        while !self.take(b'}') {
            self.take(b',');
            self.peek()?;
            let line = self.line;
            let name = self.string()?;
            if !self.take(b':') {
                return None;
            }
            let node = self.value(format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1")))?;
            members.push(Member { name, line, node });
        }
        Some(members)
    }

    fn items(&mut self, pointer: &str) -> Option<Vec<Node>> {
        let mut items = Vec::new();
        self.at += 1;
        while !self.take(b']') {
            self.take(b',');
            items.push(self.value(format!("{pointer}/{}", items.len()))?);
        }
        Some(items)
    }

    /// A string from its first quote to its last, escapes resolved.
    fn string(&mut self) -> Option<String> {
        let start = self.at;
        loop {
            self.at += 1;
            match self.text.as_bytes().get(self.at)? {
                b'\\' => self.at += 1,
                b'"' => break,
                _ => {}
            }
        }
        self.at += 1;
        serde_json::from_str(self.text.get(start..self.at)?).ok()
    }

    /// A number, `true`, `false` or `null`.
    fn bare(&mut self) -> Option<Content> {
        let rest = self.text.get(self.at..)?;
        let length = rest.find([',', ']', '}', ' ', '\t', '\r', '\n']).unwrap_or(rest.len());
        self.at += length;
        Some(match rest.get(..length)? {
            "null" => Content::Null,
            "true" => Content::Flag(true),
            "false" => Content::Flag(false),
            number => Content::Number(serde_json::from_str(number).ok()?),
        })
    }
}
