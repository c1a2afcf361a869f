//! The floor below the operations: the fence, the trail, the private cluster, the schema.

mod catalogue;
mod constraints;
mod policies;
mod private_cluster;
mod proposals;
mod referrals;
mod rows;
mod stays;
mod trail;

use chrono::{DateTime, Utc};
use omm::domain::{
    audit::{Action, Actor, Call, Event, ObjectKind},
    role::Role,
};

/// The moment most of these tests happen at.
pub fn noon() -> DateTime<Utc> {
    "2026-03-02T12:00:00Z".parse().unwrap()
}

/// A coordinator calls.
pub fn call() -> Call {
    let actor = Actor {
        issuer: "https://login.example".into(),
        subject: "coordinator-1".into(),
        client: "desk".into(),
        organisation: Some("comensha".into()),
        role: Role::Coordinator,
    };
    Call { actor, trace_id: None, once: None, purpose: None, legal_basis: None }
}

/// Something happened.
pub fn event() -> Event {
    Event::new("capacity.read", Action::Read, "read_capacity").about_all(ObjectKind::Capacity)
}
