//! Defines why a file cannot be read. Each message says what was found and what to try; the path comes before it.

use std::path::PathBuf;

/// Why a file became no document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// No bytes.
    #[error("is empty (0 bytes); fetch it again from its source")]
    Empty,
    /// Named .pdf, but not one.
    #[error("is named .pdf but is {found}; rename it or fetch the PDF again")]
    NotPdf {
        /// What it looks like.
        found: String,
    },
    /// Neither text nor PDF.
    #[error("is neither PDF nor text but {found}; only PDF and TXT are read")]
    Binary {
        /// What it looks like.
        found: String,
    },
    /// Encrypted with a password.
    #[error("is encrypted and needs a password; save a copy without one")]
    Encrypted,
    /// A PDF too damaged to find a page in.
    #[error("is damaged beyond reading ({detail}); fetch it again, or open and save it in a PDF program")]
    Damaged {
        /// What was missing.
        detail: String,
    },
    /// A PDF with pages but no letters on any.
    #[error("has {pages} page(s) and no text, only images or drawings; {advice}")]
    NoText {
        /// How many pages.
        pages: u32,
        /// What to try, or why OCR did not help.
        advice: String,
    },
    /// Every page was to be read by OCR, and there is none.
    #[error("cannot be read by OCR: {detail}")]
    NoOcr {
        /// What is missing and what to install.
        detail: String,
    },
    /// A bound was reached.
    #[error("goes over the limit of {limit}: {found}; split it into smaller files")]
    OverLimit {
        /// Its stable name.
        code: &'static str,
        /// Which bound, with its unit.
        limit: String,
        /// What was found.
        found: String,
    },
    /// A name that leads to nothing.
    #[error("does not exist; check the name")]
    Missing,
    /// The system does not let us read it.
    #[error("cannot be read ({detail}); check its permissions and the disk")]
    Unreadable {
        /// What the system said.
        detail: String,
    },
    /// A symbolic link to nothing.
    #[error("is a symbolic link to {target}, which does not exist; remove or repair the link")]
    BrokenLink {
        /// Where it points.
        target: String,
    },
    /// A symbolic link that leads back to itself or to a folder above it.
    #[error("is a symbolic link that leads in a circle{back}; remove or repair the link")]
    LinkLoop {
        /// ` to FOLDER`, if known.
        back: String,
    },
    /// A device, pipe or socket.
    #[error("is {found}, no file; give files and folders")]
    NotAFile {
        /// What it is.
        found: &'static str,
    },
    /// Its size or time of change moved while it was read, twice.
    #[error("changed while it was read; run again when nothing writes to it")]
    ChangedWhileRead,
    /// A fault of ours.
    #[error("made the reader fail ({detail}); please report it, with the file if you may")]
    Internal {
        /// The panic's message.
        detail: String,
    },
}

impl Problem {
    /// Stable name for programs and the ledger.
    pub fn code(&self) -> &'static str {
        match self {
            Problem::Empty => "empty",
            Problem::NotPdf { .. } => "not_pdf",
            Problem::Binary { .. } => "binary",
            Problem::Encrypted => "encrypted",
            Problem::Damaged { .. } => "damaged",
            Problem::NoText { .. } => "no_text",
            Problem::NoOcr { .. } => "no_ocr",
            Problem::OverLimit { code, .. } => code,
            Problem::Missing => "missing",
            Problem::Unreadable { .. } => "unreadable",
            Problem::BrokenLink { .. } => "broken_link",
            Problem::LinkLoop { .. } => "link_loop",
            Problem::NotAFile { .. } => "not_a_file",
            Problem::ChangedWhileRead => "changed_while_read",
            Problem::Internal { .. } => "internal",
        }
    }
}

/// A problem with the path it concerns.
#[derive(Debug, thiserror::Error)]
#[error("{}: {problem}", path.display())]
pub struct IngestError {
    /// Which file.
    pub path: PathBuf,
    /// What is wrong.
    pub problem: Problem,
}

/// Says what bytes look like, for messages.
pub fn describe(bytes: &[u8]) -> String {
    const KNOWN: [(&[u8], &str); 9] = [
        (b"PK\x03\x04", "a ZIP archive (perhaps DOCX or XLSX)"),
        (b"\xd0\xcf\x11\xe0", "an old Office file"),
        (b"\x89PNG", "a PNG image"),
        (b"\xff\xd8\xff", "a JPEG image"),
        (b"II*\0", "a TIFF image"),
        (b"MM\0*", "a TIFF image"),
        (b"{\\rtf", "an RTF document"),
        (b"\x1f\x8b", "a gzip archive"),
        (b"<", "HTML or XML"),
    ];
    let head = &bytes[..bytes.len().min(1024)];
    let start = head.iter().position(|b| !b.is_ascii_whitespace()).unwrap_or(0);
    match KNOWN.iter().find(|(magic, _)| head[start..].starts_with(magic)) {
        Some((_, name)) => (*name).to_string(),
        None if head.iter().filter(|b| **b < 9).count() * 50 > head.len() => "binary data".to_string(),
        None => "plain text".to_string(),
    }
}
