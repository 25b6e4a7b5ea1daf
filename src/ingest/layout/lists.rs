//! Says how deep the items of lists are nested.

use super::draft::{Before, Draft, DraftLine};
use crate::ingest::document::{BlockKind, Document, Zone};

/// Items whose text begins within this many points begin at the same edge.
const SAME_EDGE: f32 = 3.0;
/// An edge this many points away belongs to another column.
const OTHER_COLUMN: f32 = 120.0;

/// What shows an item's level: where it begins, and the kind of its mark.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Look {
    x0: Option<f32>,
    mark: char,
}

/// The level of every block of a document that is a list item, from 1; 0 for all others.
///
/// Items that follow one another are one list. Where there are boxes the left edge tells the level, else the kind of the
/// mark does: one that is new in the list is one level further in.
pub fn list_levels(doc: &Document) -> Vec<u8> {
    let mut open: Vec<Look> = Vec::new();
    let mut levels = Vec::with_capacity(doc.blocks.len());
    for block in &doc.blocks {
        if block.zone != Zone::Body || block.kind != BlockKind::ListItem {
            if block.zone == Zone::Body {
                open.clear();
            }
            levels.push(0);
            continue;
        }
        let line = doc.lines.partition_point(|l| l.span.end <= block.span.start);
        let x0 = doc.lines.get(line).and_then(|l| l.rect).map(|r| r.x0);
        let look = Look { x0, mark: mark_kind(doc.quote(block.span)) };
        if let (Some(x), Some(Some(first))) = (x0, open.first().map(|l| l.x0))
            && (x - first).abs() > OTHER_COLUMN
        {
            open.clear();
        }
        let at = open.iter().position(|l| match (l.x0, look.x0) {
            (Some(a), Some(b)) => b < a + SAME_EDGE,
            _ => l.mark == look.mark,
        });
        if let Some(at) = at {
            open.truncate(at);
        }
        open.push(look);
        levels.push(u8::try_from(open.len()).unwrap_or(u8::MAX));
    }
    levels
}

/// Rows that are a mark and a text each are the items of a list whose text stands at a tab: bullets or dashes, or numbers
/// that grow by one, as the points of an agenda do. A numbered row alone belongs to the list before it if its number
/// goes on.
pub fn marked_rows(drafts: Vec<Draft>) -> Vec<Draft> {
    let mut out: Vec<Draft> = Vec::with_capacity(drafts.len());
    let mut last: Option<u32> = None;
    for draft in drafts {
        let rows = match draft.kind {
            BlockKind::Table | BlockKind::Lines if draft.zone == Zone::Body => marks(&draft),
            _ => None,
        };
        let follows = |mark: &Mark| match mark {
            Mark::Bullet => true,
            Mark::Number(n) => last.is_some_and(|l| *n > l && *n <= l + 5),
        };
        let Some(rows) = rows.filter(|r| r.len() > 1 || r.first().is_some_and(|(m, _)| follows(m))) else {
            out.push(draft);
            continue;
        };
        if let Some((Mark::Number(n), _)) = rows.last() {
            last = Some(*n);
        }
        let ends = rows.iter().skip(1).map(|(_, at)| *at).chain([draft.lines.len()]);
        for ((_, at), end) in rows.iter().zip(ends) {
            let mut lines: Vec<DraftLine> = draft.lines.get(*at..end).unwrap_or_default().to_vec();
            lines.iter_mut().skip(1).for_each(|l| l.before = Before::Join);
            out.push(Draft::body(BlockKind::ListItem, lines));
        }
    }
    out
}

/// What stands before an item's text.
#[derive(Clone, Copy, PartialEq)]
enum Mark {
    /// A bullet or dash.
    Bullet,
    /// A number.
    Number(u32),
}

/// The marks of the rows and where they begin, if every row is a mark and one text.
fn marks(draft: &Draft) -> Option<Vec<(Mark, usize)>> {
    let mut out: Vec<(Mark, usize)> = Vec::new();
    let mut lines = draft.lines.iter().enumerate().peekable();
    while let Some((at, line)) = lines.next() {
        let digits = line.text.strip_suffix('.').unwrap_or(&line.text);
        let mark = match line.text.as_str() {
            "-" | "–" | "—" | "•" | "o" | "▪" | "◦" => Mark::Bullet,
            _ => Mark::Number(digits.parse().ok().filter(|n| digits.len() <= 3 && *n > 0)?),
        };
        let same = match (out.last().map(|(m, _)| *m), mark) {
            (None, _) | (Some(Mark::Bullet), Mark::Bullet) => true,
            (Some(Mark::Number(before)), Mark::Number(n)) => before + 1 == n,
            _ => false,
        };
        let (_, text) = lines.next_if(|(_, l)| l.before == Before::Tab)?;
        let letters = text.text.chars().filter(|c| c.is_alphabetic()).count();
        let begins = mark == Mark::Bullet || text.text.starts_with(char::is_uppercase);
        if !same || !begins || letters < 3 {
            return None;
        }
        while lines.next_if(|(_, l)| l.before == Before::Join).is_some() {}
        out.push((mark, at));
    }
    (!out.is_empty()).then_some(out)
}

/// Marks of one kind are the same: a bullet is itself, numbers and letters go by what closes them.
fn mark_kind(item: &str) -> char {
    let mark = item.split(char::is_whitespace).next().unwrap_or("");
    match mark.chars().next() {
        Some(c) if c.is_ascii_digit() => '1',
        Some(c) if c.is_alphabetic() && mark.len() > c.len_utf8() => 'a',
        Some('(') => '(',
        Some(c) => c,
        None => ' ',
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::{self, Options};
    use crate::lexicon::Lexicon;

    #[test]
    fn numbers_before_a_tab_make_a_list_and_other_rows_do_not() {
        let rows = |rows: &[(&str, &str)]| {
            let cell = |text: &str, before| DraftLine::plain(text, 1, before);
            let lines = rows.iter().flat_map(|(a, b)| [cell(a, Before::Break), cell(b, Before::Tab)]).collect();
            Draft::body(if rows.len() > 1 { BlockKind::Table } else { BlockKind::Lines }, lines)
        };
        let agenda = [rows(&[("1", "Val av justerare"), ("2", "Anmälan")]), rows(&[("3", "Övrigt")])];
        let kinds: Vec<BlockKind> = marked_rows(agenda.to_vec()).iter().map(|d| d.kind).collect();
        assert_eq!(kinds, [BlockKind::ListItem; 3]);
        let dashes = [rows(&[("-", "öka andelen"), ("-", "minska")])];
        assert_eq!(marked_rows(dashes.to_vec()).len(), 2);
        let years = [rows(&[("2023", "Utfall"), ("2024", "Budget")]), rows(&[("1", "12"), ("2", "14")])];
        assert_eq!(marked_rows(years.to_vec()), years);
    }

    #[test]
    fn marks_tell_the_level_where_nothing_has_a_place() {
        let text = "Rubrik\n\n• ett\n• två\no inre\no inre igen\n• tre\n\nEn mening som är ett stycke och slutar här.\n\n1. först\na) sedan\n2. sist\n";
        let doc = ingest::read(text.as_bytes(), "a.txt", &Lexicon::built_in(), &Options::default()).unwrap();
        let levels: Vec<u8> = list_levels(&doc).into_iter().filter(|l| *l > 0).collect();
        assert_eq!(levels, [1, 1, 2, 2, 1, 1, 2, 1]);
    }
}
