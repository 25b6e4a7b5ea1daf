//! Defines the ledger's lines: every file ever offered, what became of it and why.

use std::fmt;
use std::str::FromStr;

use rusqlite::Row;
use serde::Serialize;

use crate::ingest::source::Stamp;

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FileState {
    /// Read, whole.
    Ok,
    /// Read, but something of it is missing.
    Partial,
    /// Not read.
    Failed,
    /// The same content as a file of an earlier name.
    Duplicate,
    /// No longer there.
    Removed,
}

impl FileState {
    /// All, in order.
    pub const ALL: [FileState; 5] =
        [FileState::Ok, FileState::Partial, FileState::Failed, FileState::Duplicate, FileState::Removed];

    /// As it stands in the ledger.
    pub fn as_str(self) -> &'static str {
        match self {
            FileState::Ok => "ok",
            FileState::Partial => "partial",
            FileState::Failed => "failed",
            FileState::Duplicate => "duplicate",
            FileState::Removed => "removed",
        }
    }
}

impl fmt::Display for FileState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for FileState {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, String> {
        let known = || FileState::ALL.map(FileState::as_str).join(", ");
        FileState::ALL.into_iter().find(|f| f.as_str() == s).ok_or_else(|| format!("\"{s}\" is none of {}", known()))
    }
}

/// One line of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileRow {
    /// Path relative to the PATH given, `/` between.
    pub path: String,
    /// What became of it.
    pub state: FileState,
    /// Stable name of the problem; for a removed file why it went.
    pub code: Option<String>,
    /// The problem in a sentence that follows the path.
    pub message: Option<String>,
    /// Size and time of change when it was last looked at.
    #[serde(flatten)]
    pub stamp: Stamp,
    /// BLAKE3 of its bytes; none if it could not be read.
    pub blake3: Option<String>,
    /// The folder that `path` is relative to.
    pub root: String,
    /// Absolute path: what tells files apart.
    pub place: String,
    /// What of its text is missing, whatever its state; none if it was read whole.
    #[serde(skip)]
    pub partial: Option<String>,
    /// The versions it was read with, as JSON; empty if it was not read.
    #[serde(skip)]
    pub made_with: String,
    /// The sequence from which this line holds.
    pub seq: u64,
}

/// The columns of a line, in the order that [`FileRow::read`] reads them.
pub(super) const COLUMNS: &str =
    "path, state, code, message, bytes, modified, blake3, root, place, partial, made_with, seq_from";

impl FileRow {
    pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<FileRow> {
        let state: String = row.get(1)?;
        Ok(FileRow {
            path: row.get(0)?,
            state: state.parse().map_err(|e: String| {
                rusqlite::Error::FromSqlConversionFailure(1, rusqlite::types::Type::Text, e.into())
            })?,
            code: row.get(2)?,
            message: row.get(3)?,
            stamp: Stamp { bytes: row.get::<_, i64>(4)?.unsigned_abs(), modified: row.get(5)? },
            blake3: row.get(6)?,
            root: row.get(7)?,
            place: row.get(8)?,
            partial: row.get(9)?,
            made_with: row.get(10)?,
            seq: row.get::<_, i64>(11)?.unsigned_abs(),
        })
    }

    /// True if both say the same of the same file, whenever it was said.
    pub fn says_the_same(&self, other: &FileRow) -> bool {
        let timeless = |r: &FileRow| FileRow { seq: 0, ..r.clone() };
        timeless(self) == timeless(other)
    }

    /// True if the line stands for a document: its content was read.
    pub fn is_read(&self) -> bool {
        matches!(self.state, FileState::Ok | FileState::Partial | FileState::Duplicate)
    }
}
