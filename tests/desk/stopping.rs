//! SIGTERM while somebody waits for an answer: not ready at once, the answer still comes, then all is closed in order.

use std::{
    io::{BufRead, BufReader},
    os::unix::fs::PermissionsExt,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use diesel_async::SimpleAsyncConnection;
use omm::{
    clock::Clock,
    store::{connection::Address, private_cluster::PrivateCluster},
};
use rustix::process::{Pid, Signal, kill_process};

use crate::issuer::{AUDIENCE, ISSUER, Issuer, claims};

/// A service that a test ends.
struct Service(Child);

impl Drop for Service {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Starts a service; where it serves, and where its health.
fn started(data: &std::path::Path, issuer: &Issuer) -> (Service, String, String) {
    let keys = data.parent().unwrap().join("keys.json");
    std::fs::write(&keys, issuer.set().to_string()).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_omm"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--management", "127.0.0.1:0", "--data"]).arg(data);
    command.env("OMM_ISSUER", ISSUER).env("OMM_AUDIENCE", AUDIENCE).env("OMM_JWKS_FILE", &keys);
    command.env_remove("DATABASE_URL").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let service = Service(child);
    let mut after = |mark: &str| {
        let line = lines.by_ref().map(Result::unwrap).find(|line| line.contains(mark)).expect("it starts");
        let rest = line.split_once(mark).unwrap().1;
        format!("http://{}", rest.split([';', '/', ' ']).next().unwrap().trim())
    };
    let (api, health) = (after("serving on http://"), after("health on http://"));
    std::thread::spawn(move || lines.for_each(drop));
    (service, api, health)
}

async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(began.elapsed() < Duration::from_secs(9), "{what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[actix_web::test]
async fn told_to_stop_it_is_not_ready_at_once_answers_what_is_under_way_and_closes_in_order() {
    let folder = tempfile::Builder::new().permissions(PermissionsExt::from_mode(0o711)).tempdir().unwrap();
    let (data, issuer) = (folder.path().join("data"), Issuer::new());
    let (mut service, api, health) = started(&data, &issuer);
    let client = reqwest::Client::new();
    let ready = async || client.get(format!("{health}/health/ready")).send().await.ok().map(|answer| answer.status());
    assert_eq!(ready().await.unwrap(), 200);

    // Somebody else holds the catalogue: whoever reads it waits.
    let url = PrivateCluster::url_of_running(&data).unwrap();
    let mut holder = Address::parse(&url).unwrap().connect().await.unwrap();
    holder.batch_execute("BEGIN; LOCK TABLE organisations IN ACCESS EXCLUSIVE MODE").await.unwrap();
    let token = issuer.key("EdDSA").token(&claims(Clock::system().now()));
    let call = client.get(format!("{api}/v1/organisations")).bearer_auth(&token).send();
    let call = tokio::task::spawn_local(call);
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(!call.is_finished());

    let process = Pid::from_raw(i32::try_from(service.0.id()).unwrap()).unwrap();
    kill_process(process, Signal::TERM).unwrap();
    until("not ready any more", async || (ready().await? == 503).then_some(())).await;
    until("takes no new calls", async || reqwest::get(format!("{api}/v1/openapi.json")).await.err()).await;
    assert!(!call.is_finished() && service.0.try_wait().unwrap().is_none(), "it waits for what is under way");
    holder.batch_execute("COMMIT").await.unwrap();
    drop(holder);
    assert_eq!(call.await.unwrap().unwrap().status(), 200);
    let ended = until("ends by itself", async || service.0.try_wait().unwrap()).await;
    assert!(ended.success(), "{ended}");
    assert!(PrivateCluster::url_of_running(&data).is_none(), "the database is closed too");
}
