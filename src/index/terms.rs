//! Defines how typed words become terms, and where terms stand in a text: the one meaning of a word for all engines and snippets.

use super::analyse::{Forms, Token, forms, tokens};
use crate::base::fold::fold;

/// One form of a word that is looked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Term {
    /// This word exactly, but for its case.
    Exact(String),
    /// Words with this stem.
    Stem(String),
    /// Words with marks whose folded form has this stem.
    Folded(String),
    /// Words that begin so.
    Prefix(String),
    /// Words that begin so when their marks are left out, letter by letter.
    FoldedPrefix(String),
}

/// Words one after the other; at each place any of the terms will do.
pub type Slots = Vec<Vec<Term>>;

impl Term {
    /// Whether a word of the text is meant.
    pub fn matches(&self, word: &Forms) -> bool {
        match self {
            Term::Exact(t) => word.exact == *t,
            Term::Stem(t) => word.stem == *t,
            Term::Folded(t) => word.folded.as_ref() == Some(t),
            Term::Prefix(t) => word.exact.starts_with(t.as_str()),
            Term::FoldedPrefix(t) => {
                let mut letters = word.exact.chars();
                t.chars().all(|wanted| letters.next().is_some_and(|c| same_letter(c, wanted)))
            }
        }
    }
}

/// What a typed word means: any inflection; without marks also words with them. Several parts must stand together.
pub fn word(text: &str) -> Slots {
    slots(text, |f| Term::Stem(f.stem.clone()))
}

/// What a typed phrase means: the words as written; those without marks also find words with them.
pub fn phrase(text: &str) -> Slots {
    slots(text, |f| Term::Exact(f.exact.clone()))
}

/// What the typed beginning of a word means; without marks also beginnings with them.
pub fn prefix(text: &str) -> Slots {
    let f = forms(text);
    let exact = f.exact.clone();
    vec![vec![if f.folded.is_some() { Term::Prefix(exact) } else { Term::FoldedPrefix(exact) }]]
}

/// Letters with marks that are one letter without.
pub const MARKED: &str = "åäáàâãöóòôõøéèêëüúùûíìîïñçýÿ";

/// Whether a letter is this one, or this one with marks.
pub fn same_letter(c: char, wanted: char) -> bool {
    c == wanted || (MARKED.contains(c) && fold(c.encode_utf8(&mut [0; 4])).chars().eq([wanted]))
}

fn slots(text: &str, main: impl Fn(&Forms) -> Term) -> Slots {
    let mut slots: Slots = Vec::new();
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
        slots.push(any);
    }
    slots
}

/// How many letters must change to make one word the other, if it is few enough for a slip: one in short words, two in long.
/// Marks count as no change, so `vrad` is one step from `vård`.
pub fn slip(typed: &str, other: &str) -> Option<usize> {
    let letters = typed.chars().count();
    let most = if letters > 5 { 2 } else { 1 };
    if letters < 3 || other.chars().count().abs_diff(letters) > most || other.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    Some(strsim::damerau_levenshtein(&fold(typed), &fold(other))).filter(|n| *n <= most)
}

/// The best of words with their number of changes and frequency.
pub fn nearest(mut words: Vec<(usize, u64, String)>, limit: usize) -> Vec<String> {
    words.sort_by(|a, b| (a.0, std::cmp::Reverse(a.1), &a.2).cmp(&(b.0, std::cmp::Reverse(b.1), &b.2)));
    words.into_iter().take(limit).map(|(_, _, w)| w).collect()
}

/// Where the words stand in a text: for each place the first and the last token, as indexes into `text`.
pub fn find<'a>(slots: &'a [Vec<Term>], text: &'a [Token]) -> impl Iterator<Item = (usize, usize)> + 'a {
    let meets = |slot: &[Term], i: usize| text.get(i).is_some_and(|t| slot.iter().any(|s| s.matches(&t.forms)));
    text.iter().enumerate().filter_map(move |(i, token)| {
        let (first, rest) = slots.split_first()?;
        if !meets(first, i) {
            return None;
        }
        let mut last = i;
        for (position, slot) in (token.position + 1..).zip(rest) {
            let from = last + text[last..].partition_point(|t| t.position < position);
            let here = text[from..].partition_point(|t| t.position == position);
            last = (from..from + here).find(|&j| meets(slot, j))?;
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
        assert_eq!(found(&phrase("till handlingarna"), text), ["till handlingarna"]);
        assert_eq!(found(&phrase("till handlingar"), text), Vec::<String>::new());
        assert_eq!(found(&phrase("jarvas stadsdelsnamnd"), text), ["Järvas stadsdelsnämnd"]);
        assert_eq!(found(&word("2024/45"), text), ["2024/45"]);
        assert_eq!(found(&word("§12"), text), ["§ 12"]);
        assert_eq!(found(&word("rapport-till"), text), ["rapporten till"]);
        assert_eq!(found(&prefix("hand"), text), ["handlingarna"]);
        assert_eq!(found(&prefix("jarva"), text), ["Järvas"]);
        assert_eq!(found(&prefix("lågg"), text), Vec::<String>::new());
        assert_eq!(found(&word("vård"), "en värd"), Vec::<String>::new());
    }
}
