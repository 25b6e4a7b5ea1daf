//! Turns documents and records into what is stored and back. Done by the threads that read files, so that the writer only writes.

use std::borrow::Cow;
use std::cell::RefCell;

use serde::{Deserialize, Serialize};

use super::StoredDocument;
use crate::base::DocId;
use crate::ingest::Document;
use crate::ingest::document::Origin;
use crate::parse::Record;
use crate::parse::record::DistrictRole;

/// Level of compression: most of the gain at the speed of the disk.
const LEVEL: i32 = 3;

/// Largest text, layout or record that is unpacked, in bytes: a bound on what a damaged catalog may cost.
const UNPACKED_MAX: usize = 2 << 30;

/// Largest that is unpacked in one go, room for what it says of itself being made first, in bytes.
const AT_ONCE: usize = 16 << 20;

/// The part of a document that its public record needs.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Head<'a> {
    pub(super) origin: Cow<'a, Origin>,
    pub(super) page_sizes: Vec<(f32, f32)>,
    pub(super) ocr_pages: Vec<u32>,
    pub(super) textless_pages: Vec<u32>,
}

/// One document ready to be stored.
#[derive(Clone, Debug)]
pub struct Prepared {
    pub(super) id: DocId,
    pub(super) part: u32,
    pub(super) head: Vec<u8>,
    pub(super) text: Vec<u8>,
    pub(super) layout: Vec<u8>,
    pub(super) row: PreparedRecord,
}

/// The row of a record but for its place.
#[derive(Clone, Debug)]
pub(super) struct PreparedRecord {
    pub(super) record: Vec<u8>,
    pub(super) made_with: String,
    pub(super) kind: String,
    pub(super) year: Option<i16>,
    pub(super) districts: String,
    pub(super) warnings: usize,
}

impl Prepared {
    /// Packs a document and its record; the document is used up, so that the text is not copied.
    ///
    /// # Errors
    /// What the packer said.
    pub fn new(stored: &StoredDocument, mut doc: Document) -> Result<Self, String> {
        let head = Head {
            origin: Cow::Borrowed(&stored.origin),
            page_sizes: stored.page_sizes.clone(),
            ocr_pages: stored.ocr_pages.clone(),
            textless_pages: stored.textless_pages.clone(),
        };
        let record = &stored.record;
        let own: Vec<&str> =
            record.districts.iter().filter(|d| d.role == DistrictRole::Own).map(|d| d.id.as_str()).collect();
        let text = std::mem::take(&mut doc.text);
        Ok(Prepared {
            id: stored.id.clone(),
            part: stored.origin.part.map_or(0, |p| p.index),
            head: postcard::to_stdvec(&head).map_err(|e| e.to_string())?,
            text: pack(text.as_bytes())?,
            layout: pack(&postcard::to_stdvec(&doc).map_err(|e| e.to_string())?)?,
            row: PreparedRecord {
                record: pack(&serde_json::to_vec(record).map_err(|e| e.to_string())?)?,
                made_with: to_json(&stored.made_with)?,
                kind: record.kind.clone(),
                year: record.year,
                districts: to_json(&own)?,
                warnings: record.warnings.len(),
            },
        })
    }

    /// The document's id.
    pub fn id(&self) -> &DocId {
        &self.id
    }

    /// How much is stored, in bytes.
    pub fn bytes(&self) -> usize {
        self.head.len() + self.text.len() + self.layout.len() + self.row.record.len()
    }
}

pub(super) fn to_json<T: Serialize>(value: &T) -> Result<String, String> {
    serde_json::to_string(value).map_err(|e| e.to_string())
}

fn pack(bytes: &[u8]) -> Result<Vec<u8>, String> {
    thread_local! {
        /// Making the packer's tables takes as long as packing a short document.
        static PACKER: RefCell<Option<zstd::bulk::Compressor<'static>>> = const { RefCell::new(None) };
    }
    PACKER.with_borrow_mut(|packer| {
        let packer = match packer {
            Some(packer) => packer,
            None => packer.insert(zstd::bulk::Compressor::new(LEVEL).map_err(|e| e.to_string())?),
        };
        packer.compress(bytes).map_err(|e| e.to_string())
    })
}

thread_local! {
    /// Making one costs more than unpacking a short text.
    static UNPACKER: RefCell<Option<zstd::bulk::Decompressor<'static>>> = const { RefCell::new(None) };
}

fn unpack(bytes: &[u8]) -> Result<Vec<u8>, String> {
    use std::io::Read as _;
    let said = zstd::zstd_safe::get_frame_content_size(bytes).ok().flatten().and_then(|n| usize::try_from(n).ok());
    if let Some(size) = said.filter(|n| *n <= AT_ONCE) {
        return UNPACKER.with(|kept| {
            let mut kept = kept.borrow_mut();
            let unpacker = match kept.take() {
                Some(unpacker) => unpacker,
                None => zstd::bulk::Decompressor::new().map_err(|e| e.to_string())?,
            };
            kept.insert(unpacker).decompress(bytes, size).map_err(|e| e.to_string())
        });
    }
    let mut out = Vec::new();
    let mut decoder = zstd::stream::Decoder::with_buffer(bytes).map_err(|e| e.to_string())?;
    decoder.by_ref().take(UNPACKED_MAX as u64).read_to_end(&mut out).map_err(|e| e.to_string())?;
    Ok(out)
}

/// The text as it was stored.
pub(super) fn text(packed: &[u8]) -> Result<String, String> {
    String::from_utf8(unpack(packed)?).map_err(|e| e.to_string())
}

/// The document as it was stored.
pub(super) fn document(packed_text: &[u8], packed_layout: &[u8]) -> Result<Document, String> {
    let mut doc: Document = postcard::from_bytes(&unpack(packed_layout)?).map_err(|e| e.to_string())?;
    doc.text = text(packed_text)?;
    Ok(doc)
}

/// The record as it was stored.
pub(super) fn record(packed: &[u8]) -> Result<Record, String> {
    serde_json::from_slice(&unpack(packed)?).map_err(|e| e.to_string())
}

/// The head as it was stored.
pub(super) fn head(bytes: &[u8]) -> Result<Head<'static>, String> {
    postcard::from_bytes(bytes).map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::stored::tests::sample;

    #[test]
    fn what_is_packed_comes_back_the_same() {
        let (stored, doc) = sample("a.txt", "Järva stadsdelsnämnd\n\nBeslut", "ett");
        let packed = Prepared::new(&stored, doc.clone()).unwrap();
        assert_eq!(document(&packed.text, &packed.layout).unwrap(), doc);
        assert_eq!(record(&packed.row.record).unwrap(), stored.record);
        assert_eq!(*head(&packed.head).unwrap().origin, stored.origin);
    }

    #[test]
    fn damage_is_an_error_not_a_crash() {
        let (stored, doc) = sample("a.txt", "Text", "ett");
        let packed = Prepared::new(&stored, doc.clone()).unwrap();
        for cut in 0..packed.layout.len() {
            assert!(document(&packed.text, &packed.layout[..cut]).is_err(), "cut at {cut}");
        }
        assert!(text(b"\xff\xff\xff").is_err());
    }
}
