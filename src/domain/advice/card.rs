//! One card of the advice list, as a reader gets it.
//!
//! Invariant: a card has no score, no rank and no free place. It has no field that could hold one, so advice can
//! never be taken for a candidate.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::condition::Condition;
use crate::domain::{catalogue::location::PlacingAuthority, fact::Verdict, ids::LocationCode, words::Words};

/// Everything the service can say about places it may not give away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Advice {
    /// One card per location outside CoMensha's placing authority: those that fit first, then those to ask.
    pub cards: Vec<AdviceCard>,
    /// What else helps: care coordination, ways to bridge the time. Never a place.
    pub remarks: Vec<AdviceRemark>,
}

/// Whether a location suits this person, as far as is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Every condition is met.
    Fits,
    /// Possible; someone has to ask first.
    Ask,
    /// A documented condition is not met.
    NotForThisPerson,
}

/// What the service says about one location that CoMensha does not place in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AdviceCard {
    /// The location.
    pub location: LocationCode,
    /// Its name.
    pub name: Words,
    /// Who decides there: never CoMensha.
    pub placing_authority: PlacingAuthority,
    /// Whether it suits this person.
    pub standing: Standing,
    /// Why it suits this person more than others, where the programme says so.
    pub strongest: Option<Words>,
    /// What to know before anything else.
    pub warning: Option<Words>,
    /// For whom the programme is.
    pub for_whom: Words,
    /// The ages it is for.
    pub ages: Words,
    /// How to refer, in a sentence.
    pub how_to_refer: Words,
    /// Through whom a referral goes.
    pub referral_route: Vec<Words>,
    /// How long people stay, where documented.
    pub stay: Words,
    /// Each condition with its verdict; where it does not suit, only what stands in the way.
    pub findings: Vec<AdviceFinding>,
    /// What to ask, and whom.
    pub questions: Vec<AdviceQuestion>,
    /// What else the programme says about itself.
    pub notes: Vec<Words>,
    /// What the programme works on with everybody.
    pub fixed_work_areas: Vec<Words>,
    /// What the person chooses to work on.
    pub chosen_work_areas: Vec<Words>,
    /// With whom the programme works.
    pub partners: Vec<String>,
    /// Labels of the public sources.
    pub sources: Vec<String>,
}

/// One condition of a programme, held against this person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AdviceFinding {
    /// Which condition.
    pub condition: Condition,
    /// Met, not met, or to be asked.
    pub verdict: Verdict,
    /// The same in words.
    pub text: Words,
}

/// A question that the card leaves open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AdviceQuestion {
    /// The condition it would settle.
    pub condition: Condition,
    /// Whom to ask.
    pub ask: AskWhom,
    /// The question in words.
    pub text: Words,
}

/// Who can answer a question about advice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AskWhom {
    /// The person, or whoever referred the person.
    Person,
    /// The programme.
    Location,
}

/// Something that helps and is not a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AdviceRemark {
    /// Which remark.
    pub code: RemarkCode,
    /// The remark in words.
    pub text: Words,
}

/// The remarks that can stand beside the cards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RemarkCode {
    /// A care coordinator ties the signals of one person together. Source: D4.
    CareCoordination,
    /// OMM Rotterdam can scale up or down to other houses of Fier. Source: D2.
    FierScaling,
    /// The police have emergency beds; never a placement. Source: CM-247.
    EmergencyBed,
    /// The 72-hour shelter gives time for a talk; never a placement. Source: HVO-CAP.
    SeventyTwoHours,
    /// CoMensha mediates to regular shelter per region. Source: CM-COORD.
    RegularShelter,
    /// Neither the Netherlands nor Belgium: no advice on shelter.
    NoForeignAdvice,
}

impl RemarkCode {
    /// Every remark, in the order of showing.
    pub const ALL: [Self; 6] = [
        Self::EmergencyBed,
        Self::SeventyTwoHours,
        Self::RegularShelter,
        Self::FierScaling,
        Self::CareCoordination,
        Self::NoForeignAdvice,
    ];
}
