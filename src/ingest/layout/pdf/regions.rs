//! Finds reading order: parts a page into regions that are one flow, rows of a table, or columns beside one another.
//!
//! A region is looked at band by band from the top (a band is what stands side by side). Bands that leave the same
//! gutter empty belong together; what was written row by row is a table, what was written column by column is columns.

use super::frag::Frag;

/// Narrowest gutter, in ems.
const GUTTER: f32 = 0.9;
/// Deepest nesting of columns.
const DEEPEST: u8 = 12;

/// A thing on the page: a fragment, or a ruled table as a whole.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    /// Left edge.
    pub(super) x0: f32,
    /// Right edge.
    pub(super) x1: f32,
    /// Lower edge.
    pub(super) y0: f32,
    /// Upper edge.
    pub(super) y1: f32,
    /// Size of its letters.
    pub(super) size: f32,
    /// Baseline; the upper edge of a ruled table.
    pub(super) base: f32,
    /// Place in the content stream.
    pub(super) seq: usize,
    /// What it is.
    pub(super) what: What,
}

/// What an item stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A fragment, by its number on the sheet.
    Frag(usize),
    /// A ruled table, by its number on the page.
    Grid(usize),
}

/// A stretch of the page in reading order.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Region {
    /// Lines of one column, from top to bottom; pieces of one line together.
    Flow(Vec<Vec<usize>>),
    /// Rows of cells; a cell may hold several lines, and may be empty.
    Rows(Vec<Vec<Vec<usize>>>),
    /// Lines that stand for themselves, one under the other: a signature.
    Stack(Vec<Vec<usize>>),
    /// A ruled table.
    Grid(usize),
}

impl Item {
    /// The item of a fragment.
    pub(super) fn of_frag(i: usize, f: &Frag) -> Self {
        Item {
            x0: f.x0,
            x1: f.x1,
            y0: f.bottom(),
            y1: f.top(),
            size: f.size,
            base: f.y,
            seq: f.seq,
            what: What::Frag(i),
        }
    }
}

/// Parts items into regions in reading order.
pub(super) fn order(items: Vec<Item>, frags: &[Frag]) -> Vec<Region> {
    let mut out = Vec::new();
    Reader { frags }.region(items, 0, &mut out);
    out
}

/// What stands side by side, with its extent.
#[derive(Clone, Debug)]
struct Band {
    items: Vec<Item>,
    y0: f32,
    y1: f32,
}

/// An empty upright stretch.
type Gap = (f32, f32);

struct Reader<'a> {
    frags: &'a [Frag],
}

impl Reader<'_> {
    fn region(&self, items: Vec<Item>, depth: u8, out: &mut Vec<Region>) {
        let bands = bands(items);
        let leading = usual_leading(&bands);
        let mut flow: Vec<Band> = Vec::new();
        let mut i = 0;
        while let Some(band) = bands.get(i) {
            if let [Item { what: What::Grid(g), .. }] = band.items.as_slice() {
                push_flow(&mut flow, out);
                out.push(Region::Grid(*g));
                i += 1;
                continue;
            }
            match self.side_by_side(&bands, i, leading).filter(|_| depth < DEEPEST) {
                Some((end, gutters)) => {
                    push_flow(&mut flow, out);
                    let inside: Vec<Band> = bands.get(i..end).unwrap_or(&[]).to_vec();
                    self.beside(inside, &gutters, depth, out);
                    i = end;
                }
                None => {
                    flow.push(band.clone());
                    i += 1;
                }
            }
        }
        push_flow(&mut flow, out);
    }

    /// How far the bands from `start` on leave the same gutter empty, and which gutters last.
    fn side_by_side(&self, bands: &[Band], start: usize, leading: f32) -> Option<(usize, Vec<Gap>)> {
        let first = bands.get(start)?;
        let size = median(first.items.iter().map(|i| i.size));
        let min = GUTTER * size;
        let mut gaps = inner_gaps(first, min);
        if gaps.is_empty() {
            return None;
        }
        let mut end = start + 1;
        let mut lower = first.y0;
        let mut two_sided = count_rows(first);
        let mut ahead = end;
        let mut kept = gaps.clone();
        while let Some(band) = bands.get(ahead) {
            let left: Vec<Gap> = kept.iter().filter_map(|g| free_part(*g, band, min)).collect();
            if left.is_empty() {
                break;
            }
            let space = lower - band.y1;
            let inner = inner_gaps(band, min);
            let both = left.iter().any(|g| inner.iter().any(|n| n.0 <= g.0 + 0.1 && n.1 >= g.1 - 0.1));
            // One-sided lines go on a column if they follow closely; far below they are something else.
            let reach = if two_sided >= 6 { 2.4 } else { 1.45 };
            let close = space <= (reach * leading - 0.9 * size).max(0.55 * size);
            // A line on one side alone, set in larger letters, heads something else.
            let larger = median(band.items.iter().map(|i| i.size)) > 1.15 * size;
            if !both && (!close || larger) {
                break;
            }
            if space > 6.0 * leading.max(size) || (two_sided < 6 && space > 3.2 * leading.max(size)) {
                break;
            }
            kept = left;
            if both {
                two_sided += count_rows(band);
            }
            ahead += 1;
            end = ahead;
            gaps = kept.clone();
            lower = band.y0.min(lower);
        }
        Some((end, gaps))
    }

    /// What stands side by side: columns, or rows of cells.
    fn beside(&self, bands: Vec<Band>, gutters: &[Gap], depth: u8, out: &mut Vec<Region>) {
        let items: Vec<Item> = bands.iter().flat_map(|b| b.items.iter().copied()).collect();
        let column_of = |i: &Item| gutters.iter().filter(|g| i.x0 >= (g.0 + g.1) / 2.0).count();
        let mut columns: Vec<Vec<Item>> = vec![Vec::new(); gutters.len() + 1];
        for item in &items {
            if let Some(c) = columns.get_mut(column_of(item)) {
                c.push(*item);
            }
        }
        columns.retain(|c| !c.is_empty());
        let rows = rows_of(&items);
        if columns.len() > 1 && self.is_table(&columns, &rows, &column_of) {
            out.push(Region::Rows(self.cells(rows, columns.len(), gutters)));
            return;
        }
        let signatures = columns.len() > 1 && self.are_signatures(&rows);
        for column in columns {
            if signatures {
                out.push(Region::Stack(lines_of(&column)));
            } else {
                self.region(column, depth + 1, out);
            }
        }
    }

    /// True if the columns are cells of a table rather than texts beside one another.
    fn is_table(&self, columns: &[Vec<Item>], rows: &[Vec<Item>], column_of: &impl Fn(&Item) -> usize) -> bool {
        if columns.iter().flatten().any(|i| matches!(i.what, What::Grid(_))) {
            return false;
        }
        let shared: Vec<&Vec<Item>> = rows
            .iter()
            .filter(|r| {
                let mut sides: Vec<usize> = r.iter().map(column_of).collect();
                sides.dedup();
                sides.len() > 1
            })
            .collect();
        let fewest = columns.iter().map(|c| rows_of(c).len()).min().unwrap_or(0).max(1);
        let aligned = shared.len() as f32 / fewest as f32;
        let mut written: Vec<(usize, usize)> = columns.iter().flatten().map(|i| (i.seq, column_of(i))).collect();
        written.sort_unstable();
        let turns = written.windows(2).filter(|w| matches!(w, [a, b] if a.1 != b.1)).count();
        let by_rows = turns as f32 > (columns.len() - 1) as f32 + 0.5 * shared.len().saturating_sub(1) as f32;
        if rows.len() == 1 || shared.len() <= 1 {
            // One line: its pieces are columns of their own lines only if more stands under them.
            return rows.len() == 1;
        }
        if self.are_signatures(rows) {
            return false;
        }
        if columns.iter().all(|c| self.is_prose(c)) {
            return false;
        }
        if by_rows {
            return aligned >= 0.5;
        }
        // Written column by column: a table only if every row is there and the cells are short, numbers most of all.
        let short = columns.iter().skip(1).flatten().filter(|i| self.text(i).chars().count() <= 14).count();
        let numbers =
            columns.iter().skip(1).flatten().filter(|i| self.text(i).bytes().any(|b| b.is_ascii_digit())).count();
        let others: usize = columns.iter().skip(1).map(Vec::len).sum();
        shared.len() >= 3 && aligned >= 0.9 && short * 10 >= others * 9 && numbers * 2 >= others
    }

    fn text(&self, item: &Item) -> &str {
        match item.what {
            What::Frag(i) => self.frags.get(i).map_or("", |f| f.text.as_str()),
            What::Grid(_) => "",
        }
    }

    /// Running text: most lines reach the column's edge and hold several words.
    fn is_prose(&self, column: &[Item]) -> bool {
        let (x0, x1) = extent(column);
        let full = column.iter().filter(|i| i.x1 - i.x0 > 0.75 * (x1 - x0)).count();
        let words: usize = column.iter().map(|i| self.text(i).split(' ').count()).sum();
        column.len() >= 5 && full * 10 >= column.len() * 6 && words >= 4 * column.len()
    }

    /// Names beside one another, with something under them.
    fn are_signatures(&self, rows: &[Vec<Item>]) -> bool {
        let is_name = |i: &Item| {
            let text = self.text(i);
            let words = text.split(' ').count();
            (2..=4).contains(&words)
                && text.split(' ').all(|w| w.chars().next().is_some_and(char::is_uppercase))
                && text.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '.'))
        };
        let prelude = |i: &Item| {
            let text = self.text(i);
            text.starts_with("För ") || text.chars().all(|c| matches!(c, '.' | '…' | '_' | '-' | '–' | ' '))
        };
        let digits = |i: &Item| self.text(i).bytes().any(|b| b.is_ascii_digit());
        let skip = rows.iter().take_while(|r| r.iter().all(prelude)).count();
        let (Some(first), Some(second)) = (rows.get(skip), rows.get(skip + 1)) else { return false };
        (2..=4).contains(&first.len())
            && rows.len() <= 8
            && first.iter().all(is_name)
            && second.len() == first.len()
            && !rows.iter().flatten().any(digits)
    }

    /// Rows with their cells. A line that goes on a cell written just before joins that cell's row.
    fn cells(&self, rows: Vec<Vec<Item>>, columns: usize, gutters: &[Gap]) -> Vec<Vec<Vec<usize>>> {
        let mut out: Vec<Vec<Vec<usize>>> = Vec::new();
        let mut above: Vec<Item> = Vec::new();
        let right = rows.iter().flatten().map(|i| i.x1).fold(f32::MIN, f32::max);
        for row in rows {
            // A label's text that reaches the right edge goes on at the left one.
            if let ([only], Some(end), Some(cells)) = (row.as_slice(), above.last(), out.last_mut())
                && columns == 2
                && only.x0 < end.x0 - 3.0 * end.size
                && right - end.x1 < 4.0 * end.size
                && (end.base - only.base) < 1.6 * end.size
                && let (What::Frag(f), Some(cell)) = (only.what, cells.last_mut())
                && !cell.is_empty()
            {
                cell.push(f);
                continue;
            }
            let column_of =
                |i: &Item| gutters.iter().filter(|g| i.x0 >= (g.0 + g.1) / 2.0).count().min(columns.saturating_sub(1));
            let goes_on = row.len() < columns
                && !above.is_empty()
                && row.iter().all(|i| {
                    let step = above.iter().map(|a| a.base - i.base).fold(f32::MAX, f32::min) / i.size;
                    // Written right after the line above it in the same cell, before the next cell.
                    let after = above.iter().filter(|a| column_of(a) == column_of(i)).any(|a| {
                        i.seq > a.seq
                            && !above.iter().any(|o| o.seq > a.seq && o.seq < i.seq && column_of(o) != column_of(i))
                    });
                    let first_empty = !row.iter().any(|r| column_of(r) == 0);
                    (step < 1.7 && after && above.len() > 1) || (step < 1.3 && first_empty)
                });
            if !goes_on {
                out.push(vec![Vec::new(); columns]);
                above.clear();
            }
            let Some(cells) = out.last_mut() else { break };
            for item in &row {
                if let (What::Frag(f), Some(cell)) = (item.what, cells.get_mut(column_of(item))) {
                    cell.push(f);
                }
            }
            if goes_on {
                let base = row.iter().map(|i| i.base).fold(f32::MAX, f32::min);
                above.iter_mut().for_each(|a| a.base = a.base.min(base));
            }
            above.extend(row);
        }
        out
    }
}

fn push_flow(flow: &mut Vec<Band>, out: &mut Vec<Region>) {
    let mut lines: Vec<Vec<usize>> = Vec::new();
    for band in flow.drain(..) {
        for row in rows_of(&band.items) {
            let pieces: Vec<usize> = row
                .iter()
                .filter_map(|i| match i.what {
                    What::Frag(f) => Some(f),
                    What::Grid(_) => None,
                })
                .collect();
            if !pieces.is_empty() {
                lines.push(pieces);
            }
            for grid in row.iter().filter_map(|i| if let What::Grid(g) = i.what { Some(g) } else { None }) {
                if !lines.is_empty() {
                    out.push(Region::Flow(std::mem::take(&mut lines)));
                }
                out.push(Region::Grid(grid));
            }
        }
    }
    if !lines.is_empty() {
        out.push(Region::Flow(lines));
    }
}

/// The fragments of items, row by row.
fn lines_of(items: &[Item]) -> Vec<Vec<usize>> {
    let frag = |i: &Item| if let What::Frag(f) = i.what { Some(f) } else { None };
    rows_of(items).iter().map(|r| r.iter().filter_map(frag).collect()).filter(|r: &Vec<usize>| !r.is_empty()).collect()
}

/// Parts items at level white stretches, from top to bottom.
fn bands(mut items: Vec<Item>) -> Vec<Band> {
    items.sort_by(|a, b| b.y1.total_cmp(&a.y1).then(a.x0.total_cmp(&b.x0)));
    let mut out: Vec<Band> = Vec::new();
    for item in items {
        // Tightly set lines touch a little.
        let slack = 0.12 * item.size;
        match out.last_mut() {
            Some(band) if item.y1 - slack > band.y0 => {
                band.y0 = band.y0.min(item.y0);
                band.items.push(item);
            }
            _ => out.push(Band { y0: item.y0, y1: item.y1, items: vec![item] }),
        }
    }
    out
}

/// Items by baseline, from top to bottom, each row from left to right.
fn rows_of(items: &[Item]) -> Vec<Vec<Item>> {
    let mut sorted = items.to_vec();
    sorted.sort_by(|a, b| b.base.total_cmp(&a.base).then(a.x0.total_cmp(&b.x0)));
    let mut rows: Vec<Vec<Item>> = Vec::new();
    for item in sorted {
        match rows.last_mut() {
            Some(row) if row.first().is_some_and(|f| f.base - item.base < 0.35 * f.size.max(item.size)) => {
                row.push(item)
            }
            _ => rows.push(vec![item]),
        }
    }
    for row in &mut rows {
        row.sort_by(|a, b| a.x0.total_cmp(&b.x0));
    }
    rows
}

fn count_rows(band: &Band) -> usize {
    rows_of(&band.items).len()
}

/// The usual distance from line to line.
fn usual_leading(bands: &[Band]) -> f32 {
    let steps = bands.windows(2).filter_map(|w| match w {
        [a, b] => {
            let (x, y) = (a.items.first()?, b.items.first()?);
            let step = x.base - y.base;
            (step > 0.5 * y.size && step < 2.5 * y.size).then_some(step)
        }
        _ => None,
    });
    let leading = median(steps);
    if leading > 0.0 { leading } else { 1.2 * median(bands.iter().flat_map(|b| b.items.iter().map(|i| i.size))) }
}

fn median(values: impl Iterator<Item = f32>) -> f32 {
    let mut v: Vec<f32> = values.collect();
    v.sort_by(f32::total_cmp);
    v.get(v.len() / 2).copied().unwrap_or(0.0)
}

fn extent(items: &[Item]) -> (f32, f32) {
    items.iter().fold((f32::MAX, f32::MIN), |(a, b), i| (a.min(i.x0), b.max(i.x1)))
}

/// The empty stretches inside a band, at least `min` wide.
fn inner_gaps(band: &Band, min: f32) -> Vec<Gap> {
    let mut spans: Vec<(f32, f32)> = band.items.iter().map(|i| (i.x0, i.x1)).collect();
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut gaps = Vec::new();
    let mut right = f32::MAX;
    for (x0, x1) in spans {
        if right < f32::MAX && x0 - right >= min {
            gaps.push((right, x0));
        }
        right = if right == f32::MAX { x1 } else { right.max(x1) };
    }
    gaps
}

/// The widest part of a gap that a band leaves empty, if it is still wide enough.
fn free_part(gap: Gap, band: &Band, min: f32) -> Option<Gap> {
    let mut spans: Vec<(f32, f32)> =
        band.items.iter().map(|i| (i.x0, i.x1)).filter(|s| s.1 > gap.0 && s.0 < gap.1).collect();
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut best: Option<Gap> = None;
    let mut left = gap.0;
    for (x0, x1) in spans.into_iter().chain([(gap.1, gap.1)]) {
        if x0 - left >= min && best.is_none_or(|b| x0 - left > b.1 - b.0) {
            best = Some((left, x0));
        }
        left = left.max(x1);
    }
    best
}

#[cfg(test)]
mod tests {
    use super::super::frag::Sheet;
    use super::super::frag::tests::line;
    use super::*;
    use crate::ingest::pdf::page::{RawPage, RawWord};

    fn read(words: Vec<RawWord>) -> Vec<String> {
        let sheet = Sheet::new(RawPage { words, size: (595.0, 842.0), ..RawPage::default() });
        let items = sheet.frags.iter().enumerate().map(|(i, f)| Item::of_frag(i, f)).collect();
        let text = |i: &usize| sheet.frags[*i].text.clone();
        order(items, &sheet.frags)
            .iter()
            .flat_map(|r| match r {
                Region::Flow(lines) | Region::Stack(lines) => {
                    lines.iter().map(|l| l.iter().map(text).collect::<Vec<_>>().join(" ")).collect()
                }
                Region::Rows(rows) => rows
                    .iter()
                    .map(|r| {
                        r.iter().map(|c| c.iter().map(text).collect::<Vec<_>>().join("/")).collect::<Vec<_>>().join("|")
                    })
                    .collect::<Vec<_>>(),
                Region::Grid(_) => Vec::new(),
            })
            .collect()
    }

    #[test]
    fn columns_written_one_after_the_other_are_read_so() {
        let left = [
            "Nämnden har behandlat en",
            "fråga som gäller stöd till",
            "föreningar i området och",
            "beslutar att ge det som",
            "förvaltningen har föreslagit",
            "under året som kommer.",
        ];
        let right = [
            "Stödet betalas ut i två",
            "delar, en på våren och en",
            "på hösten, efter det att",
            "föreningen har visat vad",
            "den har gjort för barn och",
            "unga i sitt område.",
        ];
        let mut words = line("En rubrik över båda spalterna som är bred nog för det", 50.0, 760.0, 12.0);
        for (k, column) in [left, right].iter().enumerate() {
            for (i, text) in column.iter().enumerate() {
                words.extend(line(text, 50.0 + 250.0 * k as f32, 730.0 - 13.0 * i as f32, 10.0));
            }
        }
        let got = read(words);
        assert_eq!(got.len(), 13);
        assert_eq!(got[1..7], left);
        assert_eq!(got[7..], right);
    }

    #[test]
    fn rows_written_row_by_row_are_a_table_with_cells() {
        let mut words = Vec::new();
        for (i, (a, b, c)) in [("Insats", "2023", "2024"), ("Trygghetslarm", "105", "110"), ("Dagverksamhet", "", "44")]
            .iter()
            .enumerate()
        {
            let y = 700.0 - 16.0 * i as f32;
            words.extend(line(a, 50.0, y, 10.0));
            if !b.is_empty() {
                words.extend(line(b, 250.0, y, 10.0));
            }
            words.extend(line(c, 350.0, y, 10.0));
        }
        assert_eq!(read(words), ["Insats|2023|2024", "Trygghetslarm|105|110", "Dagverksamhet||44"]);
    }

    #[test]
    fn signatures_side_by_side_are_stacks() {
        let mut words = Vec::new();
        for (i, (a, b)) in [("Bo Berg", "Eva Falk"), ("Stadsdelsdirektör", "Avdelningschef")].iter().enumerate() {
            words.extend(line(a, 50.0, 700.0 - 13.0 * i as f32, 10.0));
            words.extend(line(b, 300.0, 700.0 - 13.0 * i as f32, 10.0));
        }
        assert_eq!(read(words), ["Bo Berg", "Stadsdelsdirektör", "Eva Falk", "Avdelningschef"]);
    }

    #[test]
    fn a_single_column_stays_in_order() {
        let lines = ["Rubrik", "Första raden i ett stycke som är långt", "andra raden.", "Nästa stycke"];
        let words = lines.iter().enumerate().flat_map(|(i, t)| line(t, 50.0, 700.0 - 14.0 * i as f32, 10.0)).collect();
        assert_eq!(read(words), lines);
    }
}
