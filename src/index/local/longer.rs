//! Puts together the rows of a segment that have one of many words, as the longer words are that a word is a part of, and how often. Looking
//! 200 words up and reading their postings takes longer than all else of a question, so what was put together is kept for the
//! questions that come after, as far as [`ROOM`] goes.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tantivy::postings::BlockSegmentPostings;
use tantivy::schema::{Field as Column, IndexRecordOption};
use tantivy::{DocId as Row, SegmentReader};

use super::rows::Rows;
use super::schema::STEM;
use crate::index::IndexError;

/// How much of what was put together is kept, in bytes.
const ROOM: usize = 16 << 20;

/// What one set of words takes that is kept besides its rows, in bytes, about: its words.
const OF_WORDS: usize = 16 << 10;

/// Rows that have one of many words.
pub(super) struct Counted {
    pub(super) rows: Rows,
    /// The same, in order.
    pub(super) list: Vec<Row>,
    /// How often the words stand in each of the list, all together.
    pub(super) often: Vec<u16>,
}

/// Words by their stems, looked for in one column.
pub(super) struct Longer {
    column: Column,
    stems: Vec<String>,
    /// For each segment, put together when first needed.
    segments: Vec<OnceLock<Arc<Counted>>>,
    bytes: AtomicUsize,
}

impl Longer {
    pub(super) fn column(&self) -> Column {
        self.column
    }

    /// The rows of a segment that have one of the words.
    pub(super) fn counted(&self, segment: usize, reader: &SegmentReader) -> Result<Arc<Counted>, IndexError> {
        let Some(known) = self.segments.get(segment) else { return Err(IndexError::Engine("no such segment".into())) };
        if let Some(counted) = known.get() {
            return Ok(counted.clone());
        }
        let counted = Arc::new(count(reader, self.column, &self.stems)?);
        if known.set(counted.clone()).is_ok() {
            self.bytes.fetch_add(counted.bytes(), Ordering::Relaxed);
        }
        Ok(counted)
    }
}

impl Counted {
    fn bytes(&self) -> usize {
        self.rows.bytes() + self.list.len() * (size_of::<Row>() + size_of::<u16>())
    }

    /// Calls `each` with the place in `rows`, the row and how often, for those that are among the rows, which come in order.
    pub(super) fn among(&self, rows: &[Row], mut each: impl FnMut(usize, Row, u32)) {
        let often = |at: usize| self.often.get(at).copied().map_or(0, u32::from);
        // Few rows are looked up one by one.
        if rows.len() < self.list.len() / 16 {
            for (i, row) in rows.iter().enumerate().filter(|(_, row)| self.rows.contains(**row)) {
                if let Ok(at) = self.list.binary_search(row) {
                    each(i, *row, often(at));
                }
            }
            return;
        }
        let mut mine = self.list.iter().zip(0..).peekable();
        for (i, row) in rows.iter().enumerate() {
            while mine.next_if(|(r, _)| *r < row).is_some() {}
            if let Some((_, at)) = mine.next_if(|(r, _)| *r == row) {
                each(i, *row, often(at));
            }
        }
    }
}

fn count(reader: &SegmentReader, column: Column, stems: &[String]) -> Result<Counted, IndexError> {
    let failed = |e: std::io::Error| IndexError::Engine(e.to_string());
    let inverted = reader.inverted_index(column)?;
    let mut rows = Rows::none(reader.max_doc());
    let mut all = vec![0u16; reader.max_doc() as usize];
    let mut term = String::new();
    let mut postings: Option<BlockSegmentPostings> = None;
    for stem in stems {
        term.clear();
        term.push(STEM);
        term.push_str(stem);
        let Some(found) = inverted.terms().get(term.as_bytes()).map_err(failed)? else { continue };
        let postings = match &mut postings {
            Some(postings) => {
                inverted.reset_block_postings_from_terminfo(&found, postings).map_err(failed)?;
                postings
            }
            none => none.insert(
                inverted.read_block_postings_from_terminfo(&found, IndexRecordOption::WithFreqs).map_err(failed)?,
            ),
        };
        while !postings.docs().is_empty() {
            for (row, often) in postings.docs().iter().zip(postings.freqs()) {
                rows.insert(*row);
                if let Some(sum) = all.get_mut(*row as usize) {
                    *sum = sum.saturating_add(u16::try_from(*often).unwrap_or(u16::MAX));
                }
            }
            postings.advance();
        }
    }
    let list = rows.list();
    let often = list.iter().map(|row| all.get(*row as usize).copied().unwrap_or(0)).collect();
    Ok(Counted { rows, list, often })
}

/// What was put together lately, the last used last.
#[derive(Default)]
pub(super) struct Kept(Mutex<Vec<Arc<Longer>>>);

impl Kept {
    /// These words in this column, with what is known of them.
    pub(super) fn longer(&self, column: Column, stems: &[String], segments: usize) -> Arc<Longer> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = kept.iter().position(|l| l.column == column && l.stems == stems).map(|i| kept.remove(i));
        let longer = known.unwrap_or_else(|| {
            Arc::new(Longer {
                column,
                stems: stems.to_vec(),
                segments: (0..segments).map(|_| OnceLock::new()).collect(),
                bytes: AtomicUsize::new(OF_WORDS),
            })
        });
        kept.push(longer.clone());
        let mut room = ROOM;
        let from = kept.iter().rposition(|l| {
            let bytes = l.bytes.load(Ordering::Relaxed);
            let fits = bytes <= room;
            room = room.saturating_sub(bytes);
            !fits
        });
        // The one asked for stays, however much it takes.
        let gone = from.map_or(0, |i| i + 1).min(kept.len() - 1);
        kept.drain(..gone);
        longer
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_was_used_longest_ago_goes_first() {
        let kept = Kept::default();
        let column = Column::from_field_id(0);
        let get = |word: &str| kept.longer(column, &[word.to_string()], 1);
        let (a, b) = (get("a"), get("b"));
        assert!(Arc::ptr_eq(&a, &get("a")) && !Arc::ptr_eq(&a, &b));
        // The one just asked for stays, however much it takes.
        a.bytes.store(2 * ROOM, Ordering::Relaxed);
        assert!(Arc::ptr_eq(&a, &get("a")));
        assert_eq!(kept.0.lock().unwrap().len(), 1);
        assert!(!Arc::ptr_eq(&b, &get("b")));
        assert_eq!(kept.0.lock().unwrap().len(), 1);
    }

    proptest! {
        #[test]
        fn rows_are_met_one_by_one_and_in_passing(
            mine in prop::collection::btree_map(0u32..500, 1u16..9, 0..200),
            rows in prop::collection::btree_set(0u32..500, 0..200),
        ) {
            let mut bits = Rows::none(500);
            mine.keys().for_each(|r| bits.insert(*r));
            let counted = Counted { rows: bits, list: mine.keys().copied().collect(), often: mine.values().copied().collect() };
            let rows: Vec<Row> = rows.into_iter().collect();
            let mut found = Vec::new();
            counted.among(&rows, |i, row, often| found.push((i, row, often)));
            let wanted: Vec<_> = rows.iter().enumerate().filter_map(|(i, r)| Some((i, *r, u32::from(*mine.get(r)?)))).collect();
            prop_assert_eq!(found, wanted);
        }
    }
}
