//! The desk as the terminal opens it, and who calls it from there.

use std::sync::Arc;

use super::ending::Trouble;
use crate::{
    app::{Desk, Failure},
    clock::{Clock, Ids},
    domain::{
        advice::cards_file::AdviceCards,
        audit::{Actor, Call},
        matching::texts::Texts,
        placement::terms::Terms,
        purpose::legal_basis,
        role::{Permission, Role},
    },
    store::{Store, StoreError},
};

/// A desk on this store, with the texts and terms that ship with the program.
pub(super) fn on(store: Store, clock: Clock, ids: Ids) -> Desk {
    Desk {
        store,
        clock,
        ids,
        terms: Arc::new(Terms::default()),
        texts: Arc::new(Texts::v1()),
        advice_cards: Arc::new(AdviceCards::v1()),
        policies: Arc::default(),
    }
}

/// Whoever sits at the terminal: the account of the machine, as functional administrator.
///
/// The machine vouches for the account, so the issuer is `terminal`; the trail keeps the number of the account.
pub(super) fn call(permission: Permission) -> Call {
    Call {
        actor: Actor {
            issuer: "terminal".to_owned(),
            subject: format!("uid-{}", rustix::process::getuid().as_raw()),
            client: "omm".to_owned(),
            organisation: None,
            role: Role::Admin,
        },
        trace_id: None,
        once: None,
        purpose: Some(permission.purpose().to_owned()),
        legal_basis: Some(legal_basis(Role::Admin, permission).to_owned()),
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::NotFound => Self::not_so("there is no such thing"),
            Failure::NoPolicy => {
                Self::not_so("no policy has been adopted; `omm policy adopt --shipped` adopts the first")
            }
            Failure::Store(StoreError::Unavailable(why)) => Self::unavailable(StoreError::Unavailable(why)),
            Failure::Store(error) => error.into(),
            Failure::Broken
            | Failure::Answered(_)
            | Failure::KeyReused
            | Failure::InProgress
            | Failure::PurposeNotAllowed => Self::broken(failure),
        }
    }
}
