//! Reads digital approvals: rows of name, title and day under the heading Attesterat av.

use crate::base::Span;
use crate::parse::context::Context;
use crate::parse::head::cells;
use crate::parse::record::{Attestation, Record};
use crate::parse::text::joined;

/// Fills the attestations.
pub(crate) fn read(cx: &Context, record: &mut Record) {
    let Some(area) = cx.segments.attested else { return };
    for line in crate::parse::segment::lines(cx.doc, area) {
        let text = cx.quote(line);
        let found = cx.rules.dates.first_day(text);
        let cut = found.map_or(text.len(), |d| d.start);
        let people = Span::new(line.start as usize, line.start as usize + cut).trim(&cx.doc.text);
        let parts = cells(cx.doc, people);
        let Some(first) = parts.first() else { continue };
        let (name, title) = split_title(cx, *first);
        let title = title.or_else(|| parts.get(1).copied().filter(|c| cx.rules.people.is_title(cx.quote(*c))));
        if !cx.rules.people.is_name(cx.quote(name)) {
            continue;
        }
        let mut evidence = vec![cx.evidence("name", name, "attested.name", 0.95)];
        evidence.extend(title.map(|t| cx.evidence("title", t, "attested.title", 0.95)));
        evidence.extend(
            found.map(|d| {
                cx.evidence("date", Span::new(d.start, d.end).shift(line.start as usize), "attested.date", 0.97)
            }),
        );
        if record.attestations.len() >= MOST {
            break;
        }
        record.attestations.push(Attestation {
            name: joined(cx.quote(name)),
            title: title.map(|t| joined(cx.quote(t))),
            date: found.map(|d| d.date),
            evidence,
        });
    }
}

/// Most approvals of one document.
const MOST: usize = 100;

/// `Eva Ek, Avdelningschef` → the two spans.
fn split_title(cx: &Context, cell: Span) -> (Span, Option<Span>) {
    let text = cx.quote(cell);
    let Some(comma) = text.find(',') else { return (cell, None) };
    let start = cell.start as usize;
    let title = Span::new(start + comma + 1, cell.end as usize).trim(&cx.doc.text);
    (Span::new(start, start + comma), Some(title).filter(|t| !t.is_empty()))
}

#[cfg(test)]
mod tests {
    use crate::parse::testing::parse;

    #[test]
    fn rows_of_name_title_and_day() {
        for table in
            ["Namn\tDatum\nEva Ek, Stadsdelsdirektör\t2024-10-09", "Eva Ek, Stadsdelsdirektör 2024-10-09\nannat"]
        {
            let r = parse(&format!(
                "# X om y\n\nBilagor\n\nEn bilaga\n\nAttesterat av\n\nDetta dokument har godkänts digitalt av följande personer:\n\n{table}"
            ));
            let a = &r.attestations[0];
            assert_eq!((a.name.as_str(), a.title.as_deref()), ("Eva Ek", Some("Stadsdelsdirektör")));
            assert_eq!(a.date.map(|d| d.to_string()).as_deref(), Some("2024-10-09"));
            assert_eq!((r.attestations.len(), r.year), (1, Some(2024)));
        }
    }
}
