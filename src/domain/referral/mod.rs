//! Who asks: the referral, its facts, its grounds and its lifecycle.

pub mod amendment;
pub mod consent;
pub mod facts;
pub mod lifecycle;
pub mod needs;
pub mod reasons;
pub mod request;
pub mod vocabulary;
