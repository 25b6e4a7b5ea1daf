//! Defines small readings of text that several fields share: joined lines, phone numbers, written dates.

use std::sync::LazyLock;

use crate::parse::pattern::Regex;

use crate::base::{PartialDate, Span};
use crate::lexicon::Lexicon;

/// A pattern that is part of the program and tested with it.
pub(crate) fn fixed(pattern: &str) -> Regex {
    Regex::new(pattern).expect("fixed patterns are tested")
}

/// A value as one line: line breaks and runs of white space are one space, a break after a hyphen none.
pub(crate) fn joined(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let breaks = text.contains("-\n");
    for word in text.split_whitespace() {
        let broken = breaks && out.ends_with('-') && broken_after_hyphen(&out, word);
        if !out.is_empty() && !broken {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Whether the hyphen at the end of `so_far` stands at a line's end and belongs to a name: the next word is a capital.
fn broken_after_hyphen(so_far: &str, next: &str) -> bool {
    let head = so_far.rsplit(' ').next().unwrap_or(so_far);
    head.len() > 1 && next.starts_with(char::is_uppercase)
}

/// Where a text has a value that was read as one line: the first place with the same words, whatever white space or line break
/// stands between them.
pub(crate) fn place_of(text: &str, value: &str) -> Option<Span> {
    if let Some(at) = text.find(value) {
        return Some(Span::new(at, at + value.len()));
    }
    let mut words = value.split_whitespace();
    let first = words.next()?;
    let rest: Vec<&str> = words.collect();
    text.match_indices(first).find_map(|(at, _)| {
        let mut end = at + first.len();
        for word in &rest {
            let after = text.get(end..)?;
            let space = after.len() - after.trim_start().len();
            end += space;
            if space == 0 || !after.get(space..)?.starts_with(word) {
                return None;
            }
            end += word.len();
        }
        Some(Span::new(at, end))
    })
}

/// The span of a capture, moved to where the searched text begins in the document.
pub(crate) fn span_of(m: crate::parse::pattern::Match<'_>, offset: u32) -> Span {
    Span::new(m.start(), m.end()).shift(offset as usize)
}

/// The telephone numbers in a text as Swedish offices print them: `08-508 18 161`, `508 08 015`, `+46 8 508 01 000`,
/// `076-123 45 67`. Parts of dates and of longer numbers are none.
pub(crate) fn phones(text: &str) -> impl Iterator<Item = crate::parse::pattern::Match<'_>> {
    PHONE.find_iter(text).filter(|m| {
        let before = text[..m.start()].chars().next_back();
        let digits = m.as_str().bytes().filter(u8::is_ascii_digit).count();
        (8..=12).contains(&digits) && !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '-' | '–' | '/'))
    })
}

static PHONE: LazyLock<Regex> = LazyLock::new(|| {
    fixed(
        r"(?:\+46[\s\-–]?(?:\(0\))?\d|\b0\d{1,3}\s?[\-–/]\s?\d|\b0\d{8,9}\b|\b508[\s\-]\d)[\d \u{a0}\-–]{0,12}\d|\b0\d{8,9}\b",
    )
});

/// Finds e-mail addresses.
pub(crate) static EMAIL: LazyLock<Regex> =
    LazyLock::new(|| fixed(r"[A-Za-zÅÄÖåäöé0-9._%+\-]+@[A-Za-zÅÄÖåäö0-9\-]+(?:\.[A-Za-zÅÄÖåäö0-9\-]+)+"));

/// Reads written dates.
#[derive(Debug)]
pub(crate) struct DateReader {
    pattern: Regex,
    months: std::collections::BTreeMap<String, i8>,
}

/// A date found in a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct FoundDate {
    /// The date; to the month at least.
    pub date: PartialDate,
    /// Where, in the text that was searched.
    pub start: usize,
    /// Its end there.
    pub end: usize,
}

impl DateReader {
    /// With the month names of the vocabulary.
    pub fn new(lex: &Lexicon) -> Self {
        let mut names: Vec<String> = lex.dates.months.keys().map(|m| regex::escape(m)).collect();
        names.sort_by_key(|n| std::cmp::Reverse(n.len()));
        let months = names.join("|");
        let pattern = format!(
            r"(?i)\b(?P<y>(?:19|20)\d\d)[-–/.](?P<m>0[1-9]|1[0-2])[-–/.](?P<d>0[1-9]|[12]\d|3[01])\b|\b(?:(?P<wd>[0-3]?\d)(?::?[ae])?\.?(?:\s?(?:[-–—]|och|samt)\s?[0-3]?\d(?::?[ae])?\.?)?\s+)?(?P<wm>{months})\.?,?\s+(?P<wy>(?:19|20)\d\d)\b|\b(?P<sd>[0-3]?\d)/(?P<sm>[01]?\d)\s+(?P<sy>(?:19|20)\d\d)\b"
        );
        DateReader { pattern: Regex::new(&pattern).expect("month names are escaped"), months: lex.dates.months.clone() }
    }

    /// The dates in a text, in order: `2024-10-02`, `2 oktober 2024`, `2/10 2024`, `oktober 2024`; of two days the first
    /// (`26-27 februari 2019`).
    pub fn all<'t>(&'t self, text: &'t str) -> impl Iterator<Item = FoundDate> + 't {
        self.pattern.captures_iter(text).filter_map(|c| {
            let whole = c.get(0)?;
            let get = |name: &str| c.name(name).map(|m| m.as_str());
            let date = if let Some(y) = get("y") {
                PartialDate::day(y.parse().ok()?, get("m")?.parse().ok()?, get("d")?.parse().ok()?)?
            } else if let Some(y) = get("wy") {
                let month = *self.months.get(&get("wm")?.to_lowercase())?;
                match get("wd") {
                    Some(d) => PartialDate::day(y.parse().ok()?, month, d.parse().ok()?)?,
                    None => PartialDate::month(y.parse().ok()?, month)?,
                }
            } else {
                PartialDate::day(get("sy")?.parse().ok()?, get("sm")?.parse().ok()?, get("sd")?.parse().ok()?)?
            };
            Some(FoundDate { date, start: whole.start(), end: whole.end() })
        })
    }

    /// The first date that is known to the day; of `26-27 februari 2019` and `26 och 27 februari 2019` the 26th.
    pub fn first_day(&self, text: &str) -> Option<FoundDate> {
        let found = self.all(text).find(|f| f.date.precision() == crate::base::date::Precision::Day)?;
        Some(self.day_before(text, found).unwrap_or(found))
    }

    /// The first of two days of one month, where the number of the second alone was read with month and year.
    fn day_before(&self, text: &str, second: FoundDate) -> Option<FoundDate> {
        if !text.get(second.start..)?.starts_with(|c: char| c.is_ascii_digit())
            || text.get(second.start..)?.contains('/')
        {
            return None;
        }
        let before = text.get(..second.start)?;
        let joined = ["-", "–", " - ", " – ", " och ", " samt "].iter().find_map(|w| before.strip_suffix(w))?;
        let number = joined.len() - joined.bytes().rev().take_while(u8::is_ascii_digit).count();
        let digits = joined.get(number..).filter(|d| (1..=2).contains(&d.len()))?;
        let whole = joined.get(..number)?.chars().next_back().is_none_or(char::is_whitespace);
        let day = second.date.first();
        let first: i8 = digits.parse().ok().filter(|d| whole && *d < day.day())?;
        Some(FoundDate { date: PartialDate::day(day.year(), day.month(), first)?, start: number, end: second.end })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_join_and_names_keep_their_hyphen() {
        assert_eq!(joined("Spånga-\nTensta stadsdels-  nämnd"), "Spånga-Tensta stadsdels- nämnd");
        assert_eq!(joined("(IOP) - \nIdun"), "(IOP) - Idun");
    }

    #[test]
    fn a_value_on_one_line_is_found_over_breaks() {
        let text = "Öns idrott. Öns\nAnhörig  förening bildades";
        assert_eq!(place_of(text, "Öns Anhörig förening").map(|s| &text[s.range()]), Some("Öns\nAnhörig  förening"));
        assert_eq!(place_of(text, "Öns Anhörigförening"), None);
    }

    #[test]
    fn phones_are_found_whole() {
        for p in [
            "08-50803305",
            "08-508 154 50",
            "508 08 015",
            "+46 8 508 01 000",
            "08 - 508 15 072",
            "076-123 45 67",
            "0761234567",
        ] {
            assert_eq!(phones(&format!("Telefon: {p}")).next().map(|m| m.as_str()), Some(p));
        }
        assert_eq!(phones("802461-9168 och 2024-10-02 och 2021-03-25").count(), 0);
    }

    #[test]
    fn dates_in_every_dress() {
        let reader = DateReader::new(&Lexicon::built_in());
        let all = |t: &str| reader.all(t).map(|f| f.date.to_string()).collect::<Vec<_>>();
        assert_eq!(all("2024-10-02, den 2 oktober 2024, 2/10 2024"), ["2024-10-02"; 3]);
        assert_eq!(all("December 2024"), ["2024-12"]);
        assert_eq!(all("26-27 februari 2019, den 3 och 4 mars 2020"), ["2019-02-26", "2020-03-03"]);
        assert_eq!(all("den 31 februari 2024 och 2024-13-01"), Vec::<String>::new());
    }
}
