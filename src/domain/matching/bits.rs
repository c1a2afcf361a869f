//! Verdicts as bits. Bit numbers are fixed and never reused; services have bits from 16 up.
//!
//! In the hot path both masks of a pair travel in one word: failed in the upper half, unknown in the lower.

use super::{finding::RuleCode, policy::CompiledPolicy};
use crate::domain::{fact::Verdict, referral::needs::Service};

/// The rules that fail and the rules that are unknown for one unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Masks {
    /// Bits of the rules that are `no`.
    pub failed: u64,
    /// Bits of the rules that are `unknown`.
    pub unknown: u64,
}

/// A rule as the masks know it: R-SERVICE is one rule per service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RuleBit {
    /// The rule.
    pub rule: RuleCode,
    /// The service, for R-SERVICE.
    pub service: Option<Service>,
}

/// The services, in the order of their bits.
pub const SERVICES: [Service; 4] =
    [Service::StepFreeRoom, Service::IntensiveGuidance, Service::Cot, Service::NightStaff];

/// How far the upper half lies above the lower.
const HALF: u32 = 32;

impl RuleBit {
    /// A rule without a service.
    pub const fn of(rule: RuleCode) -> Self {
        Self { rule, service: None }
    }

    /// Every rule of the masks, in the order of the answer.
    pub fn all() -> impl Iterator<Item = Self> {
        RuleCode::ALL.into_iter().flat_map(|rule| {
            let services: &[Option<Service>] = if rule == RuleCode::Service {
                &[
                    Some(Service::StepFreeRoom),
                    Some(Service::IntensiveGuidance),
                    Some(Service::Cot),
                    Some(Service::NightStaff),
                ]
            } else {
                &[None]
            };
            services.iter().map(move |service| Self { rule, service: *service })
        })
    }

    /// The number of its bit.
    pub const fn number(self) -> u32 {
        match (self.rule, self.service) {
            (RuleCode::Victim, _) => 0,
            (RuleCode::Omm, _) => 1,
            (RuleCode::Route, _) => 2,
            (RuleCode::Consent, _) => 3,
            (RuleCode::Age, _) => 4,
            (RuleCode::Gender, _) => 5,
            (RuleCode::Household, _) => 6,
            (RuleCode::Kind, _) => 7,
            (RuleCode::Beds, _) => 8,
            (RuleCode::Security, _) => 9,
            (RuleCode::Danger, _) => 10,
            (RuleCode::Conflict, _) => 11,
            (RuleCode::Group, _) => 12,
            (RuleCode::Contra, _) => 13,
            (RuleCode::Mustcare, _) => 14,
            (RuleCode::Open, _) => 15,
            (RuleCode::Service, Some(Service::StepFreeRoom) | None) => 16,
            (RuleCode::Service, Some(Service::IntensiveGuidance)) => 17,
            (RuleCode::Service, Some(Service::Cot)) => 18,
            (RuleCode::Service, Some(Service::NightStaff)) => 19,
        }
    }

    /// The mask of its bit.
    pub const fn mask(self) -> u64 {
        1 << self.number()
    }

    /// Its bits in both halves of a packed word.
    pub const fn both(self) -> u64 {
        self.mask() | self.mask() << HALF
    }

    /// A verdict as a packed word.
    pub const fn packed(self, verdict: Verdict) -> u64 {
        match verdict {
            Verdict::Yes => 0,
            Verdict::No => 1 << (self.number() + HALF),
            Verdict::Unknown => 1 << self.number(),
        }
    }
}

impl Masks {
    /// Reads a packed word.
    pub const fn unpacked(packed: u64) -> Self {
        Self { failed: packed >> HALF, unknown: packed & 0xFFFF_FFFF }
    }

    /// The verdict of one rule.
    pub const fn verdict(self, bit: RuleBit) -> Verdict {
        if self.failed & bit.mask() != 0 {
            Verdict::No
        } else if self.unknown & bit.mask() != 0 {
            Verdict::Unknown
        } else {
            Verdict::Yes
        }
    }
}

/// The rules that count under a policy, for both halves of a packed word.
pub fn rules_on(policy: &CompiledPolicy) -> u64 {
    let on = RuleBit::all().filter(|bit| policy.is_on(bit.rule)).fold(0, |mask, bit| mask | bit.mask());
    on | on << HALF
}

/// True if a packed word has a failed rule.
pub const fn is_out(packed: u64) -> bool {
    packed >> HALF != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_a_bit_of_its_own_and_services_stand_above() {
        let mut seen = 0_u64;
        for bit in RuleBit::all() {
            assert_eq!(seen & bit.mask(), 0, "{bit:?}");
            assert_eq!(bit.number() >= 16, bit.service.is_some());
            seen |= bit.mask();
        }
        assert_eq!(seen, (1 << 20) - 1, "17 rules, of which one is four");
        assert_eq!(SERVICES.len(), RuleBit::all().filter(|bit| bit.service.is_some()).count());
    }

    #[test]
    fn a_packed_word_gives_the_verdict_back() {
        for bit in RuleBit::all() {
            for verdict in [Verdict::Yes, Verdict::No, Verdict::Unknown] {
                assert_eq!(Masks::unpacked(bit.packed(verdict)).verdict(bit), verdict);
            }
        }
    }
}
