//! What advice reads about a person: the facts, the route, and the age today.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Europe::Amsterdam;

use crate::domain::{
    fact::Verdict,
    matching::route::RouteAdvice,
    referral::facts::{Birth, Circumstances},
};

/// From this age a person is an adult. Source: Burgerlijk Wetboek 1:233.
const ADULT_AGE: u8 = 18;

/// A person as advice sees one. There is no access to anything that must not count.
pub(super) struct Person<'a> {
    pub(super) facts: &'a Circumstances,
    pub(super) route: &'a RouteAdvice,
    age: Option<u8>,
}

impl<'a> Person<'a> {
    pub(super) fn new(facts: &'a Circumstances, route: &'a RouteAdvice, now: DateTime<Utc>) -> Self {
        let today = now.with_timezone(&Amsterdam).date_naive();
        let age = facts.birth.known().and_then(|birth| match birth {
            Birth::Date(born) => whole_years(*born, today),
            Birth::Years(years) => {
                let since = facts.birth.as_of.map(|stated| stated.with_timezone(&Amsterdam).date_naive());
                let passed = since.and_then(|stated| whole_years(stated, today)).unwrap_or(0);
                Some(years.saturating_add(passed))
            }
        });
        Self { facts, route, age }
    }

    pub(super) fn is_at_least(&self, years: u8) -> Verdict {
        Verdict::of(self.age.map(|age| age >= years))
    }

    pub(super) fn is_at_most(&self, years: u8) -> Verdict {
        Verdict::of(self.age.map(|age| age <= years))
    }

    pub(super) fn is_minor(&self) -> Verdict {
        self.is_at_least(ADULT_AGE).not()
    }
}

/// Whole years from one day to another; `None` when the second comes first.
fn whole_years(from: NaiveDate, to: NaiveDate) -> Option<u8> {
    let had_birthday = (to.month(), to.day()) >= (from.month(), from.day());
    let years = to.year() - from.year() - i32::from(!had_birthday);
    u8::try_from(years).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_birthday_counts_from_its_own_day() {
        assert_eq!(whole_years(day("2008-06-14"), day("2026-06-13")), Some(17));
        assert_eq!(whole_years(day("2008-06-14"), day("2026-06-14")), Some(18));
        assert_eq!(whole_years(day("2027-01-01"), day("2026-06-14")), None);
    }
}
