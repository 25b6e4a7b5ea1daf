//! Finds where words stand in order, at most so many others between them. At each place any of several terms will do, which
//! tantivy's own phrase query cannot do without walking its dictionary.

use tantivy::index::InvertedIndexReader;
use tantivy::postings::{Postings as _, SegmentPostings, TermInfo};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId as Row, DocSet as _, TERMINATED};

/// The places of words in one segment.
pub(super) struct Places {
    places: Vec<Place>,
    between: u32,
    /// Room that is used again for each row.
    taken: Vec<u32>,
    at: Vec<usize>,
}

impl Places {
    /// Opens the terms of each place; none if a place has none.
    pub(super) fn open(
        inverted: &InvertedIndexReader,
        terms: &[Vec<TermInfo>],
        between: u32,
    ) -> tantivy::Result<Option<Places>> {
        let mut places = Vec::with_capacity(terms.len());
        for any in terms {
            if any.is_empty() {
                return Ok(None);
            }
            let option = IndexRecordOption::WithFreqsAndPositions;
            let open = |info| inverted.read_postings_from_terminfo(info, option);
            places.push(Place { any: any.iter().map(open).collect::<Result<_, _>>()?, positions: Vec::new() });
        }
        Ok(Some(Places { places, between, taken: Vec::new(), at: Vec::new() }))
    }

    /// Goes to a row, which must not come before the last one. False if a place has none of its terms there.
    fn go_to(&mut self, row: Row) -> bool {
        for place in &mut self.places {
            if place.seek(row) != row {
                return false;
            }
        }
        for place in &mut self.places {
            place.read_positions(row, &mut self.taken);
        }
        true
    }

    /// How often the words stand in order in a row, which must not come before the last one.
    pub(super) fn count(&mut self, row: Row) -> u32 {
        let mut found = 0;
        if self.go_to(row) {
            in_order(&self.places, self.between, &mut self.at, |_, _| found += 1);
        }
        found
    }

    /// Calls `each` with the places where the words stand in order, for each of the rows, which must come in order.
    pub(super) fn stands(
        &mut self,
        rows: impl Iterator<Item = (Row, usize)>,
        mut each: impl FnMut(usize, Vec<(u32, u32)>),
    ) {
        for (row, which) in rows {
            if self.go_to(row) {
                let mut found = Vec::new();
                in_order(&self.places, self.between, &mut self.at, |first, last| found.push((first, last)));
                each(which, found);
            }
        }
    }
}

/// One place: the entries that have any of its terms.
struct Place {
    any: Vec<SegmentPostings>,
    /// Where its terms stand in the entry looked at.
    positions: Vec<u32>,
}

impl Place {
    /// The first entry from `target` on.
    fn seek(&mut self, target: Row) -> Row {
        let mut first = TERMINATED;
        for postings in &mut self.any {
            let row = if postings.doc() < target { postings.seek(target) } else { postings.doc() };
            first = first.min(row);
        }
        first
    }

    fn read_positions(&mut self, row: Row, buffer: &mut Vec<u32>) {
        self.positions.clear();
        let mut terms = 0;
        for postings in self.any.iter_mut().filter(|p| p.doc() == row) {
            postings.positions(buffer);
            self.positions.extend_from_slice(buffer);
            terms += 1;
        }
        if terms > 1 {
            self.positions.sort_unstable();
            // A word may stand there in several forms.
            self.positions.dedup();
        }
    }
}

/// Calls `each` with where the words begin and end to stand in order.
fn in_order(places: &[Place], between: u32, at: &mut Vec<usize>, mut each: impl FnMut(u32, u32)) {
    let Some((first, rest)) = places.split_first() else { return };
    // Where each place's search goes on: starts grow, so what lies before stays behind.
    at.clear();
    at.resize(rest.len(), 0);
    'starts: for &start in &first.positions {
        let (mut next, mut left) = (start.saturating_add(1), between);
        for (place, at) in rest.iter().zip(at.iter_mut()) {
            while place.positions.get(*at).is_some_and(|p| *p < next) {
                *at += 1;
            }
            match place.positions.get(*at) {
                None => break 'starts,
                Some(p) if p - next > left => continue 'starts,
                Some(p) => {
                    left -= p - next;
                    next = p.saturating_add(1);
                }
            }
        }
        each(start, next - 1);
    }
}
