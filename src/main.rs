//! The `diarium` program.

use std::process::ExitCode;

/// Reading makes many small strings: a quarter faster with this allocator than with the system's (BENCHMARKS.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    diarium::cli::main()
}
