//! Finds what repeats at the top and foot of pages: running heads, feet, page numbers.

use std::collections::{BTreeMap, BTreeSet};

use super::blocks::Style;
use super::frag::{Frag, Sheet};
use crate::ingest::document::Zone;
use crate::ingest::layout::{Label, Labels, page_number};

/// Share of the page's height at its top where heads stand.
const TOP: f32 = 0.17;
/// Share of the page's height at its foot where feet stand.
const FOOT: f32 = 0.13;
/// Share of the page's height that heads and feet take where the text stands far from the page's edge.
const INSET: f32 = 0.06;
/// How many pages show where their text begins and ends.
const MANY: usize = 6;
/// How far a repeated line may move from page to page, in points.
const DRIFT: f32 = 4.0;
/// Most rows of a head or foot.
const MOST_ROWS: usize = 9;

/// Where heads end and feet begin, by the height of pages in points.
struct Edges(BTreeMap<u32, (f32, f32)>);

impl Edges {
    /// Looks at where the text of all pages of a height begins and ends.
    fn of(sheets: &[Sheet]) -> Self {
        let mut reach: BTreeMap<u32, (f32, f32)> = BTreeMap::new();
        let mut pages: BTreeMap<u32, usize> = BTreeMap::new();
        for sheet in sheets {
            *pages.entry(sheet.size.1 as u32).or_default() += 1;
            let (high, low) = reach.entry(sheet.size.1 as u32).or_insert((f32::MIN, f32::MAX));
            for f in sheet.frags.iter().filter(|f| f.angle == 0) {
                (*high, *low) = (high.max(f.y), low.min(f.y));
            }
        }
        // A few pages need not be full.
        reach.retain(|height, _| pages.get(height).is_some_and(|n| *n >= MANY));
        for (height, (high, low)) in &mut reach {
            let height = (*height as f32).max(1.0);
            *high = (height * (1.0 - TOP)).min(*high - height * INSET);
            *low = (height * FOOT).max(*low + height * INSET);
        }
        Edges(reach)
    }

    /// Heads stand above the first, feet below the second.
    fn at(&self, sheet: &Sheet) -> (f32, f32) {
        let height = sheet.size.1.max(1.0);
        self.0.get(&(sheet.size.1 as u32)).copied().unwrap_or((height * (1.0 - TOP), height * FOOT))
    }
}

/// A line as it may repeat: its text with every number the same.
fn shape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let c = if c.is_ascii_digit() { '0' } else { c };
        if c != '0' || !out.ends_with('0') {
            out.push(c);
        }
    }
    out
}

/// Sets the zone of every fragment that is furniture.
///
/// Heads are rows from the page's top down, feet from its bottom up, as long as something in the row repeats, is a page
/// number, or is marked as an artifact by the file; the rest of such a row belongs to it.
pub(super) fn mark(sheets: &mut [Sheet], labels: &Labels, style: &Style) {
    let edges = Edges::of(sheets);
    let repeated = repeated(sheets, &edges);
    let verbatim = verbatim(sheets, &edges);
    let numbering = numbering(sheets, &edges);
    for sheet in sheets.iter_mut() {
        let height = sheet.size.1.max(1.0);
        let (top, foot) = edges.at(sheet);
        let rows = rows(sheet);
        let is_repeated = |f: &Frag, at_top: bool| {
            // Numbers alone are alike on every page, in tables too: they must be the same.
            let same = || verbatim.get(f.text.as_str()).is_some_and(|n| *n > 1);
            // Titles of slides stand in the same place and may be alike.
            f.size < 1.3 * style.size
                && (f.text.contains(char::is_alphabetic) || same())
                && repeated.get(&(shape(&f.text), at_top)).is_some_and(|ys| ys.iter().any(|y| (y - f.y).abs() <= DRIFT))
        };
        let mut marks: Vec<(usize, Zone)> = Vec::new();
        for at_top in [true, false] {
            let zone = if at_top { Zone::Head } else { Zone::Foot };
            let mut found: Vec<(usize, Zone)> = Vec::new();
            // Heights of the furniture's rows, and of the row after it.
            let mut heights: Vec<f32> = Vec::new();
            let ordered: Vec<&Vec<usize>> = if at_top { rows.iter().collect() } else { rows.iter().rev().collect() };
            for (n, row) in ordered.into_iter().enumerate() {
                let frags: Vec<(usize, &Frag)> = row.iter().filter_map(|i| Some((*i, sheet.frags.get(*i)?))).collect();
                heights.extend(frags.first().map(|(_, f)| f.y));
                // Far from the page's edge a head is one line; a table's header has more cells.
                let one_line = n == 0 && frags.len() <= 2;
                let (top, foot) = if one_line { (top, foot) } else { (height * (1.0 - TOP), height * FOOT) };
                let inside = |f: &Frag| if at_top { f.y > top } else { f.y < foot };
                if n >= MOST_ROWS || !frags.iter().all(|(_, f)| inside(f)) {
                    break;
                }
                let ends =
                    |f: &Frag| at_top && matches!(labels.label(&f.text), Some(Label::Officer | Label::Recipient));
                let counts = |number: u32| numbering.is_empty() || numbering.contains(&offset(number, sheet));
                let number = |f: &Frag| {
                    page_number(&f.text).filter(|p| p.2 || (counts(p.0) && (n < 2 || is_repeated(f, at_top))))
                };
                let is_furniture = |f: &Frag| f.artifact || number(f).is_some() || is_repeated(f, at_top);
                if !frags.iter().any(|(_, f)| is_furniture(f)) || frags.iter().any(|(_, f)| ends(f)) {
                    break;
                }
                // Running text beside something that repeats is no foot.
                let prose = |f: &Frag| !is_furniture(f) && (style.is_body(f.size) && f.words.len() > 5);
                if frags.iter().any(|(_, f)| prose(f)) {
                    break;
                }
                for (i, f) in frags {
                    found.push((i, if number(f).is_some() { Zone::PageNumber } else { zone }));
                }
            }
            let flows_on = heights.len() > 1 && flows_on(&heights) && heights.len() <= MOST_ROWS;
            let is_text = |i: usize| sheet.frags.get(i).is_some_and(|f| style.is_body(f.size) && !f.artifact);
            let all_text = found.iter().all(|(i, z)| *z == Zone::PageNumber || is_text(*i));
            // Rows of a table are alike from page to page, heads are the same.
            let same = found.iter().filter(|(_, z)| *z != Zone::PageNumber).all(|(i, _)| {
                sheet.frags.get(*i).is_some_and(|f| verbatim.get(f.text.as_str()).is_some_and(|n| *n > 1))
            });
            if same || !(flows_on && all_text) {
                marks.extend(found);
            } else {
                // A table that begins right under the head: what is the same on every page is the head.
                let text = |i: usize| sheet.frags.get(i).map_or("", |f| f.text.as_str());
                let same = |i: usize| verbatim.get(text(i)).is_some_and(|n| *n > 1);
                let kept = found.iter().take_while(|(i, z)| *z == Zone::PageNumber || same(*i));
                marks.extend(kept.copied());
            }
        }
        for (i, zone) in marks {
            if let Some(f) = sheet.frags.get_mut(i) {
                f.zone = zone;
            }
        }
        // `Sida 1 (1)` is a page number even if nothing about it repeats.
        let edge = |f: &Frag| f.angle == 0 && (f.y > top || f.y < foot);
        for f in sheet.frags.iter_mut().filter(|f| f.zone == Zone::Body && edge(f)) {
            if page_number(&f.text).is_some_and(|n| n.2) {
                f.zone = Zone::PageNumber;
            }
        }
    }
}

/// How far a number is from the page's place in the file.
fn offset(number: u32, sheet: &Sheet) -> i64 {
    i64::from(number) - i64::from(sheet.number)
}

/// How far bare page numbers are from the pages' places in the file, where at least two pages agree.
fn numbering(sheets: &[Sheet], edges: &Edges) -> BTreeSet<i64> {
    let mut pages: BTreeMap<i64, usize> = BTreeMap::new();
    for sheet in sheets {
        let (top, foot) = edges.at(sheet);
        let mut offsets: Vec<i64> = sheet
            .frags
            .iter()
            .filter(|f| f.angle == 0 && (f.y > top || f.y < foot))
            .filter_map(|f| page_number(&f.text).filter(|n| !n.2))
            .map(|n| offset(n.0, sheet))
            .collect();
        offsets.sort_unstable();
        offsets.dedup();
        offsets.into_iter().for_each(|o| *pages.entry(o).or_default() += 1);
    }
    pages.into_iter().filter(|(_, n)| *n > 1).map(|(o, _)| o).collect()
}

/// On how many pages a line stands near the top or foot, letter for letter.
fn verbatim(sheets: &[Sheet], edges: &Edges) -> BTreeMap<String, usize> {
    let mut out: BTreeMap<String, usize> = BTreeMap::new();
    for sheet in sheets {
        let (top, foot) = edges.at(sheet);
        let mut texts: Vec<&str> =
            sheet.frags.iter().filter(|f| f.angle == 0 && (f.y > top || f.y < foot)).map(|f| f.text.as_str()).collect();
        texts.sort_unstable();
        texts.dedup();
        texts.into_iter().for_each(|t| *out.entry(t.to_string()).or_default() += 1);
    }
    out
}

/// True if rows go on into the next one without a wider gap: rows of a table that are alike from page to page. The last
/// height is that of the first row that does not repeat.
fn flows_on(heights: &[f32]) -> bool {
    let steps: Vec<f32> = heights.windows(2).map(|w| if let [a, b] = w { (a - b).abs() } else { 0.0 }).collect();
    let Some((out, inner)) = steps.split_last() else { return false };
    match inner.iter().copied().reduce(f32::max) {
        Some(widest) => *out <= 1.25 * widest,
        None => *out < 19.0,
    }
}

/// The rows of a page's level body text, from top to bottom.
fn rows(sheet: &Sheet) -> Vec<Vec<usize>> {
    let mut order: Vec<(usize, f32, f32)> = sheet
        .frags
        .iter()
        .enumerate()
        .filter(|(_, f)| f.angle == 0 && f.zone == Zone::Body)
        .map(|(i, f)| (i, f.y, f.size))
        .collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut rows: Vec<Vec<usize>> = Vec::new();
    let mut at: Option<(f32, f32)> = None;
    for (i, y, size) in order {
        match rows.last_mut() {
            Some(row) if at.is_some_and(|(top, first)| top - y < 0.5 * size.max(first)) => row.push(i),
            _ => {
                rows.push(vec![i]);
                at = Some((y, size));
            }
        }
    }
    rows
}

/// Shapes of lines near the top (true) or foot (false) that repeat, with the heights where they do: on half of the
/// pages after the first or on three in a row of even or odd pages, and at least on two.
fn repeated(sheets: &[Sheet], edges: &Edges) -> BTreeMap<(String, bool), Vec<f32>> {
    let mut seen: BTreeMap<(String, bool), Vec<(u32, f32)>> = BTreeMap::new();
    for sheet in sheets {
        let (top, foot) = edges.at(sheet);
        for f in sheet.frags.iter().filter(|f| f.angle == 0 && f.zone == Zone::Body) {
            let at_top = f.y > top;
            if at_top || f.y < foot {
                seen.entry((shape(&f.text), at_top)).or_default().push((sheet.number, f.y));
            }
        }
    }
    let pages = sheets.len();
    // Many pages near one another have a head of their own: a chapter's, or those that are not turned.
    let enough = |on: &[u32], text: &str| {
        let n = on.len();
        let near = on.windows(2).filter(|w| matches!(w, [a, b] if b - a <= 2)).count();
        n >= 2
            && (n * 2 >= pages.saturating_sub(1)
                || (n >= 3 && n * 5 >= pages * 2)
                || (n >= 4 && near * 4 >= n * 3 && text.starts_with(char::is_uppercase)))
    };
    seen.into_iter()
        .filter_map(|(key, places)| {
            let mut heights: Vec<f32> = Vec::new();
            let mut sorted = places;
            sorted.sort_by(|a, b| a.1.total_cmp(&b.1));
            let mut i = 0;
            while let Some((_, low)) = sorted.get(i) {
                let same: Vec<u32> = sorted.iter().skip(i).take_while(|(_, y)| y - low <= DRIFT).map(|p| p.0).collect();
                let mut on_pages = same.clone();
                on_pages.sort_unstable();
                on_pages.dedup();
                if enough(&on_pages, &key.0) {
                    heights.push(low + DRIFT / 2.0);
                }
                i += same.len().max(1);
            }
            (!heights.is_empty()).then_some((key, heights))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::frag::tests::line;
    use super::*;
    use crate::ingest::pdf::page::RawPage;
    use crate::lexicon::Lexicon;

    #[test]
    fn heads_feet_and_numbers_repeat_and_the_body_does_not() {
        let mut sheets: Vec<Sheet> = (1..=4)
            .map(|n| {
                let mut words = line("Tallmo kommun", 50.0, 800.0, 9.0);
                words.extend(line(&format!("Sida {n} (4)"), 450.0, 800.0, 9.0));
                let body = ["Ett stycke börjar", "Något annat står här", "Så slutar en mening.", "Bilagor"];
                words.extend(line(body[n as usize - 1], 50.0, 760.0, 11.0));
                words.extend(line("Postadress: Box 1, Tallmo", 50.0, 40.0, 8.0));
                Sheet::new(RawPage { number: n, size: (595.0, 842.0), words, ..RawPage::default() })
            })
            .collect();
        let lex = Lexicon::built_in();
        let labels = Labels::new(&lex);
        let style = Style::of(&sheets);
        mark(&mut sheets, &labels, &style);
        for sheet in &sheets {
            let zones: Vec<Zone> = sheet.frags.iter().map(|f| f.zone).collect();
            assert_eq!(zones, [Zone::Head, Zone::PageNumber, Zone::Body, Zone::Foot]);
        }
    }
}
