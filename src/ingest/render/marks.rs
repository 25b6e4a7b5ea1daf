//! Defines what a picture of a page shows of what was understood: boxes with colours and labels. Pictures differ only in how
//! they draw them.

use crate::base::{Rect, Span};
use crate::ingest::document::{Block, BlockKind, Document, Zone, is_masking};

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
    /// What somebody looks for.
    Found,
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
        let lines: Vec<Rect> = on_page.filter_map(|(line, _)| line.rect).collect();
        if lines.is_empty() {
            continue;
        }
        order += 1;
        let colour = colour(block);
        let mark = |what, rect| Mark { what, rect, colour, label: String::new() };
        if block.kind == BlockKind::Table {
            marks.extend(cells(doc, block, number).map(|(what, rect)| mark(what, rect)));
        } else {
            marks.extend(lines.iter().map(|rect| mark(What::Line, *rect)));
        }
        let furniture = matches!(block.zone, Zone::Head | Zone::Foot | Zone::PageNumber);
        let what = if furniture { What::Furniture } else { What::Block };
        for (i, rect) in pieces(&lines).into_iter().enumerate() {
            let label = if i == 0 { format!("{order} {}", name(block)) } else { format!("{order} goes on") };
            marks.push(Mark { label, ..mark(what, rect) });
        }
    }
    marks.extend(masked(doc, number));
    marks
}

/// Boxes round what somebody looks for on a page, and over what nobody may see.
pub(super) fn of_found(doc: &Document, number: u32, boxes: &[[f32; 4]]) -> Vec<Mark> {
    let found = boxes.iter().map(|&[x0, y0, x1, y1]| Mark {
        what: What::Found,
        // A little wider than the letters, so that they stay readable.
        rect: Rect::new(x0 - 1.5, y0 - 1.5, x1 + 1.5, y1 + 1.5),
        colour: FOUND,
        label: String::new(),
    });
    found.chain(masked(doc, number)).collect()
}

/// The colour of [`What::Found`].
const FOUND: Colour = [0xd6, 0x27, 0x28];

/// Black boxes over the personal identity numbers of a page, and over names that were taken down.
fn masked(doc: &Document, number: u32) -> Vec<Mark> {
    let mut marks = Vec::new();
    for note in doc.notes.iter().filter(|note| is_masking(&note.code)) {
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

/// The boxes of a block's lines: one, or one in each column that it runs through.
fn pieces(lines: &[Rect]) -> Vec<Rect> {
    let apart = |a0: f32, a1: f32, b0: f32, b1: f32| a1 <= b0 || b1 <= a0;
    let beside = |a: &Rect, b: &Rect| apart(a.x0, a.x1, b.x0, b.x1);
    let above = |a: &Rect, b: &Rect| apart(a.y0, a.y1, b.y0, b.y1);
    // On a page that lies on its side, lines are upright and their columns lie over each other.
    let lying = lines.iter().filter(|r| r.height() > r.width()).count() * 2 > lines.len();
    let mut out: Vec<Rect> = Vec::new();
    let mut before: Option<&Rect> = None;
    for line in lines {
        match (out.last_mut(), before) {
            (Some(piece), Some(before)) => {
                let next_column = if lying {
                    above(piece, line) && beside(before, line)
                } else {
                    beside(piece, line) && above(before, line)
                };
                if next_column {
                    out.push(*line);
                } else {
                    *piece = piece.union(*line);
                }
            }
            _ => out.push(*line),
        }
        before = Some(line);
    }
    out
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::{Options, pdf};
    use crate::lexicon::Lexicon;

    #[test]
    fn a_block_has_a_box_in_each_column() {
        let line = |x: f32, y: f32| Rect::new(x, y, x + 90.0, y + 10.0);
        let column = |x: f32, from: f32| [line(x, from), line(x, from - 12.0), line(x, from - 24.0)];
        assert_eq!(pieces(&column(0.0, 100.0)), [Rect::new(0.0, 76.0, 90.0, 110.0)]);
        let both = [column(0.0, 100.0), column(100.0, 400.0)].concat();
        assert_eq!(pieces(&both), [Rect::new(0.0, 76.0, 90.0, 110.0), Rect::new(100.0, 376.0, 190.0, 410.0)]);
        // Side by side on one row is one piece; so are the lines of a page that lies on its side.
        assert_eq!(pieces(&[line(0.0, 100.0), line(100.0, 100.0)]).len(), 1);
        let lying: Vec<Rect> = column(0.0, 100.0).iter().map(|r| Rect::new(r.y0, r.x0, r.y1, r.x1)).collect();
        assert_eq!(pieces(&lying).len(), 1);
        assert_eq!(pieces(&[]), []);
    }

    #[test]
    fn marks_tell_order_tables_and_what_may_not_be_seen() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let path = path.join("corpus/enskede-arsta-vantor/2022/13_lyktan_aterremiss.pdf");
        let mut doc =
            pdf::read(&std::fs::read(path).unwrap(), None, &Lexicon::built_in(), &Options::default()).unwrap();
        let phone = doc.text.find("08-508").unwrap();
        let span = Span { start: phone as u32, end: phone as u32 + 13 };
        doc.notes.push(crate::base::Note::info("personal_id_masked", "here").at(span));
        let marks = of_page(&doc, 1);
        let labels: Vec<&str> = marks.iter().map(|m| m.label.as_str()).filter(|l| !l.is_empty()).collect();
        assert_eq!(labels[..3], ["1 heading 1", "2 paragraph", "3 heading 2"]);
        assert!(labels.iter().any(|l| l.ends_with(" margin")) && labels.iter().any(|l| l.ends_with(" page number")));
        let count = |what| marks.iter().filter(|m| m.what == what).count();
        assert_eq!((count(What::HeaderCell), count(What::Cell), count(What::Masked)), (3, 15, 1));
        assert_eq!(marks.last().map(|m| m.what), Some(What::Masked));
        assert_eq!(of_page(&doc, 9), []);
    }
}
