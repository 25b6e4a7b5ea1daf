//! Defines queries whose rows are gathered before they are asked for: any of many stems (`AnyStem`), and documents by their
//! decisions (`ByDecision`). Both cost as much as the postings they read, however many terms there are.

use tantivy::columnar::Column as FastColumn;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::Postings as _;
use tantivy::query::{Bm25Weight, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field as Column, IndexRecordOption};
use tantivy::{DocId as Row, DocSet, Score, SegmentReader, TERMINATED, Term};

/// Rows of a segment, as bits.
pub(super) struct Rows(Vec<u64>);

impl Rows {
    pub(super) fn new(reader: &SegmentReader) -> Self {
        Rows(vec![0; reader.max_doc() as usize / 64 + 1])
    }

    pub(super) fn insert(&mut self, row: Row) {
        if let Some(word) = self.0.get_mut(row as usize / 64) {
            *word |= 1 << (row % 64);
        }
    }

    pub(super) fn contains(&self, row: Row) -> bool {
        self.0.get(row as usize / 64).is_some_and(|w| w >> (row % 64) & 1 == 1)
    }

    /// The first row from this one on.
    fn from(&self, row: Row) -> Row {
        let at = row as usize / 64;
        let Some(first) = self.0.get(at) else { return TERMINATED };
        let rest = first & (u64::MAX << (row % 64));
        let mut words = std::iter::once(&rest).chain(self.0.iter().skip(at + 1)).zip(at..);
        let found = words.find(|(word, _)| **word != 0);
        found.map_or(TERMINATED, |(word, i)| Row::try_from(i * 64).unwrap_or(TERMINATED) + word.trailing_zeros())
    }

    fn len(&self) -> u32 {
        self.0.iter().map(|w| w.count_ones()).sum()
    }
}

/// Any of these terms, scored as if all were one word as rare as `like`.
#[derive(Clone, Debug)]
pub(super) struct AnyStem {
    pub(super) column: Column,
    pub(super) terms: Vec<Term>,
    pub(super) like: Term,
}

impl Query for AnyStem {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let bm25 = match scoring {
            EnableScoring::Enabled { statistics_provider, .. } => {
                Some(Bm25Weight::for_terms(statistics_provider, std::slice::from_ref(&self.like))?)
            }
            EnableScoring::Disabled { .. } => None,
        };
        Ok(Box::new(AnyStemWeight { any: self.clone(), bm25 }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.terms.iter().for_each(|t| visitor(t, false));
    }
}

struct AnyStemWeight {
    any: AnyStem,
    bm25: Option<Bm25Weight>,
}

impl Weight for AnyStemWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let inverted = reader.inverted_index(self.any.column)?;
        let mut rows = Rows::new(reader);
        // How often the terms stand in each row, together; more than 255 times says no more.
        let mut often = vec![0u8; if self.bm25.is_some() { reader.max_doc() as usize } else { 0 }];
        let option = if self.bm25.is_some() { IndexRecordOption::WithFreqs } else { IndexRecordOption::Basic };
        for term in &self.any.terms {
            let Some(mut postings) = inverted.read_postings(term, option)? else { continue };
            while postings.doc() != TERMINATED {
                rows.insert(postings.doc());
                if let Some(n) = often.get_mut(postings.doc() as usize) {
                    *n = n.saturating_add(u8::try_from(postings.term_freq()).unwrap_or(u8::MAX));
                }
                postings.advance();
            }
        }
        let norms = match &self.bm25 {
            Some(_) => reader.fieldnorms_readers().get_field(self.any.column)?,
            None => None,
        };
        Ok(Box::new(Gathered {
            row: rows.from(0),
            rows,
            often,
            bm25: self.bm25.as_ref().map(|b| b.boost_by(boost)),
            norms: norms.unwrap_or_else(|| FieldNormReader::constant(reader.max_doc(), 1)),
        }))
    }

    fn explain(&self, reader: &SegmentReader, row: Row) -> tantivy::Result<Explanation> {
        explained(self, "any of these words", reader, row)
    }
}

/// Documents with a decision that this matches.
#[derive(Debug)]
pub(super) struct ByDecision {
    pub(super) decisions: Box<dyn Query>,
    /// Name of the column that says how many rows after a decision its document stands.
    pub(super) to_document: String,
}

impl Clone for ByDecision {
    fn clone(&self) -> Self {
        ByDecision { decisions: self.decisions.box_clone(), to_document: self.to_document.clone() }
    }
}

impl Query for ByDecision {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let without_scores = match scoring {
            EnableScoring::Enabled { searcher, .. } => EnableScoring::disabled_from_searcher(searcher),
            disabled @ EnableScoring::Disabled { .. } => disabled,
        };
        let decisions = self.decisions.weight(without_scores)?;
        Ok(Box::new(ByDecisionWeight { decisions, to_document: self.to_document.clone() }))
    }
}

struct ByDecisionWeight {
    decisions: Box<dyn Weight>,
    to_document: String,
}

impl Weight for ByDecisionWeight {
    fn scorer(&self, reader: &SegmentReader, _: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let column = reader.fast_fields().u64(&self.to_document)?;
        let rows = documents(self.decisions.as_ref(), &column, reader)?;
        let norms = FieldNormReader::constant(reader.max_doc(), 1);
        Ok(Box::new(Gathered { row: rows.from(0), rows, often: Vec::new(), bm25: None, norms }))
    }

    fn explain(&self, reader: &SegmentReader, row: Row) -> tantivy::Result<Explanation> {
        explained(self, "a decision of the document", reader, row)
    }
}

/// The documents of the decisions that match.
pub(super) fn documents(
    decisions: &dyn Weight,
    to_document: &FastColumn<u64>,
    reader: &SegmentReader,
) -> tantivy::Result<Rows> {
    let mut rows = Rows::new(reader);
    decisions.for_each_no_score(reader, &mut |decisions| {
        decisions.iter().for_each(|d| rows.insert(d + offset(to_document, *d)));
    })?;
    Ok(rows)
}

/// How many rows after a decision its document stands.
pub(super) fn offset(to_document: &FastColumn<u64>, decision: Row) -> Row {
    to_document.first(decision).and_then(|n| Row::try_from(n).ok()).unwrap_or(0)
}

fn explained(
    weight: &dyn Weight,
    what: &'static str,
    reader: &SegmentReader,
    row: Row,
) -> tantivy::Result<Explanation> {
    let mut scorer = weight.scorer(reader, 1.0)?;
    let here = scorer.doc() <= row && scorer.seek(row) == row;
    Ok(Explanation::new(what, if here { scorer.score() } else { 0.0 }))
}

struct Gathered {
    rows: Rows,
    often: Vec<u8>,
    bm25: Option<Bm25Weight>,
    norms: FieldNormReader,
    row: Row,
}

impl DocSet for Gathered {
    fn advance(&mut self) -> Row {
        self.row = self.rows.from(self.row.saturating_add(1));
        self.row
    }

    fn seek(&mut self, target: Row) -> Row {
        if target > self.row {
            self.row = self.rows.from(target);
        }
        self.row
    }

    fn doc(&self) -> Row {
        self.row
    }

    fn size_hint(&self) -> u32 {
        self.rows.len()
    }
}

impl Scorer for Gathered {
    fn score(&mut self) -> Score {
        let often = self.often.get(self.row as usize).map_or(1, |n| u32::from(*n));
        let norm = self.norms.fieldnorm_id(self.row);
        self.bm25.as_ref().map_or(1.0, |b| b.score(norm, often))
    }
}
