//! What is measured, and what of it was promised.

use std::{process::ExitCode, time::Duration};

use criterion::Criterion;
use omm::domain::matching::view::ReferralView;

use crate::{
    cases,
    engine::Engine,
    over_http,
    table::{Row, micros},
};

/// All verdicts, scores and the ten best of 10,000 places.
const SCREEN_MAX: Duration = Duration::from_micros(150);
/// The same with explanations.
const EXPLAIN_MAX: Duration = Duration::from_micros(300);
/// A place among 100,000 costs at most so many times a place among 1,000.
const GROWTH_MAX: u128 = 2;
/// What the service adds of its own when it matches over HTTP.
const OVER_HTTP_MAX: Duration = Duration::from_millis(1);

/// Measures, prints, compares.
pub fn tell() -> ExitCode {
    let in_full = std::env::args().any(|argument| argument == "--bench");
    let referrals = if in_full { 10_000 } else { 20 };
    println!("on {}\n{}", processor(), Row::head());
    let kept = [ten_thousand_places(referrals), growth(referrals / 10), over_http(referrals / 20)];
    let mut criterion = Criterion::default().configure_from_args();
    ratios(&mut criterion);
    criterion.final_summary();
    // A handful of calls, in a build that is not optimised, proves nothing about time.
    if kept.iter().all(|kept| *kept) || !in_full { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The processor, as the system names it.
fn processor() -> String {
    let told = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = told.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or(std::env::consts::ARCH);
    model.trim_start_matches([' ', '\t', ':']).to_owned()
}

fn views(count: usize) -> impl Iterator<Item = ReferralView> {
    (0..count as u64).map(cases::view)
}

/// Prints rows; true if each keeps its limit.
fn told(rows: Vec<Row>) -> bool {
    let rows: Vec<Row> = rows.into_iter().map(Row::sorted).collect();
    for row in &rows {
        println!("{row}{}", if row.holds() { "" } else { "  MISSED" });
    }
    rows.iter().all(Row::holds)
}

fn ten_thousand_places(referrals: usize) -> bool {
    let places = 10_000;
    let mut engine = Engine::with(places);
    views(referrals / 50).for_each(|view| engine.screen(&view));
    let mut screen = Row::new("verdicts, scores, top 10: 10,000 places", places, Some(SCREEN_MAX));
    let mut explain = Row::new("the same, explained", places, Some(EXPLAIN_MAX));
    let mut tables = Row::new("of which tables of the referral", places, None);
    let mut cards = 0;
    for view in views(referrals) {
        screen.add(&view, |view| engine.screen(view));
        explain.add(&view, |view| engine.explain(view));
        tables.add(&view, |view| engine.compile(view));
        cards += engine.cards(&mut view.clone());
    }
    let kept = told(vec![screen, explain, tables]);
    println!("explained are {} cards per referral, up to ten of each of three lists", cards / referrals);
    kept
}

/// Both sizes in turn, so that whatever else the machine does meets both.
fn growth(referrals: usize) -> bool {
    let (mut small, mut large) = (Engine::with(1_000), Engine::with(100_000));
    let mut of_small = Row::new("verdicts, scores, top 10: 1,000 places", 1_000, None);
    let mut of_large = Row::new("verdicts, scores, top 10: 100,000 places", 100_000, None);
    for view in views(referrals) {
        of_small.add(&view, |view| small.screen(view));
        of_large.add(&view, |view| large.screen(view));
    }
    let (of_small, of_large) = (of_small.sorted(), of_large.sorted());
    println!("{of_small}\n{of_large}");
    let (one, other) = (of_small.picos_per_place().max(1), of_large.picos_per_place());
    let kept = other <= GROWTH_MAX * one;
    let percent = other * 100 / one;
    println!("a place among 100,000 costs {percent} % of one among 1,000; promised: at most {} %", GROWTH_MAX * 100);
    kept
}

/// A referral matched at the real size, by the operation itself and over HTTP in turn.
fn over_http(times: usize) -> bool {
    let [operation, http, computing] = over_http::measure(times).map(Row::sorted);
    let engine = Engine::with(36);
    let mut alone = Row::new("of which the engine, on invented places", 36, None);
    views(times).for_each(|view| alone.add(&view, |view| engine.evaluate(view)));
    println!("{operation}\n{http}\n{computing}\n{}", alone.sorted());
    let door = http.best(50).saturating_sub(operation.best(50));
    let own = door + computing.best(50);
    println!(
        "matching over HTTP: the door adds {} µs, computing takes {} µs, together {} µs; promised: under {} µs",
        micros(door),
        micros(computing.best(50)),
        micros(own),
        OVER_HTTP_MAX.as_micros()
    );
    own < OVER_HTTP_MAX
}

/// What criterion follows from run to run.
fn ratios(criterion: &mut Criterion) {
    let views: Vec<ReferralView> = views(512).collect();
    let mut group = criterion.benchmark_group("matching");
    group.measurement_time(Duration::from_secs(3)).warm_up_time(Duration::from_secs(1));
    for places in [36, 1_000, 10_000] {
        let mut engine = Engine::with(places);
        let mut next = views.iter().cycle();
        group.bench_function(format!("screen {places}"), |bencher| {
            bencher.iter(|| next.next().into_iter().for_each(|view| engine.screen(view)));
        });
    }
    let engine = Engine::with(36);
    let mut next = views.iter().cycle();
    group.bench_function("evaluate 36", |bencher| {
        bencher.iter(|| next.next().into_iter().for_each(|view| engine.evaluate(view)));
    });
    group.bench_function("columns 36", |bencher| bencher.iter(|| engine.columns()));
    group.finish();
}
