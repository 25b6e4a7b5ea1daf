//! Defines why an export cannot be written.

use std::path::{Path, PathBuf};

use crate::catalog::CatalogError;

/// Why an export cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The catalog failed.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// The output cannot be written.
    #[error("{}: cannot be written: {detail}", path.display())]
    Write {
        /// Which.
        path: PathBuf,
        /// Why.
        detail: String,
    },
    /// There is something at the place already.
    #[error("{}: is there already; {advice}", path.display())]
    There {
        /// Where.
        path: PathBuf,
        /// What to do.
        advice: &'static str,
    },
    /// A stream cannot be written to.
    #[error("the output cannot be written")]
    Stream(#[from] std::io::Error),
    /// A record cannot be written as JSON, or not to its stream.
    #[error("a record cannot be written")]
    Json(#[from] serde_json::Error),
}

impl ExportError {
    /// The output at this path cannot be written.
    pub(super) fn write(path: &Path, detail: impl ToString) -> Self {
        ExportError::Write { path: path.to_path_buf(), detail: detail.to_string() }
    }
}

/// Names the path in an error.
pub(super) trait At<T> {
    /// The same, with the path of what was being written.
    fn at(self, path: &Path) -> Result<T, ExportError>;
}

impl<T, E: ToString> At<T> for Result<T, E> {
    fn at(self, path: &Path) -> Result<T, ExportError> {
        self.map_err(|e| ExportError::write(path, e))
    }
}
