//! Defines `DocId`, the name of a document that needs no coordinator.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A document's id: the first 128 bits of its file's BLAKE3 in hex, with `-pN` after it for a part of a bundle
/// that begins on page N of the file. Equal files have equal ids wherever they lie.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DocId(String);

impl DocId {
    /// How many letters of its file's BLAKE3 an id begins with.
    pub const FILE_LETTERS: usize = 32;

    /// The id of a whole file.
    pub fn of_file(hash: &blake3::Hash) -> Self {
        DocId(hash.to_hex()[..Self::FILE_LETTERS].to_string())
    }

    /// The id of a part that begins on `first_page` (counted from 1) of this file.
    pub fn part(&self, first_page: u32) -> Self {
        DocId(format!("{}-p{first_page}", self.0))
    }

    /// An id as it was stored or typed.
    pub fn from_stored(s: impl Into<String>) -> Self {
        DocId(s.into())
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DocId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
