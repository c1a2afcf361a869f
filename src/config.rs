//! Settings from flags, environment and a file, read once at the start: every fault is told at once, each with the name
//! of the setting and where it was stated.
//!
//! A flag wins over its variable, a variable over the file. Invariant: a message never repeats a value that may be
//! secret (`database_url`).

mod file;
mod issuers;

use std::{
    collections::BTreeMap,
    net::{SocketAddr, ToSocketAddrs},
    path::{Path, PathBuf},
};

use self::issuers::IssuerValues;
pub use self::issuers::{ISSUER_SETTINGS, IssuerSettings};

/// Where data lies unless it is said otherwise.
pub const DATA_FOLDER_DEFAULT: &str = "./omm-data";
/// The address unless it is said otherwise: this machine only, so that nothing is open to others by accident.
pub const LISTEN_DEFAULT: &str = "127.0.0.1:8080";
/// Connections of one instance unless it is said otherwise: writes stand in one line, so few are busy at a time.
pub const CONNECTIONS_DEFAULT: usize = 16;
/// More than a server with default settings gives to all together.
pub const CONNECTIONS_MAX: usize = 90;
/// The settings file, if it is there and no other is named.
pub const CONFIG_FILE_DEFAULT: &str = "./omm.toml";
/// Names another settings file (`--config`).
const CONFIG_VARIABLE: &str = "OMM_CONFIG";

/// A setting: how the file and the environment call it, and what it is for.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Its name in the file.
    pub name: &'static str,
    /// Its variable.
    pub variable: &'static str,
    /// How the file writes its value.
    pub form: Form,
    /// What it is for.
    pub purpose: &'static str,
}

/// How the file writes a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `"a text"`
    Text,
    /// `16`
    Number,
    /// `["one", "two"]`; a variable separates them by commas.
    List,
}

const fn setting(name: &'static str, variable: &'static str, form: Form, purpose: &'static str) -> Setting {
    Setting { name, variable, form, purpose }
}

/// Every setting but those of an issuer. Another variable that begins with `OMM_`, or another name in the file, is refused.
pub const SETTINGS: [Setting; 7] = [
    setting("database_url", "DATABASE_URL", Form::Text, "database on a server: postgres://user:password@host/database"),
    setting("data", "OMM_DATA", Form::Text, "data folder of the service's own database (--data)"),
    setting("listen", "OMM_LISTEN", Form::Text, "address to listen on (--listen)"),
    setting("public_url", "OMM_PUBLIC_URL", Form::Text, "address under which callers reach the service (--public-url)"),
    setting("connections", "OMM_CONNECTIONS", Form::Number, "connections to the database (--connections)"),
    setting("audience", "OMM_AUDIENCE", Form::Text, "name of this service in access tokens, as their `aud` says"),
    setting("log", "OMM_LOG", Form::Text, "what is logged, such as `info` or `omm=debug`"),
];

/// One setting that is missing or cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name}: {message}")]
pub struct SettingFault {
    /// The flag, the variable, or the place in the file.
    pub name: String,
    /// What is wrong, and what to do.
    pub message: String,
}

impl SettingFault {
    fn new(name: impl Into<String>, message: impl Into<String>) -> Self {
        Self { name: name.into(), message: message.into() }
    }
}

/// A value, and where it was stated: `--listen`, `OMM_LISTEN` or `omm.toml, line 3, listen`.
#[derive(Clone, Debug)]
struct Stated {
    by: String,
    text: String,
}

/// Values by the name of their setting.
type Values = BTreeMap<&'static str, Stated>;

/// What environment and file say.
#[derive(Clone, Debug)]
pub struct Settings {
    values: Values,
    issuers: Vec<IssuerValues>,
    faults: Vec<SettingFault>,
}

/// Which database, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabaseSetting {
    /// A server that somebody else runs: `DATABASE_URL`.
    Server(String),
    /// The service's own, under this folder.
    Private(PathBuf),
}

/// What `serve` needs to know.
#[derive(Clone, Debug)]
pub struct ServeSettings {
    /// Which database.
    pub database: DatabaseSetting,
    /// Address to listen on.
    pub listen: SocketAddr,
    /// Address under which callers reach the service; `None` is the one it listens on.
    pub public_url: Option<String>,
    /// Connections to the database.
    pub connections: usize,
    /// The name of this service in access tokens.
    pub audience: String,
    /// Whose tokens are believed; at least one.
    pub issuers: Vec<IssuerSettings>,
}

/// What was given as flags of `serve`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServeFlags {
    /// `--data`
    pub data: Option<PathBuf>,
    /// `--listen`
    pub listen: Option<String>,
    /// `--public-url`
    pub public_url: Option<String>,
    /// `--connections`
    pub connections: Option<String>,
}

/// Every variable of this program.
pub fn variables() -> impl Iterator<Item = &'static str> {
    let settings = SETTINGS.iter().chain(&ISSUER_SETTINGS).map(|setting| setting.variable);
    settings.chain([CONFIG_VARIABLE])
}

impl Settings {
    /// Those of this process; `config` is the file that a flag named. A variable that is no text counts as one with an
    /// impossible value.
    pub fn of_process(config: Option<&Path>) -> Self {
        let text = |value: std::ffi::OsString| value.into_string().unwrap_or_else(|_| "\u{fffd}".to_owned());
        let variables = std::env::vars_os().map(|(name, value)| (name.to_string_lossy().into_owned(), text(value)));
        Self::of(variables, config)
    }

    /// Those of an environment. A variable that is set to nothing counts as not set.
    pub fn of(variables: impl IntoIterator<Item = (String, String)>, config: Option<&Path>) -> Self {
        let ours = |name: &str| name == "DATABASE_URL" || name.starts_with("OMM_");
        let environment: BTreeMap<String, String> =
            variables.into_iter().filter(|(name, value)| ours(name) && !value.is_empty()).collect();
        let mut faults = unknown(&environment);
        let (mut values, mut issuers) = file::of(config, environment.get(CONFIG_VARIABLE), &mut faults);
        values.extend(of_environment(&environment, &SETTINGS));
        let issuer = of_environment(&environment, &ISSUER_SETTINGS);
        if !issuer.is_empty() {
            issuers = vec![IssuerValues { by: "OMM_ISSUER".to_owned(), values: issuer }];
        }
        Self { values, issuers, faults }
    }

    /// Which database, for every command that uses one.
    pub fn database(self, data: Option<PathBuf>) -> Result<DatabaseSetting, Vec<SettingFault>> {
        if self.faults.is_empty() { Ok(self.chosen_database(data)) } else { Err(self.faults) }
    }

    /// What is logged.
    pub fn log(&self) -> &str {
        self.get("log").unwrap_or("info")
    }

    /// Everything `serve` needs, or every fault.
    pub fn serve(mut self, flags: ServeFlags) -> Result<ServeSettings, Vec<SettingFault>> {
        let mut faults = std::mem::take(&mut self.faults);
        let database = self.chosen_database(flags.data.clone());
        self.flag("listen", "--listen", flags.listen);
        self.flag("public_url", "--public-url", flags.public_url);
        self.flag("connections", "--connections", flags.connections);
        let listen = self.listen(&mut faults);
        let connections = self.connections(&mut faults);
        let public_url = self.public_url(&mut faults);
        let audience = self.audience(&mut faults);
        let issuers = issuers::read(&self.issuers, &mut faults);
        match (listen, audience) {
            (Some(listen), Some(audience)) if faults.is_empty() => {
                Ok(ServeSettings { database, listen, public_url, connections, audience, issuers })
            }
            (_, _) => Err(faults),
        }
    }

    fn chosen_database(&self, data: Option<PathBuf>) -> DatabaseSetting {
        match self.get("database_url") {
            Some(url) => DatabaseSetting::Server(url.to_owned()),
            None => DatabaseSetting::Private(
                data.or_else(|| self.get("data").map(PathBuf::from)).unwrap_or_else(|| DATA_FOLDER_DEFAULT.into()),
            ),
        }
    }

    /// A flag wins over what environment and file say.
    fn flag(&mut self, name: &'static str, flag: &str, given: Option<String>) {
        if let Some(text) = given {
            self.values.insert(name, Stated { by: flag.to_owned(), text });
        }
    }

    fn listen(&self, faults: &mut Vec<SettingFault>) -> Option<SocketAddr> {
        let by_default = Stated { by: "OMM_LISTEN".to_owned(), text: LISTEN_DEFAULT.to_owned() };
        let Stated { by, text } = self.values.get("listen").unwrap_or(&by_default);
        let found = text.to_socket_addrs().ok().and_then(|mut found| found.next());
        if found.is_none() {
            let message = format!("`{text}` is no address to listen on; it should look like {LISTEN_DEFAULT}");
            faults.push(SettingFault::new(by, message));
        }
        found
    }

    fn connections(&self, faults: &mut Vec<SettingFault>) -> usize {
        let Some(Stated { by, text }) = self.values.get("connections") else { return CONNECTIONS_DEFAULT };
        let found = text.parse().ok().filter(|count| (1..=CONNECTIONS_MAX).contains(count));
        found.unwrap_or_else(|| {
            faults.push(SettingFault::new(by, format!("`{text}` is no number from 1 to {CONNECTIONS_MAX}")));
            CONNECTIONS_DEFAULT
        })
    }

    fn public_url(&self, faults: &mut Vec<SettingFault>) -> Option<String> {
        let Stated { by, text } = self.values.get("public_url")?;
        if !["http://", "https://"].iter().any(|start| text.len() > start.len() && text.starts_with(start)) {
            let message = format!("`{text}` is no address that begins with http:// or https://");
            faults.push(SettingFault::new(by, message));
        }
        Some(text.clone())
    }

    /// Without a name of its own the service would take tokens that are meant for others.
    fn audience(&self, faults: &mut Vec<SettingFault>) -> Option<String> {
        let found = self.get("audience").filter(|text| !text.trim().is_empty()).map(str::to_owned);
        if found.is_none() {
            let by = self.values.get("audience").map_or("OMM_AUDIENCE", |stated| &stated.by);
            let message = "is not set; it is the name of this service in access tokens, as their `aud` says";
            faults.push(SettingFault::new(by, message));
        }
        found
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(|stated| stated.text.as_str())
    }
}

/// Variables that begin as ours do and are none: a misspelt setting is never silently left out.
fn unknown(environment: &BTreeMap<String, String>) -> Vec<SettingFault> {
    let is_known = |name: &str| variables().any(|known| known == name);
    let unknown = environment.keys().filter(|name| !is_known(name));
    let message = || format!("there is no such setting; there are {}", variables().collect::<Vec<_>>().join(", "));
    unknown.map(|name| SettingFault::new(name, message())).collect()
}

fn of_environment(environment: &BTreeMap<String, String>, settings: &[Setting]) -> Values {
    let stated = settings.iter().filter_map(|setting| {
        let text = environment.get(setting.variable)?.clone();
        Some((setting.name, Stated { by: setting.variable.to_owned(), text }))
    });
    stated.collect()
}

#[cfg(test)]
mod tests;
