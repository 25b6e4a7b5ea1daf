//! Reads paths (ISO 32000-2, 8.5) for what layout needs of them: thin ruling lines and larger rectangles.

use super::budget::MAX_SHAPES;
use super::matrix::Matrix;
use super::page::RawPage;
use crate::base::Rect;

/// Thickest ruling line, in points.
const THIN: f32 = 3.0;
/// Shortest ruling line kept, in points.
const SHORT: f32 = 3.0;
/// Most points of one path that are kept.
const MAX_POINTS: usize = 20_000;

/// The path being drawn, in user space.
#[derive(Default)]
pub(super) struct Path {
    points: Vec<(f32, f32)>,
    /// Where each subpath begins in `points`, and whether it is closed, and whether it has curves.
    parts: Vec<Part>,
}

#[derive(Clone, Copy)]
struct Part {
    start: usize,
    closed: bool,
    curved: bool,
}

impl Path {
    /// The box around its points as shown.
    pub(super) fn bounds(&self, ctm: Matrix) -> Option<Rect> {
        let points = self.points.iter().map(|(x, y)| ctm.apply(*x, *y));
        points.map(|(x, y)| Rect { x0: x, y0: y, x1: x, y1: y }).reduce(Rect::union)
    }

    pub(super) fn clear(&mut self) {
        self.points.clear();
        self.parts.clear();
    }

    pub(super) fn move_to(&mut self, x: f32, y: f32) {
        if self.points.len() < MAX_POINTS {
            self.parts.push(Part { start: self.points.len(), closed: false, curved: false });
            self.points.push((x, y));
        }
    }

    pub(super) fn line_to(&mut self, x: f32, y: f32) {
        if self.parts.is_empty() {
            return self.move_to(x, y);
        }
        if self.points.len() < MAX_POINTS {
            self.points.push((x, y));
        }
    }

    pub(super) fn curve_to(&mut self, x: f32, y: f32) {
        self.line_to(x, y);
        if let Some(part) = self.parts.last_mut() {
            part.curved = true;
        }
    }

    pub(super) fn close(&mut self) {
        if let Some(part) = self.parts.last_mut() {
            part.closed = true;
        }
    }

    pub(super) fn rectangle(&mut self, x: f32, y: f32, w: f32, h: f32) {
        self.move_to(x, y);
        self.line_to(x + w, y);
        self.line_to(x + w, y + h);
        self.line_to(x, y + h);
        self.close();
    }

    /// Takes from the path what is painted: sides where it is stroked, thin or larger rectangles where it is filled.
    pub(super) fn paint(&mut self, ctm: Matrix, stroked: bool, filled: bool, width: f32, page: &mut RawPage) {
        if !ctm.is_finite() {
            return self.clear();
        }
        let scale = (ctm.a * ctm.d - ctm.b * ctm.c).abs().sqrt();
        let half = (width * scale / 2.0).clamp(0.1, 20.0);
        for (i, part) in self.parts.iter().enumerate() {
            let end = self.parts.get(i + 1).map_or(self.points.len(), |p| p.start);
            let Some(points) = self.points.get(part.start..end) else { continue };
            if points.len() < 2 {
                continue;
            }
            if part.curved {
                let points = points.iter().map(|(x, y)| ctm.apply(*x, *y));
                add_drawing(page, points.map(|(x, y)| Rect { x0: x, y0: y, x1: x, y1: y }).reduce(Rect::union));
                continue;
            }
            let shown = |p: &(f32, f32)| ctm.apply(p.0, p.1);
            let mut level = true;
            let mut bounds: Option<Rect> = None;
            let closing = part.closed || filled;
            let next = points.iter().skip(1).chain(closing.then(|| points.first()).flatten());
            let sides = points.iter().zip(next);
            for (from, to) in sides.clone() {
                let (p, q) = (shown(from), shown(to));
                let side = Rect::new(p.0, p.1, q.0, q.1);
                level &= side.width() < 0.6 || side.height() < 0.6;
                bounds = Some(bounds.map_or(side, |b| b.union(side)));
                if stroked && half * 2.0 <= THIN && (side.width() < 0.6) != (side.height() < 0.6) {
                    let line = if side.height() < 0.6 {
                        Rect { y0: side.y0 - half, y1: side.y1 + half, ..side }
                    } else {
                        Rect { x0: side.x0 - half, x1: side.x1 + half, ..side }
                    };
                    add_rule(page, line);
                }
            }
            if !level {
                add_drawing(page, bounds);
            }
            let Some(bounds) = bounds.filter(|_| level && points.len() <= 6) else { continue };
            if bounds.width() <= THIN || bounds.height() <= THIN {
                if filled {
                    add_rule(page, bounds);
                } else if stroked && half * 2.0 > THIN && page.boxes.len() < MAX_SHAPES {
                    page.boxes.push(Rect::new(bounds.x0 - half, bounds.y0 - half, bounds.x1 + half, bounds.y1 + half));
                }
            } else if points.len() >= 4 && page.boxes.len() < MAX_SHAPES {
                page.boxes.push(bounds);
            }
        }
        self.clear();
    }
}

/// Keeps the box of a curve or a slanting line; with the last one, if they touch.
fn add_drawing(page: &mut RawPage, bounds: Option<Rect>) {
    const JOIN: f32 = 2.0;
    let Some(b) = bounds.filter(|b| (b.x0 + b.x1 + b.y0 + b.y1).is_finite()) else { return };
    if let Some(l) = page.drawings.last_mut()
        && b.x0 <= l.x1 + JOIN
        && l.x0 <= b.x1 + JOIN
        && b.y0 <= l.y1 + JOIN
        && l.y0 <= b.y1 + JOIN
    {
        *l = l.union(b);
    } else if page.drawings.len() < MAX_SHAPES {
        page.drawings.push(b);
    }
}

/// Keeps a ruling line; a piece that goes on where the last one ended makes it longer (dashes, dots).
fn add_rule(page: &mut RawPage, line: Rect) {
    const JOIN: f32 = 3.0;
    if !(line.x0 + line.x1 + line.y0 + line.y1).is_finite() {
        return;
    }
    if let Some(last) = page.rules.last_mut() {
        let level = line.height() <= line.width().max(1.0) && last.height() <= last.width().max(1.0);
        let upright = line.width() <= line.height().max(1.0) && last.width() <= last.height().max(1.0);
        let joins = (level
            && (line.y0 - last.y0).abs() < 0.5
            && line.x0 <= last.x1 + JOIN
            && last.x0 <= line.x1 + JOIN)
            || (upright && (line.x0 - last.x0).abs() < 0.5 && line.y0 <= last.y1 + JOIN && last.y0 <= line.y1 + JOIN);
        if joins {
            *last = last.union(line);
            return;
        }
    }
    // Dots too short for a line may still grow into one.
    if page.rules.last().is_some_and(|l| l.width() < SHORT && l.height() < SHORT) {
        page.rules.pop();
    }
    if page.rules.len() < MAX_SHAPES {
        page.rules.push(line);
    }
}

#[cfg(test)]
mod tests {
    use super::{Matrix, Path, RawPage};

    #[test]
    fn keeps_thin_lines_and_boxes_and_nothing_else() {
        let mut page = RawPage::default();
        let mut path = Path::default();
        path.move_to(10.0, 100.0);
        path.line_to(200.0, 100.0);
        path.paint(Matrix::IDENTITY, true, false, 1.0, &mut page);
        path.rectangle(10.0, 50.0, 0.5, 100.0);
        path.paint(Matrix::IDENTITY, false, true, 1.0, &mut page);
        path.rectangle(10.0, 50.0, 100.0, 100.0);
        path.paint(Matrix::IDENTITY, false, true, 1.0, &mut page);
        path.move_to(0.0, 0.0);
        path.line_to(50.0, 70.0);
        path.paint(Matrix::IDENTITY, true, false, 1.0, &mut page);
        assert_eq!(page.rules.len(), 2);
        assert_eq!((page.rules[0].y0, page.rules[0].y1), (99.5, 100.5));
        assert_eq!(page.boxes.len(), 1);
    }

    #[test]
    fn dashes_become_one_line() {
        let mut page = RawPage::default();
        let mut path = Path::default();
        for i in 0..50 {
            let x = i as f32 * 3.0;
            path.move_to(x, 10.0);
            path.line_to(x + 1.5, 10.0);
            path.paint(Matrix::IDENTITY, true, false, 0.5, &mut page);
        }
        assert_eq!(page.rules.len(), 1);
        assert!(page.rules[0].width() > 140.0);
    }
}
