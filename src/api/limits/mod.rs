//! How often somebody may ask, by kind of operation: one caller who asks without end leaves room for all others, and
//! whoever walks through ids is stopped and noticed.
//!
//! The numbers are assumptions: far above what a person at a desk or a program that keeps a list up to date needs, and
//! to be set anew when real use is known. Invariant: memory has a limit, however many callers there are ([`table`]).

pub mod table;

use std::{net::IpAddr, num::NonZeroU32, str::FromStr, time::Duration};

use actix_web::http::{
    Method,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use governor::{Quota, RateLimiter, clock::Clock as _, middleware::StateInformationMiddleware, nanos::Nanos};

use self::table::{Key, Table};
use super::problem::{Problem, kind::Kind};
use crate::clock::Clock;

/// A minute: every rate is per minute.
const WINDOW_SECONDS: u32 = 60;

/// A caller who asks more than this is no caller of this desk.
const RATE_MAX: u32 = 1_000_000;

/// A kind of operation with a rate of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Reading something whose address is known.
    Reading,
    /// Making, changing and deciding.
    Writing,
    /// Looking for somebody: searches, and asking for a status.
    Searching,
    /// Calls with a token that is not accepted, per address they come from.
    FailedTokens,
}

impl Class {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Reading, Self::Writing, Self::Searching, Self::FailedTokens];

    /// Its name, in headers and settings.
    pub fn name(self) -> &'static str {
        match self {
            Self::Reading => "reading",
            Self::Writing => "writing",
            Self::Searching => "searching",
            Self::FailedTokens => "failed-tokens",
        }
    }

    /// The kind of an operation, by its method and its route.
    pub fn of(method: &Method, route: &str) -> Self {
        if route.ends_with("/_search") || route.ends_with("/status-queries") {
            Self::Searching
        } else if method.is_safe() {
            Self::Reading
        } else {
            Self::Writing
        }
    }
}

/// How many calls a minute each kind gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rates([NonZeroU32; 4]);

impl Default for Rates {
    /// Assumptions: for a minute on end twenty reads, ten writes and two searches a second, and a bad token every second.
    fn default() -> Self {
        Self::new([1200, 600, 120, 60])
    }
}

impl Rates {
    /// In the order of [`Class::ALL`]; none counts as one.
    pub fn new(a_minute: [u32; 4]) -> Self {
        Self(a_minute.map(|calls| NonZeroU32::new(calls).unwrap_or(NonZeroU32::MIN)))
    }

    /// As many calls as anybody can make: for tests and measurements.
    pub fn unlimited() -> Self {
        Self::new([RATE_MAX; 4])
    }

    /// The calls a minute of one kind.
    pub fn of(&self, class: Class) -> NonZeroU32 {
        let [reading, writing, searching, failed_tokens] = self.0;
        match class {
            Class::Reading => reading,
            Class::Writing => writing,
            Class::Searching => searching,
            Class::FailedTokens => failed_tokens,
        }
    }
}

/// A text that does not say how many calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "it should look like reading=1200,writing=600,searching=120,failed-tokens=60: calls a minute, from 1 to 1000000"
)]
pub struct NoRates;

/// `reading=600,searching=60`: what is not named keeps its number.
impl FromStr for Rates {
    type Err = NoRates;

    fn from_str(text: &str) -> Result<Self, NoRates> {
        let mut rates = Self::default();
        for part in text.split(',') {
            let (name, calls) = part.trim().split_once('=').ok_or(NoRates)?;
            let class = Class::ALL.iter().position(|class| class.name() == name).ok_or(NoRates)?;
            let calls = calls.parse().ok().filter(|calls: &NonZeroU32| calls.get() <= RATE_MAX).ok_or(NoRates)?;
            *rates.0.get_mut(class).ok_or(NoRates)? = calls;
        }
        Ok(rates)
    }
}

/// The time of the desk, as the limiter reads it: a test that moves the clock moves the limits.
#[derive(Clone, Debug)]
struct DeskTime(Clock);

impl governor::clock::Clock for DeskTime {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        Nanos::new(u64::try_from(self.0.now().timestamp_micros()).unwrap_or(0).saturating_mul(1000))
    }
}

type Limiter = RateLimiter<Key, Table, DeskTime, StateInformationMiddleware>;

/// Counts the calls of one kind.
#[derive(Debug)]
struct Limit {
    class: Class,
    calls: NonZeroU32,
    limiter: Limiter,
}

/// Counts the calls of everybody.
#[derive(Debug)]
pub struct Limits([Limit; 4]);

impl Limits {
    /// Counts against these rates, in the time of this clock.
    pub fn new(rates: Rates, clock: &Clock) -> Self {
        Self(Class::ALL.map(|class| {
            let calls = rates.of(class);
            let minute = Duration::from_secs(u64::from(WINDOW_SECONDS));
            let each = minute.checked_div(calls.get()).unwrap_or(minute);
            let quota = Quota::with_period(each).unwrap_or_else(|| Quota::per_minute(calls)).allow_burst(calls);
            Limit { class, calls, limiter: RateLimiter::new(quota, Table::default(), DeskTime(clock.clone())) }
        }))
    }

    /// Counts a call of this caller.
    pub fn count(&self, class: Class, caller: &Caller<'_>) -> Standing {
        let [reading, writing, searching, failed_tokens] = &self.0;
        let limit = match class {
            Class::Reading => reading,
            Class::Writing => writing,
            Class::Searching => searching,
            Class::FailedTokens => failed_tokens,
        };
        limit.count(&caller.key())
    }
}

impl Limit {
    fn count(&self, key: &Key) -> Standing {
        let standing = |left, wait_seconds| Standing { class: self.class, calls: self.calls.get(), left, wait_seconds };
        match self.limiter.check_key(key) {
            Ok(state) => standing(state.remaining_burst_capacity(), None),
            Err(until) => {
                let wait = until.wait_time_from(self.limiter.clock().now());
                standing(0, Some(wait.as_secs() + u64::from(wait.subsec_nanos() > 0)))
            }
        }
    }
}

/// Whose calls are counted.
#[derive(Clone, Copy, Debug)]
pub enum Caller<'c> {
    /// The person or program of a good token: issuer, client and subject.
    Known([&'c str; 3]),
    /// Whoever calls from this address.
    At(IpAddr),
}

impl Caller<'_> {
    fn key(&self) -> Key {
        match self {
            Self::Known(parts) => Key::of(parts.map(str::as_bytes)),
            Self::At(IpAddr::V4(address)) => Key::of([&address.octets(), b"", b""]),
            Self::At(IpAddr::V6(address)) => {
                // One line of a household or office has a whole /64.
                let network = u128::from(*address) >> 64;
                Key::of([&network.to_be_bytes(), b"", b""])
            }
        }
    }
}

/// Where a caller stands after a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    class: Class,
    calls: u32,
    left: u32,
    wait_seconds: Option<u64>,
}

impl Standing {
    /// The problem, if that was too much.
    pub fn refusal(&self) -> Option<Problem> {
        let wait = self.wait_seconds?.max(1);
        Some(Problem::new(Kind::TooManyRequests).header("Retry-After", wait.to_string()))
    }

    /// The kind of operation that was counted.
    pub fn class(&self) -> Class {
        self.class
    }

    /// Calls that are left.
    pub fn left(&self) -> u32 {
        self.left
    }

    /// Tells it in an answer: how many calls there are in how many seconds; how many are left, and when all are there again.
    pub(super) fn tell(&self, headers: &mut HeaderMap) {
        let (name, calls) = (self.class.name(), self.calls);
        let spent = u64::from(calls.saturating_sub(self.left)) * u64::from(WINDOW_SECONDS);
        let policy = format!("\"{name}\";q={calls};w={WINDOW_SECONDS}");
        let state = format!("\"{name}\";r={};t={}", self.left, spent.div_ceil(u64::from(calls)));
        for (name, value) in [("ratelimit-policy", policy), ("ratelimit", state)] {
            if let Ok(value) = HeaderValue::try_from(value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
    }
}

#[cfg(test)]
mod tests;
