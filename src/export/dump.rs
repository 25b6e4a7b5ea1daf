//! Takes records from the catalog, all or chosen ones, all or changed ones, and sends them to a format.

use std::collections::HashSet;
use std::io::Write;

use rayon::prelude::*;
use serde_json::{Value, json};

use super::cite::{self, Style};
use super::pseudonym::Pseudonyms;
use super::rows::{RowMaker, Sink};
use super::{ExportError, wire};
use crate::base::DocId;
use crate::catalog::{Change, Reader, StoredDocument};
use crate::corrections::Corrections;
use crate::ingest::Document;
use crate::ingest::document::PageText;
use crate::lexicon::Lexicon;
use crate::registry::{DocumentMentions, Gathering, Register, Wanted};

/// What is dumped.
pub struct Dump<'a> {
    /// From where.
    pub catalog: &'a Reader,
    /// Which documents; all without.
    pub chosen: Option<HashSet<DocId>>,
    /// Only what changed after this sequence.
    pub since: Option<u64>,
    /// What stands for the names of persons, if they are replaced.
    pub pseudonyms: Option<Pseudonyms>,
    /// The vocabulary.
    pub lex: &'a Lexicon,
    /// What people said of the registers.
    pub corrections: &'a Corrections,
}

/// How records are written one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lines {
    /// One JSON object a line.
    JsonLines,
    /// One JSON array.
    Json,
    /// Citations of the documents.
    Citations(Style),
}

impl Dump<'_> {
    /// The documents that changed, if only those are wanted, and those that are gone.
    fn changes(&self) -> Result<(Option<HashSet<DocId>>, Vec<Value>), ExportError> {
        let Some(since) = self.since else { return Ok((None, Vec::new())) };
        let mut changes = self.catalog.changes_since(since)?;
        changes.sort_by(|a, b| (a.seq, a.id.as_str()).cmp(&(b.seq, b.id.as_str())));
        // What a filter no longer lets through is gone for whoever keeps what it does.
        let left = |c: &Change| self.chosen.as_ref().is_some_and(|chosen| !chosen.contains(&c.id));
        let gone = changes.iter().filter(|c| c.known && (c.gone || left(c)));
        let gone = gone.map(|c| json!({"schema": wire::TOMBSTONE, "id": c.id.as_str(), "seq": c.seq})).collect();
        Ok((Some(changes.into_iter().filter(|c| !c.gone).map(|c| c.id).collect()), gone))
    }

    /// Calls for each document, ordered by path, then part.
    fn each(
        &self,
        changed: Option<&HashSet<DocId>>,
        mut f: impl FnMut(StoredDocument) -> Result<(), ExportError>,
    ) -> Result<u64, ExportError> {
        let mut count = 0;
        let wanted =
            |id: &DocId| self.chosen.as_ref().is_none_or(|c| c.contains(id)) && changed.is_none_or(|c| c.contains(id));
        for stored in self.catalog.documents() {
            let stored = stored?;
            if wanted(&stored.id) {
                f(stored)?;
                count += 1;
            }
        }
        Ok(count)
    }

    /// Learns the names that are to be replaced: those of all documents, since one that is not dumped may be the only one to say that
    /// a name is somebody's.
    fn learn(&mut self) -> Result<(), ExportError> {
        let Some(pseudonyms) = &mut self.pseudonyms else { return Ok(()) };
        for stored in self.catalog.documents() {
            pseudonyms.learn(&wire::to_value(&stored?)?);
        }
        pseudonyms.ready();
        Ok(())
    }

    /// Writes records one after the other; gives how many.
    ///
    /// # Errors
    /// If the catalog cannot be read or `out` not be written to.
    pub fn lines(&mut self, how: Lines, out: &mut dyn Write) -> Result<u64, ExportError> {
        let (changed, gone) = self.changes()?;
        self.learn()?;
        let mut first = true;
        let mut between = |out: &mut dyn Write| -> std::io::Result<()> {
            let text: &[u8] = match how {
                Lines::Json if first => b"[\n",
                Lines::Json => b",\n",
                Lines::Citations(Style::CslJson) if first => b"[\n",
                Lines::Citations(Style::CslJson) => b",\n",
                Lines::Citations(_) if !first => b"\n",
                _ => b"",
            };
            first = false;
            out.write_all(text)
        };
        let count = self.each(changed.as_ref(), |stored| {
            between(out)?;
            match (how, &self.pseudonyms) {
                (Lines::JsonLines, None) => wire::write_line(&stored, out)?,
                (Lines::Json, None) => out.write_all(&wire::bytes(&stored)?)?,
                (Lines::Citations(style), pseudonyms) => {
                    let mut record = wire::to_value(&stored)?;
                    pseudonyms.iter().for_each(|p| p.replace(&mut record));
                    out.write_all(cite::cite(&record, style, self.lex).as_bytes())?;
                }
                (_, Some(pseudonyms)) => {
                    let mut record = wire::to_value(&stored)?;
                    pseudonyms.replace(&mut record);
                    serde_json::to_writer(&mut *out, &record)?;
                    if how == Lines::JsonLines {
                        out.write_all(b"\n")?;
                    }
                }
            }
            Ok(())
        })?;
        if !matches!(how, Lines::Citations(_)) {
            for tombstone in &gone {
                between(out)?;
                serde_json::to_writer(&mut *out, tombstone)?;
                if how == Lines::JsonLines {
                    out.write_all(b"\n")?;
                }
            }
        }
        if matches!(how, Lines::Json | Lines::Citations(Style::CslJson)) {
            // An empty array has its bracket yet to come.
            out.write_all(if first { b"[]\n" } else { b"\n]\n" })?;
        }
        out.flush()?;
        Ok(count)
    }

    /// Sends the rows of all tables; gives the number of documents. The sink is finished.
    ///
    /// Documents are read, sent and dropped some at a time. What they say for the registers goes to temporary files meanwhile, of which
    /// these follow entry by entry; so memory is that of the largest entry, and of what tells organisations apart.
    ///
    /// # Errors
    /// If the catalog cannot be read or the rows not be written.
    pub fn tables(&mut self, mut sink: Box<dyn Sink>) -> Result<u64, ExportError> {
        let (changed, gone) = self.changes()?;
        self.learn()?;
        let maker = RowMaker::new();
        let pseudonyms = self.pseudonyms.as_ref();
        let mut registers = match self.since {
            None => Some(Gathering::in_folder(&std::env::temp_dir(), self.lex, self.corrections).map_err(no_room)?),
            Some(_) => None,
        };
        let mut batch: Vec<(StoredDocument, Option<Document>)> = Vec::new();
        let mut letters = 0;
        let mut send = |batch: &mut Vec<(StoredDocument, Option<Document>)>| -> Result<(), ExportError> {
            let taken = std::mem::take(batch);
            let ready: Vec<serde_json::Result<Ready>> =
                taken.into_par_iter().map(|(stored, doc)| Ready::of(&stored, doc.as_ref(), pseudonyms)).collect();
            for ready in ready {
                let Ready { record, pages, mentions } = ready?;
                maker.record(&record, &pages, sink.as_mut())?;
                if let Some(registers) = &mut registers {
                    registers.add(&mentions).map_err(no_room)?;
                }
            }
            Ok(())
        };
        let count = self.each(changed.as_ref(), |stored| {
            let doc = self.catalog.document(&stored.id)?;
            letters += doc.as_ref().map_or(0, |d| d.text.len());
            batch.push((stored, doc));
            if batch.len() >= BATCH || letters >= BATCH_LETTERS {
                letters = 0;
                send(&mut batch)?;
            }
            Ok(())
        })?;
        send(&mut batch)?;
        if let Some(registers) = registers {
            self.registers(registers, &maker, sink.as_mut())?;
        }
        self.catalog.each_file(|file| {
            let mut line = json!({
                "path": file.path, "state": file.state.as_str(), "code": file.code, "message": file.message,
                "bytes": file.stamp.bytes, "blake3": file.blake3, "missing": file.partial,
            });
            self.pseudonyms.iter().for_each(|p| p.replace(&mut line));
            maker.file(&line, sink.as_mut())
        })?;
        for tombstone in &gone {
            maker.tombstone(tombstone, sink.as_mut())?;
        }
        sink.finish()?;
        Ok(count)
    }
}

/// Documents made ready at a time, and most letters of them: values take far more memory than what they are made of.
const BATCH: usize = 64;
const BATCH_LETTERS: usize = 2 << 20;

/// A document made ready for its rows.
struct Ready {
    record: Value,
    pages: Vec<Value>,
    mentions: DocumentMentions,
}

impl Ready {
    fn of(
        stored: &StoredDocument,
        doc: Option<&Document>,
        pseudonyms: Option<&Pseudonyms>,
    ) -> serde_json::Result<Self> {
        let mut record = wire::to_value(stored)?;
        let mut pages = doc.map(pages).unwrap_or_default();
        if let Some(pseudonyms) = pseudonyms {
            pseudonyms.replace(&mut record);
            pages.iter_mut().for_each(|p| pseudonyms.replace(p));
        }
        let wanted = Wanted { coverage: false, ..Wanted::ALL };
        Ok(Ready { record, pages, mentions: DocumentMentions::of(stored, wanted) })
    }
}

impl Dump<'_> {
    /// Sends the rows of the registers of what is dumped.
    fn registers(&self, registers: Gathering, maker: &RowMaker, sink: &mut dyn Sink) -> Result<(), ExportError> {
        registers.each(|register, mut entry| {
            if let Some(pseudonyms) = &self.pseudonyms {
                if register == Register::People {
                    pseudonyms.replace_person(&mut entry);
                }
                pseudonyms.replace(&mut entry);
            }
            let name = match register {
                Register::Districts => "@districts",
                Register::Organisations => "@organisations",
                Register::Cases => "@cases",
                Register::Agreements => "@agreements",
                Register::People => "@people",
            };
            maker.entry(name, &entry, sink)
        })
    }
}

/// Names the folder of temporary files in an error.
fn no_room(e: std::io::Error) -> ExportError {
    ExportError::write(&std::env::temp_dir(), format!("{e}; is there room in the folder for temporary files (TMPDIR)?"))
}

/// The rows of the table of pages, as objects.
fn pages(doc: &Document) -> Vec<Value> {
    let page = |page: &crate::ingest::document::Page| {
        let texts = page.ranges.iter().filter_map(|r| doc.text.get(r.range())).map(str::trim_end);
        let read_by = match page.text {
            PageText::Own => "own",
            PageText::Ocr => "ocr",
            PageText::Textless => "textless",
            PageText::Blank => "blank",
            PageText::Unreliable => "unreliable",
        };
        let size = |side: fn((f32, f32)) -> f32| page.size.map(|s| (f64::from(side(s)) * 100.0).round() / 100.0);
        json!({
            "page": page.number, "width": size(|s| s.0), "height": size(|s| s.1), "read_by": read_by,
            "text": texts.collect::<Vec<_>>().join("\n"),
        })
    };
    doc.pages.iter().map(page).collect()
}
