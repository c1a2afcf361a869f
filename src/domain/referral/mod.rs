//! Who asks: the referral, its facts, its ground and its lifecycle.

pub mod facts;
pub mod needs;
pub mod vocabulary;
