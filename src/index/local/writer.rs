//! Defines `Writer`: entries into tantivy, one document's at a time, committed together with the catalog's sequence.

use std::path::Path;

use tantivy::indexer::UserOperation;
use tantivy::{Index, IndexWriter, TantivyDocument, TantivyError, Term};

use super::schema::{Fields, UNIT_SEPARATOR};
use crate::base::DocId;
use crate::index::IndexError;
use crate::index::entry::Entry;
use crate::index::memory::tie;
use crate::query::Unit;

/// Memory one indexing thread may fill before it writes a segment, in bytes.
const THREAD_BYTES: usize = 128 << 20;

/// Most indexing threads.
const MAX_THREADS: usize = 4;

/// Writes entries. What is added is seen by readers after [`Writer::commit`].
pub struct Writer {
    writer: IndexWriter,
    fields: Fields,
}

impl Writer {
    pub(super) fn new(index: &Index, fields: &Fields, dir: &Path) -> Result<Self, IndexError> {
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(MAX_THREADS);
        let writer = index.writer_with_num_threads(threads, threads * THREAD_BYTES).map_err(|e| match e {
            TantivyError::LockFailure(..) => IndexError::Busy { dir: dir.to_path_buf() },
            e => e.into(),
        })?;
        Ok(Writer { writer, fields: fields.clone() })
    }

    /// Drops all entries of a document.
    ///
    /// # Errors
    /// If the engine fails.
    pub fn delete(&mut self, doc: &DocId) -> Result<(), IndexError> {
        self.writer.delete_term(Term::from_field_text(self.fields.doc, doc.as_str()));
        Ok(())
    }

    /// Adds the entries of one document, as [`crate::index::entries`] gives them: its decisions, then itself. Entries
    /// of the same document that are there already stay; delete them first.
    ///
    /// # Errors
    /// If the engine fails, e.g. because the disk is full.
    pub fn add(&mut self, entries: Vec<Entry>) -> Result<(), IndexError> {
        let last = entries.len().saturating_sub(1);
        // One call, so that a document and its decisions lie beside each other in one segment.
        let group: Vec<UserOperation> = entries
            .iter()
            .enumerate()
            .map(|(i, e)| Ok(UserOperation::Add(self.lower(e, last - i)?)))
            .collect::<Result<_, IndexError>>()?;
        self.writer.run(group)?;
        Ok(())
    }

    /// Makes everything added and deleted visible and lasting, together with the catalog's sequence it brings the index to.
    ///
    /// # Errors
    /// If the engine fails; the index is then as it was after the last commit.
    pub fn commit(&mut self, sequence: u64) -> Result<(), IndexError> {
        let mut prepared = self.writer.prepare_commit()?;
        prepared.set_payload(&sequence.to_string());
        prepared.commit()?;
        Ok(())
    }

    /// Waits for merges under way to end. What was not committed is dropped.
    ///
    /// # Errors
    /// If a merge failed.
    pub fn finish(self) -> Result<(), IndexError> {
        Ok(self.writer.wait_merging_threads()?)
    }

    fn lower(&self, e: &Entry, to_document: usize) -> Result<TantivyDocument, IndexError> {
        let f = &self.fields;
        let mut d = TantivyDocument::default();
        d.add_text(f.doc, e.doc.as_str());
        let card = postcard::to_stdvec(&e.card).map_err(|e| IndexError::Engine(e.to_string()))?;
        d.add_bytes(f.card, &card);
        d.add_u64(f.unit, u64::from(e.unit == Unit::Decision));
        d.add_u64(f.ordinal, u64::from(e.ordinal));
        d.add_u64(f.to_document, to_document as u64);
        d.add_u64(f.tie, tie(&e.doc, e.ordinal));
        if let Some((first, last)) = e.days {
            d.add_i64(f.first_day, first);
            d.add_i64(f.last_day, last);
        }
        d.add_text(f.title(e.unit), &e.title);
        e.text.iter().for_each(|t| d.add_text(f.text(e.unit), t));
        for n in &e.names {
            d.add_text(f.names, format!("{}{UNIT_SEPARATOR}{}{UNIT_SEPARATOR}{}", n.field, n.key, n.value));
        }
        for (field, values) in &e.values {
            if let Some(column) = f.values.get(field) {
                values.iter().for_each(|v| d.add_text(*column, v));
            }
        }
        Ok(d)
    }
}
