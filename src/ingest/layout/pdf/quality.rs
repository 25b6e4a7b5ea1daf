//! Says which pages have a text layer that is not to be relied on, and where their text begins.

use crate::base::{Note, Span};
use crate::ingest::document::{Page, PageText};

/// One note for each run of pages whose words do not read as language, at the first line of the first of them.
pub(super) fn notes(pages: &[Page], text: &str) -> Vec<Note> {
    let mut out = Vec::new();
    let mut pages = pages.iter().filter(|p| p.text != PageText::Blank).peekable();
    while let Some(first) = pages.next() {
        if first.text != PageText::Unreliable {
            continue;
        }
        let mut last = first;
        while let Some(next) = pages.next_if(|p| p.text == PageText::Unreliable) {
            last = next;
        }
        let which = if last.number == first.number {
            format!("page {}", first.number)
        } else {
            format!("pages {}–{}", first.number, last.number)
        };
        let note = Note::warning(
            "text_layer_unreliable",
            format!(
                "the text layer of {which} does not read as language; what is read from it is not to be relied on, OCR may read the pages"
            ),
        );
        out.push(match first.ranges.first().and_then(|range| first_line(*range, text)) {
            Some(span) => note.at(span),
            None => note,
        });
    }
    out
}

/// The beginning of a range, up to the end of its first line.
fn first_line(range: Span, text: &str) -> Option<Span> {
    /// Most bytes that are quoted.
    const MOST: usize = 80;
    let (start, end) = (range.start as usize, range.end as usize);
    let line = text.get(start..end)?.lines().next()?;
    let cut = line.char_indices().map(|(i, c)| i + c.len_utf8()).take_while(|at| *at <= MOST).last()?;
    Some(Span::new(start, start + cut))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_pages_are_named_once_and_quoted_at_their_beginning() {
        let text = "Bra text\nQVXW ZZ\nRFK GHW\nmer";
        let page = |number: u32, from: usize, to: usize, kind| Page {
            number,
            size: None,
            ranges: vec![Span::new(from, to)],
            text: kind,
        };
        let pages = [
            page(1, 0, 8, PageText::Own),
            page(2, 9, 16, PageText::Unreliable),
            page(3, 17, 24, PageText::Unreliable),
            page(4, 25, 28, PageText::Own),
        ];
        let notes = notes(&pages, text);
        assert_eq!(notes.len(), 1);
        assert!(notes[0].message.contains("pages 2–3"), "{}", notes[0].message);
        assert_eq!(notes[0].span, Some(Span::new(9, 16)));
    }
}
