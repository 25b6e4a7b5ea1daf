//! Finds what repeats at the top and foot of pages: running heads, feet, page numbers.

use std::collections::BTreeMap;

use super::frag::Sheet;
use crate::ingest::document::Zone;
use crate::ingest::layout::{Labels, page_number};

/// Share of the page's height at its top where heads stand.
const TOP: f32 = 0.17;
/// Share of the page's height at its foot where feet stand.
const FOOT: f32 = 0.13;
/// How far a repeated line may move from page to page, in points.
const DRIFT: f32 = 4.0;

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
pub(super) fn mark(sheets: &mut [Sheet], labels: &Labels) {
    let repeated = repeated(sheets);
    for sheet in sheets.iter_mut() {
        let height = sheet.size.1.max(1.0);
        let (top, foot) = (height * (1.0 - TOP), height * FOOT);
        // The lowest head and highest foot: what stands on their height or beyond is furniture too.
        let (mut head_edge, mut foot_edge) = (f32::MAX, f32::MIN);
        for frag in &mut sheet.frags {
            let at_top = frag.y > top;
            let at_foot = frag.y < foot;
            if frag.angle != 0 || !(at_top || at_foot) {
                continue;
            }
            let number = page_number(&frag.text);
            let key = (shape(&frag.text), at_top);
            let repeats = repeated.get(&key).is_some_and(|ys| ys.iter().any(|y| (y - frag.y).abs() <= DRIFT));
            if number.is_some_and(|n| n.2) || (number.is_some() && (repeats || at_foot)) {
                frag.zone = Zone::PageNumber;
            } else if frag.artifact || repeats {
                frag.zone = if at_top { Zone::Head } else { Zone::Foot };
            } else {
                continue;
            }
            if at_top {
                head_edge = head_edge.min(frag.y);
            } else {
                foot_edge = foot_edge.max(frag.y);
            }
        }
        drop_lone_numbers(sheet);
        beside_and_beyond(sheet, head_edge, foot_edge, labels);
    }
}

/// A bare number is a page number only if nothing of the body stands beyond or beside it.
fn drop_lone_numbers(sheet: &mut Sheet) {
    let body: Vec<(f32, f32)> =
        sheet.frags.iter().filter(|f| f.zone == Zone::Body && f.angle == 0).map(|f| (f.y, f.size)).collect();
    let height = sheet.size.1;
    for frag in sheet.frags.iter_mut().filter(|f| f.zone == Zone::PageNumber) {
        let sure = page_number(&frag.text).is_some_and(|n| n.2);
        let beyond = |(y, size): &(f32, f32)| {
            let beside = (y - frag.y).abs() < 0.5 * size;
            beside || if frag.y * 2.0 > height { *y > frag.y } else { *y < frag.y }
        };
        // In a table's last row a number has company.
        if !sure && body.iter().filter(|b| beyond(b)).count() > 2 {
            frag.zone = Zone::Body;
        }
    }
}

/// What stands on the line of a head or foot, or beyond it, belongs to it: a chapter's name that changes, a date.
fn beside_and_beyond(sheet: &mut Sheet, head_edge: f32, foot_edge: f32, labels: &Labels) {
    for frag in sheet.frags.iter_mut().filter(|f| f.zone == Zone::Body && f.angle == 0) {
        if frag.text.chars().count() > 100 {
            continue;
        }
        if frag.y >= head_edge - 0.3 * frag.size {
            frag.zone = Zone::Head;
        } else if frag.y <= foot_edge + 0.3 * frag.size
            && (frag.y < foot_edge - 1.0 || labels.label(&frag.text).is_some() || frag.text.chars().count() < 60)
        {
            frag.zone = Zone::Foot;
        }
    }
}

/// Shapes of lines near the top (true) or foot (false) that repeat, with the heights where they do: on half of the
/// pages after the first or on three in a row of even or odd pages, and at least on two.
fn repeated(sheets: &[Sheet]) -> BTreeMap<(String, bool), Vec<f32>> {
    let mut seen: BTreeMap<(String, bool), Vec<(u32, f32)>> = BTreeMap::new();
    for sheet in sheets {
        let height = sheet.size.1.max(1.0);
        for f in sheet.frags.iter().filter(|f| f.angle == 0) {
            let at_top = f.y > height * (1.0 - TOP);
            if at_top || f.y < height * FOOT {
                seen.entry((shape(&f.text), at_top)).or_default().push((sheet.number, f.y));
            }
        }
    }
    let pages = sheets.len();
    let enough = |n: usize| n >= 2 && (n * 2 >= pages.saturating_sub(1) || (n >= 3 && n * 5 >= pages * 2));
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
                if enough(on_pages.len()) {
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
        let labels = Labels::new(&Lexicon::built_in());
        mark(&mut sheets, &labels);
        for sheet in &sheets {
            let zones: Vec<Zone> = sheet.frags.iter().map(|f| f.zone).collect();
            assert_eq!(zones, [Zone::Head, Zone::PageNumber, Zone::Body, Zone::Foot]);
        }
    }
}
