//! The private cluster: it ends with the service whatever happens, starts again after it, and serves one service only.

use std::{
    env,
    io::{BufRead, BufReader},
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use omm::store::{
    Store, audit,
    connection::{Address, ConnectError},
    private_cluster::{ClusterError, Durability, PrivateCluster},
};
use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use tempfile::TempDir;

use super::{call, event, noon};
use crate::world::{TestDatabase, store_on};

/// Names the data folder to the process that plays the service to be killed.
const FOLDER: &str = "OMM_TEST_SERVICE_ON";

/// A data folder that PostgreSQL's account can get to.
fn folder() -> TempDir {
    folder_with(0o755)
}

fn folder_with(mode: u32) -> TempDir {
    let folder = tempfile::Builder::new().prefix("omm-test").tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(mode)).unwrap();
    folder
}

/// Another process that runs a cluster on the folder, writes entry after entry, and prints the number of each when it is
/// committed. Its first line is the number of the server's process.
fn service_on(folder: &Path) -> (Child, BufReader<std::process::ChildStdout>) {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "store::private_cluster::the_service_that_is_killed", "--nocapture", "--test-threads=1"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let said = BufReader::new(child.stdout.take().unwrap());
    (child, said)
}

/// The next line that holds nothing but a number.
fn next_number(said: &mut impl BufRead) -> u64 {
    loop {
        let mut line = String::new();
        assert!(said.read_line(&mut line).unwrap() > 0, "the service has ended");
        if let Ok(number) = line.trim().parse() {
            return number;
        }
    }
}

/// Not a test of its own: the other half of those below, in a process of its own.
#[tokio::test(flavor = "multi_thread")]
async fn the_service_that_is_killed() {
    let Ok(folder) = env::var(FOLDER) else { return };
    let cluster = PrivateCluster::start(Path::new(&folder), Durability::Full).unwrap();
    println!("\n{}", cluster.server_process().unwrap());
    Store::migrate(&Address::parse(&cluster.url()).unwrap()).await.unwrap();
    let store = store_on(&cluster.url(), 2).await;
    loop {
        store.record(&call(), noon(), vec![event()]).await.unwrap();
        println!("{}", store.read(async |tx| audit::head(tx).await).await.unwrap().index);
    }
}

fn pid(number: u64) -> Pid {
    Pid::from_raw(i32::try_from(number).unwrap()).unwrap()
}

fn ends_within(process: Pid, limit: Duration) -> bool {
    let began = Instant::now();
    while began.elapsed() < limit {
        if test_kill_process(process).is_err() {
            return true;
        }
        thread::sleep(Duration::from_millis(20));
    }
    false
}

#[tokio::test(flavor = "multi_thread")]
async fn kill_9_of_the_service_leaves_no_server_and_loses_nothing_that_was_acknowledged() {
    let folder = folder();
    let mut acknowledged = 0;
    for _ in 0..2 {
        let (mut service, mut said) = service_on(folder.path());
        let server = pid(next_number(&mut said));
        for _ in 0..20 {
            acknowledged = next_number(&mut said);
        }
        service.kill().unwrap();
        service.wait().unwrap();
        assert!(ends_within(server, Duration::from_secs(20)), "the server outlives the service");
    }
    let cluster = PrivateCluster::start(folder.path(), Durability::Full).unwrap();
    let head = store_on(&cluster.url(), 1).await.verify_trail(None).await.unwrap().unwrap();
    assert!(head.index >= acknowledged && acknowledged >= 40, "{} of {acknowledged}", head.index);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_starts_at_once_where_another_was_killed_a_moment_ago() {
    let folder = folder();
    let (mut service, mut said) = service_on(folder.path());
    next_number(&mut said);
    service.kill().unwrap();
    service.wait().unwrap();
    let cluster = PrivateCluster::start(folder.path(), Durability::Full).unwrap();
    assert!(Address::parse(&cluster.url()).unwrap().connect().await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn kill_9_of_the_server_is_noticed_and_the_next_start_recovers() {
    let folder = folder();
    let mut cluster = PrivateCluster::start(folder.path(), Durability::Full).unwrap();
    Store::migrate(&Address::parse(&cluster.url()).unwrap()).await.unwrap();
    let store = store_on(&cluster.url(), 2).await;
    store.record(&call(), noon(), vec![event()]).await.unwrap();

    let server = pid(cluster.server_process().unwrap().into());
    kill_process(server, Signal::KILL).unwrap();
    assert!(ends_within(server, Duration::from_secs(5)));
    thread::sleep(Duration::from_millis(100));
    assert!(cluster.has_ended());
    assert!(store.record(&call(), noon(), vec![event()]).await.is_err());
    drop(cluster);

    let _cluster = PrivateCluster::start(folder.path(), Durability::Full).unwrap();
    store.record(&call(), noon(), vec![event()]).await.unwrap();
    assert_eq!(store.verify_trail(None).await.unwrap().unwrap().index, 2, "the pool heals and nothing is lost");
}

#[cfg(target_os = "linux")]
#[test]
fn kill_9_of_the_guard_leaves_no_server_either() {
    let folder = folder();
    let mut cluster = PrivateCluster::start(folder.path(), Durability::None).unwrap();
    let server = cluster.server_process().unwrap();
    let status = std::fs::read_to_string(format!("/proc/{server}/status")).unwrap();
    let guard = status.lines().find_map(|line| line.strip_prefix("PPid:")).unwrap().trim().parse().unwrap();
    kill_process(pid(guard), Signal::KILL).unwrap();
    while !cluster.has_ended() {
        thread::sleep(Duration::from_millis(5));
    }
    cluster.stop();
    assert!(ends_within(pid(server.into()), Duration::from_secs(1)));
}

#[test]
fn a_second_service_on_the_folder_is_refused_and_the_folder_is_free_after_the_first() {
    let folder = folder();
    let first = PrivateCluster::start(folder.path(), Durability::None).unwrap();
    let refused = PrivateCluster::start(folder.path(), Durability::None).err().unwrap();
    assert!(matches!(refused, ClusterError::InUse { .. }));
    assert!(refused.to_string().contains(&folder.path().display().to_string()), "{refused}");
    first.stop();
    PrivateCluster::start(folder.path(), Durability::None).unwrap();
}

/// Not a test of its own: the other half of the one below, in a process whose environment names no programs.
#[test]
fn the_start_without_programs() {
    if env::var_os(FOLDER).is_some() {
        println!("{}", PrivateCluster::start_temporary(Durability::None).err().unwrap());
    }
}

#[test]
fn a_start_that_fails_says_why_and_leaves_nothing_behind() {
    let (outer, nothing) = (folder(), folder());
    let start = Command::new(env::current_exe().unwrap())
        .args(["--exact", "store::private_cluster::the_start_without_programs", "--nocapture"])
        .env(FOLDER, "any")
        .env("TMPDIR", outer.path())
        .env("PG_BIN", nothing.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&start.stdout).into_owned();
    assert!(said.contains("PG_BIN") && said.contains(&nothing.path().display().to_string()), "{said}");
    assert_eq!(std::fs::read_dir(outer.path()).unwrap().count(), 0);
}

#[test]
fn a_temporary_cluster_leaves_nothing_behind() {
    let before = omm_folders();
    let cluster = PrivateCluster::start_temporary(Durability::None).unwrap();
    let made: Vec<_> = omm_folders().into_iter().filter(|name| cluster.url().contains(name)).collect();
    assert_eq!((made.len(), before.contains(&made[0])), (1, false));
    cluster.stop();
    assert!(!omm_folders().contains(&made[0]));
}

fn omm_folders() -> Vec<String> {
    let entries = std::fs::read_dir(env::temp_dir()).unwrap();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("omm-"))
        .collect()
}

#[test]
fn a_path_that_is_too_long_for_a_socket_still_works() {
    let outer = folder();
    let long = outer.path().join("x".repeat(120)).join("data");
    let cluster = PrivateCluster::start(&long, Durability::None).unwrap();
    assert!(!cluster.url().contains("xxxx"));
    cluster.stop();
    PrivateCluster::start(&long, Durability::None).unwrap();
}

#[test]
fn a_folder_that_cannot_be_used_is_named_with_what_to_do() {
    let outer = folder();
    std::fs::write(outer.path().join("file"), "").unwrap();
    let refused = PrivateCluster::start(&outer.path().join("file"), Durability::None).err().unwrap();
    assert!(matches!(refused, ClusterError::Folder { .. }), "{refused}");
    assert!(refused.to_string().contains("file"));
}

#[test]
fn below_a_closed_home_of_root_the_folder_that_blocks_is_named() {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let home = folder_with(0o700);
    let refused = PrivateCluster::start(&home.path().join("data"), Durability::None).err().unwrap();
    let ClusterError::Closed { closed, .. } = &refused else { panic!("{refused}") };
    assert_eq!(closed, home.path());
    assert!(refused.to_string().contains("chmod o+x"));
}

#[test]
fn a_stale_file_with_the_number_of_another_program_does_not_prevent_a_start() {
    let folder = folder();
    PrivateCluster::start(folder.path(), Durability::None).unwrap().stop();
    let file = folder.path().join("postgres/data/postmaster.pid");
    std::fs::write(&file, format!("{}\n", std::process::id())).unwrap();
    PrivateCluster::start(folder.path(), Durability::None).unwrap();
}

#[test]
fn a_broken_off_first_start_is_begun_anew() {
    let folder = folder();
    std::fs::create_dir_all(folder.path().join("postgres/data.attempt/base")).unwrap();
    PrivateCluster::start(folder.path(), Durability::None).unwrap();
}

#[tokio::test]
async fn a_database_that_does_not_fit_says_why() {
    let db = TestDatabase::new().await;
    let address = Address::parse(&db.url).unwrap();
    let source = omm::domain::audit::chain::Source { service: "omm".into(), version: "1".into(), instance: "a".into() };
    assert_eq!(Store::migrate(&address).await.unwrap(), 0);

    db.run("INSERT INTO __diesel_schema_migrations (version) VALUES ('9999')").await;
    let newer = Store::connect(&address, 1, source.clone()).await.err().unwrap();
    assert!(matches!(&newer, ConnectError::Newer { version, .. } if version == "9999"), "{newer}");
    assert!(matches!(Store::migrate(&address).await, Err(ConnectError::Newer { .. })));

    db.run("DELETE FROM __diesel_schema_migrations").await;
    let pending = Store::connect(&address, 1, source.clone()).await.err().unwrap();
    assert!(pending.to_string().contains("omm migrate"), "{pending}");

    let nobody = Address::parse("postgres://u:secret@127.0.0.1:1/d").unwrap();
    let silent = Store::connect(&nobody, 1, source).await.err().unwrap();
    assert!(matches!(silent, ConnectError::NoAnswer { .. }));
    assert!(silent.to_string().contains("127.0.0.1:1") && !silent.to_string().contains("secret"), "{silent}");
}
