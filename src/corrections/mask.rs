//! Masks names that are taken down: letter for letter, so that offsets and quotes of everything else stay true.

use super::Corrections;
use crate::base::{Note, Span};
use crate::ingest::Document;

impl Corrections {
    /// Replaces every place of a name that is taken down by as many bytes of `X`, in any case and over a line's end, and notes the places.
    /// Returns whether there was any.
    pub fn mask(&self, doc: &mut Document) -> bool {
        let before = doc.notes.len();
        for name in self.names_taken_down() {
            let spans = places(&doc.text, name);
            let mut text = String::with_capacity(doc.text.len());
            let mut done = 0;
            for span in &spans {
                text.push_str(doc.text.get(done..span.range().start).unwrap_or_default());
                let hidden = doc.text.get(span.range()).unwrap_or_default();
                for c in hidden.chars() {
                    if c.is_whitespace() {
                        text.push(c);
                    } else {
                        (0..c.len_utf8()).for_each(|_| text.push('X'));
                    }
                }
                done = span.range().end;
            }
            text.push_str(doc.text.get(done..).unwrap_or_default());
            if text.len() == doc.text.len() {
                doc.text = text;
                let message = "a name stands here that was taken down on request; it is masked everywhere";
                doc.notes.extend(spans.into_iter().map(|s| Note::info("name_taken_down", message).at(s)));
            }
        }
        doc.notes.len() > before
    }
}

/// Where a name stands as words of its own, white space in it of any length; a genitive's s is part of it.
fn places(text: &str, name: &str) -> Vec<Span> {
    let words: Vec<String> = name.split_whitespace().map(regex::escape).collect();
    let pattern = format!(r"(?i)\b{}s?\b", words.join(r"\s+"));
    let Ok(pattern) = regex::Regex::new(&pattern) else { return Vec::new() };
    pattern.find_iter(text).map(|m| Span::new(m.start(), m.end())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::testing;

    #[test]
    fn a_name_is_masked_byte_for_byte() {
        let corrections = Corrections::parse("[[take_down]]\nname = \"Åsa Öman\"").unwrap();
        let mut doc = testing::document("Till nämnden skriver Åsa\nÖman om Åsa Ömans gata och Åsa Ömanson.");
        let before = doc.text.clone();
        corrections.mask(&mut doc);
        assert_eq!(doc.text.len(), before.len());
        assert_eq!(doc.text, "Till nämnden skriver XXXX\nXXXXX om XXXX XXXXXX gata och Åsa Ömanson.");
        assert_eq!(doc.notes.len(), 2);
    }
}
