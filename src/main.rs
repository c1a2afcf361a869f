//! The program `omm`: arguments go to [`omm::cli`], nothing else happens here.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(omm::cli::run(std::env::args_os()))
}
