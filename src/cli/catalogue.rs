//! `omm catalogue`: importing and printing what there is.

use super::{
    arguments::{Catalogue as Asked, Database, Given},
    database::{self, Expecting},
    desk,
    ending::{Ending, Trouble},
    given,
    terminal::Terminal,
};
use crate::{
    app::import_catalogue,
    clock::{Clock, Ids},
    domain::{
        catalogue::seed::{Catalogue, CatalogueChange, CatalogueEntry, DEFAULT_CATALOGUE},
        role::Permission,
    },
};

/// Does what is asked of the catalogue.
pub(super) async fn obey(terminal: &mut Terminal, asked: Asked) -> Result<Ending, Trouble> {
    match asked {
        Asked::Import { given, database, json } => import(terminal, &given, database, json).await,
        Asked::Export { database } => {
            let open = database::open(database, Expecting::Existing).await?;
            let desk = desk::on(open.store.clone(), Clock::system(), Ids::random());
            let call = desk::call(Permission::ReadCatalogue);
            let catalogue = open.named(import_catalogue::export_catalogue(&desk, &call).await)?;
            terminal.write(format_args!("{}", catalogue.print().map_err(Trouble::broken)?));
            Ok(Ending::Done)
        }
    }
}

async fn import(terminal: &mut Terminal, given: &Given, database: Database, as_json: bool) -> Result<Ending, Trouble> {
    let given = given::read(given, DEFAULT_CATALOGUE, "the catalogue that ships with omm")?;
    let catalogue = read(&given)?;
    let open = database::open(database, Expecting::Any).await?;
    let desk = desk::on(open.store.clone(), Clock::system(), Ids::random());
    let call = desk::call(Permission::ChangeSettings);
    let change = open.named(import_catalogue::import_catalogue(&desk, &call, catalogue).await)?;
    if as_json {
        terminal.say(serde_json::to_string(&change).map_err(Trouble::broken)?);
    } else {
        tell(terminal, &change);
    }
    Ok(Ending::Done)
}

/// Reads a catalogue file, or names every fault with its line.
pub(super) fn read(given: &given::GivenText) -> Result<Catalogue, Trouble> {
    Catalogue::parse(&given.text).map_err(|faults| {
        let head = format!(
            "{} is no valid catalogue, and nothing was imported; {}:",
            given.name,
            count(faults.len(), "fault")
        );
        Trouble::faults(Ending::NotSo, head, faults)
    })
}

fn tell(terminal: &mut Terminal, change: &CatalogueChange) {
    terminal.say(format_args!(
        "{} added, {} changed, {} as they were",
        count(change.added.len(), "entry"),
        change.changed.len(),
        change.unchanged.len()
    ));
    for changed in &change.changed {
        terminal.say(format_args!("  changed {}: {}", name(&changed.entry), changed.fields.join(", ")));
    }
    for missing in &change.missing {
        terminal.say(format_args!("  not in the file, and left as it is: {}", name(missing)));
    }
}

fn name(entry: &CatalogueEntry) -> String {
    match entry {
        CatalogueEntry::Organisation(code) => format!("organisation {code}"),
        CatalogueEntry::Location(code) => format!("location {code}"),
        CatalogueEntry::Unit(code) => format!("unit {code}"),
        CatalogueEntry::CareRegion(code) => format!("care region {code}"),
    }
}

/// A number with its word.
pub(super) fn count(number: usize, word: &str) -> String {
    match (number, word.strip_suffix('y')) {
        (1, _) => format!("1 {word}"),
        (_, Some(stem)) => format!("{number} {stem}ies"),
        (_, None) => format!("{number} {word}s"),
    }
}
