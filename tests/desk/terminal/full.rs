//! A data folder in which nothing more can be written: the cause and the folder are named, and nothing is half there.
//!
//! `/dev/full` answers every write as a full disk does, and a limit on the size of files stops PostgreSQL's own programs;
//! neither needs a right that the one who runs the tests may not have.

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
};

use diesel::{QueryableByName, sql_query, sql_types::Text};
use diesel_async::RunQueryDsl;
use omm::store::{
    connection::Address,
    private_cluster::{Durability, PrivateCluster},
};

use super::{Ran, a_folder, omm, run};

/// What a full disk is told by.
const FULL: &str = "No space left on device";

fn import_into(data: &Path) -> Command {
    omm(&["catalogue", "import", "--shipped", "--data", data.to_str().unwrap()])
}

/// The command with no file larger than half a megabyte.
fn limited(command: &Command) -> Command {
    let mut limited = Command::new("/bin/sh");
    limited.args(["-c", r#"trap "" XFSZ; ulimit -f 1024; exec "$@""#, "sh"]).arg(command.get_program());
    limited.args(command.get_args()).env_clear().stdin(std::process::Stdio::null());
    limited.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    limited
}

fn imported(ran: Ran) {
    let out = ran.ended(0).out;
    assert!(out.contains("entries added"), "{out}");
}

#[test]
fn a_first_start_without_room_for_the_database_says_so_and_the_next_one_works() {
    let folder = a_folder();
    let data = folder.path().join("data");
    run(limited(&import_into(&data))).ended(3).names("File too large").names(data.to_str().unwrap());
    assert!(!data.join("postgres/data").exists(), "a half-made cluster");
    imported(run(import_into(&data)));
}

#[test]
fn a_first_start_on_a_full_disk_says_so_and_the_next_one_works() {
    let folder = a_folder();
    let data = folder.path().join("data");
    fs::create_dir_all(data.join("postgres")).unwrap();
    symlink("/dev/full", data.join("postgres/create.sql")).unwrap();
    run(import_into(&data)).ended(3).names(FULL).names(data.to_str().unwrap());
    assert!(!data.join("postgres/data").exists(), "a half-made cluster");
    fs::remove_file(data.join("postgres/create.sql")).unwrap();
    imported(run(import_into(&data)));
}

#[derive(QueryableByName)]
struct FilePath {
    #[diesel(sql_type = Text)]
    path: String,
}

/// The file in which the database keeps the organisations.
async fn file_of_organisations(data: &Path) -> PathBuf {
    let cluster = PrivateCluster::start(data, Durability::Full).unwrap();
    let mut connection = Address::parse(&cluster.url()).unwrap().connect().await.unwrap();
    let found = sql_query("SELECT pg_relation_filepath('organisations') AS path").get_result(&mut connection).await;
    let FilePath { path } = found.unwrap();
    data.join("postgres/data").join(path)
}

#[actix_web::test]
async fn a_disk_that_fills_up_in_the_middle_of_a_change_undoes_the_change_and_says_so() {
    let folder = a_folder();
    let data = folder.path().join("data");
    let head = || run(omm(&["audit", "head", "--data", data.to_str().unwrap()])).ended(0).out;
    run(omm(&["policy", "adopt", "--shipped", "--data", data.to_str().unwrap()])).ended(0);
    let before = head();

    let organisations = file_of_organisations(&data).await;
    assert_eq!(fs::metadata(&organisations).unwrap().len(), 0);
    let aside = organisations.with_extension("aside");
    fs::rename(&organisations, &aside).unwrap();
    symlink("/dev/full", &organisations).unwrap();
    run(import_into(&data)).ended(3).names(FULL).names(data.to_str().unwrap());

    fs::rename(&aside, &organisations).unwrap();
    assert_eq!(head(), before, "nothing of the change is there");
    run(omm(&["audit", "verify", "--data", data.to_str().unwrap()])).ended(0);
    imported(run(import_into(&data)));
}
