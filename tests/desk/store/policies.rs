//! Policies and match results as rows: what was in force when, and texts exactly as they were given.

use omm::store::{self, StoreError, match_result::StoredMatch, policy::StoredPolicy};

use super::{
    noon,
    rows::{Rows, after},
};

fn adopted(hash: &str, minutes: i64) -> StoredPolicy {
    StoredPolicy {
        hash: hash.into(),
        name: format!("{hash} at {minutes}"),
        document: format!("{{ \"of\":  \"{hash}\" }}"),
        adopted_by: "https://login.example admin".into(),
        adopted_at: after(minutes),
        valid_from: after(minutes),
    }
}

#[tokio::test]
async fn the_policy_that_began_last_is_in_force_and_an_earlier_one_can_come_back() {
    let rows = Rows::new().await;
    let adoptions = [adopted("a", 10), adopted("b", 20), adopted("a", 30), adopted("b", 30)];
    for adoption in &adoptions {
        rows.write(async |tx| store::policy::insert(tx, adoption).await).await.unwrap();
    }
    for (minutes, in_force) in [(9, "First"), (10, "a at 10"), (29, "b at 20"), (30, "b at 30")] {
        let found = rows.read(async |tx| store::policy::active(tx, after(minutes)).await).await.unwrap();
        assert_eq!(found.name, in_force, "after {minutes} minutes");
    }
    assert!(rows.read(async |tx| store::policy::active(tx, after(-1)).await).await.is_none());
    assert_eq!(rows.read(async |tx| store::policy::load(tx, "a").await).await.as_ref(), Some(&adoptions[2]));
    assert!(rows.read(async |tx| store::policy::load(tx, "c").await).await.is_none());
    let listed = rows.read(async |tx| store::policy::list(tx).await).await;
    let names: Vec<&str> = listed.iter().map(|policy| &*policy.name).collect();
    assert_eq!(names, ["b at 30", "a at 30", "b at 20", "a at 10", "First"]);
}

#[tokio::test]
async fn a_match_keeps_its_texts_to_the_byte() {
    let rows = Rows::new().await;
    let referral = rows.stored_referral().await.id;
    let made = StoredMatch {
        input: "{\"b\": 1.0,  \"a\":\"é\\u00e9\"}\n".into(),
        result: "{ \"z\":1,\"z\":2 }".into(),
        advice: "[]  ".into(),
        ..rows.a_match(referral)
    };
    rows.write(async |tx| store::match_result::insert(tx, &made).await).await.unwrap();
    assert_eq!(rows.read(async |tx| store::match_result::load(tx, made.id).await).await, Some(made));
}

#[tokio::test]
async fn the_latest_match_is_the_one_made_last_whatever_its_clock_said() {
    let rows = Rows::new().await;
    let (referral, other) = (rows.stored_referral().await.id, rows.stored_referral().await.id);
    assert_eq!(rows.read(async |tx| store::match_result::latest(tx, referral).await).await, None);
    for made_at in [after(5), noon(), noon(), after(1)] {
        let made = StoredMatch { made_at, ..rows.a_match(referral) };
        let of_other = rows.a_match(other);
        rows.write(async |tx| {
            store::match_result::insert(tx, &made).await?;
            store::match_result::insert(tx, &of_other).await
        })
        .await
        .unwrap();
        assert_eq!(rows.read(async |tx| store::match_result::latest(tx, referral).await).await, Some(made));
    }
}

#[tokio::test]
async fn a_match_needs_a_policy_and_a_referral_that_are_known() {
    let rows = Rows::new().await;
    let unknown_policy = StoredMatch { policy_hash: "unknown".into(), ..rows.a_match(rows.stored_referral().await.id) };
    let unknown_referral = rows.a_match(rows.referral().id);
    for made in [unknown_policy, unknown_referral] {
        let refused = rows.write(async |tx| store::match_result::insert(tx, &made).await).await;
        assert!(matches!(refused, Err(StoreError::Conflict(_))), "{refused:?}");
    }
}
