//! `diarium completions SHELL`: a script that completes commands, made from the one description of the commands.

use std::io::Write as _;

use clap::CommandFactory as _;

use super::Outcome;
use super::args::Cli;
use super::config::Config;

/// What `completions` takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The shell to complete in
    pub shell: clap_complete::Shell,
}

/// Prints the script.
///
/// # Errors
/// If stdout cannot be written.
pub fn run(args: &Args, config: &Config) -> anyhow::Result<Outcome> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "diarium", &mut script);
    let mut out = config.term.out();
    out.write_all(&script)?;
    out.flush()?;
    Ok(Outcome::Done)
}
