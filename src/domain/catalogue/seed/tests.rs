//! The rules of the catalogue file as tables.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::*;
use crate::domain::catalogue::location::PlacingAuthority;
use crate::domain::ids::{OrganisationCode, UnitCode};

/// A small file in which every kind of entry stands once, one entry a line. `parse` knows nothing of the real one.
const SMALL: &str = r#"{"catalogue_version":1,"attribute_values":["yes","no","unknown"],"unit_kinds":["crisis","move_on","unspecified"],"placing_authorities":["comensha","direct","nidos","external"],
"organisations":[
{"id":"kadera","name":"Kadera","country":"NL"}
],
"locations":[
{"id":"omm-zwolle","name_nl":"OMM Zwolle","name_en":"OMM Zwolle","organisation":"kadera","city":"Zwolle","police_unit":"Oost-Nederland","country":"NL","programme_kind":"omm","placing_authority":"comensha","units":[{"id":"omm-zwolle-places","kind":"unspecified","places":4,"assumed":true}],"living_form":null,"attributes":{"women":"yes","men":"yes","children":"unknown","minors":"no","couples":"unknown","pets":"unknown","lvb":"unknown","ggz":"yes","addiction":"yes","sexual":"yes","labour":"yes","honour":"unknown","secret_address":"unknown","secured":"unknown","step_free":"unknown","night_intake":"unknown","daytime":"unknown"},"age_min":18,"age_max":null,"referral_route":["comensha"],"stay_norm":{"min":1,"max":3,"unit":"month"},"inferred":["police_unit","age_min","sexual"],"sources":["D2"],"remark":null}
],
"care_coordination":[
{"id":"cc-flevoland","organisation":"kadera","region":"Flevoland","sources":["D4"]}
]}
"#;

const LOCATION: usize = 6;

fn changed(old: &str, new: &str) -> String {
    assert_eq!(SMALL.matches(old).count(), 1, "{old} must stand once in the small file");
    SMALL.replace(old, new)
}

fn faults(text: &str) -> Vec<(usize, String, String)> {
    let found = Catalogue::parse(text).expect_err("a faulty file");
    found.into_iter().map(|fault| (fault.line, fault.pointer, fault.message)).collect()
}

/// One slip of the pen each: what is written, what it becomes, where the fault stands, words of the message.
#[test]
fn every_slip_is_found_where_it_stands() {
    let location = |field: &str| format!("/locations/0/{field}");
    #[rustfmt::skip]
    let table: Vec<(&str, &str, usize, String, &str)> = vec![
        (r#""catalogue_version":1"#, r#""catalogue_version":2"#, 1, "/catalogue_version".into(), "from 1 to 1"),
        (r#"["yes","no","unknown"]"#, r#"["yes","no"]"#, 1, "/attribute_values".into(), "every known word once"),
        (r#"["yes","no","unknown"]"#, r#"["yes","no","maybe"]"#, 1, "/attribute_values/2".into(), "unknown variant `maybe`"),
        (r#""unspecified"],"placing"#, r#""crisis"],"placing"#, 1, "/unit_kinds".into(), "every known word once"),
        (r#""nidos","external"]"#, r#""nidos",7]"#, 1, "/placing_authorities/3".into(), "must be a text, is a number"),
        (r#""name":"Kadera","country":"NL""#, r#""name":"Kadera","country":"nl""#, 3, "/organisations/0/country".into(), "country code"),
        (r#""name":"Kadera""#, r#""name":" ""#, 3, "/organisations/0/name".into(), "1 to 200 characters"),
        (r#""id":"kadera","name""#, r#""id":"kadera","nmae":"","name""#, 3, "/organisations/0/nmae".into(), "unknown key; known are id, name, country"),
        (r#""name_nl":"OMM Zwolle","#, "", LOCATION, "/locations/0".into(), "the key name_nl is missing"),
        (r#""city":"Zwolle""#, r#""city":"Zwolle","city":null"#, LOCATION, location("city"), "the key stands twice, first on line 6"),
        (r#""id":"omm-zwolle","#, r#""id":"OMM Zwolle","#, LOCATION, location("id"), "is not a code"),
        (r#""id":"omm-zwolle","#, r#""id":"omm--zwolle","#, LOCATION, location("id"), "is not a code"),
        (r#""organisation":"kadera","city""#, r#""organisation":"fier","city""#, LOCATION, location("organisation"), "`fier` is not in the file"),
        (r#""organisation":"kadera","region""#, r#""organisation":"fier","region""#, 9, "/care_coordination/0/organisation".into(), "`fier` is not in the file"),
        (r#""police_unit":"Oost-Nederland""#, r#""police_unit":"Oost Nederland""#, LOCATION, location("police_unit"), "not a unit of the Dutch police"),
        (r#""programme_kind":"omm""#, r#""programme_kind":"oms""#, LOCATION, location("programme_kind"), "unknown variant `oms`, expected one of `omm`"),
        (r#""placing_authority":"comensha""#, r#""placing_authority":"direct""#, LOCATION, location("placing_authority"), "omm, cosm and iszw"),
        (r#""placing_authority":"comensha""#, r#""placing_authority":"external""#, LOCATION, location("placing_authority"), "outside the Netherlands"),
        (r#""programme_kind":"omm""#, r#""programme_kind":"acm""#, LOCATION, location("placing_authority"), "omm, cosm and iszw"),
        (r#"[{"id":"omm-zwolle-places","kind":"unspecified","places":4,"assumed":true}]"#, "[]", LOCATION, location("units"), "at least one unit"),
        (r#""kind":"unspecified""#, r#""kind":"night""#, LOCATION, location("units/0/kind"), "unknown variant `night`"),
        (r#""places":4"#, r#""places":-4"#, LOCATION, location("units/0/places"), "from 0 to 500"),
        (r#""places":4"#, r#""places":4.5"#, LOCATION, location("units/0/places"), "whole number"),
        (r#""places":4"#, r#""places":501"#, LOCATION, location("units/0/places"), "from 0 to 500"),
        (r#""places":4"#, r#""places":65540"#, LOCATION, location("units/0/places"), "from 0 to 500"),
        (r#""places":4"#, r#""places":"4""#, LOCATION, location("units/0/places"), "whole number"),
        (r#""places":4"#, r#""places":null"#, LOCATION, location("units/0"), "none can be assumed"),
        (r#""assumed":true"#, r#""assumed":"yes""#, LOCATION, location("units/0/assumed"), "must be true or false"),
        (r#""living_form":null"#, r#""living_form":"boat""#, LOCATION, location("living_form"), "unknown variant `boat`"),
        (r#""honour":"unknown","#, "", LOCATION, location("attributes"), "the key honour is missing"),
        (r#""honour":"unknown""#, r#""honour":null"#, LOCATION, location("attributes/honour"), "must be a text, is null"),
        (r#""honour":"unknown""#, r#""honour":"some""#, LOCATION, location("attributes/honour"), "unknown variant `some`, expected one of `yes`"),
        (r#""honour":"unknown""#, r#""honor":"unknown","honour":"no""#, LOCATION, location("attributes/honor"), "unknown key"),
        (r#""age_max":null"#, r#""age_max":17"#, LOCATION, location("age_max"), "age_max 17 is below age_min 18"),
        (r#""age_min":18"#, r#""age_min":-1"#, LOCATION, location("age_min"), "from 0 to 120"),
        (r#""referral_route":["comensha"]"#, r#""referral_route":[]"#, LOCATION, location("referral_route"), "at least one way"),
        (r#""referral_route":["comensha"]"#, r#""referral_route":["a b"]"#, LOCATION, location("referral_route/0"), "not a word"),
        (r#""min":1,"max":3"#, r#""min":4,"max":3"#, LOCATION, location("stay_norm"), "max 3 is below min 4"),
        (r#""min":1,"max":3"#, r#""min":null,"max":null"#, LOCATION, location("stay_norm"), "has no bound"),
        (r#""unit":"month""#, r#""unit":"week""#, LOCATION, location("stay_norm/unit"), "unknown variant `week`"),
        (r#""age_min","sexual"]"#, r#""age_min","sexuality"]"#, LOCATION, location("inferred/2"), "neither an attribute nor a field"),
        (r#""age_min","sexual"]"#, r#""age_min","age_min"]"#, LOCATION, location("inferred/2"), "stands twice"),
        (r#""age_min","sexual"]"#, r#""age_min","pets"]"#, LOCATION, location("inferred/2"), "not known here"),
        (r#""age_min","sexual"]"#, r#""age_min","age_max"]"#, LOCATION, location("inferred/2"), "not known here"),
        (r#""sources":["D2"]"#, r#""sources":[]"#, LOCATION, location("sources"), "at least one source"),
        (r#""sources":["D2"]"#, r#""sources":"D2""#, LOCATION, location("sources"), "must be a list, is a text"),
        (r#""remark":null"#, r#""remark":"two\nlines""#, LOCATION, location("remark"), "no control characters"),
        (r#""region":"Flevoland""#, r#""region":7"#, 9, "/care_coordination/0/region".into(), "must be a text, is a number"),
    ];
    for (old, new, line, pointer, words) in table {
        let found = faults(&changed(old, new));
        assert!(
            found.len() == 1 && found[0].0 == line && found[0].1 == pointer && found[0].2.contains(words),
            "{old} -> {new}: {found:?}"
        );
    }
}

#[test]
fn an_id_that_stands_twice_is_refused_with_the_line_of_the_first() {
    let line = SMALL.lines().nth(LOCATION - 1).unwrap();
    let found = faults(&SMALL.replace(line, &format!("{line},\n{line}")));
    let want = [("/locations/1/id", "omm-zwolle"), ("/locations/1/units/0/id", "omm-zwolle-places")];
    assert_eq!(found.len(), want.len(), "{found:?}");
    for ((line, pointer, message), (want_pointer, id)) in found.iter().zip(want) {
        assert_eq!((*line, pointer.as_str()), (LOCATION + 1, want_pointer));
        assert_eq!(message, &format!("the id `{id}` stands twice, first on line {LOCATION}"));
    }
}

#[test]
fn every_fault_is_named_at_once_in_the_order_of_the_file() {
    let text = changed(r#""places":4"#, r#""places":-4"#)
        .replace(r#""region":"Flevoland""#, r#""region":null"#)
        .replace(r#""name":"Kadera""#, r#""name":7"#)
        .replace(r#""age_max":null"#, r#""age_max":3"#);
    let lines: Vec<usize> = faults(&text).into_iter().map(|(line, ..)| line).collect();
    assert_eq!(lines, [3, LOCATION, LOCATION, 9], "a faulty organisation is still known to its locations");
}

#[test]
fn what_is_no_catalogue_at_all_is_one_clear_fault() {
    for (text, words) in
        [("", "not valid JSON"), ("[]", "must be an object, is a list"), ("{\"a\":1", "not valid JSON")]
    {
        let found = faults(text);
        assert!(found.len() == 1 && found[0].0 == 1 && found[0].2.contains(words), "{text:?}: {found:?}");
    }
    assert_eq!(faults("{}").len(), 7, "every missing part is named");
}

#[test]
fn the_small_file_and_the_default_one_print_back_as_they_were_read() {
    for text in [SMALL, DEFAULT_CATALOGUE] {
        let catalogue = Catalogue::parse(text).unwrap();
        let printed = catalogue.print().unwrap();
        assert_eq!(Catalogue::parse(&printed).unwrap(), catalogue);
        assert_eq!(printed, text, "the file stands in its canonical form");
    }
}

#[test]
fn the_default_catalogue_holds_the_documented_places() {
    let catalogue = Catalogue::parse(DEFAULT_CATALOGUE).unwrap();
    assert_eq!((catalogue.organisations.len(), catalogue.locations.len(), catalogue.care_regions.len()), (17, 32, 4));
    let omm = catalogue.locations.iter().filter(|one| one.code().as_str().starts_with("omm-"));
    let omm: Vec<&UnitSeed> = omm.flat_map(|one| &one.units).collect();
    assert_eq!(omm.iter().filter_map(|unit| unit.places).sum::<u16>(), 36);
    let documented = omm.iter().filter(|unit| !unit.assumed).filter_map(|unit| unit.places);
    assert_eq!(documented.sum::<u16>(), 20, "Amsterdam 14, Alkmaar 3, Almere 3");
    let operators: BTreeSet<&OrganisationCode> = catalogue
        .locations
        .iter()
        .filter(|one| one.code().as_str().starts_with("omm-"))
        .filter_map(|one| one.described.organisation.as_ref())
        .collect();
    assert_eq!(operators.len(), 4);
}

#[test]
fn every_source_of_the_default_catalogue_has_an_address() {
    let documentation = include_str!("../../../../docs/sources.md");
    let catalogue = Catalogue::parse(DEFAULT_CATALOGUE).unwrap();
    let of_locations = catalogue.locations.iter().flat_map(|one| &one.described.sources);
    for label in of_locations.chain(catalogue.care_regions.iter().flat_map(|one| &one.sources)) {
        assert!(documentation.contains(&format!("| {label} |")), "{label} is not in docs/sources.md");
    }
}

#[test]
fn the_example_of_the_documentation_is_a_catalogue() {
    let documentation = include_str!("../../../../docs/catalogue.md");
    let example = documentation.split("```json\n").nth(1).unwrap().split("```").next().unwrap();
    assert_eq!(Catalogue::parse(example).unwrap().print().unwrap(), example);
}

#[test]
fn the_same_file_twice_changes_nothing() {
    let catalogue = Catalogue::parse(DEFAULT_CATALOGUE).unwrap();
    let first = Catalogue::diff(&Catalogue::default(), &catalogue);
    let units: usize = catalogue.locations.iter().map(|one| one.units.len()).sum();
    assert_eq!(first.added.len(), 17 + 32 + units + 4);
    let second = Catalogue::diff(&catalogue, &catalogue);
    assert!(second.is_empty() && second.missing.is_empty());
    assert_eq!(second.unchanged, first.added);
}

#[test]
fn what_the_new_file_lacks_is_reported_and_never_removed() {
    let catalogue = Catalogue::parse(SMALL).unwrap();
    let change = Catalogue::diff(&catalogue, &Catalogue::default());
    assert!(change.is_empty());
    assert_eq!(change.missing.len(), 4);
    assert!(change.missing.contains(&CatalogueEntry::Unit(UnitCode::from("omm-zwolle-places"))));
}

/// Each field changed alone is the one field that the comparison names: none is forgotten.
#[test]
fn each_changed_field_is_named() {
    #[rustfmt::skip]
    let table = [
        (r#""name":"Kadera""#, r#""name":"Kadera 2""#, "organisation", "name"),
        (r#""name":"Kadera","country":"NL""#, r#""name":"Kadera","country":"BE""#, "organisation", "country"),
        (r#""name_nl":"OMM Zwolle""#, r#""name_nl":"OMM""#, "location", "name_nl"),
        (r#""name_en":"OMM Zwolle""#, r#""name_en":"OMM""#, "location", "name_en"),
        (r#""organisation":"kadera","city""#, r#""organisation":null,"city""#, "location", "organisation"),
        (r#""city":"Zwolle""#, r#""city":null"#, "location", "city"),
        (r#""police_unit":"Oost-Nederland""#, r#""police_unit":"Limburg""#, "location", "police_unit"),
        (r#""programme_kind":"omm""#, r#""programme_kind":"cosm""#, "location", "programme_kind"),
        (r#""living_form":null"#, r#""living_form":"own_flat""#, "location", "living_form"),
        (r#""night_intake":"unknown""#, r#""night_intake":"no""#, "location", "attributes.night_intake"),
        (r#""age_min","sexual"]"#, r#""age_min"]"#, "location", "attributes.sexual"),
        (r#""age_min":18"#, r#""age_min":16"#, "location", "age_min"),
        (r#""age_max":null"#, r#""age_max":99"#, "location", "age_max"),
        (r#"["comensha"]"#, r#"["police"]"#, "location", "referral_route"),
        (r#""max":3"#, r#""max":4"#, "location", "stay_norm"),
        (r#"["police_unit","#, "[", "location", "inferred"),
        (r#""sources":["D2"]"#, r#""sources":["D1"]"#, "location", "sources"),
        (r#""remark":null"#, r#""remark":"new""#, "location", "remark"),
        (r#""kind":"unspecified""#, r#""kind":"crisis""#, "unit", "kind"),
        (r#""places":4"#, r#""places":5"#, "unit", "places"),
        (r#""assumed":true"#, r#""assumed":false"#, "unit", "assumed"),
        (r#""organisation":"kadera","region""#, r#""organisation":"fier","region""#, "care_region", "organisation"),
        (r#""region":"Flevoland""#, r#""region":"Friesland""#, "care_region", "region"),
        (r#""sources":["D4"]"#, r#""sources":["D2"]"#, "care_region", "sources"),
    ];
    let with_fier = |text: &str| {
        text.replace(
            "\"organisations\":[\n",
            "\"organisations\":[\n{\"id\":\"fier\",\"name\":\"Fier\",\"country\":\"NL\"},\n",
        )
    };
    let before = Catalogue::parse(&with_fier(SMALL)).unwrap();
    for (old, new, kind, field) in table {
        let after = Catalogue::parse(&with_fier(&changed(old, new))).unwrap();
        let change = Catalogue::diff(&before, &after);
        assert_eq!((change.changed.len(), change.added.len(), change.missing.len()), (1, 0, 0), "{old} -> {new}");
        let entry = serde_json::to_value(&change.changed[0].entry).unwrap();
        assert_eq!((entry["entry"].as_str(), &change.changed[0].fields[..]), (Some(kind), &[field.to_owned()][..]));
    }
}

#[test]
fn a_unit_that_moves_and_a_new_class_are_named_too() {
    let before = Catalogue::parse(SMALL).unwrap();
    let mut after = before.clone();
    after.locations[0].described.code = "omm-deventer".into();
    let change = Catalogue::diff(&before, &after);
    assert_eq!((change.added.len(), change.missing.len()), (1, 1));
    assert_eq!(change.changed[0].fields, ["location"]);

    let mut after = before.clone();
    after.locations[0].described.placing_authority = PlacingAuthority::Direct;
    after.locations[0].described.country = "BE".to_owned();
    assert_eq!(Catalogue::diff(&before, &after).changed[0].fields, ["country", "placing_authority"]);
}

#[test]
fn an_id_is_given_by_code_and_kept() {
    let given = UnitId(Uuid::from_u128(7));
    let catalogue = Catalogue::parse(SMALL).unwrap();
    let location = catalogue.locations[0].clone().into_location(|code| {
        assert_eq!(code.as_str(), "omm-zwolle-places");
        given
    });
    assert_eq!((location.units.len(), location.units[0].id), (1, given));
    let again = Catalogue::of(catalogue.organisations.clone(), vec![location], catalogue.care_regions.clone());
    assert_eq!(again, catalogue);
}
