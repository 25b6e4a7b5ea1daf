//! Parts line fragments where the rows above and below leave the same upright stretch empty: cells of a table that stand
//! hardly further apart than words do.

use super::frag::Frag;
use crate::ingest::layout::is_list_item;

/// Narrowest gap that may part two cells, in ems.
const NARROW: f32 = 0.45;
/// How much wider than the line's other gaps it must be.
const WIDER: f32 = 1.6;
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
    if f.words.len() < 2 {
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
        n == 0 && f.words.first().is_some_and(|w| w.text.len() <= 8 && is_list_item(&format!("{} A", w.text)))
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
