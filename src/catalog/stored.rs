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

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::base::{Note, Span};
    use crate::ingest::document::Page;

    /// A small document with a record, whose content is told from others' by `content`.
    pub(in crate::catalog) fn sample(path: &str, text: &str, content: &str) -> (StoredDocument, Document) {
        let hash = blake3::hash(content.as_bytes());
        let all = Span::new(0, text.len());
        let doc = Document {
            id: DocId::of_file(&hash),
            origin: Origin { blake3: hash.to_hex().to_string(), media_type: "text/plain".into(), ..Origin::default() },
            text: text.to_string(),
            body_end: all.end,
            pages: vec![Page { number: 1, size: None, ranges: vec![all], text: PageText::Own }],
            blocks: Vec::new(),
            lines: Vec::new(),
            words: Vec::new(),
            notes: vec![Note::warning("odd", "is odd").at(all)],
        };
        let record = Record { kind: "okand".into(), title: Some(text.to_string()), ..Record::default() };
        let made_with = MadeWith { extractor: "1".into(), parser: "1".into(), lexicon: "x".into(), corrections: None };
        (StoredDocument::new(path, &doc, record, made_with), doc)
    }

    #[test]
    fn pages_are_told_apart_by_where_their_text_came_from() {
        let (_, mut doc) = sample("a.pdf", "text", "x");
        let page = |number, text| Page { number, size: Some((595.0, 842.0)), ranges: vec![], text };
        doc.pages = vec![page(4, PageText::Own), page(5, PageText::Textless), page(6, PageText::Ocr)];
        let stored = StoredDocument::new("a.pdf", &doc, Record::default(), MadeWith::default());
        assert_eq!((stored.textless_pages, stored.ocr_pages, stored.page_sizes.len()), (vec![5], vec![6], 3));
    }
}
