//! Holds tables, lists and headings against what a reader sees on the pages: `tests/gold/structure/README.md` says how the
//! truth is written and what is counted.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use diarium::ingest::document::{BlockKind, Document, Zone};
use diarium::ingest::layout::list_levels;
use diarium::ingest::{self, Options};
use diarium::lexicon::Lexicon;
use serde_json::Value;
use unicode_normalization::UnicodeNormalization as _;

/// Least F1 of every set and row.
const LEAST: [(&str, [f64; 4]); 2] = [("corpus", [0.99, 0.99, 0.95, 0.97]), ("council", [0.99, 0.99, 0.99, 0.99])];
/// What is counted, in the order of `LEAST`.
const ROWS: [&str; 4] = ["table rows", "cells", "list items", "headings"];

/// Right, found, there.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    right: usize,
    found: usize,
    wanted: usize,
}

impl Count {
    fn of(part: usize, whole: usize) -> f64 {
        if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
    }

    fn f1(self) -> f64 {
        Count::of(2 * self.right, self.found + self.wanted)
    }
}

/// A text as compared: NFC, single spaces, plain dashes, lower case.
fn norm(text: &str) -> String {
    let plain: String = text.nfc().map(|c| if matches!(c, '–' | '−') { '-' } else { c }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// How truth that must not hold the text writes it: the first 12 hex digits of its BLAKE3.
fn masked(text: &str) -> String {
    let text = norm(text);
    if text.is_empty() { text } else { format!("#{}", &blake3::hash(text.as_bytes()).to_hex()[..12]) }
}

/// The pieces of one document, or of its truth, as they are compared.
type Pieces = [Vec<String>; 4];

fn wanted(truth: &Value, as_key: impl Fn(&str) -> String) -> Pieces {
    let list = |v: &Value| v.as_array().cloned().unwrap_or_default();
    let text = |v: &Value| as_key(v.as_str().unwrap_or_default());
    let mut out = Pieces::default();
    for row in list(&truth["tables"]).iter().flat_map(|t| list(&t["rows"])) {
        let cells: Vec<String> = list(&row).iter().map(text).collect();
        add_row(&mut out, &cells);
    }
    out[2] = list(&truth["items"]).iter().map(|i| format!("{} {}", i[0], text(&i[1]))).collect();
    out[3] = list(&truth["headings"]).iter().map(text).collect();
    out
}

fn found(doc: &Document, as_key: impl Fn(&str) -> String) -> Pieces {
    let mut out = Pieces::default();
    let levels = list_levels(doc);
    for (block, level) in doc.blocks.iter().zip(levels).filter(|(b, _)| b.zone == Zone::Body) {
        let text = doc.quote(block.span);
        match block.kind {
            BlockKind::Table => {
                let rows: Vec<Vec<String>> = text.split('\n').map(|r| r.split('\t').map(&as_key).collect()).collect();
                rows.iter().for_each(|r| add_row(&mut out, r));
            }
            BlockKind::ListItem => out[2].push(format!("{level} {}", as_key(text))),
            BlockKind::Heading { .. } => out[3].push(as_key(text)),
            BlockKind::Paragraph | BlockKind::Lines => {}
        }
    }
    out
}

/// A row counts as a whole, empty cells at its end left out, and every cell with the number of its column.
fn add_row(out: &mut Pieces, cells: &[String]) {
    let used = cells.iter().rposition(|c| !c.is_empty()).map_or(0, |i| i + 1);
    out[0].push(cells[..used].join(" | "));
    out[1].extend(cells.iter().enumerate().filter(|(_, c)| !c.is_empty()).map(|(i, c)| format!("{i} {c}")));
}

/// How many of both lists are the same, order left out, and what is only in one.
fn compare(want: &[String], got: &[String]) -> (Count, Vec<String>) {
    let mut left: BTreeMap<&str, i64> = BTreeMap::new();
    want.iter().for_each(|w| *left.entry(w).or_default() += 1);
    let mut right = 0;
    for g in got {
        let n = left.entry(g).or_default();
        right += usize::from(*n > 0);
        *n -= 1;
    }
    let odd = left.iter().filter(|(_, n)| **n != 0);
    let odd = odd.map(|(t, n)| format!("{} {t}", if *n > 0 { "missed" } else { "wrong" })).collect();
    (Count { right, found: got.len(), wanted: want.len() }, odd)
}

fn read(path: &Path, lex: &Lexicon) -> Document {
    let bytes = std::fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let options = Options { ocr: ingest::Ocr::Never, ..Options::default() };
    ingest::read(&bytes, &path.to_string_lossy(), lex, &options).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn truth(name: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/gold/structure").join(name);
    serde_json::from_str(&std::fs::read_to_string(path).expect("truth")).expect("a list of documents")
}

/// Adds up a set's documents and holds its rows against their floors.
///
/// The table goes past the test's capture, so that `just structure` shows it.
fn score(set: &str, documents: Vec<(String, Pieces, Pieces)>) {
    let mut counts = [Count::default(); 4];
    let mut misses = Vec::new();
    let files = documents.len();
    for (name, want, got) in documents {
        for (row, count) in counts.iter_mut().enumerate() {
            let (c, odd) = compare(&want[row], &got[row]);
            count.right += c.right;
            count.found += c.found;
            count.wanted += c.wanted;
            // The rows say what the cells would.
            misses.extend(odd.into_iter().filter(|_| row != 1).map(|m| format!("{name}: {}: {m}", ROWS[row])));
        }
    }
    let mut table = format!("{set}, {files} files\n");
    for (name, c) in ROWS.iter().zip(counts) {
        let (p, r) = (Count::of(c.right, c.found), Count::of(c.right, c.wanted));
        let _ = writeln!(table, "  {name:12} P {p:.3} R {r:.3} F1 {:.3} support {}", c.f1(), c.wanted);
    }
    if std::env::var_os("STRUCTURE_MISSES").is_some() {
        table.push_str(&misses.join("\n"));
    }
    let _ = writeln!(std::io::stderr(), "{table}");
    let (_, least) = LEAST.iter().find(|(name, _)| *name == set).expect("a set with floors");
    for ((name, c), least) in ROWS.iter().zip(counts).zip(least) {
        assert!(c.f1() >= *least, "{set}: {name}: F1 {:.3} is under {least}\n{}", c.f1(), misses.join("\n"));
    }
}

#[test]
fn the_corpus_has_its_tables_lists_and_headings() {
    let lex = Lexicon::built_in();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let truths = truth("corpus.json");
    let documents = truths.iter().map(|t| {
        let file = t["file"].as_str().expect("a file");
        (file.to_string(), wanted(t, norm), found(&read(&root.join(file), &lex), norm))
    });
    score("corpus", documents.collect());
}

#[test]
fn council_files_have_their_tables_lists_and_headings() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/pdfs/council");
    if !folder.is_dir() {
        return crate::util::skipped(&format!("{} not found", folder.display()));
    }
    let truths = truth("council.json");
    let by_hash: HashMap<&str, &Value> = truths
        .iter()
        .flat_map(|t| t["blake3"].as_array().into_iter().flatten().filter_map(move |h| Some((h.as_str()?, t))))
        .collect();
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder).unwrap().flatten().map(|e| e.path()).collect();
    files.sort();
    let lex = Lexicon::built_in();
    let mut documents = Vec::new();
    for path in files.iter().filter(|p| p.extension().is_some_and(|e| e == "pdf")) {
        let hash = blake3::hash(&std::fs::read(path).unwrap()).to_hex();
        if let Some(t) = by_hash.get(hash.as_str()) {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            documents.push((name, wanted(t, str::to_string), found(&read(path, &lex), masked)));
        }
    }
    assert_eq!(documents.len(), by_hash.len(), "a file for every hash of the truth");
    score("council", documents);
}
