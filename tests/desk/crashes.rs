//! Kill -9 in the middle of decisions, of the service and of its database: what was acknowledged is there and in the
//! trail, nothing is half there. Real processes, durable commits.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use omm::api::demo_issuer::{AUDIENCE, DEMO_ISSUER, DemoIssuer};
use omm::clock::{Clock, Ids};
use omm::domain::ids::OrganisationCode;
use omm::domain::role::Role;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

use crate::given::a_referral;

/// Decisions that are attempted.
const DECISIONS: usize = 1000;
/// Callers who decide at the same time.
const CALLERS: usize = 8;
/// So many decisions are acknowledged before the blow falls.
const BEFORE_THE_BLOW: usize = 150;

/// A service in a process of its own, on a data folder of its own.
struct Service {
    process: Child,
    address: String,
    issuer: Arc<DemoIssuer>,
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
    async fn start(data: &Path, issuer: Arc<DemoIssuer>) -> Self {
        let keys = data.parent().unwrap().join("keys.json");
        fs::write(&keys, issuer.key_set().unwrap()).unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let listen = format!("127.0.0.1:{port}");
        let mut command = omm(data, &["serve", "--listen", &listen]);
        command.env("OMM_ISSUER", DEMO_ISSUER).env("OMM_AUDIENCE", AUDIENCE).env("OMM_JWKS_FILE", &keys);
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
        let organisation = OrganisationCode::from("comensha");
        let (now, id) = (Clock::system().now(), Ids::random().next_uuid());
        let token = self.issuer.token(role, Some(&organisation), "somebody", now, id).unwrap();
        let url = format!("{}{path}", self.address);
        let request = match body {
            Some(body) => self.client.post(url).json(&body),
            None => self.client.get(url),
        };
        let response = request.bearer_auth(token).send().await.ok()?;
        Some((response.status(), response.json().await.ok()?))
    }

    /// Submits, judges and decides one referral; its id and the decision's if that was acknowledged.
    async fn decide_one(&self) -> Option<(String, String)> {
        let (status, submitted) = self.call(Role::Coordinator, "/referrals", Some(a_referral())).await?;
        let id = submitted["id"].as_str().filter(|_| status == StatusCode::CREATED)?.to_owned();
        let judged = json!({"judgement": "eligible", "reason": "Diagnosis."});
        self.call(Role::Coordinator, &format!("/referrals/{id}/assessments"), Some(judged)).await?;
        let decided = json!({"outcome": "waiting_list", "reason": "Nothing is free."});
        let (status, decision) =
            self.call(Role::Coordinator, &format!("/referrals/{id}/decisions"), Some(decided)).await?;
        let decision = decision["id"].as_str().filter(|_| status == StatusCode::CREATED)?.to_owned();
        Some((id, decision))
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

/// Decides with many callers until the blow falls; answers with what was acknowledged.
async fn decide_until(service: &Arc<Service>, blow: impl FnOnce()) -> Vec<(String, String)> {
    let (tell, mut heard) = tokio::sync::mpsc::unbounded_channel();
    let stop = Arc::new(AtomicBool::new(false));
    for _ in 0..CALLERS {
        let (service, tell, stop) = (service.clone(), tell.clone(), stop.clone());
        tokio::task::spawn_local(async move {
            for _ in 0..DECISIONS / CALLERS {
                let Some(acknowledged) = service.decide_one().await else { return };
                if tell.send(acknowledged).is_err() || stop.load(Ordering::SeqCst) {
                    return;
                }
            }
        });
    }
    drop(tell);
    let mut acknowledged = Vec::new();
    let mut blow = Some(blow);
    while let Some(decision) = heard.recv().await {
        acknowledged.push(decision);
        if acknowledged.len() == BEFORE_THE_BLOW {
            blow.take().unwrap()();
            stop.store(true, Ordering::SeqCst);
        }
    }
    assert!(blow.is_none(), "the blow never fell: {} decisions", acknowledged.len());
    acknowledged
}

/// After a restart: every acknowledged decision is there and in the trail exactly once, every other is whole or absent.
async fn everything_is_whole(data: &Path, issuer: Arc<DemoIssuer>, acknowledged: &[(String, String)]) {
    let service = Service::start(data, issuer).await;
    for (referral, decision) in acknowledged {
        let (status, list) =
            service.call(Role::Coordinator, &format!("/referrals/{referral}/decisions"), None).await.unwrap();
        assert_eq!(status, StatusCode::OK);
        let decisions = list["decisions"].as_array().unwrap();
        assert_eq!(decisions.iter().filter(|found| found["id"] == decision.as_str()).count(), 1, "{decision} is lost");
    }
    let (mut recorded, mut from) = (Vec::new(), 1);
    loop {
        let path = format!("/audit-entries?eventType=waiting_list.decided&fromIndex={from}&limit=200");
        let (_, page) = service.call(Role::Auditor, &path, None).await.unwrap();
        let entries = page["entries"].as_array().unwrap().clone();
        let Some(last) = entries.last() else { break };
        from = last["index"].as_u64().unwrap() + 1;
        recorded
            .extend(entries.iter().map(|entry| entry["entry"]["event"]["object"]["id"].as_str().unwrap().to_owned()));
    }
    let (_, list) = service.call(Role::Coordinator, "/referrals?state=waiting_list", None).await.unwrap();
    assert_eq!(list["referrals"].as_array().unwrap().len(), recorded.len().min(200), "a state without its entry");
    for (_, decision) in acknowledged {
        assert_eq!(recorded.iter().filter(|found| *found == decision).count(), 1, "{decision} is not in the trail");
    }
    let (_, verified) = service.call(Role::Auditor, "/audit-entries/_verify", Some(json!({}))).await.unwrap();
    assert_eq!(verified["isIntact"], true);
}

async fn survives(blow: impl FnOnce(&Service, &Path)) {
    let folder =
        tempfile::Builder::new().permissions(std::os::unix::fs::PermissionsExt::from_mode(0o711)).tempdir().unwrap();
    let data = folder.path().join("data");
    let catalogue = concat!(env!("CARGO_MANIFEST_DIR"), "/catalogue/catalogue.json");
    let policy = concat!(env!("CARGO_MANIFEST_DIR"), "/policy/v1.json");
    omm_done(&data, &["catalogue", "import", catalogue]);
    omm_done(&data, &["policy", "adopt", policy]);
    let issuer = Arc::new(DemoIssuer::new().unwrap());
    let service = Arc::new(Service::start(&data, issuer.clone()).await);
    let acknowledged = decide_until(&service, || blow(&service, &data)).await;
    drop(service);
    everything_is_whole(&data, issuer, &acknowledged).await;
    omm_done(&data, &["audit", "verify"]);
}

#[actix_web::test]
async fn kill_9_of_the_service_loses_no_acknowledged_decision() {
    survives(|service, _| kill_9(&service.process.id().to_string())).await;
}

#[actix_web::test]
async fn kill_9_of_the_database_loses_no_acknowledged_decision() {
    survives(|_, data| kill_9(&postmaster_of(data))).await;
}
