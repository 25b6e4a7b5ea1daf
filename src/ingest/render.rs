//! Shows what was read: a document's pages as plain text, and pictures of one page with what was understood.

mod marks;
mod overlay;
mod png;
mod svg;

use std::collections::BTreeMap;

pub use png::{found_png, page_png};
pub use svg::page_svg;

use super::document::{Block, BlockKind, Document, Line, Page, Zone};

/// Everything on each page in reading order as laid out, line by line, a form feed between pages: heads first, then the
/// margin block if it stands above the body, the body, what stands beside it, the foot. A word broken over two lines
/// is printed whole on the first, one broken over two pages on the second.
pub fn pages_text(doc: &Document) -> String {
    let owners = owners(doc);
    let mut on_pages: BTreeMap<u32, Vec<(usize, &Line, &Block)>> = BTreeMap::new();
    for (i, (line, owner)) in doc.lines.iter().zip(owners).enumerate() {
        if let Some(block) = owner.and_then(|o| doc.blocks.get(o)) {
            on_pages.entry(line.page).or_default().push((i, line, block));
        }
    }
    let mut printer =
        Printer { doc, out: String::with_capacity(doc.text.len() + doc.lines.len()), left: BTreeMap::new() };
    for (i, page) in doc.pages.iter().enumerate() {
        if i > 0 {
            printer.out.push('\u{c}');
        }
        printer.page(page, on_pages.get(&page.number).map_or(&[], Vec::as_slice));
    }
    printer.out
}

/// The block of every line, by their numbers.
fn owners(doc: &Document) -> Vec<Option<usize>> {
    let mut block = 0;
    doc.lines
        .iter()
        .map(|l| {
            while doc.blocks.get(block).is_some_and(|b| b.span.end <= l.span.start) {
                block += 1;
            }
            doc.blocks.get(block).filter(|b| b.span.start <= l.span.start).map(|_| block)
        })
        .collect()
}

struct Printer<'d> {
    doc: &'d Document,
    out: String,
    /// Where what is left of a line begins, if the end of a broken word was printed with its beginning.
    left: BTreeMap<usize, u32>,
}

impl Printer<'_> {
    fn page(&mut self, page: &Page, on_page: &[(usize, &Line, &Block)]) {
        let body_top = on_page
            .iter()
            .filter(|(_, _, b)| b.zone == Zone::Body)
            .filter_map(|(_, l, _)| l.rect.map(|r| r.y1))
            .fold(f32::MIN, f32::max);
        let half = page.size.map_or(0.0, |s| s.1 / 2.0);
        // 0 above the body, 1 the body, 2 beside it, 3 below it.
        let part = |l: &Line, b: &Block| match (b.zone, l.rect) {
            (Zone::Body, _) => 1,
            (Zone::Letterhead | Zone::Head, _) => 0,
            (Zone::Margin, Some(r)) if r.y0 < body_top => 2,
            (Zone::Margin, _) => 0,
            (Zone::PageNumber, Some(r)) if r.y0 > half => 0,
            (Zone::PageNumber | Zone::Foot, _) => 3,
        };
        for wanted in 0..4 {
            let mut last: Option<(usize, &Block)> = None;
            for (i, line, block) in on_page.iter().filter(|(_, l, b)| part(l, b) == wanted) {
                let same = last.filter(|(_, b)| std::ptr::eq(*b, *block));
                self.line(*i, line, block, same.map(|(i, _)| i), last.is_some());
                last = Some((*i, block));
            }
            if last.is_some() {
                self.out.push('\n');
            }
        }
    }

    fn line(&mut self, number: usize, line: &Line, block: &Block, before: Option<usize>, any_before: bool) {
        let between = before
            .and_then(|i| self.doc.lines.get(i))
            .and_then(|b| self.doc.text.get(b.span.end as usize..line.span.start as usize));
        let mut on_line = false;
        match between {
            Some(gap) if gap.contains('\t') || (block.kind == BlockKind::Table && !gap.contains('\n')) => {
                self.out.push_str(gap);
                on_line = true;
            }
            _ if any_before => self.out.push('\n'),
            _ => {}
        }
        let start = self.left.get(&number).copied().unwrap_or(line.span.start);
        let mut end = line.span.end;
        // The rest of a broken word, over as many lines as it takes; one that goes on on another page is printed there.
        for (i, next) in self.doc.lines.iter().enumerate().skip(number + 1) {
            if next.span.start != end {
                break;
            }
            if next.page != line.page {
                let text = self.doc.text.get(start as usize..end as usize).unwrap_or("");
                let word = text.rfind(char::is_whitespace).map_or(0, |w| w + 1);
                end = start + word as u32;
                self.left.insert(i, end);
                break;
            }
            let text = self.doc.quote(next.span);
            let word = text.find(char::is_whitespace).unwrap_or(text.len());
            end += word as u32;
            self.left.insert(i, end);
            if word < text.len() {
                break;
            }
        }
        if let Some(text) = self.doc.text.get(start as usize..end.max(start) as usize) {
            // What is left after the end of a broken word stands apart from it.
            if on_line && start > line.span.start && text.trim_start().len() < text.len() {
                self.out.push(' ');
            }
            self.out.push_str(text.trim());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::{Options, txt};
    use crate::lexicon::Lexicon;

    #[test]
    fn pages_are_printed_as_laid_out() {
        let text = "Tallmo kommun\nSida 1 (2)\n\nNämnden har haft en fråga om upp-\nföljning av en lång rad avtal som\n\u{c}Tallmo kommun\nSida 2 (2)\n\ngäller. Slut på det.\n";
        let doc = txt::read(text.as_bytes(), None, &Lexicon::built_in(), &Options::default()).unwrap();
        let pages = pages_text(&doc);
        let (first, second) = pages.split_once('\u{c}').unwrap();
        assert!(
            first.starts_with("Tallmo kommun\nNämnden har haft en fråga om uppföljning\nav en lång rad"),
            "{first}"
        );
        assert!(first.trim_end().ends_with("Sida 1 (2)") && second.contains("gäller. Slut på det."), "{pages}");
        assert_eq!(page_svg(&doc, 1), None);
    }
}
