//! Reads the language from the share of common Swedish words, and warns of a text layer that holds no words at all.

use crate::base::Note;
use crate::parse::context::Context;
use crate::parse::fields::warnings;
use crate::parse::record::Record;

/// The longest word that counts, in bytes; a capital may have one byte more than its small letter.
const LONGEST: usize = 8;

/// Whether a word in small letters is one of those that make up about a quarter of running Swedish.
fn is_common(word: &str) -> bool {
    matches!(
        word,
        "och"
            | "att"
            | "som"
            | "för"
            | "en"
            | "i"
            | "på"
            | "av"
            | "med"
            | "är"
            | "till"
            | "den"
            | "det"
            | "om"
            | "har"
            | "ett"
            | "de"
            | "inte"
            | "från"
            | "vid"
    )
}

/// Whether a word, in any case, is such a word.
fn is_swedish(word: &str) -> bool {
    if word.len() > LONGEST {
        false
    } else if word.bytes().any(|b| b.is_ascii_uppercase() || !b.is_ascii()) {
        is_common(&word.to_lowercase())
    } else {
        is_common(word)
    }
}

/// Words looked at.
const SAMPLE: usize = 4000;

/// Fills the language.
pub(crate) fn read(cx: &Context, record: &mut Record) {
    let mut words = 0usize;
    let mut swedish = 0usize;
    for word in cx.doc.text.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).take(SAMPLE) {
        words += 1;
        swedish += usize::from(is_swedish(word));
    }
    // What has no word has no letter.
    if words > 0 && (swedish * 100 >= words * 5 || words < 60) {
        record.language = Some("sv".to_string());
    } else if words >= 200 && swedish * 100 < words {
        let message = "hardly any common Swedish word was found: the text may be in another language or its letters may be damaged";
        warnings::push(cx, &mut record.warnings, Note::warning("not_swedish", message));
    }
}
