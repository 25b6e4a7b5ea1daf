//! Reads references to laws: `6 kap. 3 § kommunallagen (2017:725)`, `9 § LSS`, `SFS 1993:387`.
//!
//! The canonical form is the law's, `SFS 2017:725`; chapter and paragraph stand in the text. A law known by its name gets the number that was in force on the
//! document's day; a number that is printed is kept as printed.

use crate::parse::pattern::Regex;

use super::{Found, after, before, whole_word};
use crate::base::Span;
use crate::lexicon::Lexicon;
use crate::parse::text::fixed;

/// Patterns compiled once.
#[derive(Debug)]
pub(super) struct Rules {
    place_before: Regex,
    place_after: Regex,
    number: Regex,
    bare: Regex,
    endings: Vec<String>,
    word_before: Regex,
}

impl Rules {
    pub fn new(lex: &Lexicon) -> Self {
        let par = r"(?P<par>\d{1,3}(?:\s?[a-z]\b)?(?:\s?[-–]\s?\d{1,3}|(?:,\s\d{1,3})*\s(?:och|samt)\s\d{1,3}(?:\s?[a-z]\b)?)?)";
        Rules {
            place_before: fixed(&format!(
                r"(?:(?P<kap>\d{{1,3}}\s?[a-z]?)\s?kap(?:\.|itlet)?,?\s*)?(?:{par}\s?§§?(?:\s(?:\d|första|andra|tredje|fjärde)\s?(?:st\.?|stycket))?(?:\s\d\s?p\.?)?)?\s*(?:i\s+|av\s+)?$"
            )),
            place_after: fixed(
                r"^,?\s*(?:(?P<kap>\d{1,3}\s?[a-z]?)\s?kap(?:\.|itlet)?,?\s*)?(?:§§?\s?(?P<par>\d{1,3})\b|(?P<p2>\d{1,3}(?:\s?[a-z]\b)?)\s?§§?)?",
            ),
            number: fixed(r"^\s*\(\s?(?:SFS\s)?(?P<nr>(?:1[6-9]|20)\d\d:\d{1,4})\s?\)"),
            bare: fixed(r"^(?P<nr>(?:1[6-9]|20)\d\d:\d{1,4})\b"),
            endings: lex.references.law_endings.clone(),
            word_before: fixed(r"([\p{L}-]+)\s*$"),
        }
    }

    /// A law by its name or acronym at `from..to`.
    pub fn named(
        &self,
        text: &str,
        from: usize,
        to: usize,
        (law, acronym): (usize, bool),
        day: Option<&str>,
        lex: &Lexicon,
    ) -> Option<Found> {
        // `kommunallagens`: a genitive is the same law.
        let to = to + usize::from(after(text, to, 1) == "s");
        if !whole_word(text, from, to) {
            return None;
        }
        let place = self.place_before(text, from);
        let numbered = self.number.captures(after(text, to, 24));
        let mut end = to + numbered.as_ref().and_then(|c| c.get(0)).map_or(0, |m| m.end());
        let printed = numbered.as_ref().and_then(|c| c.name("nr")).map(|m| m.as_str().to_string());
        let place_after = if place.is_none() { self.place_after(text, end) } else { None };
        end += place_after.unwrap_or(0);
        if acronym && place.is_none() && place_after.is_none() {
            return None;
        }
        let law = lex.references.laws.get(law)?;
        let in_force = || {
            let then = |n: &&crate::lexicon::LawNumber| day.is_none_or(|d| n.from.as_str() <= d);
            law.sfs.iter().find(then).or(law.sfs.last()).map(|n| n.number.clone())
        };
        let known = printed.is_some();
        let number = printed.or_else(in_force)?;
        let number = if number.starts_with("EU") { number } else { format!("SFS {number}") };
        Some(Found {
            kind: "law",
            span: Span::new(place.unwrap_or(from), end),
            canonical: Some(number),
            rule: if known { "law.number" } else { "law.name" },
            confidence: if known { 0.97 } else { 0.85 },
        })
    }

    /// `lag (1993:387) om …`: a number in brackets at `from` after a word for a law.
    pub fn bracketed(&self, text: &str, from: usize) -> Option<Found> {
        let c = self.number.captures(after(text, from, 20))?;
        let (nr, whole) = (c.name("nr")?, c.get(0)?);
        let lead = before(text, from, 60);
        let word = self.word_before.captures(lead)?.get(1)?;
        let lower = word.as_str().to_lowercase();
        if !self.endings.iter().any(|e| lower.ends_with(e.as_str())) {
            return None;
        }
        let word_at = from - lead.len() + word.start();
        let place = self.place_before(text, word_at);
        let mut end = from + whole.end();
        if place.is_none() {
            end += self.place_after(text, end).unwrap_or(0);
        }
        Some(Found {
            kind: "law",
            span: Span::new(place.unwrap_or(word_at), end),
            canonical: Some(format!("SFS {}", nr.as_str())),
            rule: "law.number",
            confidence: 0.97,
        })
    }

    /// `SFS 1993:387`, `AFS 2015:4`, `ELSÄK-FS 1999:5`: letters in capitals that end in FS, and a number. `from..to` is `FS `.
    pub fn series(&self, text: &str, from: usize, to: usize) -> Option<Found> {
        let c = self.bare.captures(after(text, to, 12))?;
        let nr = c.name("nr")?;
        let lead = before(text, from, 16);
        let letters = lead.len() - lead.trim_end_matches(|c: char| c.is_uppercase() || c == '-').len();
        let from = from - letters;
        let glued = before(text, from, 4).chars().next_back().is_some_and(char::is_alphanumeric);
        let series = text.get(from..to)?.trim().trim_start_matches('-');
        if glued || series.len() < 3 {
            return None;
        }
        Some(Found {
            kind: "law",
            span: Span::new(from, to + nr.end()),
            canonical: Some(format!("{series} {}", nr.as_str())),
            rule: "law.series",
            confidence: 0.97,
        })
    }

    /// Where chapter and paragraph begin that stand right before `at`.
    fn place_before(&self, text: &str, at: usize) -> Option<usize> {
        let lead = before(text, at, 60);
        let c = self.place_before.captures(lead).filter(|c| c.name("kap").or(c.name("par")).is_some())?;
        let start = at - lead.len() + c.get(0)?.start();
        let glued = before(text, start, 4).chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == ':');
        (!glued).then_some(start)
    }

    /// The length of chapter and paragraph right after `at`.
    fn place_after(&self, text: &str, at: usize) -> Option<usize> {
        let c = self.place_after.captures(after(text, at, 40))?;
        c.name("kap").or(c.name("par")).or(c.name("p2"))?;
        Some(c.get(0)?.as_str().trim_end().len())
    }
}
