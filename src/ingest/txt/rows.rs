//! Defines rows that tabs or blanks part into columns, and what goes on below in one of their columns.

use super::lines::RawLine;
use crate::ingest::document::BlockKind;
use crate::ingest::layout::{Before, Draft, DraftLine, Flow, is_list_item};

/// Longest label that goes on below, in characters.
const LONGEST_LABEL: usize = 40;

/// A column may begin so many characters beside that of the row above.
const ASIDE: usize = 1;

/// Blanks between two columns, at least.
const GAP: usize = 2;

/// A cell of so many words may have been broken before the next column.
const WORDS: usize = 3;

/// A cell of so many words is prose, which ends at the margin.
const PROSE: usize = 7;

/// A row: the pieces of each cell, one below the other.
struct Row {
    cells: Vec<Vec<DraftLine>>,
    /// Where each column begins on the printed line, in characters.
    starts: Vec<usize>,
    /// Set by blanks.
    set: bool,
    /// An entry of a list.
    listed: bool,
    /// Where its last line ends.
    end: usize,
}

/// Rows that stand together.
pub(super) struct Rows<'f> {
    flow: &'f Flow<'f>,
    /// Where a full line ends.
    margin: Option<usize>,
    rows: Vec<Row>,
}

impl<'f> Rows<'f> {
    pub(super) fn new(flow: &'f Flow<'f>, margin: Option<usize>) -> Self {
        Rows { flow, margin, rows: Vec::new() }
    }

    /// Whether a row has begun.
    pub(super) fn is_open(&self) -> bool {
        !self.rows.is_empty()
    }

    /// Begins a row.
    pub(super) fn begins(&mut self, line: &RawLine) -> bool {
        let cell = |t: &str| vec![DraftLine::plain(t.trim(), line.page, Before::Break)];
        self.rows.push(Row {
            cells: line.text.split('\t').map(cell).collect(),
            starts: line.starts.clone(),
            set: line.set,
            listed: line.listed,
            end: line.end,
        });
        true
    }

    /// Adds a line that goes on in columns of the row above; false if it does not.
    pub(super) fn goes_on(&mut self, line: &RawLine) -> bool {
        let (flow, margin) = (self.flow, self.margin);
        let Some(row) = self.rows.last_mut().filter(|r| r.set && (line.set || !line.text.contains('\t'))) else {
            return false;
        };
        let cells: Vec<&str> = line.text.split('\t').map(str::trim).collect();
        // A line to sign on belongs to the name below it.
        let drawn = |c: &&str| c.chars().count() >= 3 && c.chars().all(|c| matches!(c, '.' | '_' | '…' | '-'));
        if is_list_item(&line.text)
            || cells.len() != line.starts.len()
            || cells.iter().any(drawn)
            || row.listed && line.is_labelled()
        {
            return false;
        }
        // The column of each cell; those behind the last are new ones.
        let last = row.cells.len().saturating_sub(1);
        let beyond = row.cells.last().and_then(|c| c.last()).map_or(0, |l| l.text.chars().count())
            + row.starts.last().copied().unwrap_or(0);
        let mut columns: Vec<usize> = Vec::with_capacity(cells.len());
        for (i, start) in line.starts.iter().enumerate() {
            let known = row.starts.iter().position(|s| s.abs_diff(*start) <= ASIDE);
            match known {
                Some(c) => columns.push(c),
                None if i > 0 && *start > beyond => {
                    columns.push(last + 1 + columns.iter().filter(|c| **c > last).count())
                }
                None => return false,
            }
        }
        let Some(first) = columns.first().copied() else { return false };
        // "§ 16   Årsredovisning" / "och bokslut": below the title of an item stands the rest of it.
        let item = row.cells.first().and_then(|c| c.first()).is_some_and(|l| l.text.starts_with('§'))
            && first == 1
            && cells.len() == 1
            && row.cells.get(1).and_then(|c| c.last()).is_some_and(|l| l.text.chars().count() >= LONGEST_LABEL / 2);
        let runs = |column: usize, cell: &str| {
            let Some(above) = row.cells.get(column).and_then(|c| c.last()) else { return false };
            let word = cell.split(' ').next().unwrap_or("").chars().count();
            let length = above.text.chars().count();
            let begins = row.starts.get(column).copied().unwrap_or(0);
            let full = match row.starts.get(column + 1) {
                // The next word would have touched the next column.
                Some(next) => {
                    column > 0 && above.text.split(' ').count() >= WORDS && begins + length + 1 + word + GAP > *next
                }
                None => {
                    above.text.split(' ').count() >= PROSE
                        && !above.text.ends_with(['.', ':', ';'])
                        && !above.text.contains('(')
                        && margin.is_some_and(|m| row.end + 1 + word > m)
                }
            };
            flow.runs_on(&above.text, cell) || full && !line.is_labelled() || row.listed && column == 0 || item
        };
        let any = columns.iter().zip(&cells).any(|(c, cell)| runs(*c, cell));
        if first == 0 && !row.listed {
            // A label of two lines: "Tjänstgörande" / "ersättare"; what stands beside it is a line of its own.
            let label = cells.first().is_some_and(|c| c.starts_with(char::is_lowercase) && runs(0, c))
                && row.cells.len() == 2
                && row.cells.first().is_some_and(|c| {
                    let label = |l: &DraftLine| {
                        l.text.starts_with(char::is_uppercase) && l.text.chars().count() <= LONGEST_LABEL
                    };
                    c.len() == 1 && c.iter().all(label)
                })
                && cells.len() <= 2
                && cells.first().is_some_and(|c| c.chars().count() <= LONGEST_LABEL);
            if !label {
                return false;
            }
        } else if first > 0 && !any && (columns.as_slice() != [last] || last == 0) {
            return false;
        }
        let joins: Vec<bool> = columns
            .iter()
            .zip(&cells)
            .map(|(c, cell)| if *c == last && (first == 0 || !any) { runs(*c, cell) } else { true })
            .collect();
        // Lines of their own stand in a last column only: elsewhere they would part the row.
        for (i, (column, cell)) in columns.iter().zip(&cells).enumerate() {
            let join = joins.get(i).copied().unwrap_or(false);
            let before = if join { Before::Join } else { Before::Break };
            let piece = DraftLine::plain(*cell, line.page, before);
            match (row.cells.get_mut(*column), line.starts.get(i)) {
                (Some(pieces), _) => pieces.push(piece),
                (None, Some(start)) => {
                    row.cells.push(vec![piece]);
                    row.starts.push(*start);
                }
                (None, None) => {}
            }
        }
        row.end = line.end;
        true
    }

    /// The rows as lines, each whole with its tabs.
    pub(super) fn lines(&mut self) -> Vec<DraftLine> {
        let mut out: Vec<DraftLine> = Vec::new();
        for row in std::mem::take(&mut self.rows) {
            let mut pieces = Vec::new();
            push_row(row, &mut pieces);
            for piece in pieces {
                match out.last_mut().filter(|_| piece.before != Before::Break) {
                    Some(line) if piece.before == Before::Tab => {
                        line.text.push('\t');
                        line.text.push_str(&piece.text);
                    }
                    Some(line) => {
                        line.text.push(' ');
                        line.text.push_str(&piece.text);
                    }
                    None => out.push(piece),
                }
            }
        }
        out
    }

    /// The rows as a block: a table, or lines with columns.
    pub(super) fn finish(&mut self) -> Option<Draft> {
        let mut rows = std::mem::take(&mut self.rows);
        let padded = pad(&mut rows);
        let first = rows.first()?;
        let digits = |r: &Row| r.cells.iter().flatten().any(|l| l.text.bytes().any(|b| b.is_ascii_digit()));
        let header = !digits(first) && rows.iter().skip(1).any(digits);
        let listed = rows.iter().any(|r| r.cells.iter().any(|c| c.iter().skip(1).any(|l| l.before == Before::Break)));
        let table = padded || rows.len() > 1 && !listed && (!rows.iter().any(|r| r.set) || is_even(&rows));
        let mut lines = Vec::new();
        rows.into_iter().for_each(|row| push_row(row, &mut lines));
        if !table {
            return Some(Draft::body(BlockKind::Lines, lines));
        }
        let mut draft = Draft::body(BlockKind::Table, lines);
        draft.header_rows = u8::from(header);
        Some(draft)
    }
}

fn push_row(row: Row, lines: &mut Vec<DraftLine>) {
    for (i, cell) in row.cells.into_iter().enumerate() {
        for (k, mut piece) in cell.into_iter().enumerate() {
            if k == 0 {
                piece.before = if i > 0 { Before::Tab } else { Before::Break };
            }
            lines.push(piece);
        }
    }
}

/// Gives rows that lack cells empty ones, where all stand below the columns of the first: a cross below "Nej" is a no.
fn pad(rows: &mut [Row]) -> bool {
    let Some((first, rest)) = rows.split_first_mut() else { return false };
    headless(first, rest);
    let single = |r: &Row| r.cells.iter().all(|c| c.len() == 1) && r.cells.len() == r.starts.len();
    if rest.len() < 2 || first.cells.len() < 2 || !first.set || !single(first) {
        return false;
    }
    let width = |c: &Vec<DraftLine>| c.first().map_or(0, |l| l.text.chars().count());
    let heads: Vec<(usize, usize)> =
        first.starts.iter().zip(&first.cells).map(|(s, c)| (*s, *s + width(c).max(1))).collect();
    let mut places: Vec<Vec<usize>> = Vec::with_capacity(rest.len());
    for row in rest.iter() {
        let mut at: Vec<usize> = Vec::with_capacity(row.cells.len());
        for (start, cell) in row.starts.iter().zip(&row.cells) {
            let end = *start + width(cell).max(1);
            // Below a heading: beginning with it, or somewhere under its letters.
            let below = heads.iter().position(|(a, b)| a.abs_diff(*start) <= ASIDE || *start < *b && *a < end);
            // "Nr Ledamot" over a number and a name: both are below it.
            match below.filter(|c| at.last().is_none_or(|l| l <= c)) {
                Some(c) => at.push(c),
                None => return false,
            }
        }
        if !single(row) && row.cells.len() < heads.len() {
            return false;
        }
        places.push(at);
    }
    let whole = |p: &Vec<usize>| p.len() == heads.len() && p.windows(2).all(|w| w.first() < w.last());
    if places.iter().all(whole) {
        return false;
    }
    for (row, at) in rest.iter_mut().zip(places) {
        let page = row.cells.first().and_then(|c| c.first()).map_or(1, |l| l.page);
        let mut cells: Vec<Vec<DraftLine>> =
            heads.iter().map(|_| vec![DraftLine::plain("", page, Before::Break)]).collect();
        for (cell, column) in std::mem::take(&mut row.cells).into_iter().zip(at) {
            match cells.get_mut(column) {
                Some(slot) if slot.iter().any(|l| !l.text.is_empty()) => {
                    slot.extend(cell.into_iter().map(|l| DraftLine { before: Before::Join, ..l }));
                }
                Some(slot) => *slot = cell,
                None => {}
            }
        }
        row.cells = cells;
    }
    true
}

/// Gives the headings an empty one over the names, where nothing is printed above them: "Ja   Nej   Avstår".
fn headless(first: &mut Row, rest: &[Row]) {
    let Some(left) = first.starts.first().copied() else { return };
    let before = |r: &Row| {
        let width = r.cells.first().and_then(|c| c.first()).map_or(0, |l| l.text.chars().count());
        r.starts.first().is_some_and(|s| s + width <= left)
    };
    let short = first.cells.iter().flatten().all(|l| l.text.chars().count() <= SHORT_HEADING);
    // The last row may be the sums alone.
    let sums = |r: &Row| r.cells.iter().flatten().all(|l| l.text.bytes().all(|b| b.is_ascii_digit()));
    let named = match rest.split_last() {
        Some((last, names)) if sums(last) => names,
        _ => rest,
    };
    if first.set && short && named.len() >= 2 && named.iter().all(before) {
        let page = first.cells.first().and_then(|c| c.first()).map_or(1, |l| l.page);
        first.starts.insert(0, rest.first().and_then(|r| r.starts.first()).copied().unwrap_or(0));
        first.cells.insert(0, vec![DraftLine::plain("", page, Before::Break)]);
    }
}

/// Longest heading of a column over an empty first one, in characters.
const SHORT_HEADING: usize = 16;

/// Whether rows are a table's by their shape alone: three or more, each of as many cells, three at least.
fn is_even(rows: &[Row]) -> bool {
    let first = rows.first().map_or(0, |r| r.cells.len());
    rows.len() >= 3 && first >= 3 && rows.iter().all(|r| r.cells.len() == first)
}
