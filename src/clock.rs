//! Now, and new ids: the only file where either comes from, so that a test can set and a replay can repeat both.

use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

use chrono::{DateTime, Duration, SubsecRound, TimeZone, Utc};
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

/// Tells the time: the system's, or one that stands still until it is set.
#[derive(Clone, Debug)]
pub struct Clock(Time);

#[derive(Clone, Debug)]
enum Time {
    System,
    /// Microseconds since 1970, shared by all copies of this clock.
    Settable(Arc<AtomicI64>),
}

impl Clock {
    /// The clock of the machine.
    pub fn system() -> Self {
        Self(Time::System)
    }

    /// A clock that stands at `at` until [`Clock::set`] or [`Clock::advance`]; copies show the same time.
    pub fn settable(at: DateTime<Utc>) -> Self {
        Self(Time::Settable(Arc::new(AtomicI64::new(at.timestamp_micros()))))
    }

    /// Now, to the microsecond: what PostgreSQL stores is then exactly what was decided on.
    pub fn now(&self) -> DateTime<Utc> {
        match &self.0 {
            Time::System => system_now().trunc_subsecs(6),
            Time::Settable(micros) => moment(micros.load(Ordering::SeqCst)),
        }
    }

    /// Sets a settable clock; the clock of the machine is never set.
    pub fn set(&self, at: DateTime<Utc>) {
        match &self.0 {
            Time::System => {}
            Time::Settable(micros) => micros.store(at.timestamp_micros(), Ordering::SeqCst),
        }
    }

    /// Moves a settable clock on; the clock of the machine is never moved.
    pub fn advance(&self, by: Duration) {
        match &self.0 {
            Time::System => {}
            Time::Settable(micros) => {
                micros.fetch_add(by.num_microseconds().unwrap_or(0), Ordering::SeqCst);
            }
        }
    }
}

/// Every count that a settable clock holds came from a moment; one moved beyond the calendar shows its start.
fn moment(micros: i64) -> DateTime<Utc> {
    Utc.timestamp_micros(micros).single().unwrap_or(DateTime::UNIX_EPOCH)
}

#[expect(clippy::disallowed_methods, reason = "this is the file where now comes from")]
fn system_now() -> DateTime<Utc> {
    Utc::now()
}

/// Makes new ids: random ones, or the same sequence for the same seed.
#[derive(Clone, Debug)]
pub struct Ids(Origin);

#[derive(Clone, Debug)]
enum Origin {
    Random,
    Seeded { seed: u64, count: Arc<AtomicU64> },
}

impl Ids {
    /// Random ids, for every real service.
    pub fn random() -> Self {
        Self(Origin::Random)
    }

    /// The same ids in the same order for the same seed; copies share the sequence. For tests and the demo only.
    pub fn seeded(seed: u64) -> Self {
        Self(Origin::Seeded { seed, count: Arc::new(AtomicU64::new(0)) })
    }

    /// A new UUIDv4.
    pub fn next_uuid(&self) -> Uuid {
        match &self.0 {
            Origin::Random => random_uuid(),
            Origin::Seeded { seed, count } => {
                let number = count.fetch_add(1, Ordering::SeqCst);
                let hash: [u8; 32] =
                    Sha256::new().chain_update(seed.to_be_bytes()).chain_update(number.to_be_bytes()).finalize().into();
                let mut bytes = [0; 16];
                bytes.iter_mut().zip(hash).for_each(|(byte, from)| *byte = from);
                Builder::from_random_bytes(bytes).into_uuid()
            }
        }
    }

    /// A new id of the wanted kind: `ids.next(ReferralId)`.
    pub fn next<T>(&self, kind: impl FnOnce(Uuid) -> T) -> T {
        kind(self.next_uuid())
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the file where new ids come from")]
fn random_uuid() -> Uuid {
    Uuid::new_v4()
}

#[cfg(test)]
mod tests {
    use chrono::{Duration, TimeZone, Timelike, Utc};

    use super::{Clock, Ids};
    use crate::domain::ids::ReferralId;

    #[test]
    fn the_machine_s_clock_is_read_to_the_microsecond() {
        assert_eq!(Clock::system().now().nanosecond() % 1000, 0);
    }

    #[test]
    fn a_settable_clock_stands_still_and_its_copies_show_the_same() {
        let start = Utc.with_ymd_and_hms(2025, 3, 1, 9, 0, 0).unwrap();
        let (clock, copy) = {
            let clock = Clock::settable(start);
            (clock.clone(), clock)
        };
        assert_eq!((clock.now(), clock.now()), (start, start));
        clock.advance(Duration::hours(72));
        assert_eq!(copy.now(), start + Duration::hours(72));
        copy.set(start);
        assert_eq!(clock.now(), start);
    }

    #[test]
    fn seeded_ids_repeat_and_are_uuids_of_version_4() {
        let ids = Ids::seeded(1);
        let (a, b) = (ids.clone().next(ReferralId), ids.next(ReferralId));
        assert_ne!(a, b);
        assert_eq!(a, Ids::seeded(1).next(ReferralId));
        assert_ne!(a, Ids::seeded(2).next(ReferralId));
        assert_eq!((a.0.get_version_num(), Ids::random().next_uuid().get_version_num()), (4, 4));
    }
}
