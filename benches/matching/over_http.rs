//! Matching at the real size, against the catalogue that ships with the service, on a private cluster.

use std::{hint::black_box, time::Instant};

use actix_web::rt::System;
use omm::{
    app::{match_referral::match_referral, read_match::read_match},
    domain::{
        advice::{advise, cards_file::AdviceCards},
        ids::ReferralId,
        matching::{
            evaluate::{StoredInput, evaluate_with_input},
            policy::CompiledPolicy,
            texts::Texts,
        },
        role::Role,
    },
    store::catalogue::locations,
};
use reqwest::Method;

use crate::{
    given::{a_referral, an_eligible_referral},
    served::{Served, call_of},
    table::{Row, time},
};

/// The operation, the same over HTTP, and what of both is neither HTTP nor the database.
pub fn measure(times: usize) -> [Row; 3] {
    System::new().block_on(async {
        let served = Served::new().await;
        let (id, matched) = an_eligible_referral(&served, a_referral()).await;
        let beds = beds(&served).await;
        let referral = ReferralId(id.parse().unwrap());
        let (caller, call) = (served.coordinator(), call_of(Role::Coordinator, Some("comensha")));
        let path = format!("/referrals/{id}/matches");
        let mut operation = Row::new("the operation with its database", beds, None);
        let mut http = Row::new("the same over HTTP", beds, None);
        for _ in 0..times {
            let began = Instant::now();
            black_box(match_referral(&served.desk, &call, referral).await.unwrap());
            operation.add_once(began.elapsed());
            let began = Instant::now();
            let reply = caller.call(Method::POST, &path, None).await;
            http.add_once(began.elapsed());
            assert_eq!(reply.status, 201, "{}", reply.text);
        }
        assert!(
            !matched["result"]["now"].as_array().unwrap().is_empty(),
            "a match that finds nothing measures nothing"
        );
        [operation, http, computing(&served, referral, beds, times).await]
    })
}

/// How many places the units have in which CoMensha places.
async fn beds(served: &Served) -> usize {
    let snapshot =
        served.database.store.read(async |tx| omm::store::snapshot::load(tx, served.clock.now()).await).await;
    let units = snapshot.unwrap().units;
    units.iter().filter_map(|unit| unit.capacity).map(|count| usize::from(count.total)).sum()
}

/// What the operation computes, from the input it stored: the answer, its texts, the advice, and the bytes of each.
async fn computing(served: &Served, referral: ReferralId, beds: usize, times: usize) -> Row {
    let call = call_of(Role::Coordinator, Some("comensha"));
    let stored = read_match(&served.desk, &call, referral, None).await.unwrap();
    let input = StoredInput::parse(&stored.input).unwrap();
    let places = served.database.store.read(async |tx| locations(tx).await).await.unwrap();
    let (policy, texts, cards) = (CompiledPolicy::v1(), Texts::v1(), AdviceCards::v1());
    let mut row = Row::new("of which computing", beds, None);
    for _ in 0..times {
        row.add_once(time(|| {
            let (mut result, input_text) = evaluate_with_input(&policy, &input.view, &input.snapshot, input.now);
            texts.write(&mut result);
            let advice = advise(&cards, &input.view.circumstances, &places, &result.route, input.now);
            black_box((input_text, result.canonical(), serde_json::to_string(&advice).unwrap()));
        }));
    }
    row
}
