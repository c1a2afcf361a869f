//! A total order of units: score, beds left, longest without a placement, and a lottery nobody can steer.

use std::cmp::Ordering;

use super::{canonical, result::TieStep};
use crate::domain::ids::{ReferralId, UnitId};

/// A unit as the order sees it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Position in the snapshot.
    pub at: u32,
    /// The score, of 10^10.
    pub score: i64,
    /// Beds left free after placing, on the start day; -1 if that is open.
    pub left: i32,
    /// Last placement in microseconds; never counts as longest ago.
    pub last_placement: i64,
}

/// The last step of the order: drawn from policy, referral and unit, so everybody can repeat it.
pub struct Lottery<'l> {
    /// The hash of the policy.
    pub policy: &'l [u8; 32],
    /// The referral.
    pub referral: ReferralId,
    /// The units by position.
    pub ids: &'l [UnitId],
}

impl Lottery<'_> {
    /// The ticket of a unit: SHA-256 of policy hash, referral id and unit id, 32 + 16 + 16 raw bytes; smaller wins.
    pub fn ticket(&self, unit: UnitId) -> [u8; 32] {
        let mut bytes = [0; 64];
        let (head, tail) = bytes.split_at_mut(32);
        let (middle, end) = tail.split_at_mut(16);
        head.copy_from_slice(self.policy);
        middle.copy_from_slice(self.referral.0.as_bytes());
        end.copy_from_slice(unit.0.as_bytes());
        canonical::sha256(&bytes)
    }

    fn draw(&self, a: &Place, b: &Place) -> Ordering {
        let id = |place: &Place| self.ids.get(place.at as usize).copied();
        match (id(a), id(b)) {
            (Some(a), Some(b)) => self.ticket(a).cmp(&self.ticket(b)).then(a.cmp(&b)),
            (None | Some(_), None) | (None, Some(_)) => a.at.cmp(&b.at),
        }
    }
}

/// The order of two units, and the step that decided it (`None`: the score).
pub fn compare(a: &Place, b: &Place, lottery: &Lottery<'_>) -> (Ordering, Option<TieStep>) {
    let score = b.score.cmp(&a.score);
    if score != Ordering::Equal {
        return (score, None);
    }
    let left = b.left.cmp(&a.left);
    if left != Ordering::Equal {
        return (left, Some(TieStep::BedsLeft));
    }
    let last = a.last_placement.cmp(&b.last_placement);
    if last != Ordering::Equal {
        return (last, Some(TieStep::LastPlacement));
    }
    if a.at == b.at { (Ordering::Equal, None) } else { (lottery.draw(a, b), Some(TieStep::Lottery)) }
}

/// True if `a` stands before `b`.
#[inline]
pub fn before(a: &Place, b: &Place, lottery: &Lottery<'_>) -> bool {
    compare(a, b, lottery).0 == Ordering::Less
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn place(at: u32, score: i64, left: i32, last_placement: i64) -> Place {
        Place { at, score, left, last_placement }
    }

    #[test]
    fn each_step_decides_what_the_one_before_leaves_equal() {
        let ids: Vec<UnitId> = (1..4).map(|number| UnitId(Uuid::from_u128(number))).collect();
        let lottery = Lottery { policy: &[7; 32], referral: ReferralId(Uuid::from_u128(9)), ids: &ids };
        for (a, b, step) in [
            (place(0, 2, 0, 0), place(1, 1, 9, 0), None),
            (place(0, 1, 2, 9), place(1, 1, 1, 0), Some(TieStep::BedsLeft)),
            (place(0, 1, 1, i64::MIN), place(1, 1, 1, 5), Some(TieStep::LastPlacement)),
        ] {
            assert_eq!(compare(&a, &b, &lottery), (Ordering::Less, step));
            assert_eq!(compare(&b, &a, &lottery), (Ordering::Greater, step));
        }
        let (first, step) = compare(&place(0, 1, 1, 1), &place(1, 1, 1, 1), &lottery);
        assert_eq!(step, Some(TieStep::Lottery));
        let ticket = |at: usize| lottery.ticket(ids[at]);
        assert_eq!(first, ticket(0).cmp(&ticket(1)));
    }

    #[test]
    fn the_ticket_is_the_hash_of_64_bytes() {
        let lottery = Lottery { policy: &[0; 32], referral: ReferralId(Uuid::nil()), ids: &[] };
        let want = "f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b";
        assert_eq!(canonical::hex(&lottery.ticket(UnitId(Uuid::nil()))), want);
    }
}
