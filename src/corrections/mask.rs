//! Masks names that are taken down: letter for letter, so that offsets and quotes of everything else stay true.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use unicode_normalization::UnicodeNormalization as _;

use super::Corrections;
use crate::base::fold::fold;
use crate::base::{Note, Span};
use crate::ingest::Document;
use crate::ingest::document::NAME_MASKED;

impl Corrections {
    /// Replaces every place of a name that is taken down by as many bytes of `X`, and notes the places: in any case, over a line's end,
    /// family name first, and as the mailbox of an address. The file's own title is masked too. Returns whether there was any.
    pub fn mask(&self, doc: &mut Document) -> bool {
        let before = doc.notes.len();
        for pattern in self.patterns() {
            let spans = places(&doc.text, pattern);
            let text = hidden(&doc.text, &spans);
            if text.len() == doc.text.len() {
                doc.text = text;
                let message = "a name stands here that was taken down on request; it is masked everywhere";
                doc.notes.extend(spans.into_iter().map(|s| Note::info(NAME_MASKED, message).at(s)));
            }
            if let Some(title) = &mut doc.origin.title {
                *title = hidden(title, &places(title, pattern));
            }
        }
        doc.notes.len() > before
    }

    /// A path as it is shown: with `X` for the letters of names that are taken down, also where `_`, `-`, `.` or `/` stand between them, and
    /// where they are written without marks. Equal paths stay equal; what stands on the disk is not touched.
    pub fn masked_path(&self, path: &str) -> String {
        let mut shown = path.to_string();
        for pattern in &self.made().in_paths {
            let spaced = shown.replace(['_', '-', '.', '/'], " ");
            let spans = places(&spaced, pattern);
            let hidden: String = shown
                .char_indices()
                .map(|(i, c)| {
                    let is_in = spans.iter().any(|s| s.range().contains(&i));
                    if is_in && c.is_alphanumeric() { 'X' } else { c }
                })
                // What stands above a letter goes with it.
                .filter(|c| !unicode_normalization::char::is_combining_mark(*c) || spans.is_empty())
                .collect();
            shown = hidden;
        }
        shown
    }

    fn patterns(&self) -> &[regex::Regex] {
        &self.made().in_texts
    }

    fn made(&self) -> &Made {
        self.names.0.get_or_init(|| Made {
            in_texts: self.names_taken_down().filter_map(pattern).collect(),
            in_paths: self.names_taken_down().flat_map(spellings).filter_map(|name| pattern(&name)).collect(),
        })
    }
}

/// A name as it is typed, as some systems write it into paths, and without marks.
fn spellings(name: &str) -> BTreeSet<String> {
    BTreeSet::from([name.nfc().collect(), name.nfd().collect(), fold(name)])
}

/// What finds the names that are taken down, made when it is first needed. It follows from the rest, so it makes no difference.
#[derive(Clone, Debug, Default)]
pub(super) struct Patterns(OnceLock<Made>);

#[derive(Clone, Debug)]
struct Made {
    in_texts: Vec<regex::Regex>,
    in_paths: Vec<regex::Regex>,
}

impl PartialEq for Patterns {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// A text with what stands at these places replaced, byte for byte.
fn hidden(text: &str, spans: &[Span]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for span in spans {
        out.push_str(text.get(done..span.range().start).unwrap_or_default());
        for c in text.get(span.range()).unwrap_or_default().chars() {
            if c.is_whitespace() {
                out.push(c);
            } else {
                (0..c.len_utf8()).for_each(|_| out.push('X'));
            }
        }
        done = span.range().end;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}

/// What finds a name: as words of its own with white space of any length between, a genitive's s with it; family name first; as what
/// stands before the @ of an address, there without marks too.
fn pattern(name: &str) -> Option<regex::Regex> {
    let words: Vec<&str> = name.split_whitespace().collect();
    let joined = |words: &[&str], between: &str| -> String {
        words.iter().map(|w| regex::escape(w)).collect::<Vec<_>>().join(between)
    };
    let mut ways = vec![format!(r"\b{}s?\b", joined(&words, r"\s+"))];
    if let Some((last, first)) = words.split_last().filter(|(_, first)| !first.is_empty()) {
        ways.push(format!(r"\b{},?\s+{}s?\b", regex::escape(last), joined(first, r"\s+")));
        let plain: Vec<String> = words.iter().map(|w| fold(w)).collect();
        let plain: Vec<&str> = plain.iter().map(String::as_str).collect();
        for way in [&words, &plain] {
            ways.push(format!(r"\b(?P<box{}>{})\d*@", ways.len(), joined(way, r"[._+-]?")));
        }
    }
    regex::Regex::new(&format!("(?i){}", ways.join("|"))).ok()
}

fn places(text: &str, pattern: &regex::Regex) -> Vec<Span> {
    let found = pattern.captures_iter(text).filter_map(|c| c.iter().skip(1).flatten().next().or_else(|| c.get(0)));
    found.map(|m| Span::new(m.start(), m.end())).collect()
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

    #[test]
    fn a_name_is_masked_however_it_is_turned() {
        let corrections = Corrections::parse("[[take_down]]\nname = \"Åsa Öman\"").unwrap();
        for (text, masked) in [
            ("Närvarande: Öman, Åsa (S)", "Närvarande: XXXXXX XXXX (S)"),
            ("ÖMAN ÅSA", "XXXXX XXXX"),
            ("asa.oman@exempel.se", "XXXXXXXX@exempel.se"),
            ("åsaöman2@exempel.se", "XXXXXXXXX2@exempel.se"),
            ("Åsa Ömanson, Asa Oman och Öman", "Åsa Ömanson, Asa Oman och Öman"),
        ] {
            let mut doc = testing::document(text);
            corrections.mask(&mut doc);
            assert_eq!(doc.text, masked);
        }
        let mut doc = testing::document("Inget namn här.");
        doc.origin.title = Some("Ansökan av Åsa Öman".into());
        corrections.mask(&mut doc);
        assert_eq!(doc.origin.title.as_deref(), Some("Ansökan av XXXX XXXXX"));
        for (path, shown) in [
            ("in/ansökan_åsa_öman.pdf", "in/ansökan_XXX_XXXX.pdf"),
            ("Öman, Åsa/ansokan.pdf", "XXXX, XXX/ansokan.pdf"),
            ("ansokan-asa-oman-2.pdf", "ansokan-XXX-XXXX-2.pdf"),
            ("a\u{30a}sa o\u{308}man.txt", "XXX XXXX.txt"),
            ("ansökan.pdf", "ansökan.pdf"),
        ] {
            assert_eq!(corrections.masked_path(path), shown);
        }
    }
}
