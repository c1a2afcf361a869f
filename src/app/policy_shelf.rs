//! The policy in force, compiled once per version.

use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, Utc};

use super::Failure;
use crate::domain::matching::policy::CompiledPolicy;
use crate::store::{self, Tx};

/// Keeps the compiled form of the policy that was used last. What is in force stands in the store, never here.
#[derive(Default)]
pub struct PolicyShelf {
    last: RwLock<Option<Arc<CompiledPolicy>>>,
}

impl PolicyShelf {
    /// The policy in force at `at`.
    pub(super) async fn in_force(&self, tx: &mut Tx<'_>, at: DateTime<Utc>) -> Result<Arc<CompiledPolicy>, Failure> {
        let stored = store::policy::active(tx, at).await?.ok_or(Failure::NoPolicy)?;
        let last = self.last.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(compiled) = last.filter(|compiled| compiled.hash_hex() == stored.hash) {
            return Ok(compiled);
        }
        let compiled = Arc::new(CompiledPolicy::parse(&stored.document).map_err(|_| Failure::NoPolicy)?);
        *self.last.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&compiled));
        Ok(compiled)
    }
}
