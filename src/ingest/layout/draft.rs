//! Defines `Draft`: a block of printed lines before it has a place in the text.

use std::rc::Rc;

use crate::base::Rect;
use crate::ingest::document::{BlockKind, Zone};

/// How a line connects to the one before it in its block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    /// The sentence runs on: a space, or a hyphen resolved.
    Join,
    /// The break stays.
    Break,
    /// The next cell of a row.
    Tab,
}

/// One word as printed.
#[derive(Clone, Debug, PartialEq)]
pub struct DraftWord {
    /// Its letters, normalised.
    pub text: String,
    /// Its box.
    pub rect: Rect,
    /// Whether a space stands before it (a word may follow another of a different font without one; the first of a line may
    /// be the rest of one broken without a hyphen).
    pub spaced: bool,
}

/// One printed line, or the part of it in one cell.
#[derive(Clone, Debug, PartialEq)]
pub struct DraftLine {
    /// How it connects to the line before.
    pub before: Before,
    /// Page in the file, from 1.
    pub page: u32,
    /// Its text, normalised; for a PDF the words below with single spaces.
    pub text: String,
    /// Its words with their boxes, shared with where they come from; empty for a text file.
    pub words: Rc<Vec<DraftWord>>,
    /// Its box; none in a text file.
    pub rect: Option<Rect>,
    /// Size of its letters in points; 0 in a text file.
    pub size: f32,
    /// Whether most of it is bold.
    pub bold: bool,
}

impl DraftLine {
    /// A line without a place on its page.
    pub fn plain(text: impl Into<String>, page: u32, before: Before) -> Self {
        DraftLine { before, page, text: text.into(), words: Rc::default(), rect: None, size: 0.0, bold: false }
    }
}

/// A block of lines that belong together.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// What it is.
    pub kind: BlockKind,
    /// Which part of the page it belongs to.
    pub zone: Zone,
    /// Its lines in reading order; a table's are its cells' lines, row by row.
    pub lines: Vec<DraftLine>,
    /// For a table: the number of leading rows that are a header.
    pub header_rows: u8,
}

impl Draft {
    /// A block of the body.
    pub fn body(kind: BlockKind, lines: Vec<DraftLine>) -> Self {
        Draft { kind, zone: Zone::Body, lines, header_rows: 0 }
    }

    /// The page it begins on; 1 if it has no lines.
    pub fn page(&self) -> u32 {
        self.lines.first().map_or(1, |l| l.page)
    }

    /// The page it ends on; 1 if it has no lines.
    pub fn last_page(&self) -> u32 {
        self.lines.last().map_or(1, |l| l.page)
    }

    /// Its text with every line break a space: for looking at, not for keeping.
    pub fn glance(&self) -> String {
        self.lines.iter().map(|l| l.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// Makes the break before every line but the first stay.
    pub fn keep_breaks(mut self) -> Self {
        for line in &mut self.lines {
            line.before = Before::Break;
        }
        self
    }
}
