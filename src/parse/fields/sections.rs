//! Makes the record's sections from the segments.

use crate::parse::context::Context;
use crate::parse::record::{Record, Section};
use crate::parse::text::joined;

/// Fills the sections.
pub(crate) fn read(cx: &Context, record: &mut Record) {
    for s in &cx.segments.sections {
        let pages = cx.doc.pages_of(if s.body.is_empty() { s.heading } else { s.heading.join(s.body) });
        let first = pages.first().copied().unwrap_or(1);
        let confidence = if s.id.is_some() { 0.95 } else { 0.7 };
        let rule = if s.id.is_some() { "section.known_heading" } else { "section.heading" };
        record.sections.push(Section {
            id: s.id.clone(),
            heading: joined(cx.quote(s.heading).trim_end_matches([':', ' '])),
            level: s.level,
            text: cx.quote(s.body).to_string(),
            first_page: first,
            last_page: pages.last().copied().unwrap_or(first),
            evidence: vec![cx.evidence("heading", s.heading, rule, confidence)],
        });
    }
}
