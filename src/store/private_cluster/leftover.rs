//! What an earlier run may have left in a data folder: a server that is still shutting down, or the file it kept its number in.

use std::{
    fs,
    path::Path,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process, test_kill_process};

use super::ClusterError;

/// So long a server of an earlier run may take to shut down in order, before it is stopped at once.
const PATIENCE: Duration = Duration::from_secs(20);

/// So long it may take after that.
const GIVE_UP: Duration = Duration::from_secs(40);

/// Ends a server that still runs on this data, and takes away a file that names a process which is no server.
///
/// Only called with the lock of the folder held: whoever started that server is gone.
pub(super) fn end(data: &Path) -> Result<(), ClusterError> {
    let file = data.join("postmaster.pid");
    let Some(server) = named_in(&file) else { return Ok(()) };
    if !is_alive(server) {
        // PostgreSQL itself checks a stale file, and also that no child of the dead server is left.
        return Ok(());
    }
    if !is_server_of(server, data) {
        // Another program has got that number since; PostgreSQL would take it for its own and refuse to start.
        return fs::remove_file(&file).map_err(|cause| ClusterError::of(data, &cause));
    }
    let began = Instant::now();
    let mut signal = Some(Signal::INT);
    while is_alive(server) && is_server_of(server, data) {
        if let Some(signal) = signal.take() {
            // If it fails the server has just ended.
            kill_process(server, signal).unwrap_or_default();
        }
        match began.elapsed() {
            waited if waited > GIVE_UP => return Err(ClusterError::StillRunning { folder: data.to_path_buf() }),
            waited if waited > PATIENCE => signal = Some(Signal::QUIT),
            _ => {}
        }
        thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

fn named_in(file: &Path) -> Option<Pid> {
    let text = fs::read_to_string(file).ok()?;
    text.lines().next()?.trim().parse().ok().and_then(Pid::from_raw)
}

fn is_alive(process: Pid) -> bool {
    // EPERM also means that there is one.
    !matches!(test_kill_process(process), Err(rustix::io::Errno::SRCH))
}

/// True if the process was started on this data folder.
fn is_server_of(process: Pid, data: &Path) -> bool {
    let number = process.as_raw_nonzero().get();
    let data = data.to_string_lossy().into_owned();
    let arguments = match fs::read(format!("/proc/{number}/cmdline")) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).replace('\0', " "),
        Err(_) => match Command::new("ps").args(["-o", "command=", "-p", &number.to_string()]).output() {
            Ok(said) => String::from_utf8_lossy(&said.stdout).into_owned(),
            Err(_) => return false,
        },
    };
    arguments.contains(&data)
}
