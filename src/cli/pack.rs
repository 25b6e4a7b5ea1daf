//! `diarium pack`: the verification pack of a result, for whoever is to check or quote it.

use std::path::PathBuf;

use super::config::Config;
use super::dump::there;
use super::filters::{Filters, open, usage};
use super::search::In;
use super::{Outcome, UsageError};
use crate::export::pack::Pack;
use crate::export::target::Target;
use crate::query::Unit;
use crate::search;

/// What `pack` takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Words and filters as for search
    #[arg(value_name = "WORD")]
    pub words: Vec<String>,
    /// What to list
    #[arg(long = "in", value_enum, default_value_t = In::Documents, value_name = "UNIT")]
    pub unit: In,
    /// Write the pack to this file
    #[arg(short, long, value_name = "FILE.zip")]
    pub output: PathBuf,
    /// Replace an earlier pack
    #[arg(long)]
    pub overwrite: bool,
    /// How many hits to pack at most, the best first
    #[arg(long, default_value_t = 50, value_name = "N")]
    pub limit: usize,
    /// The filters
    #[command(flatten)]
    pub filters: Filters,
}

/// Writes the pack.
///
/// # Errors
/// If there is no index, a filter's value is not known, or the pack cannot be written.
pub fn run(args: &Args, config: &Config) -> anyhow::Result<Outcome> {
    if args.words.is_empty() && args.filters.is_empty() {
        return Err(UsageError("a pack is of a result: name words or filters, as for search".into()).into());
    }
    let lex = config.lexicon()?;
    let opened = open(config)?;
    let unit = match args.unit {
        In::Documents => Unit::Document,
        In::Decisions => Unit::Decision,
    };
    let mut request = args.filters.request(&args.words, unit);
    request.limit = args.limit;
    let results = search::search(&request, &opened.engine, &opened.catalog, &lex).map_err(usage)?;
    if results.total == 0 {
        config.term.note("nothing matched, so no pack was written");
        return Ok(Outcome::NothingMatched);
    }
    let target = Target::file(&args.output, args.overwrite).map_err(there)?;
    let pack = Pack { results: &results, catalog: &opened.catalog, lex: &lex, filters: args.filters.to_string() };
    let packed = pack.write(target)?;
    for missing in &packed.missing {
        config.term.warning(missing);
    }
    let (hits, pages) = (results.hits.len(), packed.pages);
    config.term.note(&format!("{}: {hits} of {} hits, {pages} pages drawn", args.output.display(), results.total));
    Ok(Outcome::Done)
}
