//! Joins a table that goes on over pages; its repeated header rows become running heads.

use crate::ingest::document::{BlockKind, Zone};
use crate::ingest::layout::draft::{Before, Draft, DraftLine};

/// Joins tables that follow one another over a page's end and have the same columns.
pub(super) fn tables(drafts: Vec<Draft>) -> Vec<Draft> {
    let mut out: Vec<Draft> = Vec::with_capacity(drafts.len());
    let mut last_body: Option<usize> = None;
    for mut draft in drafts {
        let before = last_body.and_then(|i| out.get(i)).filter(|b| draft.zone == Zone::Body && goes_on(b, &draft));
        let Some(before) = before else {
            if draft.zone == Zone::Body {
                last_body = Some(out.len());
            }
            out.push(draft);
            continue;
        };
        let repeated = repeated_rows(before, &draft);
        let at = row_starts(&draft.lines).get(repeated).copied().unwrap_or(draft.lines.len());
        let mut rest = draft.lines.split_off(at);
        if let Some(table) = last_body.and_then(|i| out.get_mut(i)) {
            if table.kind != BlockKind::Table {
                table.kind = BlockKind::Table;
                table.header_rows = 1;
            }
            join_split_row(&mut table.lines, &mut rest);
            table.lines.extend(rest);
        }
        if !draft.lines.is_empty() {
            draft.zone = Zone::Head;
            draft.kind = BlockKind::Lines;
            draft.header_rows = 0;
            draft.lines.retain(|l| !l.text.is_empty());
            out.push(draft);
        }
    }
    out
}

/// Joins the two halves of a row that a page's end parts: the second has nothing in its first column, and its cells go on
/// in the middle of a sentence.
fn join_split_row(lines: &mut Vec<DraftLine>, rest: &mut Vec<DraftLine>) {
    let end = row_starts(rest).get(1).copied().unwrap_or(rest.len());
    let second = cells(rest.get(..end).unwrap_or_default());
    let start = row_starts(lines).last().copied().unwrap_or(0);
    let first = cells(lines.get(start..).unwrap_or_default());
    let text = |cell: &Vec<DraftLine>| cell.iter().map(|l| l.text.as_str()).collect::<String>();
    let goes_on = second.first().is_some_and(|c| text(c).is_empty())
        && second.len() <= first.len()
        && second.iter().zip(&first).all(|(b, a)| {
            let (b, a) = (text(b), text(a));
            b.is_empty() || (b.starts_with(char::is_lowercase) && !a.is_empty() && !a.ends_with('.'))
        });
    if !goes_on {
        return;
    }
    rest.drain(..end);
    lines.truncate(start);
    let mut second = second.into_iter();
    for mut cell in first {
        let more = second.next().unwrap_or_default().into_iter().filter(|l| !l.text.is_empty());
        cell.extend(more.map(|mut l| {
            l.before = Before::Join;
            l
        }));
        lines.extend(cell);
    }
}

/// The cells of one row, each with its lines.
fn cells(row: &[DraftLine]) -> Vec<Vec<DraftLine>> {
    let mut out: Vec<Vec<DraftLine>> = Vec::new();
    for line in row {
        match out.last_mut() {
            Some(cell) if line.before == Before::Join => cell.push(line.clone()),
            _ => out.push(vec![line.clone()]),
        }
    }
    out
}

/// True if a table goes on another from the page before; one row of it alone may stand on either page.
fn goes_on(before: &Draft, draft: &Draft) -> bool {
    if draft.page() != before.last_page() + 1 {
        return false;
    }
    let (a, b) = (columns(before), columns(draft));
    let beside = |a: &Option<(f32, f32)>, b: &Option<(f32, f32)>| match (a, b) {
        (Some(a), Some(b)) => a.0 < b.1 && b.0 < a.1,
        _ => true,
    };
    let alike = a.iter().zip(&b).all(|(a, b)| beside(a, b));
    match (before.kind, draft.kind) {
        (BlockKind::Table, BlockKind::Table) => {
            // A header of its own that differs begins another table.
            let own_header = draft.header_rows > 0 && repeated_rows(before, draft) == 0;
            a.len().abs_diff(b.len()) <= 1 && b.len() > 1 && !own_header && alike
        }
        // The header stands alone at the end of the page.
        (BlockKind::Lines, BlockKind::Table) => {
            is_row(before) && draft.header_rows == 0 && a.len() >= b.len() && a.len() > 2 && alike
        }
        (BlockKind::Table, BlockKind::Lines) => is_row(draft) && b.len() == a.len() && b.len() > 2 && alike,
        _ => false,
    }
}

/// True for lines that are the cells of one row.
fn is_row(draft: &Draft) -> bool {
    draft.lines.len() > 1 && draft.lines.iter().skip(1).all(|l| l.before == Before::Tab)
}

/// How many header rows of `before` the table repeats.
fn repeated_rows(before: &Draft, draft: &Draft) -> usize {
    let wanted = usize::from(before.header_rows);
    let (a, b) = (rows(&before.lines), rows(&draft.lines));
    let text = |row: &[DraftLine]| -> Vec<String> { row.iter().map(|l| l.text.clone()).collect() };
    let same = a.iter().take(wanted).zip(&b).take_while(|(a, b)| text(a) == text(b)).count();
    if same == wanted { same } else { 0 }
}

/// Where rows begin.
fn row_starts(lines: &[DraftLine]) -> Vec<usize> {
    lines.iter().enumerate().filter(|(i, l)| *i == 0 || l.before == Before::Break).map(|(i, _)| i).collect()
}

fn rows(lines: &[DraftLine]) -> Vec<&[DraftLine]> {
    let starts = row_starts(lines);
    let ends = starts.iter().skip(1).copied().chain([lines.len()]);
    starts.iter().zip(ends).filter_map(|(a, b)| lines.get(*a..b)).collect()
}

/// The left and right edge of every column, where a cell shows it.
fn columns(draft: &Draft) -> Vec<Option<(f32, f32)>> {
    let mut edges: Vec<Option<(f32, f32)>> = Vec::new();
    let mut column = 0;
    for line in &draft.lines {
        match line.before {
            Before::Break => column = 0,
            Before::Tab => column += 1,
            Before::Join => {}
        }
        if edges.len() <= column {
            edges.resize(column + 1, None);
        }
        if let (Some(rect), Some(edge)) = (line.rect, edges.get_mut(column)) {
            *edge = Some(edge.map_or((rect.x0, rect.x1), |e| (e.0.min(rect.x0), e.1.max(rect.x1))));
        }
    }
    edges
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(page: u32, rows: &[[&str; 2]]) -> Draft {
        let cell = |text: &str, before| DraftLine::plain(text, page, before);
        let lines = rows.iter().flat_map(|[a, b]| [cell(a, Before::Break), cell(b, Before::Tab)]).collect();
        Draft { header_rows: 1, ..Draft::body(BlockKind::Table, lines) }
    }

    #[test]
    fn a_table_goes_on_over_a_page_and_its_header_is_furniture() {
        let joined = tables(vec![
            table(1, &[["Förening", "Kronor"], ["A", "1"]]),
            table(2, &[["Förening", "Kronor"], ["B", "2"]]),
        ]);
        assert_eq!(joined.len(), 2);
        assert_eq!(joined[0].glance(), "Förening Kronor A 1 B 2");
        assert_eq!((joined[1].zone, joined[1].glance().as_str()), (Zone::Head, "Förening Kronor"));
        let apart =
            tables(vec![table(1, &[["Förening", "Kronor"], ["A", "1"]]), table(2, &[["Enhet", "Antal"], ["B", "2"]])]);
        assert_eq!(apart.len(), 2);
        assert_eq!(apart[1].zone, Zone::Body);
    }

    #[test]
    fn a_row_parted_by_a_page_is_one() {
        let joined = tables(vec![
            table(1, &[["Nr", "Svar"], ["1", "Nämnden har läst"]]),
            Draft { header_rows: 0, ..table(2, &[["", "förslaget nu."], ["2", "Ja"]]) },
        ]);
        assert_eq!(joined.len(), 1);
        assert_eq!(joined[0].glance(), "Nr Svar 1 Nämnden har läst förslaget nu. 2 Ja");
        assert_eq!(joined[0].lines[4].before, Before::Join);
    }

    #[test]
    fn a_header_alone_at_a_page_end_heads_the_table_on_the_next() {
        let cell = |text: &str, before| DraftLine::plain(text, 1, before);
        let lines = vec![cell("Namn", Before::Break), cell("Ja", Before::Tab), cell("Nej", Before::Tab)];
        let row = Draft::body(BlockKind::Lines, lines);
        let cell = |text: &str, before| DraftLine::plain(text, 2, before);
        let lines = ["Ek", "Falk"]
            .iter()
            .flat_map(|n| [cell(n, Before::Break), cell("X", Before::Tab), cell("", Before::Tab)])
            .collect();
        let joined = tables(vec![row, Draft::body(BlockKind::Table, lines)]);
        assert_eq!(joined.len(), 1);
        assert_eq!((joined[0].kind, joined[0].header_rows), (BlockKind::Table, 1));
    }
}
