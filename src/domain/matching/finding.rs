//! A rule's verdict as data: what was required, what is the case, how one knows, whom to ask, what would change it.
//!
//! Invariant: every rule that is not met leaves exactly one finding per unit; texts are written from these fields only.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use super::fact_code::FactCode;
use super::snapshot::Contraindication;
use crate::domain::{
    catalogue::location::ProgrammeKind,
    fact::{Source, Verdict},
    ids::{ReferralId, UnitId},
    referral::{
        facts::DangerArea,
        needs::{MustHaveCare, SecurityLevel, Service},
        vocabulary::Gender,
    },
};

/// The hard rules. Their bit numbers are fixed and never reused; services have bits from 16 up, one each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
pub enum RuleCode {
    /// (Suspected) victim.
    #[serde(rename = "R-VICTIM")]
    Victim,
    /// Multiple problems.
    #[serde(rename = "R-OMM")]
    Omm,
    /// Legal route.
    #[serde(rename = "R-ROUTE")]
    Route,
    /// Consent.
    #[serde(rename = "R-CONSENT")]
    Consent,
    /// Age.
    #[serde(rename = "R-AGE")]
    Age,
    /// Gender policy.
    #[serde(rename = "R-GENDER")]
    Gender,
    /// Household together.
    #[serde(rename = "R-HOUSEHOLD")]
    Household,
    /// Crisis or move-on.
    #[serde(rename = "R-KIND")]
    Kind,
    /// Free beds.
    #[serde(rename = "R-BEDS")]
    Beds,
    /// A service.
    #[serde(rename = "R-SERVICE")]
    Service,
    /// Security.
    #[serde(rename = "R-SECURITY")]
    Security,
    /// Danger area.
    #[serde(rename = "R-DANGER")]
    Danger,
    /// Known conflict.
    #[serde(rename = "R-CONFLICT")]
    Conflict,
    /// Fixed group.
    #[serde(rename = "R-GROUP")]
    Group,
    /// Contra-indication.
    #[serde(rename = "R-CONTRA")]
    Contra,
    /// Must-have care.
    #[serde(rename = "R-MUSTCARE")]
    Mustcare,
    /// Open for intake.
    #[serde(rename = "R-OPEN")]
    Open,
}

impl RuleCode {
    /// Every rule, in the order of the answer.
    pub const ALL: [Self; 17] = [
        Self::Victim,
        Self::Omm,
        Self::Route,
        Self::Consent,
        Self::Age,
        Self::Gender,
        Self::Household,
        Self::Kind,
        Self::Beds,
        Self::Service,
        Self::Security,
        Self::Danger,
        Self::Conflict,
        Self::Group,
        Self::Contra,
        Self::Mustcare,
        Self::Open,
    ];

    /// The name in policy, answer and texts.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Victim => "R-VICTIM",
            Self::Omm => "R-OMM",
            Self::Route => "R-ROUTE",
            Self::Consent => "R-CONSENT",
            Self::Age => "R-AGE",
            Self::Gender => "R-GENDER",
            Self::Household => "R-HOUSEHOLD",
            Self::Kind => "R-KIND",
            Self::Beds => "R-BEDS",
            Self::Service => "R-SERVICE",
            Self::Security => "R-SECURITY",
            Self::Danger => "R-DANGER",
            Self::Conflict => "R-CONFLICT",
            Self::Group => "R-GROUP",
            Self::Contra => "R-CONTRA",
            Self::Mustcare => "R-MUSTCARE",
            Self::Open => "R-OPEN",
        }
    }
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Evidence {
    /// Which fact.
    pub fact: FactCode,
    /// Who stated it; `None`: nobody has.
    pub source: Option<Source>,
    /// Since when.
    pub as_of: Option<DateTime<Utc>>,
    /// True if the catalogue concluded it, and did not find it documented.
    pub inferred: bool,
}

/// A value that a rule compared. Codes are `snake_case` enum values, or names of the catalogue and of danger areas.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "type", content = "value")]
pub enum Stated {
    /// Not stated or not documented.
    NotStated,
    /// One or more codes.
    Codes(Vec<String>),
    /// A number (beds, quantity, hours).
    Count(u32),
    /// A day.
    Day(NaiveDate),
    /// Ages in whole years, inclusive; an open bound does not bind.
    Ages {
        /// Youngest.
        from: Option<u8>,
        /// Oldest.
        up_to: Option<u8>,
    },
}

/// Who can change a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangedBy {
    /// The assessor, by a recorded judgement.
    Assessor,
    /// Only law.
    Law,
    /// CoMensha's coordinator.
    Coordinator,
    /// The person.
    Person,
    /// The shelter.
    Shelter,
    /// Time.
    Time,
    /// Another route.
    OtherRoute,
}

/// Who can answer a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Addressee {
    /// The one who referred the victim.
    Referrer,
    /// CoMensha's assessor.
    Assessor,
    /// CoMensha's coordinator.
    Coordinator,
    /// The shelter of the unit named.
    Shelter,
}

/// What a person has to ask, and whom. Two findings with equal `ask`, `unit` and `facts` are one question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Question {
    /// The rule that asks; of several, the first. `None`: it only sharpens the score.
    pub rule: Option<RuleCode>,
    /// The service the question is about.
    pub service: Option<Service>,
    /// Whom.
    pub ask: Addressee,
    /// The unit it is about; `None`: the person.
    pub unit: Option<UnitId>,
    /// The open facts, sorted.
    pub facts: Vec<FactCode>,
    /// How many units this answer alone would turn into FIT, if it is favourable.
    pub opens_units: u32,
    /// In Dutch.
    pub text_nl: String,
    /// In English.
    pub text_en: String,
}

/// The smallest change that flips one rule to yes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Change {
    /// What would have to change.
    pub step: ChangeStep,
    /// In Dutch.
    pub text_nl: String,
    /// In English.
    pub text_en: String,
}

/// A change as data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum ChangeStep {
    /// The open facts are answered favourably ("confirm: step-free?").
    Confirm {
        /// Which facts.
        facts: Vec<FactCode>,
    },
    /// The assessor records an indication of trafficking.
    RecordIndication,
    /// The assessor records serious problems, or that regular shelter is insufficient, or both.
    RecordMultiProblem {
        /// Clear indicators or enough life domains.
        problems: bool,
        /// Regular shelter insufficient.
        regular_shelter_insufficient: bool,
    },
    /// The coordinator records a judgement for the unit's programme.
    RecordRoute {
        /// The programme.
        programme: ProgrammeKind,
    },
    /// The person gives consent that covers the unit.
    GiveConsent,
    /// The shelter admits other ages.
    AdmitAges {
        /// From this age (it is higher now).
        from: Option<u8>,
        /// Up to this age (it is lower now).
        up_to: Option<u8>,
        /// People under 18 with a referral of their own.
        minors: bool,
    },
    /// The shelter admits this gender.
    AdmitGender {
        /// Which.
        gender: Gender,
    },
    /// The shelter admits the household.
    AdmitHousehold {
        /// The children.
        children: bool,
        /// The partner.
        partner: bool,
    },
    /// The shelter takes a crisis referral.
    AdmitCrisis,
    /// So many places more by a day.
    MoreBeds {
        /// How many.
        beds: u16,
        /// By when.
        by: NaiveDate,
    },
    /// The shelter offers more of a service.
    MoreService {
        /// Which.
        service: Service,
        /// How much more.
        quantity: u16,
    },
    /// The assessor requires less security.
    RequireLess {
        /// The level that the unit has; `None`: the level may stay.
        level: Option<SecurityLevel>,
        /// Drop the secret address.
        secret_address: bool,
    },
    /// The assessor withdraws danger areas.
    WithdrawDanger {
        /// Which.
        #[schema(value_type = Vec<Object>)]
        areas: Vec<DangerArea>,
    },
    /// The people of a conflict have left, or are no longer planned there.
    ConflictLeaves {
        /// Their referrals.
        referrals: Vec<ReferralId>,
    },
    /// The shelter changes its fixed group.
    AdmitGroup {
        /// The group to admit.
        group: String,
    },
    /// The shelter waives contra-indications.
    WaiveContraindications {
        /// Which.
        contraindications: Vec<Contraindication>,
    },
    /// The shelter makes care reachable.
    ProvideCare {
        /// Which.
        care: Vec<MustHaveCare>,
    },
    /// The shelter opens for intake.
    OpenIntake,
}

/// One rule that is not met at one unit, or not known to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Finding {
    /// Which rule.
    pub rule: RuleCode,
    /// Which service, for R-SERVICE.
    pub service: Option<Service>,
    /// `no` or `unknown`.
    pub verdict: Verdict,
    /// What the rule needs.
    pub required: Stated,
    /// What is the case.
    pub actual: Stated,
    /// The facts read, with their sources.
    pub evidence: Vec<Evidence>,
    /// The oldest moment among the evidence.
    pub as_of: Option<DateTime<Utc>>,
    /// Who can change it.
    pub changed_by: Vec<ChangedBy>,
    /// May a coordinator place against this `no`, with a reason and a second person?
    pub dispensable: bool,
    /// What to ask, if it is unknown.
    pub question: Option<Question>,
    /// The smallest change; `None`: it cannot be changed here.
    pub change: Option<Change>,
    /// The reason in Dutch.
    pub text_nl: String,
    /// The reason in English.
    pub text_en: String,
}

/// Something a coordinator should see beside a unit. Never a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RemarkCode {
    /// The kind is not documented: ask about intake tonight.
    AskAboutIntakeTonight,
    /// Documented that nobody is admitted outside helpdesk hours.
    NoNightIntake,
    /// The number of places is an assumption until the shelter reports.
    PlacesAssumed,
    /// Met on the ground of a conclusion, not of a documented value.
    InferredAttribute,
    /// Aggression is recorded: for review, never an exclusion by itself.
    ReviewAggression,
    /// Suicidality is recorded: for review, never an exclusion by itself.
    ReviewSuicidality,
    /// An expected end would free a place; it is not confirmed.
    ExpectedEnd,
}
