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
use crate::parse::fields::Rules;

mod rows;

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
    /// How names of committees end: `Till kommunstyrelsen` needs no capital.
    bodies: Vec<String>,
    /// How names of offices and departments end.
    offices: Vec<String>,
}

impl Labels {
    /// The spellings of all headings with role `meta`, and of time and place of a meeting.
    pub fn new(lex: &Lexicon) -> Self {
        let mut by_key = BTreeMap::new();
        for heading in lex.headings.list.iter().filter(|h| h.role == "meta" || h.id == "place_time") {
            for variant in heading.variants.iter().filter(|v| !v.starts_with('(')) {
                by_key.entry(key(variant)).or_insert_with(|| heading.id.clone());
            }
        }
        let longest = by_key.keys().map(|k| k.split(' ').count()).max().unwrap_or(0);
        let bodies = lex.bodies.authority.iter().map(|e| e.to_lowercase()).collect();
        let b = &lex.bodies;
        let offices = b.administration.iter().chain(&b.department).map(|e| e.to_lowercase()).collect();
        Labels { by_key, longest, bodies, offices }
    }

    /// Whether a line is nothing but the name of a committee or office: `KULTURFÖRVALTNINGEN`, `Ekens stadsdelsnämnd`.
    pub fn names_office(&self, line: &str) -> bool {
        let words: Vec<String> = line.split_whitespace().map(str::to_lowercase).collect();
        let ends = |w: &String| self.bodies.iter().chain(&self.offices).any(|e| w.ends_with(e.as_str()));
        (1..=3).contains(&words.len())
            && words.last().is_some_and(ends)
            && !words.iter().any(|w| matches!(w.as_str(), "från" | "för" | "till" | "av" | "i" | "om" | "på" | "med"))
    }

    /// The label that is this whole line.
    pub fn whole(&self, line: &str) -> Option<&str> {
        self.by_key.get(&key(line)).map(String::as_str)
    }

    /// The label a line begins with, and where its value begins in it; the longest wins.
    ///
    /// A label that is also a common word (`Till`) must be the whole line or be followed by a colon, a capital or a committee.
    pub fn leading<'a>(&'a self, line: &str) -> Option<(&'a str, usize)> {
        if !self.may_begin(line) {
            return None;
        }
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
                    && value.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
                || id == "recipient" && self.names_body(value);
            if clear {
                found = Some((id.as_str(), line.len() - value.len()));
            }
        }
        found
    }

    /// Whether a label begins with the first word of a line.
    fn may_begin(&self, line: &str) -> bool {
        let Some(word) = word_ends(line).next().map(|end| key(&line[..end])) else { return true };
        self.by_key.range(word.clone()..).next().is_some_and(|(label, _)| label.starts_with(&word))
    }

    fn names_body(&self, value: &str) -> bool {
        // `kommunfullmäktige i Falun`.
        let name = value.split(" i ").next().unwrap_or(value);
        let last = name.split_whitespace().next_back().unwrap_or_default().to_lowercase();
        value.split_whitespace().count() <= 4 && self.bodies.iter().any(|e| last.ends_with(e.as_str()))
    }

    /// The labels that a line is nothing but: `Handläggare Datum Diarienummer`; none for one label alone.
    pub fn row(&self, line: &str) -> Option<Vec<String>> {
        let mut ids = Vec::new();
        let mut rest = line.trim();
        while !rest.is_empty() && ids.len() < 8 {
            if !self.may_begin(rest) {
                return None;
            }
            let ends = word_ends(rest).take(self.longest);
            let (id, end) = ends.filter_map(|end| Some((self.by_key.get(&key(&rest[..end]))?, end))).last()?;
            ids.push(id.clone());
            rest = rest[end..].trim_start_matches([':', '.', ' ', '\u{a0}', '\t']);
        }
        (ids.len() > 1 && rest.is_empty()).then_some(ids)
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
pub(crate) fn groups(doc: &Document, head: Span, labels: &Labels, rules: &Rules) -> Vec<Group> {
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
            Zone::Body => {
                let title = matches!(b.kind, BlockKind::Heading { level: 1 });
                head.contains(b.span) && (!title || rows::reads_as_head(doc, labels, rules, b.span))
            }
            Zone::PageNumber => false,
            _ => b.page == first_page,
        })
        .collect();
    blocks.sort_by_key(|b| (order(b.zone), b.span.start));
    let mut groups: Vec<Group> = Vec::new();
    let mut pending: Option<rows::Pending> = None;
    for block in blocks {
        push_block(doc, block, labels, rules, &mut groups, &mut pending);
    }
    rows::resolve(doc, rules, &mut groups);
    groups
}

fn push_block(
    doc: &Document,
    block: &Block,
    labels: &Labels,
    rules: &Rules,
    groups: &mut Vec<Group>,
    pending: &mut Option<rows::Pending>,
) {
    let rows: Vec<Vec<Span>> = super::segment::lines(doc, block.span).map(|line| cells(doc, line)).collect();
    let mut open: Option<Group> = groups.pop_if(|g| g.label.is_some() && g.lines.is_empty() && g.zone == block.zone);
    let mut columns: Vec<Option<String>> = Vec::new();
    for row in rows {
        let ids: Vec<Option<String>> = row.iter().map(|c| labels.whole(doc.quote(*c)).map(String::from)).collect();
        if row.len() > 1 && ids.iter().all(Option::is_some) {
            *pending = Some(rows::Pending::new(ids.iter().flatten().cloned().collect()));
            columns = ids;
            groups.extend(open.take());
            continue;
        }
        if row.len() > 1 && row.len() == columns.len() {
            for (cell, label) in row.iter().zip(columns.drain(..)) {
                groups.push(Group { label, lines: vec![*cell], zone: block.zone });
            }
            *pending = None;
            continue;
        }
        if let Some(from) = rows::aligned(doc, rules, &row, &columns) {
            // A cell of the left column, or one more at the right, stands beside the values.
            groups.extend(open.take());
            let labels = columns.drain(..).map(Some).collect::<Vec<_>>();
            for (i, cell) in row.iter().enumerate() {
                let label = i.checked_sub(from).and_then(|i| labels.get(i)).cloned().flatten().flatten();
                let committee = label.is_none() && rules.names_committee(doc.quote(*cell));
                let label = label.or_else(|| committee.then(|| "recipient".to_string()));
                groups.push(Group { label, lines: vec![*cell], zone: block.zone });
            }
            *pending = None;
            continue;
        }
        if let ([line], None) = (row.as_slice(), ids.first().and_then(Option::as_ref))
            && let Some(ids) = labels.row(doc.quote(*line))
        {
            groups.extend(open.take());
            *pending = Some(rows::Pending::new(ids));
            continue;
        }
        if let Some((first, last)) = row.first().zip(row.last())
            && let Some(values) = pending.as_mut().and_then(|p| p.values(doc, rules, first.join(*last)))
        {
            groups.extend(open.take());
            groups.extend(values.into_iter().map(|(label, s)| Group { label, lines: vec![s], zone: block.zone }));
            *pending = None;
            continue;
        }
        if pending.as_ref().is_some_and(rows::Pending::is_over) {
            *pending = None;
        }
        for cell in row.into_iter().flat_map(|c| parted_at_labels(doc, labels, c)) {
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

/// Labels that may stand behind something else on a line.
const INSIDE: [&str; 6] = ["officer", "date_label", "dnr_label", "phone", "recipient", "meeting_date_label"];

/// A line of the head parted before each label with a colon in it: `Kulturförvaltningen Datum: 2020-11-03 Dnr: KN 2020/4`.
fn parted_at_labels(doc: &Document, labels: &Labels, cell: Span) -> Vec<Span> {
    let text = doc.quote(cell);
    let mut cuts = vec![0];
    if text.len() <= 200 && text.contains(':') {
        let inside = text.match_indices(' ').map(|(i, _)| i + 1).filter(|i| {
            let rest = &text[*i..];
            rest.starts_with(char::is_uppercase)
                && labels.leading(rest).is_some_and(|(id, at)| {
                    // The colon ends the label: `Datum: …`, not `Datum för mötet: …`.
                    INSIDE.contains(&id) && rest[..at].contains(':') && !text[..*i].trim_end().ends_with([':', ','])
                })
        });
        cuts.extend(inside);
    }
    cuts.push(text.len());
    let parts = cuts.windows(2).filter_map(|pair| match pair {
        [from, to] => Some(Span::new(*from, *to).shift(cell.start as usize).trim(&doc.text)),
        _ => None,
    });
    parts.filter(|s| !s.is_empty()).collect()
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
    fn a_row_of_labels_over_a_row_of_values() {
        let some = |label: &str, value: &str| (Some(label.to_string()), vec![value.to_string()]);
        assert_eq!(
            groups("Handläggare Datum Diarienummer\nEk Ulf 2015-05-26 SCN-2015-0180 Socialnämnden"),
            [
                some("date_label", "2015-05-26"),
                some("dnr_label", "SCN-2015-0180"),
                some("officer", "Ek Ulf"),
                some("recipient", "Socialnämnden"),
            ]
        );
        assert_eq!(
            groups("Referens Mottagare\nLinus Ek Kultur- och fritidsnämnden"),
            [some("officer", "Linus Ek"), some("recipient", "Kultur- och fritidsnämnden")]
        );
        let far =
            groups("Datum Vår beteckning Er beteckning\nSocialkontoret\nMaria Ek\n2018-08-28 SN 18/0098 Socialnämnden");
        assert!(far.contains(&some("date_label", "2018-08-28")), "{far:?}");
        assert!(far.contains(&some("dnr_label", "SN 18/0098")), "{far:?}");
        assert!(far.contains(&some("recipient", "Socialnämnden")), "{far:?}");
    }

    #[test]
    fn values_before_their_labels_and_stacked_labels() {
        let some = |label: &str, value: &str| (Some(label.to_string()), vec![value.to_string()]);
        let before = groups("2015-04-16\nDatum:\nNf 220/2015\nDiarienummer:");
        assert!(before.contains(&some("date_label", "2015-04-16")), "{before:?}");
        assert!(before.contains(&some("dnr_label", "Nf 220/2015")), "{before:?}");
        let stacked = groups("Datum\nVår beteckning\n2017-02-16\nSN 2016/00008");
        assert!(stacked.contains(&some("date_label", "2017-02-16")), "{stacked:?}");
        assert!(stacked.contains(&some("dnr_label", "SN 2016/00008")), "{stacked:?}");
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
