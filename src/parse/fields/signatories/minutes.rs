//! Reads who signed minutes: secretary, chair and adjusters, on the front page or behind the last item.
//!
//! Names stand behind or below the label of a role ("Sekreterare …… Eva Ek"), above a line of roles, or several to a row
//! below "Justeras"; lines to write on and dots lie between.

use std::sync::LazyLock;

use crate::parse::pattern::Regex;

use crate::base::Span;
use crate::parse::context::Context;
use crate::parse::fields::meeting::{is_names_only, names_in, printed};
use crate::parse::record::{Evidence, Record, Signatory};
use crate::parse::text::fixed;

/// What a label says of those who sign.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Said {
    /// The label is the title: `Sekreterare`.
    Title,
    /// The label only opens the signatures: `Vid protokollet`, `Justeras`.
    Opens,
    /// The signatures end: notice board, list of those it is sent to.
    Ends,
}

static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    fixed(
        r"(?i)^(?P<title>sekreterare|nämndsekreterare|mötessekreterare|kommunsekreterare|protokollförare|ordförande|mötesordförande|vice ordförande|justerande|justerare|protokollsjusterare)\b(?P<more>\s*(?:,|/).{0,30}?)?|^(?P<opens>vid protokollet|underskrifter|underskrift|signaturer|justeras|justerat|justerades|(?:digitalt |elektroniskt )?(?:signerat|signerad|undertecknat|underskrivet) av|rätt utdrag\w* (?:intygas?|bestyrks?)|utdragsbestyrkande|protokollet justerat(?: den)?|att utdraget \p{L}+)\b|^(?P<ends>anslag|bevis|organ\b|närvaro|närvarande|ledamöter|beslutande|övriga|paragrafer|förvaringsplats|datum för|expediering|protokollsutdrag|bilag)",
    )
});

/// Most lines after a label in which its names are looked for.
const LINES: usize = 8;

/// Fills the signatories of minutes.
pub(super) fn read(cx: &Context, record: &mut Record) {
    let body = Span::new(0, cx.doc.body_end as usize);
    let first = record.items.first().and_then(|i| i.evidence.first()).map_or(body.end, |e| e.start);
    let last = record.items.last().and_then(|i| i.evidence.last()).map_or(body.start, |e| e.end);
    let front: Vec<Span> = printed(cx, Span { start: 0, end: first }).collect();
    // On the front page the signatures have a heading; labels above it belong to the attendance list.
    let begins = front.iter().position(|l| {
        let key = crate::base::fold::name_key(cx.quote(*l));
        key.starts_with("underskrift") || key.starts_with("signatur") || key == "vid protokollet"
    });
    if let Some(i) = begins {
        signed(cx, front.get(i..).unwrap_or_default(), record);
    }
    if record.signatories.is_empty() {
        // The line to write on may be a cell of its own beside the label.
        let ruled = |i: usize| {
            front.get(i..(i + 2).min(front.len())).unwrap_or_default().iter().any(|l| has_rule(cx.quote(*l)))
        };
        let dotted = (0..front.len()).find(|i| {
            front.get(*i).is_some_and(|l| LABEL.captures(cx.quote(*l)).is_some_and(|c| c.name("ends").is_none()))
                && ruled(*i)
        });
        if let Some(i) = dotted {
            signed(cx, front.get(i..).unwrap_or_default(), record);
        }
    }
    if record.signatories.is_empty() {
        // Where the heading was lost: the secretary's line with the chair's close below.
        let titled = |i: usize, what: &str| {
            let text = front.get(i).map_or("", |l| cx.quote(*l));
            text.get(..what.len()).is_some_and(|t| t.eq_ignore_ascii_case(what))
        };
        let pair =
            (0..front.len()).rev().find(|i| titled(*i, "Sekreterare") && (i + 1..i + 5).any(|k| titled(k, "Ordf")));
        if let Some(i) = pair {
            signed(cx, front.get(i..).unwrap_or_default(), record);
        }
    }
    if record.signatories.is_empty() {
        // Roles with their names below the time of adjustment, without a heading.
        let key = |l: &Span| crate::base::fold::name_key(cx.quote(*l));
        let adjusted =
            front.iter().position(|l| key(l).starts_with("justeringens") || key(l).starts_with("justering "));
        let named = |l: &Span| {
            let text = cx.quote(*l);
            LABEL.captures(text).and_then(|c| c.name("title")).is_some_and(|m| {
                let rest = text.get(m.end()..).unwrap_or("");
                let names = names_in(cx, rest);
                !names.is_empty() && is_names_only(rest, &names)
            })
        };
        let below = adjusted.map_or(&[][..], |i| front.get(i..).unwrap_or_default());
        if below.iter().filter(|l| named(l)).count() >= 2
            && let Some(i) = below.iter().position(named)
        {
            signed(cx, below.get(i..).unwrap_or_default(), record);
        }
    }
    let back: Vec<Span> = printed(cx, Span { start: last.min(body.end), end: body.end }).collect();
    let begins = back.iter().position(|l| {
        LABEL.captures(cx.quote(*l)).is_some_and(|c| c.name("opens").is_some())
            || LABEL.is_match(cx.quote(*l)) && has_rule(cx.quote(*l))
            || cx.quote(*l).to_lowercase().contains("utdragsbestyrkande")
    });
    if let Some(rows) = columns(cx, &back).or_else(|| columns(cx, &front)) {
        for (role, name) in rows {
            if let Some(person) = names_in(cx, cx.quote(name)).into_iter().next() {
                push(cx, record, person.clone(), place(cx, name, &person), Some(role));
            }
        }
        return;
    }
    if let Some(i) = begins {
        signed(cx, back.get(i..).unwrap_or_default(), record);
    }
}

/// Whether a line holds dots or underscores to write on, or says that it was signed in the system.
fn has_rule(text: &str) -> bool {
    text.to_lowercase().contains("digitalt signera")
        || text.contains("....")
        || text.contains("___")
        || text.contains("……")
}

/// Reads the signatures in lines that begin with them.
fn signed(cx: &Context, lines: &[Span], record: &mut Record) {
    let mut title: Option<Span> = None;
    let mut open = 0usize;
    // Names that stand above the line of their roles.
    let mut above: Vec<(String, Span)> = Vec::new();
    for line in lines {
        let text = cx.quote(*line);
        let roles = roles_in(cx, *line);
        if !above.is_empty() && roles.len() == above.len() && names_in(cx, text).is_empty() {
            for ((name, span), role) in above.drain(..).zip(roles) {
                push(cx, record, name, span, Some(role));
            }
            title = None;
            open = LINES;
            continue;
        }
        for (name, span) in above.drain(..) {
            push(cx, record, name, span, None);
        }
        let mut value = *line;
        if text.to_lowercase().contains("utdragsbestyrkande") && !LABEL.is_match(text) {
            // Beside the adjusters' initials in the foot: who certifies the extract stands below.
            title = None;
            open = 3;
            continue;
        }
        if let Some(c) = LABEL.captures(text) {
            let said = if c.name("ends").is_some() {
                Said::Ends
            } else if c.name("title").is_some() {
                Said::Title
            } else {
                Said::Opens
            };
            if said == Said::Ends {
                // `Sekreterare   Eva Ek   Paragrafer 1-12`: a cell beside the signatures, or between label and name.
                let numbers = crate::base::fold::name_key(text).starts_with("paragrafer");
                if beside(cx, *line) || numbers && (title.is_some() || !record.signatories.is_empty()) {
                    continue;
                }
                if !text.to_lowercase().starts_with("paragraf") || open == 0 {
                    break;
                }
                // `Sekreterare` / `Paragrafer 31` / `Eva Ek`: the cell between a role and its name.
                let from = c.get(0).map_or(0, |m| m.end());
                let rest = text.get(from..).unwrap_or("");
                let skip = rest.len() - rest.trim_start_matches(|c: char| !c.is_alphabetic()).len();
                value = Span::new(line.start as usize + from + skip, line.end as usize);
                for name in names_in(cx, cx.quote(value)) {
                    let span = place(cx, value, &name);
                    push(cx, record, name, span, title);
                }
                continue;
            }
            let end = c.get(0).map_or(0, |m| m.end());
            let label = c.name("title").map(|m| Span::new(m.start(), m.end()).shift(line.start as usize));
            title = label.filter(|_| said == Said::Title);
            open = LINES;
            value = Span::new(line.start as usize + end, line.end as usize);
            if value.is_empty() {
                continue;
            }
        }
        if open == 0 {
            continue;
        }
        open -= 1;
        // `Tove Brandt Paragrafer 44-60`.
        if let Some(i) = cx.quote(value).find(" Paragraf") {
            value = Span::new(value.start as usize, value.start as usize + i);
        }
        let text = cx.quote(value);
        if let Some((name, Some(role))) = super::name_and_title(cx, value) {
            push(cx, record, crate::parse::text::joined(cx.quote(name)), name, Some(role));
            continue;
        }
        let names = names_in(cx, text);
        if names.is_empty() {
            // Running text ends the signatures.
            if text.split_whitespace().count() > 8 {
                open = 0;
            }
            continue;
        }
        if !is_names_only(text, &names) {
            continue;
        }
        for name in names {
            let span = place(cx, value, &name);
            match title {
                Some(t) => push(cx, record, name, span, Some(t)),
                None => above.push((name, span)),
            }
        }
    }
    for (name, span) in above {
        push(cx, record, name, span, None);
    }
}

/// Whether a line is a cell that stands beside another on its row.
fn beside(cx: &Context, line: Span) -> bool {
    cx.doc.text[..line.start as usize].ends_with('\t')
}

/// A row of roles over a row of as many names, lines to write on between them: each role with its name.
fn columns(cx: &Context, lines: &[Span]) -> Option<Vec<(Span, Span)>> {
    let mut rows: Vec<Vec<Span>> = Vec::new();
    for line in lines.iter().filter(|l| !super::is_rule(cx.quote(**l))) {
        match rows.last_mut().filter(|_| beside(cx, *line)) {
            Some(row) => row.push(*line),
            None => rows.push(vec![*line]),
        }
    }
    let is_role = |s: &Span| cx.rules.people.is_title(cx.quote(*s)) && LABEL.is_match(cx.quote(*s));
    let at = rows.windows(2).position(|w| {
        let [roles, names] = w else { return false };
        roles.len() > 1
            && roles.len() == names.len()
            && roles.iter().all(is_role)
            && names.iter().all(|n| cx.rules.people.is_name(cx.quote(*n)))
    })?;
    let (roles, names) = (rows.get(at)?, rows.get(at + 1)?);
    Some(roles.iter().copied().zip(names.iter().copied()).collect())
}

/// The roles on a line that holds nothing else: "Ordförande  Nämndsekreterare".
fn roles_in(cx: &Context, line: Span) -> Vec<Span> {
    let text = cx.quote(line);
    let mut out = Vec::new();
    let mut at = 0;
    for word in text.split_inclusive([' ', '\t']) {
        let bare = word.trim().trim_matches(['(', ')', ',']);
        if !bare.is_empty() {
            if !cx.rules.people.is_title(bare) || !bare.chars().all(char::is_alphabetic) {
                return Vec::new();
            }
            let start = line.start as usize + at + word.find(bare).unwrap_or(0);
            out.push(Span::new(start, start + bare.len()));
        }
        at += word.len();
    }
    out
}

/// Where a name stands in a line.
fn place(cx: &Context, line: Span, name: &str) -> Span {
    match cx.quote(line).find(name) {
        Some(i) => Span::new(line.start as usize + i, line.start as usize + i + name.len()),
        None => line,
    }
}

fn push(cx: &Context, record: &mut Record, name: String, span: Span, title: Option<Span>) {
    if record.signatories.len() >= super::MOST {
        return;
    }
    if let Some(same) = record.signatories.iter_mut().find(|s| s.name == name) {
        if let (None, Some(t)) = (&same.title, title) {
            same.title = Some(cx.quote(t).to_string());
            same.evidence.push(cx.evidence("title", t, "signatures.role", 0.8));
        }
        return;
    }
    let mut evidence: Vec<Evidence> = vec![cx.evidence("name", span, "signatures.minutes", 0.85)];
    evidence.extend(title.map(|t| cx.evidence("title", t, "signatures.role", 0.85)));
    record.signatories.push(Signatory { name, title: title.map(|t| cx.quote(t).to_string()), unit: None, evidence });
}
