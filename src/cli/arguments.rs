//! The commands, their arguments, and the help that teaches them.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use clap::{ArgGroup, Args, Parser, Subcommand};
use uuid::Uuid;

use crate::domain::{audit::chain::Head, role::Role};

/// The placement desk for victims of human trafficking with multiple problems.
///
/// It says who fits where, and why not; people decide. Every change and every look at a person is in an audit trail.
#[derive(Debug, Parser)]
#[command(
    name = "omm",
    version,
    after_help = "\
Begin with `omm demo`: it needs nothing but PostgreSQL's programs on this machine, and shows the whole work.

Settings come from the environment and from omm.toml; `omm serve --help` lists them. With DATABASE_URL a command uses that server, \
without it the service's own database under the data folder.

Exit codes: 0 done, and it is so · 1 it is not so (faults in a file, a trail that does not verify) · \
2 an argument, setting or file cannot be used · 3 the database, data folder or address cannot be used · \
4 a fault of the program."
)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the service: the API, its documentation, and without `DATABASE_URL` its own database.
    #[command(after_help = "\
Example:
  omm serve --config omm.toml
  OMM_ISSUER=https://login.example OMM_JWKS_URL=https://login.example/keys OMM_AUDIENCE=omm-placement omm serve

Settings (a flag wins over its variable, a variable over the settings file; omm.example.toml shows one):
  OMM_CONFIG                settings file [./omm.toml, if it is there]
  DATABASE_URL              postgres://user:password@host/database; run `omm migrate` on it first
  OMM_DATA                  data folder of the service's own database, if there is no DATABASE_URL [./omm-data]
  OMM_LISTEN                address to listen on [127.0.0.1:8080]
  OMM_PUBLIC_URL            address under which callers reach the service [http:// and the address]
  OMM_CONNECTIONS           connections to the database, 1 to 90 [16]
  OMM_AUDIENCE              name of this service in access tokens, as their `aud` says (needed)
  OMM_LOG                   what is logged [info]
An issuer of access tokens (needed; several only in the settings file, under [[issuers]]):
  OMM_ISSUER                its name, as `iss` says
  OMM_JWKS_URL              address of its public keys, a JSON Web Key Set; https, or this machine itself
  OMM_JWKS_FILE             or the file with its public keys
  OMM_ROLE_CLAIM            claim that holds the role [role]
  OMM_ORGANISATION_CLAIM    claim that holds the organisation [organisation]
  OMM_MAX_LIFETIME_MINUTES  longest life of its tokens, 1 to 360 [360]
  OMM_ALGORITHMS            what it signs with [RS256,PS256,ES256,EdDSA]
It ends on SIGTERM or Ctrl-C: calls under way are answered first, then the database is closed.")]
    Serve(Serve),
    /// Watch the main job, from referral to audit trail, on a fresh database with invented referrals.
    #[command(after_help = "\
Example:
  omm demo            tells the story, then serves the API with ready-made tokens
  omm demo --once     ends after the story: 0 if every step held, 1 if one did not

Nothing is kept: the database lies in a temporary folder that is removed at the end.")]
    Demo(Demo),
    /// Bring the schema of `DATABASE_URL` up to this version. The service's own database needs no such step.
    #[command(after_help = "Example:\n  DATABASE_URL=postgres://omm@localhost/omm omm migrate")]
    Migrate(Migrate),
    /// Import or print the catalogue: organisations, locations, units, places.
    #[command(subcommand)]
    Catalogue(Catalogue),
    /// Check, adopt or print the policy: the numbers that matching computes with.
    #[command(subcommand)]
    Policy(Policy),
    /// Match a referral against a situation, without a database: who fits where, and why not.
    #[command(after_help = "\
Example:
  omm match --referral docs/examples/referral.json --situation docs/examples/situation.json

The formats are in docs/cli.md. The same files give the same bytes on every computer.")]
    Match(MatchFiles),
    /// Recompute a match from what it rested on, and compare byte for byte. Exit code 1 if it differs.
    #[command(after_help = "\
Example:
  omm match --referral R.json --situation S.json --json > result.json
  omm explain --result result.json
  omm explain --id 0b9f0f2e-5d0c-4d0a-9d3c-2f4f4a1f7c11   (a match that the service stored)")]
    Explain(Explain),
    /// Make an access token for a running demo. Real tokens come from the issuer of the field.
    #[command(after_help = "\
Example:
  omm token --key /tmp/omm-demo/issuer.key --role shelter --organisation kadera --minutes 60

Roles: coordinator, care_coordinator, shelter, police, kmar, nla, om, referrer, guardian, aggregate_reader, \
rapporteur, auditor, admin.")]
    Token(Token),
    /// Show the head of the audit trail, or check the whole chain.
    #[command(subcommand)]
    Audit(Audit),
    /// Print the contract of the API (OpenAPI 3.1), as `openapi/openapi.json` holds it.
    #[command(after_help = "Example:\n  omm openapi > openapi/openapi.json")]
    Openapi,
}

/// Arguments of `serve`.
#[derive(Args, Clone, Debug)]
pub struct Serve {
    /// Settings file (`OMM_CONFIG`); without it `./omm.toml`, if it is there
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Data folder of the service's own database (`OMM_DATA`)
    #[arg(long, value_name = "FOLDER")]
    pub data: Option<PathBuf>,
    /// Address to listen on (`OMM_LISTEN`)
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<String>,
    /// Address under which callers reach the service (`OMM_PUBLIC_URL`)
    #[arg(long, value_name = "URL")]
    pub public_url: Option<String>,
    /// Connections to the database (`OMM_CONNECTIONS`)
    #[arg(long, value_name = "NUMBER")]
    pub connections: Option<String>,
}

/// Arguments of `demo`.
#[derive(Args, Clone, Debug)]
pub struct Demo {
    /// End after the story
    #[arg(long)]
    pub once: bool,
    /// Address of this machine to serve on during and after the story
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub listen: String,
}

/// Arguments of `migrate`.
#[derive(Args, Clone, Debug)]
pub struct Migrate {
    /// Settings file (`OMM_CONFIG`); without it `./omm.toml`, if it is there
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// Which database, for commands that need one.
#[derive(Args, Clone, Debug)]
pub struct Database {
    /// Settings file (`OMM_CONFIG`); without it `./omm.toml`, if it is there
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Data folder of the service's own database (`OMM_DATA`), if there is no `DATABASE_URL`
    #[arg(long, value_name = "FOLDER")]
    pub data: Option<PathBuf>,
}

/// A file, or what ships with this program.
#[derive(Args, Clone, Debug)]
#[command(group = ArgGroup::new("text").required(true))]
pub struct Given {
    /// The file; `-` reads from the standard input
    #[arg(value_name = "FILE", group = "text")]
    pub file: Option<PathBuf>,
    /// Take the one that ships with this program
    #[arg(long, group = "text")]
    pub shipped: bool,
}

/// What to do with the catalogue.
#[derive(Debug, Subcommand)]
pub enum Catalogue {
    /// Import a catalogue file. The same file twice changes nothing; a faulty file changes nothing and names every fault.
    #[command(after_help = "\
Example:
  omm catalogue import catalogue/catalogue.json
  omm catalogue import --shipped")]
    Import {
        /// The file.
        #[command(flatten)]
        given: Given,
        /// Which database.
        #[command(flatten)]
        database: Database,
        /// Print what changed as JSON
        #[arg(long)]
        json: bool,
    },
    /// Print the catalogue that is in the database, as a file that can be imported.
    #[command(after_help = "Example:\n  omm catalogue export > catalogue.json")]
    Export {
        /// Which database.
        #[command(flatten)]
        database: Database,
    },
}

/// What to do with the policy.
#[derive(Debug, Subcommand)]
pub enum Policy {
    /// Check a policy file: every fault at once, with the place where it stands.
    #[command(after_help = "\
Example:
  omm policy check policy/v1.json")]
    Check {
        /// The file.
        #[command(flatten)]
        given: Given,
        /// Print the outcome as JSON
        #[arg(long)]
        json: bool,
    },
    /// Adopt a policy: from now on matches compute with its numbers. The trail keeps who did, and its hash.
    #[command(after_help = "\
Example:
  omm policy adopt policy/v1.json
  omm policy adopt --shipped")]
    Adopt {
        /// The file.
        #[command(flatten)]
        given: Given,
        /// Which database.
        #[command(flatten)]
        database: Database,
        /// Print the outcome as JSON
        #[arg(long)]
        json: bool,
    },
    /// Print the policy in force.
    #[command(after_help = "Example:\n  omm policy show > policy.json")]
    Show {
        /// Which database.
        #[command(flatten)]
        database: Database,
    },
}

/// Arguments of `match`.
#[derive(Args, Clone, Debug)]
pub struct MatchFiles {
    /// The referral: the body of `POST /v1/referrals`, or what `match --json` printed as its `view`
    #[arg(long, value_name = "FILE")]
    pub referral: PathBuf,
    /// The situation: live figures per unit, or what `match --json` printed as its `snapshot`
    #[arg(long, value_name = "FILE")]
    pub situation: PathBuf,
    /// Policy; without it the one that ships with this program
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// Catalogue the situation speaks of; without it the one that ships with this program
    #[arg(long, value_name = "FILE")]
    pub catalogue: Option<PathBuf>,
    /// Moment of the match, such as 2026-03-02T08:00:00Z; without it that of the situation
    #[arg(long, value_name = "MOMENT")]
    pub at: Option<DateTime<Utc>>,
    /// Print input and result as one JSON document, that `explain --result` reads
    #[arg(long)]
    pub json: bool,
    /// Explain in Dutch
    #[arg(long)]
    pub dutch: bool,
}

/// Arguments of `explain`.
#[derive(Args, Clone, Debug)]
#[command(group = ArgGroup::new("which").required(true))]
pub struct Explain {
    /// A document that `match --json` printed
    #[arg(long, value_name = "FILE", group = "which")]
    pub result: Option<PathBuf>,
    /// The id of a match that the service stored
    #[arg(long, value_name = "ID", group = "which")]
    pub id: Option<Uuid>,
    /// Policy the document was made with; without it the one that ships with this program
    #[arg(long, value_name = "FILE", conflicts_with = "id")]
    pub policy: Option<PathBuf>,
    /// Which database.
    #[command(flatten)]
    pub database: Database,
    /// Print the outcome as JSON
    #[arg(long)]
    pub json: bool,
    /// Explain in Dutch
    #[arg(long)]
    pub dutch: bool,
}

/// Arguments of `token`.
#[derive(Args, Clone, Debug)]
pub struct Token {
    /// Key file of the running demo, as it printed it
    #[arg(long, value_name = "FILE")]
    pub key: PathBuf,
    /// In which role
    #[arg(long)]
    pub role: Role,
    /// For which organisation, such as kadera
    #[arg(long, value_name = "CODE")]
    pub organisation: Option<String>,
    /// Which person, as an issuer would number people
    #[arg(long, value_name = "NAME", default_value = "demo-person")]
    pub subject: String,
    /// For how long, at most six hours
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u16).range(1..=360))]
    pub minutes: u16,
}

/// What to do with the audit trail.
#[derive(Debug, Subcommand)]
pub enum Audit {
    /// Print number and hash of the last entry. Write it down elsewhere: `verify --expect` then finds a cut trail.
    #[command(after_help = "\
Example:
  omm audit head
  41:9c1f…   (number of the last entry, and its hash)")]
    Head {
        /// Which database.
        #[command(flatten)]
        database: Database,
        /// Print as JSON
        #[arg(long)]
        json: bool,
    },
    /// Check the whole chain. Exit code 1 if an entry was changed, taken out, put in, moved or cut off.
    #[command(after_help = "\
Example:
  omm audit verify --expect 41:9c1f…   (as `omm audit head` printed it earlier)")]
    Verify {
        /// A head written down earlier: the trail must still hold it
        #[arg(long, value_name = "INDEX:HASH")]
        expect: Option<Head>,
        /// Which database.
        #[command(flatten)]
        database: Database,
        /// Print as JSON
        #[arg(long)]
        json: bool,
    },
}
