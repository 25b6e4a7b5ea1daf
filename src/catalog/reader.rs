//! Reads the catalog as of one sequence: documents in order, one by id or path, the ledger, counts, what changed.

use std::cell::OnceCell;
use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use rusqlite::{Row, params};
use serde::Serialize;

use super::ledger::COLUMNS;
use super::schema::Db;
use super::{CatalogError, FileRow, FileState, StoredDocument, codec};
use crate::base::DocId;
use crate::ingest::Document;

/// How many documents are fetched at a time when all are read.
const PAGE: usize = 128;

/// A row that holds as of `?1`.
const HOLDS: &str = "seq_from <= ?1 AND (seq_to IS NULL OR seq_to > ?1)";

/// The columns that [`Raw::read`] reads.
const STORED: &str = "id, path, also_at, head, made_with, record, seq_from, part";

/// One whole state of the catalog. Others may write meanwhile; this one does not see it.
#[derive(Debug)]
pub struct Reader {
    db: Db,
    seq: i64,
    /// Counted when first asked for.
    unread: OnceCell<Unread>,
}

/// What of the files offered could not be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unread {
    /// Files of which nothing could be read.
    pub failed_files: u64,
    /// Pages that show something but have no letters.
    pub textless_pages: u64,
}

/// What became of a document after some sequence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Which.
    pub id: DocId,
    /// When its present state began, or when it went.
    pub seq: u64,
    /// Whether it went.
    pub gone: bool,
    /// Whether it was there before.
    pub known: bool,
}

/// What the catalog holds, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Documents.
    pub documents: u64,
    /// By kind.
    pub kinds: BTreeMap<String, u64>,
    /// By own district; a document with two counts for both.
    pub districts: BTreeMap<String, u64>,
    /// By year; those without one under none.
    pub years: BTreeMap<i16, u64>,
    /// Documents without a year.
    pub without_year: u64,
    /// Documents without a district of their own.
    pub without_district: u64,
    /// Documents with a warning.
    pub with_warnings: u64,
    /// Warnings.
    pub warnings: u64,
}

impl Reader {
    /// The newest state.
    ///
    /// # Errors
    /// If there is no catalog, or it cannot be read.
    pub fn open(dir: &Path) -> Result<Self, CatalogError> {
        Self::open_as_of(dir, u64::MAX)
    }

    /// The state as of a sequence, or the newest if that is older.
    ///
    /// # Errors
    /// If there is no catalog, or it cannot be read.
    pub fn open_as_of(dir: &Path, seq: u64) -> Result<Self, CatalogError> {
        let db = Db::open_to_read(dir)?;
        // The transaction lasts as long as the reader: all it reads is of one state, whatever is written or forgotten meanwhile.
        let newest = db.tried(|c| {
            c.execute_batch("BEGIN")?;
            c.query_row("SELECT coalesce(max(seq), 0) FROM commits", [], |r| r.get::<_, i64>(0))
        })?;
        let seq = newest.min(i64::try_from(seq).unwrap_or(i64::MAX));
        Ok(Reader { db, seq, unread: OnceCell::new() })
    }

    /// The sequence it is as of; 0 before the first commit.
    pub fn sequence(&self) -> u64 {
        self.seq.unsigned_abs()
    }

    /// The last sequence committed before a moment (UTC, ISO 8601, to the day or the second); 0 if there is none.
    ///
    /// # Errors
    /// If the catalog cannot be read.
    pub fn sequence_before(&self, moment: &str) -> Result<u64, CatalogError> {
        let sql = "SELECT coalesce(max(seq), 0) FROM commits WHERE at < ?1";
        self.db.tried(|c| c.query_row(sql, [moment], |r| r.get::<_, i64>(0))).map(i64::unsigned_abs)
    }

    /// Where something derived from the catalog is kept: a file beside it.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.db.path.with_file_name(name)
    }

    /// All documents with the sequence that their present state began at, in no order. Reads no record.
    ///
    /// # Errors
    /// If the catalog cannot be read.
    pub fn states(&self) -> Result<Vec<(DocId, u64)>, CatalogError> {
        // Both halves are answered from indexes alone: rows are large.
        let sql = "SELECT id, seq_from FROM records INDEXED BY records_by_path WHERE seq_from <= ?1
                   AND row NOT IN (SELECT row FROM records INDEXED BY records_past WHERE seq_to IS NOT NULL AND seq_to <= ?1)";
        let state = |r: &Row<'_>| Ok((DocId::from_stored(r.get::<_, String>(0)?), r.get::<_, i64>(1)?.unsigned_abs()));
        self.db.tried(|c| c.prepare_cached(sql)?.query_map([self.seq], state)?.collect())
    }

    /// All documents, ordered by path, then part.
    pub fn documents(&self) -> Documents<'_> {
        Documents { reader: self, page: VecDeque::new(), after: Some((String::new(), -1, String::new())) }
    }

    /// Number of documents.
    ///
    /// # Errors
    /// If the catalog cannot be read.
    pub fn len(&self) -> Result<u64, CatalogError> {
        let sql = format!("SELECT count(*) FROM records WHERE {HOLDS}");
        self.db.tried(|c| c.query_row(&sql, [self.seq], |r| r.get::<_, i64>(0))).map(i64::unsigned_abs)
    }

    /// True without documents.
    ///
    /// # Errors
    /// If the catalog cannot be read.
    pub fn is_empty(&self) -> Result<bool, CatalogError> {
        self.len().map(|n| n == 0)
    }

    /// The document with this id.
    ///
    /// # Errors
    /// If the catalog cannot be read.
    pub fn get(&self, id: &DocId) -> Result<Option<StoredDocument>, CatalogError> {
        Ok(self.stored_where("id = ?2", id.as_str(), 1)?.pop())
    }

    /// The documents whose ids begin like this, at most `limit`, ordered by path, then part.
    ///
    /// # Errors
    /// If the catalog cannot be read.
    pub fn by_id_prefix(&self, prefix: &str, limit: usize) -> Result<Vec<StoredDocument>, CatalogError> {
        // Ids are of 0–9, a–f, "-" and "p": "~" comes after every one of them.
        self.stored_where("id >= ?2 AND id < ?2 || '~'", prefix, limit)
    }

    /// The documents of the file with this path: as in the ledger, also that of a duplicate, or as it lies on the disk.
    ///
    /// # Errors
    /// If the catalog cannot be read.
    pub fn by_path(&self, path: &str) -> Result<Vec<StoredDocument>, CatalogError> {
        let place = std::path::absolute(path).map(|p| super::place_name(&p)).unwrap_or_default();
        let sql = format!(
            "SELECT DISTINCT blake3 FROM files WHERE {HOLDS} AND blake3 IS NOT NULL AND state IN ('ok', 'partial', 'duplicate')
             AND (path = ?2 OR place = ?3)"
        );
        let contents: Vec<String> = self
            .db
            .tried(|c| c.prepare_cached(&sql)?.query_map(params![self.seq, path, place], |r| r.get(0))?.collect())?;
        let mut found = Vec::new();
        for blake3 in contents {
            found.extend(self.of_content(&blake3)?);
        }
        found.sort_by(|a, b| {
            (&a.path, a.origin.part.map(|p| p.index), &a.id).cmp(&(&b.path, b.origin.part.map(|p| p.index), &b.id))
        });
        Ok(found)
    }

    /// The documents of a file's content (BLAKE3, 64 hex digits), by part.
    ///
    /// # Errors
    /// If the catalog cannot be read.
    pub fn of_content(&self, blake3: &str) -> Result<Vec<StoredDocument>, CatalogError> {
        self.stored_where("blake3 = ?2", blake3, usize::MAX)
    }

    /// Where files with this content (BLAKE3, 64 hex digits) lie, as in the ledger: absolute, in order.
    ///
    /// # Errors
    /// If the catalog cannot be read.
    pub fn places_of_content(&self, blake3: &str) -> Result<Vec<String>, CatalogError> {
        let sql = format!(
            "SELECT place FROM files WHERE {HOLDS} AND blake3 = ?2 AND state IN ('ok', 'partial', 'duplicate') ORDER BY path, place"
        );
        self.db.tried(|c| c.prepare_cached(&sql)?.query_map(params![self.seq, blake3], |r| r.get(0))?.collect())
    }

    /// A document's text.
    ///
    /// # Errors
    /// If the catalog cannot be read or is damaged.
    pub fn text(&self, id: &DocId) -> Result<Option<String>, CatalogError> {
        let sql = format!("SELECT text FROM documents WHERE {HOLDS} AND id = ?2");
        let packed: Option<Vec<u8>> = self.first(&sql, id)?;
        packed.map(|text| codec::text(&text).map_err(|e| self.damaged(format!("{id}: {e}")))).transpose()
    }

    /// Path of a document's file, as in [`StoredDocument::path`].
    ///
    /// # Errors
    /// If the catalog cannot be read.
    pub fn path(&self, id: &DocId) -> Result<Option<String>, CatalogError> {
        self.first(&format!("SELECT path FROM records WHERE {HOLDS} AND id = ?2"), id)
    }

    /// A document with its text and layout.
    ///
    /// # Errors
    /// If the catalog cannot be read or is damaged.
    pub fn document(&self, id: &DocId) -> Result<Option<Document>, CatalogError> {
        self.blobs(id, codec::document)
    }

    /// The ledger, ordered by path, then place; only lines of one state if one is given.
    ///
    /// # Errors
    /// If the catalog cannot be read.
    pub fn files(&self, state: Option<FileState>) -> Result<Vec<FileRow>, CatalogError> {
        let sql =
            format!("SELECT {COLUMNS} FROM files WHERE {HOLDS} AND (?2 IS NULL OR state = ?2) ORDER BY path, place");
        self.db.tried(|c| {
            c.prepare_cached(&sql)?.query_map(params![self.seq, state.map(FileState::as_str)], FileRow::read)?.collect()
        })
    }

    /// Calls with each line of the ledger, ordered by path, then place, one at a time.
    ///
    /// # Errors
    /// If the catalog cannot be read, or what is called fails.
    pub fn each_file<E: From<CatalogError>>(&self, mut f: impl FnMut(FileRow) -> Result<(), E>) -> Result<(), E> {
        let sql = format!("SELECT {COLUMNS} FROM files WHERE {HOLDS} ORDER BY path, place");
        // What is called fails in its own way: that is told after the reading is over.
        let mut said = Ok(());
        self.db.tried(|c| {
            let mut query = c.prepare_cached(&sql)?;
            let mut rows = query.query([self.seq])?;
            while let (true, Some(row)) = (said.is_ok(), rows.next()?) {
                said = f(FileRow::read(row)?);
            }
            Ok(())
        })?;
        said
    }

    /// Number of files in each state.
    ///
    /// # Errors
    /// If the catalog cannot be read.
    pub fn file_counts(&self) -> Result<BTreeMap<FileState, u64>, CatalogError> {
        let sql = format!("SELECT state, count(*) FROM files WHERE {HOLDS} GROUP BY state");
        let rows: Vec<(String, i64)> = self
            .db
            .tried(|c| c.prepare_cached(&sql)?.query_map([self.seq], |r| Ok((r.get(0)?, r.get(1)?)))?.collect())?;
        Ok(rows.into_iter().filter_map(|(s, n)| Some((s.parse().ok()?, n.unsigned_abs()))).collect())
    }

    /// What could not be read: how many files, and how many pages of those that were read in part. Counted once.
    ///
    /// # Errors
    /// If the catalog cannot be read.
    pub fn unread(&self) -> Result<Unread, CatalogError> {
        if let Some(known) = self.unread.get() {
            return Ok(*known);
        }
        // Few files are so, and an index holds them alone. An id begins as its file's BLAKE3 does.
        let of = |what: &str| {
            format!(
                "SELECT {what} FROM files f WHERE state IN ('failed', 'partial') AND state = ?2
                 AND f.seq_from <= ?1 AND (f.seq_to IS NULL OR f.seq_to > ?1)"
            )
        };
        let failed: i64 = self
            .db
            .tried(|c| c.query_row(&of("count(*)"), params![self.seq, FileState::Failed.as_str()], |r| r.get(0)))?;
        let contents: Vec<String> = self.db.tried(|c| {
            let mut query = c.prepare_cached(&of("DISTINCT blake3"))?;
            let found =
                query.query_map(params![self.seq, FileState::Partial.as_str()], |r| r.get::<_, Option<String>>(0))?;
            Ok(found.collect::<rusqlite::Result<Vec<_>>>()?.into_iter().flatten().collect())
        })?;
        let heads = format!("SELECT head FROM records WHERE {HOLDS} AND id >= ?2 AND id < ?2 || '~' AND blake3 = ?3");
        let mut textless_pages = 0;
        for blake3 in contents {
            let start = blake3.get(..DocId::FILE_LETTERS).unwrap_or(&blake3);
            let found: Vec<Vec<u8>> = self.db.tried(|c| {
                c.prepare_cached(&heads)?.query_map(params![self.seq, start, blake3], |r| r.get(0))?.collect()
            })?;
            for head in found {
                textless_pages += codec::head(&head).map_err(|e| self.damaged(e))?.textless_pages.len() as u64;
            }
        }
        Ok(*self.unread.get_or_init(|| Unread { failed_files: failed.unsigned_abs(), textless_pages }))
    }

    /// What changed after a sequence, by id: documents new or changed, and those gone.
    ///
    /// # Errors
    /// If the catalog cannot be read.
    pub fn changes_since(&self, seq: u64) -> Result<Vec<Change>, CatalogError> {
        let since = i64::try_from(seq).unwrap_or(i64::MAX);
        let known = "EXISTS (SELECT 1 FROM records b WHERE b.id = r.id AND b.seq_from <= ?2)";
        let sql = format!(
            "SELECT id, max(seq_from), 0, {known} FROM records r WHERE {HOLDS} AND seq_from > ?2 GROUP BY id
             UNION ALL
             SELECT id, max(seq_to), 1, {known} FROM records r WHERE seq_to > ?2 AND seq_to <= ?1
             AND NOT EXISTS (SELECT 1 FROM records n WHERE n.id = r.id AND n.seq_from <= ?1 AND (n.seq_to IS NULL OR n.seq_to > ?1))
             GROUP BY id ORDER BY 1"
        );
        let change = |r: &Row<'_>| {
            let id: String = r.get(0)?;
            let seq = r.get::<_, i64>(1)?.unsigned_abs();
            Ok(Change { id: DocId::from_stored(id), seq, gone: r.get(2)?, known: r.get(3)? })
        };
        self.db.tried(|c| c.prepare_cached(&sql)?.query_map([self.seq, since], change)?.collect())
    }

    /// What the catalog holds, counted.
    ///
    /// # Errors
    /// If the catalog cannot be read.
    pub fn counts(&self) -> Result<Counts, CatalogError> {
        let sql =
            format!("SELECT kind, year, districts, warnings, count(*) FROM records WHERE {HOLDS} GROUP BY 1, 2, 3, 4");
        let mut counts = Counts::default();
        self.db.tried(|c| {
            let mut query = c.prepare_cached(&sql)?;
            let mut rows = query.query([self.seq])?;
            while let Some(row) = rows.next()? {
                let n = row.get::<_, i64>(4)?.unsigned_abs();
                let warnings = row.get::<_, i64>(3)?.unsigned_abs();
                counts.documents += n;
                *counts.kinds.entry(row.get(0)?).or_default() += n;
                match row.get::<_, Option<i16>>(1)? {
                    Some(year) => *counts.years.entry(year).or_default() += n,
                    None => counts.without_year += n,
                }
                let districts: Vec<String> = serde_json::from_str(&row.get::<_, String>(2)?).unwrap_or_default();
                if districts.is_empty() {
                    counts.without_district += n;
                }
                for district in districts {
                    *counts.districts.entry(district).or_default() += n;
                }
                if warnings > 0 {
                    counts.with_warnings += n;
                    counts.warnings += n * warnings;
                }
            }
            Ok(())
        })?;
        Ok(counts)
    }

    fn stored_where(&self, condition: &str, value: &str, limit: usize) -> Result<Vec<StoredDocument>, CatalogError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let sql =
            format!("SELECT {STORED} FROM records WHERE {HOLDS} AND {condition} ORDER BY path, part, id LIMIT ?3");
        let rows: Vec<Raw> = self
            .db
            .tried(|c| c.prepare_cached(&sql)?.query_map(params![self.seq, value, limit], Raw::read)?.collect())?;
        rows.into_iter().map(|r| r.stored().map_err(|e| self.damaged(e))).collect()
    }

    /// The first value of a query about one document.
    fn first<T: rusqlite::types::FromSql>(&self, sql: &str, id: &DocId) -> Result<Option<T>, CatalogError> {
        self.db.tried(|c| {
            let mut query = c.prepare_cached(sql)?;
            let mut rows = query.query(params![self.seq, id.as_str()])?;
            rows.next()?.map(|r| r.get(0)).transpose()
        })
    }

    fn blobs<T>(
        &self,
        id: &DocId,
        unpack: impl FnOnce(&[u8], &[u8]) -> Result<T, String>,
    ) -> Result<Option<T>, CatalogError> {
        let sql = format!("SELECT text, layout FROM documents WHERE {HOLDS} AND id = ?2");
        let found: Option<(Vec<u8>, Vec<u8>)> = self.db.tried(|c| {
            let mut query = c.prepare_cached(&sql)?;
            let mut rows = query.query(params![self.seq, id.as_str()])?;
            rows.next()?.map(|r| Ok((r.get(0)?, r.get(1)?))).transpose()
        })?;
        found.map(|(text, layout)| unpack(&text, &layout).map_err(|e| self.damaged(format!("{id}: {e}")))).transpose()
    }

    fn damaged(&self, detail: String) -> CatalogError {
        CatalogError::Damaged { path: self.db.path.clone(), detail }
    }
}

/// The documents of a content as they are now, by part.
pub(super) fn documents_of(db: &Db, blake3: &str) -> Result<Vec<(StoredDocument, Document)>, CatalogError> {
    type Blobs = (Vec<u8>, Vec<u8>);
    let sql = "SELECT r.id, r.path, r.also_at, r.head, r.made_with, r.record, r.seq_from, r.part, d.text, d.layout
               FROM records r JOIN documents d ON d.id = r.id AND d.seq_to IS NULL
               WHERE r.blake3 = ?1 AND r.seq_to IS NULL ORDER BY r.part, r.id";
    let rows: Vec<(Raw, Blobs)> = db.tried(|c| {
        c.prepare_cached(sql)?.query_map([blake3], |r| Ok((Raw::read(r)?, (r.get(8)?, r.get(9)?))))?.collect()
    })?;
    let unpack = |(raw, (text, layout)): (Raw, Blobs)| Ok((raw.stored()?, codec::document(&text, &layout)?));
    let unpacked: Result<Vec<_>, String> = rows.into_iter().map(unpack).collect();
    unpacked.map_err(|detail| CatalogError::Damaged { path: db.path.clone(), detail })
}

/// A record's row before its blobs are unpacked.
struct Raw {
    id: String,
    path: String,
    also_at: String,
    head: Vec<u8>,
    made_with: String,
    record: Vec<u8>,
    seq: i64,
    part: i64,
}

impl Raw {
    fn read(r: &Row<'_>) -> rusqlite::Result<Raw> {
        Ok(Raw {
            id: r.get(0)?,
            path: r.get(1)?,
            also_at: r.get(2)?,
            head: r.get(3)?,
            made_with: r.get(4)?,
            record: r.get(5)?,
            seq: r.get(6)?,
            part: r.get(7)?,
        })
    }

    fn stored(self) -> Result<StoredDocument, String> {
        let named = |e: String| format!("{}: {e}", self.id);
        let json = |e: serde_json::Error| format!("{}: {e}", self.id);
        let head = codec::head(&self.head).map_err(named)?;
        Ok(StoredDocument {
            also_at: serde_json::from_str(&self.also_at).map_err(json)?,
            made_with: serde_json::from_str(&self.made_with).map_err(json)?,
            record: codec::record(&self.record).map_err(named)?,
            id: DocId::from_stored(self.id),
            path: self.path,
            origin: head.origin.into_owned(),
            page_sizes: head.page_sizes,
            ocr_pages: head.ocr_pages,
            textless_pages: head.textless_pages,
            seq: self.seq.unsigned_abs(),
        })
    }
}

/// All documents in order, fetched a page at a time, so that memory stays bounded.
#[derive(Debug)]
pub struct Documents<'a> {
    reader: &'a Reader,
    page: VecDeque<Result<StoredDocument, CatalogError>>,
    /// Path, part and id of the last one fetched; none at the end.
    after: Option<(String, i64, String)>,
}

impl Iterator for Documents<'_> {
    type Item = Result<StoredDocument, CatalogError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(next) = self.page.pop_front() {
            return Some(next);
        }
        let (path, part, id) = self.after.take()?;
        let sql = format!(
            "SELECT {STORED} FROM records WHERE {HOLDS} AND (path, part, id) > (?2, ?3, ?4) ORDER BY path, part, id LIMIT {PAGE}"
        );
        let fetched = self.reader.db.tried(|c| {
            c.prepare_cached(&sql)?
                .query_map(params![self.reader.seq, path, part, id], Raw::read)?
                .collect::<rusqlite::Result<Vec<Raw>>>()
        });
        match fetched {
            Ok(rows) => {
                if rows.len() == PAGE {
                    self.after = rows.last().map(|r| (r.path.clone(), r.part, r.id.clone()));
                }
                // Unpacking takes far longer than reading.
                let unpacked: Vec<Result<StoredDocument, String>> = rows.into_par_iter().map(Raw::stored).collect();
                self.page = unpacked.into_iter().map(|r| r.map_err(|e| self.reader.damaged(e))).collect();
                self.page.pop_front()
            }
            Err(e) => Some(Err(e)),
        }
    }
}
