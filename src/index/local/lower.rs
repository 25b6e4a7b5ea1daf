//! Lowers our `Query` to postings of the index. What matches is what `terms` and the memory engine say; scores are BM25 as tantivy
//! computes it.

use std::collections::BTreeSet;
use std::sync::Arc;

use tantivy::index::InvertedIndexReader;
use tantivy::postings::TermInfo;
use tantivy::query::Bm25Weight;
use tantivy::schema::Field as Column;
use tantivy::{Searcher, Term};
use tantivy_fst::Regex;

use super::longer::{Kept, Longer};
use super::schema::{FOLDED, Fields, STEM};
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

/// Terms of a column, by segment.
pub(super) type InSegments<T> = Vec<Vec<T>>;

/// What must hold, in terms of the index.
pub(super) enum Part {
    /// Anything does.
    All,
    /// Nothing does.
    Nothing,
    /// Any of these terms.
    Any { column: Column, terms: InSegments<TermInfo>, points: Points },
    /// Any of many longer words.
    Longer { words: Arc<Longer>, points: Option<Bm25Weight> },
    /// Words in order, at each place any of these terms.
    Near { column: Column, places: InSegments<Vec<TermInfo>>, between: u32, points: Points },
    /// The first must hold; the others only add to the score, and hold nowhere else.
    With { must: Box<Part>, adds: Vec<Part> },
    /// All of some, none of others.
    And { all: Vec<Part>, none: Vec<Part> },
    /// At least one.
    Or(Vec<Part>),
    /// At least so many.
    Least(usize, Vec<Part>),
    /// A decision of the document meets this.
    Decision(Box<Part>),
    /// Its dates can lie between these days, both included.
    Days(i64, i64),
}

/// What a row scores for what it has.
pub(super) enum Points {
    /// Nothing: no scores are wanted, or it is a filter.
    None,
    /// The same for each row.
    Each(f32),
    /// By how often the terms stand in it, all together.
    Bm25(Bm25Weight),
}

impl Part {
    /// Whether places must be read to tell.
    pub(super) fn is_slow(&self) -> bool {
        match self {
            Part::Near { .. } => true,
            Part::With { must, .. } => must.is_slow(),
            Part::And { all: parts, .. } | Part::Or(parts) | Part::Least(_, parts) => parts.iter().any(Part::is_slow),
            Part::Decision(part) => part.is_slow(),
            Part::All | Part::Nothing | Part::Any { .. } | Part::Longer { .. } | Part::Days(..) => false,
        }
    }

    /// Whether it is met by having words, whatever else a row has: what it adds to the score of rows that meet another part too needs
    /// no look at the rows that meet it.
    pub(super) fn is_words(&self) -> bool {
        match self {
            Part::Any { points, .. } => !matches!(points, Points::Each(_)),
            Part::Longer { .. } => true,
            Part::With { must, adds } => must.is_words() && adds.iter().all(Part::is_words),
            _ => false,
        }
    }
}

/// A query in terms of the index, its conditions apart so that a facet can be counted without its own.
pub(super) struct Plan {
    pub(super) unit: Unit,
    /// What the words ask; none without words.
    pub(super) words: Option<Part>,
    /// Conditions on the entry itself.
    pub(super) direct: Vec<(Field, Part)>,
    /// Conditions that one decision of the document must meet together.
    pub(super) joined: Vec<(Field, Part)>,
}

impl Plan {
    /// Looks a query's words up; `scores` if hits are wanted in the order of how well they match.
    pub(super) fn new(
        query: &Query,
        fields: &Fields,
        searcher: &Searcher,
        kept: &Kept,
        scores: bool,
    ) -> Result<Self, IndexError> {
        let lower = Lower { fields, searcher, kept, unit: query.unit, scores };
        let words = match &query.words {
            Node::All => None,
            node => Some(lower.node(node, 1.0)?),
        };
        let mut plan = Plan { unit: query.unit, words, direct: Vec::new(), joined: Vec::new() };
        let lower = Lower { scores: false, ..lower };
        for f in &query.filters {
            let joined = query.unit == Unit::Document && f.field.info().of_decision;
            if joined { &mut plan.joined } else { &mut plan.direct }.push((f.field, lower.filter(f, Points::None)?));
        }
        Ok(plan)
    }
}

struct Lower<'a> {
    fields: &'a Fields,
    searcher: &'a Searcher,
    kept: &'a Kept,
    /// What is listed.
    unit: Unit,
    scores: bool,
}

impl Lower<'_> {
    /// `boost` is how much it counts.
    fn node(&self, node: &Node, boost: f32) -> Result<Part, IndexError> {
        Ok(match node {
            Node::All => Part::All,
            Node::Word(_) | Node::Phrase { .. } | Node::Prefix(_) | Node::Fuzzy { .. } | Node::Compounds { .. } => {
                self.words(&terms::slots(node).unwrap_or_default(), boost)?
            }
            Node::InTitle(n) => match terms::slots(n).filter(|s| !s.places.is_empty()) {
                Some(slots) => self.slots(self.fields.title(self.unit), &slots, boost * TITLE_BOOST)?,
                None => Part::All,
            },
            Node::Also { typed, also } => {
                let mut ways = vec![self.node(typed, boost)?];
                for n in also {
                    // Several words are not to count for more than one because they are several.
                    let words = match n {
                        Node::Compounds { .. } => 1,
                        n => terms::slots(n).map_or(1, |s| s.places.len().max(1)),
                    };
                    ways.push(self.node(n, boost * ALSO_BOOST / words as f32)?);
                }
                Part::Or(ways)
            }
            Node::InDecision(n) if self.unit == Unit::Document => {
                let lower = Lower { unit: Unit::Decision, scores: false, ..*self };
                Part::Decision(Box::new(lower.node(n, boost)?))
            }
            Node::InDecision(n) => self.node(n, boost)?,
            Node::Typed { .. } | Node::UnknownField { .. } => Part::Nothing,
            Node::Is(f) => self.filter(f, self.each(CONDITION_BOOST * boost))?,
            Node::Document(id) => self.any(self.fields.doc, &[id.as_str()], Points::None)?,
            Node::Some { least, of } => {
                let of = of.iter().map(|n| self.node(n, boost)).collect::<Result<Vec<_>, _>>()?;
                match (*least, of.len()) {
                    (0, _) => Part::All,
                    (least, n) if least > n => Part::Nothing,
                    (1, _) => Part::Or(of),
                    (least, _) => Part::Least(least, of),
                }
            }
            Node::Not(n) => Part::And { all: Vec::new(), none: vec![self.unscored(n)?] },
            Node::And(nodes) => {
                let (mut all, mut none) = (Vec::new(), Vec::new());
                for n in nodes {
                    match n {
                        Node::Not(n) => none.push(self.unscored(n)?),
                        n => all.push(self.node(n, boost)?),
                    }
                }
                Part::And { all, none }
            }
            Node::Or(any) => Part::Or(any.iter().map(|n| self.node(n, boost)).collect::<Result<_, _>>()?),
        })
    }

    fn unscored(&self, node: &Node) -> Result<Part, IndexError> {
        Lower { scores: false, ..*self }.node(node, 1.0)
    }

    /// Words that must stand in the text, and count more if they stand in the title too.
    fn words(&self, slots: &Slots, boost: f32) -> Result<Part, IndexError> {
        if slots.places.is_empty() {
            return Ok(Part::All);
        }
        if let [any] = slots.places.as_slice()
            && let [terms::Term::Compound(of, stems)] = any.as_slice()
        {
            return self.longer_words(&format!("{STEM}{of}"), stems, boost);
        }
        let must = self.slots(self.fields.text(self.unit), slots, boost)?;
        if !self.scores {
            return Ok(must);
        }
        let title = self.slots(self.fields.title(self.unit), slots, boost * TITLE_BOOST)?;
        Ok(Part::With { must: Box::new(must), adds: vec![title] })
    }

    /// Any of many words, scored as if all were one, as rare as the one typed.
    fn longer_words(&self, like: &str, stems: &BTreeSet<String>, boost: f32) -> Result<Part, IndexError> {
        let stems: Vec<String> = stems.iter().cloned().collect();
        let part = |column, counts| {
            let words = self.kept.longer(column, &stems, self.searcher.segment_readers().len());
            let points = match self.bm25(column, like, boost * COMPOUND_BOOST * counts)? {
                Points::Bm25(bm25) => Some(bm25),
                Points::None | Points::Each(_) => None,
            };
            Ok::<_, IndexError>(Part::Longer { words, points })
        };
        let must = part(self.fields.text(self.unit), 1.0)?;
        if !self.scores {
            return Ok(must);
        }
        // Words of the title stand among all words too.
        Ok(Part::With { must: Box::new(must), adds: vec![part(self.fields.title(self.unit), TITLE_BOOST)?] })
    }

    fn slots(&self, column: Column, slots: &Slots, boost: f32) -> Result<Part, IndexError> {
        if let [any] = slots.places.as_slice() {
            let mut ways = any.iter().map(|term| self.term(column, term, boost)).collect::<Result<Vec<_>, _>>()?;
            return Ok(if ways.len() == 1 { ways.remove(0) } else { Part::Or(ways) });
        }
        let texts = texts(slots);
        let points = match self.scores {
            // One term for each place: its first, which is the word as typed.
            true => {
                let first: Vec<Term> =
                    texts.iter().filter_map(|any| Some(Term::from_field_text(column, any.first()?))).collect();
                Points::Bm25(Bm25Weight::for_terms(self.searcher, &first)?.boost_by(boost))
            }
            false => Points::None,
        };
        let mut places = Vec::new();
        for reader in self.searcher.segment_readers() {
            places.push(places_in(&*reader.inverted_index(column)?, &texts)?);
        }
        Ok(Part::Near { column, places, between: slots.between, points })
    }

    fn term(&self, column: Column, term: &terms::Term, boost: f32) -> Result<Part, IndexError> {
        let text = term_text(term);
        match term {
            terms::Term::Prefix(_) => self.beginning(column, &text, boost),
            terms::Term::FoldedPrefix(_) => self.folded_beginning(column, &text, boost),
            terms::Term::Compound(_, stems) => {
                let stems: Vec<String> = stems.iter().map(|s| format!("{STEM}{s}")).collect();
                // Scored as if all were one word, as rare as the one typed.
                self.any(column, &stems, self.bm25(column, &text, boost * COMPOUND_BOOST)?)
            }
            terms::Term::Near(word, changes) => {
                let words: Vec<String> = self.spelt_nearly(word, *changes)?.into_iter().collect();
                self.any(column, &words, self.each(boost))
            }
            terms::Term::Folded(_) => self.any(column, &[&text], self.bm25(column, &text, boost * FOLDED_BOOST)?),
            terms::Term::Exact(_) | terms::Term::Stem(_) => {
                self.any(column, &[&text], self.bm25(column, &text, boost)?)
            }
        }
    }

    fn each(&self, points: f32) -> Points {
        if self.scores { Points::Each(points) } else { Points::None }
    }

    fn bm25(&self, column: Column, text: &str, boost: f32) -> Result<Points, IndexError> {
        if !self.scores {
            return Ok(Points::None);
        }
        let term = Term::from_field_text(column, text);
        Ok(Points::Bm25(Bm25Weight::for_terms(self.searcher, &[term])?.boost_by(boost)))
    }

    /// Any of these terms.
    fn any<S: AsRef<str>>(&self, column: Column, texts: &[S], points: Points) -> Result<Part, IndexError> {
        let mut terms = Vec::new();
        for reader in self.searcher.segment_readers() {
            terms.push(known(&*reader.inverted_index(column)?, texts)?);
        }
        Ok(Part::Any { column, terms, points })
    }

    fn beginning(&self, column: Column, start: &str, boost: f32) -> Result<Part, IndexError> {
        let mut terms = Vec::new();
        for reader in self.searcher.segment_readers() {
            let inverted = reader.inverted_index(column)?;
            let mut words = inverted.terms().range().ge(start.as_bytes()).into_stream().map_err(failed)?;
            let mut here = Vec::new();
            while words.advance() && words.key().starts_with(start.as_bytes()) {
                here.push(words.value().clone());
            }
            terms.push(here);
        }
        Ok(Part::Any { column, terms, points: self.each(boost) })
    }

    fn folded_beginning(&self, column: Column, start: &str, boost: f32) -> Result<Part, IndexError> {
        let letters: String = start.chars().map(with_marks).collect();
        let pattern = Regex::new(&format!("{letters}.*")).map_err(|e| IndexError::Engine(e.to_string()))?;
        let mut terms = Vec::new();
        for reader in self.searcher.segment_readers() {
            let inverted = reader.inverted_index(column)?;
            let mut words = inverted.terms().search(&pattern).into_stream().map_err(failed)?;
            let mut here = Vec::new();
            while words.advance() {
                here.push(words.value().clone());
            }
            terms.push(here);
        }
        Ok(Part::Any { column, terms, points: self.each(boost) })
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

    fn filter(&self, filter: &Filter, points: Points) -> Result<Part, IndexError> {
        let column = self.fields.values.get(&filter.field);
        let mut values: BTreeSet<String> = BTreeSet::new();
        let mut ways = Vec::new();
        for value in &filter.any {
            match (value, column) {
                (Value::Is(v), Some(_)) => drop(values.insert(v.clone())),
                (Value::Range(from, to), _) if filter.field == Field::Date => ways.push(Part::Days(*from, *to)),
                (Value::Range(from, to), Some(_)) => {
                    let years = (*from).max(YEARS.0)..=(*to).min(YEARS.1);
                    values.extend(years.map(|y| y.to_string()));
                }
                // Of a decision: the query it becomes part of is one of decisions.
                (Value::Words(words), _) => ways.push(Lower { unit: Unit::Decision, ..*self }.unscored(words)?),
                (Value::Is(_) | Value::Range(..), None) => {}
            }
        }
        if let (Some(column), false) = (column, values.is_empty()) {
            let values: Vec<String> = values.into_iter().collect();
            ways.push(self.any(*column, &values, points)?);
        }
        Ok(match ways.len() {
            0 => Part::Nothing,
            1 => ways.remove(0),
            _ => Part::Or(ways),
        })
    }
}

fn failed(e: std::io::Error) -> IndexError {
    IndexError::Engine(e.to_string())
}

/// The terms of a column of one segment that it knows.
fn known<S: AsRef<str>>(inverted: &InvertedIndexReader, texts: &[S]) -> Result<Vec<TermInfo>, IndexError> {
    let mut found = Vec::new();
    for text in texts {
        found.extend(inverted.terms().get(text.as_ref().as_bytes()).map_err(failed)?);
    }
    Ok(found)
}

/// The terms of each place that a column of one segment knows.
pub(super) fn places_in(
    inverted: &InvertedIndexReader,
    texts: &[Vec<String>],
) -> Result<Vec<Vec<TermInfo>>, IndexError> {
    texts.iter().map(|any| known(inverted, any)).collect()
}

/// The terms of each place, as the index holds them: words by their beginning or spelt nearly so aside.
pub(super) fn texts(slots: &Slots) -> Vec<Vec<String>> {
    let place = |any: &Vec<terms::Term>| {
        let texts = any.iter().flat_map(|term| match term {
            terms::Term::Compound(_, stems) => stems.iter().map(|s| format!("{STEM}{s}")).collect(),
            term => vec![term_text(term)],
        });
        texts.collect()
    };
    slots.places.iter().map(place).collect()
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
