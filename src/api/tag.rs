//! Tags (RFC 9110, 8.8.3): every single thing that is read has one, every deciding act names the one it saw.
//!
//! Invariant: a tag is that of the view. Where the viewer may change the thing, the tag begins with its version, which is
//! what an act is held against, under the fence; elsewhere it is made of the view alone, so that it does not move when
//! something hidden moves.

use std::future::{Ready, ready};

use actix_web::{
    FromRequest, HttpRequest, HttpResponse,
    dev::Payload,
    http::header::{IF_MATCH, IF_NONE_MATCH},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::IntoParams;

use super::problem::{Problem, kind::Kind};
use crate::domain::{audit::Call, matching::canonical::hex};

/// A version that nothing has: versions count from 1.
const NO_VERSION: i64 = 0;

/// The header that every deciding act asks for, as the contract states it.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Header)]
pub struct SeenHeader {
    /// The `ETag` under which the caller saw what is decided on. If it has changed since, nothing is done and the answer is
    /// 412; without the header it is 428.
    #[serde(rename = "If-Match")]
    #[param(rename = "If-Match", max_length = 100)]
    _tag: String,
}

/// The header that every read of a single thing takes, as the contract states it.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Header)]
pub struct KnownHeader {
    /// The `ETag` that the caller holds already. If nothing changed, the answer is 304 without a body.
    #[serde(rename = "If-None-Match")]
    #[param(rename = "If-None-Match", max_length = 1000, required = false)]
    _tag: Option<String>,
}

/// The version a caller saw before it acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeenVersion(i64);

impl SeenVersion {
    /// The call, held to the version that was seen.
    pub fn of(self, call: Call) -> Call {
        Call { seen: Some(self.0), ..call }
    }
}

impl FromRequest for SeenVersion {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let mut headers = request.headers().get_all(IF_MATCH);
        let tag = headers.next().and_then(|header| header.to_str().ok()).map(str::trim);
        ready(match tag {
            // `*` would say "whatever it is by now", and that is what must not happen.
            Some(tag) if tag != "*" && headers.next().is_none() => Ok(Self(version_in(tag))),
            Some(_) | None => Err(Problem::new(Kind::VersionRequired)),
        })
    }
}

/// The version that a strong tag begins with.
fn version_in(tag: &str) -> i64 {
    let inner = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"'));
    let version = inner.and_then(|inner| inner.split_once('.')).and_then(|(version, _)| version.parse().ok());
    version.filter(|version| *version > NO_VERSION).unwrap_or(NO_VERSION)
}

/// The tags a caller holds.
#[derive(Clone, Debug)]
pub struct KnownTags(Vec<String>);

impl FromRequest for KnownTags {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let texts = request.headers().get_all(IF_NONE_MATCH).filter_map(|header| header.to_str().ok());
        let tags = texts.flat_map(|text| text.split(',')).map(|tag| tag.trim().trim_start_matches("W/").to_owned());
        ready(Ok(Self(tags.collect())))
    }
}

impl KnownTags {
    /// The view with its tag, or 304 if the caller holds it already. Call it after the read was recorded.
    pub fn answer(&self, version: Option<i64>, view: &impl Serialize) -> Result<HttpResponse, Problem> {
        let body = serde_json::to_vec(view).map_err(|_| Problem::new(Kind::InternalError))?;
        let tag = tag(version, &body);
        if self.0.iter().any(|known| *known == tag || known == "*") {
            return Ok(HttpResponse::NotModified().insert_header(("ETag", tag)).finish());
        }
        Ok(HttpResponse::Ok().insert_header(("ETag", tag)).content_type("application/json").body(body))
    }
}

fn tag(version: Option<i64>, view: &[u8]) -> String {
    let hash = hex(&Sha256::digest(view));
    let hash = hash.get(..16).unwrap_or_default();
    version.map_or_else(|| format!("\"{hash}\""), |version| format!("\"{version}.{hash}\""))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    async fn seen(tags: &[&str]) -> Option<i64> {
        let request = tags.iter().fold(TestRequest::post(), |request, tag| request.append_header((IF_MATCH, *tag)));
        SeenVersion::extract(&request.to_http_request()).await.ok().map(|seen| seen.0)
    }

    #[actix_web::test]
    async fn an_act_names_one_strong_tag_with_a_version() {
        let own = tag(Some(7), b"{}");
        assert_eq!(seen(&[&own]).await, Some(7));
        for stale in [tag(None, b"{}"), "\"x.1\"".to_owned(), "\"-7.0\"".to_owned(), format!("W/{own}"), "7".to_owned()]
        {
            assert_eq!(seen(&[&stale]).await, Some(NO_VERSION), "{stale}");
        }
        for missing in [vec![], vec!["*"], vec![own.as_str(), own.as_str()]] {
            assert_eq!(seen(&missing).await, None, "{missing:?}");
        }
    }

    #[actix_web::test]
    async fn a_view_that_is_held_already_is_not_sent_again() {
        let known = |header: &str| KnownTags(header.split(',').map(|tag| tag.trim().to_owned()).collect());
        let first = known("").answer(None, &"view").unwrap();
        let tag = first.headers().get("etag").unwrap().to_str().unwrap().to_owned();
        assert_eq!(known(&format!("\"x\", {tag}")).answer(None, &"view").unwrap().status(), 304);
        assert_eq!(known(&tag).answer(None, &"another").unwrap().status(), 200);
        assert_eq!(known(&tag).answer(Some(1), &"view").unwrap().status(), 200);
    }
}
