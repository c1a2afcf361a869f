//! Words and documents of the domain as columns: the same words as on the wire, so that no list of them is kept twice.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::error::StoreError;

/// The word of an enum without data, as it is stored.
pub(super) fn word<T: Serialize>(value: &T) -> Result<String, StoreError> {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => Ok(word),
        Ok(other) => Err(StoreError::Query(format!("not a word: {other}"))),
        Err(error) => Err(StoreError::Query(error.to_string())),
    }
}

/// A document, as it is stored.
pub(super) fn document<T: Serialize>(value: &T) -> Result<Value, StoreError> {
    serde_json::to_value(value).map_err(|error| StoreError::Query(error.to_string()))
}

/// Reads the columns of one row; what does not read back names the row, and never the value.
pub(super) struct Reader<Id> {
    table: &'static str,
    id: Id,
}

impl<Id: std::fmt::Display> Reader<Id> {
    pub(super) fn of(table: &'static str, id: Id) -> Self {
        Self { table, id }
    }

    /// A word.
    pub(super) fn word<T: DeserializeOwned>(&self, column: &str, stored: String) -> Result<T, StoreError> {
        serde_json::from_value(Value::String(stored))
            .map_err(|_| self.corrupt(format_args!("{column} is no word of it")))
    }

    /// A word that must be there in this state.
    pub(super) fn needed_word<T: DeserializeOwned>(
        &self,
        column: &str,
        stored: Option<String>,
    ) -> Result<T, StoreError> {
        self.word(column, self.needed(column, stored)?)
    }

    /// A word that may be absent.
    pub(super) fn maybe_word<T: DeserializeOwned>(
        &self,
        column: &str,
        stored: Option<String>,
    ) -> Result<Option<T>, StoreError> {
        stored.map(|stored| self.word(column, stored)).transpose()
    }

    /// A document.
    pub(super) fn document<T: DeserializeOwned>(&self, column: &str, stored: Value) -> Result<T, StoreError> {
        serde_json::from_value(stored).map_err(|_| self.corrupt(format_args!("{column} cannot be read")))
    }

    /// A number of a smaller type.
    pub(super) fn number<T: TryFrom<i64>>(&self, column: &str, stored: impl Into<i64>) -> Result<T, StoreError> {
        T::try_from(stored.into()).map_err(|_| self.corrupt(format_args!("{column} is out of range")))
    }

    /// A value that must be there in this state.
    pub(super) fn needed<T>(&self, column: &str, stored: Option<T>) -> Result<T, StoreError> {
        stored.ok_or_else(|| self.corrupt(format_args!("{column} is missing")))
    }

    /// The row contradicts itself.
    pub(super) fn corrupt(&self, what: impl std::fmt::Display) -> StoreError {
        StoreError::corrupt(self.table, &self.id, what)
    }
}

/// One changed row is what a save of a version must find; none means that somebody else has saved a later one.
pub(super) fn saved_once(table: &str, rows: usize) -> Result<(), StoreError> {
    if rows == 1 { Ok(()) } else { Err(StoreError::Conflict(format!("{table}_version"))) }
}
