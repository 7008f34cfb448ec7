//! The command `gleaner`: arguments in, a report and an exit code out.

mod cli;

use std::process::ExitCode;

/// A build makes and drops millions of small texts on every core at once: with this allocator it takes three quarters of
/// the time it takes with that of the C library.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::run()
}
