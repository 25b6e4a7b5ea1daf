//! Defines the head of a document as groups of lines under labels: letterhead, margin block and what stands before the
//! first section.
//!
//! The margin block of a Swedish officer's report (Handläggare, Telefon, Till, office, Dnr, date, address) comes in any
//! order, with labels beside, above or without their values. Fields look up groups instead of lines at fixed places.

use std::collections::BTreeMap;

use crate::base::{Span, fold};
use crate::ingest::Document;
use crate::ingest::document::{Block, BlockKind, Zone};
use crate::lexicon::Lexicon;

/// A label and the lines that follow it, up to the next label.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Group {
    /// Id of the label's heading in the vocabulary; none for lines without a label.
    pub label: Option<String>,
    /// Values, one per line, the one on the label's own line first.
    pub lines: Vec<Span>,
    /// Where it stands.
    pub zone: Zone,
}

/// Labels of the vocabulary by folded spelling.
#[derive(Debug)]
pub(crate) struct Labels {
    by_key: BTreeMap<String, String>,
    longest: usize,
}

impl Labels {
    /// The spellings of all headings with role `meta`, and of time and place of a meeting.
    pub fn new(lex: &Lexicon) -> Self {
        let mut by_key = BTreeMap::new();
        for heading in lex.headings.iter().filter(|h| h.role == "meta" || h.id == "place_time") {
            for variant in heading.variants.iter().filter(|v| !v.starts_with('(')) {
                by_key.entry(key(variant)).or_insert_with(|| heading.id.clone());
            }
        }
        let longest = by_key.keys().map(|k| k.split(' ').count()).max().unwrap_or(0);
        Labels { by_key, longest }
    }

    /// The label that is this whole line.
    pub fn whole(&self, line: &str) -> Option<&str> {
        self.by_key.get(&key(line)).map(String::as_str)
    }

    /// The label a line begins with, and where its value begins in it; the longest wins.
    ///
    /// A label that is also a common word (`Till`) must be the whole line or be followed by a colon or a capital.
    pub fn leading<'a>(&'a self, line: &str) -> Option<(&'a str, usize)> {
        let mut found = None;
        for (n, end) in word_ends(line).take(self.longest).enumerate() {
            let Some(id) = self.by_key.get(&key(&line[..end])) else { continue };
            let rest = &line[end..];
            let value = rest.trim_start_matches([':', '.', ' ', '\u{a0}']);
            let clear = line[..end].ends_with(':')
                || rest.trim_start().starts_with(':')
                || rest.starts_with('\t')
                || value.is_empty()
                || (n + 1 > 1 || id != "doc_type_label")
                    && value.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
            if clear {
                found = Some((id.as_str(), line.len() - value.len()));
            }
        }
        found
    }
}

/// Byte offsets at which the words of a line end.
fn word_ends(line: &str) -> impl Iterator<Item = usize> + '_ {
    let mut letter_before = false;
    line.char_indices()
        .filter(move |(_, c)| {
            // A label may be glued to its value: `Sammanträdesdatum2019-01-28`.
            let glued = letter_before && c.is_ascii_digit();
            letter_before = c.is_alphabetic();
            glued || c.is_whitespace() || *c == ':'
        })
        .map(|(i, _)| i)
        .chain(std::iter::once(line.len()))
        .filter(|i| *i > 0)
}

fn key(s: &str) -> String {
    fold::name_key(s.trim().trim_end_matches([':', '.']))
}

/// The groups of the first page's furniture, then those of the body before `head_end`, in order of the text.
///
/// Running heads and feet count too: some offices print date and diary number only there.
pub(crate) fn groups(doc: &Document, head: Span, labels: &Labels) -> Vec<Group> {
    let first_page = doc.pages.first().map_or(1, |p| p.number);
    let order = |zone: Zone| match zone {
        Zone::Margin => 0,
        Zone::Letterhead => 1,
        Zone::Body => 2,
        _ => 3,
    };
    let mut blocks: Vec<&Block> = doc
        .blocks
        .iter()
        .filter(|b| match b.zone {
            Zone::Body => head.contains(b.span) && !matches!(b.kind, BlockKind::Heading { level: 1 }),
            Zone::PageNumber => false,
            _ => b.page == first_page,
        })
        .collect();
    blocks.sort_by_key(|b| (order(b.zone), b.span.start));
    let mut groups: Vec<Group> = Vec::new();
    for block in blocks {
        push_block(doc, block, labels, &mut groups);
    }
    groups
}

fn push_block(doc: &Document, block: &Block, labels: &Labels, groups: &mut Vec<Group>) {
    let rows: Vec<Vec<Span>> = super::segment::lines(doc, block.span).map(|line| cells(doc, line)).collect();
    let mut open: Option<Group> = groups.pop_if(|g| g.label.is_some() && g.lines.is_empty() && g.zone == block.zone);
    let mut columns: Vec<Option<String>> = Vec::new();
    for row in rows {
        let ids: Vec<Option<String>> = row.iter().map(|c| labels.whole(doc.quote(*c)).map(String::from)).collect();
        if row.len() > 1 && ids.iter().all(Option::is_some) {
            columns = ids;
            groups.extend(open.take());
            continue;
        }
        if row.len() > 1 && row.len() == columns.len() {
            for (cell, label) in row.iter().zip(columns.drain(..)) {
                groups.push(Group { label, lines: vec![*cell], zone: block.zone });
            }
            continue;
        }
        for cell in row {
            let text = doc.quote(cell);
            if let Some((id, at)) = labels.leading(text) {
                groups.extend(open.take());
                let value = Span::new(cell.start as usize + at, cell.end as usize);
                let lines = if value.is_empty() { Vec::new() } else { vec![value] };
                open = Some(Group { label: Some(id.to_string()), lines, zone: block.zone });
            } else {
                open.get_or_insert_with(|| Group { label: None, lines: Vec::new(), zone: block.zone }).lines.push(cell);
            }
        }
    }
    groups.extend(open);
}

/// The cells of a line, parted by tabs, trimmed, empty ones left out.
pub(crate) fn cells(doc: &Document, line: Span) -> Vec<Span> {
    let mut at = line.start as usize;
    doc.quote(line)
        .split_inclusive('\t')
        .filter_map(|cell| {
            let here = Span::new(at, at + cell.len());
            at += cell.len();
            Some(here.trim(&doc.text)).filter(|s| !s.is_empty())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::parse::testing;

    fn groups(source: &str) -> Vec<(Option<String>, Vec<String>)> {
        let doc = testing::document(source);
        testing::parser().with_context(&doc, |cx| {
            cx.head
                .iter()
                .map(|g| (g.label.clone(), g.lines.iter().map(|l| doc.quote(*l).to_string()).collect()))
                .collect()
        })
    }

    #[test]
    fn labels_above_beside_and_in_columns() {
        let label = |s: &str| Some(s.to_string());
        assert_eq!(
            groups("@margin\nHandläggare\nTuva Silverhake\nTelefon: 08-508 99 112\nTill\nNorra nämnden"),
            [
                (label("officer"), vec!["Tuva Silverhake".to_string()]),
                (label("phone"), vec!["08-508 99 112".to_string()]),
                (label("recipient"), vec!["Norra nämnden".to_string()]),
            ]
        );
        assert_eq!(
            groups("@letterhead\nHandläggare\tDatum\tDiarienummer\nEk Ulf\t2015-05-26\tSCN-2015-0180"),
            [
                (label("officer"), vec!["Ek Ulf".to_string()]),
                (label("date_label"), vec!["2015-05-26".to_string()]),
                (label("dnr_label"), vec!["SCN-2015-0180".to_string()]),
            ]
        );
    }
}
