//! The migrations are embedded in the binary: a new folder of them must rebuild it.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
