//! Why there is no private cluster, in words that say what to do about it.

use std::{
    io,
    path::{Path, PathBuf},
};

use crate::store::error::NO_ROOM;

/// Why the private cluster could not be started.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// There is no server on this machine.
    #[error(
        "no PostgreSQL server programs on this machine (looked in $PG_BIN, $PATH and the usual folders for `initdb` and \
         `postgres`). Install them (Debian, Ubuntu: `apt-get install postgresql`; Fedora, Red Hat: `dnf install \
         postgresql-server`; macOS: `brew install postgresql@17`), or set DATABASE_URL to a server elsewhere"
    )]
    NoPrograms,
    /// `$PG_BIN` names a folder without them.
    #[error("PG_BIN names {}, but `initdb` and `postgres` do not run there", folder.display())]
    NotThere {
        /// The folder.
        folder: PathBuf,
    },
    /// The programs are too old.
    #[error("the PostgreSQL programs in {} are of version {found}; {needed} or later is needed", folder.display())]
    TooOld {
        /// Where the newest ones are.
        folder: PathBuf,
        /// The newest version found.
        found: u32,
        /// The oldest version that will do.
        needed: u32,
    },
    /// The cluster was made with a version that is not on this machine.
    #[error(
        "the data folder was made with PostgreSQL {made_with}, and this machine has {found}: install version {made_with}, \
         or bring the data over with pg_dump and a new folder"
    )]
    OtherVersion {
        /// The version it was made with.
        made_with: u32,
        /// The newest version found.
        found: u32,
    },
    /// Another service runs on the folder.
    #[error("another omm service is running on the data folder {}; stop it, or name another folder with --data", folder.display())]
    InUse {
        /// The folder.
        folder: PathBuf,
    },
    /// The folder cannot be written.
    #[error("the data folder {} cannot be used: {cause}", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system says.
        cause: String,
    },
    /// Nothing more can be written: the disk is full, or a quota or a limit is reached.
    #[error(
        "nothing more can be written in the data folder {}: {cause}; make room there, or name another folder with --data",
        folder.display()
    )]
    NoRoom {
        /// The folder.
        folder: PathBuf,
        /// What the system says.
        cause: String,
    },
    /// PostgreSQL's account cannot get to the folder.
    #[error(
        "PostgreSQL does not run as root, and the account it runs under cannot pass {} on the way to the data folder {}: \
         allow that with `chmod o+x {}`, name another folder with --data, or do not run as root",
        closed.display(), folder.display(), closed.display()
    )]
    Closed {
        /// The data folder.
        folder: PathBuf,
        /// The folder that may not be passed.
        closed: PathBuf,
    },
    /// There is no account to run PostgreSQL under.
    #[error(
        "PostgreSQL does not run as root, and there is neither an account `postgres` nor `nobody`; run omm as another user"
    )]
    OnlyRoot,
    /// A server of an earlier run does not end.
    #[error("a PostgreSQL server of an earlier run still runs on {} and does not end", folder.display())]
    StillRunning {
        /// The folder.
        folder: PathBuf,
    },
    /// PostgreSQL did not start, and said why.
    #[error("PostgreSQL did not start in {}: {said}", folder.display())]
    NotStarted {
        /// The folder.
        folder: PathBuf,
        /// The end of what it said.
        said: String,
    },
}

/// So many lines of PostgreSQL's own words are passed on.
const LINES_MAX: usize = 6;

impl ClusterError {
    /// What the system said about a folder.
    pub(super) fn of(folder: &Path, cause: &io::Error) -> Self {
        let folder = folder.to_path_buf();
        let cause = cause.to_string();
        if NO_ROOM.iter().any(|words| cause.contains(words)) {
            return Self::NoRoom { folder, cause };
        }
        Self::Folder { folder, cause }
    }

    /// What PostgreSQL said.
    pub(super) fn said(folder: &Path, said: &str) -> Self {
        let folder = folder.to_path_buf();
        if let Some(cause) = NO_ROOM.iter().find(|words| said.contains(**words)) {
            return Self::NoRoom { folder, cause: (*cause).to_owned() };
        }
        let lines: Vec<&str> = said.lines().filter(|line| !line.trim().is_empty()).collect();
        let last = lines.get(lines.len().saturating_sub(LINES_MAX)..).unwrap_or_default();
        Self::NotStarted { folder, said: last.join(" / ") }
    }
}
