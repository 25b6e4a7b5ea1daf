//! Tells what a number counts: money, or things, from the words around it.

use std::collections::{BTreeMap, BTreeSet};

use aho_corasick::{AhoCorasick, MatchKind};

use super::number::{self, Number};
use super::{Figure, MOST};
use crate::base::Span;
use crate::lexicon::Lexicon;

/// What a figure counts.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum What {
    /// Kronor, perhaps for each of something.
    Money {
        /// `year`, `6 months` and the like.
        per: Option<String>,
    },
    /// Things.
    Count {
        /// As printed.
        unit: String,
    },
}

/// Words compiled once from the vocabulary.
#[derive(Debug)]
pub(crate) struct Rules {
    money: BTreeMap<String, f64>,
    multiples: BTreeMap<String, f64>,
    context: Vec<String>,
    minus: Vec<String>,
    per: BTreeMap<String, String>,
    units: BTreeSet<String>,
    endings: Vec<String>,
    ages: BTreeSet<String>,
    not_before: BTreeSet<String>,
    words: AhoCorasick,
    values: Vec<f64>,
}

/// The word of letters that begins at `at`, blanks before it skipped; at most `blanks` of them.
fn word_at(text: &str, at: usize, blanks: usize) -> Option<(&str, usize, usize)> {
    let rest = text.get(at..)?;
    let skipped: usize = rest.chars().take(blanks).take_while(|c| c.is_whitespace()).map(char::len_utf8).sum();
    if rest.get(..skipped)?.contains('\t') || rest.get(..skipped)?.contains("\n\n") {
        return None;
    }
    let rest = rest.get(skipped..)?;
    let mut len = 0;
    for c in rest.chars().take(40) {
        let inside = c.is_alphabetic() || (len > 0 && matches!(c, '-' | '²' | '2')) || c == '²';
        if !inside {
            break;
        }
        len += c.len_utf8();
    }
    let word = rest.get(..len)?.trim_end_matches('-');
    (!word.is_empty()).then(|| (word, at + skipped, at + skipped + word.len()))
}

/// The end of a text of at most so many bytes that ends at `at`.
fn before(text: &str, at: usize, most: usize) -> &str {
    let mut from = at.saturating_sub(most);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    text.get(from..at).unwrap_or_default()
}

fn after(text: &str, at: usize, most: usize) -> &str {
    let mut to = (at + most).min(text.len());
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    text.get(at..to).unwrap_or_default()
}

fn last_word(text: &str) -> &str {
    text.trim_end().rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default()
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '–' | '−' | '‑')
}

impl Rules {
    /// Compiles them.
    pub fn new(lex: &Lexicon) -> Self {
        let f = &lex.figures;
        let set = |words: &[String]| words.iter().map(|w| w.to_lowercase()).collect();
        let (mut words, mut values) = (Vec::new(), Vec::new());
        for (word, value) in lex.dates.number_words.iter().filter(|(w, _)| !w.ends_with("årig")) {
            words.push(format!(" {word} "));
            values.push(*value);
        }
        Rules {
            money: f.money.clone(),
            multiples: f.multiples.clone(),
            context: f.money_context.clone(),
            minus: f.minus.clone(),
            per: f.per.clone(),
            units: set(&f.units),
            endings: f.unit_endings.clone(),
            ages: set(&f.age_units),
            not_before: set(&f.not_before),
            // Words without capitals only: a number word that begins a sentence is rare.
            words: AhoCorasick::builder()
                .match_kind(MatchKind::LeftmostLongest)
                .build(&words)
                .unwrap_or_else(|_| AhoCorasick::new(["\u{0}"]).expect("one pattern")),
            values,
        }
    }

    /// The sums and counts of a text, in order. Linear in its length.
    pub(super) fn find(&self, text: &str) -> Vec<Figure> {
        let mut found: Vec<Figure> = Vec::new();
        let bytes = text.as_bytes();
        let mut i = 0;
        while let Some(step) = bytes.get(i..).and_then(|rest| rest.iter().position(u8::is_ascii_digit)) {
            let at = i + step;
            if found.len() > 2 * MOST {
                break;
            }
            if !begins(text, at) {
                i = at + rest_of_run(bytes, at);
                continue;
            }
            match number::read(text, at) {
                Some(n) => {
                    let figure = self.figure(text, at, n);
                    let past = (at + rest_of_run(bytes, at)).max(n.end);
                    found.extend(figure.as_ref().and_then(|f| raised_from(text, f, n.value)));
                    i = figure.as_ref().map_or(past, |f| (f.span.end as usize).max(n.end));
                    found.extend(figure);
                }
                None => i = at + rest_of_run(bytes, at),
            }
        }
        self.in_words(text, &mut found);
        found.sort_by_key(|f| f.span);
        found
    }

    /// `fem överenskommelser`, `en halv miljon kronor`: numbers in words.
    fn in_words(&self, text: &str, found: &mut Vec<Figure>) {
        for m in self.words.find_iter(text) {
            if found.len() > 4 * MOST {
                break;
            }
            let Some(mut value) = self.values.get(m.pattern().as_usize()).copied() else { continue };
            let start = m.start() + 1;
            let Some((mut word, mut from, mut end)) = word_at(text, m.end() - 1, 2) else { continue };
            if word == "halv" {
                value *= 0.5;
                let Some(next) = word_at(text, end, 2) else { continue };
                (word, from, end) = next;
            }
            let number = Number { value, end: from, digits: 2, grouped: false };
            if let Some(f) = self.money(text, start, number, (word, end)) {
                found.push(f);
            } else if value >= 2.0 && self.is_unit(word) {
                found.push(Figure {
                    span: Span::new(start, end),
                    value,
                    upper: None,
                    what: What::Count { unit: word.to_string() },
                    rule: "quantity.number_word",
                    confidence: 0.75,
                });
            }
        }
    }

    fn figure(&self, text: &str, at: usize, first: Number) -> Option<Figure> {
        let (mut number, mut upper) = (first, None);
        let rest = text.get(first.end..)?;
        // A range: `100 000–150 000 kronor`, `5-10 personer`, `mellan 1,2 och 1,5 miljoner kronor`.
        let trimmed = rest.trim_start_matches([' ', '\u{a0}']);
        let dash = trimmed.chars().next().filter(|c| is_dash(*c)).map(char::len_utf8);
        let and = trimmed.strip_prefix("och ").filter(|_| last_word(before(text, at, 12)) == "mellan");
        let second = match (dash, and) {
            (Some(len), _) => {
                let after = trimmed.get(len..)?.trim_start_matches([' ', '\u{a0}']);
                Some(text.len() - after.len())
            }
            (None, Some(after)) => Some(text.len() - after.len()),
            _ => None,
        };
        if let Some(from) = second {
            if text.as_bytes().get(from).is_some_and(u8::is_ascii_digit) {
                let next = number::read(text, from)?;
                if next.value <= first.value && dash.is_some() {
                    return None;
                }
                upper = Some(next.value);
                number = Number { end: next.end, ..first };
            } else if dash == Some(1) && text.as_bytes().get(first.end) == Some(&b'-') {
                // `12-tiden`, `90-talet`.
                return None;
            }
        }
        let mut unit_from = number.end;
        // `tvåhundratusen (200 000) kronor`.
        if text.get(unit_from..)?.starts_with(')') {
            unit_from += 1;
        }
        if !ends(text, unit_from) {
            return None;
        }
        let found = if text.get(unit_from..)?.starts_with(":-") || text.get(unit_from..)?.starts_with(",-") {
            Some(self.sum(text, at, number, upper, 1.0, unit_from + 2, 0.95))
        } else if last_word(before(text, at, 8)) == "SEK" {
            Some(self.sum(text, at, number, upper, 1.0, number.end, 0.9))
        } else {
            None
        };
        if let Some(mut f) = found {
            if let Some(i) = before(text, at, 8).rfind("SEK") {
                f.span = Span::new(at - before(text, at, 8).len() + i, f.span.end as usize);
            }
            return Some(f);
        }
        let percent = after(text, unit_from, 4).trim_start();
        if percent.starts_with('%') {
            let end = unit_from + after(text, unit_from, 4).len() - percent.len() + 1;
            return Some(self.count(at, number, upper, "procent".to_string(), end, 0.95));
        }
        let (word, from, end) = word_at(text, unit_from, 3)?;
        if let Some(mut f) = self.money(text, at, number, (word, end)) {
            if let Some(u) = upper {
                let factor = if number.value == 0.0 { 1.0 } else { f.value / number.value };
                f.upper = Some(u * factor);
                f.confidence = 0.85;
            }
            return Some(f);
        }
        let before_word = last_word(before(text, at, 24)).to_lowercase();
        // A year before what is counted is a year: `under 2023 deltagare`.
        let four = number.digits == 4 && !number.grouped && (1900.0..2100.0).contains(&number.value);
        let year = upper.is_none() && four && from > unit_from;
        if self.not_before.contains(&before_word) || year {
            return None;
        }
        if self.is_unit(word) {
            return Some(self.count(at, number, upper, word.to_string(), end, 0.9));
        }
        if upper.is_some() && self.ages.contains(&word.to_lowercase()) {
            return Some(self.count(at, number, upper, word.to_string(), end, 0.85));
        }
        // One word between: `12 nya medlemmar`.
        if word.chars().all(char::is_lowercase) && (word.ends_with('a') || word.ends_with("re")) {
            let (next, _, end) = word_at(text, end, 2)?;
            if self.is_unit(next) {
                return Some(self.count(at, number, upper, next.to_string(), end, 0.8));
            }
        }
        None
    }

    fn is_unit(&self, word: &str) -> bool {
        let lower = word.to_lowercase();
        self.units.contains(&lower) || self.endings.iter().any(|e| lower.ends_with(e.as_str()))
    }

    fn count(&self, at: usize, n: Number, upper: Option<f64>, unit: String, end: usize, confidence: f32) -> Figure {
        Figure {
            span: Span::new(at, end),
            value: n.value,
            upper,
            what: What::Count { unit },
            rule: "quantity.unit",
            confidence,
        }
    }

    /// A sum whose unit begins with `word`, which ends at `end`.
    fn money(&self, text: &str, at: usize, n: Number, (word, end): (&str, usize)) -> Option<Figure> {
        let lower = word.to_lowercase();
        if let Some(factor) = self.money.get(&lower) {
            return Some(self.sum(text, at, n, None, *factor, end, 0.97));
        }
        let factor = *self.multiples.get(&lower)?;
        let dotted = end + usize::from(text.get(end..)?.starts_with('.'));
        match word_at(text, dotted, 2) {
            Some((unit, _, unit_end)) if self.money.get(&unit.to_lowercase()).is_some_and(|f| *f == 1.0) => {
                Some(self.sum(text, at, n, None, factor, unit_end, 0.95))
            }
            _ if factor >= 1e6 => {
                let near = format!("{} {}", before(text, at, 80), after(text, end, 60)).to_lowercase();
                let speaks = self.context.iter().any(|w| near.contains(w.as_str()));
                speaks.then(|| self.sum(text, at, n, None, factor, end, 0.75))
            }
            _ => None,
        }
    }

    #[allow(clippy::too_many_arguments, reason = "the parts of one sum")]
    fn sum(
        &self,
        text: &str,
        at: usize,
        n: Number,
        upper: Option<f64>,
        factor: f64,
        end: usize,
        confidence: f32,
    ) -> Figure {
        let mut start = at;
        let mut sign = 1.0;
        let lead = before(text, at, 40);
        let mut back = lead.chars().rev();
        let (last, before_last) = (back.next(), back.next());
        let apart = before_last.is_none_or(|c| c.is_whitespace() || c == '(');
        match last {
            Some(c) if is_dash(c) && apart => {
                sign = -1.0;
                start = at - c.len_utf8();
            }
            Some('+') if apart => start = at - 1,
            Some('(') => {
                // The words before the digits say the same: `tvåhundratusen (200 000) kronor`.
                let words = lead.trim_end_matches('(').trim_end();
                let word = last_word(words);
                if text.get(n.end..).is_some_and(|r| r.starts_with(')')) && words.ends_with(word) && !word.is_empty() {
                    start = at - lead.len() + words.len() - word.len();
                }
            }
            _ => {
                let words: Vec<&str> = lead.split_whitespace().rev().take(4).collect();
                let told = |w: &&str| self.minus.iter().any(|m| w.to_lowercase().starts_with(m.as_str()));
                let linked = words.first().is_some_and(|w| matches!(*w, "om" | "på" | "med") || told(w));
                if words.first().is_some_and(|w| *w == "minus") || (linked && words.iter().skip(1).take(1).any(told)) {
                    sign = -1.0;
                }
            }
        }
        let per = self.per(text, end);
        let value = n.value * factor * sign;
        // Kronor and whole öre: what a product of decimals leaves behind is no money.
        let value = (value * 100.0).round() / 100.0;
        Figure {
            span: Span::new(start, end),
            value,
            upper: upper.map(|u| u * factor),
            what: What::Money { per },
            rule: "amount.unit",
            confidence,
        }
    }

    /// `per år`, `/år`, `om året`, `årligen`, `för sex månaders verksamhet` after a sum.
    fn per(&self, text: &str, end: usize) -> Option<String> {
        let rest = after(text, end, 60).trim_start();
        let id = |word: &str| self.per.get(&word.to_lowercase()).cloned();
        let word_of = |s: &str| s.chars().take_while(|c| c.is_alphabetic()).collect::<String>();
        if rest.starts_with("årligen") {
            return Some("year".into());
        }
        if let Some(unit) = ["per ", "/", "/ ", "om ", "i ", "varje "].iter().find_map(|w| rest.strip_prefix(w)) {
            return id(&word_of(unit));
        }
        let length = rest.strip_prefix("för ")?;
        let mut words = length.split_whitespace();
        let count = words.next()?;
        let unit = words.next()?;
        let n = count.parse::<u32>().ok().or_else(|| {
            let w = count.to_lowercase();
            let i = self.words.find(&format!(" {w} "))?.pattern().as_usize();
            self.values.get(i).filter(|v| **v >= 1.0).map(|v| *v as u32)
        })?;
        let unit = match unit.trim_end_matches([',', '.']) {
            "månader" | "månaders" | "månad" | "månads" => "months",
            "års" => "years",
            "veckor" | "veckors" => "weeks",
            _ => return None,
        };
        Some(format!("{n} {unit}"))
    }
}

/// `från 510 000 till 545 000 kronor`: the first sum, whose unit stands after the second, the figure `to`.
fn raised_from(text: &str, to: &Figure, number: f64) -> Option<Figure> {
    if !matches!(to.what, What::Money { .. }) || number == 0.0 {
        return None;
    }
    let at = to.span.start as usize;
    let lead = before(text, at, 60);
    let head = lead.trim_end().strip_suffix("till")?.trim_end();
    let digits = head.len()
        - head.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, ' ' | '\u{a0}' | ',' | '.')).len();
    let from = head.len() - digits;
    if last_word(head.get(..from)?) != "från" {
        return None;
    }
    let start = from + head.get(from..)?.find(|c: char| c.is_ascii_digit())?;
    let first = number::read(head, start)?;
    let base = at - lead.len();
    (first.end == head.len()).then(|| Figure {
        span: Span::new(base + start, base + first.end),
        value: first.value * (to.value / number),
        confidence: 0.8,
        ..to.clone()
    })
}

/// How many bytes the run of digits and the signs inside numbers, dates and diary numbers has that begins at `at`.
fn rest_of_run(bytes: &[u8], at: usize) -> usize {
    let run = bytes.get(at..).unwrap_or_default();
    let len = run.iter().take_while(|b| b.is_ascii_digit() || matches!(b, b'-' | b'/' | b':' | b'.')).count();
    len.max(1)
}

/// Whether a number may begin here: no letter, digit or sign of a longer number stands before it.
fn begins(text: &str, at: usize) -> bool {
    let mut back = before(text, at, 8).chars().rev();
    match back.next() {
        None => true,
        Some(c) if c.is_alphanumeric() => false,
        Some('/' | '.' | ',' | ':' | '§' | '_' | '@') => !back.next().is_some_and(char::is_alphanumeric),
        Some(c) if is_dash(c) => !back.next().is_some_and(char::is_alphanumeric),
        Some(_) => true,
    }
}

/// Whether the number is whole here: no sign follows that makes it part of a date or a longer number.
fn ends(text: &str, at: usize) -> bool {
    let mut next = text.get(at..).unwrap_or_default().chars();
    match next.next() {
        Some('/' | ':' | '.' | ',') => !next.next().is_some_and(|c| c.is_ascii_digit()),
        Some(c) if is_dash(c) => !next.next().is_some_and(|c| c.is_ascii_digit()),
        _ => true,
    }
}
