//! The catalogue as a file: read into the types of the field, compared with what is there, and printed back.
//!
//! Invariants: a file with any fault is refused as a whole, with all its faults; printing and reading again gives the
//! same catalogue. The file holds public codes only: the internal id of a unit is given once, at its first import,
//! and never changes, because the lottery draws on it.

mod change;
mod file;
mod location;
mod print;

pub use change::{CatalogueChange, CatalogueEntry, ChangedEntry};

use super::care_region::CareRegion;
use super::location::{Location, Organisation, Unit, UnitKind};
use crate::domain::document::Fault;
use crate::domain::ids::{LocationCode, UnitCode, UnitId};

/// The catalogue that the service starts with: what public sources document, see `docs/catalogue.md`.
pub const DEFAULT_CATALOGUE: &str = include_str!("../../../../catalogue/catalogue.json");

/// One thing that is wrong in a catalogue file.
pub type CatalogueFault = Fault;

/// Organisations, locations with their units, and regions of care coordination.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalogue {
    /// Every organisation of the field.
    pub organisations: Vec<Organisation>,
    /// Every location.
    pub locations: Vec<LocationSeed>,
    /// Who coordinates care where.
    pub care_regions: Vec<CareRegion>,
}

/// A location whose units have no internal ids yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocationSeed {
    /// Everything but the units: that list is empty here.
    described: Location,
    /// Its units.
    pub units: Vec<UnitSeed>,
}

/// A unit without its internal id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitSeed {
    /// Public code.
    pub code: UnitCode,
    /// What it is meant for.
    pub kind: UnitKind,
    /// Number of places; `None` is not documented.
    pub places: Option<u16>,
    /// True if the number of places is an assumption until the shelter reports.
    pub assumed: bool,
}

impl Catalogue {
    /// Reads a catalogue file. Nothing of it is used if anything is wrong; then every fault is named with its line.
    pub fn parse(text: &str) -> Result<Self, Vec<CatalogueFault>> {
        file::parse(text)
    }

    /// The catalogue of entries that were imported before.
    pub fn of(organisations: Vec<Organisation>, locations: Vec<Location>, care_regions: Vec<CareRegion>) -> Self {
        Self { organisations, locations: locations.into_iter().map(LocationSeed::of).collect(), care_regions }
    }

    /// The file that reads back as this catalogue, one entry a line. An error would mean that JSON cannot say it.
    pub fn print(&self) -> Result<String, serde_json::Error> {
        print::print(self)
    }

    /// What an import of `new` does to `existing`. An entry that `new` lacks is reported and stays.
    pub fn diff(existing: &Self, new: &Self) -> CatalogueChange {
        change::diff(existing, new)
    }
}

impl LocationSeed {
    /// The public code of the location.
    pub fn code(&self) -> &LocationCode {
        &self.described.code
    }

    /// The location with the internal id of each unit: the one it has, or a new one, as `id_of` knows.
    #[must_use]
    pub fn into_location(self, mut id_of: impl FnMut(&UnitCode) -> UnitId) -> Location {
        let with_id = |UnitSeed { code, kind, places, assumed }| Unit { id: id_of(&code), code, kind, places, assumed };
        Location { units: self.units.into_iter().map(with_id).collect(), ..self.described }
    }

    /// A location without the internal ids of its units.
    fn of(mut location: Location) -> Self {
        let units = std::mem::take(&mut location.units);
        let without_id = |Unit { id: _, code, kind, places, assumed }| UnitSeed { code, kind, places, assumed };
        Self { described: location, units: units.into_iter().map(without_id).collect() }
    }
}

#[cfg(test)]
mod tests;
