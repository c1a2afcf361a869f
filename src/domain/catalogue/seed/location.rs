//! Reads one location of a catalogue file, with its attributes and units.

use std::collections::{BTreeMap, BTreeSet};

use super::file::{NAME_CHARACTERS_MAX, country, known_organisation, sources};
use super::{LocationSeed, UnitSeed};
use crate::domain::catalogue::attribute::{Attribute, AttributeCode, Attributes};
use crate::domain::catalogue::location::{Location, PlacingAuthority, ProgrammeKind, StayNorm};
use crate::domain::document::fields::{Fields, code, flag, list, nullable, text, texts, whole, word};
use crate::domain::document::{Content, Faults, Node};
use crate::domain::fact::Verdict;

/// No unit of the field has anywhere near so many places: a larger number is a slip of the pen.
const PLACES_MAX: u16 = 500;
/// Older than anyone: a larger number is a slip of the pen.
const AGE_MAX: u16 = 120;
/// Longer than any stay in any unit of time: a larger number is a slip of the pen.
const STAY_MAX: u16 = 1000;
/// The longest remark: it stands beside a unit on a screen.
const REMARK_CHARACTERS_MAX: usize = 1000;

/// Every key of a location. All must stand there: `null` says that something is not documented, silence says nothing.
const KEYS: [&str; 19] = [
    "id",
    "name_nl",
    "name_en",
    "organisation",
    "city",
    "police_unit",
    "country",
    "programme_kind",
    "placing_authority",
    "units",
    "living_form",
    "attributes",
    "age_min",
    "age_max",
    "referral_route",
    "stay_norm",
    "inferred",
    "sources",
    "remark",
];

/// The fields, other than attributes, that may be a conclusion.
const INFERABLE: [&str; 10] = [
    "organisation",
    "city",
    "police_unit",
    "programme_kind",
    "placing_authority",
    "living_form",
    "age_min",
    "age_max",
    "referral_route",
    "stay_norm",
];

/// The regional units of the Dutch police. A danger area is compared with these names: a slip would hide a danger.
const POLICE_UNITS: [&str; 10] = [
    "Amsterdam",
    "Den Haag",
    "Limburg",
    "Midden-Nederland",
    "Noord-Holland",
    "Noord-Nederland",
    "Oost-Brabant",
    "Oost-Nederland",
    "Rotterdam",
    "Zeeland-West-Brabant",
];

/// The entries of `units` of a location entry, whatever else is wrong with it.
pub(super) fn unit_entries(location: &Node) -> &[Node] {
    let Content::Object(members) = &location.content else { return &[] };
    match members.iter().find(|member| member.name == "units").map(|member| &member.node.content) {
        Some(Content::List(units)) => units,
        _ => &[],
    }
}

/// Reads a location; `known` are the organisations of the file.
pub(super) fn location(node: &Node, known: &BTreeSet<&str>, faults: &mut Faults) -> Option<LocationSeed> {
    let fields = Fields::of(node, &KEYS, &[], faults)?;
    let name = |key, faults: &mut Faults| fields.get(key).and_then(|node| text(node, NAME_CHARACTERS_MAX, faults));
    let id = fields.get("id").and_then(|node| code(node, faults));
    let (name_nl, name_en) = (name("name_nl", faults), name("name_en", faults));
    let organisation =
        fields.get("organisation").and_then(|node| nullable(node, |node| known_organisation(node, known, faults)));
    let city = fields.get("city").and_then(|node| nullable(node, |node| text(node, NAME_CHARACTERS_MAX, faults)));
    let country = fields.get("country").and_then(|node| country(node, faults));
    let police_unit =
        fields.get("police_unit").and_then(|node| nullable(node, |node| police_unit(node, country, faults)));
    let programme = fields.get("programme_kind").and_then(|node| word(node, faults));
    let authority =
        fields.get("placing_authority").and_then(|node| placing_authority(node, country, programme, faults));
    let units = fields.get("units").and_then(|node| units(node, authority, faults));
    let living_form = fields.get("living_form").and_then(|node| nullable(node, |node| word(node, faults)));
    let (age_min, age_max) = ages(&fields, faults);
    let referral_route = fields.get("referral_route").and_then(|node| referral_route(node, faults));
    let stay_norm = fields.get("stay_norm").and_then(|node| nullable(node, |node| stay_norm(node, faults)));
    let values = fields.get("attributes").and_then(|node| attribute_values(node, faults));
    let inferred = fields.get("inferred").and_then(|node| inferred(node, &fields, values.as_ref(), faults));
    let sources = fields.get("sources").and_then(|node| sources(node, faults));
    let remark = fields.get("remark").and_then(|node| nullable(node, |node| text(node, REMARK_CHARACTERS_MAX, faults)));
    let (attributes, inferred) = with_marks(values?, &inferred?);
    let described = Location {
        code: id?.into(),
        name_nl: name_nl?.to_owned(),
        name_en: name_en?.to_owned(),
        organisation: organisation?,
        city: city?.map(str::to_owned),
        police_unit: police_unit?.map(str::to_owned),
        country: country?.to_owned(),
        programme: programme?,
        placing_authority: authority?,
        units: Vec::new(),
        living_form: living_form?,
        attributes,
        age_min: age_min?,
        age_max: age_max?,
        referral_route: referral_route?,
        stay_norm: stay_norm?,
        inferred,
        sources: sources?,
        remark: remark?.map(str::to_owned),
    };
    Some(LocationSeed { described, units: units? })
}

fn police_unit<'n>(node: &'n Node, country: Option<&str>, faults: &mut Faults) -> Option<&'n str> {
    let name = text(node, NAME_CHARACTERS_MAX, faults)?;
    if country.is_some_and(|country| country != "NL") {
        faults.at(node, "only a location in the Netherlands lies in a unit of the Dutch police; write null");
        return None;
    }
    if !POLICE_UNITS.contains(&name) {
        faults.at(node, format!("`{name}` is not a unit of the Dutch police; these are {}", POLICE_UNITS.join(", ")));
        return None;
    }
    Some(name)
}

/// The class of a location must agree with its country and its programme: on this rests that nobody is placed through
/// CoMensha where CoMensha may not place.
fn placing_authority(
    node: &Node,
    country: Option<&str>,
    programme: Option<ProgrammeKind>,
    faults: &mut Faults,
) -> Option<PlacingAuthority> {
    let authority = word(node, faults)?;
    let is_external = authority == PlacingAuthority::External;
    if country.is_some_and(|country| (country == "NL") == is_external) {
        faults.at(node, "`external` belongs to locations outside the Netherlands, and to all of those");
        return None;
    }
    let is_routed = |kind| matches!(kind, ProgrammeKind::Omm | ProgrammeKind::Cosm | ProgrammeKind::Iszw);
    if programme.is_some_and(|kind| is_routed(kind) != (authority == PlacingAuthority::Comensha)) {
        faults.at(node, "`comensha` belongs to the programmes omm, cosm and iszw, and to all of those");
        return None;
    }
    Some(authority)
}

fn units(node: &Node, authority: Option<PlacingAuthority>, faults: &mut Faults) -> Option<Vec<UnitSeed>> {
    let entries = list(node, faults)?;
    if entries.is_empty() && authority == Some(PlacingAuthority::Comensha) {
        faults.at(node, "a location where CoMensha places needs at least one unit");
    }
    let units: Vec<UnitSeed> = entries.iter().filter_map(|entry| unit(entry, faults)).collect();
    (units.len() == entries.len()).then_some(units)
}

fn unit(node: &Node, faults: &mut Faults) -> Option<UnitSeed> {
    let fields = Fields::of(node, &["id", "kind", "places", "assumed"], &[], faults)?;
    let id = fields.get("id").and_then(|node| code(node, faults));
    let kind = fields.get("kind").and_then(|node| word(node, faults));
    let places = fields.get("places").and_then(|node| nullable(node, |node| whole(node, 0..=PLACES_MAX, faults)));
    let assumed = fields.get("assumed").and_then(|node| flag(node, faults));
    if places == Some(None) && assumed == Some(true) {
        faults.at(node, "no number of places is given, so none can be assumed");
    }
    Some(UnitSeed { code: id?.into(), kind: kind?, places: places?, assumed: assumed? })
}

type Age = Option<Option<u8>>;

fn ages(fields: &Fields<'_>, faults: &mut Faults) -> (Age, Age) {
    let mut bound = |key| {
        let node = fields.get(key)?;
        let age = nullable(node, |node| whole(node, 0..=AGE_MAX, faults))?;
        Some(age.and_then(|age| u8::try_from(age).ok()))
    };
    let (age_min, age_max) = (bound("age_min"), bound("age_max"));
    if let (Some(Some(min)), Some(Some(max)), Some(node)) = (age_min, age_max, fields.get("age_max"))
        && min > max
    {
        faults.at(node, format!("age_max {max} is below age_min {min}"));
    }
    (age_min, age_max)
}

fn referral_route(node: &Node, faults: &mut Faults) -> Option<Vec<String>> {
    let is_word = |word: &str| word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    let ways = texts(node, faults, |item, faults| {
        let way = text(item, NAME_CHARACTERS_MAX, faults)?;
        if !is_word(way) {
            faults.at(item, format!("`{way}` is not a word: use lower-case letters, digits and underscores"));
        }
        Some(way)
    })?;
    if ways.is_empty() {
        faults.at(node, "must name at least one way; an undocumented one is `unknown`");
    }
    Some(ways.into_iter().map(str::to_owned).collect())
}

fn stay_norm(node: &Node, faults: &mut Faults) -> Option<StayNorm> {
    let fields = Fields::of(node, &["min", "max", "unit"], &[], faults)?;
    let mut bound = |key| fields.get(key).and_then(|node| nullable(node, |node| whole(node, 1..=STAY_MAX, faults)));
    let (min, max) = (bound("min")?, bound("max")?);
    if min.is_none() && max.is_none() {
        faults.at(node, "has no bound; a norm that is not documented is null");
    }
    if let (Some(min), Some(max)) = (min, max)
        && min > max
    {
        faults.at(node, format!("max {max} is below min {min}"));
    }
    let unit = fields.get("unit").and_then(|node| word(node, faults))?;
    Some(StayNorm { min, max, unit })
}

type AttributeValues = BTreeMap<AttributeCode, Verdict>;

fn attribute_values(node: &Node, faults: &mut Faults) -> Option<AttributeValues> {
    let fields = Fields::of(node, &AttributeCode::ALL.map(AttributeCode::name), &[], faults)?;
    let values: AttributeValues = AttributeCode::ALL
        .into_iter()
        .filter_map(|code| Some((code, word(fields.get(code.name())?, faults)?)))
        .collect();
    (values.len() == AttributeCode::ALL.len()).then_some(values)
}

/// The names of what is a conclusion. Only what has a value can be one.
fn inferred<'n>(
    node: &'n Node,
    location: &Fields<'n>,
    values: Option<&AttributeValues>,
    faults: &mut Faults,
) -> Option<Vec<&'n str>> {
    texts(node, faults, |item, faults| {
        let name = text(item, NAME_CHARACTERS_MAX, faults)?;
        let has_value = if let Some(code) = AttributeCode::of_name(name) {
            values.is_none_or(|values| values.get(&code) != Some(&Verdict::Unknown))
        } else if INFERABLE.contains(&name) {
            location.get(name).is_none_or(|field| !matches!(field.content, Content::Null))
        } else {
            faults.at(item, format!("`{name}` is neither an attribute nor a field that can be a conclusion"));
            return None;
        };
        if !has_value {
            faults.at(item, format!("`{name}` is not known here, so it cannot be a conclusion"));
        }
        Some(name)
    })
}

/// Puts the mark of a conclusion on each attribute; the names of other fields are left over.
fn with_marks(values: AttributeValues, inferred: &[&str]) -> (Attributes, Vec<String>) {
    let mark = |(code, value)| (code, Attribute { value, inferred: inferred.contains(&AttributeCode::name(code)) });
    let fields = inferred.iter().filter(|name| AttributeCode::of_name(name).is_none());
    (Attributes(values.into_iter().map(mark).collect()), fields.map(|name| (*name).to_owned()).collect())
}
