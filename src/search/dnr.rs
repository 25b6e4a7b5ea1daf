//! Reads diary numbers as people type them: with or without label, in any spelling and case.

use std::borrow::Cow;

use crate::base::fold::fold;
use crate::index::entry::dnr_keys;
use crate::lexicon::Lexicon;
use crate::parse::fields::dnr::{Typed, read_typed};

/// The keys that a typed diary number is found by; none if it is none.
pub fn read(typed: &str, lex: &Lexicon) -> Option<String> {
    let text = typed.trim();
    let text = text.get(label_len(text, lex)..).unwrap_or(text).trim();
    let read =
        read_typed(text).filter(|r| text.get(r.len..).is_some_and(|rest| rest.trim_matches(['.', ' ']).is_empty()))?;
    key(&read)
}

/// The most exact key: with the series if one was typed.
fn key(read: &Typed) -> Option<String> {
    dnr_keys(read.series.as_deref(), Some(read.year), Some(read.number)).into_iter().next()
}

/// The query with bare diary numbers written as `dnr:"…"`, so that they are one thing however many words they are.
pub(super) fn mark<'a>(query: &'a str, lex: &Lexicon) -> Cow<'a, str> {
    if !query.bytes().any(|b| b.is_ascii_digit()) {
        return Cow::Borrowed(query);
    }
    let mut out = String::new();
    let mut copied = 0;
    let mut at = 0;
    let mut in_quotes = false;
    while let Some(c) = query[at..].chars().next() {
        let after = at + c.len_utf8();
        in_quotes ^= matches!(c, '"' | '”' | '“' | '„' | '«' | '»');
        let begins =
            query[..at].chars().next_back().is_none_or(|b| b.is_whitespace() || b == '(' || b == '-' && at == 1);
        if !in_quotes && begins && c.is_alphanumeric() {
            let label = label_len(&query[at..], lex);
            if let Some(read) = query
                .get(at + label..)
                .and_then(read_typed)
                .filter(|r| is_meant(r, &query[at + label..], label > 0, lex))
            {
                let end = at + label + read.len;
                out.push_str(&query[copied..at]);
                out.push_str(&format!("dnr:\"{}\"", &query[at + label..end]));
                (copied, at) = (end, end);
                continue;
            }
        }
        at = after;
    }
    if copied == 0 {
        return Cow::Borrowed(query);
    }
    out.push_str(&query[copied..]);
    Cow::Owned(out)
}

/// Whether a bare number is meant as a diary number: it has a label, a series that is one, or a slash beside a year.
fn is_meant(read: &Typed, text: &str, labelled: bool, lex: &Lexicon) -> bool {
    let typed = text.get(..read.len).unwrap_or_default();
    let other = |s: &String| lex.dnr.not_series.iter().any(|n| fold(n) == fold(s));
    match &read.series {
        _ if labelled => true,
        // An ordinary word before a number is no series: it is one in capitals, or one that districts use.
        Some(series) => {
            let capitals = series != "OR" && series.chars().count() > 1 && typed.contains(series.as_str());
            let in_use = lex.districts.iter().any(|d| d.dnr_prefixes.iter().any(|p| fold(p) == fold(series)));
            (capitals || in_use) && !other(series) && typed.contains(['/', ':', '-'])
        }
        None => typed.contains('/') && typed.contains(&read.year.to_string()),
    }
}

/// Length of the label and what parts it from the number; 0 without one.
fn label_len(text: &str, lex: &Lexicon) -> usize {
    let lower = fold(text);
    if lower.chars().count() != text.chars().count() {
        return 0;
    }
    let label = |l: &String| {
        let folded = fold(l);
        let rest = lower.strip_prefix(&folded)?;
        let gap = rest.chars().take_while(|c| matches!(c, ' ' | ':' | '.')).count();
        (gap > 0).then_some(folded.chars().count() + gap)
    };
    let chars = lex.dnr.labels.iter().filter_map(label).max().unwrap_or(0);
    text.char_indices().nth(chars).map_or(0, |(i, _)| i)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_spelling_has_the_same_key() {
        let lex = Lexicon::built_in();
        for typed in [
            "JÄRVA 2024/45",
            "järva 2024/45",
            "Dnr JÄRVA 2024/45",
            "dnr: Järva 2024 / 45",
            "JÄRVA 2024/45-1.2.3",
            "Diarienummer JÄRVA-2024/45",
        ] {
            assert_eq!(read(typed, &lex).as_deref(), Some("jarva|2024|45"), "{typed}");
        }
        for typed in ["2024/45", "1.2.3-45-2024", "45-2024-1.2.3", "1.2.3.-45/2024", "Dnr 2024-45"] {
            assert_eq!(read(typed, &lex).as_deref(), Some("*|2024|45"), "{typed}");
        }
        for typed in ["2024-10-02", "järva", "45", ""] {
            assert_eq!(read(typed, &lex), None, "{typed}");
        }
    }

    #[test]
    fn bare_numbers_are_seen_in_a_query() {
        let lex = Lexicon::built_in();
        for (typed, marked) in [
            ("järva 2024/45 bidrag", "dnr:\"järva 2024/45\" bidrag"),
            ("bidrag dnr 1.2.3-45-2024", "bidrag dnr:\"1.2.3-45-2024\""),
            ("stöd (2024/45 OR 2024/46)", "stöd (dnr:\"2024/45\" OR dnr:\"2024/46\")"),
            ("2024/45 bidrag", "dnr:\"2024/45\" bidrag"),
            ("2015/100 AKK", "dnr:\"2015/100 AKK\""),
            ("\"JÄRVA 2024/45\"", "\"JÄRVA 2024/45\""),
            ("SOU 2016:13", "SOU 2016:13"),
            ("2019-2023", "2019-2023"),
            ("802461-9168", "802461-9168"),
            ("2024-10-02", "2024-10-02"),
            ("hösten 2024", "hösten 2024"),
            ("jarva 2024 / 45", "dnr:\"jarva 2024 / 45\""),
            ("avtal 2023/24", "avtal dnr:\"2023/24\""),
        ] {
            assert_eq!(mark(typed, &lex), marked, "{typed}");
        }
    }
}
