//! Reads a catalogue file from its top: the head that names the format, organisations, locations, regions.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;

use super::{Catalogue, CatalogueFault, location};
use crate::domain::catalogue::care_region::CareRegion;
use crate::domain::catalogue::location::{Organisation, PlacingAuthority, UnitKind};
use crate::domain::document::fields::{Fields, code, list, refuse_repeated_ids, text, texts, whole, word};
use crate::domain::document::{self, Content, Faults, Node};
use crate::domain::fact::Verdict;
use crate::domain::ids::{CareRegionCode, OrganisationCode};

/// The one format that this version reads.
pub(super) const CATALOGUE_VERSION: u16 = 1;
/// The longest name: the longest in the field has about 60 characters.
pub(super) const NAME_CHARACTERS_MAX: usize = 200;

const KEYS: [&str; 7] = [
    "catalogue_version",
    "attribute_values",
    "unit_kinds",
    "placing_authorities",
    "organisations",
    "locations",
    "care_coordination",
];

/// See `Catalogue::parse`.
pub(super) fn parse(text: &str) -> Result<Catalogue, Vec<CatalogueFault>> {
    let root = document::read(text).map_err(|fault| vec![fault])?;
    let mut faults = Faults::default();
    match catalogue(&root, &mut faults) {
        Some(catalogue) if faults.is_empty() => Ok(catalogue),
        Some(_) | None => Err(faults.in_order()),
    }
}

fn catalogue(root: &Node, faults: &mut Faults) -> Option<Catalogue> {
    let fields = Fields::of(root, &KEYS, &[], faults)?;
    fields.get("catalogue_version").and_then(|node| whole(node, CATALOGUE_VERSION..=CATALOGUE_VERSION, faults));
    same_words(fields.get("attribute_values"), &[Verdict::Yes, Verdict::No, Verdict::Unknown], faults);
    same_words(fields.get("unit_kinds"), &[UnitKind::Crisis, UnitKind::MoveOn, UnitKind::Unspecified], faults);
    let authorities =
        [PlacingAuthority::Comensha, PlacingAuthority::Direct, PlacingAuthority::Nidos, PlacingAuthority::External];
    same_words(fields.get("placing_authorities"), &authorities, faults);

    let organisations = entries(fields.get("organisations"), faults);
    let locations = entries(fields.get("locations"), faults);
    let regions = entries(fields.get("care_coordination"), faults);
    refuse_repeated_ids(organisations.iter(), faults);
    refuse_repeated_ids(locations.iter(), faults);
    refuse_repeated_ids(locations.iter().flat_map(location::unit_entries), faults);
    refuse_repeated_ids(regions.iter(), faults);

    // A faulty organisation still has its name, so that one fault is not reported again at each of its locations.
    let known: BTreeSet<&str> = organisations.iter().filter_map(id_of).collect();
    let organisations = organisations.iter().filter_map(|node| organisation(node, faults)).collect();
    let locations = locations.iter().filter_map(|node| location::location(node, &known, faults)).collect();
    let care_regions = regions.iter().filter_map(|node| care_region(node, &known, faults)).collect();
    Some(Catalogue { organisations, locations, care_regions })
}

/// The file says which words it uses; a file with other words is of another format.
fn same_words<T: DeserializeOwned + PartialEq>(node: Option<&Node>, known: &[T], faults: &mut Faults) {
    let Some(node) = node else { return };
    let Some(items) = list(node, faults) else { return };
    let words: Vec<T> = items.iter().filter_map(|item| word(item, faults)).collect();
    if words.len() == items.len() && (words.len() != known.len() || known.iter().any(|one| !words.contains(one))) {
        faults.at(node, "must name every known word once");
    }
}

fn entries<'n>(node: Option<&'n Node>, faults: &mut Faults) -> &'n [Node] {
    node.and_then(|node| list(node, faults)).unwrap_or_default()
}

fn id_of(entry: &Node) -> Option<&str> {
    let Content::Object(members) = &entry.content else { return None };
    let id = members.iter().find(|member| member.name == "id")?;
    if let Content::Text(id) = &id.node.content { Some(id) } else { None }
}

fn organisation(node: &Node, faults: &mut Faults) -> Option<Organisation> {
    let fields = Fields::of(node, &["id", "name", "country"], &[], faults)?;
    let id = fields.get("id").and_then(|node| code(node, faults));
    let name = fields.get("name").and_then(|node| text(node, NAME_CHARACTERS_MAX, faults));
    let country = fields.get("country").and_then(|node| country(node, faults));
    Some(Organisation { code: id?.into(), name: name?.to_owned(), country: country?.to_owned() })
}

fn care_region(node: &Node, known: &BTreeSet<&str>, faults: &mut Faults) -> Option<CareRegion> {
    let fields = Fields::of(node, &["id", "organisation", "region", "sources"], &[], faults)?;
    let id = fields.get("id").and_then(|node| code(node, faults));
    let organisation = fields.get("organisation").and_then(|node| known_organisation(node, known, faults));
    let region = fields.get("region").and_then(|node| text(node, NAME_CHARACTERS_MAX, faults));
    let sources = fields.get("sources").and_then(|node| sources(node, faults));
    Some(CareRegion {
        code: CareRegionCode::from(id?),
        organisation: organisation?,
        region: region?.to_owned(),
        sources: sources?,
    })
}

/// The code of an organisation that stands in the same file.
pub(super) fn known_organisation(node: &Node, known: &BTreeSet<&str>, faults: &mut Faults) -> Option<OrganisationCode> {
    let id = code(node, faults)?;
    if !known.contains(id) {
        faults.at(node, format!("the organisation `{id}` is not in the file"));
        return None;
    }
    Some(id.into())
}

/// A two-letter country code.
pub(super) fn country<'n>(node: &'n Node, faults: &mut Faults) -> Option<&'n str> {
    let country = text(node, NAME_CHARACTERS_MAX, faults)?;
    if country.len() != 2 || !country.chars().all(|letter| letter.is_ascii_uppercase()) {
        faults.at(node, format!("`{country}` is not a country code of two capital letters"));
        return None;
    }
    Some(country)
}

/// Labels of sources: at least one, because the catalogue says what is documented.
pub(super) fn sources(node: &Node, faults: &mut Faults) -> Option<Vec<String>> {
    let labels = texts(node, faults, |item, faults| text(item, NAME_CHARACTERS_MAX, faults))?;
    if labels.is_empty() {
        faults.at(node, "must name at least one source");
        return None;
    }
    Some(labels.into_iter().map(str::to_owned).collect())
}
