//! Brings the index to the state of the catalog: after each batch, after a run that was cut short, and from nothing.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use super::{PipelineError, Progress};
use crate::base::DocId;
use crate::base::guard::guarded;
use crate::catalog::{CatalogError, Reader};
use crate::index::local::{LocalIndex, Writer};
use crate::index::{Entry, IndexError, entries};

/// Name of the index's folder in the index folder.
const FOLDER: &str = "tantivy";

/// Where a new index is made, and where the old one waits to be removed: readers never see half of one.
const NEW: &str = "tantivy.new";
const OLD: &str = "tantivy.old";

/// The index is committed when so many documents were added to it …
const COMMIT_DOCUMENTS: usize = 50_000;
/// … or the last commit is so long ago. The catalog is committed far more often, and what the index misses after a kill
/// is made from it: many small commits would only make the engine merge all the time.
const COMMIT_AGE: Duration = Duration::from_secs(30);

/// The index being written, and the catalog's sequence that it has reached.
pub(super) struct Target {
    index: LocalIndex,
    writer: Writer,
    /// What was added.
    pub(super) sequence: u64,
    /// What was added and committed.
    committed: u64,
    since: Instant,
    documents: usize,
}

impl Target {
    /// Opens the index and brings it to the catalog's state. One that is missing, of another version, or of a later
    /// state than the catalog's, is made anew: it is derived.
    pub(super) fn open(dir: &Path, newest: u64) -> Result<Self, PipelineError> {
        let folder = dir.join(FOLDER);
        let index = match LocalIndex::open(&folder) {
            Err(IndexError::Missing { .. }) if newest == 0 => LocalIndex::open_or_create(&folder)?,
            Err(IndexError::Missing { .. } | IndexError::Other { .. }) => rebuild(dir, None)?,
            Err(other) => return Err(other.into()),
            Ok(index) if index.sequence()? > newest => {
                drop(index);
                rebuild(dir, None)?
            }
            Ok(index) => index,
        };
        let mut target = Target::new(index.sequence()?, index)?;
        if target.sequence < newest {
            target.catch_up(dir, BTreeMap::new(), None)?;
            target.commit()?;
        }
        Ok(target)
    }

    fn new(sequence: u64, index: LocalIndex) -> Result<Self, IndexError> {
        let writer = index.writer()?;
        Ok(Target { index, writer, sequence, committed: sequence, since: Instant::now(), documents: 0 })
    }

    /// Adds what the catalog has committed since, and commits if it is time. `made` holds entries that need not be made again.
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
        self.sequence = reader.sequence();
        self.documents += changes.len();
        if self.documents >= COMMIT_DOCUMENTS || self.since.elapsed() >= COMMIT_AGE {
            self.commit()?;
        }
        Ok(changes.len())
    }

    /// Makes what was added visible and lasting.
    pub(super) fn commit(&mut self) -> Result<(), IndexError> {
        if self.committed < self.sequence {
            self.writer.commit(self.sequence)?;
            self.committed = self.sequence;
        }
        (self.since, self.documents) = (Instant::now(), 0);
        Ok(())
    }

    /// Waits for what the engine still does in the background, and stores what is made of all its words.
    pub(super) fn finish(mut self) -> Result<(), IndexError> {
        self.commit()?;
        self.writer.finish()?;
        self.index.save_compounds()
    }
}

/// Makes the index anew from the catalog beside the old one, then puts it in its place.
pub(super) fn rebuild(dir: &Path, progress: Option<&dyn Progress>) -> Result<LocalIndex, PipelineError> {
    let (folder, new, old) = (dir.join(FOLDER), dir.join(NEW), dir.join(OLD));
    let index = LocalIndex::recreate(&new)?;
    let mut target = Target::new(0, index)?;
    target.catch_up(dir, BTreeMap::new(), progress)?;
    target.finish()?;
    remove(&old)?;
    if folder.exists() {
        fs::rename(&folder, &old).map_err(|source| IndexError::Io { path: folder.clone(), source })?;
    }
    fs::rename(&new, &folder).map_err(|source| IndexError::Io { path: new, source })?;
    remove(&old)?;
    Ok(LocalIndex::open(&folder)?)
}

fn remove(folder: &Path) -> Result<(), IndexError> {
    match fs::remove_dir_all(folder) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
            Err(IndexError::Io { path: folder.to_path_buf(), source })
        }
        _ => Ok(()),
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
