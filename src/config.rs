//! Settings from flags and environment, read once at the start: every fault is told at once, each with the name it has.
//!
//! A flag wins over its variable. Invariant: a message never repeats a value that may be secret (`DATABASE_URL`).

use std::{
    collections::BTreeMap,
    net::{SocketAddr, ToSocketAddrs},
    path::PathBuf,
};

/// Where data lies unless it is said otherwise.
pub const DATA_FOLDER_DEFAULT: &str = "./omm-data";
/// The address unless it is said otherwise: this machine only, so that nothing is open to others by accident.
pub const LISTEN_DEFAULT: &str = "127.0.0.1:8080";
/// Connections of one instance unless it is said otherwise: writes stand in one line, so few are busy at a time.
pub const CONNECTIONS_DEFAULT: usize = 16;
/// More than a server with default settings gives to all together.
pub const CONNECTIONS_MAX: usize = 90;

/// Every variable of this program, and what it is for. Another one that begins with `OMM_` is refused by its name.
pub const VARIABLES: [(&str, &str); 10] = [
    ("OMM_DATA", "data folder of the service's own database (--data)"),
    ("OMM_LISTEN", "address to listen on (--listen)"),
    ("OMM_PUBLIC_URL", "address under which callers reach the service (--public-url)"),
    ("OMM_CONNECTIONS", "connections to the database (--connections)"),
    ("OMM_ISSUER", "issuer of access tokens, as their `iss` says"),
    ("OMM_AUDIENCE", "name of this service in access tokens, as their `aud` says"),
    ("OMM_JWKS_FILE", "file with the public keys of the issuer (JSON Web Key Set)"),
    ("OMM_ROLE_CLAIM", "claim that holds the role, if it is not `role`"),
    ("OMM_ORGANISATION_CLAIM", "claim that holds the organisation, if it is not `organisation`"),
    ("OMM_LOG", "what is logged, such as `info` or `omm=debug`"),
];

/// One setting that is missing or cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name}: {message}")]
pub struct SettingFault {
    /// The variable, or the flag it was given by.
    pub name: String,
    /// What is wrong, and what to do.
    pub message: String,
}

/// The variables of the environment that this program reads.
#[derive(Clone, Debug, Default)]
pub struct Environment(BTreeMap<String, String>);

/// Which database, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabaseSetting {
    /// A server that somebody else runs: `DATABASE_URL`.
    Server(String),
    /// The service's own, under this folder.
    Private(PathBuf),
}

/// What `serve` needs to know beside the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServeSettings {
    /// Which database.
    pub database: DatabaseSetting,
    /// Address to listen on.
    pub listen: SocketAddr,
    /// Address under which callers reach the service; `None` is the one it listens on.
    pub public_url: Option<String>,
    /// Connections to the database.
    pub connections: usize,
    /// Whose tokens are believed.
    pub issuer: IssuerSettings,
}

/// Whose tokens are believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuerSettings {
    /// The issuer's name.
    pub issuer: String,
    /// The name of this service in its tokens.
    pub audience: String,
    /// File with its public keys.
    pub jwks_file: PathBuf,
    /// Claim that holds the role.
    pub role_claim: String,
    /// Claim that holds the organisation.
    pub organisation_claim: String,
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

impl Environment {
    /// The environment of this process. A variable that is no text counts as one with an impossible value.
    pub fn of_process() -> Self {
        Self::of(std::env::vars_os().map(|(name, value)| {
            (name.to_string_lossy().into_owned(), value.into_string().unwrap_or_else(|_| "\u{fffd}".to_owned()))
        }))
    }

    /// An environment of these variables. One that is set to nothing counts as not set.
    pub fn of(variables: impl IntoIterator<Item = (String, String)>) -> Self {
        let ours = |name: &str| name == "DATABASE_URL" || name.starts_with("OMM_");
        Self(variables.into_iter().filter(|(name, value)| ours(name) && !value.is_empty()).collect())
    }

    /// Variables that begin as ours do and are none: a misspelt setting is never silently left out.
    pub fn unknown(&self) -> Vec<SettingFault> {
        let known = |name: &str| name == "DATABASE_URL" || VARIABLES.iter().any(|(known, _)| *known == name);
        self.0
            .keys()
            .filter(|name| !known(name))
            .map(|name| SettingFault {
                name: name.clone(),
                message: format!("there is no such setting; there are {}", names().join(", ")),
            })
            .collect()
    }

    /// Which database, for every command that uses one.
    pub fn database(&self, data: Option<PathBuf>) -> Result<DatabaseSetting, Vec<SettingFault>> {
        let faults = self.unknown();
        if faults.is_empty() { Ok(self.chosen_database(data)) } else { Err(faults) }
    }

    /// What is logged.
    pub fn log(&self) -> &str {
        self.get("OMM_LOG").unwrap_or("info")
    }

    /// Everything `serve` needs, or every fault.
    pub fn serve(&self, flags: ServeFlags) -> Result<ServeSettings, Vec<SettingFault>> {
        let mut faults = self.unknown();
        let database = self.chosen_database(flags.data);
        let listen = self.listen(flags.listen, &mut faults);
        let connections = self.connections(flags.connections, &mut faults);
        let issuer = self.needed("OMM_ISSUER", &mut faults);
        let audience = self.needed("OMM_AUDIENCE", &mut faults);
        let jwks_file = self.needed("OMM_JWKS_FILE", &mut faults);
        let public_url = flags.public_url.or_else(|| self.get("OMM_PUBLIC_URL").map(str::to_owned));
        if let Some(url) = public_url.as_deref().filter(|url| !is_http(url)) {
            faults.push(SettingFault {
                name: "OMM_PUBLIC_URL".to_owned(),
                message: format!("`{url}` is no address that begins with http:// or https://"),
            });
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let listen = listen.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080)));
        Ok(ServeSettings {
            database,
            listen,
            public_url,
            connections: connections.unwrap_or(CONNECTIONS_DEFAULT),
            issuer: IssuerSettings {
                issuer,
                audience,
                jwks_file: jwks_file.into(),
                role_claim: self.get("OMM_ROLE_CLAIM").unwrap_or("role").to_owned(),
                organisation_claim: self.get("OMM_ORGANISATION_CLAIM").unwrap_or("organisation").to_owned(),
            },
        })
    }

    fn chosen_database(&self, data: Option<PathBuf>) -> DatabaseSetting {
        match self.get("DATABASE_URL") {
            Some(url) => DatabaseSetting::Server(url.to_owned()),
            None => DatabaseSetting::Private(
                data.or_else(|| self.get("OMM_DATA").map(PathBuf::from)).unwrap_or_else(|| DATA_FOLDER_DEFAULT.into()),
            ),
        }
    }

    fn listen(&self, flag: Option<String>, faults: &mut Vec<SettingFault>) -> Option<SocketAddr> {
        let (name, text) = self.given("--listen", flag, "OMM_LISTEN", LISTEN_DEFAULT);
        let found = text.to_socket_addrs().ok().and_then(|mut found| found.next());
        if found.is_none() {
            faults.push(SettingFault {
                name: name.to_owned(),
                message: format!("`{text}` is no address to listen on; it should look like {LISTEN_DEFAULT}"),
            });
        }
        found
    }

    fn connections(&self, flag: Option<String>, faults: &mut Vec<SettingFault>) -> Option<usize> {
        let (name, text) = self.given("--connections", flag, "OMM_CONNECTIONS", "");
        if text.is_empty() {
            return None;
        }
        let found = text.parse().ok().filter(|count| (1..=CONNECTIONS_MAX).contains(count));
        if found.is_none() {
            faults.push(SettingFault {
                name: name.to_owned(),
                message: format!("`{text}` is no number from 1 to {CONNECTIONS_MAX}"),
            });
        }
        found
    }

    /// A value with the name it was given by.
    fn given(
        &self,
        flag_name: &'static str,
        flag: Option<String>,
        variable: &'static str,
        otherwise: &str,
    ) -> (&'static str, String) {
        match flag {
            Some(text) => (flag_name, text),
            None => (variable, self.get(variable).unwrap_or(otherwise).to_owned()),
        }
    }

    /// A setting without which nothing is served.
    fn needed(&self, name: &str, faults: &mut Vec<SettingFault>) -> String {
        let found = self.get(name).map(str::to_owned);
        found.unwrap_or_else(|| {
            let purpose = VARIABLES.iter().find(|(known, _)| *known == name).map_or("", |(_, purpose)| purpose);
            faults.push(SettingFault { name: name.to_owned(), message: format!("is not set; {purpose}") });
            String::new()
        })
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

fn names() -> Vec<&'static str> {
    VARIABLES.iter().map(|(name, _)| *name).collect()
}

fn is_http(url: &str) -> bool {
    ["http://", "https://"].iter().any(|start| url.len() > start.len() && url.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(variables: &[(&str, &str)]) -> Environment {
        Environment::of(variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
    }

    const WHOLE: [(&str, &str); 3] =
        [("OMM_ISSUER", "https://issuer.example"), ("OMM_AUDIENCE", "omm"), ("OMM_JWKS_FILE", "keys.json")];

    #[test]
    fn every_fault_is_told_at_once_with_the_name_it_has() {
        let found = environment(&[("OMM_LISEN", "x"), ("OMM_CONNECTIONS", "many"), ("OMM_AUDIENCE", "omm")])
            .serve(ServeFlags { listen: Some("nowhere".to_owned()), ..ServeFlags::default() })
            .unwrap_err();
        let names: Vec<&str> = found.iter().map(|fault| fault.name.as_str()).collect();
        assert_eq!(names, ["OMM_LISEN", "--listen", "OMM_CONNECTIONS", "OMM_ISSUER", "OMM_JWKS_FILE"]);
    }

    #[test]
    fn the_defaults_serve_this_machine_on_an_own_database() {
        let settings = environment(&WHOLE).serve(ServeFlags::default()).unwrap();
        assert_eq!(settings.database, DatabaseSetting::Private("./omm-data".into()));
        assert!(settings.listen.ip().is_loopback());
        assert_eq!(settings.public_url, None);
        assert_eq!((settings.connections, settings.issuer.role_claim.as_str()), (16, "role"));
    }

    #[test]
    fn a_flag_wins_over_its_variable_and_a_server_over_the_folder() {
        let mut variables = WHOLE.to_vec();
        variables.extend([("OMM_LISTEN", "127.0.0.1:1"), ("DATABASE_URL", "postgres://localhost/omm")]);
        let flags = ServeFlags {
            listen: Some("127.0.0.1:2".to_owned()),
            data: Some("elsewhere".into()),
            ..ServeFlags::default()
        };
        let settings = environment(&variables).serve(flags).unwrap();
        assert_eq!(settings.listen.port(), 2);
        assert_eq!(settings.database, DatabaseSetting::Server("postgres://localhost/omm".to_owned()));
    }

    #[test]
    fn a_variable_set_to_nothing_is_not_set_and_those_of_others_are_left_alone() {
        let found = environment(&[("OMM_ISSUER", ""), ("HOME", "/"), ("OMMELET", "x")]);
        assert!(found.unknown().is_empty());
        assert_eq!(found.serve(ServeFlags::default()).unwrap_err().len(), 3);
    }

    #[test]
    fn the_number_of_connections_has_bounds() {
        for text in ["0", "91", "-1", "1.5"] {
            let mut variables = WHOLE.to_vec();
            variables.push(("OMM_CONNECTIONS", text));
            assert_eq!(environment(&variables).serve(ServeFlags::default()).unwrap_err().len(), 1, "{text}");
        }
    }
}
