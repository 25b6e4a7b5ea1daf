//! Makes the record's tables from the extractor's, but for those that are signatures or approvals.

use crate::base::Span;
use crate::ingest::document::{BlockKind, Zone};
use crate::parse::context::Context;
use crate::parse::record::{Record, Table};
use crate::parse::text::joined;

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
        let mut rows: Vec<Vec<String>> =
            cx.quote(block.span).split('\n').map(|row| row.split('\t').map(joined).collect()).collect();
        let heads = usize::from(block.header_rows).min(rows.len());
        let header = rows.drain(..heads).next_back().unwrap_or_default();
        let before = i.checked_sub(1).and_then(|j| blocks.get(j));
        let caption =
            before.filter(|b| b.zone == Zone::Body && b.span.len() <= 120 && !cx.quote(b.span).ends_with('.'));
        let mut evidence = vec![cx.evidence("rows", block.span, "table.block", 0.9)];
        evidence.extend(caption.map(|b| cx.evidence("caption", b.span, "table.line_before", 0.7)));
        record.tables.push(Table { caption: caption.map(|b| joined(cx.quote(b.span))), header, rows, evidence });
    }
}
