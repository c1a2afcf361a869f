//! Kill -9 in the middle of decisions, of the service and of its database: what was acknowledged is there and in the
//! trail, nothing is half there. Real processes, durable commits.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use diesel::sql_types::Text;
use diesel::{QueryableByName, sql_query};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use omm::app::Desk;
use omm::clock::{Clock, Ids};
use omm::domain::audit::{Action, Event};
use omm::domain::ids::ReferralId;
use omm::domain::role::Role;
use omm::store::connection::Address;
use omm::store::private_cluster::{Durability, PrivateCluster};
use omm::store::{self, Recorded, Store, StoreError};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::given::a_referral;
use crate::issuer::{AUDIENCE, ISSUER, Issuer, claims, with};
use crate::races::{PLACES, a_desk_with_one_unit, accepted_proposal, an_eligible_person};
use crate::served::call_of;
use crate::world::store_on;

/// Decisions that are attempted.
const DECISIONS: usize = 1000;
/// Callers who decide at the same time.
const CALLERS: usize = 8;
/// So many decisions are acknowledged before the blow falls.
const BEFORE_THE_BLOW: usize = 500;

/// A decision to take.
#[derive(Clone)]
struct Attempt {
    referral: String,
    body: Value,
}

/// A service in a process of its own, on a data folder of its own.
struct Service {
    process: Child,
    address: String,
    issuer: Arc<Issuer>,
    client: Client,
}

fn omm(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_omm"));
    command.args(arguments).arg("--data").arg(data).env_remove("DATABASE_URL");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

#[track_caller]
fn omm_done(data: &Path, arguments: &[&str]) {
    let ended = omm(data, arguments).stderr(Stdio::piped()).output().unwrap();
    assert!(ended.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&ended.stderr));
}

impl Service {
    /// Starts the service and waits until it answers.
    async fn start(data: &Path, issuer: Arc<Issuer>) -> Self {
        let keys = data.parent().unwrap().join("keys.json");
        fs::write(&keys, issuer.set().to_string()).unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let listen = format!("127.0.0.1:{port}");
        let mut command = omm(data, &["serve", "--listen", &listen]);
        command.env("OMM_ISSUER", ISSUER).env("OMM_AUDIENCE", AUDIENCE).env("OMM_JWKS_FILE", &keys);
        let service = Self {
            process: command.spawn().unwrap(),
            address: format!("http://{listen}/v1"),
            issuer,
            client: Client::new(),
        };
        let began = Instant::now();
        while service.client.get(format!("{}/openapi.json", service.address)).send().await.is_err() {
            assert!(began.elapsed() < Duration::from_mins(1), "the service did not start");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        service
    }

    async fn call(&self, role: Role, path: &str, body: Option<Value>) -> Option<(StatusCode, Value)> {
        self.call_under(Ids::random().next_uuid(), role, path, body).await
    }

    async fn call_under(&self, key: Uuid, role: Role, path: &str, body: Option<Value>) -> Option<(StatusCode, Value)> {
        let claims = with(claims(Clock::system().now()), &json!({ "role": role }));
        let token = self.issuer.key("EdDSA").token(&claims);
        let url = format!("{}{path}", self.address);
        let request = match body {
            Some(body) => self.client.post(url).header("Idempotency-Key", key.to_string()).json(&body),
            None => self.client.get(url),
        };
        let response = request.bearer_auth(token).send().await.ok()?;
        Some((response.status(), response.json().await.ok()?))
    }

    /// Takes one decision; the answer, if there was one.
    async fn decide(&self, attempt: &Attempt) -> Option<(StatusCode, Value)> {
        self.call(Role::Coordinator, &format!("/referrals/{}/decisions", attempt.referral), Some(attempt.body.clone()))
            .await
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn kill_9(pid: &str) {
    assert!(Command::new("kill").args(["-9", pid]).status().unwrap().success());
}

/// The process of the database behind a data folder.
fn postmaster_of(data: &Path) -> String {
    fn pid_file(folder: &Path) -> Option<std::path::PathBuf> {
        let here = folder.join("postmaster.pid");
        let below = || fs::read_dir(folder).ok()?.flatten().find_map(|entry| pid_file(&entry.path()));
        if here.is_file() { Some(here) } else { below() }
    }
    let file = pid_file(data).expect("a running database has a postmaster.pid");
    fs::read_to_string(file).unwrap().lines().next().unwrap().to_owned()
}

/// A thousand people to decide on: for a hundred of them a shelter has accepted, all others are sent on to another route.
/// Neither can be decided twice.
async fn prepared(data: &Path) -> Vec<Attempt> {
    // Made in a hurry: from the first decision on, the service that is killed runs with durable commits.
    let cluster = PrivateCluster::start(data, Durability::None).unwrap();
    Store::migrate(&Address::parse(&cluster.url()).unwrap()).await.unwrap();
    let (desk, unit) = a_desk_with_one_unit(store_on(&cluster.url(), 2).await, Clock::system()).await;
    let mut attempts = Vec::new();
    let one = an_eligible_person(&desk).await;
    let others = copies_of(&desk, one, DECISIONS - 1).await;
    for (position, referral) in others.into_iter().chain([one]).enumerate() {
        let body = if position % (DECISIONS / usize::from(PLACES)) == 0 {
            let proposal = accepted_proposal(&desk, referral, unit).await.unwrap();
            json!({"outcome": "placed", "proposalId": proposal, "reason": "Fits, and she agrees."})
        } else {
            json!({"outcome": "redirected", "target": "wmo_shelter", "reason": "Regular shelter is enough."})
        };
        attempts.push(Attempt { referral: referral.to_string(), body });
    }
    drop(desk);
    cluster.stop();
    attempts
}

/// So many more people like this one.
async fn copies_of(desk: &Desk, one: ReferralId, number: usize) -> Vec<ReferralId> {
    let call = call_of(Role::Coordinator, Some("comensha"));
    let copied = desk.store.write(&call, desk.clock.now(), async |tx| {
        let mut referral = store::referral::load(tx, one).await?.unwrap();
        let mut copies = Vec::new();
        for _ in 0..number {
            referral.id = desk.ids.next(ReferralId);
            store::referral::insert(tx, &referral).await?;
            copies.push(referral.id);
        }
        Ok::<_, StoreError>(Recorded::new(copies, Event::new("referral.copied", Action::Create, "copies_of")))
    });
    copied.await.unwrap()
}

/// Decides with many callers until the blow falls; answers with the decisions that were acknowledged, by referral.
async fn decide_until(service: &Arc<Service>, attempts: &[Attempt], blow: impl FnOnce()) -> BTreeMap<String, String> {
    let (tell, mut heard) = tokio::sync::mpsc::unbounded_channel();
    let waiting = Rc::new(RefCell::new(attempts.to_vec()));
    for _ in 0..CALLERS {
        let (service, tell, waiting) = (service.clone(), tell.clone(), waiting.clone());
        tokio::task::spawn_local(async move {
            let next = || waiting.borrow_mut().pop();
            while let Some(attempt) = next() {
                // After the blow there is no answer, or one that the database cannot be reached.
                let Some((StatusCode::CREATED, decision)) = service.decide(&attempt).await else { return };
                tell.send((attempt.referral, decision["id"].as_str().unwrap().to_owned())).unwrap();
            }
        });
    }
    drop(tell);
    let mut acknowledged = BTreeMap::new();
    let mut blow = Some(blow);
    while let Some((referral, decision)) = heard.recv().await {
        acknowledged.insert(referral, decision);
        if acknowledged.len() == BEFORE_THE_BLOW {
            blow.take().unwrap()();
        }
    }
    assert!(blow.is_none(), "the blow never fell: {} decisions", acknowledged.len());
    assert!(acknowledged.len() < DECISIONS, "the blow fell after the last decision");
    acknowledged
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// The database as it is, behind the service's back.
struct Behind(AsyncPgConnection);

impl Behind {
    async fn of(data: &Path) -> Self {
        let url = PrivateCluster::url_of_running(data).unwrap();
        Self(Address::parse(&url).unwrap().connect().await.unwrap())
    }

    async fn lines(&mut self, query: &str) -> Vec<String> {
        let mut lines: Vec<Line> = sql_query(query).load(&mut self.0).await.unwrap();
        lines.sort_by(|a, b| a.line.cmp(&b.line));
        lines.into_iter().map(|line| line.line).collect()
    }

    /// Every decision by its referral, after a look at whether all that belongs to a decision came with it, once.
    async fn decisions(&mut self) -> BTreeMap<String, String> {
        for (what, part, other) in [
            (
                "entry in the trail",
                "SELECT id::text AS line FROM decisions",
                "SELECT text::jsonb #>> '{event,object,id}' AS line FROM audit_entries
                 WHERE text::jsonb #>> '{event,eventType}' IN ('placement.decided', 'redirection.decided')",
            ),
            (
                "state of the referral",
                "SELECT referral || ' ' || outcome AS line FROM decisions",
                "SELECT id || ' ' || state AS line FROM referrals WHERE state IN ('placed', 'redirected')",
            ),
            (
                "proposal",
                "SELECT proposal::text AS line FROM decisions WHERE outcome = 'placed'",
                "SELECT id::text AS line FROM proposals WHERE state = 'confirmed'",
            ),
            (
                "placement and place",
                "SELECT placement::text AS line FROM decisions WHERE outcome = 'placed'",
                "SELECT p.id::text AS line FROM placements p FULL JOIN occupancies o ON o.placement = p.id
                 WHERE p.state = 'reserved' AND o.taken_until IS NULL",
            ),
        ] {
            assert_eq!(self.lines(part).await, self.lines(other).await, "decisions and their {what}");
        }
        let lines = self.lines("SELECT referral || ' ' || id AS line FROM decisions").await;
        let pairs = lines.iter().map(|line| line.split_once(' ').unwrap());
        let decisions: BTreeMap<_, _> = pairs.map(|(referral, id)| (referral.to_owned(), id.to_owned())).collect();
        assert_eq!(decisions.len(), lines.len(), "somebody was decided on twice");
        decisions
    }
}

/// After a restart everybody is attempted again: whoever was decided on before the blow is refused, all others are not.
async fn everybody_is_accounted_for(
    service: &Service,
    data: &Path,
    attempts: &[Attempt],
    acknowledged: &BTreeMap<String, String>,
) {
    let mut behind = Behind::of(data).await;
    let before = behind.decisions().await;
    for (referral, decision) in acknowledged {
        assert_eq!(before.get(referral), Some(decision), "an acknowledged decision is lost");
    }
    assert!(before.len() <= acknowledged.len() + CALLERS, "{} decisions of {}", before.len(), acknowledged.len());
    for attempt in attempts {
        let (status, answer) = service.decide(attempt).await.unwrap();
        let expected = if before.contains_key(&attempt.referral) { StatusCode::CONFLICT } else { StatusCode::CREATED };
        assert_eq!(status, expected, "{answer}");
    }
    let after = behind.decisions().await;
    assert_eq!(after.len(), DECISIONS);
    assert!(before.iter().all(|(referral, decision)| after.get(referral) == Some(decision)));
    let refused = "SELECT index::text AS line FROM audit_entries WHERE text::jsonb #>> '{event,outcome}' = 'refused'";
    assert_eq!(behind.lines(refused).await.len(), before.len(), "each refusal is in the trail");
    let (_, verified) = service.call(Role::Auditor, "/audit-entries/_verify", Some(json!({}))).await.unwrap();
    assert_eq!(verified["isIntact"], true);
}

fn a_folder() -> tempfile::TempDir {
    tempfile::Builder::new().permissions(std::os::unix::fs::PermissionsExt::from_mode(0o711)).tempdir().unwrap()
}

async fn survives(blow: impl FnOnce(&Service, &Path)) {
    let folder = a_folder();
    let data = folder.path().join("data");
    let attempts = Box::pin(prepared(&data)).await;
    let issuer = Arc::new(Issuer::new());
    let service = Arc::new(Service::start(&data, issuer.clone()).await);
    let acknowledged = decide_until(&service, &attempts, || blow(&service, &data)).await;
    drop(service);
    let service = Service::start(&data, issuer).await;
    everybody_is_accounted_for(&service, &data, &attempts, &acknowledged).await;
    drop(service);
    omm_done(&data, &["audit", "verify"]);
}

#[actix_web::test]
async fn kill_9_of_the_service_loses_no_acknowledged_decision() {
    Box::pin(survives(|service, _| kill_9(&service.process.id().to_string()))).await;
}

#[actix_web::test]
async fn kill_9_of_the_database_loses_no_acknowledged_decision() {
    Box::pin(survives(|_, data| kill_9(&postmaster_of(data)))).await;
}

/// Requests under way at the same moment when the blow falls.
const UNDER_WAY: usize = 24;

/// Submits under keys of its own until the service is gone; tells every key, and the id where it was answered.
async fn submit_until_gone(service: Arc<Service>, blow: Arc<dyn Fn(usize)>) -> Vec<(Uuid, Option<String>)> {
    let mut sent = Vec::new();
    for round in 0..DECISIONS {
        let key = Ids::random().next_uuid();
        let answer = service.call_under(key, Role::Coordinator, "/referrals", Some(a_referral())).await;
        let is_gone = answer.is_none();
        // A busy service may say 503; then too the same request is sent again in the end.
        let id = answer.and_then(|(_, receipt)| receipt["id"].as_str().map(str::to_owned));
        sent.push((key, id));
        if is_gone {
            return sent;
        }
        blow(round);
    }
    panic!("the blow never fell");
}

/// Whatever the moment of the blow, before the effect or between effect and answer: sent again, each takes effect once.
#[actix_web::test]
async fn kill_9_and_every_request_sent_again_takes_effect_once() {
    let folder = a_folder();
    let data = folder.path().join("data");
    let issuer = Arc::new(Issuer::new());
    let service = Arc::new(Service::start(&data, issuer.clone()).await);
    let process = service.process.id().to_string();
    let blow: Arc<dyn Fn(usize)> = Arc::new(move |round| {
        if round == 3 {
            let _ = Command::new("kill").args(["-9", &process]).status();
        }
    });
    let callers: Vec<_> =
        (0..UNDER_WAY).map(|_| tokio::task::spawn_local(submit_until_gone(service.clone(), blow.clone()))).collect();
    let mut sent = Vec::new();
    for caller in callers {
        sent.extend(caller.await.unwrap());
    }
    drop(service);
    let service = Service::start(&data, issuer).await;
    for (key, before) in &sent {
        let (status, receipt) =
            service.call_under(*key, Role::Coordinator, "/referrals", Some(a_referral())).await.unwrap();
        assert_eq!(status, StatusCode::CREATED);
        if let Some(before) = before {
            assert_eq!(receipt["id"], before.as_str(), "another answer than before");
        }
    }
    let (_, list) = service.call(Role::Coordinator, "/referrals", None).await.unwrap();
    assert!(sent.iter().any(|(_, answer)| answer.is_none()), "nothing was under way");
    assert_eq!(list["referrals"].as_array().unwrap().len(), sent.len(), "one referral for every key");
}
