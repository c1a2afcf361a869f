//! The conditions that programmes set, and how one is held against a person.
//!
//! Invariant: only a documented `no` says no. What is unknown about the person or the place becomes a question.
//! Willingness to make a declaration is no condition anywhere: the facts read here do not hold it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{card::AskWhom, person::Person};
use crate::domain::{
    catalogue::{
        attribute::{Attribute, AttributeCode},
        location::Location,
    },
    fact::{Fact, Verdict},
    matching::route::{RouteAdvice, RouteId},
    referral::{
        facts::Circumstances,
        needs::{Mobility, SecurityLevel, ThreatLevel},
        reasons::TargetRoute,
        vocabulary::{ExploitationForm, Gender, Guardian, Jurisdiction, ResidencePhase, Urgency, VictimStatus, YesNo},
    },
};

/// A condition of a programme. Which programme sets which stands in the file of the cards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// In the Netherlands; not recorded counts as yes, to confirm.
    InTheNetherlands,
    /// In Belgium; not recorded counts as no, to confirm.
    InBelgium,
    /// Inside the age bounds of the catalogue.
    Age,
    /// The place admits the person's own statement of gender.
    Gender,
    /// Under 18.
    Minor,
    /// Here without parent or carer.
    Unaccompanied,
    /// A ward of Nidos, or a foreign minor who should be one.
    UnaccompaniedForeign,
    /// Sexual exploitation.
    SexualExploitation,
    /// A form of exploitation that the place helps after.
    ExploitationInScope,
    /// Honour violence.
    HonourViolence,
    /// No severe or acute threat.
    ThreatBelowSevere,
    /// The route leads to regular shelter.
    RouteRegularShelter,
    /// Not known yet whether the person is a victim.
    VictimhoodOpen,
    /// With a title, or in or near the B8 procedure.
    InOrNearB8,
    /// A place is needed now.
    NeededAtOnce,
    /// Suspected or established victim.
    SignsOfTrafficking,
    /// Somebody has documented how to refer.
    ReferralRouteKnown,
    /// Minors are admitted, where the person is one.
    MinorsAdmitted,
    /// Children may come along, where there are any.
    Children,
    /// Partner or family may come along, where wished.
    Together,
    /// The address is secret, where needed.
    SecretAddress,
    /// The entrance is guarded, where required.
    RequiredSecurity,
    /// No steps, where needed.
    StepFree,
}

impl Condition {
    /// Every condition.
    pub const ALL: [Self; 23] = [
        Self::InTheNetherlands,
        Self::InBelgium,
        Self::Age,
        Self::Gender,
        Self::Minor,
        Self::Unaccompanied,
        Self::UnaccompaniedForeign,
        Self::SexualExploitation,
        Self::ExploitationInScope,
        Self::HonourViolence,
        Self::ThreatBelowSevere,
        Self::RouteRegularShelter,
        Self::VictimhoodOpen,
        Self::InOrNearB8,
        Self::NeededAtOnce,
        Self::SignsOfTrafficking,
        Self::ReferralRouteKnown,
        Self::MinorsAdmitted,
        Self::Children,
        Self::Together,
        Self::SecretAddress,
        Self::RequiredSecurity,
        Self::StepFree,
    ];

    /// The needs that are held against every location, whatever its programme.
    pub(super) const ALWAYS: [Self; 6] = [
        Self::MinorsAdmitted,
        Self::Children,
        Self::Together,
        Self::SecretAddress,
        Self::RequiredSecurity,
        Self::StepFree,
    ];
}

/// The verdict on one condition, and who can settle what is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Judged {
    pub(super) verdict: Verdict,
    /// Who is asked; also beside a yes or no that rests on a silence.
    pub(super) ask: Option<AskWhom>,
}

const MET: Judged = Judged { verdict: Verdict::Yes, ask: None };
const NOT_MET: Judged = Judged { verdict: Verdict::No, ask: None };
const ASK_PERSON: Judged = Judged { verdict: Verdict::Unknown, ask: Some(AskWhom::Person) };
const ASK_LOCATION: Judged = Judged { verdict: Verdict::Unknown, ask: Some(AskWhom::Location) };

/// Holds one condition against a person and a location.
pub(super) fn judge(condition: Condition, person: &Person<'_>, location: &Location) -> Judged {
    let facts = person.facts;
    let attribute = |code| location.attributes.get(code);
    match condition {
        Condition::InTheNetherlands => in_the_netherlands(facts),
        Condition::InBelgium => in_belgium(facts),
        Condition::Age => age(person, location),
        Condition::Gender => gender(facts, location),
        Condition::Minor => of_person(person.is_minor()),
        Condition::Unaccompanied => of_person(unaccompanied(facts)),
        Condition::UnaccompaniedForeign => of_person(unaccompanied(facts).and(foreign(facts))),
        Condition::SexualExploitation => of_person(sexual_exploitation(facts)),
        Condition::ExploitationInScope => exploitation_in_scope(facts, location),
        Condition::HonourViolence => of_person(facts.honour_violence.holds(|it| *it == YesNo::Yes)),
        Condition::ThreatBelowSevere => of_person(facts.threat_level.holds(|it| *it < ThreatLevel::Severe)),
        Condition::RouteRegularShelter => of_person(route_regular_shelter(person.route)),
        Condition::VictimhoodOpen => of_person(victimhood_open(facts, person.route)),
        Condition::InOrNearB8 => of_person(in_or_near_b8(facts)),
        Condition::NeededAtOnce => of_person(facts.urgency.holds(|it| *it == Urgency::Crisis)),
        Condition::SignsOfTrafficking => of_person(facts.victim_status.holds(|it| *it != VictimStatus::NoSign)),
        Condition::ReferralRouteKnown => referral_route_known(location),
        Condition::MinorsAdmitted => need(person.is_minor(), attribute(AttributeCode::Minors)),
        Condition::Children => {
            need(facts.children_along.holds(|children| !children.is_empty()), attribute(AttributeCode::Children))
        }
        Condition::Together => {
            need(stated(&facts.place_together, |it| *it == YesNo::Yes), attribute(AttributeCode::Couples))
        }
        Condition::SecretAddress => {
            need(stated(&facts.needs_secret_address, |it| *it == YesNo::Yes), attribute(AttributeCode::SecretAddress))
        }
        Condition::RequiredSecurity => need(
            stated(&facts.required_security, |it| *it == SecurityLevel::Secured),
            attribute(AttributeCode::Secured),
        ),
        Condition::StepFree => {
            need(stated(&facts.mobility, |it| *it != Mobility::None), attribute(AttributeCode::StepFree))
        }
    }
}

/// A verdict that only the person's side can settle.
fn of_person(verdict: Verdict) -> Judged {
    match verdict {
        Verdict::Yes => MET,
        Verdict::No => NOT_MET,
        Verdict::Unknown => ASK_PERSON,
    }
}

/// The three-valued rule of the catalogue: a need against an attribute.
fn need(needed: Verdict, attribute: Attribute) -> Judged {
    match (needed, attribute.effective()) {
        (Verdict::No, _) | (Verdict::Yes | Verdict::Unknown, Verdict::Yes) => MET,
        (Verdict::Unknown, Verdict::No | Verdict::Unknown) => ASK_PERSON,
        (Verdict::Yes, Verdict::No) => NOT_MET,
        (Verdict::Yes, Verdict::Unknown) => ASK_LOCATION,
    }
}

/// A need that counts only once somebody has stated it: the assessor sets it, silence asks for nothing.
fn stated<T>(fact: &Fact<T>, test: impl FnOnce(&T) -> bool) -> Verdict {
    Verdict::of(Some(fact.known().is_some_and(test)))
}

fn in_the_netherlands(facts: &Circumstances) -> Judged {
    match facts.jurisdiction.known() {
        Some(Jurisdiction::Nl) => MET,
        Some(Jurisdiction::Be | Jurisdiction::Other) => NOT_MET,
        None => Judged { verdict: Verdict::Yes, ask: Some(AskWhom::Person) },
    }
}

fn in_belgium(facts: &Circumstances) -> Judged {
    match facts.jurisdiction.known() {
        Some(Jurisdiction::Be) => MET,
        Some(Jurisdiction::Nl | Jurisdiction::Other) => NOT_MET,
        None => Judged { verdict: Verdict::No, ask: Some(AskWhom::Person) },
    }
}

fn age(person: &Person<'_>, location: &Location) -> Judged {
    let (from, to) = (location.age_min, location.age_max);
    if from.is_none() && to.is_none() {
        return MET;
    }
    let old_enough = from.map_or(Verdict::Yes, |bound| person.is_at_least(bound));
    let young_enough = to.map_or(Verdict::Yes, |bound| person.is_at_most(bound));
    // An inferred bound says no to nobody: the programme is asked.
    let refused_by_inference = (old_enough == Verdict::No && location.is_inferred("age_min"))
        || (young_enough == Verdict::No && location.is_inferred("age_max"));
    match old_enough.and(young_enough) {
        Verdict::Yes => MET,
        Verdict::No if refused_by_inference => ASK_LOCATION,
        Verdict::No => NOT_MET,
        Verdict::Unknown => ASK_PERSON,
    }
}

fn gender(facts: &Circumstances, location: &Location) -> Judged {
    let women = location.attributes.get(AttributeCode::Women);
    let men = location.attributes.get(AttributeCode::Men);
    let everybody = women.effective() == Verdict::Yes && men.effective() == Verdict::Yes;
    match facts.gender.known() {
        Some(Gender::Female) => need(Verdict::Yes, women),
        Some(Gender::Male) => need(Verdict::Yes, men),
        Some(Gender::Other) | None if everybody => MET,
        Some(Gender::Other) => ASK_LOCATION,
        None => ASK_PERSON,
    }
}

fn unaccompanied(facts: &Circumstances) -> Verdict {
    facts.guardian.holds(|guardian| match guardian {
        Guardian::Nidos | Guardian::None => true,
        Guardian::Parent | Guardian::CertifiedInstitution => false,
    })
}

/// A ward of Nidos is foreign by that fact; otherwise the title tells.
fn foreign(facts: &Circumstances) -> Verdict {
    let by_guardian = Verdict::of(Some(facts.guardian.known() == Some(&Guardian::Nidos)));
    by_guardian.or(facts.residence_phase.holds(|it| !matches!(it, ResidencePhase::Dutch | ResidencePhase::EuLawful)))
}

fn sexual_exploitation(facts: &Circumstances) -> Verdict {
    match facts.exploitation_forms.known() {
        Some(forms) if !forms.is_empty() => Verdict::of(Some(forms.contains(&ExploitationForm::Sexual))),
        Some(_) | None => Verdict::Unknown,
    }
}

fn exploitation_in_scope(facts: &Circumstances, location: &Location) -> Judged {
    let Some(forms) = facts.exploitation_forms.known().filter(|forms| !forms.is_empty()) else {
        return ASK_PERSON;
    };
    let in_scope = |form: &ExploitationForm| match form {
        ExploitationForm::Sexual => location.attributes.get(AttributeCode::Sexual).effective(),
        ExploitationForm::LabourOrServices => location.attributes.get(AttributeCode::Labour).effective(),
        ExploitationForm::ForcedCriminality
        | ExploitationForm::ForcedBegging
        | ExploitationForm::OrganRemoval
        | ExploitationForm::Other => Verdict::Unknown,
    };
    match forms.iter().map(in_scope).fold(Verdict::No, Verdict::or) {
        Verdict::Yes => MET,
        Verdict::No => NOT_MET,
        Verdict::Unknown => ASK_LOCATION,
    }
}

fn in_or_near_b8(facts: &Circumstances) -> Verdict {
    match facts.residence_phase.known() {
        Some(
            ResidencePhase::Dutch
            | ResidencePhase::EuLawful
            | ResidencePhase::B8Reflection
            | ResidencePhase::B8Permit
            | ResidencePhase::OtherPermit,
        ) => Verdict::Yes,
        // "Near" is not a title: somebody who knows the procedure has to say.
        Some(
            ResidencePhase::EuNoRight
            | ResidencePhase::B8Ended
            | ResidencePhase::Asylum
            | ResidencePhase::Dublin
            | ResidencePhase::None,
        )
        | None => Verdict::Unknown,
    }
}

fn referral_route_known(location: &Location) -> Judged {
    if location.referral_route.iter().any(|route| route != "unknown") { MET } else { ASK_LOCATION }
}

/// The ways a condition can come out, so that the file of the cards can be checked for texts.
pub(super) struct Endings {
    pub(super) in_no: bool,
    pub(super) in_asking_person: bool,
    pub(super) in_asking_location: bool,
}

impl Condition {
    /// How this condition can come out, besides yes.
    pub(super) fn can_end(self) -> Endings {
        let (in_no, in_asking_person, in_asking_location) = match self {
            Self::InTheNetherlands
            | Self::InBelgium
            | Self::Minor
            | Self::Unaccompanied
            | Self::UnaccompaniedForeign
            | Self::SexualExploitation
            | Self::HonourViolence
            | Self::ThreatBelowSevere
            | Self::RouteRegularShelter
            | Self::VictimhoodOpen
            | Self::NeededAtOnce
            | Self::SignsOfTrafficking => (true, true, false),
            Self::InOrNearB8 => (false, true, false),
            Self::ReferralRouteKnown => (false, false, true),
            Self::Age | Self::Gender | Self::ExploitationInScope | Self::MinorsAdmitted | Self::Children => {
                (true, true, true)
            }
            Self::Together | Self::SecretAddress | Self::RequiredSecurity | Self::StepFree => (true, false, true),
        };
        Endings { in_no, in_asking_person, in_asking_location }
    }
}

/// Regular shelter is the route, or one of those the coordinator chooses from, or nothing is settled yet.
pub(super) fn route_regular_shelter(route: &RouteAdvice) -> Verdict {
    match route.target {
        TargetRoute::WmoShelter => Verdict::Yes,
        TargetRoute::Undetermined | TargetRoute::GgzCrisisFirst => Verdict::Unknown,
        TargetRoute::Omm
        | TargetRoute::Cosm
        | TargetRoute::Iszw
        | TargetRoute::YouthCare
        | TargetRoute::Nidos
        | TargetRoute::ReflectionPeriodFirst
        | TargetRoute::ForeignProgramme
        | TargetRoute::RegistrationOnly => {
            if route.also.contains(&TargetRoute::WmoShelter) {
                Verdict::Unknown
            } else {
                Verdict::No
            }
        }
    }
}

/// The 72-hour shelter is for people not yet known to be victims. Before the reflection period is offered a suspicion
/// still counts as open: the talk may lead to the offer.
pub(super) fn victimhood_open(facts: &Circumstances, route: &RouteAdvice) -> Verdict {
    match facts.victim_status.known() {
        None => Verdict::Yes,
        Some(VictimStatus::Established | VictimStatus::NoSign) => Verdict::No,
        Some(VictimStatus::Suspected) if route.target == TargetRoute::ReflectionPeriodFirst => Verdict::Yes,
        Some(VictimStatus::Suspected) => {
            let may_be = matches!(route.id, RouteId::R10 | RouteId::R12) && route.target == TargetRoute::Undetermined;
            if may_be { Verdict::Unknown } else { Verdict::No }
        }
    }
}
