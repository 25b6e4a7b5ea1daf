//! The `diarium` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    diarium::cli::main()
}
