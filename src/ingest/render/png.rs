//! Draws a page as PNG: faded, with what was understood over it, or as it is, with places marked.

use super::{marks, overlay};
use crate::ingest::document::Document;
use crate::ingest::draw::Drawer;

/// A picture of a page of a PDF (its bytes) with what was understood: blocks with their order and kind, lines, cells of
/// tables, in one colour per zone and kind. Personal identity numbers are black. None if there is no such page or it has no
/// size.
///
/// # Errors
/// Says why the page cannot be drawn; this build may draw none.
pub fn page_png(doc: &Document, bytes: &[u8], number: u32) -> Option<Result<Vec<u8>, String>> {
    let size = doc.pages.iter().find(|p| p.number == number)?.size?;
    let overlay = overlay::pdf(size, &marks::of_page(doc, number));
    Some(Drawer::open(bytes).png(number, size, overlay, true))
}

/// A picture of a page of a PDF (its bytes) with these boxes marked; boxes in points of the page as shown, origin bottom left.
/// Personal identity numbers are black. None if there is no such page or it has no size.
///
/// # Errors
/// Says why the page cannot be drawn; this build may draw none.
pub fn found_png(doc: &Document, bytes: &[u8], number: u32, boxes: &[[f32; 4]]) -> Option<Result<Vec<u8>, String>> {
    let size = doc.pages.iter().find(|p| p.number == number)?.size?;
    let overlay = overlay::pdf(size, &marks::of_found(doc, number, boxes));
    Some(Drawer::open(bytes).png(number, size, overlay, false))
}
