//! Says what to try: names near to one that is not known, words spelt nearly as one that is nowhere or rare, and which condition
//! is one too many when nothing was found.

use std::collections::BTreeSet;

use super::{SearchError, Succession, Try};
use crate::base::fold::name_key;
use crate::index::{Ask, Engine, IndexError, analyse};
use crate::lexicon::Lexicon;
use crate::query::field::Form;
use crate::query::{Field, Filter, Node, Query, Value};

/// Most names that are compared for a suggestion.
const MAX_COMPARED: usize = 200_000;

/// Most names suggested.
const SUGGESTIONS: usize = 4;

/// How near a name must be (Jaro-Winkler, from 0 to 1).
const NEAR: f64 = 0.8;

/// How much less it says that some words of a name are near than that the whole name is.
const IN_PART: f64 = 0.95;

/// So few hits may come from a slip of the pen.
const FEW: u64 = 3;

/// How many times as frequent a word must be to be meant instead of one that is there.
const MORE_FREQUENT: u64 = 20;

/// Most words, and most conditions, that are looked into.
const LOOKED_INTO: usize = 8;

/// Names near to a typed one, nearest first: those that have all its words, then those spelt nearly so, whole or in some of their words.
pub fn nearest<'a>(typed: &str, names: impl Iterator<Item = &'a str>) -> Vec<String> {
    closest(&name_key(typed), names.map(|name| (name_key(name), name)))
}

/// The labels of the names that are nearest to a key.
pub(super) fn closest<'a>(key: &str, names: impl Iterator<Item = (String, &'a str)>) -> Vec<String> {
    let words: Vec<&str> = key.split(' ').filter(|w| !w.is_empty()).collect();
    let mut scored: Vec<(f64, &str)> = Vec::new();
    for (name, label) in names.take(MAX_COMPARED) {
        let of_name: Vec<&str> = name.split(' ').collect();
        let holds = !words.is_empty() && words.iter().all(|w| of_name.iter().any(|n| n.starts_with(w)));
        let runs = of_name.windows(words.len().max(1)).map(|run| strsim::jaro_winkler(key, &run.join(" ")) * IN_PART);
        let near = runs.fold(strsim::jaro_winkler(key, &name), f64::max);
        let score = if holds { 1.0 + near } else { near };
        if score > NEAR {
            scored.push((score, label));
        }
    }
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    let mut seen = BTreeSet::new();
    scored.into_iter().filter(|(_, l)| seen.insert(*l)).take(SUGGESTIONS).map(|(_, l)| l.to_string()).collect()
}

/// Knows what was asked and where to ask again.
pub(super) struct Suggest<'a> {
    pub(super) ask: &'a Ask,
    pub(super) engine: &'a dyn Engine,
    pub(super) lex: &'a Lexicon,
    pub(super) succession: Succession,
}

impl Suggest<'_> {
    /// What to try when so many were found: nothing if they are many.
    pub(super) fn what_to_try(&self, total: u64) -> Result<Vec<Try>, SearchError> {
        match total {
            0 => self.when_nothing(),
            1..=FEW => Ok(self.when_few()?),
            _ => Ok(Vec::new()),
        }
    }

    /// The nodes that must all hold.
    fn clauses(&self) -> &[Node] {
        match &self.ask.query.words {
            Node::And(all) => all,
            Node::All => &[],
            one => std::slice::from_ref(one),
        }
    }

    fn total(&self, words: Node, filters: Vec<Filter>) -> Result<u64, IndexError> {
        let query = Query { unit: self.ask.query.unit, words, filters };
        self.engine.search(&Ask { query, limit: 0, ..Ask::default() }).map(|a| a.total)
    }

    /// The filters without one, or with another in its place.
    fn others(&self, without: usize, instead: Option<Filter>) -> Vec<Filter> {
        let filters = self.ask.query.filters.iter().enumerate().filter(|(i, _)| *i != without).map(|(_, f)| f.clone());
        filters.chain(instead).collect()
    }

    fn when_nothing(&self) -> Result<Vec<Try>, SearchError> {
        let mut out = Vec::new();
        let words = self.clauses();
        for word in words.iter().filter(|w| !matches!(w, Node::Not(_))).take(LOOKED_INTO) {
            if self.total(word.clone(), Vec::new())? == 0 {
                out.push(self.nowhere(word)?);
            }
        }
        for (i, filter) in self.ask.query.filters.iter().enumerate().take(LOOKED_INTO) {
            self.without(i, filter, &mut out)?;
        }
        if words.len() > 1 && out.is_empty() {
            self.fewer_words(words, &mut out)?;
        }
        Ok(out)
    }

    /// What to say of a word or phrase that nothing has.
    fn nowhere(&self, word: &Node) -> Result<Try, IndexError> {
        let typed = as_typed(word);
        if let Node::Phrase { words, .. } = typed {
            let apart = words.split_whitespace().map(|w| Node::Word(w.to_string())).collect();
            let found = self.total(Node::And(apart), Vec::new())?;
            if found > 0 {
                return Ok(Try::Apart { typed: typed.clone(), found });
            }
        }
        let near = match typed {
            Node::Word(w) => self.engine.similar_words(w, 3)?,
            _ => Vec::new(),
        };
        Ok(Try::Spelling { typed: typed.clone(), near })
    }

    /// What would be found without one of the conditions, or with another in its place.
    fn without(&self, i: usize, filter: &Filter, out: &mut Vec<Try>) -> Result<(), SearchError> {
        let words = &self.ask.query.words;
        let found = self.total(words.clone(), self.others(i, None))?;
        if found > 0 {
            out.push(Try::Without { filter: filter.clone(), found });
        }
        if filter.field == Field::District {
            self.other_districts(i, filter, out)?;
        }
        // A name that was not read out as the field may stand in the text.
        if filter.field.info().form == Form::Name {
            let names = filter.any.iter().filter_map(|v| match v {
                Value::Is(name) => Some(Node::phrase(name.clone())),
                Value::Range(..) | Value::Words(_) => None,
            });
            let words = (*words != Node::All).then(|| words.clone());
            let all = words.into_iter().chain([Node::Or(names.collect())]).collect();
            let found = self.total(Node::And(all), self.others(i, None))?;
            if found > 0 {
                out.push(Try::AsWords { filter: filter.clone(), found });
            }
        }
        Ok(())
    }

    /// What would be found in what a district has become, or in those it came from.
    fn other_districts(&self, i: usize, filter: &Filter, out: &mut Vec<Try>) -> Result<(), IndexError> {
        let asked: BTreeSet<&str> =
            filter.any.iter().filter_map(|v| if let Value::Is(v) = v { Some(v.as_str()) } else { None }).collect();
        let found = |ids: BTreeSet<&str>| {
            let any = ids.iter().map(|id| Value::Is((*id).to_string())).collect();
            self.total(self.ask.query.words.clone(), self.others(i, Some(Filter { field: Field::District, any })))
        };
        let mut seen = asked.clone();
        // Each district with the one asked for that it leads back to.
        let mut todo: Vec<(&str, &str)> = asked.iter().map(|id| (*id, *id)).collect();
        while let Some((from, id)) = todo.pop() {
            let successors = self.lex.district(id).map(|d| d.successors.as_slice()).unwrap_or_default();
            for next in successors.iter().filter_map(|id| self.lex.district(id)) {
                if seen.insert(&next.id) {
                    todo.push((from, &next.id));
                    let found = found(BTreeSet::from([next.id.as_str()]))?;
                    if found > 0 {
                        out.push(Try::Became { district: from.to_string(), now: next.id.clone(), found });
                    }
                }
            }
        }
        if self.succession == Succession::Then {
            let mut before: BTreeSet<&str> = BTreeSet::new();
            let mut todo: Vec<&str> = asked.iter().copied().collect();
            while let Some(district) = todo.pop().and_then(|id| self.lex.district(id)) {
                todo.extend(district.predecessors.iter().map(String::as_str).filter(|id| before.insert(id)));
            }
            let found = if before.is_empty() { 0 } else { found(before)? };
            if found > 0 {
                out.push(Try::Before { found });
            }
        }
        Ok(())
    }

    /// What would be found if not all words had to hold.
    fn fewer_words(&self, words: &[Node], out: &mut Vec<Try>) -> Result<(), IndexError> {
        let wanted: Vec<Node> = words.iter().filter(|w| !matches!(w, Node::Not(_))).cloned().collect();
        if !wanted.is_empty() && wanted.len() < words.len() {
            let found = self.total(Node::And(wanted.clone()), self.ask.query.filters.clone())?;
            if found > 0 {
                out.push(Try::WithoutNot { found });
            }
        }
        if wanted.len() > 1 {
            let found = self.total(Node::Or(wanted), self.ask.query.filters.clone())?;
            if found > 0 {
                out.push(Try::AnyWord { found });
            }
        }
        Ok(())
    }

    /// Words that are much more frequent than rare ones of the query and spelt nearly so.
    fn when_few(&self) -> Result<Vec<Try>, IndexError> {
        let mut out = Vec::new();
        for node in self.clauses().iter().take(LOOKED_INTO) {
            let Node::Word(word) = as_typed(node) else { continue };
            let own = self.engine.found_in(word)?;
            if own > FEW {
                continue;
            }
            let stem = &analyse::forms(word).stem;
            for near in self.engine.similar_words(word, SUGGESTIONS)? {
                let n = self.engine.found_in(&near)?;
                if n >= MORE_FREQUENT * own.max(1) && analyse::forms(&near).stem != *stem {
                    let typed = word.clone();
                    out.push(Try::Meant { typed, found: own, near, near_found: n });
                    break;
                }
            }
        }
        Ok(out)
    }
}

/// A node without what was added to it.
fn as_typed(mut node: &Node) -> &Node {
    while let Node::Also { typed, .. } = node {
        node = typed;
    }
    node
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_name_is_near_by_some_of_its_words() {
        let names = ["Idéburet offentligt partnerskap med Föreningen Solgläntan", "Norra Klubben", "Solvändan"];
        assert_eq!(nearest("Solglentan", names.into_iter()).first().map(String::as_str), Some(names[0]));
        assert_eq!(nearest("klubben", names.into_iter()), [names[1]]);
        assert!(nearest("xyz", names.into_iter()).is_empty());
        assert!(nearest("", names.into_iter()).is_empty());
    }
}
