//! Defines what a PDF shows before it is understood: words with boxes, ruling lines and images, page by page.
//!
//! This is the whole interface between the PDF reader and layout; no lopdf type crosses it. All coordinates are
//! PDF points (1/72 inch) of the page as shown, after crop box and rotation, origin bottom left, y upwards.

use crate::base::{Note, Rect};

/// A whole PDF, as drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RawDocument {
    /// Its pages, in order.
    pub pages: Vec<RawPage>,
    /// What the file says of itself.
    pub info: RawInfo,
    /// What was odd about the file as a whole; a page's own notes stand on the page.
    pub notes: Vec<Note>,
    /// True if the file says it is tagged, so that `RawWord::tag` is worth something.
    pub tagged: bool,
}

/// What a PDF says of itself (ISO 32000-2, 14.3.3).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RawInfo {
    /// The program that wrote it.
    pub producer: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// When it was made, ISO 8601.
    pub created: Option<String>,
    /// When it was last changed, ISO 8601.
    pub modified: Option<String>,
}

/// One page, as drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RawPage {
    /// Number in the file, from 1.
    pub number: u32,
    /// Width and height in points, as shown.
    pub size: (f32, f32),
    /// The words, in the order of the content stream.
    pub words: Vec<RawWord>,
    /// Words on the sheet outside the part of it that is shown: a printer's marks, numbers of lines.
    pub cut_off: Vec<RawWord>,
    /// Thin straight lines, level or upright, drawn as lines or as thin rectangles; also the sides of stroked
    /// rectangles.
    pub rules: Vec<Rect>,
    /// Larger filled or stroked rectangles.
    pub boxes: Vec<Rect>,
    /// Boxes of curves and slanting lines; those drawn one after the other that touch are one.
    pub drawings: Vec<Rect>,
    /// Boxes of the images drawn.
    pub images: Vec<Rect>,
    /// What was odd about the page.
    pub notes: Vec<Note>,
    /// True if the page draws anything at all.
    pub has_contents: bool,
    /// True if its words were read by OCR.
    pub ocr: bool,
    /// True if its words do not read as language: what they say is not what the page shows.
    pub unreliable: bool,
}

/// One printed word (or a piece of one that touches the next: see `space_after`). Never holds white space.
///
/// The text is NFC, with ligatures as letters and private-use bullets as `•`. A soft hyphen stays only as the last
/// character, where the word may go on in the next line.
#[derive(Clone, Debug, PartialEq)]
pub struct RawWord {
    /// Its text.
    pub text: String,
    /// Its box, from descender to ascender of the font size.
    pub rect: Rect,
    /// Where its letters stand: y for text that runs level, x for text that runs up or down; for tilted text the distance
    /// from the origin, across the text.
    pub baseline: f32,
    /// Size of its letters in points, as shown.
    pub size: f32,
    /// True if its font is bold.
    pub bold: bool,
    /// True if its font is italic or oblique.
    pub italic: bool,
    /// Which way it runs, in degrees counter-clockwise as shown: 0, 90, 180 or 270, or between these for a few tilted words
    /// on a page of others: stamps, watermarks.
    pub angle: u16,
    /// True if it is not painted (text render mode 3 or 7): an OCR layer, most often.
    pub hidden: bool,
    /// True if it is marked as an artifact: page numbers, running heads.
    pub artifact: bool,
    /// Marked content it belongs to; the same number on the same page is the same piece of structure.
    pub mcid: Option<u32>,
    /// What the marked content around it, or the structure tree, says it is.
    pub tag: Option<Tag>,
    /// True if a space, or a gap as wide as one, follows on the same line in the content stream. False means the next
    /// word touches this one (a change of font inside a word) or stands elsewhere.
    pub space_after: bool,
    /// The same number for the same font of the same file.
    pub font: u16,
}

/// What a tagged PDF says a word belongs to: the nearest tag that says something (ISO 32000-2, 14.8.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    /// `P` and its kind.
    Paragraph,
    /// `Title`, `H` (level 1) and `H1` to `H6`.
    Heading(u8),
    /// `LI`, `LBody`.
    ListItem,
    /// `Lbl`: a list item's bullet or number.
    Label,
    /// `TD`.
    TableCell,
    /// `TH`.
    TableHeader,
    /// `Caption`.
    Caption,
    /// `Note`, `FENote`.
    Footnote,
    /// `TOCI`, `TOC`, `Index`.
    Contents,
    /// `Figure`, `Formula`, `Form`.
    Figure,
    /// `Artifact`.
    Artifact,
}
