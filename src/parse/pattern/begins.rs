//! Finds how a text begins that a pattern matches which matches at the beginning alone: most texts do not begin so, which is
//! told without the engines. Those of patterns with long runs of any letters clear hundreds of kilobytes before they look at
//! the first letter.

use regex_syntax::hir::literal::Extractor;
use regex_syntax::hir::{Hir, Look};

/// Bytes of a beginning that are looked at.
const LONGEST: usize = 4;

/// The beginnings of all texts that a pattern matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Begins {
    /// Bytes that are looked at, at most [`LONGEST`].
    length: usize,
    /// The beginnings as numbers, in order.
    sorted: Vec<u32>,
}

impl Begins {
    /// Of a pattern; none if it may match elsewhere than at the beginning of the text, or whatever that is.
    pub(super) fn of(hir: &Hir) -> Option<Begins> {
        if !hir.properties().look_set_prefix().contains(Look::Start) {
            return None;
        }
        let mut extractor = Extractor::new();
        extractor.limit_literal_len(LONGEST).limit_total(500);
        let found = extractor.extract(hir);
        let literals = found.literals()?;
        let length = literals.iter().map(|l| l.as_bytes().len()).min()?.min(LONGEST);
        if length == 0 {
            return None;
        }
        let mut sorted: Vec<u32> = literals.iter().filter_map(|l| number(l.as_bytes(), length)).collect();
        sorted.sort_unstable();
        sorted.dedup();
        Some(Begins { length, sorted })
    }

    /// Whether a text begins like one that is matched.
    pub(super) fn fit(&self, text: &[u8]) -> bool {
        number(text, self.length).is_some_and(|n| self.sorted.binary_search(&n).is_ok())
    }
}

/// The first bytes as one number; none if there are not so many.
fn number(text: &[u8], length: usize) -> Option<u32> {
    Some(text.get(..length)?.iter().fold(0, |n, b| n << 8 | u32::from(*b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begins(pattern: &str) -> Option<Begins> {
        Begins::of(&regex_syntax::parse(pattern).unwrap())
    }

    #[test]
    fn texts_that_begin_otherwise_are_told() {
        let found = begins(r"(?is)^(?:syftet|avtalet)\s+(?:är|var)\s+(.+)$|(?is)^målet").unwrap();
        for text in ["Syftet är", "AVTALET", "målet", "ſyftet"] {
            assert!(found.fit(text.as_bytes()), "{text}");
        }
        for text in ["", "s", "Det syftet", "mer", "Ökat"] {
            assert!(!found.fit(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn nothing_is_told_of_patterns_that_match_elsewhere() {
        for pattern in [r"syftet", r"^.*nej", r"(?m)^ja", r"^ja|nej", r"^x?", r"(?:^|\n)ja", r"^"] {
            assert_eq!(begins(pattern), None, "{pattern}");
        }
    }
}
