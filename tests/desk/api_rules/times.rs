//! Rules on time, over the types that travel: any offset comes in, UTC goes out.

use std::fs;

use chrono::{DateTime, FixedOffset, NaiveDate, SecondsFormat, Utc};
use omm::api::{body::Body, contract::Contract, decisions::DecideBody};
use proptest::prelude::*;
use serde_json::json;

/// The moment that the service reads out of this text.
fn read(text: &str, contract: &Contract) -> Option<DateTime<Utc>> {
    let body = json!({"outcome": "temporary_place", "place": "other", "until": text, "reason": "full"}).to_string();
    let body = Body::<DecideBody>::of_file(body.as_bytes(), contract).ok()?.plain().ok()?;
    let DecideBody::TemporaryPlace { until, .. } = body else { return None };
    until
}

/// date-time/timezone, date-time/format.
#[test]
fn any_offset_is_accepted_and_utc_is_returned() {
    let contract = Contract::read(&super::CONTRACT).unwrap();
    let moments = (0_i64..4_102_444_800, 0_u32..1_000_000, -14 * 60..=14 * 60_i32);
    proptest!(|((seconds, micros, minutes) in moments)| {
        let moment = DateTime::from_timestamp(seconds, micros * 1000).unwrap();
        let offset = FixedOffset::east_opt(minutes * 60).unwrap();
        let text = moment.with_timezone(&offset).to_rfc3339_opts(SecondsFormat::Micros, false);
        prop_assert_eq!(read(&text, &contract), Some(moment), "{}", text);

        let written = serde_json::to_value(moment).unwrap();
        let written = written.as_str().unwrap();
        prop_assert!(written.ends_with('Z') && written.chars().nth(10) == Some('T'), "{}", written);
        prop_assert_eq!(written.parse::<DateTime<Utc>>().unwrap(), moment);
        prop_assert_eq!(read(written, &contract), Some(moment));
    });
    for wrong in ["2026-03-02T09:00:00", "2026-03-02", "2026-02-30T09:00:00Z", "09:00", "1772442000", ""] {
        assert_eq!(read(wrong, &contract), None, "{wrong}");
    }
}

/// date-time/date-omit-time-portion.
#[test]
fn a_day_is_written_without_a_time() {
    proptest!(|(days in 1..3_000_000_i32)| {
        let day = NaiveDate::from_num_days_from_ce_opt(days).unwrap();
        let written = serde_json::to_value(day).unwrap();
        let written = written.as_str().unwrap();
        prop_assert!(written.len() == 10 && written.split('-').count() == 3, "{}", written);
        prop_assert_eq!(written.parse::<NaiveDate>().unwrap(), day);
    });
}

/// What has no other moments than those in UTC cannot return others.
#[test]
fn the_service_knows_moments_in_utc_only() {
    let mut folders = vec![concat!(env!("CARGO_MANIFEST_DIR"), "/src").into()];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir::<std::path::PathBuf>(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            let other = ["DateTime<FixedOffset>", "DateTime<Local>", "NaiveDateTime"]
                .into_iter()
                .find(|one| text.contains(one));
            assert_eq!(other, None, "{}", path.display());
            seen += usize::from(text.contains("DateTime<Utc>"));
        }
    }
    assert!(seen > 20, "{seen} files with moments");
}
