//! Defines reading: the bytes of one file become a `Document`.
//!
//! Sees one file at a time and knows nothing of fields. No lopdf type leaves `pdf`.

pub mod document;
mod draw;
mod error;
pub mod layout;
pub mod ocr;
pub mod pdf;
pub mod render;
pub mod source;
mod turn;
pub mod txt;

pub use document::Document;
pub use error::{IngestError, Problem};
pub use ocr::Ocr;
pub use source::Source;

use crate::lexicon::Lexicon;

/// Version of the extractor. Raise it with every change that can change a `Document`; files are then read again.
pub const VERSION: u32 = 7;

/// The extractor's version as a record names it. Forced OCR gives another text, so its files are read again; whether pages
/// without letters were read or not makes no difference here: what was missing is read again when that is asked for.
pub fn version(ocr: Ocr) -> String {
    match ocr {
        Ocr::Never | Ocr::Auto => VERSION.to_string(),
        Ocr::Force => format!("{VERSION}+ocr"),
    }
}

/// Bounds on what one file may cost. Each has its own message when it is reached.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Largest file, in bytes.
    pub file_bytes: u64,
    /// Largest text file, in bytes.
    pub text_bytes: u64,
    /// Most pages.
    pub pages: u32,
    /// Most bytes of one decompressed stream, and of all streams of one page together.
    pub stream_bytes: usize,
    /// Most content operators on one page.
    pub operators: usize,
    /// Most letters drawn on one page.
    pub letters: usize,
    /// Most words of one PDF: what they take of memory is what its text takes, many times over.
    pub words: usize,
    /// Longest time for one file, in seconds; OCR has its own per page.
    pub seconds: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            file_bytes: 1 << 30,
            text_bytes: 64 << 20,
            pages: 20_000,
            stream_bytes: 128 << 20,
            operators: 5_000_000,
            letters: 2_000_000,
            words: 2_000_000,
            seconds: 60,
        }
    }
}

/// How to read.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Bounds on what one file may cost.
    pub limits: Limits,
    /// When page images are read.
    pub ocr: Ocr,
}

/// Reads one file's bytes. What it is, is told from the bytes; the name is only a hint.
///
/// # Errors
/// `Problem` says what was found and what to try; the caller puts the path before it.
pub fn read(bytes: &[u8], name: &str, lex: &Lexicon, options: &Options) -> Result<Document, Problem> {
    read_hashed(bytes, None, name, lex, options)
}

/// As [`read`], of a file that was loaded: its hash is not computed again.
///
/// # Errors
/// As for [`read`].
pub fn read_source(source: &Source, name: &str, lex: &Lexicon, options: &Options) -> Result<Document, Problem> {
    read_hashed(&source.bytes, Some(source.hash), name, lex, options)
}

fn read_hashed(
    bytes: &[u8],
    hash: Option<blake3::Hash>,
    name: &str,
    lex: &Lexicon,
    options: &Options,
) -> Result<Document, Problem> {
    if bytes.is_empty() {
        return Err(Problem::Empty);
    }
    if pdf::looks_like_pdf(bytes) {
        pdf::read(bytes, hash, lex, options)
    } else if name.to_ascii_lowercase().ends_with(".pdf") {
        Err(Problem::NotPdf { found: error::describe(bytes) })
    } else {
        txt::read(bytes, hash, lex, options)
    }
}
