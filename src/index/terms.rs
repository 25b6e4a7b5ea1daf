//! Defines how typed words become terms, and where terms stand in a text: the one meaning of a word for all engines and snippets.

use std::collections::BTreeSet;

use super::analyse::{Forms, Token, forms, tokens};
use crate::base::fold::fold;
use crate::query::Node;

/// One form of a word that is looked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Term {
    /// This word exactly, but for its case.
    Exact(String),
    /// Words with this stem.
    Stem(String),
    /// Words with marks whose folded form has this stem.
    Folded(String),
    /// Words with one of these stems, each holding the word that has the first stem.
    Compound(String, BTreeSet<String>),
    /// Words that begin so.
    Prefix(String),
    /// Words that begin so when their marks are left out, letter by letter.
    FoldedPrefix(String),
    /// Words spelt so, but for this many letters changed, left out, added or swapped with their neighbour.
    Near(String, u8),
}

/// Words in this order; at each place any of the terms will do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Slots {
    /// The places.
    pub places: Vec<Vec<Term>>,
    /// How many other words may stand between them, all together.
    pub between: u32,
}

impl Term {
    /// Whether a word of the text is meant.
    pub fn matches(&self, word: &Forms) -> bool {
        match self {
            Term::Exact(t) => word.exact == *t,
            Term::Stem(t) => word.stem == *t,
            Term::Folded(t) => word.folded.as_ref() == Some(t),
            Term::Compound(_, stems) => stems.contains(&word.stem),
            Term::Prefix(t) => word.exact.starts_with(t.as_str()),
            Term::FoldedPrefix(t) => {
                let mut letters = word.exact.chars();
                t.chars().all(|wanted| letters.next().is_some_and(|c| same_letter(c, wanted)))
            }
            Term::Near(t, changes) => strsim::osa_distance(t, &word.exact) <= usize::from(*changes),
        }
    }
}

impl Slots {
    /// Whether an index can tell where the words stand without knowing all words that are meant.
    pub fn are_listed(&self) -> bool {
        let listed = |t: &Term| !matches!(t, Term::Prefix(_) | Term::FoldedPrefix(_) | Term::Near(..));
        self.places.iter().flatten().all(listed)
    }
}

/// What a node of words means; none for one that is no words, or is of several nodes.
pub fn slots(node: &Node) -> Option<Slots> {
    Some(match node {
        Node::Word(w) => word(w),
        Node::Phrase { words, between } => phrase(words, *between),
        Node::Prefix(p) => prefix(p),
        Node::Fuzzy { word, changes } => fuzzy(word, *changes),
        Node::Compounds { of, stems, .. } => {
            one(vec![Term::Compound(forms(of).stem.clone(), stems.iter().cloned().collect())])
        }
        Node::All
        | Node::Typed { .. }
        | Node::Is(_)
        | Node::Document(_)
        | Node::Some { .. }
        | Node::Not(_)
        | Node::And(_)
        | Node::Or(_)
        | Node::Also { .. }
        | Node::UnknownField { .. }
        | Node::InDecision(_)
        | Node::InTitle(_) => return None,
    })
}

/// What a typed word means: any inflection; without marks also words with them. Several parts must stand together.
pub fn word(text: &str) -> Slots {
    each_word(text, |f| Term::Stem(f.stem.clone()))
}

/// What a typed phrase means: the words as written; those without marks also find words with them.
pub fn phrase(text: &str, between: u32) -> Slots {
    Slots { between, ..each_word(text, |f| Term::Exact(f.exact.clone())) }
}

/// What a word spelt nearly so means.
pub fn fuzzy(text: &str, changes: u8) -> Slots {
    one(vec![Term::Near(forms(text).exact.clone(), changes)])
}

/// What the typed beginning of a word means; without marks also beginnings with them.
pub fn prefix(text: &str) -> Slots {
    let f = forms(text);
    let exact = f.exact.clone();
    one(vec![if f.folded.is_some() { Term::Prefix(exact) } else { Term::FoldedPrefix(exact) }])
}

fn one(any: Vec<Term>) -> Slots {
    Slots { places: vec![any], between: 0 }
}

/// Letters with marks that are one letter without.
pub const MARKED: &str = "åäáàâãöóòôõøéèêëüúùûíìîïñçýÿ";

/// Whether a letter is this one, or this one with marks.
pub fn same_letter(c: char, wanted: char) -> bool {
    c == wanted || (MARKED.contains(c) && fold(c.encode_utf8(&mut [0; 4])).chars().eq([wanted]))
}

fn each_word(text: &str, main: impl Fn(&Forms) -> Term) -> Slots {
    let mut places = Vec::new();
    let mut last = None;
    for token in tokens(text) {
        // A whole number is found by its parts standing together, in whatever way they are joined; `§12` only as it is.
        if token.width > 1 || last == Some(token.position) {
            continue;
        }
        last = Some(token.position);
        let f = &token.forms;
        let mut any = vec![main(f)];
        if f.folded.is_none() && f.exact.bytes().any(|b| b.is_ascii_alphabetic()) {
            any.push(Term::Folded(f.stem.clone()));
        }
        places.push(any);
    }
    Slots { places, between: 0 }
}

/// How many letters of a word of so many may be slips.
pub fn slips(letters: usize) -> usize {
    if letters > 5 { 2 } else { 1 }
}

/// How many letters must change to make one word the other, if it is few enough for a slip: one in short words, two in long.
/// Marks count as no change, so `vrad` is one step from `vård`.
pub fn slip(typed: &str, other: &str) -> Option<usize> {
    let letters = typed.chars().count();
    let most = slips(letters);
    if letters < 3 || other.chars().count().abs_diff(letters) > most || other.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    Some(strsim::osa_distance(&fold(typed), &fold(other))).filter(|n| *n <= most)
}

/// The best of words with their number of changes and frequency.
pub fn nearest(mut words: Vec<(usize, u64, String)>, limit: usize) -> Vec<String> {
    words.sort_by(|a, b| (a.0, std::cmp::Reverse(a.1), &a.2).cmp(&(b.0, std::cmp::Reverse(b.1), &b.2)));
    words.into_iter().take(limit).map(|(_, _, w)| w).collect()
}

/// Where the words stand in a text: for each place the first and the last token, as indexes into `text`.
pub fn find<'a>(slots: &'a Slots, text: &'a [Token]) -> impl Iterator<Item = (usize, usize)> + 'a {
    let meets = |slot: &[Term], i: usize| text.get(i).is_some_and(|t| slot.iter().any(|s| s.matches(&t.forms)));
    text.iter().enumerate().filter_map(move |(i, token)| {
        let (first, rest) = slots.places.split_first()?;
        if !meets(first, i) {
            return None;
        }
        let (mut last, mut next, mut left) = (i, token.position + 1, slots.between);
        // The nearest word that fits leaves the most room for those after it.
        for slot in rest {
            let from = last + text[last..].partition_point(|t| t.position < next);
            let here = text[from..].partition_point(|t| t.position <= next.saturating_add(left));
            last = (from..from + here).find(|&j| meets(slot, j))?;
            let position = text.get(last)?.position;
            left -= position - next;
            next = position + 1;
        }
        Some((i, last))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(slots: &Slots, text: &str) -> Vec<String> {
        let t = tokens(text);
        find(slots, &t).map(|(a, b)| text[t[a].span.start as usize..t[b].span.end as usize].to_string()).collect()
    }

    #[test]
    fn words_and_phrases_stand_where_they_stand() {
        let text = "Järvas stadsdelsnämnd lägger rapporten till handlingarna. Dnr 1.2.3-2024/45, § 12.";
        assert_eq!(found(&word("jarva"), text), ["Järvas"]);
        assert_eq!(found(&word("Järva"), text), ["Järvas"]);
        assert_eq!(found(&phrase("till handlingarna", 0), text), ["till handlingarna"]);
        assert_eq!(found(&phrase("till handlingar", 0), text), Vec::<String>::new());
        assert_eq!(found(&phrase("jarvas stadsdelsnamnd", 0), text), ["Järvas stadsdelsnämnd"]);
        assert_eq!(found(&word("2024/45"), text), ["2024/45"]);
        assert_eq!(found(&word("§12"), text), ["§ 12"]);
        assert_eq!(found(&word("rapport-till"), text), ["rapporten till"]);
        assert_eq!(found(&prefix("hand"), text), ["handlingarna"]);
        assert_eq!(found(&prefix("jarva"), text), ["Järvas"]);
        assert_eq!(found(&prefix("lågg"), text), Vec::<String>::new());
        assert_eq!(found(&word("vård"), "en värd"), Vec::<String>::new());
        assert_eq!(found(&phrase("nämnden avtal", 2), "nämnden tecknar ett avtal"), ["nämnden tecknar ett avtal"]);
        assert_eq!(found(&phrase("nämnden avtal", 1), "nämnden tecknar ett avtal"), Vec::<String>::new());
        assert_eq!(found(&phrase("a b c", 1), "a x b c. a x b y c"), ["a x b c"]);
        assert_eq!(found(&phrase("avtal nämnden", 9), "nämnden tecknar ett avtal"), Vec::<String>::new());
        assert_eq!(found(&fuzzy("rapprot", 1), text), Vec::<String>::new());
        assert_eq!(found(&fuzzy("rapportne", 1), text), ["rapporten"]);
    }
}
