//! Makes the record's tables from the extractor's, but for those that are signatures or approvals, and from lines whose columns
//! ran together.

pub(crate) mod flat;

use crate::base::Span;
use crate::ingest::document::{BlockKind, Zone};
use crate::parse::context::Context;
use crate::parse::record::{Record, Table};
use crate::parse::text::joined;

/// Whether a table of two columns only puts labels beside values (Tid, Plats, Justerat), or names beside names.
fn is_form(cx: &Context, table: Span) -> bool {
    let rows: Vec<Vec<Span>> =
        crate::parse::segment::lines(cx.doc, table).map(|l| crate::parse::head::cells(cx.doc, l)).collect();
    let label = |c: &Span| cx.labels.whole(cx.quote(*c)).is_some() || cx.headings.knows(cx.quote(*c));
    let labelled = rows.iter().filter(|r| r.first().is_some_and(label)).count();
    let names = rows.iter().flatten().filter(|c| cx.rules.people.is_name(cx.quote(**c))).count();
    let cells: usize = rows.iter().map(Vec::len).sum();
    let of_board =
        rows.iter().filter(|r| r.first().is_some_and(|c| cx.rules.not_meeting.is_match(cx.quote(*c)))).count();
    // A list whose marks came out as a column of their own.
    let marks = rows.iter().filter(|r| r.first().is_some_and(|c| is_mark(cx.quote(*c)))).count();
    let one_or_two = rows.iter().all(|r| r.len() <= 2);
    one_or_two
        && (labelled * 2 >= rows.len() || names * 2 >= cells || of_board * 2 >= rows.len() || marks * 3 >= rows.len())
        || names * 3 >= cells * 2
}

/// Whether a cell is only the mark or number of a list's item.
fn is_mark(text: &str) -> bool {
    matches!(text, "-" | "–" | "‐" | "•" | "*" | "o")
        || text.len() <= 3 && text.trim_end_matches(['.', ')']).bytes().all(|b| b.is_ascii_digit())
}

/// Fills the tables.
pub(crate) fn read(cx: &Context, record: &mut Record) {
    // The numbered points of an agenda are its items.
    if record.kind == "kallelse" {
        return;
    }
    let people: Vec<Span> = record
        .signatories
        .iter()
        .flat_map(|s| &s.evidence)
        .chain(record.attestations.iter().flat_map(|a| &a.evidence))
        .map(|e| Span { start: e.start, end: e.end })
        .collect();
    let blocks = &cx.doc.blocks;
    for (i, block) in blocks.iter().enumerate() {
        if block.kind != BlockKind::Table || block.zone != Zone::Body || people.iter().any(|p| block.span.contains(*p))
        {
            continue;
        }
        if is_form(cx, block.span) {
            continue;
        }
        let mut rows: Vec<Vec<String>> =
            cx.quote(block.span).split('\n').map(|row| row.split('\t').map(joined).collect()).collect();
        // Empty cells at a row's end are not in the text.
        let widest = rows.iter().map(Vec::len).max().unwrap_or(0);
        rows.iter_mut().for_each(|r| r.resize(widest, String::new()));
        let heads = usize::from(block.header_rows).min(rows.len());
        let header = rows.drain(..heads).next_back().unwrap_or_default();
        let before = i.checked_sub(1).and_then(|j| blocks.get(j));
        let caption =
            before.filter(|b| b.zone == Zone::Body && b.span.len() <= 120 && !cx.quote(b.span).ends_with('.'));
        let mut evidence = vec![cx.evidence("rows", block.span, "table.block", 0.9)];
        if !header.is_empty() {
            let end: usize = cx.quote(block.span).split_inclusive('\n').take(heads).map(str::len).sum();
            let heads = Span { start: block.span.start, end: block.span.start + end as u32 };
            evidence.push(cx.evidence("header", heads, "table.header", 0.9));
        }
        evidence.extend(caption.map(|b| cx.evidence("caption", b.span, "table.line_before", 0.7)));
        record.tables.push(Table { caption: caption.map(|b| joined(cx.quote(b.span))), header, rows, evidence });
    }
    for table in flat::find(cx) {
        let rows = table.rows.iter().map(|r| r.iter().map(|c| joined(cx.quote(*c))).collect()).collect();
        let header = table.columns.iter().map(|(_, s)| joined(cx.quote(*s))).collect();
        let mut evidence = vec![cx.evidence("rows", table.span(), "table.words", 0.75)];
        evidence.extend(table.caption.map(|s| cx.evidence("caption", s, "table.line_before", 0.7)));
        record.tables.push(Table { caption: table.caption.map(|s| joined(cx.quote(s))), header, rows, evidence });
    }
}
