//! Defines `StoredDocument`: one document as the catalog holds it, without its text and layout.

use crate::base::DocId;
use crate::ingest::Document;
use crate::ingest::document::{Origin, PageText};
use crate::parse::Record;
use crate::parse::record::MadeWith;

/// One document as the catalog holds it: all that its public record is written from. Its text and layout are stored apart.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredDocument {
    /// Its id.
    pub id: DocId,
    /// Path of its file, relative to the PATH given to `ingest`, `/` between; the first by name of all with this content.
    pub path: String,
    /// Paths of the other files with the same content, in order.
    pub also_at: Vec<String>,
    /// What is known of the file.
    pub origin: Origin,
    /// Width and height in points of each page of this document; empty for a text file.
    pub page_sizes: Vec<(f32, f32)>,
    /// Numbers in the file of the pages read by OCR.
    pub ocr_pages: Vec<u32>,
    /// Numbers in the file of the pages that show something but have no letters.
    pub textless_pages: Vec<u32>,
    /// The versions that made the record.
    pub made_with: MadeWith,
    /// What it says.
    pub record: Record,
    /// The sequence from which this state holds; 0 for a document that is in no catalog.
    pub seq: u64,
}

impl StoredDocument {
    /// What would be stored of a document just read.
    pub fn new(path: impl Into<String>, doc: &Document, record: Record, made_with: MadeWith) -> Self {
        let pages_with = |text: PageText| doc.pages.iter().filter(|p| p.text == text).map(|p| p.number).collect();
        StoredDocument {
            id: doc.id.clone(),
            path: path.into(),
            also_at: Vec::new(),
            origin: doc.origin.clone(),
            page_sizes: doc.pages.iter().filter_map(|p| p.size).collect(),
            ocr_pages: pages_with(PageText::Ocr),
            textless_pages: pages_with(PageText::Textless),
            made_with,
            record,
            seq: 0,
        }
    }
}
