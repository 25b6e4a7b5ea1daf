//! Reads the attachments listed under the heading Bilagor.

use crate::parse::pattern::Regex;

use crate::base::Span;
use crate::ingest::document::{BlockKind, Line, Zone};
use crate::parse::context::Context;
use crate::parse::record::{Attachment, Record};
use crate::parse::segment::Family;
use crate::parse::text::{fixed, joined};

/// Patterns compiled once.
#[derive(Debug)]
pub(crate) struct Rules {
    marker: Regex,
    /// `Bilaga 1:` and what it is called, at the beginning of a line.
    numbered: Regex,
    /// The same without a sign behind the number: only where several follow one another, or at the end.
    bare: Regex,
    /// `Bilaga:` and what it is called; `Bil: …`, `Bifogas: …`.
    beside: Regex,
    nothing: Regex,
}

impl Rules {
    /// Compiles them.
    pub fn new() -> Self {
        Rules {
            marker: fixed(
                r"^(?i:bil(?:ag(?:a|or|o))?\.?\s*(?:nr\s?)?\d*\s*(?:[a-z]\b)?(?:\s*[:.,–\-]+|\s)\s*|bifoga[st]\s*:\s*|\d{1,2}\s*[.):]\s*|\d{1,2}\s+|[A-H][.)]\s+|[•\-–*o]\s+)+",
            ),
            numbered: fixed(
                r"(?m)^(?:Bilaga|BILAGA|Bil\.?)\s(?:nr\s)?(?:\d{1,2}(?:[a-z]|\.\d)?|[A-H])\s?(?:[:.,–-]\s?|\t)\s*\p{Lu}",
            ),
            bare: fixed(r"(?m)^(?:Bilaga|BILAGA|Bil\.?)\s(?:nr\s)?(?:\d{1,2}[a-z]?|[A-H])\s\p{Lu}"),
            beside: fixed(
                r"(?m)^(?:Bilag(?:a|or)|BILAG(?:A|OR)|Bil\.?|Bifoga[st])(?:\s?\(\d{1,2}(?:\s?st)?\))?\s?:[ \t]*(?P<v>\S.*)$",
            ),
            nothing: fixed(r"(?i)^(?:inga|ingen|saknas|-)\.?$"),
        }
    }
}

/// Fills the attachments. Those of minutes and extracts are the papers of an item, not of the document.
pub(crate) fn read(cx: &Context, record: &mut Record) {
    if cx.segments.family == Family::Minutes {
        return;
    }
    // What a decision rests on (`Beslutsunderlag`) is no attachment.
    let attached = |s: &&crate::parse::segment::Segment| {
        let heading = cx.quote(s.heading).to_lowercase();
        ["bilag", "bifoga"].iter().any(|w| heading.trim_start().starts_with(w))
    };
    let area = cx.segments.with_id("attachments").find(attached).map(|s| s.body);
    let mut listed = area.map_or_else(Vec::new, |area| entries(cx, area));
    if listed.is_empty() {
        listed = marked_underlay(cx);
    }
    // Who signs may stand below the list.
    let person = |s: &Span| cx.rules.people.is_name(cx.quote(*s).lines().next().unwrap_or_default());
    let titled = |s: &Span| cx.rules.people.is_title(cx.quote(*s).lines().next().unwrap_or_default());
    if let Some(signed) = listed.windows(2).position(|w| matches!(w, [a, b] if person(a) && titled(b))) {
        listed.truncate(signed);
    }
    // The next item of an agenda: its title, and its number in the register below.
    let numbered = |s: &Span| cx.labels.leading(cx.quote(*s)).is_some_and(|(id, _)| id == "dnr_label");
    if let Some(item) = listed.windows(2).position(|w| matches!(w, [_, b] if numbered(b))) {
        listed.truncate(item);
    }
    if listed.is_empty() {
        listed = labelled(cx);
    }
    if listed.is_empty() {
        listed = beside_label(cx);
    }
    for span in listed {
        let text = cx.quote(span);
        let marker = cx.rules.attachments.marker.find(text).map_or(0, |m| m.end());
        let title = Span::new(span.start as usize + marker, span.end as usize).trim(&cx.doc.text);
        if title.is_empty() || cx.rules.attachments.nothing.is_match(cx.quote(title)) {
            continue;
        }
        record.attachments.push(Attachment {
            title: joined(cx.quote(title)),
            evidence: vec![cx.evidence("title", title, "attachments.entry", 0.9)],
        });
    }
}

/// Most attachments that have a line with their number and no heading above them.
const MOST: usize = 100;

/// Of what a decision rests on, the papers that are attached: `Beslutsunderlag` / `Bilaga 1, Avtal`.
fn marked_underlay(cx: &Context) -> Vec<Span> {
    let rules = &cx.rules.attachments;
    let sections = cx.segments.with_id("attachments");
    sections
        .flat_map(|s| entries(cx, s.body))
        .filter(|e| {
            let text = cx.quote(*e).trim_start_matches(['•', '-', '–', '*', ' ', '\t']);
            rules.numbered.find(text).is_some_and(|m| m.start() == 0)
                || rules.bare.find(text).is_some_and(|m| m.start() == 0)
        })
        .collect()
}

/// Behind a label on its own line, `Bilaga: Karta`, and on the lines below it up to the next label.
fn beside_label(cx: &Context) -> Vec<Span> {
    let body = cx.doc.body();
    let Some(c) = cx.rules.attachments.beside.captures_iter(body).last() else { return Vec::new() };
    let (Some(whole), Some(value)) = (c.get(0), c.name("v")) else { return Vec::new() };
    if value.len() > 300 {
        return Vec::new();
    }
    let mut found = listed_on_line(value.as_str(), value.start());
    let mut at = whole.end();
    // Lines below in the same block that begin with a capital and no label of their own.
    let block_end = cx.doc.block_at(u32::try_from(whole.start()).unwrap_or(0)).map_or(at, |b| b.span.end as usize);
    for line in body.get(at..block_end.max(at)).unwrap_or_default().split_inclusive('\n') {
        let span = Span::new(at, at + line.len()).trim(&cx.doc.text);
        at += line.len();
        if span.is_empty() {
            continue;
        }
        let text = cx.quote(span);
        let more = text.starts_with(char::is_uppercase)
            && text.len() <= 200
            && !text.contains(':')
            && !text.ends_with('.')
            && !cx.rules.people.is_name(text)
            && !cx.headings.knows(text);
        if !more || found.len() >= MOST {
            break;
        }
        found.push(span);
    }
    found
}

/// One span for each paper named on a line: parted by numbers or semicolons, `1. Karta 2. Avtal`, `Karta; Avtal`.
fn listed_on_line(text: &str, start: usize) -> Vec<Span> {
    let mut cuts: Vec<usize> = text.match_indices(';').map(|(i, _)| i + 1).collect();
    if text.starts_with("1.") || text.starts_with("1)") {
        cuts.extend((2..10).filter_map(|n| text.find(&format!(" {n}.")).or_else(|| text.find(&format!(" {n})")))));
    }
    cuts.sort_unstable();
    cuts.push(text.len());
    let mut from = 0;
    let mut out = Vec::new();
    for cut in cuts {
        let part = text.get(from..cut).unwrap_or_default();
        let kept = part.trim_end().trim_end_matches(';');
        let lead = kept.len() - kept.trim_start().len();
        if kept.trim().len() > 1 {
            out.push(Span::new(start + from + lead, start + from + kept.len()));
        }
        from = cut;
    }
    out
}

/// Without a heading: the lines that each begin with a numbered label, `Bilaga 1: Ansökan`.
fn labelled(cx: &Context) -> Vec<Span> {
    if !cx.rules.attachments.numbered.is_match(cx.doc.body()) {
        return bare_labels(cx);
    }
    let short = cx.doc.blocks.iter().filter(|b| b.zone == Zone::Body && b.span.len() <= 2000);
    let lines = short.flat_map(|b| crate::parse::segment::lines(cx.doc, b.span));
    let begins = |l: &Span| {
        let text = cx.quote(*l);
        text.len() <= 200
            && !text.ends_with('.')
            && cx.rules.attachments.numbered.find(text).is_some_and(|m| m.start() == 0)
    };
    lines.filter(begins).take(MOST).collect()
}

/// `Bilaga 1 Karta` / `Bilaga 2 Avtal`: at least two lines right below one another, or one that ends the document; alone it heads
/// an attachment.
fn bare_labels(cx: &Context) -> Vec<Span> {
    let bare = &cx.rules.attachments.bare;
    if !bare.is_match(cx.doc.body()) {
        return Vec::new();
    }
    let body = cx.doc.blocks.iter().filter(|b| b.zone == Zone::Body && b.span.len() <= 2000);
    let lines: Vec<Span> = body.flat_map(|b| crate::parse::segment::lines(cx.doc, b.span)).collect();
    let fits = |i: usize| {
        lines.get(i).is_some_and(|l| {
            let text = cx.quote(*l);
            text.len() <= 120 && !text.ends_with('.') && bare.find(text).is_some_and(|m| m.start() == 0)
        })
    };
    let kept = (0..lines.len())
        .filter(|i| fits(*i) && (fits(i + 1) || i.checked_sub(1).is_some_and(fits) || i + 1 == lines.len()));
    kept.filter_map(|i| lines.get(i).copied()).take(MOST).collect()
}

/// One span per attachment: a list item or paragraph each; of lines one each, unless a line goes on with the one before.
fn entries(cx: &Context, area: Span) -> Vec<Span> {
    let mut entries: Vec<Span> = Vec::new();
    let widest = cx.doc.lines.iter().filter_map(|l| l.rect).map(|r| r.width()).fold(0.0f32, f32::max);
    let blocks = cx.doc.blocks.iter().filter(|b| b.zone == Zone::Body && b.span.overlaps(area));
    for block in blocks {
        let from = block.span.start.max(area.start) as usize;
        let inside = Span::new(from, (block.span.end.min(area.end) as usize).max(from));
        if block.kind == BlockKind::Paragraph {
            entries.extend(printed_entries(cx, inside, widest));
            continue;
        }
        if block.kind != BlockKind::Lines {
            entries.push(inside);
            continue;
        }
        let lines: Vec<Span> = crate::parse::segment::lines(cx.doc, inside).collect();
        let marked = lines.iter().any(|l| cx.rules.attachments.marker.is_match(cx.quote(*l)));
        for (i, line) in lines.iter().enumerate() {
            let text = cx.quote(*line);
            let goes_on = if marked {
                !cx.rules.attachments.marker.is_match(text)
            } else {
                text.starts_with(char::is_lowercase) || lines[..i].last().is_some_and(|l| unfinished(cx.quote(*l)))
            };
            match entries.last_mut().filter(|_| i > 0 && goes_on) {
                Some(last) => *last = last.join(*line),
                None => entries.push(*line),
            }
        }
    }
    entries
}

/// A paragraph by its printed lines: where the next word would have fitted on a line and begins with a capital, the break
/// was meant, and a new attachment begins. `widest` is the width of the document's longest line, in points.
fn printed_entries(cx: &Context, paragraph: Span, widest: f32) -> Vec<Span> {
    let from = cx.doc.lines.partition_point(|l| l.span.end <= paragraph.start);
    let printed: Vec<&Line> = cx.doc.lines[from..]
        .iter()
        .take_while(|l| l.span.start < paragraph.end && l.span.end <= paragraph.end)
        .collect();
    let mut entries: Vec<Span> = Vec::new();
    let mut before: Option<&Line> = None;
    for line in printed {
        let text = cx.quote(line.span);
        let meant = before.zip(line.rect).is_some_and(|(before, rect)| {
            let so_far = cx.quote(before.span);
            let room = widest * 0.95 - before.rect.map_or(widest, |r| r.width());
            let first_word = text.split_whitespace().next().unwrap_or_default().chars().count();
            let letter = rect.width() / text.chars().count().max(1) as f32;
            text.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
                && !unfinished(so_far)
                && (first_word + 1) as f32 * letter < room
        });
        match entries.last_mut().filter(|_| !meant) {
            Some(last) => *last = last.join(line.span),
            None => entries.push(line.span),
        }
        before = Some(line);
    }
    if entries.is_empty() {
        entries.push(paragraph);
    }
    entries
}

/// Whether a line ends in a word that must be followed by more.
fn unfinished(text: &str) -> bool {
    let last = text.split_whitespace().last().unwrap_or_default();
    matches!(last, "och" | "mellan" | "om" | "för" | "med" | "av" | "till" | "i" | "på" | "samt" | "den" | "från")
        || last.ends_with(['-', ','])
}

#[cfg(test)]
mod tests {
    use crate::parse::testing::parse;

    fn attachments(text: &str) -> Vec<String> {
        let r = parse(&format!("# X om y\n\nBakgrund\n\nText.\n\nBilagor\n\n{text}"));
        r.attachments.into_iter().map(|a| a.title).collect()
    }

    #[test]
    fn one_by_one_or_wrapped() {
        assert_eq!(
            attachments("Överenskommelse mellan \nFarsta stadsdelsnämnd och \nBlåklockan 2024"),
            ["Överenskommelse mellan Farsta stadsdelsnämnd och Blåklockan 2024"]
        );
        assert_eq!(attachments("1. Avtal\n\n2. Karta"), ["Avtal", "Karta"]);
        assert_eq!(attachments("Bilaga 1: Avtal om\nnågot\nBilaga 2 – Karta"), ["Avtal om något", "Karta"]);
        assert_eq!(attachments("Inga"), Vec::<String>::new());
    }
}
