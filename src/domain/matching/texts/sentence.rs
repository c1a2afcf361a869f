//! The sentences of the answer by name, and the values each may use.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A text that a rule has in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RulePart {
    Title,
    Yes,
    No,
    Unknown,
    Question,
    Change,
}

/// A text that a route has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RoutePart {
    Reason,
    NextStep,
}

/// A text that a fact has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FactPart {
    Name,
    Question,
}

/// A way to tell ages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AgeText {
    Between,
    From,
    UpTo,
    Exact,
    Open,
}

/// A change, or a part of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ChangeText {
    Confirm,
    RecordIndication,
    RecordMultiProblem,
    RecordMultiProblemProblems,
    RecordMultiProblemInsufficient,
    RecordRoute,
    GiveConsent,
    AdmitAges,
    AdmitAgesFrom,
    AdmitAgesUpTo,
    AdmitAgesMinors,
    AdmitGender,
    AdmitHousehold,
    AdmitHouseholdChildren,
    AdmitHouseholdPartner,
    AdmitCrisis,
    MoreBeds,
    MoreBedsOne,
    MoreService,
    RequireLess,
    RequireLessLevel,
    RequireLessSecretAddress,
    WithdrawDanger,
    ConflictLeaves,
    AdmitGroup,
    WaiveContraindications,
    ProvideCare,
    OpenIntake,
    CannotChange,
}

/// A sentence of the explanation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Sentence {
    And,
    HeadingProposal,
    HeadingRoute,
    HeadingNow,
    HeadingLater,
    HeadingAsk,
    HeadingSetAside,
    HeadingOut,
    HeadingQuestions,
    HeadingRelaxations,
    HeadingNearest,
    HeadingAdvice,
    HeadingAdviceOther,
    HeadingAdviceRemarks,
    AdviceFits,
    AdviceAsk,
    HeadingNotWeighed,
    Proposed,
    ProposedNobody,
    ProposedNobodyButAsk,
    PersonDecides,
    Provisional,
    Confidence,
    ConfidenceRho,
    ConfidenceMayChange,
    ConfidenceTossUp,
    BetterLater,
    Score,
    ScoreBetween,
    NotWeighed,
    Beds,
    BedsFreeUnknown,
    Figures,
    FiguresNever,
    Start,
    StartExpected,
    WhenConfirmed,
    WhyFirst,
    WhyFirstTie,
    StrongerHere,
    TieWithPrevious,
    WhyFirstPlain,
    StrongerHerePlain,
    WouldLeadValue,
    WouldLeadWeight,
    WouldLeadWeightThird,
    Change,
    Dispensable,
    Asks,
    AsksUnit,
    Opens,
    OpensOne,
    Relaxation,
    RelaxationOne,
    Nearest,
    ReflectionEnd,
    ReflectionEndOpen,
    OpenFacts,
    NotPossibleNow,
    PlaceNumber,
    UnitName,
    UnitNamePlain,
    PersonFits,
    PersonFitsLater,
    PersonAsk,
    PersonOut,
    InDangerArea,
    ConfidenceNowhereWorse,
    AlsoOpen,
    SetAside,
    RankShared,
    ChangeBy,
}

impl RulePart {
    /// The values that this text of a rule may use.
    pub(crate) fn parameters(self) -> &'static [&'static str] {
        match self {
            Self::Title | Self::Question | Self::Change => &["service"],
            Self::Yes => &[],
            Self::No | Self::Unknown => &["required", "actual", "service"],
        }
    }
}

impl AgeText {
    pub(crate) fn parameters(self) -> &'static [&'static str] {
        match self {
            Self::Between => &["from", "up_to"],
            Self::From | Self::Exact => &["from"],
            Self::UpTo => &["up_to"],
            Self::Open => &[],
        }
    }
}

impl ChangeText {
    pub(crate) fn parameters(self) -> &'static [&'static str] {
        match self {
            Self::Confirm => &["facts"],
            Self::RecordMultiProblem | Self::AdmitAges | Self::AdmitHousehold | Self::RequireLess => &["parts"],
            Self::RecordRoute => &["programme"],
            Self::AdmitAgesFrom => &["from"],
            Self::AdmitAgesUpTo => &["up_to"],
            Self::AdmitGender => &["gender"],
            Self::MoreBeds | Self::MoreBedsOne => &["beds", "by"],
            Self::MoreService => &["quantity", "service"],
            Self::RequireLessLevel => &["level"],
            Self::WithdrawDanger => &["areas"],
            Self::AdmitGroup => &["group"],
            Self::WaiveContraindications => &["contraindications"],
            Self::ProvideCare => &["care"],
            Self::RecordIndication
            | Self::RecordMultiProblemProblems
            | Self::RecordMultiProblemInsufficient
            | Self::GiveConsent
            | Self::AdmitAgesMinors
            | Self::AdmitHouseholdChildren
            | Self::AdmitHouseholdPartner
            | Self::AdmitCrisis
            | Self::RequireLessSecretAddress
            | Self::ConflictLeaves
            | Self::OpenIntake
            | Self::CannotChange => &[],
        }
    }
}

impl Sentence {
    pub(crate) fn parameters(self) -> &'static [&'static str] {
        match self {
            Self::Proposed => &["unit", "start"],
            Self::ProposedNobodyButAsk | Self::Opens | Self::OpensOne => &["count"],
            Self::Confidence => &["confidence"],
            Self::ConfidenceRho => &["rho"],
            Self::ConfidenceMayChange => &["criteria"],
            Self::ConfidenceTossUp => &["units"],
            Self::BetterLater => &["unit", "start", "difference"],
            Self::Score => &["score", "score_max"],
            Self::ScoreBetween => &["score", "score_max", "low", "high"],
            Self::NotWeighed => &["criterion", "facts"],
            Self::Beds => &["needed", "free"],
            Self::BedsFreeUnknown => &["needed"],
            Self::Figures => &["moment"],
            Self::Start | Self::StartExpected | Self::WhenConfirmed | Self::PersonFitsLater => &["start"],
            Self::WhyFirst => &["first", "margin", "criterion", "difference"],
            Self::WhyFirstTie => &["first", "tie"],
            Self::TieWithPrevious => &["tie"],
            Self::WhyFirstPlain => &["first", "criterion"],
            Self::StrongerHerePlain => &["criterion"],
            Self::StrongerHere => &["criterion", "difference"],
            Self::WouldLeadValue => &["first", "criterion", "value"],
            Self::WouldLeadWeight => &["first", "criterion", "weight"],
            Self::WouldLeadWeightThird => &["first", "criterion", "weight", "third"],
            Self::Change => &["change"],
            Self::Asks => &["whom", "question"],
            Self::AsksUnit => &["whom", "unit", "question"],
            Self::Relaxation | Self::RelaxationOne => &["change", "count", "units"],
            Self::OpenFacts => &["facts"],
            Self::AlsoOpen => &["titles"],
            Self::RankShared => &["rank"],
            Self::ChangeBy => &["change", "who"],
            Self::Nearest => &["unit", "failed", "unknown"],
            Self::ReflectionEnd => &["last_day"],
            Self::ReflectionEndOpen => &["last_day", "or_last_day"],
            Self::PlaceNumber => &["number", "programme"],
            Self::UnitName => &["programme", "city", "kind"],
            Self::UnitNamePlain => &["programme", "city"],
            Self::And
            | Self::HeadingProposal
            | Self::HeadingRoute
            | Self::HeadingNow
            | Self::HeadingLater
            | Self::HeadingAsk
            | Self::HeadingSetAside
            | Self::HeadingOut
            | Self::HeadingQuestions
            | Self::HeadingRelaxations
            | Self::HeadingNearest
            | Self::HeadingAdvice
            | Self::HeadingAdviceOther
            | Self::HeadingAdviceRemarks
            | Self::AdviceFits
            | Self::AdviceAsk
            | Self::HeadingNotWeighed
            | Self::ProposedNobody
            | Self::PersonDecides
            | Self::Provisional
            | Self::FiguresNever
            | Self::Dispensable
            | Self::NotPossibleNow
            | Self::PersonFits
            | Self::PersonAsk
            | Self::InDangerArea
            | Self::ConfidenceNowhereWorse
            | Self::SetAside
            | Self::PersonOut => &[],
        }
    }
}
