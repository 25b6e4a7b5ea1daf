//! Finds the pages on which a new document begins: its page count starts again, or it has the look of a first page.

use std::collections::BTreeMap;

use crate::ingest::Document;
use crate::ingest::document::{Block, BlockKind, Zone};
use crate::ingest::layout::{Label, Labels, page_number};
use crate::lexicon::Lexicon;

/// What a page shows of where it stands in its document.
#[derive(Clone, Debug, Default)]
struct Look {
    /// Page number and total as printed.
    number: Option<(u32, Option<u32>)>,
    /// Labels of its letterhead, margin block and heads.
    labels: Vec<Label>,
    /// Whether it has a letterhead or margin block of its own.
    has_front: bool,
    /// Level of the heading its body begins with.
    heading: Option<u8>,
    /// Whether its body begins in the middle of something: a list, a sentence that runs on.
    runs_on: bool,
    /// What its first lines call the document, folded.
    kind: Option<String>,
    /// Whether its first lines hold a page count, or a diary number or date beside what they call the document.
    has_head: bool,
}

/// The numbers of the pages that begin a document, the file's first included.
pub(super) fn first_pages(doc: &Document, lex: &Lexicon) -> Vec<u32> {
    let labels = Labels::new(lex);
    let looks = looks(doc, &labels);
    let mut starts: Vec<u32> = doc.pages.first().map(|p| p.number).into_iter().collect();
    let mut before: Option<&Look> = None;
    // What the document at hand calls itself, on whichever of its pages.
    let mut kind: Option<&str> = None;
    for page in &doc.pages {
        let look = looks.get(&page.number);
        if let (Some(before), Some(look)) = (before, look) {
            let other_form = look.has_head && kind.zip(look.kind.as_deref()).is_some_and(|(a, b)| a != b);
            if begins(before, look) || other_form && !counted_on(before, look) && !look.runs_on {
                starts.push(page.number);
                kind = None;
            }
        }
        kind = look.and_then(|l| l.kind.as_deref()).or(kind);
        before = look.or(before);
    }
    starts
}

/// Whether the page's number is the next of the page before.
fn counted_on(before: &Look, look: &Look) -> bool {
    before.number.zip(look.number).is_some_and(|((a, _), (b, _))| b == a + 1)
}

/// True if a page begins a document of its own.
fn begins(before: &Look, look: &Look) -> bool {
    if look.runs_on {
        return false;
    }
    let looks_new = look.has_front || look.has_head || look.heading.is_some_and(|l| l <= 2);
    match (before.number, look.number) {
        // `1 (3)` after any number: the count starts again. After `1 (1)` nothing else can follow.
        (Some((n, _)), Some((1, total))) => (total.is_some() || n > 1) && looks_new,
        // Counted on: the same document, whatever its head looks like.
        (Some((a, _)), Some((b, _))) if b == a + 1 => false,
        (Some((n, Some(total))), None) if n == total => has_own_front(look) || (look.heading.is_some_and(|l| l <= 1)),
        // A cover without a number before the first counted page is no document of its own.
        _ => has_own_front(look),
    }
}

/// True if a page names officer or recipient and, besides, kind, case or unit: the front of a document.
fn has_own_front(look: &Look) -> bool {
    let has = |wanted: &[Label]| look.labels.iter().any(|l| wanted.contains(l));
    look.has_front && has(&[Label::Officer, Label::Recipient]) && has(&[Label::Kind, Label::Dnr])
}

fn looks(doc: &Document, labels: &Labels) -> BTreeMap<u32, Look> {
    let mut out: BTreeMap<u32, Look> = BTreeMap::new();
    let mut seen_body: BTreeMap<u32, bool> = BTreeMap::new();
    let mut head_lines: BTreeMap<(u32, bool), usize> = BTreeMap::new();
    for line in &doc.lines {
        // The first line of a page's body tells whether a block began on a page before.
        let Some(block) = doc.block_at(line.span.start) else { continue };
        let look = out.entry(line.page).or_default();
        let text = doc.quote(line.span);
        if block.zone != Zone::Foot && block.zone != Zone::PageNumber {
            let n = head_lines.entry((line.page, block.zone == Zone::Body)).or_default();
            *n += 1;
            if *n <= HEAD_LINES && text.len() <= LONGEST_HEAD_LINE {
                let cell = doc.text.get(..line.span.start as usize).is_some_and(|t| t.ends_with('\t'));
                read_head_line(text, cell, labels, look);
            }
        }
        if block.zone == Zone::Body {
            let first = !std::mem::replace(seen_body.entry(line.page).or_default(), true);
            if first {
                look.runs_on = block.page != line.page;
                look.heading = heading(block);
            } else if look.heading.is_none() && !look.runs_on {
                // A name or number may stand over the title.
                look.heading = heading(block).filter(|l| *l <= 1);
            }
            continue;
        }
        look.has_front |= matches!(block.zone, Zone::Letterhead | Zone::Margin);
        if matches!(block.zone, Zone::Letterhead | Zone::Margin | Zone::Head) {
            look.labels.extend(labels.label(text));
        }
        if block.zone == Zone::PageNumber && look.number.is_none() {
            look.number = page_number(text).map(|(n, total, _)| (n, total));
        }
    }
    out
}

/// How many lines at the top of a page may be its head.
const HEAD_LINES: usize = 6;
/// A longer line is none of a head, in bytes.
const LONGEST_HEAD_LINE: usize = 160;

/// A line or cell of a head that is part of the body: "Botvik kommun   TJÄNSTESKRIVELSE   1[2]".
fn read_head_line(text: &str, cell: bool, labels: &Labels, look: &mut Look) {
    let words: Vec<&str> = text.split([' ', '\t', '/']).filter(|w| !w.is_empty()).collect();
    let capitals = |w: &str| w.chars().count() >= 5 && !w.chars().any(char::is_lowercase);
    if look.kind.is_none() {
        let whole = labels.label(text) == Some(Label::Kind);
        let named = if whole {
            Some(text)
        } else {
            let in_capitals = words.iter().copied().find(|w| capitals(w) && labels.label(w) == Some(Label::Kind));
            in_capitals.or_else(|| text.split('\t').find_map(|cell| kind_cell(cell, labels)))
        };
        look.kind = named.map(|n| n.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase());
    }
    if look.number.is_none() {
        // The count stands at the end of the line, glued or in two words.
        let last = words.last().copied().unwrap_or("");
        let two = words.len().checked_sub(2).and_then(|i| words.get(i)).map(|w| format!("{w} {last}"));
        let counted = [Some(last.to_string()), two]
            .into_iter()
            .flatten()
            .find_map(|w| page_number(&w).filter(|(_, total, _)| total.is_some()));
        if let Some((n, total, _)) = counted.filter(|_| cell || words.len() > 1) {
            look.number = Some((n, total));
        }
    }
    let numbered = || text.split('\t').any(|cell| labels.label(cell.trim()) == Some(Label::Dnr));
    let dated = || words.iter().any(|w| is_date(w)) || numbered();
    look.has_head |= look.kind.is_some() && (look.number.is_some() || dated());
}

/// What a cell of a head calls the document, with the page count behind it left out: `Tjänsteskrivelse 1 (2)`.
fn kind_cell<'t>(cell: &'t str, labels: &Labels) -> Option<&'t str> {
    let name = cell.trim().trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, ' ' | '(' | ')' | '/'));
    let name = name.strip_suffix(" Sida").or_else(|| name.strip_suffix(" Sid")).unwrap_or(name);
    (labels.label(name) == Some(Label::Kind)).then_some(name)
}

/// `2019-09-24`.
fn is_date(word: &str) -> bool {
    let parts: Vec<&str> = word.split('-').collect();
    matches!(parts.as_slice(), [y, m, d] if y.len() == 4 && m.len() == 2 && d.len() == 2)
        && word.chars().all(|c| c.is_ascii_digit() || c == '-')
}

fn heading(block: &Block) -> Option<u8> {
    match block.kind {
        BlockKind::Heading { level } => Some(level),
        _ => None,
    }
}
