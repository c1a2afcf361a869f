//! Whole kilometres between cities, and which police unit a city lies in: a small versioned table.
//!
//! Great-circle distances, so an approximation and an assumption; a place that is not in the table is unknown, and the
//! engine then takes the neutral value. Names are compared without regard to case and outer blanks.

use std::{collections::BTreeMap, sync::LazyLock};

/// The version of the table, part of the version of the engine.
pub const DISTANCES_VERSION: &str = "distances-v1";

const TABLE: &str = include_str!("../../../policy/distances-v1.tsv");

/// A place of the table.
struct Row {
    police_unit: String,
    /// Kilometres to every row above.
    km: Vec<u16>,
}

struct Distances {
    rows: Vec<Row>,
    by_name: BTreeMap<String, usize>,
}

static DISTANCES: LazyLock<Distances> = LazyLock::new(|| Distances::read(TABLE));

impl Distances {
    fn read(table: &str) -> Self {
        let mut rows = Vec::new();
        let mut by_name = BTreeMap::new();
        for line in table.lines().filter(|line| !line.starts_with('#')) {
            let mut fields = line.split('\t');
            let (Some(name), Some(unit), Some(aliases), Some(km)) =
                (fields.next(), fields.next(), fields.next(), fields.next())
            else {
                continue;
            };
            for spelling in std::iter::once(name).chain(aliases.split('|').filter(|alias| !alias.is_empty())) {
                by_name.insert(folded(spelling), rows.len());
            }
            let km = km.split_whitespace().filter_map(|number| number.parse().ok()).collect();
            rows.push(Row { police_unit: folded(unit), km });
        }
        Self { rows, by_name }
    }

    fn between(&self, from: usize, to: usize) -> Option<u16> {
        if from == to {
            return Some(0);
        }
        self.rows.get(from.max(to))?.km.get(from.min(to)).copied()
    }
}

/// A name as it is compared: lower case, no outer blanks, one spelling.
pub fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}

/// A city: its row in the table, or its own name if it is not in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum City {
    /// A row of the table.
    Row(usize),
    /// Not in the table.
    Name(String),
}

impl City {
    /// A city by its name, in any spelling of the table.
    pub fn named(name: &str) -> Self {
        let name = folded(name);
        match DISTANCES.by_name.get(&name) {
            Some(row) => Self::Row(*row),
            None => Self::Name(name),
        }
    }

    /// The middle of a police unit, as a place to measure from.
    pub fn middle_of(police_unit: &str) -> Self {
        Self::named(&format!("unit {}", folded(police_unit)))
    }

    /// The police unit it lies in, folded; `None` is not in the table.
    pub fn police_unit(&self) -> Option<&'static str> {
        match self {
            Self::Row(row) => DISTANCES.rows.get(*row).map(|row| row.police_unit.as_str()),
            Self::Name(_) => None,
        }
    }

    /// Kilometres to another; `None` if one is not in the table.
    pub fn km_to(&self, other: &Self) -> Option<u16> {
        match (self, other) {
            (Self::Row(from), Self::Row(to)) => DISTANCES.between(*from, *to),
            (Self::Name(_), _) | (_, Self::Name(_)) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_a_distance_to_every_row_above() {
        assert!(DISTANCES.rows.len() > 60);
        for (index, row) in DISTANCES.rows.iter().enumerate() {
            assert_eq!(row.km.len(), index);
        }
    }

    #[test]
    fn distances_are_symmetric_and_spelling_is_folded() {
        let km = |from: &str, to: &str| City::named(from).km_to(&City::named(to));
        assert_eq!(km("Zwolle", "Enschede"), Some(63));
        assert_eq!(km(" enschede", "ZWOLLE"), Some(63));
        assert_eq!(km("Den Haag", "'s-Gravenhage"), Some(0));
        assert_eq!(km("Zwolle", "Atlantis"), None);
        assert_eq!(City::named("almere").police_unit(), Some("midden-nederland"));
        assert_eq!(City::named("Amsterdam").km_to(&City::middle_of("Amsterdam")), Some(0));
        assert_eq!(City::named("Den Bosch"), City::named("'s-Hertogenbosch"));
        assert_ne!(City::named("Atlantis"), City::named("Zwolle"));
    }
}
