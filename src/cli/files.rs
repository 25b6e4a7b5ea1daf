//! `diarium files`: the ledger, every file ever offered with its state and why.

use std::io::Write as _;

use clap::builder::PossibleValuesParser;

use super::Outcome;
use super::config::Config;
use super::term::{Style, plain};
use crate::catalog::{FileState, Reader};

/// Widest path that the states are lined up behind, in characters.
const WIDEST: usize = 60;

/// What `files` takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only files in this state; may be repeated
    #[arg(long, value_name = "STATE", value_parser = PossibleValuesParser::new(FileState::ALL.map(FileState::as_str)))]
    pub state: Vec<String>,
    /// Print one JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// Prints the ledger, ordered by path.
///
/// # Errors
/// If there is no catalog, or it cannot be read.
pub fn run(args: &Args, config: &Config) -> anyhow::Result<Outcome> {
    let reader = Reader::open(&config.index)?;
    let mut rows = reader.files(None)?;
    rows.retain(|row| args.state.is_empty() || args.state.iter().any(|s| s == row.state.as_str()));
    let mut out = config.term.out();
    let width = rows.iter().map(|r| r.path.chars().count()).max().unwrap_or(0).min(WIDEST);
    for row in &rows {
        if args.json {
            serde_json::to_writer(&mut out, row)?;
            out.write_all(b"\n")?;
            continue;
        }
        let style = match row.state {
            FileState::Ok => Style::Green,
            FileState::Failed => Style::Red,
            FileState::Partial => Style::Yellow,
            FileState::Duplicate | FileState::Removed => Style::Dim,
        };
        let state = config.term.paint(style, &format!("{:<9}", row.state.as_str()));
        let why = row.message.as_deref().map(plain).unwrap_or_default();
        writeln!(out, "{}", format!("{:<width$}  {state}  {why}", plain(&row.path)).trim_end())?;
    }
    out.flush()?;
    Ok(Outcome::Done)
}
