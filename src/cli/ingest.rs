//! `diarium ingest PATH…`: takes files in, and ends with what there is now.

use std::collections::BTreeMap;
use std::io::{BufRead as _, IsTerminal as _, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context as _;
use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::args::Ocr;
use super::config::Config;
use super::examples::examples;
use super::term::{Style, plain};
use super::{Outcome, UsageError};
use crate::base::DocId;
use crate::catalog::{FileState, Reader};
use crate::corrections::Corrections;
use crate::ingest;
use crate::lexicon::Lexicon;
use crate::parse::record::MadeWith;
use crate::pipeline::{self, Offer, Progress, Report, Settings};

/// How many failed or vanished files the summary names; `files` names them all.
const NAMED: usize = 50;

/// What `ingest` takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files, folders (PDF and TXT files in them, however deep), or - for a list of paths on stdin, one a line
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// How many files to read at a time [default: as many as there are processors]
    #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    pub jobs: Option<u16>,
    /// When to read page images with OCR
    #[arg(long, value_enum, default_value_t = Ocr::Auto, value_name = "WHEN")]
    pub ocr: Ocr,
    /// Drop what is no longer in the folders given
    #[arg(long)]
    pub prune: bool,
    /// Read files in this state again though nothing changed
    #[arg(long, value_enum, value_name = "STATE")]
    pub retry: Option<Retry>,
    /// Print the summary as JSON
    #[arg(long)]
    pub json: bool,
}

/// Which files to read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Retry {
    /// Those that could not be read.
    Failed,
    /// Those of which text is missing.
    Partial,
}

/// Takes the files in.
///
/// # Errors
/// If the index folder cannot be used.
pub fn run(args: &Args, config: &Config) -> anyhow::Result<Outcome> {
    args.ocr.check()?;
    let lex = config.lexicon()?;
    let corrections = config.corrections()?;
    let settings = Settings {
        index: &config.index,
        jobs: args.jobs.map_or_else(|| std::thread::available_parallelism().map_or(1, usize::from), usize::from),
        prune: args.prune,
        retry: args.retry.map(|r| match r {
            Retry::Failed => FileState::Failed,
            Retry::Partial => FileState::Partial,
        }),
        reading: ingest::Options { ocr: args.ocr.into(), ..ingest::Options::default() },
        made_with: MadeWith { extractor: ingest::version(args.ocr.into()), ..config.made_with(&lex)? },
        corrections: &corrections,
    };
    let offers = offers(&args.paths)?;
    let stop = stop_on_signal(config)?;
    let bar = Bar::new(config);
    let report = pipeline::run(&offers, &lex, &settings, &bar, &stop);
    bar.0.finish_and_clear();
    let report = report?;

    let reader = Reader::open(&config.index)?;
    check_corrections(&corrections, &reader, config)?;
    let try_these = examples(&reader, &lex)?;
    let mut out = config.term.out();
    if args.json {
        let mut json = serde_json::to_value(&report)?;
        json["examples"] = try_these.into();
        serde_json::to_writer(&mut out, &json)?;
        out.write_all(b"\n")?;
    } else {
        summary(&mut out, config, &lex, &report, &try_these)?;
    }
    out.flush()?;
    Ok(if report.interrupted {
        Outcome::Stopped
    } else if report.failed.is_empty() {
        Outcome::Done
    } else {
        Outcome::SomeFailed
    })
}

/// Tells of corrections that name a document which is not here, or that could not be applied.
fn check_corrections(corrections: &Corrections, reader: &Reader, config: &Config) -> anyhow::Result<()> {
    let mut documents: Vec<&str> = corrections.documents().collect();
    documents.sort_unstable();
    documents.dedup();
    for name in documents {
        let mut found = reader.by_path(&corrections.masked_path(name))?;
        found.extend(reader.get(&DocId::from_stored(name))?);
        if found.is_empty() {
            config.term.warning(&format!("the corrections name {}, which is not here", plain(name)));
        }
        for stored in &found {
            for w in stored.record.warnings.iter().filter(|w| w.code == crate::corrections::FAILED) {
                config.term.warning(&format!("{}: {}", plain(&stored.path), plain(&w.message)));
            }
        }
    }
    Ok(())
}

/// What was offered: the arguments, and for `-` what stands on stdin, a path on each line.
fn offers(paths: &[PathBuf]) -> anyhow::Result<Vec<Offer>> {
    let mut offers = Vec::with_capacity(paths.len());
    for path in paths {
        if path.as_os_str() != "-" {
            offers.push(Offer::Path(path.clone()));
            continue;
        }
        if std::io::stdin().is_terminal() {
            return Err(UsageError(
                "-: expects a list of paths on stdin, e.g. `find DIR -name '*.pdf' | diarium ingest -`".into(),
            )
            .into());
        }
        for line in std::io::stdin().lock().split(b'\n') {
            let mut line = line.context("stdin")?;
            if line.last() == Some(&b'\r') {
                line.pop();
            }
            // `find -print0` ends each path with a NUL instead.
            offers.extend(line.split(|b| *b == 0).filter(|p| !p.is_empty()).map(|p| Offer::Listed(path_of(p))));
        }
    }
    Ok(offers)
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt as _;
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}

/// The first Ctrl-C (or request to end) lets the run come to an end; the second ends it at once, which loses nothing that is committed.
fn stop_on_signal(config: &Config) -> anyhow::Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let (flag, term) = (stop.clone(), config.term);
    ctrlc::set_handler(move || {
        if flag.swap(true, Ordering::SeqCst) {
            std::process::exit(1);
        }
        term.note("stopping: what is in hand is finished and kept (once more to stop at once)");
    })?;
    Ok(stop)
}

/// A progress bar, if there is a terminal to show it on.
pub(super) struct Bar(pub(super) ProgressBar);

impl Bar {
    pub(super) fn new(config: &Config) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        if config.term.shows_progress() {
            bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        if let Ok(style) = ProgressStyle::with_template("{wide_bar} {pos}/{len} · {per_sec} · {eta} left") {
            bar.set_style(style);
        }
        Bar(bar)
    }
}

impl Progress for Bar {
    fn begin(&self, steps: usize) {
        self.0.set_length(steps as u64);
    }

    fn step(&self) {
        self.0.inc(1);
    }
}

/// Says what was done, what there is now, what failed and what to try.
fn summary(
    out: &mut dyn Write,
    config: &Config,
    lex: &Lexicon,
    report: &Report,
    examples: &[String],
) -> anyhow::Result<()> {
    let bold = |s: &str| config.term.paint(Style::Bold, s);
    if report.offered == 0 {
        writeln!(out, "Found no PDF or TXT file in what was given.")?;
    } else if report.nothing_done() {
        writeln!(out, "Nothing to do: {} unchanged ({:.1} s).", files(report.unchanged), report.seconds)?;
    } else {
        let parts = [
            (report.new, "new"),
            (report.changed, "changed"),
            (report.again, "made again"),
            (report.moved, "moved"),
            (report.removed, "removed"),
            (report.unchanged, "unchanged"),
            (report.failed.len(), "failed"),
        ];
        let parts: Vec<String> = parts.iter().filter(|p| p.0 > 0).map(|(n, what)| format!("{n} {what}")).collect();
        let megabytes = report.bytes as f64 / 1e6;
        writeln!(
            out,
            "Took in {} of {} in {:.1} s ({megabytes:.1} MB read): {}.",
            report.done,
            files(report.offered),
            report.seconds,
            parts.join(", ")
        )?;
    }
    if report.interrupted {
        let left = report.offered - report.done;
        writeln!(out, "Stopped with {} to go; the same command goes on from here.", files(left))?;
    }

    let holds = &report.holds;
    writeln!(out, "\n{} {}", bold("Documents:"), holds.documents)?;
    // The vocabulary gives some kinds several names; the first will do.
    let first = |names: &str| names.split([',', '(']).next().unwrap_or(names).trim().to_string();
    let label = |id: &str| lex.kinds.iter().find(|k| k.id == id).map_or(id.to_string(), |k| first(&k.sv));
    let mut kinds: Vec<(String, u64)> = holds.kinds.iter().map(|(id, n)| (label(id), *n)).collect();
    kinds.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    list(out, &bold("  by kind    "), kinds)?;
    let name = |id: &str| lex.district(id).map_or(id.to_string(), |d| d.name.clone());
    let mut districts: Vec<(String, u64)> = holds.districts.iter().map(|(id, n)| (name(id), *n)).collect();
    districts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    districts.extend(Some(("none".to_string(), holds.without_district)).filter(|d| d.1 > 0));
    list(out, &bold("  by district"), districts)?;
    let mut years: Vec<(String, u64)> = holds.years.iter().map(|(year, n)| (year.to_string(), *n)).collect();
    years.extend(Some(("none".to_string(), holds.without_year)).filter(|d| d.1 > 0));
    list(out, &bold("  by year    "), years)?;
    writeln!(out, "{} {} in {} documents", bold("  warnings   "), holds.warnings, holds.with_warnings)?;
    let states: Vec<(String, u64)> = report.files.iter().map(|(s, n)| (s.to_string(), *n)).collect();
    list(out, &bold("Files:"), states)?;

    if !report.vanished.is_empty() {
        writeln!(out, "\n{}", bold("No longer there, but kept (--prune drops them):"))?;
        report.vanished.iter().take(NAMED).try_for_each(|path| writeln!(out, "  {}", plain(path)))?;
        more(out, report.vanished.len(), "")?;
    }
    if !report.failed.is_empty() {
        let mut codes: BTreeMap<&str, u64> = BTreeMap::new();
        report.failed.iter().for_each(|f| *codes.entry(&f.code).or_default() += 1);
        let codes = codes.into_iter().map(|(code, n)| (code.to_string(), n)).collect();
        writeln!(out)?;
        list(out, &config.term.paint(Style::Red, "Failed:"), codes)?;
        for failure in report.failed.iter().take(NAMED) {
            writeln!(out, "  {}: {}", plain(&failure.path), plain(&failure.message))?;
        }
        more(out, report.failed.len(), "; all of them: diarium files --state failed")?;
    }
    if !examples.is_empty() {
        writeln!(out, "\n{}", bold("Try:"))?;
        examples.iter().try_for_each(|example| writeln!(out, "  {}", config.term.paint(Style::Green, example)))?;
    }
    Ok(())
}

fn files(n: usize) -> String {
    format!("{n} file{}", if n == 1 { "" } else { "s" })
}

fn list(out: &mut dyn Write, label: &str, counts: Vec<(String, u64)>) -> std::io::Result<()> {
    if counts.is_empty() {
        return Ok(());
    }
    let counts: Vec<String> = counts.iter().map(|(name, n)| format!("{} {n}", plain(name))).collect();
    writeln!(out, "{label} {}", counts.join(", "))
}

fn more(out: &mut dyn Write, all: usize, hint: &str) -> std::io::Result<()> {
    match all.checked_sub(NAMED).filter(|n| *n > 0) {
        Some(n) => writeln!(out, "  … and {n} more{hint}"),
        None => Ok(()),
    }
}
