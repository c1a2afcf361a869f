//! A private PostgreSQL cluster: made by the programs of this machine, kept under a data folder, reached through a Unix
//! socket, ended together with this process.
//!
//! Invariants: one service per data folder (a lock on a file says so); the server never runs as root; nobody but the owner
//! reaches the socket; a half-made cluster is never used; durable unless it is for tests.

mod account;
mod error;
mod guard;
mod leftover;
mod programs;

use std::{
    env,
    fs::{self, File, OpenOptions, Permissions, TryLockError},
    io::{self, Write},
    os::unix::{fs::PermissionsExt, net::UnixStream},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

pub use error::ClusterError;

use self::{
    account::{Account, command, first_closed},
    guard::Guarded,
    programs::Programs,
};
use crate::clock::Ids;

/// Whether a commit survives the loss of power.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// It does: for everything that is kept.
    Full,
    /// It does not, and everything is faster: for tests.
    None,
}

/// A path to a Unix socket must fit into 104 bytes on the strictest system; the file's name takes 16 of them.
const SOCKET_FOLDER_MAX: usize = 85;

/// So long a start may take: recovery after a crash reads the log of all recent writes.
const START_MAX: Duration = Duration::from_mins(2);

/// So long the lock of a service that has ended may live on: a program it was just starting holds a copy until it runs.
const LOCK_MAX: Duration = Duration::from_millis(500);

/// The database of the service in its cluster.
const DATABASE: &str = "omm";

/// The role that owns everything in it.
const OWNER: &str = "omm";

/// A running cluster. It ends when this value is dropped, and with the process in any case.
pub struct PrivateCluster {
    // Fields are dropped in this order: the server ends before the folder is free for another service.
    server: Guarded,
    folder: PathBuf,
    socket_folder: PathBuf,
    /// Folders that go with the cluster.
    short_lived: Vec<PathBuf>,
    lock: File,
}

impl PrivateCluster {
    /// Starts the cluster of a data folder; makes both if they are not there. Blocks for about a second the first time.
    pub fn start(folder: &Path, durability: Durability) -> Result<Self, ClusterError> {
        Self::start_in(folder, durability, false)
    }

    /// Starts a cluster in a new temporary folder, which is removed at its end, also after `kill -9`.
    pub fn start_temporary(durability: Durability) -> Result<Self, ClusterError> {
        let folder = env::temp_dir().join(format!("omm-{}", Ids::random().next_uuid().simple()));
        Self::start_in(&folder, durability, true).inspect_err(|_| {
            // It was made a moment ago and holds nothing; what is wrong is told by the error.
            drop(fs::remove_dir_all(&folder));
        })
    }

    /// The address of the service's database.
    pub fn url(&self) -> String {
        self.url_of(DATABASE)
    }

    /// The address of another database of this cluster.
    pub fn url_of(&self, database: &str) -> String {
        url_in(&self.socket_folder, database)
    }

    /// The data folder; a temporary one goes with the cluster, and with all that was put into it.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The address of the cluster that another process runs on this folder; `None` if none runs, or it is not for us.
    ///
    /// For a command that looks at the database of a running service: it shares the server, not the folder.
    pub fn url_of_running(folder: &Path) -> Option<String> {
        let file = fs::read_to_string(folder.join("postgres/data/postmaster.pid")).ok()?;
        // PostgreSQL writes the folder of its socket into the fifth line.
        let socket_folder = PathBuf::from(file.lines().nth(4)?);
        UnixStream::connect(socket_folder.join(".s.PGSQL.5432")).ok()?;
        Some(url_in(&socket_folder, DATABASE))
    }

    /// Number of the server's process.
    pub fn server_process(&self) -> Option<u32> {
        self.server.server().and_then(|pid| u32::try_from(pid.as_raw_nonzero().get()).ok())
    }

    /// True once the server has ended by itself, such as after `kill -9`.
    pub fn has_ended(&mut self) -> bool {
        self.server.ended().is_some()
    }

    /// Shuts the server down and waits for its end, as dropping does.
    pub fn stop(self) {
        drop(self);
    }

    fn start_in(folder: &Path, durability: Durability, temporary: bool) -> Result<Self, ClusterError> {
        let folder = make_folder(folder)?;
        let lock = lock(&folder)?;
        let home = Home::prepare(&folder, temporary)?;
        let programs = programs::find(home.made_with()?)?;
        leftover::end(&home.data())?;
        if !home.data().join("PG_VERSION").exists() {
            home.make_cluster(&programs, durability)?;
        }
        let (socket_folder, of_the_socket) = home.socket_folder()?;
        let mut server = home.start_server(&programs, durability, &socket_folder, temporary.then_some(&*folder))?;
        home.await_ready(&mut server, &socket_folder)?;
        let short_lived = of_the_socket.into_iter().chain(temporary.then(|| folder.clone())).collect();
        Ok(Self { server, folder, socket_folder, short_lived, lock })
    }
}

impl Drop for PrivateCluster {
    fn drop(&mut self) {
        self.server.stop();
        for folder in &self.short_lived {
            // The guard empties a temporary folder too, but its account may not be allowed to take the folder itself away.
            drop(fs::remove_dir_all(folder));
        }
        // Unlocked by word and not by closing, since a program that is just being started holds a copy of the file.
        drop(self.lock.unlock());
    }
}

/// The address of a database behind a socket.
fn url_in(socket_folder: &Path, database: &str) -> String {
    let folder: String = socket_folder.to_string_lossy().bytes().map(in_address).collect();
    format!("postgres://{OWNER}@{folder}/{database}")
}

/// A byte of a path as it stands in an address.
fn in_address(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

/// Makes the data folder if it is not there; a folder made here lets other accounts pass, but not look around.
fn make_folder(folder: &Path) -> Result<PathBuf, ClusterError> {
    let failed = |cause: io::Error| ClusterError::of(folder, &cause);
    if !folder.exists() {
        fs::create_dir_all(folder).map_err(failed)?;
        fs::set_permissions(folder, Permissions::from_mode(0o711)).map_err(failed)?;
    }
    folder.canonicalize().map_err(failed)
}

/// The lock that makes this service the only one on the folder; it ends with the process.
fn lock(folder: &Path) -> Result<File, ClusterError> {
    let failed = |cause: io::Error| ClusterError::of(folder, &cause);
    let opened = OpenOptions::new().create(true).truncate(false).write(true).open(folder.join("omm.lock"));
    let file = opened.map_err(failed)?;
    let began = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if began.elapsed() < LOCK_MAX => thread::sleep(Duration::from_millis(20)),
            Err(TryLockError::WouldBlock) => return Err(ClusterError::InUse { folder: folder.to_path_buf() }),
            Err(TryLockError::Error(cause)) => return Err(failed(cause)),
        }
    }
}

/// The part of the data folder that belongs to PostgreSQL's account.
struct Home {
    folder: PathBuf,
    account: Option<Account>,
}

impl Home {
    fn prepare(data_folder: &Path, temporary: bool) -> Result<Self, ClusterError> {
        let folder = data_folder.join("postgres");
        let failed = |cause: io::Error| ClusterError::of(data_folder, &cause);
        if !folder.exists() {
            fs::create_dir(&folder).map_err(failed)?;
        }
        fs::set_permissions(&folder, Permissions::from_mode(0o700)).map_err(failed)?;
        let account = Account::to_drop_to()?;
        if let Some(account) = account {
            account.own(&folder).map_err(failed)?;
            if temporary {
                account.own(data_folder).map_err(failed)?;
            }
            if let Some(closed) = first_closed(&folder, account) {
                return Err(ClusterError::Closed { folder: data_folder.to_path_buf(), closed });
            }
        }
        Ok(Self { folder, account })
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn log(&self) -> PathBuf {
        self.folder.join("log")
    }

    /// The version that made the cluster, if there is one.
    fn made_with(&self) -> Result<Option<u32>, ClusterError> {
        match fs::read_to_string(self.data().join("PG_VERSION")) {
            Ok(text) => Ok(text.trim().parse().ok()),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(cause) => Err(ClusterError::of(&self.folder, &cause)),
        }
    }

    /// Makes the cluster and its database under another name first, so that a broken-off attempt leaves nothing that is used.
    fn make_cluster(&self, programs: &Programs, durability: Durability) -> Result<(), ClusterError> {
        let failed = |cause: io::Error| ClusterError::of(&self.folder, &cause);
        let attempt = self.folder.join("data.attempt");
        if attempt.exists() {
            fs::remove_dir_all(&attempt).map_err(failed)?;
        }
        let mut initdb = command(&programs.folder.join("initdb"), self.account);
        initdb.arg("-D").arg(&attempt).args(["-U", OWNER, "-A", "trust", "-E", "UTF8", "--no-locale"]);
        if durability == Durability::None {
            initdb.arg("--no-sync");
        }
        self.run(initdb)?;
        let question = self.folder.join("create.sql");
        fs::write(&question, format!("CREATE DATABASE {DATABASE}\n")).map_err(failed)?;
        let mut single = command(&programs.folder.join("postgres"), self.account);
        single.args(["--single", "-D"]).arg(&attempt).arg("postgres");
        single.stdin(File::open(&question).map_err(failed)?);
        self.run(single)?;
        fs::remove_file(&question).map_err(failed)?;
        fs::rename(&attempt, self.data()).map_err(failed)?;
        File::open(&self.folder).and_then(|folder| folder.sync_all()).map_err(failed)
    }

    fn run(&self, mut program: Command) -> Result<(), ClusterError> {
        let output = program.stderr(Stdio::piped()).output().map_err(|cause| ClusterError::of(&self.folder, &cause))?;
        if output.status.success() {
            return Ok(());
        }
        Err(ClusterError::said(&self.folder, &String::from_utf8_lossy(&output.stderr)))
    }

    /// Where the socket goes: beside the data, or in a short-lived folder if that path is too long for a socket.
    fn socket_folder(&self) -> Result<(PathBuf, Option<PathBuf>), ClusterError> {
        if self.folder.as_os_str().len() <= SOCKET_FOLDER_MAX {
            return Ok((self.folder.clone(), None));
        }
        let folder = env::temp_dir().join(format!("omm-{}", Ids::random().next_uuid().simple()));
        let failed = |cause: io::Error| ClusterError::of(&folder, &cause);
        fs::create_dir(&folder).map_err(failed)?;
        fs::set_permissions(&folder, Permissions::from_mode(0o700)).map_err(failed)?;
        if let Some(account) = self.account {
            account.own(&folder).map_err(failed)?;
        }
        Ok((folder.clone(), Some(folder)))
    }

    fn start_server(
        &self,
        programs: &Programs,
        durability: Durability,
        socket_folder: &Path,
        remove: Option<&Path>,
    ) -> Result<Guarded, ClusterError> {
        let failed = |cause: io::Error| ClusterError::of(&self.folder, &cause);
        let mut server = Command::new(programs.folder.join("postgres"));
        server.arg("-D").arg(self.data()).arg("-k").arg(socket_folder);
        server.args(["-h", "", "-c", "max_connections=200", "-c", "unix_socket_permissions=0700"]);
        // The log names neither statements nor values: either can hold what somebody wrote about a person.
        server.args(["-c", "log_min_error_statement=panic", "-c", "log_error_verbosity=terse"]);
        server.args(["-c", "logging_collector=off", "-c", "log_checkpoints=off", "-c", "timezone=UTC"]);
        if durability == Durability::None {
            server.args(["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]);
        }
        if self.log().exists() {
            fs::rename(self.log(), self.folder.join("log.before")).map_err(failed)?;
        }
        let mut log = File::create(self.log()).map_err(failed)?;
        // On a full disk PostgreSQL could not even say why it does not start, so this finds out first.
        log.write_all(b"\n").map_err(failed)?;
        Guarded::start(&server, self.account, log, remove).map_err(failed)
    }

    /// Waits until the server takes connections.
    fn await_ready(&self, server: &mut Guarded, socket_folder: &Path) -> Result<(), ClusterError> {
        let began = Instant::now();
        let wanted = server.server().map(|pid| pid.as_raw_nonzero().get().to_string());
        loop {
            let file = fs::read_to_string(self.data().join("postmaster.pid")).unwrap_or_default();
            let is_its_own = file.lines().next().map(str::to_owned) == wanted;
            let is_ready = file.lines().next_back().is_some_and(|line| line.trim() == "ready");
            if is_its_own && is_ready && UnixStream::connect(socket_folder.join(".s.PGSQL.5432")).is_ok() {
                return Ok(());
            }
            if server.ended().is_some() || began.elapsed() > START_MAX {
                let said = fs::read_to_string(self.log()).unwrap_or_default();
                return Err(ClusterError::said(&self.folder, &said));
            }
            thread::sleep(Duration::from_millis(5));
        }
    }
}
