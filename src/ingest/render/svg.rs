//! Draws a page as SVG: its words where they stand, in a letter of the viewer's, and what was understood.

use std::fmt::Write;

use super::marks::{self, Colour, Mark, What};
use crate::ingest::document::Document;

/// A picture of a page of a PDF with what was understood: blocks with their order and kind, lines, cells of tables, in one
/// colour per zone and kind. None if there is no such page or it has no size.
pub fn page_svg(doc: &Document, number: u32) -> Option<String> {
    let page = doc.pages.iter().find(|p| p.number == number)?;
    let (width, height) = page.size?;
    let mut svg = String::new();
    let _ = write!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.1} {height:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" font-family=\"sans-serif\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
    );
    for word in doc.words.iter().filter(|w| w.page == number) {
        let r = word.rect;
        let _ = writeln!(
            svg,
            "<text x=\"{:.1}\" y=\"{:.1}\" font-size=\"{:.1}\" textLength=\"{:.1}\" lengthAdjust=\"spacingAndGlyphs\" fill=\"#222\">{}</text>",
            r.x0,
            height - r.y0 - 0.2 * r.height(),
            (0.72 * r.height()).max(1.0),
            r.width().max(0.5),
            escaped(doc.quote(word.span))
        );
    }
    for mark in marks::of_page(doc, number) {
        let _ = writeln!(svg, "{}", outline(&mark, height));
        if !mark.label.is_empty() {
            let _ = writeln!(
                svg,
                "<text x=\"{:.1}\" y=\"{:.1}\" font-size=\"6\" fill=\"{}\">{}</text>",
                mark.rect.x0,
                height - mark.rect.y1 - 1.0,
                hex(mark.colour),
                escaped(&mark.label)
            );
        }
    }
    svg.push_str("</svg>\n");
    Some(svg)
}

fn outline(mark: &Mark, height: f32) -> String {
    let (r, colour) = (mark.rect, hex(mark.colour));
    let (stroke, opacity, dashes) = match mark.what {
        What::Block => (1.0, 0.0, ""),
        What::Furniture => (1.0, 0.0, " stroke-dasharray=\"3 2\""),
        What::Line => (0.3, 0.05, ""),
        What::Cell => (0.5, 0.08, ""),
        What::HeaderCell => (0.5, 0.3, ""),
        What::Found => (1.2, 0.15, ""),
        What::Masked => (0.0, 1.0, ""),
    };
    format!(
        "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"{colour}\" fill-opacity=\"{opacity}\" stroke=\"{colour}\" stroke-width=\"{stroke}\"{dashes}/>",
        r.x0,
        height - r.y1,
        r.width(),
        r.height()
    )
}

fn hex([r, g, b]: Colour) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

fn escaped(s: &str) -> String {
    s.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
