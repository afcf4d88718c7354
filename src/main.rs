//! The program: arguments → verb → exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    siproute::cli::run(std::env::args_os())
}
