//! Reaching a database: its address, verified TLS, the pool, and the checks before anything is served.
//!
//! Invariant: nothing leaves this machine unencrypted, and no message holds the password of an address.

use std::{net::IpAddr, sync::Arc, time::Duration};

use diesel::{ConnectionError, ConnectionResult};
use diesel_async::{
    AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection,
    pooled_connection::{ManagerConfig, RecyclingMethod},
};
use futures_util::FutureExt;
use rustls_platform_verifier::BuilderVerifierExt;
use tokio_postgres::{
    Config, NoTls,
    config::{Host, SslMode},
};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{
    Store,
    migrations::{self, SchemaState},
    transaction::{Connector, Pool},
};
use crate::domain::audit::chain::Source;

/// The oldest server this service runs on.
const SERVER_VERSION_MIN: u32 = 15;

/// A statement that runs longer holds up everybody behind the fence; an idle transaction even more so.
const SESSION_LIMITS: &str = "SET statement_timeout = '10s'; SET idle_in_transaction_session_timeout = '10s'";

/// So long the first answer of a database may take.
const FIRST_ANSWER_MAX: Duration = Duration::from_secs(10);

/// Why the database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The address cannot be read. It is not repeated, since it may hold a password.
    #[error("DATABASE_URL cannot be read; it should look like postgres://user:password@host:5432/database")]
    Address,
    /// Encryption was switched off for a server elsewhere.
    #[error(
        "DATABASE_URL says sslmode=disable for {0}, which is not this machine; leave sslmode out, TLS is then used"
    )]
    Unencrypted(String),
    /// This machine has no trusted certificates to verify the server with.
    #[error("the server at {host} cannot be verified: {cause}")]
    NoTrust {
        /// Where.
        host: String,
        /// What is missing.
        cause: String,
    },
    /// Nobody answers, or the answer is no.
    #[error("the database at {host} does not answer as it should: {cause}")]
    NoAnswer {
        /// Where.
        host: String,
        /// What happened.
        cause: String,
    },
    /// The server is too old.
    #[error("the database at {host} runs PostgreSQL {found}; version {SERVER_VERSION_MIN} or later is needed")]
    TooOld {
        /// Where.
        host: String,
        /// What it runs.
        found: String,
    },
    /// Migrations have not been applied.
    #[error("the database at {host} lacks {pending} migration(s) of this version; run `omm migrate` first")]
    NotMigrated {
        /// Where.
        host: String,
        /// How many.
        pending: usize,
    },
    /// A newer version of this service has been here.
    #[error("the database at {host} was migrated by a newer version of omm (it has {version}); use that version")]
    Newer {
        /// Where.
        host: String,
        /// The newest migration that this version does not know.
        version: String,
    },
    /// A migration failed; it was rolled back.
    #[error("a migration of the database at {host} failed and was rolled back: {cause}")]
    Migration {
        /// Where.
        host: String,
        /// What happened.
        cause: String,
    },
}

/// An address that was read and is safe to use.
#[derive(Clone)]
pub struct Address {
    config: Config,
    tls: Option<MakeRustlsConnect>,
    host: String,
}

impl Address {
    /// Reads `postgres://…`. TLS is always used and verified, except on this machine itself.
    pub fn parse(url: &str) -> Result<Self, ConnectError> {
        // The driver knows one word for TLS; here the server is always verified, so the stricter words mean the same.
        let url = url.replace("sslmode=verify-full", "sslmode=require").replace("sslmode=verify-ca", "sslmode=require");
        let mut config: Config = url.parse().map_err(|_| ConnectError::Address)?;
        let host = host_of(&config).ok_or(ConnectError::Address)?;
        config.application_name("omm").connect_timeout(super::CONNECT_MAX);
        if is_this_machine(&config) && config.get_ssl_mode() != SslMode::Require {
            config.ssl_mode(SslMode::Disable);
            return Ok(Self { config, tls: None, host });
        }
        if config.get_ssl_mode() == SslMode::Disable {
            return Err(ConnectError::Unencrypted(host));
        }
        config.ssl_mode(SslMode::Require);
        let tls =
            verified_tls().map_err(|error| ConnectError::NoTrust { host: host.clone(), cause: error.to_string() })?;
        Ok(Self { config, tls: Some(tls), host })
    }

    /// Host and port, for messages.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// One connection beside the pool, with the limits of every session.
    pub async fn connect(&self) -> ConnectionResult<AsyncPgConnection> {
        let mut connection = match &self.tls {
            None => {
                let (client, driver) = self.config.connect(NoTls).await.map_err(|error| bad_connection(&error))?;
                AsyncPgConnection::try_from_client_and_connection(client, driver).await?
            }
            Some(tls) => {
                let connected = self.config.connect(tls.clone()).await;
                let (client, driver) = connected.map_err(|error| bad_connection(&error))?;
                AsyncPgConnection::try_from_client_and_connection(client, driver).await?
            }
        };
        connection.batch_execute(SESSION_LIMITS).await.map_err(ConnectionError::CouldntSetupConfiguration)?;
        Ok(connection)
    }

    /// A first connection, to check the server.
    async fn first(&self) -> Result<AsyncPgConnection, ConnectError> {
        let answer = tokio::time::timeout(FIRST_ANSWER_MAX, self.connect()).await;
        let mut connection = answer
            .map_err(|_| self.no_answer("no answer in time"))?
            .map_err(|error| self.no_answer(&error.to_string()))?;
        let version: ServerVersion = diesel::sql_query(
            "SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS name",
        )
        .get_result(&mut connection)
        .await
        .map_err(|error| self.no_answer(&error.to_string()))?;
        if version.number < SERVER_VERSION_MIN.cast_signed() * 10_000 {
            return Err(ConnectError::TooOld { host: self.host.clone(), found: version.name });
        }
        Ok(connection)
    }

    fn no_answer(&self, cause: &str) -> ConnectError {
        ConnectError::NoAnswer { host: self.host.clone(), cause: cause.to_owned() }
    }
}

#[derive(diesel::QueryableByName)]
struct ServerVersion {
    #[diesel(sql_type = diesel::sql_types::Integer)]
    number: i32,
    #[diesel(sql_type = diesel::sql_types::Text)]
    name: String,
}

impl Store {
    /// Connects to a database that is migrated. `connections` bounds the pool of this instance.
    pub async fn connect(address: &Address, connections: usize, source: Source) -> Result<Self, ConnectError> {
        let mut first = address.first().await?;
        let host = address.host.clone();
        match migrations::state_of(&mut first).await.map_err(|error| address.no_answer(&error.to_string()))? {
            SchemaState::Current => {}
            SchemaState::Pending(pending) => return Err(ConnectError::NotMigrated { host, pending }),
            SchemaState::Newer(version) => return Err(ConnectError::Newer { host, version }),
        }
        drop(first);
        Ok(Self { pool: pool(address, connections)?, source, host })
    }

    /// Brings the schema of a database up to this version, one instance at a time, and says how many steps it took.
    pub async fn migrate(address: &Address) -> Result<usize, ConnectError> {
        let mut connection = address.first().await?;
        let host = address.host.clone();
        let state =
            migrations::state_of(&mut connection).await.map_err(|error| address.no_answer(&error.to_string()))?;
        match state {
            SchemaState::Current => Ok(0),
            SchemaState::Newer(version) => Err(ConnectError::Newer { host, version }),
            SchemaState::Pending(_) => {
                migrations::apply(connection).await.map_err(|cause| ConnectError::Migration { host, cause })
            }
        }
    }
}

fn pool(address: &Address, connections: usize) -> Result<Pool, ConnectError> {
    let (whole, address) = (address, address.clone());
    let mut config = ManagerConfig::default();
    config.recycling_method = RecyclingMethod::Fast;
    config.custom_setup = Box::new(move |_| {
        let address = address.clone();
        async move { address.connect().await }.boxed()
    });
    let manager = Connector::new_with_config("", config);
    Pool::builder(manager).max_size(connections).build().map_err(|error| whole.no_answer(&error.to_string()))
}

fn bad_connection(error: &tokio_postgres::Error) -> ConnectionError {
    let cause = error.as_db_error().map_or_else(|| with_sources(error), |told| told.message().to_owned());
    ConnectionError::BadConnection(cause)
}

/// The driver's errors name their cause only in the chain of sources.
fn with_sources(error: &dyn std::error::Error) -> String {
    std::iter::successors(Some(error), |error| error.source()).map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

fn verified_tls() -> Result<MakeRustlsConnect, rustls::Error> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_platform_verifier()?
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

/// The first host with its port, as a person would write it.
fn host_of(config: &Config) -> Option<String> {
    let port = config.get_ports().first().copied().unwrap_or(5432);
    match config.get_hosts().first() {
        Some(Host::Tcp(name)) => Some(format!("{name}:{port}")),
        Some(Host::Unix(folder)) => Some(folder.display().to_string()),
        None => config.get_hostaddrs().first().map(|address| format!("{address}:{port}")),
    }
}

/// True if every host of the address is this machine: then nothing is sent over a network.
fn is_this_machine(config: &Config) -> bool {
    let hosts = config.get_hosts().iter().all(|host| match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => name == "localhost" || name.parse().is_ok_and(|address: IpAddr| address.is_loopback()),
    });
    hosts && config.get_hostaddrs().iter().all(IpAddr::is_loopback)
}

#[cfg(test)]
mod tests {
    use super::{Address, ConnectError};

    #[test]
    fn on_this_machine_no_tls_is_needed() {
        for url in [
            "postgres://u@localhost/d",
            "postgres://u@127.0.0.1/d",
            "postgres://u@[::1]/d",
            "postgres://u@%2Frun%2Fpg/d",
        ] {
            assert!(Address::parse(url).unwrap().tls.is_none(), "{url}");
        }
    }

    #[test]
    fn elsewhere_tls_is_always_verified_and_cannot_be_switched_off() {
        for mode in ["", "?sslmode=prefer", "?sslmode=require", "?sslmode=verify-full"] {
            assert!(Address::parse(&format!("postgres://u@db.example/d{mode}")).unwrap().tls.is_some(), "{mode}");
        }
        for url in [
            "postgres://u:secret@db.example/d?sslmode=disable",
            "postgres://u@localhost/d?hostaddr=10.0.0.1&sslmode=disable",
        ] {
            assert!(matches!(Address::parse(url), Err(ConnectError::Unencrypted(_))), "{url}");
        }
    }

    #[test]
    fn a_message_never_repeats_the_password() {
        for url in ["postgres://u:secret@db.example/d?sslmode=disable", "postgres://u:secret@db:no/d", "secret"] {
            let error = Address::parse(url).err().unwrap();
            assert!(!format!("{error} {error:?}").contains("secret"), "{error}");
        }
    }
}
