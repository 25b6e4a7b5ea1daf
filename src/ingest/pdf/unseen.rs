//! Notices text that a page holds and does not show: outside its edges, not painted, or white on white. What stands off the
//! sheet is left out; what stands on the sheet, cut off by the part of it that is shown (a printer's marks, line numbers), is
//! kept apart; the rest stays, since a note may be wrong where a reader must not lose words.
//!
//! Invisible words over a picture are a scan's text layer and nothing to be told of.

use super::page::{RawPage, RawWord};
use crate::base::{Note, Rect};

/// Most painted areas and white letters of a page that are kept.
const MOST: usize = 2_000;
/// Fewest letters or words of a page that are told of: a stray dot is not.
const FEWEST: usize = 3;
/// What is cut off is kept if there is at most one word of it for so many that are shown; else pages share what they hold,
/// each showing a part.
const RARE: usize = 3;
/// Most pages that a note names.
const NAMED: usize = 8;

/// What was painted on the paper before white letters, as far as it is known.
#[derive(Default)]
pub(super) struct Paper {
    painted: Vec<Rect>,
    white: Vec<(f32, f32)>,
    /// True if anything may have been painted anywhere.
    anywhere: bool,
}

impl Paper {
    /// Takes an area that was painted in another colour than white, or may have been.
    pub(super) fn paint(&mut self, area: Option<Rect>) {
        match area {
            Some(area) if self.painted.len() < MOST => self.painted.push(area),
            _ => self.anywhere = true,
        }
    }

    /// Takes a white letter by its place.
    pub(super) fn white_letter(&mut self, at: (f32, f32)) {
        if self.white.len() < MOST {
            self.white.push(at);
        }
    }

    /// How many white letters stand on nothing but paper.
    fn white_on_white(&self, page: &RawPage) -> usize {
        if self.anywhere || self.white.is_empty() {
            return 0;
        }
        let on =
            |r: &Rect, (x, y): (f32, f32)| r.x0 - 1.0 <= x && x <= r.x1 + 1.0 && r.y0 - 1.0 <= y && y <= r.y1 + 1.0;
        let painted = |at| self.painted.iter().chain(page.images.iter().take(MOST)).any(|r| on(r, at));
        let (w, h) = page.size;
        let inside = |(x, y): (f32, f32)| 0.0 <= x && x < w && 0.0 <= y && y < h;
        self.white.iter().filter(|at| inside(**at) && !painted(**at)).count()
    }
}

/// What one page does not show.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Unseen {
    number: u32,
    outside: usize,
    invisible: usize,
    white: usize,
}

/// Drops the words off the sheet, sets those apart that are cut off, and counts what else is not shown.
pub(super) fn look(page: &mut RawPage, paper: &Paper, sheet: Rect) -> Unseen {
    let (w, h) = page.size;
    let before = page.words.len();
    let shown = |r: &Rect| r.x1 > 0.0 && r.y1 > 0.0 && r.x0 < w && r.y0 < h;
    if page.words.iter().any(|word| !shown(&word.rect)) {
        let words = std::mem::take(&mut page.words);
        for word in words {
            if shown(&word.rect) {
                page.words.push(word);
            } else if !word.hidden && word.rect.overlaps(sheet) {
                page.cut_off.push(word);
            }
        }
    }
    Unseen {
        number: page.number,
        outside: before - page.words.len(),
        invisible: invisible(page),
        white: paper.white_on_white(page),
    }
}

/// Drops the words that are cut off if they are more than a printer's marks.
pub(super) fn keep_marks(pages: &mut [RawPage]) {
    let count = |of: &dyn Fn(&RawPage) -> usize| pages.iter().map(of).sum::<usize>();
    if count(&|p| p.cut_off.len()) * RARE > count(&|p| p.words.len()) {
        pages.iter_mut().for_each(|p| p.cut_off = Vec::new());
    }
}

/// Words that are not painted and stand over no picture.
fn invisible(page: &RawPage) -> usize {
    if !page.words.iter().any(|w| w.hidden) {
        return 0;
    }
    let area = |r: &Rect| r.width() * r.height();
    let pictures: f32 = page.images.iter().map(area).sum();
    // Scans come in strips too.
    if pictures * 2.0 > page.size.0 * page.size.1 {
        return 0;
    }
    let over = |word: &RawWord| page.images.iter().take(MOST).any(|r| r.overlaps(word.rect));
    page.words.iter().filter(|w| w.hidden && !over(w)).count()
}

/// What is to be told of a file's pages.
pub(super) fn notes(pages: &[Unseen], kept: bool) -> Vec<Note> {
    let named = |count: &dyn Fn(&Unseen) -> usize, what: &str| -> Option<String> {
        let found: Vec<String> = pages
            .iter()
            .filter(|p| count(p) >= FEWEST)
            .map(|p| format!("page {} ({} {what})", p.number, count(p)))
            .collect();
        match found.len() {
            0 => None,
            n if n > NAMED => Some(format!(
                "{} and {} more",
                found.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", "),
                n - NAMED
            )),
            _ => Some(found.join(", ")),
        }
    };
    let mut out = Vec::new();
    if let Some(which) = named(&|p| p.outside, "words") {
        let fate = if kept { "counts as its foot where it is on the sheet" } else { "was left out" };
        out.push(Note::warning("text_outside_page", format!("Text outside the page shown {fate}: {which}.")));
    }
    let unseen = [
        named(&|p| p.white, "letters").map(|which| format!("white on white on {which}")),
        named(&|p| p.invisible, "words").map(|which| format!("not painted, over no picture, on {which}")),
    ];
    let unseen: Vec<String> = unseen.into_iter().flatten().collect();
    if !unseen.is_empty() {
        let message =
            format!("Text that a reader of the page does not see is among what was read: {}.", unseen.join("; "));
        out.push(Note::warning("hidden_text", message));
    }
    out
}
