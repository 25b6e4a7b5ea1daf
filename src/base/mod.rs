//! Defines the words every room speaks: byte spans, boxes, document ids, notes, dates, folding; and what keeps a fault in one file from ending a run.
//!
//! Nothing here knows of files, pages of a PDF or fields; every other room may use it.

pub mod date;
pub mod fold;
pub mod geom;
pub mod guard;
pub mod id;
pub mod note;
pub mod span;

pub use date::PartialDate;
pub use geom::Rect;
pub use id::DocId;
pub use note::{Note, Severity};
pub use span::Span;
