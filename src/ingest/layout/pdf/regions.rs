//! Finds reading order: parts a page into regions that are one flow, rows of a table, or columns beside one another.
//!
//! A region is looked at band by band from the top (a band is what stands side by side). Bands that leave the same
//! gutter empty belong together; what was written row by row is a table, what was written column by column is columns.

use super::frag::Frag;
use crate::base::Rect;
use crate::ingest::layout::is_list_item;

/// Narrowest gutter, in ems. Pieces of a line stand this close only where something shows that they are apart.
const GUTTER: f32 = 0.4;
/// Widest space inside columns that were written one after the other, in lines.
const FARTHEST: f32 = 9.0;
/// Most lines that a column may begin above the ones beside it.
const HIGHER: usize = 60;
/// Shortest ruling line that may part rows, in points.
const MIN_RULE: f32 = 20.0;
/// Least space between rows of texts side by side, in ems.
const SET_OFF: f32 = 0.8;
/// Deepest nesting of columns.
const DEEPEST: u8 = 12;

/// A thing on the page: a fragment, or a ruled table or a figure as a whole.
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
    /// A ruled table, or a figure, by its number on the page.
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
    /// A ruled table or a figure.
    Grid(usize),
}

impl Item {
    /// The item of a fragment.
    pub(super) fn of_frag(i: usize, f: &Frag) -> Self {
        Item {
            x0: f.x0,
            x1: f.x1 - f.room,
            y0: f.bottom(),
            y1: f.top(),
            size: f.size,
            base: f.y,
            seq: f.seq,
            what: What::Frag(i),
        }
    }

    /// The item of a fragment that runs up or down in a line of heads: it stands where its box stands, on the lower edge.
    pub(super) fn of_upright(i: usize, f: &Frag) -> Self {
        let r = f.rect();
        let size = f.size.min(r.width());
        Item { x0: r.x0, x1: r.x1, y0: r.y0, y1: r.y1, size, base: r.y0, seq: f.seq, what: What::Frag(i) }
    }

    /// The item of a ruled table or a figure, by its outline.
    pub(super) fn of_box(number: usize, r: Rect, size: f32, seq: usize) -> Self {
        Item { x0: r.x0, x1: r.x1, y0: r.y0, y1: r.y1, size, base: r.y1, seq, what: What::Grid(number) }
    }
}

/// Parts items into regions in reading order.
///
/// `rules` are the page's ruling lines: level ones between rows say where rows end.
pub(super) fn order(items: Vec<Item>, frags: &[Frag], rules: &[Rect]) -> Vec<Region> {
    let mut levels: Vec<Rect> =
        rules.iter().copied().filter(|r| r.height() < 4.0 && r.width() > MIN_RULE && r.width() > r.height()).collect();
    levels.sort_by(|a, b| a.y0.total_cmp(&b.y0));
    let mut out = Vec::new();
    Reader { frags, levels }.region(items, 0, &mut out);
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
    /// Level ruling lines, from the lowest up.
    levels: Vec<Rect>,
}

impl Reader<'_> {
    fn region(&self, items: Vec<Item>, depth: u8, out: &mut Vec<Region>) {
        if depth < DEEPEST
            && let Some(parts) = aside(&items)
        {
            for part in parts {
                self.region(part, depth + 1, out);
            }
            return;
        }
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
            let beside = self.side_by_side(&bands, i, leading).or_else(|| self.begins_higher(&bands, i, leading));
            match beside.filter(|_| depth < DEEPEST) {
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

    /// As `side_by_side`, where the right column begins above the left one: lines that begin where its lines do.
    fn begins_higher(&self, bands: &[Band], start: usize, leading: f32) -> Option<(usize, Vec<Gap>)> {
        let first = bands.get(start)?;
        let [item] = first.items.as_slice() else { return None };
        let aligned = |b: &Band| b.items.iter().all(|i| (i.x0 - item.x0).abs() < 2.5 * item.size);
        let lead = bands.iter().skip(start).take(HIGHER).take_while(|b| b.items.len() == 1 && aligned(b)).count();
        let under = bands.get(start + lead)?;
        // What stands beside it must begin to the left, and its own column go on.
        let goes_on = under.items.iter().any(|i| (i.x0 - item.x0).abs() < 2.5 * item.size);
        let close = bands
            .get(start..=start + lead)?
            .windows(2)
            .all(|w| matches!(w, [a, b] if a.y0 - b.y1 <= (3.0 * leading - 0.9 * item.size).max(item.size)));
        if !goes_on || !close || under.items.len() < 2 {
            return None;
        }
        let (end, gutters) = self.side_by_side(bands, start + lead, leading)?;
        let left = bands.get(start..start + lead)?.iter().flat_map(|b| &b.items).map(|i| i.x0).fold(f32::MAX, f32::min);
        let gutter = gutters.iter().rev().find(|g| g.1 <= left + 0.1 && g.1 > left - 2.5 * item.size)?;
        let two_sided = bands
            .get(start + lead..end)?
            .iter()
            .filter(|b| {
                b.items.iter().any(|i| i.x1 <= gutter.0 + 0.1) && b.items.iter().any(|i| i.x0 >= gutter.1 - 0.1)
            })
            .count();
        // The lines above may stand over other gutters.
        let gutters: Vec<Gap> = gutters
            .iter()
            .copied()
            .filter(|g| {
                bands
                    .get(start..start + lead)
                    .is_some_and(|l| l.iter().all(|b| free_part(*g, b, g.1 - g.0 - 0.1).is_some()))
            })
            .collect();
        (two_sided >= 3).then_some((end, gutters))
    }

    /// How far the bands from `start` on leave the same gutter empty, and which gutters last.
    fn side_by_side(&self, bands: &[Band], start: usize, leading: f32) -> Option<(usize, Vec<Gap>)> {
        let first = bands.get(start)?;
        let size = median(first.items.iter().map(|i| i.size));
        // A heading in larger letters makes no gutter wider.
        let min = GUTTER * first.items.iter().map(|i| i.size).fold(size, f32::min);
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
            // A line on one side alone, set in larger letters, heads something else, unless its column goes on below it.
            let larger = median(band.items.iter().map(|i| i.size)) > 1.15 * size;
            let in_column = || {
                let after: Vec<&Band> = bands.iter().skip(ahead + 1).take(4).collect();
                two_sided >= 6
                    && space <= 3.2 * leading
                    && !after.is_empty()
                    && after.iter().all(|b| left.iter().any(|g| free_part(*g, b, min).is_some()))
            };
            if !both && written_after(band, bands.get(start..ahead).unwrap_or(&[]), &left) {
                break;
            }
            let ends = if larger { !in_column() } else { !close };
            if !both && ends && !self.fills_column(bands.get(ahead..), &left) {
                break;
            }
            // A caption, or a note across the columns, ends a table.
            if let [only] = band.items.as_slice()
                && two_sided >= 2
                && !both
                && (is_caption(self.text(only)) || (kept.len() >= 2 && left.len() * 2 <= kept.len()))
            {
                break;
            }
            // What was written before the right side began goes on the left one, however far below.
            let by_column = || {
                let above = bands.get(start..ahead).unwrap_or(&[]).iter().flat_map(|b| &b.items);
                let beside = |g: &Gap| above.clone().filter(|i| i.x0 >= g.1 - 0.1).map(|i| i.seq).min();
                let below = |g: &Gap| band.items.iter().filter(|i| i.x1 <= g.0 + 0.1).map(|i| i.seq).max();
                left.iter().any(|g| matches!((below(g), beside(g)), (Some(a), Some(b)) if a < b))
            };
            // Names set off under the rows of a form sign it.
            if both
                && space > 1.2 * size
                && self.are_names(&band.items)
                && !self.are_names(&first.items)
                && !self.is_prelude(&first.items)
                && !by_column()
            {
                break;
            }
            let far = space > 6.0 * leading.max(size) || (two_sided < 6 && space > 3.2 * leading.max(size));
            if far && !(both && space < FARTHEST * leading.max(size) && by_column()) {
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
        if heads_next(bands, start, end, &gaps, min) {
            end -= 1;
        }
        Some((end, gaps))
    }

    /// True if all that follows stands in one column and most of it reaches for that column's edge.
    fn fills_column(&self, rest: Option<&[Band]>, gaps: &[Gap]) -> bool {
        let rest = rest.unwrap_or(&[]);
        let Some(gap) = gaps.first() else { return false };
        let inside = |b: &Band| b.items.iter().all(|i| i.x1 <= gap.0 + 0.1);
        let reaches = |b: &Band| b.items.iter().any(|i| i.x1 > gap.0 - 5.0 * i.size && i.x1 - i.x0 > 12.0 * i.size);
        rest.len() >= 5
            && rest.len() <= HIGHER
            && rest.iter().all(inside)
            && rest.iter().filter(|b| reaches(b)).count() * 2 > rest.len()
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
        if columns.len() > 2
            && let Some(at) = (1..columns.len()).find(|at| stand_apart(&columns, *at))
        {
            let right = columns.split_off(at);
            for side in [columns, right] {
                self.region(side.into_iter().flatten().collect(), depth + 1, out);
            }
            return;
        }
        let rows = rows_of(&items);
        if columns.len() > 1 && self.is_table(&columns, &rows, &column_of) {
            let better = by_votes(&rows, columns.len()).or_else(|| by_full_rows(&rows, columns.len()));
            let (count, gutters) = better.as_ref().map_or((columns.len(), gutters), |g| (g.len() + 1, g.as_slice()));
            out.push(Region::Rows(self.cells(rows, count, gutters)));
            return;
        }
        let signatures = columns.len() > 1 && self.are_signatures(&rows);
        if !signatures && let Some((above, below)) = parted_texts(&bands, &column_of) {
            for part in [above, below] {
                self.region(part.iter().flat_map(|b| b.items.iter().copied()).collect(), depth + 1, out);
            }
            return;
        }
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
        if self.are_labels(columns) {
            return true;
        }
        // Letters of many sizes are a head, not cells.
        let sizes = || rows.iter().flatten().map(|i| i.size);
        let usual = median(sizes());
        if sizes().filter(|s| !(0.75 * usual..1.3 * usual).contains(s)).count() * 4 > sizes().count() {
            return false;
        }
        // Lines across the gutter part the rows of a table.
        let across = self.between(rows).iter().filter(|b| **b).count();
        if across >= 2 && by_rows {
            return true;
        }
        // Texts in cells: written cell by cell, not line by line across the gutter as a scan may be.
        let by_cells = turns >= 4 * (columns.len() - 1) && turns * 5 < shared.len() * 6;
        if columns.iter().all(|c| self.is_prose(c)) && !by_cells {
            return false;
        }
        if columns.iter().filter(|c| self.is_list(c)).count() > 1 {
            return false;
        }
        if by_rows || by_cells {
            return aligned >= 0.5 || by_cells;
        }
        // Written column by column: a table only if every row is there and the cells are short, numbers most of all.
        let short = columns.iter().skip(1).flatten().filter(|i| self.text(i).chars().count() <= 14).count();
        let numbers =
            columns.iter().skip(1).flatten().filter(|i| self.text(i).bytes().any(|b| b.is_ascii_digit())).count();
        let others: usize = columns.iter().skip(1).map(Vec::len).sum();
        // Three columns or more with a cell in every row, one of them dates or numbers: a list written column by column.
        let full = |c: &&Vec<Item>| c.len() == rows.len();
        let figures = |c: &&Vec<Item>| {
            c.iter().filter(|i| self.text(i).bytes().any(|b| b.is_ascii_digit())).count() + 1 >= c.len()
        };
        let listed = rows.len() >= 4 && columns.len() >= 3 && columns.iter().all(|c| full(&c)) && {
            let long = columns.iter().flatten().filter(|i| self.text(i).chars().count() > 40).count();
            long * 10 <= items_of(columns) && columns.iter().filter(figures).count() >= 1
        };
        listed || shared.len() >= 3 && aligned >= 0.9 && short * 10 >= others * 9 && numbers * 2 >= others
    }

    fn text(&self, item: &Item) -> &str {
        match item.what {
            What::Frag(i) => self.frags.get(i).map_or("", |f| f.text.as_str()),
            What::Grid(_) => "",
        }
    }

    /// True if the items of a list stand in the column.
    fn is_list(&self, column: &[Item]) -> bool {
        let items = column.iter().filter(|i| is_list_item(self.text(i))).count();
        items > 1 && items * 4 >= column.len()
    }

    /// Which rows are parted from the next one by a level line that is most of the rows' width.
    fn between(&self, rows: &[Vec<Item>]) -> Vec<bool> {
        let (x0, x1) = rows.iter().flatten().fold((f32::MAX, f32::MIN), |(a, b), i| (a.min(i.x0), b.max(i.x1)));
        let wide = |r: &Rect| r.x1.min(x1) - r.x0.max(x0) > 0.6 * (x1 - x0);
        let base = |r: &Vec<Item>| r.iter().map(|i| i.base).fold(f32::MAX, f32::min);
        rows.windows(2)
            .map(|w| {
                let [above, below] = w else { return false };
                let (high, low) = (base(above) + 1.0, base(below) + 1.0);
                let from = self.levels.partition_point(|r| r.y0 < low);
                self.levels.iter().skip(from).take_while(|r| r.y0 < high).any(wide)
            })
            .collect()
    }

    /// A column of labels, `Till:`, each level with the text beside it.
    fn are_labels(&self, columns: &[Vec<Item>]) -> bool {
        let [labels, texts] = columns else { return false };
        let label = |i: &&Item| self.text(i).ends_with(':') && self.text(i).split(' ').count() <= 3;
        let level = |i: &Item| texts.iter().any(|t| (t.base - i.base).abs() < 0.2 * i.size);
        let count = labels.iter().filter(label).count();
        count >= 2 && count * 4 >= labels.len() * 3 && labels.iter().all(level)
    }

    /// Running text: most lines reach the column's edge and hold several words.
    fn is_prose(&self, column: &[Item]) -> bool {
        let (x0, x1) = extent(column);
        let full = column.iter().filter(|i| i.x1 - i.x0 > 0.75 * (x1 - x0)).count();
        let words: usize = column.iter().map(|i| self.text(i).split(' ').count()).sum();
        column.len() >= 5 && full * 10 >= column.len() * 6 && words >= 4 * column.len()
    }

    /// Two to four words with capitals each, as names of people are.
    fn are_names(&self, row: &[Item]) -> bool {
        row.iter().all(|i| {
            let text = self.text(i);
            let words = text.split(' ').count();
            (2..=4).contains(&words)
                && text.split(' ').all(|w| w.chars().next().is_some_and(char::is_uppercase))
                && text.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '.'))
        })
    }

    /// What stands above names that sign: for whom, where and when, a dotted line.
    fn is_prelude(&self, row: &[Item]) -> bool {
        row.iter().all(|i| {
            let text = self.text(i);
            let last = text.rsplit(' ').next().unwrap_or("");
            let day = last.len() == 10 && last.bytes().all(|b| b.is_ascii_digit() || b == b'-');
            let dated = text.bytes().any(|b| b.is_ascii_digit()) && (text.contains(" den ") || day);
            (dated && text.split(' ').count() <= 6)
                || text.starts_with("För ")
                || text.chars().all(|c| matches!(c, '.' | '…' | '_' | '-' | '–' | ' '))
        })
    }

    /// Names beside one another, with something under them.
    fn are_signatures(&self, rows: &[Vec<Item>]) -> bool {
        let digits = |i: &Item| self.text(i).bytes().any(|b| b.is_ascii_digit());
        let skip = rows.iter().take_while(|r| self.is_prelude(r)).count();
        let (Some(first), Some(second)) = (rows.get(skip), rows.get(skip + 1)) else { return false };
        (2..=4).contains(&first.len())
            && rows.len() <= 8
            && self.are_names(first)
            && second.len() == first.len()
            && !rows.iter().flatten().any(digits)
    }

    /// Rows with their cells. A line that goes on a cell joins that cell's row: no level line parts them, and it was
    /// written before the next cell of the row above, or stands close under it.
    fn cells(&self, rows: Vec<Vec<Item>>, columns: usize, gutters: &[Gap]) -> Vec<Vec<Vec<usize>>> {
        let column_of = |i: &Item| {
            // What reaches over a gutter begins in its first column; else the middle tells.
            let over = gutters.iter().any(|g| i.x0 < g.0 - 0.1 && i.x1 > g.1 + 0.1);
            let at = if over { i.x0 } else { (i.x0 + i.x1) / 2.0 };
            gutters.iter().filter(|g| at >= (g.0 + g.1) / 2.0).count().min(columns.saturating_sub(1))
        };
        let ruled = self.between(&rows);
        let parts = ruled.iter().filter(|b| **b).count() + 1;
        // As many lines as there are rows of a few lines each.
        let all_ruled = parts >= 4 && rows.len() <= 3 * parts;
        let by_columns = is_by_columns(&rows, columns, &column_of);
        let mut out: Vec<Vec<Vec<usize>>> = Vec::new();
        let mut above: Vec<Item> = Vec::new();
        let right = rows.iter().flatten().map(|i| i.x1).fold(f32::MIN, f32::max);
        for (n, row) in rows.into_iter().enumerate() {
            let parted = n.checked_sub(1).and_then(|k| ruled.get(k)).copied().unwrap_or(false);
            // A label's text that reaches the right edge goes on at the left one.
            if let ([only], Some(end), Some(cells)) = (row.as_slice(), above.last(), out.last_mut())
                && columns == 2
                && !parted
                && only.x0 < end.x0 - 3.0 * end.size
                && right - end.x1 < 4.0 * end.size
                && (end.base - only.base) < 1.6 * end.size
                && let (What::Frag(f), Some(cell)) = (only.what, cells.last_mut())
                && !cell.is_empty()
            {
                cell.push(f);
                continue;
            }
            let step = |i: &Item| above.iter().map(|a| a.base - i.base).fold(f32::MAX, f32::min) / i.size;
            let close = row.iter().all(|i| step(i) < 2.2);
            // Written before a later cell of the row above was, right after the line above it in its own cell.
            let before_next = || {
                let cell = |i: &Item| {
                    let last = above.iter().filter(|a| column_of(a) == column_of(i)).map(|a| a.seq).max();
                    last.is_none_or(|last| {
                        i.seq > last && !above.iter().chain(&row).any(|o| o.seq > last && o.seq < i.seq)
                    })
                };
                row.iter().all(cell)
                    && row.iter().any(|i| above.iter().any(|a| a.seq > i.seq && column_of(a) > column_of(i)))
            };
            let continues = |i: &Item| {
                // Written right after the line above it in the same cell, before the next cell.
                let after = above.iter().filter(|a| column_of(a) == column_of(i)).any(|a| {
                    i.seq > a.seq
                        && !above.iter().any(|o| o.seq > a.seq && o.seq < i.seq && column_of(o) != column_of(i))
                });
                let first_empty = !row.iter().any(|r| column_of(r) == 0);
                (step(i) < 1.7 && after && above.len() > 1) || (step(i) < 1.3 && first_empty)
            };
            let lower = || row.iter().any(|i| self.text(i).starts_with(char::is_lowercase));
            let goes_on = !parted
                && !above.is_empty()
                && ((close && !by_columns && before_next())
                    || (row.len() < columns && row.iter().all(continues))
                    || (close && all_ruled && (row.len() < above.len() || lower())));
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

/// The gutters of a table by what most rows leave empty, if that gives more columns than are known: headers over several
/// columns and a few long cells reach over them.
fn by_votes(rows: &[Vec<Item>], known: usize) -> Option<Vec<Gap>> {
    const FEWEST: usize = 6;
    if rows.len() < FEWEST {
        return None;
    }
    let few = (rows.len() / 6).max(1);
    let size = median(rows.iter().flatten().map(|i| i.size));
    let mut edges: Vec<(f32, i32)> = rows.iter().flatten().flat_map(|i| [(i.x0, 1), (i.x1, -1)]).collect();
    edges.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut gaps: Vec<Gap> = Vec::new();
    let (mut over, mut from) = (0, None);
    for (x, step) in edges {
        over += step;
        match from {
            None if over <= few as i32 => from = Some(x),
            Some(start) if over > few as i32 => {
                if x - start >= GUTTER * size {
                    gaps.push((start, x));
                }
                from = None;
            }
            _ => {}
        }
    }
    // The stretch before the first column is no gutter.
    if gaps.first().is_some_and(|g| !rows.iter().flatten().any(|i| i.x1 <= g.0 + 0.1)) {
        gaps.remove(0);
    }
    (gaps.len() + 1 > known && gaps.len() < 24).then_some(gaps)
}

/// The gutters of a table by its full rows: those with most pieces, if there are several and their columns lie apart.
/// Headers to the left of a column and numbers to its right leave no stretch empty that shows where it ends.
fn by_full_rows(rows: &[Vec<Item>], at_least: usize) -> Option<Vec<Gap>> {
    let most = rows.iter().map(Vec::len).max()?;
    let full: Vec<&Vec<Item>> = rows.iter().filter(|r| r.len() == most).collect();
    if most < at_least.max(2) || full.len() < 2 || full.len() * 3 < rows.len() {
        return None;
    }
    let extents: Vec<(f32, f32)> = (0..most)
        .map(|c| {
            full.iter().filter_map(|r| r.get(c)).fold((f32::MAX, f32::MIN), |(a, b), i| (a.min(i.x0), b.max(i.x1)))
        })
        .collect();
    let gaps: Vec<Gap> =
        extents.windows(2).filter_map(|w| if let [a, b] = w { Some((a.1, b.0)) } else { None }).collect();
    // What stands in other rows must fit too: in one column, or over several from an edge of one.
    gaps.iter().all(|g| g.1 > g.0).then_some(gaps)
}

/// True if all columns from one on were written after those before it and their lines stand at other heights: what is left
/// and right of that gutter has nothing to do with one another.
fn stand_apart(columns: &[Vec<Item>], at: usize) -> bool {
    const FEWEST: usize = 4;
    let (left, right) = columns.split_at(at);
    let last = left.iter().flatten().map(|i| i.seq).max();
    let first = right.iter().flatten().map(|i| i.seq).min();
    if last.zip(first).is_none_or(|(l, f)| l >= f) {
        return false;
    }
    let mut bases: Vec<f32> = left.iter().flatten().map(|i| i.base).collect();
    bases.sort_by(f32::total_cmp);
    let level = |i: &Item| {
        let from = bases.partition_point(|b| *b < i.base - 0.15 * i.size);
        bases.get(from).is_some_and(|b| *b <= i.base + 0.15 * i.size)
    };
    let count = right.iter().flatten().count();
    let beside = right.iter().flatten().filter(|i| level(i)).count();
    left.iter().flatten().count() >= FEWEST && count >= FEWEST && beside * 2 < count
}

/// Parts off what was written in one go beside a text that had gone on below it before: a box of links, of facts. Gives what
/// was written before, the aside, and what came after, which stands below it.
fn aside(items: &[Item]) -> Option<[Vec<Item>; 3]> {
    const FEWEST: usize = 4;
    const MOST_JUMPS: usize = 12;
    if items.len() < 3 * FEWEST {
        return None;
    }
    let mut written = items.to_vec();
    written.sort_by_key(|i| i.seq);
    // It begins further up and further right than what was written before it.
    let jump = |a: &Item, b: &Item| b.y1 > a.y1 + 2.0 * b.size && b.x0 > a.x0 + 5.0 * b.size;
    let starts = written.windows(2).enumerate().filter(|(_, w)| matches!(w, [a, b] if jump(a, b)));
    let starts: Vec<usize> = starts.map(|(i, _)| i + 1).take(MOST_JUMPS + 1).collect();
    if starts.len() > MOST_JUMPS {
        return None;
    }
    starts.into_iter().find_map(|start| {
        let (before, rest) = written.split_at(start);
        let first = rest.first()?;
        let mut last = first.base;
        let goes_on = |i: &&Item| {
            let on = i.x0 > first.x0 - 2.5 * first.size && i.base < last + 0.5 * i.size;
            last = i.base;
            on
        };
        let count = rest.iter().take_while(goes_on).count();
        let (own, after) = rest.split_at(count);
        let left = own.iter().map(|i| i.x0).fold(f32::MAX, f32::min);
        let (y0, y1) = own.iter().fold((f32::MAX, f32::MIN), |(a, b), i| (a.min(i.y0), b.max(i.y1)));
        let (beside, others): (Vec<Item>, Vec<Item>) = before.iter().partition(|i| i.y0 < y1 && i.y1 > y0);
        let below = others.iter().filter(|i| i.y1 <= y0).count();
        let level = |a: &Item| beside.iter().any(|b| (a.base - b.base).abs() < 0.15 * a.size);
        let apart = own.len() >= FEWEST
            && beside.len() >= FEWEST
            && below > 1
            && beside.iter().all(|i| i.x1 < left - i.size)
            && after.iter().all(|i| i.y1 <= y0)
            && own.len() * beside.len() < 1_000_000
            && own.iter().filter(|i| level(i)).count() * 2 < own.len();
        apart.then(|| [before.to_vec(), own.to_vec(), after.to_vec()])
    })
}

/// Parts bands between rows of texts side by side: all above was written text by text before all that is below, which was
/// written so too. Columns have no such place, since each goes on below before the next one begins.
fn parted_texts<'b>(bands: &'b [Band], column_of: &impl Fn(&Item) -> usize) -> Option<(&'b [Band], &'b [Band])> {
    let seqs = |b: &Band| b.items.iter().fold((usize::MAX, 0), |(a, z), i| (a.min(i.seq), z.max(i.seq)));
    // The first of what is below each band.
    let mut firsts: Vec<usize> = bands.iter().rev().map(|b| seqs(b).0).collect();
    for i in 1..firsts.len() {
        if let Some([before, this]) = firsts.get_mut(i - 1..=i) {
            *this = (*this).min(*before);
        }
    }
    firsts.reverse();
    let texts = |part: &[Band]| {
        let rows: Vec<Vec<Item>> = part.iter().flat_map(|b| rows_of(&b.items)).collect();
        let mut columns: Vec<usize> = rows.iter().flatten().map(column_of).collect();
        columns.sort_unstable();
        let most = columns.chunk_by(|a, b| a == b).map(<[usize]>::len).max().unwrap_or(0);
        let count = columns.last().map_or(0, |c| c + 1);
        columns.dedup();
        (columns.len() > 1 && most > 1).then(|| is_by_columns(&rows, count, column_of))
    };
    let size = median(bands.iter().flat_map(|b| b.items.iter().map(|i| i.size)));
    let mut last = 0;
    for at in 1..bands.len() {
        last = bands.get(at - 1).map_or(last, |b| last.max(seqs(b).1));
        let (above, below) = bands.split_at(at);
        let set_off = matches!((above.last(), below.first()), (Some(a), Some(b)) if a.y0 - b.y1 > SET_OFF * size);
        if !set_off || firsts.get(at).is_none_or(|first| last >= *first) {
            continue;
        }
        // What is no row of texts does not become one further down.
        match (texts(above), texts(below)) {
            (Some(true), Some(_)) => return Some((above, below)),
            (None, Some(_)) => {}
            _ => return None,
        }
    }
    None
}

/// `Tabell 6. …`: names what stands below it.
fn is_caption(text: &str) -> bool {
    let mut words = text.split(' ');
    words.next().is_some_and(|w| matches!(w, "Tabell" | "Diagram" | "Figur"))
        && words.next().is_some_and(|w| w.starts_with(|c: char| c.is_ascii_digit()))
}

/// True if the last of some bands is set off from them and heads columns below it that leave another gutter empty.
fn heads_next(bands: &[Band], start: usize, end: usize, gaps: &[Gap], min: f32) -> bool {
    let Some([before, last, next, after]) =
        end.checked_sub(2).filter(|b| *b >= start).and_then(|b| bands.get(b..b + 4))
    else {
        return false;
    };
    let (above, below) = (before.y0 - last.y1, last.y0 - next.y1);
    let inner = inner_gaps(last, min);
    let goes_on = |g: &Gap, band: &Band| inner_gaps(band, min).iter().any(|n| n.1.min(g.1) - n.0.max(g.0) >= min);
    above > (3.0 * min).max(below + 1.2 * min)
        && gaps.iter().all(|g| free_part(*g, next, min).is_none())
        && inner.iter().any(|g| goes_on(g, next) && goes_on(g, after))
}

/// True if a band stands left of a gutter, and was written after all that stands above it on both sides of that gutter,
/// which was written column by column: it goes on neither.
fn written_after(band: &Band, above: &[Band], gaps: &[Gap]) -> bool {
    let first = band.items.iter().map(|i| i.seq).min();
    let above = || above.iter().flat_map(|b| &b.items);
    gaps.iter().any(|g| {
        let last_left = above().filter(|i| i.x1 <= g.0 + 0.1).map(|i| i.seq).max();
        let right = || above().filter(|i| i.x0 >= g.1 - 0.1).map(|i| i.seq);
        band.items.iter().all(|i| i.x1 <= g.0 + 0.1)
            && matches!((last_left, right().min(), right().max(), first), (Some(l), Some(low), Some(high), Some(f)) if l < low && high < f)
    })
}

/// True if every column was written whole before the next one began.
fn is_by_columns(rows: &[Vec<Item>], columns: usize, column_of: &impl Fn(&Item) -> usize) -> bool {
    let mut spans: Vec<Option<(usize, usize)>> = vec![None; columns];
    for item in rows.iter().flatten() {
        if let Some(span) = spans.get_mut(column_of(item)) {
            *span = Some(span.map_or((item.seq, item.seq), |(a, b)| (a.min(item.seq), b.max(item.seq))));
        }
    }
    let spans: Vec<(usize, usize)> = spans.into_iter().flatten().collect();
    spans.windows(2).all(|w| matches!(w, [a, b] if a.1 < b.0))
}

fn items_of(columns: &[Vec<Item>]) -> usize {
    columns.iter().map(Vec::len).sum()
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
        order(items, &sheet.frags, &[])
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
    fn a_list_written_column_by_column_is_a_table() {
        let rows = [
            ["Nummer", "Datum", "Beslut", "Av"],
            ["DB 14", "2025-02-03", "Bygglov för altan", "Eva Ask"],
            ["DB 15", "2025-02-04", "Startbesked", "Bo Lind"],
            ["DB 16", "2025-02-06", "Marklov beviljas", "Eva Ask"],
        ];
        let mut words = Vec::new();
        for (c, x) in [50.0, 130.0, 220.0, 400.0].into_iter().enumerate() {
            for (r, row) in rows.iter().enumerate() {
                words.extend(line(row[c], x, 700.0 - 18.0 * r as f32, 10.0));
            }
        }
        assert_eq!(read(words), rows.map(|r| r.join("|")));
    }

    #[test]
    fn a_table_and_a_text_beside_it_are_two() {
        let rows = [["Asta Ek", "ja", "1"], ["Bo Lind", "nej", "2"], ["Cilla Alm", "ja", "3"], ["Dag Ros", "nej", "4"]];
        let mut words = Vec::new();
        for (i, row) in rows.iter().enumerate() {
            for (text, x) in row.iter().zip([50.0, 150.0, 200.0]) {
                words.extend(line(text, x, 700.0 - 16.0 * i as f32, 10.0));
            }
        }
        let text = [
            "Ordföranden ställer frågan",
            "om nämnden bifaller det",
            "förslag som finns, och",
            "finner att den gör det.",
        ];
        for (i, t) in text.iter().enumerate() {
            words.extend(line(t, 320.0, 696.0 - 12.0 * i as f32, 10.0));
        }
        let want: Vec<String> = rows.iter().map(|r| r.join("|")).chain(text.map(str::to_string)).collect();
        assert_eq!(read(words), want);
    }

    #[test]
    fn heads_of_columns_are_no_row_of_the_line_above() {
        let mut words = line("Plats", 50.0, 740.0, 10.0);
        words.extend(line("Stadshuset, sal Eken, klockan 16", 120.0, 740.0, 10.0));
        let left =
            ["Ledamöter", "Asta Ekman Lindholm (S), ordförande", "Bo Lind (M), vice ordförande", "Cilla Alm (V)"];
        let right = ["Ersättare", "Dag Ros (S)", "Eva Ask (MP), från fråga 4"];
        for (column, x) in [(&left[..], 50.0), (&right[..], 320.0)] {
            for (i, t) in column.iter().enumerate() {
                words.extend(line(t, x, 700.0 - 13.0 * i as f32, 10.0));
            }
        }
        let got = read(words);
        assert_eq!(got[1..5], left);
        assert_eq!(got[5..], right);
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
    fn a_line_written_after_both_columns_goes_on_neither() {
        let mut words = Vec::new();
        for x in [50.0, 300.0] {
            for i in 0..4 {
                words.extend(line("en rad av en text som fyller", x, 700.0 - 13.0 * i as f32, 10.0));
            }
        }
        let mut last = words.clone();
        last.extend(line("Styrelsen tackar alla.", 50.0, 648.0, 10.0));
        assert_eq!(read(last).last().map(String::as_str), Some("Styrelsen tackar alla."));
        words.splice(28..28, line("och slutar här.", 50.0, 648.0, 10.0));
        assert_eq!(read(words)[4], "och slutar här.");
    }

    #[test]
    fn room_for_a_signature_parts_no_columns_written_one_by_one() {
        let mut words = Vec::new();
        for (column, x) in [["Vid protokollet", "Bo Berg"], ["Justeras", "Eva Falk"]].iter().zip([50.0, 300.0]) {
            words.extend(line(column[0], x, 700.0, 10.0));
            words.extend(line(column[1], x, 650.0, 10.0));
        }
        assert_eq!(read(words), ["Vid protokollet", "Bo Berg", "Justeras", "Eva Falk"]);
    }

    #[test]
    fn labels_written_before_their_texts_stand_with_them() {
        let mut words = Vec::new();
        let rows = [("Från:", "Eva Ask"), ("Skickat:", "den 4 mars"), ("Till:", "Bo Lind")];
        rows.iter().enumerate().for_each(|(i, (l, _))| words.extend(line(l, 50.0, 700.0 - 13.0 * i as f32, 10.0)));
        rows.iter().enumerate().for_each(|(i, (_, t))| words.extend(line(t, 120.0, 700.0 - 13.0 * i as f32, 10.0)));
        assert_eq!(read(words), rows.map(|(l, t)| format!("{l}|{t}")));
    }

    #[test]
    fn columns_that_touch_are_read_one_after_the_other() {
        // A letter is half an em wide.
        let left = ["en rad som når ända fram", "till nästa spalts början", "och en rad till av den."];
        let right = ["en annan text som börjar", "där den första slutar men", "har rader för sig."];
        let mut words = Vec::new();
        left.iter().enumerate().for_each(|(i, t)| words.extend(line(t, 50.0, 700.0 - 13.0 * i as f32, 10.0)));
        let edge = words.iter().map(|w| w.rect.x1).fold(f32::MIN, f32::max) + 1.0;
        right.iter().enumerate().for_each(|(i, t)| words.extend(line(t, edge, 700.0 - 13.0 * i as f32, 10.0)));
        assert_eq!(read(words), [left, right].concat());
    }

    #[test]
    fn a_single_column_stays_in_order() {
        let lines = ["Rubrik", "Första raden i ett stycke som är långt", "andra raden.", "Nästa stycke"];
        let words = lines.iter().enumerate().flat_map(|(i, t)| line(t, 50.0, 700.0 - 14.0 * i as f32, 10.0)).collect();
        assert_eq!(read(words), lines);
    }
}
