//! Scores rows, leaf by leaf, those that count most first. Once what is left can lift no row among the best any more, it is not read for that row:
//! the scores of the best are exact, and so is their order.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::query::Bm25Weight;
use tantivy::schema::{Field as Column, IndexRecordOption};
use tantivy::{DocId as Row, SegmentReader};

use super::gather::{Leaf, Source};
use super::rows::Rows;
use crate::index::IndexError;

/// With fewer rows, leaving some out is not worth looking for them.
const WORTH_IT: usize = 256;

/// How much sums of points may be off, for each point: they are added up in another order than their bounds.
const ROUNDING: f32 = 1e-5;

/// Rows with what they score so far, in the order of the rows.
struct Scored {
    rows: Vec<Row>,
    points: Vec<f32>,
}

/// The rows of a segment, the one with this number, that may be among the best `keep`, and have at least `least` points, with their scores. Rows come in order.
pub(super) fn best(
    number: usize,
    reader: &SegmentReader,
    mut leaves: Vec<Leaf<'_>>,
    rows: Vec<Row>,
    keep: usize,
    least: f32,
) -> Result<Vec<(Row, f32)>, IndexError> {
    leaves.sort_by(|a, b| most(b).total_cmp(&most(a)));
    let mut scored = Scored { points: vec![0.0; rows.len()], rows };
    let mut rest: f32 = leaves.iter().map(most).sum();
    for leaf in &leaves {
        scored.leave_out(keep, least, rest);
        scored.add(number, reader, leaf)?;
        rest = (rest - most(leaf)).max(0.0);
    }
    Ok(scored.rows.into_iter().zip(scored.points).collect())
}

/// More points than any row has from this.
fn most(leaf: &Leaf<'_>) -> f32 {
    match &leaf.source {
        // Often, in a text without words.
        Source::Terms { bm25, .. } | Source::Longer { bm25, .. } | Source::Found { bm25, .. } => {
            bm25.score(0, u32::MAX)
        }
        Source::Each { points, .. } => *points,
    }
}

/// The points of the last of the best `keep`.
fn worst_of_best(points: &[f32], keep: usize) -> f32 {
    let mut best: Vec<f32> = Vec::with_capacity(2 * keep);
    let mut worst = 0.0;
    let cut = |best: &mut Vec<f32>| {
        let nth = keep.checked_sub(1).filter(|n| *n < best.len());
        let worst = nth.map_or(0.0, |n| *best.select_nth_unstable_by(n, |a, b| b.total_cmp(a)).1);
        best.truncate(keep);
        worst
    };
    for p in points {
        // Nearly none is.
        if *p > worst {
            best.push(*p);
            if best.len() == 2 * keep {
                worst = cut(&mut best);
            }
        }
    }
    cut(&mut best)
}

impl Scored {
    /// Leaves out rows that so many points more cannot lift among the best.
    fn leave_out(&mut self, keep: usize, least: f32, rest: f32) {
        if self.rows.len() < WORTH_IT || keep == 0 || keep > self.rows.len() / 2 {
            return;
        }
        let enough = worst_of_best(&self.points, keep).max(least);
        let can = |points: f32| (points + rest) * (1.0 + ROUNDING) >= enough;
        if can(0.0) {
            return;
        }
        let mut kept = 0;
        for i in 0..self.rows.len() {
            if let (Some(row), Some(points)) = (self.rows.get(i).copied(), self.points.get(i).copied())
                && can(points)
            {
                if let (Some(r), Some(p)) = (self.rows.get_mut(kept), self.points.get_mut(kept)) {
                    (*r, *p) = (row, points);
                }
                kept += 1;
            }
        }
        self.rows.truncate(kept);
        self.points.truncate(kept);
    }

    fn add(&mut self, number: usize, reader: &SegmentReader, leaf: &Leaf<'_>) -> Result<(), IndexError> {
        let only = leaf.only.as_deref();
        let counts = |row: Row| only.is_none_or(|rows| rows.contains(row));
        match &leaf.source {
            Source::Each { rows, points } => {
                for (row, sum) in self.rows.iter().zip(&mut self.points) {
                    if rows.contains(*row) && counts(*row) {
                        *sum += points;
                    }
                }
            }
            Source::Found { column, rows, often, bm25 } => {
                let norms = norms(reader, *column)?;
                let mut found = rows.iter().zip(often).peekable();
                for (row, sum) in self.rows.iter().zip(&mut self.points) {
                    while found.next_if(|(r, _)| **r < *row).is_some() {}
                    if let Some((_, often)) = found.next_if(|(r, _)| **r == *row)
                        && counts(*row)
                    {
                        *sum += bm25.score(norms.fieldnorm_id(*row), *often);
                    }
                }
            }
            Source::Terms { column, terms, bm25 } => self.add_terms(reader, *column, terms, bm25, only)?,
            Source::Longer { words, bm25 } if !self.rows.is_empty() => {
                let norms = norms(reader, words.column())?;
                let Scored { rows, points } = self;
                words.counted(number, reader)?.among(rows, |i, row, often| {
                    if let Some(sum) = points.get_mut(i).filter(|_| counts(row)) {
                        *sum += bm25.score(norms.fieldnorm_id(row), often);
                    }
                });
            }
            Source::Longer { .. } => {}
        }
        Ok(())
    }

    fn add_terms(
        &mut self,
        reader: &SegmentReader,
        column: Column,
        terms: &[TermInfo],
        bm25: &Bm25Weight,
        only: Option<&Rows>,
    ) -> Result<(), IndexError> {
        let norms = norms(reader, column)?;
        let inverted = reader.inverted_index(column)?;
        let open = |term: &TermInfo| {
            let opened = inverted.read_block_postings_from_terminfo(term, IndexRecordOption::WithFreqs);
            opened.map_err(|e| IndexError::Engine(e.to_string()))
        };
        let Scored { rows, points } = self;
        if let ([term], None) = (terms, only) {
            each_among(rows, &mut open(term)?, |i, row, often| {
                if let Some(sum) = points.get_mut(i) {
                    *sum += bm25.score(norms.fieldnorm_id(row), often);
                }
            });
            return Ok(());
        }
        let mut all = vec![0u32; rows.len()];
        for term in terms {
            each_among(rows, &mut open(term)?, |i, _, often| {
                if let Some(sum) = all.get_mut(i) {
                    *sum = sum.saturating_add(often);
                }
            });
        }
        for ((row, sum), often) in rows.iter().zip(points).zip(all) {
            if often > 0 && only.is_none_or(|rows| rows.contains(*row)) {
                *sum += bm25.score(norms.fieldnorm_id(*row), often);
            }
        }
        Ok(())
    }
}

fn norms(reader: &SegmentReader, column: Column) -> Result<FieldNormReader, IndexError> {
    let norms = reader.fieldnorms_readers().get_field(column)?;
    Ok(norms.unwrap_or_else(|| FieldNormReader::constant(reader.max_doc(), 1)))
}

/// Calls `each` with the place in `rows`, the row and how often, for each row of the postings that is among the rows.
fn each_among(rows: &[Row], postings: &mut BlockSegmentPostings, mut each: impl FnMut(usize, Row, u32)) {
    let mut from = 0;
    while let Some(rest) = rows.get(from..).filter(|r| !r.is_empty()) {
        let Some(first) = rest.first() else { return };
        let at = postings.seek(*first);
        let (Some(docs), Some(often)) = (postings.docs().get(at..), postings.freqs().get(at..)) else { return };
        let Some(last) = docs.last() else { return };
        let here = rest.get(..rest.partition_point(|row| row <= last)).unwrap_or_default();
        // Of a frequent word's rows all are wanted.
        if here == docs {
            for ((row, often), i) in docs.iter().zip(often).zip(from..) {
                each(i, *row, *often);
            }
            from += here.len();
            continue;
        }
        let mut docs = docs.iter().zip(often);
        let mut doc = docs.next();
        for (row, i) in here.iter().zip(from..) {
            while let Some((d, _)) = doc
                && d < row
            {
                doc = docs.next();
            }
            match doc {
                Some((d, often)) if d == row => each(i, *row, *often),
                Some(_) => {}
                None => break,
            }
        }
        // The rows up to the last of this block are done; a seek goes on in the next.
        from += here.len().max(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_last_of_the_best_is_found(points in prop::collection::vec(0u8..40, 1..200), keep in 1usize..30) {
            let points: Vec<f32> = points.into_iter().map(f32::from).collect();
            let mut sorted = points.clone();
            sorted.sort_by(|a, b| b.total_cmp(a));
            prop_assert_eq!(worst_of_best(&points, keep), sorted.get(keep - 1).copied().unwrap_or(0.0));
        }
    }
}
