//! Health: on a listener of its own, it tells whether the process lives and whether it can work, and nothing else.

use actix_web::{
    App,
    http::Method,
    test::{TestRequest, call_service, init_service, read_body},
    web::Data,
};
use omm::{
    api::health::{self, Stopping},
    app::Desk,
    clock::{Clock, Ids},
    store::{
        Store,
        connection::Address,
        private_cluster::{Durability, PrivateCluster},
    },
};

use crate::{
    served::{Served, desk_on, monday_morning},
    world::{TestDatabase, store_on},
};

fn desk(store: Store) -> Desk {
    desk_on(store, Clock::settable(monday_morning()), Ids::seeded(1))
}

/// What health answers: status, headers, body.
async fn asked(desk: &Desk, stopping: &Stopping, method: Method, path: &str) -> (u16, String, String) {
    let app = App::new().app_data(Data::new(desk.clone())).app_data(Data::new(stopping.clone()));
    let app = init_service(app.configure(health::routes)).await;
    let response = call_service(&app, TestRequest::default().method(method).uri(path).to_request()).await;
    let (status, headers) = (response.status().as_u16(), format!("{:?}", response.headers()));
    (status, headers, String::from_utf8(read_body(response).await.to_vec()).unwrap())
}

async fn status(desk: &Desk, stopping: &Stopping, path: &str) -> u16 {
    asked(desk, stopping, Method::GET, path).await.0
}

#[actix_web::test]
async fn with_its_database_away_the_service_lives_and_is_not_ready() {
    let cluster = PrivateCluster::start_temporary(Durability::None).unwrap();
    Store::migrate(&Address::parse(&cluster.url()).unwrap()).await.unwrap();
    let (desk, stopping) = (desk(store_on(&cluster.url(), 2).await), Stopping::default());
    assert_eq!(status(&desk, &stopping, "/health/ready").await, 200);
    tokio::task::spawn_blocking(move || cluster.stop()).await.unwrap();
    for _ in 0..3 {
        assert_eq!(status(&desk, &stopping, "/health/ready").await, 503);
        assert_eq!(status(&desk, &stopping, "/health/live").await, 200);
    }
}

#[actix_web::test]
async fn a_schema_of_another_version_and_a_trail_without_its_head_are_not_ready() {
    for (broken, mended) in [
        (
            "UPDATE __diesel_schema_migrations SET version = 'x' || version",
            "UPDATE __diesel_schema_migrations SET version = substr(version, 2)",
        ),
        (
            "DELETE FROM __diesel_schema_migrations WHERE version = (SELECT max(version) FROM __diesel_schema_migrations)",
            "",
        ),
        ("ALTER TABLE audit_head RENAME TO gone", "ALTER TABLE gone RENAME TO audit_head"),
    ] {
        let database = TestDatabase::new().await;
        let (desk, stopping) = (desk(database.store.clone()), Stopping::default());
        assert_eq!(status(&desk, &stopping, "/health/ready").await, 200);
        database.run(broken).await;
        assert_eq!(status(&desk, &stopping, "/health/ready").await, 503, "{broken}");
        assert_eq!(status(&desk, &stopping, "/health/live").await, 200, "{broken}");
        if !mended.is_empty() {
            database.run(mended).await;
            assert_eq!(status(&desk, &stopping, "/health/ready").await, 200, "{mended}");
        }
    }
}

#[actix_web::test]
async fn health_says_one_word_and_reads_only() {
    let (desk, stopping) = (desk(TestDatabase::new().await.store.clone()), Stopping::default());
    for (path, word) in [("/health/live", "live"), ("/health/ready", "ready")] {
        let (status, headers, body) = asked(&desk, &stopping, Method::GET, path).await;
        assert_eq!((status, body), (200, format!("{{\"status\":\"{word}\"}}")));
        assert!(headers.contains("no-store") && headers.contains("nosniff") && !headers.contains("\"server\""));
        for method in [Method::POST, Method::DELETE, Method::TRACE] {
            assert_eq!(asked(&desk, &stopping, method, path).await.0, 405);
        }
    }
    for path in ["/", "/health", "/health/", "/health/live/", "/v1/capacity", "/docs/", "/metrics"] {
        assert_eq!(status(&desk, &stopping, path).await, 404, "{path}");
    }
    stopping.begin();
    assert_eq!(status(&desk, &stopping, "/health/ready").await, 503);
    assert_eq!(status(&desk, &stopping, "/health/live").await, 200);
}

#[actix_web::test]
async fn the_public_listener_knows_nothing_of_health() {
    let desk = Served::empty().await;
    for path in ["/health", "/health/live", "/health/ready", "/v1/health/live", "/metrics"] {
        let answer = reqwest::get(format!("{}{path}", desk.origin())).await.unwrap();
        assert_eq!(answer.status(), 404, "{path}");
    }
}
