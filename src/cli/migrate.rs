//! `omm migrate`: brings the schema of `DATABASE_URL` up to this version.

use super::{
    arguments::Migrate,
    database,
    ending::{Ending, Trouble},
    terminal::Terminal,
};
use crate::{
    config::{DatabaseSetting, Settings},
    store::{Store, connection::Address},
};

/// Migrates the server of `DATABASE_URL`; the service's own cluster is migrated by whoever starts it.
pub(super) async fn migrate(terminal: &mut Terminal, asked: Migrate) -> Result<Ending, Trouble> {
    match Settings::of_process(asked.config.as_deref()).database(None).map_err(database::settings)? {
        DatabaseSetting::Private(_) => Err(Trouble::usage(
            "DATABASE_URL is not set; it names the database to migrate. The service's own database needs no such step",
        )),
        DatabaseSetting::Server(url) => {
            let address = Address::parse(&url)?;
            let steps = Store::migrate(&address).await?;
            terminal.say(match steps {
                0 => format!("the database at {} is up to date already", address.host()),
                1 => format!("the database at {} is up to date; 1 migration was applied", address.host()),
                _ => format!("the database at {} is up to date; {steps} migrations were applied", address.host()),
            });
            Ok(Ending::Done)
        }
    }
}
