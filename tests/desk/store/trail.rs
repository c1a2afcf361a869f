//! The fence and the trail: numbers without a gap, nothing changed afterwards, and tampering found.

use std::time::Duration;

use diesel::{QueryableByName, sql_query, sql_types::Bytea};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use futures_util::future::join_all;
use omm::{
    domain::audit::{
        EntryFilter,
        chain::{ChainFault, FaultKind, Head, Link},
    },
    store::{Recorded, Store, StoreError, audit},
};

use super::{call, event, noon};
use crate::world::{TestDatabase, store_on};

async fn head(store: &Store) -> Head {
    store.read(async |tx| audit::head(tx).await).await.unwrap()
}

async fn write(store: &Store) {
    store.write(&call(), noon(), async |_| Ok::<_, StoreError>(Recorded::new((), event()))).await.unwrap();
}

/// A trail of a thousand entries, written a hundred at a time.
async fn long_trail(store: &Store) -> Head {
    for _ in 0..10 {
        store.record(&call(), noon(), vec![event(); 100]).await.unwrap();
    }
    head(store).await
}

#[tokio::test(flavor = "multi_thread")]
async fn thirty_two_writers_at_once_leave_numbers_without_a_gap() {
    let db = TestDatabase::new().await;
    let store = store_on(&db.url, 32).await;
    let writers = (0..32).map(|_| {
        let store = store.clone();
        tokio::spawn(async move {
            for _ in 0..10 {
                write(&store).await;
            }
        })
    });
    for done in join_all(writers).await {
        done.unwrap();
    }
    assert_eq!(head(&store).await.index, 320);
    assert_eq!(store.verify_trail(None).await.unwrap().unwrap(), head(&store).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_writer_sees_what_the_writer_before_it_has_committed() {
    let db = TestDatabase::new().await;
    db.run("CREATE TABLE counter (n int); INSERT INTO counter VALUES (0)").await;
    let writers = (0..16).map(|_| {
        let store = db.store.clone();
        tokio::spawn(async move {
            let work = async |tx: &mut omm::store::Tx<'_>| {
                // Read, wait, write: without the fence most of these would be lost.
                let before = audit::head(tx).await?.index;
                tokio::time::sleep(Duration::from_millis(2)).await;
                Ok::<_, StoreError>(Recorded::new(before, event()))
            };
            store.write(&call(), noon(), work).await.unwrap()
        })
    });
    let mut seen: Vec<u64> = join_all(writers).await.into_iter().map(Result::unwrap).collect();
    seen.sort_unstable();
    assert_eq!(seen, (0..16).collect::<Vec<_>>());
}

#[tokio::test]
async fn work_that_fails_leaves_nothing_behind() {
    let db = TestDatabase::new().await;
    let failed: Result<(), StoreError> =
        db.store.write(&call(), noon(), async |_| Err(StoreError::Conflict("made up".into()))).await;
    assert!(matches!(failed, Err(StoreError::Conflict(_))));
    assert_eq!(head(&db.store).await, Head::START);
}

#[tokio::test(flavor = "multi_thread")]
async fn neither_a_panic_nor_a_dropped_call_leaves_the_fence_taken() {
    let db = TestDatabase::new().await;
    let store = store_on(&db.url, 2).await;
    for _ in 0..4 {
        let panicking = store.clone();
        let panicked = tokio::spawn(async move {
            panicking
                .write(&call(), noon(), async |tx| -> Result<Recorded<()>, StoreError> {
                    audit::head(tx).await?;
                    panic!("on purpose")
                })
                .await
        });
        assert!(panicked.await.unwrap_err().is_panic());
        let by = call();
        let endless =
            store.write(&by, noon(), async |_| -> Result<Recorded<()>, StoreError> { std::future::pending().await });
        assert!(tokio::time::timeout(Duration::from_millis(30), endless).await.is_err());
    }
    write(&store).await;
    assert_eq!(head(&store).await.index, 1);
}

#[tokio::test]
async fn a_pool_that_is_used_up_says_so_within_its_limit() {
    let db = TestDatabase::new().await;
    let store = store_on(&db.url, 1).await;
    let began = std::time::Instant::now();
    let refused = store
        .read(async |_| {
            Ok::<_, StoreError>(matches!(store.read(async |_| Ok(())).await, Err(StoreError::Unavailable(_))))
        })
        .await
        .unwrap();
    assert!(refused && began.elapsed() < Duration::from_secs(2));
    assert!(store.answers().await);
}

#[tokio::test]
async fn entries_can_only_be_added() {
    let db = TestDatabase::new().await;
    write(&db.store).await;
    for change in [
        "UPDATE audit_entries SET text = replace(text, 'read', 'sent')",
        "DELETE FROM audit_entries",
        "TRUNCATE audit_entries",
        "DELETE FROM audit_head",
        "TRUNCATE audit_head",
    ] {
        let refused = db.connection().await.batch_execute(change).await.unwrap_err().to_string();
        assert!(refused.contains("append-only"), "{change}: {refused}");
    }
    assert_eq!(db.store.verify_trail(None).await.unwrap().unwrap().index, 1);
}

#[tokio::test]
async fn a_reader_can_change_nothing() {
    let db = TestDatabase::new().await;
    let changed = db.store.read(async |tx| audit::list(tx, &EntryFilter::default()).await.map(|_| ())).await;
    changed.unwrap();
    let mut connection = db.connection().await;
    connection.batch_execute("BEGIN READ ONLY").await.unwrap();
    assert!(connection.batch_execute("UPDATE audit_head SET index = 1").await.is_err());
}

#[tokio::test]
async fn entries_are_found_by_person_subject_and_type() {
    let db = TestDatabase::new().await;
    let person = omm::domain::ids::ReferralId(uuid::Uuid::from_u128(1));
    let mut other = call();
    other.actor.subject = "coordinator-2".into();
    db.store.record(&call(), noon(), vec![event(), event().person(person)]).await.unwrap();
    db.store.record(&other, noon(), vec![event()]).await.unwrap();
    let all = EntryFilter { limit: 10, ..EntryFilter::default() };
    for (filter, wanted) in [
        (all.clone(), vec![1, 2, 3]),
        (EntryFilter { referral: Some(person), ..all.clone() }, vec![2]),
        (EntryFilter { subject: Some("coordinator-2".into()), ..all.clone() }, vec![3]),
        (EntryFilter { event_type: Some("capacity.read".into()), from_index: 2, ..all.clone() }, vec![2, 3]),
        (EntryFilter { event_type: Some("x".into()), ..all.clone() }, vec![]),
        (EntryFilter { limit: 1, ..all.clone() }, vec![1]),
    ] {
        let found = db.store.read(async |tx| audit::list(tx, &filter).await).await.unwrap();
        assert_eq!(found.iter().map(|entry| entry.index).collect::<Vec<_>>(), wanted, "{filter:?}");
    }
}

#[derive(QueryableByName)]
struct LinkRow {
    #[diesel(sql_type = Bytea)]
    link: Vec<u8>,
}

#[tokio::test]
async fn whatever_an_owner_of_the_database_does_to_the_trail_is_found() {
    let unlock = "ALTER TABLE audit_entries DISABLE TRIGGER ALL; ALTER TABLE audit_head DISABLE TRIGGER ALL;
                  ALTER TABLE audit_entries DROP CONSTRAINT entry_says_its_number;
                  CREATE TABLE kept_entries AS SELECT index, link, text FROM audit_entries;
                  CREATE TABLE kept_head AS SELECT * FROM audit_head;";
    let restore = "TRUNCATE audit_entries, audit_head;
                   INSERT INTO audit_entries (index, link, text) SELECT * FROM kept_entries;
                   INSERT INTO audit_head SELECT * FROM kept_head";
    let db = TestDatabase::new().await;
    let expected = long_trail(&db.store).await;
    db.run(unlock).await;
    let copy_500 = "INSERT INTO audit_entries (index, link, text) SELECT";
    let swap = "UPDATE audit_entries a SET text = b.text FROM audit_entries b
                WHERE (a.index, b.index) IN ((500, 501), (501, 500))";
    let edit = "UPDATE audit_entries SET text = replace(text, 'capacity.read', 'capacity.sent') WHERE index = 500";
    let cut = "DELETE FROM audit_entries WHERE index > 990;
               UPDATE audit_head SET index = 990, link = (SELECT link FROM audit_entries WHERE index = 990)";
    for (how, index, kind) in [
        (edit.to_owned(), 500, FaultKind::Edited),
        ("UPDATE audit_entries SET link = sha256(link) WHERE index = 500".to_owned(), 500, FaultKind::Edited),
        ("DELETE FROM audit_entries WHERE index = 500".to_owned(), 500, FaultKind::Missing),
        (format!("{copy_500} 1001, link, text FROM audit_entries WHERE index = 500"), 1001, FaultKind::OutOfOrder),
        (swap.to_owned(), 500, FaultKind::OutOfOrder),
        (cut.to_owned(), 991, FaultKind::Truncated),
        ("DELETE FROM audit_entries WHERE index > 990".to_owned(), 991, FaultKind::Truncated),
        ("DELETE FROM audit_entries; UPDATE audit_head SET index = 0".to_owned(), 1, FaultKind::Truncated),
        ("UPDATE audit_head SET link = sha256(link)".to_owned(), 1000, FaultKind::HeadMismatch),
    ] {
        db.run(restore).await;
        assert_eq!(db.store.verify_trail(Some(expected)).await.unwrap(), Ok(expected));
        db.run(&how).await;
        let found = db.store.verify_trail(Some(expected)).await.unwrap();
        assert_eq!(found, Err(ChainFault { index, kind }), "{how}");
    }
}

#[tokio::test]
async fn a_trail_that_was_tied_anew_from_an_edited_entry_on_is_found_against_the_head_written_down() {
    let db = TestDatabase::new().await;
    let expected = long_trail(&db.store).await;
    db.run(
        "ALTER TABLE audit_entries DISABLE TRIGGER ALL;
         UPDATE audit_entries SET text = replace(text, 'capacity.read', 'capacity.sent') WHERE index = 990;
         DO $$ DECLARE entry record; before bytea; BEGIN
            SELECT link INTO before FROM audit_entries WHERE index = 989;
            FOR entry IN SELECT * FROM audit_entries WHERE index >= 990 ORDER BY index LOOP
                before := sha256(before || sha256('\\x00'::bytea || convert_to(entry.text, 'UTF8')));
                UPDATE audit_entries SET link = before WHERE index = entry.index;
            END LOOP;
            UPDATE audit_head SET link = before;
         END $$",
    )
    .await;
    assert!(db.store.verify_trail(None).await.unwrap().is_ok(), "the forger has done it right");
    let found = db.store.verify_trail(Some(expected)).await.unwrap();
    assert_eq!(found, Err(ChainFault { index: 1000, kind: FaultKind::HeadMismatch }));
    let row: LinkRow = sql_query("SELECT link FROM audit_head").get_result(&mut db.connection().await).await.unwrap();
    assert_ne!(Link(row.link.try_into().unwrap()), expected.link);
}
