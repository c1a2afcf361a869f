//! Where the people of some referrals stay or are about to: what a rule about people who must not meet asks.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{
    error::StoreError,
    schema::{placements, proposals, referrals},
    transaction::Tx,
};
use crate::domain::ids::{ReferralId, UnitId};

/// States of a placement in which its places are taken, besides a disappearance whose places are still kept.
const THERE: [&str; 3] = ["reserved", "arrived", "in_stay"];

/// The units of open placements and live proposals of each referral at `at`.
///
/// A referral that is nowhere has an empty list; one that does not exist is absent, which a rule reads as unknown.
pub async fn whereabouts(
    tx: &Tx<'_>,
    of: &[ReferralId],
    at: DateTime<Utc>,
) -> Result<BTreeMap<ReferralId, Vec<UnitId>>, StoreError> {
    if of.is_empty() {
        return Ok(BTreeMap::new());
    }
    let ids: Vec<Uuid> = of.iter().map(|id| id.0).collect();
    let known = referrals::table.filter(referrals::id.eq_any(&ids)).select(referrals::id);
    let still_kept = placements::state.eq("disappeared").and(placements::state_until.gt(at));
    let stays = placements::table
        .filter(placements::referral.eq_any(&ids))
        .filter(placements::state.eq_any(THERE).or(still_kept))
        .select((placements::referral, placements::unit));
    let held = proposals::table
        .filter(proposals::referral.eq_any(&ids))
        .filter(proposals::hold_until.gt(at))
        .select((proposals::referral, proposals::unit));
    let (known, stays, held) = futures_util::try_join!(
        known.load::<Uuid>(&mut tx.on()),
        stays.load::<(Uuid, Uuid)>(&mut tx.on()),
        held.load::<(Uuid, Uuid)>(&mut tx.on()),
    )?;
    let mut found: BTreeMap<ReferralId, Vec<UnitId>> =
        known.into_iter().map(|id| (ReferralId(id), Vec::new())).collect();
    for (referral, unit) in stays.into_iter().chain(held) {
        found.entry(ReferralId(referral)).or_default().push(UnitId(unit));
    }
    for units in found.values_mut() {
        units.sort_unstable();
        units.dedup();
    }
    Ok(found)
}
