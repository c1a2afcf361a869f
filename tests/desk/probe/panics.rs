//! A fault of the program in the middle of a write: the answer is a bare problem, nothing is half done, and the service
//! goes on as before.

use chrono::Duration;
use omm::{
    app::Failure,
    domain::role::Role,
    store::{self, Recorded},
};
use reqwest::Method;

use super::{Probe, safety::tables};
use crate::{
    given::{a_referral, an_eligible_referral},
    served::{Served, call_of},
};

#[actix_web::test]
async fn a_panic_in_a_write_leaves_nothing_behind_and_the_service_goes_on() {
    let probe = Probe::of(Served::new().await);
    let (referral, _) = an_eligible_referral(&probe.served, a_referral()).await;
    let referral: uuid::Uuid = referral.parse().unwrap();
    let before = tables(&probe.served.database).await;
    let entries = probe.served.trail().await.len();
    // More often than there are connections: one that a panic left in a transaction would be missed.
    for _ in 0..20 {
        let broken: Result<(), Failure> = probe
            .served
            .desk
            .run(move |desk| async move {
                let call = call_of(Role::Coordinator, Some("comensha"));
                desk.store
                    .write(&call, desk.clock.now() + Duration::seconds(1), async |tx| {
                        let id = omm::domain::ids::ReferralId(referral);
                        let mut found = store::referral::load(tx, id).await?.unwrap();
                        found.id = desk.ids.next(omm::domain::ids::ReferralId);
                        store::referral::insert(tx, &found).await?;
                        assert!(found.id.0 == referral, "made up, with Jan Jansen in it");
                        Err::<Recorded<()>, Failure>(Failure::NotFound)
                    })
                    .await
            })
            .await;
        assert!(matches!(broken, Err(Failure::Broken)), "{broken:?}");
    }
    assert_eq!(tables(&probe.served.database).await, before);
    assert_eq!(probe.served.trail().await.len(), entries);
    let headers = [("authorization", probe.served.coordinator().authorization())];
    let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
    let answer = probe.ask(&Method::GET, &format!("/v1/referrals/{referral}"), &headers, None).await;
    assert_eq!(answer.status, 200);
}
