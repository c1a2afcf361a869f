//! The HTTP server on a desk: what `serve` and `demo` have in common.

use std::{
    io,
    net::{SocketAddr, TcpListener},
};

use actix_web::{App, HttpServer, dev::ServerHandle, web::Data};
use tokio::task::JoinHandle;

use super::ending::Trouble;
use crate::{
    api::{
        self, Gate,
        health::{self, Stopping},
    },
    app::Desk,
};

/// Calls under way get so long to be answered when the server stops.
const SHUTDOWN_SECONDS_MAX: u64 = 30;

/// A server that runs, and beside it the one that tells how it is.
pub(super) struct Running {
    handle: ServerHandle,
    task: JoinHandle<io::Result<()>>,
    stopping: Stopping,
    health: ServerHandle,
}

/// Takes an address, before anything else is started: one that is taken is told at once.
pub(super) fn listen(address: &str) -> Result<TcpListener, Trouble> {
    TcpListener::bind(address).map_err(|error| {
        Trouble::unavailable(format!("cannot listen on {address}: {error}; name another with --listen"))
    })
}

/// The address of health, where none was named: this machine only, the port after that of the API.
pub(super) fn management_beside(listen: SocketAddr) -> SocketAddr {
    let port = if listen.port() == 0 { 0 } else { listen.port().checked_add(1).unwrap_or(0) };
    SocketAddr::from(([127, 0, 0, 1], port))
}

/// Takes the address of health.
pub(super) fn listen_for_health(address: SocketAddr) -> Result<TcpListener, Trouble> {
    TcpListener::bind(address).map_err(|error| {
        Trouble::unavailable(format!("cannot listen on {address} for health: {error}; name another with --management"))
    })
}

/// Serves the API of a desk, and its health on the second listener.
pub(super) fn start(listener: TcpListener, management: TcpListener, desk: Desk, gate: Gate) -> io::Result<Running> {
    let (desk, gate) = (Data::new(desk), Data::new(gate));
    let stopping = Stopping::default();
    let (shared, flag) = (desk.clone(), Data::new(stopping.clone()));
    let make = move || App::new().app_data(shared.clone()).app_data(flag.clone()).configure(health::routes);
    let beside = HttpServer::new(make).workers(1).disable_signals().shutdown_timeout(1).listen(management)?.run();
    let health = beside.handle();
    tokio::spawn(beside);
    let make = move || App::new().app_data(gate.clone()).app_data(desk.clone()).configure(api::routes);
    let server = HttpServer::new(make).disable_signals().shutdown_timeout(SHUTDOWN_SECONDS_MAX).listen(listener)?.run();
    let handle = server.handle();
    Ok(Running { handle, task: tokio::spawn(server), stopping, health })
}

impl Running {
    /// Waits until it ends by itself, which it does only if something is wrong.
    pub(super) async fn ended(&mut self) -> io::Result<()> {
        (&mut self.task).await.unwrap_or_else(|error| Err(io::Error::other(error)))
    }

    /// Says at once that it is not ready any more, answers what is under way, then ends.
    pub(super) async fn stop(self) {
        self.stopping.begin();
        self.handle.stop(true).await;
        // It has been told to stop: how it ended is of no interest any more.
        drop(self.task.await);
        self.health.stop(false).await;
    }
}
