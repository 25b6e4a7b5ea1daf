//! Reads the language from the share of common Swedish words, and warns of a text layer that holds no words at all.

use crate::base::Note;
use crate::parse::context::Context;
use crate::parse::fields::warnings;
use crate::parse::record::Record;

/// Words that make up about a quarter of running Swedish.
const SWEDISH: [&str; 20] = [
    "och", "att", "som", "för", "en", "i", "på", "av", "med", "är", "till", "den", "det", "om", "har", "ett", "de",
    "inte", "från", "vid",
];

/// The longest of them, in bytes; a capital may have one byte more than its small letter.
const LONGEST: usize = 8;

/// Words looked at.
const SAMPLE: usize = 4000;

/// Fills the language.
pub(crate) fn read(cx: &Context, record: &mut Record) {
    let mut words = 0usize;
    let mut swedish = 0usize;
    for word in cx.doc.text.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).take(SAMPLE) {
        words += 1;
        swedish += usize::from(word.len() <= LONGEST && SWEDISH.contains(&word.to_lowercase().as_str()));
    }
    let letters = cx.doc.text.chars().take(100_000).filter(|c| c.is_alphabetic()).count();
    if words > 0 && swedish * 100 >= words * 5 || words < 60 && letters > 0 {
        record.language = Some("sv".to_string());
    } else if words >= 200 && swedish * 100 < words {
        let message = "hardly any common Swedish word was found: the text may be in another language or its letters may be damaged";
        warnings::push(cx, &mut record.warnings, Note::warning("not_swedish", message));
    }
}
