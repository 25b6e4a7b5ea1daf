//! Parts line fragments where the rows above and below leave the same upright stretch empty: cells of a table that stand
//! hardly further apart than words do.

use super::frag::{Frag, is_paragraph_mark};
use crate::ingest::layout::is_list_item;

/// Narrowest gap that may part two cells, in ems.
const NARROW: f32 = 0.45;
/// How much wider than the line's other gaps it must be.
const WIDER: f32 = 1.6;
/// Widest gap between two words of a justified line, in ems.
const WIDEST: f32 = 4.0;
/// How many rows up and down show the edges of a column.
const COLUMN: usize = 25;
/// How many rows up and down are asked.
const REACH: usize = 8;
/// How many other rows must have a gap there.
const AGREE: usize = 2;
/// How many of them must have one if those are narrow too.
const AGREE_NARROW: usize = 3;

/// An empty stretch of a row.
struct Gap {
    x0: f32,
    x1: f32,
    /// The fragment and the word after the gap, if the gap is inside one.
    inside: Option<(usize, usize)>,
}

/// Fragments on one baseline, from left to right.
struct Row {
    frags: Vec<usize>,
    y: f32,
    size: f32,
    gaps: Vec<Gap>,
}

/// Parts fragments, which come sorted from top to bottom, at gaps that other rows confirm.
pub(super) fn part(frags: Vec<Frag>) -> Vec<Frag> {
    let frags = heal(frags);
    let rows = rows(&frags);
    if !rows.iter().flat_map(|r| &r.gaps).any(|g| g.inside.is_some()) {
        return frags;
    }
    let mut cuts: Vec<(usize, usize)> = Vec::new();
    for (n, row) in rows.iter().enumerate() {
        for gap in &row.gaps {
            if let Some(at) = gap.inside.filter(|_| is_confirmed(gap, n, row, &rows, &frags)) {
                cuts.push(at);
            }
        }
    }
    if cuts.is_empty() {
        return frags;
    }
    cuts.sort_unstable();
    let mut out = Vec::with_capacity(frags.len() + cuts.len());
    let mut cuts = cuts.into_iter().peekable();
    for (i, mut frag) in frags.into_iter().enumerate() {
        let mut taken = 0;
        while let Some((_, at)) = cuts.next_if(|c| c.0 == i) {
            out.push(frag.split_off_front(at - taken));
            taken = at;
        }
        out.push(frag);
    }
    out
}

/// Joins the pieces of a justified line whose words stand far apart: lines above and below cross the gap and end where
/// this line does, or others of its column do.
fn heal(mut frags: Vec<Frag>) -> Vec<Frag> {
    let rows = rows(&frags);
    let crosses = |row: &Row, gap: &Gap| {
        row.frags.iter().filter_map(|i| frags.get(*i)).find(|f| f.x0 < gap.x0 && f.x1 > gap.x1).map(|f| (f.x0, f.x1))
    };
    let mut joins: Vec<(usize, usize, bool)> = Vec::new();
    for (n, row) in rows.iter().enumerate() {
        let pieces: Vec<&Frag> = row.frags.iter().filter_map(|i| frags.get(*i)).collect();
        for (k, w) in row.frags.windows(2).enumerate() {
            let ([a, b], [left, right]) = (w, pieces.get(k..k + 2).unwrap_or_default()) else { continue };
            let follows = right.seq == left.last_seq + 1 && (left.size - right.size).abs() < 0.05 * left.size;
            let gap = Gap { x0: left.x1, x1: right.x0, inside: None };
            if !follows || gap.x1 - gap.x0 > WIDEST * left.size {
                continue;
            }
            // The whole line: the pieces written in one go with these two.
            let run = |mut at: usize, step: isize| {
                while let (Some(here), Some(next)) =
                    (pieces.get(at), at.checked_add_signed(step).and_then(|i| pieces.get(i)))
                    && here.seq.abs_diff(next.last_seq).min(here.last_seq.abs_diff(next.seq)) == 1
                {
                    at = at.saturating_add_signed(step);
                }
                at
            };
            let line = pieces.get(run(k, -1)..=run(k + 1, 1)).unwrap_or_default();
            let (x0, x1) = (line.first().map_or(0.0, |f| f.x0), line.last().map_or(0.0, |f| f.x1));
            let same = |a: f32, b: f32| (a - b).abs() < 0.35 * row.size;
            let near = |other: &&Row| (other.y - row.y).abs() < 3.2 * row.size;
            let above = rows.iter().take(n).rev().take(2).filter(near).find_map(|r| crosses(r, &gap));
            let below = rows.iter().skip(n + 1).take(2).filter(near).find_map(|r| crosses(r, &gap));
            let between = above.zip(below).is_some_and(|(above, below)| {
                (same(x0, above.0) || same(x0, below.0)) && (same(x1, above.1) || same(x1, below.1))
            });
            let others = || {
                let near = rows.iter().skip(n.saturating_sub(COLUMN)).take(2 * COLUMN);
                near.flat_map(|r| &r.frags).filter_map(|i| frags.get(*i))
            };
            // The middle of a sentence between the edges of other lines.
            let in_column = || {
                (right.text.starts_with(char::is_lowercase) || right.text.ends_with(['-', '\u{ad}']))
                    && others().filter(|f| same(f.x0, x0) && same(f.x1, x1)).take(3).count() == 3
            };
            // Words as far from one another as the next ones are, up to where other lines end.
            let even = || {
                let gaps = line.windows(2).map(|w| if let [a, b] = w { b.x0 - a.x1 } else { 0.0 });
                let (least, most) = gaps.fold((f32::MAX, f32::MIN), |(a, b), gap| (a.min(gap), b.max(gap)));
                line.len() > 2
                    && most - least < 0.06 * row.size
                    && line.iter().skip(1).all(|f| f.text.starts_with(char::is_lowercase))
                    && others().filter(|f| same(f.x1, x1)).take(4).count() == 4
            };
            if between || in_column() || even() {
                // Where other lines begin too, rows of cells may part it again.
                let alone = others().filter(|f| same(f.x0, right.x0)).take(3).count() < 3;
                joins.push((*a, *b, alone && !between));
            }
        }
    }
    // From the right, so that a piece has all that follows it when it is joined to the one before.
    for (a, b, alone) in joins.into_iter().rev() {
        let Some(right) = frags.get_mut(b).map(Frag::take) else { continue };
        if let Some(left) = frags.get_mut(a) {
            left.push(right, true);
            left.whole |= alone;
        }
    }
    frags.retain(|f| !f.words.is_empty());
    frags
}

fn rows(frags: &[Frag]) -> Vec<Row> {
    let mut out: Vec<Row> = Vec::new();
    for (i, f) in frags.iter().enumerate().filter(|(_, f)| f.angle == 0) {
        match out.last_mut() {
            Some(row) if (row.y - f.y).abs() < 0.3 * row.size.max(f.size) => row.frags.push(i),
            _ => out.push(Row { frags: vec![i], y: f.y, size: f.size, gaps: Vec::new() }),
        }
    }
    for row in &mut out {
        let x_of = |i: &usize| frags.get(*i).map_or(0.0, |f| f.x0);
        row.frags.sort_by(|a, b| x_of(a).total_cmp(&x_of(b)));
        let mut right: Option<f32> = None;
        for i in &row.frags {
            let Some(f) = frags.get(*i) else { continue };
            if let Some(x0) = right.filter(|x0| *x0 < f.x0) {
                row.gaps.push(Gap { x0, x1: f.x0, inside: None });
            }
            inner_gaps(f, *i, &mut row.gaps);
            right = Some(right.map_or(f.x1, |r: f32| r.max(f.x1)));
        }
    }
    out
}

/// The gaps inside a fragment that are wider than the others.
fn inner_gaps(f: &Frag, number: usize, out: &mut Vec<Gap>) {
    if f.words.len() < 2 || f.whole {
        return;
    }
    let gap = |w: &[crate::ingest::layout::DraftWord]| match w {
        [a, b] if b.spaced => b.rect.x0 - a.rect.x1,
        _ => 0.0,
    };
    let widest = f.words.windows(2).map(gap).fold(0.0, f32::max);
    if widest < NARROW * f.size {
        return;
    }
    let numbers = f.words.iter().all(|w| w.text.bytes().all(|b| !b.is_ascii_alphabetic()));
    let mut usual = 0.28 * f.size;
    if f.words.len() > 4 && !numbers {
        let mut gaps: Vec<f32> = f.words.windows(2).map(gap).collect();
        gaps.sort_by(f32::total_cmp);
        usual = gaps.get((gaps.len() - 1) / 3).copied().unwrap_or(usual).max(usual);
    }
    let marker = |n: usize| {
        let before = || f.words.iter().take(n + 1).map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ");
        n == 0 && f.words.first().is_some_and(|w| w.text.len() <= 8 && is_list_item(&format!("{} A", w.text)))
            || n < 3 && is_paragraph_mark(&before())
    };
    for (n, w) in f.words.windows(2).enumerate() {
        let [a, b] = w else { continue };
        if gap(w) >= (WIDER * usual).max(NARROW * f.size) && !marker(n) {
            out.push(Gap { x0: a.rect.x1, x1: b.rect.x0, inside: Some((number, n + 1)) });
        }
    }
}

/// True if rows above and below leave the stretch empty too and no text crosses it before.
fn is_confirmed(gap: &Gap, n: usize, row: &Row, rows: &[Row], frags: &[Frag]) -> bool {
    let least = 0.35 * row.size;
    let (mut wide, mut narrow) = (0, 0);
    let mut look = |others: &mut dyn Iterator<Item = &Row>| {
        let mut last = row.y;
        for other in others.take(REACH) {
            if (last - other.y).abs() > 4.5 * row.size.max(other.size) {
                break;
            }
            last = other.y;
            let found = other.gaps.iter().find(|g| g.x1.min(gap.x1) - g.x0.max(gap.x0) >= least);
            match found {
                Some(g) if g.inside.is_none() => wide += 1,
                Some(_) => narrow += 1,
                None => {
                    let crosses = |i: &usize| frags.get(*i).is_some_and(|f| f.x0 < gap.x1 - 0.1 && f.x1 > gap.x0 + 0.1);
                    if other.frags.iter().any(crosses) {
                        break;
                    }
                }
            }
        }
    };
    look(&mut rows.iter().take(n).rev());
    look(&mut rows.iter().skip(n + 1));
    wide >= AGREE || wide + narrow >= AGREE_NARROW
}

#[cfg(test)]
mod tests {
    use super::super::frag::Sheet;
    use super::super::frag::tests::line;
    use crate::ingest::pdf::page::RawPage;

    #[test]
    fn a_justified_line_set_wide_is_one() {
        // Words of five letters are 25 points wide.
        let row = |xs: &[f32], y: f32| xs.iter().flat_map(|x| line("namnd", *x, y, 10.0)).collect::<Vec<_>>();
        let full: Vec<f32> = (0..8).map(|i| 50.0 + 28.0 * i as f32).collect();
        let mut words: Vec<_> = (0..4).flat_map(|i| row(&full, 700.0 - 14.0 * i as f32)).collect();
        // Set wide as the last line of an item that begins further to the right.
        words.extend(row(&[65.0, 125.333, 185.667, 246.0], 644.0));
        words.extend(row(&[65.0], 630.0));
        let sheet = Sheet::new(RawPage { words, size: (595.0, 842.0), ..RawPage::default() });
        let texts: Vec<usize> = sheet.frags.iter().map(|f| f.words.len()).collect();
        assert_eq!(texts, [8, 8, 8, 8, 4, 1]);
    }

    #[test]
    fn a_header_close_set_is_parted_where_the_rows_below_are() {
        let mut words = line("Insats", 50.0, 700.0, 10.0);
        words.extend(line("Utfall 2023", 150.0, 700.0, 10.0));
        words.extend(line("Budget 2024", 210.0, 700.0, 10.0));
        for i in 1..4 {
            let y = 700.0 - 14.0 * i as f32;
            words.extend(line("Larm", 50.0, y, 10.0));
            words.extend(line("1 234", 180.0, y, 10.0));
            words.extend(line("1 234", 240.0, y, 10.0));
        }
        let sheet = Sheet::new(RawPage { words, size: (595.0, 842.0), ..RawPage::default() });
        let texts: Vec<&str> = sheet.frags.iter().map(|f| f.text.as_str()).collect();
        assert_eq!(texts[..3], ["Insats", "Utfall 2023", "Budget 2024"]);
        assert_eq!(texts[3..6], ["Larm", "1 234", "1 234"]);
    }
}
