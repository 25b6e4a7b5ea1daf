//! Brings the index to the state of the catalog: after each batch, after a run that was cut short, and from nothing.

use std::collections::BTreeMap;
use std::path::Path;

use super::{PipelineError, Progress};
use crate::base::DocId;
use crate::catalog::{CatalogError, Reader};
use crate::index::local::{LocalIndex, Writer};
use crate::index::{Entry, IndexError, entries};

use super::guard::guarded;

/// Name of the index's folder in the index folder.
pub(super) const FOLDER: &str = "tantivy";

/// The index being written, and the catalog's sequence that it has reached.
pub(super) struct Target {
    writer: Writer,
    pub(super) sequence: u64,
}

impl Target {
    /// Opens the index. One of another version, or of a later state than the catalog's, is made anew: it is derived.
    pub(super) fn open(dir: &Path, newest: u64) -> Result<Self, IndexError> {
        let folder = dir.join(FOLDER);
        let index = match LocalIndex::open_or_create(&folder) {
            Err(IndexError::Other { .. }) => LocalIndex::recreate(&folder)?,
            other => other?,
        };
        let sequence = index.sequence()?;
        if sequence > newest {
            drop(index);
            return Self::anew(dir);
        }
        Ok(Target { writer: index.writer()?, sequence })
    }

    /// An empty index in place of what is there.
    pub(super) fn anew(dir: &Path) -> Result<Self, IndexError> {
        let index = LocalIndex::recreate(&dir.join(FOLDER))?;
        Ok(Target { writer: index.writer()?, sequence: 0 })
    }

    /// Indexes what the catalog has committed since. `made` holds entries that need not be made again.
    pub(super) fn catch_up(
        &mut self,
        dir: &Path,
        mut made: BTreeMap<DocId, Vec<Entry>>,
        progress: Option<&dyn Progress>,
    ) -> Result<usize, PipelineError> {
        let reader = Reader::open(dir)?;
        if reader.sequence() == self.sequence {
            return Ok(0);
        }
        let changes = reader.changes_since(self.sequence)?;
        if let Some(progress) = progress {
            progress.begin(changes.len());
        }
        for change in &changes {
            if change.known {
                self.writer.delete(&change.id)?;
            }
            if !change.gone {
                let entries = match made.remove(&change.id) {
                    Some(entries) => entries,
                    None => stored_entries(&reader, &change.id)?,
                };
                self.writer.add(entries)?;
            }
            if let Some(progress) = progress {
                progress.step();
            }
        }
        self.writer.commit(reader.sequence())?;
        self.sequence = reader.sequence();
        Ok(changes.len())
    }

    /// Waits for what the engine still does in the background.
    pub(super) fn finish(self) -> Result<(), IndexError> {
        self.writer.finish()
    }
}

fn stored_entries(reader: &Reader, id: &DocId) -> Result<Vec<Entry>, PipelineError> {
    let missing = || PipelineError::Inconsistent { id: id.to_string() };
    let stored = reader.get(id)?.ok_or_else(missing)?;
    let doc = reader.document(id)?.ok_or_else(missing)?;
    guarded(|| entries(&doc, &stored.record)).map_err(|detail| PipelineError::Internal { path: stored.path, detail })
}

impl From<CatalogError> for PipelineError {
    fn from(e: CatalogError) -> Self {
        PipelineError::Catalog(e)
    }
}

impl From<IndexError> for PipelineError {
    fn from(e: IndexError) -> Self {
        PipelineError::Index(e)
    }
}
