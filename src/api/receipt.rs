//! The answer to every change: ids, the state, and where the thing itself can be read. Nothing about a person, so that it
//! may be kept and given again to the same request.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::{
    ids::{PlacementId, ReferralId},
    once::Receipt,
};

/// What was made or changed, and where it stands now.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReceiptView {
    /// Its id.
    id: Uuid,
    /// The state it is in now, by name.
    state: String,
    /// Counts every change, from 1; null where changes are not counted.
    version: Option<i64>,
    /// The referral it belongs to.
    referral_id: Option<ReferralId>,
    /// The placement that follows from it.
    placement_id: Option<PlacementId>,
    links: ReceiptLinks,
}

/// Where to read on.
#[derive(Serialize, ToSchema)]
pub struct ReceiptLinks {
    /// The thing itself.
    #[serde(rename = "self")]
    #[schema(format = "uri-reference")]
    itself: String,
}

impl ReceiptView {
    /// The receipt of what can be read at `place`.
    pub fn of(receipt: Receipt, place: String) -> Self {
        Self {
            id: receipt.id,
            state: receipt.state.into_owned(),
            version: receipt.version,
            referral_id: receipt.referral,
            placement_id: receipt.placement,
            links: ReceiptLinks { itself: place },
        }
    }
}
