//! The trace a call belongs to (W3C Trace Context): taken over from the caller when it is valid, else a new one.

use uuid::Uuid;

/// The trace id of a call, in 32 hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace(String);

impl Trace {
    /// The trace that a `traceparent` header names; `new` where there is none or it is not valid.
    pub fn of(traceparent: Option<&str>, new: impl FnOnce() -> Uuid) -> Self {
        traceparent.and_then(Self::read).unwrap_or_else(|| Self(new().simple().to_string()))
    }

    /// The id.
    pub fn id(&self) -> &str {
        &self.0
    }

    fn read(header: &str) -> Option<Self> {
        let mut parts = header.split('-');
        let (version, trace, span, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let is_hex = |text: &str, length: usize| {
            text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
        };
        let is_valid = is_hex(version, 2)
            && version != "ff"
            && (version != "00" || parts.next().is_none())
            && is_hex(trace, 32)
            && is_hex(span, 16)
            && is_hex(flags, 2)
            && [trace, span].iter().all(|id| id.bytes().any(|byte| byte != b'0'));
        is_valid.then(|| Self(trace.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";

    #[test]
    fn a_valid_parent_is_taken_over() {
        for header in [format!("00-{TRACE}-b7ad6b7169203331-01"), format!("cc-{TRACE}-b7ad6b7169203331-01-later")] {
            assert_eq!(Trace::of(Some(&header), Uuid::nil).id(), TRACE);
        }
    }

    #[test]
    fn anything_else_gets_a_new_trace() {
        let new = Uuid::from_u128(7);
        for header in [
            "",
            "00",
            &format!("ff-{TRACE}-b7ad6b7169203331-01"),
            &format!("00-{TRACE}-b7ad6b7169203331-01-more"),
            &format!("00-{}-b7ad6b7169203331-01", TRACE.to_uppercase()),
            &format!("00-{}-b7ad6b7169203331-01", "0".repeat(32)),
            &format!("00-{TRACE}-{}-01", "0".repeat(16)),
            &format!("00-{TRACE}-b7ad6b7169203331-0"),
        ] {
            assert_eq!(Trace::of(Some(header), || new).id(), new.simple().to_string(), "{header}");
        }
        assert_eq!(Trace::of(None, || new).id().len(), 32);
    }
}
