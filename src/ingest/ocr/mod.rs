//! Reads pages that are pictures: draws them, has tesseract read them, and gives its words places on the page.
//!
//! The words come out as [`RawWord`](super::pdf::RawWord)s, so layout treats them like printed ones. tesseract is a program
//! of its own, found on the machine or not; without it, pages without letters are reported as such, with what to install.

#![cfg_attr(not(feature = "ocr"), allow(dead_code, reason = "nothing is read without the renderer"))]

mod direction;
mod engine;
mod repair;
mod tsv;
mod words;

use std::time::{Duration, Instant};

pub use engine::{Engine, NoEngine};

use super::Problem;
use super::draw::{Drawer, Picture};
use super::pdf::{RawDocument, RawPage};
use super::turn::Turn;
use crate::base::Note;

/// When page images are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ocr {
    /// No page.
    #[default]
    Never,
    /// Pages that show something but have no letters, or letters that make no words, if an engine is there.
    Auto,
    /// Every page; what is read replaces the file's own text.
    Force,
}

/// Longest time for reading one page, turned pictures of it included.
const READ_TIME: Duration = Duration::from_secs(60);
/// Under this confidence (0 to 100) a word is doubtful.
const DOUBTFUL: f32 = 60.0;
/// Under this mean confidence a page is doubtful as a whole.
const DOUBTFUL_PAGE: f32 = 75.0;
/// Most doubtful words named in one note.
const NAMED: usize = 12;

/// Reads the pages that `mode` asks for, in place.
///
/// # Errors
/// If every page must be read and no engine is there.
pub fn apply(bytes: &[u8], document: &mut RawDocument, mode: Ocr) -> Result<(), Problem> {
    let wanted = |page: &RawPage| match mode {
        Ocr::Never => false,
        Ocr::Auto => page.has_contents && (page.words.is_empty() || page.unreliable),
        Ocr::Force => page.has_contents,
    };
    let numbers: Vec<u32> = document.pages.iter().filter(|p| wanted(p)).map(|p| p.number).collect();
    if numbers.is_empty() {
        return Ok(());
    }
    match Engine::find() {
        Ok(engine) => read_pages(&engine, bytes, document, &numbers),
        Err(missing) if mode == Ocr::Force => return Err(Problem::NoOcr { detail: missing.to_string() }),
        Err(missing) => document.notes.push(Note::warning(
            "ocr_missing",
            format!(
                "{} shown without letters, or with letters that make no words, and not read by OCR: {missing}.",
                pages_are(&numbers)
            ),
        )),
    }
    Ok(())
}

/// Reads some pages. A page that cannot be read keeps what it has, with a note.
fn read_pages(engine: &Engine, bytes: &[u8], document: &mut RawDocument, numbers: &[u32]) {
    let mut drawer = None;
    let mut untagged = true;
    for page in &mut document.pages {
        if !numbers.contains(&page.number) {
            untagged &= page.words.is_empty();
            continue;
        }
        let number = page.number;
        // A page that broke our own bounds is not given to a renderer that has none.
        if let Some(note) = page.notes.iter().find(|n| n.code.starts_with("limit_")) {
            let why = format!("Page {number} was not read by OCR, since drawing it may never end ({}).", note.code);
            page.notes.push(Note::warning("ocr_failed", why));
            continue;
        }
        let drawn = drawer.get_or_insert_with(|| Drawer::open(bytes)).grey(number, page.size);
        let read = drawn.and_then(|picture| {
            if picture.is_blank() {
                return Ok(None);
            }
            read_picture(&picture, page.size, READ_TIME, |picture, time| engine.read(picture, time)).map(Some)
        });
        match read {
            Ok(Some(read)) if !read.words.is_empty() => {
                page.notes.push(report(number, engine, &read));
                page.words = read.words;
                page.ocr = true;
                page.unreliable = false;
            }
            Ok(_) => page.notes.push(Note::info("ocr_empty", format!("Page {number}: OCR found no letters."))),
            Err(why) => {
                page.notes.push(Note::warning("ocr_failed", format!("Page {number} was not read by OCR: {why}.")));
            }
        }
        untagged &= page.ocr || page.words.is_empty();
    }
    document.tagged &= !untagged;
}

/// Has a page's picture read, within a time. One that makes no sense as it lies is turned: the engine can tell a page on its
/// side from one that stands on its head only with data that not every machine has, and only with enough letters.
///
/// # Errors
/// If the engine fails with the picture as it is.
fn read_picture(
    picture: &Picture,
    size: (f32, f32),
    time: Duration,
    engine: impl Fn(&Picture, Duration) -> Result<String, String>,
) -> Result<words::Read, String> {
    let end = Instant::now() + time;
    let pixels = (picture.width as f32, picture.height as f32);
    let mut best = words::place(tsv::parse(&engine(picture, time)?), pixels, size);
    for degrees in [180, 90, 270] {
        if best.confidence >= DOUBTFUL {
            break;
        }
        let Some(left) = end.checked_duration_since(Instant::now()) else { break };
        let turn = Turn::clockwise(degrees, size);
        // What cannot be read turned may be right as it is.
        let Ok(table) = engine(&picture.turned(degrees), left) else { break };
        let mut read = words::place(tsv::parse(&table), Turn::clockwise(degrees, pixels).size(), turn.size());
        if read.confidence > best.confidence.max(DOUBTFUL) {
            read.words.iter_mut().for_each(|word| turn.back().word(word));
            best = read;
        }
    }
    Ok(best)
}

/// What is to be known of a page read by OCR.
fn report(number: u32, engine: &Engine, read: &words::Read) -> Note {
    let mut message = format!(
        "Page {number} was read by OCR ({engine}): {} words, mean confidence {:.0} %",
        read.words.len(),
        read.confidence
    );
    if !read.doubtful.is_empty() {
        message.push_str(&format!("; {} doubtful: ", read.doubtful.len()));
        message.push_str(&read.doubtful.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(" "));
        if read.doubtful.len() > NAMED {
            message.push_str(" …");
        }
    }
    message.push('.');
    if read.confidence < DOUBTFUL_PAGE {
        Note::warning("ocr_uncertain", message)
    } else {
        Note::info("ocr_page", message)
    }
}

/// What to try with a file that has no letters: what OCR says of it, if it was asked.
pub fn advice(document: &RawDocument) -> String {
    let mut notes = document.notes.iter().chain(document.pages.iter().flat_map(|p| &p.notes));
    match notes.find(|n| n.code.starts_with("ocr_")) {
        Some(note) => {
            let mut letters = note.message.trim_end_matches('.').chars();
            letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
        }
        None => "read it with `--ocr auto`, or run it through an OCR program first".to_string(),
    }
}

/// "Page 3 is", "Pages 1, 2 and 4 are"; many are counted.
fn pages_are(numbers: &[u32]) -> String {
    match numbers {
        [one] => format!("Page {one} is"),
        many if many.len() > 20 => format!("{} pages are", many.len()),
        [most @ .., last] => {
            let most: Vec<String> = most.iter().map(u32::to_string).collect();
            format!("Pages {} and {last} are", most.join(", "))
        }
        [] => "No page is".to_string(),
    }
}

#[cfg(test)]
mod tests;
