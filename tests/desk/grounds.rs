//! Nothing is kept without a ground to register the victim, and nothing reaches a shelter without her consent: consent
//! is withdrawn between every two steps of the main job, and from the next call on nobody sees or does what rested on it.

use omm::domain::role::Role;
use serde_json::{Value, json};

use crate::given::{a_referral, nothing_special};
use crate::served::{Reply, Served};

/// The steps of the main job, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Submit,
    Assess,
    Match,
    Propose,
    Accept,
    Decide,
    Arrive,
    Exit,
}

use Step::{Accept, Arrive, Assess, Decide, Exit, Match, Propose, Submit};

const STEPS: [Step; 8] = [Submit, Assess, Match, Propose, Accept, Decide, Arrive, Exit];

/// One victim's way through the desk, and the ids met on it.
struct Case<'s> {
    desk: &'s Served,
    referral: String,
    result: String,
    unit: String,
    shelter: String,
    proposal: String,
    placement: String,
}

impl<'s> Case<'s> {
    fn new(desk: &'s Served) -> Self {
        let none = String::new;
        let (referral, result, unit, shelter) = (none(), none(), none(), none());
        Self { desk, referral, result, unit, shelter, proposal: none(), placement: none() }
    }

    fn path(&self) -> String {
        format!("/referrals/{}", self.referral)
    }

    async fn take(&mut self, step: Step) -> Reply {
        let (desk, path) = (self.desk, self.path());
        let comensha = desk.coordinator();
        match step {
            Submit => desk.police("politie-amsterdam").post("/referrals", a_referral()).await,
            Assess => {
                let judged = json!({"judgement": "eligible", "reason": "Diagnosis."});
                comensha.post(&format!("{path}/assessments"), judged).await
            }
            Match => comensha.call(reqwest::Method::POST, &format!("{path}/matches"), None).await,
            Propose => self.propose().await,
            Accept => {
                let house = desk.shelter(&self.shelter);
                house.post(&format!("/proposals/{}/answers", self.proposal), json!({"answer": "accepted"})).await
            }
            Decide => {
                let decision = json!({"outcome": "placed", "proposalId": self.proposal, "reason": "She agrees."});
                comensha.post(&format!("{path}/decisions"), decision).await
            }
            Arrive => self.report("arrival", json!({"outcome": "arrived"})).await,
            Exit => self.report("exit", json!({"exitType": "independent"})).await,
        }
    }

    async fn propose(&self) -> Reply {
        let departure = json!({"reason": "victim_wish", "text": "Wants to be near her sister."});
        let body = json!({"unitId": self.unit, "resultId": self.result, "departure": departure});
        self.desk.coordinator().post(&format!("{}/proposals", self.path()), body).await
    }

    async fn report(&self, what: &str, body: Value) -> Reply {
        let path = format!("/placements/{}/{what}", self.placement);
        self.desk.shelter(&self.shelter).post(&path, body).await
    }

    /// Takes all steps up to this one, and keeps the ids.
    async fn up_to(&mut self, last: Step) {
        for step in STEPS.into_iter().filter(|step| *step <= last) {
            let made = self.take(step).await.ok();
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            match step {
                Submit => {
                    self.referral = text(&made["id"]);
                    self.desk.coordinator().patch(&self.path(), nothing_special()).await.ok();
                }
                Match => {
                    self.keep(&made).await;
                }
                Propose => self.proposal = text(&made["id"]),
                Decide => self.placement = text(&made["placementId"]),
                Assess | Accept | Arrive | Exit => {}
            }
        }
    }

    async fn keep(&mut self, made: &Value) -> Value {
        self.result = made["id"].as_str().unwrap().to_owned();
        let path = format!("{}/matches/{}", self.path(), self.result);
        let matched = self.desk.coordinator().get(&path).await.ok();
        let result = &matched["result"];
        let first = result["now"].get(0).or(result["ask"].get(0)).or(result["out"].get(0)).unwrap();
        self.unit = first["unit"].as_str().unwrap().to_owned();
        self.shelter = first["organisation"].as_str().unwrap().to_owned();
        matched
    }

    async fn withdraw_consent(&self) {
        let withdrawn = json!({"consent": {"given": "yes", "withdrawn": true}});
        self.desk.coordinator().patch(&self.path(), withdrawn).await.ok();
    }

    /// Places of the unit that are neither free nor out of use.
    async fn in_use(&self) -> u64 {
        let board = self.desk.coordinator().get("/capacity").await.ok();
        let lines = board["units"].as_array().unwrap();
        let line = lines.iter().find(|line| line["unitId"] == self.unit.as_str()).unwrap();
        ["held", "occupied"].iter().map(|state| line["capacity"][state].as_u64().unwrap()).sum()
    }

    /// No shelter sees anything of it, asked in every way there is.
    async fn is_hidden_from_shelters(&self) {
        for organisation in ["kadera", "fier", "blijf-groep", "hvo-querido"] {
            let house = self.desk.shelter(organisation);
            let (referral, listed) = (self.path(), format!("{}/proposals", self.path()));
            for path in [referral, listed] {
                assert_eq!(house.get(&path).await.brief(), "404 not-found", "{organisation} {path}");
            }
            assert_eq!(house.get("/proposals").await.ok()["proposals"], json!([]), "{organisation}");
            if !self.proposal.is_empty() {
                let path = format!("/proposals/{}", self.proposal);
                assert_eq!(house.get(&path).await.brief(), "404 not-found", "{organisation} {path}");
            }
        }
    }
}

/// The code that names what is missing.
fn missing(reply: &Reply) -> String {
    format!("{} {}", reply.brief(), reply.json()["errors"][0]["code"].as_str().unwrap_or("-"))
}

#[actix_web::test]
async fn consent_withdrawn_between_any_two_steps_stops_everything_at_once() {
    let next = [
        (Submit, Assess, "409 state-conflict"),
        (Assess, Match, "201 ok"),
        (Match, Propose, "409 ground-missing"),
        (Propose, Accept, "409 ground-missing"),
        (Accept, Decide, "409 ground-missing"),
        (Decide, Arrive, "409 state-conflict"),
        (Arrive, Exit, "200 ok"),
    ];
    let desk = Served::new().await;
    for (last, step, expected) in next {
        let mut case = Case::new(&desk);
        case.up_to(last).await;
        let before = desk.events().await;
        case.withdraw_consent().await;
        case.is_hidden_from_shelters().await;
        if last > Assess {
            // Nobody else uses the unit: what is in use is the stay that began.
            assert_eq!(case.in_use().await, u64::from(last >= Arrive), "after {last:?}");
        }
        let reply = case.take(step).await;
        assert_eq!(reply.brief(), expected, "{step:?} after consent was withdrawn: {}", reply.text);
        assert_eq!(desk.events().await[..before.len()], before[..], "the trail stays");
        if last < Arrive {
            let matched = case.take(Match).await.ok();
            let matched = case.keep(&matched).await;
            assert_eq!(matched["result"]["provisional"], true, "CoMensha may prepare, after {last:?}");
            assert_eq!(missing(&case.propose().await), "409 ground-missing withdrawn", "after {last:?}");
            let wait = json!({"outcome": "waiting_list", "reason": "None free."});
            let waiting = desk.coordinator().post(&format!("{}/decisions", case.path()), wait).await;
            assert_eq!(missing(&waiting), "409 ground-missing withdrawn", "after {last:?}");
        }
        case.is_hidden_from_shelters().await;
    }
}

#[actix_web::test]
async fn a_new_consent_begins_anew_and_what_was_taken_back_stays_so() {
    let desk = Served::new().await;
    let mut case = Case::new(&desk);
    case.up_to(Accept).await;
    case.withdraw_consent().await;
    desk.coordinator().patch(&case.path(), json!({"consent": a_referral()["consent"]})).await.ok();
    case.is_hidden_from_shelters().await;
    assert_eq!(case.take(Decide).await.brief(), "409 state-conflict", "the proposal was cancelled");
    let matched = case.take(Match).await.ok();
    case.keep(&matched).await;
    case.proposal = case.take(Propose).await.ok()["id"].as_str().unwrap().to_owned();
    case.take(Accept).await.ok();
    case.take(Decide).await.ok();
}

#[actix_web::test]
async fn a_prepared_proposal_is_taken_back_with_the_rest_and_cannot_be_sent() {
    let desk = Served::new().await;
    let mut case = Case::new(&desk);
    case.up_to(Propose).await;
    let answers = format!("/proposals/{}/answers", case.proposal);
    desk.shelter(&case.shelter).post(&answers, json!({"answer": "objected", "reason": "group_composition"})).await.ok();
    let path = format!("{}/proposals", case.path());
    let listed = desk.coordinator().get(&path).await.ok();
    let prepared = listed["proposals"][0].clone();
    assert_eq!(prepared["lifecycle"]["state"], "draft", "the next candidate is prepared");
    case.withdraw_consent().await;
    let send = format!("/proposals/{}/_send", prepared["id"].as_str().unwrap());
    assert_eq!(missing(&desk.coordinator().post(&send, json!({})).await), "409 ground-missing withdrawn");
    let listed = desk.coordinator().get(&path).await.ok();
    assert_eq!(listed["proposals"][0]["lifecycle"]["state"], "cancelled");
}

#[actix_web::test]
async fn each_gap_in_the_ground_for_sharing_is_named_and_closes_what_was_open() {
    let desk = Served::new().await;
    let signed = |by: &str| json!({"consent": {"given": "yes", "signedBy": by}});
    let gaps = [
        (json!({"consent": {"given": "no"}}), "refused"),
        (signed("parent"), "signer_unclear"),
        (json!({"consent": {"given": "yes", "signedBy": "self", "cities": ["Nowhere"]}}), "outside_scope"),
        (json!({"dossierType": "registration"}), "no_shelter_request"),
        (json!({"facts": {"age": 15}}), "signer_unclear"),
    ];
    for (change, code) in gaps {
        let mut case = Case::new(&desk);
        case.up_to(Propose).await;
        assert_eq!(desk.shelter(&case.shelter).get(&case.path()).await.status, 200);
        desk.coordinator().patch(&case.path(), change).await.ok();
        case.is_hidden_from_shelters().await;
        assert_eq!(missing(&case.take(Accept).await), format!("409 ground-missing {code}"));
        assert_eq!(missing(&case.propose().await), format!("409 ground-missing {code}"));
    }
}

#[actix_web::test]
async fn without_a_ground_to_register_nothing_is_kept_but_a_draft() {
    let desk = Served::new().await;
    let with = |changes: Value| {
        let mut body = a_referral();
        for (name, value) in changes.as_object().unwrap() {
            body[name] = value.clone();
        }
        body
    };
    let lawyer = json!({"referrerType": "lawyer", "legalBasis": "consent"});
    let given = |changes: Value| {
        let mut body = with(lawyer.clone());
        body["registrationConsent"] = json!({"given": "yes", "written": "yes", "signedBy": "self"});
        for (name, value) in changes.as_object().unwrap() {
            body["registrationConsent"][name] = value.clone();
        }
        body
    };
    let cases = [
        (Role::Police, with(json!({"legalBasis": "special_investigation"})), "not_for_this_referrer"),
        (Role::Nla, with(json!({"referrerType": "nla"})), "not_for_this_referrer"),
        (Role::Referrer, with(json!({})), "not_for_this_referrer"),
        (Role::Referrer, with(json!({"referrerType": "lawyer"})), "not_for_this_referrer"),
        (Role::Referrer, with(lawyer.clone()), "not_recorded"),
        (Role::Referrer, given(json!({"given": "no"})), "refused"),
        (Role::Referrer, given(json!({"written": "no"})), "not_written"),
        (Role::Referrer, given(json!({"signedBy": "guardian"})), "signer_unclear"),
        (Role::Referrer, given(json!({"withdrawn": true})), "withdrawn"),
    ];
    for (role, body, code) in cases {
        let caller = desk.caller(role, Some("somebody"));
        assert_eq!(missing(&caller.post("/referrals", body.clone()).await), format!("409 ground-missing {code}"));
        let all = desk.coordinator().get("/referrals").await.ok();
        assert_eq!(all["referrals"], json!([]), "nothing is kept");
    }
    let caller = desk.caller(Role::Referrer, Some("somebody"));
    let mut draft = with(lawyer.clone());
    draft["draft"] = json!(true);
    let kept = caller.post("/referrals", draft).await.ok();
    let path = format!("/referrals/{}", kept["id"].as_str().unwrap());
    assert_eq!(missing(&caller.patch(&path, json!({"submit": true})).await), "409 ground-missing not_recorded");
    let consent = json!({"given": "yes", "written": "yes", "signedBy": "self"});
    caller.patch(&path, json!({"submit": true, "registrationConsent": consent})).await.ok();
    caller.post("/referrals", given(json!({}))).await.ok();
}

#[actix_web::test]
async fn consent_to_share_is_no_consent_to_register_and_withdrawing_the_latter_withdraws_the_referral() {
    let desk = Served::new().await;
    let mut case = Case::new(&desk);
    case.up_to(Accept).await;
    let consent = json!({"given": "yes", "written": "yes", "signedBy": "self"});
    desk.coordinator().patch(&case.path(), json!({"registrationConsent": consent})).await.ok();
    assert_eq!(desk.shelter(&case.shelter).get(&case.path()).await.status, 200, "both grounds stand");
    let withdrawn = json!({"registrationConsent": {"given": "yes", "withdrawn": true}});
    desk.coordinator().patch(&case.path(), withdrawn).await.ok();
    case.is_hidden_from_shelters().await;
    let seen = desk.coordinator().get(&case.path()).await.ok();
    assert_eq!((seen["lifecycle"]["state"].as_str(), case.in_use().await), (Some("withdrawn"), 0));
    assert_eq!(missing(&case.take(Accept).await), "409 ground-missing withdrawn");
    assert_eq!(missing(&case.take(Decide).await), "409 ground-missing withdrawn");
}

#[actix_web::test]
async fn a_refusal_for_want_of_a_ground_says_so_in_both_languages_and_is_in_the_trail() {
    let desk = Served::new().await;
    let mut case = Case::new(&desk);
    case.up_to(Match).await;
    case.withdraw_consent().await;
    let refused = case.propose().await.json();
    assert_eq!(refused["detail"], "There is no valid consent for a shelter request: it was withdrawn.");
    assert_eq!(refused["errors"][0]["pointer"], "/consent");
    let entry = desk.trail().await.pop().unwrap();
    assert_eq!(entry["event"]["outcome"], "refused");
    assert_eq!(entry["event"]["problemType"], "ground-missing");
    assert_eq!(entry["event"]["reason"], "ground_missing");
}
