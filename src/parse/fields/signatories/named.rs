//! Reads signatures that are names without titles: of regulations ("På regeringens vägnar" / "EVA EK" / "Bo Al
//! (Socialdepartementet)"), and of members under a motion or letter ("Kerstin Vi (V)   Jamal Ek (MP)").

use std::sync::LazyLock;

use crate::parse::pattern::Regex;

use crate::base::Span;
use crate::parse::context::Context;
use crate::parse::fields::meeting::printed;
use crate::parse::record::{Record, Signatory};
use crate::parse::text::{fixed, joined};

/// Most lines between the first and the second name.
const APART: usize = 3;

/// Reads the names under a regulation: one in capitals, below it one with its unit in brackets.
pub(super) fn regulation(cx: &Context, record: &mut Record) {
    static BEHALF: LazyLock<Regex> = LazyLock::new(|| fixed(r"^På\s.{3,90}\svägnar$"));
    let lines: Vec<Span> = printed(cx, Span::new(0, cx.doc.body_end as usize)).collect();
    for (i, line) in lines.iter().enumerate() {
        if cx.rules.people.name_in_capitals(cx.quote(*line)).is_none() {
            continue;
        }
        let after_behalf = i.checked_sub(1).and_then(|j| lines.get(j)).is_some_and(|l| BEHALF.is_match(cx.quote(*l)));
        let second = lines.iter().enumerate().skip(i + 1).take(APART).find_map(|(j, l)| {
            let (name, rest) = split_unit(cx, *l);
            cx.rules.people.is_name(cx.quote(name)).then_some((j, name, rest))
        });
        if second.is_none() && !after_behalf {
            continue;
        }
        add(cx, record, *line, None);
        if let Some((j, name, rest)) = second {
            let unit = unit_in(cx, rest.or_else(|| lines.get(j + 1).copied()), lines.get(j + 1..).unwrap_or_default());
            add(cx, record, name, unit);
        }
        return;
    }
}

/// `Bo Al (Socialdepartementet)` → the name, and what begins at the bracket.
fn split_unit(cx: &Context, line: Span) -> (Span, Option<Span>) {
    match cx.quote(line).find('(') {
        Some(i) => {
            let cut = line.start as usize + i;
            let name = Span::new(line.start as usize, cut).trim(&cx.doc.text);
            (name, Some(Span::new(cut, line.end as usize)))
        }
        None => (line, None),
    }
}

/// A unit in brackets, which may break over lines.
fn unit_in(cx: &Context, first: Option<Span>, below: &[Span]) -> Option<Span> {
    let first = first.filter(|f| cx.quote(*f).starts_with('('))?;
    let mut whole = first;
    for next in below.iter().filter(|n| n.start >= first.end).take(2) {
        if cx.quote(whole).contains(')') {
            break;
        }
        whole = whole.join(*next);
    }
    let text = cx.quote(whole);
    let end = text.find(')')?;
    (end > 1).then(|| Span::new(whole.start as usize + 1, whole.start as usize + end))
}

fn add(cx: &Context, record: &mut Record, name: Span, unit: Option<Span>) {
    if record.signatories.len() >= super::MOST {
        return;
    }
    let mut evidence = vec![cx.evidence("name", name, "signatures.name_alone", 0.8)];
    evidence.extend(unit.map(|u| cx.evidence("unit", u, "signatures.unit_in_brackets", 0.8)));
    let text = joined(cx.quote(name));
    record.signatories.push(Signatory { name: text, title: None, unit: unit.map(|u| joined(cx.quote(u))), evidence });
}

/// Reads the members who signed a motion or letter: names with parties at its end, one or several to a line.
pub(super) fn members(cx: &Context, record: &mut Record) {
    static SIGNED: LazyLock<Regex> = LazyLock::new(|| {
        fixed(
            r"([\p{Lu}][\p{L}'’-]+(?: +(?:(?:von|af|de|la|van|der|al|el) +)*[\p{Lu}][\p{L}'’-]*)+)\s*\((?:[\p{L}]{1,4}|-)\)",
        )
    });
    let lines: Vec<Span> = printed(cx, Span::new(0, cx.doc.body_end as usize)).collect();
    let mut found: Vec<Span> = Vec::new();
    for line in lines.iter().rev().take(30) {
        let text = cx.quote(*line);
        let here: Vec<Span> = SIGNED
            .captures_iter(text)
            .filter_map(|c| c.get(1))
            .filter(|m| cx.rules.people.is_name(m.as_str()))
            .map(|m| Span::new(m.start(), m.end()).shift(line.start as usize))
            .collect();
        let letters: usize = here.iter().map(|s| s.len()).sum();
        if !here.is_empty() && letters * 3 >= text.len() * 2 {
            found.extend(here.into_iter().rev());
        } else if !found.is_empty() && text.split_whitespace().count() > 4 {
            break;
        }
    }
    for name in found.into_iter().rev() {
        add(cx, record, name, None);
    }
}
