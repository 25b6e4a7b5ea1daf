//! Reads who signed: names with title and unit below, one below the other or side by side in columns.

use crate::base::Span;
use crate::ingest::document::{BlockKind, Zone};
use crate::parse::context::Context;
use crate::parse::head::cells;
use crate::parse::record::{Evidence, Record, Signatory};
use crate::parse::text::joined;

/// Fills the signatories.
pub(crate) fn read(cx: &Context, record: &mut Record) {
    let Some(area) = area(cx) else { return };
    let blocks = cx.doc.blocks.iter().filter(|b| {
        b.zone == Zone::Body && area.contains(b.span) && !matches!(b.kind, BlockKind::ListItem) && b.span.len() <= 1500
    });
    let rows: Vec<Vec<Span>> = blocks
        .flat_map(|b| crate::parse::segment::lines(cx.doc, b.span))
        .map(|l| cells(cx.doc, l))
        .filter(|row| !row.iter().all(|c| is_rule(cx.quote(*c))))
        .collect();
    let mut at = 0;
    while at < rows.len() {
        let (found, used) = stack(cx, &rows[at..]);
        record.signatories.extend(found);
        at += used.max(1);
    }
    let mut seen = Vec::new();
    record.signatories.retain(|s| {
        let key = (s.name.clone(), s.title.clone());
        let new = !seen.contains(&key);
        seen.push(key);
        new
    });
}

/// Where signatures may stand: in the last section before attachments and approvals, or under their own heading.
fn area(cx: &Context) -> Option<Span> {
    let own =
        cx.segments.sections.iter().rev().find(|s| {
            matches!(s.id.as_deref(), Some("agreement_signatures" | "secretary_chair")) && !s.body.is_empty()
        });
    if let Some(s) = own {
        return Some(s.body);
    }
    let closing =
        |id: &Option<String>| matches!(id.as_deref(), Some("attachments" | "attested" | "sent_to" | "notice_board"));
    let last = cx.segments.sections.iter().rev().find(|s| !closing(&s.id));
    match last {
        Some(s) => Some(s.body),
        None => Some(cx.segments.head),
    }
}

/// A line of underscores or dots to write on.
fn is_rule(text: &str) -> bool {
    text.chars().all(|c| matches!(c, '_' | '.' | '-' | '…' | ' '))
}

/// The people whose names stand in the first row, with what stands below them, and how many rows that took.
fn stack(cx: &Context, rows: &[Vec<Span>]) -> (Vec<Signatory>, usize) {
    let Some(first) = rows.first() else { return (Vec::new(), 1) };
    let names: Vec<(Span, Option<Span>)> = first.iter().filter_map(|c| name_and_title(cx, *c)).collect();
    if names.is_empty() || names.len() < first.len() {
        return (Vec::new(), 1);
    }
    let mut people: Vec<Signatory> = names
        .iter()
        .map(|(name, title)| {
            let mut evidence = vec![cx.evidence("name", *name, "signatures.name", 0.9)];
            evidence.extend(title.map(|t| cx.evidence("title", t, "signatures.title", 0.9)));
            Signatory { name: joined(cx.quote(*name)), title: title.map(|t| joined(cx.quote(t))), unit: None, evidence }
        })
        .collect();
    let n = people.len();
    let mut used = 1;
    if people.iter().all(|p| p.title.is_none()) {
        // Without a title a name alone is no signature.
        let Some(titles) =
            rows.get(1).filter(|r| r.len() == n && r.iter().all(|c| cx.rules.people.is_title(cx.quote(*c))))
        else {
            return (Vec::new(), 1);
        };
        for (person, title) in people.iter_mut().zip(titles) {
            person.title = Some(joined(cx.quote(*title)));
            person.evidence.push(cx.evidence("title", *title, "signatures.title", 0.9));
        }
        used = 2;
    }
    used += units(cx, &rows[used..], &mut people);
    (people, used)
}

/// Gives units to people: column by column, or one below the other where columns were read apart. Returns the rows used.
fn units(cx: &Context, rows: &[Vec<Span>], people: &mut [Signatory]) -> usize {
    let n = people.len();
    let mut columns: Vec<Vec<Span>> = vec![Vec::new(); n];
    let mut used = 0;
    let complete = |cells: &[Span]| cells.last().is_some_and(|c| ends_unit(cx, cx.quote(*c)));
    for row in rows {
        let starts_anew = row.iter().any(|c| {
            name_and_title(cx, *c).is_some() && !ends_unit(cx, cx.quote(*c)) || cx.rules.people.is_title(cx.quote(*c))
        });
        let long = row.iter().any(|c| cx.quote(*c).split_whitespace().count() > 8);
        if starts_anew || long || columns.iter().all(|c| complete(c)) {
            break;
        }
        if row.len() == n {
            for (column, cell) in columns.iter_mut().zip(row) {
                column.push(*cell);
            }
        } else if let Some(column) = columns.iter_mut().find(|c| !complete(c)) {
            column.extend(row);
        }
        used += 1;
    }
    for (person, column) in people.iter_mut().zip(columns) {
        if !complete(&column) {
            continue;
        }
        let text = column.iter().map(|c| cx.quote(*c)).collect::<Vec<_>>().join("\n");
        person.unit = Some(joined(&text));
        let proof: Vec<Evidence> = column.iter().map(|c| cx.evidence("unit", *c, "signatures.unit", 0.85)).collect();
        person.evidence.extend(proof);
    }
    used
}

/// Whether a line ends the name of an office, committee, department or the like.
fn ends_unit(cx: &Context, text: &str) -> bool {
    let b = &cx.lex.bodies;
    let last = text.split_whitespace().last().unwrap_or_default().to_lowercase();
    let named = [&b.administration, &b.authority, &b.department].into_iter().flatten();
    named.map(|e| e.to_lowercase()).any(|e| last.ends_with(&e))
        || text.to_lowercase().starts_with("avdelning")
        || text.to_lowercase().starts_with("enhet")
}

/// A cell that is a name, or a name with a title after a comma.
fn name_and_title(cx: &Context, cell: Span) -> Option<(Span, Option<Span>)> {
    let text = cx.quote(cell);
    if cx.rules.people.is_name(text) {
        return Some((cell, None));
    }
    let comma = text.find(',')?;
    let title = text[comma + 1..].trim();
    let name = &text[..comma];
    (cx.rules.people.is_name(name) && cx.rules.people.is_title(title)).then(|| {
        let start = cell.start as usize;
        let title_span = Span::new(start + comma + 1, cell.end as usize).trim(&cx.doc.text);
        (Span::new(start, start + comma), Some(title_span))
    })
}

#[cfg(test)]
mod tests {
    use crate::parse::testing::parse;

    fn signed(source: &str) -> Vec<(String, Option<String>, Option<String>)> {
        parse(source).signatories.into_iter().map(|s| (s.name, s.title, s.unit)).collect()
    }

    fn want(rows: &[(&str, &str, &str)]) -> Vec<(String, Option<String>, Option<String>)> {
        rows.iter().map(|(a, b, c)| (a.to_string(), Some(b.to_string()), Some(c.to_string()))).collect()
    }

    #[test]
    fn stacked_and_side_by_side() {
        let two = want(&[
            ("Tuva Ek", "Stadsdelsdirektör", "Farsta stadsdelsförvaltning"),
            ("Ulf Alm", "Avdelningschef", "Farsta stadsdelsförvaltning"),
        ]);
        let head = "# X om y\n\nFörvaltningens synpunkter\n\nText.\n\n";
        for block in [
            "Tuva Ek\nStadsdelsdirektör\nFarsta stadsdelsförvaltning\n\nUlf Alm\nAvdelningschef\nFarsta stadsdelsförvaltning",
            "Tuva Ek\nStadsdelsdirektör\nFarsta stadsdelsförvaltning\nUlf Alm\nAvdelningschef\nFarsta stadsdelsförvaltning",
            "Tuva Ek\tUlf Alm\nStadsdelsdirektör\tAvdelningschef\nFarsta stadsdelsförvaltning\tFarsta stadsdelsförvaltning",
            "Tuva Ek\tUlf Alm\nStadsdelsdirektör\tAvdelningschef\nFarsta\tFarsta\nstadsdelsförvaltning\tstadsdelsförvaltning",
            "Tuva Ek\tUlf Alm\nStadsdelsdirektör\tAvdelningschef\nFarsta\nstadsdelsförvaltning\n\nFarsta\nstadsdelsförvaltning",
        ] {
            assert_eq!(signed(&format!("{head}{block}\n\nBilagor\n\nEn bilaga")), two, "{block}");
        }
        let r = signed(&format!("{head}Tuva Ek\nStadsdelsdirektör"));
        assert_eq!(r, [("Tuva Ek".to_string(), Some("Stadsdelsdirektör".to_string()), None)]);
    }

    #[test]
    fn a_name_alone_signs_nothing() {
        assert_eq!(signed("# X om y\n\nBakgrund\n\nStreet Minds\n\nTuva Ek"), []);
    }
}
