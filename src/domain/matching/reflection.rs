//! When the reflection period of residence scheme B8/3 ends.
//!
//! Both terms are maxima (WBV 2023/11): 3 calendar months, or 30 days for a Dublin claimant whose period started after
//! 18 May 2023. A recorded early end wins over the computed day. The end day itself still counts (an assumption).

use chrono::{Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::referral::{facts::Circumstances, vocabulary::YesNo};

/// The longest the reflection period may last, from the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Calendar months.
    pub months_max: u32,
    /// Days for a Dublin claimant.
    pub days_dublin: u32,
}

/// The last day of the reflection period, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReflectionEnd {
    /// The last day; of two possible ones the earlier. Alert on this one.
    pub last_day: NaiveDate,
    /// The other possible last day, while it is open whether the person is a Dublin claimant.
    pub or_last_day: Option<NaiveDate>,
    /// True if it ended early, as recorded.
    pub ended_early: bool,
}

/// The Dublin term holds for periods that started after this day.
const DUBLIN_TERM_AFTER: Option<NaiveDate> = NaiveDate::from_ymd_opt(2023, 5, 18);

/// The end of the reflection period; `None` if no start is recorded.
pub fn reflection_end(facts: &Circumstances, terms: Terms) -> Option<ReflectionEnd> {
    if let Some(ended) = facts.reflection_ended_on.known() {
        return Some(ReflectionEnd { last_day: *ended, or_last_day: None, ended_early: true });
    }
    let start = *facts.reflection_start.known()?;
    let full = start.checked_add_months(Months::new(terms.months_max))?;
    let one = |last_day| ReflectionEnd { last_day, or_last_day: None, ended_early: false };
    if DUBLIN_TERM_AFTER.is_none_or(|after| start <= after) {
        return Some(one(full));
    }
    let dublin = start.checked_add_days(Days::new(u64::from(terms.days_dublin)))?;
    Some(match facts.dublin_claimant.known() {
        Some(YesNo::Yes) => one(dublin),
        Some(YesNo::No) => one(full),
        None if dublin == full => one(full),
        None => ReflectionEnd { last_day: dublin.min(full), or_last_day: Some(dublin.max(full)), ended_early: false },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fact::{Fact, Source};
    use chrono::DateTime;

    const TERMS: Terms = Terms { months_max: 3, days_dublin: 30 };

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn stated<T>(value: T) -> Fact<T> {
        Fact::stated(value, Source::Referrer, DateTime::UNIX_EPOCH)
    }

    fn facts(start: &str, dublin: Option<YesNo>) -> Circumstances {
        Circumstances {
            reflection_start: stated(day(start)),
            dublin_claimant: dublin.map_or(Fact::UNKNOWN, stated),
            ..Circumstances::default()
        }
    }

    #[test]
    fn the_last_day_follows_the_start_and_the_dublin_claim() {
        for (start, dublin, last, or) in [
            ("2024-11-30", Some(YesNo::No), "2025-02-28", None),
            ("2024-01-31", Some(YesNo::No), "2024-04-30", None),
            ("2024-06-01", Some(YesNo::Yes), "2024-07-01", None),
            ("2023-05-18", Some(YesNo::Yes), "2023-08-18", None),
            ("2023-05-19", Some(YesNo::Yes), "2023-06-18", None),
            ("2024-06-01", None, "2024-07-01", Some("2024-09-01")),
            ("2023-05-18", None, "2023-08-18", None),
        ] {
            let end = reflection_end(&facts(start, dublin), TERMS).unwrap();
            assert_eq!((end.last_day, end.or_last_day), (day(last), or.map(day)), "{start} {dublin:?}");
        }
    }

    #[test]
    fn a_recorded_early_end_wins() {
        let mut early = facts("2024-06-01", None);
        early.reflection_ended_on = stated(day("2024-06-10"));
        let end = reflection_end(&early, TERMS).unwrap();
        assert_eq!((end.last_day, end.or_last_day, end.ended_early), (day("2024-06-10"), None, true));
    }

    #[test]
    fn without_a_start_there_is_no_end() {
        assert_eq!(reflection_end(&Circumstances::default(), TERMS), None);
    }
}
