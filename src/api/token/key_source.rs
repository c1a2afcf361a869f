//! Where the public keys of an issuer come from, and how they are fetched.
//!
//! Invariants: nothing is fetched over a network without verified TLS; no redirect is followed; size and time have limits.

use std::{fs::File, io::Read, net::IpAddr, path::PathBuf};

use reqwest::{
    Client, Response, StatusCode, Url,
    header::{AGE, CACHE_CONTROL, HeaderMap},
    redirect::Policy,
};

/// A key set of some hundred keys; a larger one is none.
const KEY_SET_BYTES_MAX: usize = 128 * 1024;
/// So long callers may have to wait for a key set, from the first packet to the last byte.
const FETCH_MAX: std::time::Duration = std::time::Duration::from_secs(3);

/// Where the public keys of an issuer come from.
#[derive(Clone, Debug)]
pub enum KeySource {
    /// A file on this machine.
    File(PathBuf),
    /// An address that the issuer publishes them at.
    Address(KeyAddress),
}

/// An address that was checked, and the client that asks there.
#[derive(Clone, Debug)]
pub struct KeyAddress {
    url: Url,
    client: Client,
}

/// Why an address is not taken. It does not repeat the address, which may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressFault {
    /// It cannot be read.
    #[error("is no address; it should look like https://login.example.org/keys")]
    Unreadable,
    /// Plain HTTP over a network: whoever stands in between could hand out keys.
    #[error("must begin with https://; plain http:// never leaves this machine")]
    Plain,
    /// It holds a name or a password.
    #[error("must hold no name or password: public keys need none")]
    Password,
    /// This machine cannot speak TLS.
    #[error("cannot be asked: this machine trusts no certificate authority")]
    NoTrust,
}

/// Why no keys were fetched.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchFault {
    /// The file cannot be read.
    #[error("the file cannot be read: {0}")]
    File(std::io::ErrorKind),
    /// Nobody answered, or the connection broke off.
    #[error("the address cannot be reached")]
    Unreachable,
    /// The answer was another than 200; redirects are not followed.
    #[error("the address answered {0}")]
    Status(u16),
    /// It is larger than a key set.
    #[error("the answer is larger than a key set")]
    TooLarge,
    /// It took too long.
    #[error("the answer took too long")]
    TooLate,
    /// It is no UTF-8.
    #[error("the answer is no text")]
    NoText,
}

/// What was fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fetched {
    pub text: String,
    /// How long the issuer says it may be kept, in seconds.
    pub max_age: Option<i64>,
}

impl KeySource {
    /// An address, if it may be asked: `https`, or this machine itself.
    pub fn address(text: &str) -> Result<Self, AddressFault> {
        let url = Url::parse(text).map_err(|_| AddressFault::Unreadable)?;
        let is_plain = url.scheme() == "http";
        if url.host_str().is_none_or(str::is_empty) || !(is_plain || url.scheme() == "https") {
            return Err(AddressFault::Unreadable);
        }
        if is_plain && !is_this_machine(&url) {
            return Err(AddressFault::Plain);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(AddressFault::Password);
        }
        let client = Client::builder()
            .https_only(!is_plain)
            .redirect(Policy::none())
            .referer(false)
            .no_proxy()
            // A connection is used once in minutes: kept open, it would only be found broken.
            .pool_max_idle_per_host(0)
            .build()
            .map_err(|_| AddressFault::NoTrust)?;
        Ok(Self::Address(KeyAddress { url, client }))
    }

    pub(super) async fn fetch(&self) -> Result<Fetched, FetchFault> {
        let fetching = async {
            match self {
                Self::File(path) => read(path.clone()).await,
                Self::Address(address) => download(address).await,
            }
        };
        tokio::time::timeout(FETCH_MAX, fetching).await.unwrap_or(Err(FetchFault::TooLate))
    }
}

/// A name could be made to mean any machine, but for this one.
fn is_this_machine(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

async fn read(path: PathBuf) -> Result<Fetched, FetchFault> {
    let limit = u64::try_from(KEY_SET_BYTES_MAX).unwrap_or(u64::MAX) + 1;
    let reading = tokio::task::spawn_blocking(move || {
        let mut bytes = Vec::new();
        File::open(path)?.take(limit).read_to_end(&mut bytes)?;
        Ok::<_, std::io::Error>(bytes)
    });
    let bytes = reading.await.map_err(|_| FetchFault::Unreachable)?;
    let bytes = bytes.map_err(|error| FetchFault::File(error.kind()))?;
    if bytes.len() > KEY_SET_BYTES_MAX {
        return Err(FetchFault::TooLarge);
    }
    Ok(Fetched { text: text(bytes)?, max_age: None })
}

async fn download(address: &KeyAddress) -> Result<Fetched, FetchFault> {
    let request =
        address.client.get(address.url.clone()).header("Accept", "application/jwk-set+json, application/json");
    let mut response = request.send().await.map_err(|_| FetchFault::Unreachable)?;
    if response.status() != StatusCode::OK {
        return Err(FetchFault::Status(response.status().as_u16()));
    }
    let max_age = max_age(response.headers());
    Ok(Fetched { text: text(body(&mut response).await?)?, max_age })
}

async fn body(response: &mut Response) -> Result<Vec<u8>, FetchFault> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|_| FetchFault::Unreachable)? {
        if bytes.len() + chunk.len() > KEY_SET_BYTES_MAX {
            return Err(FetchFault::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn text(bytes: Vec<u8>) -> Result<String, FetchFault> {
    String::from_utf8(bytes).map_err(|_| FetchFault::NoText)
}

/// The seconds that `Cache-Control` leaves (RFC 9111): what is not to be kept has none, and what was kept on the way has
/// less.
fn max_age(headers: &HeaderMap) -> Option<i64> {
    let all = headers.get_all(CACHE_CONTROL).iter().filter_map(|value| value.to_str().ok());
    let directives: Vec<String> =
        all.flat_map(|value| value.split(',')).map(|part| part.trim().to_ascii_lowercase()).collect();
    if directives.iter().any(|directive| directive == "no-store" || directive == "no-cache") {
        return Some(0);
    }
    let stated = directives.iter().find_map(|directive| directive.strip_prefix("max-age="))?;
    let stated: i64 = stated.trim_matches('"').parse().ok()?;
    let age = headers.get(AGE).and_then(|value| value.to_str().ok()).and_then(|age| age.trim().parse().ok());
    Some(stated.saturating_sub(age.unwrap_or(0)).max(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_never_leaves_this_machine() {
        for taken in [
            "https://login.example.org/keys",
            "https://login.example.org:8443/a/b?tenant=1",
            "http://127.0.0.1:8080/keys",
            "http://localhost/keys",
            "http://[::1]:1/keys",
        ] {
            assert!(KeySource::address(taken).is_ok(), "{taken}");
        }
        for (refused, why) in [
            ("http://login.example.org/keys", AddressFault::Plain),
            ("http://10.0.0.1/keys", AddressFault::Plain),
            ("http://localhost.example.org/keys", AddressFault::Plain),
            ("http://127.0.0.1.example.org/keys", AddressFault::Plain),
            ("https://name:secret@login.example.org/keys", AddressFault::Password),
            ("ftp://login.example.org/keys", AddressFault::Unreadable),
            ("file:///etc/omm/keys.json", AddressFault::Unreadable),
            ("login.example.org/keys", AddressFault::Unreadable),
            ("", AddressFault::Unreadable),
        ] {
            assert_eq!(KeySource::address(refused).err(), Some(why), "{refused}");
        }
    }

    #[test]
    fn how_long_keys_may_be_kept_is_read_from_the_headers() {
        let of = |headers: &[(&'static str, &'static str)]| {
            let mut map = HeaderMap::new();
            for (name, value) in headers {
                map.append(*name, value.parse().unwrap());
            }
            max_age(&map)
        };
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[("cache-control", "public, Max-Age=600")]), Some(600));
        assert_eq!(of(&[("cache-control", "public"), ("cache-control", "max-age=\"60\"")]), Some(60));
        assert_eq!(of(&[("cache-control", "max-age=600"), ("age", "90")]), Some(510));
        assert_eq!(of(&[("cache-control", "max-age=600"), ("age", "900")]), Some(0));
        assert_eq!(of(&[("cache-control", "max-age=600, no-store")]), Some(0));
        assert_eq!(of(&[("cache-control", "no-cache")]), Some(0));
        for odd in ["max-age", "max-age=", "max-age=soon", "max-age=99999999999999999999", "s-maxage=600"] {
            let mut map = HeaderMap::new();
            map.append("cache-control", odd.parse().unwrap());
            assert_eq!(max_age(&map), None, "{odd}");
        }
    }
}
