//! Makes line fragments of words: words written one after another on one baseline without a wide gap.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::{formula, gutters};
use crate::base::Rect;
use crate::ingest::document::Zone;
use crate::ingest::layout::draft::{Before, DraftLine, DraftWord};
use crate::ingest::layout::is_list_item;
use crate::ingest::pdf::page::{RawPage, RawWord, Tag};

/// A gap from this many ems parts fragments of a line.
const PART_GAP: f32 = 1.0;
/// A gap from this many ems is a space.
const SPACE_GAP: f32 = 0.12;
/// The gap that is seen between columns that touch, in ems.
const COLUMN_GAP: f32 = 0.5;
/// How far a list item's text may stand from its bullet, in ems.
const BULLET_GAP: f32 = 4.5;

/// A piece of a printed line that holds together.
#[derive(Clone, Debug)]
pub(super) struct Frag {
    /// Words with their boxes on the page.
    pub(super) words: Rc<Vec<DraftWord>>,
    /// Its text with single spaces.
    pub(super) text: String,
    /// Left edge, along the line.
    pub(super) x0: f32,
    /// Right edge.
    pub(super) x1: f32,
    /// Baseline, upwards.
    pub(super) y: f32,
    /// Size of the letters.
    pub(super) size: f32,
    /// Width of its words that are bold.
    pub(super) bold_width: f32,
    /// Place in the content stream.
    pub(super) seq: usize,
    /// Place of its last word in the content stream.
    pub(super) last_seq: usize,
    /// Whether the file marks it as an artifact.
    pub(super) artifact: bool,
    /// What the file says it is.
    pub(super) tag: Option<Tag>,
    /// Which way it runs.
    pub(super) angle: u16,
    /// Which part of the page it belongs to, as far as is known.
    pub(super) zone: Zone,
    /// True if its wide gaps are known to be those of a justified line.
    pub(super) whole: bool,
    /// How much room is made at its right edge where the next column touches it.
    pub(super) room: f32,
    /// True if a space follows it on its line in the content stream.
    space_after: bool,
    /// True if the line written before or after it stands right above or below it.
    in_column: bool,
}

impl Frag {
    /// Upper edge of small letters' line, roughly.
    pub(super) fn top(&self) -> f32 {
        self.y + 0.72 * self.size
    }

    /// Lower edge.
    pub(super) fn bottom(&self) -> f32 {
        self.y - 0.18 * self.size
    }

    /// True if most of it is bold.
    pub(super) fn is_bold(&self) -> bool {
        self.bold_width * 2.0 > self.x1 - self.x0
    }

    /// Its box on the page.
    pub(super) fn rect(&self) -> Rect {
        self.words.iter().map(|w| w.rect).reduce(Rect::union).unwrap_or_default()
    }

    /// True if a space was written after its last word, which another line may follow.
    pub(super) fn space_after(&self) -> bool {
        self.space_after
    }

    /// The fragment as a line of a draft.
    pub(super) fn line(&self, page: u32, before: Before) -> DraftLine {
        DraftLine {
            before,
            page,
            text: self.text.clone(),
            words: Rc::clone(&self.words),
            rect: Some(self.rect()),
            size: self.size,
            bold: self.is_bold(),
        }
    }

    fn new(word: RawWord, place: Place, seq: usize) -> Self {
        let mut frag = Frag {
            words: Rc::new(Vec::with_capacity(8)),
            text: String::with_capacity(64),
            x0: place.x0,
            x1: place.x1,
            y: place.y,
            size: word.size,
            bold_width: 0.0,
            seq,
            last_seq: seq,
            artifact: word.artifact,
            tag: word.tag,
            angle: word.angle,
            zone: Zone::Body,
            whole: false,
            room: 0.0,
            space_after: false,
            in_column: false,
        };
        frag.push_word(word, place, seq, true);
        frag
    }

    /// Puts the word at the end that stands next in the content stream.
    fn push_word(&mut self, word: RawWord, place: Place, seq: usize, spaced: bool) {
        if spaced && !self.words.is_empty() {
            self.text.push(' ');
        }
        self.text.push_str(&word.text);
        self.take_level(place.y, word.size);
        self.x0 = self.x0.min(place.x0);
        self.x1 = self.x1.max(place.x1);
        if word.bold {
            self.bold_width += place.x1 - place.x0;
        }
        self.last_seq = seq;
        self.space_after = word.space_after;
        self.artifact &= word.artifact;
        Rc::make_mut(&mut self.words).push(DraftWord { text: word.text, rect: word.rect, spaced });
    }

    /// The baseline and size are those of the larger letters: superscripts do not lift a line.
    fn take_level(&mut self, y: f32, size: f32) {
        if size > self.size + 0.1 {
            self.y = y;
            self.size = size;
        }
    }

    /// True if a space stands between this piece and one that follows it on its line.
    pub(super) fn spaced_before(&self, next: &Frag) -> bool {
        let follows = next.seq == self.last_seq + 1;
        let size = self.size.max(next.size);
        let gap = next.x0 - self.x1;
        // Back under or over what came before: another row of a matrix, a limit of a sign.
        let back = gap < -0.25 * size && (next.y - self.y).abs() > 0.5 * size;
        gap > SPACE_GAP * size || back || (follows && self.space_after)
    }

    /// Takes the fragment, leaving one without words.
    pub(super) fn take(&mut self) -> Frag {
        let empty = Frag { words: Rc::default(), text: String::new(), ..*self };
        std::mem::replace(self, empty)
    }

    /// Takes the words before `at` off as a fragment of their own.
    pub(super) fn split_off_front(&mut self, at: usize) -> Frag {
        let at = at.min(self.words.len());
        let rest = Rc::make_mut(&mut self.words).split_off(at);
        let mut front = self.clone();
        let share = rest.len() as f32 / (rest.len() + front.words.len()).max(1) as f32;
        self.bold_width *= share;
        front.bold_width -= self.bold_width;
        self.words = Rc::new(rest);
        self.seq += front.words.len();
        front.last_seq = self.seq.saturating_sub(1);
        front.measure();
        self.measure();
        front
    }

    /// Sets text and edges by the words; for level text.
    fn measure(&mut self) {
        let mut text = String::new();
        for (i, w) in self.words.iter().enumerate() {
            if i > 0 && w.spaced {
                text.push(' ');
            }
            text.push_str(&w.text);
        }
        self.text = text;
        let r = self.rect();
        (self.x0, self.x1) = (r.x0, r.x1);
    }

    /// Puts another piece at the end.
    pub(super) fn push(&mut self, mut other: Frag, spaced: bool) {
        if let Some(first) = Rc::make_mut(&mut other.words).first_mut() {
            first.spaced = spaced;
        }
        if spaced {
            self.text.push(' ');
        }
        self.text.push_str(&other.text);
        self.take_level(other.y, other.size);
        self.x0 = self.x0.min(other.x0);
        self.x1 = self.x1.max(other.x1);
        self.bold_width += other.bold_width;
        self.seq = self.seq.min(other.seq);
        self.space_after = if other.last_seq >= self.last_seq { other.space_after } else { self.space_after };
        self.last_seq = self.last_seq.max(other.last_seq);
        self.artifact &= other.artifact;
        Rc::make_mut(&mut self.words).append(Rc::make_mut(&mut other.words));
    }
}

/// Where a word stands along its own line.
#[derive(Clone, Copy)]
struct Place {
    x0: f32,
    x1: f32,
    y: f32,
}

fn place(word: &RawWord) -> Place {
    let r = word.rect;
    match word.angle {
        90 => Place { x0: r.y0, x1: r.y1, y: -word.baseline },
        180 => Place { x0: -r.x1, x1: -r.x0, y: -word.baseline },
        270 => Place { x0: -r.y1, x1: -r.y0, y: word.baseline },
        angle if !angle.is_multiple_of(90) => {
            let (sin, cos) = f32::from(angle).to_radians().sin_cos();
            let (a, b) = (sin.abs(), cos.abs());
            let length = if b > a { (r.width() - a * word.size) / b } else { (r.height() - b * word.size) / a };
            let middle = ((r.x0 + r.x1) * cos + (r.y0 + r.y1) * sin) / 2.0;
            let half = length.max(0.1 * word.size) / 2.0;
            Place { x0: middle - half, x1: middle + half, y: word.baseline }
        }
        _ => Place { x0: r.x0, x1: r.x1, y: word.baseline },
    }
}

/// One page with its fragments.
#[derive(Clone, Debug)]
pub(super) struct Sheet {
    /// Number in the file.
    pub(super) number: u32,
    /// Width and height as shown.
    pub(super) size: (f32, f32),
    /// Its fragments, sorted from top to bottom and left to right; turned ones after the others.
    pub(super) frags: Vec<Frag>,
    /// What stands on the sheet outside the part that is shown, from top to bottom.
    pub(super) cut_off: Vec<Frag>,
    /// Ruling lines.
    pub(super) rules: Vec<Rect>,
    /// Boxes of curves and slanting lines.
    pub(super) drawings: Vec<Rect>,
}

impl Sheet {
    /// Makes fragments of a page's words.
    pub(super) fn new(page: RawPage) -> Self {
        let words = visible(page.words);
        let mut frags = formula::fold(in_content_order(words));
        frags.retain(|f| !f.text.trim().is_empty());
        mark_columns(&mut frags);
        let frags = gutters::part(part_at_rules(merge_neighbours(part_at_edges(frags)), &page.rules));
        let cut_off = cut_off(page.cut_off, page.size);
        Sheet { number: page.number, size: page.size, frags, cut_off, rules: page.rules, drawings: page.drawings }
    }
}

impl Sheet {
    /// The same with all that layout goes by moved to the side; the boxes of words stay where they are.
    pub(super) fn moved(mut self, by: f32) -> Self {
        for frag in self.frags.iter_mut().filter(|f| f.angle == 0) {
            (frag.x0, frag.x1) = (frag.x0 + by, frag.x1 + by);
        }
        for rect in self.rules.iter_mut().chain(&mut self.drawings) {
            (rect.x0, rect.x1) = (rect.x0 + by, rect.x1 + by);
        }
        self
    }
}

/// Makes fragments of what is cut off; their boxes end at the page's edge.
fn cut_off(words: Vec<RawWord>, (width, height): (f32, f32)) -> Vec<Frag> {
    if words.is_empty() {
        return Vec::new();
    }
    let mut frags = merge_neighbours(in_content_order(words));
    for frag in &mut frags {
        frag.zone = Zone::Foot;
        for word in Rc::make_mut(&mut frag.words) {
            let r = word.rect;
            let (x, y) = (|x: f32| x.clamp(0.0, width), |y: f32| y.clamp(0.0, height));
            word.rect = Rect { x0: x(r.x0), y0: y(r.y0), x1: x(r.x1), y1: y(r.y1) };
        }
    }
    frags
}

/// Drops hidden words that a visible word repeats in the same place (an OCR layer under real text), and words printed
/// twice for effect.
fn visible(words: Vec<RawWord>) -> Vec<RawWord> {
    let any_hidden = words.iter().any(|w| w.hidden);
    if !any_hidden || words.iter().all(|w| w.hidden) {
        return words;
    }
    // Looked up by height on the page, so that the work grows with the words, not with their pairs.
    let shelf = |w: &RawWord| (w.rect.y0 / 12.0) as i32;
    let mut shown: BTreeMap<i32, Vec<&RawWord>> = BTreeMap::new();
    words.iter().filter(|w| !w.hidden).for_each(|w| shown.entry(shelf(w)).or_default().push(w));
    let repeats = |w: &RawWord| {
        let at = shelf(w);
        let near = shown.range(at.saturating_sub(2)..=at.saturating_add(2)).flat_map(|(_, on_shelf)| on_shelf);
        near.take(2000).any(|s| s.rect.overlaps(w.rect) && s.text.contains(w.text.as_str()))
    };
    let repeated: Vec<bool> = words.iter().map(|w| w.hidden && repeats(w)).collect();
    words.into_iter().zip(repeated).filter(|(_, r)| !r).map(|(w, _)| w).collect()
}

/// What the next word is held against.
#[derive(Clone, Copy)]
struct Last {
    place: Place,
    size: f32,
    angle: u16,
    space_after: bool,
}

fn in_content_order(words: Vec<RawWord>) -> Vec<Frag> {
    let mut out: Vec<Frag> = Vec::new();
    let mut last: Option<Last> = None;
    for (seq, word) in words.into_iter().enumerate() {
        let here = place(&word);
        let joined = last.filter(|before| {
            let at = before.place;
            let size = before.size.max(word.size);
            let gap = here.x0 - at.x1;
            let level = (here.y - at.y).abs() <= 0.25 * size
                || ((here.y - at.y).abs() <= 0.6 * size
                    && before.size.min(word.size) < 0.85 * size
                    && gap.abs() < 0.35 * size);
            // Letters of another size after a wide space are another text.
            let level = level && ((before.size - word.size).abs() < 0.2 * size || gap < 0.4 * size);
            before.angle == word.angle && level && gap > -0.6 * size && gap < PART_GAP * size
        });
        last = Some(Last { place: here, size: word.size, angle: word.angle, space_after: word.space_after });
        match (out.last_mut(), joined) {
            (Some(current), Some(before)) => {
                let gap = here.x0 - before.place.x1;
                let spaced = before.space_after || gap > SPACE_GAP * before.size.max(word.size) * 1.25;
                current.push_word(word, here, seq, spaced);
            }
            _ => out.push(Frag::new(word, here, seq)),
        }
    }
    out
}

/// Parts fragments where an upright line stands between two words: cells of a ruled table that nearly touch.
fn part_at_rules(frags: Vec<Frag>, rules: &[Rect]) -> Vec<Frag> {
    let mut upright: Vec<Rect> = rules.iter().copied().filter(|r| r.width() < 4.0 && r.height() > 5.0).collect();
    if upright.is_empty() {
        return frags;
    }
    upright.sort_by(|a, b| a.x0.total_cmp(&b.x0));
    let parted = |f: &Frag, a: &DraftWord, b: &DraftWord| {
        let y = f.y + 0.3 * f.size;
        let from = upright.partition_point(|r| r.x1 < a.rect.x1 - 0.5);
        upright.iter().skip(from).take_while(|r| r.x0 <= b.rect.x0 + 0.5).any(|r| r.y0 <= y && y <= r.y1)
    };
    let mut out = Vec::with_capacity(frags.len());
    for mut frag in frags {
        while frag.angle == 0 && frag.words.len() > 1 {
            let Some(at) = frag.words.windows(2).position(|w| matches!(w, [a, b] if b.spaced && parted(&frag, a, b)))
            else {
                break;
            };
            out.push(frag.split_off_front(at + 1));
        }
        out.push(frag);
    }
    out
}

/// Parts fragments where a word after a wide space begins at an edge where many other lines begin: two columns that
/// nearly touch.
fn part_at_edges(frags: Vec<Frag>) -> Vec<Frag> {
    const MANY: usize = 6;
    let mut begins: Vec<f32> = frags.iter().filter(|f| f.angle == 0).map(|f| f.x0).collect();
    begins.sort_by(f32::total_cmp);
    let is_edge = |x: f32| {
        let from = begins.partition_point(|b| *b < x - 1.0);
        begins.get(from + MANY - 1).is_some_and(|b| *b <= x + 1.0)
    };
    let mut out = Vec::with_capacity(frags.len());
    for mut frag in frags {
        if let Some(at) = edge_inside(&frag, &is_edge) {
            out.push(frag.split_off_front(at));
        }
        out.push(frag);
    }
    out
}

/// The word of a level fragment that begins a column of its own, if one does.
fn edge_inside(frag: &Frag, is_edge: &impl Fn(f32) -> bool) -> Option<usize> {
    if frag.angle != 0 || frag.words.len() < 3 {
        return None;
    }
    let gaps: Vec<f32> =
        frag.words.windows(2).map(|w| if let [a, b] = w { b.rect.x0 - a.rect.x1 } else { 0.0 }).collect();
    let mut sorted = gaps.clone();
    sorted.sort_by(f32::total_cmp);
    let usual = sorted.get((sorted.len() - 1) / 2).copied().unwrap_or(0.0);
    let wide = (0.45 * frag.size).max(1.6 * usual);
    let at = gaps.iter().position(|g| *g >= wide)? + 1;
    frag.words.get(at).filter(|w| is_edge(w.rect.x0)).map(|_| at)
}

/// Marks lines that were written right before or after the line above or below them.
fn mark_columns(frags: &mut [Frag]) {
    let under = |a: &Frag, b: &Frag| {
        a.angle == b.angle
            && (a.size - b.size).abs() < 0.1 * a.size
            && (a.x0 - b.x0).abs() < 0.5 * a.size
            && (0.8..1.9).contains(&((a.y - b.y) / a.size))
    };
    for i in 1..frags.len() {
        if let Some([a, b]) = frags.get_mut(i - 1..=i)
            && under(a, b)
        {
            (a.in_column, b.in_column) = (true, true);
        }
    }
}

/// Joins fragments that stand close on one line though other content came between, and bullets with their text.
fn merge_neighbours(mut frags: Vec<Frag>) -> Vec<Frag> {
    frags.sort_by(|a, b| a.angle.cmp(&b.angle).then(b.y.total_cmp(&a.y)).then(a.x0.total_cmp(&b.x0)));
    let mut out: Vec<Frag> = Vec::with_capacity(frags.len());
    let mut row: Vec<Frag> = Vec::new();
    let mut row_y = 0.0f32;
    let mut row_size = 0.0f32;
    for frag in frags {
        let same =
            row.last().is_some_and(|l| l.angle == frag.angle) && (row_y - frag.y).abs() < 0.3 * row_size.max(frag.size);
        if !same {
            merge_row(std::mem::take(&mut row), &mut out);
            row_y = frag.y;
            row_size = frag.size;
        }
        row_size = row_size.max(frag.size);
        row.push(frag);
    }
    merge_row(row, &mut out);
    out
}

fn merge_row(mut row: Vec<Frag>, out: &mut Vec<Frag>) {
    row.sort_by(|a, b| a.x0.total_cmp(&b.x0).then(a.seq.cmp(&b.seq)));
    for frag in row {
        let Some(left) =
            out.last_mut().filter(|l| l.angle == frag.angle && (l.y - frag.y).abs() < 0.3 * l.size.max(frag.size))
        else {
            out.push(frag);
            continue;
        };
        let size = left.size.max(frag.size);
        let gap = frag.x0 - left.x1;
        let alike = (left.size - frag.size).abs() < 0.2 * size;
        let twice = (frag.x0 - left.x0).abs() < 0.12 * size && frag.text == left.text;
        let follows = frag.seq.abs_diff(left.last_seq) <= 1;
        // Two columns that touch: each piece goes on below itself, not beside.
        let columns = left.in_column && frag.in_column && !follows && left.words.len() > 1;
        let near = gap > -0.35 * size && (gap < 0.3 * size || (gap < 0.6 * size && alike && follows));
        let bullet =
            (is_marker(&left.text) || is_paragraph_mark(&left.text)) && gap > -0.2 * size && gap < BULLET_GAP * size;
        if twice {
            continue;
        }
        if near && columns {
            left.room = (COLUMN_GAP * size - gap).max(0.0);
            out.push(frag);
        } else if near || bullet {
            let spaced = left.spaced_before(&frag);
            left.push(frag, spaced);
        } else {
            out.push(frag);
        }
    }
}

/// True for a bullet or item number alone.
fn is_marker(text: &str) -> bool {
    text.len() <= 8 && !text.contains(' ') && {
        let sample = format!("{text} A");
        text != "-" && is_list_item(&sample) || matches!(text, "–" | "§") || is_section_number(text)
    }
}

/// `12 §`, `3 a §`, `§ 12`, `§12.`: the number of a paragraph, alone.
pub(super) fn is_paragraph_mark(text: &str) -> bool {
    let text = text.trim_end_matches('.');
    let Some(number) = text.strip_suffix('§').or_else(|| text.strip_prefix('§')) else { return false };
    let mut parts = number.trim().split(' ');
    let digits = parts.next().is_some_and(|d| (1..=3).contains(&d.len()) && d.bytes().all(|b| b.is_ascii_digit()));
    digits && parts.next().is_none_or(|l| l.len() == 1) && parts.next().is_none()
}

/// `1.1`, `2.3.4`: the number of a heading.
fn is_section_number(text: &str) -> bool {
    let parts: Vec<&str> = text.trim_end_matches('.').split('.').collect();
    parts.len() >= 2 && parts.iter().all(|p| (1..=2).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A word at a place, its letters half an em wide.
    pub(crate) fn word(text: &str, x: f32, y: f32, size: f32) -> RawWord {
        let width = text.chars().count() as f32 * size * 0.5;
        RawWord {
            text: text.to_string(),
            rect: Rect::new(x, y - 0.2 * size, x + width, y + 0.8 * size),
            baseline: y,
            size,
            bold: false,
            italic: false,
            angle: 0,
            hidden: false,
            artifact: false,
            mcid: None,
            tag: None,
            space_after: true,
            font: 0,
        }
    }

    /// The words of a line from a left edge on.
    pub(crate) fn line(text: &str, x: f32, y: f32, size: f32) -> Vec<RawWord> {
        let mut at = x;
        text.split(' ')
            .map(|w| {
                let word = word(w, at, y, size);
                at = word.rect.x1 + 0.25 * size;
                word
            })
            .collect()
    }

    #[test]
    fn a_paragraph_number_stays_with_its_text() {
        for (text, want) in [
            ("1 §", true),
            ("12 a §", true),
            ("§ 7", true),
            ("§7.", true),
            ("7", false),
            ("§§ 1-3", false),
            ("av 3 §", false),
        ] {
            assert_eq!(is_paragraph_mark(text), want, "{text}");
        }
    }

    #[test]
    fn gaps_part_fragments_and_bullets_stay_with_their_text() {
        let mut words = line("Bo Berg", 50.0, 700.0, 10.0);
        words.extend(line("Eva Falk", 300.0, 700.0, 10.0));
        words.extend(line("•", 50.0, 650.0, 10.0));
        words.extend(line("Första punkten", 75.0, 650.0, 10.0));
        let mut touching = line("halv fet", 50.0, 600.0, 10.0);
        touching[0].space_after = false;
        touching[1].rect = Rect::new(70.0, 598.0, 85.0, 608.0);
        words.extend(touching);
        let sheet = Sheet::new(RawPage { words, ..RawPage::default() });
        let texts: Vec<&str> = sheet.frags.iter().map(|f| f.text.as_str()).collect();
        assert_eq!(texts, ["Bo Berg", "Eva Falk", "• Första punkten", "halvfet"]);
    }

    #[test]
    fn a_ruled_line_parts_cells() {
        let words = line("−3,2 % Ökning", 50.0, 700.0, 10.0);
        let at = words[2].rect.x0 - 1.0;
        let rules = vec![Rect::new(at, 690.0, at + 0.5, 715.0)];
        let sheet = Sheet::new(RawPage { words, rules, ..RawPage::default() });
        let texts: Vec<&str> = sheet.frags.iter().map(|f| f.text.as_str()).collect();
        assert_eq!(texts, ["−3,2 %", "Ökning"]);
    }

    #[test]
    fn hidden_words_may_reach_beyond_all_pages() {
        let mut words = line("Samma text", 50.0, 700.0, 10.0);
        for reach in [1e12, f32::MAX] {
            let mut endless = word("utan", 50.0, 600.0, 10.0);
            (endless.hidden, endless.rect.y0, endless.rect.y1) = (true, -reach, reach);
            words.push(endless);
        }
        assert_eq!(visible(words).len(), 4);
    }

    #[test]
    fn an_ocr_layer_under_real_text_is_dropped() {
        let mut words = line("Samma text", 50.0, 700.0, 10.0);
        let mut hidden = line("Samma text bild", 50.0, 700.0, 10.0);
        hidden.iter_mut().for_each(|w| w.hidden = true);
        words.extend(hidden);
        let sheet = Sheet::new(RawPage { words, ..RawPage::default() });
        assert_eq!(sheet.frags.iter().map(|f| f.text.as_str()).collect::<Vec<_>>().join(" "), "Samma text bild");
    }
}
