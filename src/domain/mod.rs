//! The pure core: no input or output, no clock, no randomness, no async. The same input gives the same bytes.

pub mod advice;
pub mod audit;
pub mod catalogue;
pub mod document;
pub mod fact;
pub mod ids;
pub mod matching;
pub mod once;
mod page;
pub mod placement;
pub mod purpose;
pub mod referral;
pub mod role;
pub mod words;
