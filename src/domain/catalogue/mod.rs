//! What there is: organisations, their locations, the units of a location, the single places of a unit.
//!
//! The catalogue says what is documented about each unit; live figures stand in `availability`.
//! An attribute that nobody has documented is `unknown` and never excludes anyone.

pub mod attribute;
pub mod availability;
pub mod care_region;
pub mod location;
pub mod place;
pub mod seed;
