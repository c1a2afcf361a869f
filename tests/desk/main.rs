//! The tests of the desk: one binary, a database of its own for every test.

#[cfg(test)]
mod api_probe;
#[cfg(test)]
mod api_rules;
#[cfg(test)]
mod catalogue;
#[cfg(test)]
mod conformance;
#[cfg(test)]
mod contract;
#[cfg(test)]
mod contract_changes;
#[cfg(test)]
mod crashes;
#[cfg(test)]
mod crates;
#[cfg(test)]
mod given;
#[cfg(test)]
mod glossary;
#[cfg(test)]
mod grounds;
#[cfg(test)]
mod human_decision;
#[cfg(test)]
mod issuer;
#[cfg(test)]
mod layers;
#[cfg(test)]
mod live_capacity;
#[cfg(test)]
mod main_job;
#[cfg(test)]
mod permissions;
#[cfg(test)]
mod probe;
#[cfg(test)]
mod purposes;
#[cfg(test)]
mod races;
#[cfg(test)]
mod reads;
#[cfg(test)]
mod repeated;
#[cfg(test)]
mod repeats;
#[cfg(test)]
mod role_matrix;
#[cfg(test)]
mod secrets;
#[cfg(test)]
mod served;
#[cfg(test)]
mod store;
#[cfg(test)]
mod terminal;
#[cfg(test)]
mod tokens;
#[cfg(test)]
mod two_instances;
#[cfg(test)]
mod views;
#[cfg(test)]
mod world;
