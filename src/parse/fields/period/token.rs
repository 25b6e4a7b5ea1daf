//! Defines the tokens that period expressions are read from: words in lower case, numbers, signs, each with its place.

use std::borrow::Cow;

use crate::base::Span;

/// What a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind<'a> {
    /// Letters, in lower case.
    Word(Cow<'a, str>),
    /// Digits: their value (`u32::MAX` when too long) and their count.
    Num(u32, usize),
    /// Anything else that is no white space.
    Sign(char),
}

/// A token of the text.
#[derive(Clone, Debug)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind<'a>,
    pub(super) span: Span,
    /// White space stands before it.
    pub(super) spaced: bool,
    /// An empty line or a tab stands before it.
    pub(super) parted: bool,
    /// Begins with a capital.
    pub(super) capital: bool,
}

impl Token<'_> {
    /// The word in lower case; empty for what is no word.
    pub(super) fn word(&self) -> &str {
        match &self.kind {
            Kind::Word(w) => w,
            _ => "",
        }
    }

    /// The number if it has `digits` digits.
    pub(super) fn num(&self, digits: std::ops::RangeInclusive<usize>) -> Option<u32> {
        match self.kind {
            Kind::Num(n, len) if digits.contains(&len) => Some(n),
            _ => None,
        }
    }

    /// True if it is this sign.
    pub(super) fn is(&self, sign: char) -> bool {
        self.kind == Kind::Sign(sign)
    }

    /// True for a hyphen, a minus or any dash.
    pub(super) fn is_dash(&self) -> bool {
        matches!(self.kind, Kind::Sign('-' | '‐' | '‑' | '–' | '—' | '−'))
    }
}

/// The tokens of a text, in order. Letters and digits that touch are two tokens (`den1` → `den`, `1`).
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    #[derive(PartialEq, Clone, Copy)]
    enum Class {
        Letter,
        Digit,
        Space,
        Sign,
    }
    let class = |c: char| {
        if c.is_ascii_digit() {
            Class::Digit
        } else if c.is_alphabetic() {
            Class::Letter
        } else if c.is_whitespace() {
            Class::Space
        } else {
            Class::Sign
        }
    };
    let mut out: Vec<Token> = Vec::with_capacity(text.len() / 5);
    let mut chars = text.char_indices().peekable();
    let (mut spaced, mut parted) = (false, false);
    while let Some((start, first)) = chars.next() {
        let kind = class(first);
        let mut end = start + first.len_utf8();
        if kind == Class::Letter || kind == Class::Digit {
            while let Some(&(i, c)) = chars.peek() {
                if class(c) != kind {
                    break;
                }
                end = i + c.len_utf8();
                chars.next();
            }
        }
        let slice = &text[start..end];
        let token = match kind {
            Class::Space => {
                parted |= first == '\t' || (first == '\n' && text[..start].trim_end_matches(' ').ends_with('\n'));
                spaced = true;
                continue;
            }
            Class::Letter => {
                let lower = if slice.chars().any(char::is_uppercase) {
                    Cow::Owned(slice.to_lowercase())
                } else {
                    Cow::Borrowed(slice)
                };
                Kind::Word(lower)
            }
            Class::Digit => Kind::Num(slice.parse().unwrap_or(u32::MAX), slice.len()),
            Class::Sign => Kind::Sign(first),
        };
        let capital = first.is_uppercase();
        out.push(Token { kind: token, span: Span::new(start, end), spaced, parted, capital });
        (spaced, parted) = (false, false);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_digits_part_and_places_hold() {
        let text = "den1 Juni\n\nÅr";
        let t = tokens(text);
        assert_eq!(t.iter().map(|t| &text[t.span.range()]).collect::<Vec<_>>(), ["den", "1", "Juni", "År"]);
        assert_eq!(t[2].word(), "juni");
        assert!(t[3].parted && t[3].capital && !t[1].spaced);
    }
}
