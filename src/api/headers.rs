//! The headers of every answer, whatever it answers.

use actix_web::http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};

use super::API_VERSION;

/// An answer of the API: nothing is to be shown, loaded or framed.
const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'";

/// Swagger UI sets styles from its script; everything it loads comes from here.
const PAGE: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
     connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Everything a page could ask a browser for, off.
const NO_FEATURES: &str = "accelerometer=(), ambient-light-sensor=(), autoplay=(), battery=(), camera=(), \
     clipboard-read=(), clipboard-write=(), display-capture=(), encrypted-media=(), fullscreen=(), gamepad=(), \
     geolocation=(), gyroscope=(), hid=(), identity-credentials-get=(), idle-detection=(), local-fonts=(), \
     magnetometer=(), microphone=(), midi=(), payment=(), picture-in-picture=(), publickey-credentials-create=(), \
     publickey-credentials-get=(), screen-wake-lock=(), serial=(), speaker-selection=(), storage-access=(), \
     usb=(), web-share=(), window-management=(), xr-spatial-tracking=()";

/// Writes them. A page may load what belongs to it; an answer of the API nothing at all.
pub(super) fn sign(headers: &mut HeaderMap, is_page: bool) {
    for (name, value) in [
        ("api-version", API_VERSION),
        ("cache-control", "no-store"),
        ("content-security-policy", if is_page { PAGE } else { NOTHING }),
        ("permissions-policy", NO_FEATURES),
        ("referrer-policy", "no-referrer"),
        ("strict-transport-security", "max-age=31536000; includeSubDomains"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    name_the_charset(headers);
}

/// A text says in what it is written.
fn name_the_charset(headers: &mut HeaderMap) {
    let named = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .filter(|kind| kind.starts_with("text/") && !kind.contains("charset"))
        .and_then(|kind| HeaderValue::try_from(format!("{kind}; charset=utf-8")).ok());
    if let Some(named) = named {
        headers.insert(CONTENT_TYPE, named);
    }
}
