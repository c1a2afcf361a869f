//! Access tokens over HTTP: whose are believed, how they travel, and what a caller learns from a refusal.

mod bad;
mod identity;
mod key_server;
mod random;
mod rotation;
mod stale;
mod travel;

use omm::{api::token::TrustedIssuer, clock::Clock};
use reqwest::header::{AUTHORIZATION, HeaderMap};
use serde_json::Value;

use crate::{
    issuer::{Issuer, claims},
    served::{Served, monday_morning},
};

/// A desk that believes the issuer of the tests.
pub struct Believing {
    /// The desk.
    pub served: Served,
    /// The issuer.
    pub issuer: Issuer,
    client: reqwest::Client,
}

/// A whole answer.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Value,
}

impl Believing {
    /// A desk on an empty database.
    pub async fn new() -> Self {
        let issuer = Issuer::new();
        let trusted = issuer.trusted();
        Self::with(issuer, Clock::settable(monday_morning()), vec![trusted]).await
    }

    /// A desk on an empty database that believes these issuers.
    pub async fn with(issuer: Issuer, clock: Clock, trusted: Vec<TrustedIssuer>) -> Self {
        let served = Served::believing(clock, trusted).await;
        Self { served, issuer, client: reqwest::Client::new() }
    }

    /// A token that must be believed.
    pub fn good_token(&self) -> String {
        self.issuer.key("EdDSA").token(&claims(monday_morning()))
    }

    /// Asks for the referrals with these headers.
    pub async fn ask(&self, headers: &[(&str, &str)]) -> Answer {
        self.ask_for("/referrals", headers).await
    }

    /// Asks for a path with these headers.
    pub async fn ask_for(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = self.client.get(self.served.url(path)).header("Accept-Language", "en");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Answer::of(request).await
    }

    /// Asks for the referrals with this token.
    pub async fn ask_with(&self, token: &str) -> Answer {
        self.ask(&[(AUTHORIZATION.as_str(), &format!("Bearer {token}"))]).await
    }
}

impl Answer {
    /// The answer to a request.
    pub async fn of(request: reqwest::RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        Self { status, headers, body: serde_json::from_str(&text).unwrap_or(Value::Null) }
    }

    /// Status and slug of a problem, such as `401 token-invalid`.
    pub fn brief(&self) -> String {
        let kind = self.body["type"].as_str().and_then(|kind| kind.rsplit('/').next());
        format!("{} {}", self.status, kind.unwrap_or("ok"))
    }

    /// How the caller is asked to identify itself (RFC 6750).
    pub fn challenge(&self) -> &str {
        self.headers.get("WWW-Authenticate").map_or("none", |value| value.to_str().unwrap())
    }

    /// The problem without what is different in every answer: the numbers of the call.
    pub fn same_for_all(&self) -> Value {
        let mut body = self.body.clone();
        for number in ["instance", "traceId"] {
            assert!(body.as_object_mut().unwrap().remove(number).is_some(), "{body} has no {number}");
        }
        body
    }
}
