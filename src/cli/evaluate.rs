//! `diarium evaluate GOLD`: precision, recall and F1 of every field against what people read; what the evidence and the
//! confidence are worth; what was missed.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::ValueEnum;
use serde_json::{Value, json};

use super::args::Ocr;
use super::config::Config;
use super::term::{Style, plain};
use super::{Outcome, UsageError};
use crate::evaluate::baseline::Baseline;
use crate::evaluate::tables::{self, Style as As};
use crate::evaluate::tally::{BANDS, Count};
use crate::evaluate::{self, Documents, Evaluation, Judgement, gold};
use crate::ingest;

/// What `evaluate` takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folders with labels (*.json), or such files; tests/gold/README.md has their form
    #[arg(required = true, value_name = "GOLD")]
    pub gold: Vec<PathBuf>,
    /// Read the documents from this folder instead of the index; may be repeated
    #[arg(long, value_name = "DIR")]
    pub documents: Vec<PathBuf>,
    /// Only labels of this set
    #[arg(long, value_name = "NAME")]
    pub set: Option<String>,
    /// Also a table by kind of document or by body
    #[arg(long, value_enum, value_name = "WHAT")]
    pub by: Option<By>,
    /// Also what was missed or wrong, with document, field and page
    #[arg(long)]
    pub misses: bool,
    /// Also every rule: how many values it read, how sure it was, how many are right
    #[arg(long)]
    pub rules: bool,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// Print Markdown tables
    #[arg(long, conflicts_with = "json")]
    pub markdown: bool,
    /// Fail if a field falls below what this file has for the set by more than noise
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// The name of the set in the baseline
    #[arg(long, value_name = "NAME", requires = "baseline", default_value = "all")]
    pub name: String,
    /// Write the scores into the baseline instead
    #[arg(long, requires = "baseline")]
    pub keep: bool,
    /// Write what was measured of each rule into this file (src/lexicon/data/confidence.json, or one of a folder for --lexicon)
    #[arg(long, value_name = "FILE")]
    pub calibrate: Option<PathBuf>,
    /// When to read page images with OCR (with --documents)
    #[arg(long, value_enum, default_value_t = Ocr::Auto, value_name = "WHEN", requires = "documents")]
    pub ocr: Ocr,
}

/// What documents are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum By {
    /// Kind, as labelled.
    Kind,
    /// Body, as labelled, else as read.
    Body,
}

/// Evaluates and prints.
///
/// # Errors
/// If labels are not in the form, no labelled document is there, or a field fell below the baseline.
pub fn run(args: &Args, config: &Config) -> anyhow::Result<Outcome> {
    let mut labels = gold::load(&args.gold)?;
    if let Some(set) = &args.set {
        let sets: Vec<String> = labels.iter().filter_map(|l| l.set.clone()).collect();
        labels.retain(|l| l.set.as_ref() == Some(set));
        if labels.is_empty() {
            let known: std::collections::BTreeSet<String> = sets.into_iter().collect();
            let known: Vec<String> = known.into_iter().collect();
            return Err(UsageError(format!("--set {set}: no label is of it; there are: {}", known.join(", "))).into());
        }
    }
    let documents = if args.documents.is_empty() {
        Documents::of_catalog(&config.index, &labels)
            .context("labels are held against the index; --documents DIR reads the documents themselves")?
    } else {
        args.ocr.check()?;
        let options = ingest::Options { ocr: args.ocr.into(), ..ingest::Options::default() };
        Documents::of_folders(&args.documents, &labels, &config.lexicon()?, &options)?
    };
    let evaluation = evaluate::evaluate(&labels, &documents);
    for (file, why) in &documents.unreadable {
        config.term.note(&format!("{}: {}", file.display(), plain(why)));
    }
    for (file, wanted) in &evaluation.missing {
        config.term.note(&format!("{file}: not evaluated: {wanted} is not there"));
    }
    if evaluation.documents.is_empty() {
        anyhow::bail!(
            "none of {} labelled documents is {}; ingest them, or give their folder with --documents",
            labels.len(),
            if args.documents.is_empty() { "in the index" } else { "in the folders" },
        );
    }
    print(args, config, &evaluation)?;
    if let Some(path) = &args.calibrate {
        let text = evaluation.measured_text();
        std::fs::write(path, text).with_context(|| format!("{}: cannot be written", path.display()))?;
    }
    if let Some(path) = &args.baseline {
        held(args, path, &evaluation)?;
    }
    Ok(if evaluation.missing.is_empty() { Outcome::Done } else { Outcome::SomeFailed })
}

fn print(args: &Args, config: &Config, evaluation: &Evaluation) -> anyhow::Result<()> {
    let mut out = config.term.out();
    if args.json {
        serde_json::to_writer(&mut out, &as_json(args, evaluation))?;
        writeln!(out)?;
        return Ok(out.flush()?);
    }
    let style = if args.markdown { As::Markdown } else { As::Plain };
    let heading = |s: &str| if args.markdown { format!("**{s}**\n") } else { config.term.paint(Style::Bold, s) };
    let documents = evaluation.documents.len();
    writeln!(out, "{}", heading(&format!("{documents} documents, {} values", evaluation.total().wanted)))?;
    write!(out, "{}", tables::fields(&evaluation.rows(|_| true), evaluation.total(), style))?;
    if let Some(by) = args.by {
        let name = by.to_possible_value().map(|v| v.get_name().to_string()).unwrap_or_default();
        writeln!(out, "\n{}", heading(&format!("by {name}")))?;
        write!(out, "{}", tables::groups(&name, &groups(by, evaluation), style))?;
    }
    writeln!(out, "\n{}", heading("evidence"))?;
    write!(out, "{}", tables::evidence(evaluation, style))?;
    for (fault, n) in &evaluation.proof.faults {
        writeln!(out, "{}{fault} ({n})", if args.markdown { "\n- " } else { "  " })?;
    }
    writeln!(out, "\n{}", heading("confidence"))?;
    write!(out, "{}", tables::calibration(evaluation, style))?;
    if args.rules {
        writeln!(out, "\n{}", heading("rules"))?;
        write!(out, "{}", tables::rules(evaluation, style))?;
    }
    if args.misses {
        writeln!(out, "\n{}", heading("misses"))?;
        for m in evaluation.misses() {
            let page = m.page.map(|p| format!(" p. {p}")).unwrap_or_default();
            let what = match (m.want, m.got) {
                (Some(want), Some(got)) if m.near => format!("near: \"{}\" for \"{}\"", plain(got), plain(want)),
                (Some(want), Some(got)) => format!("wrong: \"{}\" for \"{}\"", plain(got), plain(want)),
                (Some(want), None) => format!("missed: \"{}\"", plain(want)),
                (None, got) => format!("invented: \"{}\"", plain(got.unwrap_or_default())),
            };
            let rule = m.rule.map(|r| format!(" [{r}]")).unwrap_or_default();
            let mark = if args.markdown { "- " } else { "" };
            writeln!(out, "{mark}{}{page}: {}: {what}{rule}", plain(m.document), m.field)?;
        }
    }
    Ok(out.flush()?)
}

/// Documents and counts of each group, in order of their names.
fn groups(by: By, evaluation: &Evaluation) -> Vec<(String, usize, Count)> {
    let name = |i: usize| {
        let d = evaluation.documents.get(i)?;
        Some(match by {
            By::Kind => d.kind.clone(),
            By::Body => d.body.clone(),
        })
    };
    let mut groups: BTreeMap<String, (usize, Count)> = BTreeMap::new();
    for name in (0..evaluation.documents.len()).filter_map(name) {
        groups.entry(name).or_default().0 += 1;
    }
    for j in &evaluation.judgements {
        if let Some((_, count)) = name(j.document).and_then(|n| groups.get_mut(&n)) {
            count.add(j);
        }
    }
    groups.into_iter().map(|(name, (n, count))| (name, n, count)).collect()
}

fn as_json(args: &Args, e: &Evaluation) -> Value {
    let row = |c: Count| {
        let s = c.strict();
        json!({"precision": s.precision, "recall": s.recall, "f1": s.f1, "support": c.wanted, "found": c.found, "lenient": c.lenient()})
    };
    let table = |keep: &dyn Fn(&Judgement) -> bool| -> Value {
        e.rows(keep).into_iter().map(|(field, c)| (field, row(c))).collect::<serde_json::Map<_, _>>().into()
    };
    let (searched, held) = e.held();
    let (told, placed) = e.placed();
    let bands = BANDS.iter().zip(e.calibration());
    let bands: Vec<Value> = bands
        .map(|(lower, t)| json!({"from": lower, "values": t.values, "mean": t.mean(), "right": t.share()}))
        .collect();
    let mut out = json!({
        "documents": e.documents,
        "fields": table(&|_| true),
        "all": row(e.total()),
        "evidence": {"counts": e.proof, "quotes_searched": searched, "quotes_that_show_the_value": held, "places_told": told, "places_right": placed},
        "calibration": bands,
        "not_found": e.missing.iter().map(|(file, wanted)| json!({"label": file, "wanted": wanted})).collect::<Vec<_>>(),
    });
    let Some(object) = out.as_object_mut() else { return out };
    if let Some(by) = args.by {
        let groups = groups(by, e).into_iter();
        let groups = groups.map(|(name, n, c)| json!({"name": name, "documents": n, "scores": row(c)}));
        object.insert("by".into(), groups.collect());
    }
    if args.rules {
        let rules = e.rules().into_iter();
        let rules =
            rules.map(|(rule, t)| json!({"rule": rule, "values": t.values, "mean": t.mean(), "right": t.share()}));
        object.insert("rules".into(), rules.collect());
    }
    if args.misses {
        object.insert("misses".into(), json!(e.misses()));
    }
    out
}

/// Holds the scores against the baseline, or writes them into it.
fn held(args: &Args, path: &PathBuf, evaluation: &Evaluation) -> anyhow::Result<()> {
    let form = || format!("{}: is no baseline; --keep writes one", path.display());
    let baseline = match std::fs::read_to_string(path) {
        Ok(text) => Some(serde_json::from_str::<Baseline>(&text).with_context(form)?),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound && args.keep => None,
        Err(e) => return Err(e).with_context(|| format!("{}: the baseline cannot be read", path.display())),
    };
    let mut baseline = baseline.unwrap_or_default();
    if args.keep {
        baseline.keep(&args.name, evaluation);
        let text = baseline.to_text();
        return std::fs::write(path, text).with_context(|| format!("{}: cannot be written", path.display()));
    }
    let falls = baseline.falls(&args.name, evaluation);
    anyhow::ensure!(falls.is_empty(), "{}: accuracy fell by more than noise:\n{}", path.display(), falls.join("\n"));
    Ok(())
}
