//! Who may do what, on one screen. Default is refusal: what no cell allows is forbidden.
//!
//! Rights follow role *and* organisation: a cell says how far a role reaches, and [`Scope::Own`] and
//! [`Scope::Status`] end at the caller's own organisation. What a caller belongs to is stated by the token.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// In what capacity someone calls the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// CoMensha's helpdesk or consultant: assesses, proposes, decides.
    Coordinator,
    /// A regional care coordinator: refers, and reads what was referred.
    CareCoordinator,
    /// A shelter: keeps its places, answers proposals, reports arrival and exit.
    Shelter,
    /// Police (AVIM).
    Police,
    /// Military police.
    Kmar,
    /// Labour Authority.
    Nla,
    /// Public prosecutor.
    Om,
    /// Any other referrer: FairWork, lawyers, youth care, outreach, the victim.
    Referrer,
    /// Nidos, guardian of unaccompanied minors.
    Guardian,
    /// Municipalities and ministries: aggregates only.
    AggregateReader,
    /// The National Rapporteur: anonymised reports only.
    Rapporteur,
    /// Reads and verifies the trail.
    Auditor,
    /// Functional administrator: policies and settings, no personal data.
    Admin,
}

/// What can be permitted: one per family of operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// Submit a referral.
    SubmitReferral,
    /// List referrals by state.
    ListReferrals,
    /// Read one referral.
    ReadReferral,
    /// Add or correct facts, withdraw consent or the whole referral.
    AmendReferral,
    /// Search persons.
    SearchReferrals,
    /// Judge whether a person is eligible.
    AssessReferral,
    /// Make a match.
    MakeMatch,
    /// Read a match.
    ReadMatch,
    /// Propose a unit to a shelter.
    ProposePlacement,
    /// List and read proposals.
    ReadProposal,
    /// Accept a proposal, or object to it.
    AnswerProposal,
    /// Take a proposal back.
    CancelProposal,
    /// Decide: placed, waiting list, temporary place, redirected, refused.
    DecidePlacement,
    /// List and read decisions.
    ReadDecision,
    /// Read a placement.
    ReadPlacement,
    /// Report arrival, exit, disappearance, and the expected end of a stay.
    ReportStay,
    /// Read the waiting list.
    ReadWaitingList,
    /// Read organisations, locations, units and places.
    ReadCatalogue,
    /// Set a place available or out of use, confirm the figures of a unit.
    ReportCapacity,
    /// Read the capacity board.
    ReadCapacity,
    /// List and read policies.
    ReadPolicy,
    /// Adopt a policy or a catalogue.
    ChangeSettings,
    /// Ask the status of an own reference.
    QueryStatus,
    /// Read entries of the trail.
    ReadAudit,
    /// Verify the chain of the trail.
    VerifyAudit,
}

/// How far a permission reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Everything.
    Full,
    /// What belongs to the caller's own organisation; anything else does not exist for the caller.
    Own,
    /// As own, and only the status of it: no city, shelter, care, children or reasons.
    Status,
}

impl Role {
    /// Every role, in the order of the columns of the table.
    pub const ALL: [Self; 13] = [
        Self::Coordinator,
        Self::CareCoordinator,
        Self::Shelter,
        Self::Police,
        Self::Kmar,
        Self::Nla,
        Self::Om,
        Self::Referrer,
        Self::Guardian,
        Self::AggregateReader,
        Self::Rapporteur,
        Self::Auditor,
        Self::Admin,
    ];

    /// The code, as it stands in tokens and in the trail.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Coordinator => "coordinator",
            Self::CareCoordinator => "care_coordinator",
            Self::Shelter => "shelter",
            Self::Police => "police",
            Self::Kmar => "kmar",
            Self::Nla => "nla",
            Self::Om => "om",
            Self::Referrer => "referrer",
            Self::Guardian => "guardian",
            Self::AggregateReader => "aggregate_reader",
            Self::Rapporteur => "rapporteur",
            Self::Auditor => "auditor",
            Self::Admin => "admin",
        }
    }
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text names no role of the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such role")]
pub struct NoSuchRole;

impl std::str::FromStr for Role {
    type Err = NoSuchRole;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or(NoSuchRole)
    }
}

/// How far `permission` reaches for `role`; `None` is a refusal.
///
/// Shelters act for their own organisation only. Police, military police, Labour Authority and the public
/// prosecutor get the status of their own references. Guardians and readers of reports have nothing here:
/// what they may read (redirects of own wards, aggregates) is no operation of this desk.
pub fn scope(role: Role, permission: Permission) -> Option<Scope> {
    row(permission).get(role as usize).copied().flatten()
}

/// One row of the table: a cell for each role, in the order of [`Role::ALL`].
#[expect(clippy::match_same_arms, reason = "one line per permission: the table is read row by row")]
fn row(permission: Permission) -> [Option<Scope>; 13] {
    use Permission as P;
    const F: Option<Scope> = Some(Scope::Full);
    const O: Option<Scope> = Some(Scope::Own);
    const S: Option<Scope> = Some(Scope::Status);
    const N: Option<Scope> = None;
    match permission {
        //                      coordinator, care_coordinator, shelter, police, kmar, nla, om, referrer,
        //                      guardian, aggregate_reader, rapporteur, auditor, admin
        P::SubmitReferral => [F, O, N, S, S, S, N, O, N, N, N, N, N],
        P::ListReferrals => [F, O, N, N, N, N, N, O, N, N, N, N, N],
        P::ReadReferral => [F, O, O, S, S, S, S, O, N, N, N, N, N],
        P::AmendReferral => [F, N, N, N, N, N, N, O, N, N, N, N, N],
        P::SearchReferrals => [F, N, N, N, N, N, N, N, N, N, N, N, N],
        P::AssessReferral => [F, N, N, N, N, N, N, N, N, N, N, N, N],
        P::MakeMatch => [F, N, N, N, N, N, N, N, N, N, N, N, N],
        P::ReadMatch => [F, N, N, N, N, N, N, N, N, N, N, N, N],
        P::ProposePlacement => [F, N, N, N, N, N, N, N, N, N, N, N, N],
        P::ReadProposal => [F, N, O, N, N, N, N, N, N, N, N, N, N],
        P::AnswerProposal => [N, N, O, N, N, N, N, N, N, N, N, N, N],
        P::CancelProposal => [F, N, N, N, N, N, N, N, N, N, N, N, N],
        P::DecidePlacement => [F, N, N, N, N, N, N, N, N, N, N, N, N],
        P::ReadDecision => [F, N, N, N, N, N, N, N, N, N, N, N, N],
        P::ReadPlacement => [F, N, O, N, N, N, N, N, N, N, N, N, N],
        P::ReportStay => [F, N, O, N, N, N, N, N, N, N, N, N, N],
        P::ReadWaitingList => [F, N, N, N, N, N, N, N, N, N, N, N, N],
        P::ReadCatalogue => [F, N, O, N, N, N, N, N, N, N, N, N, N],
        P::ReportCapacity => [F, N, O, N, N, N, N, N, N, N, N, N, N],
        P::ReadCapacity => [F, N, O, N, N, N, N, N, N, N, N, N, N],
        P::ReadPolicy => [F, N, N, N, N, N, N, N, N, N, N, N, F],
        P::ChangeSettings => [N, N, N, N, N, N, N, N, N, N, N, N, F],
        P::QueryStatus => [N, N, N, S, S, S, S, N, N, N, N, N, N],
        P::ReadAudit => [O, N, N, N, N, N, N, N, N, N, N, F, N],
        P::VerifyAudit => [N, N, N, N, N, N, N, N, N, N, N, F, N],
    }
}

impl Permission {
    /// The name, as the contract states it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SubmitReferral => "referral:submit",
            Self::ListReferrals => "referral:list",
            Self::ReadReferral => "referral:read",
            Self::AmendReferral => "referral:amend",
            Self::SearchReferrals => "referral:search",
            Self::AssessReferral => "referral:assess",
            Self::MakeMatch => "match:make",
            Self::ReadMatch => "match:read",
            Self::ProposePlacement => "proposal:send",
            Self::ReadProposal => "proposal:read",
            Self::AnswerProposal => "proposal:answer",
            Self::CancelProposal => "proposal:cancel",
            Self::DecidePlacement => "placement:decide",
            Self::ReadDecision => "decision:read",
            Self::ReadPlacement => "placement:read",
            Self::ReportStay => "placement:report",
            Self::ReadWaitingList => "waiting_list:read",
            Self::ReadCatalogue => "catalogue:read",
            Self::ReportCapacity => "capacity:report",
            Self::ReadCapacity => "capacity:read",
            Self::ReadPolicy => "policy:read",
            Self::ChangeSettings => "settings:change",
            Self::QueryStatus => "status:query",
            Self::ReadAudit => "audit:read",
            Self::VerifyAudit => "audit:verify",
        }
    }

    /// Every permission, in the order of the rows of the table.
    pub const ALL: [Self; 25] = [
        Self::SubmitReferral,
        Self::ListReferrals,
        Self::ReadReferral,
        Self::AmendReferral,
        Self::SearchReferrals,
        Self::AssessReferral,
        Self::MakeMatch,
        Self::ReadMatch,
        Self::ProposePlacement,
        Self::ReadProposal,
        Self::AnswerProposal,
        Self::CancelProposal,
        Self::DecidePlacement,
        Self::ReadDecision,
        Self::ReadPlacement,
        Self::ReportStay,
        Self::ReadWaitingList,
        Self::ReadCatalogue,
        Self::ReportCapacity,
        Self::ReadCapacity,
        Self::ReadPolicy,
        Self::ChangeSettings,
        Self::QueryStatus,
        Self::ReadAudit,
        Self::VerifyAudit,
    ];

    /// The purpose for which data is processed under it: the code that every entry of the trail carries.
    pub fn purpose(self) -> &'static str {
        match self {
            Self::SubmitReferral
            | Self::ListReferrals
            | Self::ReadReferral
            | Self::AmendReferral
            | Self::SearchReferrals
            | Self::AssessReferral => "registration",
            Self::MakeMatch
            | Self::ReadMatch
            | Self::ProposePlacement
            | Self::ReadProposal
            | Self::AnswerProposal
            | Self::CancelProposal
            | Self::DecidePlacement
            | Self::ReadDecision
            | Self::ReadPlacement
            | Self::ReportStay
            | Self::ReadWaitingList => "shelter_placement",
            Self::ReadCatalogue | Self::ReportCapacity | Self::ReadCapacity => "capacity",
            Self::ReadPolicy | Self::ChangeSettings => "administration",
            Self::QueryStatus => "status",
            Self::ReadAudit | Self::VerifyAudit => "supervision",
        }
    }

    /// True if only a person may do it: a program that calls in its own name is refused.
    ///
    /// GDPR article 22 bars decisions that rest on automated processing alone.
    pub fn needs_person(self) -> bool {
        matches!(self, Self::AssessReferral | Self::DecidePlacement)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_stand_in_the_order_of_the_columns_and_their_codes_read_back() {
        for (column, role) in Role::ALL.into_iter().enumerate() {
            assert_eq!(role as usize, column);
            assert_eq!(role.as_str().parse(), Ok(role));
            assert_eq!(serde_json::to_value(role).unwrap(), role.as_str());
        }
        assert_eq!("superuser".parse::<Role>(), Err(NoSuchRole));
    }

    #[test]
    fn every_permission_has_its_own_name_and_someone_who_holds_it() {
        let names: std::collections::BTreeSet<_> = Permission::ALL.iter().map(|p| p.as_str()).collect();
        assert_eq!(names.len(), Permission::ALL.len());
        for (position, permission) in Permission::ALL.into_iter().enumerate() {
            assert_eq!(permission as usize, position);
            assert!(Role::ALL.into_iter().any(|role| scope(role, permission).is_some()), "{permission:?}");
        }
    }

    #[test]
    fn readers_of_reports_and_guardians_hold_nothing_at_this_desk() {
        for role in [Role::Guardian, Role::AggregateReader, Role::Rapporteur] {
            assert!(Permission::ALL.into_iter().all(|permission| scope(role, permission).is_none()), "{role}");
        }
    }

    #[test]
    fn those_who_investigate_see_a_status_and_nothing_else() {
        for role in [Role::Police, Role::Kmar, Role::Nla, Role::Om] {
            for permission in Permission::ALL {
                assert!(matches!(scope(role, permission), None | Some(Scope::Status)), "{role} {permission:?}");
            }
        }
    }

    #[test]
    fn a_shelter_never_reaches_beyond_its_own_organisation() {
        for permission in Permission::ALL {
            assert!(matches!(scope(Role::Shelter, permission), None | Some(Scope::Own)), "{permission:?}");
        }
    }
}
