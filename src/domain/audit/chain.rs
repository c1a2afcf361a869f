//! The chain of entries: how one is written as text, how it is tied to the one before, and how a break is found.
//!
//! leaf = SHA-256(0x00 ‖ stored text), link = SHA-256(previous link ‖ leaf). The stored text is the hashed text: nothing is
//! ever written anew to be checked, and the leaves fit those of RFC 6962 unchanged.
//! Invariant: indices start at 1 and have no gap, so the index of the head is the number of entries.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::{Call, Event};

/// A link of the chain; on the wire 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, ToSchema)]
#[schema(value_type = String)]
pub struct Link(pub [u8; 32]);

impl Link {
    /// The link before the first entry.
    pub const START: Self = Self([0; 32]);

    /// Ties a stored text to this link.
    #[must_use]
    pub fn then(&self, text: &str) -> Self {
        let leaf = Sha256::new().chain_update([0]).chain_update(text.as_bytes()).finalize();
        Self(Sha256::new().chain_update(self.0).chain_update(leaf).finalize().into())
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A text that is no link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a hash of the trail is 64 hexadecimal digits")]
pub struct NotALink;

impl FromStr for Link {
    type Err = NotALink;

    fn from_str(text: &str) -> Result<Self, NotALink> {
        let (digits, rest) = text.as_bytes().as_chunks::<2>();
        let bytes: Option<Vec<u8>> = digits.iter().map(|pair| Some(nibble(pair[0])? << 4 | nibble(pair[1])?)).collect();
        let bytes = bytes.filter(|_| rest.is_empty()).ok_or(NotALink)?;
        bytes.try_into().map(Self).map_err(|_| NotALink)
    }
}

fn nibble(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

impl Serialize for Link {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Link {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Where an event was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Source {
    /// The program.
    pub service: String,
    /// Its version.
    pub version: String,
    /// The running copy of it.
    pub instance: String,
}

/// One entry of the trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Entry {
    /// Number without a gap, from 1.
    pub index: u64,
    /// When, UTC in microseconds.
    #[serde(serialize_with = "in_microseconds")]
    pub occurred_at: DateTime<Utc>,
    /// Who and why.
    pub call: Call,
    /// What.
    pub event: Event,
    /// Where it was recorded.
    pub source: Source,
}

/// Always six digits and a `Z`: texts of moments then sort like the moments.
fn in_microseconds<S: Serializer>(at: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&at.format("%Y-%m-%dT%H:%M:%S%.6fZ"))
}

impl Entry {
    /// The entry as it is stored and hashed.
    pub fn stored(&self, previous: Link) -> serde_json::Result<StoredEntry> {
        let text = serde_json::to_string(self)?;
        Ok(StoredEntry { index: self.index, link: previous.then(&text), text })
    }
}

/// An entry as it lies in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEntry {
    /// The number it is stored under.
    pub index: u64,
    /// The text exactly as hashed.
    pub text: String,
    /// The link from the entry before to this one.
    pub link: Link,
}

/// The end of the chain, or a point of it that someone wrote down: number and link of one entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Head {
    /// Number of the entry, which is also the number of entries up to it.
    pub index: u64,
    /// Its link.
    pub link: Link,
}

impl Head {
    /// The head of an empty trail.
    pub const START: Self = Self { index: 0, link: Link::START };
}

/// `INDEX:HASH`, as `omm audit head` prints it.
impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.index, self.link)
    }
}

/// A text that is no head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a head of the trail is written INDEX:HASH, such as 42:9f86d0… with 64 hexadecimal digits")]
pub struct NotAHead;

impl FromStr for Head {
    type Err = NotAHead;

    fn from_str(text: &str) -> Result<Self, NotAHead> {
        let (index, link) = text.split_once(':').ok_or(NotAHead)?;
        Ok(Self { index: index.parse().map_err(|_| NotAHead)?, link: link.parse().map_err(|_| NotAHead)? })
    }
}

/// The kind of damage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// The text or the link is not what was written.
    Edited,
    /// There is no entry with this number, but there are later ones.
    Missing,
    /// The text under this number was written for another number.
    OutOfOrder,
    /// The trail ends before this number, though it was longer once.
    Truncated,
    /// The link of this entry is another than the head, or the one written down elsewhere, says.
    HeadMismatch,
}

/// Where the chain is broken, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChainFault {
    /// Number of the first entry that is wrong.
    pub index: u64,
    /// What is wrong.
    pub kind: FaultKind,
}

impl fmt::Display for ChainFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let index = self.index;
        match self.kind {
            FaultKind::Edited => write!(f, "entry {index} is not what was written: its text or its link was changed"),
            FaultKind::Missing => write!(f, "entry {index} is missing"),
            FaultKind::OutOfOrder => write!(f, "entry {index} holds a text that was written for another number"),
            FaultKind::Truncated => write!(f, "the trail was cut off: entry {index} and all after it are gone"),
            FaultKind::HeadMismatch => write!(f, "the chain up to entry {index} is not the one that was written down"),
        }
    }
}

/// Checks entries one by one in the order of their numbers, so that a long trail need not fit in memory.
pub struct ChainCheck {
    reached: Head,
    expected: Option<Head>,
}

impl ChainCheck {
    /// Starts before the first entry. `expected` is a head that was written down outside the database earlier.
    pub fn new(expected: Option<Head>) -> Self {
        Self { reached: Head::START, expected }
    }

    /// Checks the next entry.
    pub fn next(&mut self, entry: &StoredEntry) -> Result<(), ChainFault> {
        let index = self.reached.index + 1;
        if entry.index > index {
            return Err(ChainFault { index, kind: FaultKind::Missing });
        }
        if entry.index < index {
            return Err(ChainFault { index: entry.index, kind: FaultKind::OutOfOrder });
        }
        let written: Numbered =
            serde_json::from_str(&entry.text).map_err(|_| ChainFault { index, kind: FaultKind::Edited })?;
        if written.index != index {
            return Err(ChainFault { index, kind: FaultKind::OutOfOrder });
        }
        let link = self.reached.link.then(&entry.text);
        if entry.link != link {
            return Err(ChainFault { index, kind: FaultKind::Edited });
        }
        self.reached = Head { index, link };
        self.agrees_with(self.expected)
    }

    /// Compares the end with the stored head and the expected one.
    pub fn finish(self, head: Head) -> Result<Head, ChainFault> {
        let first_absent = self.reached.index + 1;
        let longest = self.expected.map_or(head.index, |expected| expected.index.max(head.index));
        if longest > self.reached.index {
            return Err(ChainFault { index: first_absent, kind: FaultKind::Truncated });
        }
        if head != self.reached {
            return Err(ChainFault { index: self.reached.index, kind: FaultKind::HeadMismatch });
        }
        self.agrees_with(self.expected)?;
        Ok(self.reached)
    }

    fn agrees_with(&self, point: Option<Head>) -> Result<(), ChainFault> {
        match point {
            Some(point) if point.index == self.reached.index && point.link != self.reached.link => {
                Err(ChainFault { index: point.index, kind: FaultKind::HeadMismatch })
            }
            Some(_) | None => Ok(()),
        }
    }
}

/// The one field that is read back from a text to tell a moved entry from an edited one.
#[derive(Deserialize)]
struct Numbered {
    index: u64,
}

/// Checks a whole trail against its head, and against a head that was written down earlier.
pub fn verify(
    entries: impl IntoIterator<Item = StoredEntry>,
    head: Head,
    expected: Option<Head>,
) -> Result<Head, ChainFault> {
    let mut check = ChainCheck::new(expected);
    entries.into_iter().try_for_each(|entry| check.next(&entry))?;
    check.finish(head)
}

#[cfg(test)]
mod tests;
