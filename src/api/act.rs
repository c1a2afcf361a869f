//! A request that changes something takes effect once, however often it is sent: a handler that takes an [`Act`] has a
//! caller who may do `P`, a key that tells one request from another, and what was sent.
//!
//! Invariant: caller, then key, then body: nobody learns of a fault in a request that he may not make.

use std::marker::PhantomData;

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use futures_util::future::LocalBoxFuture;
use serde::Deserialize;
use std::future::{Ready, ready};
use utoipa::IntoParams;
use uuid::Uuid;

use super::{
    auth::{Allowed, Asks},
    body::Body,
    language::Text,
    problem::{Fault, Problem, Spot, kind::Kind},
};
use crate::domain::{audit::Call, once::Once, role::Scope};

/// The header that holds the key.
const KEY: &str = "Idempotency-Key";

/// The header that every act asks for, as the contract states it.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Header)]
pub struct KeyHeader {
    /// A UUID of the caller's choice, bare or in quotes, new for every act. The same request under the same key takes
    /// effect once; for 24 hours a repeat gets the answer of the first.
    #[serde(rename = "Idempotency-Key")]
    #[param(rename = "Idempotency-Key", min_length = 36, max_length = 38)]
    _key: String,
}

/// A request that changes something: who asks, how far the right reaches, and what was sent.
#[derive(Debug)]
pub struct Act<P, S = Nothing> {
    /// Who asks and why, with what tells this request from others.
    pub call: Call,
    /// How far the permission reaches.
    pub scope: Scope,
    /// What was sent.
    pub sent: S,
    asked: PhantomData<fn() -> P>,
}

/// What can be sent with an act: its bytes tell one request from another.
pub trait Sent: FromRequest<Error = Problem> {
    /// What was sent, byte by byte.
    fn bytes(&self) -> &[u8];
}

/// Nothing is sent.
#[derive(Clone, Copy, Debug)]
pub struct Nothing;

impl FromRequest for Nothing {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(_: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self))
    }
}

impl Sent for Nothing {
    fn bytes(&self) -> &[u8] {
        &[]
    }
}

impl<T> Sent for Body<T>
where
    Self: FromRequest<Error = Problem>,
{
    fn bytes(&self) -> &[u8] {
        self.text()
    }
}

impl<P: Asks + 'static, S: Sent + 'static> FromRequest for Act<P, S> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let allowed = Allowed::<P>::from_request(request, payload).into_inner();
        let asked = allowed.and_then(|allowed| Ok((allowed, key(request)?)));
        let route = format!("{} {}", request.method(), request.path());
        let sent = S::from_request(request, payload);
        Box::pin(async move {
            let (Allowed { mut call, scope, .. }, key) = asked?;
            let sent = sent.await?;
            call.once = Some(Once::of(&call.actor, &route, key, sent.bytes()));
            Ok(Self { call, scope, sent, asked: PhantomData })
        })
    }
}

/// The key of a request: one header, a UUID as it is usually written, bare or as a string of RFC 8941.
fn key(request: &HttpRequest) -> Result<Uuid, Problem> {
    let mut headers = request.headers().get_all(KEY);
    let Some(header) = headers.next() else { return Err(Problem::new(Kind::IdempotencyKeyMissing)) };
    let text = header.to_str().unwrap_or_default().trim();
    let bare = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    let read = if bare.len() == 36 && headers.next().is_none() { bare.parse().ok() } else { None };
    read.ok_or_else(|| {
        let detail = Text::fixed(
            "De sleutel is één UUID, los of tussen aanhalingstekens.",
            "The key is one UUID, bare or in quotes.",
        );
        Problem::invalid(vec![Fault { spot: Spot::Header(KEY), code: "no_uuid", detail }])
    })
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_key_is_one_uuid_bare_or_in_quotes() {
        let uuid = "3f2a6f0e-9d3b-4c8e-8a53-0d4f4a3f2b11";
        let read = |value: &str| key(&TestRequest::post().insert_header((KEY, value)).to_http_request());
        assert_eq!(read(uuid).unwrap().to_string(), uuid);
        assert_eq!(read(&format!("\"{uuid}\"")).unwrap().to_string(), uuid);
        assert_eq!(read(&uuid.to_uppercase()).unwrap().to_string(), uuid);
        for odd in [
            "",
            "x",
            "\"\"",
            &uuid.replace('-', ""),
            &format!("{{{uuid}}}"),
            &format!("\"{uuid}"),
            &format!("{uuid}, {uuid}"),
        ] {
            let problem = read(odd).unwrap_err();
            assert_eq!((problem.kind(), problem.faults()[0].spot.clone()), (Kind::InvalidInput, Spot::Header(KEY)));
        }
        let twice = TestRequest::post().append_header((KEY, uuid)).append_header((KEY, uuid)).to_http_request();
        assert_eq!(key(&twice).unwrap_err().kind(), Kind::InvalidInput);
        let without = TestRequest::post().to_http_request();
        assert_eq!(key(&without).unwrap_err().kind(), Kind::IdempotencyKeyMissing);
    }
}
