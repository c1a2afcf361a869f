//! What can go wrong in the store, without a word about a person: values never stand in a message.

use diesel::result::{DatabaseErrorKind, Error};

/// Why the store could not do it. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be reached or has no connection free in time; the same call may work later.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// A constraint of the schema refused it; holds the name of the constraint.
    #[error("refused by the constraint {0}")]
    Conflict(String),
    /// A stored row contradicts itself; says which.
    #[error("a stored row is corrupt: {0}")]
    Corrupt(String),
    /// The database refused a statement: a fault of this program.
    #[error("the database refused a statement: {0}")]
    Query(String),
    /// The request was answered before; holds the answer that was kept.
    #[error("the request was answered before")]
    Answered(String),
    /// Under its key something else was asked before.
    #[error("the key was used for another request")]
    KeyReused,
    /// The same request is being worked on.
    #[error("the same request is being worked on")]
    InProgress,
    /// The trail cannot be written, so nothing was changed and nothing may be shown.
    #[error("the trail cannot be written")]
    NotRecorded,
}

impl StoreError {
    /// A row that does not read back as what was stored.
    pub(super) fn corrupt(table: &str, id: impl std::fmt::Display, what: impl std::fmt::Display) -> Self {
        Self::Corrupt(format!("{table} {id}: {what}"))
    }
}

/// What a system says when nothing more can be written: full, over a quota, over a limit.
pub(super) const NO_ROOM: [&str; 3] = ["No space left on device", "Disk quota exceeded", "File too large"];

/// Parts of the messages for which PostgreSQL's driver passes no code on, and which mean "not now".
const NOT_NOW: [&str; 5] =
    ["terminating connection", "is shutting down", "is starting up", "statement timeout", "deadlock detected"];

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        let Error::DatabaseError(kind, told) = error else { return Self::Query(error.to_string()) };
        let message = told.message().to_owned();
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "the kinds are diesel's and not all of them are listed by it"
        )]
        match kind {
            DatabaseErrorKind::UniqueViolation
            | DatabaseErrorKind::ForeignKeyViolation
            | DatabaseErrorKind::RestrictViolation
            | DatabaseErrorKind::ExclusionViolation
            | DatabaseErrorKind::NotNullViolation
            | DatabaseErrorKind::CheckViolation => {
                Self::Conflict(told.constraint_name().map_or_else(|| message.clone(), ToOwned::to_owned))
            }
            DatabaseErrorKind::ClosedConnection
            | DatabaseErrorKind::UnableToSendCommand
            | DatabaseErrorKind::SerializationFailure => Self::Unavailable(message),
            _ if NOT_NOW.iter().chain(&NO_ROOM).any(|part| message.contains(part)) => Self::Unavailable(message),
            _ => Self::Query(message),
        }
    }
}
