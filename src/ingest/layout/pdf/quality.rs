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
    let (mut words, mut function, mut odd) = (0usize, 0usize, 0usize);
    for word in text.split_whitespace().take(50_000) {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        if bare.is_empty() || bare.bytes().all(|b| b.is_ascii_digit() || !b.is_ascii_alphabetic() && b.is_ascii()) {
            // Numbers and signs alone say nothing, unless the signs are foreign to any text.
            odd += usize::from(word.chars().any(is_foreign));
            words += usize::from(word.chars().any(is_foreign));
            continue;
        }
        words += 1;
        function += usize::from(known.contains(bare.to_lowercase().as_str()));
        let vowel = bare.chars().any(|c| "aeiouyåäöéüæøáíóúAEIOUYÅÄÖÉ".contains(c));
        let long = bare.chars().count() > 3;
        let mixed = bare.chars().skip(1).any(char::is_uppercase) && bare.chars().any(char::is_lowercase);
        odd += usize::from((long && !vowel) || word.chars().any(is_foreign) || (long && mixed && !bare.contains('-')));
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
