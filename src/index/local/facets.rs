//! Counts facets. The values of all segments are numbered together, in their order, once for the state that is searched: a count
//! is then an addition, and only what is shown becomes text. Once so many rows of a segment were counted one by one that reading all of
//! them costs little more, their values are kept unpacked.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use tantivy::columnar::{Column as FastColumn, ColumnIndex};
use tantivy::{DocId as Row, Searcher};

use super::rows::Rows;
use crate::index::IndexError;
use crate::index::engine::Counts;
use crate::query::Field;

/// The number of a value that is not counted.
const NONE: u32 = u32::MAX;

/// The same in values that are kept unpacked: facets with more values are not.
const NO_VALUE: u16 = u16::MAX;

/// The values of a segment are kept once one row in so many was read: one by one costs more than all in their order.
const WORTH_IT: usize = 8;

/// How many rows are counted at a time.
pub(super) const BLOCK: usize = 1024;

/// The values of one facet in one state of the index.
pub(super) struct Facet {
    /// In order.
    values: Vec<Arc<str>>,
    /// For each segment; none where no row has a value.
    segments: Vec<Option<OfSegment>>,
}

struct OfSegment {
    /// The values of each row, by their number in the segment.
    column: FastColumn<u64>,
    /// Their numbers in [`Facet::values`].
    numbers: Vec<u32>,
    /// How many documents and how many decisions have each, counted when first needed.
    totals: [OnceLock<Vec<u32>>; 2],
    /// How many rows there are.
    rows: Row,
    /// How many were read so far.
    read: AtomicUsize,
    /// The number in [`Facet::values`] of each row's value; none where rows have several.
    unpacked: OnceLock<Option<Vec<u16>>>,
}

impl OfSegment {
    /// The values of all rows, if these many more to be read make it worth the while to keep them.
    fn unpacked(&self, more: usize, values: usize) -> Option<&[u16]> {
        if let Some(known) = self.unpacked.get() {
            return known.as_deref();
        }
        if self.read.fetch_add(more, Ordering::Relaxed) < self.rows as usize / WORTH_IT {
            return None;
        }
        self.unpacked.get_or_init(|| self.unpack(values)).as_deref()
    }

    fn unpack(&self, values: usize) -> Option<Vec<u16>> {
        if matches!(self.column.index, ColumnIndex::Multivalued(_)) || values >= usize::from(NO_VALUE) {
            return None;
        }
        let mut out = vec![NO_VALUE; self.rows as usize];
        let mut room = Room::default();
        let all: Vec<Row> = (0..self.rows).collect();
        for block in all.chunks(BLOCK) {
            for (row, number) in room.read(self, block).zip_rows(block) {
                let number = self.numbers.get(number as usize).and_then(|n| u16::try_from(*n).ok());
                if let (Some(place), Some(number)) = (out.get_mut(row as usize), number) {
                    *place = number;
                }
            }
        }
        Some(out)
    }
}

/// Room for one block: the values' places in the column, the rows that have them, the values.
#[derive(Default)]
struct Room {
    places: Vec<u32>,
    rows: Vec<Row>,
    numbers: Vec<u64>,
}

/// The values of a block of rows, by their numbers in the segment.
struct Read<'r> {
    /// The rows that have them, unless each has exactly one.
    rows: Option<&'r [Row]>,
    numbers: &'r [u64],
}

impl<'r> Read<'r> {
    /// Each value with the row that has it, given the rows that were read.
    fn zip_rows(&self, block: &'r [Row]) -> impl Iterator<Item = (Row, u64)> + 'r {
        self.rows.unwrap_or(block).iter().copied().zip(self.numbers.iter().copied())
    }
}

impl Room {
    fn read(&mut self, of: &OfSegment, rows: &[Row]) -> Read<'_> {
        let full = matches!(of.column.index, ColumnIndex::Full);
        let places = if full {
            rows
        } else {
            self.places.clear();
            self.rows.clear();
            of.column.index.docids_to_rowids(rows, &mut self.rows, &mut self.places);
            &self.places
        };
        self.numbers.clear();
        self.numbers.resize(places.len(), 0);
        of.column.values.get_vals(places, &mut self.numbers);
        Read { rows: (!full).then_some(&self.rows), numbers: &self.numbers }
    }
}

impl Facet {
    pub(super) fn open(searcher: &Searcher, field: Field) -> Result<Facet, IndexError> {
        let failed = |e: std::io::Error| IndexError::Engine(e.to_string());
        let mut segments = Vec::new();
        // Each value with the segment that has it and its number there.
        let mut found: Vec<(String, usize, usize)> = Vec::new();
        for (segment, reader) in searcher.segment_readers().iter().enumerate() {
            let Some(column) = reader.fast_fields().str(field.name())? else {
                segments.push(None);
                continue;
            };
            let mut terms = column.dictionary().stream().map_err(failed)?;
            let mut number = 0;
            while terms.advance() {
                if let Ok(value) = std::str::from_utf8(terms.key()) {
                    found.push((value.to_string(), segment, number));
                }
                number += 1;
            }
            let (_, column) = column.into_parts();
            let totals = [OnceLock::new(), OnceLock::new()];
            segments.push(Some(OfSegment {
                column,
                numbers: vec![NONE; number],
                totals,
                rows: reader.max_doc(),
                read: AtomicUsize::new(0),
                unpacked: OnceLock::new(),
            }));
        }
        found.sort();
        let mut values: Vec<Arc<str>> = Vec::new();
        for (value, segment, number) in found {
            if values.last().is_none_or(|last| **last != *value) {
                values.push(value.into());
            }
            let here = segments.get_mut(segment).and_then(Option::as_mut).and_then(|s| s.numbers.get_mut(number));
            if let (Some(here), Ok(last)) = (here, u32::try_from(values.len() - 1)) {
                *here = last;
            }
        }
        Ok(Facet { values, segments })
    }
}

/// Rows of one unit of a segment that are to be counted.
pub(super) struct These<'r> {
    /// All rows of the unit.
    unit: &'r Rows,
    /// Which unit: 0 documents, 1 decisions.
    which: usize,
    /// The rows.
    rows: Vec<Row>,
    /// The others of the unit, where they are fewer.
    left_out: Option<Vec<Row>>,
}

impl<'r> These<'r> {
    /// `which` is 0 for documents, 1 for decisions.
    pub(super) fn new(rows: &Rows, unit: &'r Rows, which: usize) -> Self {
        let list = rows.list();
        let most = list.len() as u64 * 2 > unit.len();
        let left_out = most.then(|| {
            let mut others = unit.clone();
            others.without(rows);
            others.list()
        });
        These { unit, which, rows: list, left_out }
    }

    /// Other rows of the same unit.
    pub(super) fn others(&self, rows: &Rows) -> Self {
        These::new(rows, self.unit, self.which)
    }

    /// The rows, in order.
    pub(super) fn into_rows(self) -> Vec<Row> {
        self.rows
    }
}

/// Counts one facet.
pub(super) struct Counter<'f> {
    facet: &'f Facet,
    counts: Vec<u64>,
    /// For counting documents by their decisions: the last document counted for each value, plus one.
    last: Vec<Row>,
    segment: usize,
    room: Room,
}

impl<'f> Counter<'f> {
    pub(super) fn new(facet: &'f Facet) -> Self {
        Counter { facet, counts: vec![0; facet.values.len()], last: Vec::new(), segment: 0, room: Room::default() }
    }

    /// Counts rows of a segment. Where they are most rows of their unit, those are counted that are left out.
    pub(super) fn add(&mut self, segment: usize, these: &These) {
        let Some(of) = self.facet.segments.get(segment).and_then(Option::as_ref) else { return };
        let Some(left_out) = &these.left_out else {
            self.each_value(of, &these.rows, |n| *n += 1);
            return;
        };
        let Some(totals) = of.totals.get(these.which) else { return };
        let totals = totals.get_or_init(|| {
            let mut totals = vec![0u32; of.numbers.len()];
            for block in these.unit.list().chunks(BLOCK) {
                for number in self.room.read(of, block).numbers {
                    totals.get_mut(*number as usize).into_iter().for_each(|n| *n += 1);
                }
            }
            totals
        });
        for (number, total) in of.numbers.iter().zip(totals) {
            if let Some(n) = self.counts.get_mut(*number as usize) {
                *n += u64::from(*total);
            }
        }
        self.each_value(of, left_out, |n| *n = n.saturating_sub(1));
    }

    /// Changes the count of each value of these rows.
    fn each_value(&mut self, of: &OfSegment, rows: &[Row], mut change: impl FnMut(&mut u64)) {
        if let Some(unpacked) = of.unpacked(rows.len(), self.counts.len()) {
            let numbers = rows.iter().filter_map(|row| unpacked.get(*row as usize));
            for number in numbers {
                self.counts.get_mut(usize::from(*number)).into_iter().for_each(&mut change);
            }
            return;
        }
        for block in rows.chunks(BLOCK) {
            for number in self.room.read(of, block).numbers {
                let number = of.numbers.get(*number as usize).copied().unwrap_or(NONE);
                self.counts.get_mut(number as usize).into_iter().for_each(&mut change);
            }
        }
    }

    /// Counts documents of a segment for the values of their decisions, each document once for each value. Documents come in order;
    /// `document` gives that of a decision.
    pub(super) fn add_documents(&mut self, segment: usize, decisions: &[Row], document: impl Fn(Row) -> Row) {
        let Some(of) = self.facet.segments.get(segment).and_then(Option::as_ref) else { return };
        if self.segment != segment || self.last.is_empty() {
            self.segment = segment;
            self.last.clear();
            self.last.resize(self.counts.len(), 0);
        }
        for (decision, number) in self.room.read(of, decisions).zip_rows(decisions) {
            let number = of.numbers.get(number as usize).copied().unwrap_or(NONE) as usize;
            if let (Some(n), Some(last)) = (self.counts.get_mut(number), self.last.get_mut(number)) {
                let document = document(decision) + 1;
                if *last != document {
                    *last = document;
                    *n += 1;
                }
            }
        }
    }

    pub(super) fn counts(self) -> Counts {
        let counted = self.facet.values.iter().zip(self.counts).filter(|(_, n)| *n > 0);
        counted.map(|(value, n)| (value.clone(), n)).collect()
    }
}
