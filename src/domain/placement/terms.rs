//! Terms of the desk in working time of Amsterdam. Every length is an assumption until the field sets it.

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, TimeZone, Utc, Weekday};
use chrono_tz::{Europe::Amsterdam, Tz};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A length of time, by the clock or in working days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Term {
    /// So many minutes by the clock.
    Minutes(u32),
    /// So many working days; ends at the same time of day.
    WorkingDays(u16),
}

/// Terms that are settings of the desk, not of the matching policy. Each is an assumption.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Terms {
    /// CoMensha decides on an accepted proposal within this term, in a crisis.
    pub decide_within_crisis: Term,
    /// The same for a planned placement.
    pub decide_within_planned: Term,
    /// A reserved place is kept so long, in a crisis.
    pub arrive_within_crisis: Term,
    /// The same for a planned placement.
    pub arrive_within_planned: Term,
    /// After a disappearance the places stay held so long.
    pub disappearance_hold: Term,
}

impl Default for Terms {
    fn default() -> Self {
        const DAY: u32 = 24 * 60;
        Self {
            decide_within_crisis: Term::Minutes(DAY),
            decide_within_planned: Term::WorkingDays(5),
            arrive_within_crisis: Term::Minutes(DAY),
            arrive_within_planned: Term::Minutes(5 * DAY),
            disappearance_hold: Term::Minutes(3 * DAY),
        }
    }
}

/// The moment a term that begins at `from` ends. `holidays` are days on which nobody works.
pub fn end_of_term(from: DateTime<Utc>, term: Term, holidays: &[NaiveDate]) -> DateTime<Utc> {
    match term {
        Term::Minutes(minutes) => from + TimeDelta::minutes(i64::from(minutes)),
        Term::WorkingDays(days) => {
            let local = from.with_timezone(&Amsterdam);
            let mut day = local.date_naive();
            let mut left = days;
            while left > 0 {
                day = day.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX);
                if is_working_day(day, holidays) {
                    left -= 1;
                }
            }
            at_local_time(day, local)
        }
    }
}

fn is_working_day(day: NaiveDate, holidays: &[NaiveDate]) -> bool {
    !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && !holidays.contains(&day)
}

/// The same time of day on another day; a time that the change to summer time skips moves an hour later.
fn at_local_time(day: NaiveDate, local: DateTime<Tz>) -> DateTime<Utc> {
    let moment = day.and_time(local.time());
    let found = Amsterdam.from_local_datetime(&moment).earliest();
    let later = || Amsterdam.from_local_datetime(&(moment + TimeDelta::hours(1))).earliest();
    found.or_else(later).map_or_else(|| moment.and_utc(), |time| time.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn two_working_days_from_friday_afternoon_end_on_tuesday_afternoon() {
        assert_eq!(end_of_term(utc("2026-03-06T15:00:00Z"), Term::WorkingDays(2), &[]), utc("2026-03-10T15:00:00Z"));
    }

    #[test]
    fn a_holiday_does_not_count() {
        let monday = "2026-03-09".parse().unwrap();
        assert_eq!(
            end_of_term(utc("2026-03-06T15:00:00Z"), Term::WorkingDays(1), &[monday]),
            utc("2026-03-10T15:00:00Z")
        );
    }

    #[test]
    fn the_time_of_day_stays_over_the_change_to_summer_time() {
        assert_eq!(end_of_term(utc("2026-03-27T15:00:00Z"), Term::WorkingDays(1), &[]), utc("2026-03-30T14:00:00Z"));
    }

    #[test]
    fn minutes_run_through_the_night() {
        assert_eq!(end_of_term(utc("2026-03-06T23:30:00Z"), Term::Minutes(120), &[]), utc("2026-03-07T01:30:00Z"));
    }
}
