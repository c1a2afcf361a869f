//! The same request twice, one after the other or at the same moment: one takes effect, the other is refused, and both
//! are in the trail.

use serde_json::{Value, json};

use crate::given::{a_referral, an_eligible_referral};
use crate::served::{Reply, Served};

/// A referral with a proposal that was sent: the referral, the shelter and the proposal.
async fn a_proposal(desk: &Served) -> (String, String, String) {
    let (referral, matched) = an_eligible_referral(desk, a_referral()).await;
    let first = &matched["result"]["now"][0];
    let body = json!({"unitId": first["unit"], "resultId": matched["id"]});
    let sent = desk.coordinator().post(&format!("/referrals/{referral}/proposals"), body).await.ok();
    let shelter = first["organisation"].as_str().unwrap().to_owned();
    (referral, shelter, sent["id"].as_str().unwrap().to_owned())
}

/// A referral whose proposal the shelter has accepted, and the decision that places on it.
async fn an_accepted_proposal(desk: &Served) -> (String, Value) {
    let (referral, shelter, proposal) = a_proposal(desk).await;
    let path = format!("/proposals/{proposal}/answers");
    desk.shelter(&shelter).post(&path, json!({"answer": "accepted"})).await.ok();
    (referral, json!({"outcome": "placed", "proposalId": proposal, "reason": "Fits, and she agrees."}))
}

/// What two replies say, success first.
#[track_caller]
fn in_order(one: &Reply, other: &Reply) -> [String; 2] {
    let mut briefs = [one.brief(), other.brief()];
    briefs.sort();
    briefs
}

impl Served {
    /// How the attempts at an operation ended, in the order of the trail.
    async fn attempts(&self, operation: &str) -> Vec<String> {
        let trail = self.trail().await;
        let events = trail.iter().map(|entry| &entry["event"]).filter(|event| event["operationId"] == operation);
        events.map(|event| event["outcome"].as_str().unwrap().to_owned()).collect()
    }
}

const ONE_OF_TWO: [&str; 2] = ["permitted", "refused"];

#[actix_web::test]
async fn an_answer_sent_twice_is_taken_once() {
    let desk = Served::new().await;
    let (_, shelter, proposal) = a_proposal(&desk).await;
    let (path, body) = (format!("/proposals/{proposal}/answers"), json!({"answer": "accepted"}));
    let first = desk.shelter(&shelter).post(&path, body.clone()).await;
    let second = desk.shelter(&shelter).post(&path, body).await;
    assert_eq!([first.brief(), second.brief()], ["200 ok", "409 state-conflict"]);
    assert_eq!(desk.attempts("answer_proposal").await, ONE_OF_TWO);
}

#[actix_web::test]
async fn two_different_answers_at_once_do_not_both_count() {
    let desk = Served::new().await;
    let (referral, shelter, proposal) = a_proposal(&desk).await;
    let path = format!("/proposals/{proposal}/answers");
    let house = desk.shelter(&shelter);
    let (accepted, objected) = tokio::join!(
        house.post(&path, json!({"answer": "accepted"})),
        house.post(&path, json!({"answer": "objected", "reason": "no_place"})),
    );
    assert_eq!(in_order(&accepted, &objected), ["200 ok", "409 state-conflict"]);
    let state = if accepted.status == 200 { "accepted" } else { "objected" };
    let list = desk.coordinator().get(&format!("/referrals/{referral}/proposals")).await.ok();
    let proposals = list["proposals"].as_array().unwrap();
    let kept = proposals.iter().find(|found| found["id"] == proposal.as_str()).unwrap();
    assert_eq!(kept["lifecycle"]["state"], state, "the one that was acknowledged");
    let mut attempts = desk.attempts("answer_proposal").await;
    attempts.dedup(); // an objection that counts prepares the next candidate, which is an entry too
    assert_eq!(attempts, ONE_OF_TWO);
}

#[actix_web::test]
async fn a_decision_sent_twice_is_taken_once() {
    let desk = Served::new().await;
    let (referral, body) = an_accepted_proposal(&desk).await;
    let path = format!("/referrals/{referral}/decisions");
    let first = desk.coordinator().post(&path, body.clone()).await;
    let second = desk.coordinator().post(&path, body).await;
    assert_eq!([first.brief(), second.brief()], ["201 ok", "409 state-conflict"]);
    assert_eq!(desk.attempts("decide_placement").await, ONE_OF_TWO);
}

#[actix_web::test]
async fn of_two_decisions_at_once_one_counts_and_takes_one_place() {
    let desk = Served::new().await;
    let (referral, body) = an_accepted_proposal(&desk).await;
    let path = format!("/referrals/{referral}/decisions");
    let (one, other) = (desk.coordinator(), desk.second_coordinator());
    let (one, other) = tokio::join!(one.post(&path, body.clone()), other.post(&path, body));
    assert_eq!(in_order(&one, &other), ["201 ok", "409 state-conflict"]);
    assert_eq!(desk.attempts("decide_placement").await, ONE_OF_TWO);
    let decisions = desk.coordinator().get(&path).await.ok();
    assert_eq!(decisions["decisions"].as_array().unwrap().len(), 1);
    let board = desk.coordinator().get("/capacity").await.ok();
    let occupied =
        board["units"].as_array().unwrap().iter().map(|unit| unit["capacity"]["occupied"].as_u64().unwrap_or(0));
    assert_eq!(occupied.sum::<u64>(), 1);
}

#[actix_web::test]
async fn of_two_contrary_decisions_at_once_the_one_that_was_acknowledged_counts() {
    let desk = Served::new().await;
    let (referral, _) = an_eligible_referral(&desk, a_referral()).await;
    let redirected = json!({"outcome": "redirected", "target": "wmo_shelter", "reason": "Regular shelter is enough."});
    let refused = json!({"outcome": "refused", "refusalReason": "no_multi_problem", "reason": "One problem only."});
    let path = format!("/referrals/{referral}/decisions");
    let (one, other) = (desk.coordinator(), desk.second_coordinator());
    let (redirected, refused) = tokio::join!(one.post(&path, redirected), other.post(&path, refused));
    assert_eq!(in_order(&redirected, &refused), ["201 ok", "409 state-conflict"]);
    assert_eq!(desk.attempts("decide_placement").await, ONE_OF_TWO);
    let seen = desk.coordinator().get(&format!("/referrals/{referral}")).await.ok();
    assert_eq!(seen["lifecycle"]["state"], if redirected.status == 201 { "redirected" } else { "refused" });
}

#[actix_web::test]
async fn of_two_proposals_at_once_one_holds_a_place() {
    let desk = Served::new().await;
    let (referral, matched) = an_eligible_referral(&desk, a_referral()).await;
    let body = json!({"unitId": matched["result"]["now"][0]["unit"], "resultId": matched["id"]});
    let path = format!("/referrals/{referral}/proposals");
    let (one, other) = (desk.coordinator(), desk.second_coordinator());
    let (one, other) = tokio::join!(one.post(&path, body.clone()), other.post(&path, body));
    assert_eq!(in_order(&one, &other), ["201 ok", "409 state-conflict"]);
    assert_eq!(desk.attempts("propose_placement").await, ONE_OF_TWO);
    let board = desk.coordinator().get("/capacity").await.ok();
    let held = board["units"].as_array().unwrap().iter().map(|unit| unit["capacity"]["held"].as_u64().unwrap_or(0));
    assert_eq!(held.sum::<u64>(), 1);
}
