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

    fn between(&self, from: &str, to: &str) -> Option<u16> {
        let (from, to) = (*self.by_name.get(from)?, *self.by_name.get(to)?);
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

/// The name of a city in the one spelling of the table; a city that is not in it keeps its own.
pub fn city_key(name: &str) -> String {
    let name = folded(name);
    match DISTANCES.by_name.get(&name) {
        Some(row) => format!("#{row}"),
        None => name,
    }
}

/// The police unit of a city, folded; `None` is not in the table.
pub fn police_unit_of(city: &str) -> Option<&'static str> {
    let row = DISTANCES.by_name.get(&folded(city))?;
    DISTANCES.rows.get(*row).map(|row| row.police_unit.as_str())
}

/// Kilometres between two cities; `None` if one is not in the table.
pub fn km_between_cities(from: &str, to: &str) -> Option<u16> {
    DISTANCES.between(&folded(from), &folded(to))
}

/// Kilometres from a city to the middle of a police unit; `None` if one is not in the table.
pub fn km_to_police_unit(city: &str, police_unit: &str) -> Option<u16> {
    DISTANCES.between(&folded(city), &format!("unit {}", folded(police_unit)))
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
        assert_eq!(km_between_cities("Zwolle", "Enschede"), Some(63));
        assert_eq!(km_between_cities(" enschede", "ZWOLLE"), Some(63));
        assert_eq!(km_between_cities("Den Haag", "'s-Gravenhage"), Some(0));
        assert_eq!(km_between_cities("Zwolle", "Atlantis"), None);
        assert_eq!(police_unit_of("almere"), Some("midden-nederland"));
        assert_eq!(km_to_police_unit("Amsterdam", "Amsterdam"), Some(0));
        assert_eq!(city_key("Den Bosch"), city_key("'s-Hertogenbosch"));
        assert_ne!(city_key("Atlantis"), city_key("Zwolle"));
    }
}
