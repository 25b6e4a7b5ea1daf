//! Does what one file needs, and no more: nothing if it is as it was, its records if only the rules changed, else all of it.

use std::io;
use std::path::Path;

use super::walk::{Found, is_below, relative};
use crate::base::guard::guarded;
use crate::base::{DocId, Note, Severity};
use crate::catalog::{CatalogError, FileRow, FileState, Lookup, Prepared, StoredDocument, place_path};
use crate::corrections::{self, Corrections};
use crate::index::{Entry, entries};
use crate::ingest::source::{self, Source, Stamp};
use crate::ingest::{self, Document, Problem};
use crate::lexicon::Lexicon;
use crate::parse::Parser;
use crate::parse::record::MadeWith;
use crate::split;

/// Code in the ledger of a file that the corrections take down.
const TAKEN_DOWN: &str = "taken_down";

/// What every worker shares.
#[derive(Debug)]
pub(super) struct Bench<'a> {
    pub(super) lex: &'a Lexicon,
    pub(super) parser: &'a Parser,
    pub(super) made_with: &'a MadeWith,
    pub(super) corrections: &'a Corrections,
    pub(super) options: &'a ingest::Options,
    /// Files in this state are read again though nothing changed.
    pub(super) retry: Option<FileState>,
}

/// A file that was dealt with.
#[derive(Debug)]
pub(super) struct Done {
    /// Its line for the ledger.
    pub(super) line: FileRow,
    /// Whether it was met before.
    pub(super) met: Met,
    /// What came of it.
    pub(super) what: What,
    /// Files of the same content that are no longer where they were: it was moved.
    pub(super) moved_from: Vec<FileRow>,
}

/// Whether a file was met before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Met {
    /// The ledger had no line of it, or only one of a file since removed.
    New,
    /// With another content.
    Changed,
    /// With this content.
    Same,
}

/// What came of a file.
#[derive(Debug)]
pub(super) enum What {
    /// Nothing to do but perhaps its line.
    Known,
    /// It cannot be read.
    Failed,
    /// It was there before and is not now.
    Vanished,
    /// New records of documents that stay as they are.
    Records(Vec<Made>),
    /// New documents and records; whether although the same versions had read it before.
    Documents(Vec<Made>, bool),
}

/// One document, ready for the catalog and the index.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) prepared: Prepared,
    pub(super) made_with: MadeWith,
    pub(super) entries: Vec<Entry>,
}

impl Made {
    pub(super) fn id(&self) -> &DocId {
        self.prepared.id()
    }
}

impl Bench<'_> {
    /// Deals with one file.
    ///
    /// # Errors
    /// If the catalog cannot be read; what is wrong with the file is in its line.
    pub(super) fn process(&self, lookup: &Lookup, found: &Found) -> Result<Done, CatalogError> {
        let place = found.place();
        let known = lookup.file(&place)?;
        let was_taken_down = known.as_ref().is_some_and(|f| f.code.as_deref() == Some(TAKEN_DOWN));
        let former = known.filter(|f| f.state != FileState::Removed);
        // A file offered on its own keeps the path it has in the folder it was offered in before.
        let (root, path) = match &former {
            Some(f) if is_below(&found.root, &f.root) => (f.root.clone(), relative(&f.root, &place)),
            _ => (found.root.to_string(), found.path()),
        };
        let line = FileRow {
            path: self.corrections.masked_path(&path),
            state: FileState::Ok,
            code: None,
            message: None,
            stamp: Stamp::default(),
            blake3: None,
            root,
            place,
            partial: None,
            made_with: String::new(),
            seq: 0,
        };
        let met = if former.is_none() { Met::New } else { Met::Changed };
        let mut done = Done { met, line, what: What::Known, moved_from: Vec::new() };
        let loaded = match &found.problem {
            Some(problem) => Err(problem.clone()),
            None => source::load(&found.file, &self.options.limits),
        };
        let source = match loaded {
            Ok(source) => source,
            Err(Problem::Missing | Problem::BrokenLink { .. }) if former.as_ref().is_some_and(FileRow::is_read) => {
                return Ok(Done { line: former.unwrap_or(done.line), what: What::Vanished, ..done });
            }
            Err(problem) => {
                if former.is_some_and(|f| f.blake3.is_none()) {
                    done.met = Met::Same;
                }
                done.line.stamp = std::fs::metadata(&found.file).map(|m| Stamp::of(&m)).unwrap_or_default();
                return Ok(self.failed(done, &problem));
            }
        };
        done.line.stamp = source.stamp;
        let blake3 = source.hash.to_hex().to_string();
        done.line.blake3 = Some(blake3.clone());
        if let Some(why) = self.corrections.taken_down(&blake3, &done.line.path) {
            done.line.state = FileState::Removed;
            done.line.code = Some(TAKEN_DOWN.to_string());
            done.line.message = Some(format!(
                "taken down on request{}",
                if why.is_empty() { String::new() } else { format!(": {why}") }
            ));
            done.met = if was_taken_down { Met::Same } else { done.met };
            return Ok(done);
        }
        let same = former.filter(|f| f.blake3.as_ref() == Some(&blake3));
        if same.is_some() {
            done.met = Met::Same;
        }

        let known_to_fail = |f: &&FileRow| {
            f.state == FileState::Failed && f.made_with == self.versions() && self.retry != Some(FileState::Failed)
        };
        if let Some(failed) = same.as_ref().filter(known_to_fail) {
            let line = FileRow { stamp: source.stamp, path: done.line.path, root: done.line.root, ..failed.clone() };
            return Ok(Done { line, what: What::Known, ..done });
        }
        if let Some(versions) = lookup.made_with(&blake3)? {
            let holders = lookup.files_of(&blake3)?;
            done.line.partial = holders.iter().find_map(|f| f.partial.clone());
            if let Some(same) = same.filter(FileRow::is_read) {
                done.line = FileRow { stamp: source.stamp, path: done.line.path, root: done.line.root, ..same };
            } else {
                done.moved_from = holders.into_iter().filter(|f| f.place != done.line.place && is_gone(f)).collect();
            }
            let again = self.retry == Some(FileState::Partial) && done.line.partial.is_some();
            if !again && versions == *self.made_with {
                return Ok(done);
            }
            if again {
                return Ok(self.read(done, &source, true));
            }
            // The vocabulary also joins and splits: only rules that came after it can be run again from the stored text.
            // What is masked is gone from it too: another list of names that are taken down needs the file.
            let same_text =
                corrections::same_text(versions.corrections.as_deref(), self.made_with.corrections.as_deref());
            let enough = versions.extractor == self.made_with.extractor
                && versions.lexicon == self.made_with.lexicon
                && same_text;
            if let Some(what) = enough.then(|| self.parse_again(lookup, &blake3, &done.line.path)).flatten() {
                return Ok(Done { what, ..done });
            }
        }
        Ok(self.read(done, &source, false))
    }

    /// Reads, splits and parses.
    fn read(&self, mut done: Done, source: &Source, again: bool) -> Done {
        let read = guarded(|| {
            let doc = ingest::read_source(source, &done.line.path, self.lex, self.options)?;
            let mut docs = split::split(doc, self.lex);
            let path = done.line.path.as_str();
            docs.retain(|d| d.origin.part.is_none() || self.corrections.taken_down(d.id.as_str(), path).is_none());
            for doc in &mut docs {
                self.corrections.mask(doc);
            }
            let partial = missing_text(&docs);
            let internal = |detail| Problem::Internal { detail };
            let made: Result<Vec<Made>, Problem> =
                docs.into_iter().map(|doc| self.make(&done.line.path, doc).map_err(internal)).collect();
            Ok((made?, partial))
        });
        match read.unwrap_or_else(|detail| Err(Problem::Internal { detail })) {
            Ok((made, partial)) => {
                done.line.partial = partial;
                done.line.state = FileState::Ok;
                done.what = What::Documents(made, again);
                done
            }
            Err(problem) => self.failed(done, &problem),
        }
    }

    /// Makes the records of a content again from its stored documents; none if they cannot be had, so that the file is read instead.
    fn parse_again(&self, lookup: &Lookup, blake3: &str, path: &str) -> Option<What> {
        let stored = lookup.documents(blake3).ok().filter(|d| !d.is_empty())?;
        let made =
            guarded(|| stored.into_iter().map(|(_, doc)| self.make(path, doc)).collect::<Result<Vec<Made>, String>>());
        made.ok()?.ok().map(What::Records)
    }

    fn make(&self, path: &str, doc: Document) -> Result<Made, String> {
        let mut record = self.parser.parse(&doc);
        self.corrections.apply(path, &doc, &mut record);
        let entries = entries(&doc, &record);
        let stored = StoredDocument::new(path, &doc, record, self.made_with.clone());
        Ok(Made { prepared: Prepared::new(&stored, doc)?, made_with: stored.made_with, entries })
    }

    fn failed(&self, mut done: Done, problem: &Problem) -> Done {
        done.line.state = FileState::Failed;
        done.line.code = Some(problem.code().to_string());
        done.line.message = Some(problem.to_string());
        done.line.partial = None;
        done.line.made_with = self.versions();
        Done { what: What::Failed, moved_from: Vec::new(), ..done }
    }

    /// What a failure depends on: a reader that has changed may succeed.
    fn versions(&self) -> String {
        format!("{}/{}", self.made_with.extractor, self.made_with.lexicon)
    }
}

/// True if nothing is where the file was. A place that cannot be looked at is not known to be empty.
pub(super) fn is_gone(line: &FileRow) -> bool {
    gone(&place_path(&line.place))
}

fn gone(path: &Path) -> bool {
    path.symlink_metadata().is_err_and(|e| matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory))
}

/// Notes of the extractor that mean that text of the file is missing or not to be relied on; and how those of a bound begin.
const MISSING_TEXT: [&str; 2] = ["textless_page", "text_layer_unreliable"];
const BOUND: &str = "limit_";

/// How many of them a line of the ledger quotes.
const QUOTED: usize = 3;

/// Says what of a file's text is missing, if any is.
fn missing_text(docs: &[Document]) -> Option<String> {
    let is_missing = |n: &&Note| {
        n.severity == Severity::Warning && (MISSING_TEXT.contains(&n.code.as_ref()) || n.code.starts_with(BOUND))
    };
    let mut what: Vec<&str> =
        docs.iter().flat_map(|d| &d.notes).filter(is_missing).map(|n| n.message.trim_end_matches('.')).collect();
    what.dedup();
    let more = what.len().saturating_sub(QUOTED);
    what.truncate(QUOTED);
    let quoted = what.join("; ");
    match (quoted.is_empty(), more) {
        (true, _) => None,
        (false, 0) => Some(quoted),
        (false, n) => Some(format!("{quoted}; and {n} more")),
    }
}
