//! Finds drawings with labels: diagrams, charts, maps. Their labels stand in no rows, so they are read as they were written.

use super::frag::Frag;
use crate::base::Rect;

/// How near to a drawing a label stands, in ems.
const NEAR: f32 = 1.2;
/// Smallest side of a drawing that has labels, in points.
const SMALLEST: f32 = 24.0;
/// Largest share of the page's height and width.
const LARGEST: f32 = 0.9;
/// Fewest labels of a figure.
const FEWEST: usize = 3;
/// Longest label, in characters and in words.
const LONGEST: (usize, usize) = (24, 4);
/// Most drawings apart from one another that a page is looked at for.
const MOST: usize = 60;
/// Most rules of a page that are looked at.
const MOST_RULES: usize = 2000;

/// A drawing and its labels.
pub(super) struct Figure {
    /// Around the drawing and its labels.
    pub(super) rect: Rect,
    /// The labels, by their numbers on the sheet, in the order in which they were written.
    pub(super) labels: Vec<usize>,
}

/// The figures of a page. `free` are the fragments that may be labels, by their numbers.
pub(super) fn find(drawings: &[Rect], rules: &[Rect], frags: &[Frag], free: &[usize], page: (f32, f32)) -> Vec<Figure> {
    let mut areas = clusters(drawings);
    if areas.is_empty() {
        return Vec::new();
    }
    for rule in rules.iter().take(MOST_RULES) {
        // An axis belongs to the curve that it meets.
        if let Some(area) = areas.iter_mut().find(|a| inside(grown(**a, 1.0), *rule)) {
            *area = area.union(*rule);
        }
    }
    let areas = clusters(&areas);
    let mut out = Vec::new();
    let mut taken = vec![false; frags.len()];
    for area in areas {
        let sides = [area.width(), area.height()];
        if sides.iter().any(|s| *s < SMALLEST) || sides[0] > LARGEST * page.0 || sides[1] > LARGEST * page.1 {
            continue;
        }
        let on = |f: &Frag, by: f32| {
            let (x, y) = ((f.x0 + f.x1) / 2.0, f.y + 0.3 * f.size);
            let a = grown(area, by);
            a.x0 < x && x < a.x1 && a.y0 < y && y < a.y1
        };
        let short = |f: &Frag| f.words.len() <= LONGEST.1 && f.text.chars().count() <= LONGEST.0;
        let at = || free.iter().filter_map(|i| Some((*i, frags.get(*i)?)));
        // What is drawn under a text is no figure.
        if at().any(|(_, f)| !short(f) && on(f, 0.0)) {
            continue;
        }
        let mut labels: Vec<usize> = at()
            .filter(|(i, f)| short(f) && on(f, NEAR * f.size) && !taken.get(*i).copied().unwrap_or(true))
            .map(|(i, _)| i)
            .collect();
        if labels.len() < FEWEST {
            continue;
        }
        labels.sort_by_key(|i| frags.get(*i).map_or(0, |f| f.seq));
        let mut rect = area;
        for i in &labels {
            if let (Some(f), Some(taken)) = (frags.get(*i), taken.get_mut(*i)) {
                rect = rect.union(Rect { x0: f.x0, y0: f.bottom(), x1: f.x1, y1: f.top() });
                *taken = true;
            }
        }
        out.push(Figure { rect, labels });
    }
    out
}

fn grown(r: Rect, by: f32) -> Rect {
    Rect { x0: r.x0 - by, y0: r.y0 - by, x1: r.x1 + by, y1: r.y1 + by }
}

/// True if two boxes touch.
fn inside(a: Rect, b: Rect) -> bool {
    a.x0 <= b.x1 && b.x0 <= a.x1 && a.y0 <= b.y1 && b.y0 <= a.y1
}

/// Boxes that touch, as one.
fn clusters(boxes: &[Rect]) -> Vec<Rect> {
    const REACH: f32 = 6.0;
    let mut out: Vec<Rect> = Vec::new();
    for area in boxes {
        let mut area = *area;
        while let Some(at) = out.iter().position(|o| inside(grown(*o, REACH), area)) {
            area = area.union(out.swap_remove(at));
        }
        if out.len() >= MOST {
            return Vec::new();
        }
        out.push(area);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::frag::Sheet;
    use super::super::frag::tests::line;
    use super::*;
    use crate::ingest::pdf::page::RawPage;

    #[test]
    fn labels_of_a_drawing_are_read_as_they_were_written() {
        let drawings = vec![Rect::new(100.0, 400.0, 300.0, 500.0)];
        let labels = [("2020", 110.0, 392.0), ("2021", 200.0, 392.0), ("40 %", 90.0, 480.0), ("Vård", 210.0, 450.0)];
        let mut words: Vec<_> = labels.iter().flat_map(|(t, x, y)| line(t, *x, *y, 10.0)).collect();
        words.extend(line("Texten under bilden är ingen del av den alls", 100.0, 370.0, 10.0));
        let sheet = Sheet::new(RawPage { words, drawings, size: (595.0, 842.0), ..RawPage::default() });
        let all: Vec<usize> = (0..sheet.frags.len()).collect();
        let found = find(&sheet.drawings, &sheet.rules, &sheet.frags, &all, sheet.size);
        assert_eq!(found.len(), 1);
        let texts: Vec<&str> = found[0].labels.iter().map(|i| sheet.frags[*i].text.as_str()).collect();
        assert_eq!(texts, ["2020", "2021", "40 %", "Vård"]);
        // What is drawn under running text is no figure.
        let mut page = RawPage { drawings: sheet.drawings, size: (595.0, 842.0), ..RawPage::default() };
        page.words = labels.iter().flat_map(|(t, x, y)| line(t, *x, *y, 10.0)).collect();
        page.words.extend(line("Text på en ruta med runda hörn som är lång", 105.0, 430.0, 10.0));
        let sheet = Sheet::new(page);
        assert!(find(&sheet.drawings, &sheet.rules, &sheet.frags, &all, sheet.size).is_empty());
    }
}
