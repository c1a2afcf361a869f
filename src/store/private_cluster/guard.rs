//! The guard: a shell of three lines between this process and PostgreSQL.
//!
//! It holds the reading end of a pipe whose writing end only this process has. When this process ends, in whatever way, the
//! pipe closes and the guard shuts the server down; `kill -9` leaves no orphan. It needs no unsafe code, and unlike the death
//! signal of Linux it does not depend on the thread that started it.

use std::{
    fs::File,
    io::{self, BufRead, BufReader},
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, ChildStdin, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process, test_kill_process};

use super::account::{Account, command};

/// $1 is a folder to remove at the end, or empty; the rest is the server. SIGINT asks it for a fast shutdown. It is repeated,
/// since the server ignores it for a moment while it starts.
const SCRIPT: &str = r#"
trap '' HUP INT TERM
remove=$1; shift
exec 3<&0
"$@" </dev/null >&2 3<&- & server=$!
echo $server
exec >/dev/null
( read -r never <&3; while kill -INT $server 2>/dev/null; do sleep 1; done ) & watch=$!
exec 3<&-
wait $server; ended=$?
kill -9 $watch 2>/dev/null
[ -z "$remove" ] || rm -rf "$remove"
exit $ended
"#;

/// So long a server may take to shut down in order before it is stopped at once (it then recovers at the next start).
const SHUTDOWN_MAX: Duration = Duration::from_mins(1);

/// How often a running end is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// A server and its guard.
pub(super) struct Guarded {
    guard: Child,
    /// Its closing tells the guard to shut the server down.
    pipe: Option<ChildStdin>,
    server: Option<Pid>,
}

impl Guarded {
    /// Starts a server under a guard; what it says goes to `log`.
    pub(super) fn start(
        server: &Command,
        account: Option<Account>,
        log: File,
        remove: Option<&Path>,
    ) -> io::Result<Self> {
        let mut shell = command(Path::new("/bin/sh"), account);
        shell.args(["-c", SCRIPT, "omm-guard"]).arg(remove.unwrap_or(Path::new("")));
        shell.arg(server.get_program()).args(server.get_args());
        // A group of its own: Ctrl-C in a terminal is meant for the service, which then stops the server in order.
        shell.process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(log);
        let mut guard = shell.spawn()?;
        let pipe = guard.stdin.take();
        let mut guarded = Self { guard, pipe, server: None };
        let mut line = String::new();
        if let Some(said) = guarded.guard.stdout.take() {
            BufReader::new(said).read_line(&mut line)?;
        }
        guarded.server = line.trim().parse().ok().and_then(Pid::from_raw);
        guarded.server.is_some().then_some(guarded).ok_or_else(|| io::Error::other("the guard did not start"))
    }

    /// Number of the server's process.
    pub(super) fn server(&self) -> Option<Pid> {
        self.server
    }

    /// How the server ended, if it has.
    pub(super) fn ended(&mut self) -> Option<ExitStatus> {
        self.guard.try_wait().ok().flatten()
    }

    /// Shuts the server down and waits for its end.
    pub(super) fn stop(&mut self) {
        drop(self.pipe.take());
        let began = Instant::now();
        while self.ended().is_none() {
            if began.elapsed() > SHUTDOWN_MAX
                && let Some(server) = self.server.take()
            {
                // If this fails the server has ended by itself, which is all that is wanted.
                kill_process(server, Signal::QUIT).unwrap_or_default();
            }
            thread::sleep(LOOK_EVERY);
        }
        // Usually the guard has seen its end. If somebody has killed the guard, its watch ends the server all the same.
        while began.elapsed() < SHUTDOWN_MAX && self.server.is_some_and(|server| test_kill_process(server).is_ok()) {
            thread::sleep(LOOK_EVERY);
        }
        self.server = None;
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        self.stop();
    }
}
