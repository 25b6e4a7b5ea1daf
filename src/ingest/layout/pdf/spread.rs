//! Parts a sheet that shows two pages side by side: a booklet, a scan of an open book, two pages printed on one.

use crate::base::Rect;
use crate::ingest::pdf::page::{RawPage, RawWord};

/// A sheet with two pages is wider than high by this factor at least.
const WIDE: f32 = 1.2;
/// Between which shares of the width the pages meet.
const MIDDLE: (f32, f32) = (0.42, 0.58);
/// Narrowest empty stretch between two pages, as a share of the width.
const GAP: f32 = 0.035;
/// Fewest words of a page.
const FEWEST: usize = 12;

/// Where the two pages of a sheet meet, if it shows two: nothing stands in the middle, and both sides have the same head or
/// foot, or numbers that follow one another.
pub(super) fn middle(page: &RawPage) -> Option<f32> {
    let (width, height) = page.size;
    if width < WIDE * height || page.words.len() < 2 * FEWEST || page.words.iter().any(|w| w.angle != 0) {
        return None;
    }
    let (from, to) = (MIDDLE.0 * width, MIDDLE.1 * width);
    let mut spans: Vec<(f32, f32)> =
        page.words.iter().map(|w| (w.rect.x0, w.rect.x1)).filter(|s| s.1 > from && s.0 < to).collect();
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut best = (0.0, 0.0);
    let mut right = from;
    for (x0, x1) in spans.into_iter().chain([(to, to)]) {
        if x0 - right > best.1 - best.0 {
            best = (right, x0);
        }
        right = right.max(x1);
    }
    if best.1 - best.0 < GAP * width {
        return None;
    }
    let at = (best.0 + best.1) / 2.0;
    let (left, right): (Vec<&RawWord>, Vec<&RawWord>) = page.words.iter().partition(|w| w.rect.x0 < at);
    (left.len() >= FEWEST && right.len() >= FEWEST && are_twins(&left, &right)).then_some(at)
}

/// The two pages of a sheet. Boxes of words stay those on the sheet.
pub(super) fn part(page: RawPage, at: f32) -> [RawPage; 2] {
    let (width, height) = page.size;
    let side = |r: &Rect| (r.x0 + r.x1) / 2.0 < at;
    let (words, other_words) = page.words.into_iter().partition(|w| side(&w.rect));
    let (rules, other_rules) = page.rules.into_iter().partition(side);
    let (drawings, other_drawings) = page.drawings.into_iter().partition(side);
    let left = RawPage {
        number: page.number,
        size: (at, height),
        words,
        cut_off: page.cut_off,
        rules,
        drawings,
        ..RawPage::default()
    };
    let right = RawPage {
        number: page.number,
        size: (width - at, height),
        words: other_words,
        rules: other_rules,
        drawings: other_drawings,
        ..RawPage::default()
    };
    [left, right]
}

/// True if the first or the last lines of two pages say the same but for numbers, or are numbers that follow one another.
fn are_twins(left: &[&RawWord], right: &[&RawWord]) -> bool {
    [1.0, -1.0].into_iter().any(|up| {
        let (a, b) = (outermost(left, up), outermost(right, up));
        let level = a.first().zip(b.first()).is_some_and(|(a, b)| (a.baseline - b.baseline).abs() < 0.3 * a.size);
        level && (say_the_same(&a, &b) || follow(&a, &b))
    })
}

/// The words of the highest line, or of the lowest one.
fn outermost<'a>(words: &[&'a RawWord], up: f32) -> Vec<&'a RawWord> {
    let Some(first) = words.iter().max_by(|a, b| (up * a.baseline).total_cmp(&(up * b.baseline))) else {
        return Vec::new();
    };
    words.iter().filter(|w| (w.baseline - first.baseline).abs() < 0.3 * first.size).copied().collect()
}

fn say_the_same(a: &[&RawWord], b: &[&RawWord]) -> bool {
    let names = |words: &[&RawWord]| -> Vec<String> {
        words.iter().map(|w| w.text.clone()).filter(|t| t.chars().filter(|c| c.is_alphabetic()).count() > 2).collect()
    };
    let (a, b) = (names(a), names(b));
    !a.is_empty() && a == b
}

fn follow(a: &[&RawWord], b: &[&RawWord]) -> bool {
    match (a, b) {
        ([a], [b]) => a.text.parse::<u32>().ok().zip(b.text.parse::<u32>().ok()).is_some_and(|(a, b)| a + 1 == b),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::frag::tests::line;
    use super::*;

    fn sheet(foot: [&str; 2]) -> RawPage {
        let mut words = Vec::new();
        for (k, foot) in foot.iter().enumerate() {
            let x = 40.0 + 420.0 * k as f32;
            let text = ["en rad av sidans text", "den andra sidans rader"][k];
            for i in 0..5 {
                words.extend(line(text, x, 500.0 - 14.0 * i as f32, 10.0));
            }
            words.extend(line(foot, x + 100.0, 30.0, 10.0));
        }
        RawPage { words, size: (842.0, 595.0), ..RawPage::default() }
    }

    #[test]
    fn two_pages_on_a_sheet_have_twin_feet() {
        for (feet, two) in [(["4", "5"], true), (["Plan", "Plan"], true), (["4", "7"], false), (["Källa", "9"], false)]
        {
            assert_eq!(middle(&sheet(feet)).is_some(), two, "{feet:?}");
        }
        let mut upright = sheet(["4", "5"]);
        upright.size = (842.0, 900.0);
        assert_eq!(middle(&upright), None);
        let at = middle(&sheet(["4", "5"])).unwrap();
        let [left, right] = part(sheet(["4", "5"]), at);
        assert_eq!((left.words.len(), right.words.len()), (26, 21));
    }
}
