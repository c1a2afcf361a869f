//! Statements that are prepared once per connection. Diesel never caches an `UPDATE` by itself, nor an `INSERT` that
//! updates on conflict, since their text could vary with their values; those of this floor do not vary, so the cache is
//! keyed by the text.

use diesel::{
    backend::Backend,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    result::QueryResult,
};

/// Makes a statement of unvarying text cacheable; without it every call costs one more round trip.
pub(super) struct Cached<Q>(pub Q);

impl<Q> QueryId for Cached<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<DB: Backend, Q: QueryFragment<DB>> QueryFragment<DB> for Cached<Q> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }

    fn is_safe_to_cache_prepared(&self, _: &DB) -> QueryResult<bool> {
        Ok(true)
    }
}

impl<Q: Query> Query for Cached<Q> {
    type SqlType = Q::SqlType;
}

#[cfg(test)]
mod tests {
    use diesel::{QueryableByName, sql_query, sql_types::BigInt};
    use diesel_async::RunQueryDsl;

    use crate::{
        domain::{
            audit::{Action, Actor, Call, Event, ObjectKind, chain::Source},
            role::Role,
        },
        store::{
            Store, StoreError,
            connection::Address,
            private_cluster::{Durability, PrivateCluster},
        },
    };

    #[derive(QueryableByName)]
    struct Uses {
        #[diesel(sql_type = BigInt)]
        uses: i64,
    }

    #[tokio::test]
    async fn the_statements_of_a_write_are_prepared_once_per_connection() {
        let cluster = PrivateCluster::start_temporary(Durability::None).unwrap();
        let address = Address::parse(&cluster.url()).unwrap();
        Store::migrate(&address).await.unwrap();
        let source = Source { service: "omm".into(), version: "test".into(), instance: "test".into() };
        let store = Store::connect(&address, 1, source).await.unwrap();
        let actor = Actor {
            issuer: "i".into(),
            subject: "s".into(),
            client: "c".into(),
            organisation: None,
            role: Role::Coordinator,
        };
        let call = Call { actor, trace_id: None, once: None, purpose: None, legal_basis: None };
        for _ in 0..5 {
            let event = Event::new("capacity.read", Action::Read, "read_capacity").about_all(ObjectKind::Capacity);
            store.record(&call, "2026-03-02T12:00:00Z".parse().unwrap(), vec![event]).await.unwrap();
        }
        // The fence, the entry and the moved head: one prepared statement each, used by all five writes.
        let counted = "SELECT generic_plans + custom_plans AS uses FROM pg_prepared_statements
                       WHERE statement ~ 'audit_(head|entries)' AND statement !~ 'pg_prepared'";
        let uses = store
            .read(async |tx| Ok::<_, StoreError>(sql_query(counted).load::<Uses>(&mut tx.on()).await?))
            .await
            .unwrap();
        assert_eq!(uses.into_iter().map(|one| one.uses).collect::<Vec<_>>(), [5, 5, 5]);
    }
}
