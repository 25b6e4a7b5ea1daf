//! Reads the office (förvaltning) and its department, which stand without labels in the letterhead or margin block.

use crate::base::Span;
use crate::ingest::document::Zone;
use crate::parse::context::Context;
use crate::parse::fields::recipient::ends_in;
use crate::parse::head::Group;
use crate::parse::record::{Named, Record};
use crate::parse::text::joined;

/// Labels whose value is never an office.
const OTHERS: [&str; 6] = ["officer", "phone", "email_label", "address_label", "switchboard", "foreign_label"];

/// Longest name, in lines and words.
const LINES: usize = 2;
const WORDS: usize = 8;

/// Fills administration and department.
pub(crate) fn read(cx: &Context, record: &mut Record) {
    let groups: Vec<&Group> =
        cx.head.iter().filter(|g| g.label.as_deref().is_none_or(|l| !OTHERS.contains(&l))).collect();
    let Some((span, zone, rest)) = groups.iter().find_map(|g| {
        let (span, after) = name_ending_in(cx, &g.lines, &cx.lex.bodies.administration)?;
        Some((span, g.zone, &g.lines[after..]))
    }) else {
        record.administration = wrapped_in_column(cx, &cx.lex.bodies.administration);
        record.department = department(cx, groups.iter().flat_map(|g| g.lines.iter().copied()), Zone::Margin);
        return;
    };
    let confidence = if zone == Zone::Body { 0.8 } else { 0.95 };
    record.administration = Some(Named {
        name: joined(cx.quote(span)),
        evidence: vec![cx.evidence("name", span, "margin.administration", confidence)],
    });
    let in_zones = |body: bool| {
        groups.iter().filter(move |g| (g.zone == Zone::Body) == body).flat_map(|g| g.lines.iter().copied())
    };
    record.department = department(cx, rest.iter().copied(), zone)
        .or_else(|| department(cx, in_zones(false), Zone::Margin))
        .or_else(|| department(cx, in_zones(true), Zone::Body));
}

/// A name that breaks over the left cells of two rows of the head: `Kultur-, idrotts- och` / `fritidsförvaltningen`, beside
/// labels and their values.
pub(crate) fn wrapped_in_column(cx: &Context, ends: &[String]) -> Option<Named> {
    let head = cx.doc.blocks.iter().filter(|b| b.zone != Zone::Body || cx.segments.head.contains(b.span));
    let rows: Vec<Span> = head
        .flat_map(|b| crate::parse::segment::lines(cx.doc, b.span))
        .take(ROWS)
        .filter_map(|row| crate::parse::head::cells(cx.doc, row).first().copied())
        .collect();
    rows.windows(2).find_map(|pair| {
        let [first, second] = pair else { return None };
        let (above, below) = (cx.quote(*first), cx.quote(*second));
        let open = above.ends_with('-') || above.ends_with(" och") || above.ends_with(" för");
        let name = format!("{above} {below}");
        let fits = open
            && above.starts_with(char::is_uppercase)
            && below.starts_with(char::is_lowercase)
            && name.split_whitespace().count() <= WORDS
            && super::recipient::names_body(&name, ends);
        fits.then(|| Named {
            name: joined(&name),
            evidence: [first, second].map(|s| cx.evidence("name", *s, "head.wrapped_cell", 0.9)).to_vec(),
        })
    })
}

/// Rows of the head in which a wrapped name is looked for.
const ROWS: usize = 40;

/// Where the head names no office, the one that all signatures with a unit name is the document's.
pub(crate) fn read_from_signatures(cx: &Context, record: &mut Record) {
    // Those who sign an agreement do so for its parties.
    if record.administration.is_some() || matches!(record.kind.as_str(), "overenskommelse" | "avtal") {
        return;
    }
    let mut units = record.signatories.iter().filter_map(|s| s.unit.as_deref().map(|u| (u, s)));
    let Some((unit, first)) = units.next() else {
        record.administration = proposing(cx);
        return;
    };
    let last = unit.split_whitespace().last().unwrap_or_default().to_lowercase();
    let office = cx.lex.bodies.administration.iter().any(|e| last.ends_with(&e.to_lowercase()));
    if !office || units.any(|(other, _)| other != unit) {
        return;
    }
    let mut evidence: Vec<_> = first.evidence.iter().filter(|e| e.field == "unit").cloned().collect();
    for e in &mut evidence {
        e.field = "name".into();
        e.rule = "signatures.unit".into();
        e.confidence = 0.75;
    }
    record.administration = Some(Named { name: unit.to_string(), evidence });
}

/// The office that proposes, where the head names none: `Socialförvaltningen föreslår nämnden besluta`.
fn proposing(cx: &Context) -> Option<Named> {
    let section = cx.segments.with_id("proposed_decision").next()?;
    let opening = cx.quote(section.body);
    let (name, rest) = opening.split_once(' ')?;
    let office = name.starts_with(char::is_uppercase)
        && name.len() <= 60
        && cx.lex.bodies.administration.iter().any(|e| e.len() > 4 && name.to_lowercase().ends_with(e.as_str()))
        // `Förvaltningen` alone is no name.
        && !cx.lex.bodies.administration.contains(&name.to_lowercase());
    let span = Span::new(section.body.start as usize, section.body.start as usize + name.len());
    (office && rest.starts_with("föreslår")).then(|| Named {
        name: name.to_string(),
        evidence: vec![cx.evidence("name", span, "decision.proposing_office", 0.75)],
    })
}

/// One or two lines that together end in one of the words, and where the lines after them begin.
fn name_ending_in(cx: &Context, lines: &[Span], ends: &[String]) -> Option<(Span, usize)> {
    for first in 0..lines.len() {
        for n in 1..=LINES.min(lines.len() - first) {
            let span = office_part(cx, lines[first].join(lines[first + n - 1]), ends);
            let text = cx.quote(span);
            let words = text.split_whitespace().count();
            // `Förvaltning` alone is a label.
            let bare = words == 1 && ends.iter().any(|e| !e.ends_with(['n', 't']) && e.eq_ignore_ascii_case(text));
            let clean = !bare
                && words <= WORDS
                && text.starts_with(char::is_uppercase)
                && !text.contains(['@', '.', ':', '\t']);
            let words_fit = !text.split_whitespace().any(|w| cx.lex.words.not_in_units.iter().any(|n| n == w));
            // Two lines are one name where the second goes on in small letters or the first ends in a hyphen.
            let goes_on = |second: Span| {
                cx.quote(second).starts_with(char::is_lowercase) || cx.quote(lines[first]).ends_with('-')
            };
            let joins = n == 1 || (goes_on(lines[first + 1]) && !is_complete(cx, lines[first]));
            if clean && words_fit && joins && (ends_in(cx, span, ends) || n == 1 && named_place(cx, text)) {
                return Some((span, first + n));
            }
        }
    }
    None
}

/// Whether a text is an office with the place or part it is for: `Socialförvaltningen Centrum`, `Regionkontoret Skåne`.
pub(crate) fn named_place(cx: &Context, text: &str) -> bool {
    let mut words = text.split_whitespace();
    let (Some(office), Some(place), None) = (words.next(), words.next(), words.next()) else { return false };
    let lower = office.to_lowercase();
    // The definite form: `förvaltningen`, `kontoret`, `kansliet`.
    let definite = |e: &&String| e.ends_with('n') || e.ends_with("et");
    cx.lex.bodies.administration.iter().filter(definite).any(|e| lower.ends_with(e.as_str()))
        && place.starts_with(char::is_uppercase)
        && place.chars().all(|c| c.is_alphabetic() || c == '-')
        && (place.chars().any(char::is_lowercase) || !office.chars().any(char::is_lowercase))
        && !cx.rules.kind.is_label(place)
        && cx.labels.whole(place).is_none()
}

/// Of a line with commas the part that names the office: `Region X, Regionledningskontoret`, `Y-förvaltningen, Z stad`.
fn office_part(cx: &Context, span: Span, ends: &[String]) -> Span {
    let span = without_kind(cx, span);
    let text = cx.quote(span);
    if !text.contains(", ") || ends_in(cx, span, &cx.lex.bodies.department) {
        return span;
    }
    let mut at = span.start as usize;
    for part in text.split(", ") {
        let here = Span::new(at, at + part.len());
        if ends_in(cx, here, ends) {
            return here.trim(&cx.doc.text);
        }
        at += part.len() + ", ".len();
    }
    span
}

/// A line without the kind of document at its end: `KOMMUNSTYRELSENS FÖRVALTNING TJÄNSTEUTLÅTANDE`.
fn without_kind(cx: &Context, span: Span) -> Span {
    let text = cx.quote(span);
    match text.rsplit_once(' ') {
        Some((rest, last)) if cx.rules.kind.is_label(last) => {
            Span::new(span.start as usize, span.start as usize + rest.len()).trim(&cx.doc.text)
        }
        _ => span,
    }
}

/// Whether a line is a name by itself, so that the next one is another.
fn is_complete(cx: &Context, line: Span) -> bool {
    let b = &cx.lex.bodies;
    [&b.authority, &b.administration, &b.department].into_iter().any(|ends| ends_in(cx, line, ends))
        || cx.labels.whole(cx.quote(line)).is_some()
        || cx.rules.people.is_name(cx.quote(line))
        || cx.quote(line).chars().any(|c| c.is_ascii_digit())
}

fn department(cx: &Context, lines: impl Iterator<Item = Span>, zone: Zone) -> Option<Named> {
    let mut taken = lines.take(40).filter(|line| {
        let text = cx.quote(*line);
        let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
        let named = words.iter().any(|w| cx.lex.bodies.department.iter().any(|e| w.ends_with(&e.to_lowercase())));
        named
            && !words.iter().all(|w| cx.lex.bodies.department.contains(w))
            && words.len() <= WORDS
            && text.starts_with(char::is_uppercase)
            && !text.contains(['@', '.', ':'])
            && !cx.rules.people.is_title(text)
    });
    let span = taken.next()?;
    let confidence = if zone == Zone::Body { 0.7 } else { 0.9 };
    Some(Named {
        name: joined(cx.quote(span)),
        evidence: vec![cx.evidence("name", span, "margin.department", confidence)],
    })
}

#[cfg(test)]
mod tests {
    use crate::parse::testing::parse;

    #[test]
    fn office_and_department() {
        let r = parse(
            "# Ärende\n\n@margin\nHandläggare\nTuva Silverhake\n\n@margin\nFarsta stadsdelsförvaltning\nAvdelningen för kultur\n\n@margin\nTjänsteutlåtande",
        );
        assert_eq!(r.administration.map(|x| x.name).as_deref(), Some("Farsta stadsdelsförvaltning"));
        assert_eq!(r.department.map(|x| x.name).as_deref(), Some("Avdelningen för kultur"));
        let r = parse("# Ärende\n\nBakgrund\n\nText.\n\nEva Ek\nStadsdelsdirektör\nFarsta stadsdelsförvaltning");
        assert_eq!(r.administration.map(|x| x.name).as_deref(), Some("Farsta stadsdelsförvaltning"));
        let r = parse("# Ärende\n\n@letterhead\nSocialförvaltningen\nStaben");
        assert_eq!(r.administration.map(|x| x.name).as_deref(), Some("Socialförvaltningen"));
    }
}
