//! Writes the catalog: batches of files and documents, each committed whole under one new sequence.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rusqlite::{OptionalExtension, Transaction, TransactionBehavior, params};

use super::codec::{Prepared, to_json};
use super::ledger::COLUMNS;
use super::schema::Db;
use super::{CatalogError, FileRow, FileState};
use crate::parse::record::MadeWith;

/// The one that writes. Whoever opens it holds the folder's lock.
#[derive(Debug)]
pub struct Writer {
    db: Db,
}

impl Writer {
    /// Opens the catalog of a folder, making it if there is none, and brings an older one to today's format.
    ///
    /// # Errors
    /// If the folder cannot be written, or holds a newer catalog or another kind of file.
    pub fn open_or_create(dir: &Path) -> Result<Self, CatalogError> {
        Ok(Writer { db: Db::open_to_write(dir)? })
    }

    /// The sequence of the last commit; 0 before the first.
    ///
    /// # Errors
    /// If the catalog cannot be read.
    pub fn sequence(&self) -> Result<u64, CatalogError> {
        self.db
            .tried(|c| c.query_row("SELECT coalesce(max(seq), 0) FROM commits", [], |r| r.get::<_, i64>(0)))
            .map(to_u64)
    }

    /// Begins a batch. It is gone if it is not committed.
    ///
    /// # Errors
    /// If somebody else is writing.
    pub fn begin(&mut self) -> Result<Batch<'_>, CatalogError> {
        let seq = to_i64(self.sequence()? + 1);
        let path = self.db.path.clone();
        let tx = self
            .db
            .conn
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(|e| CatalogError::of(&path, e))?;
        Ok(Batch { tx, path, seq, touched: BTreeSet::new(), changed: false })
    }

    /// Gives back the space of states that ended at or before `seq`. Their ids stay, so that it is known what went.
    ///
    /// # Errors
    /// If the catalog cannot be written.
    pub fn forget_until(&mut self, seq: u64) -> Result<(), CatalogError> {
        let seq = to_i64(seq);
        self.db.tried(|c| {
            c.execute("DELETE FROM documents WHERE seq_to <= ?1", [seq])?;
            let empty = "UPDATE records SET head = x'', record = x'' WHERE seq_to <= ?1 AND length(record) > 0";
            c.execute(empty, [seq]).map(|_| ())
        })
    }
}

/// A batch of changes that become visible together.
#[derive(Debug)]
pub struct Batch<'a> {
    tx: Transaction<'a>,
    path: PathBuf,
    seq: i64,
    /// Contents whose files or documents changed: who stands for them is settled on commit.
    touched: BTreeSet<String>,
    changed: bool,
}

impl Batch<'_> {
    /// Writes a file's line in the ledger in place of its former one. Whether a file that was read is its content's document or a
    /// duplicate is settled on commit, whatever the line says.
    ///
    /// # Errors
    /// If the catalog cannot be written.
    pub fn put_file(&mut self, row: &FileRow) -> Result<(), CatalogError> {
        let former = self.file(&row.place)?;
        if former.as_ref().is_some_and(|f| f.says_the_same(row)) {
            return Ok(());
        }
        let hashes = former.iter().filter_map(|f| f.blake3.clone()).chain(row.blake3.clone());
        self.touched.extend(hashes);
        self.changed = true;
        let seq = self.seq;
        self.tried(|tx| {
            if former.is_some() {
                end(tx, "files", "place", &row.place, seq)?;
            }
            insert_file(tx, row, seq)
        })
    }

    /// The line of an absolute path as it stands in this batch.
    ///
    /// # Errors
    /// If the catalog cannot be read.
    pub fn file(&self, place: &str) -> Result<Option<FileRow>, CatalogError> {
        self.tried(|tx| {
            let sql = format!("SELECT {COLUMNS} FROM files WHERE place = ?1 AND seq_to IS NULL");
            tx.prepare_cached(&sql)?.query_row([place], FileRow::read).optional()
        })
    }

    /// The versions that made the records of a content as they stand in this batch; none if it has none.
    ///
    /// # Errors
    /// If the catalog cannot be read.
    pub fn made_with(&self, blake3: &str) -> Result<Option<MadeWith>, CatalogError> {
        let sql = "SELECT made_with FROM records WHERE blake3 = ?1 AND seq_to IS NULL LIMIT 1";
        let found: Option<String> =
            self.tried(|tx| tx.prepare_cached(sql)?.query_row([blake3], |r| r.get(0)).optional())?;
        Ok(found.and_then(|json| serde_json::from_str(&json).ok()))
    }

    /// Writes all documents of a content in place of those it had. `path` is that of the file they were read from; which file stands
    /// for the content is settled on commit.
    ///
    /// # Errors
    /// If the catalog cannot be written.
    pub fn put_documents(&mut self, blake3: &str, path: &str, documents: &[Prepared]) -> Result<(), CatalogError> {
        let seq = self.seq;
        let known = "SELECT 1 FROM documents WHERE blake3 = ?1 AND seq_to IS NULL
                     UNION ALL SELECT 1 FROM records WHERE blake3 = ?1 AND seq_to IS NULL LIMIT 1";
        self.tried(|tx| {
            if tx.prepare_cached(known)?.exists([blake3])? {
                end(tx, "documents", "blake3", blake3, seq)?;
                end(tx, "records", "blake3", blake3, seq)?;
            }
            for doc in documents {
                tx.prepare_cached(
                    "INSERT INTO documents (id, blake3, head, text, layout, seq_from) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                )?
                .execute(params![doc.id.as_str(), blake3, doc.head, doc.text, doc.layout, seq])?;
                insert_record(tx, (blake3, path), doc, seq)?;
            }
            Ok(())
        })?;
        self.touch(blake3);
        Ok(())
    }

    /// Writes new records of documents that stay as they are; `path` as for [`Batch::put_documents`].
    ///
    /// # Errors
    /// If the catalog cannot be written.
    pub fn put_records(&mut self, blake3: &str, path: &str, documents: &[Prepared]) -> Result<(), CatalogError> {
        let seq = self.seq;
        self.tried(|tx| {
            end(tx, "records", "blake3", blake3, seq)?;
            documents.iter().try_for_each(|doc| insert_record(tx, (blake3, path), doc, seq))
        })?;
        self.touch(blake3);
        Ok(())
    }

    /// Commits to the disk. Returns the new sequence, or none if nothing changed.
    ///
    /// # Errors
    /// If the catalog cannot be written; then nothing of the batch is kept.
    pub fn commit(self) -> Result<Option<u64>, CatalogError> {
        if !self.changed {
            return Ok(None);
        }
        for blake3 in &self.touched {
            self.tried(|tx| settle(tx, blake3, self.seq))?;
        }
        let now = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let Batch { tx, path, seq, .. } = self;
        let done =
            tx.execute("INSERT INTO commits (seq, at) VALUES (?1, ?2)", params![seq, now]).and_then(|_| tx.commit());
        done.map_err(|e| CatalogError::of(&path, e))?;
        Ok(Some(to_u64(seq)))
    }

    fn touch(&mut self, blake3: &str) {
        self.touched.insert(blake3.to_string());
        self.changed = true;
    }

    fn tried<T>(&self, f: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>) -> Result<T, CatalogError> {
        f(&self.tx).map_err(|e| CatalogError::of(&self.path, e))
    }
}

/// Ends what holds now of the rows with this key; what began in this very batch goes without trace.
fn end(tx: &Transaction<'_>, table: &str, key: &str, value: &str, seq: i64) -> rusqlite::Result<()> {
    for statement in ends(table, key) {
        tx.prepare_cached(&statement)?.execute(params![value, seq])?;
    }
    Ok(())
}

/// The statements of [`end`]. The plus keeps SQLite from looking through the whole batch (`records_begun`) instead of the rows of the key.
fn ends(table: &str, key: &str) -> [String; 2] {
    [
        format!("DELETE FROM {table} WHERE {key} = ?1 AND seq_to IS NULL AND +seq_from = ?2"),
        format!("UPDATE {table} SET seq_to = ?2 WHERE {key} = ?1 AND seq_to IS NULL"),
    ]
}

fn insert_file(tx: &Transaction<'_>, row: &FileRow, seq: i64) -> rusqlite::Result<()> {
    tx.prepare_cached(&format!("INSERT INTO files ({COLUMNS}) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12)"))?
        .execute(params![
            row.path,
            row.state.as_str(),
            row.code,
            row.message,
            to_i64(row.stamp.bytes),
            row.stamp.modified,
            row.blake3,
            row.root,
            row.place,
            row.partial,
            row.made_with,
            seq
        ])
        .map(|_| ())
}

/// Inserts the row of a record of a content, with the path of a file that has it; what else has it is settled on commit.
fn insert_record(tx: &Transaction<'_>, (blake3, path): (&str, &str), doc: &Prepared, seq: i64) -> rusqlite::Result<()> {
    let row = &doc.row;
    tx.prepare_cached(
        "INSERT INTO records (id, blake3, path, also_at, part, head, made_with, record, kind, year, districts, warnings, seq_from)
         VALUES (?1, ?2, ?3, '[]', ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )?
    .execute(params![
        doc.id.as_str(),
        blake3,
        path,
        doc.part,
        doc.head,
        row.made_with,
        row.record,
        row.kind,
        row.year,
        row.districts,
        to_i64(row.warnings as u64),
        seq
    ])
    .map(|_| ())
}

/// Settles which file stands for a content (the first by path, then place) and which are its duplicates; a content
/// that no file has any longer loses its documents.
fn settle(tx: &Transaction<'_>, blake3: &str, seq: i64) -> rusqlite::Result<()> {
    let sql = format!(
        "SELECT {COLUMNS} FROM files WHERE blake3 = ?1 AND seq_to IS NULL AND state IN ('ok', 'partial', 'duplicate')
         ORDER BY path, place"
    );
    let files: Vec<FileRow> =
        tx.prepare_cached(&sql)?.query_map([blake3], FileRow::read)?.collect::<rusqlite::Result<_>>()?;
    let Some(first) = files.first() else {
        end(tx, "documents", "blake3", blake3, seq)?;
        return end(tx, "records", "blake3", blake3, seq);
    };
    for (i, file) in files.iter().enumerate() {
        let (state, code, message) = match (&first.partial, i) {
            (None, 0) => (FileState::Ok, None, None),
            (Some(what), 0) => (FileState::Partial, Some("partial".to_string()), Some(what.clone())),
            _ => (
                FileState::Duplicate,
                Some("duplicate".to_string()),
                Some(format!("has the same content as {}", first.path)),
            ),
        };
        let settled = FileRow { state, code, message, ..file.clone() };
        if settled != *file {
            end(tx, "files", "place", &file.place, seq)?;
            insert_file(tx, &settled, seq)?;
        }
    }
    let others: Vec<&str> = files.iter().skip(1).map(|f| f.path.as_str()).collect();
    place_records(tx, blake3, &first.path, &to_json(&others).unwrap_or_default(), seq)
}

/// Gives the records of a content their path; a row that held before and had another is ended and goes on as a new one.
fn place_records(tx: &Transaction<'_>, blake3: &str, path: &str, also_at: &str, seq: i64) -> rusqlite::Result<()> {
    for statement in places() {
        tx.prepare_cached(&statement)?.execute(params![blake3, path, also_at, seq])?;
    }
    Ok(())
}

/// The statements of [`place_records`]; the plus as in [`ends`].
fn places() -> [String; 3] {
    let elsewhere = "blake3 = ?1 AND seq_to IS NULL AND (path <> ?2 OR also_at <> ?3)";
    [
        format!(
            "INSERT INTO records (id, blake3, path, also_at, part, head, made_with, record, kind, year, districts, warnings, seq_from)
             SELECT id, blake3, ?2, ?3, part, head, made_with, record, kind, year, districts, warnings, ?4
             FROM records WHERE {elsewhere} AND +seq_from < ?4"
        ),
        format!("UPDATE records SET seq_to = ?4 WHERE {elsewhere} AND +seq_from < ?4"),
        format!("UPDATE records SET path = ?2, also_at = ?3 WHERE {elsewhere} AND +seq_from = ?4"),
    ]
}

fn to_i64(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn to_u64(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A batch of a thousand documents that each look through the others costs their square.
    #[test]
    fn a_document_is_looked_up_by_its_key_whatever_the_batch_holds() {
        let dir = tempfile::tempdir().unwrap();
        let writer = Writer::open_or_create(dir.path()).unwrap();
        let keyed = [ends("files", "place"), ends("documents", "blake3"), ends("records", "blake3")];
        for statement in keyed.into_iter().flatten().chain(places()) {
            let mut explained = writer.db.conn.prepare(&format!("EXPLAIN QUERY PLAN {statement}")).unwrap();
            let blank = vec![rusqlite::types::Null; explained.parameter_count()];
            let plan: Vec<String> = explained
                .query_map(rusqlite::params_from_iter(blank), |row| row.get("detail"))
                .unwrap()
                .map(Result::unwrap)
                .collect();
            let by_key = |step: &String| step.contains("files_now") || step.contains("_by_content");
            assert!(!plan.is_empty() && plan.iter().all(by_key), "{statement}: {plan:?}");
        }
    }
}
