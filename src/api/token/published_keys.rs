//! The public keys that an issuer publishes, kept for as long as it says and fetched anew when they are needed.
//!
//! Invariants: one fetch runs at a time, shared by all who wait for it, and one begins at most every [`FETCH_EVERY`];
//! what was fetched takes the place of all that was there, so that a withdrawn key is gone; keys that could not be
//! fetched anew serve for [`STALE_MAX`] more and not a second longer.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Duration, Utc};
use tokio::sync::watch;

use super::{
    key_set::{KeySet, KeySetFault, SigningAlgorithm},
    key_source::{FetchFault, Fetched, KeySource},
};
use crate::clock::Clock;

/// Tokens with unknown keys cannot make the service ask more often than this.
const FETCH_EVERY: Duration = Duration::seconds(30);
/// So long keys are kept whose issuer does not say.
const KEPT_DEFAULT: Duration = Duration::minutes(5);
/// No key is kept longer, whatever its issuer says: a withdrawn key must go some day.
const KEPT_MAX: Duration = Duration::hours(24);
/// So much longer keys serve when no others can be fetched.
const STALE_MAX: Duration = Duration::hours(1);

/// Why there are no new keys.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeysFault {
    /// They could not be fetched.
    #[error(transparent)]
    Fetch(#[from] FetchFault),
    /// What was fetched is not taken.
    #[error(transparent)]
    Set(#[from] KeySetFault),
}

/// The keys of one issuer; copies share them.
#[derive(Clone, Debug)]
pub(super) struct PublishedKeys(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    /// For the log.
    issuer: String,
    source: KeySource,
    algorithms: Vec<SigningAlgorithm>,
    clock: Clock,
    state: Mutex<State>,
    /// Tells those who wait that a fetch has ended.
    ended: watch::Sender<()>,
}

#[derive(Debug, Default)]
struct State {
    known: Option<Known>,
    /// When the last fetch began.
    began: Option<DateTime<Utc>>,
    /// How the last fetch ended, if it ended badly.
    fault: Option<KeysFault>,
    is_running: bool,
}

#[derive(Clone, Debug)]
struct Known {
    keys: Arc<KeySet>,
    fresh_until: DateTime<Utc>,
}

impl PublishedKeys {
    pub fn new(issuer: &str, source: KeySource, algorithms: &[SigningAlgorithm], clock: &Clock) -> Self {
        Self(Arc::new(Shared {
            issuer: issuer.to_owned(),
            source,
            algorithms: algorithms.to_vec(),
            clock: clock.clone(),
            state: Mutex::default(),
            ended: watch::Sender::new(()),
        }))
    }

    /// The keys, while they are as fresh as their issuer wants them to be.
    pub fn fresh(&self, now: DateTime<Utc>) -> Option<Arc<KeySet>> {
        self.0.state().known.as_ref().filter(|known| now < known.fresh_until).map(|known| known.keys.clone())
    }

    /// The keys, fresh or not, while they may serve.
    pub fn usable(&self, now: DateTime<Utc>) -> Option<Arc<KeySet>> {
        self.0.state().usable(now)
    }

    /// Fetches the keys if those at hand are not fresh or do not name this one, and waits for them if that helps.
    pub async fn freshen(&self, key_id: &str, now: DateTime<Utc>) {
        let (waits, mut ended) = {
            let mut state = self.0.state();
            let names = state.usable(now).is_some_and(|keys| keys.names(key_id));
            let is_fresh = state.known.as_ref().is_some_and(|known| now < known.fresh_until);
            if is_fresh && names {
                return;
            }
            if !state.is_running {
                if !state.may_begin(now) {
                    return;
                }
                self.begin(&mut state, now);
            }
            // Where the last attempt failed already, known keys serve and nobody waits for the next.
            (!(names && state.fault.is_some()), self.0.ended.subscribe())
        };
        if waits {
            // The sender lives as long as these keys: there is no error to see.
            drop(ended.changed().await);
        }
    }

    /// Fetches the keys now, at the start of the service.
    pub async fn load(&self) -> Result<(), KeysFault> {
        self.0.fetch(self.0.clock.now()).await;
        self.0.state().fault.clone().map_or(Ok(()), Err)
    }

    /// The fetch is a task of its own: it goes on when the caller who needed it hangs up.
    fn begin(&self, state: &mut State, now: DateTime<Utc>) {
        state.is_running = true;
        let running = Running(self.0.clone());
        tokio::spawn(async move { running.0.fetch(now).await });
    }
}

impl State {
    fn usable(&self, now: DateTime<Utc>) -> Option<Arc<KeySet>> {
        self.known.as_ref().filter(|known| now < known.fresh_until + STALE_MAX).map(|known| known.keys.clone())
    }

    fn may_begin(&self, now: DateTime<Utc>) -> bool {
        self.began.is_none_or(|began| now < began || now >= began + FETCH_EVERY)
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing that holds the lock can break off half way.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn fetch(&self, now: DateTime<Utc>) {
        self.state().began = Some(now);
        let fetched = self.source.fetch().await.map_err(KeysFault::from);
        let issuer = self.issuer.as_str();
        match fetched.and_then(|fetched| self.read(&fetched, now)) {
            Ok(known) => {
                tracing::info!(issuer, "the keys of an issuer were fetched");
                let mut state = self.state();
                (state.known, state.fault) = (Some(known), None);
            }
            Err(fault) => {
                tracing::warn!(issuer, %fault, "the keys of an issuer could not be fetched");
                self.state().fault = Some(fault);
            }
        }
    }

    fn read(&self, fetched: &Fetched, began: DateTime<Utc>) -> Result<Known, KeysFault> {
        let keys = Arc::new(KeySet::read(&fetched.text, &self.algorithms)?);
        let kept = fetched.max_age.and_then(Duration::try_seconds).unwrap_or(KEPT_DEFAULT);
        Ok(Known { keys, fresh_until: began + kept.clamp(FETCH_EVERY, KEPT_MAX) })
    }
}

/// A fetch under way; when it ends, in whatever way, those who wait are told.
struct Running(Arc<Shared>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.state().is_running = false;
        self.0.ended.send_replace(());
    }
}
