//! Answers single questions while the catalog is being written: what is known of a place, of a content. Each answer is of the
//! newest commit; no transaction is held, so that a long run does not keep SQLite from tidying its log.

use std::path::Path;

use rusqlite::OptionalExtension as _;

use super::ledger::COLUMNS;
use super::schema::Db;
use super::{CatalogError, FileRow, StoredDocument, reader};
use crate::ingest::Document;
use crate::parse::record::MadeWith;

/// How many lines of the ledger are fetched at a time.
const PAGE: usize = 1000;

/// Asks the catalog while it is being written.
#[derive(Debug)]
pub struct Lookup {
    db: Db,
}

impl Lookup {
    /// Opens the catalog of a folder.
    ///
    /// # Errors
    /// If there is none, or it cannot be read.
    pub fn open(dir: &Path) -> Result<Self, CatalogError> {
        Ok(Lookup { db: Db::open_to_read(dir)? })
    }

    /// The ledger's line of an absolute path.
    ///
    /// # Errors
    /// If the catalog cannot be read.
    pub fn file(&self, place: &str) -> Result<Option<FileRow>, CatalogError> {
        let sql = format!("SELECT {COLUMNS} FROM files WHERE place = ?1 AND seq_to IS NULL");
        self.db.tried(|c| c.prepare_cached(&sql)?.query_row([place], FileRow::read).optional())
    }

    /// The lines of all files with this content that were read.
    ///
    /// # Errors
    /// If the catalog cannot be read.
    pub fn files_of(&self, blake3: &str) -> Result<Vec<FileRow>, CatalogError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM files WHERE blake3 = ?1 AND seq_to IS NULL AND state IN ('ok', 'partial', 'duplicate')
             ORDER BY path, place"
        );
        self.db.tried(|c| c.prepare_cached(&sql)?.query_map([blake3], FileRow::read)?.collect())
    }

    /// The versions that made the records of a content; none if it has no record.
    ///
    /// # Errors
    /// If the catalog cannot be read.
    pub fn made_with(&self, blake3: &str) -> Result<Option<MadeWith>, CatalogError> {
        let sql = "SELECT made_with FROM records WHERE blake3 = ?1 AND seq_to IS NULL LIMIT 1";
        let found: Option<String> =
            self.db.tried(|c| c.prepare_cached(sql)?.query_row([blake3], |r| r.get(0)).optional())?;
        Ok(found.and_then(|json| serde_json::from_str(&json).ok()))
    }

    /// The documents of a content as stored, by part.
    ///
    /// # Errors
    /// If the catalog cannot be read or is damaged.
    pub fn documents(&self, blake3: &str) -> Result<Vec<(StoredDocument, Document)>, CatalogError> {
        reader::documents_of(&self.db, blake3)
    }

    /// The lines of the ledger after a place, in order of their places; a whole page of them, fewer at the end.
    ///
    /// # Errors
    /// If the catalog cannot be read.
    pub fn files_after(&self, place: &str) -> Result<Vec<FileRow>, CatalogError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM files WHERE place > ?1 AND seq_to IS NULL AND state <> 'removed' ORDER BY place LIMIT {PAGE}"
        );
        self.db.tried(|c| c.prepare_cached(&sql)?.query_map([place], FileRow::read)?.collect())
    }
}
