//! R-DANGER: the unit lies outside every danger area, municipality or police unit. It cannot be switched off.

use super::{Case, Detail, of_catalogue, of_person};
use crate::domain::{
    fact::Verdict,
    matching::{
        columns::Site,
        distances::{city_key, folded},
        finding::{Addressee, ChangeStep, FactCode, Stated},
    },
    referral::facts::DangerArea,
};

/// Is a unit at this site outside one area?
pub fn outside(area: &DangerArea, site: &Site) -> Verdict {
    match area {
        DangerArea::Municipality(name) => Verdict::of(site.city_key.as_ref().map(|city| *city != city_key(name))),
        DangerArea::PoliceUnit(name) => Verdict::of(site.police_unit.as_ref().map(|unit| *unit != folded(name))),
    }
}

/// Outside every area; `None` is not assessed.
pub fn verdict(areas: Option<&[DangerArea]>, site: &Site) -> Verdict {
    match areas {
        None => Verdict::Unknown,
        Some(areas) => areas.iter().map(|area| outside(area, site)).fold(Verdict::Yes, Verdict::and),
    }
}

/// The explanation.
pub fn detail(case: &Case<'_>) -> Detail {
    let stated = &case.view.circumstances.danger_regions;
    let site = Site {
        city: case.unit.city.clone(),
        city_key: case.unit.city.as_deref().map(city_key),
        police_unit: case.unit.police_unit.as_deref().map(folded),
    };
    let areas = stated.known().map_or(&[][..], Vec::as_slice);
    let with = |wanted| areas.iter().filter(|area| outside(area, &site) == wanted).cloned().collect::<Vec<_>>();
    let (inside, open) = (with(Verdict::No), with(Verdict::Unknown));
    let ask = if stated.known().is_none() {
        Some((Addressee::Assessor, vec![FactCode::DangerRegions]))
    } else {
        (!open.is_empty()).then(|| (Addressee::Shelter, vec![FactCode::UnitLocation]))
    };
    let name = |area: &DangerArea| match area {
        DangerArea::Municipality(name) | DangerArea::PoliceUnit(name) => name.clone(),
    };
    Detail {
        required: if stated.known().is_some() {
            Stated::Codes(areas.iter().map(name).collect())
        } else {
            Stated::NotStated
        },
        actual: Stated::Codes(case.unit.city.iter().chain(&case.unit.police_unit).cloned().collect()),
        evidence: vec![
            of_person(FactCode::DangerRegions, stated),
            of_catalogue(FactCode::UnitLocation, case.unit.city.is_some()),
        ],
        ask,
        change: (!inside.is_empty()).then_some(ChangeStep::WithdrawDanger { areas: inside }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Verdict::{No, Unknown, Yes};

    fn site(city: Option<&str>, unit: Option<&str>) -> Site {
        Site { city: city.map(str::to_owned), city_key: city.map(city_key), police_unit: unit.map(folded) }
    }

    #[test]
    fn inside_one_danger_area_is_out() {
        let town = |name: &str| DangerArea::Municipality(name.to_owned());
        let unit = |name: &str| DangerArea::PoliceUnit(name.to_owned());
        let zwolle = site(Some("Zwolle"), Some("Oost-Nederland"));
        let nowhere = site(None, None);
        for (areas, at, want) in [
            (Some(vec![]), &zwolle, Yes),
            (Some(vec![town("Enschede")]), &zwolle, Yes),
            (Some(vec![town("zwolle ")]), &zwolle, No),
            (Some(vec![unit("Oost-Nederland")]), &zwolle, No),
            (Some(vec![unit("Limburg"), town("Zwolle")]), &zwolle, No),
            (Some(vec![town("Zwolle")]), &nowhere, Unknown),
            (Some(vec![unit("Limburg")]), &nowhere, Unknown),
            (Some(vec![]), &nowhere, Yes),
            (None, &zwolle, Unknown),
        ] {
            assert_eq!(verdict(areas.as_deref(), at), want, "{areas:?} {at:?}");
        }
    }
}
