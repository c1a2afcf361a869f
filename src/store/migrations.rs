//! The migrations of this version, embedded in the binary, and how a database stands to them.

use std::collections::BTreeSet;

use diesel::{OptionalExtension, QueryableByName, migration::MigrationSource, pg::Pg, sql_types::Text};
use diesel_async::{
    AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection, async_connection_wrapper::AsyncConnectionWrapper,
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// Only one instance migrates at a time; the others wait here. The number is any number that nobody else uses.
const TURN: &str = "SET statement_timeout = 0; SELECT pg_advisory_lock(5020110415)";

/// How a database stands to this version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SchemaState {
    /// It is the same.
    Current,
    /// It lacks so many migrations.
    Pending(usize),
    /// It has a migration that this version does not know.
    Newer(String),
}

#[derive(QueryableByName)]
struct Applied {
    #[diesel(sql_type = Text)]
    version: String,
}

/// How this database stands to this version.
pub(super) async fn state_of(connection: &mut AsyncPgConnection) -> diesel::QueryResult<SchemaState> {
    let migrated: Option<Applied> =
        diesel::sql_query("SELECT table_name::text AS version FROM information_schema.tables WHERE table_name = '__diesel_schema_migrations' AND table_schema = current_schema()")
            .get_result(connection)
            .await
            .optional()?;
    let applied: Vec<Applied> = match migrated {
        None => Vec::new(),
        Some(_) => {
            diesel::sql_query("SELECT version::text AS version FROM __diesel_schema_migrations")
                .load(connection)
                .await?
        }
    };
    let applied: BTreeSet<String> = applied.into_iter().map(|row| row.version).collect();
    let known = known();
    if let Some(newest) = applied.difference(&known).last() {
        return Ok(SchemaState::Newer(newest.clone()));
    }
    let pending = known.difference(&applied).count();
    Ok(if pending == 0 { SchemaState::Current } else { SchemaState::Pending(pending) })
}

fn known() -> BTreeSet<String> {
    let migrations = MigrationSource::<Pg>::migrations(&MIGRATIONS).unwrap_or_default();
    migrations.iter().map(|migration| migration.name().version().to_string()).collect()
}

/// Applies what is pending, each migration in a transaction of its own; says how many there were.
pub(super) async fn apply(mut connection: AsyncPgConnection) -> Result<usize, String> {
    connection.batch_execute(TURN).await.map_err(|error| error.to_string())?;
    // Diesel's migrations are synchronous: they run beside the runtime, which drives the connection meanwhile.
    let applied = tokio::task::spawn_blocking(move || {
        let mut connection: AsyncConnectionWrapper<AsyncPgConnection> = connection.into();
        let applied = connection.run_pending_migrations(MIGRATIONS).map_err(|error| error.to_string())?;
        Ok(applied.len())
    });
    applied.await.map_err(|error| error.to_string())?
}
