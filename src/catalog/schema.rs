//! Defines the tables, their version and the way from older versions to this one.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::CatalogError;

/// Name of the catalog's file in the index folder.
pub const FILE_NAME: &str = "catalog.sqlite";

/// The newest format known, kept in SQLite's `user_version`.
pub(super) const FORMAT: i64 = 2;

/// The oldest format that can be read as it is; since then only indexes were added.
const READABLE: i64 = 1;

/// Marks the file as ours in SQLite's `application_id`: "Diar".
const APPLICATION: i64 = 0x4469_6172;

/// How long one process waits for another's lock.
const PATIENCE: Duration = Duration::from_secs(10);

/// How much of the file the writer keeps in memory, KiB: keys of contents are random, so that a batch meets all of their index.
const WRITER_CACHE_KIB: i64 = 65_536;

/// What makes format N of format N - 1, in order. A row holds from `seq_from` until before `seq_to`, or still if that is null.
///
/// - `commits`: one row per sequence, with its time (UTC, ISO 8601).
/// - `files`: the ledger; `place` is the absolute path, `path` the one relative to the PATH given (`root`). `blake3` is null for a
///   file that could not be read.
/// - `documents`: what the extractor made, `head` (postcard), `text` and `layout` (zstd; layout in postcard).
/// - `records`: what a public record is written from. Columns that repeat the record are there to be counted.
///   The blobs of rows that no longer hold are emptied once no index needs them; the rows stay as tombstones.
const MIGRATIONS: [&str; 2] = [
    "
    CREATE TABLE commits (seq INTEGER PRIMARY KEY, at TEXT NOT NULL);
    CREATE TABLE files (
        row INTEGER PRIMARY KEY,
        place TEXT NOT NULL, root TEXT NOT NULL, path TEXT NOT NULL,
        bytes INTEGER NOT NULL, modified INTEGER NOT NULL, blake3 TEXT,
        state TEXT NOT NULL, partial TEXT, code TEXT, message TEXT, made_with TEXT NOT NULL,
        seq_from INTEGER NOT NULL, seq_to INTEGER
    );
    CREATE UNIQUE INDEX files_now ON files (place) WHERE seq_to IS NULL;
    CREATE INDEX files_by_content ON files (blake3) WHERE seq_to IS NULL;
    CREATE TABLE documents (
        row INTEGER PRIMARY KEY,
        id TEXT NOT NULL, blake3 TEXT NOT NULL,
        head BLOB NOT NULL, text BLOB NOT NULL, layout BLOB NOT NULL,
        seq_from INTEGER NOT NULL, seq_to INTEGER
    );
    CREATE INDEX documents_by_id ON documents (id, seq_from);
    CREATE INDEX documents_by_content ON documents (blake3) WHERE seq_to IS NULL;
    CREATE INDEX documents_past ON documents (seq_to) WHERE seq_to IS NOT NULL;
    CREATE TABLE records (
        row INTEGER PRIMARY KEY,
        id TEXT NOT NULL, blake3 TEXT NOT NULL, path TEXT NOT NULL, also_at TEXT NOT NULL, part INTEGER NOT NULL,
        head BLOB NOT NULL, made_with TEXT NOT NULL, record BLOB NOT NULL,
        kind TEXT NOT NULL, year INTEGER, districts TEXT NOT NULL, warnings INTEGER NOT NULL,
        seq_from INTEGER NOT NULL, seq_to INTEGER
    );
    CREATE INDEX records_by_path ON records (path, part, id, seq_from);
    CREATE INDEX records_by_id ON records (id, seq_from);
    CREATE INDEX records_by_content ON records (blake3) WHERE seq_to IS NULL;
    CREATE INDEX records_begun ON records (seq_from);
    CREATE INDEX records_past ON records (seq_to) WHERE seq_to IS NOT NULL;
",
    "
    CREATE INDEX files_unread ON files (state) WHERE state IN ('failed', 'partial');
",
];

/// A connection with the file it is to, so that errors can name it.
#[derive(Debug)]
pub(super) struct Db {
    pub(super) conn: Connection,
    pub(super) path: PathBuf,
}

impl Db {
    /// Opens or makes the catalog of a folder, for its one writer, and brings it to this format.
    pub(super) fn open_to_write(dir: &Path) -> Result<Db, CatalogError> {
        std::fs::create_dir_all(dir)
            .map_err(|e| CatalogError::Open { path: dir.to_path_buf(), detail: e.to_string() })?;
        let path = dir.join(FILE_NAME);
        let conn = Connection::open(&path).map_err(|e| CatalogError::of(&path, e))?;
        let mut db = Db { conn, path };
        let found = db.format()?;
        db.tried(|conn| {
            conn.busy_timeout(PATIENCE)?;
            // A batch goes round more statements than are kept otherwise.
            conn.set_prepared_statement_cache_capacity(64);
            conn.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
            conn.pragma_update(None, "journal_mode", "WAL")?;
            // Acknowledged means on the disk: every commit waits for it.
            conn.pragma_update(None, "synchronous", "FULL")
        })?;
        db.migrate(found)?;
        Ok(db)
    }

    /// Opens the catalog of a folder for reading, also on a disk that cannot be written.
    pub(super) fn open_to_read(dir: &Path) -> Result<Db, CatalogError> {
        let path = dir.join(FILE_NAME);
        if !path.is_file() {
            return Err(CatalogError::Missing { path: dir.to_path_buf() });
        }
        let (db, found) = match Self::connect(&path, false) {
            // SQLite keeps its log beside the file and must be able to write there; where nobody can, nobody changes the file either.
            Err(CatalogError::Open { .. }) if is_at_rest(dir) => Self::connect(&path, true)?,
            other => other?,
        };
        if found < READABLE {
            let detail = format!("its format {found} is older; `diarium ingest` brings it up to date");
            return Err(CatalogError::Open { path: db.path, detail });
        }
        Ok(db)
    }

    /// Connects to read; `immutable` promises that nobody writes.
    fn connect(path: &Path, immutable: bool) -> Result<(Db, i64), CatalogError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
        let opened = if immutable {
            Connection::open_with_flags(format!("{}?immutable=1", uri(path)), flags)
        } else {
            Connection::open_with_flags(path, flags)
        };
        let db = Db { conn: opened.map_err(|e| CatalogError::of(path, e))?, path: path.to_path_buf() };
        db.tried(|conn| conn.busy_timeout(PATIENCE))?;
        let found = db.format()?;
        Ok((db, found))
    }

    /// Does something with the connection; an error names the file.
    pub(super) fn tried<T>(&self, f: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, CatalogError> {
        f(&self.conn).map_err(|e| CatalogError::of(&self.path, e))
    }

    /// The file's format; 0 for a new file.
    fn format(&self) -> Result<i64, CatalogError> {
        let (format, application, tables) = self.tried(|conn| {
            let pragma = |name| conn.pragma_query_value(None, name, |r| r.get::<_, i64>(0));
            let tables = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |r| r.get::<_, i64>(0))?;
            Ok((pragma("user_version")?, pragma("application_id")?, tables))
        })?;
        if application != APPLICATION && (format != 0 || application != 0 || tables != 0) {
            return Err(CatalogError::Foreign { path: self.path.clone() });
        }
        if format > FORMAT {
            return Err(CatalogError::Newer { path: self.path.clone(), found: format, known: FORMAT });
        }
        Ok(format)
    }

    fn migrate(&mut self, found: i64) -> Result<(), CatalogError> {
        let path = self.path.clone();
        let steps = MIGRATIONS.iter().skip(usize::try_from(found).unwrap_or(0));
        let run = || {
            let tx = self.conn.transaction()?;
            for step in steps {
                tx.execute_batch(step)?;
            }
            tx.pragma_update(None, "application_id", APPLICATION)?;
            tx.pragma_update(None, "user_version", FORMAT)?;
            tx.commit()
        };
        if found == FORMAT { Ok(()) } else { run().map_err(|e| CatalogError::of(&path, e)) }
    }
}

/// True if no log of changes lies beside the catalog: all that was committed is in it.
fn is_at_rest(dir: &Path) -> bool {
    std::fs::metadata(dir.join(format!("{FILE_NAME}-wal"))).map_or(true, |m| m.len() == 0)
}

/// The path as SQLite's URI, with every byte escaped that could be read otherwise (RFC 3986, 2.1).
fn uri(path: &Path) -> String {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let mut out = String::from("file:");
    for byte in absolute.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => out.push(char::from(*byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message<T>(result: Result<T, CatalogError>) -> String {
        result.err().map(|e| e.to_string()).unwrap_or_default()
    }

    #[test]
    fn a_newer_catalog_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        drop(Db::open_to_write(dir.path()).unwrap());
        let conn = Connection::open(dir.path().join(FILE_NAME)).unwrap();
        conn.pragma_update(None, "user_version", FORMAT + 1).unwrap();
        for result in [Db::open_to_write(dir.path()), Db::open_to_read(dir.path())] {
            let message = message(result);
            assert!(message.contains("written by a newer version") && message.contains("--index"), "{message}");
        }
    }

    #[test]
    fn other_files_are_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(FILE_NAME);
        std::fs::write(&path, "not a database, but long enough to look like one ".repeat(100)).unwrap();
        assert!(message(Db::open_to_write(dir.path())).contains("is no catalog of diarium"));
        std::fs::remove_file(&path).unwrap();
        Connection::open(&path).unwrap().execute_batch("CREATE TABLE theirs (x)").unwrap();
        assert!(message(Db::open_to_write(dir.path())).contains("is no catalog of diarium"));
    }

    #[test]
    fn a_folder_with_an_odd_name_has_a_right_uri() {
        assert_eq!(uri(Path::new("/a b/å?#%.sqlite")), "file:/a%20b/%C3%A5%3F%23%25.sqlite");
        let dir = tempfile::tempdir().unwrap();
        let odd = dir.path().join("a b?c#d%20å");
        drop(Db::open_to_write(&odd).unwrap());
        assert_eq!(Db::connect(&odd.join(FILE_NAME), true).unwrap().1, FORMAT);
        drop(Db::open_to_read(&odd).unwrap());
    }

    #[test]
    fn there_is_nothing_to_read_before_the_first_ingest() {
        let dir = tempfile::tempdir().unwrap();
        assert!(message(Db::open_to_read(dir.path())).contains("holds no catalog yet"));
    }
}
