//! `omm serve`: where everything meets.
//!
//! It ends in order: the server first, so that calls under way are answered; then the connections; then the cluster.

use std::{fs, io::IsTerminal, time::Duration};

use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing_subscriber::EnvFilter;

use super::{
    arguments::Serve,
    database::{self, OpenDatabase, Stop},
    desk,
    ending::{Ending, Trouble},
    server::{self, Running},
    terminal::Terminal,
};
use crate::{
    api::{Gate, token::TrustedIssuer},
    clock::{Clock, Ids},
    config::{DatabaseSetting, Environment, IssuerSettings, ServeFlags, ServeSettings},
    store::{
        self, Store, StoreError,
        connection::Address,
        private_cluster::{ClusterError, PrivateCluster},
    },
};

/// How often it is looked whether the cluster still runs.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Serves until it is told to stop.
pub(super) async fn serve(terminal: &mut Terminal, asked: Serve) -> Result<Ending, Trouble> {
    let environment = Environment::of_process();
    let flags = ServeFlags {
        data: asked.data,
        listen: asked.listen,
        public_url: asked.public_url,
        connections: asked.connections,
    };
    let settings = environment.serve(flags).map_err(database::settings)?;
    let issuer = trusted(&settings.issuer)?;
    log(environment.log())?;
    let mut stop = StopSignals::listen()?;
    let listener = server::listen(&settings.listen.to_string())?;
    let address = listener.local_addr().map_err(Trouble::unavailable)?;
    let public_url = settings.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
    let mut open = open(&settings).await?;
    let (clock, ids) = (Clock::system(), Ids::random());
    let gate = Gate::new(vec![issuer], clock.clone(), ids.clone(), &public_url).map_err(Trouble::broken)?;
    hint(terminal, &open.store).await?;
    let desk = desk::on(open.store.clone(), clock, ids);
    let mut running = server::start(listener, desk, gate).map_err(Trouble::unavailable)?;
    terminal.note(format_args!("serving on http://{address}; documentation at {public_url}/docs"));
    let outcome = stop.wait(&mut running, open.cluster.as_mut()).await;
    running.stop().await;
    let OpenDatabase { store, cluster } = open;
    drop(store);
    if let Some(cluster) = cluster {
        // Waits for PostgreSQL, and needs nothing of this runtime.
        drop(tokio::task::spawn_blocking(|| cluster.stop()).await);
    }
    terminal.note("stopped");
    outcome
}

/// Reads the keys of the issuer whose tokens are believed.
fn trusted(settings: &IssuerSettings) -> Result<TrustedIssuer, Trouble> {
    let path = &settings.jwks_file;
    let keys = fs::read_to_string(path)
        .map_err(|error| Trouble::usage(format!("OMM_JWKS_FILE: {} cannot be read: {error}", path.display())))?;
    let issuer = TrustedIssuer::new(&settings.issuer, &settings.audience, &keys)
        .map_err(|fault| Trouble::usage(format!("OMM_JWKS_FILE: {}: {fault}", path.display())))?;
    Ok(issuer.with_claims(&settings.role_claim, &settings.organisation_claim))
}

/// Log lines go to stderr; they hold nothing personal.
pub(super) fn log(filter: &str) -> Result<(), Trouble> {
    let filter = EnvFilter::try_new(filter).map_err(|fault| Trouble::usage(format!("OMM_LOG: {fault}")))?;
    let ansi = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(ansi)
        .try_init()
        .map_err(Trouble::broken)
}

async fn open(settings: &ServeSettings) -> Result<OpenDatabase, Trouble> {
    match &settings.database {
        DatabaseSetting::Server(url) => {
            let store = Store::connect(&Address::parse(url)?, settings.connections, database::source()).await?;
            Ok(OpenDatabase { store, cluster: None })
        }
        DatabaseSetting::Private(folder) => {
            database::start_private(folder, settings.connections).await.map_err(|stop| match stop {
                // A command may work beside a running service; a second service may not.
                Stop::InUse(_) => ClusterError::InUse { folder: folder.clone() }.into(),
                Stop::Trouble(trouble) => trouble,
            })
        }
    }
}

/// What is still missing before anybody can be placed.
async fn hint(terminal: &mut Terminal, store: &Store) -> Result<(), StoreError> {
    let now = Clock::system().now();
    let (policy, catalogue) = store
        .read(async |tx| {
            Ok::<_, StoreError>((store::policy::active(tx, now).await?, store::catalogue::load(tx).await?))
        })
        .await?;
    if catalogue.locations.is_empty() {
        terminal.note("the catalogue is empty: `omm catalogue import --shipped` takes the one that ships with omm");
    }
    if policy.is_none() {
        terminal
            .note("no policy is in force, so nothing can be matched: `omm policy adopt --shipped` adopts the first");
    }
    Ok(())
}

/// SIGTERM and Ctrl-C, waited for from the very start: one that comes early is not lost.
pub(super) struct StopSignals {
    terminate: Signal,
    interrupt: Signal,
}

impl StopSignals {
    /// From now on the two no longer end the process at once.
    pub(super) fn listen() -> Result<Self, Trouble> {
        let terminate = signal(SignalKind::terminate()).map_err(Trouble::broken)?;
        let interrupt = signal(SignalKind::interrupt()).map_err(Trouble::broken)?;
        Ok(Self { terminate, interrupt })
    }

    /// Waits for one of them, or for something that makes going on pointless.
    pub(super) async fn wait(
        &mut self,
        running: &mut Running,
        mut cluster: Option<&mut PrivateCluster>,
    ) -> Result<Ending, Trouble> {
        loop {
            tokio::select! {
                _ = self.terminate.recv() => return Ok(Ending::Done),
                _ = self.interrupt.recv() => return Ok(Ending::Done),
                ended = running.ended() => {
                    return Err(match ended {
                        Ok(()) => Trouble::broken("the server ended by itself"),
                        Err(error) => Trouble::unavailable(format!("the server broke off: {error}")),
                    });
                }
                () = tokio::time::sleep(LOOK_EVERY) => {
                    if cluster.as_mut().is_some_and(|cluster| cluster.has_ended()) {
                        return Err(Trouble::unavailable(
                            "the database ended by itself; what was answered is kept, start the service again",
                        ));
                    }
                }
            }
        }
    }
}
