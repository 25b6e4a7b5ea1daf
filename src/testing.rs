//! Helps unit tests to the documents and truths beside the repository, which not every machine has.

use std::io::Write as _;
use std::path::PathBuf;

/// A file or folder below `../shared`. Where it is missing, says that a test is skipped, past the test's own capture.
pub(crate) fn shared(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared").join(name);
    if !path.exists() {
        skipped(&format!("{} not found", path.display()));
        return None;
    }
    Some(path)
}

/// The text of a file below `../shared`, as [`shared`] finds it.
pub(crate) fn shared_text(name: &str) -> Option<String> {
    let path = shared(name)?;
    Some(std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display())))
}

/// Says that a test could not be made here, and why.
pub(crate) fn skipped(why: &str) {
    let _ = writeln!(std::io::stderr(), "skipped: {why}");
}
