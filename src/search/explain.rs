//! Explains an answer: what each word was searched as, how many it is found in alone, and what speaks for each hit.

use serde::Serialize;

use super::snippet::{Marker, Wanted};
use crate::index::analyse::tokens;
use crate::index::terms::{self, Term};
use crate::index::{Ask, Engine, EntryHit, IndexError};
use crate::query::{Node, Query};

/// How one word of the query was understood.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WordExplained {
    /// As typed.
    pub typed: String,
    /// What is looked for, place by place; at each place any of these will do.
    pub looked_for: Vec<Vec<String>>,
    /// How many documents (or decisions) have it, without the other words and filters.
    pub found_in: u64,
}

/// What speaks for a hit: how often a word stands in it. The score weighs rare words, short texts and the title higher (BM25).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Why {
    /// The word as typed.
    pub word: String,
    /// How often in the title; of the item for a decision.
    pub in_title: usize,
    /// How often in the text shown as snippets: the body, or the decision.
    pub in_text: usize,
    /// How much of the score comes from it.
    pub points: f32,
}

/// Explains the words of a query.
pub(super) fn words(query: &Query, marker: &Marker, engine: &dyn Engine) -> Result<Vec<WordExplained>, IndexError> {
    let mut out = Vec::new();
    for Wanted { node, slots, .. } in marker.wanted() {
        let alone = Query { unit: query.unit, words: node.clone(), filters: Vec::new() };
        let answer = engine.search(&Ask { query: alone, ..Ask::default() })?;
        out.push(WordExplained {
            typed: typed(node),
            looked_for: slots.places.iter().map(|any| any.iter().map(term).collect()).collect(),
            found_in: answer.total,
        });
    }
    Ok(out)
}

/// How much each word adds to the score of a hit: what the hit's score is with this word alone.
pub(super) fn points(hit: &EntryHit, marker: &Marker, engine: &dyn Engine) -> Result<Vec<f32>, IndexError> {
    let alone = |w: &Wanted| {
        let words = Node::And(vec![w.scored.clone(), Node::Document(hit.doc.clone())]);
        let query = Query { unit: hit.unit, words, filters: Vec::new() };
        let found = engine.search(&Ask { query, limit: usize::from(u16::MAX), ..Ask::default() })?;
        Ok(found.hits.iter().find(|h| h.ordinal == hit.ordinal).map_or(0.0, |h| h.score))
    };
    marker.wanted().iter().map(alone).collect()
}

/// What speaks for a hit, given its title, and for each word how often it stands in the text shown and what it adds to the score.
pub(super) fn why(marker: &Marker, title: &str, often: &[usize], points: &[f32]) -> Vec<Why> {
    let title = tokens(title);
    let one = |((w, often), points): ((&Wanted, &usize), &f32)| Why {
        word: typed(&w.node),
        in_title: terms::find(&w.slots, &title).count(),
        in_text: *often,
        points: *points,
    };
    marker.wanted().iter().zip(often).zip(points).map(one).collect()
}

/// A word or phrase as it can be typed.
pub(super) fn typed(node: &Node) -> String {
    match node {
        Node::Phrase { words, between: 0 } => format!("\"{words}\""),
        Node::Phrase { words, between } => format!("\"{words}\"~{between}"),
        Node::Prefix(p) => format!("{p}*"),
        Node::Fuzzy { word, changes } => format!("{word}~{changes}"),
        Node::Word(w) => w.clone(),
        Node::Compounds { of, .. } => format!("{of} as a part"),
        _ => String::new(),
    }
}

fn term(t: &Term) -> String {
    match t {
        Term::Exact(w) => format!("the word {w}"),
        Term::Stem(s) => format!("words with the stem {s}"),
        Term::Compound(_, stems) => {
            let words: Vec<&str> = stems.iter().map(String::as_str).collect();
            format!("longer words that it is a part of, by stem: {}", words.join(", "))
        }
        Term::Folded(s) => format!("words with å, ä, ö or the like whose stem without them is {s}"),
        Term::Prefix(p) => format!("words that begin with {p}"),
        Term::FoldedPrefix(p) => format!("words that begin with {p}, marks aside"),
        Term::Near(w, 1) => format!("words spelt like {w} but for one letter"),
        Term::Near(w, n) => format!("words spelt like {w} but for {n} letters"),
    }
}
