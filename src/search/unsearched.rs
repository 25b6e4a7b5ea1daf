//! Counts what could not be searched: an answer is honest only with it.

use super::results::Unsearched;
use crate::catalog::{self, CatalogError};

/// Counts files that could not be read and pages without letters.
pub(super) fn count(catalog: &catalog::Reader) -> Result<Unsearched, CatalogError> {
    let unread = catalog.unread()?;
    Ok(Unsearched { failed_files: unread.failed_files, textless_pages: unread.textless_pages })
}
