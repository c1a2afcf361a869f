//! How the desk is opened: catalogue, policy, and the figures of the shelters.

use super::super::{
    super::{ending::Trouble, given::GivenText, policy},
    people::{ADMIN, BLIJF_GROEP, COORDINATOR, FIER, HVO_QUERIDO, KADERA, Person},
    stage::{NamedUnit, Stage},
};
use crate::{
    app::{
        adopt_policy::adopt_policy,
        confirm_figures::confirm_figures,
        import_catalogue::import_catalogue,
        read_capacity::read_capacity,
        read_catalogue::{list_locations, list_places},
        report_place::{PlaceReport, report_place},
    },
    domain::{
        catalogue::{
            location::{Location, PlacingAuthority, ProgrammeKind, Unit, UnitKind},
            seed::{Catalogue, DEFAULT_CATALOGUE},
        },
        ids::UnitId,
        matching::policy::POLICY_V1,
        role::Permission,
    },
};

/// Who runs which unit, and how many of its places are taken when the story begins: 18 of 36.
const TAKEN: [(&str, Person, usize); 7] = [
    ("omm-amsterdam-crisis", HVO_QUERIDO, 6),
    ("omm-amsterdam-move-on", HVO_QUERIDO, 2),
    ("omm-alkmaar-move-on", BLIJF_GROEP, 1),
    ("omm-almere-move-on", BLIJF_GROEP, 2),
    ("omm-rotterdam-places", FIER, 4),
    ("omm-zwolle-places", KADERA, 2),
    ("omm-enschede-places", KADERA, 1),
];

/// Says what this is, for someone who has never heard of it.
pub(super) fn introduce(stage: &mut Stage<'_>) {
    stage.telling.tell(
        "In the Netherlands, 36 places shelter victims of human trafficking who also have other serious problems: an \
         illness of the mind, an addiction, a mild intellectual disability. They are called OMM (opvang mensenhandel \
         met multiproblematiek). CoMensha, the national coordination centre, decides who gets which place.",
    );
    stage.telling.tell(
        "This service helps it decide: it says which places fit a person, which need a question answered first, which \
         do not fit, and why. People decide. Everybody below is invented, and known by a number only.",
    );
}

/// Imports the catalogue and adopts the policy.
pub(super) async fn open(stage: &mut Stage<'_>) -> Result<(), Trouble> {
    stage.telling.step("The desk opens");
    let call = ADMIN.asks(Permission::ChangeSettings);
    let catalogue = stage.telling.need("the catalogue has no fault", Catalogue::parse(DEFAULT_CATALOGUE).ok())?;
    let change = stage
        .telling
        .done("the catalogue is imported", import_catalogue(&stage.desk, &call, catalogue.clone()).await)?;
    let again = stage.telling.done("it is imported again", import_catalogue(&stage.desk, &call, catalogue).await)?;
    stage.telling.check("the same catalogue twice changes nothing", again.is_empty())?;
    let policy = policy::read(&GivenText { text: POLICY_V1.to_owned(), name: policy::SHIPPED.to_owned() })?;
    let adopted = stage.telling.done("the policy is adopted", adopt_policy(&stage.desk, &call, &policy).await)?;
    let locations = locations(stage).await?;
    for (location, unit) in
        locations.iter().flat_map(|location| location.units.iter().map(move |unit| (location, unit)))
    {
        if location.placing_authority == PlacingAuthority::Comensha {
            stage.units.insert(unit.code.clone(), NamedUnit { id: unit.id, name: name(location, unit) });
        }
    }
    stage.telling.tell(format_args!(
        "It is {}. The administrator imports the catalogue ({} entries, each from public sources) and adopts policy {}: \
         the weights and deadlines that matching computes with. Its hash {}… stands in every result from now on.",
        stage.time(),
        change.added.len(),
        adopted.name,
        adopted.hash.chars().take(12).collect::<String>()
    ));
    Ok(())
}

/// The shelters say which places are taken, by people who came before this service.
pub(super) async fn fill(stage: &mut Stage<'_>) -> Result<(), Trouble> {
    stage.telling.step("The shelters report");
    for (code, who, taken) in TAKEN {
        let unit = stage.unit(code)?;
        occupy_last(stage, who, unit, taken).await?;
        confirm(stage, who, unit).await?;
    }
    let (total, taken, free) = omm_figures(stage).await?;
    stage.telling.check("18 of 36 places are taken", (total, taken, free) == (36, 18, 18))?;
    stage.telling.tell(format_args!(
        "Each shelter says which of its places are taken and confirms its figures: of {total} OMM places {taken} are \
         taken and {free} free. Figures older than a day (a week at a move-on house) would no longer count without a question."
    ));
    Ok(())
}

/// Reports the last places of a unit as taken.
async fn occupy_last(stage: &Stage<'_>, who: Person, unit: UnitId, number: usize) -> Result<(), Trouble> {
    let (read, scope) = (who.asks(Permission::ReadCatalogue), who.reach(Permission::ReadCatalogue)?);
    let places = stage.telling.done("the places are listed", list_places(&stage.desk, &read, scope, unit).await)?;
    for place in places.iter().rev().take(number) {
        take(stage, who, place.id).await?;
    }
    Ok(())
}

/// Reports one place as taken.
pub(super) async fn take(stage: &Stage<'_>, who: Person, place: crate::domain::ids::PlaceId) -> Result<(), Trouble> {
    let (call, scope) = (who.asks(Permission::ReportCapacity), who.reach(Permission::ReportCapacity)?);
    let report = report_place(&stage.desk, &call, scope, place, PlaceReport::Occupied(None)).await;
    stage.settled("the place is reported as taken", report).map(drop)
}

/// A shelter confirms the figures of a unit.
pub(super) async fn confirm(stage: &Stage<'_>, who: Person, unit: UnitId) -> Result<(), Trouble> {
    let (call, scope) = (who.asks(Permission::ReportCapacity), who.reach(Permission::ReportCapacity)?);
    stage.telling.done("the figures are confirmed", confirm_figures(&stage.desk, &call, scope, unit).await).map(drop)
}

/// Every shelter confirms the figures of all its OMM units.
pub(super) async fn confirm_all(stage: &Stage<'_>) -> Result<(), Trouble> {
    for (code, who, _) in TAKEN {
        confirm(stage, who, stage.unit(code)?).await?;
    }
    Ok(())
}

/// Who runs a unit of the OMM.
pub(super) fn shelter_of(code: &str) -> Option<Person> {
    TAKEN.iter().find(|(known, _, _)| *known == code).map(|(_, who, _)| *who)
}

/// All OMM places, those taken and those free.
async fn omm_figures(stage: &Stage<'_>) -> Result<(u16, u16, u16), Trouble> {
    let (call, scope) = (COORDINATOR.asks(Permission::ReadCapacity), COORDINATOR.reach(Permission::ReadCapacity)?);
    let board = stage.telling.done("the board is read", read_capacity(&stage.desk, &call, scope).await)?;
    let omm = board.iter().filter(|line| line.unit.programme == ProgrammeKind::Omm).filter_map(|line| line.capacity);
    Ok(omm.fold((0, 0, 0), |(total, taken, free), unit| (total + unit.total, taken + unit.occupied, free + unit.free)))
}

async fn locations(stage: &Stage<'_>) -> Result<Vec<Location>, Trouble> {
    let (call, scope) = (COORDINATOR.asks(Permission::ReadCatalogue), COORDINATOR.reach(Permission::ReadCatalogue)?);
    let found = list_locations(&stage.desk, &call, scope, "list_locations").await;
    stage.telling.done("the locations are listed", found)
}

/// The name of a unit in the story: its city, and its kind where a location has more than one.
fn name(location: &Location, unit: &Unit) -> String {
    let city = location.city.as_deref().unwrap_or(&location.name_en);
    match unit.kind {
        UnitKind::Crisis => format!("{city} crisis"),
        UnitKind::MoveOn if location.units.len() > 1 => format!("{city} move-on"),
        UnitKind::MoveOn | UnitKind::Unspecified => city.to_owned(),
    }
}
