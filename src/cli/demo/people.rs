//! Who acts in the story: invented people, each in a role, some for an organisation.

use std::net::SocketAddr;

use crate::domain::{
    audit::{Actor, Call},
    ids::OrganisationCode,
    purpose::legal_basis,
    role::{Permission, Role, Scope, scope},
};

use super::super::ending::Trouble;
use crate::api::demo_issuer::DEMO_ISSUER;

/// Somebody who acts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Person {
    /// In which role.
    pub role: Role,
    /// For whom.
    pub organisation: Option<&'static str>,
    /// The number under which an issuer would know the person; here a word, so that it can be read in the trail.
    pub subject: &'static str,
}

const fn person(role: Role, organisation: Option<&'static str>, subject: &'static str) -> Person {
    Person { role, organisation, subject }
}

/// CoMensha's coordinator: the only one who assesses, proposes and decides.
pub(super) const COORDINATOR: Person = person(Role::Coordinator, Some("comensha"), "coordinator-1");
/// A regional care coordinator, who refers.
pub(super) const CARE_COORDINATOR: Person = person(Role::CareCoordinator, Some("blijf-groep"), "care-coordinator-1");
/// A police officer of the unit against trafficking, who refers and may ask how it stands.
pub(super) const POLICE: Person = person(Role::Police, Some("police-rotterdam"), "police-officer-1");
/// The shelter of HVO-Querido in Amsterdam.
pub(super) const HVO_QUERIDO: Person = person(Role::Shelter, Some("hvo-querido"), "shelter-hvo-querido");
/// The shelters of Blijf Groep in Alkmaar and Almere.
pub(super) const BLIJF_GROEP: Person = person(Role::Shelter, Some("blijf-groep"), "shelter-blijf-groep");
/// The shelter of Fier in Rotterdam.
pub(super) const FIER: Person = person(Role::Shelter, Some("fier"), "shelter-fier");
/// The shelters of Kadera in Zwolle and Enschede.
pub(super) const KADERA: Person = person(Role::Shelter, Some("kadera"), "shelter-kadera");
/// Reads and checks the trail.
pub(super) const AUDITOR: Person = person(Role::Auditor, None, "auditor-1");
/// Adopts policies and catalogues.
pub(super) const ADMIN: Person = person(Role::Admin, None, "admin-1");

/// Those for whom the demo makes tokens.
pub(super) const WITH_TOKENS: [Person; 9] =
    [COORDINATOR, CARE_COORDINATOR, POLICE, HVO_QUERIDO, BLIJF_GROEP, FIER, KADERA, AUDITOR, ADMIN];

impl Person {
    /// The organisation's code.
    pub fn organisation(self) -> Option<OrganisationCode> {
        self.organisation.map(OrganisationCode::from)
    }

    /// What this person can try first: the rest of a `curl` line.
    pub fn try_it(self, address: SocketAddr) -> String {
        let path = match self.role {
            Role::Coordinator => "waiting-list",
            Role::CareCoordinator | Role::Referrer => "referrals",
            Role::Shelter => "capacity",
            Role::Auditor => "audit-entries",
            Role::Admin => "policies",
            Role::Police
            | Role::Kmar
            | Role::Nla
            | Role::Om
            | Role::Guardian
            | Role::AggregateReader
            | Role::Rapporteur => {
                return format!(
                    "-H 'Content-Type: application/json' -d '{{\"reference\":\"DEMO-A\",\"purpose\":\"follow_up\"}}' \
                     http://{address}/v1/status-queries"
                );
            }
        };
        format!("http://{address}/v1/{path}")
    }

    /// A call as a token of this person would make it over HTTP.
    pub fn asks(self, permission: Permission) -> Call {
        Call {
            actor: Actor {
                issuer: DEMO_ISSUER.to_owned(),
                subject: self.subject.to_owned(),
                client: "omm-demo".to_owned(),
                organisation: self.organisation(),
                role: self.role,
            },
            trace_id: None,
            once: None,
            purpose: Some(permission.purpose().to_owned()),
            legal_basis: Some(legal_basis(self.role, permission).to_owned()),
        }
    }

    /// How far the permission reaches for this person; the story asks for nothing that the table does not allow.
    pub fn reach(self, permission: Permission) -> Result<Scope, Trouble> {
        scope(self.role, permission)
            .ok_or_else(|| Trouble::broken(format!("the role {} has no {}", self.role, permission.as_str())))
    }
}
