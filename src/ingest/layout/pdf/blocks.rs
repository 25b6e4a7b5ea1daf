//! Makes blocks of a page's regions: paragraphs, headings, list items, tables, lines of their own.

use std::cell::LazyCell;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use super::figure;
use super::frag::{Frag, Sheet};
use super::grid::{self, Grid};
use super::regions::{Item, Region, order};
use crate::ingest::document::{BlockKind, Zone};
use crate::ingest::layout::draft::{Before, Draft, DraftLine};
use crate::ingest::layout::{Flow, Labels, is_list_item};
use crate::ingest::pdf::page::Tag;

/// Longest heading, in characters.
const LONGEST_HEADING: usize = 180;

/// How the running text of a document looks.
#[derive(Clone, Debug)]
pub(super) struct Style {
    /// Size of most letters, in points.
    pub(super) size: f32,
    /// Whether most of the text is bold.
    bold: bool,
}

impl Style {
    /// Looks at all pages: the size that most letters have.
    pub(super) fn of(sheets: &[Sheet]) -> Self {
        let mut sizes: Vec<(f32, usize)> = Vec::new();
        let (mut bold, mut all) = (0.0, 0.0);
        for f in sheets.iter().flat_map(|s| &s.frags).filter(|f| f.zone == Zone::Body) {
            sizes.push(((f.size * 2.0).round() / 2.0, f.text.len()));
            bold += f.bold_width;
            all += f.x1 - f.x0;
        }
        sizes.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut best = (11.0, 0);
        for same in sizes.chunk_by(|a, b| a.0 == b.0) {
            let count: usize = same.iter().map(|s| s.1).sum();
            if count > best.1 {
                best = (same.first().map_or(11.0, |s| s.0), count);
            }
        }
        Style { size: best.0, bold: bold * 2.0 > all }
    }

    /// True if letters of this size are running text.
    pub(super) fn is_body(&self, size: f32) -> bool {
        (size - self.size).abs() < 0.12 * self.size
    }
}

/// True if the last line of a block reaches the right edge of the block, so that the sentence may go on elsewhere.
pub(super) fn ends_full(draft: &Draft) -> bool {
    let edge = |l: &DraftLine| l.rect.map_or(0.0, |r| r.x1);
    let Some(last) = draft.lines.last() else { return false };
    let right = draft.lines.iter().map(edge).fold(f32::MIN, f32::max);
    draft.lines.len() > 1 && right - edge(last) < 5.0 * last.size
}

/// Page furniture as blocks: what is at the top, then the margin block, then what is at the foot.
pub(super) fn furniture_blocks(sheet: &Sheet, flow: &Flow) -> Vec<Draft> {
    let half = sheet.size.1 / 2.0;
    let part = |f: &Frag| match f.zone {
        Zone::Body => 3,
        Zone::Margin => 1,
        Zone::Foot => 2,
        Zone::PageNumber if f.y < half => 2,
        _ => 0,
    };
    let mut out = Vec::new();
    for wanted in 0..3 {
        let items: Vec<Item> = sheet
            .frags
            .iter()
            .enumerate()
            .filter(|(_, f)| f.angle == 0 && part(f) == wanted)
            .map(|(i, f)| Item::of_frag(i, f))
            .collect();
        for region in order(items, &sheet.frags, &[]) {
            out.extend(furniture_region(sheet, region));
        }
    }
    for draft in &mut out {
        flow.join_broken_names(&mut draft.lines);
    }
    if !sheet.cut_off.is_empty() {
        let lines = sheet.cut_off.iter().map(|f| f.line(sheet.number, Before::Break)).collect();
        out.push(Draft { zone: Zone::Foot, ..Draft::body(BlockKind::Lines, lines) });
    }
    out
}

fn furniture_region(sheet: &Sheet, region: Region) -> Vec<Draft> {
    let rows: Vec<Vec<usize>> = match region {
        Region::Flow(rows) | Region::Stack(rows) => rows,
        // Cells of several lines are texts beside one another.
        Region::Rows(rows) if rows.iter().flatten().any(|c| c.len() > 1) => {
            rows.into_iter().flatten().flat_map(|c| c.into_iter().map(|i| vec![i])).collect()
        }
        Region::Rows(rows) => rows.into_iter().map(|r| r.into_iter().flatten().collect()).collect(),
        Region::Grid(_) => Vec::new(),
    };
    let mut out: Vec<Draft> = Vec::new();
    let mut above: Option<(f32, f32)> = None;
    for row in rows {
        let mut first = true;
        for f in row.iter().filter_map(|i| sheet.frags.get(*i)) {
            let close = above.is_some_and(|(y, size)| (-0.4..1.75).contains(&((y - f.y) / size.max(f.size))));
            let before = if first { Before::Break } else { Before::Tab };
            match out.last_mut().filter(|d| d.zone == f.zone && close) {
                Some(d) => d.lines.push(f.line(sheet.number, before)),
                None => {
                    let mut d = Draft::body(BlockKind::Lines, vec![f.line(sheet.number, Before::Break)]);
                    d.zone = f.zone;
                    out.push(d);
                }
            }
            above = Some((f.y, f.size));
            first = false;
        }
    }
    out
}

/// The body of a page as blocks in reading order.
pub(super) fn body_blocks(sheet: &Sheet, flow: &Flow, labels: &Labels, style: &Style) -> Vec<Draft> {
    let grids = grid::find(&sheet.rules);
    let mut in_grid: Vec<Vec<usize>> = vec![Vec::new(); grids.len()];
    let main = main_angle(sheet);
    let mut items: Vec<Item> = Vec::new();
    let mut free: Vec<usize> = Vec::new();
    let mut turned: Vec<usize> = Vec::new();
    for (i, f) in sheet.frags.iter().enumerate().filter(|(_, f)| f.zone == Zone::Body) {
        if f.angle != main {
            let grid = grids.iter().position(|g| main == 0 && g.holds_upright(f));
            grid.and_then(|g| in_grid.get_mut(g)).unwrap_or(&mut turned).push(i);
            continue;
        }
        match grids.iter().position(|g| g.holds(f)).and_then(|g| in_grid.get_mut(g)) {
            Some(cells) => cells.push(i),
            None => free.push(i),
        }
    }
    if main == 0 {
        let (heads, others): (Vec<usize>, Vec<usize>) = turned.iter().partition(|i| heads_column(sheet, &turned, **i));
        items.extend(heads.iter().filter_map(|i| Some(Item::of_upright(*i, sheet.frags.get(*i)?))));
        turned = others;
    }
    let figures = figure::find(&sheet.drawings, &sheet.rules, &sheet.frags, &free, sheet.size);
    let in_figure: BTreeSet<usize> = figures.iter().flat_map(|f| f.labels.iter().copied()).collect();
    let item = |i: &usize| Some(Item::of_frag(*i, sheet.frags.get(*i)?));
    items.extend(free.iter().filter(|i| !in_figure.contains(i)).filter_map(item));
    // Figures are numbered after the tables.
    for (n, figure) in (grids.len()..).zip(&figures) {
        let seq = figure.labels.iter().filter_map(|i| sheet.frags.get(*i)).map(|f| f.seq).min().unwrap_or(0);
        items.push(Item::of_box(n, figure.rect, style.size, seq));
    }
    for (g, (grid, cells)) in grids.iter().zip(&in_grid).enumerate().filter(|(_, (_, c))| !c.is_empty()) {
        let seq = cells.iter().filter_map(|i| sheet.frags.get(*i)).map(|f| f.seq).min().unwrap_or(0);
        items.push(Item::of_box(g, grid.rect, style.size, seq));
    }
    let maker = Maker { sheet, flow, labels, style };
    let mut out = Vec::new();
    for region in order(items, &sheet.frags, &sheet.rules) {
        match region {
            Region::Flow(lines) => out.extend(maker.flow_blocks(&lines)),
            Region::Rows(rows) => out.push(maker.table(&rows)),
            Region::Stack(lines) => out.push(maker.stack(&lines)),
            Region::Grid(g) => {
                if let (Some(grid), Some(cells)) = (grids.get(g), in_grid.get(g)) {
                    out.extend(maker.ruled(grid, cells));
                } else if let Some(figure) = g.checked_sub(grids.len()).and_then(|n| figures.get(n)) {
                    out.push(maker.labels_of(&figure.labels));
                }
            }
        }
    }
    out.extend(maker.turned(&turned));
    out
}

/// True if a piece that runs up or down heads a column of a table: another one stands beside it at its height, and level text
/// below it.
fn heads_column(sheet: &Sheet, turned: &[usize], piece: usize) -> bool {
    const MOST: usize = 60;
    let Some(f) = sheet.frags.get(piece).filter(|f| matches!(f.angle, 90 | 270) && turned.len() <= MOST) else {
        return false;
    };
    let r = f.rect();
    let beside = turned.iter().filter(|i| **i != piece).filter_map(|i| sheet.frags.get(*i)).any(|o| {
        let other = o.rect();
        let gap = (other.x0 - r.x1).max(r.x0 - other.x1);
        o.angle == f.angle
            && (o.size - f.size).abs() < 0.2 * f.size
            && other.y0 < r.y1
            && other.y1 > r.y0
            && (0.0..8.0 * f.size).contains(&gap)
    });
    beside
        && sheet.frags.iter().any(|o| {
            let below = r.y0 - o.top();
            o.angle == 0
                && o.zone == Zone::Body
                && o.x0 < r.x1 + f.size
                && o.x1 > r.x0 - f.size
                && (-0.5 * f.size..3.0 * f.size).contains(&below)
        })
}

/// The direction that most of the body's letters run.
fn main_angle(sheet: &Sheet) -> u16 {
    let count = |angle: u16| -> usize {
        sheet.frags.iter().filter(|f| f.angle == angle && f.zone == Zone::Body).map(|f| f.text.len()).sum()
    };
    [0, 90, 180, 270].into_iter().max_by_key(|a| (count(*a), u16::MAX - a)).unwrap_or(0)
}

struct Maker<'a> {
    sheet: &'a Sheet,
    flow: &'a Flow<'a>,
    labels: &'a Labels<'a>,
    style: &'a Style,
}

/// The measures of a column.
struct Column {
    /// Left edge.
    left: f32,
    /// Right edge.
    edge: f32,
    /// Usual distance of lines, in ems.
    leading: f32,
    /// How many lines it has.
    lines: usize,
    /// Whether a line shows that sentences stand in it.
    prose: bool,
}

/// Lines that belong together, before they have a kind.
struct Group<'a> {
    frags: Vec<&'a Frag>,
}

impl<'a> Maker<'a> {
    fn frag(&self, i: usize) -> Option<&'a Frag> {
        self.sheet.frags.get(i)
    }

    /// The blocks of one column.
    fn flow_blocks(&self, lines: &[Vec<usize>]) -> Vec<Draft> {
        let singles = || lines.iter().filter(|l| l.len() == 1).flatten().filter_map(|i| self.frag(*i));
        let mut edge = singles().map(|f| f.x1).fold(f32::MIN, f32::max);
        let left = singles().map(|f| f.x0).fold(f32::MAX, f32::min);
        if lines.len() < 8 {
            // A few lines do not show where their column ends; others of the page that begin where they do may.
            let begins = |f: &&Frag| f.zone == Zone::Body && (f.x0 - left).abs() < 1.5 * f.size && f.words.len() > 4;
            edge = self.sheet.frags.iter().filter(begins).map(|f| f.x1).fold(edge, f32::max);
        }
        let leading = self.leading(lines);
        let sentence = |f: &Frag| {
            f.text.starts_with(char::is_lowercase)
                || f.text.ends_with([',', '-'])
                || f.text.ends_with('.') && f.words.len() > 2
        };
        let column = Column { left, edge, leading, lines: lines.len(), prose: singles().any(sentence) };
        let mut out: Vec<Draft> = Vec::new();
        let mut groups: Vec<Group<'a>> = Vec::new();
        for line in lines {
            match line.as_slice() {
                [one] => {
                    let Some(f) = self.frag(*one) else { continue };
                    let joins = groups.last().is_some_and(|g| self.joins(g, f, &column));
                    match groups.last_mut().filter(|_| joins) {
                        Some(group) => group.frags.push(f),
                        None => groups.push(Group { frags: vec![f] }),
                    }
                }
                pieces => {
                    out.extend(self.name(std::mem::take(&mut groups), leading));
                    let row = pieces.iter().filter_map(|i| self.frag(*i)).enumerate();
                    let lines = row
                        .map(|(k, f)| f.line(self.sheet.number, if k == 0 { Before::Break } else { Before::Tab }))
                        .collect();
                    out.push(Draft::body(BlockKind::Lines, lines));
                }
            }
        }
        out.extend(self.name(groups, leading));
        out
    }

    /// The usual distance of lines in a column, in ems.
    fn leading(&self, lines: &[Vec<usize>]) -> f32 {
        let frags: Vec<&Frag> = lines.iter().filter_map(|l| self.frag(*l.first()?)).collect();
        let mut steps: Vec<f32> = frags
            .windows(2)
            .filter_map(|w| match w {
                [a, b] if (a.size - b.size).abs() < 0.5 => Some((a.y - b.y) / a.size),
                _ => None,
            })
            .filter(|s| (0.8..2.6).contains(s))
            .collect();
        steps.sort_by(f32::total_cmp);
        // The smaller half: the rest are steps between paragraphs.
        steps.get(steps.len() / 3).copied().unwrap_or(1.2)
    }

    /// True if a line goes on with the group before it.
    fn joins(&self, group: &Group, line: &Frag, column: &Column) -> bool {
        let Column { left, edge, leading, .. } = *column;
        let (Some(first), Some(last)) = (group.frags.first(), group.frags.last()) else { return false };
        let em = last.size.max(line.size);
        let step = (last.y - line.y) / em;
        let larger = line.size > 1.12 * self.style.size;
        if (last.size - line.size).abs() > 0.12 * em || step <= 0.3 {
            return false;
        }
        // Looked at only where measures do not tell.
        let runs_on = LazyCell::new(|| self.flow.runs_on(&last.text, &line.text));
        // A title's lines may stand further apart than the text's.
        if step > (1.28 * leading).max(1.3) && !(larger && *runs_on && step <= (1.28 * leading).max(1.6)) {
            return false;
        }
        if is_list_item(&line.text) || is_heading_tag(last.tag) != is_heading_tag(line.tag) {
            return false;
        }
        if whole_bold(last) != whole_bold(line) && !(last.bold_width > 0.0 && line.bold_width > 0.0 && *runs_on) {
            return false;
        }
        let in_list = is_list_item(&first.text);
        let single = group.frags.len() == 1;
        if !larger && single && !*runs_on && self.labels.is_heading(&last.text) {
            return false;
        }
        let next_word = line.words.first().map_or(0.0, |w| w.rect.width().max(w.rect.height().min(0.5 * em)));
        // A name does not reach for the edge of its column.
        let known = column.lines > 3 || last.words.len() > 3;
        // A few lines in a narrow column show no edge: names, places, dates.
        let narrow = column.lines < 7 && edge - left < 16.0 * em && !column.prose;
        let full = known && !narrow && edge - last.x1 < next_word + 0.45 * em;
        let centred = ((last.x0 + last.x1) - (line.x0 + line.x1)).abs() < em && (last.x0 - left) > em;
        let indent = line.x0 - last.x0;
        let hanging = in_list && single;
        if indent > 0.8 * em && !(centred || hanging || *runs_on) {
            return false;
        }
        if in_list && !single && indent < -0.8 * em && !*runs_on {
            return false;
        }
        if in_list && single && indent < 0.3 * em && !full && !*runs_on {
            return false;
        }
        let room = (edge - last.x1) / (edge - left).max(1.0);
        full || (*runs_on && (room < 0.35 || larger || centred || self.flow.is_open(&last.text)))
    }

    /// Gives groups their kinds; short lines that follow closely become lines of their own.
    fn name(&self, groups: Vec<Group<'a>>, leading: f32) -> Vec<Draft> {
        let mut out: Vec<Draft> = Vec::new();
        let mut lone: Option<&Frag> = None;
        let mut above: Option<&Frag> = None;
        for group in groups {
            let (Some(first), Some(last)) = (group.frags.first(), group.frags.last()) else { continue };
            let set_off = above.is_none_or(|a| (a.y - first.y) / first.size > (1.25 * leading).max(1.35));
            let draft = Draft::body(self.kind(&group, set_off), self.lines(&group));
            above = Some(*last);
            let is_lone = draft.kind == BlockKind::Paragraph && draft.lines.len() == 1 && !Flow::is_closed(&first.text);
            let close = lone.is_some_and(|l| {
                (l.y - first.y) / first.size < (1.3 * leading).max(1.4)
                    && (l.size - first.size).abs() < 0.6
                    && whole_bold(l) == whole_bold(first)
            });
            match out.last_mut().filter(|_| is_lone && close) {
                Some(block) => {
                    block.kind = BlockKind::Lines;
                    block.lines.extend(draft.lines.into_iter().map(|mut l| {
                        l.before = Before::Break;
                        l
                    }));
                }
                None => out.push(draft),
            }
            lone = is_lone.then_some(*last);
        }
        for draft in out.iter_mut().filter(|d| d.kind == BlockKind::Lines) {
            self.flow.join_broken_names(&mut draft.lines);
        }
        out
    }

    fn lines(&self, group: &Group) -> Vec<DraftLine> {
        let n = self.sheet.number;
        group
            .frags
            .iter()
            .enumerate()
            .map(|(i, f)| f.line(n, if i == 0 { Before::Break } else { Before::Join }))
            .collect()
    }

    fn kind(&self, group: &Group, set_off: bool) -> BlockKind {
        let Some(first) = group.frags.first() else { return BlockKind::Paragraph };
        let text: String = group.frags.iter().map(|f| f.text.as_str()).collect::<Vec<_>>().join(" ");
        let larger = first.size > 1.12 * self.style.size;
        let bold = !self.style.bold && group.frags.iter().all(|f| whole_bold(f));
        let tagged = is_heading_tag(first.tag);
        // Looked at only where nothing else tells.
        let known = LazyCell::new(|| group.frags.len() == 1 && set_off && self.labels.is_heading(&text));
        let short = text.chars().count() <= LONGEST_HEADING && group.frags.len() <= 4;
        let letters = text.chars().filter(|c| c.is_alphabetic()).count();
        let bullet = text.starts_with(|c: char| !c.is_alphanumeric() && c != '§' && c != '"' && c != '”');
        let closed = || text.ends_with(['.', ',', ';']) || (text.ends_with(':') && !tagged && !*known);
        let open = short && letters >= 2 && !bullet && ((tagged && larger) || !closed());
        if open && (tagged || larger || bold || *known) {
            BlockKind::Heading { level: 2 }
        } else if is_list_item(&first.text) {
            BlockKind::ListItem
        } else {
            BlockKind::Paragraph
        }
    }

    /// Lines one under the other that no sentence joins.
    fn stack(&self, lines: &[Vec<usize>]) -> Draft {
        let mut out = Vec::new();
        for line in lines {
            for (k, f) in line.iter().filter_map(|i| self.frag(*i)).enumerate() {
                out.push(f.line(self.sheet.number, if k == 0 { Before::Break } else { Before::Tab }));
            }
        }
        self.flow.join_broken_names(&mut out);
        Draft::body(BlockKind::Lines, out)
    }

    /// Rows of cells without rules.
    fn table(&self, rows: &[Vec<Vec<usize>>]) -> Draft {
        let mut lines = Vec::new();
        for row in rows {
            self.row(row, &mut lines);
        }
        let mut draft = Draft::body(BlockKind::Table, lines);
        if rows.len() < 2 {
            draft.kind = BlockKind::Lines;
            draft.lines.retain(|l| !l.text.is_empty());
            return draft;
        }
        draft.header_rows = self.header_rows(rows);
        draft
    }

    fn row(&self, row: &[Vec<usize>], lines: &mut Vec<DraftLine>) {
        // Empty cells at a row's end say nothing.
        let used = row.iter().rposition(|c| !c.is_empty()).map_or(0, |i| i + 1);
        for (c, cell) in row.iter().take(used).enumerate() {
            let before = if c == 0 { Before::Break } else { Before::Tab };
            let mut pieces = cell.iter().filter_map(|i| self.frag(*i));
            match pieces.next() {
                Some(f) => lines.push(f.line(self.sheet.number, before)),
                None => lines.push(DraftLine::plain("", self.sheet.number, before)),
            }
            lines.extend(pieces.map(|f| f.line(self.sheet.number, Before::Join)));
        }
    }

    /// One header row if the first row has no numbers and later ones do, or if it is bold and they are not, or the file
    /// says so.
    fn header_rows(&self, rows: &[Vec<Vec<usize>>]) -> u8 {
        let frags = |r: &Vec<Vec<usize>>| -> Vec<&Frag> { r.iter().flatten().filter_map(|i| self.frag(*i)).collect() };
        let Some((first, rest)) = rows.split_first() else { return 0 };
        // What stands in few of the columns goes on from the page before, or is a caption.
        let filled = first.iter().filter(|c| !c.is_empty()).count();
        if filled < 2 || filled * 2 < first.len() {
            return 0;
        }
        let first = frags(first);
        let rest: Vec<Vec<&Frag>> = rest.iter().map(frags).collect();
        let digits = |fs: &[&Frag]| fs.iter().filter(|f| f.text.bytes().any(|b| b.is_ascii_digit())).count();
        let years = first
            .iter()
            .filter(|f| f.words.len() <= 3)
            .filter(|f| f.text.split(' ').any(|w| w.len() == 4 && (w.starts_with("20") || w.starts_with("19"))))
            .count();
        let tagged = !first.is_empty() && first.iter().all(|f| f.tag == Some(Tag::TableHeader));
        let bold = first.iter().all(|f| whole_bold(f)) && !rest.iter().flatten().all(|f| whole_bold(f));
        let plain = digits(&first) <= years && rest.iter().filter(|r| digits(r) > 0).count() * 2 > rest.len();
        u8::from(tagged || bold || plain)
    }

    /// A ruled table.
    fn ruled(&self, grid: &Grid, inside: &[usize]) -> Vec<Draft> {
        let (columns, rows) = (grid.xs.len().saturating_sub(1), grid.ys.len().saturating_sub(1));
        let mut cells: Vec<Vec<Vec<usize>>> = vec![vec![Vec::new(); columns]; rows];
        let mut known: HashMap<(usize, usize), (usize, usize)> = HashMap::new();
        let mut whole = |place| *known.entry(place).or_insert_with(|| grid.whole(place));
        for i in inside {
            let Some(f) = self.frag(*i) else { continue };
            let (x, y) = Grid::point(f);
            let (r, c) = whole(grid.cell(x, y));
            if let Some(cell) = cells.get_mut(r).and_then(|row| row.get_mut(c)) {
                cell.push(*i);
            }
        }
        let y_of = |i: &usize| self.frag(*i).map_or((0.0, 0.0), |f| (-f.y, f.x0));
        for cell in cells.iter_mut().flatten() {
            cell.sort_by(|a, b| y_of(a).partial_cmp(&y_of(b)).unwrap_or(std::cmp::Ordering::Equal));
        }
        let broken = self.broken_words(grid, &cells);
        cells.retain(|row| row.iter().any(|c| !c.is_empty()));
        // Columns that no row uses are double lines.
        let used: Vec<bool> =
            (0..columns).map(|c| cells.iter().any(|r| r.get(c).is_some_and(|c| !c.is_empty()))).collect();
        for row in &mut cells {
            let mut keep = used.iter();
            row.retain(|_| keep.next().copied().unwrap_or(true));
        }
        let wide = used.iter().filter(|u| **u).count();
        if cells.is_empty() {
            return Vec::new();
        }
        if wide == 1 {
            // A frame around text.
            let lines: Vec<Vec<usize>> = cells.into_iter().flatten().flatten().map(|i| vec![i]).collect();
            return self.flow_blocks(&lines);
        }
        let mut table = self.table(&cells);
        for line in table.lines.iter_mut().filter(|l| broken.iter().any(|f| Rc::ptr_eq(&f.words, &l.words))) {
            if let Some(first) = Rc::make_mut(&mut line.words).first_mut() {
                first.spaced = false;
            }
        }
        vec![table]
    }

    /// The lines of cells that go on a word broken without a hyphen because it is wider than its cell. The break shows
    /// where lines that end with a whole word end with a space.
    fn broken_words(&self, grid: &Grid, cells: &[Vec<Vec<usize>>]) -> Vec<&'a Frag> {
        const FEWEST: usize = 3;
        let (mut spaced, mut broken) = (0, Vec::new());
        for (c, cell) in cells.iter().flat_map(|row| row.iter().enumerate()) {
            let edge = |i: usize| grid.xs.get(i).copied().unwrap_or(0.0);
            for w in cell.windows(2) {
                let [Some(a), Some(b)] = [w.first(), w.last()].map(|i| i.and_then(|i| self.frag(*i))) else { continue };
                if a.space_after() {
                    spaced += 1;
                    continue;
                }
                // As much room is kept to the right of the letters as to their left.
                let room = (edge(c + 1) - a.x1) - (a.x0 - edge(c));
                let letters = |t: &str| t.chars().all(char::is_alphabetic);
                if a.words.len() == 1
                    && b.seq == a.last_seq + 1
                    && letters(&a.text)
                    && b.words.first().is_some_and(|w| letters(&w.text))
                    && b.text.starts_with(char::is_lowercase)
                    && room < 0.5 * a.size
                    && (b.x0 - a.x0).abs() < 0.2 * a.size
                {
                    broken.push(b);
                }
            }
        }
        if spaced >= FEWEST { broken } else { Vec::new() }
    }

    /// The labels of a figure, each a line of its own.
    fn labels_of(&self, labels: &[usize]) -> Draft {
        let lines = labels.iter().filter_map(|i| self.frag(*i)).map(|f| f.line(self.sheet.number, Before::Break));
        Draft::body(BlockKind::Lines, lines.collect())
    }

    /// Text that runs another way than the page's: stamps, labels of diagrams.
    fn turned(&self, frags: &[usize]) -> Vec<Draft> {
        let mut out: Vec<Draft> = Vec::new();
        let mut before: Option<&Frag> = None;
        for f in frags.iter().filter_map(|i| self.frag(*i)) {
            let close = before.is_some_and(|b| b.angle == f.angle && (b.y - f.y).abs() < 2.0 * f.size);
            match out.last_mut().filter(|_| close) {
                Some(d) => d.lines.push(f.line(self.sheet.number, Before::Break)),
                None => out.push(Draft::body(BlockKind::Lines, vec![f.line(self.sheet.number, Before::Break)])),
            }
            before = Some(f);
        }
        out
    }
}

fn whole_bold(f: &Frag) -> bool {
    f.bold_width > 0.75 * (f.x1 - f.x0)
}

fn is_heading_tag(tag: Option<Tag>) -> bool {
    matches!(tag, Some(Tag::Heading(_)))
}

/// Gives headings their levels: the first of the largest on its page is the title, then by size and weight.
pub(super) fn level_headings(drafts: &mut [Draft], style: &Style, labels: &Labels) {
    let look = |d: &Draft| d.lines.first().map_or((0.0, false), |l| ((l.size * 2.0).round() / 2.0, l.bold));
    let is_heading = |d: &Draft| d.zone == Zone::Body && matches!(d.kind, BlockKind::Heading { .. });
    let first_page = drafts.iter().filter(|d| d.zone == Zone::Body).map(Draft::page).min().unwrap_or(1);
    let largest =
        drafts.iter().filter(|d| is_heading(d) && d.page() == first_page).map(|d| look(d).0).fold(0.0, f32::max);
    let title = drafts.iter().position(|d| {
        is_heading(d)
            && d.page() == first_page
            && look(d).0 >= largest
            && (largest > 1.12 * style.size || !labels.is_heading(&d.glance()))
    });
    let title = title.or_else(|| {
        drafts.iter().position(|d| d.zone == Zone::Body).filter(|i| {
            drafts.get(*i).is_some_and(|d| {
                let text = d.glance();
                let count = text.chars().count();
                matches!(d.kind, BlockKind::Paragraph | BlockKind::Heading { .. })
                    && (3..=200).contains(&count)
                    && !Flow::is_closed(&text)
                    && !labels.is_heading(&text)
            })
        })
    });
    let mut looks: Vec<(f32, bool)> =
        drafts.iter().enumerate().filter(|(i, d)| is_heading(d) && Some(*i) != title).map(|(_, d)| look(d)).collect();
    looks.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)));
    looks.dedup();
    for (i, draft) in drafts.iter_mut().enumerate() {
        if Some(i) == title {
            draft.kind = BlockKind::Heading { level: 1 };
        } else if is_heading(draft) {
            let at = looks.iter().position(|l| *l == look(draft)).unwrap_or(0);
            draft.kind = BlockKind::Heading { level: (at as u8).saturating_add(2).min(6) };
        }
    }
}
