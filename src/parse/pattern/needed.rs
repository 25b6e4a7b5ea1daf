//! Finds the letters that a pattern cannot do without: a text that holds none of these words holds no match.

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use regex_syntax::hir::{Class, Hir, HirKind};

/// Shorter words are in every text.
const SHORTEST: usize = 2;

/// Most words for one pattern.
const MOST: usize = 64;

/// Most spellings of one run of letters: å and Å, and the odd twins of s and k.
const SPELLINGS: usize = 8;

/// Most letters of a class that counts as one letter in several spellings.
const CLASS: usize = 4;

/// Words of which each match holds one, small ASCII letters for capitals.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Needed {
    pub(super) words: Vec<Vec<u8>>,
}

impl Needed {
    /// Of a pattern; none if it can do without any.
    pub(super) fn of(hir: &Hir) -> Option<Needed> {
        words_of(hir).filter(|n| n.shortest() >= SHORTEST)
    }

    /// Finds them.
    pub(super) fn finder(&self) -> Option<AhoCorasick> {
        finder(&self.words)
    }

    fn shortest(&self) -> usize {
        self.words.iter().map(Vec::len).min().unwrap_or(0)
    }

    /// The one that fewer texts hold.
    fn rarer(a: Option<Needed>, b: Option<Needed>) -> Option<Needed> {
        let worth = |n: &Needed| (n.shortest().min(6), std::cmp::Reverse(n.words.len()));
        match (a, b) {
            (Some(a), Some(b)) => Some(if worth(&b) > worth(&a) { b } else { a }),
            (a, b) => a.or(b),
        }
    }
}

/// Finds words, whatever the case of their ASCII letters; none if there are none.
pub(super) fn finder(words: &[Vec<u8>]) -> Option<AhoCorasick> {
    let bytes: usize = words.iter().map(Vec::len).sum();
    let kind = if bytes <= 2000 { Some(AhoCorasickKind::DFA) } else { None };
    let words = Some(words).filter(|w| !w.is_empty())?;
    AhoCorasick::builder().ascii_case_insensitive(true).kind(kind).build(words).ok()
}

/// Whether each match begins with letters of the pattern's own, so that the regex crate finds it fast.
pub(super) fn begins_with_letters(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Literal(l) => l.0.len() >= SHORTEST,
        HirKind::Capture(c) => begins_with_letters(&c.sub),
        HirKind::Repetition(r) => r.min > 0 && begins_with_letters(&r.sub),
        HirKind::Alternation(parts) => parts.iter().all(begins_with_letters),
        HirKind::Concat(parts) => {
            let mut own = parts.iter().skip_while(|p| matches!(p.kind(), HirKind::Look(_)));
            match own.next() {
                Some(first) if spellings(first).is_some() => {
                    begins_with_letters(first) || own.next().is_some_and(|p| spellings(p).is_some())
                }
                Some(first) => begins_with_letters(first),
                None => false,
            }
        }
        HirKind::Empty | HirKind::Class(_) | HirKind::Look(_) => false,
    }
}

fn words_of(hir: &Hir) -> Option<Needed> {
    match hir.kind() {
        HirKind::Literal(_) => run(std::slice::from_ref(hir)).0,
        HirKind::Capture(c) => words_of(&c.sub),
        HirKind::Repetition(r) if r.min > 0 => words_of(&r.sub),
        HirKind::Alternation(parts) => {
            let mut all = Needed::default();
            for part in parts {
                all.words.extend(words_of(part)?.words);
            }
            all.words.sort();
            all.words.dedup();
            Some(all).filter(|n| n.words.len() <= MOST)
        }
        HirKind::Concat(parts) => {
            let mut best = None;
            let mut rest = parts.as_slice();
            while let Some((first, after)) = rest.split_first() {
                let (found, used) = run(rest);
                if used > 0 {
                    best = Needed::rarer(best, found);
                    rest = rest.get(used..).unwrap_or_default();
                } else {
                    best = Needed::rarer(best, words_of(first));
                    rest = after;
                }
            }
            best
        }
        HirKind::Repetition(_) | HirKind::Empty | HirKind::Class(_) | HirKind::Look(_) => None,
    }
}

/// The word that the first of these parts make in all its spellings, and how many parts it takes.
fn run(parts: &[Hir]) -> (Option<Needed>, usize) {
    let mut words: Vec<Vec<u8>> = vec![Vec::new()];
    let mut used = 0;
    for part in parts {
        let Some(ways) = spellings(part) else { break };
        if ways.len() * words.len() > SPELLINGS {
            // What fits so far will do; the rest is a run of its own.
            break;
        }
        words = words.iter().flat_map(|w| ways.iter().map(|s| [w.as_slice(), s].concat())).collect();
        used += 1;
    }
    let found = (used > 0).then_some(Needed { words }).filter(|n| n.shortest() > 0);
    (found, used)
}

/// The ways to write a part that is one literal, one letter, or stands between letters without being one.
fn spellings(part: &Hir) -> Option<Vec<Vec<u8>>> {
    match part.kind() {
        HirKind::Literal(l) => Some(vec![l.0.to_ascii_lowercase()]),
        HirKind::Look(_) => Some(vec![Vec::new()]),
        HirKind::Class(Class::Unicode(class)) => {
            let mut ways: Vec<Vec<u8>> = Vec::new();
            for range in class.iter() {
                for c in range.start()..=range.end() {
                    let way = c.to_ascii_lowercase().to_string().into_bytes();
                    if !ways.contains(&way) {
                        ways.push(way);
                    }
                    if ways.len() > CLASS {
                        return None;
                    }
                }
            }
            (!ways.is_empty()).then_some(ways)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(pattern: &str) -> Vec<String> {
        let hir = regex_syntax::parse(pattern).unwrap();
        let found = Needed::of(&hir).unwrap_or_default().words;
        found.into_iter().map(|w| String::from_utf8(w).unwrap()).collect()
    }

    #[test]
    fn the_rarest_letters_are_needed() {
        assert_eq!(words(r"(?i)^.{0,90}?\byrkar\b"), ["yrkar", "yr\u{212a}ar"]);
        assert_eq!(words(r"\d+ (?:ja|nej)\b.*på"), ["på"]);
        assert_eq!(words(r"(?:ja|nej)+\d"), ["ja", "nej"]);
        assert_eq!(words(r"(?i)ÅR"), ["År", "år", "\u{212b}r"]);
        assert!(words(r"\d+(?:ja|x)?").is_empty());
        assert!(words(r"(?:ja|\d+)").is_empty());
        assert!(words(r"a|b").is_empty());
    }

    #[test]
    fn beginnings() {
        let begins = |p: &str| begins_with_letters(&regex_syntax::parse(p).unwrap());
        assert!(begins(r"(?i)\b(?:yrkar|nej)") && begins(r"^(ja)"));
        assert!(!begins(r"\d ja") && !begins(r"(?i)(?:ja|\w+)") && !begins(r"(?i)^(.*)ja"));
    }
}
