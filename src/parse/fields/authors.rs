//! Reads the authors of presentations and reports: after their label, else names alone on lines below the title, before the
//! first section.

use crate::base::Span;
use crate::ingest::document::{BlockKind, Zone};
use crate::parse::context::Context;
use crate::parse::record::{Named, Record};

/// Kinds whose first page names authors.
const KINDS: [&str; 4] = ["presentation", "slutrapport", "uppfoljning", "revisionsrapport"];

/// Fills the authors.
pub(crate) fn read(cx: &Context, record: &mut Record) {
    for line in cx.labelled("author_label").flat_map(|g| g.lines.iter().take(6).copied()) {
        let mut named: Vec<(Span, String)> = Vec::new();
        let mut at = line.start as usize;
        // `Eva Ek och Bo Al`.
        for part in cx.quote(line).split(" och ") {
            let span = Span::new(at, at + part.len());
            at += part.len() + " och ".len();
            named.extend(name_of(cx, span).map(|name| (span, name)));
        }
        if named.is_empty() {
            break;
        }
        record.authors.extend(
            named
                .into_iter()
                .map(|(span, name)| Named { name, evidence: vec![cx.evidence("name", span, "head.author", 0.95)] }),
        );
    }
    if !record.authors.is_empty() {
        return;
    }
    if !KINDS.contains(&record.kind.as_str()) || !record.handlaggare.is_empty() {
        return;
    }
    let first_page = cx.doc.pages.first().map_or(1, |p| p.number);
    let title_end = record.evidence.iter().find(|e| e.field == "title").map_or(0, |e| e.end);
    let mut outside = 0;
    for block in cx.doc.blocks.iter().filter(|b| {
        b.zone == Zone::Body && b.page == first_page && b.span.start >= title_end && cx.segments.head.contains(b.span)
    }) {
        // The names stand together near the title; a few other lines (office, date) may stand between.
        if outside > 3 || (block.kind == BlockKind::Paragraph && block.span.len() > 200) {
            break;
        }
        for line in crate::parse::segment::lines(cx.doc, block.span) {
            match name_of(cx, line) {
                Some(name) => {
                    record.authors.push(Named { name, evidence: vec![cx.evidence("name", line, "title.author", 0.8)] })
                }
                None => outside += 1,
            }
        }
    }
}

fn name_of(cx: &Context, line: Span) -> Option<String> {
    let text = cx.quote(line);
    let name = text.split(',').next().unwrap_or_default().trim();
    let plain = cx.labels.whole(name).is_none() && !cx.rules.kind.is_label(name);
    let rest_is_title = text.split_once(',').is_none_or(|(_, t)| {
        let small = t.trim().starts_with(char::is_lowercase) && t.split_whitespace().count() <= 6;
        small || cx.rules.people.is_title(t.trim())
    });
    let spread = cx.rules.districts.find(name, cx.lex).is_empty();
    (plain && rest_is_title && spread && cx.rules.people.is_name(name))
        .then(|| name.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use crate::parse::testing::parse;

    #[test]
    fn names_below_the_title_of_a_report() {
        let r = parse(
            "# Slutrapport om ett partnerskap\n\nFelicia Ek Gonzalez\n\nUlf Alm\n\nFarsta stadsdelsförvaltning\n\nBakgrund\n\nEva Ek",
        );
        let names: Vec<&str> = r.authors.iter().map(|a| a.name.as_str()).collect();
        assert_eq!(names, ["Felicia Ek Gonzalez", "Ulf Alm"]);
        let r = parse("# Granskning av mål\n\nFörfattare: Erik Alm, doktor i fysik\n\nBakgrund\n\nText.");
        assert_eq!(r.authors.iter().map(|a| a.name.as_str()).collect::<Vec<_>>(), ["Erik Alm"]);
    }
}
