//! Tells which way the words run that the engine found: it reads pages that lie on their side or stand on their head too, and
//! gives the boxes of the picture as it is.

use std::collections::BTreeMap;

use super::tsv::Row;
use crate::base::Rect;
use crate::ingest::turn::Turn;

/// Block, paragraph, line.
type LineOf = (u32, u32, u32);

/// Parts the words by the way their lines run: 0, 90, 180, 270 degrees counter-clockwise, the one with most letters first.
pub(super) fn by_angle(rows: Vec<Row>) -> Vec<(u16, Vec<Row>)> {
    let mut lines: BTreeMap<LineOf, Votes> = BTreeMap::new();
    let mut page = Votes::default();
    for (row, next) in rows.iter().zip(rows.iter().skip(1)).filter(|(row, next)| row.line == next.line) {
        if let Some(way) = way(row, next) {
            lines.entry(row.line).or_default().add(way);
            page.add(way);
        }
    }
    let usual = page.most().map_or(0, |(way, _)| way);
    let mut parts: BTreeMap<usize, Vec<Row>> = BTreeMap::new();
    for row in rows {
        // One pair of words proves nothing against the rest of the page.
        let own = lines.get(&row.line).and_then(Votes::most).filter(|(_, votes)| *votes > 1);
        parts.entry(own.map_or(usual, |(way, _)| way)).or_default().push(row);
    }
    let letters = |rows: &[Row]| rows.iter().map(|r| r.text.len()).sum::<usize>();
    let mut parts: Vec<(u16, Vec<Row>)> = parts.into_iter().map(|(way, rows)| (90 * way as u16, rows)).collect();
    parts.sort_by_key(|(angle, rows)| (std::cmp::Reverse(letters(rows)), *angle));
    parts
}

/// Turns words that run this way upright, and their picture's width and height.
pub(super) fn upright(mut rows: Vec<Row>, angle: u16, pixels: (f32, f32)) -> (Vec<Row>, (f32, f32)) {
    let turn = Turn::clockwise(angle, pixels);
    let size = turn.size();
    for row in &mut rows {
        // Pixels count from the top.
        let r = turn.rect(Rect::new(row.left, pixels.1 - row.bottom, row.right, pixels.1 - row.top));
        (row.left, row.right) = (r.x0, r.x1);
        (row.top, row.bottom) = (size.1 - r.y1, size.1 - r.y0);
    }
    (rows, size)
}

/// How many pairs of words run in each of the four ways, by quarters.
#[derive(Default)]
struct Votes([usize; 4]);

impl Votes {
    fn add(&mut self, way: usize) {
        if let Some(votes) = self.0.get_mut(way) {
            *votes += 1;
        }
    }

    /// The way of most; the more level one if two have as many.
    fn most(&self) -> Option<(usize, usize)> {
        self.0.iter().copied().enumerate().rev().max_by_key(|(_, votes)| *votes).filter(|(_, votes)| *votes > 0)
    }
}

/// Which way the second word follows the first, in quarters counter-clockwise; none if it cannot be told.
fn way(row: &Row, next: &Row) -> Option<usize> {
    let centre = |r: &Row| (r.left + r.right, r.top + r.bottom);
    let ((ax, ay), (bx, by)) = (centre(row), centre(next));
    let (right, down) = (bx - ax, by - ay);
    if right.abs() > 2.0 * down.abs() {
        Some(if right > 0.0 { 0 } else { 2 })
    } else if down.abs() > 2.0 * right.abs() {
        Some(if down > 0.0 { 3 } else { 1 })
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(line: u32, (left, top): (f32, f32), (width, height): (f32, f32), text: &str) -> Row {
        Row {
            line: (1, 1, line),
            left,
            top,
            right: left + width,
            bottom: top + height,
            confidence: 90.0,
            text: text.into(),
        }
    }

    #[test]
    fn lines_tell_which_way_they_run() {
        let level = |line, text: &str| {
            (0u8..)
                .zip(text.split(' '))
                .map(|(i, t)| row(line, (40.0 * f32::from(i), 9.0), (30.0, 9.0), t))
                .collect::<Vec<Row>>()
        };
        let up = |line, text: &str| {
            let places = (0u8..).zip(text.split(' '));
            places.map(|(i, t)| row(line, (500.0, 400.0 - 40.0 * f32::from(i)), (9.0, 30.0), t)).collect::<Vec<Row>>()
        };
        let rows: Vec<Row> = [level(1, "en rad som är lång"), up(2, "tre ord uppåt"), level(3, "ord")].concat();
        let parts = by_angle(rows);
        let said: Vec<(u16, usize)> = parts.iter().map(|(angle, rows)| (*angle, rows.len())).collect();
        assert_eq!(said, [(0, 6), (90, 3)]);
        // What is mostly turned takes single words with it.
        let parts = by_angle([up(1, "tre ord uppåt"), up(2, "ord")].concat());
        assert_eq!(parts.len(), 1);
        assert_eq!(parts[0].0, 90);
        assert_eq!(by_angle(Vec::new()), Vec::new());
    }

    #[test]
    fn turned_words_become_upright() {
        // A picture of 100 by 50; a word that runs up along its left edge, from the foot.
        let (rows, size) = upright(vec![row(1, (0.0, 20.0), (10.0, 30.0), "ord")], 90, (100.0, 50.0));
        assert_eq!(size, (50.0, 100.0));
        assert_eq!((rows[0].left, rows[0].top, rows[0].right, rows[0].bottom), (0.0, 0.0, 30.0, 10.0));
    }
}
