//! Defines the index: records become entries, an engine answers queries over them.
//!
//! Two units live in one index: a document, and each decision in it. The catalog is the truth; an index can be deleted
//! and rebuilt at any time.

pub mod analyse;
pub mod card;
pub mod compounds;
#[cfg(test)]
mod conformance;
pub mod engine;
pub mod entry;
pub mod local;
pub mod manifest;
pub mod memory;
pub mod terms;

use std::io;
use std::path::PathBuf;

pub use card::Card;
pub use engine::{Answer, Ask, Counts, Engine, EntryHit, Stands};
pub use entry::{Entry, entries};

/// Why an index cannot be opened, read or written.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// There is none.
    #[error("{}: holds no index; build one with `diarium ingest PATH`", dir.display())]
    Missing {
        /// Where it was looked for.
        dir: PathBuf,
    },
    /// Another version wrote it.
    #[error("{}: is {found}; rebuild it with `diarium reindex`", dir.display())]
    Other {
        /// Which folder.
        dir: PathBuf,
        /// What was found.
        found: String,
    },
    /// Another process writes to it.
    #[error("{}: another process is writing this index; wait for it to end", dir.display())]
    Busy {
        /// Which folder.
        dir: PathBuf,
    },
    /// The file system refused.
    #[error("{}: {source}", path.display())]
    Io {
        /// Which file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The engine failed.
    #[error("the search index failed ({0}); `diarium reindex` rebuilds it")]
    Engine(String),
}
