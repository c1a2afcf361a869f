//! The words of the audit trail: who calls and why, what happened, and about what.
//!
//! Invariant: an event cannot hold personal data. It is built from ids, enums and words that stand in the source code
//! ([`Word`]); there is no field for free text. The person stands in it as a pseudonym: the id of the referral.
//! How entries are chained, and how the chain is checked, is in [`chain`].

pub mod chain;

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::{
    ids::{LocationCode, OrganisationCode, ReferralId, UnitCode},
    once::Once,
    role::Role,
};

/// A word that stands in the source code: a code or the name of a field, never something that was typed in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String)]
pub struct Word(Cow<'static, str>);

impl Word {
    /// The word as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&'static str> for Word {
    fn from(text: &'static str) -> Self {
        Self(Cow::Borrowed(text))
    }
}

/// Who calls, as the verified token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Actor {
    /// Who vouches for the subject.
    pub issuer: String,
    /// The person, as the issuer numbers people.
    pub subject: String,
    /// The program that calls on behalf of the person.
    pub client: String,
    /// The organisation the person acts for.
    pub organisation: Option<OrganisationCode>,
    /// In which role.
    pub role: Role,
}

/// Who calls and why: handed to every operation, kept in every entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Call {
    /// Who.
    pub actor: Actor,
    /// The trace this call belongs to.
    pub trace_id: Option<String>,
    /// The hash of the idempotency key, where the request takes effect once however often it is sent.
    #[serde(rename = "idempotencyKeyHash", default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub once: Option<Once>,
    /// The code of the purpose for which data is processed.
    pub purpose: Option<String>,
    /// The code of the legal ground for that purpose.
    pub legal_basis: Option<String>,
}

/// What was done, in the letters of NEN 7513.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub enum Action {
    /// Something new was stored.
    #[serde(rename = "C")]
    Create,
    /// Something was shown.
    #[serde(rename = "R")]
    Read,
    /// Something stored was changed.
    #[serde(rename = "U")]
    Update,
    /// Something was erased.
    #[serde(rename = "D")]
    Delete,
    /// Something was computed or checked.
    #[serde(rename = "E")]
    Execute,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Allowed and done.
    Permitted,
    /// Not allowed by a rule; nothing was changed.
    Refused,
    /// Allowed, but it broke off; nothing was changed.
    Failed,
}

/// How much care the object asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sensitivity {
    /// No personal data.
    None,
    /// Personal data.
    Personal,
    /// Health, sex life or criminal data: special categories.
    Special,
}

/// The kind of thing an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ObjectKind {
    /// A referral.
    Referral,
    /// An assessment.
    Assessment,
    /// A stored match result.
    MatchResult,
    /// A proposal.
    Proposal,
    /// A decision.
    Decision,
    /// A placement.
    Placement,
    /// An organisation.
    Organisation,
    /// A location.
    Location,
    /// A unit.
    Unit,
    /// A single place.
    Place,
    /// The whole catalogue.
    Catalogue,
    /// The figures of every unit.
    Capacity,
    /// The waiting list.
    WaitingList,
    /// A policy of the engine.
    Policy,
    /// The audit trail.
    AuditTrail,
}

/// Which one of its kind: an id, or a public code of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String)]
pub struct ObjectId(String);

impl ObjectId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Uuid> for ObjectId {
    fn from(id: Uuid) -> Self {
        Self(id.to_string())
    }
}

macro_rules! object_ids {
    ($($kind:ident)*) => {$(
        impl From<crate::domain::ids::$kind> for ObjectId {
            fn from(id: crate::domain::ids::$kind) -> Self { Self(id.to_string()) }
        }
    )*};
}

object_ids! {
    ReferralId UnitId PlaceId ResultId AssessmentId ProposalId DecisionId PlacementId OccupancyId
}

impl From<&OrganisationCode> for ObjectId {
    fn from(code: &OrganisationCode) -> Self {
        Self(code.0.clone())
    }
}

impl From<&LocationCode> for ObjectId {
    fn from(code: &LocationCode) -> Self {
        Self(code.0.clone())
    }
}

impl From<&UnitCode> for ObjectId {
    fn from(code: &UnitCode) -> Self {
        Self(code.0.clone())
    }
}

/// What an event is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Object {
    /// The kind of thing.
    #[serde(rename = "type")]
    pub kind: ObjectKind,
    /// Which one; none when it is about all of them.
    pub id: Option<ObjectId>,
    /// Its version after the event.
    pub version: Option<u64>,
}

/// Why the system allowed or refused it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Authorization {
    /// Version of the table of permissions.
    pub policy_version: u32,
    /// The permission that was asked for.
    pub rule: Word,
    /// The consent it rests on.
    pub consent_id: Option<Uuid>,
}

/// What happened: one per change, per refusal, and per person whose data was shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Event {
    /// What happened, such as `placement.decided`.
    pub event_type: Word,
    /// The kind of act.
    pub action: Action,
    /// The operation of the contract, such as `decide_placement`.
    pub operation_id: Word,
    /// How it ended.
    pub outcome: Outcome,
    /// The HTTP status of the answer, where there is one.
    pub status: Option<u16>,
    /// The slug of the problem type, where it was refused or failed.
    pub problem_type: Option<Word>,
    /// The code of the reason, from the enum of the field.
    pub reason: Option<Word>,
    /// About what.
    pub object: Option<Object>,
    /// About whom: the pseudonym of the person.
    pub person_pseudonym: Option<ReferralId>,
    /// Names of the fields that were changed or shown, never their values.
    pub fields: Vec<Word>,
    /// How much care the object asks for.
    pub sensitivity: Sensitivity,
    /// Why the system allowed or refused it.
    pub authorization: Option<Authorization>,
}

/// Which entries are asked for; all conditions must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntryFilter {
    /// About this person.
    pub referral: Option<ReferralId>,
    /// By this subject.
    pub subject: Option<String>,
    /// For whom this issuer vouches.
    pub issuer: Option<String>,
    /// From this moment on.
    pub from: Option<DateTime<Utc>>,
    /// Before this moment.
    pub until: Option<DateTime<Utc>>,
    /// Of this type.
    pub event_type: Option<String>,
    /// From this number on.
    pub from_index: u64,
    /// At most so many.
    pub limit: i64,
}

impl Event {
    /// An event that was permitted; the other methods say more about it.
    pub fn new(event_type: &'static str, action: Action, operation_id: &'static str) -> Self {
        Self {
            event_type: event_type.into(),
            action,
            operation_id: operation_id.into(),
            outcome: Outcome::Permitted,
            status: None,
            problem_type: None,
            reason: None,
            object: None,
            person_pseudonym: None,
            fields: Vec::new(),
            sensitivity: Sensitivity::None,
            authorization: None,
        }
    }

    /// It is about this one thing.
    #[must_use]
    pub fn about(mut self, kind: ObjectKind, id: impl Into<ObjectId>) -> Self {
        self.object = Some(Object { kind, id: Some(id.into()), version: None });
        self
    }

    /// It is about all things of this kind.
    #[must_use]
    pub fn about_all(mut self, kind: ObjectKind) -> Self {
        self.object = Some(Object { kind, id: None, version: None });
        self
    }

    /// The version of the object after the event; call it after [`Event::about`].
    #[must_use]
    pub fn version(mut self, version: u64) -> Self {
        if let Some(object) = &mut self.object {
            object.version = Some(version);
        }
        self
    }

    /// It touches this person, whose data is at least personal.
    #[must_use]
    pub fn person(mut self, referral: ReferralId) -> Self {
        self.person_pseudonym = Some(referral);
        if self.sensitivity == Sensitivity::None {
            self.sensitivity = Sensitivity::Personal;
        }
        self
    }

    /// How much care the object asks for.
    #[must_use]
    pub fn sensitivity(mut self, sensitivity: Sensitivity) -> Self {
        self.sensitivity = sensitivity;
        self
    }

    /// Names of the fields that were changed or shown.
    #[must_use]
    pub fn fields(mut self, names: impl IntoIterator<Item = &'static str>) -> Self {
        self.fields.extend(names.into_iter().map(Word::from));
        self
    }

    /// The code of the reason, from the enum of the field.
    #[must_use]
    pub fn reason(mut self, code: &'static str) -> Self {
        self.reason = Some(code.into());
        self
    }

    /// The HTTP status of the answer.
    #[must_use]
    pub fn status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// A rule refused it; `problem` is the slug of the problem type.
    #[must_use]
    pub fn refused(mut self, problem: &'static str) -> Self {
        self.outcome = Outcome::Refused;
        self.problem_type = Some(problem.into());
        self
    }

    /// It broke off; `problem` is the slug of the problem type.
    #[must_use]
    pub fn failed(mut self, problem: &'static str) -> Self {
        self.outcome = Outcome::Failed;
        self.problem_type = Some(problem.into());
        self
    }

    /// The permission it was done under.
    #[must_use]
    pub fn authorized(mut self, authorization: Authorization) -> Self {
        self.authorization = Some(authorization);
        self
    }
}
