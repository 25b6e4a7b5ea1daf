//! Reads the items of minutes, extracts and agendas: §§ and numbered lines, with what was decided, moved and voted in each.
//!
//! An item reaches from its line to the next. Inside it the headings of the vocabulary tell decisions (decided), proposals
//! (proposed) and yrkanden (moved) apart; what stands under none of them is read for decisions only where a body decides.

mod agenda;
mod members;
mod vote;

use regex::Regex;

use super::decision::{self, points};
use super::dnr;
use crate::base::{Span, fold};
use crate::lexicon::Lexicon;
use crate::parse::context::Context;
use crate::parse::record::{Decision, Dnr, Item, Record, Reservation, Role, Statement, Status};
use crate::parse::segment::{Family, lines};

pub(crate) use members::Members;

/// Patterns compiled once from the vocabulary.
#[derive(Debug)]
pub(crate) struct Rules {
    pub(crate) members: Members,
    paragraph: Regex,
    label: Regex,
    inline: Regex,
    decides: Regex,
    moves: Regex,
    secret: Regex,
    jav: Regex,
    agenda: agenda::Rules,
    vote: vote::Rules,
}

impl Rules {
    /// Compiles them.
    pub fn new(lex: &Lexicon) -> Self {
        let make = |p: &str| Regex::new(p).expect("tested pattern");
        Rules {
            members: Members::new(lex),
            paragraph: make(
                r"^(?:[A-Za-zÅÄÖåäö]{2,5}\s+)?§\s?(\d{1,4}(?:\s?[a-zA-ZåäöÅÄÖ]\b)?)(?:/\d{2,4})?[.:]?(?:\s+(.*))?$",
            ),
            label: make(
                r"(?i)^\(?(?:dnr|d\s?nr|diarienummer|diarienr|ärendenummer|ärendenr|ärendebeteckning|beteckning)\b",
            ),
            inline: make(r"^(?:Beslut|BESLUT):\s+(\S.*)$"),
            decides: make(
                r"(?i)\b(?:nämnden|styrelsen|fullmäktige|utskottet|delegationen)\s+(?:beslutar|beslutade|beslöt)\b",
            ),
            moves: make(r"(?i)^(.{3,400}?)\s+(?:yrkar|yrkade|föreslår|föreslog|framställer|framställde)\b"),
            secret: make(r"(?i)\bsekretess(?:ärende)?(?:n)?\b"),
            jav: make(r"(?i)\bjäv\b"),
            agenda: agenda::Rules::new(),
            vote: vote::Rules::new(),
        }
    }
}

/// An item's place: its number, its title and all that belongs to it.
#[derive(Clone, Debug)]
struct Place {
    number: String,
    number_span: Span,
    title: Option<Span>,
    /// From the line of the number to the next item.
    span: Span,
}

/// A heading inside an item and what stands under it.
struct Part<'a> {
    id: Option<&'a str>,
    heading: Span,
    body: Span,
}

/// True for documents whose items are read.
pub(crate) fn has_items(cx: &Context, record: &Record) -> bool {
    match record.kind.as_str() {
        "protokoll" | "protokollsutdrag" | "kallelse" | "minnesanteckningar" => true,
        "okand" => cx.segments.family == Family::Minutes,
        _ => false,
    }
}

/// Fills the field.
pub(crate) fn read(cx: &Context, record: &mut Record) {
    if !has_items(cx, record) {
        return;
    }
    let places = paragraphs(cx);
    if places.is_empty() {
        record.items = agenda::read(cx);
        return;
    }
    record.items = places.iter().map(|p| item(cx, p)).collect();
}

/// The lines that begin a §, each with all up to the next; what closes the minutes belongs to none.
fn paragraphs(cx: &Context) -> Vec<Place> {
    let rules = &cx.rules.item;
    let body = Span::new(0, cx.doc.body_end as usize);
    let mut places: Vec<Place> = Vec::new();
    let mut last_number = 0u32;
    for line in lines(cx.doc, body) {
        let text = cx.quote(line);
        if let Some(c) = rules.paragraph.captures(text)
            && let Some(number) = c.get(1)
        {
            let value: u32 =
                number.as_str().chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap_or(0);
            let title = c.get(2).filter(|m| !m.as_str().trim().is_empty());
            // "§ 5 i lagen": a reference, not an item. Numbers of items grow.
            let reference = title.is_some_and(|t| {
                t.as_str().starts_with(|c: char| c.is_lowercase()) || t.as_str().starts_with([',', ')', '.'])
            });
            if !reference && value >= last_number {
                last_number = value;
                if let Some(p) = places.last_mut() {
                    p.span.end = line.start;
                }
                let at = line.start as usize;
                places.push(Place {
                    number: format!("§ {}", number.as_str()),
                    number_span: Span::new(at, at + number.end()),
                    title: title.map(|m| Span::new(at + m.start(), at + m.end()).trim(&cx.doc.text)),
                    span: Span::new(at, body.end as usize),
                });
                continue;
            }
        }
        if let Some(p) = places.last_mut()
            && p.span.end == body.end
            && closes(cx, line)
        {
            p.span.end = line.start;
        }
    }
    for p in &mut places {
        if p.title.is_none() {
            p.title =
                lines(cx.doc, Span::new(p.number_span.end as usize, (p.span.end.max(p.number_span.end)) as usize))
                    .take(3)
                    .find(|l| !rules.label.is_match(cx.quote(*l)))
                    .filter(|l| heading_id(cx, *l).is_none());
        }
    }
    places
}

/// The id of the heading that stands on this line.
pub(super) fn heading_id<'c>(cx: &'c Context, line: Span) -> Option<&'c str> {
    let i = cx.segments.sections.partition_point(|s| s.heading.start < line.start);
    let section = cx.segments.sections.get(i).filter(|s| s.heading.start == line.start)?;
    section.id.as_deref()
}

/// True for lines that end the last item: the proof of announcement, signatures.
fn closes(cx: &Context, line: Span) -> bool {
    if matches!(heading_id(cx, line), Some("notice_board" | "agreement_signatures" | "secretary_chair" | "sent_to")) {
        return true;
    }
    let key = fold::name_key(cx.quote(line));
    ["vid protokollet", "ratt utdraget intygar", "anslag bevis", "bevis om anslag", "underskrifter"]
        .iter()
        .any(|k| key == *k || key.trim_end_matches(':') == *k)
}

/// Headings inside an item, each with what stands under it; first what stands under none.
fn parts<'c>(cx: &'c Context, place: &Place) -> Vec<Part<'c>> {
    let start = place.title.map_or(place.number_span.end, |t| t.end.max(place.number_span.end));
    let from = cx.segments.sections.partition_point(|s| s.heading.start < start);
    let inside: Vec<_> =
        cx.segments.sections.iter().skip(from).take_while(|s| s.heading.end <= place.span.end).collect();
    let first = inside.first().map_or(place.span.end, |s| s.heading.start);
    let mut out =
        vec![Part { id: None, heading: Span { start, end: start }, body: Span { start, end: first.max(start) } }];
    for (i, s) in inside.iter().enumerate() {
        let end = inside.get(i + 1).map_or(place.span.end, |n| n.heading.start).max(s.heading.end);
        out.push(Part { id: s.id.as_deref(), heading: s.heading, body: Span { start: s.heading.end, end } });
    }
    out
}

fn item(cx: &Context, place: &Place) -> Item {
    let rules = &cx.rules.item;
    let parts = parts(cx, place);
    let mut item = empty(place.number.clone());
    item.evidence.push(cx.evidence("number", place.number_span, "item.paragraph", 0.98));
    if let Some(title) = place.title {
        let title = without_label(cx, title);
        item.title = Some(cx.quote(title).to_string());
        item.evidence.push(cx.evidence("title", title, "item.title", 0.95));
    }
    item.dnr = numbers(cx, place, parts.first().map_or(place.span, |p| p.body));
    if let Some(first) = parts.first() {
        item.handlaggare = agenda::officers(cx, first.body);
    }
    let headed = parts.iter().any(|p| p.id == Some("decision"));
    for (i, part) in parts.iter().enumerate() {
        if i == 0 {
            if !headed {
                unheaded(cx, part.body, &mut item);
            }
            loose(cx, part.body, &mut item);
            continue;
        }
        match part.id {
            Some("decision") => item.decisions.extend(listed(cx, part, Status::Decided)),
            Some("proposed_decision") => item.decisions.extend(listed(cx, part, Status::Proposed)),
            Some("yrkanden") => item.decisions.extend(moved(cx, part)),
            Some("proposition") => {
                let body = part.body.trim(&cx.doc.text);
                if !body.is_empty() {
                    item.proposition_order = Some(cx.quote(body).to_string());
                    item.evidence.push(cx.evidence("proposition_order", body, "item.proposition", 0.9));
                }
            }
            Some("vote") => item.votes.extend(rules.vote.read(cx, part.body, &mut item.evidence)),
            Some("reservation") => reservation(cx, part.body, &mut item),
            Some("statement") => statement(cx, part, &mut item),
            Some("disqualification") => recused(cx, part.body, &mut item),
            Some("immediate_adjustment") => {
                item.adjusted_immediately = true;
                item.evidence.push(cx.evidence("adjusted_immediately", part.heading, "item.heading", 0.95));
            }
            _ => loose(cx, part.body, &mut item),
        }
    }
    if item.votes.is_empty() {
        let read = rules.vote.read(cx, place.span, &mut item.evidence);
        item.votes = read;
    }
    if let Some(d) = item.decisions.iter().find(|d| d.actions.iter().any(|a| a == "immediate_adjustment"))
        && !item.adjusted_immediately
    {
        let span = d.evidence.first().map(|e| Span { start: e.start, end: e.end });
        item.adjusted_immediately = d.status == Status::Decided;
        item.evidence.extend(span.map(|s| cx.evidence("adjusted_immediately", s, "item.decision", 0.95)));
    }
    if let Some(m) = rules.secret.find(cx.quote(place.span)) {
        let text = cx.quote(place.span);
        let titled = item.title.as_deref().is_some_and(|t| rules.secret.is_match(t));
        if titled || text.contains("redovisas inte") || text.contains("redovisas ej") {
            let at = place.span.start as usize;
            item.confidential = true;
            item.evidence.push(cx.evidence(
                "confidential",
                Span::new(at + m.start(), at + m.end()),
                "item.secret",
                0.9,
            ));
        }
    }
    item
}

pub(super) fn empty(number: String) -> Item {
    Item {
        number,
        title: None,
        dnr: Vec::new(),
        handlaggare: Vec::new(),
        decisions: Vec::new(),
        votes: Vec::new(),
        proposition_order: None,
        reservations: Vec::new(),
        statements: Vec::new(),
        jav: Vec::new(),
        adjusted_immediately: false,
        confidential: false,
        evidence: Vec::new(),
    }
}

/// A title without the diary number that stands behind it in brackets or after a comma.
fn without_label(cx: &Context, title: Span) -> Span {
    let text = cx.quote(title);
    let lower = text.to_lowercase();
    // Lower case can change the length of a text; only equal ones share offsets.
    let cut = if lower.len() == text.len() {
        ["(dnr", ", dnr ", " dnr "].iter().filter_map(|l| lower.find(l)).filter(|i| *i > 8).min()
    } else {
        None
    };
    let end = cut
        .filter(|c| text.is_char_boundary(*c))
        .map_or(text.len(), |c| text[..c].trim_end_matches([' ', ',', '–', '-']).len());
    Span::new(title.start as usize, title.start as usize + end)
}

/// The diary numbers of an item: those with a label, the first the item's own.
fn numbers(cx: &Context, place: &Place, head: Span) -> Vec<Dnr> {
    let mut found: Vec<Dnr> = Vec::new();
    let line = Span { start: place.number_span.end, end: place.title.map_or(place.number_span.end, |t| t.end) };
    let mut spans = Vec::new();
    if cx.quote(line).to_lowercase().contains("dnr") {
        spans.push(line);
    }
    spans.extend(lines(cx.doc, head).filter(|l| cx.rules.item.label.is_match(cx.quote(*l))));
    for span in spans {
        for mut d in dnr::in_span(cx, span, Role::Own) {
            let other_series = found.first().is_some_and(|first| first.series != d.series);
            d.role = if other_series { Role::Cited } else { Role::Own };
            if !found.iter().any(|f| f.canonical == d.canonical) {
                found.push(d);
            }
        }
    }
    found
}

/// Points under a heading of decisions or proposals.
fn listed(cx: &Context, part: &Part, status: Status) -> Vec<Decision> {
    points::points(cx, part.body).iter().map(|p| decision::decision(cx, p, status, part.id)).collect()
}

/// Yrkanden: one for each sentence that moves something.
fn moved(cx: &Context, part: &Part) -> Vec<Decision> {
    let rules = &cx.rules.item;
    let mut out = Vec::new();
    for sentence in cx.rules.decision.sentences.of(cx.quote(part.body), part.body.start as usize) {
        let text = cx.quote(sentence);
        let Some(subject) = rules.moves.captures(text).and_then(|c| c.get(1)) else { continue };
        let point = points::Point { span: sentence, number: None, frame: None };
        let mut d = decision::decision(cx, &point, Status::Moved, part.id);
        let span = Span::new(subject.start(), subject.end()).shift(sentence.start as usize);
        d.actor = Some(subject.as_str().trim().to_string());
        d.evidence.retain(|e| e.field != "actor");
        d.evidence.push(cx.evidence("actor", span, "item.mover", 0.9));
        out.push(d);
    }
    out
}

/// Decisions right under the title, where their heading is missing: lines in which a body does something.
fn unheaded(cx: &Context, body: Span, item: &mut Item) {
    for point in points::points(cx, body) {
        let d = decision::decision(cx, &point, Status::Decided, None);
        let says = d.text.contains("beslutar") || d.text.contains("beslutade");
        if d.actor.is_some() && !d.actions.is_empty() && !says || d.number.is_some() && !d.actions.is_empty() {
            item.decisions.push(d);
        }
    }
}

/// Text under no heading of its own: decisions in sentences, reservations, jäv.
fn loose(cx: &Context, body: Span, item: &mut Item) {
    let rules = &cx.rules.item;
    for line in lines(cx.doc, body) {
        let text = cx.quote(line);
        if let Some(m) = rules.inline.captures(text).and_then(|c| c.get(1)) {
            let span = Span::new(m.start(), m.end()).shift(line.start as usize);
            let found: Vec<Decision> = points::points(cx, span)
                .iter()
                .map(|p| decision::decision(cx, p, Status::Decided, Some("decision")))
                .collect();
            item.decisions.extend(found);
        }
    }
    for sentence in cx.rules.decision.sentences.of(cx.quote(body), body.start as usize) {
        let text = cx.quote(sentence);
        let decides = rules.decides.find(text).is_some_and(|m| m.start() < 90);
        if decides && !text.contains("finner") && !text.starts_with("Beslut:") {
            let point = points::Point { span: sentence, number: None, frame: None };
            let d = decision::decision(cx, &point, Status::Decided, None);
            if !d.actions.is_empty() {
                item.decisions.push(d);
            }
        }
        if text.contains("reserverar sig") || text.contains("reserverade sig") {
            reservation(cx, sentence, item);
        }
        if rules.jav.is_match(text) && text.contains("anmäl") {
            recused(cx, sentence, item);
        }
    }
}

fn reservation(cx: &Context, body: Span, item: &mut Item) {
    let span = body.trim(&cx.doc.text);
    if span.is_empty() {
        return;
    }
    let text = cx.quote(span);
    let until = ["reserverar sig", "reserverade sig", "anmäler reservation", "anmälde reservation"]
        .iter()
        .filter_map(|v| text.find(v))
        .min()
        .unwrap_or(text.len());
    let by = cx.rules.item.members.of(text.get(..until).unwrap_or(text));
    item.evidence.push(cx.evidence("reservations", span, "item.reservation", 0.9));
    item.reservations.push(Reservation { by, text: Some(text.to_string()) });
}

fn statement(cx: &Context, part: &Part, item: &mut Item) {
    let span = part.body.trim(&cx.doc.text);
    if span.is_empty() {
        return;
    }
    let text = cx.quote(span);
    let until = ["lämnar", "lämnade", "anmäler", "anmälde", "anför", "anförde", "ansluter", "instämmer", ":"]
        .iter()
        .filter_map(|v| text.find(v))
        .min()
        .unwrap_or(text.len());
    let by = cx.rules.item.members.of(text.get(..until).unwrap_or(text));
    let kind = cx.quote(part.heading).trim().trim_end_matches(':').to_lowercase();
    item.evidence.push(cx.evidence("statements", span, "item.statement", 0.9));
    item.statements.push(Statement { kind, by, text: Some(text.to_string()) });
}

fn recused(cx: &Context, body: Span, item: &mut Item) {
    let span = body.trim(&cx.doc.text);
    let found = cx.rules.item.members.of(cx.quote(span));
    if found.is_empty() {
        return;
    }
    for m in found {
        if !item.jav.contains(&m) {
            item.jav.push(m);
        }
    }
    item.evidence.push(cx.evidence("jav", span, "item.jav", 0.9));
}

#[cfg(test)]
mod tests;
