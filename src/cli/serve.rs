//! `omm serve`: where everything meets.
//!
//! It ends in order: the server first, so that calls under way are answered; then the connections; then the cluster.

use std::{io::IsTerminal, time::Duration};

use futures_util::future::join_all;
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
    api::{
        Gate,
        token::{TrustedIssuer, key_source::KeySource},
    },
    clock::{Clock, Ids},
    config::{DatabaseSetting, IssuerSettings, ServeFlags, ServeSettings, SettingFault, Settings},
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
    let settings = Settings::of_process(asked.config.as_deref());
    let filter = settings.log().to_owned();
    let flags = ServeFlags {
        data: asked.data,
        listen: asked.listen,
        public_url: asked.public_url,
        connections: asked.connections,
    };
    let settings = settings.serve(flags).map_err(database::settings)?;
    let (clock, ids) = (Clock::system(), Ids::random());
    log(&filter)?;
    let mut stop = StopSignals::listen()?;
    let issuers = trusted(terminal, &settings, &clock).await?;
    let listener = server::listen(&settings.listen.to_string())?;
    let address = listener.local_addr().map_err(Trouble::unavailable)?;
    let public_url = settings.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
    let mut open = open(&settings).await?;
    let gate = Gate::new(issuers, clock.clone(), ids.clone(), &public_url).map_err(Trouble::broken)?;
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

/// The issuers whose tokens are believed. Keys in a file must be there; an issuer on the network that does not answer
/// yet keeps nobody from starting: until it does, its people are told to come back later.
async fn trusted(
    terminal: &mut Terminal,
    settings: &ServeSettings,
    clock: &Clock,
) -> Result<Vec<TrustedIssuer>, Trouble> {
    let trusted = |one: &IssuerSettings| {
        TrustedIssuer::publishing(&one.issuer, &settings.audience, one.keys.clone(), &one.algorithms, clock)
            .with_claims(&one.role_claim, &one.organisation_claim)
            .with_life_max(one.life_max)
    };
    let issuers: Vec<_> = settings.issuers.iter().map(trusted).collect();
    let loaded = join_all(issuers.iter().map(TrustedIssuer::load_keys)).await;
    let mut faults = Vec::new();
    for (one, loaded) in settings.issuers.iter().zip(loaded) {
        match (&one.keys, loaded) {
            (_, Ok(())) => {}
            (KeySource::File(path), Err(fault)) => {
                let message = format!("{}: {fault}", path.display());
                faults.push(SettingFault { name: one.keys_stated_by.clone(), message });
            }
            (KeySource::Address(_), Err(fault)) => {
                terminal.note(format_args!("the keys of {} cannot be had yet: {fault}", one.issuer));
            }
        }
    }
    if faults.is_empty() { Ok(issuers) } else { Err(database::settings(faults)) }
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
