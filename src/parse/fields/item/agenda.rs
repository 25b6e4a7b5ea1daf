//! Reads agendas: numbered lines with the diary number and the officer below them.

use crate::parse::pattern::Regex;

use super::{empty, is_number_alone, without_label};
use crate::base::Span;
use crate::parse::context::Context;
use crate::parse::fields::dnr;
use crate::parse::fields::meeting::rows;
use crate::parse::record::{Handlaggare, Item, Role};
use crate::parse::text::joined;

/// Patterns.
#[derive(Debug)]
pub(super) struct Rules {
    numbered: Regex,
    officer: Regex,
    labelled: Regex,
    number_alone: Regex,
    /// The time at which an item is to be taken up, before its number.
    clock: Regex,
    /// A point of a proposal, with its number.
    point: Regex,
}

impl Rules {
    pub(super) fn new() -> Self {
        let make = |p: &str| Regex::new(p).expect("tested pattern");
        Rules {
            numbered: make(
                r"^(?:(?:[ÄäAa]rende|ÄRENDE|[Pp]unkt|Nr)\s+)?(\d{1,3}(?:\s?½|\s?[a-zA-Z]\b|\s?X{1,3}\b)?)(?:[.)]{0,2}\t+|[.)]{1,2}\s+|\s+)([A-ZÅÄÖ”“\x22].*)$",
            ),
            officer: make(
                r"\b[Hh]andläggare:?\s+((?:[a-zåäö][\wåäö./-]*\s+){0,3})([A-ZÅÄÖ][\wÅÄÖåäöé'-]+(?: (?:von|af|de|la|van|der)? ?[A-ZÅÄÖ][\wÅÄÖåäöé'-]+)+)(?:,?\s*(?:(?:tfn|tel|telefon)[.:]*\s*)?(\+?\d[\d\s-]{5,}\d))?",
            ),
            labelled: make(r"(?i)\b(?:dnr|d\s?nr|diarienummer|diarienr|ärendenummer|ärendenr)\b"),
            number_alone: make(r"^\d{1,3}[.)]?$"),
            clock: make(r"^(?:[Kk]l\.?\s*)?\d{1,2}[.:]\d{2}(?:\s*[-–—]\s*\d{1,2}[.:]\d{2})?\s+"),
            point: make(r"^(\d{1,2})[.)]?\s+\p{Lu}"),
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
        // The title may have a capital too: `Personalchef Eva Ek`.
        let capital = name.as_str().split_once(' ').filter(|(first, rest)| {
            title.is_none() && cx.rules.people.is_title(first) && cx.rules.people.is_name(rest)
        });
        let title = title.or_else(|| capital.map(|(first, _)| first.to_lowercase()));
        let (named, from) = capital.map_or((name.as_str(), name.start()), |(_, rest)| (rest, name.end() - rest.len()));
        let mut evidence = vec![cx.evidence("name", Span::new(at + from, at + name.end()), "item.officer", 0.9)];
        let phone = c.get(3);
        evidence
            .extend(phone.map(|m| cx.evidence("phone", Span::new(at + m.start(), at + m.end()), "item.officer", 0.9)));
        out.push(Handlaggare {
            name: cx.rules.item.members.name(named).unwrap_or_else(|| joined(named)),
            phone: phone.map(|m| m.as_str().trim().to_string()),
            email: None,
            title,
            evidence,
        });
    }
    out
}

/// An item's place on an agenda.
struct Entry {
    number: String,
    number_span: Span,
    title: Span,
    /// Whether the title may go on below.
    open: bool,
    /// The lines below the title.
    below: Vec<Span>,
    /// Under a heading of secret matters.
    secret: bool,
    /// A column of the list names officers.
    officers: bool,
    /// The heading of what is proposed in it, and the lines below.
    proposal: Option<(Span, Option<Span>)>,
}

/// Whether a row is the headings of the list's columns, and whether one of them is of officers: "Nr | Ärende | Handläggare | Dnr".
fn columns(cx: &Context, row: &str) -> Option<bool> {
    let cells: Vec<String> = row.split('\t').map(|c| crate::base::fold::name_key(c.trim_end_matches('.'))).collect();
    let title = |c: &String| matches!(c.as_str(), "arende" | "arenden" | "rubrik" | "titel" | "punkt" | "arendemening");
    let other = |c: &String| {
        matches!(
            c.as_str(),
            "nr" | "dnr"
                | "diarienr"
                | "diarienummer"
                | "beteckning"
                | "arendenr"
                | "arendenummer"
                | "sida"
                | "sid"
                | "tid"
                | "bilaga"
                | "typ"
        )
    };
    let officer =
        |c: &String| cx.labels.whole(c) == Some("officer") || matches!(c.as_str(), "handlaggare" | "foredragande");
    let known = cells.len() > 1
        && cells.iter().any(title)
        && cells.iter().all(|c| title(c) || other(c) || officer(c) || c.is_empty());
    known.then(|| cells.iter().any(officer))
}

/// The items of an agenda; its numbers grow by one or a letter. Lines count as they were printed.
pub(super) fn read(cx: &Context) -> Vec<Item> {
    let rules = &cx.rules.item.agenda;
    let mut entries: Vec<Entry> = Vec::new();
    let mut last = 0u32;
    let mut alone: Option<(String, Span)> = None;
    let mut secret = false;
    let mut officers_column: Option<bool> = None;
    // Whether lines belong to the proposal of the last item, and the number of its last point.
    let (mut proposing, mut points) = (false, 0u32);
    // So many items had a proposal when another followed them.
    let mut inline = 0;
    for line in rows(cx, Span::new(0, cx.doc.body_end as usize), true) {
        let timed = rules.clock.find(cx.quote(line)).map_or(0, |m| m.end());
        let skipped = if rules.numbered.is_match(cx.quote(line).get(timed..).unwrap_or("")) { timed } else { 0 };
        let line = Span { start: line.start + skipped as u32, end: line.end };
        let text = cx.quote(line);
        let at = line.start as usize;
        if let Some(named) = columns(cx, text) {
            officers_column = Some(named);
            if let Some(e) = entries.last_mut() {
                e.open = false;
            }
            continue;
        }
        let numbered = rules.numbered.captures(text).and_then(|c| Some((c.get(1)?, c.get(2)?)));
        let heading = if numbered.is_some() { Vec::new() } else { cx.headings.ids(text) };
        if heading.contains(&"proposed_decision") && alone.is_none() {
            // Points of a report in the same file are no items: what stands below the last of them is its own affair.
            let Some(e) = entries.last_mut().filter(|e| e.proposal.is_none()) else { break };
            e.open = false;
            e.proposal = Some((line, None));
            (proposing, points) = (true, 0);
            continue;
        }
        if proposing {
            let value = rules.point.captures(text).and_then(|c| c.get(1)?.as_str().parse::<u32>().ok());
            let point = value == Some(points + 1) && (value != Some(last + 1) || ends_sentence(cx, line));
            let item = numbered.is_some() && value == Some(last + 1) && !point;
            if heading.is_empty() && !item && (point || value.is_none() || numbered.is_none()) {
                points = value.filter(|_| point).unwrap_or(points);
                if let Some((_, body)) = entries.last_mut().and_then(|e| e.proposal.as_mut()) {
                    *body = Some(body.map_or(line, |b| b.join(line)));
                }
                continue;
            }
            proposing = false;
        }
        // "9" / "Sekretessärenden": with a number it is an item, which may be secret itself.
        if heading.contains(&"agenda_groups") && alone.is_none() {
            let key = crate::base::fold::name_key(text);
            secret = key.starts_with("sekretess") || key.starts_with("slut");
            alone = None;
            if let Some(e) = entries.last_mut() {
                e.open = false;
            }
            continue;
        }
        let found = match (numbered, alone.take()) {
            (Some((n, t)), _) => Some((
                n.as_str().trim().to_string(),
                Span::new(at, at + n.end()),
                Span::new(at + t.start(), at + t.end()),
            )),
            // The number stood alone on the line above.
            (None, Some((number, span))) if text.starts_with(char::is_uppercase) => Some((number, span, line)),
            _ => None,
        };
        if let Some((number, number_span, title)) = found {
            let value: u32 = number.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap_or(0);
            let lettered = number.chars().any(|c| !c.is_ascii_digit());
            let follows = value == last + 1
                || (value == last && last > 0 && lettered)
                || (value > last && value <= last + 5 && last > 0);
            if follows || (last == 0 && (1..=3).contains(&value)) {
                last = value;
                inline = entries.iter().filter(|e| e.proposal.is_some()).count();
                entries.push(Entry {
                    number,
                    number_span,
                    title,
                    open: true,
                    below: Vec::new(),
                    secret,
                    officers: officers_column == Some(true),
                    proposal: None,
                });
                continue;
            }
        }
        if rules.number_alone.is_match(text) {
            alone = Some((text.trim_end_matches(['.', ')']).to_string(), line));
            continue;
        }
        let Some(e) = entries.last_mut() else { continue };
        if e.open && goes_on(cx, e.title, line) {
            e.title = e.title.join(line);
        } else {
            e.open = false;
            if e.below.len() < LINES_BELOW {
                e.below.push(line);
            }
        }
    }
    if entries.len() < 2 {
        return Vec::new();
    }
    if inline == 0 {
        // No item after a proposal: it is that of a report behind the list.
        entries.iter_mut().for_each(|e| e.proposal = None);
    }
    entries.into_iter().map(|e| item(cx, e)).collect()
}

/// Whether a line is, or begins, a sentence rather than a title: its text line ends with a stop.
fn ends_sentence(cx: &Context, line: Span) -> bool {
    let rest = cx.doc.text.get(line.start as usize..).unwrap_or("");
    rest.split('\n').next().is_some_and(|l| l.trim_end().ends_with('.'))
}

/// Most lines below a title that are looked at.
const LINES_BELOW: usize = 12;

/// Whether a line goes on with an unfinished title.
fn goes_on(cx: &Context, title: Span, line: Span) -> bool {
    let (a, b) = (cx.quote(title), cx.quote(line));
    let ends = [
        " och",
        " om",
        " för",
        " av",
        " till",
        " i",
        " med",
        " från",
        " samt",
        " på",
        ",",
        "-",
        "–",
        " längs",
        " mellan",
        " enligt",
        " under",
        " hos",
        " inom",
        " utan",
        " mot",
        " åt",
        " per",
        " efter",
        " genom",
        " kring",
        " att",
        " den",
        " det",
        " en",
        " ett",
        " vid",
        " eller",
        " avseende",
        " gällande",
        " angående",
        " rörande",
        " över",
        " inför",
        " §",
    ];
    !a.ends_with('.')
        && title.len() + line.len() <= 400
        && !cx.rules.item.agenda.labelled.is_match(b)
        && !b.to_lowercase().starts_with("handläggare")
        && (b.starts_with(char::is_lowercase) || ends.iter().any(|e| a.ends_with(e)))
}

fn item(cx: &Context, e: Entry) -> Item {
    let rules = &cx.rules.item.agenda;
    let mut item = empty(e.number);
    let mut title = without_label(cx, e.title);
    // "2.  KFN/2024:139 -805" / "Fördelning av stöd": the number stands over the title.
    let number_first = !dnr::filling(cx, e.title, Role::Own).is_empty();
    if number_first && let Some((first, rest)) = e.below.split_first() {
        title = *first;
        for line in rest {
            if line.start > title.end + 2 || !goes_on(cx, title, *line) {
                break;
            }
            title = title.join(*line);
        }
    }
    if let Some(cut) = cx.quote(title).find(" Handläggare") {
        title = Span::new(title.start as usize, title.start as usize + cut).trim(&cx.doc.text);
    }
    // "Title\tDnr\tOfficer" and "26 Dnr KS 2018/14 Information …": what is no number is the title.
    let cells = crate::parse::head::cells(cx.doc, e.title);
    let many = cells.len() > 1;
    let says = |c: &&Span| !(is_number_alone(cx, **c) || many && cx.quote(**c).to_lowercase().starts_with("sekretess"));
    if let Some(cell) = cells.iter().find(says).filter(|_| many) {
        title = if cell.contains(title) { title } else { without_label(cx, *cell) };
    }
    if rules.labelled.find(cx.quote(title)).is_some_and(|m| m.start() == 0)
        && let Some(d) = dnr::in_span(cx, title, Role::Own).first().and_then(|d| d.evidence.first())
    {
        title = Span { start: d.end.min(title.end), end: title.end }.trim(&cx.doc.text);
    }
    title = super::without_leader(cx, title);
    item.title = Some(joined(cx.quote(title)));
    item.evidence.push(cx.evidence("number", e.number_span, "item.agenda", 0.9));
    item.evidence.push(cx.evidence("title", title, "item.agenda", 0.9));
    let mut spans: Vec<Span> = Vec::new();
    spans.extend(Some(e.title).filter(|_| number_first));
    let own = |l: &Span| rules.labelled.is_match(cx.quote(*l)) || is_number_alone(cx, *l);
    spans.extend(cells.iter().filter(|c| is_number_alone(cx, **c)));
    // The number of another authority may stand in the title, the own one below it.
    spans.extend(e.below.iter().copied().filter(own));
    if rules.labelled.is_match(cx.quote(e.title)) {
        spans.push(e.title);
    }
    let text = cx.quote(e.title);
    spans.extend(
        cx.rules.item.bracketed.find_iter(text).map(|m| Span::new(m.start(), m.end()).shift(e.title.start as usize)),
    );
    for span in spans {
        let mut read = dnr::in_span(cx, span, Role::Own);
        let filled = dnr::filling(cx, span, Role::Own);
        if filled.len() > read.len() {
            read = filled;
        }
        for mut d in read {
            let other = item.dnr.first().is_some_and(|first| first.series != d.series);
            let in_title = e.title.contains(span) && !item.dnr.is_empty();
            d.role = if other || in_title { Role::Cited } else { Role::Own };
            if !item.dnr.iter().any(|f| f.canonical == d.canonical) {
                item.dnr.push(d);
            }
        }
    }
    let whole = e.below.iter().fold(e.title, |a, b| a.join(*b));
    item.handlaggare = officers(cx, whole);
    if item.handlaggare.is_empty() && e.officers {
        let named = |c: &&Span| **c != title && cx.rules.people.is_name(cx.quote(**c));
        item.handlaggare.extend(cells.iter().find(named).map(|c| Handlaggare {
            name: joined(cx.quote(*c)),
            phone: None,
            email: None,
            title: None,
            evidence: vec![cx.evidence("name", *c, "item.officer_column", 0.9)],
        }));
    }
    if item.handlaggare.is_empty() && cells.len() > 1 {
        // The officer's name under the diary number of the column beside.
        let named = |l: &&Span| cx.rules.people.is_person(cx.quote(**l));
        item.handlaggare.extend(e.below.iter().take(2).find(named).map(|l| Handlaggare {
            name: joined(cx.quote(*l)),
            phone: None,
            email: None,
            title: None,
            evidence: vec![cx.evidence("name", *l, "item.officer_below", 0.75)],
        }));
    }
    if let Some((heading, Some(body))) = e.proposal {
        item.decisions = super::proposed_under(cx, heading, body);
    }
    let text = cx.quote(whole);
    item.confidential = e.secret
        || text.contains("redovisas inte med hänvisning till sekretess")
        || text.to_lowercase().contains("sekretess");
    if item.confidential {
        item.evidence.push(cx.evidence("confidential", whole, "item.secret", 0.8));
    }
    item
}
