//! The tests of the desk: one binary, a database of its own for every test.

#[cfg(test)]
mod contract;
#[cfg(test)]
mod layers;
#[cfg(test)]
mod permissions;
#[cfg(test)]
mod store;
#[cfg(test)]
mod world;
