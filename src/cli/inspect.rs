//! `diarium inspect FILE`: what is read from one file and why, without an index. The first tool for any doubt.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::args::Ocr;
use super::config::Config;
use super::term::{Style, plain};
use super::{Outcome, UsageError, fields};
use crate::catalog::StoredDocument;
use crate::export::wire;
use crate::ingest::{self, Document, IngestError, render};
use crate::parse::record::MadeWith;
use crate::pipeline;

/// What `inspect` takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The file to read
    pub file: PathBuf,
    /// Print the document's text: the coordinate system of all offsets
    #[arg(long, group = "what")]
    pub text: bool,
    /// Print everything on each page in reading order as laid out, heads and feet included, a form feed between pages
    #[arg(long, group = "what")]
    pub pages: bool,
    /// Print the record as JSON, one line for each document in the file
    #[arg(long, group = "what")]
    pub json: bool,
    /// Draw what was understood of a page: blocks in their order, lines, tables, running heads
    #[arg(long, group = "what", requires = "output")]
    pub layout: bool,
    /// Where to write the picture of --layout (SVG)
    #[arg(long, short, value_name = "FILE.svg", requires = "layout")]
    pub output: Option<PathBuf>,
    /// Which page --layout draws, counted from 1
    #[arg(long, value_name = "N", default_value_t = 1, requires = "layout")]
    pub page: u32,
    /// When to read page images with OCR
    #[arg(long, value_enum, default_value_t = Ocr::Auto, value_name = "WHEN")]
    pub ocr: Ocr,
}

/// Reads the file and prints what was asked for.
///
/// # Errors
/// If the file cannot be read.
pub fn run(args: &Args, config: &Config) -> anyhow::Result<Outcome> {
    args.ocr.check()?;
    let lex = config.lexicon()?;
    let options = ingest::Options { ocr: args.ocr.into(), ..ingest::Options::default() };
    let failed = |problem| IngestError { path: args.file.clone(), problem };
    let mut out = config.term.out();
    if args.text || args.pages || args.layout {
        // What shows the text alone needs no record, and is many times faster without.
        let read = pipeline::read_documents(&args.file, &lex, &options).map_err(failed)?;
        if let (true, Some(output)) = (args.layout, &args.output) {
            return draw(args, output, read.iter());
        }
        for (i, doc) in read.iter().enumerate() {
            if args.text {
                let between = if i > 0 { "\x0c\n" } else { "" };
                writeln!(out, "{between}{}", doc.text)?;
            } else {
                let between = if i > 0 { "\x0c" } else { "" };
                write!(out, "{between}{}", render::pages_text(doc))?;
            }
        }
        out.flush().context("stdout")?;
        return Ok(Outcome::Done);
    }
    let made_with = MadeWith { extractor: ingest::version(args.ocr.into()), ..config.made_with(&lex)? };
    let read = pipeline::read_file(&args.file, &lex, &options).map_err(failed)?;
    let name = args.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let parts = read.len();
    for (i, (doc, record)) in read.into_iter().enumerate() {
        let stored = StoredDocument::new(name.clone(), &doc, record, made_with.clone());
        if args.json {
            wire::write_line(&stored, &mut out)?;
            continue;
        }
        if i > 0 {
            writeln!(out)?;
        }
        head(&mut out, config, &stored, &doc, parts)?;
        fields::write(&mut out, &config.term, &serde_json::to_value(&stored.record)?, true)?;
    }
    out.flush().context("stdout")?;
    Ok(Outcome::Done)
}

/// Writes the picture of one page.
fn draw<'a>(args: &Args, output: &Path, mut docs: impl Iterator<Item = &'a Document>) -> anyhow::Result<Outcome> {
    if !output.extension().is_some_and(|e| e.eq_ignore_ascii_case("svg")) {
        return Err(UsageError(format!("{}: --layout writes SVG; name the file .svg", output.display())).into());
    }
    let picture = docs.find_map(|doc| render::page_svg(doc, args.page)).with_context(|| {
        format!("{}: page {} has no layout to draw (no such page, or a text file)", args.file.display(), args.page)
    })?;
    std::fs::write(output, picture).with_context(|| format!("{}: cannot be written", output.display()))?;
    Ok(Outcome::Done)
}

/// Says what file it is and how much was read.
fn head(
    out: &mut dyn Write,
    config: &Config,
    stored: &StoredDocument,
    doc: &Document,
    parts: usize,
) -> anyhow::Result<()> {
    let origin = &stored.origin;
    let bold = |s: &str| config.term.paint(Style::Bold, &plain(s));
    writeln!(out, "{}", bold(&stored.path))?;
    let mut facts = vec![origin.media_type.clone()];
    facts.extend(origin.encoding.clone());
    facts.push(format!("{} bytes", origin.bytes));
    facts.push(format!("{} page(s)", origin.file_pages));
    facts.push(format!("{} bytes of text, {} of them body", doc.text.len(), doc.body_end));
    facts.extend(origin.producer.clone());
    writeln!(out, "{}", plain(&facts.join(" · ")))?;
    if let Some(part) = origin.part {
        writeln!(out, "part {} of {parts}, pages {}–{}", part.index, part.first_page, part.last_page)?;
    }
    if !stored.textless_pages.is_empty() {
        writeln!(out, "pages without letters: {:?}", stored.textless_pages)?;
    }
    writeln!(out, "id: {}\n", stored.id)?;
    Ok(())
}
