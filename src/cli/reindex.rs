//! `diarium reindex`: makes the index anew from the catalog.

use std::io::Write as _;
use std::time::Instant;

use super::Outcome;
use super::config::Config;
use super::ingest::Bar;
use crate::pipeline;

/// Makes the index anew and says how much it holds.
///
/// # Errors
/// If there is no catalog, or the folder cannot be written.
pub fn run(config: &Config) -> anyhow::Result<Outcome> {
    let begun = Instant::now();
    let bar = Bar::new(config);
    let documents = pipeline::reindex(&config.index, &bar);
    bar.0.finish_and_clear();
    let documents = documents?;
    let mut out = config.term.out();
    writeln!(out, "Indexed {documents} documents in {:.1} s.", begun.elapsed().as_secs_f64())?;
    out.flush()?;
    Ok(Outcome::Done)
}
