//! Defines the public shapes: what leaves the program as bytes.
//!
//! `schema` is the one table of fields. `wire` writes records as JSON, `rows` makes the rows of tables from them, one file per format writes
//! them. An export is written beside its place and moved there when it is whole; the same catalog gives the same bytes.

mod archive;
pub mod cite;
pub mod csv;
pub mod dump;
mod error;
pub mod pack;
pub mod package;
pub mod parquet;
pub mod pseudonym;
pub mod rows;
pub mod schema;
pub mod sqlite;
pub mod target;
pub mod wire;
pub mod xlsx;

pub use error::ExportError;

use schema::{Rows, Table};

/// Which tables are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Selected {
    /// Whether only changes are written: what is gone is told too, and the registers, which follow from all documents, are left out.
    pub changes: bool,
}

impl Selected {
    /// True if a table is written.
    pub fn has(self, table: &Table) -> bool {
        match table.rows {
            Rows::Tombstones => self.changes,
            Rows::Register(_) | Rows::Mentions => !self.changes,
            _ => true,
        }
    }
}
