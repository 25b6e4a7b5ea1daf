//! Puts formulas back into their lines: signs with limits above and below, fractions, raised and lowered letters, rows
//! between tall brackets stand on baselines of their own, but they were written where they are to be read.

use super::frag::Frag;

/// Most pieces of one formula between two pieces of its line.
const MOST: usize = 8;
/// Widest gap between neighbouring pieces, in ems.
const GAP: f32 = 0.75;
/// How far a piece may reach over its neighbour, in ems.
const OVER: f32 = 0.35;
/// Widest stretch that pieces off the line may fill, in ems.
const WIDEST: f32 = 6.0;
/// Letters smaller than this share of the line's are limits, raised or lowered.
const LIMIT: f32 = 0.85;
/// How far off the line a piece may stand, in ems.
const FARTHEST: f32 = 2.6;

/// Joins the pieces of formulas with the pieces of the line they belong to. `frags` come in content order.
pub(super) fn fold(frags: Vec<Frag>) -> Vec<Frag> {
    let mut out: Vec<Frag> = Vec::with_capacity(frags.len());
    for frag in frags {
        if frag.angle != 0 {
            out.push(frag);
            continue;
        }
        if starts_new_line(&out, &frag) {
            fold_end(&mut out);
        }
        match start_of(&out, &frag).or_else(|| sign_before(&out, &frag)) {
            Some(start) => {
                let (y, size) = (frag.y, frag.size);
                out.push(frag);
                join(&mut out, start, y, size);
            }
            None => out.push(frag),
        }
    }
    fold_end(&mut out);
    join_displays(out)
}

/// True if a fragment stands well below or above the last one, so that a formula before it has ended.
fn starts_new_line(out: &[Frag], frag: &Frag) -> bool {
    out.last().is_some_and(|l| frag.x0 < l.x0 || frag.x0 > l.x1 + 2.0 * GAP * frag.size)
}

/// Makes one fragment of all from `start` on, with a line's baseline and size.
fn join(out: &mut Vec<Frag>, start: usize, y: f32, size: f32) {
    let mut pieces = out.split_off(start).into_iter();
    let Some(mut line) = pieces.next() else { return };
    for piece in pieces {
        let spaced = line.spaced_before(&piece);
        line.push(piece, spaced);
    }
    (line.y, line.size) = (y, size);
    out.push(line);
}

/// Pieces that stand off a line, measured against it.
struct Pieces {
    low: f32,
    high: f32,
    above: bool,
    below: bool,
    /// True if they are one above the other, centred: a fraction.
    fraction: bool,
}

impl Pieces {
    /// Measures pieces; nothing if one of them stands on the line or far from it.
    fn of(pieces: &[Frag], y: f32, size: f32) -> Option<Pieces> {
        // Limits may reach under what stands beside their sign.
        let large = pieces.iter().any(|p| p.size > LIMIT * size);
        let mut out = Pieces { low: f32::MAX, high: f32::MIN, above: false, below: false, fraction: false };
        for piece in pieces {
            let off = piece.y - y;
            if piece.angle != 0 || !(0.15 * size..FARTHEST * size).contains(&off.abs()) {
                return None;
            }
            out.above |= off > 0.0;
            out.below |= off < 0.0;
            if !large || piece.size > LIMIT * size {
                out.low = out.low.min(piece.x0);
                out.high = out.high.max(piece.x1);
            }
        }
        if let [a, b] = pieces {
            out.fraction = out.above && out.below && (a.x0 + a.x1 - b.x0 - b.x1).abs() < size;
        }
        Some(out)
    }

    fn fits(&self, size: f32) -> bool {
        self.fraction || self.high - self.low < WIDEST * size
    }
}

/// True if two pieces with this gap between them are neighbours.
fn near(gap: f32, size: f32) -> bool {
    (-OVER * size..GAP * size).contains(&gap)
}

/// Where the fragment is that `last` goes on, if it goes on one through a formula.
fn start_of(out: &[Frag], last: &Frag) -> Option<usize> {
    let size = last.size;
    let level = |f: &Frag| (f.y - last.y).abs() <= 0.2 * size && (f.size - last.size).abs() < 0.1 * size;
    let back = out.iter().rev().take(MOST + 1).position(|f| f.angle == 0 && level(f)).filter(|back| *back > 0)?;
    let start = out.len().checked_sub(back + 1)?;
    let line = out.get(start)?;
    let pieces = Pieces::of(out.get(start + 1..)?, last.y, size)?;
    (pieces.fits(size) && near(pieces.low - line.x1, size) && near(last.x0 - pieces.high, size)).then_some(start)
}

/// Where a sign with its limits stands that a line begins with.
fn sign_before(out: &[Frag], last: &Frag) -> Option<usize> {
    let size = last.size;
    (2..=3).find_map(|count| {
        let start = out.len().checked_sub(count)?;
        let before = out.get(start..)?;
        let pieces = Pieces::of(before, last.y, size)?;
        let limits = before.iter().any(|f| f.size < LIMIT * size) || pieces.fraction;
        (limits && pieces.above && pieces.below && pieces.fits(size) && near(last.x0 - pieces.high, size))
            .then_some(start)
    })
}

/// Joins a fraction that a line ends with.
fn fold_end(out: &mut Vec<Frag>) {
    let Some([line, before @ ..]) = out.len().checked_sub(3).and_then(|at| out.get(at..)) else { return };
    let (y, size) = (line.y, line.size);
    let ends = line.angle == 0
        && Pieces::of(before, y, size).is_some_and(|p| p.fraction && near(p.low - line.x1, size))
        && before.iter().all(|f| (f.y - y).abs() < 1.1 * size && f.x0 - line.x1 < 2.0 * size);
    if ends {
        let start = out.len() - 3;
        join(out, start, y, size);
    }
}

/// Most pieces of a formula on several rows.
const MOST_PIECES: usize = 96;
/// Widest gap inside such a formula, in ems.
const WIDE: f32 = 2.2;
/// Most words of a piece that stands off the formula's line.
const MOST_WORDS: usize = 6;
/// How far a tall bracket hangs below its baseline, in ems.
const TALL: f32 = 2.4;

/// Signs that only formulas have, as far as a line with rows above and below it goes; not the minus sign.
fn is_sign(c: char) -> bool {
    matches!(c, '\u{2200}'..='\u{2211}' | '\u{221a}'..='\u{22ff}' | '\u{239b}'..='\u{23b3}' | '\u{23dc}'..='\u{23e1}'
        | '\u{27e6}'..='\u{27ef}' | '\u{2a00}'..='\u{2aff}' | '\u{f8e5}'..='\u{f8fe}' | '\u{fe35}'..='\u{fe38}')
}

/// A bracket, or pieces of one, and nothing else.
fn is_bracket(text: &str) -> bool {
    text.chars().all(|c| {
        matches!(c, '(' | ')' | '[' | ']' | '{' | '}' | '|' | '∣' | '∥' | '‖' | ' ' | '\u{239b}'..='\u{23b3}' | '\u{f8e5}'..='\u{f8fe}')
    })
}

/// True for a brace above or below other signs.
fn is_brace(text: &str) -> bool {
    text.chars().all(|c| matches!(c, '\u{fe35}'..='\u{fe38}' | '\u{23dc}'..='\u{23e1}' | ' '))
}

/// Pieces written one after the other that overlap in height and go on to the right.
#[derive(Default)]
struct Display {
    pieces: Vec<Frag>,
    x0: f32,
    x1: f32,
    y0: f32,
    y1: f32,
    size: f32,
}

impl Display {
    fn take(&mut self, frag: Frag) {
        let (low, high) = Display::height(&frag);
        if self.pieces.is_empty() {
            (self.x0, self.x1, self.y0, self.y1, self.size) = (frag.x0, frag.x1, low, high, frag.size);
        }
        (self.x0, self.x1) = (self.x0.min(frag.x0), self.x1.max(frag.x1));
        (self.y0, self.y1) = (self.y0.min(low), self.y1.max(high));
        self.size = self.size.max(frag.size);
        self.pieces.push(frag);
    }

    /// Lower and upper edge; tall brackets hang from their baseline.
    fn height(frag: &Frag) -> (f32, f32) {
        let low = if is_bracket(&frag.text) { frag.y - TALL * frag.size } else { frag.bottom() };
        (low, frag.top())
    }

    /// True if the formula may go on with a piece.
    fn goes_on(&self, frag: &Frag) -> bool {
        let Some(last) = self.pieces.last() else { return true };
        let (low, high) = Display::height(frag);
        let back = frag.x0 <= self.x0 + 0.3 * self.size;
        // A new line begins where this one did, or further to the left.
        let new_line =
            back && !is_brace(&frag.text) && (frag.size > LIMIT * self.size || frag.x0 < self.x0 - 0.3 * self.size);
        frag.angle == 0
            && last.angle == 0
            && self.pieces.len() < MOST_PIECES
            && frag.seq == last.last_seq + 1
            && !new_line
            && frag.x0 - self.x1 < WIDE * self.size
            && high > self.y0
            && low < self.y1
    }

    /// Gives the pieces back, as one if they are a formula on several rows.
    fn finish(&mut self, out: &mut Vec<Frag>) {
        let pieces = std::mem::take(&mut self.pieces);
        let Some(line) = self.line(&pieces) else { return out.extend(pieces) };
        let mut pieces = pieces.into_iter();
        let Some(mut whole) = pieces.next() else { return };
        let mut y = whole.y;
        for piece in pieces {
            // What stands on another row is apart.
            let spaced = (piece.y - y).abs() > 0.5 * self.size || whole.spaced_before(&piece);
            y = piece.y;
            whole.push(piece, spaced);
        }
        (whole.y, whole.size) = (line, self.size);
        out.push(whole);
    }

    /// The baseline of the pieces, if they are a formula on several rows.
    fn line(&self, pieces: &[Frag]) -> Option<f32> {
        if pieces.len() < 3 {
            return None;
        }
        let large = pieces.iter().filter(|p| p.size > LIMIT * self.size && !is_bracket(&p.text));
        let line = large.max_by(|a, b| (a.x1 - a.x0).total_cmp(&(b.x1 - b.x0)))?.y;
        let off = |p: &Frag| (p.y - line).abs() > 0.2 * self.size;
        let rows = pieces.iter().filter(|p| off(p) && !is_bracket(&p.text)).count();
        let short = pieces.iter().filter(|p| off(p)).all(|p| p.words.len() <= MOST_WORDS);
        let signs = pieces.iter().any(|p| p.text.chars().any(is_sign) || is_bracket(&p.text));
        (rows > 0 && short && signs).then_some(line)
    }
}

/// Joins what was written in one go on rows that overlap: matrices, cases, braces with a name, nested fractions.
fn join_displays(frags: Vec<Frag>) -> Vec<Frag> {
    // All signs take three bytes from 0xe2 on, or are brackets alone.
    let signs = |f: &Frag| {
        let bracket = matches!(f.text.as_bytes().first(), Some(b'(' | b')' | b'[' | b']' | b'{' | b'}' | b'|'));
        (!f.text.is_ascii() && f.text.bytes().any(|b| b >= 0xe2) && f.text.chars().any(is_sign))
            || bracket && is_bracket(&f.text)
    };
    if !frags.iter().any(signs) {
        return frags;
    }
    let mut out = Vec::with_capacity(frags.len());
    let mut display = Display::default();
    for frag in frags {
        if !display.goes_on(&frag) {
            display.finish(&mut out);
        }
        display.take(frag);
    }
    display.finish(&mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::super::frag::Sheet;
    use super::super::frag::tests::{line, word};
    use crate::ingest::pdf::page::{RawPage, RawWord};

    fn texts(words: Vec<RawWord>) -> Vec<String> {
        Sheet::new(RawPage { words, ..RawPage::default() }).frags.into_iter().map(|f| f.text).collect()
    }

    #[test]
    fn limits_of_a_sign_stay_in_their_line() {
        let mut words = line("Summan är", 50.0, 700.0, 10.0);
        words.push(word("∑", 98.0, 709.0, 10.0));
        words.push(word("i=1", 96.0, 690.0, 6.0));
        words.extend(line("av alla", 106.0, 700.0, 10.0));
        words.extend(line("Nästa rad går vidare", 50.0, 685.0, 10.0));
        assert_eq!(texts(words), ["Summan är ∑ i=1 av alla", "Nästa rad går vidare"]);
    }

    #[test]
    fn rows_between_brackets_are_read_as_they_were_written() {
        let mut words = line("Då är det så", 50.0, 700.0, 10.0);
        words.push(word("\u{f8eb}", 106.0, 714.0, 10.0));
        words.push(word("\u{f8ed}", 106.0, 702.0, 10.0));
        for (text, x, y) in [("a", 118.0, 707.0), ("b", 136.0, 707.0), ("c", 118.0, 693.0), ("d", 136.0, 693.0)] {
            words.push(word(text, x, y, 10.0));
        }
        words.push(word("\u{f8f6}", 148.0, 714.0, 10.0));
        words.push(word("\u{f8f8}", 148.0, 702.0, 10.0));
        words.extend(line("en matris", 160.0, 700.0, 10.0));
        words.extend(line("Nästa rad går vidare", 50.0, 675.0, 10.0));
        let got = texts(words);
        assert_eq!(got.len(), 2, "{got:?}");
        assert_eq!(
            got[0].replace(|c: char| ('\u{f8e5}'..='\u{f8fe}').contains(&c) || c == ' ', ""),
            "Dåärdetsåabcdenmatris"
        );
    }

    #[test]
    fn cells_of_two_lines_are_no_formula() {
        let mut words = line("1.", 50.0, 700.0, 10.0);
        words.extend(line("Bidrag till", 75.0, 705.0, 10.0));
        words.extend(line("föreningar", 75.0, 693.0, 10.0));
        words.extend(line("40 000", 160.0, 700.0, 10.0));
        assert_eq!(texts(words), ["Bidrag till", "1.", "40 000", "föreningar"]);
    }
}
