//! Defines how two values are compared: what is folded away first, when they are equal, when they overlap.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization as _;

use crate::base::PartialDate;

/// How the values of a field are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum As {
    /// Words: titles, names, running text.
    Text,
    /// An id, a number, a truth value, a time of day: right or wrong.
    Exact,
    /// A truth value that is false where nothing is said.
    Flag,
    /// A date, to the day, month or year.
    Date,
    /// Two dates, `start..end`.
    Span,
    /// A telephone number.
    Phone,
    /// The text of a decision.
    Point,
    /// A diary number.
    Dnr,
}

/// Share of the words of both that both have, from which texts overlap.
const OVERLAP: f64 = 0.5;

/// A value as compared.
pub(super) fn folded(how: As, s: &str) -> String {
    match how {
        As::Text | As::Exact | As::Flag | As::Dnr => text(s),
        As::Date | As::Span => s.trim().to_string(),
        As::Phone => {
            let digits: String = s.chars().filter(char::is_ascii_digit).collect();
            digits.strip_prefix("46").unwrap_or(&digits).trim_start_matches('0').to_string()
        }
        As::Point => point(&text(s)),
    }
}

/// How alike two folded values are: 1 if equal, 0 if they do not even overlap.
pub(super) fn likeness(how: As, a: &str, b: &str) -> f64 {
    if a == b {
        return 1.0;
    }
    let near = |yes: bool| if yes { 0.9 } else { 0.0 };
    match how {
        As::Exact | As::Flag => 0.0,
        As::Text | As::Point => {
            let share = shared_words(a, b);
            if share >= OVERLAP { share.min(0.99) } else { 0.0 }
        }
        As::Phone => near(a.len() >= 6 && b.len() >= 6 && (a.ends_with(b) || b.ends_with(a))),
        As::Date => near(month(a).is_some() && month(a) == month(b)),
        As::Span => near(overlapping(a, b)),
        As::Dnr => near(!digits(a).is_empty() && digits(a) == digits(b)),
    }
}

/// True if a quote shows a value; none if that cannot be said of such values.
pub(super) fn holds(how: As, quote: &str, value: &str) -> Option<bool> {
    let quote_text = text(quote);
    match how {
        As::Exact | As::Flag => None,
        As::Text | As::Point => {
            let value = folded(how, value);
            let shown: BTreeSet<&str> = words(&quote_text).collect();
            let (mut all, mut there) = (0, 0);
            for w in words(&value) {
                all += 1;
                // The basic form of a name stands in its genitive.
                there += usize::from(shown.contains(w) || shown.iter().any(|s| s.strip_suffix('s') == Some(w)));
            }
            Some(quote_text.contains(&value) || there * 4 >= all * 3)
        }
        As::Phone => Some(folded(As::Phone, quote).contains(&folded(As::Phone, value))),
        As::Date => Some(shows_date(&quote_text, value)),
        As::Span => Some(value.split("..").filter(|d| !d.is_empty()).any(|d| shows_date(&quote_text, d))),
        As::Dnr => Some(digits(value).iter().all(|n| digits(&quote_text).iter().any(|q| same_number(q, n)))),
    }
}

/// NFC, lower case, single spaces, plain dashes and quotes, words broken at a line's end joined, no full stop at the end.
fn text(s: &str) -> String {
    let mut out = String::with_capacity(s.len());
    for c in s.nfc() {
        match c {
            '\u{ad}' => {}
            '–' | '—' | '‐' | '‑' | '−' => out.push('-'),
            '“' | '”' | '„' | '«' | '»' => out.push('"'),
            '’' | '‘' => out.push('\''),
            c if c.is_whitespace() => {
                // "stadsdels-\nnämnd" is compared as "stadsdels-nämnd".
                if !(out.ends_with([' ', '-']) && (c == '\n' || out.ends_with(' '))) {
                    out.push(' ');
                }
            }
            c => out.extend(c.to_lowercase()),
        }
    }
    out.trim().trim_end_matches(['.', ' ']).to_string()
}

/// A decision point without its number or bullet, `att`, and what links it to the next.
fn point(s: &str) -> String {
    let mut s = s.trim_start_matches(['•', '*', '-', ' ']);
    let digits = s.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 {
        let rest = s.get(digits..).unwrap_or_default();
        if let Some(rest) = rest.strip_prefix(['.', ')']).or_else(|| rest.strip_prefix(' ')) {
            s = rest.trim_start();
        }
    }
    s = s.strip_prefix("dels ").unwrap_or(s);
    s = s.strip_prefix("att ").unwrap_or(s);
    s = s.trim_end_matches(['.', ',', ';', ':', ' ']);
    for link in [" samt", " och", " dels"] {
        s = s.strip_suffix(link).unwrap_or(s).trim_end_matches(['.', ',', ';', ' ']);
    }
    s.to_string()
}

fn words(s: &str) -> impl Iterator<Item = &str> {
    s.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty())
}

/// Words of both over words of either.
fn shared_words(a: &str, b: &str) -> f64 {
    let (a, b): (BTreeSet<&str>, BTreeSet<&str>) = (words(a).collect(), words(b).collect());
    let either = a.union(&b).count();
    if either == 0 { 0.0 } else { a.intersection(&b).count() as f64 / either as f64 }
}

/// Runs of digits, leading zeros dropped, in order of their size.
fn digits(s: &str) -> Vec<String> {
    let runs = s.split(|c: char| !c.is_ascii_digit()).filter(|d| !d.is_empty());
    let mut runs: Vec<String> = runs.map(|d| d.trim_start_matches('0').to_string()).collect();
    runs.sort_unstable();
    runs
}

/// Equal, or a year of two digits and its whole.
fn same_number(printed: &str, whole: &str) -> bool {
    printed == whole || (whole.len() == 4 && whole.get(2..).is_some_and(|y| y.trim_start_matches('0') == printed))
}

fn month(date: &str) -> Option<&str> {
    date.get(..7).or_else(|| date.get(..4))
}

fn overlapping(a: &str, b: &str) -> bool {
    let bounds = |s: &str| {
        let (from, to) = s.split_once("..")?;
        let day = |s: &str| s.parse::<PartialDate>().ok();
        let from_day = day(from).map_or(jiff::civil::Date::MIN, PartialDate::first);
        let to_day = day(to).map_or(jiff::civil::Date::MAX, PartialDate::last);
        Some((from_day, to_day))
    };
    match (bounds(a), bounds(b)) {
        (Some(a), Some(b)) => a.0 <= b.1 && b.0 <= a.1,
        _ => false,
    }
}

/// True if the quote has the date's year, whole or by its last two digits, or the date's day.
fn shows_date(quote: &str, date: &str) -> bool {
    let printed: Vec<&str> = quote.split(|c: char| !c.is_ascii_digit()).filter(|d| !d.is_empty()).collect();
    let Some(year) = date.get(..4) else { return false };
    let packed = date.replace('-', "");
    printed.iter().any(|p| {
        *p == year || Some(*p) == year.get(2..) || *p == packed || packed.get(2..) == Some(*p) || p.starts_with(year)
    }) || date
        .get(8..10)
        .is_some_and(|day| printed.iter().any(|p| p.trim_start_matches('0') == day.trim_start_matches('0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn like(how: As, a: &str, b: &str) -> f64 {
        likeness(how, &folded(how, a), &folded(how, b))
    }

    #[test]
    fn folding_takes_away_what_does_not_matter_and_nothing_else() {
        assert_eq!(like(As::Text, "Järva  stadsdels-\nnämnd.", "ja\u{308}rva stadsdels–nämnd"), 1.0);
        assert_eq!(like(As::Text, "Järva", "Jarva"), 0.0);
        assert_eq!(like(As::Phone, "08-508 01 234", "+46 (0)8 50801234"), 1.0);
        assert_eq!(like(As::Point, "1. att nämnden godkänner rapporten, samt", "Nämnden godkänner rapporten."), 1.0);
        assert_eq!(like(As::Exact, "approve", "approves"), 0.0);
    }

    #[test]
    fn overlap_is_less_than_equality_and_more_than_nothing() {
        assert!((0.5..1.0).contains(&like(As::Text, "Förslag till budget 2024", "Förslag till budget")));
        assert_eq!(like(As::Text, "Förslag till budget", "Svar på remiss"), 0.0);
        assert_eq!(like(As::Date, "2024-05-03", "2024-05"), 0.9);
        assert_eq!(like(As::Date, "2024-05-03", "2024-06-03"), 0.0);
        assert_eq!(like(As::Span, "2020-01-01..2021-12-31", "2021-06-01..2022-01-01"), 0.9);
        assert_eq!(like(As::Span, "2020-01-01..2020-12-31", "2021-06-01.."), 0.0);
        assert_eq!(like(As::Dnr, "KS 2024/17", "2024/17"), 0.9);
        assert_eq!(like(As::Dnr, "KS 2024/17", "KS 2024/71"), 0.0);
    }

    #[test]
    fn a_quote_holds_what_it_shows() {
        assert_eq!(holds(As::Date, "den 3 maj 2024", "2024-05-03"), Some(true));
        assert_eq!(holds(As::Date, "240503", "2024-05-03"), Some(true));
        assert_eq!(holds(As::Date, "Nämnden beslutar", "2024-05-03"), Some(false));
        assert_eq!(holds(As::Text, "Järva stadsdelsnämnds", "Järva stadsdelsnämnd"), Some(true));
        assert_eq!(holds(As::Text, "Farsta", "Järva stadsdelsnämnd"), Some(false));
        assert_eq!(holds(As::Dnr, "Dnr 1.5.3-17/24", "2024/17"), Some(true));
        assert_eq!(holds(As::Exact, "godkänner", "approve"), None);
    }
}
