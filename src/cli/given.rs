//! Reading what a command was given: a file, the standard input, or what ships with the program.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use super::{arguments::Given, ending::Trouble};

/// Files of this program are small; a larger one is a mistake, and reading it would only fill the memory.
const BYTES_MAX: u64 = 32 * 1024 * 1024;

/// A text, and what to call it in messages.
pub(super) struct GivenText {
    /// The text.
    pub text: String,
    /// Where it comes from.
    pub name: String,
}

impl GivenText {
    /// What ships with the program.
    pub fn shipped(text: &str) -> Self {
        Self { text: text.to_owned(), name: "what ships with omm".to_owned() }
    }
}

/// The text of a file or of what ships with the program.
pub(super) fn read(given: &Given, shipped: &str, shipped_name: &str) -> Result<GivenText, Trouble> {
    match &given.file {
        Some(path) => read_file(path),
        None => Ok(GivenText { text: shipped.to_owned(), name: shipped_name.to_owned() }),
    }
}

/// The text of a file; `-` is the standard input.
pub(super) fn read_file(path: &Path) -> Result<GivenText, Trouble> {
    let name = if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() };
    let cannot = |error: io::Error| Trouble::usage(format!("{name} cannot be read: {error}"));
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        io::stdin().take(BYTES_MAX + 1).read_to_end(&mut bytes).map_err(cannot)?;
    } else {
        File::open(path).and_then(|file| file.take(BYTES_MAX + 1).read_to_end(&mut bytes)).map_err(cannot)?;
    }
    if u64::try_from(bytes.len()).is_ok_and(|length| length > BYTES_MAX) {
        return Err(Trouble::usage(format!("{name} is larger than {} MiB", BYTES_MAX / 1024 / 1024)));
    }
    let text = String::from_utf8(bytes).map_err(|fault| {
        Trouble::usage(format!("{name} is no UTF-8 text (byte {})", fault.utf8_error().valid_up_to()))
    })?;
    Ok(GivenText { text, name })
}
