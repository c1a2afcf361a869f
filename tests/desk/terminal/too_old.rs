//! A PostgreSQL that is too old: its version, the one that is needed, and where it was found are named.

use std::{path::Path, process::Command};

use super::{
    a_file, a_folder, omm,
    refused::{KEYS, with_issuer},
    run,
};
use crate::world::TestDatabase;

/// Writes a program. A shell of its own does it: a file this process has open for writing cannot be run by its children.
pub fn a_program(folder: &Path, name: &str, script: &str) {
    let write = r#"printf '#!/bin/sh\n%s\n' "$2" >"$1" && chmod 755 "$1""#;
    let written = Command::new("/bin/sh").args(["-c", write, "sh"]).arg(folder.join(name)).arg(script).status();
    assert!(written.unwrap().success());
}

#[test]
fn programs_that_are_too_old_are_named_with_their_folder_and_nothing_is_made() {
    let (old, folder) = (a_folder(), a_folder());
    a_program(old.path(), "initdb", "exit 1");
    a_program(old.path(), "postgres", "echo 'postgres (PostgreSQL) 14.22 (Debian 14.22-1)'");
    let data = folder.path().join("data");
    for arguments in [vec!["demo", "--once", "--listen", "127.0.0.1:0"], vec!["catalogue", "import", "--shipped"]] {
        let mut command = omm(&arguments);
        command.env("PG_BIN", old.path()).env("OMM_DATA", &data);
        let told = run(command).ended(3).names("version 14").names("15 or later");
        told.names(old.path().to_str().unwrap());
    }
    assert!(!data.join("postgres/data").exists());
}

/// A database whose server gives itself out as one of version 14.
async fn a_database_of_version_14() -> TestDatabase {
    let database = TestDatabase::new().await;
    database
        .run(
            "CREATE FUNCTION public.current_setting(name text) RETURNS text LANGUAGE sql AS
             $$ SELECT CASE name WHEN 'server_version_num' THEN '140022' ELSE '14.22' END $$;
             DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = public, pg_catalog', current_database()); END $$",
        )
        .await;
    database
}

#[actix_web::test]
async fn a_server_that_is_too_old_is_named_with_its_version() {
    let database = a_database_of_version_14().await;
    let keys = a_file(KEYS);
    let serve = with_issuer(omm(&["serve", "--listen", "127.0.0.1:0"]), keys.path().to_str().unwrap());
    for mut command in [omm(&["migrate"]), omm(&["audit", "head"]), omm(&["catalogue", "import", "--shipped"]), serve] {
        command.env("DATABASE_URL", &database.url);
        run(command).ended(3).names("runs PostgreSQL 14.22").names("15 or later");
    }
}
