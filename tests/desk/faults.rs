//! Callers and databases that behave badly: nobody waits long, nothing stays half done, and it is over when it is over.

use std::time::{Duration, Instant};

use diesel::{QueryableByName, sql_query, sql_types::Text};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use futures_util::{StreamExt, future::join_all, stream::FuturesUnordered};
use omm::clock::Ids;
use tokio::{io::AsyncWriteExt, net::TcpStream};

use crate::{given::a_referral, served::Served, world::TestDatabase};

/// Connections of the desk whose connections run out.
const CONNECTIONS: usize = 4;
/// Slow calls at once.
const CALLS: usize = 200;

#[actix_web::test]
async fn with_every_connection_busy_nobody_waits_long_and_afterwards_all_is_well() {
    let desk = Served::with_connections(CONNECTIONS).await;
    let coordinator = desk.coordinator();
    let warm = join_all((0..CONNECTIONS).map(|_| coordinator.get("/organisations"))).await;
    assert!(warm.iter().all(|reply| reply.status == 200));
    let mut holder = desk.database.connection().await;
    holder.batch_execute("BEGIN; LOCK TABLE organisations IN ACCESS EXCLUSIVE MODE").await.unwrap();
    let began = Instant::now();
    let mut calls: FuturesUnordered<_> = (0..CALLS).map(|_| coordinator.get("/organisations")).collect();
    for _ in 0..CALLS - CONNECTIONS {
        let reply = calls.next().await.unwrap();
        assert_eq!(reply.brief(), "503 temporarily-unavailable");
        assert_eq!(reply.header("retry-after"), "1");
    }
    assert!(
        began.elapsed() < Duration::from_secs(8),
        "{:?}: they wait half a second, and not in turn",
        began.elapsed()
    );
    assert_eq!(reqwest::get(desk.url("/openapi.json")).await.unwrap().status(), 200, "who needs no database is served");
    holder.batch_execute("COMMIT").await.unwrap();
    while let Some(reply) = calls.next().await {
        assert_eq!(reply.status, 200, "{}", reply.text);
    }
    let after = join_all((0..CONNECTIONS * 4).map(|_| coordinator.get("/organisations"))).await;
    assert!(after.iter().all(|reply| reply.status == 200));
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

async fn number(database: &TestDatabase, query: &str) -> usize {
    let found: Line = sql_query(query).get_result(&mut database.connection().await).await.unwrap();
    found.line.parse().unwrap()
}

const AT_WORK: &str = "SELECT count(*)::text AS line FROM pg_stat_activity WHERE datname = current_database()
     AND pid <> pg_backend_pid() AND state <> 'idle'";
const REFERRALS: &str = "SELECT count(*)::text AS line FROM referrals";

/// Waits until a query gives this number.
async fn until(database: &TestDatabase, query: &str, want: usize) {
    let began = Instant::now();
    while number(database, query).await != want {
        assert!(began.elapsed() < Duration::from_secs(9), "never {want}: {query}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A whole call as bytes, that submits a referral.
fn submission(desk: &Served) -> String {
    let (authorization, body) = (desk.police("politie-amsterdam").authorization(), a_referral().to_string());
    format!(
        "POST /v1/referrals HTTP/1.1\r\nHost: desk\r\nAuthorization: {authorization}\r\nIdempotency-Key: {}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        Ids::random().next_uuid(),
        body.len()
    )
}

/// Sends so many bytes of a call, waits, and is gone without a word.
async fn hang_up(desk: &Served, call: &[u8], after: Duration) {
    let address = desk.origin().trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(address).await.unwrap();
    drop(stream.write_all(call).await);
    tokio::time::sleep(after).await;
    stream.set_zero_linger().unwrap();
}

#[actix_web::test]
async fn a_write_that_has_begun_runs_to_its_end_when_its_caller_is_gone() {
    let desk = Served::new().await;
    let mut holder = desk.database.connection().await;
    holder.batch_execute("BEGIN; SELECT pg_advisory_xact_lock(3607)").await.unwrap();
    let call = submission(&desk);
    hang_up(&desk, call.as_bytes(), Duration::from_millis(700)).await;
    assert_eq!(number(&desk.database, REFERRALS).await, 0);
    holder.batch_execute("COMMIT").await.unwrap();
    until(&desk.database, REFERRALS, 1).await;
    until(&desk.database, AT_WORK, 0).await;
}

#[actix_web::test]
async fn callers_who_hang_up_at_any_moment_leave_nothing_half_done_and_nothing_open() {
    let desk = Served::new().await;
    let attempts = std::env::var("OMM_HANG_UPS").ok().and_then(|text| text.parse().ok()).unwrap_or(300_usize);
    let dice = Ids::seeded(11);
    let mut sent = 0;
    while sent < attempts {
        let round = (0..50.min(attempts - sent)).map(|_| {
            let call = submission(&desk);
            let chance = dice.next_uuid().as_u128();
            // One in three leaves before the call is whole, the others up to forty milliseconds after.
            let length = if chance % 3 == 0 { (chance >> 8) as usize % call.len() } else { call.len() };
            let after = Duration::from_millis((chance >> 64) as u64 % 40);
            let desk = &desk;
            async move { hang_up(desk, &call.as_bytes()[..length], after).await }
        });
        sent += join_all(round).await.len();
    }
    until(&desk.database, AT_WORK, 0).await;
    let referrals = number(&desk.database, REFERRALS).await;
    let trail = desk.trail().await;
    let submitted = trail.iter().filter(|entry| entry["event"]["operationId"] == "submit_referral").count();
    assert_eq!(referrals, submitted, "each referral with its entry, each entry with its referral");
    assert!(referrals > 0, "some calls were whole");
    let checked = desk.database.store.verify_trail(None).await.unwrap();
    assert!(checked.is_ok(), "{checked:?}");
    let coordinator = desk.coordinator();
    let after = join_all((0..32).map(|_| coordinator.get("/referrals"))).await;
    assert!(after.iter().all(|reply| reply.status == 200), "no connection was lost or left in a transaction");
}
