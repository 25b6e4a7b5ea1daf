//! Reads organisation numbers: `NNNNNN-NNNN`, a check digit after Luhn, third digit 2 or more.
//!
//! A third digit below 2 makes it a personal identity number; such numbers are never returned. A number that fails
//! the checks is kept as printed, with the only number that one dropped digit leads to as a suggestion.

use std::sync::LazyLock;

use crate::parse::pattern::Regex;

use crate::base::{Note, Span};
use crate::lexicon::Lexicon;

/// An organisation number as printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrgNr {
    /// Where it stands, without its label.
    pub span: Span,
    /// As printed.
    pub raw: String,
    /// `NNNNNN-NNNN`, if it passes the checks.
    pub value: Option<String>,
    /// The only valid number that is left when one of its digits is dropped.
    pub suggestion: Option<String>,
}

impl OrgNr {
    /// Whether the printed number passes the checks.
    pub fn valid(&self) -> bool {
        self.value.is_some()
    }

    /// The note for a number that fails the checks.
    pub fn note(&self) -> Option<Note> {
        if self.valid() {
            return None;
        }
        let mut message = format!("The organisation number {} does not pass the checks.", self.raw);
        if let Some(s) = &self.suggestion {
            message.push_str(&format!(" With one digit less it would be {s}."));
        }
        Some(Note::warning("org_nr_malformed", message).at(self.span))
    }
}

/// Patterns compiled once from the vocabulary.
#[derive(Debug)]
pub(crate) struct Rules {
    label: Regex,
    number: Regex,
}

impl Rules {
    /// Compiles them.
    pub fn new(_lex: &Lexicon) -> Self {
        static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"\b(?:SE)?\d{5,14}(?:\s?[-\u{2010}\u{2011}\u{2013}]\s*\d{3,6}|[ \u{a0}]\d{4})?")
                .expect("tested pattern")
        });
        static LABEL: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"(?i)\b(?:org(?:anisations)?\.?\s?-?(?:nr|nummer)|vat-?(?:nr|nummer)|momsreg(?:istrerings)?\.?-?(?:nr|nummer))\.?\s*:?\s*\(?$")
                .expect("tested pattern")
        });
        Rules { label: LABEL.clone(), number: NUMBER.clone() }
    }

    /// The organisation numbers of a text, in order. Linear in its length.
    pub fn find(&self, text: &str) -> Vec<OrgNr> {
        let mut found = Vec::new();
        for m in self.number.find_iter(text) {
            let before = text[..m.start()].chars().next_back();
            let after = text[m.end()..].chars().next();
            let dashed =
                after.is_some_and(is_dash) && text[m.end()..].chars().nth(1).is_some_and(|c| c.is_ascii_digit());
            if before.is_some_and(|c| c.is_ascii_digit() || is_dash(c) || matches!(c, '/' | '.' | '+'))
                || after.is_some_and(|c| c.is_ascii_digit() || c == '/')
                || dashed
            {
                continue;
            }
            let mut from = m.start().saturating_sub(48);
            while !text.is_char_boundary(from) {
                from += 1;
            }
            let labelled = self.label.is_match(&text[from..m.start()]);
            let span = Span::new(m.start(), m.end());
            // "802461-9168 2022": a year after it is not part of it; without a label a blank joins nothing.
            if let Some(number) = read(m.as_str(), labelled) {
                found.push(OrgNr { span, ..number });
            }
        }
        found
    }
}

/// The number as it is written, if a word someone typed is an organisation number: ten digits that pass the check, with or
/// without the dash.
pub(crate) fn read_typed(word: &str) -> Option<String> {
    let rest = word.replacen(is_dash, "", 1);
    let digits: Vec<u8> = rest.bytes().map(|b| b.wrapping_sub(b'0')).collect();
    (digits.len() == 10 && digits.iter().all(|d| *d < 10) && passes(&digits)).then(|| written(&digits))
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}' | '\u{2013}')
}

/// Reads one candidate; `None` if it is no organisation number.
fn read(raw: &str, labelled: bool) -> Option<OrgNr> {
    let digits: Vec<u8> = raw.bytes().filter(u8::is_ascii_digit).map(|b| b - b'0').collect();
    let vat = raw.starts_with("SE");
    let ten: Option<&[u8]> = match digits.len() {
        10 if !vat => Some(&digits),
        12 if vat && digits.ends_with(&[0, 1]) => digits.get(..10),
        12 if !vat && digits.starts_with(&[1, 6]) => digits.get(2..),
        _ => None,
    };
    let hyphen = raw.chars().any(is_dash);
    let made = |value: Option<String>, suggestion: Option<String>| {
        Some(OrgNr { span: Span::default(), raw: raw.to_string(), value, suggestion })
    };
    if let Some(ten) = ten {
        // Third digit below 2: a person's number.
        if ten.get(2).is_none_or(|d| *d < 2) {
            return None;
        }
        if passes(ten) {
            return if hyphen || labelled || vat { made(Some(written(ten)), None) } else { None };
        }
        return if labelled { made(None, None) } else { None };
    }
    // Twelve digits that begin with a century are a person's number.
    if !labelled || vat || digits.len() > 11 {
        return None;
    }
    made(None, suggestion(&digits))
}

/// Luhn, and a group of legal persons.
fn passes(ten: &[u8]) -> bool {
    let sum: u32 = ten
        .iter()
        .enumerate()
        .map(|(i, d)| {
            let n = u32::from(*d) * if i % 2 == 0 { 2 } else { 1 };
            n / 10 + n % 10
        })
        .sum();
    ten.len() == 10 && sum.is_multiple_of(10) && ten[2] >= 2 && !matches!(ten[0], 0 | 4)
}

fn written(ten: &[u8]) -> String {
    let mut out = String::with_capacity(11);
    for (i, d) in ten.iter().enumerate() {
        if i == 6 {
            out.push('-');
        }
        out.push(char::from(b'0' + d));
    }
    out
}

/// The valid number that dropping one digit leads to, if there is only one.
fn suggestion(digits: &[u8]) -> Option<String> {
    if digits.len() != 11 {
        return None;
    }
    let mut found: Vec<String> = Vec::new();
    for i in 0..digits.len() {
        let ten: Vec<u8> = digits.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, d)| *d).collect();
        let number = written(&ten);
        if passes(&ten) && !found.contains(&number) {
            found.push(number);
        }
    }
    if found.len() == 1 { found.pop() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn find(text: &str) -> Vec<OrgNr> {
        Rules::new(&Lexicon::built_in()).find(text)
    }

    #[test]
    fn reads_the_worked_cases() {
        let Some(text) = crate::testing::shared_text("domain/orgnr_examples.json") else { return };
        let data: Value = serde_json::from_str(&text).unwrap();
        for case in data["examples"].as_array().unwrap() {
            let raw = case["raw"].as_str().unwrap();
            let found = find(&format!("Ekbackens IF (organisationsnummer {raw}) deltog."));
            match case["kind"].as_str() {
                Some("orgnr") => {
                    let valid = case["valid_luhn"] == true;
                    assert_eq!(found.len(), 1, "{raw}");
                    assert_eq!(found[0].raw, raw);
                    assert_eq!(found[0].value.as_deref(), case["normalised"].as_str().filter(|_| valid), "{raw}");
                }
                Some("malformed_orgnr") => {
                    assert_eq!(found.len(), 1, "{raw}");
                    let repair = case["repair"].as_array().and_then(|r| r.first()).and_then(Value::as_str);
                    assert_eq!((found[0].valid(), found[0].suggestion.as_deref()), (false, repair), "{raw}");
                    assert!(found[0].note().is_some());
                }
                _ => assert_eq!(found, [], "{raw}"),
            }
        }
    }

    #[test]
    fn without_a_label_only_what_is_certain() {
        assert_eq!(find("Ekbackens IF (802461-9168)").len(), 1);
        for text in [
            "08-508 20 122",
            "8024619168",
            "802461-9167",
            "121212-1212",
            "dnr 2024-0001",
            "1.5.1-135-2012",
            "2016-152-307",
        ] {
            assert_eq!(find(text), [], "{text}");
        }
    }
}
