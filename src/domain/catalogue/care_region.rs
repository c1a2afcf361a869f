//! Care coordination: who is the first contact for victims in a region. A region has no places and is never a shelter.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::ids::{CareRegionCode, OrganisationCode};

/// A region, and the organisation that coordinates care there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CareRegion {
    /// Public code.
    pub code: CareRegionCode,
    /// Who coordinates.
    pub organisation: OrganisationCode,
    /// The region, for people.
    pub region: String,
    /// Labels of the sources.
    pub sources: Vec<String>,
}
