//! R-SERVICE: enough is left of each service that is needed. A need that nobody stated is no need.
//!
//! Whoever needs to move without steps needs one step-free room; where no number of rooms is documented, the attribute
//! of the location answers for one room.

use super::{Case, Detail, of_attribute, of_person};
use crate::domain::{
    catalogue::attribute::AttributeCode,
    fact::Verdict,
    matching::{
        columns::NOT_DOCUMENTED,
        finding::{Addressee, ChangeStep, FactCode, Stated},
    },
    referral::{
        facts::Circumstances,
        needs::{Mobility, Service},
    },
};

/// How much of a service is needed; 0 is none stated.
pub fn needed(facts: &Circumstances, service: Service) -> u16 {
    let listed = facts.service_needs.known().into_iter().flatten().filter(|need| need.service == service);
    let listed = listed.map(|need| need.quantity).max().unwrap_or(0);
    let moves_without_steps =
        service == Service::StepFreeRoom && facts.mobility.known().is_some_and(|mobility| *mobility != Mobility::None);
    listed.max(u16::from(moves_without_steps))
}

/// `capacity` is [`NOT_DOCUMENTED`] or what is left; `step_free` counts for step-free rooms only.
pub fn verdict(needed: u16, capacity: i32, service: Service, step_free: Verdict) -> Verdict {
    if needed == 0 {
        return Verdict::Yes;
    }
    if capacity != NOT_DOCUMENTED {
        return Verdict::of(Some(i32::from(needed) <= capacity));
    }
    match (service, step_free) {
        (Service::StepFreeRoom, Verdict::No) => Verdict::No,
        (Service::StepFreeRoom, Verdict::Yes) if needed == 1 => Verdict::Yes,
        (Service::StepFreeRoom | Service::IntensiveGuidance | Service::Cot | Service::NightStaff, _) => {
            Verdict::Unknown
        }
    }
}

/// The explanation.
pub fn detail(case: &Case<'_>, service: Option<Service>, verdict: Verdict) -> Detail {
    let service = service.unwrap_or(Service::StepFreeRoom);
    let facts = &case.view.circumstances;
    let needed = needed(facts, service);
    let left = case.unit.services.get(&service).copied();
    let mut evidence = vec![of_person(FactCode::ServiceNeeds, &facts.service_needs)];
    if service == Service::StepFreeRoom {
        evidence.push(of_person(FactCode::Mobility, &facts.mobility));
        evidence.push(of_attribute(FactCode::UnitStepFree, case.unit, AttributeCode::StepFree));
    }
    evidence.push(super::of_catalogue(FactCode::UnitServices, left.is_some()));
    Detail {
        required: Stated::Count(u32::from(needed)),
        actual: left.map_or(Stated::NotStated, |left| Stated::Count(u32::from(left))),
        evidence,
        ask: (verdict == Verdict::Unknown).then(|| (Addressee::Shelter, vec![FactCode::UnitServices])),
        change: (verdict == Verdict::No)
            .then(|| ChangeStep::MoreService { service, quantity: needed - left.unwrap_or(0).min(needed) }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Verdict::{No, Unknown, Yes};

    #[test]
    fn what_is_needed_has_to_be_there() {
        for (needed, capacity, service, step_free, want) in [
            (0, NOT_DOCUMENTED, Service::Cot, Unknown, Yes),
            (1, 1, Service::Cot, Unknown, Yes),
            (2, 1, Service::Cot, Unknown, No),
            (1, NOT_DOCUMENTED, Service::NightStaff, Yes, Unknown),
            (1, NOT_DOCUMENTED, Service::StepFreeRoom, Yes, Yes),
            (2, NOT_DOCUMENTED, Service::StepFreeRoom, Yes, Unknown),
            (1, NOT_DOCUMENTED, Service::StepFreeRoom, No, No),
            (1, 1, Service::StepFreeRoom, No, Yes),
            (1, NOT_DOCUMENTED, Service::StepFreeRoom, Unknown, Unknown),
        ] {
            assert_eq!(verdict(needed, capacity, service, step_free), want, "{needed} {capacity} {service:?}");
        }
    }

    #[test]
    fn whoever_cannot_take_steps_needs_a_room_without_them() {
        use super::super::fixture::stated;
        for (mobility, want) in [(Mobility::None, 0), (Mobility::StepFree, 1), (Mobility::Wheelchair, 1)] {
            let facts = Circumstances { mobility: stated(mobility), ..Circumstances::default() };
            assert_eq!(needed(&facts, Service::StepFreeRoom), want);
            assert_eq!(needed(&facts, Service::Cot), 0);
        }
    }
}
