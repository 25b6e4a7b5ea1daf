//! Reads agendas: numbered lines with the diary number and the officer below them.

use regex::Regex;

use super::{empty, heading_id, without_label};
use crate::base::Span;
use crate::parse::context::Context;
use crate::parse::fields::dnr;
use crate::parse::record::{Handlaggare, Item, Role};
use crate::parse::segment::lines;

/// Patterns.
#[derive(Debug)]
pub(super) struct Rules {
    numbered: Regex,
    officer: Regex,
    labelled: Regex,
}

impl Rules {
    pub(super) fn new() -> Self {
        let make = |p: &str| Regex::new(p).expect("tested pattern");
        Rules {
            numbered: make(r"^(\d{1,3}\s?[a-zA-ZX½]{0,3}?)(?:[.)]?\t|[.)]\s+|\s+)([A-ZÅÄÖ”“\x22].*)$"),
            officer: make(
                r"\b[Hh]andläggare:?\s+((?:[a-zåäö][\wåäö./-]*\s+){0,3})([A-ZÅÄÖ][\wÅÄÖåäöé'-]+(?: (?:von|af|de|la|van|der)? ?[A-ZÅÄÖ][\wÅÄÖåäöé'-]+)+)(?:,?\s*(?:(?:tfn|tel|telefon)[.:]*\s*)?(\+?\d[\d\s-]{5,}\d))?",
            ),
            labelled: make(r"(?i)\b(?:dnr|d\s?nr|diarienummer|diarienr)\b"),
        }
    }
}

/// The officers named in a span: "Handläggare: controller Eva Ek, 08-508 00 000".
pub(super) fn officers(cx: &Context, span: Span) -> Vec<Handlaggare> {
    let text = cx.quote(span);
    let at = span.start as usize;
    let mut out = Vec::new();
    for c in cx.rules.item.agenda.officer.captures_iter(text) {
        let Some(name) = c.get(2) else { continue };
        let title = c.get(1).map(|m| m.as_str().trim().to_string()).filter(|t| !t.is_empty());
        let mut evidence =
            vec![cx.evidence("name", Span::new(at + name.start(), at + name.end()), "item.officer", 0.9)];
        let phone = c.get(3);
        evidence
            .extend(phone.map(|m| cx.evidence("phone", Span::new(at + m.start(), at + m.end()), "item.officer", 0.9)));
        out.push(Handlaggare {
            name: name.as_str().split_whitespace().collect::<Vec<_>>().join(" "),
            phone: phone.map(|m| m.as_str().trim().to_string()),
            email: None,
            title,
            evidence,
        });
    }
    out
}

/// The items of an agenda; its numbers grow by one or a letter.
pub(super) fn read(cx: &Context) -> Vec<Item> {
    let rules = &cx.rules.item.agenda;
    let mut places: Vec<(String, Span, Span, Span)> = Vec::new();
    let mut last = 0u32;
    for line in lines(cx.doc, Span::new(0, cx.doc.body_end as usize)) {
        let text = cx.quote(line);
        let at = line.start as usize;
        // Points of a report in the same file are no items.
        if heading_id(cx, line) == Some("proposed_decision") {
            break;
        }
        if let Some(c) = rules.numbered.captures(text)
            && let (Some(number), Some(title)) = (c.get(1), c.get(2))
        {
            let value: u32 =
                number.as_str().chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap_or(0);
            let follows =
                value == last + 1 || (value == last && last > 0) || (value > last && value <= last + 5 && last > 0);
            if follows || (last == 0 && (1..=3).contains(&value)) {
                last = value;
                let number_span = Span::new(at, at + number.end());
                let title_span = Span::new(at + title.start(), at + title.end());
                places.push((number.as_str().trim().to_string(), number_span, title_span, line));
                continue;
            }
        }
        if let Some(p) = places.last_mut() {
            p.3 = p.3.join(line);
        }
    }
    if places.len() < 2 {
        return Vec::new();
    }
    let mut items = Vec::new();
    for (number, number_span, title, span) in places {
        let mut item = empty(number);
        let mut title = without_label(cx, title);
        if let Some(cut) = cx.quote(title).find(" Handläggare") {
            title = Span::new(title.start as usize, title.start as usize + cut).trim(&cx.doc.text);
        }
        item.title = Some(cx.quote(title).split('\t').next().unwrap_or("").trim().to_string());
        item.evidence.push(cx.evidence("number", number_span, "item.agenda", 0.9));
        item.evidence.push(cx.evidence("title", title, "item.agenda", 0.9));
        for line in lines(cx.doc, span).filter(|l| rules.labelled.is_match(cx.quote(*l))) {
            for mut d in dnr::in_span(cx, line, Role::Own) {
                let other = item.dnr.first().is_some_and(|first| first.series != d.series);
                d.role = if other { Role::Cited } else { Role::Own };
                if !item.dnr.iter().any(|f| f.canonical == d.canonical) {
                    item.dnr.push(d);
                }
            }
        }
        item.handlaggare = officers(cx, span);
        let text = cx.quote(span);
        item.confidential = text.contains("redovisas inte med hänvisning till sekretess")
            || text.to_lowercase().contains("sekretessärende");
        if item.confidential {
            item.evidence.push(cx.evidence("confidential", span, "item.secret", 0.8));
        }
        items.push(item);
    }
    items
}
