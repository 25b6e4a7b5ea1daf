//! Makes a document's text of drafts: joins lines, resolves hyphens, puts page furniture after the body, and hangs
//! pages, blocks, lines and words on byte ranges. The one place that knows the shape of `Document.text`.

use super::draft::{Before, Draft, DraftLine};
use super::hyphen::{Hyphens, Seam};
use super::mask_personal_ids;
use crate::base::{Note, Span};
use crate::ingest::document::{Block, BlockKind, Line, Page, PageText, Word, Zone};
use crate::lexicon::Lexicon;

/// What is known of a page besides its text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PageInfo {
    /// Number in the file, from 1.
    pub number: u32,
    /// Width and height in points; none for a text file.
    pub size: Option<(f32, f32)>,
    /// Where its text came from.
    pub text: PageText,
}

/// The parts of a `Document` that hang on its text.
#[derive(Clone, Debug, Default)]
pub struct Assembled {
    /// The one coordinate system.
    pub text: String,
    /// Where the body ends and page furniture begins.
    pub body_end: u32,
    /// The pages, in order.
    pub pages: Vec<Page>,
    /// The blocks, in order of their spans.
    pub blocks: Vec<Block>,
    /// The printed lines, in order of their spans.
    pub lines: Vec<Line>,
    /// The printed words, in order of their spans.
    pub words: Vec<Word>,
    /// What was odd.
    pub notes: Vec<Note>,
}

/// Assembles drafts in reading order; furniture keeps its order within its page. Empty lines and blocks are dropped, but an empty cell keeps its place in its row.
pub fn assemble(drafts: Vec<Draft>, pages: &[PageInfo], lex: &Lexicon) -> Assembled {
    let hyphens = Hyphens::new(lex);
    let (body, mut furniture): (Vec<Draft>, Vec<Draft>) = drafts.into_iter().partition(|d| d.zone == Zone::Body);
    furniture.sort_by_key(Draft::page);
    let lines = || body.iter().chain(&furniture).flat_map(|d| &d.lines);
    let mut out = Assembled {
        text: String::with_capacity(lines().map(|l| l.text.len() + 2).sum()),
        blocks: Vec::with_capacity(body.len() + furniture.len()),
        lines: Vec::with_capacity(lines().count()),
        words: Vec::with_capacity(lines().map(|l| l.words.len()).sum()),
        ..Assembled::default()
    };
    let mut w = Writer { out: &mut out, hyphens: &hyphens, previous: None };
    body.iter().for_each(|d| w.block(d));
    w.out.body_end = w.out.text.len() as u32;
    furniture.iter().for_each(|d| w.block(d));
    out.notes = mask_personal_ids(&mut out.text);
    out.pages =
        pages.iter().map(|p| Page { number: p.number, size: p.size, ranges: Vec::new(), text: p.text }).collect();
    let body_end = out.body_end;
    // A range of a page ends where a line of another page stands, and at the end of the body.
    let mut last: Option<(u32, Span)> = None;
    let mut done: Vec<(u32, Span)> = Vec::new();
    for line in &out.lines {
        match &mut last {
            Some((page, span)) if *page == line.page && (line.span.start < body_end) == (span.start < body_end) => {
                *span = span.join(line.span);
            }
            _ => done.extend(last.replace((line.page, line.span))),
        }
    }
    done.extend(last);
    for (number, span) in done {
        if let Ok(i) = out.pages.binary_search_by_key(&number, |p| p.number)
            && let Some(page) = out.pages.get_mut(i)
        {
            page.ranges.push(span);
        }
    }
    out
}

struct Writer<'a> {
    out: &'a mut Assembled,
    hyphens: &'a Hyphens<'a>,
    previous: Option<(BlockKind, Zone)>,
}

impl Writer<'_> {
    fn block(&mut self, draft: &Draft) {
        if draft.lines.iter().all(|l| l.text.is_empty()) {
            return;
        }
        let in_list = draft.kind == BlockKind::ListItem && self.previous == Some((BlockKind::ListItem, draft.zone));
        if !self.out.text.is_empty() {
            self.out.text.push_str(if in_list { "\n" } else { "\n\n" });
        }
        self.previous = Some((draft.kind, draft.zone));
        let start = self.out.text.len();
        let first_line = self.out.lines.len();
        let table = draft.kind == BlockKind::Table;
        for line in draft.lines.iter().filter(|l| table || !l.text.is_empty()) {
            self.line(line, draft.kind, start);
        }
        self.drop_soft_hyphen();
        // A table may begin or end with empty cells; its span has the text alone.
        let whole = Span::new(start, self.out.text.len());
        let span = if table { whole } else { whole.trim(&self.out.text) };
        let page = self.out.lines.get(first_line).map_or(draft.page(), |l| l.page);
        self.out.blocks.push(Block { kind: draft.kind, zone: draft.zone, span, page, header_rows: draft.header_rows });
    }

    fn line(&mut self, line: &DraftLine, kind: BlockKind, block_start: usize) {
        let at_start = self.out.text.len() == block_start;
        let prose = !matches!(kind, BlockKind::Lines | BlockKind::Table);
        let before = match line.before {
            Before::Break if kind == BlockKind::Lines && self.hyphen_runs_on(block_start, line) => Before::Join,
            before => before,
        };
        if before != Before::Join {
            self.drop_soft_hyphen();
        }
        match before {
            Before::Tab => self.out.text.push('\t'),
            _ if at_start || line.text.is_empty() && before == Before::Join => {}
            Before::Break => self.out.text.push('\n'),
            Before::Join => {
                let tail = line_tail(&self.out.text, block_start);
                let glued = tail.is_empty() || line.words.first().is_some_and(|w| !w.spaced);
                let seam = if glued { Seam::Glue } else { self.hyphens.at_line_end(tail, &line.text) };
                self.seam(seam);
            }
        }
        let start = self.out.text.len();
        if line.words.is_empty() {
            self.plain_words(&line.text, prose);
        } else {
            self.boxed_words(line, prose);
        }
        let end = self.out.text.len();
        if end > start {
            self.out.lines.push(Line {
                span: Span::new(start, end),
                page: line.page,
                rect: line.rect,
                size: line.size,
                bold: line.bold,
            });
        }
    }

    /// A soft hyphen that no line goes on from is nothing.
    fn drop_soft_hyphen(&mut self) {
        if self.out.text.ends_with('\u{ad}') {
            self.seam(Seam::Drop);
        }
    }

    /// Lines that stand for themselves still join where a word or number is broken by a hyphen.
    fn hyphen_runs_on(&self, block_start: usize, line: &DraftLine) -> bool {
        let tail = line_tail(&self.out.text, block_start);
        tail.len() > 1 && self.hyphens.breaks_word(tail, &line.text)
    }

    /// Puts what stands between two pieces, or takes a hyphen away, with the spans that end at it.
    fn seam(&mut self, seam: Seam) {
        match seam {
            Seam::Space => self.out.text.push(' '),
            Seam::Glue => {}
            Seam::Drop => {
                self.out.text.pop();
                let end = self.out.text.len() as u32;
                if let Some(l) = self.out.lines.last_mut() {
                    l.span.end = l.span.end.min(end);
                }
                if let Some(w) = self.out.words.last_mut() {
                    w.span.end = w.span.end.min(end);
                }
            }
        }
    }

    fn plain_words(&mut self, text: &str, prose: bool) {
        for (i, word) in text.split(' ').filter(|w| !w.is_empty()).enumerate() {
            if i > 0 {
                let seam = self.inside_line(word, prose);
                self.seam_inside(seam);
            }
            self.out.text.push_str(word);
        }
    }

    fn boxed_words(&mut self, line: &DraftLine, prose: bool) {
        for (i, word) in line.words.iter().filter(|w| !w.text.is_empty()).enumerate() {
            if i > 0 && word.spaced {
                let seam = self.inside_line(&word.text, prose);
                if seam == Seam::Drop {
                    self.seam(seam);
                } else {
                    self.seam_inside(seam);
                }
            }
            let start = self.out.text.len();
            self.out.text.push_str(&word.text);
            let span = Span::new(start, self.out.text.len());
            self.out.words.push(Word { span, page: line.page, rect: word.rect });
        }
    }

    /// How the text so far and another word of its line meet.
    fn inside_line(&self, word: &str, prose: bool) -> Seam {
        // Nearly always the text ends with a letter, and no hyphen is to be looked for.
        let hyphen = self.out.text.as_bytes().last().is_some_and(|b| *b == b'-' || !b.is_ascii());
        if !prose || !hyphen {
            return Seam::Space;
        }
        self.hyphens.inside_line(self.out.text.rsplit([' ', '\n', '\t']).next().unwrap_or(""), word)
    }

    fn seam_inside(&mut self, seam: Seam) {
        match seam {
            Seam::Space => self.out.text.push(' '),
            Seam::Glue => {}
            Seam::Drop => {
                self.out.text.pop();
            }
        }
    }
}

/// The last word of the block that begins at `block_start`, as far as it is written.
fn line_tail(text: &str, block_start: usize) -> &str {
    let block = text.get(block_start..).unwrap_or("");
    block.rsplit(['\n', '\t', ' ']).next().unwrap_or("")
}
