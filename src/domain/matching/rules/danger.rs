//! R-DANGER: the unit lies outside every danger area, municipality or police unit. It cannot be switched off.

use super::{Case, Detail, of_catalogue, of_person};
use crate::domain::{
    fact::Verdict,
    matching::{
        columns::Site,
        distances::{City, folded},
        finding::{Addressee, ChangeStep, FactCode, Stated},
    },
    referral::facts::DangerArea,
};

/// A danger area, ready to compare with sites.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    /// The municipality; `None` for a police unit.
    pub city: Option<City>,
    /// The police unit, folded: the area itself, or the one the municipality lies in, where the table knows it.
    pub police_unit: Option<String>,
    /// Where distances are measured from.
    pub middle: City,
}

impl Area {
    /// Makes an area ready.
    pub fn of(area: &DangerArea) -> Self {
        match area {
            DangerArea::Municipality(name) => {
                let city = City::named(name);
                let police_unit = city.police_unit().map(str::to_owned);
                Self { city: Some(city.clone()), police_unit, middle: city }
            }
            DangerArea::PoliceUnit(name) => {
                Self { city: None, police_unit: Some(folded(name)), middle: City::middle_of(name) }
            }
        }
    }

    /// Is a unit at this site outside the area?
    pub fn outside(&self, site: &Site) -> Verdict {
        Verdict::of(match &self.city {
            Some(area) => site.city.as_ref().map(|city| city != area),
            None => site.police_unit.as_ref().map(|unit| Some(unit) != self.police_unit.as_ref()),
        })
    }
}

/// Outside every area; `None` is not assessed.
pub fn verdict(areas: Option<&[Area]>, site: &Site) -> Verdict {
    match areas {
        None => Verdict::Unknown,
        Some(areas) => areas.iter().map(|area| area.outside(site)).fold(Verdict::Yes, Verdict::and),
    }
}

/// The explanation.
pub fn detail(case: &Case<'_>) -> Detail {
    let stated = &case.view.circumstances.danger_regions;
    let site = Site::of(case.unit);
    let areas = stated.known().map_or(&[][..], Vec::as_slice);
    let with =
        |wanted| areas.iter().filter(|area| Area::of(area).outside(&site) == wanted).cloned().collect::<Vec<_>>();
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
        Site { city: city.map(City::named), police_unit: unit.map(folded) }
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
            let ready = areas.as_ref().map(|areas| areas.iter().map(Area::of).collect::<Vec<_>>());
            assert_eq!(verdict(ready.as_deref(), at), want, "{areas:?} {at:?}");
        }
    }
}
