//! Understands a PDF's pages: words become lines, lines become blocks in reading order, page furniture is set apart,
//! and blocks that run on over columns and pages are joined.
//!
//! Content order inside a block, geometry between blocks: what a program writes in one go is nearly always in order;
//! what it places beside it is not. All measures are in points or in ems (the size of the letters).

mod blocks;
mod figure;
mod formula;
mod frag;
mod front;
mod furniture;
mod grid;
mod gutters;
mod join;
mod quality;
mod regions;
mod spread;

use std::collections::BTreeMap;

use frag::Sheet;

use super::draft::Draft;
use super::flow::Flow;
use super::labels::Labels;
use super::lists::marked_rows;
use super::{Assembled, PageInfo, assemble};
use crate::base::{DocId, Note};
use crate::ingest::document::{Document, Origin, PageText};
use crate::ingest::error::Problem;
use crate::ingest::ocr;
use crate::ingest::pdf::page::{RawDocument, RawPage};
use crate::ingest::turn::{self, Turn};
use crate::lexicon::Lexicon;

/// Makes a document of what a PDF shows; the hash of its bytes is computed if it is not given.
///
/// # Errors
/// If no page has letters.
pub fn document(
    raw: RawDocument,
    bytes: &[u8],
    hash: Option<blake3::Hash>,
    lex: &Lexicon,
) -> Result<Document, Problem> {
    if raw.pages.iter().all(|p| p.words.is_empty()) {
        return Err(Problem::NoText { pages: raw.pages.len() as u32, advice: ocr::advice(&raw) });
    }
    let labels = Labels::new(lex);
    let flow = Flow::new(lex, &labels);
    let mut notes: Vec<Note> = raw.notes;
    let mut infos = Vec::with_capacity(raw.pages.len());
    let mut sheets: Vec<Sheet> = Vec::with_capacity(raw.pages.len());
    let mut turns: BTreeMap<u32, Turn> = BTreeMap::new();
    for mut page in raw.pages {
        notes.append(&mut page.notes);
        infos.push(PageInfo { number: page.number, size: Some(page.size), text: kind_of_text(&page) });
        if kind_of_text(&page) == PageText::Textless {
            let message =
                format!("page {} has contents but no letters; its text is missing here, OCR may find it", page.number);
            notes.push(Note::warning("textless_page", message));
        }
        // A page whose text runs up, down or upside down is understood upright.
        let angle = turn::main_angle(&page.words);
        if angle != 0 {
            let turn = Turn::clockwise(angle, page.size);
            turn.page(&mut page);
            turns.insert(page.number, turn.back());
        }
        match spread::middle(&page) {
            Some(at) => {
                let [left, right] = spread::part(page, at);
                sheets.push(Sheet::new(left));
                sheets.push(Sheet::new(right).moved(-at));
            }
            None => sheets.push(Sheet::new(page)),
        }
    }
    let style = blocks::Style::of(&sheets);
    let firsts: Vec<bool> = sheets.iter().map(|s| front::is_first_page(s, &labels)).collect();
    for (sheet, _) in sheets.iter_mut().zip(&firsts).filter(|(_, first)| **first) {
        front::mark_side(sheet, &labels, &style);
    }
    furniture::mark(&mut sheets, &labels, &style);
    let mut drafts: Vec<Draft> = Vec::new();
    for (sheet, first) in sheets.iter_mut().zip(firsts) {
        if first {
            front::mark(sheet, &labels, &style);
        }
        drafts.extend(blocks::furniture_blocks(sheet, &flow));
        drafts.extend(blocks::body_blocks(sheet, &flow, &labels, &style));
    }
    let mut drafts = marked_rows(join::tables(flow.join_interrupted(drafts, blocks::ends_full)));
    blocks::level_headings(&mut drafts, &style, &labels);
    let mut assembled = assemble(drafts, &infos, lex);
    turn_back(&mut assembled, &turns);
    notes.extend(quality::notes(&assembled.pages, &assembled.text));
    notes.extend(assembled.notes);
    let hash = hash.unwrap_or_else(|| blake3::hash(bytes));
    Ok(Document {
        id: DocId::of_file(&hash),
        origin: Origin {
            blake3: hash.to_hex().to_string(),
            bytes: bytes.len() as u64,
            media_type: "application/pdf".to_string(),
            encoding: None,
            producer: raw.info.producer,
            title: raw.info.title,
            created: raw.info.created,
            modified: raw.info.modified,
            file_pages: infos.len() as u32,
            part: None,
        },
        text: assembled.text,
        body_end: assembled.body_end,
        pages: assembled.pages,
        blocks: assembled.blocks,
        lines: assembled.lines,
        words: assembled.words,
        notes,
    })
}

/// Puts what was read of turned pages where it stands on them.
fn turn_back(assembled: &mut Assembled, turns: &BTreeMap<u32, Turn>) {
    let lines = assembled.lines.iter_mut().filter_map(|l| Some((l.page, l.rect.as_mut()?)));
    for (page, rect) in lines.chain(assembled.words.iter_mut().map(|w| (w.page, &mut w.rect))) {
        if let Some(turn) = turns.get(&page) {
            *rect = turn.rect(*rect);
        }
    }
}

fn kind_of_text(page: &RawPage) -> PageText {
    if page.ocr {
        PageText::Ocr
    } else if page.unreliable {
        PageText::Unreliable
    } else if !page.words.is_empty() {
        PageText::Own
    } else if page.has_contents {
        PageText::Textless
    } else {
        PageText::Blank
    }
}
