//! Where the limiter keeps its counts: a table of a fixed size. Where it is full, the caller whose calls are closest to
//! being forgotten makes room for a new one.

use std::sync::{Mutex, PoisonError};

use governor::{nanos::Nanos, state::StateStore};
use sha2::{Digest, Sha256};

/// Parts of the table that are locked apart from each other.
const SETS: usize = 4096;

/// Callers of one part; looked through one by one.
const WAYS: usize = 8;

/// So many callers are counted at most, per kind of operation: about a megabyte.
pub const CALLERS_MAX: usize = SETS * WAYS;

/// A caller, as it is kept: a hash that says nothing about who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key([u8; 16]);

impl Key {
    /// The key of what is named by these parts.
    pub fn of(parts: [&[u8]; 3]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(part);
        }
        let hash: [u8; 32] = hash.finalize().into();
        let mut key = [0; 16];
        key.iter_mut().zip(hash).for_each(|(byte, from)| *byte = from);
        Self(key)
    }

    fn set(self) -> usize {
        let [high, low, ..] = self.0;
        (usize::from(high) << 8 | usize::from(low)) % SETS
    }
}

/// A caller, and when its calls would be forgotten if none came any more.
type Slot = (Key, Nanos);

/// The counts of one kind of operation.
#[derive(Debug)]
pub struct Table(Vec<Mutex<Vec<Slot>>>);

impl Default for Table {
    fn default() -> Self {
        Self((0..SETS).map(|_| Mutex::default()).collect())
    }
}

impl Table {
    /// Callers that are counted now.
    pub fn callers(&self) -> usize {
        self.0.iter().map(|set| set.lock().unwrap_or_else(PoisonError::into_inner).len()).sum()
    }
}

impl StateStore for Table {
    type Key = Key;

    fn measure_and_replace<T, F, E>(&self, key: &Key, judge: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let Some(set) = self.0.get(key.set()) else { return judge(None).map(|(outcome, _)| outcome) };
        let mut set = set.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, forgotten_at)) = set.iter_mut().find(|(known, _)| known == key) {
            let (outcome, next) = judge(Some(*forgotten_at))?;
            *forgotten_at = next;
            return Ok(outcome);
        }
        let (outcome, next) = judge(None)?;
        if set.len() < WAYS {
            set.push((*key, next));
        } else if let Some(slot) = set.iter_mut().min_by_key(|(_, forgotten_at)| *forgotten_at) {
            *slot = (*key, next);
        }
        Ok(outcome)
    }
}
