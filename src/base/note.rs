//! Defines `Note`: what was odd about a document. A bad document is a value, not an error.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::Span;

/// How much a note matters to a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Severity {
    /// Worth knowing; nothing is missing.
    Info,
    /// Something may be missing or wrong.
    Warning,
}

/// One oddity of a document, with its place if it has one. Becomes an entry of the record's `warnings`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Note {
    /// How much it matters.
    pub severity: Severity,
    /// Stable name in snake case, e.g. `textless_page`, for programs.
    pub code: Cow<'static, str>,
    /// One sentence for people: what was found, what follows from it.
    pub message: String,
    /// Where in the text, if anywhere.
    pub span: Option<Span>,
}

impl Note {
    /// A warning without a place.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Note { severity: Severity::Warning, code: code.into(), message: message.into(), span: None }
    }

    /// An information without a place.
    pub fn info(code: &'static str, message: impl Into<String>) -> Self {
        Note { severity: Severity::Info, code: code.into(), message: message.into(), span: None }
    }

    /// The same note at a place.
    pub fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }
}
