//! Keeps the table of compounds beside the index, so that a question need not read all words: one line for each part with the
//! words it is in and how many more there are, in order, found by halving. A table of another state is not used; the reader then makes it in memory.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use tantivy::Searcher;
use tantivy::directory::{Directory, MmapDirectory, OwnedBytes};
use tantivy::schema::Field as Column;

use crate::index::compounds::{self, Compounds, Table};
use crate::index::{IndexError, analyse};

/// Name of the file in the index folder.
const FILE: &str = "diarium-compounds";

/// The table of one state of the index.
pub(super) enum Stored {
    /// As it lies in the folder, after the head.
    File { bytes: OwnedBytes, head: usize },
    /// Made just now.
    Made(Table),
}

impl Stored {
    /// The table of this state: that of the folder if it is of the same state, otherwise one made from the index's words.
    pub(super) fn open(dir: &Path, searcher: &Searcher, text: Column, sequence: u64) -> Result<Stored, IndexError> {
        match file(dir, sequence) {
            Some(stored) => Ok(stored),
            None => Ok(Stored::Made(made(searcher, text)?)),
        }
    }

    /// The compounds that a typed word is a part of.
    pub(super) fn of(&self, word: &str) -> Compounds {
        compounds::find(word, |key| self.line(key))
    }

    fn line(&self, key: &str) -> Option<Compounds> {
        match self {
            Stored::Made(table) => table.get(key).cloned(),
            Stored::File { bytes, head } => {
                let line = std::str::from_utf8(find(bytes.get(*head..)?, key.as_bytes())?).ok()?;
                let mut words = line.split(' ');
                let left_out = words.next()?.parse().ok()?;
                Some(Compounds { stems: words.map(str::to_string).collect(), left_out })
            }
        }
    }
}

/// Writes the table of this state beside the index, unless it is there: whole or not at all.
pub(super) fn save(dir: &Path, searcher: &Searcher, text: Column, sequence: u64) -> Result<(), IndexError> {
    if file(dir, sequence).is_some() {
        return Ok(());
    }
    let (path, part) = (dir.join(FILE), dir.join("diarium-compounds.part"));
    let mut out = head(sequence).into_bytes();
    for (key, found) in made(searcher, text)? {
        let line = writeln!(out, "{key}\t{} {}", found.left_out, found.stems.join(" "));
        line.map_err(|source| IndexError::Io { path: path.clone(), source })?;
    }
    fs::write(&part, out).and_then(|()| fs::rename(&part, &path)).map_err(|source| IndexError::Io { path, source })
}

/// First line of the file: what it was made with and of.
fn head(sequence: u64) -> String {
    format!("diarium-compounds {} {} {sequence}\n", compounds::VERSION, analyse::VERSION)
}

fn file(dir: &Path, sequence: u64) -> Option<Stored> {
    if !dir.join(FILE).is_file() {
        return None;
    }
    let bytes = MmapDirectory::open(dir).ok()?.open_read(Path::new(FILE)).ok()?.read_bytes().ok()?;
    let head = head(sequence);
    bytes.starts_with(head.as_bytes()).then_some(Stored::File { bytes, head: head.len() })
}

/// The words of the line with this key, by halving; the lines are in the order of their keys.
fn find<'b>(lines: &'b [u8], key: &[u8]) -> Option<&'b [u8]> {
    let (mut from, mut to) = (0, lines.len());
    while from < to {
        // The line that the middle stands in.
        let middle = from + (to - from) / 2;
        let start = lines.get(from..middle)?.iter().rposition(|b| *b == b'\n').map_or(from, |i| from + i + 1);
        let end = lines.get(middle..to)?.iter().position(|b| *b == b'\n').map_or(to, |i| middle + i);
        let line = lines.get(start..end)?;
        let tab = line.iter().position(|b| *b == b'\t')?;
        match line.get(..tab)?.cmp(key) {
            Ordering::Equal => return line.get(tab + 1..),
            Ordering::Less => from = end + 1,
            Ordering::Greater => to = start,
        }
    }
    None
}

fn made(searcher: &Searcher, text: Column) -> Result<Table, IndexError> {
    let failed = |e: std::io::Error| IndexError::Engine(e.to_string());
    let mut words: BTreeMap<String, u64> = BTreeMap::new();
    for reader in searcher.segment_readers() {
        let inverted = reader.inverted_index(text)?;
        // Words as written come after the stems, which begin with a control character.
        let mut terms = inverted.terms().range().ge(b"a").into_stream().map_err(failed)?;
        while terms.advance() {
            let Ok(word) = std::str::from_utf8(terms.key()) else { continue };
            let n = u64::from(terms.value().doc_freq);
            match words.get_mut(word) {
                Some(known) => *known += n,
                None if word.chars().all(char::is_alphabetic) => drop(words.insert(word.to_string(), n)),
                None => {}
            }
        }
    }
    Ok(compounds::table(&words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_line_is_found_and_no_other(keys in prop::collection::btree_map("[a-cå\u{2}]{1,4}", "[a-c ]{1,9}", 0..40), other in "[a-cå]{1,4}") {
            let lines: String = keys.iter().map(|(k, v)| format!("{k}\t{v}\n")).collect();
            for (key, words) in &keys {
                prop_assert_eq!(find(lines.as_bytes(), key.as_bytes()), Some(words.as_bytes()));
            }
            prop_assert_eq!(find(lines.as_bytes(), other.as_bytes()).is_some(), keys.contains_key(&other));
        }
    }
}
