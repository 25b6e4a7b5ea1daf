//! Puts formulas back into their lines: signs with limits above and below, fractions, raised and lowered letters stand on
//! baselines of their own, but they were written where they are to be read.

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
    out
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
    fn cells_of_two_lines_are_no_formula() {
        let mut words = line("1.", 50.0, 700.0, 10.0);
        words.extend(line("Bidrag till", 75.0, 705.0, 10.0));
        words.extend(line("föreningar", 75.0, 693.0, 10.0));
        words.extend(line("40 000", 160.0, 700.0, 10.0));
        assert_eq!(texts(words), ["Bidrag till", "1.", "40 000", "föreningar"]);
    }
}
