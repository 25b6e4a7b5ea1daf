//! Defines what a picture of a page shows of what was understood: boxes with colours and labels. Pictures differ only in how
//! they draw them.

use crate::base::{Rect, Span};
use crate::ingest::document::{Block, BlockKind, Document, Line, Zone};

/// Red, green, blue.
pub(super) type Colour = [u8; 3];

/// What a mark stands for; says how it is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A block of the body, the letterhead or the margin.
    Block,
    /// A block that runs at the head or foot of pages.
    Furniture,
    /// A printed line.
    Line,
    /// A cell of a table.
    Cell,
    /// A cell of a table's header.
    HeaderCell,
    /// A personal identity number: nothing of it may be seen.
    Masked,
}

/// One box of a picture.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Mark {
    pub what: What,
    pub rect: Rect,
    pub colour: Colour,
    /// Of blocks: their place in the order of the page's text, and what they are. ASCII.
    pub label: String,
}

/// The marks of a page, to be drawn in their order.
pub(super) fn of_page(doc: &Document, number: u32) -> Vec<Mark> {
    let owners = super::owners(doc);
    let mut marks = Vec::new();
    let mut order = 0;
    for (i, block) in doc.blocks.iter().enumerate() {
        let on_page = doc.lines.iter().zip(&owners).filter(|(line, owner)| line.page == number && **owner == Some(i));
        let lines: Vec<&Line> = on_page.map(|(line, _)| line).collect();
        let Some(rect) = lines.iter().filter_map(|line| line.rect).reduce(Rect::union) else { continue };
        order += 1;
        let colour = colour(block);
        let mark = |what, rect| Mark { what, rect, colour, label: String::new() };
        if block.kind == BlockKind::Table {
            marks.extend(cells(doc, block, number).map(|(what, rect)| mark(what, rect)));
        } else {
            marks.extend(lines.iter().filter_map(|line| line.rect).map(|rect| mark(What::Line, rect)));
        }
        let furniture = matches!(block.zone, Zone::Head | Zone::Foot | Zone::PageNumber);
        let what = if furniture { What::Furniture } else { What::Block };
        marks.push(Mark { label: format!("{order} {}", name(block)), ..mark(what, rect) });
    }
    for note in doc.notes.iter().filter(|note| note.code == "personal_id_masked") {
        let places = note.span.map(|span| doc.places(span)).unwrap_or_default();
        let boxes = places.into_iter().filter(|place| place.page == number).flat_map(|place| place.boxes);
        marks.extend(boxes.map(|[x0, y0, x1, y1]| Mark {
            what: What::Masked,
            rect: Rect::new(x0, y0, x1, y1),
            colour: [0, 0, 0],
            label: String::new(),
        }));
    }
    marks
}

/// The cells of a table that have words on a page, and whether they are of its header.
fn cells<'d>(doc: &'d Document, table: &'d Block, page: u32) -> impl Iterator<Item = (What, Rect)> + 'd {
    let mut at = table.span.start;
    let rows = doc.quote(table.span).split('\n').enumerate();
    rows.flat_map(move |(row, text)| {
        let what = if row < usize::from(table.header_rows) { What::HeaderCell } else { What::Cell };
        let begin = at;
        at += text.len() as u32 + 1;
        text.split('\t').scan(begin, move |from, cell| {
            let span = Span { start: *from, end: *from + cell.len() as u32 };
            *from = span.end + 1;
            Some((what, span))
        })
    })
    .filter_map(move |(what, span)| Some((what, words_box(doc, span, page)?)))
}

/// The box of a span's words on a page.
fn words_box(doc: &Document, span: Span, page: u32) -> Option<Rect> {
    let from = doc.words.partition_point(|w| w.span.end <= span.start);
    let words = doc.words.get(from..).unwrap_or_default().iter().take_while(|w| w.span.start < span.end);
    words.filter(|w| w.page == page).map(|w| w.rect).reduce(Rect::union)
}

fn colour(block: &Block) -> Colour {
    match (block.zone, block.kind) {
        (Zone::Letterhead, _) => [0x94, 0x67, 0xbd],
        (Zone::Margin, _) => [0x8c, 0x56, 0x4b],
        (Zone::Head | Zone::Foot, _) => [0x6f, 0x6f, 0x6f],
        (Zone::PageNumber, _) => [0x9a, 0x9b, 0x10],
        (Zone::Body, BlockKind::Heading { .. }) => [0xd6, 0x27, 0x28],
        (Zone::Body, BlockKind::Table) => [0x2c, 0xa0, 0x2c],
        (Zone::Body, BlockKind::ListItem) => [0x0f, 0x9f, 0xb0],
        (Zone::Body, BlockKind::Lines) => [0xe8, 0x6f, 0x00],
        (Zone::Body, BlockKind::Paragraph) => [0x1f, 0x77, 0xb4],
    }
}

fn name(block: &Block) -> String {
    let kind = match block.kind {
        BlockKind::Heading { level } => format!("heading {level}"),
        BlockKind::Paragraph => "paragraph".to_string(),
        BlockKind::ListItem => "item".to_string(),
        BlockKind::Lines => "lines".to_string(),
        BlockKind::Table => "table".to_string(),
    };
    match block.zone {
        Zone::Body => kind,
        Zone::Letterhead => "letterhead".to_string(),
        Zone::Margin => "margin".to_string(),
        Zone::Head => "head".to_string(),
        Zone::Foot => "foot".to_string(),
        Zone::PageNumber => "page number".to_string(),
    }
}
