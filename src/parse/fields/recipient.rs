//! Reads to whom a document goes: the committee after the label `Till`, its name often wrapped over lines and followed by
//! the date of its meeting.

use crate::base::Span;
use crate::ingest::document::Zone;
use crate::parse::context::Context;
use crate::parse::record::{Named, Record};
use crate::parse::text::joined;

/// Most lines a name is wrapped over.
const LINES: usize = 3;

/// Fills the recipient.
pub(crate) fn read(cx: &Context, record: &mut Record) {
    for group in cx.labelled("recipient") {
        let confidence = if group.zone == Zone::Body { 0.85 } else { 0.95 };
        if let Some(span) = committee(cx, &group.lines) {
            record.recipient = Some(Named {
                name: joined(cx.quote(span)),
                evidence: vec![cx.evidence("name", span, "margin.recipient", confidence)],
            });
            return;
        }
    }
    if let Some(span) = beside_form(cx) {
        record.recipient = Some(Named {
            name: joined(cx.quote(span)),
            evidence: vec![cx.evidence("name", span, "head.form_to", 0.85)],
        });
        return;
    }
    // Without a label: the committee that a report's head names on a line of its own.
    if !matches!(record.kind.as_str(), "tjansteutlatande" | "tjansteskrivelse" | "remissvar" | "skrivelse") {
        return;
    }
    let addressee = if record.kind == "remissvar" { ministry(cx) } else { None };
    if let Some(span) = addressee.or_else(|| super::authority::board_line(cx)) {
        record.recipient = Some(Named {
            name: joined(cx.quote(span)),
            evidence: vec![cx.evidence("name", span, "head.committee_line", 0.7)],
        });
    }
}

/// `Tjänsteskrivelse till omsorgsnämnden`, `Rapport till socialnämnden 2018-10-25`: the committee behind what the document calls
/// itself.
fn beside_form(cx: &Context) -> Option<Span> {
    const FORMS: [&str; 12] = [
        "rapport",
        "redovisning",
        "underlag",
        "information",
        "uppföljning",
        "svar",
        "yttrande",
        "pm",
        "skrivelse",
        "förslag",
        "återrapportering",
        "slutrapport",
    ];
    cx.head.iter().flat_map(|g| g.lines.iter().copied()).take(40).filter(|l| l.len() <= 100).find_map(|line| {
        let named = without_place(cx, without_date(cx, line));
        let text = cx.quote(named);
        let (form, body) = text.split_once(" till ")?;
        let known = FORMS.contains(&form.to_lowercase().as_str()) || cx.rules.kind.is_label(form);
        let fits = form.split_whitespace().count() <= 2 && known && body.split_whitespace().count() <= 5;
        let start = named.end as usize - body.len();
        (fits && cx.rules.names_committee(body)).then(|| Span::new(start, named.end as usize))
    })
}

/// The ministry or county board that an answer to a referral goes to, on a line of the head of its own.
fn ministry(cx: &Context) -> Option<Span> {
    cx.head.iter().flat_map(|g| g.lines.iter().copied()).take(40).find(|l| {
        let text = cx.quote(*l);
        let lower = text.to_lowercase();
        text.split_whitespace().count() <= 2 && lower.ends_with("departementet")
            || text.split_whitespace().count() <= 5 && text.starts_with("Länsstyrelsen i ")
    })
}

/// The lines that hold one committee's name, without a date after it; else the first line.
fn committee(cx: &Context, lines: &[Span]) -> Option<Span> {
    let mut span: Option<Span> = None;
    for line in lines.iter().take(LINES) {
        let line = without_place(cx, without_date(cx, *line));
        if line.is_empty() {
            continue;
        }
        let so_far = span.map_or(line, |s| s.join(line));
        span = Some(so_far);
        if ends_in(cx, so_far, &cx.lex.bodies.authority) {
            return span;
        }
    }
    lines.first().map(|l| without_date(cx, *l)).filter(|s| !s.is_empty())
}

/// A committee without the place behind it: `kommunfullmäktige i Falun`.
fn without_place(cx: &Context, line: Span) -> Span {
    let text = cx.quote(line);
    let board =
        text.find(" i ").filter(|i| text.get(..*i).is_some_and(|t| !t.contains(' ') && cx.rules.names_committee(t)));
    board.map_or(line, |i| Span::new(line.start as usize, line.start as usize + i))
}

/// A line up to the date in it, the weekday before it left out: `Omsorgsnämnden, måndagen den 15 september 2014`.
pub(crate) fn without_date(cx: &Context, line: Span) -> Span {
    let text = cx.quote(line);
    let mut end = text.len();
    if let Some(date) = cx.rules.dates.all(text).next() {
        let before = text[..date.start].trim_end();
        let before = before.strip_suffix(" den").unwrap_or(before).trim_end();
        let weekday = before.rsplit_once(' ').filter(|(_, last)| {
            let last = last.to_lowercase();
            last.ends_with("dagen") || last.ends_with("dag")
        });
        end = weekday.map_or(before, |(rest, _)| rest).trim_end().trim_end_matches(',').len();
    }
    Span::new(line.start as usize, line.start as usize + end).trim(&cx.doc.text)
}

/// Whether the last word of a span ends in one of these, case aside, or it is `Nämnden för …` with one of these.
pub(crate) fn ends_in(cx: &Context, span: Span, ends: &[String]) -> bool {
    names_body(cx.quote(span), ends)
}

/// The same for a text.
pub(crate) fn names_body(text: &str, ends: &[String]) -> bool {
    let last = text.split_whitespace().next_back().unwrap_or_default().to_lowercase();
    if ends.iter().any(|e| last.ends_with(&e.to_lowercase())) {
        return true;
    }
    let mut words = text.split_whitespace();
    let first = words.next().unwrap_or_default().to_lowercase();
    let rest = words.clone().count();
    words.next().is_some_and(|w| w.eq_ignore_ascii_case("för") || w == "FÖR")
        && (2..=7).contains(&rest)
        && ends.contains(&first)
}

/// Whether any word of a span ends in one of these, case aside.
pub(crate) fn has_word_ending(cx: &Context, span: Span, ends: &[String]) -> bool {
    let text = cx.quote(span).to_lowercase();
    text.split(|c: char| !c.is_alphanumeric() && c != '-').any(|w| ends.iter().any(|e| w.ends_with(&e.to_lowercase())))
}

#[cfg(test)]
mod tests {
    use crate::parse::testing::parse;

    #[test]
    fn wrapped_names_and_the_date_after_them() {
        let r = parse(
            "# Ärende\n\n@margin\nTill\nEnskede-Årsta-Vantörs \nstadsdelsnämnd 2023-03-23\nEnskede-Årsta-Vantör\nstadsdelsförvaltning",
        );
        assert_eq!(r.recipient.map(|x| x.name).as_deref(), Some("Enskede-Årsta-Vantörs stadsdelsnämnd"));
        assert_eq!(r.meeting_date.map(|d| d.to_string()).as_deref(), Some("2023-03-23"));
        assert_eq!(r.date, None);
        assert_eq!(r.administration.map(|x| x.name).as_deref(), Some("Enskede-Årsta-Vantör stadsdelsförvaltning"));
    }
}
