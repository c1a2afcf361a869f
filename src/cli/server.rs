//! The HTTP server on a desk: what `serve` and `demo` have in common.

use std::{io, net::TcpListener};

use actix_web::{App, HttpServer, dev::ServerHandle, web::Data};
use tokio::task::JoinHandle;

use super::ending::Trouble;
use crate::{
    api::{self, Gate},
    app::Desk,
};

/// Calls under way get so long to be answered when the server stops.
const SHUTDOWN_SECONDS_MAX: u64 = 10;

/// A server that runs.
pub(super) struct Running {
    handle: ServerHandle,
    task: JoinHandle<io::Result<()>>,
}

/// Takes an address, before anything else is started: one that is taken is told at once.
pub(super) fn listen(address: &str) -> Result<TcpListener, Trouble> {
    TcpListener::bind(address).map_err(|error| {
        Trouble::unavailable(format!("cannot listen on {address}: {error}; name another with --listen"))
    })
}

/// Serves the API of a desk.
pub(super) fn start(listener: TcpListener, desk: Desk, gate: Gate) -> io::Result<Running> {
    let (desk, gate) = (Data::new(desk), Data::new(gate));
    let make = move || App::new().app_data(gate.clone()).app_data(desk.clone()).configure(api::routes);
    let server = HttpServer::new(make).disable_signals().shutdown_timeout(SHUTDOWN_SECONDS_MAX).listen(listener)?.run();
    let handle = server.handle();
    Ok(Running { handle, task: tokio::spawn(server) })
}

impl Running {
    /// Waits until it ends by itself, which it does only if something is wrong.
    pub(super) async fn ended(&mut self) -> io::Result<()> {
        (&mut self.task).await.unwrap_or_else(|error| Err(io::Error::other(error)))
    }

    /// Answers what is under way, then ends.
    pub(super) async fn stop(self) {
        self.handle.stop(true).await;
        // It has been told to stop: how it ended is of no interest any more.
        drop(self.task.await);
    }
}
