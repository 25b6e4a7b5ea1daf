//! Defines what can be typed: the options that every command takes, and the commands. Describes only.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::deferred::Deferred;
use super::registers::{agreements, cases, districts, organisations, people, review};
use super::{completions, dump, evaluate, files, ingest, inspect, pack, search, serve, show, stats};

/// Reads Swedish council records, extracts their fields with proof, and makes them searchable.
#[derive(Debug, Parser)]
#[command(name = "diarium", version, max_term_width = 110, after_help = EXIT_CODES)]
pub struct Cli {
    /// Options that every command takes.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 done; 1 the run failed; 2 usage; 3 done, but some files failed (see `diarium files --state failed`); \
                          4 nothing matched.";

/// Options that every command takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Options of every command")]
pub struct Global {
    /// Folder of the catalog and the index
    #[arg(long, global = true, env = "DIARIUM_INDEX", default_value = "index", value_name = "DIR")]
    pub index: PathBuf,
    /// Print results and errors only
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// When to use colours; the environment's NO_COLOR is honoured too
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub color: Color,
    /// Folder with files that replace those of the built-in vocabulary
    #[arg(long, global = true, value_name = "DIR")]
    pub lexicon: Option<PathBuf>,
    /// Corrections to apply [default: corrections.toml in the current folder, if there]
    #[arg(long, global = true, value_name = "FILE")]
    pub corrections: Option<PathBuf>,
}

/// The commands, in the order in which they are met.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Take in files and folders: extract, split, parse, index
    Ingest(Deferred<ingest::Args>),
    /// Search documents and decisions
    Search(Deferred<search::Args>),
    /// Show the record of a document, by id, path or dnr
    Show(Deferred<show::Args>),
    /// Show what is read from one file and why, without an index
    Inspect(Deferred<inspect::Args>),
    /// Write records and tables: JSON, CSV, Excel, Parquet, SQLite, data packages, citations
    Dump(Deferred<dump::Args>),
    /// Pack a result for whoever is to check or quote it: pages with marks, quotes, citations
    Pack(Deferred<pack::Args>),
    /// Agreements over all documents: periods, renewals, gaps, contradictions
    Agreements(Deferred<agreements::Args>),
    /// Organisations over all documents: numbers, names, agreements
    Organisations(Deferred<organisations::Args>),
    /// Cases: the documents of one diary number in order of time
    Cases(Deferred<cases::Args>),
    /// Districts then and now, and what there is for each
    Districts(Deferred<districts::Args>),
    /// Officials and elected members in their public roles
    People(Deferred<people::Args>),
    /// The most doubtful values first, ready to be corrected
    Review(Deferred<review::Args>),
    /// List every file ever offered, its state and why
    Files(Deferred<files::Args>),
    /// Count documents and decisions, and what is missing
    Stats(Deferred<stats::Args>),
    /// Hold records against what people read: precision and recall of every field
    Evaluate(Deferred<evaluate::Args>),
    /// Make the index anew from the catalog
    Reindex,
    /// Open the reading room: web pages and an API over the index
    Serve(serve::Args),
    /// Print a script that completes commands in a shell
    Completions(Deferred<completions::Args>),
    /// Print the manual page
    Man,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// Also into files and pipes.
    Always,
    /// Not at all.
    Never,
}

/// When to read the letters of page images.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Ocr {
    /// Pages without letters of their own, if an OCR engine is there.
    Auto,
    /// No page.
    Never,
    /// Every page.
    Force,
}

impl Ocr {
    /// Whether what was asked for can be done.
    ///
    /// # Errors
    /// If pages must be read by OCR and there is no engine; says what to install.
    pub fn check(self) -> anyhow::Result<()> {
        if self == Ocr::Force {
            crate::ingest::ocr::Engine::find().map_err(|missing| anyhow::anyhow!("--ocr force: {missing}"))?;
        }
        Ok(())
    }
}

impl From<Ocr> for crate::ingest::Ocr {
    fn from(ocr: Ocr) -> Self {
        match ocr {
            Ocr::Auto => crate::ingest::Ocr::Auto,
            Ocr::Never => crate::ingest::Ocr::Never,
            Ocr::Force => crate::ingest::Ocr::Force,
        }
    }
}
