use chrono::DateTime;

use governor::state::StateStore;

use super::{
    Caller::{At, Known},
    Class, Clock, Key, Limits, Method, Rates, Standing, Table,
    table::CALLERS_MAX,
};

const ANN: [&str; 3] = ["https://issuer.example", "console", "ann"];
const BEN: [&str; 3] = ["https://issuer.example", "console", "ben"];

fn clock() -> Clock {
    Clock::settable(DateTime::UNIX_EPOCH + chrono::Duration::days(20_000))
}

fn told(standing: &Standing) -> (String, String) {
    let mut headers = super::HeaderMap::new();
    standing.tell(&mut headers);
    let text = |name: &str| headers.get(name).unwrap().to_str().unwrap().to_owned();
    (text("ratelimit-policy"), text("ratelimit"))
}

#[test]
fn calls_count_down_others_are_unharmed_and_time_brings_them_back() {
    let clock = clock();
    let limits = Limits::new(Rates::new([6, 3, 2, 1]), &clock);
    for left in (0..6).rev() {
        let standing = limits.count(Class::Reading, &Known(ANN));
        assert_eq!((standing.left(), standing.refusal()), (left, None));
        assert_eq!(told(&standing).0, "\"reading\";q=6;w=60");
        assert_eq!(told(&standing).1, format!("\"reading\";r={left};t={}", (6 - left) * 10));
    }
    let refused = limits.count(Class::Reading, &Known(ANN));
    assert!(refused.refusal().is_some());
    assert_eq!((refused.wait_seconds, told(&refused).1.as_str()), (Some(10), "\"reading\";r=0;t=60"));
    assert!(limits.count(Class::Writing, &Known(ANN)).refusal().is_none(), "each kind has a count of its own");
    assert!(limits.count(Class::Reading, &Known(BEN)).refusal().is_none(), "and so has each caller");
    clock.advance(chrono::Duration::seconds(9));
    assert_eq!(limits.count(Class::Reading, &Known(ANN)).wait_seconds, Some(1));
    clock.advance(chrono::Duration::seconds(1));
    assert!(limits.count(Class::Reading, &Known(ANN)).refusal().is_none());
    clock.advance(chrono::Duration::hours(1));
    assert_eq!(limits.count(Class::Reading, &Known(ANN)).left(), 5, "never more than a whole minute's worth");
}

#[test]
fn a_clock_that_is_set_back_stops_nobody_for_good() {
    let clock = clock();
    let limits = Limits::new(Rates::new([2; 4]), &clock);
    limits.count(Class::Reading, &Known(ANN));
    clock.advance(chrono::Duration::hours(-1));
    assert!(limits.count(Class::Reading, &Known(ANN)).refusal().is_none());
    assert_eq!(limits.count(Class::Reading, &Known(ANN)).wait_seconds, Some(30));
}

#[test]
fn a_network_counts_as_one_address() {
    let limits = Limits::new(Rates::new([1; 4]), &clock());
    let at = |text: &str| At(text.parse().unwrap());
    let is_refused = |text: &str| limits.count(Class::FailedTokens, &at(text)).refusal().is_some();
    assert!(!is_refused("192.0.2.1") && is_refused("192.0.2.1") && !is_refused("192.0.2.2"));
    assert!(!is_refused("2001:db8::1") && is_refused("2001:db8::ffff:2") && !is_refused("2001:db8:0:1::1"));
}

#[test]
fn a_million_callers_do_not_grow_the_table_past_its_limit() {
    let table = Table::default();
    for number in 0..1_000_000_u32 {
        let key = Key::of([&number.to_be_bytes(), b"", b""]);
        table.measure_and_replace(&key, |_| Ok::<_, ()>(((), 1_u64.into()))).unwrap();
    }
    assert!(table.callers() <= CALLERS_MAX && table.callers() > CALLERS_MAX / 2, "{}", table.callers());
}

#[test]
fn who_asked_most_is_forgotten_last() {
    let table = Table::default();
    let busy = Key::of([b"busy", b"", b""]);
    table.measure_and_replace(&busy, |_| Ok::<_, ()>(((), 1000_u64.into()))).unwrap();
    for number in 0..200_000_u32 {
        let key = Key::of([&number.to_be_bytes(), b"", b""]);
        table.measure_and_replace(&key, |_| Ok::<_, ()>(((), 1_u64.into()))).unwrap();
    }
    let known = table.measure_and_replace(&busy, |kept| Ok::<_, ()>((kept.is_some(), 1000_u64.into())));
    assert_eq!(known, Ok(true));
}

#[test]
fn searches_are_a_kind_of_their_own_whatever_their_method() {
    for (method, route, class) in [
        (Method::GET, "/v1/referrals/{referralId}", Class::Reading),
        (Method::POST, "/v1/referrals", Class::Writing),
        (Method::PUT, "/v1/places/{placeId}", Class::Writing),
        (Method::POST, "/v1/referrals/_search", Class::Searching),
        (Method::POST, "/v1/status-queries", Class::Searching),
    ] {
        assert_eq!(Class::of(&method, route), class, "{method} {route}");
    }
}

#[test]
fn rates_are_read_by_name_and_what_is_not_named_keeps_its_number() {
    let rates: Rates = "searching=5, failed-tokens=7".parse().unwrap();
    assert_eq!(rates, Rates::new([1200, 600, 5, 7]));
    for wrong in ["", "searching", "searching=0", "searching=-1", "searching=1000001", "sleeping=3", "searching=5;"] {
        assert!(wrong.parse::<Rates>().is_err(), "{wrong}");
    }
}
