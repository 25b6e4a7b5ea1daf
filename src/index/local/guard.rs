//! Defines `Guarded`, a query that can be excluded by.
//!
//! tantivy 0.27 asks what it excludes by for rows that may lie before where that stands, which its phrase scorer does not
//! bear (an assertion in debug builds). The guard answers such questions from where the scorer stands.

use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId as Row, DocSet, Score, SegmentReader, Term};

/// The same entries as the query inside.
#[derive(Debug)]
pub(super) struct Guarded(pub(super) Box<dyn Query>);

impl Clone for Guarded {
    fn clone(&self) -> Self {
        Guarded(self.0.box_clone())
    }
}

impl Query for Guarded {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(GuardedWeight(self.0.weight(scoring)?)))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.0.query_terms(visitor);
    }
}

struct GuardedWeight(Box<dyn Weight>);

impl Weight for GuardedWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        Ok(Box::new(GuardedScorer(self.0.scorer(reader, boost)?)))
    }

    fn explain(&self, reader: &SegmentReader, row: Row) -> tantivy::Result<Explanation> {
        self.0.explain(reader, row)
    }
}

struct GuardedScorer(Box<dyn Scorer>);

/// Only what every set of rows must do; `seek_danger` is the trait's own, which never asks for a row before this one.
impl DocSet for GuardedScorer {
    fn advance(&mut self) -> Row {
        self.0.advance()
    }

    fn seek(&mut self, target: Row) -> Row {
        self.0.seek(target)
    }

    fn doc(&self) -> Row {
        self.0.doc()
    }

    fn size_hint(&self) -> u32 {
        self.0.size_hint()
    }
}

impl Scorer for GuardedScorer {
    fn score(&mut self) -> Score {
        self.0.score()
    }
}
