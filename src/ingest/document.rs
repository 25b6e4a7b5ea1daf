//! Defines `Document`: the text of one document in one coordinate system, with pages, blocks, lines and words hung on it.
//!
//! The text is normalised once (NFC, ligatures resolved, soft hyphens gone, private-use bullets as `•`).
//! Inside a paragraph a line break is one space and a line-end hyphen is resolved; lines that stand for themselves keep
//! their `\n`; blocks are parted by an empty line; cells of a table row, or columns of a line, by `\t`.
//! The body is one flow, `text[..body_end]`; page furniture (letterhead, margin block, running heads, feet, page
//! numbers) stands after it, page by page. So a span gives its quote, pages and boxes at any time.

use serde::{Deserialize, Serialize};

use crate::base::{DocId, Note, Rect, Span};

/// What is known of the file a document came from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Origin {
    /// BLAKE3 of the file's bytes, 64 hex digits.
    pub blake3: String,
    /// Size of the file in bytes.
    pub bytes: u64,
    /// `application/pdf` or `text/plain`.
    pub media_type: String,
    /// Character encoding of a text file, by its IANA name in lower case; none for a PDF.
    pub encoding: Option<String>,
    /// The PDF's own producer.
    pub producer: Option<String>,
    /// The PDF's own title.
    pub title: Option<String>,
    /// The PDF's own creation date, ISO 8601.
    pub created: Option<String>,
    /// The PDF's own modification date, ISO 8601.
    pub modified: Option<String>,
    /// Number of pages of the whole file.
    pub file_pages: u32,
    /// Which part of a bundle this is; none for a file that is one document.
    pub part: Option<Part>,
}

/// Code of the note that a personal identity number is masked.
pub const ID_MASKED: &str = "personal_id_masked";
/// Code of the note that a name is masked which was taken down on request.
pub const NAME_MASKED: &str = "name_taken_down";

/// True for the code of a note, or of the warning made of it, whose place nobody may see: in pictures it is black, and originals that
/// have one are kept back.
pub fn is_masking(code: &str) -> bool {
    matches!(code, ID_MASKED | NAME_MASKED)
}

/// A document's place in a bundle: a file that holds several documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Which one, from 1.
    pub index: u32,
    /// Of how many.
    pub of: u32,
    /// First page in the file, from 1.
    pub first_page: u32,
    /// Last page in the file.
    pub last_page: u32,
}

/// Where a page's text came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PageText {
    /// The file's own text layer.
    Own,
    /// Read by OCR.
    Ocr,
    /// The page shows something but has no letters.
    Textless,
    /// The page is empty.
    Blank,
    /// The file's own text layer, whose words do not read as language.
    Unreliable,
}

/// One page: a list of ranges of the document's text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// Number in the file, from 1; also in a part of a bundle.
    pub number: u32,
    /// Width and height in points as shown; none for a text file.
    pub size: Option<(f32, f32)>,
    /// What of the text stands on this page, in reading order, furniture last.
    pub ranges: Vec<Span>,
    /// Where its text came from.
    pub text: PageText,
}

/// Which part of the page a block belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Zone {
    /// The flow of the document.
    Body,
    /// Sender's name and logotype text at the top of the first page.
    Letterhead,
    /// The block beside or below the body on page 1: handläggare, recipient, dnr, date, address.
    Margin,
    /// Repeated at the top of pages.
    Head,
    /// Repeated at the foot of pages, footnote-like addresses, form identities.
    Foot,
    /// "Sida 2 (3)" and its kind.
    PageNumber,
}

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BlockKind {
    /// A heading; `level` 1 is the document's title.
    Heading {
        /// 1 for a title, 2 for a main heading, 3 and more below it.
        level: u8,
    },
    /// Running text, its lines joined.
    Paragraph,
    /// One item of a list, its bullet or number included, its lines joined.
    ListItem,
    /// Lines that stand for themselves: addresses, signatures, a margin block, a slide's labels.
    Lines,
    /// Rows parted by `\n`, cells by `\t`.
    Table,
}

/// A stretch of text that belongs together, in reading order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Which part of the page it belongs to.
    pub zone: Zone,
    /// Its text. Blocks do not overlap; their spans grow.
    pub span: Span,
    /// The page it begins on.
    pub page: u32,
    /// For a table: the number of leading rows that are a header.
    pub header_rows: u8,
}

/// One printed line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Its text; a word broken over two lines belongs to the first with its head and to the second with its tail.
    pub span: Span,
    /// Page in the file.
    pub page: u32,
    /// Its box; none in a text file.
    pub rect: Option<Rect>,
    /// Size of its letters in points; 0 in a text file.
    pub size: f32,
    /// Whether most of it is bold.
    pub bold: bool,
}

/// One printed word (or half of a broken one) with its box. Text files have none.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Word {
    /// Its text.
    pub span: Span,
    /// Page in the file.
    pub page: u32,
    /// Its box.
    pub rect: Rect,
}

/// One place of a span: a page and the boxes on it, one per line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// Page in the file, from 1.
    pub page: u32,
    /// One box per line touched; none in a text file. `[x0, y0, x1, y1]` in points.
    pub boxes: Vec<[f32; 4]>,
}

/// One document, as read. See the module's description for the shape of `text`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// Its id.
    pub id: DocId,
    /// The file it came from.
    pub origin: Origin,
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
    /// The printed words, in order of their spans; empty for a text file.
    pub words: Vec<Word>,
    /// What was odd.
    pub notes: Vec<Note>,
}

impl Document {
    /// The text of a span.
    pub fn quote(&self, span: Span) -> &str {
        &self.text[span.range()]
    }

    /// The body's text: everything but page furniture.
    pub fn body(&self) -> &str {
        &self.text[..self.body_end as usize]
    }

    /// The pages a span touches, with the box of every line of it.
    pub fn places(&self, span: Span) -> Vec<Place> {
        let mut places: Vec<Place> = Vec::new();
        let from = self.words.partition_point(|w| w.span.end <= span.start);
        let mut last_line = usize::MAX;
        for word in self.words[from..].iter().take_while(|w| w.span.start < span.end) {
            let line = self.lines.partition_point(|l| l.span.end <= word.span.start);
            let rect = word.rect;
            match places.last_mut().filter(|p| p.page == word.page) {
                Some(place) if line == last_line => {
                    let b = place.boxes.last_mut().expect("a place begins with a box");
                    let u = Rect::new(b[0], b[1], b[2], b[3]).union(rect);
                    *b = [u.x0, u.y0, u.x1, u.y1];
                }
                Some(place) => place.boxes.push([rect.x0, rect.y0, rect.x1, rect.y1]),
                None => places.push(Place { page: word.page, boxes: vec![[rect.x0, rect.y0, rect.x1, rect.y1]] }),
            }
            last_line = line;
        }
        if places.is_empty() {
            places = self.pages_of(span).into_iter().map(|page| Place { page, boxes: Vec::new() }).collect();
        }
        for b in places.iter_mut().flat_map(|p| &mut p.boxes).flatten() {
            *b = (*b * 100.0).round() / 100.0;
        }
        places
    }

    /// The numbers of the pages a span touches, in order.
    pub fn pages_of(&self, span: Span) -> Vec<u32> {
        let from = self.lines.partition_point(|l| l.span.end <= span.start);
        let touched = self.lines[from..].iter().take_while(|l| l.span.start < span.end);
        let mut pages: Vec<u32> = touched.map(|l| l.page).collect();
        pages.sort_unstable();
        pages.dedup();
        if pages.is_empty() {
            let holds = |p: &&Page| p.ranges.iter().any(|r| r.overlaps(span) || r.contains(span));
            pages.extend(self.pages.iter().filter(holds).map(|p| p.number));
        }
        pages
    }

    /// The block that holds a byte, if any.
    pub fn block_at(&self, offset: u32) -> Option<&Block> {
        let i = self.blocks.partition_point(|b| b.span.end <= offset);
        self.blocks.get(i).filter(|b| b.span.start <= offset)
    }
}
