//! Defines `Near`: entries where words stand in this order, at most so many others between them. At each place any of
//! several terms will do, which tantivy's own phrase query cannot do without walking its dictionary.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings as _, SegmentPostings};
use tantivy::query::{Bm25Weight, EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field as Column, IndexRecordOption};
use tantivy::{DocId as Row, DocSet, Score, SegmentReader, TERMINATED, Term};

/// Words in this order.
#[derive(Clone, Debug)]
pub(super) struct Near {
    /// Where they are looked for.
    pub(super) column: Column,
    /// The terms that will do at each place; at least one place, and one term at each.
    pub(super) places: Vec<Vec<Term>>,
    /// How many other words may stand between them, all together.
    pub(super) between: u32,
}

impl Near {
    /// Calls `each` with the places where the words stand in order, for each of the rows, which must come in order.
    pub(super) fn stands(
        &self,
        reader: &SegmentReader,
        rows: impl Iterator<Item = (Row, usize)>,
        mut each: impl FnMut(usize, Vec<(u32, u32)>),
    ) -> tantivy::Result<()> {
        let weight = NearWeight { near: self.clone(), bm25: None };
        let Some(mut places) = weight.places(reader)? else { return Ok(()) };
        let mut buffer = Vec::new();
        for (row, which) in rows {
            let mut all = true;
            for place in &mut places {
                all &= place.seek(row) == row;
                place.read_positions(row, &mut buffer);
            }
            if all {
                let mut found = Vec::new();
                in_order(&places, self.between, |first, last| found.push((first, last)));
                each(which, found);
            }
        }
        Ok(())
    }
}

impl Query for Near {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let bm25 = match scoring {
            EnableScoring::Enabled { statistics_provider, .. } => {
                // One term for each place: its first, which is the word as typed.
                let first: Vec<Term> = self.places.iter().filter_map(|any| any.first().cloned()).collect();
                Some(Bm25Weight::for_terms(statistics_provider, &first)?)
            }
            EnableScoring::Disabled { .. } => None,
        };
        Ok(Box::new(NearWeight { near: self.clone(), bm25 }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.places.iter().flatten().for_each(|t| visitor(t, true));
    }
}

struct NearWeight {
    near: Near,
    bm25: Option<Bm25Weight>,
}

impl NearWeight {
    /// The postings of each place; none if a place has none.
    fn places(&self, reader: &SegmentReader) -> tantivy::Result<Option<Vec<Place>>> {
        let inverted = reader.inverted_index(self.near.column)?;
        let mut places = Vec::with_capacity(self.near.places.len());
        for terms in &self.near.places {
            let mut any = Vec::with_capacity(terms.len());
            for term in terms {
                any.extend(inverted.read_postings(term, IndexRecordOption::WithFreqsAndPositions)?);
            }
            if any.is_empty() {
                return Ok(None);
            }
            places.push(Place { any, positions: Vec::new() });
        }
        Ok(Some(places))
    }

    fn near_scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Option<NearScorer>> {
        let Some(places) = self.places(reader)? else { return Ok(None) };
        let mut order: Vec<usize> = (0..places.len()).collect();
        order.sort_by_key(|&i| places.get(i).map_or(0, Place::rows));
        let norms = match &self.bm25 {
            Some(_) => reader.fieldnorms_readers().get_field(self.near.column)?,
            None => None,
        };
        let mut scorer = NearScorer {
            places,
            order,
            between: self.near.between,
            bm25: self.bm25.as_ref().map(|b| b.boost_by(boost)),
            norms: norms.unwrap_or_else(|| FieldNormReader::constant(reader.max_doc(), 1)),
            row: 0,
            found: 0,
            taken: Vec::new(),
        };
        scorer.go_to(0);
        Ok(Some(scorer))
    }
}

impl Weight for NearWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        Ok(match self.near_scorer(reader, boost)? {
            Some(scorer) => Box::new(scorer),
            None => Box::new(EmptyScorer),
        })
    }

    fn explain(&self, reader: &SegmentReader, row: Row) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        let here = scorer.doc() <= row && scorer.seek(row) == row;
        Ok(Explanation::new("words in order", if here { scorer.score() } else { 0.0 }))
    }
}

/// One place: the entries that have any of its terms.
struct Place {
    any: Vec<SegmentPostings>,
    /// Where its terms stand in the entry looked at.
    positions: Vec<u32>,
}

impl Place {
    fn rows(&self) -> u64 {
        self.any.iter().map(|p| u64::from(p.doc_freq())).sum()
    }

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

struct NearScorer {
    /// In the order of the words.
    places: Vec<Place>,
    /// The places from the rarest to the most frequent.
    order: Vec<usize>,
    between: u32,
    bm25: Option<Bm25Weight>,
    norms: FieldNormReader,
    row: Row,
    /// How often the words stand so in the entry.
    found: u32,
    taken: Vec<u32>,
}

impl NearScorer {
    /// Goes to the first entry from `target` on where the words stand in order.
    fn go_to(&mut self, mut target: Row) -> Row {
        'rows: while target < TERMINATED {
            for &i in &self.order {
                let Some(place) = self.places.get_mut(i) else { continue };
                let row = place.seek(target);
                if row > target {
                    target = row;
                    continue 'rows;
                }
            }
            for place in &mut self.places {
                place.read_positions(target, &mut self.taken);
            }
            self.found = count(&self.places, self.between);
            if self.found > 0 {
                break;
            }
            target += 1;
        }
        self.row = target.min(TERMINATED);
        self.row
    }
}

/// At how many places the words begin to stand in order.
fn count(places: &[Place], between: u32) -> u32 {
    let mut found = 0;
    in_order(places, between, |_, _| found += 1);
    found
}

/// Calls `each` with where the words begin and end to stand in order.
fn in_order(places: &[Place], between: u32, mut each: impl FnMut(u32, u32)) {
    let Some((first, rest)) = places.split_first() else { return };
    // Where each place's search goes on: starts grow, so what lies before stays behind.
    let mut at = vec![0usize; rest.len()];
    'starts: for &start in &first.positions {
        let (mut next, mut left) = (start.saturating_add(1), between);
        for (place, at) in rest.iter().zip(&mut at) {
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

impl DocSet for NearScorer {
    fn advance(&mut self) -> Row {
        self.go_to(self.row.saturating_add(1))
    }

    fn seek(&mut self, target: Row) -> Row {
        if target <= self.row { self.row } else { self.go_to(target) }
    }

    fn doc(&self) -> Row {
        self.row
    }

    fn size_hint(&self) -> u32 {
        let rarest = self.order.first().and_then(|&i| self.places.get(i)).map_or(0, Place::rows);
        u32::try_from(rarest).unwrap_or(u32::MAX)
    }
}

impl Scorer for NearScorer {
    fn score(&mut self) -> Score {
        let norm = self.norms.fieldnorm_id(self.row);
        self.bm25.as_ref().map_or(1.0, |b| b.score(norm, self.found))
    }
}
