//! `diarium review`: the most doubtful values first, each with what to write into the corrections file.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use serde::Serialize;

use super::{Wanted, proofs, read};
use crate::catalog::Reader;
use crate::cli::Outcome;
use crate::cli::config::Config;
use crate::cli::filters::Filters;
use crate::cli::term::{Style, plain, shorten};
use crate::parse::Record;
use crate::parse::record::Evidence;

/// What `review` takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The filters
    #[command(flatten)]
    pub filters: Filters,
    /// How many values to show
    #[arg(long, default_value_t = 20, value_name = "N")]
    pub limit: usize,
    /// Print as JSON
    #[arg(long)]
    pub json: bool,
}

/// A value with its doubt.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Doubtful {
    /// What it is ordered by, the most doubtful lowest: the rule's confidence, less where something speaks against the value.
    certainty: f32,
    /// What speaks against it: codes of warnings, `ocr`.
    reasons: Vec<String>,
    confidence: f32,
    document: String,
    path: String,
    field: String,
    value: String,
    rule: String,
    page: Option<u32>,
    quote: String,
    /// What to write if it is wrong.
    correction: String,
}

/// Fields whose values are made of others, or that say nothing by themselves: not worth a person's time.
const DERIVED: [&str; 8] = ["raw", "precision", "role", "section", "org_nr_valid", "series", "number", "type"];

/// Longest value that is written out in what to correct it with, in characters.
const LITERAL: usize = 80;

/// Prints the most doubtful values.
///
/// # Errors
/// If there is no catalog, or a filter's value is not known.
pub fn run(args: &Args, config: &Config) -> anyhow::Result<Outcome> {
    let opened = read(&args.filters, Wanted { agreements: true, ..Wanted::NONE }, config)?;
    let catalog = Reader::open(&config.index)?;
    let mut all: Vec<Doubtful> = Vec::new();
    for stored in catalog.documents() {
        let stored = stored?;
        if !opened.lets_through(std::iter::once(stored.id.as_str())) {
            continue;
        }
        let warned: Vec<(&str, u32, u32)> = stored
            .record
            .warnings
            .iter()
            .flat_map(|w| w.evidence.iter().map(|e| (w.code.as_ref(), e.start, e.end)))
            .collect();
        all.extend(values(&stored.record).into_iter().map(|(field, value, literal, e)| Doubtful {
            certainty: 0.0,
            reasons: reasons(&e, &warned, &stored.ocr_pages),
            confidence: e.confidence,
            document: stored.id.to_string(),
            path: stored.path.clone(),
            correction: correction(&stored.path, &field, &literal),
            field,
            value,
            rule: e.rule.to_string(),
            page: e.places.first().map(|p| p.page),
            quote: e.quote,
        }));
        for d in all.iter_mut().rev().take_while(|d| d.document == stored.id.as_str()) {
            d.certainty = d.reasons.iter().fold(d.confidence, |c, r| c * if r == OCR { READ_BY_OCR } else { WARNED });
        }
        // Never more than a few times what is shown.
        if all.len() > args.limit.saturating_mul(4).saturating_add(1000) {
            order(&mut all, args.limit);
        }
    }
    order(&mut all, args.limit);
    let doubts = &opened.registers.organisations.doubts;
    let mut out = config.term.out();
    if args.json {
        let doubts = serde_json::to_value(doubts)?;
        let values: Vec<&Doubtful> = all.iter().collect();
        super::write_json(&mut out, "review", opened.sequence, &values, &[("organisations", doubts)])?;
        out.flush()?;
        return Ok(Outcome::Done);
    }
    for d in doubts.iter().take(args.limit) {
        writeln!(out, "{}", config.term.paint(Style::Bold, &plain(&d.message)))?;
        proofs(&mut out, &config.term, "    ", &d.mentions)?;
        snippet(&mut out, "If they are one:", &d.correction)?;
    }
    for d in &all {
        let why = if d.reasons.is_empty() { String::new() } else { format!("  ({})", d.reasons.join(", ")) };
        let head = format!("{:.2}  {} = {}{}", d.certainty, d.field, shorten(&d.value, 100), plain(&why));
        writeln!(out, "{}", config.term.paint(Style::Bold, &head))?;
        let page = d.page.map(|n| format!(", page {n}")).unwrap_or_default();
        writeln!(out, "    {}{page}: “{}” ({})", plain(&d.path), shorten(&d.quote, 110), d.rule)?;
        snippet(&mut out, "If it is wrong:", &d.correction)?;
    }
    writeln!(out, "{} doubtful pairs of organisations, {} doubtful values shown.", doubts.len(), all.len())?;
    out.flush()?;
    Ok(Outcome::Done)
}

/// The reason that a value stands on a page read by OCR.
const OCR: &str = "ocr";

/// What is left of a rule's confidence on a page read by OCR: a letter may be another.
const READ_BY_OCR: f32 = 0.8;

/// What is left of it where a warning speaks of the very words.
const WARNED: f32 = 0.5;

/// What speaks against a value: warnings about the words it was read from, and that they were read by OCR.
fn reasons(e: &Evidence, warned: &[(&str, u32, u32)], ocr_pages: &[u32]) -> Vec<String> {
    let of = warned.iter().filter(|(_, start, end)| e.start < *end && *start < e.end);
    let mut out: BTreeSet<String> = of.map(|(code, _, _)| code.to_string()).collect();
    if e.places.iter().any(|p| ocr_pages.contains(&p.page)) {
        out.insert(OCR.to_string());
    }
    out.into_iter().collect()
}

fn snippet(out: &mut impl Write, head: &str, toml: &str) -> anyhow::Result<()> {
    writeln!(out, "    {head}")?;
    for line in toml.lines() {
        writeln!(out, "        {line}")?;
    }
    writeln!(out)?;
    Ok(())
}

fn order(all: &mut Vec<Doubtful>, limit: usize) {
    all.sort_by(|a, b| {
        a.certainty
            .total_cmp(&b.certainty)
            .then_with(|| (&a.path, &a.document, &a.field).cmp(&(&b.path, &b.document, &b.field)))
    });
    all.truncate(limit);
}

/// The values of a record with their proof, each with its field as corrections name it.
fn values(record: &Record) -> Vec<(String, String, String, Evidence)> {
    let mut out = Vec::new();
    if let Ok(value) = serde_json::to_value(record) {
        walk(&value, "", &mut out, &mut BTreeMap::new());
    }
    out
}

fn walk(
    value: &serde_json::Value,
    path: &str,
    out: &mut Vec<(String, String, String, Evidence)>,
    seen: &mut BTreeMap<String, usize>,
) {
    use serde_json::Value as Json;
    match value {
        Json::Object(map) => {
            for e in map.get("evidence").and_then(Json::as_array).into_iter().flatten() {
                let Ok(e) = serde_json::from_value::<Evidence>(e.clone()) else { continue };
                let Some(value) = map.get(e.field.as_ref()).filter(|_| !DERIVED.contains(&e.field.as_ref())) else {
                    continue;
                };
                let shown = match value {
                    Json::String(s) => s.clone(),
                    Json::Null => continue,
                    other => other.to_string(),
                };
                let field = if path.is_empty() { e.field.to_string() } else { format!("{path}.{}", e.field) };
                if e.rule == crate::corrections::RULE {
                    continue;
                }
                // A value is as sure as its best proof.
                if let Some(known) = seen.get(&field).and_then(|i| out.get_mut(*i)) {
                    if e.confidence > known.3.confidence {
                        known.3 = e;
                    }
                } else {
                    seen.insert(field.clone(), out.len());
                    // As TOML takes it: strings of one line quoted, numbers and truth as they are, all else left to the person.
                    let literal = match value {
                        Json::String(s) if s.chars().count() <= LITERAL && !s.contains(char::is_control) => {
                            format!("{s:?}")
                        }
                        Json::Number(_) | Json::Bool(_) => value.to_string(),
                        _ => "\"…\"".to_string(),
                    };
                    out.push((field, shown, literal, e));
                }
            }
            for (key, child) in
                map.iter().filter(|(k, _)| !matches!(k.as_str(), "evidence" | "sections" | "tables" | "warnings"))
            {
                walk(child, &if path.is_empty() { key.clone() } else { format!("{path}.{key}") }, out, seen);
            }
        }
        Json::Array(list) => {
            for (i, child) in list.iter().enumerate() {
                walk(child, &format!("{path}[{i}]"), out, seen);
            }
        }
        _ => {}
    }
}

fn correction(path: &str, field: &str, literal: &str) -> String {
    format!(
        "[[set]]\ndocument = {path:?}\nfield = {field:?}\nvalue = {literal}\n# or, to have no value: [[reject]] with document and field\n"
    )
}
