//! The situation a referral is matched against: live figures per unit, laid over the catalogue; or a whole snapshot, as
//! `match --json` prints it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use uuid::Builder;

use super::super::{document::Document, ending::Trouble};
use crate::domain::{
    catalogue::{
        availability::{AnnouncedEnd, Capacity},
        location::Location,
        seed::Catalogue,
    },
    document::Fault,
    fact::Verdict,
    ids::{ReferralId, UnitCode, UnitId},
    matching::snapshot::{
        Closure, Communication, Contraindication, PlaceCount, ResidentGroup, Snapshot, UnitState, with_onward_steps,
    },
    referral::needs::{MustHaveCare, Service},
};

/// The live side of one unit. What is left out is as if nobody had said it; the figures are those of the situation.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct LiveFigures {
    places: Option<u16>,
    #[serde(default)]
    occupied: u16,
    #[serde(default)]
    held: u16,
    #[serde(default)]
    out_of_use: u16,
    figures_as_of: Option<DateTime<Utc>>,
    #[serde(default)]
    ends: Vec<AnnouncedEnd>,
    closed: Option<Closure>,
    #[serde(default)]
    services: BTreeMap<Service, u16>,
    #[serde(default)]
    contraindications: Vec<Contraindication>,
    #[serde(default)]
    care: BTreeMap<MustHaveCare, Verdict>,
    communication: Option<Communication>,
    #[serde(default)]
    group: ResidentGroup,
    children_count_as_place: Option<bool>,
    last_placement_at: Option<DateTime<Utc>>,
}

/// The situation as people write it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Written {
    at: DateTime<Utc>,
    #[serde(default)]
    units: BTreeMap<UnitCode, serde_json::Value>,
    #[serde(default)]
    whereabouts: BTreeMap<ReferralId, Vec<UnitCode>>,
}

/// A situation, and the locations it speaks of.
pub(super) struct Situation {
    /// All units where CoMensha places.
    pub snapshot: Snapshot,
    /// Every location of the catalogue, those of the advice list too.
    pub locations: Vec<Location>,
}

/// Reads a situation.
pub(super) fn read(document: &Document, catalogue: Catalogue) -> Result<Situation, Trouble> {
    let locations: Vec<Location> =
        catalogue.locations.into_iter().map(|location| location.into_location(id_of)).collect();
    let is_whole = document.value.get("units").is_some_and(serde_json::Value::is_array);
    let snapshot = if is_whole {
        document.typed("").map_err(|fault| document.refuse(vec![fault]))?
    } else {
        written(document, &locations).map_err(|faults| document.refuse(faults))?
    };
    Ok(Situation { snapshot, locations })
}

/// The internal id of a unit where no database gives one: drawn from its code, so that every computer draws the same.
fn id_of(code: &UnitCode) -> UnitId {
    let hash = Sha256::digest(code.as_str().as_bytes());
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(hash).for_each(|(byte, from)| *byte = from);
    UnitId(Builder::from_random_bytes(bytes).into_uuid())
}

fn written(document: &Document, locations: &[Location]) -> Result<Snapshot, Vec<Fault>> {
    let written: Written = document.typed("").map_err(|fault| vec![fault])?;
    let documented = locations
        .iter()
        .flat_map(|location| location.units.iter().filter_map(move |unit| UnitState::documented(location, unit)));
    let mut units = with_onward_steps(documented.collect());
    let mut faults = Vec::new();
    for code in written.units.keys() {
        let at = format!("/units/{code}");
        match units.iter_mut().find(|unit| unit.code == *code) {
            None => faults.push(document.fault(&at, "the catalogue has no such unit where CoMensha places")),
            Some(unit) => match document.typed(&at) {
                Ok(figures) => faults.extend(lay_over(unit, figures, written.at).map(|why| document.fault(&at, why))),
                Err(fault) => faults.push(fault),
            },
        }
    }
    let mut whereabouts = BTreeMap::new();
    for (referral, codes) in &written.whereabouts {
        let mut found = Vec::new();
        for code in codes {
            match units.iter().find(|unit| unit.code == *code) {
                Some(unit) => found.push(unit.id),
                None => faults.push(document.fault(
                    &format!("/whereabouts/{referral}"),
                    format!("the catalogue has no unit `{code}` where CoMensha places"),
                )),
            }
        }
        whereabouts.insert(*referral, found);
    }
    if faults.is_empty() { Ok(Snapshot { at: written.at, units, whereabouts }) } else { Err(faults) }
}

/// Lays live figures over what is documented; says what is wrong with them.
fn lay_over(unit: &mut UnitState, figures: LiveFigures, at: DateTime<Utc>) -> Option<String> {
    let total = figures.places.or(unit.capacity.map(|count| count.total));
    let counted = figures.occupied > 0 || figures.held > 0 || figures.out_of_use > 0;
    match total {
        None if counted => return Some("the number of places is not documented; state it as `places`".to_owned()),
        None => {}
        Some(total) => {
            if Capacity::of(total, figures.occupied, figures.held, figures.out_of_use).is_err() {
                return Some(format!("more places are occupied, held or out of use than there are ({total})"));
            }
            unit.capacity = Some(PlaceCount {
                total,
                assumed: figures.places.is_none() && unit.capacity.is_some_and(|count| count.assumed),
                occupied: figures.occupied,
                held: figures.held,
                out_of_use: figures.out_of_use,
            });
        }
    }
    unit.figures_as_of = Some(figures.figures_as_of.unwrap_or(at));
    unit.ends = figures.ends;
    unit.closed = figures.closed;
    unit.services = figures.services;
    unit.contraindications = figures.contraindications;
    unit.care = figures.care;
    unit.communication = figures.communication;
    unit.group = figures.group;
    unit.children_count_as_place = figures.children_count_as_place;
    unit.last_placement_at = figures.last_placement_at;
    None
}

#[cfg(test)]
mod tests {
    use super::{super::super::given::GivenText, *};
    use crate::domain::catalogue::seed::DEFAULT_CATALOGUE;

    fn situation(text: &str) -> Result<Situation, Trouble> {
        let document = Document::read(&GivenText { text: text.to_owned(), name: "situation".to_owned() })?;
        read(&document, Catalogue::parse(DEFAULT_CATALOGUE).unwrap())
    }

    #[test]
    fn figures_are_laid_over_the_catalogue_and_the_rest_stays_unconfirmed() {
        let text = r#"{"at": "2026-03-02T08:00:00Z", "units": {"omm-zwolle-places": {"occupied": 3}}}"#;
        let snapshot = situation(text).ok().unwrap().snapshot;
        let zwolle = snapshot.units.iter().find(|unit| unit.code.as_str() == "omm-zwolle-places").unwrap();
        assert_eq!(zwolle.capacity.unwrap().occupied, 3);
        assert_eq!(zwolle.figures_as_of, Some(snapshot.at));
        assert_eq!(snapshot.units.iter().filter(|unit| unit.figures_as_of.is_some()).count(), 1);
    }

    #[test]
    fn every_fault_is_named_at_its_line() {
        let text = "{\"at\": \"2026-03-02T08:00:00Z\", \"units\": {\n\"omm-utrecht\": {},\n\
                    \"omm-zwolle-places\": {\"occupied\": 5},\n\"omm-alkmaar-move-on\": {\"occupied\": -1}}}";
        let lines = situation(text).err().unwrap().lines;
        let starts: Vec<&str> = lines[1..].iter().map(|line| line.trim().split(':').next().unwrap()).collect();
        assert_eq!(
            starts,
            [
                "line 2, /units/omm-utrecht",
                "line 3, /units/omm-zwolle-places",
                "line 4, /units/omm-alkmaar-move-on/occupied"
            ]
        );
    }
}
