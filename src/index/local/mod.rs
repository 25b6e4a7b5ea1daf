//! Defines the embedded engine: tantivy in a folder, read through memory maps.
//!
//! No tantivy type leaves this folder.

mod compounds;
mod facets;
mod gather;
mod longer;
mod lower;
mod near;
mod rows;
mod schema;
mod score;
mod search;
mod spelling;
mod writer;

use std::fs;
use std::path::{Path, PathBuf};

use tantivy::directory::MmapDirectory;
use tantivy::{Index, IndexReader, ReloadPolicy, TantivyError};

use super::IndexError;
use super::manifest::Manifest;
use crate::query::Unit;
use schema::Fields;
pub use search::Reader;
pub use writer::Writer;

/// Name of the index's folder beside the catalog.
pub const FOLDER: &str = "tantivy";

/// An index in a folder.
pub struct LocalIndex {
    dir: PathBuf,
    index: Index,
    fields: Fields,
}

impl From<TantivyError> for IndexError {
    fn from(e: TantivyError) -> Self {
        IndexError::Engine(e.to_string())
    }
}

impl LocalIndex {
    /// Opens the index in this folder.
    ///
    /// # Errors
    /// If there is none, another version wrote it, or it cannot be read.
    pub fn open(dir: &Path) -> Result<Self, IndexError> {
        let missing = || IndexError::Missing { dir: dir.to_path_buf() };
        Manifest::read(dir)?.ok_or_else(missing)?.check(dir)?;
        let (schema, fields) = Fields::build();
        let index = Index::open_in_dir(dir).map_err(|e| match e {
            TantivyError::OpenReadError(_) | TantivyError::OpenDirectoryError(_) => missing(),
            e => e.into(),
        })?;
        if index.schema() != schema {
            return Err(IndexError::Other { dir: dir.to_path_buf(), found: "an index with other fields".to_string() });
        }
        schema::register(&index);
        Ok(LocalIndex { dir: dir.to_path_buf(), index, fields })
    }

    /// Opens the index in this folder, or makes an empty one.
    ///
    /// # Errors
    /// If another version wrote what is there, or the folder cannot be read or written.
    pub fn open_or_create(dir: &Path) -> Result<Self, IndexError> {
        match Self::open(dir) {
            Err(IndexError::Missing { .. }) => {}
            other => return other,
        }
        let io = |source| IndexError::Io { path: dir.to_path_buf(), source };
        fs::create_dir_all(dir).map_err(io)?;
        let (schema, fields) = Fields::build();
        let directory = MmapDirectory::open(dir).map_err(|e| IndexError::Engine(e.to_string()))?;
        let index = Index::open_or_create(directory, schema)?;
        Manifest::current().write(dir)?;
        schema::register(&index);
        Ok(LocalIndex { dir: dir.to_path_buf(), index, fields })
    }

    /// Removes whatever index the folder holds and makes an empty one, whose sequence is 0.
    ///
    /// # Errors
    /// If the folder cannot be read or written.
    pub fn recreate(dir: &Path) -> Result<Self, IndexError> {
        match fs::remove_dir_all(dir) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                return Err(IndexError::Io { path: dir.to_path_buf(), source: e });
            }
            _ => {}
        }
        Self::open_or_create(dir)
    }

    /// The catalog's sequence that the index holds: that of the last commit, 0 before the first.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn sequence(&self) -> Result<u64, IndexError> {
        let payload = self.index.load_metas()?.payload;
        Ok(payload.and_then(|p| p.parse().ok()).unwrap_or(0))
    }

    /// The state of the last commit, to be searched; later commits do not change it.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn reader(&self) -> Result<Reader, IndexError> {
        // A commit may come between the two; the sequence is that of the state only if it did not.
        let mut sequence = self.sequence()?;
        loop {
            let reader: IndexReader = self.index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
            let again = self.sequence()?;
            if again == sequence {
                let dir = self.dir.clone();
                return Ok(Reader::new(reader.searcher(), self.fields.clone(), dir, sequence));
            }
            sequence = again;
        }
    }

    /// Makes the table of compounds for the last commit, unless it is there: readers then need not make it themselves.
    ///
    /// # Errors
    /// If the index cannot be read or the folder cannot be written.
    pub fn save_compounds(&self) -> Result<(), IndexError> {
        let reader = self.reader()?;
        compounds::save(&self.dir, &reader.searcher, self.fields.text(Unit::Document), reader.sequence)
    }

    /// The writer; there is one at a time.
    ///
    /// # Errors
    /// If another process writes, or the folder cannot be written.
    pub fn writer(&self) -> Result<Writer, IndexError> {
        Writer::new(&self.index, &self.fields, &self.dir)
    }
}
