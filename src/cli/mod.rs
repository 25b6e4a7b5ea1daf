//! Defines the program: what people type, what they see, and the exit codes.
//!
//! `args` only describes, `config` resolves, each command has a file that calls the rooms. This is the only room that
//! prints: results to stdout; progress, notes and errors to stderr.

mod args;
mod completions;
mod config;
mod deferred;
mod dump;
mod evaluate;
mod examples;
mod fields;
mod files;
mod filters;
mod ingest;
mod inspect;
mod man;
mod pack;
mod queries;
mod registers;
mod reindex;
mod search;
mod serve;
mod show;
mod stats;
mod term;

use std::io;
use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command};
use config::Config;

/// How a command that ran to its end came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Everything was done.
    Done,
    /// Done, but some files failed.
    SomeFailed,
    /// Nothing matched.
    NothingMatched,
    /// Stopped by the user before the end; what was done is kept.
    Stopped,
}

/// A fault in what was typed that only shows when it is looked at closely; ends with exit code 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct UsageError(pub String);

/// Exit codes, as promised to scripts.
mod code {
    pub(super) const DONE: u8 = 0;
    pub(super) const FAILED: u8 = 1;
    pub(super) const USAGE: u8 = 2;
    pub(super) const SOME_FAILED: u8 = 3;
    pub(super) const NOTHING_MATCHED: u8 = 4;
}

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse_from(search::with_negated_words(std::env::args_os())) {
        Ok(cli) => cli,
        Err(e) => {
            // Nobody may be listening any more; there is nothing to be done about that.
            let _ = e.print();
            return ExitCode::from(if e.use_stderr() { code::USAGE } else { code::DONE });
        }
    };
    let config = Config::new(&cli.global);
    ExitCode::from(match run(&cli.command, &config) {
        Ok(Outcome::Done) => code::DONE,
        Ok(Outcome::SomeFailed) => code::SOME_FAILED,
        Ok(Outcome::NothingMatched) => code::NOTHING_MATCHED,
        Ok(Outcome::Stopped) => code::FAILED,
        Err(e) if is_broken_pipe(&e) => code::DONE,
        Err(e) => {
            config.term.error(&format!("{e:#}"));
            if e.is::<UsageError>() { code::USAGE } else { code::FAILED }
        }
    })
}

fn run(command: &Command, config: &Config) -> anyhow::Result<Outcome> {
    match command {
        Command::Ingest(args) => ingest::run(args, config),
        Command::Files(args) => files::run(args, config),
        Command::Evaluate(args) => evaluate::run(args, config),
        Command::Reindex => reindex::run(config),
        Command::Search(args) => search::run(args, config),
        Command::Show(args) => show::run(args, config),
        Command::Inspect(args) => inspect::run(args, config),
        Command::Dump(args) => dump::run(args, config),
        Command::Pack(args) => pack::run(args, config),
        Command::Stats(args) => stats::run(args, config),
        Command::Agreements(args) => registers::agreements::run(args, config),
        Command::Organisations(args) => registers::organisations::run(args, config),
        Command::Cases(args) => registers::cases::run(args, config),
        Command::Districts(args) => registers::districts::run(args, config),
        Command::People(args) => registers::people::run(args, config),
        Command::Review(args) => registers::review::run(args, config),
        Command::Serve(args) => serve::run(args, config),
        Command::Completions(args) => completions::run(args, config),
        Command::Man => man::run(config),
    }
}

/// True if the reader of our output went away (`diarium dump | head`), which is no fault.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|e| {
        let kind = e
            .downcast_ref::<io::Error>()
            .map(io::Error::kind)
            .or_else(|| e.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind));
        kind == Some(io::ErrorKind::BrokenPipe)
    })
}
