//! Finds where words stand in order, at most so many others between them. At each place any of several terms will do, which
//! tantivy's own phrase query cannot do without walking its dictionary.

use tantivy::index::InvertedIndexReader;
use tantivy::postings::{Postings as _, SegmentPostings, TermInfo};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId as Row, DocSet as _, TERMINATED};

/// So many numbers of bits are cleared faster than places are compared.
const FEWEST: usize = 16;

/// The places of words in one segment.
pub(super) struct Places {
    places: Vec<Place>,
    between: u32,
    /// Room that is used again for each row.
    at: Vec<usize>,
    bits: Bits,
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
        Ok(Some(Places { places, between, at: Vec::new(), bits: Bits::default() }))
    }

    /// Goes to a row, which must not come before the last one. False if a place has none of its terms there.
    fn go_to(&mut self, row: Row) -> bool {
        for place in &mut self.places {
            if place.seek(row) != row {
                return false;
            }
        }
        for place in &mut self.places {
            place.read_positions(row);
        }
        true
    }

    /// How often the words stand in order in a row, which must not come before the last one.
    pub(super) fn count(&mut self, row: Row) -> u32 {
        let mut found = 0;
        if self.go_to(row) {
            if self.between == 0
                && let Some(found) = self.bits.often(&self.places)
            {
                return found;
            }
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

    fn read_positions(&mut self, row: Row) {
        self.positions.clear();
        let mut terms = 0;
        for postings in self.any.iter_mut().filter(|p| p.doc() == row) {
            postings.append_positions_with_offset(0, &mut self.positions);
            terms += 1;
        }
        if terms > 1 {
            self.positions.sort_unstable();
            // A word may stand there in several forms.
            self.positions.dedup();
        }
    }
}

/// The places of a row as bits, 64 to a number.
#[derive(Default)]
struct Bits {
    /// Where the words looked at so far stand one after the other: bits of where the first begins.
    here: Vec<u64>,
    next: Vec<u64>,
}

impl Bits {
    /// How often the words stand one right after the other; none where there are too few of them for so long a text.
    fn often(&mut self, places: &[Place]) -> Option<u32> {
        let (first, rest) = places.split_first()?;
        let (last, middle) = rest.split_last()?;
        let length = places.iter().filter_map(|p| p.positions.last()).min()?;
        let numbers = *length as usize / 64 + 1;
        let words: usize = places.iter().map(|p| p.positions.len()).sum();
        if numbers > FEWEST.max(words * 8) {
            return None;
        }
        self.here.clear();
        self.here.resize(numbers, 0);
        for at in &first.positions {
            let Some(bits) = self.here.get_mut(*at as usize / 64) else { break };
            *bits |= 1 << (at % 64);
        }
        for (place, before) in middle.iter().zip(1..) {
            self.next.clear();
            self.next.resize(numbers, 0);
            for at in place.positions.iter().filter_map(|p| p.checked_sub(before)) {
                let number = at as usize / 64;
                let (Some(bits), Some(here)) = (self.next.get_mut(number), self.here.get(number)) else { break };
                *bits |= here & 1 << (at % 64);
            }
            std::mem::swap(&mut self.here, &mut self.next);
        }
        let before = u32::try_from(middle.len() + 1).ok()?;
        let begins = last.positions.iter().filter_map(|p| p.checked_sub(before));
        let met = begins.map_while(|at| Some(self.here.get(at as usize / 64)? >> (at % 64) & 1));
        u32::try_from(met.sum::<u64>()).ok()
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn bits_tell_what_walking_tells(
            of in prop::collection::vec(prop::collection::btree_set(0u32..300, 1..120), 2..5),
            far in prop::option::of(300u32..100_000),
        ) {
            let positions = |set: std::collections::BTreeSet<u32>| set.into_iter().chain(far).collect();
            let places: Vec<Place> =
                of.into_iter().map(|set| Place { any: Vec::new(), positions: positions(set) }).collect();
            let mut walked = 0;
            in_order(&places, 0, &mut Vec::new(), |_, _| walked += 1);
            let told = Bits::default().often(&places);
            prop_assert!(told.is_none_or(|n| n == walked), "{told:?} {walked}");
            prop_assert!(told.is_some() || far.is_some());
        }
    }
}
