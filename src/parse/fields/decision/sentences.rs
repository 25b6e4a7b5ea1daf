//! Cuts text into sentences.

use std::collections::BTreeSet;

use crate::base::Span;
use crate::lexicon::Lexicon;

/// Cuts text into sentences; knows the abbreviations whose stop ends none.
#[derive(Debug)]
pub(crate) struct Sentences {
    abbreviations: BTreeSet<String>,
}

impl Sentences {
    /// With the lexicon's abbreviations.
    pub fn new(lex: &Lexicon) -> Self {
        let last = |a: &String| a.trim_end_matches('.').rsplit([' ', '.']).next().map(str::to_lowercase);
        Sentences { abbreviations: lex.abbreviations.iter().filter_map(last).collect() }
    }

    /// The sentences of a text that begins at byte `at`, trimmed. A line break ends a sentence.
    pub fn of(&self, text: &str, at: usize) -> Vec<Span> {
        let mut out = Vec::new();
        let mut start = 0;
        let mut push = |from: usize, to: usize| {
            let span = Span::new(from, to).trim(text);
            if !span.is_empty() {
                out.push(span.shift(at));
            }
        };
        // What ends a sentence is ASCII, and so never a part of another letter.
        for (i, byte) in text.bytes().enumerate() {
            let ends = match byte {
                b'\n' | b'\t' => true,
                b'!' | b'?' => self.starts_after(text, i + 1),
                b'.' => self.starts_after(text, i + 1) && !self.abbreviated(&text[start..i]),
                _ => false,
            };
            if ends {
                push(start, i + 1);
                start = i + 1;
            }
        }
        push(start, text.len());
        out
    }

    /// White space and then a capital, a digit or a bullet.
    fn starts_after(&self, text: &str, end: usize) -> bool {
        let rest = &text[end..];
        let rest = rest.strip_prefix(['”', '"', '’', ')']).unwrap_or(rest);
        let next = rest.trim_start();
        next.len() < rest.len()
            && next.chars().next().is_some_and(|c| {
                c.is_uppercase() || c.is_ascii_digit() || matches!(c, '•' | '–' | '”' | '"' | '§' | '(')
            })
            || next.is_empty()
    }

    fn abbreviated(&self, before: &str) -> bool {
        let letters = before.char_indices().rev().take_while(|(_, c)| c.is_alphanumeric()).take(24);
        let from = letters.last().map_or(before.len(), |(i, _)| i);
        let word = before.get(from..).unwrap_or_default().to_lowercase();
        let list_number = before.trim().bytes().all(|b| b.is_ascii_digit()) && before.trim().len() <= 2;
        list_number
            || word.chars().count() == 1 && word.chars().all(char::is_alphabetic)
            || self.abbreviations.contains(&word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abbreviations_and_initials_end_nothing() {
        let text = "Nämnden m.fl. Bidrar fr.o.m. 2024. Det gäller t.ex. A. Berg. Slut";
        let s = Sentences::new(&Lexicon::built_in());
        let found: Vec<&str> = s.of(text, 0).iter().map(|s| &text[s.range()]).collect();
        assert_eq!(found, ["Nämnden m.fl. Bidrar fr.o.m. 2024.", "Det gäller t.ex. A. Berg.", "Slut"]);
    }
}
