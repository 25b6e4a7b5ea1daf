//! Adds what means the same to a query: letters and the words they stand for, both ways.

use std::sync::Arc;

use crate::index::analyse::{Forms, forms, tokens};
use crate::lexicon::{Acronym, Lexicon};
use crate::query::Node;

/// The same query, with what means the same beside each word or run of words that has such.
pub(super) fn expand(node: Node, lex: &Lexicon) -> Node {
    let groups: Vec<Group> = lex.acronyms.iter().map(Group::new).collect();
    expand_in(node, &groups)
}

/// One acronym with the words of its meanings.
struct Group<'a> {
    acronym: &'a Acronym,
    /// In lower case, as the analyser gives it.
    letters: String,
    meanings: Vec<Vec<Arc<Forms>>>,
}

impl<'a> Group<'a> {
    fn new(acronym: &'a Acronym) -> Self {
        let meanings = acronym.means.iter().map(|m| words_of(m)).collect();
        Group { acronym, letters: forms(&acronym.acronym).exact.clone(), meanings }
    }

    /// What the letters stand for, if the word is these letters.
    fn of_letters(&self, word: &str) -> Option<Vec<Node>> {
        let same = match tokens(word).as_slice() {
            [one] => one.forms.exact == self.letters,
            _ => false,
        };
        // An inflection may follow the letters: KS:s.
        let meant = same && (!self.acronym.one_way || word.starts_with(&self.acronym.acronym));
        meant.then(|| self.acronym.means.iter().cloned().map(Node::Word).collect())
    }

    /// How many of these words, from the first on, are one of the meanings; with the letters and the other meanings.
    fn of_meaning(&self, typed: &[Vec<Arc<Forms>>]) -> Option<(usize, Vec<Node>)> {
        if self.acronym.one_way {
            return None;
        }
        let fits = |meaning: &[Arc<Forms>]| {
            let mut rest = meaning;
            let mut words = 0;
            for parts in typed {
                if rest.is_empty() {
                    break;
                }
                let (here, after) = rest.split_at_checked(parts.len()).filter(|(here, _)| !here.is_empty())?;
                if !parts.iter().zip(here).all(|(typed, word)| same(typed, word)) {
                    return None;
                }
                rest = after;
                words += 1;
            }
            rest.is_empty().then_some(words)
        };
        let (which, words) =
            self.meanings.iter().enumerate().filter_map(|(i, m)| Some((i, fits(m)?))).max_by_key(|(_, n)| *n)?;
        let others = self.acronym.means.iter().enumerate().filter(|(i, _)| *i != which).map(|(_, m)| m.clone());
        Some((words, std::iter::once(self.acronym.acronym.clone()).chain(others).map(Node::Word).collect()))
    }
}

/// Whether a typed word is this word, in any inflection, with its marks or without any.
fn same(typed: &Forms, word: &Forms) -> bool {
    typed.stem == word.stem || (typed.folded.is_none() && word.folded.as_ref() == Some(&typed.stem))
}

fn words_of(text: &str) -> Vec<Arc<Forms>> {
    tokens(text).into_iter().filter(|t| t.width == 1).map(|t| t.forms).collect()
}

fn expand_in(node: Node, groups: &[Group]) -> Node {
    match node {
        Node::Word(_) => run(vec![node], groups).remove(0),
        Node::And(all) => {
            let mut out = Vec::with_capacity(all.len());
            let mut words = Vec::new();
            for node in all {
                if matches!(node, Node::Word(_)) {
                    words.push(node);
                } else {
                    out.append(&mut run(std::mem::take(&mut words), groups));
                    out.push(expand_in(node, groups));
                }
            }
            out.append(&mut run(words, groups));
            if out.len() == 1 { out.remove(0) } else { Node::And(out) }
        }
        Node::Or(any) => Node::Or(any.into_iter().map(|n| expand_in(n, groups)).collect()),
        Node::Not(n) => Node::Not(Box::new(expand_in(*n, groups))),
        node => node,
    }
}

/// Words one after the other, each that has a meaning of its own, or several together, with what means the same.
fn run(words: Vec<Node>, groups: &[Group]) -> Vec<Node> {
    let typed: Vec<&str> = words.iter().map(|n| if let Node::Word(w) = n { w.as_str() } else { "" }).collect();
    let forms: Vec<Vec<Arc<Forms>>> = typed.iter().map(|w| words_of(w)).collect();
    let mut out = Vec::new();
    let mut at = 0;
    while let (Some(word), Some(rest)) = (typed.get(at), forms.get(at..)) {
        let longest = groups.iter().filter_map(|g| g.of_meaning(rest)).max_by_key(|(n, _)| *n);
        let letters = || groups.iter().find_map(|g| g.of_letters(word)).map(|also| (1, also));
        let (taken, also) = longest.or_else(letters).unwrap_or((1, Vec::new()));
        let mut here: Vec<Node> = words.get(at..at + taken).unwrap_or_default().to_vec();
        let typed = if here.len() == 1 { here.remove(0) } else { Node::And(here) };
        out.push(if also.is_empty() { typed } else { Node::Also { typed: Box::new(typed), also } });
        at += taken;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::parse;

    fn read(text: &str) -> Node {
        expand(parse(text), &Lexicon::built_in())
    }

    /// What stands beside the words as the same, whatever it stands beside.
    fn also(node: &Node) -> Vec<&str> {
        match node {
            Node::Also { also, .. } => {
                also.iter().filter_map(|n| if let Node::Word(w) = n { Some(w.as_str()) } else { None }).collect()
            }
            Node::And(all) | Node::Or(all) => all.iter().flat_map(also).collect(),
            Node::Not(n) => also(n),
            _ => Vec::new(),
        }
    }

    #[test]
    fn letters_and_words_stand_for_each_other() {
        assert_eq!(also(&read("IOP"))[0], "idéburet offentligt partnerskap");
        assert_eq!(also(&read("stöd iop:t unga"))[0], "idéburet offentligt partnerskap");
        assert_eq!(also(&read("om idéburna offentliga partnerskap i Järva"))[0], "IOP");
        assert_eq!(also(&read("ideburet offentligt partnerskap"))[0], "IOP");
        assert_eq!(also(&read("a OR -lou"))[0], "lagen om offentlig upphandling");
        assert_eq!(also(&read("hälso- och sjukvårdslagen")), ["HSL"]);
        assert_eq!(also(&read("kommunfullmäktiges")), ["KF"]);
    }

    #[test]
    fn letters_that_are_a_word_too_are_taken_for_it_only_when_typed_so() {
        assert_eq!(also(&read("KL")), ["kommunallagen"]);
        assert_eq!(also(&read("kl")), Vec::<&str>::new());
        assert_eq!(also(&read("kommunallagen")), Vec::<&str>::new());
        assert_eq!(also(&read("\"IOP\"")), Vec::<&str>::new());
    }
}
