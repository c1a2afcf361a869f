//! Finding PostgreSQL's server programs on this machine.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::ClusterError;

/// The oldest version whose programs are used.
const VERSION_MIN: u32 = 15;

/// Folders that hold one folder per version, as Debian, Homebrew and Red Hat lay them out.
const VERSION_FOLDERS: [&str; 4] = ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt", "/usr"];

/// Folders of distributions that keep one version among all other programs.
const SINGLE_FOLDERS: [&str; 3] = ["/usr/bin", "/usr/local/bin", "/usr/local/pgsql/bin"];

/// The server programs of one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Programs {
    pub folder: PathBuf,
    pub version: u32,
}

/// The programs to use: `$PG_BIN` if it is set, else the newest; `made_with` asks for the version a cluster was made with.
pub(super) fn find(made_with: Option<u32>) -> Result<Programs, ClusterError> {
    let found = match env::var_os("PG_BIN") {
        Some(named) => {
            let folder = PathBuf::from(named);
            vec![programs_in(&folder).ok_or(ClusterError::NotThere { folder })?]
        }
        None => on_this_machine(),
    };
    choose(found, made_with)
}

fn choose(mut found: Vec<Programs>, made_with: Option<u32>) -> Result<Programs, ClusterError> {
    found.sort_by_key(|programs| std::cmp::Reverse(programs.version));
    let newest = found.first().cloned().ok_or(ClusterError::NoPrograms)?;
    if newest.version < VERSION_MIN {
        return Err(ClusterError::TooOld { folder: newest.folder, found: newest.version, needed: VERSION_MIN });
    }
    match made_with {
        None => Ok(newest),
        Some(wanted) => found
            .into_iter()
            .find(|programs| programs.version == wanted)
            .ok_or(ClusterError::OtherVersion { made_with: wanted, found: newest.version }),
    }
}

fn on_this_machine() -> Vec<Programs> {
    let path = env::var_os("PATH").unwrap_or_default();
    let versions = VERSION_FOLDERS.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten();
    let versions = versions
        .filter(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            name.starts_with("postgresql") || name.starts_with("pgsql") || name.parse::<f32>().is_ok()
        })
        .map(|entry| entry.path().join("bin"));
    let mut folders: Vec<PathBuf> =
        env::split_paths(&path).chain(versions).chain(SINGLE_FOLDERS.map(PathBuf::from)).collect();
    folders.sort();
    folders.dedup();
    let mut found: Vec<Programs> = folders.iter().filter_map(|folder| programs_in(folder)).collect();
    found.sort_by(|a, b| a.folder.cmp(&b.folder));
    found.dedup();
    found
}

/// The programs a folder holds. A link is followed, so that a folder of links leads to the folder of one version.
fn programs_in(folder: &Path) -> Option<Programs> {
    let initdb = fs::canonicalize(folder.join("initdb")).ok()?;
    let folder = initdb.parent()?.to_path_buf();
    let said = Command::new(folder.join("postgres")).arg("--version").env_clear().output().ok()?;
    let version = version_in(&String::from_utf8_lossy(&said.stdout))?;
    Some(Programs { folder, version })
}

/// The major version in `postgres (PostgreSQL) 15.18 (Debian …)`.
fn version_in(said: &str) -> Option<u32> {
    let number = said.split_once("(PostgreSQL)")?.1.trim_start();
    number.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{Programs, choose, version_in};
    use crate::store::private_cluster::ClusterError;

    fn of(version: u32) -> Programs {
        Programs { folder: format!("/pg/{version}/bin").into(), version }
    }

    #[test]
    fn the_version_is_read_from_what_the_server_says() {
        assert_eq!(version_in("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), Some(15));
        assert_eq!(version_in("postgres (PostgreSQL) 18beta1"), Some(18));
        assert_eq!(version_in("postgres (EnterpriseDB) x"), None);
    }

    #[test]
    fn the_newest_is_used_unless_the_cluster_was_made_with_another() {
        assert_eq!(choose(vec![of(15), of(17), of(16)], None).unwrap(), of(17));
        assert_eq!(choose(vec![of(15), of(17), of(16)], Some(16)).unwrap(), of(16));
    }

    #[test]
    fn none_an_old_one_and_another_version_are_told_apart() {
        assert!(matches!(choose(vec![], None), Err(ClusterError::NoPrograms)));
        assert!(matches!(choose(vec![of(14)], None), Err(ClusterError::TooOld { found: 14, needed: 15, .. })));
        assert!(matches!(choose(vec![of(17)], Some(15)), Err(ClusterError::OtherVersion { made_with: 15, found: 17 })));
    }
}
