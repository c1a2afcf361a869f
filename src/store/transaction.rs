//! One transaction on one connection of the pool.
//!
//! Invariant: a connection goes back to the pool only when its transaction is known to have ended. After a panic, a dropped
//! future or a lost connection it is closed instead, and the database rolls back.

use diesel_async::{
    AsyncPgConnection, SimpleAsyncConnection,
    pooled_connection::{AsyncDieselConnectionManager, deadpool},
};

use super::error::StoreError;

/// A connection out of the pool that is closed unless it is handed back.
pub(super) struct Borrowed {
    connection: Option<Object>,
}

type Object = deadpool::Object<AsyncPgConnection>;

/// The kind of pool the store keeps.
pub(super) type Pool = deadpool::Pool<AsyncPgConnection>;

/// Makes the connections of the pool.
pub(super) type Connector = AsyncDieselConnectionManager<AsyncPgConnection>;

impl Borrowed {
    pub(super) fn new(connection: Object) -> Self {
        Self { connection: Some(connection) }
    }

    /// The transaction handle; fails only after the connection was handed back, which consumes `self`.
    pub(super) fn tx(&self) -> Result<Tx<'_>, StoreError> {
        let connection =
            self.connection.as_deref().ok_or_else(|| StoreError::Unavailable("no connection".to_owned()))?;
        Ok(Tx { connection })
    }

    /// Ends the transaction without a trace, and hands the connection back.
    pub(super) async fn roll_back(self) {
        if let Ok(tx) = self.tx()
            && tx.say("ROLLBACK").await.is_ok()
        {
            self.hand_back();
        }
    }

    /// Makes the transaction last, and hands the connection back.
    pub(super) async fn commit(self) -> Result<(), StoreError> {
        self.tx()?.say("COMMIT").await?;
        self.hand_back();
        Ok(())
    }

    fn hand_back(mut self) {
        drop(self.connection.take());
    }
}

impl Drop for Borrowed {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            drop(Object::take(connection));
        }
    }
}

/// A transaction that is under way: every function of this floor that reads or writes rows takes one.
pub struct Tx<'c> {
    connection: &'c AsyncPgConnection,
}

impl<'c> Tx<'c> {
    /// The connection, to be used as `&mut tx.on()`: statements sent through several of these at once are pipelined.
    pub(super) fn on(&self) -> &'c AsyncPgConnection {
        self.connection
    }

    /// Sends a statement without parameters and without an answer.
    pub(super) async fn say(&self, statement: &str) -> Result<(), StoreError> {
        let mut connection = self.connection;
        Ok(connection.batch_execute(statement).await?)
    }
}
