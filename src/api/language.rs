//! The two languages of the service, and a text in both. Dutch is the default: it is the field's own language.

use std::borrow::Cow;

/// A language the service speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// Dutch.
    #[default]
    Nl,
    /// English.
    En,
}

impl Language {
    /// The language that an `Accept-Language` header asks for most; Dutch when it asks for neither.
    pub fn asked(header: Option<&str>) -> Self {
        let mut best = (Self::default(), 0_u16);
        for part in header.unwrap_or_default().split(',') {
            let mut pieces = part.split(';');
            let tag = pieces.next().unwrap_or_default().trim().to_ascii_lowercase();
            let language = match tag.split('-').next() {
                Some("nl") => Self::Nl,
                Some("en") => Self::En,
                Some(_) | None => continue,
            };
            let weight = pieces.find_map(|piece| piece.trim().strip_prefix("q=").map(thousandths)).unwrap_or(1000);
            if weight > best.1 {
                best = (language, weight);
            }
        }
        best.0
    }

    /// The tag, as it stands in `Content-Language`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Nl => "nl",
            Self::En => "en",
        }
    }
}

/// A quality value of RFC 9110 (`0.8`) in thousandths; anything else counts as nothing.
fn thousandths(quality: &str) -> u16 {
    let (whole, part) = quality.trim().split_once('.').unwrap_or((quality.trim(), ""));
    let digits: String = part.chars().chain("000".chars()).take(3).collect();
    match whole {
        "1" => 1000,
        "0" => digits.parse().unwrap_or(0),
        _ => 0,
    }
}

/// A text in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// In Dutch.
    pub nl: Cow<'static, str>,
    /// In English.
    pub en: Cow<'static, str>,
}

impl Text {
    /// A text that stands in the source.
    pub const fn fixed(nl: &'static str, en: &'static str) -> Self {
        Self { nl: Cow::Borrowed(nl), en: Cow::Borrowed(en) }
    }

    /// A text made of parts. Never put in what a caller sent: an answer repeats no value.
    pub fn made(nl: String, en: String) -> Self {
        Self { nl: Cow::Owned(nl), en: Cow::Owned(en) }
    }

    /// The text in one language.
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::Nl => &self.nl,
            Language::En => &self.en,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Language::{self, En, Nl};

    #[test]
    fn the_highest_weight_wins_and_dutch_is_the_default() {
        for (header, want) in [
            (None, Nl),
            (Some(""), Nl),
            (Some("fr, de"), Nl),
            (Some("en"), En),
            (Some("en-GB,en;q=0.9,nl;q=0.8"), En),
            (Some("en;q=0.7, nl-NL;q=0.71"), Nl),
            (Some("en;q=0"), Nl),
            (Some("EN;q=1.000"), En),
            (Some("en;q=banana"), Nl),
        ] {
            assert_eq!(Language::asked(header), want, "{header:?}");
        }
    }
}
