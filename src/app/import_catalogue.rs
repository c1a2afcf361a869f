//! Importing a catalogue: what is new is added, what changed is changed, nothing is ever removed. Importing it again
//! changes nothing.

use super::{Desk, Failure};
use crate::domain::audit::{Action, Call, Event, ObjectKind};
use crate::domain::catalogue::seed::{Catalogue, CatalogueChange};
use crate::domain::ids::{PlaceId, UnitId};
use crate::store::{self, Recorded};

/// Imports a catalogue that was read without a fault, and answers with what changed.
pub async fn import_catalogue(desk: &Desk, call: &Call, new: Catalogue) -> Result<CatalogueChange, Failure> {
    let at = desk.clock.now();
    desk.store
        .write(call, at, async |tx| {
            let existing = store::catalogue::load(tx).await?;
            let change = Catalogue::diff(&existing, &new);
            let event =
                Event::new("catalogue.imported", Action::Update, "import_catalogue").about_all(ObjectKind::Catalogue);
            if !change.is_empty() {
                store::catalogue::save(tx, new, || desk.ids.next(UnitId), || desk.ids.next(PlaceId)).await?;
            }
            Ok(Recorded::new(change, event))
        })
        .await
}

/// The catalogue as it stands, in the form of the import file.
pub async fn export_catalogue(desk: &Desk, call: &Call) -> Result<Catalogue, Failure> {
    let found = desk.store.read(async |tx| Ok::<_, Failure>(store::catalogue::load(tx).await?)).await?;
    let event = Event::new("catalogue.exported", Action::Read, "export_catalogue").about_all(ObjectKind::Catalogue);
    desk.store.record(call, desk.clock.now(), vec![event]).await?;
    Ok(found)
}
