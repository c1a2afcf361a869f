//! Where an issuer publishes its keys: a small server that counts who asks, and that answers well or badly as it is told.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use actix_web::{
    App, HttpResponse, HttpServer,
    dev::ServerHandle,
    web::{self, Bytes, Data},
};
use omm::{
    api::token::{TrustedIssuer, key_set::SigningAlgorithm, key_source::KeySource},
    clock::Clock,
};
use tokio::sync::RwLock;

use crate::issuer::{AUDIENCE, ISSUER, Key, key_set};

/// What it answers.
#[derive(Clone, Debug)]
pub enum Answers {
    /// This text, with this `Cache-Control`.
    Text(String, &'static str),
    /// This status.
    Status(u16),
    /// That the keys lie elsewhere.
    Redirect(String),
    /// The text, and then more than any key set is long.
    Endless(String),
}

/// The server.
pub struct KeyServer {
    address: String,
    inner: Arc<Inner>,
    handle: ServerHandle,
}

struct Inner {
    answers: Mutex<Answers>,
    asked: AtomicUsize,
    /// Whoever holds it to write lets nobody be answered.
    held: RwLock<()>,
}

impl KeyServer {
    /// A server that publishes these keys, to be kept for ten minutes.
    pub fn publishing(keys: &[Key]) -> Self {
        let inner = Arc::new(Inner {
            answers: Mutex::new(Answers::Text(key_set(keys).to_string(), "max-age=600")),
            asked: AtomicUsize::new(0),
            held: RwLock::new(()),
        });
        let shared = Data::from(inner.clone());
        let make = move || App::new().app_data(shared.clone()).default_service(web::to(answer));
        let server = HttpServer::new(make).workers(1).disable_signals().bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", server.addrs()[0]);
        let server = server.run();
        let handle = server.handle();
        tokio::task::spawn_local(server);
        Self { address, inner, handle }
    }

    /// From now on it publishes these keys.
    pub fn publish(&self, keys: &[Key], cache_control: &'static str) {
        self.answer(Answers::Text(key_set(keys).to_string(), cache_control));
    }

    /// From now on it answers so.
    pub fn answer(&self, answers: Answers) {
        *self.inner.answers.lock().unwrap() = answers;
    }

    /// How often it was asked.
    pub fn asked(&self) -> usize {
        self.inner.asked.load(Ordering::SeqCst)
    }

    /// Nobody is answered as long as this is kept.
    pub async fn hold(&self) -> tokio::sync::RwLockWriteGuard<'_, ()> {
        self.inner.held.write().await
    }

    /// Its address.
    pub fn address(&self) -> String {
        format!("{}/keys", self.address)
    }

    /// An issuer that publishes its keys here.
    pub fn issuer(&self, clock: &Clock) -> TrustedIssuer {
        self.issuer_named(ISSUER, clock)
    }

    /// An issuer of this name that publishes its keys here.
    pub fn issuer_named(&self, issuer: &str, clock: &Clock) -> TrustedIssuer {
        let source = KeySource::address(&self.address()).unwrap();
        TrustedIssuer::publishing(issuer, AUDIENCE, source, &SigningAlgorithm::ALL, clock)
    }
}

impl Drop for KeyServer {
    fn drop(&mut self) {
        let stopping = self.handle.stop(false);
        tokio::task::spawn_local(stopping);
    }
}

async fn answer(inner: Data<Inner>) -> HttpResponse {
    inner.asked.fetch_add(1, Ordering::SeqCst);
    let _free = inner.held.read().await;
    let answers = inner.answers.lock().unwrap().clone();
    match answers {
        Answers::Text(text, cache_control) => {
            let mut response = HttpResponse::Ok();
            if !cache_control.is_empty() {
                response.insert_header(("Cache-Control", cache_control));
            }
            response.body(text)
        }
        Answers::Status(status) => HttpResponse::build(status.try_into().unwrap()).finish(),
        Answers::Redirect(to) => HttpResponse::Found().insert_header(("Location", to)).finish(),
        Answers::Endless(text) => {
            let spaces = Bytes::from(vec![b' '; 64 * 1024]);
            let chunks = std::iter::once(Bytes::from(text)).chain(std::iter::repeat_n(spaces, 64));
            HttpResponse::Ok().streaming(futures_util::stream::iter(chunks.map(Ok::<_, actix_web::Error>)))
        }
    }
}
