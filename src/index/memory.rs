//! Defines the naive engine: it looks at every entry, and so shows what the right answer is. The tests' oracle.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::IndexError;
use super::analyse;
use super::compounds::{self, Compounds};
use super::engine::{Answer, Ask, Counts, Engine, EntryHit, Stands};
use super::entry::{Entry, KnownName};
use super::terms::{self, Slots};
use crate::base::DocId;
use crate::query::{Field, Filter, Node, Query, Sort, Unit, Value};

/// All entries in memory.
#[derive(Clone, Debug, Default)]
pub struct MemoryIndex {
    /// The entries, in any order.
    pub entries: Vec<Entry>,
    /// The catalog's sequence they belong to.
    pub sequence: u64,
}

impl MemoryIndex {
    /// The entries that match, leaving out the filters of one field.
    fn matching<'a>(&'a self, query: &'a Query, without: Option<Field>) -> impl Iterator<Item = &'a Entry> {
        self.entries.iter().filter(move |e| {
            let filters = || query.filters.iter().filter(|f| Some(f.field) != without);
            let direct = |f: &&Filter| query.unit == Unit::Decision || !f.field.info().of_decision;
            let conditions: Vec<&Filter> = filters().filter(|f| !direct(f)).collect();
            e.unit == query.unit
                && self.node_holds(&query.words, e)
                && filters().filter(direct).all(|f| self.filter_holds(f, e))
                && (conditions.is_empty() || self.decisions_of(e, &conditions).next().is_some())
        })
    }

    fn documents(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|e| e.unit == Unit::Document)
    }

    /// The decisions of a document that meet all conditions.
    fn decisions_of<'a>(&'a self, doc: &'a Entry, conditions: &'a [&Filter]) -> impl Iterator<Item = &'a Entry> {
        let own = self.entries.iter().filter(|d| d.unit == Unit::Decision && d.doc == doc.doc);
        own.filter(|d| conditions.iter().all(|f| self.filter_holds(f, d)))
    }

    fn node_holds(&self, node: &Node, e: &Entry) -> bool {
        match node {
            Node::All => true,
            // What nobody asked the vocabulary about means nothing.
            Node::Typed { .. } | Node::UnknownField { .. } => false,
            Node::Is(f) => self.filter_holds(f, e),
            Node::Document(id) => e.doc == *id,
            Node::Some { least, of } => of.iter().filter(|n| self.node_holds(n, e)).count() >= *least,
            Node::Not(n) => !self.node_holds(n, e),
            Node::And(all) => all.iter().all(|n| self.node_holds(n, e)),
            Node::Or(any) => any.iter().any(|n| self.node_holds(n, e)),
            Node::Also { typed, also } => self.node_holds(typed, e) || also.iter().any(|n| self.node_holds(n, e)),
            Node::InTitle(n) => terms::slots(n).is_none_or(|slots| stands_in(&slots, std::slice::from_ref(&e.title))),
            Node::InDecision(n) if e.unit == Unit::Document => {
                let mut own = self.entries.iter().filter(|d| d.unit == Unit::Decision && d.doc == e.doc);
                own.any(|d| self.node_holds(n, d))
            }
            Node::InDecision(n) => self.node_holds(n, e),
            node => terms::slots(node).is_none_or(|slots| stands_in(&slots, &e.text)),
        }
    }

    fn filter_holds(&self, f: &Filter, e: &Entry) -> bool {
        f.any.iter().any(|value| match value {
            Value::Is(v) => e.values.get(&f.field).is_some_and(|has| has.contains(v)),
            Value::Words(words) => self.node_holds(&Node::InDecision(Box::new(words.clone())), e),
            Value::Range(from, to) if f.field == Field::Date => e.days.is_some_and(|(a, b)| a <= *to && *from <= b),
            Value::Range(from, to) => {
                let mut numbers = e.values.get(&f.field).into_iter().flatten().filter_map(|v| v.parse::<i64>().ok());
                numbers.any(|n| (*from..=*to).contains(&n))
            }
        })
    }

    fn counts(&self, query: &Query, field: Field) -> Counts {
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        let joined: Vec<&Filter> =
            query.filters.iter().filter(|f| f.field.info().of_decision && f.field != field).collect();
        for e in self.matching(query, Some(field)) {
            let values: BTreeSet<&String> =
                if query.unit == Unit::Document && field.info().of_decision && !joined.is_empty() {
                    self.decisions_of(e, &joined).filter_map(|d| d.values.get(&field)).flatten().collect()
                } else {
                    e.values.get(&field).into_iter().flatten().collect()
                };
            values.into_iter().for_each(|v| *counts.entry(v.as_str()).or_default() += 1);
        }
        counts.into_iter().map(|(value, n)| (value.into(), n)).collect()
    }
}

fn stands_in(slots: &Slots, pieces: &[String]) -> bool {
    slots.places.is_empty() || pieces.iter().any(|t| terms::find(slots, &analyse::tokens(t)).next().is_some())
}

/// How often the words stand in an entry: enough of a score for an oracle.
fn score(node: &Node, e: &Entry) -> f32 {
    let count = |slots: Slots| {
        let n: usize = e.text.iter().map(|t| terms::find(&slots, &analyse::tokens(t)).count()).sum();
        n as f32
    };
    match node {
        Node::And(all) | Node::Or(all) | Node::Some { of: all, .. } => all.iter().map(|n| score(n, e)).sum(),
        Node::Also { typed, also } => score(typed, e) + also.iter().map(|n| score(n, e)).sum::<f32>(),
        node => terms::slots(node).map_or(0.0, count),
    }
}

fn order(sort: Sort, a: &(f32, &Entry), b: &(f32, &Entry)) -> Ordering {
    let day = |e: &Entry| e.days.map(|d| d.0);
    let newest = || day(b.1).cmp(&day(a.1));
    let oldest = || day(a.1).is_none().cmp(&day(b.1).is_none()).then(day(a.1).cmp(&day(b.1)));
    let by_sort = match sort {
        Sort::Relevance => b.0.total_cmp(&a.0).then_with(newest),
        Sort::Newest => newest(),
        Sort::Oldest => oldest(),
    };
    by_sort.then_with(|| tie(&a.1.doc, a.1.ordinal).cmp(&tie(&b.1.doc, b.1.ordinal)))
}

/// A number that orders entries of equal rank the same way in every engine and index; a document's decisions keep their order.
pub(super) fn tie(doc: &DocId, ordinal: u32) -> u64 {
    let hash = blake3::hash(doc.as_str().as_bytes());
    let head = hash.as_bytes().first_chunk::<8>().map_or(0, |b| u64::from_be_bytes(*b));
    (head & !0xffff) | u64::from(ordinal & 0xffff)
}

impl Engine for MemoryIndex {
    fn sequence(&self) -> u64 {
        self.sequence
    }

    fn len(&self, unit: Unit) -> Result<u64, IndexError> {
        Ok(self.entries.iter().filter(|e| e.unit == unit).count() as u64)
    }

    fn search(&self, ask: &Ask) -> Result<Answer, IndexError> {
        let mut found: Vec<(f32, &Entry)> =
            self.matching(&ask.query, None).map(|e| (score(&ask.query.words, e), e)).collect();
        found.sort_by(|a, b| order(ask.sort, a, b));
        let hit = |(score, e): &(f32, &Entry)| EntryHit {
            card: e.card.clone(),
            at: 0,
            doc: e.doc.clone(),
            unit: e.unit,
            ordinal: e.ordinal,
            score: *score,
        };
        Ok(Answer {
            total: found.len() as u64,
            hits: found.iter().skip(ask.offset).take(ask.limit).map(hit).collect(),
            facets: Field::facets().filter(|_| ask.facets).map(|f| (f, self.counts(&ask.query, f))).collect(),
        })
    }

    fn stands(&self, hits: &[&EntryHit], wanted: &[&Slots]) -> Result<Vec<Vec<Option<Stands>>>, IndexError> {
        let one = |hit: &EntryHit, slots: &&Slots| {
            let is = |e: &&Entry| e.doc == hit.doc && e.unit == hit.unit && e.ordinal == hit.ordinal;
            let mut found = Stands::new();
            let mut base = 0;
            for text in self.entries.iter().find(is).into_iter().flat_map(|e| &e.text) {
                let tokens = analyse::tokens(text);
                let position = |i: usize| tokens.get(i).map_or(0, |t| base + t.position);
                found.extend(terms::find(slots, &tokens).map(|(a, b)| (position(a), position(b))));
                base += tokens.last().map_or(0, |t| t.position + 1) + 1;
            }
            found.dedup();
            slots.are_listed().then_some(found)
        };
        Ok(hits.iter().map(|h| wanted.iter().map(|s| one(h, s)).collect()).collect())
    }

    fn values_known_as(&self, field: Field, key: &str) -> Result<Vec<String>, IndexError> {
        let names = self.entries.iter().flat_map(|e| &e.names);
        let values: BTreeSet<&String> = names.filter(|n| n.field == field && n.key == key).map(|n| &n.value).collect();
        Ok(values.into_iter().cloned().collect())
    }

    fn found_in(&self, word: &str) -> Result<u64, IndexError> {
        let slots = terms::word(word);
        Ok(self.documents().filter(|e| !slots.places.is_empty() && stands_in(&slots, &e.text)).count() as u64)
    }

    fn compounds(&self, word: &str) -> Result<Compounds, IndexError> {
        let mut all: BTreeMap<String, u64> = BTreeMap::new();
        for e in self.documents() {
            let words = e.text.iter().flat_map(|t| analyse::tokens(t));
            let own: BTreeSet<String> = words.map(|t| t.forms.exact.clone()).collect();
            own.into_iter().for_each(|word| *all.entry(word).or_default() += 1);
        }
        let table = compounds::table(&all);
        Ok(compounds::find(word, |key| table.get(key).cloned()))
    }

    fn similar_words(&self, word: &str, limit: usize) -> Result<Vec<String>, IndexError> {
        let typed = &analyse::forms(word).exact;
        let mut found: BTreeMap<String, (usize, u64)> = BTreeMap::new();
        for e in self.documents() {
            let words = e.text.iter().flat_map(|t| analyse::tokens(t));
            let words: BTreeSet<String> = words.map(|t| t.forms.exact.clone()).collect();
            for w in words {
                if let Some(changes) = terms::slip(typed, &w) {
                    found.entry(w).or_insert((changes, 0)).1 += 1;
                }
            }
        }
        Ok(terms::nearest(found.into_iter().map(|(w, (c, n))| (c, n, w)).collect(), limit))
    }

    fn known_names(&self, field: Field) -> Result<Vec<KnownName>, IndexError> {
        let names: BTreeSet<&KnownName> =
            self.entries.iter().flat_map(|e| &e.names).filter(|n| n.field == field).collect();
        Ok(names.into_iter().cloned().collect())
    }
}
