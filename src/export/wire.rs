//! Defines the public record, schema `diarium/record/1`: one JSON object per document, keys in a fixed order.
//!
//! The values are those of [`Record`]; `schema`, `id` and `source` come before them. Nothing in it depends on where the
//! corpus lies or when it was read, so the same corpus gives the same bytes.

use std::io;

use serde::Serialize;

use crate::catalog::StoredDocument;
use crate::ingest::document::Part;
use crate::parse::Record;
use crate::parse::record::{Evidence, MadeWith, Warning};

/// Name and version of the record's shape.
pub const SCHEMA: &str = "diarium/record/1";

/// Name and version of the shape of a tombstone: what a dump of changes says of a document that is gone.
pub const TOMBSTONE: &str = "diarium/tombstone/1";

/// The public record of one document.
#[derive(Serialize)]
struct PublicRecord<'a> {
    schema: &'static str,
    id: &'a str,
    source: Source<'a>,
    #[serde(flatten)]
    record: Fields<'a>,
}

/// What was read; where fields were held back, they are absent.
#[derive(Serialize)]
#[serde(untagged)]
enum Fields<'a> {
    Read(&'a Record),
    HeldBack { kind: &'a str, warnings: &'a [Warning], evidence: &'a [Evidence] },
}

impl<'a> Fields<'a> {
    fn of(record: &'a Record) -> Self {
        if record.is_held_back() {
            Fields::HeldBack { kind: &record.kind, warnings: &record.warnings, evidence: &record.evidence }
        } else {
            Fields::Read(record)
        }
    }
}

/// Where a record came from.
#[derive(Serialize)]
struct Source<'a> {
    path: &'a str,
    also_at: &'a [String],
    blake3: &'a str,
    bytes: u64,
    media_type: &'a str,
    encoding: Option<&'a str>,
    pages: u32,
    page_sizes: Vec<[f32; 2]>,
    producer: Option<&'a str>,
    title: Option<&'a str>,
    created: Option<&'a str>,
    modified: Option<&'a str>,
    ocr_pages: &'a [u32],
    textless_pages: &'a [u32],
    part: Option<Part>,
    made_with: &'a MadeWith,
}

/// Two decimals: a hundredth of a point is far below what can be seen.
fn round(x: f32) -> f32 {
    (x * 100.0).round() / 100.0
}

fn public(stored: &StoredDocument) -> PublicRecord<'_> {
    let origin = &stored.origin;
    PublicRecord {
        schema: SCHEMA,
        id: stored.id.as_str(),
        source: Source {
            path: &stored.path,
            also_at: &stored.also_at,
            blake3: &origin.blake3,
            bytes: origin.bytes,
            media_type: &origin.media_type,
            encoding: origin.encoding.as_deref(),
            pages: origin.file_pages,
            page_sizes: stored.page_sizes.iter().map(|&(w, h)| [round(w), round(h)]).collect(),
            producer: origin.producer.as_deref(),
            title: origin.title.as_deref(),
            created: origin.created.as_deref(),
            modified: origin.modified.as_deref(),
            ocr_pages: &stored.ocr_pages,
            textless_pages: &stored.textless_pages,
            part: origin.part,
            made_with: &stored.made_with,
        },
        record: Fields::of(&stored.record),
    }
}

/// The public record as JSON, without an end of line.
///
/// # Errors
/// If it has a value that JSON has none for.
pub fn bytes(stored: &StoredDocument) -> serde_json::Result<Vec<u8>> {
    serde_json::to_vec(&public(stored))
}

/// The public record as a value. It is read from what is written, so its numbers are those of the written record.
///
/// # Errors
/// If it has a value that JSON has none for.
pub fn to_value(stored: &StoredDocument) -> serde_json::Result<serde_json::Value> {
    serde_json::from_slice(&bytes(stored)?)
}

/// Writes the public record as one line of JSON, its end included.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_line<W: io::Write + ?Sized>(stored: &StoredDocument, out: &mut W) -> io::Result<()> {
    serde_json::to_writer(&mut *out, &public(stored))?;
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::schema::record::{RECORD, is_always_there};
    use crate::ingest;
    use crate::lexicon::Lexicon;
    use crate::parse;

    #[test]
    fn keys_come_in_the_promised_order() {
        let lex = Lexicon::built_in();
        let text = "Slutrapport\n\nDnr J\u{c4}RVA 2024/45\n\nBakgrund\n\nText.\n";
        let doc = ingest::read(text.as_bytes(), "a.txt", &lex, &ingest::Options::default()).unwrap();
        let mut stored = StoredDocument::new("a.txt", &doc, parse::parse(&doc, &lex), MadeWith::default());
        stored.page_sizes = vec![(595.276_06, 841.889_95)];
        let mut line = Vec::new();
        write_line(&stored, &mut line).unwrap();
        assert_eq!(line.iter().filter(|b| **b == b'\n').count(), 1);
        let value: serde_json::Value = serde_json::from_slice(&line).unwrap();
        let keys: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, RECORD.fields.iter().map(|f| f.name).collect::<Vec<_>>());
        stored.record.warnings =
            vec![Warning { code: Record::HELD_BACK.into(), message: "held back".into(), evidence: Vec::new() }];
        let mut held = Vec::new();
        write_line(&stored, &mut held).unwrap();
        let held: serde_json::Value = serde_json::from_slice(&held).unwrap();
        let absent: Vec<&str> = keys.into_iter().filter(|k| !held.as_object().unwrap().contains_key(*k)).collect();
        assert_eq!(absent, Record::holdable());
        assert!(absent.iter().all(|k| !is_always_there(k)));
        let text = String::from_utf8(line).unwrap();
        assert!(text.contains("[[595.28,841.89]]"), "{text}");
    }
}
