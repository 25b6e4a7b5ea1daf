//! Lowers our `Query` to tantivy's. What matches is what `terms` and the memory engine say; scores are tantivy's BM25.

use std::collections::BTreeSet;
use std::ops::Bound;

use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, Occur, Query as Lowered, RangeQuery, RegexQuery,
    TermQuery, TermSetQuery,
};
use tantivy::schema::{Field as Column, IndexRecordOption};
use tantivy::{Searcher, Term};

use super::near::Near;
use super::schema::{FOLDED, Fields, STEM};
use super::sets::{AnyStem, ByDecision};
use super::spelling::Nearly;
use crate::index::IndexError;
use crate::index::terms::{self, Slots};
use crate::query::{Field, Filter, Node, Query, Unit, Value};

/// How much more a word in the title counts.
const TITLE_BOOST: f32 = 2.0;

/// How much a word counts that was typed without marks and is found with them.
const FOLDED_BOOST: f32 = 0.8;

/// How much something counts that means the same as what was typed.
const ALSO_BOOST: f32 = 0.5;

/// How much a longer word counts that the typed one is a part of, beside [`ALSO_BOOST`]: so little that nothing but the word
/// itself in a text many times as long as others' comes after it.
const COMPOUND_BOOST: f32 = 0.1;

/// How much a condition counts that stands among words, e.g. a diary number typed bare.
const CONDITION_BOOST: f32 = 5.0;

/// First and last year a range may name: beyond them nothing is dated.
const YEARS: (i64, i64) = (1000, 2999);

/// A query in tantivy's terms, its conditions still apart so that a facet can be counted without its own.
pub(super) struct Plan {
    unit: Unit,
    words: Option<Box<dyn Lowered>>,
    /// Whether the words can stand in entries of the unit alone.
    words_have_unit: bool,
    /// Conditions on the entry itself.
    direct: Vec<(Field, Box<dyn Lowered>)>,
    /// Conditions that one decision of the document must meet together.
    joined: Vec<(Field, Box<dyn Lowered>)>,
    unit_column: Column,
}

impl Plan {
    pub(super) fn new(query: &Query, fields: &Fields, searcher: &Searcher) -> Result<Self, IndexError> {
        let lower = Lower { fields, searcher, unit: query.unit };
        let words = match &query.words {
            Node::All => None,
            node => Some(lower.node(node)?),
        };
        let mut plan = Plan {
            unit: query.unit,
            words,
            words_have_unit: has_unit(&query.words),
            direct: Vec::new(),
            joined: Vec::new(),
            unit_column: fields.unit,
        };
        for f in &query.filters {
            let lowered: Box<dyn Lowered> = Box::new(ConstScoreQuery::new(lower.filter(f)?, 0.0));
            let joined = query.unit == Unit::Document && f.field.info().of_decision;
            if joined { &mut plan.joined } else { &mut plan.direct }.push((f.field, lowered));
        }
        Ok(plan)
    }

    /// True if there are words, and so scores.
    pub(super) fn ranks(&self) -> bool {
        self.words.is_some()
    }

    /// True if one of the conditions on a document's decisions is on this field.
    pub(super) fn joins(&self, field: Field) -> bool {
        self.joined.iter().any(|(f, _)| *f == field)
    }

    /// The fields of conditions on the entry itself.
    pub(super) fn direct(&self) -> BTreeSet<Field> {
        self.direct.iter().map(|(f, _)| *f).collect()
    }

    /// The conditions on the entry itself that are on this field.
    pub(super) fn only(&self, field: Field) -> BooleanQuery {
        BooleanQuery::new(
            self.direct.iter().filter(|(f, _)| *f == field).map(|(_, q)| (Occur::Must, q.box_clone())).collect(),
        )
    }

    /// The query for entries of the unit asked for; conditions on a document's decisions are [`Plan::decisions`].
    pub(super) fn entries(&self, without: &[Field]) -> BooleanQuery {
        let mut clauses = Vec::new();
        if !self.words_have_unit {
            clauses.push(self.unit(self.unit));
        }
        clauses.extend(self.words.iter().map(|w| (Occur::Must, w.box_clone())));
        clauses.extend(kept(&self.direct, without));
        BooleanQuery::new(clauses)
    }

    /// The query for decisions that meet the conditions which must hold together; none if there are none.
    pub(super) fn decisions(&self, without: &[Field]) -> Option<BooleanQuery> {
        let mut clauses: Vec<_> = kept(&self.joined, without).collect();
        if clauses.is_empty() {
            return None;
        }
        clauses.push(self.unit(Unit::Decision));
        Some(BooleanQuery::new(clauses))
    }

    fn unit(&self, unit: Unit) -> (Occur, Box<dyn Lowered>) {
        of_unit(self.unit_column, unit)
    }
}

/// Whether all that this matches is of the unit asked for: it needs a word, and each unit has its own.
fn has_unit(node: &Node) -> bool {
    match node {
        Node::Word(_) | Node::Prefix(_) | Node::Phrase { .. } | Node::Fuzzy { .. } | Node::InTitle(_) => {
            let words = if let Node::InTitle(n) = node { n } else { node };
            terms::slots(words).is_some_and(|s| !s.places.is_empty())
        }
        Node::Compounds { stems, .. } => !stems.is_empty(),
        Node::Also { typed, also } => has_unit(typed) && also.iter().all(has_unit),
        Node::And(all) => all.iter().any(has_unit),
        Node::Or(any) => any.iter().all(has_unit),
        Node::Some { least, of } => *least > 0 && of.iter().all(has_unit),
        Node::All
        | Node::InDecision(_)
        | Node::UnknownField { .. }
        | Node::Typed { .. }
        | Node::Is(_)
        | Node::Document(_)
        | Node::Not(_) => false,
    }
}

/// The clause that keeps to one unit.
fn of_unit(column: Column, unit: Unit) -> (Occur, Box<dyn Lowered>) {
    let term = Term::from_field_u64(column, u64::from(unit == Unit::Decision));
    let query = TermQuery::new(term, IndexRecordOption::Basic);
    (Occur::Must, Box::new(ConstScoreQuery::new(Box::new(query), 0.0)))
}

fn kept(clauses: &[(Field, Box<dyn Lowered>)], without: &[Field]) -> impl Iterator<Item = (Occur, Box<dyn Lowered>)> {
    clauses.iter().filter(move |(f, _)| !without.contains(f)).map(|(_, q)| (Occur::Must, q.box_clone()))
}

struct Lower<'a> {
    fields: &'a Fields,
    searcher: &'a Searcher,
    /// What is listed.
    unit: Unit,
}

impl Lower<'_> {
    fn node(&self, node: &Node) -> Result<Box<dyn Lowered>, IndexError> {
        Ok(match node {
            Node::All => Box::new(ConstScoreQuery::new(Box::new(AllQuery), 0.0)),
            Node::Word(_) | Node::Phrase { .. } | Node::Prefix(_) | Node::Fuzzy { .. } | Node::Compounds { .. } => {
                self.words(&terms::slots(node).unwrap_or_default())?
            }
            Node::InTitle(n) => match terms::slots(n).filter(|s| !s.places.is_empty()) {
                Some(slots) => {
                    Box::new(BoostQuery::new(self.slots(self.fields.title(self.unit), &slots)?, TITLE_BOOST))
                }
                None => self.node(&Node::All)?,
            },
            Node::Also { typed, also } => {
                let mut ways = vec![self.node(typed)?];
                for n in also {
                    // Several words are not to count for more than one because they are several.
                    let words = terms::slots(n).map_or(1, |s| s.places.len().max(1));
                    ways.push(Box::new(BoostQuery::new(self.node(n)?, ALSO_BOOST / words as f32)));
                }
                Box::new(BooleanQuery::union(ways))
            }
            Node::InDecision(n) if self.unit == Unit::Document => self.by_decision(n)?,
            Node::InDecision(n) => self.node(n)?,
            Node::Typed { .. } | Node::UnknownField { .. } => Box::new(EmptyQuery),
            Node::Is(f) => Box::new(BoostQuery::new(self.filter(f)?, CONDITION_BOOST)),
            Node::Document(id) => {
                let term = Term::from_field_text(self.fields.doc, id.as_str());
                Box::new(ConstScoreQuery::new(Box::new(TermQuery::new(term, IndexRecordOption::Basic)), 0.0))
            }
            Node::Some { least, of } => {
                let of: Result<Vec<_>, _> = of.iter().map(|n| Ok((Occur::Should, self.node(n)?))).collect();
                let of: Vec<_> = of.map_err(|e: IndexError| e)?;
                match (*least, of.len()) {
                    (0, _) => self.node(&Node::All)?,
                    (least, n) if least > n => Box::new(EmptyQuery),
                    _ => Box::new(BooleanQuery::with_minimum_required_clauses(of, *least)),
                }
            }
            Node::Not(n) => Box::new(BooleanQuery::new(vec![
                (Occur::Must, self.node(&Node::All)?),
                (Occur::MustNot, self.node(n)?),
            ])),
            Node::And(all) => {
                let mut clauses = Vec::with_capacity(all.len());
                for n in all {
                    clauses.push(match n {
                        Node::Not(n) => (Occur::MustNot, self.node(n)?),
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
        if slots.places.is_empty() {
            return self.node(&Node::All);
        }
        if let [any] = slots.places.as_slice()
            && let [terms::Term::Compound(of, stems)] = any.as_slice()
        {
            // Words of the title stand among all words too, so that one pass gathers both.
            let columns = vec![(self.fields.text(self.unit), 1.0), (self.fields.title(self.unit), TITLE_BOOST)];
            return Ok(compounds(columns, of, stems));
        }
        let text = self.slots(self.fields.text(self.unit), slots)?;
        let title = self.slots(self.fields.title(self.unit), slots)?;
        Ok(Box::new(BooleanQuery::new(vec![
            (Occur::Must, text),
            (Occur::Should, Box::new(BoostQuery::new(title, TITLE_BOOST))),
        ])))
    }

    fn slots(&self, column: Column, slots: &Slots) -> Result<Box<dyn Lowered>, IndexError> {
        if let [any] = slots.places.as_slice() {
            let mut ways: Vec<Box<dyn Lowered>> = Vec::with_capacity(any.len());
            for term in any {
                ways.push(self.term(column, term)?);
            }
            return Ok(if ways.len() == 1 { ways.remove(0) } else { Box::new(BooleanQuery::union(ways)) });
        }
        Ok(Box::new(near(column, slots)))
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
            terms::Term::Compound(of, stems) => compounds(vec![(column, 1.0)], of, stems),
            terms::Term::Near(word, changes) => {
                let words = self.spelt_nearly(word, *changes)?;
                Box::new(TermSetQuery::new(words.iter().map(|w| Term::from_field_text(column, w))))
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

    /// The words of the index spelt so but for these changes.
    fn spelt_nearly(&self, word: &str, changes: u8) -> Result<BTreeSet<String>, IndexError> {
        let mut words = BTreeSet::new();
        let nearly = Nearly::new(word, usize::from(changes), false);
        nearly.words(self.searcher, self.fields.text(self.unit), |word, _| {
            words.insert(word.to_string());
        })?;
        Ok(words)
    }

    /// Documents with a decision that these words stand in.
    fn by_decision(&self, words: &Node) -> Result<Box<dyn Lowered>, IndexError> {
        let decisions = Lower { unit: Unit::Decision, ..*self }.node(words)?;
        let decisions = BooleanQuery::new(vec![(Occur::Must, decisions), of_unit(self.fields.unit, Unit::Decision)]);
        let to_document = self.searcher.schema().get_field_name(self.fields.to_document).to_string();
        Ok(Box::new(ByDecision { decisions: Box::new(decisions), to_document }))
    }

    fn filter(&self, filter: &Filter) -> Result<Box<dyn Lowered>, IndexError> {
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
                // Of a decision: the query it becomes part of is one of decisions.
                (Value::Words(words), _) => ways.push(Lower { unit: Unit::Decision, ..*self }.node(words)?),
                (Value::Is(_) | Value::Range(..), None) => {}
            }
        }
        if !terms.is_empty() {
            ways.push(Box::new(TermSetQuery::new(terms)));
        }
        Ok(match ways.len() {
            0 => Box::new(EmptyQuery),
            1 => ways.remove(0),
            _ => Box::new(BooleanQuery::union(ways)),
        })
    }

    /// Dates that can lie in the range.
    fn days(&self, from: i64, to: i64) -> Box<dyn Lowered> {
        let starts =
            RangeQuery::new(Bound::Unbounded, Bound::Included(Term::from_field_i64(self.fields.first_day, to)));
        let ends = RangeQuery::new(Bound::Included(Term::from_field_i64(self.fields.last_day, from)), Bound::Unbounded);
        Box::new(BooleanQuery::intersection(vec![Box::new(starts), Box::new(ends)]))
    }
}

/// Any of these longer words.
fn compounds(columns: Vec<(Column, f32)>, of: &str, stems: &BTreeSet<String>) -> Box<dyn Lowered> {
    let stem = |s: &str| format!("{STEM}{s}");
    let any = AnyStem { columns, terms: stems.iter().map(|s| stem(s)).collect(), like: stem(of) };
    Box::new(BoostQuery::new(Box::new(any), COMPOUND_BOOST))
}

/// Words in order, each of which the index holds as it is.
pub(super) fn near(column: Column, slots: &Slots) -> Near {
    let places = slots.places.iter().map(|any| {
        let texts = any.iter().flat_map(|term| match term {
            terms::Term::Compound(_, stems) => stems.iter().map(|s| format!("{STEM}{s}")).collect(),
            term => vec![term_text(term)],
        });
        texts.map(|t| Term::from_field_text(column, &t)).collect()
    });
    Near { column, places: places.collect(), between: slots.between }
}

/// A term as the index holds it.
fn term_text(term: &terms::Term) -> String {
    match term {
        terms::Term::Exact(t) | terms::Term::Prefix(t) | terms::Term::FoldedPrefix(t) | terms::Term::Near(t, _) => {
            t.clone()
        }
        terms::Term::Compound(t, _) | terms::Term::Stem(t) => format!("{STEM}{t}"),
        terms::Term::Folded(t) => format!("{FOLDED}{t}"),
    }
}

/// A pattern for a letter with or without marks.
fn with_marks(letter: char) -> String {
    let plain = regex::escape(letter.encode_utf8(&mut [0; 4]));
    let marked: String = terms::MARKED.chars().filter(|c| terms::same_letter(*c, letter)).collect();
    if marked.is_empty() || marked.starts_with(letter) { plain } else { format!("[{plain}{marked}]") }
}
