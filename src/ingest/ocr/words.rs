//! Gives tesseract's words places on the page: box, baseline and size of letters in points, as if they were printed.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

use super::direction;
use super::tsv::Row;
use super::{DOUBTFUL, repair};
use crate::base::Rect;
use crate::ingest::pdf::RawWord;
use crate::ingest::turn::Turn;

/// What was read on one page.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Read {
    pub words: Vec<RawWord>,
    /// How many letters the words have.
    pub letters: usize,
    /// Mean confidence of the words, each counted by its letters; 0 to 100.
    pub confidence: f32,
    /// The words under [`DOUBTFUL`].
    pub doubtful: Vec<String>,
}

impl Read {
    /// Takes in what was read of the same page in another direction.
    fn add(&mut self, other: Read) {
        let letters = self.letters + other.letters;
        if letters > 0 {
            let sum = self.confidence * self.letters as f32 + other.confidence * other.letters as f32;
            self.confidence = sum / letters as f32;
        }
        self.letters = letters;
        self.words.extend(other.words);
        self.doubtful.extend(other.doubtful);
    }
}

// Parts of the size of letters (em) in common office fonts: Arial has 0.72, 0.52, 0.21; Times 0.67, 0.45, 0.22.
/// From the baseline up to the top of `d`, `H`, `1`.
const TALL: f32 = 0.7;
/// From the baseline up to the top of `x`.
const LOW: f32 = 0.5;
/// From the baseline up to the top of `Å`.
const CROWNED: f32 = 0.91;
/// From the baseline down to the foot of `p`.
const DEEP: f32 = 0.21;
/// Lines whose letters differ less than this from the page's usual size have the usual size: boxes are not that exact.
const ALIKE: f32 = 0.1;

/// What a word's letters say of its box.
struct Shape {
    /// Height over the baseline, in em.
    up: f32,
    /// Depth under it, in em.
    down: f32,
    /// True if the height tells the size well.
    tells: bool,
}

/// Reads the shape of a word from its letters; none if it has no letters that stand on the baseline.
fn shape(text: &str) -> Option<Shape> {
    text.chars().any(char::is_alphanumeric).then(|| {
        let mut shape = Shape { up: LOW, down: 0.0, tells: false };
        for c in text.chars() {
            match c {
                'Å' | 'Ä' | 'Ö' | 'É' | 'Ü' => shape.up = CROWNED,
                'i' | 'j' | 't' | 'å' | 'ä' | 'ö' | 'é' | 'ü' => shape.up = shape.up.max(0.68),
                'b' | 'd' | 'f' | 'h' | 'k' | 'l' | '0'..='9' | 'A'..='Z' | '(' | ')' | '/' | '§' | '!' | '?' => {
                    shape.up = shape.up.max(TALL);
                    shape.tells = true;
                }
                _ => {}
            }
            if matches!(c, 'g' | 'j' | 'p' | 'q' | 'y' | '(' | ')' | '/' | '§' | '[' | ']' | '{' | '}' | '|' | '@') {
                shape.down = DEEP;
            } else if matches!(c, ',' | ';' | 'Q') {
                shape.down = shape.down.max(0.12);
            }
        }
        shape
    })
}

/// Gives the words of a table their places on a page of this size in points, drawn as a picture of so many pixels.
pub(super) fn place(rows: Vec<Row>, pixels: (f32, f32), size: (f32, f32)) -> Read {
    let mut read = Read::default();
    for (angle, rows) in direction::by_angle(rows) {
        let turn = Turn::clockwise(angle, size);
        let (rows, pixels) = direction::upright(rows, angle, pixels);
        let mut level = place_level(rows, pixels, turn.size());
        level.words.iter_mut().for_each(|word| turn.back().word(word));
        read.add(level);
    }
    read
}

/// The same for words that all run level.
fn place_level(mut rows: Vec<Row>, pixels: (f32, f32), size: (f32, f32)) -> Read {
    rows.retain(|r| !is_speck(r));
    for row in &mut rows {
        row.text = row.text.nfc().collect();
    }
    repair::repair(&mut rows);
    let (sx, sy) = (size.0 / pixels.0, size.1 / pixels.1);
    let lines = lines(&rows, sy);
    let mut read = Read::default();
    let mut sum = 0.0;
    for (i, row) in rows.iter().enumerate() {
        let Line { size: em, base } = lines.get(&row.line).copied().unwrap_or_default();
        let baseline = size.1 - base;
        let own = match shape(&row.text) {
            Some(shape) => size.1 - row.bottom * sy + shape.down * em,
            None => baseline,
        };
        let letters = row.text.chars().count();
        sum += row.confidence * letters as f32;
        read.letters += letters;
        if row.confidence < DOUBTFUL {
            read.doubtful.push(row.text.clone());
        }
        read.words.push(RawWord {
            text: row.text.clone(),
            rect: Rect::new(row.left * sx, own - DEEP * em, row.right * sx, own + 0.79 * em),
            baseline,
            size: em,
            bold: false,
            italic: false,
            angle: 0,
            hidden: false,
            artifact: false,
            mcid: None,
            tag: None,
            space_after: rows.get(i + 1).is_some_and(|next| next.line == row.line),
            font: 0,
        });
    }
    read.confidence = if read.letters > 0 { sum / read.letters as f32 } else { 0.0 };
    read
}

/// True for what is no word: a stroke of a picture or a rule taken for letters.
fn is_speck(row: &Row) -> bool {
    let letters = row.text.chars().filter(|c| c.is_alphanumeric()).count();
    match letters {
        0 => row.confidence < 50.0,
        1 | 2 => row.confidence < 10.0,
        _ => false,
    }
}

/// A line of words. Those that tesseract puts on one line share size and baseline here, even if the page lies askew.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Line {
    /// Size of the letters, in points.
    size: f32,
    /// Where they stand, in points from the top of the page.
    base: f32,
}

impl Default for Line {
    fn default() -> Self {
        Line { size: 10.0, base: 0.0 }
    }
}

/// Measures the lines; `sy` is points per pixel.
fn lines(rows: &[Row], sy: f32) -> BTreeMap<(u32, u32, u32), Line> {
    let mut words: BTreeMap<(u32, u32, u32), Vec<&Row>> = BTreeMap::new();
    rows.iter().for_each(|row| words.entry(row.line).or_default().push(row));
    let mut sizes: BTreeMap<(u32, u32, u32), f32> = words.iter().map(|(l, words)| (*l, line_size(words, sy))).collect();
    // Boxes are exact to a pixel or two. Lines of one paragraph have one size, and nearly usual is usual.
    let mut paragraphs: BTreeMap<(u32, u32), Vec<f32>> = BTreeMap::new();
    sizes.iter().for_each(|((block, par, _), size)| paragraphs.entry((*block, *par)).or_default().push(*size));
    for ((block, par, _), size) in &mut sizes {
        if let Some(all) = paragraphs.get_mut(&(*block, *par)) {
            let usual = median(all);
            if alike(*size, usual) {
                *size = usual;
            }
        }
    }
    let by_letter = |(line, size): (&(u32, u32, u32), &f32)| {
        let letters = words.get(line).map_or(0, |w| w.iter().map(|r| r.text.chars().count()).sum());
        std::iter::repeat_n(*size, letters)
    };
    let usual = half_point(median(&mut sizes.iter().flat_map(by_letter).collect::<Vec<_>>()));
    words
        .iter()
        .map(|(line, words)| {
            let own = sizes.get(line).copied().unwrap_or(usual);
            let size = if alike(own, usual) { usual } else { half_point(own) };
            (*line, Line { size, base: line_base(words, sy, size) })
        })
        .collect()
}

fn alike(a: f32, b: f32) -> bool {
    (a - b).abs() < ALIKE * b
}

fn half_point(size: f32) -> f32 {
    ((size * 2.0).round() / 2.0).max(1.0)
}

/// Size of a line's letters in points: the median of what its words tell, those with tall letters first.
fn line_size(words: &[&Row], sy: f32) -> f32 {
    let told = |tells: bool| -> Vec<f32> {
        let shapes = words.iter().filter_map(|w| shape(&w.text).map(|s| (w, s)));
        shapes.filter(|(_, s)| s.tells == tells).map(|(w, s)| (w.bottom - w.top) * sy / (s.up + s.down)).collect()
    };
    let mut sizes = told(true);
    if sizes.is_empty() {
        sizes = told(false);
    }
    if sizes.is_empty() {
        sizes = words.iter().map(|w| (w.bottom - w.top) * sy).collect();
    }
    median(&mut sizes).clamp(1.0, 400.0)
}

/// Where a line's letters stand, in points from the top of the page.
fn line_base(words: &[&Row], sy: f32, size: f32) -> f32 {
    let shapes = || words.iter().filter_map(|w| shape(&w.text).map(|s| w.bottom * sy - s.down * size));
    let mut bases: Vec<f32> = shapes().collect();
    if bases.is_empty() {
        bases = words.iter().map(|w| w.bottom * sy).collect();
    }
    median(&mut bases)
}

/// The middle value; 10 if there is none.
fn median(values: &mut [f32]) -> f32 {
    values.sort_by(f32::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page of 100 by 200 points as a picture of twice as many pixels.
    const PIXELS: (f32, f32) = (200.0, 400.0);

    fn row(line: u32, left: f32, (top, bottom): (f32, f32), confidence: f32, text: &str) -> Row {
        let right = left + 12.0 * text.chars().count() as f32;
        Row { line: (1, 1, line), left, top, right, bottom, confidence, text: text.into() }
    }

    #[test]
    fn boxes_become_points_from_the_lower_left_with_size_and_baseline() {
        // Letters of 20 pixels = 10 points that stand 100 pixels from the top; "p" goes 4 pixels deeper.
        let rows = vec![
            row(1, 20.0, (86.0, 100.0), 90.0, "Hus"),
            row(1, 70.0, (90.0, 104.0), 90.0, "pass"),
            row(2, 20.0, (116.0, 130.0), 90.0, "bil"),
        ];
        let read = place(rows, PIXELS, (100.0, 200.0));
        let [hus, pass, bil] = read.words.as_slice() else { panic!("{read:?}") };
        assert_eq!((hus.size, pass.size, bil.size), (10.0, 10.0, 10.0));
        assert_eq!(hus.baseline, pass.baseline);
        assert!((hus.baseline - 150.0).abs() < 0.3 && (bil.baseline - 135.0).abs() < 0.3, "{read:?}");
        assert!((hus.rect.x0 - 10.0).abs() < 0.01 && (hus.rect.x1 - 28.0).abs() < 0.01);
        assert!((hus.rect.y0 - 147.9).abs() < 0.3 && (hus.rect.y1 - 157.9).abs() < 0.3);
        assert!(hus.space_after && !pass.space_after && !bil.space_after);
    }

    #[test]
    fn a_heading_keeps_its_size_and_a_pixel_more_makes_none() {
        let rows = [
            row(1, 0.0, (72.0, 100.0), 90.0, "Heading"),
            row(2, 0.0, (146.0, 160.0), 90.0, "Brödtext"),
            row(3, 0.0, (185.0, 204.0), 90.0, "Handlingar"),
        ];
        let rows: Vec<Row> = rows.into_iter().map(|r| Row { line: (r.line.2, 1, 1), ..r }).collect();
        let read = place(rows, PIXELS, (100.0, 200.0));
        let sizes: Vec<f32> = read.words.iter().map(|w| w.size).collect();
        assert!(sizes[0] > 1.3 * sizes[1] && sizes[1] == sizes[2], "{sizes:?}");
    }

    #[test]
    fn specks_go_and_doubtful_words_are_named() {
        let rows = vec![
            row(1, 0.0, (86.0, 100.0), 0.0, "|"),
            row(1, 20.0, (86.0, 100.0), 40.0, "kommuntul"),
            row(1, 90.0, (86.0, 100.0), 90.0, "ska"),
            row(1, 150.0, (86.0, 100.0), 90.0, "•"),
        ];
        let read = place(rows, PIXELS, (100.0, 200.0));
        assert_eq!(read.words.iter().map(|w| w.text.as_str()).collect::<Vec<_>>(), ["kommuntul", "ska", "•"]);
        assert_eq!(read.doubtful, ["kommuntul"]);
        assert!((read.confidence - (9.0 * 40.0 + 4.0 * 90.0) / 13.0).abs() < 0.01);
        assert_eq!(place(Vec::new(), PIXELS, (100.0, 200.0)), Read::default());
    }
}
