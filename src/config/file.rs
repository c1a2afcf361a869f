//! The settings file (`omm.toml`): every value with the line it stands in.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use toml::{
    Spanned,
    de::{DeString, DeTable, DeValue},
};

use super::{
    CONFIG_FILE_DEFAULT, CONFIG_VARIABLE, Form, ISSUER_SETTINGS, IssuerValues, SETTINGS, Setting, SettingFault, Stated,
    Values,
};

/// The name under which issuers stand, each as a table: `[[issuers]]`.
const ISSUERS: &str = "issuers";

/// What the settings file says: the one that a flag names, or a variable, or the one that lies here, if any.
pub(super) fn of(
    flag: Option<&Path>,
    variable: Option<&String>,
    faults: &mut Vec<SettingFault>,
) -> (Values, Vec<IssuerValues>) {
    let (by, path) = match (flag, variable) {
        (Some(path), _) => ("--config", path.to_path_buf()),
        (None, Some(path)) => (CONFIG_VARIABLE, PathBuf::from(path)),
        (None, None) if Path::new(CONFIG_FILE_DEFAULT).exists() => ("settings", PathBuf::from(CONFIG_FILE_DEFAULT)),
        (None, None) => return (BTreeMap::new(), Vec::new()),
    };
    match fs::read_to_string(&path) {
        Ok(text) => read(&path.display().to_string(), &text, faults),
        Err(error) => {
            faults.push(SettingFault::new(by, format!("{} cannot be read: {error}", path.display())));
            (BTreeMap::new(), Vec::new())
        }
    }
}

/// Reads the text of a settings file of this name.
pub(super) fn read(file: &str, text: &str, faults: &mut Vec<SettingFault>) -> (Values, Vec<IssuerValues>) {
    let page = Page { file, text };
    let (document, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        // What the parser made of the rest would only mislead.
        let told = errors.iter().map(|error| (error.span().map_or(0, |span| span.start), error.message()));
        faults.extend(told.map(|(at, why)| SettingFault::new(page.line(at), format!("this is no TOML: {why}"))));
        return (BTreeMap::new(), Vec::new());
    }
    let (lists, rest): (Vec<_>, Vec<_>) = document.get_ref().iter().partition(|(name, _)| name.get_ref() == ISSUERS);
    let mut issuers = Vec::new();
    for (name, value) in lists {
        let list = value.get_ref().as_array().into_iter().flatten();
        let tables: Option<Vec<_>> = list.map(|item| Some((item.span().start, item.get_ref().as_table()?))).collect();
        match tables.filter(|tables| !tables.is_empty()) {
            Some(tables) => issuers.extend(tables.into_iter().map(|(at, table)| IssuerValues {
                by: page.place(at, "[[issuers]]"),
                values: page.values(table, &ISSUER_SETTINGS, faults),
            })),
            None => faults.push(SettingFault::new(
                page.place(name.span().start, ISSUERS),
                "each issuer stands under a line [[issuers]] of its own",
            )),
        }
    }
    (page.values(rest, &SETTINGS, faults), issuers)
}

/// The file, to name places in it.
struct Page<'f> {
    file: &'f str,
    text: &'f str,
}

impl Page<'_> {
    fn line(&self, at: usize) -> String {
        let before = self.text.get(..at).unwrap_or(self.text);
        format!("{}, line {}", self.file, before.matches('\n').count() + 1)
    }

    fn place(&self, at: usize, name: &str) -> String {
        format!("{}, {name}", self.line(at))
    }

    fn values<'v>(
        &self,
        table: impl IntoIterator<Item = (&'v Spanned<DeString<'v>>, &'v Spanned<DeValue<'v>>)>,
        settings: &[Setting],
        faults: &mut Vec<SettingFault>,
    ) -> Values {
        let mut values = Values::new();
        for (name, value) in table {
            let by = self.place(name.span().start, name.get_ref());
            let Some(setting) = settings.iter().find(|setting| setting.name == name.get_ref()) else {
                let names: Vec<_> = settings.iter().map(|setting| setting.name).collect();
                let message = format!("there is no such setting here; there are {}", names.join(", "));
                faults.push(SettingFault::new(by, message));
                continue;
            };
            match text_of(value.get_ref(), setting.form) {
                Some(text) if text.trim().is_empty() => {
                    faults.push(SettingFault::new(by, "is empty; leave it out if it is not meant"));
                }
                Some(text) => {
                    values.insert(setting.name, Stated { by, text });
                }
                None => faults.push(SettingFault::new(by, format!("must be {}", written(setting.form)))),
            }
        }
        values
    }
}

/// The value as a variable would hold it, if it has this form.
fn text_of(value: &DeValue<'_>, form: Form) -> Option<String> {
    match form {
        Form::Text => value.as_str().map(str::to_owned),
        Form::Number => {
            value.as_integer().filter(|number| number.radix() == 10).map(|number| number.as_str().to_owned())
        }
        Form::List => {
            let items: Option<Vec<&str>> = value.as_array()?.iter().map(|item| item.get_ref().as_str()).collect();
            items.map(|items| items.join(","))
        }
    }
}

fn written(form: Form) -> &'static str {
    match form {
        Form::Text => "a text in quotes",
        Form::Number => "a number",
        Form::List => "a list of texts, such as [\"ES256\"]",
    }
}
