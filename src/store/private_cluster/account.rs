//! The account PostgreSQL runs under. It refuses to run as root; then it runs as `postgres`, or as `nobody`.

use std::{
    fs, io,
    os::unix::{fs::chown, process::CommandExt},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::ClusterError;

/// Another account than that of this process.
#[derive(Clone, Copy, Debug)]
pub(super) struct Account {
    user: u32,
    group: u32,
}

/// The accounts that are tried, in this order.
const NAMES: [&str; 2] = ["postgres", "nobody"];

impl Account {
    /// The account to drop to; `None` if this process is not root and PostgreSQL can run as it is.
    pub(super) fn to_drop_to() -> Result<Option<Self>, ClusterError> {
        if !rustix::process::geteuid().is_root() {
            return Ok(None);
        }
        let accounts = fs::read_to_string("/etc/passwd").unwrap_or_default();
        NAMES.iter().find_map(|name| find(&accounts, name)).map(Some).ok_or(ClusterError::OnlyRoot)
    }

    pub(super) fn own(self, path: &Path) -> io::Result<()> {
        chown(path, Some(self.user), Some(self.group))
    }
}

fn find(accounts: &str, name: &str) -> Option<Account> {
    let line = accounts.lines().find(|line| line.split(':').next() == Some(name))?;
    let mut fields = line.split(':').skip(2);
    Some(Account { user: fields.next()?.parse().ok()?, group: fields.next()?.parse().ok()? })
}

/// A program run under the account, with nothing of this process's environment.
pub(super) fn command(program: &Path, account: Option<Account>) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("LC_ALL", "C").env("TZ", "UTC").env("PATH", "/usr/bin:/bin").current_dir("/");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    if let Some(account) = account {
        command.uid(account.user).gid(account.group);
    }
    command
}

/// The first folder on the way to `path` that the account may not pass.
pub(super) fn first_closed(path: &Path, account: Account) -> Option<PathBuf> {
    let mut way: Vec<&Path> = path.ancestors().filter(|step| step.is_dir()).collect();
    way.reverse();
    let mut shell = command(Path::new("/bin/sh"), Some(account));
    shell.args(["-c", r#"for step; do [ -x "$step" ] || { printf %s "$step"; exit 1; }; done"#, "sh"]).args(way);
    let said = shell.stdout(Stdio::piped()).output().ok()?;
    (!said.status.success()).then(|| PathBuf::from(String::from_utf8_lossy(&said.stdout).into_owned()))
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn an_account_is_found_by_its_whole_name() {
        let accounts = "root:x:0:0::/root:/bin/sh\npostgres2:x:5:5::/:\npostgres:x:104:107::/:/bin/sh\nbroken:x:a\n";
        let found = find(accounts, "postgres").unwrap();
        assert_eq!((found.user, found.group), (104, 107));
        assert!(find(accounts, "nobody").is_none());
        assert!(find(accounts, "broken").is_none());
    }
}
