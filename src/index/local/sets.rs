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

/// Any of these terms in the first of the columns, scored as if all were one word as rare as `like`; the other columns only add to
/// the score.
#[derive(Clone, Debug)]
pub(super) struct AnyStem {
    /// With how much each counts.
    pub(super) columns: Vec<(Column, Score)>,
    pub(super) terms: Vec<String>,
    pub(super) like: String,
}

impl Query for AnyStem {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let mut bm25 = Vec::new();
        if let EnableScoring::Enabled { statistics_provider, .. } = scoring {
            for (column, counts) in &self.columns {
                let like = Term::from_field_text(*column, &self.like);
                bm25.push(Bm25Weight::for_terms(statistics_provider, &[like])?.boost_by(*counts));
            }
        }
        Ok(Box::new(AnyStemWeight { any: self.clone(), bm25 }))
    }
}

struct AnyStemWeight {
    any: AnyStem,
    /// For each column; none without scores.
    bm25: Vec<Bm25Weight>,
}

impl Weight for AnyStemWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut rows = Rows::new(reader);
        let mut counted = Vec::with_capacity(self.bm25.len());
        let scores = !self.bm25.is_empty();
        let option = if scores { IndexRecordOption::WithFreqs } else { IndexRecordOption::Basic };
        for (i, (column, _)) in self.any.columns.iter().enumerate().take(self.bm25.len().max(1)) {
            let inverted = reader.inverted_index(*column)?;
            // How often the terms stand in each row, together; more than 255 times says no more.
            let mut often = vec![0u8; if scores { reader.max_doc() as usize } else { 0 }];
            for term in &self.any.terms {
                let term = Term::from_field_text(*column, term);
                let Some(mut postings) = inverted.read_postings(&term, option)? else { continue };
                while postings.doc() != TERMINATED {
                    if i == 0 {
                        rows.insert(postings.doc());
                    }
                    if let Some(n) = often.get_mut(postings.doc() as usize) {
                        *n = n.saturating_add(u8::try_from(postings.term_freq()).unwrap_or(u8::MAX));
                    }
                    postings.advance();
                }
            }
            if let Some(bm25) = self.bm25.get(i) {
                let norms = reader.fieldnorms_readers().get_field(*column)?;
                let norms = norms.unwrap_or_else(|| FieldNormReader::constant(reader.max_doc(), 1));
                counted.push(Counted { often, bm25: bm25.boost_by(boost), norms });
            }
        }
        Ok(Box::new(Gathered { row: rows.from(0), rows, counted }))
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
        Ok(Box::new(Gathered { row: rows.from(0), rows, counted: Vec::new() }))
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
    row: Row,
    rows: Rows,
    /// What each row scores by; nothing without scores.
    counted: Vec<Counted>,
}

/// How often terms stand in the rows, and what that counts.
struct Counted {
    often: Vec<u8>,
    bm25: Bm25Weight,
    norms: FieldNormReader,
}

impl Counted {
    fn score(&self, row: Row) -> Score {
        match self.often.get(row as usize) {
            Some(&often) if often > 0 => self.bm25.score(self.norms.fieldnorm_id(row), u32::from(often)),
            _ => 0.0,
        }
    }
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
        if self.counted.is_empty() {
            return 1.0;
        }
        self.counted.iter().map(|c| c.score(self.row)).sum()
    }
}
