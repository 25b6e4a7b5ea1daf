//! Defines what can go wrong with the catalog as a whole. Each message says what was found and what to try.

use std::path::PathBuf;

/// Why the catalog cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// There is none yet.
    #[error("{}: holds no catalog yet; fill it with `diarium ingest PATH`, or name another with --index", path.display())]
    Missing {
        /// The folder.
        path: PathBuf,
    },
    /// Made by a later program.
    #[error(
        "{}: written by a newer version of diarium (catalog format {found}; this one knows {known}); \
         upgrade diarium or use another --index",
        path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// The newest format known here.
        known: i64,
    },
    /// Some other file.
    #[error("{}: is no catalog of diarium; move it away or use another --index", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// Damaged contents.
    #[error("{}: is damaged ({detail}); restore it from a copy, or remove the folder and run `diarium ingest` again", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was found.
        detail: String,
    },
    /// No room left.
    #[error("{}: the disk is full; free some space and run again, what is committed is kept", path.display())]
    Full {
        /// The file.
        path: PathBuf,
    },
    /// The folder cannot be made or opened.
    #[error("{}: cannot be opened ({detail}); check its permissions or use another --index", path.display())]
    Open {
        /// The folder or file.
        path: PathBuf,
        /// What the system said.
        detail: String,
    },
    /// Anything else SQLite says.
    #[error("{}: {source}", path.display())]
    Sql {
        /// The file.
        path: PathBuf,
        /// What it said.
        source: rusqlite::Error,
    },
}

impl CatalogError {
    /// What an error of SQLite means for the user.
    pub(super) fn of(path: &std::path::Path, source: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        let path = path.to_path_buf();
        let detail = source.to_string();
        match source.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => CatalogError::Full { path },
            // A write that fails part of the way is how file systems with quotas say that they are full.
            Some(ErrorCode::SystemIoFailure) if is_write(&source) => CatalogError::Full { path },
            Some(ErrorCode::NotADatabase) => CatalogError::Foreign { path },
            Some(ErrorCode::DatabaseCorrupt) => CatalogError::Damaged { path, detail },
            Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied | ErrorCode::ReadOnly) => {
                CatalogError::Open { path, detail }
            }
            _ => CatalogError::Sql { path, source },
        }
    }
}

fn is_write(error: &rusqlite::Error) -> bool {
    use rusqlite::ffi;
    const WRITES: [i32; 4] =
        [ffi::SQLITE_IOERR_WRITE, ffi::SQLITE_IOERR_TRUNCATE, ffi::SQLITE_IOERR_FSYNC, ffi::SQLITE_IOERR_SHMSIZE];
    matches!(error, rusqlite::Error::SqliteFailure(e, _) if WRITES.contains(&e.extended_code))
}
