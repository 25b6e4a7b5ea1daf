//! Defines `Turn`: a page turned by quarters, so that text that runs up, down or upside down can be read like any other.

use super::pdf::{RawPage, RawWord};
use crate::base::Rect;

/// A clockwise turn of a page of some size. Points of the page as it was become points of the page as it is then; both have
/// their origin at the bottom left.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Turn {
    /// 0, 90, 180 or 270, clockwise.
    degrees: u16,
    /// Width and height before the turn.
    from: (f32, f32),
}

impl Turn {
    /// The turn by this many degrees; what is no quarter turns nothing.
    pub(super) fn clockwise(degrees: u16, size: (f32, f32)) -> Turn {
        let degrees = if matches!(degrees, 90 | 180 | 270) { degrees } else { 0 };
        Turn { degrees, from: size }
    }

    /// The turn that takes everything back.
    pub(super) fn back(self) -> Turn {
        Turn { degrees: (360 - self.degrees) % 360, from: self.size() }
    }

    /// Width and height after the turn.
    pub(super) fn size(self) -> (f32, f32) {
        let (w, h) = self.from;
        if matches!(self.degrees, 90 | 270) { (h, w) } else { (w, h) }
    }

    fn point(self, (x, y): (f32, f32)) -> (f32, f32) {
        let (w, h) = self.from;
        match self.degrees {
            90 => (y, w - x),
            180 => (w - x, h - y),
            270 => (h - y, x),
            _ => (x, y),
        }
    }

    /// Where a box is then.
    pub(super) fn rect(self, r: Rect) -> Rect {
        let (a, b) = (self.point((r.x0, r.y0)), self.point((r.x1, r.y1)));
        Rect::new(a.0, a.1, b.0, b.1)
    }

    /// Turns a word with its page.
    pub(super) fn word(self, word: &mut RawWord) {
        let level = |angle: u16| angle.is_multiple_of(180);
        // Letters stand on a line; any point of it says where.
        let foot = if level(word.angle) { (0.0, word.baseline) } else { (word.baseline, 0.0) };
        let foot = self.point(foot);
        let tilted = !word.angle.is_multiple_of(90);
        word.angle = (word.angle + 360 - self.degrees) % 360;
        // The lines of a tilted text stay as far from one another, wherever the origin is.
        if !tilted {
            word.baseline = if level(word.angle) { foot.1 } else { foot.0 };
        }
        word.rect = self.rect(word.rect);
    }

    /// Turns all that a page shows.
    pub(super) fn page(self, page: &mut RawPage) {
        page.size = self.size();
        page.words.iter_mut().chain(&mut page.cut_off).for_each(|word| self.word(word));
        for r in page.rules.iter_mut().chain(&mut page.boxes).chain(&mut page.images).chain(&mut page.drawings) {
            *r = self.rect(*r);
        }
    }
}

/// The way most of a page's letters run: 0, 90, 180 or 270 degrees counter-clockwise.
pub(super) fn main_angle(words: &[RawWord]) -> u16 {
    let letters = |angle: u16| -> usize { words.iter().filter(|w| w.angle == angle).map(|w| w.text.len()).sum() };
    [0, 90, 180, 270].into_iter().max_by_key(|a| (letters(*a), u16::MAX - a)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(angle: u16, rect: Rect, baseline: f32) -> RawWord {
        RawWord {
            text: "ord".into(),
            rect,
            baseline,
            size: 10.0,
            bold: false,
            italic: false,
            angle,
            hidden: false,
            artifact: false,
            mcid: None,
            tag: None,
            space_after: false,
            font: 0,
        }
    }

    #[test]
    fn text_that_runs_any_way_becomes_level_and_goes_back() {
        // On a page of 200 by 100: a word 30 long and 10 high, whose letters stand 2 above its lower edge.
        let cases = [
            (0, Rect::new(20.0, 40.0, 50.0, 50.0), 42.0),
            (90, Rect::new(20.0, 40.0, 30.0, 70.0), 28.0),
            (180, Rect::new(20.0, 40.0, 50.0, 50.0), 48.0),
            (270, Rect::new(20.0, 40.0, 30.0, 70.0), 22.0),
        ];
        for (angle, rect, baseline) in cases {
            let before = word(angle, rect, baseline);
            let turn = Turn::clockwise(main_angle(std::slice::from_ref(&before)), (200.0, 100.0));
            let mut after = before.clone();
            turn.word(&mut after);
            assert_eq!((after.angle, after.rect.width(), after.rect.height()), (0, 30.0, 10.0), "{angle}");
            assert_eq!(after.baseline - after.rect.y0, 2.0, "{angle}");
            let (w, h) = turn.size();
            assert!(after.rect.x1 <= w && after.rect.y1 <= h, "{angle}");
            turn.back().word(&mut after);
            assert_eq!(after, before);
            assert_eq!(turn.back().size(), (200.0, 100.0));
        }
    }

    #[test]
    fn the_main_angle_is_that_of_most_letters() {
        let at = Rect::new(0.0, 0.0, 1.0, 1.0);
        assert_eq!(main_angle(&[]), 0);
        assert_eq!(main_angle(&[word(0, at, 0.0), word(90, at, 0.0)]), 0);
        assert_eq!(main_angle(&[word(0, at, 0.0), word(90, at, 0.0), word(90, at, 0.0)]), 90);
    }
}
