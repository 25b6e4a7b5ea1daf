//! Sets the letterhead and the margin block of a first page apart from the body.
//!
//! The form of Swedish authorities: sender, kind, dnr and date above; officer and recipient below them; the sender's
//! address in a narrow column beside the text.

use super::blocks::Style;
use super::frag::{Frag, Sheet};
use crate::ingest::document::Zone;
use crate::ingest::layout::{Label, Labels, page_number};

/// How far down the page the letterhead and what follows it may reach, as a share of its height.
const DEEPEST: f32 = 0.5;
/// Most pieces of the block beside the text.
const MOST_SIDE: usize = 40;

/// True if a page looks like the first of a document: it is the file's first, its page number is 1, or an officer is
/// named near its top.
pub(super) fn is_first_page(sheet: &Sheet, labels: &Labels) -> bool {
    let height = sheet.size.1.max(1.0);
    sheet.number == 1
        || sheet.frags.iter().filter(|f| f.angle == 0).any(|f| {
            let outer = f.y > 0.8 * height || f.y < 0.1 * height;
            outer && page_number(&f.text).is_some_and(|n| n.0 == 1 && n.2)
        })
        || has_front(sheet, labels)
}

/// True if an officer or recipient stands alone on a line near the top, and kind or case too.
fn has_front(sheet: &Sheet, labels: &Labels) -> bool {
    let height = sheet.size.1.max(1.0);
    let found: Vec<Label> = sheet
        .frags
        .iter()
        .filter(|f| f.angle == 0 && f.y > 0.6 * height && f.words.len() <= 6)
        .filter_map(|f| labels.label(&f.text))
        .collect();
    let has = |wanted: &[Label]| found.iter().any(|l| wanted.contains(l));
    has(&[Label::Officer, Label::Recipient]) && has(&[Label::Kind, Label::Dnr]) && found.len() >= 3
}

/// Marks the letterhead and what else stands above a first page's title, after its running heads are known.
pub(super) fn mark(sheet: &mut Sheet, labels: &Labels, style: &Style) {
    mark_top(sheet, labels, style);
    let has_letterhead = sheet.frags.iter().any(|f| f.zone == Zone::Letterhead);
    let labelled = sheet.frags.iter().any(|f| f.zone == Zone::Head && labels.label(&f.text).is_some());
    if has_letterhead || labelled {
        sheet.frags.iter_mut().filter(|f| f.zone == Zone::Head).for_each(|f| f.zone = Zone::Letterhead);
    }
}

/// The column of running text: left and right edge of its wide lines.
fn text_column(sheet: &Sheet, style: &Style) -> Option<(f32, f32)> {
    let wide: Vec<&Frag> = sheet
        .frags
        .iter()
        .filter(|f| f.zone == Zone::Body && f.angle == 0 && f.x1 - f.x0 > 0.4 * sheet.size.0)
        .filter(|f| f.size > 0.88 * style.size && f.size < 1.4 * style.size)
        .collect();
    if wide.len() < 3 {
        return None;
    }
    // List items and cells of tables begin further to the right; the column's edge is the outermost.
    let left = wide.iter().map(|f| f.x0).fold(f32::MAX, f32::min);
    let right = wide.iter().map(|f| f.x1).fold(f32::MIN, f32::max);
    Some((left, right))
}

/// Marks the margin block beside a first page's text: short lines outside its column, if one of them has a label.
pub(super) fn mark_side(sheet: &mut Sheet, labels: &Labels, style: &Style) {
    let Some((left, right)) = text_column(sheet, style) else { return };
    let first_text = sheet
        .frags
        .iter()
        .filter(|f| f.zone == Zone::Body && f.angle == 0 && f.x1 - f.x0 > 0.4 * sheet.size.0)
        .map(|f| f.y)
        .fold(f32::MIN, f32::max);
    let beside = |f: &Frag| {
        f.zone == Zone::Body
            && f.angle == 0
            && f.y <= first_text
            && (f.x1 < left - 1.0 || f.x0 > right + 1.0)
            && f.text.chars().count() <= 60
            && page_number(&f.text).is_none_or(|n| !n.2)
    };
    let edges: Vec<f32> = sheet.frags.iter().filter(|f| beside(f)).map(|f| f.x0).collect();
    // A long address may reach a little into the text's column.
    let reaches = |f: &Frag| {
        let small = f.size < 0.9 * style.size && f.words.len() <= 3;
        f.zone == Zone::Body
            && f.angle == 0
            && small
            && f.y <= first_text
            && f.x1 < left + 2.0 * f.size
            && edges.iter().any(|x| (x - f.x0).abs() < 0.3 * f.size)
    };
    let mut side: Vec<usize> =
        sheet.frags.iter().enumerate().filter(|(_, f)| beside(f) || reaches(f)).map(|(i, _)| i).collect();
    // The block may begin above the text beside it.
    while let Some(above) = sheet.frags.iter().enumerate().position(|(i, f)| {
        let outside = f.x1 < left - 1.0 || f.x0 > right + 1.0;
        let near = |s: &Frag| (0.1..2.2).contains(&((f.y - s.y) / f.size)) && (s.x0 - f.x0).abs() < 0.3 * f.size;
        outside
            && f.zone == Zone::Body
            && f.angle == 0
            && f.y > first_text
            && f.text.chars().count() <= 60
            && side.len() <= MOST_SIDE
            && !side.contains(&i)
            && side.iter().filter_map(|i| sheet.frags.get(*i)).any(near)
    }) {
        side.push(above);
    }
    let labelled = side.iter().filter_map(|i| sheet.frags.get(*i)).any(|f| labels.label(&f.text).is_some());
    if !labelled || side.len() > MOST_SIDE || is_column_of_table(sheet, &side) || are_names_of_parts(sheet, &side) {
        return;
    }
    for i in side {
        if let Some(f) = sheet.frags.get_mut(i) {
            f.zone = Zone::Margin;
        }
    }
}

/// True if some pieces name what stands beside them: far apart, most of them each level with the first line of a text.
fn are_names_of_parts(sheet: &Sheet, pieces: &[usize]) -> bool {
    const FEWEST: usize = 3;
    let frags = || pieces.iter().filter_map(|i| sheet.frags.get(*i));
    let begins_text = |f: &Frag| {
        let text = || sheet.frags.iter().enumerate().filter(|(i, _)| !pieces.contains(i)).map(|(_, other)| other);
        let level = text().find(|o| o.angle == 0 && o.x0 > f.x1 && (o.y - f.y).abs() < 0.15 * f.size);
        // The line above it, if there is one, stands further off than lines of one text do.
        level.is_some_and(|l| {
            !text().any(|o| (o.x0 - l.x0).abs() < 2.0 * l.size && (0.3..1.45).contains(&((o.y - l.y) / l.size)))
        })
    };
    let alone = |f: &Frag| !frags().any(|o| !std::ptr::eq(o, f) && (o.y - f.y).abs() < 1.6 * f.size.max(o.size));
    let named = frags().filter(|f| alone(f) && begins_text(f)).count();
    named >= FEWEST && named * 3 > pieces.len() * 2
}

/// True if most of some pieces stand in rows of three or more: cells, not lines beside a text.
fn is_column_of_table(sheet: &Sheet, pieces: &[usize]) -> bool {
    let in_row = |at: usize| {
        let Some(f) = sheet.frags.get(at) else { return false };
        let beside = |(i, other): &(usize, &Frag)| {
            other.angle == 0 && (other.y - f.y).abs() < 0.4 * f.size && !pieces.contains(i)
        };
        sheet.frags.iter().enumerate().filter(beside).take(2).count() > 1
    };
    pieces.iter().filter(|i| in_row(**i)).count() * 2 > pieces.len()
}

/// True if the two lines below a line go on with its sentence, in one column: text, however narrow. `below` are the next pieces
/// from the top down.
fn begins_text(line: &Frag, below: &[usize], sheet: &Sheet) -> bool {
    const NEAREST: usize = 40;
    let next = |f: &Frag| {
        below.iter().take(NEAREST).filter_map(|i| sheet.frags.get(*i)).find(|b| {
            (b.x0 - f.x0).abs() < 0.3 * f.size
                && (b.size - f.size).abs() < 0.1 * f.size
                && (0.8..1.6).contains(&((f.y - b.y) / f.size))
                && b.words.len() >= 3
                && b.text.starts_with(char::is_lowercase)
        })
    };
    line.words.len() >= 3 && next(line).is_some_and(|second| next(second).is_some())
}

/// Lines above the title that have labels, or stand between such.
fn mark_top(sheet: &mut Sheet, labels: &Labels, style: &Style) {
    let height = sheet.size.1.max(1.0);
    let mut order: Vec<usize> =
        sheet.frags.iter().enumerate().filter(|(_, f)| f.zone == Zone::Body && f.angle == 0).map(|(i, _)| i).collect();
    let y_of = |i: &usize| sheet.frags.get(*i).map_or(0.0, |f| f.y);
    order.sort_by(|a, b| y_of(b).total_cmp(&y_of(a)));
    let mut front: Vec<(usize, Option<Label>)> = Vec::new();
    for (at, i) in order.iter().copied().enumerate() {
        let Some(f) = sheet.frags.get(i) else { break };
        let label = labels.label(&f.text);
        let title = f.size > 1.2 * style.size
            && (label.is_none()
                || label == Some(Label::Kind)
                || label == Some(Label::Unit) && f.size > 1.45 * style.size);
        let prose = f.x1 - f.x0 > 0.55 * sheet.size.0 || f.text.chars().count() > 70;
        // Small letters in a letterhead name the kind of document, not a section.
        let small = f.size < 0.95 * style.size;
        let heading = || (!small && labels.is_heading(&f.text)) || f.text.starts_with('§');
        if (title && f.y < 0.93 * height)
            || prose
            || f.y < (1.0 - DEEPEST) * height
            || heading()
            || begins_text(f, order.get(at + 1..).unwrap_or(&[]), sheet)
        {
            break;
        }
        front.push((i, label));
    }
    let Some(last) = front.iter().rposition(|(_, l)| l.is_some()) else { return };
    // What stands on the line of the last label belongs to it.
    let level = |(i, _): &(usize, Option<Label>)| {
        let of = |i: &usize| sheet.frags.get(*i).map(|f| (f.y, f.size));
        let lowest = front.get(last).and_then(|(l, _)| of(l));
        lowest.zip(of(i)).is_some_and(|(a, b)| (a.0 - b.0).abs() < 0.3 * a.1.min(b.1))
    };
    let rest = front.iter().skip(last + 1).take_while(|f| level(f)).count();
    front.truncate(last + 1 + rest);
    let found: Vec<Label> = front.iter().filter_map(|(_, l)| *l).collect();
    if !found.iter().any(|l| l.is_strong()) && found.len() < 2 {
        return;
    }
    // Everything from the officer or recipient down is the margin block.
    let to_margin = front
        .iter()
        .filter(|(_, l)| matches!(l, Some(Label::Officer | Label::Recipient)))
        .filter_map(|(i, _)| sheet.frags.get(*i).map(|f| f.y + 0.3 * f.size))
        .fold(f32::MIN, f32::max);
    for (i, _) in front {
        if let Some(f) = sheet.frags.get_mut(i) {
            f.zone = if f.y <= to_margin { Zone::Margin } else { Zone::Letterhead };
        }
    }
}
