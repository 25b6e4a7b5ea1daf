//! `diarium dump`: every record as one line of JSON, ordered by path, then part. The same corpus gives the same bytes.

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use anyhow::Context as _;
use clap::ValueEnum;

use super::config::Config;
use super::filters::{Filters, open, usage};
use super::{Outcome, UsageError};
use crate::base::DocId;
use crate::catalog;
use crate::export::wire;
use crate::index::{Ask, Engine as _};
use crate::query::Unit;
use crate::search;

/// What `dump` takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Words and filters as for search; without any, everything
    #[arg(value_name = "WORD")]
    pub words: Vec<String>,
    /// In which form
    #[arg(long, value_enum, default_value_t = Format::Jsonl, value_name = "FORMAT")]
    pub format: Format,
    /// Write to this file instead of stdout
    #[arg(short, long, value_name = "PATH")]
    pub output: Option<PathBuf>,
    /// The filters
    #[command(flatten)]
    pub filters: Filters,
}

/// In which form records are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// One JSON object a line.
    Jsonl,
}

/// Writes the records.
///
/// # Errors
/// If there is no catalog, a filter's value is not known, or the output cannot be written.
pub fn run(args: &Args, config: &Config) -> anyhow::Result<Outcome> {
    let Format::Jsonl = args.format;
    if args.output.as_ref().is_some_and(|p| p.is_dir()) {
        let path = args.output.as_deref().unwrap_or_else(|| std::path::Path::new(""));
        return Err(UsageError(format!("{}: is a folder; -o takes a file", path.display())).into());
    }
    // Without filters the catalog alone says everything.
    let (catalog, chosen) = if args.filters.is_empty() && args.words.is_empty() {
        (catalog::Reader::open(&config.index)?, None)
    } else {
        let opened = open(config)?;
        let request = args.filters.request(&args.words, Unit::Document);
        let query = search::read(&request, &opened.engine, &config.lexicon()?).map_err(usage)?;
        let found = opened.engine.search(&Ask { query, limit: usize::MAX, ..Ask::default() })?;
        let ids: HashSet<DocId> = found.hits.into_iter().map(|h| h.doc).collect();
        (opened.catalog, Some(ids))
    };
    match &args.output {
        None => write(&catalog, chosen.as_ref(), &mut config.term.out())?,
        Some(path) => {
            let fault = || format!("{}: cannot be written", path.display());
            let mut file = BufWriter::new(File::create(path).with_context(fault)?);
            write(&catalog, chosen.as_ref(), &mut file).with_context(fault)?;
        }
    }
    Ok(if chosen.is_some_and(|c| c.is_empty()) { Outcome::NothingMatched } else { Outcome::Done })
}

fn write(catalog: &catalog::Reader, chosen: Option<&HashSet<DocId>>, out: &mut impl Write) -> anyhow::Result<()> {
    for stored in catalog.documents() {
        let stored = stored?;
        if chosen.is_none_or(|c| c.contains(&stored.id)) {
            wire::write_line(&stored, out)?;
        }
    }
    out.flush()?;
    Ok(())
}
