//! Writes marks as a small PDF of one page, which a renderer can lay over the page they are of.

use std::fmt::Write;

use super::marks::{Colour, Mark, What};
use crate::base::Rect;

/// Size of a label's letters, in points; and their mean width, in ems: Helvetica has 0.56 for digits and 0.5 for most letters.
const LABEL: f32 = 6.0;
const LETTER: f32 = 0.54;
/// Most labels that are kept clear of blocks.
const MOST_CLEAR: usize = 500;

/// A page of this size in points with these marks.
pub(super) fn pdf((width, height): (f32, f32), marks: &[Mark]) -> Vec<u8> {
    let page = format!(
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 {width} {height}]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>\
         /ExtGState<</A0<</ca 0.05>>/A1<</ca 0.14>>/A2<</ca 0.4>>/A3<</ca 1>>>>>>>>"
    );
    let contents = contents(marks, (width, height));
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_string(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_string(),
        page,
        format!("<</Length {}>>\nstream\n{contents}\nendstream", contents.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold/Encoding/WinAnsiEncoding>>".to_string(),
    ];
    let mut out = String::from("%PDF-1.7\n");
    let mut table = String::from("0000000000 65535 f \n");
    for (i, object) in (1..).zip(&objects) {
        let _ = writeln!(table, "{:010} 00000 n ", out.len());
        let _ = write!(out, "{i} 0 obj\n{object}\nendobj\n");
    }
    let size = objects.len() + 1;
    let at = out.len();
    let _ = write!(out, "xref\n0 {size}\n{table}trailer <</Size {size}/Root 1 0 R>>\nstartxref\n{at}\n%%EOF\n");
    out.into_bytes()
}

/// Boxes first, then labels, which nothing may cover.
fn contents(marks: &[Mark], size: (f32, f32)) -> String {
    let mut out = String::new();
    for mark in marks {
        let r = mark.rect;
        // Line width and dashes, name of the fill's state; `B` fills and strokes, `S` strokes, `f` fills.
        let (pen, fill, paint) = match mark.what {
            What::Block => ("1 w [] 0 d", "A0", "S"),
            What::Furniture => ("1 w [3 2] 0 d", "A1", "B"),
            What::Line => ("0.25 w [] 0 d", "A0", "B"),
            What::Cell => ("0.5 w [] 0 d", "A1", "B"),
            What::HeaderCell => ("0.5 w [] 0 d", "A2", "B"),
            What::Found => ("1.2 w [] 0 d", "A1", "B"),
            What::Masked => ("", "A3", "f"),
        };
        let (x, y, w, h) = (r.x0, r.y0, r.width(), r.height());
        let colour = colour(mark.colour);
        let _ = writeln!(out, "{colour} RG {colour} rg /{fill} gs {pen} {x:.2} {y:.2} {w:.2} {h:.2} re {paint}");
    }
    out.push_str("/A3 gs\n");
    let labelled: Vec<&Mark> = marks.iter().filter(|mark| !mark.label.is_empty()).collect();
    // Of a page with more blocks than anybody reads, not every label is kept clear of every block.
    let obstacles = if labelled.len() > MOST_CLEAR { &[] } else { labelled.as_slice() };
    for mark in labelled.iter().copied() {
        let (w, h) = (LETTER * LABEL * mark.label.len() as f32 + 3.0, LABEL + 1.0);
        let (x, y) = place(mark.rect, (w, h), size, obstacles);
        let colour = colour(mark.colour);
        let _ = writeln!(out, "{colour} rg {x:.2} {y:.2} {w:.2} {h:.2} re f");
        let text: String = mark.label.chars().filter(|c| c.is_ascii_alphanumeric() || *c == ' ').collect();
        let _ = writeln!(out, "1 g BT /F {LABEL} Tf {:.2} {:.2} Td ({text}) Tj ET", x + 1.5, y + 1.5);
    }
    out
}

/// Where a block's label of this size stands: left of the block, above it or right of it, where it covers no other block.
fn place(block: Rect, (w, h): (f32, f32), page: (f32, f32), obstacles: &[&Mark]) -> (f32, f32) {
    let above = (block.x0 - 0.5, block.y1.min(page.1 - h));
    let top = block.y1 + 0.5 - h;
    let fits = |(x, y): (f32, f32)| {
        let label = Rect::new(x, y, x + w, y + h);
        x >= 0.0 && x + w <= page.0 && y >= 0.0 && !obstacles.iter().any(|mark| mark.rect.overlaps(label))
    };
    [(block.x0 - 0.5 - w, top), above, (block.x1 + 0.5, top)].into_iter().find(|at| fits(*at)).unwrap_or(above)
}

fn colour(parts: Colour) -> String {
    parts.map(|part| format!("{:.3}", f32::from(part) / 255.0)).join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_overlay_is_a_pdf_that_shows_labels_and_boxes() {
        let mark = Mark {
            what: What::Block,
            rect: Rect::new(50.0, 100.0, 250.0, 200.0),
            colour: [255, 0, 0],
            label: "7 heading 2".into(),
        };
        let marks = [mark.clone(), Mark { what: What::Masked, label: String::new(), ..mark }];
        let raw = crate::ingest::pdf::load(&pdf((300.0, 400.0), &marks), &crate::ingest::Options::default()).unwrap();
        let page = &raw.pages[0];
        assert_eq!(page.size, (300.0, 400.0));
        assert_eq!(page.words.iter().map(|w| w.text.as_str()).collect::<Vec<_>>(), ["7", "heading", "2"]);
        // Left of the block, at its top.
        assert!(page.words[2].rect.x1 < 50.0, "{:?}", page.words[2]);
        assert!((page.words[0].baseline - 195.0).abs() < 0.1, "{:?}", page.words[0]);
        assert!(page.boxes.contains(&Rect::new(50.0, 100.0, 250.0, 200.0)), "{:?}", page.boxes);
        assert!(raw.notes.is_empty(), "{:?}", raw.notes);
    }

    #[test]
    fn labels_stand_where_they_cover_no_block() {
        let block = |x0, y0, x1, y1| Mark {
            what: What::Block,
            rect: Rect::new(x0, y0, x1, y1),
            colour: [0, 0, 0],
            label: "1 x".into(),
        };
        let (left, right) = (block(20.0, 10.0, 90.0, 50.0), block(92.0, 10.0, 180.0, 50.0));
        let at = |block: &Mark, others: &[&Mark]| place(block.rect, (15.0, 7.0), (200.0, 60.0), others);
        assert_eq!(at(&left, &[&left, &right]), (4.5, 43.5));
        assert_eq!(at(&right, &[&left, &right]), (91.5, 50.0), "above");
        let over = block(90.0, 51.0, 180.0, 59.0);
        assert_eq!(at(&right, &[&left, &right, &over]), (180.5, 43.5), "right");
        // No room at all: above, on the page.
        let whole = block(0.0, 0.0, 200.0, 60.0);
        assert_eq!(at(&whole, &[&whole]), (-0.5, 53.0));
    }
}
