//! Walks the index's words that are spelt nearly like one: an automaton that the engine runs over its dictionary, so that only
//! beginnings are looked at which can still become such a word.

use tantivy::{Searcher, schema::Field as Column};
use tantivy_fst::Automaton;

use crate::base::fold::push_folded;
use crate::index::IndexError;

/// Most letters that may differ.
pub(super) const MOST: usize = 2;

/// How many distances around the diagonal matter.
const BAND: usize = 2 * MOST + 1;

/// More than any distance that matters.
const FAR: u8 = u8::MAX / 2;

/// Words at most so many changes away: letters left out, added, changed, or swapped with their neighbour.
pub(super) struct Nearly {
    letters: Vec<char>,
    most: u8,
    /// Whether marks count as no change.
    folded: bool,
}

/// How far what was read is from each beginning of the word whose length differs by at most [`MOST`].
#[derive(Clone, Copy)]
pub(super) struct State {
    /// How many letters were read.
    read: usize,
    /// `row[b]` is the distance to the beginning of `read + b - MOST` letters.
    row: [u8; BAND],
    /// The same one letter before.
    before: [u8; BAND],
    last: char,
    /// The bytes of a letter that is not complete.
    bytes: [u8; 4],
    have: usize,
}

impl Nearly {
    /// Words that differ from this one in at most `most` letters.
    pub(super) fn new(word: &str, most: usize, folded: bool) -> Self {
        let mut letters = String::new();
        if folded {
            word.chars().for_each(|c| push_folded(c, &mut letters));
        } else {
            letters.push_str(word);
        }
        Nearly { letters: letters.chars().collect(), most: u8::try_from(most.min(MOST)).unwrap_or(0), folded }
    }

    /// Calls `each` with every word of a column that is such, and in how many entries it stands; once for each segment.
    pub(super) fn words(
        &self,
        searcher: &Searcher,
        column: Column,
        mut each: impl FnMut(&str, u64),
    ) -> Result<(), IndexError> {
        let failed = |e: std::io::Error| IndexError::Engine(e.to_string());
        for reader in searcher.segment_readers() {
            let inverted = reader.inverted_index(column)?;
            // Words as written come after the stems, which begin with a control character.
            let mut words = inverted.terms().search(self).ge(b" ").into_stream().map_err(failed)?;
            while words.advance() {
                if let Ok(word) = std::str::from_utf8(words.key()) {
                    each(word, u64::from(words.value().doc_freq));
                }
            }
        }
        Ok(())
    }

    /// The distance at a place of the band; far for lengths that the word has not.
    fn letter(&self, read: usize, b: usize) -> Option<char> {
        // The last letter of the beginning of `read + b - MOST` letters.
        (read + b).checked_sub(MOST + 1).and_then(|i| self.letters.get(i)).copied()
    }

    fn step(&self, s: &State, c: char) -> State {
        let read = s.read + 1;
        let mut row = [FAR; BAND];
        for b in 0..BAND {
            if read + b < MOST || read + b - MOST > self.letters.len() {
                continue;
            }
            let at = |row: &[u8; BAND], b: usize| row.get(b).copied().unwrap_or(FAR);
            // A letter more than the word has, one less, another one or the same, two that are swapped.
            let more = at(&s.row, b + 1).saturating_add(1);
            let less = b.checked_sub(1).map_or(FAR, |b| at(&row, b)).saturating_add(1);
            let mut best = more.min(less);
            if let Some(letter) = self.letter(read, b) {
                best = best.min(at(&s.row, b).saturating_add(u8::from(letter != c)));
                if s.read > 0
                    && letter == s.last
                    && b.checked_add(read).and_then(|n| n.checked_sub(MOST + 2)).and_then(|i| self.letters.get(i))
                        == Some(&c)
                {
                    best = best.min(at(&s.before, b).saturating_add(1));
                }
            }
            if let Some(here) = row.get_mut(b) {
                *here = best.min(FAR);
            }
        }
        State { read, row, before: s.row, last: c, bytes: [0; 4], have: 0 }
    }
}

impl Automaton for &Nearly {
    type State = State;

    fn start(&self) -> State {
        let mut row = [FAR; BAND];
        for (b, here) in row.iter_mut().enumerate().skip(MOST) {
            if b - MOST <= self.letters.len() {
                *here = u8::try_from(b - MOST).unwrap_or(FAR);
            }
        }
        State { read: 0, row, before: [FAR; BAND], last: '\0', bytes: [0; 4], have: 0 }
    }

    fn is_match(&self, s: &State) -> bool {
        let whole = (self.letters.len() + MOST).checked_sub(s.read).and_then(|b| s.row.get(b));
        s.have == 0 && whole.is_some_and(|n| *n <= self.most)
    }

    fn can_match(&self, s: &State) -> bool {
        s.row.iter().any(|n| *n <= self.most)
    }

    fn accept(&self, s: &State, byte: u8) -> State {
        let mut next = *s;
        if let Some(room) = next.bytes.get_mut(next.have) {
            *room = byte;
            next.have += 1;
        }
        let read = next.bytes.get(..next.have).and_then(|b| std::str::from_utf8(b).ok()).and_then(|t| t.chars().next());
        let Some(c) = read else {
            if next.have == next.bytes.len() {
                // No letter has so many bytes.
                next.row = [FAR; BAND];
            }
            return next;
        };
        if !self.folded || c.is_ascii_lowercase() {
            return self.step(s, c);
        }
        let mut plain = String::with_capacity(4);
        push_folded(c, &mut plain);
        plain.chars().fold(*s, |s, c| self.step(&s, c))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::fold::fold;
    use proptest::prelude::*;

    fn is_near(nearly: &Nearly, word: &str) -> bool {
        let end = word.bytes().fold((&nearly).start(), |s, b| (&nearly).accept(&s, b));
        (&nearly).is_match(&end)
    }

    proptest! {
        #[test]
        fn words_are_near_as_the_distance_says(a in "[abåæ]{0,7}", b in "[abåæ]{0,7}", most in 0usize..3) {
            let near = strsim::osa_distance(&a, &b) <= most;
            prop_assert_eq!(is_near(&Nearly::new(&a, most, false), &b), near);
            let near = strsim::osa_distance(&fold(&a), &fold(&b)) <= most;
            prop_assert_eq!(is_near(&Nearly::new(&a, most, true), &b), near);
        }

        #[test]
        fn a_beginning_that_can_lead_on_is_not_given_up(a in "[abå]{0,7}", b in "[abå]{0,7}") {
            let nearly = Nearly::new(&a, 2, true);
            if is_near(&nearly, &b) {
                let mut state = (&nearly).start();
                for byte in b.bytes() {
                    prop_assert!((&nearly).can_match(&state));
                    state = (&nearly).accept(&state, byte);
                }
            }
        }
    }
}
