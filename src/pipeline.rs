//! Runs the whole way from a file to the index: the one place that names it.

mod guard;

use std::path::Path;

use crate::ingest::{self, Document, Problem, source};
use crate::lexicon::Lexicon;
use crate::parse::{self, Record};
use crate::split;

/// Reads, splits and parses one file, as `ingest` does, and keeps nothing.
///
/// # Errors
/// If the file cannot be read; a fault of the reader is `Problem::Internal`.
pub fn read_file(path: &Path, lex: &Lexicon, options: &ingest::Options) -> Result<Vec<(Document, Record)>, Problem> {
    guard::on_deep_stack(|| {
        let source = source::load(path, &options.limits)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let doc = ingest::read(&source.bytes, &name, lex, options)?;
        let parts = split::split(doc, lex);
        Ok(parts
            .into_iter()
            .map(|doc| {
                let record = parse::parse(&doc, lex);
                (doc, record)
            })
            .collect())
    })
    .unwrap_or_else(|detail| Err(Problem::Internal { detail }))
}
