//! From which day a household can start at a unit: beds and ages together, because both depend on the day.
//!
//! Rule: the engine compares units at the earliest day that suffices. Free places never fall with time, ages never
//! either, so the days on which both hold are one stretch. A bed more can then never turn FIT into anything else.

use chrono::{Days, NaiveDate};

use super::columns::{Ages, NOT_DOCUMENTED};
use crate::domain::{
    fact::{Fact, Verdict},
    referral::facts::Birth,
};

/// The most days a table of days holds: one per day of the longest horizon, and today.
pub const DAYS: usize = 64;

/// The youngest and oldest adult or own referral of a household, day by day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HouseholdAges {
    /// True if a person's age is open.
    pub open: bool,
    days: [(u8, u8); DAYS],
}

/// The free places of a unit, day by day.
#[derive(Clone, Copy, Debug)]
pub struct FreePlaces<'c> {
    /// Free today; [`NOT_DOCUMENTED`] if nobody knows.
    pub today: i32,
    /// Per day with announced ends: (day, confirmed up to then, all up to then).
    pub steps: &'c [(u16, u16, u16)],
}

/// From this age nobody counts as a minor at a unit.
const MINOR_BELOW: u8 = 18;

impl HouseholdAges {
    /// Ages of the victim and of linked people on every day from today.
    pub fn of<'f>(births: impl Iterator<Item = Option<&'f Fact<Birth>>>, today: NaiveDate, horizon: u16) -> Self {
        let mut ages = Self { open: false, days: [(u8::MAX, 0); DAYS] };
        for birth in births {
            let Some(birth) = birth.and_then(Fact::known) else {
                ages.open = true;
                continue;
            };
            for (day, (youngest, oldest)) in (0..=u64::from(horizon)).zip(&mut ages.days) {
                let age = today.checked_add_days(Days::new(day)).and_then(|on| birth.age_on(on));
                let Some(age) = age else {
                    ages.open = true;
                    continue;
                };
                *youngest = age.min(*youngest);
                *oldest = age.max(*oldest);
            }
        }
        ages
    }

    /// Youngest and oldest on a day.
    pub fn on(&self, day: u16) -> (u8, u8) {
        self.days.get(usize::from(day)).copied().unwrap_or((u8::MAX, 0))
    }

    /// True if somebody's age changes within the horizon.
    pub fn turns(&self, horizon: u16) -> bool {
        self.on(0) != self.on(horizon)
    }

    /// Inside the bounds of the unit on a day, as far as ages are known.
    pub fn inside(&self, unit: Ages, day: u16) -> bool {
        let (youngest, oldest) = self.on(day);
        youngest >= unit.min && oldest <= unit.max
    }

    /// R-AGE as if the start were on this day.
    pub fn fits(&self, unit: Ages, day: u16) -> Verdict {
        let (youngest, _) = self.on(day);
        let bounds = Verdict::of(Some(self.inside(unit, day)));
        let minors = if youngest >= MINOR_BELOW { Verdict::Yes } else { unit.minors };
        let open = if self.open { Verdict::Unknown } else { Verdict::Yes };
        bounds.and(minors).and(open)
    }

    /// The day from `first` to `horizon` on which the fewest bounds would have to move, and by how much.
    pub fn nearest_day(&self, unit: Ages, first: u16, horizon: u16) -> u16 {
        (first..=horizon).min_by_key(|day| self.distance(unit, *day)).unwrap_or(horizon)
    }

    fn distance(&self, unit: Ages, day: u16) -> u32 {
        let (youngest, oldest) = self.on(day);
        let below = u32::from(unit.min.saturating_sub(youngest));
        let above = u32::from(oldest.saturating_sub(unit.max));
        below + above + u32::from(youngest < MINOR_BELOW && unit.minors != Verdict::Yes)
    }
}

impl FreePlaces<'_> {
    /// First day with so many places on confirmed ends.
    pub fn confirmed(&self, beds: u16) -> Option<u16> {
        self.first(beds, |(_, confirmed, _)| confirmed)
    }

    /// First day with so many places if expected ends come true.
    pub fn expected(&self, beds: u16) -> Option<u16> {
        self.first(beds, |(_, _, all)| all)
    }

    fn first(&self, beds: u16, count: impl Fn((u16, u16, u16)) -> u16) -> Option<u16> {
        if self.today == NOT_DOCUMENTED {
            return None;
        }
        let lacking = i32::from(beds) - self.today;
        if lacking <= 0 {
            return Some(0);
        }
        self.steps.iter().find(|step| i32::from(count(**step)) >= lacking).map(|step| step.0)
    }

    /// Free places on a day, on confirmed ends.
    pub fn on(&self, day: u16) -> i32 {
        let more = self.steps.iter().take_while(|step| step.0 <= day).last().map_or(0, |step| i32::from(step.1));
        self.today + more
    }
}

/// When a number of beds is there, as one byte: a day from today up to the horizon, or one of three codes above it.
pub type BedCode = u8;

/// What the codes above the horizon mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum BedsFrom {
    /// There, on confirmed ends.
    Day(u16),
    /// There if expected ends come true.
    Expected,
    /// Not within the horizon.
    Never,
    /// Nobody knows.
    Open,
}

impl BedsFrom {
    fn code(self, horizon: u16) -> BedCode {
        let above = |step: u16| BedCode::try_from(horizon + step).unwrap_or(BedCode::MAX);
        match self {
            Self::Day(day) => BedCode::try_from(day).unwrap_or(BedCode::MAX),
            Self::Expected => above(1),
            Self::Never => above(2),
            Self::Open => above(3),
        }
    }

    fn from_code(code: BedCode, horizon: u16) -> Self {
        match u16::from(code).checked_sub(horizon) {
            None | Some(0) => Self::Day(u16::from(code)),
            Some(1) => Self::Expected,
            Some(2) => Self::Never,
            Some(3..) => Self::Open,
        }
    }
}

/// When so many beds are there.
pub fn bed_code(free: FreePlaces<'_>, beds: u16, horizon: u16) -> BedCode {
    let from = if free.today == NOT_DOCUMENTED {
        BedsFrom::Open
    } else if let Some(day) = free.confirmed(beds) {
        BedsFrom::Day(day)
    } else if free.expected(beds).is_some() {
        BedsFrom::Expected
    } else {
        BedsFrom::Never
    };
    from.code(horizon)
}

/// No day.
pub const NO_DAY: u16 = u16::MAX;

/// When a household can start at one unit, as the answer explains it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// R-BEDS.
    pub beds: Verdict,
    /// First day it can start, in days from today.
    pub start: Option<u16>,
    /// First day with enough beds if expected ends come true; only where no confirmed day is known.
    pub expected: Option<u16>,
}

/// When a household can start, as the hot path reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Start {
    /// R-BEDS.
    pub beds: Verdict,
    /// R-AGE.
    pub age: Verdict,
    /// First day with enough beds on confirmed ends (and, if R-AGE holds, with the right ages), or [`NO_DAY`].
    pub day: u16,
}

/// The start of one household for every bed code, at units with the same ages.
///
/// `exact` is false while the number of children is open: then beds that are there are not known to be enough.
pub fn starts(household: &HouseholdAges, unit: Ages, exact: bool, horizon: u16, mut push: impl FnMut(Start)) {
    let turns = household.turns(horizon);
    let last = household.fits(unit, horizon);
    let fits = |day: u16| if turns { household.fits(unit, day) } else { last };
    // From each day on: does any day fit, and which is the first.
    let mut from = [(Verdict::No, NO_DAY); DAYS];
    let mut next = (Verdict::No, NO_DAY);
    for day in (0..=horizon).rev() {
        let fit = fits(day);
        next = (next.0.or(fit), if fit == Verdict::Yes { day } else { next.1 });
        if let Some(slot) = from.get_mut(usize::from(day)) {
            *slot = next;
        }
    }
    let (any, _) = next;
    // While the start day is open, the ages are sure only if they are right whatever it turns out to be.
    let age_open = if last == Verdict::Yes || any == Verdict::No { any } else { Verdict::Unknown };
    let open = Start { beds: Verdict::Unknown, age: age_open, day: NO_DAY };
    for code in 0..=BedsFrom::Open.code(horizon) {
        push(match BedsFrom::from_code(code, horizon) {
            BedsFrom::Day(day) if exact => {
                let (age, first) = from.get(usize::from(day)).copied().unwrap_or(next);
                Start { beds: Verdict::Yes, age, day: if first == NO_DAY { day } else { first } }
            }
            BedsFrom::Day(_) | BedsFrom::Expected | BedsFrom::Open => open,
            // Beds would have to come; the last day of the horizon is when they have to be there.
            BedsFrom::Never => Start { beds: Verdict::No, age: last, day: NO_DAY },
        });
    }
}

/// How many bed codes there are.
pub fn bed_codes(horizon: u16) -> usize {
    usize::from(horizon) + 4
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fact::Source;
    use Verdict::{No, Unknown, Yes};
    use chrono::DateTime;

    const STEPS: [(u16, u16, u16); 2] = [(3, 0, 1), (10, 1, 2)];
    const ANY: Ages = Ages { min: 0, max: u8::MAX, minors: Yes };

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 6, 1).unwrap()
    }

    fn born(text: &str) -> HouseholdAges {
        let fact = Fact::stated(Birth::Date(text.parse().unwrap()), Source::Referrer, DateTime::UNIX_EPOCH);
        HouseholdAges::of(std::iter::once(Some(&fact)), today(), 28)
    }

    fn timed(free: FreePlaces<'_>, beds: u16, exact: bool, unit: Ages, household: &HouseholdAges) -> Start {
        let mut found = Vec::new();
        starts(household, unit, exact, 28, |start| found.push(start));
        assert_eq!(found.len(), bed_codes(28));
        found[usize::from(bed_code(free, beds, 28))]
    }

    #[test]
    fn beds_come_with_confirmed_ends_and_are_asked_for_with_expected_ones() {
        let adult = born("1990-01-01");
        for (free, beds, exact, want) in [
            (1, 1, true, (Yes, 0, Some(0))),
            (0, 1, true, (Yes, 10, Some(3))),
            (0, 2, true, (Unknown, NO_DAY, Some(10))),
            (0, 3, true, (No, NO_DAY, None)),
            (1, 2, false, (Unknown, NO_DAY, Some(3))),
            (NOT_DOCUMENTED, 1, true, (Unknown, NO_DAY, None)),
        ] {
            let free = FreePlaces { today: free, steps: &STEPS };
            let found = timed(free, beds, exact, ANY, &adult);
            assert_eq!((found.beds, found.day, free.expected(beds)), want, "{free:?} {beds} {exact}");
        }
    }

    #[test]
    fn somebody_who_comes_of_age_inside_the_horizon_starts_that_day() {
        let unit = Ages { min: 18, max: 24, minors: No };
        let free = FreePlaces { today: 1, steps: &[] };
        let found = timed(free, 1, true, unit, &born("2008-06-08"));
        assert_eq!((found.age, found.day), (Yes, 7));
        let found = timed(free, 1, true, unit, &born("2008-07-08"));
        assert_eq!((found.age, found.day), (No, 0));
    }

    #[test]
    fn an_open_start_leaves_an_age_open_that_turns_on_it() {
        let unit = Ages { min: 0, max: 23, minors: Yes };
        let closed = FreePlaces { today: NOT_DOCUMENTED, steps: &[] };
        assert_eq!(timed(closed, 1, true, unit, &born("2002-06-08")).age, Unknown);
        assert_eq!(timed(closed, 1, true, unit, &born("2004-06-08")).age, Yes);
        assert_eq!(timed(closed, 1, true, unit, &born("1999-06-08")).age, No);
    }
}
