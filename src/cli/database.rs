//! Opening the database a command works on: the server of `DATABASE_URL`, or the service's own cluster.
//!
//! A private cluster belongs to the service alone, so whoever starts it also migrates it. A server of somebody else is
//! migrated by `omm migrate` only.

use std::path::Path;

use super::{
    arguments::Database,
    ending::{Ending, Trouble},
};
use crate::{
    clock::Ids,
    config::{DatabaseSetting, SettingFault, Settings},
    domain::audit::chain::Source,
    store::{
        Store, StoreError,
        connection::{Address, ConnectError},
        private_cluster::{ClusterError, Durability, PrivateCluster},
    },
};

/// A command works alone; one connection to write and one to spare.
const CONNECTIONS_OF_A_COMMAND: usize = 2;

/// What a command expects to find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expecting {
    /// A database that was there before: looking at none would only make an empty one.
    Existing,
    /// Any; a new one is made.
    Any,
}

/// A database that is open, and the cluster it needs.
pub(super) struct OpenDatabase {
    /// The store on it.
    pub store: Store,
    /// The service's own cluster, if this process runs it. It must end after the store's last use.
    pub cluster: Option<PrivateCluster>,
}

impl OpenDatabase {
    /// Names the database where it is what the trouble is about.
    pub(super) fn named<T, E: Into<Trouble>>(&self, outcome: Result<T, E>) -> Result<T, Trouble> {
        outcome.map_err(|trouble| {
            let mut trouble = trouble.into();
            if trouble.ending == Ending::Unavailable {
                trouble.lines.push(match &self.cluster {
                    Some(cluster) => format!("  its data folder is {}", cluster.folder().display()),
                    None => format!("  it is the database at {}", self.store.host()),
                });
            }
            trouble
        })
    }
}

/// Opens the database of a command.
pub(super) async fn open(asked: Database, expecting: Expecting) -> Result<OpenDatabase, Trouble> {
    let setting = Settings::of_process(asked.config.as_deref()).database(asked.data).map_err(settings)?;
    match setting {
        DatabaseSetting::Server(url) => {
            let store = Store::connect(&Address::parse(&url)?, CONNECTIONS_OF_A_COMMAND, source()).await?;
            Ok(OpenDatabase { store, cluster: None })
        }
        DatabaseSetting::Private(folder) => {
            if expecting == Expecting::Existing && !folder.join("postgres").exists() {
                return Err(Trouble::unavailable(format!(
                    "there is no database in {}; name its folder with --data, or set DATABASE_URL",
                    folder.display()
                )));
            }
            match start_private(&folder, CONNECTIONS_OF_A_COMMAND).await {
                Err(Stop::InUse(url)) => {
                    let store = Store::connect(&Address::parse(&url)?, CONNECTIONS_OF_A_COMMAND, source()).await?;
                    Ok(OpenDatabase { store, cluster: None })
                }
                Err(Stop::Trouble(trouble)) => Err(trouble),
                Ok(open) => Ok(open),
            }
        }
    }
}

/// Why a private cluster was not started.
pub(super) enum Stop {
    /// Another process runs it, and can be reached here.
    InUse(String),
    /// Anything else.
    Trouble(Trouble),
}

impl<T: Into<Trouble>> From<T> for Stop {
    fn from(trouble: T) -> Self {
        Self::Trouble(trouble.into())
    }
}

/// Starts the service's own cluster on a folder and brings its schema up to this version.
pub(super) async fn start_private(folder: &Path, connections: usize) -> Result<OpenDatabase, Stop> {
    let cluster = match PrivateCluster::start(folder, Durability::Full) {
        Err(ClusterError::InUse { folder }) => {
            return Err(match PrivateCluster::url_of_running(&folder) {
                Some(url) => Stop::InUse(url),
                None => ClusterError::InUse { folder }.into(),
            });
        }
        other => other?,
    };
    Ok(migrated(cluster, connections).await?)
}

/// Brings the schema of a private cluster up to this version and opens it.
pub(super) async fn migrated(cluster: PrivateCluster, connections: usize) -> Result<OpenDatabase, ConnectError> {
    let address = Address::parse(&cluster.url())?;
    Store::migrate(&address).await?;
    let store = Store::connect(&address, connections, source()).await?;
    Ok(OpenDatabase { store, cluster: Some(cluster) })
}

/// Where entries of this process are recorded: program, version, and which running copy.
pub(super) fn source() -> Source {
    let instance: String = Ids::random().next_uuid().simple().to_string().chars().take(8).collect();
    Source { service: "omm".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned(), instance }
}

/// Settings that are missing or wrong.
pub(super) fn settings(faults: Vec<SettingFault>) -> Trouble {
    Trouble::faults(Ending::Usage, "settings are missing or wrong:", faults)
}

impl From<ConnectError> for Trouble {
    fn from(error: ConnectError) -> Self {
        match error {
            ConnectError::Address | ConnectError::Unencrypted(_) => Self::usage(error),
            ConnectError::NoTrust { .. }
            | ConnectError::NoAnswer { .. }
            | ConnectError::TooOld { .. }
            | ConnectError::NotMigrated { .. }
            | ConnectError::Newer { .. }
            | ConnectError::Migration { .. } => Self::unavailable(error),
        }
    }
}

impl From<ClusterError> for Trouble {
    fn from(error: ClusterError) -> Self {
        Self::unavailable(error)
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) => Self::unavailable(error),
            StoreError::Conflict(_) => Self::not_so(error),
            StoreError::Corrupt(_)
            | StoreError::Query(_)
            | StoreError::Answered(_)
            | StoreError::KeyReused
            | StoreError::InProgress
            | StoreError::NotRecorded => Self::broken(error),
        }
    }
}
