//! Lowers our `Query` to tantivy's. What matches is what `terms` and the memory engine say; scores are tantivy's BM25.

use std::ops::Bound;

use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, Occur, PhraseQuery, Query as Lowered, RangeQuery,
    RegexPhraseQuery, RegexQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field as Column, IndexRecordOption};
use tantivy::{Searcher, Term};

use super::guard::Guarded;
use super::schema::{FOLDED, Fields, STEM};
use crate::index::IndexError;
use crate::index::terms::{self, Slots};
use crate::query::{Field, Filter, Node, Query, Unit, Value};

/// How much more a word in the title counts.
const TITLE_BOOST: f32 = 2.0;

/// How much a word counts that was typed without marks and is found with them.
const FOLDED_BOOST: f32 = 0.8;

/// How much a condition counts that stands among words, e.g. a diary number typed bare.
const CONDITION_BOOST: f32 = 5.0;

/// First and last year a range may name: beyond them nothing is dated.
const YEARS: (i64, i64) = (1000, 2999);

/// A query in tantivy's terms, its conditions still apart so that a facet can be counted without its own.
pub(super) struct Plan {
    unit: Unit,
    words: Option<Box<dyn Lowered>>,
    /// Conditions on the entry itself.
    direct: Vec<(Field, Box<dyn Lowered>)>,
    /// Conditions that one decision of the document must meet together.
    joined: Vec<(Field, Box<dyn Lowered>)>,
    unit_column: Column,
}

impl Plan {
    pub(super) fn new(query: &Query, fields: &Fields, searcher: &Searcher) -> Result<Self, IndexError> {
        let lower = Lower { fields, searcher };
        let words = match &query.words {
            Node::All => None,
            node => Some(lower.node(node)?),
        };
        let mut plan =
            Plan { unit: query.unit, words, direct: Vec::new(), joined: Vec::new(), unit_column: fields.unit };
        for f in &query.filters {
            let lowered: Box<dyn Lowered> = Box::new(ConstScoreQuery::new(lower.filter(f), 0.0));
            let joined = query.unit == Unit::Document && f.field.info().of_decision;
            if joined { &mut plan.joined } else { &mut plan.direct }.push((f.field, lowered));
        }
        Ok(plan)
    }

    /// True if there are words, and so scores.
    pub(super) fn ranks(&self) -> bool {
        self.words.is_some()
    }

    /// True if one of the conditions is on this field.
    pub(super) fn filters_by(&self, field: Field) -> bool {
        self.direct.iter().chain(&self.joined).any(|(f, _)| *f == field)
    }

    /// The query for entries of the unit asked for; conditions on a document's decisions are [`Plan::decisions`].
    pub(super) fn entries(&self, without: Option<Field>) -> BooleanQuery {
        let mut clauses = vec![self.unit(self.unit)];
        clauses.extend(self.words.iter().map(|w| (Occur::Must, w.box_clone())));
        clauses.extend(kept(&self.direct, without));
        BooleanQuery::new(clauses)
    }

    /// The query for decisions that meet the conditions which must hold together; none if there are none.
    pub(super) fn decisions(&self, without: Option<Field>) -> Option<BooleanQuery> {
        let mut clauses: Vec<_> = kept(&self.joined, without).collect();
        if clauses.is_empty() {
            return None;
        }
        clauses.push(self.unit(Unit::Decision));
        Some(BooleanQuery::new(clauses))
    }

    fn unit(&self, unit: Unit) -> (Occur, Box<dyn Lowered>) {
        let term = Term::from_field_u64(self.unit_column, u64::from(unit == Unit::Decision));
        let query = TermQuery::new(term, IndexRecordOption::Basic);
        (Occur::Must, Box::new(ConstScoreQuery::new(Box::new(query), 0.0)))
    }
}

fn kept(
    clauses: &[(Field, Box<dyn Lowered>)],
    without: Option<Field>,
) -> impl Iterator<Item = (Occur, Box<dyn Lowered>)> {
    clauses.iter().filter(move |(f, _)| Some(*f) != without).map(|(_, q)| (Occur::Must, q.box_clone()))
}

struct Lower<'a> {
    fields: &'a Fields,
    searcher: &'a Searcher,
}

impl Lower<'_> {
    fn node(&self, node: &Node) -> Result<Box<dyn Lowered>, IndexError> {
        Ok(match node {
            Node::All => Box::new(ConstScoreQuery::new(Box::new(AllQuery), 0.0)),
            Node::Word(w) => self.words(&terms::word(w))?,
            Node::Phrase(p) => self.words(&terms::phrase(p))?,
            Node::Prefix(p) => self.words(&terms::prefix(p))?,
            Node::Typed { .. } => Box::new(EmptyQuery),
            Node::Is(f) => Box::new(BoostQuery::new(self.filter(f), CONDITION_BOOST)),
            Node::Not(n) => Box::new(BooleanQuery::new(vec![
                (Occur::Must, self.node(&Node::All)?),
                (Occur::MustNot, Box::new(Guarded(self.node(n)?)) as Box<dyn Lowered>),
            ])),
            Node::And(all) => {
                let mut clauses = Vec::with_capacity(all.len());
                for n in all {
                    clauses.push(match n {
                        Node::Not(n) => (Occur::MustNot, Box::new(Guarded(self.node(n)?)) as Box<dyn Lowered>),
                        n => (Occur::Must, self.node(n)?),
                    });
                }
                if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
                    clauses.push((Occur::Must, self.node(&Node::All)?));
                }
                Box::new(BooleanQuery::new(clauses))
            }
            Node::Or(any) => {
                let any: Result<Vec<_>, _> = any.iter().map(|n| self.node(n)).collect();
                Box::new(BooleanQuery::union(any?))
            }
        })
    }

    /// Words that must stand in the text, and count more if they stand in the title too.
    fn words(&self, slots: &Slots) -> Result<Box<dyn Lowered>, IndexError> {
        if slots.is_empty() {
            return self.node(&Node::All);
        }
        let text = self.slots(self.fields.text, slots)?;
        let title = self.slots(self.fields.title, slots)?;
        Ok(Box::new(BooleanQuery::new(vec![
            (Occur::Must, text),
            (Occur::Should, Box::new(BoostQuery::new(title, TITLE_BOOST))),
        ])))
    }

    fn slots(&self, column: Column, slots: &Slots) -> Result<Box<dyn Lowered>, IndexError> {
        if let [any] = slots.as_slice() {
            let mut ways: Vec<Box<dyn Lowered>> = Vec::with_capacity(any.len());
            for term in any {
                ways.push(self.term(column, term)?);
            }
            return Ok(if ways.len() == 1 { ways.remove(0) } else { Box::new(BooleanQuery::union(ways)) });
        }
        // Only terms that the index holds, so that most phrases are plain ones.
        let mut held: Vec<Vec<String>> = Vec::with_capacity(slots.len());
        for any in slots {
            let mut here = Vec::new();
            for text in any.iter().map(term_text) {
                if self.searcher.doc_freq(&Term::from_field_text(column, &text))? > 0 {
                    here.push(text);
                }
            }
            if here.is_empty() {
                return Ok(Box::new(EmptyQuery));
            }
            held.push(here);
        }
        let plain: Option<Vec<Term>> = held
            .iter()
            .map(|any| match any.as_slice() {
                [one] => Some(Term::from_field_text(column, one)),
                _ => None,
            })
            .collect();
        Ok(match plain {
            Some(terms) => Box::new(PhraseQuery::new(terms)),
            None => {
                let patterns = held.iter().map(|any| {
                    let any: Vec<String> = any.iter().map(|t| regex::escape(t)).collect();
                    format!("({})", any.join("|"))
                });
                Box::new(RegexPhraseQuery::new(column, patterns.collect()))
            }
        })
    }

    fn term(&self, column: Column, term: &terms::Term) -> Result<Box<dyn Lowered>, IndexError> {
        let text = term_text(term);
        Ok(match term {
            terms::Term::Prefix(_) => {
                Box::new(RegexQuery::from_pattern(&format!("{}.*", regex::escape(&text)), column)?)
            }
            terms::Term::FoldedPrefix(_) => {
                let letters: String = text.chars().map(with_marks).collect();
                Box::new(RegexQuery::from_pattern(&format!("{letters}.*"), column)?)
            }
            _ => {
                let query = TermQuery::new(Term::from_field_text(column, &text), IndexRecordOption::WithFreqs);
                match term {
                    terms::Term::Folded(_) => Box::new(BoostQuery::new(Box::new(query), FOLDED_BOOST)),
                    _ => Box::new(query),
                }
            }
        })
    }

    fn filter(&self, filter: &Filter) -> Box<dyn Lowered> {
        let column = self.fields.values.get(&filter.field);
        let mut terms = Vec::new();
        let mut ways: Vec<Box<dyn Lowered>> = Vec::new();
        for value in &filter.any {
            match (value, column) {
                (Value::Is(v), Some(column)) => terms.push(Term::from_field_text(*column, v)),
                (Value::Range(from, to), _) if filter.field == Field::Date => ways.push(self.days(*from, *to)),
                (Value::Range(from, to), Some(column)) => {
                    let years = (*from).max(YEARS.0)..=(*to).min(YEARS.1);
                    terms.extend(years.map(|y| Term::from_field_text(*column, &y.to_string())));
                }
                (Value::Is(_) | Value::Range(..), None) => {}
            }
        }
        if !terms.is_empty() {
            ways.push(Box::new(TermSetQuery::new(terms)));
        }
        match ways.len() {
            0 => Box::new(EmptyQuery),
            1 => ways.remove(0),
            _ => Box::new(BooleanQuery::union(ways)),
        }
    }

    /// Dates that can lie in the range.
    fn days(&self, from: i64, to: i64) -> Box<dyn Lowered> {
        let starts =
            RangeQuery::new(Bound::Unbounded, Bound::Included(Term::from_field_i64(self.fields.first_day, to)));
        let ends = RangeQuery::new(Bound::Included(Term::from_field_i64(self.fields.last_day, from)), Bound::Unbounded);
        Box::new(BooleanQuery::intersection(vec![Box::new(starts), Box::new(ends)]))
    }
}

/// A term as the index holds it.
fn term_text(term: &terms::Term) -> String {
    match term {
        terms::Term::Exact(t) | terms::Term::Prefix(t) | terms::Term::FoldedPrefix(t) => t.clone(),
        terms::Term::Stem(t) => format!("{STEM}{t}"),
        terms::Term::Folded(t) => format!("{FOLDED}{t}"),
    }
}

/// A pattern for a letter with or without marks.
fn with_marks(letter: char) -> String {
    let plain = regex::escape(letter.encode_utf8(&mut [0; 4]));
    let marked: String = terms::MARKED.chars().filter(|c| terms::same_letter(*c, letter)).collect();
    if marked.is_empty() || marked.starts_with(letter) { plain } else { format!("[{plain}{marked}]") }
}
