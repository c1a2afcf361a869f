//! Which pages of other origins a browser lets read the answers: those on a list that is empty unless it is set, and the
//! service's own. Nobody else gets a word about it.

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

/// What a page may read of an answer beside its body.
const EXPOSED: &str = "API-Version, Content-Language, ETag, Link, Location, RateLimit, RateLimit-Policy, Retry-After";

/// What a page may send.
const TAKEN: &str =
    "Authorization, Content-Type, Accept-Language, Idempotency-Key, If-Match, If-None-Match, Traceparent";

/// So many seconds a browser may remember what it was told.
const REMEMBERED_SECONDS: &str = "600";

/// The origins that are let in.
#[derive(Clone, Debug, Default)]
pub struct Origins(Vec<String>);

/// An origin that cannot stand on the list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no origin such as https://desk.example.org: a scheme, a host, a port if need be, and nothing after it"
)]
pub struct NoOrigin(String);

impl Origins {
    /// These, each as a browser writes it. `*` and `null` are refused: they would let in everybody.
    pub fn new<'o>(origins: impl IntoIterator<Item = &'o str>) -> Result<Self, NoOrigin> {
        let read = origins.into_iter().map(|origin| match origin_of(origin) {
            Some(read) if read == origin => Ok(read),
            Some(_) | None => Err(NoOrigin(origin.to_owned())),
        });
        read.collect::<Result<_, _>>().map(Self)
    }

    /// The same list with the origin of the service's own address on it.
    #[must_use]
    pub fn with_own(mut self, public_url: &str) -> Self {
        self.0.extend(origin_of(public_url));
        self
    }

    /// The header that lets the page in, if it is on the list. An origin is compared whole and letter by letter.
    pub(super) fn let_in(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        let mut origins = headers.get_all("origin");
        let origin = origins.next().filter(|_| origins.next().is_none())?;
        self.0.iter().any(|known| known.as_bytes() == origin.as_bytes()).then(|| origin.clone())
    }
}

/// Scheme, host and port of an address, as a browser writes an origin.
fn origin_of(address: &str) -> Option<String> {
    let (scheme, rest) = address.split_once("://").filter(|(scheme, _)| matches!(*scheme, "http" | "https"))?;
    let host = rest.split('/').next().filter(|host| !host.is_empty())?;
    let is_host = |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || ".-:[]".contains(sign);
    let host = host.to_ascii_lowercase();
    host.chars().all(is_host).then(|| format!("{scheme}://{host}"))
}

/// Writes what a browser needs to know into an answer.
pub(super) fn tell(headers: &mut HeaderMap, let_in: Option<&HeaderValue>) {
    if headers.contains_key("access-control-allow-origin") {
        return;
    }
    headers.append(HeaderName::from_static("vary"), HeaderValue::from_static("Origin"));
    if let Some(origin) = let_in {
        headers.insert(HeaderName::from_static("access-control-allow-origin"), origin.clone());
        headers.insert(HeaderName::from_static("access-control-expose-headers"), HeaderValue::from_static(EXPOSED));
    }
}

/// Writes what a browser asks before it calls: which methods and headers.
pub(super) fn tell_before(headers: &mut HeaderMap, let_in: Option<&HeaderValue>, methods: &HeaderValue) {
    if let_in.is_some() {
        headers.insert(HeaderName::from_static("access-control-allow-methods"), methods.clone());
        headers.insert(HeaderName::from_static("access-control-allow-headers"), HeaderValue::from_static(TAKEN));
        headers.insert(HeaderName::from_static("access-control-max-age"), HeaderValue::from_static(REMEMBERED_SECONDS));
    }
}

#[cfg(test)]
mod tests {
    use super::{HeaderMap, HeaderName, HeaderValue, Origins};

    fn asked(origins: &[&'static str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for origin in origins {
            headers.append(HeaderName::from_static("origin"), HeaderValue::from_static(origin));
        }
        headers
    }

    #[test]
    fn only_an_origin_on_the_list_is_let_in_letter_by_letter() {
        let origins = Origins::new(["https://desk.example"]).unwrap().with_own("http://127.0.0.1:8080/");
        for let_in in ["https://desk.example", "http://127.0.0.1:8080"] {
            assert_eq!(origins.let_in(&asked(&[let_in])).unwrap(), let_in);
        }
        for kept_out in [
            "null",
            "*",
            "",
            "http://desk.example",
            "https://desk.example.",
            "https://desk.example:443",
            "https://desk.example.evil.example",
            "https://evildesk.example",
            "https://DESK.example",
            "https://desk.example/",
            "http://127.0.0.1:80",
        ] {
            assert_eq!(origins.let_in(&asked(&[kept_out])), None, "{kept_out}");
        }
        assert_eq!(origins.let_in(&asked(&["https://desk.example", "https://evil.example"])), None);
        assert_eq!(Origins::default().let_in(&asked(&["https://desk.example"])), None);
    }

    #[test]
    fn everybody_cannot_stand_on_the_list() {
        for wrong in
            ["*", "null", "", "desk.example", "https://", "https://desk.example/", "https://*.example", "ftp://a"]
        {
            assert!(Origins::new([wrong]).is_err(), "{wrong}");
        }
    }
}
