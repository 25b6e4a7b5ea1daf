//! Reads heads whose labels and values stand apart: a row of labels over a row of values, labels under one another over
//! their values, values before their labels.
//!
//! The values are told by what they are: a date, a diary number, a committee, a name. What has no label of its own and
//! ends like a committee's name is the recipient.

use super::{Group, Labels};
use crate::base::Span;
use crate::ingest::Document;
use crate::parse::fields::Rules;

/// A row of labels whose values are still to come.
#[derive(Debug)]
pub(super) struct Pending {
    ids: Vec<String>,
    lines: usize,
}

/// How many lines below their labels values may stand.
const REACH: usize = 10;

/// Longest line of values, in bytes.
const LONGEST: usize = 200;

type Values = Vec<(Option<String>, Span)>;

impl Pending {
    pub fn new(ids: Vec<String>) -> Self {
        Pending { ids, lines: 0 }
    }

    /// Whether too many lines have passed.
    pub fn is_over(&self) -> bool {
        self.lines > REACH
    }

    fn has(&self, id: &str) -> bool {
        self.ids.iter().any(|i| i == id)
    }

    /// The values on this line, by their labels; none if it is no row of values.
    pub fn values(&mut self, doc: &Document, rules: &Rules, line: Span) -> Option<Values> {
        self.lines += 1;
        let text = doc.quote(line);
        if text.len() > LONGEST {
            return None;
        }
        let at = |from: usize, to: usize| Span::new(from, to).shift(line.start as usize);
        let date = rules.dates.first_day(text).filter(|_| self.has("date_label") || self.has("meeting_date_label"));
        let dnr = if self.has("dnr_label") { number_in(rules, text) } else { None };
        let typed = self.has("date_label") || self.has("dnr_label") || self.has("meeting_date_label");
        if (typed && date.is_none() && dnr.is_none()) || (!typed && self.lines > 1) {
            return None;
        }
        // One value of two that are looked for is no row, unless it is all that stands there.
        let mut out: Values = Vec::new();
        let mut taken: Vec<(usize, usize)> = Vec::new();
        if let Some(d) = date {
            let label = if self.has("date_label") { "date_label" } else { "meeting_date_label" };
            out.push((Some(label.into()), at(d.start, d.end)));
            taken.push((d.start, d.end));
        }
        if let Some((from, to)) = dnr.filter(|(a, b)| taken.iter().all(|(c, d)| b <= c || a >= d)) {
            out.push((Some("dnr_label".into()), at(from, to)));
            taken.push((from, to));
        }
        if self.has("phone")
            && let Some(m) = crate::parse::text::phones(text).next()
            && taken.iter().all(|(c, d)| m.end() <= *c || m.start() >= *d)
        {
            out.push((Some("phone".into()), at(m.start(), m.end())));
            taken.push((m.start(), m.end()));
        }
        taken.sort_unstable();
        let mut from = 0;
        let mut pieces: Vec<(usize, usize)> = Vec::new();
        for (a, b) in taken.into_iter().chain([(text.len(), text.len())]) {
            // Cells of a row set in columns are values of their own.
            let mut cell_at = from;
            for cell in text.get(from..a).unwrap_or_default().split_inclusive('\t') {
                if cell.chars().filter(|c| c.is_alphabetic()).count() > 2 {
                    pieces.push((cell_at, cell_at + cell.len()));
                }
                cell_at += cell.len();
            }
            from = b;
        }
        let mut officer = self.has("officer");
        for (a, b) in pieces {
            let Some(piece) = text.get(a..b) else { continue };
            let split = if officer { name_before_body(rules, piece) } else { None };
            let (first, rest) = split.map_or((piece, ""), |i| piece.split_at(i));
            for part in [first, rest] {
                let trimmed = part.trim();
                if trimmed.is_empty() {
                    continue;
                }
                let start = trimmed.as_ptr() as usize - text.as_ptr() as usize;
                let label = if rules.names_committee(trimmed) {
                    Some("recipient".to_string())
                } else if officer {
                    officer = false;
                    Some("officer".to_string())
                } else {
                    None
                };
                out.push((label, at(start, start + trimmed.len())));
            }
        }
        Some(out)
    }
}

/// Where in a row of more cells than there are columns the values of the columns begin: at its left or at its right end, as
/// their kinds fit. None if neither does.
pub(super) fn aligned(doc: &Document, rules: &Rules, row: &[Span], columns: &[Option<String>]) -> Option<usize> {
    let more = row.len().checked_sub(columns.len()).filter(|n| (1..=2).contains(n) && columns.len() >= 2)?;
    let fits = |cell: &Span, label: &Option<String>| {
        let text = doc.quote(*cell);
        match label.as_deref() {
            Some("date_label" | "meeting_date_label") => rules.dates.first_day(text).is_some(),
            Some("dnr_label") => rules.dnr.length_at(text).is_some(),
            Some("foreign_label") => text.bytes().any(|b| b.is_ascii_digit()),
            _ => true,
        }
    };
    let typed = |l: &Option<String>| {
        matches!(l.as_deref(), Some("date_label" | "meeting_date_label" | "dnr_label" | "foreign_label"))
    };
    if !columns.iter().any(typed) {
        return None;
    }
    [0, more].into_iter().find(|from| row.iter().skip(*from).zip(columns).all(|(cell, label)| fits(cell, label)))
}

/// Whether a block that the extractor takes for a title is a part of the head: labels, or a date and a number.
pub(super) fn reads_as_head(doc: &Document, labels: &Labels, rules: &Rules, span: Span) -> bool {
    let text = doc.quote(span);
    let first = text.lines().next().unwrap_or_default();
    if text.len() > LONGEST {
        return false;
    }
    let plain = !first.split_whitespace().any(|w| w.starts_with(char::is_lowercase));
    let labelled = labels.leading(first).is_some_and(|(id, _)| id != "doc_type_label" && id != "place_time");
    labelled
        || labels.row(first).is_some()
        || labels.names_office(first)
        || (plain && number_in(rules, first).is_some() && rules.dates.first_day(first).is_some())
}

/// The diary number in a line, read at the beginning of each word.
fn number_in(rules: &Rules, text: &str) -> Option<(usize, usize)> {
    let starts = std::iter::once(0).chain(text.match_indices([' ', '\t']).map(|(i, _)| i + 1));
    starts.take(24).find_map(|i| rules.dnr.length_at(text.get(i..)?).map(|len| (i, i + len)))
}

/// Where in `Linus Ek Kultur- och fritidsnämnden` the committee begins after a name.
fn name_before_body(rules: &Rules, piece: &str) -> Option<usize> {
    if !rules.names_committee(piece.trim()) {
        return None;
    }
    let blanks: Vec<usize> = piece.trim_end().match_indices(' ').map(|(i, _)| i).filter(|i| *i > 0).collect();
    blanks.into_iter().skip(1).take(4).find(|i| {
        let (name, rest) = piece.split_at(*i);
        rules.people.is_name(name.trim()) && rest.trim().starts_with(char::is_uppercase)
    })
}

/// Gives stacked labels the values that stand under the last of them, and labels without a value the one before them.
pub(super) fn resolve(doc: &Document, rules: &Rules, groups: &mut Vec<Group>) {
    let fits = |label: &str, line: Span| {
        let text = doc.quote(line);
        match label {
            "date_label" | "meeting_date_label" => rules
                .dates
                .first_day(text)
                .is_some_and(|d| d.start <= 12 || d.end == text.len() && text[..d.start].trim_end().ends_with(':')),
            "dnr_label" => rules.dnr.length_at(text).is_some(),
            _ => false,
        }
    };
    let typed = |g: &Group| matches!(g.label.as_deref(), Some("date_label" | "dnr_label" | "meeting_date_label"));
    let mut added: Vec<Group> = Vec::new();
    for i in 0..groups.len() {
        let g = &groups[i];
        let Some(label) = g.label.clone().filter(|_| typed(g)) else { continue };
        if g.lines.first().is_some_and(|l| fits(&label, *l)) {
            continue;
        }
        // Under the labels after it: the first line that is one.
        let below = groups[i..].iter().take(5).flat_map(|x| x.lines.iter().take(6)).find(|l| fits(&label, **l));
        let before = i.checked_sub(1).and_then(|j| groups[j].lines.last()).filter(|l| fits(&label, **l));
        // A label that is not known stands between: `Löpnr:`.
        let labels_only = g.lines.iter().all(|l| doc.quote(*l).ends_with(':'));
        let stacked = labels_only && groups.get(i + 1).is_some_and(|n| n.label.is_some());
        let own = g.lines.iter().take(6).find(|l| fits(&label, **l));
        let found = if stacked { below.or(before) } else { before.or(own).or(below.filter(|_| g.lines.is_empty())) };
        added.extend(found.map(|l| Group { label: Some(label), lines: vec![*l], zone: g.zone }));
    }
    groups.extend(added);
}
