//! `diarium stats`: what the corpus holds, by district, year, kind and action, and what of it could not be read.

mod table;

use std::collections::{BTreeMap, HashSet};
use std::io::Write;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::builder::PossibleValuesParser;
use serde::Serialize;

use super::Outcome;
use super::config::Config;
use super::filters::{Filters, Opened, open, usage};
use super::term::{Style, Term, plain, shorten};
use crate::base::DocId;
use crate::catalog::FileState;
use crate::index::{Ask, Engine as _};
use crate::lexicon::Lexicon;
use crate::query::{Field, Unit};
use crate::registry::{self, Agreement, Coverage, Registers, Wanted};
use crate::search::{self, FacetCount, Unsearched};
use table::Table;

/// What `stats` takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The filters
    #[command(flatten)]
    pub filters: Filters,
    /// Count by two fields at once: this one down …
    #[arg(long, value_name = "FIELD", value_parser = countable())]
    pub rows: Option<String>,
    /// … and this one across [default: year]
    #[arg(long, value_name = "FIELD", value_parser = countable())]
    pub columns: Option<String>,
    /// Draw that table as SVG into this file [default: district by year]
    #[arg(long, value_name = "FILE")]
    pub svg: Option<PathBuf>,
    /// Count agreements in force by district and year instead: each in every year that it was in force on some day of
    #[arg(long, conflicts_with_all = ["rows", "columns"])]
    pub agreements: bool,
    /// Say what is missing: paragraphs of minutes, diary numbers, attachments, pages without letters
    #[arg(long)]
    pub coverage: bool,
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

/// The fields that results are counted by.
fn countable() -> PossibleValuesParser {
    PossibleValuesParser::new(Field::facets().map(Field::name))
}

#[derive(Serialize)]
struct Stats<'a> {
    documents: u64,
    decisions: u64,
    documents_by: BTreeMap<&'static str, &'a [FacetCount]>,
    decisions_by: BTreeMap<&'static str, &'a [FacetCount]>,
    files: BTreeMap<&'static str, u64>,
    unsearched: Unsearched,
    #[serde(skip_serializing_if = "Option::is_none")]
    table: Option<&'a Table>,
    #[serde(skip_serializing_if = "Option::is_none")]
    coverage: Option<&'a Coverage>,
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
    let wants_table = !args.agreements && (args.rows.is_some() || args.columns.is_some() || args.svg.is_some());
    let field = |typed: &Option<String>, usual| typed.as_deref().and_then(Field::by_name).unwrap_or(usual);
    let (rows, columns) = (field(&args.rows, Field::District), field(&args.columns, Field::Year));
    let mut table = wants_table.then(|| table::count(rows, columns, &args.filters, &opened, &lex)).transpose()?;
    if args.agreements {
        table = Some(agreements(args, &opened, &lex, config)?);
    }
    if let (Some(path), Some(table)) = (&args.svg, &table) {
        std::fs::write(path, table.svg()).with_context(|| format!("{}: cannot be written", path.display()))?;
        config.term.note(&format!("{}: {} by {} and {}", path.display(), table.counted, table.rows, table.columns));
    }
    let coverage = args.coverage.then(|| {
        let wanted = Wanted { cases: true, coverage: true, ..Wanted::NONE };
        registers(args, &opened, wanted, &lex, config)
    });
    let coverage = coverage.transpose()?;
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
        table: table.as_ref(),
        coverage: coverage.as_ref(),
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
        if let Some(table) = &table {
            writeln!(out, "\n{}", bold(&format!("{} by {} and {}", table.what(), table.rows, table.columns)))?;
            write!(out, "{}", table.text())?;
        }
        if let Some(coverage) = &coverage {
            missing(&mut out, &config.term, coverage)?;
        }
    }
    out.flush()?;
    Ok(Outcome::Done)
}

/// Agreements in force by district and year: those in force with a district that is filtered by, told of by a document that
/// the other filters let through, in the years that are typed.
fn agreements(args: &Args, opened: &Opened, lex: &Lexicon, config: &Config) -> anyhow::Result<Table> {
    let districts = args.filters.districts(lex);
    let mut rest = args.filters.without(Field::Year);
    if districts.is_some() {
        rest = rest.without(Field::District);
    }
    let chosen = chosen(&rest, opened, lex)?;
    let years: Vec<(i16, i16)> = args
        .filters
        .typed(Field::Year)
        .filter_map(|y| {
            let (first, last) = y.split_once("..").unwrap_or((y, y));
            Some((first.trim().parse().ok()?, last.trim().parse().ok()?))
        })
        .collect();
    let wanted = Wanted { agreements: true, cases: true, ..Wanted::NONE };
    let registers = Registers::read(&opened.catalog, wanted, lex, &config.corrections()?)?;
    let told = |a: &&Agreement| {
        let mut documents = a.periods.iter().flat_map(|p| &p.mentions).chain(&a.mentions).map(|p| &p.source.id);
        chosen.as_ref().is_none_or(|c| documents.any(|d| c.contains(d)))
    };
    let shown: Vec<&Agreement> = registers.agreements.iter().filter(told).collect();
    Ok(table::in_force(
        &shown,
        |district| districts.as_ref().is_none_or(|d| d.contains(district)),
        |year| years.is_empty() || years.iter().any(|(first, last)| (*first..=*last).contains(&year)),
        lex,
    ))
}

/// The documents that filters let through; none without filters: all.
fn chosen(filters: &Filters, opened: &Opened, lex: &Lexicon) -> anyhow::Result<Option<HashSet<DocId>>> {
    if filters.is_empty() {
        return Ok(None);
    }
    let query = search::read(&filters.request(&[], Unit::Document), &opened.engine, lex).map_err(usage)?;
    let found = opened.engine.search(&Ask { query, limit: usize::MAX, ..Ask::default() })?;
    Ok(Some(found.hits.into_iter().map(|h| h.doc).collect()))
}

/// What the documents that the filters let through lack.
fn registers(args: &Args, opened: &Opened, wanted: Wanted, lex: &Lexicon, config: &Config) -> anyhow::Result<Coverage> {
    let chosen = chosen(&args.filters, opened, lex)?;
    let mut mentions = registry::collect(&opened.catalog, wanted)?;
    if let Some(chosen) = chosen {
        mentions.retain(|id| chosen.contains(id));
    }
    Ok(Registers::of(&mentions, lex, &config.corrections()?).coverage)
}

/// Prints what is missing: what a reader must know before quoting a count.
fn missing(out: &mut impl Write, term: &Term, c: &Coverage) -> anyhow::Result<()> {
    writeln!(
        out,
        "\n{}",
        term.paint(Style::Bold, "Minutes: paragraphs that are missing between those here and before them")
    )?;
    for p in &c.paragraphs {
        let gaps: Vec<String> = p
            .gaps
            .iter()
            .map(|g| {
                let numbers =
                    if g.from == g.to { format!("§ {}", g.from) } else { format!("§§ {}–{}", g.from, g.to) };
                let of = g.meeting.map(|d| format!(" ({d})")).unwrap_or_default();
                format!("{numbers}{of}")
            })
            .collect();
        let gaps = if gaps.is_empty() { "none".to_string() } else { gaps.join(", ") };
        let body = if p.body.is_empty() { "body not known" } else { &p.body };
        let meetings = p.meetings.len();
        writeln!(
            out,
            "  {} {}: {meetings} meeting(s), {} paragraphs; missing: {}",
            plain(body),
            p.year,
            p.here,
            shorten(&gaps, 120)
        )?;
    }
    writeln!(out, "\n{}", term.paint(Style::Bold, "Diary numbers that documents here have as their own"))?;
    for s in &c.series {
        let series = s.series.as_deref().map(|s| format!(" {s}")).unwrap_or_default();
        let body = if s.authority.is_empty() { "authority not known" } else { &s.authority };
        let missing: u32 = s.gaps.iter().map(|g| g.to - g.from + 1).sum();
        writeln!(
            out,
            "  {}{} {}: {} of at least {}, {missing} in {} gap(s) missing",
            plain(body),
            plain(&series),
            s.year,
            s.here,
            s.highest,
            s.gaps.len()
        )?;
    }
    let lost = c.attachments_missing.len();
    let head = format!("Attachments: {} promised, {lost} of them not found here", c.attachments_promised);
    writeln!(out, "\n{}", term.paint(Style::Bold, &head))?;
    for m in c.attachments_missing.iter().take(LISTED) {
        writeln!(out, "  {}: {}", plain(&m.path), shorten(&m.title, 90))?;
    }
    if lost > LISTED {
        writeln!(out, "  … and {} more (--json has all)", lost - LISTED)?;
    }
    let head =
        format!("Meetings that documents here speak of and whose minutes are not here: {}", c.meetings_missing.len());
    writeln!(out, "\n{}", term.paint(Style::Bold, &head))?;
    for m in c.meetings_missing.iter().take(LISTED) {
        let first = m.paths.first().map(String::as_str).unwrap_or_default();
        let more = if m.paths.len() > 1 { format!(" and {} more", m.paths.len() - 1) } else { String::new() };
        writeln!(out, "  {} {}: {}{more}", plain(&m.body), m.date, plain(first))?;
    }
    if c.meetings_missing.len() > LISTED {
        writeln!(out, "  … and {} more (--json has all)", c.meetings_missing.len() - LISTED)?;
    }
    writeln!(out, "\n{} proposals for a meeting whose minutes are not here", c.proposals_without_minutes)?;
    if c.textless_pages > 0 {
        writeln!(out, "{} pages without letters: what stands there is in no count", c.textless_pages)?;
    }
    Ok(())
}

/// Most attachments listed for people.
const LISTED: usize = 20;

/// A share in per cent.
fn percent(n: u64, of: u64) -> f64 {
    if of == 0 { 0.0 } else { n as f64 * 100.0 / of as f64 }
}
