//! `diarium show ID|PATH|DNR`: one record for a person to read; where several match, their list.

use std::collections::BTreeMap;
use std::io::Write;

use clap::ValueEnum;

use super::config::Config;
use super::filters::open;
use super::term::{Style, plain, shorten};
use super::{Outcome, UsageError, fields};
use crate::catalog::{CatalogError, Reader, StoredDocument};
use crate::export::cite;
use crate::export::wire;
use crate::index::{Ask, Engine as _};
use crate::lexicon::Lexicon;
use crate::parse::record::Role;
use crate::query::{Field, Filter, Query, Value};
use crate::search::{label, read_dnr};

/// Fewest letters of an id that are taken for its beginning.
const ID_LETTERS: usize = 6;

/// Most documents that are listed or printed.
const MOST: usize = 1000;

/// What `show` takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Id of a document or its beginning, path of its file, or a dnr in any spelling
    #[arg(value_name = "ID|PATH|DNR")]
    pub name: String,
    /// Print the record as JSON
    #[arg(long, group = "what")]
    pub json: bool,
    /// Print the document's text: the coordinate system of all offsets
    #[arg(long, group = "what")]
    pub text: bool,
    /// Print every value with its rule, place and quote
    #[arg(long, group = "what")]
    pub evidence: bool,
    /// Print a citation of the document
    #[arg(long, group = "what", value_enum, value_name = "STYLE")]
    pub cite: Option<Cite>,
    /// Where several documents match, print them all
    #[arg(long)]
    pub all: bool,
}

/// How a document is cited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Cite {
    /// BibTeX
    Bibtex,
    /// RIS, as reference managers import it
    Ris,
    /// CSL-JSON
    Csl,
    /// A line of text
    Text,
}

impl From<Cite> for cite::Style {
    fn from(cite: Cite) -> cite::Style {
        match cite {
            Cite::Bibtex => cite::Style::Bibtex,
            Cite::Ris => cite::Style::Ris,
            Cite::Csl => cite::Style::CslJson,
            Cite::Text => cite::Style::Text,
        }
    }
}

/// Prints the record.
///
/// # Errors
/// If there is no catalog or nothing has this name.
pub fn run(args: &Args, config: &Config) -> anyhow::Result<Outcome> {
    let lex = config.lexicon()?;
    let catalog = Reader::open(&config.index)?;
    let found = find(&args.name, &catalog, config, &lex)?;
    let mut out = config.term.out();
    match found.as_slice() {
        [] => {
            return Err(UsageError(format!(
                "\"{}\" is no id, path or dnr of a document here; `diarium files` lists the paths, `diarium search` finds documents by their words",
                args.name
            ))
            .into());
        }
        [_, _, ..] if !args.all && args.json => {
            let listed = found.iter().map(|d| {
                serde_json::json!({"id": d.id, "path": d.path, "kind": d.record.kind, "title": d.record.title, "date": d.record.date})
            });
            serde_json::to_writer(&mut out, &listed.collect::<Vec<_>>())?;
            writeln!(out)?;
            config.term.note(&format!("{} documents match; print their records with --all.", found.len()));
        }
        [_, _, ..] if !args.all => {
            for stored in &found {
                writeln!(out, "{}  {}", line(stored, &lex), config.term.paint(Style::Dim, stored.id.as_str()))?;
            }
            writeln!(out, "{} documents match; name one by its id, or print them with --all.", found.len())?;
        }
        found => {
            for (i, stored) in found.iter().enumerate() {
                if i > 0 && !args.json && args.cite != Some(Cite::Text) {
                    writeln!(out)?;
                }
                one(&mut out, stored, args, config, &catalog, &lex)?;
            }
        }
    }
    out.flush()?;
    Ok(Outcome::Done)
}

/// The documents with this name: by id, by path, by dnr (their own before those that only cite it).
pub(super) fn find(
    name: &str,
    catalog: &Reader,
    config: &Config,
    lex: &Lexicon,
) -> anyhow::Result<Vec<StoredDocument>> {
    let hex = name.bytes().all(|b| b.is_ascii_hexdigit() || matches!(b, b'-' | b'p'));
    if hex && name.len() >= ID_LETTERS {
        let found = catalog.by_id_prefix(&name.to_lowercase(), MOST)?;
        // A whole id is also the beginning of its parts' ids.
        if let Some(exact) = found.iter().find(|d| d.id.as_str() == name) {
            return Ok(vec![exact.clone()]);
        }
        if !found.is_empty() {
            return Ok(found);
        }
    }
    let found = catalog.by_path(name)?;
    if !found.is_empty() {
        return Ok(found);
    }
    let Some(key) = read_dnr(name, lex) else { return Ok(Vec::new()) };
    let opened = open(config)?;
    let filter = Filter { field: Field::Dnr, any: vec![Value::Is(key.clone())] };
    let query = Query { filters: vec![filter], ..Query::default() };
    let answer = opened.engine.search(&Ask { query, limit: MOST, ..Ask::default() })?;
    let found: Result<Vec<Option<StoredDocument>>, CatalogError> =
        answer.hits.iter().map(|h| opened.catalog.get(&h.doc)).collect();
    let found: Vec<StoredDocument> = found?.into_iter().flatten().collect();
    let own = |d: &&StoredDocument| {
        let mut own = d.record.dnr.iter().filter(|n| n.role == Role::Own);
        own.any(|n| crate::index::entry::dnr_keys(n.series.as_deref(), n.year, n.number).contains(&key))
    };
    let owners: Vec<StoredDocument> = found.iter().filter(own).cloned().collect();
    let mut list = if owners.is_empty() { found } else { owners };
    list.sort_by(|a, b| (a.record.date, &a.path, &a.id).cmp(&(b.record.date, &b.path, &b.id)));
    Ok(list)
}

/// One document on one line.
fn line(stored: &StoredDocument, lex: &Lexicon) -> String {
    let record = &stored.record;
    let date = record.date.or(record.meeting_date).map_or_else(|| "no date".to_string(), |d| d.to_string());
    let title = record.title.as_deref().unwrap_or("(no title)");
    let kind = label(Field::Kind, &record.kind, lex);
    format!("{date:<10}  {kind}  {}  {}", shorten(title, 80), plain(&stored.path))
}

fn one(
    out: &mut impl Write,
    stored: &StoredDocument,
    args: &Args,
    config: &Config,
    catalog: &Reader,
    lex: &Lexicon,
) -> anyhow::Result<()> {
    if args.json {
        wire::write_line(stored, out)?;
        return Ok(());
    }
    if let Some(cite) = args.cite {
        let citation = cite::cite(&wire::to_value(stored)?, cite.into(), lex);
        writeln!(out, "{}", citation.trim_end())?;
        return Ok(());
    }
    if args.text {
        let text = catalog.text(&stored.id)?.unwrap_or_default();
        writeln!(out, "{text}")?;
        return Ok(());
    }
    let record = &stored.record;
    let title = record.title.as_deref().unwrap_or("(no title)");
    writeln!(out, "{}", config.term.paint(Style::Bold, &shorten(title, 200)))?;
    let origin = &stored.origin;
    let pages = match (origin.part, origin.file_pages) {
        (Some(p), _) => format!("pages {}–{} (part {} of {})", p.first_page, p.last_page, p.index, p.of),
        (None, 1) => "1 page".to_string(),
        (None, n) => format!("{n} pages"),
    };
    writeln!(out, "{} · {pages} · {}", plain(&stored.path), label(Field::Kind, &record.kind, lex))?;
    writeln!(out, "{}\n", config.term.paint(Style::Dim, stored.id.as_str()))?;
    let mut value = serde_json::to_value(record)?;
    if !args.evidence {
        add_pages(&mut value);
        if let serde_json::Value::Object(map) = &mut value {
            // The whole text is for --text; here the headings say what there is.
            for section in map.get_mut("sections").and_then(|s| s.as_array_mut()).into_iter().flatten() {
                if let serde_json::Value::Object(section) = section {
                    section.shift_remove("text");
                }
            }
        }
    }
    fields::write(out, &config.term, &value, args.evidence)?;
    Ok(())
}

/// Puts the pages a value is proved on beside it, as `on_page`.
fn add_pages(value: &mut serde_json::Value) {
    use serde_json::Value as Json;
    match value {
        Json::Object(map) => {
            let mut pages: BTreeMap<u64, ()> = BTreeMap::new();
            for e in map.get("evidence").and_then(Json::as_array).into_iter().flatten() {
                for place in e["places"].as_array().into_iter().flatten() {
                    pages.extend(place["page"].as_u64().map(|p| (p, ())));
                }
            }
            map.values_mut().for_each(add_pages);
            let is_record = map.contains_key("kind") && map.contains_key("genres");
            if !pages.is_empty() && !is_record {
                map.insert("on_page".to_string(), Json::from(pages.into_keys().collect::<Vec<u64>>()));
            }
        }
        Json::Array(list) => list.iter_mut().for_each(add_pages),
        _ => {}
    }
}
