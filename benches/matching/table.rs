//! Percentiles of what was measured, as a table.

use std::{
    fmt,
    time::{Duration, Instant},
};

/// So often every referral is measured.
const TIMES: usize = 3;

/// How long one call took.
pub fn time(call: impl FnOnce()) -> Duration {
    let began = Instant::now();
    call();
    began.elapsed()
}

/// One thing that was measured.
pub struct Row {
    /// What it is.
    pub name: String,
    /// How many places it went through.
    pub places: usize,
    limit: Option<Duration>,
    /// The shortest time per referral, sorted: what else the machine does is not the engine's time.
    best: Vec<Duration>,
    /// All times, sorted.
    all: Vec<Duration>,
}

impl Row {
    /// A row without times.
    pub fn new(name: &str, places: usize, limit: Option<Duration>) -> Self {
        Self { name: name.to_owned(), places, limit, best: Vec::new(), all: Vec::new() }
    }

    /// Measures one thing on one referral, a few times.
    pub fn add<V: Clone>(&mut self, view: &V, mut run: impl FnMut(&mut V)) {
        let times = [(); TIMES].map(|()| {
            let mut view = view.clone();
            time(|| run(&mut view))
        });
        self.best.extend(times.iter().min());
        self.all.extend(times);
    }

    /// Adds a time that is not repeated.
    pub fn add_once(&mut self, took: Duration) {
        self.best.push(took);
        self.all.push(took);
    }

    /// Ends the measuring.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        self.best.sort_unstable();
        self.all.sort_unstable();
        self
    }

    /// A percentile of the best times.
    pub fn best(&self, percent: usize) -> Duration {
        percentile(&self.best, percent)
    }

    /// Picoseconds per place, in the middle.
    pub fn picos_per_place(&self) -> u128 {
        self.best(50).as_nanos() * 1000 / self.places as u128
    }

    /// True if the 99th percentile keeps the limit, or there is none.
    pub fn holds(&self) -> bool {
        self.limit.is_none_or(|limit| self.best(99) <= limit)
    }

    /// The head of the table.
    pub fn head() -> String {
        format!(
            "{:<42} {:>9} {:>10} {:>10} {:>10} {:>10} {:>9}",
            "µs", "referrals", "p50", "p99", "limit p99", "p99 of all", "ns/place"
        )
    }
}

fn percentile(sorted: &[Duration], percent: usize) -> Duration {
    let at = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(at).copied().unwrap_or_default()
}

/// Microseconds with one decimal.
pub fn micros(time: Duration) -> String {
    let nanos = time.as_nanos();
    format!("{}.{}", nanos / 1000, nanos % 1000 / 100)
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let limit = self.limit.map_or_else(String::new, |limit| limit.as_micros().to_string());
        let each = self.picos_per_place();
        write!(
            f,
            "{:<42} {:>9} {:>10} {:>10} {limit:>10} {:>10} {:>9}",
            self.name,
            self.best.len(),
            micros(self.best(50)),
            micros(self.best(99)),
            micros(percentile(&self.all, 99)),
            format!("{}.{}", each / 1000, each % 1000 / 100),
        )
    }
}
