//! Counts what could not be searched: an answer is honest only with it.

use super::results::Unsearched;
use crate::catalog::{self, CatalogError, FileState};

/// Counts files that could not be read and pages without letters.
pub(super) fn count(catalog: &catalog::Reader) -> Result<Unsearched, CatalogError> {
    let states = catalog.file_counts()?;
    let mut textless_pages = 0;
    // Only files read in part have pages without letters, and they are few.
    if states.get(&FileState::Partial).is_some_and(|n| *n > 0) {
        for file in catalog.files(Some(FileState::Partial))? {
            for document in catalog.of_content(file.blake3.as_deref().unwrap_or_default())? {
                textless_pages += document.textless_pages.len() as u64;
            }
        }
    }
    Ok(Unsearched { failed_files: states.get(&FileState::Failed).copied().unwrap_or(0), textless_pages })
}
