//! Defines what a run says of itself when it ends.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::catalog::{Counts, FileState};

/// What a run did.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// Files that were offered.
    pub offered: usize,
    /// Of them, dealt with.
    pub done: usize,
    /// Never met before.
    pub new: usize,
    /// Met before, with another content.
    pub changed: usize,
    /// The same content, made again because a version changed or `--retry` asked for it.
    pub again: usize,
    /// As they were.
    pub unchanged: usize,
    /// Found at another place than before.
    pub moved: usize,
    /// Dropped because they are no longer there.
    pub removed: usize,
    /// No longer there, but kept.
    pub vanished: Vec<String>,
    /// Not read.
    pub failed: Vec<Failure>,
    /// Of the failed, those that failed in the same way before and were not tried again.
    pub failed_before: usize,
    /// Documents read or made again.
    pub documents: usize,
    /// Bytes of the files read.
    pub bytes: u64,
    /// Whether it was stopped before the end.
    pub interrupted: bool,
    /// Time it took, in seconds.
    pub seconds: f64,
    /// The catalog's sequence.
    pub sequence: u64,
    /// What the catalog holds now.
    pub holds: Counts,
    /// Files in the ledger by state.
    pub files: BTreeMap<FileState, u64>,
}

/// A file that was not read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Failure {
    /// Its path.
    pub path: String,
    /// Stable name of the problem.
    pub code: String,
    /// The problem, in a sentence that follows the path.
    pub message: String,
}

impl Report {
    /// True if the run changed nothing.
    pub fn nothing_done(&self) -> bool {
        self.new + self.changed + self.again + self.moved + self.removed == 0 && !self.interrupted
    }
}
