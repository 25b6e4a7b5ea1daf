//! Defines `Words`: letters with places become words with boxes.
//!
//! A word ends at a space letter, at a gap wider than letters of a word have, at a jump back or to another line. It does
//! not end where only the font changes or a new string begins. Accents drawn over letters are joined with them,
//! letters drawn twice (poor man's bold) are taken once, and letterspaced words are put together again.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::compose;

use super::page::{RawWord, Tag};
use crate::base::Rect;

/// What the letters of one shown string have in common.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Run {
    /// Unit vector along the line, as shown.
    pub along: (f32, f32),
    /// Unit vector from the baseline towards the ascender.
    pub up: (f32, f32),
    /// Size of the letters in points, as shown.
    pub size: f32,
    /// Ascender above and descender below the baseline, as shares of the size.
    pub ascent: f32,
    pub descent: f32,
    /// Extra room after each letter that the text state asks for, in points as shown.
    pub spacing: f32,
    pub bold: bool,
    pub italic: bool,
    pub font: u16,
    pub mark: Mark,
    /// The same number for letters that look the same in all this; 0 if nothing is known of that.
    pub look: u32,
}

/// What the state outside the letters says of them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Mark {
    pub hidden: bool,
    pub artifact: bool,
    pub mcid: Option<u32>,
    pub tag: Option<Tag>,
}

/// A gap from this share of the size is a space.
const GAP: f32 = 0.13;
/// The same between a letter and one raised or lowered beside it, as a share of the larger: slanted letters reach over.
const GAP_SCRIPT: f32 = 0.16;
/// A jump back by more than this share of the size begins a new word.
const BACK: f32 = 0.5;
/// A letter that begins before this share of the last one's width may be drawn over it.
const OVER: f32 = 0.75;
/// Letters further from the baseline than this share of the size stand on another line.
const OFF_LINE: f32 = 0.36;
/// Letters smaller than this share of those beside them are raised or lowered: `m²`, `CO₂`, a note's number.
const SCRIPT: f32 = 0.82;
/// How far raised or lowered letters may stand from the line, as a share of the size.
const OFF_LINE_SCRIPT: f32 = 0.6;
/// Text is tilted from this sine of the angle between it and the nearest of the four directions.
const TILTED: f32 = 0.05;
/// Less than one word out of so many is tilted where tilted words are texts of their own.
const FEW_TILTED: usize = 4;
/// Spacing from this share of the size is as wide as a space.
const STRETCHED: f32 = 0.2;
/// Letters of a word that all stand this far apart or further, as a share of the size, are letterspaced.
const APART: f32 = 0.06;
/// Widest gap between the letters of such a word, as a share of the size.
const WIDEST_APART: f32 = 0.24;
/// Widest gap between the letters of a letterspaced word, as a share of the size.
const SPACED: f32 = 0.45;
/// Most letters of a letterspaced word.
const MAX_SPACED: usize = 60;
/// Longest word, in bytes; longer ones are cut.
const MAX_WORD: usize = 1000;

/// Room kept for a word, in bytes.
const USUAL_WORD: usize = 16;
/// How many words before it a word may repeat that is drawn twice.
const DOUBLE_WITHIN: usize = 48;

/// The word being put together.
struct Word {
    text: String,
    run: Run,
    start: (f32, f32),
    /// Where the last letter ends.
    end: (f32, f32),
    /// Where the last letter begins, and how wide it is.
    last: (f32, f32),
    last_width: f32,
    last_len: usize,
    last_size: f32,
    /// How far letters stand below and above the first one's baseline, descenders and ascenders included.
    low: f32,
    high: f32,
    size: f32,
    /// How far the first of the largest letters stands above the first letter's baseline.
    shift: f32,
    letters: u32,
    bold: u32,
    italic: u32,
    /// Gap before this word, if it stands on the line of the one before and no space letter parts them.
    gap_before: Option<f32>,
    /// How many letters stand apart from the one before, and the narrowest of these gaps.
    apart: u32,
    least: f32,
    odd: bool,
}

/// Puts letters together.
#[derive(Default)]
pub(super) struct Words {
    pub words: Vec<RawWord>,
    gaps: Vec<Option<f32>>,
    /// Where every word stands along its line.
    lefts: Vec<f32>,
    /// Baseline of every word.
    baselines: Vec<f32>,
    current: Option<Word>,
    /// True if a space letter came after the last letter.
    space: bool,
    /// Words that run neither level nor upright: their numbers, directions in degrees, and baselines across these.
    tilted: Vec<(usize, u16, f32)>,
    /// The spacing of letters that stand for spaces: it began inside a word whose letters before had none.
    stretched: Option<f32>,
    /// Buffers of words done with, used again.
    spare: String,
}

impl Words {
    /// Keeps room for so many words more.
    pub(super) fn reserve(&mut self, words: usize) {
        self.words.reserve(words);
        self.gaps.reserve(words);
        self.lefts.reserve(words);
        self.baselines.reserve(words);
    }

    /// Takes a plain letter (see [`is_plain`]) that goes on the word at hand without any doubt. `follows`: it comes in its string
    /// after a letter that was drawn last, with nothing between them but the run's own spacing. False if it is to be looked at
    /// like any other.
    #[inline]
    pub(super) fn plain_letter(&mut self, run: &Run, origin: (f32, f32), width: f32, c: char, follows: bool) -> bool {
        let Some(word) = &mut self.current else { return false };
        if word.text.len() + c.len_utf8() > MAX_WORD || self.stretched.is_some() {
            return false;
        }
        if !(follows && run.spacing >= 0.0 && word.run.mark.tag == run.mark.tag) {
            if self.space || word.run.look != run.look || run.look == 0 || word.text == "•" {
                return false;
            }
            let d = (origin.0 - word.end.0, origin.1 - word.end.1);
            let gap = d.0 * run.along.0 + d.1 * run.along.1;
            let off = d.0 * run.up.0 + d.1 * run.up.1;
            let from_last = (origin.0 - word.last.0) * run.along.0 + (origin.1 - word.last.1) * run.along.1;
            let close = off.abs() < OFF_LINE * run.size
                && gap - run.spacing < GAP * run.size
                && gap > -BACK * run.size
                && from_last > OVER * word.last_width;
            if !close {
                return false;
            }
            if gap - run.spacing >= APART * run.size {
                word.apart += 1;
                word.least = word.least.min(gap - run.spacing);
            }
            word.last = origin;
            word.reach(run);
        }
        word.text.push(c);
        word.last_len = c.len_utf8();
        word.last = origin;
        word.last_width = width;
        word.end = (origin.0 + run.along.0 * width, origin.1 + run.along.1 * width);
        word.letters += 1;
        word.bold += u32::from(run.bold);
        word.italic += u32::from(run.italic);
        true
    }

    /// Takes a letter: `text` drawn at `origin` (points as shown), `width` wide along the run. True if it is the last of the
    /// word being put together.
    pub(super) fn letter(&mut self, run: &Run, origin: (f32, f32), width: f32, text: &str) -> bool {
        if !is_graphic(text) && text.chars().all(|c| c.is_whitespace() || is_nothing(c)) {
            if text.chars().any(char::is_whitespace) {
                self.blank(run, origin, width);
            }
            return false;
        }
        let mut gap_before = None;
        if let Some(word) = &mut self.current {
            let d = (origin.0 - word.end.0, origin.1 - word.end.1);
            let u = run.along;
            let gap = d.0 * u.0 + d.1 * u.1;
            let off = d.0 * run.up.0 + d.1 * run.up.1;
            let size = run.size.max(word.run.size);
            let turned = u.0 * word.run.along.0 + u.1 * word.run.along.1 < 0.985;
            let script = run.size.min(word.last_size) < SCRIPT * run.size.max(word.last_size);
            let same_line = !turned && off.abs() < if script { OFF_LINE_SCRIPT } else { OFF_LINE } * size;
            // Ghostscript writes spaces as spacing of the letters around them, others set whole words apart by it.
            if word.run.spacing != run.spacing {
                let touches = same_line && !self.space && gap.abs() < 0.06 * size;
                self.stretched = Some(run.spacing).filter(|s| *s > STRETCHED * size && touches);
            }
            let evenly = word.run.spacing == run.spacing && self.stretched != Some(run.spacing) && word.text != "•";
            let tight = if evenly { gap - run.spacing } else { gap };
            let limit = if script { GAP_SCRIPT * size } else { GAP * run.size.min(word.run.size).max(size * 0.5) };
            let limit = word.least_gap().map_or(limit, |least| limit.max((least + limit).min(WIDEST_APART * size)));
            let step = tight;
            if same_line && self.overlay(run, origin, width, text) {
                return false;
            }
            let Some(word) = &mut self.current else { return false };
            let note = script && word.is_note_of(run, off, text);
            let kept = same_line
                && !self.space
                && tight < limit
                && gap > -BACK * size
                && !(script && word.takes_note(run, off, text))
                && !note
                && word.run.mark.hidden == run.mark.hidden
                && word.run.mark.artifact == run.mark.artifact
                && (word.run.mark.tag == run.mark.tag
                    || word.run.mark.mcid == run.mark.mcid
                    || gap.abs() < 0.02 * size)
                && word.text.len() + text.len() <= MAX_WORD;
            if kept {
                if step >= APART * size {
                    word.apart += 1;
                    word.least = word.least.min(step);
                }
                word.push(run, origin, width, text);
                return true;
            }
            if same_line && !self.space && gap > 0.0 {
                gap_before = Some(gap);
            }
            let space = same_line && (self.space || note || (tight >= limit && gap > 0.0));
            self.finish(space);
        }
        self.space = false;
        let mut buffer = std::mem::take(&mut self.spare);
        buffer.clear();
        buffer.reserve(USUAL_WORD);
        let mut word = Word {
            text: buffer,
            run: *run,
            start: origin,
            end: origin,
            last: origin,
            last_width: 0.0,
            last_len: 0,
            last_size: run.size,
            low: 0.0,
            high: 0.0,
            size: 0.0,
            shift: 0.0,
            letters: 0,
            bold: 0,
            italic: 0,
            gap_before,
            apart: 0,
            least: f32::MAX,
            odd: false,
        };
        word.push(run, origin, width, text);
        // What follows a bullet is looked at: its spacing is room, not letterspacing.
        let bullet = word.text == "•";
        self.current = Some(word);
        !bullet
    }

    /// Takes a space letter.
    fn blank(&mut self, run: &Run, origin: (f32, f32), width: f32) {
        let Some(word) = &self.current else { return };
        let d = (origin.0 - word.end.0, origin.1 - word.end.1);
        let gap = d.0 * run.along.0 + d.1 * run.along.1;
        let off = d.0 * run.up.0 + d.1 * run.up.1;
        let size = run.size.max(word.run.size);
        if off.abs() < 0.6 * size && gap > -BACK * size - width.abs() {
            self.space = true;
        } else {
            self.finish(false);
        }
    }

    /// Joins an accent and the letter it is drawn over, or drops a letter drawn again where it stands already.
    fn overlay(&mut self, run: &Run, origin: (f32, f32), width: f32, text: &str) -> bool {
        let Some(word) = &mut self.current else { return false };
        let from_last = (origin.0 - word.last.0) * run.along.0 + (origin.1 - word.last.1) * run.along.1;
        if from_last > OVER * word.last_width || from_last < -1.2 * width.max(word.last_width) {
            return false;
        }
        let Some(last) = word.text.len().checked_sub(word.last_len).and_then(|at| word.text.get(at..)) else {
            return false;
        };
        if last == text && from_last.abs() < 0.2 * word.last_width {
            return true;
        }
        let (mut drawn, mut before) = (text.chars(), last.chars());
        let (Some(new), None, Some(old), None) = (drawn.next(), drawn.next(), before.next(), before.next()) else {
            return false;
        };
        let (letter, accent) = match (combining(old), combining(new)) {
            (Some(accent), None) if new.is_alphabetic() => (new, accent),
            (None, Some(accent)) if old.is_alphabetic() => (old, accent),
            _ => return false,
        };
        let keep = word.text.len() - word.last_len;
        word.text.truncate(keep);
        match compose(dotted(letter), accent) {
            Some(joined) => word.text.push(joined),
            None => word.text.extend([letter, accent]),
        }
        word.last_len = word.text.len() - keep;
        if combining(old).is_some() {
            word.last = origin;
            word.last_width = width;
            let end = (origin.0 + run.along.0 * width, origin.1 + run.along.1 * width);
            if (end.0 - word.end.0) * run.along.0 + (end.1 - word.end.1) * run.along.1 > 0.0 || word.letters == 1 {
                word.end = end;
            }
        }
        true
    }

    /// Ends the word, if there is one: a string stands elsewhere, or the page ends.
    pub(super) fn finish(&mut self, space_after: bool) {
        let space_after = space_after || self.space;
        self.space = false;
        let Some(word) = self.current.take() else { return };
        let gap = word.gap_before;
        let tilt = word.tilt();
        if let Some(done) = word.done(space_after, &mut self.spare) {
            if self.is_double(&done) {
                self.spare = done.text;
                return;
            }
            if let Some((degrees, baseline)) = tilt {
                self.tilted.push((self.words.len(), degrees, baseline));
            }
            let (along, baseline) = place(&done);
            self.lefts.push(along);
            self.baselines.push(baseline);
            self.words.push(done);
            self.gaps.push(gap);
        }
    }

    /// True if the word was drawn before in the same place: shadows and poor man's bold.
    fn is_double(&self, word: &RawWord) -> bool {
        let near = 0.18 * word.size;
        let here = place(word);
        let from = self.lefts.len().saturating_sub(DOUBLE_WITHIN);
        let close = |(x, y): (&f32, &f32)| ((x - here.0).abs() < near) & ((y - here.1).abs() < near);
        let places =
            self.lefts.get(from..).unwrap_or_default().iter().zip(self.baselines.get(from..).unwrap_or_default());
        // Nearly always none is close: looked at without a branch for each.
        places.fold(false, |any, place| any | close(place))
            && self.words.get(from..).unwrap_or_default().iter().any(|w| {
                let there = place(w);
                (there.0 - here.0).abs() < near
                    && (there.1 - here.1).abs() < near
                    && w.text == word.text
                    && w.angle == word.angle
                    && w.hidden == word.hidden
            })
    }

    /// The words of the page, done.
    pub(super) fn take(&mut self) -> Vec<RawWord> {
        self.finish(false);
        self.lefts.clear();
        self.baselines.clear();
        let mut words = std::mem::take(&mut self.words);
        let gaps = std::mem::take(&mut self.gaps);
        let tilted = std::mem::take(&mut self.tilted);
        // A stamp, a watermark; where most is tilted, the paper lay so when it was scanned.
        if tilted.len() * FEW_TILTED < words.len() {
            for (at, degrees, baseline) in tilted {
                if let Some(word) = words.get_mut(at) {
                    (word.angle, word.baseline) = (degrees, baseline);
                }
            }
        }
        join_letterspaced(words, &gaps)
    }
}

impl Word {
    fn push(&mut self, run: &Run, origin: (f32, f32), width: f32, text: &str) {
        let before = self.text.len();
        if is_graphic(text) {
            self.text.push_str(text);
        } else {
            for c in text.chars() {
                match c {
                    c if c.is_ascii_graphic() => self.text.push(c),
                    c => self.odd |= push_clean(&mut self.text, c),
                }
            }
        }
        self.last_len = self.text.len() - before;
        self.last = origin;
        self.last_width = width;
        self.last_size = run.size;
        self.end = (origin.0 + run.along.0 * width, origin.1 + run.along.1 * width);
        let shift = self.reach(run);
        if run.size > 1.05 * self.size {
            self.shift = shift;
        }
        self.size = self.size.max(run.size);
        self.letters += 1;
        self.bold += u32::from(run.bold);
        self.italic += u32::from(run.italic);
        self.run.spacing = run.spacing;
        if self.run.look != run.look {
            self.run.look = 0;
        }
        if run.size > self.run.size {
            self.run.size = run.size;
        }
    }

    /// Makes room above and below for a letter, whose place is the last; gives how far it stands above the first one's baseline.
    #[inline]
    fn reach(&mut self, run: &Run) -> f32 {
        let shift = if self.letters == 0 { 0.0 } else { self.offset() };
        self.low = self.low.min(shift + run.descent * run.size);
        self.high = self.high.max(shift + run.ascent * run.size);
        shift
    }

    /// The narrowest gap between its letters, if there are some and all stand apart.
    fn least_gap(&self) -> Option<f32> {
        (self.apart >= 2 && self.apart + 1 == self.letters).then_some(self.least)
    }

    /// True if a raised figure after this word is a note's number, not a part of it: `beslut¹` but not `m²` or `10⁵`.
    fn takes_note(&self, run: &Run, off: f32, text: &str) -> bool {
        if run.size >= self.last_size || off <= 0.05 * self.last_size || !text.chars().all(|c| c.is_ascii_digit()) {
            return false;
        }
        let letters = self.text.chars().rev().take_while(|c| c.is_alphabetic()).count();
        let digits = self.text.len() - self.text.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        let power = digits == 2 && self.text.ends_with("10");
        !(1..=3).contains(&letters) && !power
    }

    /// True if the word is the raised number of a note whose text begins with this letter.
    fn is_note_of(&self, run: &Run, off: f32, text: &str) -> bool {
        self.last_size < run.size
            && off < -0.05 * run.size
            && self.text.len() <= 2
            && self.text.bytes().all(|b| b.is_ascii_digit())
            && text.starts_with(char::is_uppercase)
    }

    /// How far the last letter stood above the first one's baseline.
    fn offset(&self) -> f32 {
        let d = (self.last.0 - self.start.0, self.last.1 - self.start.1);
        let along = d.0 * self.run.along.0 + d.1 * self.run.along.1;
        (d.0 - along * self.run.along.0) * self.run.up.0 + (d.1 - along * self.run.along.1) * self.run.up.1
    }

    /// Its direction in degrees and its baseline across that, if it runs neither level nor upright.
    fn tilt(&self) -> Option<(u16, f32)> {
        let (along, up) = (self.run.along, self.run.up);
        if along.0.abs().min(along.1.abs()) < TILTED {
            return None;
        }
        let degrees = along.1.atan2(along.0).to_degrees().round().rem_euclid(360.0) as u16;
        Some((degrees, self.start.0 * up.0 + self.start.1 * up.1 + self.shift))
    }

    fn done(mut self, space_after: bool, spare: &mut String) -> Option<RawWord> {
        if self.odd {
            let composed: String = self.text.nfc().collect();
            self.text = composed;
        }
        // Nearly always ASCII and letters from À to ÿ.
        let plain = !self.text.bytes().any(|b| b == 0xc2 || b > 0xc3);
        if !plain && self.text.chars().any(is_right_to_left) {
            self.text = logical(&self.text);
        }
        // A soft hyphen matters only where the word may go on in the next line.
        if !plain && self.text.contains('\u{ad}') {
            let at_end = self.text.ends_with('\u{ad}') && self.text.chars().any(|c| c != '\u{ad}');
            self.text.retain(|c| c != '\u{ad}');
            if at_end {
                self.text.push('\u{ad}');
            }
        }
        if self.text.is_empty() {
            *spare = self.text;
            return None;
        }
        let (s, e, up) = (self.start, self.end, self.run.up);
        let mut rect =
            Rect::new(s.0 + up.0 * self.low, s.1 + up.1 * self.low, e.0 + up.0 * self.low, e.1 + up.1 * self.low);
        rect = rect.union(Rect::new(
            s.0 + up.0 * self.high,
            s.1 + up.1 * self.high,
            e.0 + up.0 * self.high,
            e.1 + up.1 * self.high,
        ));
        if !(rect.x0 + rect.x1 + rect.y0 + rect.y1).is_finite() {
            *spare = self.text;
            return None;
        }
        let angle = angle(self.run.along);
        Some(RawWord {
            text: self.text,
            rect,
            baseline: if angle == 0 || angle == 180 { s.1 + up.1 * self.shift } else { s.0 + up.0 * self.shift },
            size: self.size,
            bold: self.bold * 2 > self.letters,
            italic: self.italic * 2 > self.letters,
            angle,
            hidden: self.run.mark.hidden,
            artifact: self.run.mark.artifact,
            mcid: self.run.mark.mcid,
            tag: self.run.mark.tag,
            space_after,
            font: self.run.font,
        })
    }
}

/// Where a word stands along its line, and its baseline.
fn place(word: &RawWord) -> (f32, f32) {
    (if word.angle.is_multiple_of(180) { word.rect.x0 } else { word.rect.y0 }, word.baseline)
}

/// True for one visible ASCII character, as nearly every letter is.
fn is_graphic(text: &str) -> bool {
    matches!(text.as_bytes(), [byte] if byte.is_ascii_graphic())
}

/// True for visible ASCII characters and those from À to ȿ, which stand for themselves.
#[inline]
pub(super) fn is_plain(c: char) -> bool {
    matches!(c, '!'..='~' | '\u{c0}'..='\u{23f}')
}

/// The nearest of the four directions.
fn angle(along: (f32, f32)) -> u16 {
    match (along.0.abs() >= along.1.abs(), along.0 >= 0.0, along.1 >= 0.0) {
        (true, true, _) => 0,
        (true, false, _) => 180,
        (false, _, true) => 90,
        (false, _, false) => 270,
    }
}

/// Puts together words whose letters were set apart for effect: four or more pieces with even gaps between, most of them
/// single letters; kerned pairs stand closer.
fn join_letterspaced(words: Vec<RawWord>, gaps: &[Option<f32>]) -> Vec<RawWord> {
    let single = |w: &RawWord| {
        let mut chars = w.text.chars();
        matches!((chars.next(), chars.next()), (Some(c), None) if c.is_alphabetic())
    };
    if !words.windows(4).any(|w| w.iter().all(single)) {
        return words;
    }
    let pair = |w: &RawWord| w.text.chars().count() == 2 && w.text.chars().all(char::is_alphabetic);
    let mut out: Vec<RawWord> = Vec::with_capacity(words.len());
    let mut i = 0;
    while let Some(word) = words.get(i) {
        let mut n = 1;
        let mut first = None;
        if single(word) || pair(word) {
            while let (Some(next), Some(Some(gap))) = (words.get(i + n), gaps.get(i + n)) {
                let expected = *first.get_or_insert(*gap);
                if !(single(next) || pair(next))
                    || *gap > SPACED * next.size
                    || (*gap - expected).abs() > 0.1 * next.size
                    || (next.size - word.size).abs() > 0.4 * next.size
                {
                    break;
                }
                n += 1;
            }
        }
        let pairs = words.iter().skip(i).take(n).filter(|w| pair(w)).count();
        let set_apart = (4..=MAX_SPACED).contains(&n) && pairs * 3 <= n && {
            let letters = || words.iter().skip(i).take(n).flat_map(|w| w.text.chars());
            letters().skip(1).all(char::is_lowercase) || letters().all(char::is_uppercase)
        };
        let mut parts = words.iter().skip(i).take(n).cloned();
        if set_apart {
            out.extend(parts.reduce(|mut joined, other| {
                joined.text.push_str(&other.text);
                joined.rect = joined.rect.union(other.rect);
                joined.space_after = other.space_after;
                joined
            }));
        } else {
            out.extend(&mut parts);
        }
        i += n;
    }
    out
}

/// True for letters of Hebrew, Arabic and their kin.
fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
}

/// A word of right-to-left letters that was drawn from left to right, in reading order. Figures in it keep theirs.
fn logical(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut figures: Vec<char> = Vec::new();
    for c in text.chars().rev() {
        if c.is_ascii_alphanumeric() {
            figures.push(c);
            continue;
        }
        out.extend(figures.drain(..).rev());
        out.push(match c {
            '(' => ')',
            ')' => '(',
            '[' => ']',
            ']' => '[',
            c => c,
        });
    }
    out.extend(figures.drain(..).rev());
    // Some Arabic ligatures are whole phrases.
    out.nfkc().filter(|c| !c.is_whitespace()).collect()
}

/// True for characters that show nothing and part nothing.
fn is_nothing(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{e}'..='\u{1f}' | '\u{7f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// Adds a character as it is to be read; true if the text may need composing.
fn push_clean(text: &mut String, c: char) -> bool {
    match c {
        'ﬀ' => text.push_str("ff"),
        'ﬁ' => text.push_str("fi"),
        'ﬂ' => text.push_str("fl"),
        'ﬃ' => text.push_str("ffi"),
        'ﬄ' => text.push_str("ffl"),
        'ﬅ' => text.push_str("ft"),
        'ﬆ' => text.push_str("st"),
        // Bullets of Symbol and Wingdings as Word, LibreOffice and PowerPoint map them.
        '\u{f0b7}' | '\u{f0a7}' | '\u{f0a8}' | '\u{f0d8}' | '\u{f0fc}' | '\u{f076}' | '\u{f02d}' | '\u{f06c}'
        | '\u{f06e}' | '\u{f071}' | '\u{f0d7}' | '\u{f09f}' | '\u{f0a1}' | '\u{f075}' | '\u{e00a}' | '\u{e00c}' => {
            text.push('•');
        }
        // The rest of a symbol font's private range is its codes.
        '\u{f020}'..='\u{f07e}' => text.extend(char::from_u32(c as u32 - 0xf000)),
        // Adobe's old style figures and small capitals.
        '\u{f730}'..='\u{f739}' => text.extend(char::from_u32(c as u32 - 0xf700)),
        '\u{f761}'..='\u{f77a}' => text.extend(char::from_u32(c as u32 - 0xf720)),
        '\u{f6f9}' => text.push('Ł'),
        '\u{2010}' | '\u{2011}' => text.push('-'),
        c if is_nothing(c) || c.is_whitespace() => {}
        c => {
            text.push(c);
            return matches!(c, '\u{300}'..='\u{1fff}' | '\u{2126}'..='\u{212b}' | '\u{2300}'..);
        }
    }
    false
}

/// The combining mark for an accent that stands by itself.
fn combining(c: char) -> Option<char> {
    Some(match c {
        '`' | '\u{300}' => '\u{300}',
        '´' | '\u{301}' => '\u{301}',
        '^' | 'ˆ' | '\u{302}' => '\u{302}',
        '~' | '˜' | '\u{303}' => '\u{303}',
        '¯' | '\u{304}' => '\u{304}',
        '˘' | '\u{306}' => '\u{306}',
        '˙' | '\u{307}' => '\u{307}',
        '¨' | '\u{308}' => '\u{308}',
        '˚' | '°' | '\u{30a}' => '\u{30a}',
        '˝' | '\u{30b}' => '\u{30b}',
        'ˇ' | '\u{30c}' => '\u{30c}',
        '¸' | '\u{327}' => '\u{327}',
        '˛' | '\u{328}' => '\u{328}',
        _ => return None,
    })
}

/// Letters that lose their dot under an accent get it back before composing.
fn dotted(c: char) -> char {
    match c {
        'ı' => 'i',
        'ȷ' => 'j',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::{Mark, Run, Words, is_plain};
    use proptest::prelude::*;

    fn run(size: f32) -> Run {
        Run {
            along: (1.0, 0.0),
            up: (0.0, 1.0),
            size,
            ascent: 0.8,
            descent: -0.2,
            spacing: 0.0,
            bold: false,
            italic: false,
            font: 0,
            mark: Mark::default(),
            look: 1,
        }
    }

    proptest! {
        #[test]
        fn plain_letters_make_the_same_words_as_any(
            letters in prop::collection::vec(
                ("[a-cåÉ1. ]|ﬁ|¨", -60..60i32, -6..6i32, prop::sample::select(vec![10.0f32, 10.0, 10.0, 6.0]), 1..3u32),
                1..20,
            ),
        ) {
            let (mut fast, mut slow) = (Words::default(), Words::default());
            let mut x = 100.0;
            for (text, gap, rise, size, look) in &letters {
                // Mostly close to the last letter.
                x += if gap % 3 == 0 { *gap as f32 / 10.0 } else { 0.0 };
                let at = (x, 700.0 + if rise % 2 == 0 { *rise as f32 } else { 0.0 });
                let run = Run { look: if *size < 10.0 { 3 } else { *look }, bold: *look == 2, ..run(*size) };
                let c = text.chars().next().unwrap();
                if !(is_plain(c) && fast.plain_letter(&run, at, 5.0, c, false)) {
                    fast.letter(&run, at, 5.0, text);
                }
                slow.letter(&run, at, 5.0, text);
                x += 5.0;
            }
            prop_assert_eq!(format!("{:?}", fast.take()), format!("{:?}", slow.take()));
        }
    }

    /// Sets letters (text, gap before in points), all 5 points wide.
    fn set(letters: &[(&str, f32)]) -> Vec<(String, bool)> {
        let mut words = Words::default();
        let mut x = 100.0;
        for (text, gap) in letters {
            x += gap;
            words.letter(&run(10.0), (x, 700.0), 5.0, text);
            x += 5.0;
        }
        words.take().into_iter().map(|w| (w.text, w.space_after)).collect()
    }

    fn w(text: &str, space: bool) -> (String, bool) {
        (text.to_string(), space)
    }

    #[test]
    fn a_gap_is_a_space_and_kerning_is_not() {
        assert_eq!(
            set(&[("n", 0.0), ("ä", 0.3), ("m", -0.4), ("n", 2.0), ("d", 0.0)]),
            [w("näm", true), w("nd", false)]
        );
    }

    #[test]
    fn a_space_letter_parts_words_even_when_narrow() {
        assert_eq!(set(&[("a", 0.0), (" ", 0.0), ("b", -5.0)]), [w("a", true), w("b", false)]);
    }

    #[test]
    fn accents_join_the_letters_they_are_drawn_over() {
        assert_eq!(set(&[("f", 0.0), ("¨", 0.0), ("o", -5.0), ("r", 0.0)]), [w("för", false)]);
        assert_eq!(set(&[("p", 0.0), ("a", 0.0), ("˚", -5.0)]), [w("på", false)]);
        assert_eq!(set(&[("a", 0.0), ("\u{30a}", 0.0), ("r", 0.0)]), [w("år", false)]);
    }

    #[test]
    fn letters_drawn_twice_count_once() {
        assert_eq!(set(&[("A", 0.0), ("A", -4.7), ("B", -0.3), ("B", -4.7)]), [w("AB", false)]);
    }

    #[test]
    fn ligatures_bullets_and_soft_hyphens() {
        assert_eq!(set(&[("\u{f0b7}", 0.0), ("ﬁ", 9.0), ("\u{ad}", 0.0)]), [w("•", true), w("fi\u{ad}", false)]);
        assert_eq!(set(&[("a", 0.0), ("\u{ad}", 0.0), ("b", 0.0)]), [w("ab", false)]);
    }

    #[test]
    fn words_hold_no_white_space_whatever_one_letter_means() {
        assert_eq!(set(&[("\ra\u{1}b\tc", 0.0), ("d\n", 0.0)]), [w("abcd", false)]);
        let phrase = set(&[("\u{fdfa}", 0.0)]);
        assert!(phrase.iter().all(|(text, _)| !text.contains(char::is_whitespace)), "{phrase:?}");
    }

    #[test]
    fn letterspaced_words_are_joined_and_others_are_not() {
        let spaced: Vec<(&str, f32)> = ["P", "R", "O", "T", "O"].iter().map(|c| (*c, 3.0)).collect();
        assert_eq!(set(&spaced), [w("PROTO", false)]);
        let columns: Vec<(&str, f32)> = ["a", "b", "c", "d"].iter().map(|c| (*c, 30.0)).collect();
        assert_eq!(set(&columns).len(), 4);
        let list: Vec<(&str, f32)> = ["a", "A", "b", "B", "c"].iter().map(|c| (*c, 3.0)).collect();
        assert_eq!(set(&list).len(), 5);
    }

    #[test]
    fn kerned_pairs_do_not_break_letterspaced_words() {
        let letters: Vec<&str> = ["O", "R", "D", "L", "I", "S", "T", "A"].to_vec();
        let spaced: Vec<(&str, f32)> = letters.iter().map(|c| (*c, if *c == "A" { 1.0 } else { 2.0 })).collect();
        assert_eq!(set(&spaced), [w("ORDLISTA", false)]);
        // Set apart a little less than words are: one gap that is a little wider parts nothing.
        let near = [("m", 0.0), ("o", 1.1), ("t", 1.1), ("t", 1.5), ("a", 1.1), ("s", 4.0), ("e", 1.1)];
        assert_eq!(set(&near), [w("motta", true), w("se", false)]);
    }

    #[test]
    fn spacing_that_begins_inside_a_word_is_a_space() {
        let mut words = Words::default();
        let spaced = |spacing: f32| Run { spacing, ..run(10.0) };
        let letters = [("r", 0.0, 100.0), ("n", 0.0, 105.0), ("a", 4.0, 110.0), ("f", 4.0, 119.0), ("r", 0.0, 124.0)];
        for (text, spacing, x) in letters {
            words.letter(&spaced(spacing), (x, 700.0), 5.0, text);
        }
        let texts: Vec<String> = words.take().into_iter().map(|w| w.text).collect();
        assert_eq!(texts, ["rna", "fr"]);
        // A word that is set apart from its first letter on is one.
        let mut words = Words::default();
        for (i, text) in ["b", "e", "s", "l", "u", "t"].iter().enumerate() {
            words.letter(&spaced(4.0), (100.0 + 9.0 * i as f32, 700.0), 5.0, text);
        }
        assert_eq!(words.take().len(), 1);
    }

    #[test]
    fn words_repeated_on_an_upright_line_are_kept() {
        let mut words = Words::default();
        let up = Run { along: (0.0, 1.0), up: (-1.0, 0.0), ..run(10.0) };
        for y in [100.0, 150.0, 150.2] {
            words.letter(&up, (300.0, y), 5.0, "a");
            words.finish(true);
        }
        let rects: Vec<f32> = words.take().iter().map(|w| w.rect.y0).collect();
        assert_eq!(rects, [100.0, 150.0], "one is drawn twice in the same place");
    }

    #[test]
    fn a_word_stands_where_its_largest_letters_do() {
        let mut words = Words::default();
        words.letter(&run(7.0), (100.0, 703.0), 3.5, "1");
        words.letter(&run(9.0), (103.5, 700.0), 5.0, "s");
        words.letter(&run(9.0), (108.5, 700.0), 5.0, "e");
        let word = words.take().remove(0);
        assert_eq!((word.text.as_str(), word.baseline), ("1se", 700.0));
    }

    #[test]
    fn the_number_of_a_note_is_a_word_before_its_text() {
        let mut words = Words::default();
        words.letter(&run(6.0), (100.0, 703.0), 3.0, "1");
        words.letter(&run(9.0), (103.0, 700.0), 5.0, "S");
        words.letter(&run(9.0), (108.0, 700.0), 5.0, "e");
        let found: Vec<(String, bool)> = words.take().into_iter().map(|w| (w.text, w.space_after)).collect();
        assert_eq!(found, [("1".to_string(), true), ("Se".to_string(), false)]);
    }

    #[test]
    fn a_few_tilted_words_have_their_own_direction() {
        let tilted = Run { along: (0.9976, 0.0698), up: (-0.0698, 0.9976), ..run(10.0) };
        let angles = |level: usize| -> Vec<u16> {
            let mut words = Words::default();
            words.letter(&tilted, (300.0, 500.0), 5.0, "a");
            words.finish(true);
            for i in 0..level {
                words.letter(&run(10.0), (100.0, 700.0 - 14.0 * i as f32), 5.0, "b");
                words.finish(true);
            }
            words.take().iter().map(|w| w.angle).collect()
        };
        assert_eq!(angles(5)[..2], [4, 0]);
        assert_eq!(angles(1), [0, 0], "a page that lay askew when it was scanned");
    }

    #[test]
    fn right_to_left_words_are_turned_and_figures_in_them_are_not() {
        assert_eq!(set(&[("ם", 0.0), ("ו", 0.0), ("ל", 0.0), ("ש", 0.0)]), [w("שלום", false)]);
        assert_eq!(set(&[("1", 0.0), ("2", 0.0), ("ב", 0.0)]), [w("ב12", false)]);
    }

    #[test]
    fn boxes_hold_the_letters() {
        let mut words = Words::default();
        words.letter(&run(10.0), (100.0, 700.0), 5.0, "a");
        words.letter(&run(10.0), (105.0, 700.0), 5.0, "b");
        let word = words.take().remove(0);
        assert_eq!((word.rect.x0, word.rect.x1, word.rect.y0, word.rect.y1), (100.0, 110.0, 698.0, 708.0));
        assert_eq!((word.baseline, word.angle, word.size), (700.0, 0, 10.0));
    }
}
