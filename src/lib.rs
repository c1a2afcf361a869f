//! OMM Placement: the placement desk for victims of human trafficking with multiple problems.

pub mod api;
pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod domain;
pub mod store;
