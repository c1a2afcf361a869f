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

/// When a household can start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// R-BEDS.
    pub beds: Verdict,
    /// R-AGE.
    pub age: Verdict,
    /// First day with enough beds on confirmed ends (and, if R-AGE holds, with the right ages), from today.
    pub start: Option<u16>,
    /// First day with enough beds if expected ends come true; only where R-BEDS is unknown for that reason.
    pub expected: Option<u16>,
}

/// From this age nobody counts as a minor at a unit.
const MINOR_BELOW: u8 = 18;

impl HouseholdAges {
    /// Ages of the victim and of linked people on every day from today.
    pub fn of<'f>(births: impl Iterator<Item = Option<&'f Fact<Birth>>>, today: NaiveDate) -> Self {
        let mut ages = Self { open: false, days: [(u8::MAX, 0); DAYS] };
        for birth in births {
            let Some(birth) = birth.and_then(Fact::known) else {
                ages.open = true;
                continue;
            };
            for (day, (youngest, oldest)) in (0_u64..).zip(&mut ages.days) {
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

    /// R-AGE as if the start were on this day.
    fn fits(&self, unit: Ages, day: u16) -> Verdict {
        let (youngest, oldest) = self.on(day);
        let bounds = Verdict::of(Some(youngest >= unit.min && oldest <= unit.max));
        let minors = if youngest >= MINOR_BELOW { Verdict::Yes } else { unit.minors };
        let open = if self.open { Verdict::Unknown } else { Verdict::Yes };
        bounds.and(minors).and(open)
    }

    /// True if R-AGE holds on every day: the common case, found without looking at each day.
    #[inline]
    pub fn fit_always(&self, unit: Ages, horizon: u16) -> bool {
        let (youngest, _) = self.on(0);
        let (_, oldest) = self.on(horizon);
        !self.open
            && youngest >= unit.min
            && oldest <= unit.max
            && (youngest >= MINOR_BELOW || unit.minors == Verdict::Yes)
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

/// When a household that needs `beds` can start. `exact` is false while the number of children is open.
pub fn timing(
    free: FreePlaces<'_>,
    beds: u16,
    exact: bool,
    unit: Ages,
    household: &HouseholdAges,
    horizon: u16,
) -> Timing {
    let sure = free.confirmed(beds);
    let hoped = free.expected(beds);
    let verdict = if free.today == NOT_DOCUMENTED {
        Verdict::Unknown
    } else if sure.is_some() {
        if exact { Verdict::Yes } else { Verdict::Unknown }
    } else if hoped.is_some() {
        Verdict::Unknown
    } else {
        Verdict::No
    };
    let any_from = |first: u16| (first..=horizon).map(|day| household.fits(unit, day)).fold(Verdict::No, Verdict::or);
    match verdict {
        Verdict::Yes => {
            let from = sure.unwrap_or(0);
            let age = any_from(from);
            let right = (from..=horizon).find(|day| household.fits(unit, *day) == Verdict::Yes);
            Timing { beds: verdict, age, start: right.or(Some(from)), expected: None }
        }
        // Beds would have to come; the last day of the horizon is when they have to be there.
        Verdict::No => Timing { beds: verdict, age: household.fits(unit, horizon), start: None, expected: None },
        Verdict::Unknown => {
            // The start day is open, so the ages are sure only if they are right whatever it turns out to be.
            let (last, any) = (household.fits(unit, horizon), any_from(0));
            let age = if last == Verdict::Yes || any == Verdict::No { any } else { Verdict::Unknown };
            let expected = if sure.is_none() { hoped } else { None };
            Timing { beds: verdict, age, start: None, expected }
        }
    }
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
        HouseholdAges::of(std::iter::once(Some(&fact)), today())
    }

    #[test]
    fn beds_come_with_confirmed_ends_and_are_asked_for_with_expected_ones() {
        let adult = born("1990-01-01");
        for (free, beds, exact, want) in [
            (1, 1, true, (Yes, Some(0), None)),
            (0, 1, true, (Yes, Some(10), None)),
            (0, 2, true, (Unknown, None, Some(10))),
            (0, 3, true, (No, None, None)),
            (1, 2, false, (Unknown, None, None)),
            (NOT_DOCUMENTED, 1, true, (Unknown, None, None)),
        ] {
            let found = timing(FreePlaces { today: free, steps: &STEPS }, beds, exact, ANY, &adult, 28);
            assert_eq!((found.beds, found.start, found.expected), want, "{free} {beds} {exact}");
        }
    }

    #[test]
    fn somebody_who_comes_of_age_inside_the_horizon_starts_that_day() {
        let unit = Ages { min: 18, max: 24, minors: No };
        let free = FreePlaces { today: 1, steps: &[] };
        let found = timing(free, 1, true, unit, &born("2008-06-08"), 28);
        assert_eq!((found.age, found.start), (Yes, Some(7)));
        let found = timing(free, 1, true, unit, &born("2008-07-08"), 28);
        assert_eq!((found.age, found.start), (No, Some(0)));
    }

    #[test]
    fn an_open_start_leaves_an_age_open_that_turns_on_it() {
        let unit = Ages { min: 0, max: 23, minors: Yes };
        let closed = FreePlaces { today: NOT_DOCUMENTED, steps: &[] };
        assert_eq!(timing(closed, 1, true, unit, &born("2002-06-08"), 28).age, Unknown);
        assert_eq!(timing(closed, 1, true, unit, &born("2004-06-08"), 28).age, Yes);
        assert_eq!(timing(closed, 1, true, unit, &born("1999-06-08"), 28).age, No);
    }
}
