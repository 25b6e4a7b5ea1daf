//! `diarium inspect FILE`: what is read from one file and why, without an index. The first tool for any doubt.

use std::io::Write;
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail};

use super::args::Ocr;
use super::config::Config;
use super::term::{Style, plain};
use super::{Outcome, UsageError, fields};
use crate::catalog::StoredDocument;
use crate::export::wire;
use crate::ingest::document::Page;
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
    /// Where to write the picture of --layout: the page itself with marks over it (.png), or words and marks only (.svg)
    #[arg(long, short, value_name = "FILE.png|svg", requires = "layout")]
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
    // The program ends with the command: taking apart what it holds would only cost time.
    let lex = ManuallyDrop::new(config.lexicon()?);
    let options = ingest::Options { ocr: args.ocr.into(), ..ingest::Options::default() };
    let failed = |problem| IngestError { path: args.file.clone(), problem };
    let mut out = config.term.out();
    if args.text || args.pages || args.layout {
        // What shows the text alone needs no record, and is many times faster without.
        let mut read = ManuallyDrop::new(pipeline::read_documents(&args.file, &lex, &options).map_err(failed)?);
        let corrections = config.corrections()?;
        for doc in read.iter_mut() {
            corrections.mask(doc);
        }
        if let (true, Some(output)) = (args.layout, &args.output) {
            return draw(args, output, &read);
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
    let corrections = config.corrections()?;
    for (i, (mut doc, mut record)) in read.into_iter().enumerate() {
        if corrections.mask(&mut doc) {
            record = crate::parse::parse(&doc, &lex);
        }
        corrections.apply(&name, &doc, &mut record);
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
fn draw(args: &Args, output: &Path, read: &[Document]) -> anyhow::Result<Outcome> {
    let file = args.file.display();
    let extension = output.extension().unwrap_or_default().to_ascii_lowercase();
    if extension != "png" && extension != "svg" {
        return Err(UsageError(format!(
            "{}: --layout writes PNG and SVG; name the file .png or .svg",
            output.display()
        ))
        .into());
    }
    let pages: Vec<(&Document, &Page)> =
        read.iter().flat_map(|doc| doc.pages.iter().map(move |page| (doc, page))).collect();
    if pages.iter().all(|(_, page)| page.size.is_none()) {
        bail!("{file}: is a text file, which has no layout to draw; --text and --pages show what was read");
    }
    let Some((doc, _)) = pages.iter().find(|(_, page)| page.number == args.page) else {
        let last = pages.iter().map(|(_, page)| page.number).max().unwrap_or(0);
        return Err(UsageError(format!("{file}: has {last} page(s), so there is no page {}", args.page)).into());
    };
    let picture = if extension == "svg" {
        render::page_svg(doc, args.page).map(String::into_bytes)
    } else {
        let bytes = std::fs::read(&args.file).with_context(|| format!("{file}: cannot be read"))?;
        if blake3::hash(&bytes).to_hex().as_str() != doc.origin.blake3 {
            bail!("{file}: changed while it was read; run again when nothing writes to it");
        }
        let drawn = render::page_png(doc, &bytes, args.page).transpose();
        drawn.map_err(|why| anyhow!("{file}: page {} cannot be drawn as PNG: {why}; try .svg", args.page))?
    };
    let picture = picture.with_context(|| format!("{file}: page {} has no size", args.page))?;
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
