//! Finds the rows of one segment that meet the parts of a plan, as sets of bits, and what of them scores. Each posting is read once to
//! find, and again to score where a row may be among the best (`super::score`).

use std::rc::Rc;

use tantivy::index::InvertedIndexReader;
use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::query::Bm25Weight;
use tantivy::schema::{Field as Column, IndexRecordOption};
use tantivy::{DocId as Row, SegmentReader};

use super::longer::Longer;
use super::lower::{Part, Points};
use super::near::Places;
use super::rows::Rows;
use super::schema::Fields;
use crate::index::IndexError;

/// One segment to be searched.
pub(super) struct Segment<'a> {
    pub(super) reader: &'a SegmentReader,
    /// Which of the index.
    pub(super) number: usize,
    pub(super) fields: &'a Fields,
    /// Rows of decisions that are not deleted.
    pub(super) decisions: &'a Rows,
}

/// What adds to the score of rows.
pub(super) struct Leaf<'p> {
    pub(super) source: Source<'p>,
    /// The rows it counts for; none if for all that it has.
    pub(super) only: Option<Rc<Rows>>,
}

/// Where the points of rows come from.
pub(super) enum Source<'p> {
    /// How often terms of a column stand in them, all together.
    Terms { column: Column, terms: &'p [TermInfo], bm25: &'p Bm25Weight },
    /// How often any of many words stands in them.
    Longer { words: &'p Longer, bm25: &'p Bm25Weight },
    /// How often words were found in them.
    Found { column: Column, rows: Vec<Row>, often: Vec<u32>, bm25: &'p Bm25Weight },
    /// Being among these.
    Each { rows: Rows, points: f32 },
}

/// The rows that meet a part, and what adds to their scores.
pub(super) struct Met<'p> {
    pub(super) rows: Rows,
    pub(super) leaves: Vec<Leaf<'p>>,
}

impl<'p> Met<'p> {
    fn new(rows: Rows) -> Self {
        Met { rows, leaves: Vec::new() }
    }
}

fn leaf(source: Source<'_>) -> Leaf<'_> {
    Leaf { source, only: None }
}

impl Segment<'_> {
    fn none(&self) -> Rows {
        Rows::none(self.reader.max_doc())
    }

    fn all(&self) -> Rows {
        Rows::all(self.reader.max_doc())
    }

    /// The rows that meet a part. Of rows that are not `within` nothing need be told.
    pub(super) fn met<'p>(&self, part: &'p Part, within: Option<&Rows>) -> Result<Met<'p>, IndexError> {
        Ok(match part {
            Part::All => Met::new(self.all()),
            Part::Nothing => Met::new(self.none()),
            Part::Any { column, terms, points } => {
                let terms = terms.get(self.number).map(Vec::as_slice).unwrap_or_default();
                let mut met = Met::new(self.none());
                if !terms.is_empty() {
                    read(&*self.reader.inverted_index(*column)?, terms, &mut met.rows)?;
                    met.leaves.extend(self.points(*column, terms, points, &met.rows));
                }
                met
            }
            Part::Longer { words, points } => {
                let mut met = Met::new(words.counted(self.number, self.reader)?.rows.clone());
                met.leaves.extend(points.as_ref().map(|bm25| leaf(Source::Longer { words, bm25 })));
                met
            }
            Part::Near { column, places, between, points } => {
                let places = places.get(self.number).map(Vec::as_slice).unwrap_or_default();
                self.near(*column, places, *between, points, within)?
            }
            Part::With { must, adds } => {
                let mut met = self.met(must, within)?;
                for part in adds {
                    self.add(part, &met.rows, &mut met.leaves)?;
                }
                met
            }
            Part::And { all, none } => self.and(all, none, within)?,
            Part::Or(any) => {
                let mut out = Met::new(self.none());
                for part in any {
                    // Where all rows are met that matter, only scores are wanted of what is left.
                    if part.is_words() && within.is_some_and(|within| out.rows.cover(within)) {
                        self.add(part, &out.rows, &mut out.leaves)?;
                        continue;
                    }
                    let mut met = self.way(part, within)?;
                    out.rows.or(&met.rows);
                    out.leaves.append(&mut met.leaves);
                }
                out
            }
            Part::Least(least, of) => {
                let mut often = vec![0usize; self.reader.max_doc() as usize];
                let mut out = Met::new(self.none());
                for part in of {
                    let mut met = self.way(part, within)?;
                    let (rows, often) = (&mut out.rows, &mut often);
                    met.rows.each(|row| {
                        if let Some(n) = often.get_mut(row as usize) {
                            *n += 1;
                            if *n == *least {
                                rows.insert(row);
                            }
                        }
                    });
                    out.leaves.append(&mut met.leaves);
                }
                out
            }
            Part::Decision(part) => {
                let mut decisions = self.met(part, Some(self.decisions))?.rows;
                decisions.and(self.decisions);
                Met::new(self.documents(&decisions)?)
            }
            Part::Days(from, to) => Met::new(self.days(*from, *to)?),
        })
    }

    /// The rows that meet one of several parts.
    fn way<'p>(&self, part: &'p Part, within: Option<&Rows>) -> Result<Met<'p>, IndexError> {
        let mut met = self.met(part, within)?;
        // What is found by parts of it counts only where the whole is.
        if matches!(part, Part::And { .. } | Part::Least(..)) && !met.leaves.is_empty() {
            let whole = Rc::new(met.rows.clone());
            met.leaves.iter_mut().for_each(|l| narrow(l, &whole));
        }
        Ok(met)
    }

    /// The documents of decisions.
    pub(super) fn documents(&self, decisions: &Rows) -> Result<Rows, IndexError> {
        let document = self.document()?;
        let mut rows = self.none();
        decisions.each(|decision| rows.insert(document(decision)));
        Ok(rows)
    }

    /// What tells the document of a decision.
    pub(super) fn document(&self) -> Result<impl Fn(Row) -> Row + use<>, IndexError> {
        let name = self.reader.schema().get_field_name(self.fields.to_document);
        let column = self.reader.fast_fields().u64(name)?;
        Ok(move |decision: Row| decision + column.first(decision).and_then(|n| Row::try_from(n).ok()).unwrap_or(0))
    }

    fn points<'p>(&self, column: Column, terms: &'p [TermInfo], points: &'p Points, rows: &Rows) -> Option<Leaf<'p>> {
        match points {
            Points::None => None,
            Points::Each(points) => Some(leaf(Source::Each { rows: rows.clone(), points: *points })),
            Points::Bm25(bm25) => Some(leaf(Source::Terms { column, terms, bm25 })),
        }
    }

    /// What a part adds to the score of rows, which it need not be read for where only scores tell.
    fn add<'p>(&self, part: &'p Part, rows: &Rows, leaves: &mut Vec<Leaf<'p>>) -> Result<(), IndexError> {
        match part {
            Part::Any { column, terms, points: Points::Bm25(bm25) } => {
                let terms = terms.get(self.number).map(Vec::as_slice).unwrap_or_default();
                if !terms.is_empty() {
                    leaves.push(leaf(Source::Terms { column: *column, terms, bm25 }));
                }
            }
            Part::Any { points: Points::None, .. } => {}
            Part::Longer { words, points } => {
                leaves.extend(points.as_ref().map(|bm25| leaf(Source::Longer { words, bm25 })));
            }
            Part::Or(any) => {
                for part in any {
                    self.add(part, rows, leaves)?;
                }
            }
            Part::With { must, adds } => {
                for part in std::iter::once(&**must).chain(adds) {
                    self.add(part, rows, leaves)?;
                }
            }
            part => leaves.append(&mut self.met(part, Some(rows))?.leaves),
        }
        Ok(())
    }

    fn and<'p>(&self, all: &'p [Part], none: &'p [Part], within: Option<&Rows>) -> Result<Met<'p>, IndexError> {
        let mut out = Met::new(within.cloned().unwrap_or_else(|| self.all()));
        // Where places must be read, only rows are looked at that meet all else.
        let (slow, fast): (Vec<&Part>, Vec<&Part>) = all.iter().partition(|p| p.is_slow());
        let (slow_not, fast_not): (Vec<&Part>, Vec<&Part>) = none.iter().partition(|p| p.is_slow());
        for (parts, is) in [(fast, true), (fast_not, false), (slow, true), (slow_not, false)] {
            for part in parts {
                if out.rows.is_empty() {
                    out.leaves.clear();
                    return Ok(out);
                }
                let mut met = self.met(part, Some(&out.rows))?;
                if is {
                    out.rows.and(&met.rows);
                    out.leaves.append(&mut met.leaves);
                } else {
                    out.rows.without(&met.rows);
                }
            }
        }
        Ok(out)
    }

    fn near<'p>(
        &self,
        column: Column,
        terms: &[Vec<TermInfo>],
        between: u32,
        points: &'p Points,
        within: Option<&Rows>,
    ) -> Result<Met<'p>, IndexError> {
        let mut out = Met::new(self.none());
        let inverted = self.reader.inverted_index(column)?;
        let Some(mut places) = Places::open(&inverted, terms, between)? else { return Ok(out) };
        let mut rows = within.cloned().unwrap_or_else(|| self.all());
        let mut here = self.none();
        for any in terms {
            here.clear();
            read(&inverted, any, &mut here)?;
            rows.and(&here);
        }
        let (mut list, mut often) = (Vec::new(), Vec::new());
        rows.each(|row| {
            let n = places.count(row);
            if n > 0 {
                out.rows.insert(row);
                list.push(row);
                often.push(n);
            }
        });
        match points {
            Points::None => {}
            Points::Each(points) => out.leaves.push(leaf(Source::Each { rows: out.rows.clone(), points: *points })),
            Points::Bm25(bm25) => out.leaves.push(leaf(Source::Found { column, rows: list, often, bm25 })),
        }
        Ok(out)
    }

    fn days(&self, from: i64, to: i64) -> Result<Rows, IndexError> {
        let columns = self.reader.fast_fields();
        let schema = self.reader.schema();
        let all = 0..self.reader.max_doc();
        let mut rows = self.all();
        for (field, from, to) in [(self.fields.first_day, i64::MIN, to), (self.fields.last_day, from, i64::MAX)] {
            let column = columns.i64(schema.get_field_name(field))?;
            // The column looks only at what lies between its least and its greatest value.
            let (from, to) = (from.max(column.min_value()), to.min(column.max_value()));
            let mut here = self.none();
            if from <= to {
                let mut found = Vec::new();
                column.get_docids_for_value_range(from..=to, all.clone(), &mut found);
                found.into_iter().for_each(|row| here.insert(row));
            }
            rows.and(&here);
        }
        Ok(rows)
    }
}

/// Lets a leaf count for these rows alone.
fn narrow(leaf: &mut Leaf<'_>, whole: &Rc<Rows>) {
    leaf.only = Some(match leaf.only.take() {
        None => whole.clone(),
        Some(only) => {
            let mut both = Rows::clone(&only);
            both.and(whole);
            Rc::new(both)
        }
    });
}

/// Adds all rows of terms.
pub(super) fn read(inverted: &InvertedIndexReader, terms: &[TermInfo], rows: &mut Rows) -> Result<(), IndexError> {
    let failed = |e: std::io::Error| IndexError::Engine(e.to_string());
    let Some((first, others)) = terms.split_first() else { return Ok(()) };
    let mut postings = inverted.read_block_postings_from_terminfo(first, IndexRecordOption::Basic).map_err(failed)?;
    let mut add = |postings: &mut BlockSegmentPostings| {
        while !postings.docs().is_empty() {
            postings.docs().iter().for_each(|row| rows.insert(*row));
            postings.advance();
        }
    };
    add(&mut postings);
    for term in others {
        inverted.reset_block_postings_from_terminfo(term, &mut postings).map_err(failed)?;
        add(&mut postings);
    }
    Ok(())
}
