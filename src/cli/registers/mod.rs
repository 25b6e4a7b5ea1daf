//! The commands of the registers: `organisations`, `agreements`, `cases`, `districts`, `people`, `review`.

pub mod agreements;
pub mod cases;
pub mod districts;
pub mod organisations;
pub mod people;
pub mod review;

use std::collections::{BTreeSet, HashSet};
use std::io::Write;

use serde::Serialize;

use super::config::Config;
use super::filters::{Filters, open, usage};
use super::term::{Style, Term, plain, shorten};
use super::{Outcome, UsageError};
use crate::base::PartialDate;
use crate::catalog::Reader;
use crate::index::{Ask, Engine as _};
use crate::lexicon::Lexicon;
use crate::query::{Field, Unit};
use crate::registry::{Proof, Registers, Wanted, districts_named};
use crate::search;

/// Longest quote shown to people, in characters; programs get all with --json.
const QUOTE: usize = 110;

/// Most places shown to people for one statement.
const PLACES: usize = 8;

/// What every register takes.
#[derive(Debug, clap::Args)]
pub struct Common {
    /// Only those with one of these names, numbers or ids, shown in full
    #[arg(value_name = "NAME|ID")]
    pub names: Vec<String>,
    /// The filters: an entry is shown if a document that speaks of it passes them
    #[command(flatten)]
    pub filters: Filters,
    /// Print every statement with the places that prove it
    #[arg(long)]
    pub evidence: bool,
    /// Print the register as JSON
    #[arg(long)]
    pub json: bool,
}

impl Common {
    /// True if entries are to be shown in full.
    fn full(&self) -> bool {
        self.evidence || !self.names.is_empty()
    }
}

/// The registers with the documents that the filters let through.
pub(super) struct Opened {
    pub(super) registers: Registers,
    chosen: Option<HashSet<String>>,
    /// The districts of those documents.
    districts: Option<BTreeSet<String>>,
    sequence: u64,
    pub(super) lex: Lexicon,
}

impl Opened {
    /// True if a filter lets one of these documents through.
    fn lets_through<'a>(&self, mut documents: impl Iterator<Item = &'a str>) -> bool {
        self.chosen.as_ref().is_none_or(|c| documents.any(|d| c.contains(d)))
    }

    /// A district for people.
    fn district(&self, id: &str) -> String {
        search::label(Field::District, id, &self.lex)
    }
}

fn documents(proofs: &[Proof]) -> impl Iterator<Item = &str> {
    proofs.iter().map(|p| p.source.id.as_str())
}

/// Makes the registers of the whole catalog, and finds the documents that the filters let through.
pub(super) fn read(filters: &Filters, wanted: Wanted, config: &Config) -> anyhow::Result<Opened> {
    let lex = config.lexicon()?;
    let corrections = config.corrections()?;
    let (catalog, chosen, districts) = if filters.is_empty() {
        (Reader::open(&config.index)?, None, None)
    } else {
        let opened = open(config)?;
        let query = search::read(&filters.request(&[], Unit::Document), &opened.engine, &lex).map_err(usage)?;
        let found = opened.engine.search(&Ask { query, limit: usize::MAX, ..Ask::default() })?;
        let own: BTreeSet<String> = found.hits.iter().filter_map(|h| h.card.district.clone()).collect();
        let districts = filters.districts(&lex).filter(|_| !found.hits.is_empty()).unwrap_or(own);
        let ids = found.hits.into_iter().map(|h| h.doc.as_str().to_string()).collect();
        (opened.catalog, Some(ids), Some(districts))
    };
    let registers = Registers::read(&catalog, wanted, &lex, &corrections)?;
    Ok(Opened { registers, chosen, districts, sequence: catalog.sequence(), lex })
}

/// The outcome of a register with so many entries shown.
fn outcome(shown: usize) -> Outcome {
    if shown == 0 { Outcome::NothingMatched } else { Outcome::Done }
}

/// Names that lead nowhere are faults of what was typed; `names` are those that lead somewhere.
fn unknown<'a>(what: &str, name: &str, names: impl Iterator<Item = &'a str>, lex: &Lexicon) -> anyhow::Error {
    if what != "districts" && districts_named(std::iter::once(name), false, lex).is_some() {
        return UsageError(format!("\"{name}\" is a district: `diarium {what} --district \"{name}\"`")).into();
    }
    let near: Vec<String> = search::nearest(name, names).iter().map(|n| format!("\"{n}\"")).collect();
    let near = if near.is_empty() { String::new() } else { format!("; did you mean {}?", near.join(", ")) };
    UsageError(format!("\"{name}\" is no name or id of {what} here{near}; `diarium {what}` lists them")).into()
}

/// Writes a register as JSON: its schema, the sequence of the catalog, the entries, and what stands beside them.
fn write_json<T: Serialize>(
    out: &mut impl Write,
    name: &str,
    sequence: u64,
    entries: &[&T],
    beside: &[(&str, serde_json::Value)],
) -> anyhow::Result<()> {
    write!(out, "{{\"schema\":\"diarium/{name}/1\",\"sequence\":{sequence},\"total\":{},\"{name}\":[", entries.len())?;
    for (i, entry) in entries.iter().enumerate() {
        if i > 0 {
            out.write_all(b",")?;
        }
        serde_json::to_writer(&mut *out, entry)?;
    }
    out.write_all(b"]")?;
    for (key, value) in beside {
        write!(out, ",\"{key}\":{value}")?;
    }
    writeln!(out, "}}")?;
    Ok(())
}

/// A span of time for people.
fn span(from: Option<PartialDate>, to: Option<PartialDate>) -> String {
    let one = |d: Option<PartialDate>| d.map(|d| d.to_string());
    match (one(from), one(to)) {
        (None, None) => "no date".to_string(),
        (Some(a), Some(b)) if a == b => a,
        (a, b) => format!("{} – {}", a.unwrap_or_else(|| "?".into()), b.unwrap_or_else(|| "?".into())),
    }
}

/// Writes where a statement is proved: file, page, quote.
fn proofs(out: &mut dyn Write, term: &Term, indent: &str, all: &[Proof]) -> anyhow::Result<()> {
    for p in all.iter().take(PLACES) {
        let page = p.page.map(|n| format!(", page {n}")).unwrap_or_default();
        let quote = if p.quote.is_empty() { String::new() } else { format!(": “{}”", shorten(&p.quote, QUOTE)) };
        let line = format!("{}{page}{quote}", plain(&p.source.path));
        let by = if &*p.rule == crate::corrections::RULE { " (a person's word)" } else { "" };
        writeln!(out, "{indent}{}{by}", term.paint(Style::Dim, &line))?;
    }
    if all.len() > PLACES {
        let line = format!("… and {} more (--json has all)", all.len() - PLACES);
        writeln!(out, "{indent}{}", term.paint(Style::Dim, &line))?;
    }
    Ok(())
}

/// `1 document`, `2 documents`.
fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}
