//! The store: PostgreSQL through diesel. Rows become domain types here and nowhere else; no row type leaves this floor.
//!
//! The one way to write is [`Store::write`]: it takes the fence first, so that all writes stand in one line and every
//! decision sees the world as it is, and it commits only together with the entry in the audit trail. What may never be
//! true stands in the schema as well (`migrations/`), so that it holds when the code is wrong.

pub mod assessment;
pub mod audit;
mod cached;
pub mod catalogue;
pub mod connection;
pub mod decision;
mod error;
mod kept_answer;
pub mod match_result;
pub mod migrations;
pub mod occupancy;
pub mod place;
pub mod placement;
pub mod policy;
pub mod private_cluster;
pub mod proposal;
mod recorded;
pub mod referral;
mod schema;
pub mod snapshot;
mod transaction;
mod whereabouts;
mod words;

use std::time::Duration;

use chrono::{DateTime, Utc};

pub use error::StoreError;
pub use recorded::Recorded;
pub use transaction::Tx;

use crate::domain::audit::{
    Call, Event,
    chain::{ChainCheck, ChainFault, Entry, Head, Source},
};
use crate::domain::once::Once;
use kept_answer::Earlier;
use transaction::{Borrowed, Pool};

/// So long a call waits for a connection; longer waits only pile up.
const WAIT_MAX: Duration = Duration::from_millis(500);

/// So long a new connection may take, with TLS and on a busy machine.
const CONNECT_MAX: Duration = Duration::from_secs(5);

/// Begins a transaction that writes, and takes its place in the line of writers. The number is this line's own.
const BEGIN_IN_LINE: &str = "BEGIN; SELECT pg_advisory_xact_lock(3607)";

/// The same, for a transaction that has begun.
const WAIT_IN_LINE: &str = "SELECT pg_advisory_xact_lock(3607)";

/// So often a repeat looks whether the first one has ended, and so long it waits in between: half a second in all.
const TRIES: u32 = 21;
/// See [`TRIES`].
const PAUSE: Duration = Duration::from_millis(25);

/// The database, as the operations of the desk see it. Copies share one pool.
#[derive(Clone)]
pub struct Store {
    pool: Pool,
    source: Source,
    host: String,
}

/// What checking the trail found.
pub type Verified = Result<Head, ChainFault>;

impl Store {
    /// Where the database is: host and port, or the folder of its socket.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Reads in one transaction that sees one moment and can change nothing.
    pub async fn read<T, E, W>(&self, work: W) -> Result<T, E>
    where
        W: AsyncFnOnce(&mut Tx<'_>) -> Result<T, E>,
        E: From<StoreError>,
    {
        let borrowed = self.borrow().await?;
        let mut tx = borrowed.tx()?;
        tx.say("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
        match work(&mut tx).await {
            Ok(value) => {
                borrowed.commit().await?;
                Ok(value)
            }
            Err(error) => {
                borrowed.roll_back().await;
                Err(error)
            }
        }
    }

    /// Writes: takes the fence, does the work, records what it tells, commits. If any of it fails, nothing has happened.
    ///
    /// `at` is the moment the entries carry; it is the moment the work decides on.
    pub async fn write<T, E, W>(&self, call: &Call, at: DateTime<Utc>, work: W) -> Result<T, E>
    where
        W: AsyncFnOnce(&mut Tx<'_>) -> Result<Recorded<T>, E>,
        E: From<StoreError>,
    {
        let (borrowed, head, earlier) = match &call.once {
            None => {
                let (borrowed, head) = self.begin().await?;
                (borrowed, head, None)
            }
            Some(once) => self.begin_once(once, at).await?,
        };
        let mut tx = borrowed.tx()?;
        match work(&mut tx).await {
            // The work was done before. It was tried again only because the caller may have lost the right to it.
            Ok(_) if earlier.is_some() => {
                borrowed.roll_back().await;
                Err(earlier.map_or(StoreError::InProgress, StoreError::Answered).into())
            }
            Ok(recorded) => {
                let (value, events, answer) = recorded.into_parts();
                if let (Some(once), Some(answer)) = (&call.once, answer) {
                    kept_answer::keep(&tx, once, &answer, at).await?;
                }
                self.append(&tx, head, call, at, events).await.map_err(|_| StoreError::NotRecorded)?;
                borrowed.commit().await?;
                Ok(value)
            }
            Err(error) => {
                borrowed.roll_back().await;
                Err(error)
            }
        }
    }

    /// Begins a transaction that writes, at its turn.
    async fn begin(&self) -> Result<(Borrowed, Head), StoreError> {
        let borrowed = self.borrow().await?;
        let tx = borrowed.tx()?;
        // Sent together: the head is read by a prepared statement of its own, always executed after these two. Writers
        // wait for the advisory lock, because PostgreSQL serves those in turn, and those who wait for a row at random.
        let (begun, head) = futures_util::join!(tx.say(BEGIN_IN_LINE), audit::take_fence(&tx));
        begun?;
        let head = head?;
        Ok((borrowed, head))
    }

    /// Begins a transaction that writes for a request that takes effect once, and finds what was answered to it before.
    ///
    /// Whoever works on the same request holds the lock on its key. It is asked for, not waited for, and the connection
    /// goes back in between, so that a hundred repeats cannot take the connections of everybody else.
    async fn begin_once(&self, once: &Once, at: DateTime<Utc>) -> Result<(Borrowed, Head, Option<String>), StoreError> {
        for _ in 0..TRIES {
            let borrowed = self.borrow().await?;
            let tx = borrowed.tx()?;
            let (begun, is_mine) = futures_util::join!(tx.say("BEGIN"), kept_answer::lock(&tx, once));
            begun?;
            if is_mine? {
                // As above: in this order, each executed after the one before.
                let (turn, head, earlier) =
                    futures_util::join!(tx.say(WAIT_IN_LINE), audit::take_fence(&tx), kept_answer::find(&tx, once, at));
                turn?;
                let head = head?;
                return match earlier? {
                    None => Ok((borrowed, head, None)),
                    Some(Earlier::Same(answer)) => Ok((borrowed, head, Some(answer))),
                    Some(Earlier::Other) => {
                        borrowed.roll_back().await;
                        Err(StoreError::KeyReused)
                    }
                };
            }
            borrowed.roll_back().await;
            tokio::time::sleep(PAUSE).await;
        }
        Err(StoreError::InProgress)
    }

    /// Records reads and refusals: to be awaited before a single byte of the answer leaves.
    pub async fn record(&self, call: &Call, at: DateTime<Utc>, events: Vec<Event>) -> Result<(), StoreError> {
        let mut events = events.into_iter();
        let Some(first) = events.next() else { return Ok(()) };
        let recorded = events.fold(Recorded::new((), first), Recorded::and);
        self.write(call, at, async |_| Ok(recorded)).await.map_err(|_: StoreError| StoreError::NotRecorded)
    }

    /// Checks the whole trail, page by page, as it stood at one moment.
    pub async fn verify_trail(&self, expected: Option<Head>) -> Result<Verified, StoreError> {
        self.read(async |tx| {
            let head = audit::head(tx).await?;
            let mut check = ChainCheck::new(expected);
            let mut reached = 0;
            loop {
                let page = audit::page_after(tx, reached).await?;
                let Some(last) = page.last() else { return Ok(check.finish(head)) };
                reached = last.index;
                if let Err(fault) = page.iter().try_for_each(|entry| check.next(entry)) {
                    return Ok(Err(fault));
                }
            }
        })
        .await
    }

    /// True if the database answers.
    pub async fn answers(&self) -> bool {
        self.read(async |tx| tx.say("SELECT 1").await).await.is_ok()
    }

    async fn append(
        &self,
        tx: &Tx<'_>,
        head: Head,
        call: &Call,
        at: DateTime<Utc>,
        events: Vec<Event>,
    ) -> Result<(), StoreError> {
        let mut head = head;
        let mut entries = Vec::with_capacity(events.len());
        for event in events {
            let entry = Entry {
                index: head.index + 1,
                occurred_at: at,
                call: call.clone(),
                event,
                source: self.source.clone(),
            };
            let stored = entry.stored(head.link).map_err(|error| StoreError::Query(error.to_string()))?;
            head = Head { index: stored.index, link: stored.link };
            entries.push(stored);
        }
        audit::append(tx, entries).await
    }

    async fn borrow(&self) -> Result<Borrowed, StoreError> {
        let status = self.pool.status();
        let limit = if status.available == 0 && status.size >= status.max_size { WAIT_MAX } else { CONNECT_MAX };
        let waited = tokio::time::timeout(limit, self.pool.get()).await;
        let connection = waited
            .map_err(|_| StoreError::Unavailable("no connection became free in time".to_owned()))?
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        Ok(Borrowed::new(connection))
    }
}
