//! Notices a damaged text layer: letters that make no words.

use std::collections::HashSet;

use crate::base::Note;
use crate::lexicon::Lexicon;

/// Fewest words to judge by.
const FEWEST: usize = 60;

/// Looks at a text; notes if it does not read as language. Swedish prose has a function word in every fifth place; a
/// text in another language has few, but its words have vowels and plain letters.
pub(super) fn look(text: &str, lex: &Lexicon) -> Option<Note> {
    let known: HashSet<&str> = lex.words.function_words.iter().map(String::as_str).collect();
    let longest = known.iter().map(|w| w.len()).max().unwrap_or(0);
    let (mut words, mut function, mut odd) = (0usize, 0usize, 0usize);
    let mut lower = String::new();
    for word in text.split_whitespace().take(50_000) {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let foreign = word.chars().any(is_foreign);
        if bare.bytes().all(|b| b.is_ascii() && !b.is_ascii_alphabetic()) {
            // Numbers and signs alone say nothing, unless the signs are foreign to any text.
            odd += usize::from(foreign);
            words += usize::from(foreign);
            continue;
        }
        words += 1;
        if bare.len() <= longest {
            lower.clear();
            lower.extend(bare.chars().flat_map(char::to_lowercase));
            function += usize::from(known.contains(lower.as_str()));
        }
        let looks = Looks::of(bare);
        odd += usize::from(foreign || looks.long && (!looks.vowel || looks.mixed));
    }
    if words < FEWEST || function * 50 >= words || odd * 4 < words {
        return None;
    }
    let percent = |n: usize| n * 100 / words.max(1);
    Some(Note::warning(
        "text_layer_unreliable",
        format!(
            "the text layer does not read as language ({} % of its words are odd, {} % are common Swedish words); its fields are not to be relied on, OCR may read the pages",
            percent(odd),
            percent(function)
        ),
    ))
}

/// What the letters of a word look like.
struct Looks {
    long: bool,
    vowel: bool,
    /// True if capitals stand inside, without a hyphen.
    mixed: bool,
}

impl Looks {
    fn of(word: &str) -> Self {
        let (mut count, mut vowel, mut small, mut capital_inside, mut hyphen) = (0, false, false, false, false);
        for c in word.chars() {
            vowel |= is_vowel(c);
            small |= c.is_lowercase();
            capital_inside |= count > 0 && c.is_uppercase();
            hyphen |= c == '-';
            count += 1;
        }
        Looks { long: count > 3, vowel, mixed: small && capital_inside && !hyphen }
    }
}

fn is_vowel(c: char) -> bool {
    matches!(
        c,
        'a' | 'e'
            | 'i'
            | 'o'
            | 'u'
            | 'y'
            | 'å'
            | 'ä'
            | 'ö'
            | 'é'
            | 'ü'
            | 'æ'
            | 'ø'
            | 'á'
            | 'í'
            | 'ó'
            | 'ú'
            | 'A'
            | 'E'
            | 'I'
            | 'O'
            | 'U'
            | 'Y'
            | 'Å'
            | 'Ä'
            | 'Ö'
            | 'É'
    )
}

/// Private-use characters, replacement characters, and controls.
fn is_foreign(c: char) -> bool {
    ('\u{e000}'..='\u{f8ff}').contains(&c) || c == '\u{fffd}' || c.is_control()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn soup_is_noticed_and_language_is_not() {
        let lex = Lexicon::built_in();
        let soup = "NTVVZDPZ VXXG bkrrt HFGMN qwrtp zzxcv ".repeat(20);
        assert!(look(&soup, &lex).is_some_and(|n| n.code == "text_layer_unreliable"));
        let swedish = "Nämnden har beslutat att godkänna rapporten och lägga den till handlingarna. ".repeat(10);
        let english = "The committee approved this report without changes last Monday evening. ".repeat(10);
        let table = "1 234 567 89 (12) ".repeat(40);
        for text in [&swedish, &english, &table] {
            assert_eq!(look(text, &lex), None, "{text}");
        }
    }
}
