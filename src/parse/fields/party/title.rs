//! Reads who the title names: "IOP mellan A och B", "partnerskap med A 2024", "… – A", "Ansökan … från A".

use crate::parse::pattern::Regex;

use super::{Record, split_and};
use crate::base::Span;
use crate::parse::context::Context;
use crate::parse::record::PartyRole;
use crate::parse::segment::lines;
use crate::parse::text::place_of;

/// Patterns.
#[derive(Debug)]
pub(crate) struct Rules {
    between: Regex,
    with: Regex,
    from: Regex,
    dash: Regex,
    year: Regex,
}

impl Rules {
    /// Compiles them.
    pub fn new() -> Self {
        let make = |p: &str| Regex::new(p).expect("tested pattern");
        Rules {
            between: make(r"\b[Mm]ellan\s+(.+)$"),
            with: make(
                r"(?i)\b(?:partnerskap(?:et)?|IOP\)?|överenskommelse(?:n)?|avtal(?:et)?|samverkan|partnerskap\s+\(IOP\))\s+med\s+(.+)$",
            ),
            from: make(
                r"\b(?:[Aa]nsökan|[Mm]edel|[Bb]idrag|[Ff]öreningsbidrag|[Ff]örfrågan|[Uu]pplåtelse)\b.*?\b(?:från|till)\s+(.+)$",
            ),
            dash: make(r"\s[-–—]\s+(.+)$"),
            year: make(r"[\s,]*\b(?:19|20)\d{2}(?:\s?[-–/]\s?(?:20)?\d{2})?\b.*$"),
        }
    }
}

/// Who the title names.
#[derive(Debug, Default)]
pub(crate) struct Named {
    pub parties: Vec<(String, Option<Span>)>,
    /// True if the title makes them sides of a case ("Bidrag till A").
    pub case: bool,
}

/// The lines that may be title and subtitle, in order.
pub(crate) fn title_lines(cx: &Context, record: &Record) -> Vec<(String, Option<Span>)> {
    let mut out: Vec<(String, Option<Span>)> = Vec::new();
    let place = |t: &str| place_of(&cx.doc.text, t);
    for t in [&record.subtitle, &record.title].into_iter().flatten() {
        out.push((t.clone(), place(t)));
    }
    if out.is_empty() {
        let mut head: Vec<(String, Option<Span>)> =
            lines(cx.doc, cx.segments.head).take(12).map(|s| (cx.quote(s).to_string(), Some(s))).collect();
        head.reverse();
        out.extend(head);
    }
    out
}

/// Reads the names in the title, the subtitle first, as it is the more exact.
pub(crate) fn named(cx: &Context, record: &Record) -> Named {
    let rules = &cx.rules.party.title;
    let names = &cx.rules.party.names;
    let mut out = Named::default();
    for (line, span) in title_lines(cx, record) {
        let at = |m: &crate::parse::pattern::Match, from: usize, to: usize| {
            span.map(|s| Span::new(s.start as usize + m.start() + from, s.start as usize + m.start() + to))
        };
        if out.parties.is_empty()
            && let Some(m) = rules.between.captures(&line).and_then(|c| c.get(1))
        {
            let cut = rules.year.find(m.as_str()).map_or(m.as_str().len(), |y| y.start());
            let text = m.as_str().get(..cut).unwrap_or("");
            let pieces = split_and(text);
            let found: Vec<(String, Option<Span>)> = pieces
                .iter()
                .filter_map(|(a, b)| {
                    let piece = text.get(*a..*b)?.trim();
                    names.is_name(piece).then(|| (piece.to_string(), at(&m, *a, *a + piece.len())))
                })
                .collect();
            if found.len() >= 2 && found.len() == pieces.len() {
                out.parties = found;
                continue;
            }
        }
        if out.parties.iter().any(|(n, _)| names.role(n) != PartyRole::Public) {
            continue;
        }
        for (pattern, case) in [(&rules.with, false), (&rules.from, true), (&rules.dash, false)] {
            let Some(m) = pattern.captures(&line).and_then(|c| c.get(1)) else { continue };
            let cut = rules.year.find(m.as_str()).map_or(m.as_str().len(), |y| y.start());
            let text = m.as_str().get(..cut).unwrap_or("");
            let Some(end) = names.at_start(text) else { continue };
            let name = text.get(..end).unwrap_or("");
            if names.is_generic(name) || names.role(name) == PartyRole::Public || name.len() < 3 {
                continue;
            }
            if name == "IOP" || name == "Idéburet" {
                continue;
            }
            out.parties.push((name.to_string(), at(&m, 0, end)));
            out.case |= case;
            break;
        }
    }
    out
}
