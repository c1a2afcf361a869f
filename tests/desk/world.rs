//! What every test stands on: one private cluster per run, and a database of its own per test.
//!
//! With `DATABASE_URL` set, the databases are made on that server instead, and dropped again.

use std::{sync::OnceLock, thread};

use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};
use omm::{
    clock::Ids,
    domain::audit::chain::Source,
    store::{
        Store,
        connection::Address,
        private_cluster::{Durability, PrivateCluster},
    },
};

/// Name of the migrated database that all others are copied from.
const TEMPLATE: &str = "omm_template";

/// Where databases are made.
enum Server {
    /// The cluster of this run; it ends with the run, also when that is killed.
    Private(PrivateCluster),
    /// A server named from outside.
    Given(String),
}

static SERVER: OnceLock<Server> = OnceLock::new();

impl Server {
    fn of_this_run() -> &'static Self {
        SERVER.get_or_init(|| match std::env::var("DATABASE_URL") {
            Ok(url) => Self::Given(url),
            Err(_) => apart(async {
                let cluster = PrivateCluster::start_temporary(Durability::None).unwrap();
                let admin = Address::parse(&cluster.url_of("postgres")).unwrap();
                let create = format!("CREATE DATABASE {TEMPLATE}");
                admin.connect().await.unwrap().batch_execute(&create).await.unwrap();
                Store::migrate(&Address::parse(&cluster.url_of(TEMPLATE)).unwrap()).await.unwrap();
                Self::Private(cluster)
            }),
        })
    }

    fn url_of(&self, database: &str) -> String {
        match self {
            Self::Private(cluster) => cluster.url_of(database),
            Self::Given(url) => {
                let (before, options) =
                    url.split_once('?').map_or((&**url, String::new()), |(a, b)| (a, format!("?{b}")));
                let (server, _) = before.rsplit_once('/').unwrap();
                format!("{server}/{database}{options}")
            }
        }
    }

    async fn admin(&self) -> AsyncPgConnection {
        let url = match self {
            Self::Private(cluster) => cluster.url_of("postgres"),
            Self::Given(url) => url.clone(),
        };
        Address::parse(&url).unwrap().connect().await.unwrap()
    }
}

/// Does something asynchronous outside the runtime of the test, and waits for it.
fn apart<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    let runtime = || tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    thread::spawn(move || runtime().block_on(work)).join().unwrap()
}

/// A migrated, empty database that nobody else uses.
pub struct TestDatabase {
    /// Its address.
    pub url: String,
    /// A store on it.
    pub store: Store,
    name: String,
}

impl TestDatabase {
    /// Makes one.
    pub async fn new() -> Self {
        let server = Server::of_this_run();
        let name = format!("omm_test_{}", Ids::random().next_uuid().simple());
        let create = match server {
            Server::Private(_) => format!("CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY"),
            Server::Given(_) => format!("CREATE DATABASE {name}"),
        };
        server.admin().await.batch_execute(&create).await.unwrap();
        let url = server.url_of(&name);
        if matches!(server, Server::Given(_)) {
            Store::migrate(&Address::parse(&url).unwrap()).await.unwrap();
        }
        let store = store_on(&url, 8).await;
        Self { url, store, name }
    }

    /// One connection beside the store, for what no operation does.
    pub async fn connection(&self) -> AsyncPgConnection {
        Address::parse(&self.url).unwrap().connect().await.unwrap()
    }

    /// Does something behind the service's back.
    pub async fn run(&self, statements: &str) {
        self.connection().await.batch_execute(statements).await.unwrap();
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let server @ Server::Given(_) = Server::of_this_run() {
            let drop = format!("DROP DATABASE {} WITH (FORCE)", self.name);
            apart(async move { server.admin().await.batch_execute(&drop).await.unwrap() });
        }
    }
}

/// A store with so many connections at most.
pub async fn store_on(url: &str, connections: usize) -> Store {
    let source = Source { service: "omm".into(), version: "test".into(), instance: "test".into() };
    Store::connect(&Address::parse(url).unwrap(), connections, source).await.unwrap()
}
