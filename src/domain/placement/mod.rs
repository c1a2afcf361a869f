//! What was decided: proposals, decisions, stays, and the terms they run under.

pub mod decision;
pub mod proposal;
pub mod refusal;
pub mod stay;
pub mod terms;
