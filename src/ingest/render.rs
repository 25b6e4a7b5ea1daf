//! Shows what was read: a document's pages as plain text, and pictures of one page with what was understood.

mod marks;
mod overlay;
mod png;
mod svg;

use std::collections::BTreeMap;

pub use png::{found_png, page_png};
pub use svg::page_svg;

use super::document::{Block, BlockKind, Document, Line, Page, Zone};
use crate::base::Rect;

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

/// Most lines of a margin block.
const MOST_MARGIN: usize = 100;

/// How a page is to be held so that most of its lines are level.
struct Upright {
    /// Width and height as shown.
    size: (f32, f32),
    /// Lines run level (0), up (1) or down (-1).
    run: i8,
}

impl Upright {
    /// Looks at the lines of a page: whether they are high or wide, and on which side the next one stands.
    fn of(page: &Page, on_page: &[(usize, &Line, &Block)]) -> Self {
        let size = page.size.unwrap_or_default();
        let rects = || on_page.iter().filter_map(|(_, l, _)| l.rect);
        let high = rects().filter(|r| r.height() > 1.5 * r.width()).count();
        if high * 2 <= rects().count() {
            return Upright { size, run: 0 };
        }
        let steps = on_page.windows(2).filter_map(|w| match w {
            [(_, a, x), (_, b, y)] if std::ptr::eq(*x, *y) => Some(b.rect?.x0 - a.rect?.x0),
            _ => None,
        });
        Upright { size, run: if steps.map(f32::signum).sum::<f32>() < 0.0 { -1 } else { 1 } }
    }

    fn height(&self) -> f32 {
        if self.run == 0 { self.size.1 } else { self.size.0 }
    }

    fn rect(&self, r: Rect) -> Rect {
        let (width, height) = self.size;
        match self.run {
            0 => r,
            1 => Rect::new(r.y0, width - r.x1, r.y1, width - r.x0),
            _ => Rect::new(height - r.y1, r.x0, height - r.y0, r.x1),
        }
    }
}

impl Printer<'_> {
    /// The middle of a sheet on which two pages stand side by side: level with one another the same head or foot but for
    /// numbers, and the body of the left one before that of the right one.
    fn halves(&self, (width, height): (f32, f32), on_page: &[(usize, &Line, &Block, Option<Rect>)]) -> Option<f32> {
        let at = width / 2.0;
        let side = |r: &Rect| r.x0 < at;
        let lines = || on_page.iter().filter_map(|(_, l, b, r)| Some((*l, b.zone == Zone::Body, (*r)?)));
        if width < 1.2 * height || lines().any(|(_, _, r)| r.x0 < at && r.x1 > at) {
            return None;
        }
        let bodies = || lines().filter(|l| l.1).map(|(_, _, r)| side(&r));
        let names = |line: &Line| -> String {
            self.doc.quote(line.span).chars().filter(|c| !c.is_ascii_digit() && !c.is_whitespace()).collect()
        };
        let twins = || {
            let mut rest = lines().filter(|l| !l.1 && !side(&l.2));
            let left: Vec<(&Line, Rect)> = lines().filter(|l| !l.1 && side(&l.2)).map(|(l, _, r)| (l, r)).collect();
            rest.any(|(line, _, r)| left.iter().any(|(l, s)| (r.y0 - s.y0).abs() < 2.0 && names(l) == names(line)))
        };
        let in_turn = bodies().is_sorted_by(|a, b| *a >= *b) && bodies().any(|s| s) && bodies().any(|s| !s);
        (in_turn && twins()).then_some(at)
    }

    fn page(&mut self, page: &Page, on_page: &[(usize, &Line, &Block)]) {
        let upright = Upright::of(page, on_page);
        let on_page: Vec<(usize, &Line, &Block, Option<Rect>)> =
            on_page.iter().map(|(i, l, b)| (*i, *l, *b, l.rect.map(|r| upright.rect(r)))).collect();
        let zone = |wanted: fn(Zone) -> bool| on_page.iter().filter(move |(_, _, b, _)| wanted(b.zone));
        let body_top = zone(|z| z == Zone::Body).filter_map(|l| l.3.map(|r| r.y1)).fold(f32::MIN, f32::max);
        let half = upright.height() / 2.0;
        // What stands above or left of the topmost page number is read before it, though nothing says that it is a head.
        let number = zone(|z| matches!(z, Zone::PageNumber | Zone::Letterhead | Zone::Head))
            .filter_map(|(_, _, b, r)| Some(((*r)?, b.zone)))
            .max_by(|a, b| a.0.y1.total_cmp(&b.0.y1))
            .filter(|(r, zone)| *zone == Zone::PageNumber && r.y0 > 1.6 * half);
        let before_number = |rect: Option<Rect>| {
            rect.zip(number).is_some_and(|(r, (n, _))| {
                let (middle, height) = ((n.y0 + n.y1) / 2.0, n.height());
                r.y0 > middle || (r.x1 < n.x0 && r.y0 > n.y0 - 0.5 * height)
            })
        };
        // A block in the margin stays whole, though it may begin above the body.
        let margin: Vec<Rect> = zone(|z| z == Zone::Margin).filter_map(|l| l.3).take(MOST_MARGIN).collect();
        let is_beside = |rect: Rect| {
            let mut lowest = rect;
            while let Some(next) = margin.iter().find(|m| {
                (m.x0 - lowest.x0).abs() < 3.0 && (0.0..4.0 * lowest.height()).contains(&(lowest.y1 - m.y1 - 0.5))
            }) {
                lowest = *next;
            }
            lowest.y0 < body_top
        };
        // 0 above the body, 1 the body, 2 beside it, 3 below it.
        let part = |b: &Block, rect: Option<Rect>| match (b.zone, rect) {
            (Zone::Body, rect) if before_number(rect) => 0,
            (Zone::Body, _) => 1,
            (Zone::Letterhead | Zone::Head, _) => 0,
            (Zone::Margin, Some(r)) if is_beside(r) => 2,
            (Zone::Margin, _) => 0,
            (Zone::PageNumber, Some(r)) if r.y0 > half => 0,
            (Zone::PageNumber | Zone::Foot, _) => 3,
        };
        // Two pages on one sheet are read one after the other.
        let halves = self.halves(upright.size, &on_page);
        let sides: &[bool] = if halves.is_some() { &[true, false] } else { &[true] };
        let on_side = |rect: Option<Rect>, left: bool| halves.is_none_or(|at| rect.is_none_or(|r| r.x0 < at) == left);
        for (wanted, side) in sides.iter().flat_map(|side| (0..4).map(move |wanted| (wanted, *side))) {
            let mut last: Option<(usize, &Block)> = None;
            for (i, line, block, _) in on_page.iter().filter(|(_, _, b, r)| part(b, *r) == wanted && on_side(*r, side))
            {
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
