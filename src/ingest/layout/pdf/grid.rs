//! Finds ruled tables: level and upright lines that cross make a grid, and a grid makes a table certain.

use super::frag::Frag;
use crate::base::Rect;

/// How near two lines must come to meet, in points.
const NEAR: f32 = 3.0;
/// Most rules of a page that are looked at; a drawing has more.
const MOST_RULES: usize = 6000;

/// A table with ruled cells.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Grid {
    /// Its outline.
    pub(super) rect: Rect,
    /// Left to right: where columns begin and end.
    pub(super) xs: Vec<f32>,
    /// Top to bottom: where rows begin and end.
    pub(super) ys: Vec<f32>,
    /// Its level and upright lines.
    lines: (Vec<Rect>, Vec<Rect>),
}

impl Grid {
    /// Row and column of a point, counted from the top left.
    pub(super) fn cell(&self, x: f32, y: f32) -> (usize, usize) {
        let column = self.xs.iter().filter(|e| **e <= x + 1.0).count().clamp(1, self.xs.len().max(2) - 1) - 1;
        let row = self.ys.iter().filter(|e| **e >= y).count().clamp(1, self.ys.len().max(2) - 1) - 1;
        (row, column)
    }

    /// The first row and column of the cell that a place belongs to: cells between which no line stands are one.
    pub(super) fn whole(&self, place: (usize, usize)) -> (usize, usize) {
        let (mut row, mut column) = place;
        let edge = |v: &[f32], i: usize| v.get(i).copied().unwrap_or(0.0);
        let middle = |v: &[f32], i: usize| (edge(v, i) + edge(v, i + 1)) / 2.0;
        while row > 0 {
            let (x, y) = (middle(&self.xs, column), edge(&self.ys, row));
            if self
                .lines
                .0
                .iter()
                .any(|l| (l.y0 + l.y1) / 2.0 - y < NEAR && y - (l.y0 + l.y1) / 2.0 < NEAR && l.x0 <= x && x <= l.x1)
            {
                break;
            }
            row -= 1;
        }
        while column > 0 {
            let (x, y) = (edge(&self.xs, column), middle(&self.ys, row));
            if self
                .lines
                .1
                .iter()
                .any(|l| (l.x0 + l.x1) / 2.0 - x < NEAR && x - (l.x0 + l.x1) / 2.0 < NEAR && l.y0 <= y && y <= l.y1)
            {
                break;
            }
            column -= 1;
        }
        (row, column)
    }

    /// A point of a fragment that tells its cell: of level text where it begins, of upright text its middle.
    pub(super) fn point(f: &Frag) -> (f32, f32) {
        if f.angle == 0 {
            return (f.x0, f.y + 0.3 * f.size);
        }
        let r = f.rect();
        ((r.x0 + r.x1) / 2.0, (r.y0 + r.y1) / 2.0)
    }

    /// True if a fragment that runs up or down stands in it, as heads of narrow columns do.
    pub(super) fn holds_upright(&self, f: &Frag) -> bool {
        let (x, y) = Grid::point(f);
        matches!(f.angle, 90 | 270)
            && f.rect().height() < self.rect.height()
            && (self.rect.x0..self.rect.x1).contains(&x)
            && (self.rect.y0..self.rect.y1).contains(&y)
    }

    /// True if a fragment stands in it.
    pub(super) fn holds(&self, f: &Frag) -> bool {
        let y = f.y + 0.3 * f.size;
        f.angle == 0 && f.x0 > self.rect.x0 - NEAR && f.x0 < self.rect.x1 && y > self.rect.y0 && y < self.rect.y1
    }
}

/// The ruled tables of a page: at least two rows and two columns, from top to bottom.
pub(super) fn find(rules: &[Rect]) -> Vec<Grid> {
    if rules.len() > MOST_RULES {
        return Vec::new();
    }
    let (level, upright): (Vec<Rect>, Vec<Rect>) = rules
        .iter()
        .filter(|r| r.width().max(r.height()) > 5.0 && r.width().min(r.height()) < 4.0)
        .partition(|r| r.width() >= r.height());
    let mut group: Vec<usize> = (0..level.len() + upright.len()).collect();
    let meets = |h: &Rect, v: &Rect| {
        let (y, x) = ((h.y0 + h.y1) / 2.0, (v.x0 + v.x1) / 2.0);
        x > h.x0 - NEAR && x < h.x1 + NEAR && y > v.y0 - NEAR && y < v.y1 + NEAR
    };
    // Sorted by their left edge, a level line meets only upright ones in a stretch of the list.
    let mut order: Vec<usize> = (0..upright.len()).collect();
    let x_of = |i: &usize| upright.get(*i).map_or(0.0, |v| (v.x0 + v.x1) / 2.0);
    order.sort_by(|a, b| x_of(a).total_cmp(&x_of(b)));
    for (i, h) in level.iter().enumerate() {
        let from = order.partition_point(|j| x_of(j) < h.x0 - NEAR);
        for j in order.iter().skip(from).take_while(|j| x_of(j) <= h.x1 + NEAR) {
            if upright.get(*j).is_some_and(|v| meets(h, v)) {
                let (a, b) = (root(&mut group, i), root(&mut group, level.len() + j));
                if let Some(g) = group.get_mut(a) {
                    *g = b;
                }
            }
        }
    }
    let roots: Vec<usize> = (0..group.len()).map(|i| root(&mut group, i)).collect();
    let mut names: Vec<usize> = roots.clone();
    names.sort_unstable();
    names.dedup();
    let mut out: Vec<Grid> = names
        .into_iter()
        .filter_map(|name| {
            let member = |i: usize| roots.get(i) == Some(&name);
            let own = |lines: &[Rect], from: usize| -> Vec<Rect> {
                lines.iter().enumerate().filter(|(i, _)| member(from + i)).map(|(_, r)| *r).collect()
            };
            let ys = edges(level.iter().enumerate().filter(|(i, _)| member(*i)).map(|(_, r)| (r.y0 + r.y1) / 2.0));
            let xs = edges(
                upright.iter().enumerate().filter(|(j, _)| member(level.len() + j)).map(|(_, r)| (r.x0 + r.x1) / 2.0),
            );
            let (x0, x1, y0, y1) = (*xs.first()?, *xs.last()?, *ys.first()?, *ys.last()?);
            // A frame is no table; neither is a single row or column.
            (xs.len() >= 3 && ys.len() >= 3).then(|| Grid {
                rect: Rect::new(x0, y0, x1, y1),
                xs,
                ys: ys.into_iter().rev().collect(),
                lines: (own(&level, 0), own(&upright, level.len())),
            })
        })
        .collect();
    out.sort_by(|a, b| b.rect.y1.total_cmp(&a.rect.y1));
    out
}

fn root(group: &mut [usize], mut i: usize) -> usize {
    while let Some(up) = group.get(i).copied().filter(|up| *up != i) {
        let next = group.get(up).copied().unwrap_or(up);
        if let Some(g) = group.get_mut(i) {
            *g = next;
        }
        i = next;
    }
    i
}

/// Places in growing order, those closer than `NEAR` taken as one.
fn edges(places: impl Iterator<Item = f32>) -> Vec<f32> {
    let mut v: Vec<f32> = places.collect();
    v.sort_by(f32::total_cmp);
    v.dedup_by(|a, b| (*a - *b).abs() < NEAR);
    v
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crossing_lines_make_a_table_and_a_frame_does_not() {
        let h = |y: f32| Rect::new(100.0, y, 300.0, y + 0.5);
        let v = |x: f32| Rect::new(x, 100.0, x + 0.5, 160.0);
        let rules = vec![h(100.0), h(120.0), h(160.0), v(100.0), v(180.0), v(300.0)];
        let grids = find(&rules);
        assert_eq!(grids.len(), 1);
        assert_eq!(grids[0].cell(110.0, 150.0), (0, 0));
        assert_eq!(grids[0].cell(200.0, 110.0), (1, 1));
        // A line that stops short leaves one cell of two.
        let short = Rect::new(180.0, 120.0, 300.0, 120.5);
        let merged = &find(&[h(100.0), short, h(160.0), v(100.0), v(180.0), v(300.0)])[0];
        assert_eq!((merged.whole((1, 0)), merged.whole((1, 1))), ((0, 0), (1, 1)));
        assert!(find(&[h(100.0), h(160.0), v(100.0), v(300.0)]).is_empty());
    }
}
