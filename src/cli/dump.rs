//! `diarium dump`: records and tables in every format, ordered by path, then part. The same corpus gives the same bytes.

use std::collections::HashSet;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::ValueEnum;

use super::config::Config;
use super::filters::{Filters, open, usage};
use super::{Outcome, UsageError};
use crate::base::DocId;
use crate::catalog;
use crate::export::cite::Style;
use crate::export::csv::{CsvSink, Dialect};
use crate::export::dump::{Dump, Lines};
use crate::export::package::{self, About};
use crate::export::parquet::ParquetSink;
use crate::export::pseudonym::Pseudonyms;
use crate::export::rows::Sink;
use crate::export::sqlite::{SqliteSink, random_bytes};
use crate::export::target::Target;
use crate::export::xlsx::XlsxSink;
use crate::export::{ExportError, Selected};
use crate::index::{Ask, Engine as _};
use crate::query::Unit;
use crate::search;

/// Where the names behind pseudonyms are kept.
const KEY_FILE: &str = "diarium-names.json";

/// What `dump` takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Words and filters as for search; without any, everything
    #[arg(value_name = "WORD")]
    pub words: Vec<String>,
    /// In which form; docs/data-dictionary.md describes the tables
    #[arg(long, value_enum, default_value_t = Format::Jsonl, value_name = "FORMAT")]
    pub format: Format,
    /// Write to this file (csv and package: a folder, or FILE.zip; parquet: a folder) instead of stdout
    #[arg(short, long, value_name = "PATH")]
    pub output: Option<PathBuf>,
    /// Replace an earlier export
    #[arg(long, requires = "output")]
    pub overwrite: bool,
    /// Only what changed after this sequence of the catalog, or since this day (YYYY-MM-DD), and what is gone
    #[arg(long, value_name = "SEQ|DATE")]
    pub since: Option<String>,
    /// How csv is written: for programs, or for a Swedish Excel
    #[arg(long, value_enum, default_value_t = CsvDialect::Standard, value_name = "DIALECT")]
    pub dialect: CsvDialect,
    /// Replace names of persons by ids that stay the same from dump to dump
    #[arg(long)]
    pub pseudonymise: bool,
    /// Where the salt of the ids and the names behind them are kept; keep it apart from what is handed on
    #[arg(long, value_name = "FILE", default_value = KEY_FILE, requires = "pseudonymise")]
    pub key_file: PathBuf,
    /// The filters
    #[command(flatten)]
    pub filters: Filters,
}

/// In which form records are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// One JSON object a line
    Jsonl,
    /// One JSON array
    Json,
    /// Tables as CSV, one file each
    Csv,
    /// Tables as sheets of an Excel workbook
    Xlsx,
    /// Tables as Parquet, one file each
    Parquet,
    /// Tables as one SQLite file with full-text search
    Sqlite,
    /// Tables as a Frictionless Data Package
    Package,
    /// Citations of the documents as BibTeX
    Bibtex,
    /// Citations of the documents as RIS
    Ris,
    /// Citations of the documents as CSL-JSON
    Csl,
}

impl Format {
    /// How records follow one another, for formats that are no tables.
    fn lines(self) -> Option<Lines> {
        match self {
            Format::Jsonl => Some(Lines::JsonLines),
            Format::Json => Some(Lines::Json),
            Format::Bibtex => Some(Lines::Citations(Style::Bibtex)),
            Format::Ris => Some(Lines::Citations(Style::Ris)),
            Format::Csl => Some(Lines::Citations(Style::CslJson)),
            Format::Csv | Format::Xlsx | Format::Parquet | Format::Sqlite | Format::Package => None,
        }
    }
}

/// For whom CSV is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CsvDialect {
    /// UTF-8, comma, decimal point, ISO dates
    Standard,
    /// Byte order mark, semicolon, decimal comma; nothing that Excel would take for a date, a number or a formula
    ExcelSv,
}

/// Writes the records.
///
/// # Errors
/// If there is no catalog, a filter's value is not known, or the output cannot be written.
pub fn run(args: &Args, config: &Config) -> anyhow::Result<Outcome> {
    if args.dialect == CsvDialect::ExcelSv && args.format != Format::Csv {
        return Err(UsageError("--dialect excel-sv is for --format csv".into()).into());
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
    let since = args.since.as_deref().map(|s| sequence(s, &catalog)).transpose()?;
    let pseudonyms = pseudonyms(args)?;
    let nothing = chosen.as_ref().is_some_and(HashSet::is_empty);
    let (lex, corrections) = (config.lexicon()?, config.corrections()?);
    let mut dump = Dump { catalog: &catalog, chosen, since, pseudonyms, lex: &lex, corrections: &corrections };
    match args.format.lines() {
        Some(lines) => match args.output.as_deref().filter(|p| !is_stream(p)) {
            None => {
                let mut out = stream(args, config)?;
                dump.lines(lines, &mut out)?;
            }
            Some(path) => {
                let target = Target::file(path, args.overwrite).map_err(there)?;
                let mut file = target.create(None)?;
                dump.lines(lines, &mut file).with_context(|| format!("{}: cannot be written", path.display()))?;
                target.finish()?;
            }
        },
        None => {
            let Some(path) = &args.output else {
                return Err(UsageError("tables go to files: say where with -o PATH".into()).into());
            };
            let sink = sink(args, path, &catalog, since.is_some()).map_err(there)?;
            dump.tables(sink)?;
        }
    }
    if let Some(pseudonyms) = &dump.pseudonyms {
        pseudonyms.save()?;
        config.term.note(&format!("{}: the names behind the ids; keep it apart", args.key_file.display()));
    }
    if since.is_some() {
        let now = catalog.sequence();
        config.term.note(&format!("as of sequence {now}; the next changes come with --since {now}"));
    }
    Ok(if nothing { Outcome::NothingMatched } else { Outcome::Done })
}

/// What stands in the way of an output is a fault of what was typed.
pub(super) fn there(e: ExportError) -> anyhow::Error {
    match e {
        e @ ExportError::There { .. } => UsageError(e.to_string()).into(),
        e => e.into(),
    }
}

/// True for pipes and devices, which are written to as they are.
fn is_stream(path: &Path) -> bool {
    path.exists() && !path.is_file() && !path.is_dir()
}

/// Stdout, or the pipe or device that is named.
fn stream(args: &Args, config: &Config) -> anyhow::Result<Box<dyn Write>> {
    Ok(match &args.output {
        None => Box::new(config.term.out()),
        Some(path) => {
            let file = std::fs::OpenOptions::new().write(true).open(path);
            Box::new(BufWriter::new(file.with_context(|| format!("{}: cannot be written", path.display()))?))
        }
    })
}

/// Where the rows go.
fn sink(args: &Args, path: &Path, catalog: &catalog::Reader, changes: bool) -> Result<Box<dyn Sink>, ExportError> {
    let selected = Selected { changes };
    let zipped = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("zip"));
    let target = || {
        let is_folder = matches!(args.format, Format::Csv | Format::Parquet | Format::Package) && !zipped;
        if is_folder { Target::folder(path, args.overwrite) } else { Target::file(path, args.overwrite) }
    };
    Ok(match args.format {
        Format::Xlsx => Box::new(XlsxSink::new(target()?, selected)?),
        Format::Sqlite => Box::new(SqliteSink::new(target()?, args.overwrite, selected)?),
        Format::Parquet => Box::new(ParquetSink::new(target()?, selected)?),
        Format::Package => {
            let words = args.words.join(" ");
            let filters = args.filters.to_string();
            let chosen = [words, filters].into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>().join(" ");
            let about = About {
                sequence: catalog.sequence(),
                chosen: (!chosen.is_empty()).then_some(chosen),
                pseudonymised: args.pseudonymise,
            };
            Box::new(package::sink(target()?, zipped, about, selected)?)
        }
        _ => {
            let dialect = match args.dialect {
                CsvDialect::Standard => Dialect::Standard,
                CsvDialect::ExcelSv => Dialect::ExcelSv,
            };
            Box::new(CsvSink::of_tables(target()?, zipped, dialect, selected)?)
        }
    })
}

/// The sequence that changes are counted from.
fn sequence(typed: &str, catalog: &catalog::Reader) -> anyhow::Result<u64> {
    let wrong = || UsageError(format!("--since \"{typed}\" is no sequence (a number) and no day (YYYY-MM-DD)"));
    if let Ok(seq) = typed.parse::<u64>() {
        if seq > catalog.sequence() {
            return Err(UsageError(format!("--since {seq}: the catalog is at sequence {}", catalog.sequence())).into());
        }
        return Ok(seq);
    }
    let day: jiff::civil::Date = typed.parse().map_err(|_| wrong())?;
    Ok(catalog.sequence_before(&day.to_string())?)
}

fn pseudonyms(args: &Args) -> anyhow::Result<Option<Pseudonyms>> {
    if !args.pseudonymise {
        return Ok(None);
    }
    if let Some(output) = &args.output {
        let absolute = |p: &Path| std::path::absolute(p).unwrap_or_else(|_| p.to_path_buf());
        if absolute(&args.key_file).starts_with(absolute(output)) {
            return Err(UsageError(format!(
                "--key-file {}: would stand in what is handed on; name another place",
                args.key_file.display()
            ))
            .into());
        }
    }
    Ok(Some(Pseudonyms::open(&args.key_file, random_bytes()?)?))
}
