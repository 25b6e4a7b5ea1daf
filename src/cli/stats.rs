//! `diarium stats`: what the corpus holds, by district, year, kind and action, and what of it could not be read.

use std::collections::BTreeMap;
use std::io::Write;

use serde::Serialize;

use super::Outcome;
use super::config::Config;
use super::filters::{Filters, open, usage};
use super::term::{Style, shorten};
use crate::catalog::FileState;
use crate::query::{Field, Unit};
use crate::search::{self, FacetCount, Unsearched};

/// What `stats` takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The filters
    #[command(flatten)]
    pub filters: Filters,
    /// Print the counts as JSON
    #[arg(long)]
    pub json: bool,
}

/// The facets shown, with what is counted by them.
const TABLES: [(Field, Unit); 6] = [
    (Field::District, Unit::Document),
    (Field::Year, Unit::Document),
    (Field::Kind, Unit::Document),
    (Field::Genre, Unit::Document),
    (Field::Action, Unit::Decision),
    (Field::Status, Unit::Decision),
];

#[derive(Serialize)]
struct Stats<'a> {
    documents: u64,
    decisions: u64,
    documents_by: BTreeMap<&'static str, &'a [FacetCount]>,
    decisions_by: BTreeMap<&'static str, &'a [FacetCount]>,
    files: BTreeMap<&'static str, u64>,
    unsearched: Unsearched,
}

/// Counts and prints.
///
/// # Errors
/// If there is no index, or a filter's value is not known.
pub fn run(args: &Args, config: &Config) -> anyhow::Result<Outcome> {
    let lex = config.lexicon()?;
    let opened = open(config)?;
    let count = |unit| {
        let request = search::Request { facets: true, within: true, ..args.filters.request(&[], unit) };
        search::search(&request, &opened.engine, &opened.catalog, &lex).map_err(usage)
    };
    let (documents, decisions) = (count(Unit::Document)?, count(Unit::Decision)?);
    let by = |wanted: Unit| {
        let of = if wanted == Unit::Document { &documents } else { &decisions };
        TABLES
            .iter()
            .filter(|(_, unit)| *unit == wanted)
            .map(|(f, _)| (f.name(), of.facets.get(f.name()).unwrap_or_default()))
            .collect::<BTreeMap<_, _>>()
    };
    let states = opened.catalog.file_counts()?;
    let stats = Stats {
        documents: documents.total,
        decisions: decisions.total,
        documents_by: by(Unit::Document),
        decisions_by: by(Unit::Decision),
        files: FileState::ALL.iter().map(|s| (s.as_str(), states.get(s).copied().unwrap_or(0))).collect(),
        unsearched: documents.unsearched,
    };
    let mut out = config.term.out();
    if args.json {
        serde_json::to_writer(&mut out, &stats)?;
        writeln!(out)?;
    } else {
        let bold = |s: &str| config.term.paint(Style::Bold, s);
        writeln!(out, "{} documents, {} decisions", stats.documents, stats.decisions)?;
        for (field, unit) in &TABLES {
            let (of, total) = match unit {
                Unit::Document => (&stats.documents_by, stats.documents),
                Unit::Decision => (&stats.decisions_by, stats.decisions),
            };
            let Some(counts) = of.get(field.name()).filter(|c| !c.is_empty()) else { continue };
            let what = if *unit == Unit::Document { "Documents" } else { "Decisions" };
            writeln!(out, "\n{}", bold(&format!("{what} by {field}")))?;
            for c in counts.iter() {
                writeln!(out, "{:>8}  {:>5.1} %  {}", c.count, percent(c.count, total), shorten(&c.label, 80))?;
            }
        }
        writeln!(out, "\n{}", bold("Files"))?;
        for state in FileState::ALL {
            let n = states.get(&state).copied().unwrap_or(0);
            writeln!(out, "{n:>8}  {state}")?;
        }
        writeln!(out, "{:>8}  pages without letters", stats.unsearched.textless_pages)?;
    }
    out.flush()?;
    Ok(Outcome::Done)
}

/// A share in per cent.
fn percent(n: u64, of: u64) -> f64 {
    if of == 0 { 0.0 } else { n as f64 * 100.0 / of as f64 }
}
