//! Masks personal identity numbers, digit for digit, so that offsets and quotes stay true and nothing stores them.
//!
//! Form: (YY)YYMMDD-NNNN, last digit by Luhn (Skatteverket, SKV 704); in a coordination number the day is 60 higher.
//! The third of ten digits is 0 or 1, in an organisation number 2 or more, so those are never hit.

use crate::base::{Note, Span};
use crate::ingest::document::ID_MASKED;

/// Replaces the digits of every personal identity number by `X` and notes each place.
pub fn mask_personal_ids(text: &mut String) -> Vec<Note> {
    let mut spans: Vec<Span> = Vec::new();
    let mut at = 0;
    while let Some(skipped) = text.get(at..).and_then(|rest| rest.bytes().position(|b| b.is_ascii_digit())) {
        let start = at + skipped;
        let rest = &text[start..];
        let end = ten_digits(rest)
            .map(|length| start + length)
            .filter(|end| is_personal(&text[start..*end]) && stands_alone(text, start, *end));
        spans.extend(end.map(|end| Span::new(start, end)));
        // A number may begin inside a longer run of digits that did not qualify.
        at = end.unwrap_or(start + 1);
    }
    if spans.is_empty() {
        return Vec::new();
    }
    let mut masked = String::with_capacity(text.len());
    let mut done = 0;
    for span in &spans {
        masked.push_str(&text[done..span.range().start]);
        masked.extend(text[span.range()].chars().map(|c| if c.is_ascii_digit() { 'X' } else { c }));
        done = span.range().end;
    }
    masked.push_str(&text[done..]);
    *text = masked;
    let message = "a personal identity number stands here; its digits are masked everywhere";
    spans.into_iter().map(|s| Note::info(ID_MASKED, message).at(s)).collect()
}

/// Length of the number a text begins with, if it has the shape of one: `(19|20)?NN[01]NNN ?[-+–]? ?NNNN`.
fn ten_digits(text: &str) -> Option<usize> {
    let shape = |text: &str| {
        let (day, rest) = text.split_at_checked(6)?;
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if !digits(day) || !matches!(day.as_bytes().get(2), Some(b'0' | b'1')) {
            return None;
        }
        let rest = rest.strip_prefix(' ').unwrap_or(rest);
        let rest = rest.strip_prefix(['-', '+', '–']).unwrap_or(rest);
        let rest = rest.strip_prefix(' ').unwrap_or(rest);
        let (last, rest) = rest.split_at_checked(4)?;
        digits(last).then_some(text.len() - rest.len())
    };
    let century = text.strip_prefix("19").or_else(|| text.strip_prefix("20"));
    century.and_then(shape).map(|length| length + 2).or_else(|| shape(text))
}

fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let before = text[..start].chars().next_back();
    let after = text[end..].chars().next();
    let joins = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '/');
    let digit_beyond = |mut rest: std::str::Chars| {
        matches!(rest.next(), Some('-' | '.' | ',')) && rest.next().is_some_and(|c| c.is_ascii_digit())
    };
    !joins(before) && !joins(after) && !digit_beyond(text[end..].chars())
}

fn is_personal(s: &str) -> bool {
    let digits: Vec<u32> = s.chars().filter_map(|c| c.to_digit(10)).collect();
    let Some(ten) = digits.len().checked_sub(10).map(|skip| &digits[skip..]) else { return false };
    let (month, day) = (ten[2] * 10 + ten[3], ten[4] * 10 + ten[5]);
    let day = if day > 60 { day - 60 } else { day };
    let days = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let valid_day =
        month.checked_sub(1).and_then(|m| days.get(m as usize)).is_some_and(|max| (1..=*max).contains(&day));
    let sum: u32 = ten
        .iter()
        .enumerate()
        .map(|(i, d)| {
            let product = if i % 2 == 0 { d * 2 } else { *d };
            product / 10 + product % 10
        })
        .sum();
    valid_day && sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(s: &str) -> (String, usize) {
        let mut t = s.to_string();
        let notes = mask_personal_ids(&mut t);
        (t, notes.len())
    }

    #[test]
    fn personal_numbers_are_masked_digit_for_digit() {
        // Skatteverket's own examples of form, checksums valid.
        assert_eq!(masked("född 811218-9876, bor"), ("född XXXXXX-XXXX, bor".into(), 1));
        assert_eq!(masked("198112189876"), ("XXXXXXXXXXXX".into(), 1));
        assert_eq!(masked("Samordningsnummer 701063-2391"), ("Samordningsnummer XXXXXX-XXXX".into(), 1));
    }

    #[test]
    fn other_numbers_stay() {
        for s in ["802461-9168", "811218-9877", "811318-9876", "dnr 171-84/2017", "2024-10-02 1234", "1811218-98761"] {
            assert_eq!(masked(s), (s.to_string(), 0), "{s}");
        }
    }
}
