//! Cuts what stands under a decision heading into points: numbered, "att …" by lines or in one sentence, single sentences.

use std::sync::LazyLock;

use crate::parse::pattern::Regex;

use super::{Rules, clauses, levels};
use crate::base::Span;
use crate::parse::context::Context;
use crate::parse::segment::lines;

/// One point: its text without the number.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Point {
    pub span: Span,
    pub number: Option<String>,
    /// Who decides, where the sentence above the list says it.
    pub frame: Option<Span>,
    /// Who proposes it to that body, where the sentence above the list says it.
    pub proposer: Option<Span>,
    /// Whether a sentence above the list says that it is decided or proposed.
    pub framed: bool,
    /// Whether that sentence says who decides behind its verb: "Efter omröstning beslutar nämnden att …".
    pub decides: bool,
}

/// A body that stands behind its verb.
const BEHIND: &str = r"(?:(?:[\w&-]+,?\s+){0,4}?[\w-]*(?:nämnden|styrelsen|fullmäktige|utskottet|delegationen|direktionen|presidiet|beredningen|rådet))";

/// "… beslutar nämnden".
static INVERTED: LazyLock<Regex> =
    LazyLock::new(|| regex(&format!(r"(?i)\b(?:beslutar|beslutade|beslöt)\s+({BEHIND})\b")));
/// What goes on from "Kommunfullmäktige beslutade" as history: a day, a paragraph.
static EARLIER: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)^(?:den\s+)?(?:\d{4}-\d{2}-\d{2}|\d{1,2}\s+(?:jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec))|^§\s?\d",
    )
});

static NUMBER: LazyLock<Regex> = LazyLock::new(|| regex(r"^(?:(\d{1,2}|[a-zA-Z])[.)]|(\d{1,2})|[•‐\-–—*])\s+"));
static FRAME: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(
        r"(?i)^.{{0,140}}?\b(?:besluta[rs]?|beslutade|beslöt|beslut|föreslås|föreslår)\b(?:\s+(?:följande|enligt\s+följande|för\s+egen\s+del|för\s+sin\s+del|efter\s+(?:\w+\s+)?(?:diskussion|överläggning|omröstning|votering)|enligt\s+ordförandens\s+förslag|besluta|beslutar|att|följande\s+beslut|därför|enhälligt|således|sålunda|{BEHIND}))*\s*[:.,]?$",
    ))
});
static STOPPED: LazyLock<Regex> = LazyLock::new(|| regex(r"[.;]\s+att\s"));
/// "Enligt förvaltningens förslag:" above the points of it.
static REFERS: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"(?i)^(?:enligt|i\s+enlighet\s+med)\s+.{3,160}\b(?:förslag|yrkande|tjänsteutlåtande)\b.{0,80}:$")
});
static OPENING: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(
        r"(?i)^(.{{0,200}}?\b(?:besluta[rs]?|beslutade|beslöt|föreslås\s+besluta|föreslås|yrkar(?:\s+(?:vi|jag))?|föreslår\s+(?:vi|jag))(?:\s+(?:{BEHIND}|för\s+egen\s+del|för\s+sin\s+del|enligt\s+följande|enhälligt|därefter|vidare|också|även|därmed|således))*(?:\s+dels)?:?\s+)att\s",
    ))
});
/// Who takes no part in a decision is told in it, but is none.
static ABSTAINS: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)^.{3,160}?\bdelt(?:ar|og)\s+(?:inte|ej|varken)\s+i\b.{0,60}\b(?:beslut|överläggning|handläggning)\w*\.?$|^deltar\s+(?:inte|ej)\b",
    )
});
/// "Förvaltningens förslag till nämnden:" above the points.
static PROPOSED: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?i)^[\p{L}&, -]{3,90}s\s+förslag(?:\s+till\s+[\p{L}&, -]{3,90})?\s*:$"));
/// "Eva Ek (S) anmäler jäv": what a member does is no decision of the body.
static BY_MEMBER: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?:[Ll]edamoten\s+)?\p{Lu}[\p{L}-]+\s\p{Lu}[\p{L}-]+(?:\s\p{Lu}[\p{L}-]+)?(?:\s\(\p{L}{1,5}\)|,\s\p{Ll}{1,3},)?\s(?:\S+\s){0,2}?(?:anmäler|anmälde|anmält|reserverar|reserverade|yrkar|yrkade|antecknar|deltar|deltog)\b",
    )
});
/// What the chair and officers do at a meeting is no decision of the body: "Ordföranden redogör för …".
static AT_MEETING: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)^(?:ordföranden|sekreteraren|ekonomen|revisorn|\p{L}{3,30}(?:chefen|direktören|strategen|sekreteraren|ekonomen))\s+(?:redogör|redogjorde|informerar|informerade|rapporterar|rapporterade|redovisar|redovisade|föredrar|föredrog|ställer\s+(?:\p{L}+\s+){0,3}proposition|ställde\s+(?:\p{L}+\s+){0,3}proposition|frågar|frågade|tackar|tackade|hälsar|hälsade|öppnar|öppnade|avslutar|avslutade)\b|^efter\s.{0,80}\bproposition\b.{0,160}\bfinner\s+ordföranden\b|^till\s+protokollet\s+antecknas\b",
    )
});
/// "Ordföranden finner …", "Härefter yrkar Eva Ek (S) …": how it came to the decision, not the decision.
static COURSE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?:Ordf(?:öranden|\.)?|Mötesordföranden|Vice ordföranden)\s+(?:\p{Ll}+\s+){0,3}?(?:ställer|ställde|finner|fann|prövar|prövade|frågar|frågade|konstaterar)\b|\b(?:yrkar|yrkade)\s+\p{Lu}[\p{L}-]+\s\p{Lu}[\p{L}-]+",
    )
});
static SILENT: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)\bredovisas\s+(?:inte|ej)\b.{0,60}\bsekretess|^\(?sekretess\)?\.?$|^(?:paragrafen|ärendet|punkten|beslutet)\s+(?:är|omfattas\s+av|beläggs\s+med)\s+sekretess.{0,60}$",
    )
});

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("tested pattern")
}

/// The points under a heading, in order.
pub(crate) fn points(cx: &Context, body: Span) -> Vec<Point> {
    read(cx, body, true)
}

/// The same of text under no heading, whose paragraphs stay whole.
pub(crate) fn unheaded(cx: &Context, body: Span) -> Vec<Point> {
    read(cx, body, false)
}

fn read(cx: &Context, body: Span, headed: bool) -> Vec<Point> {
    let rules = &cx.rules.decision;
    let mut out: Vec<Point> = Vec::new();
    let (mut frame, mut proposer): (Option<Span>, Option<Span>) = (None, None);
    let (mut framed, mut decides) = (false, false);
    // The text begins with what was decided before.
    let mut told = false;
    let mut number_alone: Option<String> = None;
    for line in entries(cx, body) {
        let text = cx.quote(line);
        if SILENT.is_match(text)
            || text.len() <= 300
                && (ABSTAINS.is_match(text)
                    || BY_MEMBER.is_match(text)
                    || COURSE.is_match(text)
                    || AT_MEETING.is_match(text))
        {
            continue;
        }
        // A list whose markers were read as a column of their own is a list; any other row is a table's.
        if text.split_once('\t').is_some_and(|(first, rest)| rest.contains('\t') || !is_marker(first)) {
            continue;
        }
        if text.len() <= 3 && text.trim_end_matches(['.', ')']).bytes().all(|b| b.is_ascii_digit()) {
            number_alone = Some(text.trim_end_matches(['.', ')']).to_string());
            continue;
        }
        let (number, marked, span) = match NUMBER.captures(text) {
            Some(c) => {
                let number = c.get(1).or(c.get(2)).map(|m| m.as_str().to_string());
                let skip = c.get(0).map_or(0, |m| m.end());
                (number, true, Span::new(line.start as usize + skip, line.end as usize))
            }
            None => (number_alone.take(), false, line),
        };
        let marked = marked || number.is_some();
        let text = cx.quote(span);
        // "Kommunfullmäktige beslutade" / "2012-06-11, § 62, att …" tells what was decided before.
        if !marked && out.is_empty() && EARLIER.is_match(text) {
            (framed, frame, proposer) = (false, None, None);
            told = true;
            continue;
        }
        // "Kulturnämnden" / "1. godkänner …": the points say what the body does.
        let body_alone = !marked && text.len() <= 80 && is_body(rules, text);
        // "… överlämnas till tekniska nämnden för beslut." is no frame.
        let noun = text.ends_with("beslut.") && !text.ends_with("följande beslut.");
        if !marked
            && !noun
            && !begins_clause(text)
            && (body_alone || FRAME.is_match(text) || REFERS.is_match(text) || PROPOSED.is_match(text))
        {
            (frame, proposer) = sides(rules, text, span.start as usize);
            decides = inverted(text);
            framed = true;
            continue;
        }
        let at = span.start as usize;
        let actions = rules.actions.of(text);
        let clause = begins_clause(text);
        // What is charged for a decision is decided with it.
        let charged = text.starts_with("Avgift") && is_sentence(text) && text.bytes().any(|b| b.is_ascii_digit());
        // "Nämnden anser initiativets andra del prövad.": the body itself does something, whatever it is called.
        let own = !marked && text.len() <= 400 && text.ends_with('.') && rules.decides_now(text);
        let short = headed && text.ends_with('.') && text.split_whitespace().count() == 3;
        let opens = !told && out.is_empty() && (is_sentence(text) || short) || charged || own;
        if actions.is_empty()
            && !clause
            && number.is_none()
            && let Some(last) = out.last_mut()
            && lists(cx, last.span, line)
        {
            // "Nämnden beviljar följande bidrag:" / "Föreningen A 10 000 kronor" / …
            last.span = last.span.join(line);
            continue;
        }
        if !(marked || clause || opens) && actions.is_empty() {
            // An explanation, a signature.
            continue;
        }
        // Clauses in one line, after an opening or alone.
        let opening = OPENING.captures(text).and_then(|c| c.get(1)).map(|m| inner_opening(text, m.end()));
        if opening.is_some() || clause {
            let from = opening.unwrap_or(0);
            let after = text.get(from..).unwrap_or("");
            let dels = ["dels ", "Dels ", "dels\t"].iter().any(|w| after.starts_with(w));
            let skip = if dels { from + 5 } else { from };
            let rest = text.get(skip..).unwrap_or("");
            let inner =
                ["att ", "Att ", "att\t", "Att\t"].iter().find(|w| rest.starts_with(**w)).map_or(0, |w| w.len());
            let list = rest.get(inner..).unwrap_or("");
            let mut pieces = clauses(rules, list, at + skip + inner);
            if pieces.len() < 2 && opening.is_some() {
                pieces = enumerated(list, at + skip + inner);
            }
            if pieces.len() > 1 {
                let (subject, from) = opening.map_or((None, None), |o| sides(rules, text.get(..o).unwrap_or(""), at));
                let decides = opening.map_or(decides, |o| inverted(text.get(..o).unwrap_or("")));
                for piece in pieces {
                    let (frame, proposer) = (subject.or(frame), from.or(proposer));
                    out.push(Point { span: piece, number: None, frame, proposer, framed: true, decides });
                }
                continue;
            }
            // "Efter diskussion beslutas att ärendet återremitteras": nobody is named in the frame.
            let said = text.get(..opening.unwrap_or(0)).unwrap_or("").to_lowercase();
            let bare = said.contains("beslutas");
            let decided = !marked && !said.contains("föresl") && !said.contains("yrka");
            let infinitive = opening.is_some() && decided && (super::begins_with_infinitive(list) || bare);
            if let (Some(opening), [only]) = (opening, pieces.as_slice())
                && (breaks_at(cx, at + opening) || infinitive)
            {
                // The frame stood on a line of its own, or is one in front of an infinitive: "Nämnden beslutar att godkänna …".
                let (subject, from) = sides(rules, text.get(..opening).unwrap_or(""), at);
                let start = if breaks_at(cx, at + opening) { (at + opening) as u32 } else { only.start };
                let whole = Span { start, end: only.end.max(start) };
                let decides = inverted(text.get(..opening).unwrap_or(""));
                let (frame, proposer) = (subject.or(frame), from.or(proposer));
                out.push(Point { span: without_tail(cx, whole), number, frame, proposer, framed: true, decides });
                continue;
            }
        }
        let framed = framed && (marked || clause);
        // Set in columns: "att" stands in one of its own.
        let column = ["att\t", "Att\t", "ATT\t"].iter().find(|w| text.starts_with(**w)).map_or(0, |w| w.len() as u32);
        let span = Span { start: span.start + column, end: span.end };
        let mut number = number;
        let whole = without_tail(cx, span);
        let parts = if marked || clause || !headed { vec![whole] } else { sentences(cx, whole) };
        for span in parts.into_iter().flat_map(|s| without_adjustment(cx, s)) {
            let decides = decides && framed;
            out.push(Point { span, number: number.take(), frame, proposer, framed, decides });
        }
    }
    out
}

/// A paragraph cut before each sentence that decides something of its own: "Nämnden godkänner rapporten. Förvaltningen får i
/// uppdrag att …"; one that only explains stays with what it explains.
fn sentences(cx: &Context, span: Span) -> Vec<Span> {
    let rules = &cx.rules.decision;
    let found = rules.sentences.of(cx.quote(span), span.start as usize);
    let mut out: Vec<Span> = Vec::new();
    for sentence in found {
        let text = cx.quote(sentence);
        let subject = text.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
        let own = text.split_whitespace().count() >= 4
            && subject.starts_with(char::is_uppercase)
            && !rules.actions.of(text).is_empty();
        match out.last_mut() {
            Some(last) if !own || rules.actions.of(cx.quote(*last)).is_empty() => *last = last.join(sentence),
            _ => out.push(sentence),
        }
    }
    out
}

/// Whether a frame decides with the body behind its verb.
fn inverted(frame: &str) -> bool {
    INVERTED.is_match(frame) && !frame.contains("föresl")
}

/// Whether a text is a body's name and nothing else.
fn is_body(rules: &Rules, text: &str) -> bool {
    let name = text.trim_end_matches(':');
    name.starts_with(char::is_uppercase)
        && rules.actor(name).is_some_and(|s| s.start == 0 && s.end as usize == name.len())
}

/// Whether a line goes on with the list that a point opened ("… följande bidrag: …") and has not ended with a stop.
fn lists(cx: &Context, point: Span, line: Span) -> bool {
    let text = cx.quote(point);
    let between = cx.doc.text.get(point.end as usize..line.start as usize).unwrap_or("\n\n");
    // A sum may stand in a paragraph of its own.
    let sum = line.len() <= 120 && cx.quote(line).bytes().any(|b| b.is_ascii_digit());
    let apart = !between.trim().is_empty() || !between.contains('\n') || between.contains("\n\n") && !sum;
    !text.ends_with('.')
        && (text.ends_with(':') || text.contains("följande") && text.contains(':'))
        && !apart
        && point.len() < 2000
}

/// Who decides by a frame that begins at byte `at`, and who proposes it to that body.
fn sides(rules: &Rules, frame: &str, at: usize) -> (Option<Span>, Option<Span>) {
    let levels = levels::of(frame);
    let behind = || INVERTED.captures(frame)?.get(1).map(|m| Span::new(m.start(), m.end()));
    let decider = levels.map(|l| l.decider).or_else(|| rules.actor(frame)).or_else(behind);
    (decider.map(|s| s.shift(at)), levels.and_then(|l| l.proposer).map(|s| s.shift(at)))
}

/// The lines of a span, cut also where a clause of a list began a printed line: "Nämnden beslutar" / "att bevilja …, samt" /
/// "att …" may have been joined to one paragraph.
fn entries(cx: &Context, body: Span) -> Vec<Span> {
    static ENDS: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"(?i)(?:[,;:]|\bsamt|\boch|\bdels|\bbesluta[rs]?|\bbeslutade|\bbeslöt|\bföljande|\bföreslås|\byrkar)\s*$",
        )
    });
    let mut out: Vec<Span> = Vec::new();
    let full = full_width(cx, body);
    for line in lines(cx.doc, body) {
        let mut from = line;
        let first = cx.doc.lines.partition_point(|l| l.span.start <= line.start);
        let mut previous = line.start;
        for printed in cx.doc.lines.iter().skip(first).take_while(|l| l.span.start < line.end) {
            let at = printed.span.start;
            let clause = cx.doc.text.get(at as usize..line.end as usize).unwrap_or("");
            let lower = clause.get(..12).unwrap_or(clause).to_lowercase();
            let starts = ["att ", "dels ", "samt att ", "- att "].iter().any(|w| lower.starts_with(w));
            let before = Span { start: from.start, end: at }.trim(&cx.doc.text);
            let last = before.start.max(previous);
            let short = (before.end.saturating_sub(last) as usize + 5) * 4 < full * 3 && is_clause(cx.quote(from));
            previous = at;
            // "- godkänna …" / "- överlämna …", joined to one entry.
            let bullet = |t: &str| t.chars().next().filter(|c| matches!(c, '-' | '–' | '•')).zip(t.chars().nth(1));
            let next = bullet(clause).is_some_and(|b| b.1 == ' ' && bullet(cx.quote(from)) == Some(b));
            if next && !before.is_empty() {
                stopped(cx, before, &mut out);
                from = Span { start: at, end: line.end };
                continue;
            }
            if starts && !before.is_empty() && (ENDS.is_match(cx.quote(before)) || short) {
                stopped(cx, before, &mut out);
                from = Span { start: at, end: line.end };
            }
        }
        stopped(cx, from, &mut out);
    }
    out
}

/// Adds an entry, cut where a stop stands in the middle of a list: "att bevilja stödet. att medel anvisas …".
fn stopped(cx: &Context, entry: Span, out: &mut Vec<Span>) {
    let text = cx.quote(entry);
    let mut from = entry;
    if is_clause(text) {
        for m in STOPPED.find_iter(text) {
            let cut = entry.start + m.start() as u32 + 1;
            out.push(Span { start: from.start, end: cut });
            from = Span { start: cut, end: entry.end }.trim(&cx.doc.text);
        }
    }
    out.push(from);
}

/// How long a printed line around here is when it is full, in bytes: a shorter one ended before its margin.
fn full_width(cx: &Context, body: Span) -> usize {
    const AROUND: usize = 100;
    let at = cx.doc.lines.partition_point(|l| l.span.start < body.start);
    let around = cx.doc.lines.iter().skip(at.saturating_sub(AROUND)).take(2 * AROUND);
    around.map(|l| l.span.len()).max().unwrap_or(0).clamp(40, 140)
}

/// Whether a line is a clause of a list.
fn is_clause(line: &str) -> bool {
    begins_clause(line.strip_prefix("- ").unwrap_or(line))
}

/// Whether a text begins with "att" or "dels", with blanks of a column behind it too.
fn begins_clause(text: &str) -> bool {
    let mut words = text.split([' ', '\t']);
    let first = words.next().unwrap_or("");
    (first.eq_ignore_ascii_case("att") || first.eq_ignore_ascii_case("dels")) && words.next().is_some()
}

/// Whether a cell is a bullet or the number of an entry and nothing else.
fn is_marker(cell: &str) -> bool {
    let cell = cell.trim();
    if matches!(cell, "att" | "Att" | "ATT" | "dels") {
        return true;
    }
    !cell.is_empty() && NUMBER.find(&format!("{cell} ")).is_some_and(|m| m.end() > cell.len())
}

/// Whether a line was printed up to this byte, and what follows began the next.
fn breaks_at(cx: &Context, at: usize) -> bool {
    let i = cx.doc.lines.partition_point(|l| (l.span.end as usize) <= at);
    cx.doc.lines.get(i).is_some_and(|l| l.span.start as usize == at)
}

/// Whether a line is an entry of a list: numbered, with a bullet, or a clause with "att".
pub(crate) fn is_marked(line: &str) -> bool {
    NUMBER.is_match(line) || begins_clause(line) && !line.to_lowercase().starts_with("dels")
}

/// The number or bullet that a line begins with: the number, and where the text behind it begins.
pub(crate) fn marker(line: &str) -> Option<(Option<String>, usize)> {
    let c = NUMBER.captures(line)?;
    Some((c.get(1).or(c.get(2)).map(|m| m.as_str().to_string()), c.get(0)?.end()))
}

static ADJUSTS: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)^(?:att\s+)?(?:(?:denna\s+)?paragraf(?:en|er|erna)?|§§?\s*[\d\s–-]+[a-z]?|punkten|ärendet|beslutet|protokollet)\b.{0,60}?\bjustera(?:d|s|t|de|des)\b.{0,24}$|^omedelbar justering\.?$",
    )
});

/// True for a point without a number that only says that the item is adjusted at once.
pub(crate) fn only_adjusts(cx: &Context, point: &Point) -> bool {
    let text = cx.quote(point.span);
    point.number.is_none() && ADJUSTS.is_match(text) && text.contains("omedelbart")
        || ADJUSTS.is_match(text) && point.number.is_none() && text.to_lowercase().starts_with("omedelbar ")
}

/// A point without the sentence behind it that says that the item is adjusted at once; that is a point of its own.
fn without_adjustment(cx: &Context, span: Span) -> Vec<Span> {
    let text = cx.quote(span);
    let Some(cut) = text.rfind(". ").map(|i| i + 1) else { return vec![span] };
    let tail = text.get(cut..).unwrap_or("").trim();
    let first = Span::new(span.start as usize, span.start as usize + cut);
    if BY_MEMBER.is_match(tail) {
        // "Utskottet avslår ansökan. Eva Ek reserverar sig mot beslutet."
        return vec![first];
    }
    if !(ADJUSTS.is_match(tail) && tail.to_lowercase().contains("omedelbar")) {
        return vec![span];
    }
    let second = Span::new(span.start as usize + cut, span.end as usize).trim(&cx.doc.text);
    vec![first, second]
}

/// "… föreslår vi att kommunfullmäktige beslutar att": the opening ends after the inner one.
fn inner_opening(text: &str, outer: usize) -> usize {
    static INNER: LazyLock<Regex> =
        LazyLock::new(|| regex(r"^(att\s+(?:[\w-]+\s+){1,4}?(?:beslutar|besluta|beslutade)\s+)att\s"));
    let rest = text.get(outer..).unwrap_or("");
    INNER.captures(rest).and_then(|c| c.get(1)).map_or(outer, |m| outer + m.end())
}

/// Clauses after an opening that are parted by a comma and "att".
fn enumerated(text: &str, at: usize) -> Vec<Span> {
    static JOINT: LazyLock<Regex> = LazyLock::new(|| regex(r"[,;]\s+(?:samt\s+|och\s+|dels\s+)?att\s+"));
    let mut out = Vec::new();
    let mut from = 0;
    for m in JOINT.find_iter(text) {
        out.push(Span::new(from, m.start()));
        from = m.end();
    }
    out.push(Span::new(from, text.len()));
    out.into_iter().map(|s| s.trim(text).shift(at)).filter(|s| !s.is_empty()).collect()
}

/// A point of an "att" list without the ", samt" that joins it to the next.
fn without_tail(cx: &Context, span: Span) -> Span {
    // A line drawn below the last point ("______") is none of its words.
    static TAIL: LazyLock<Regex> = LazyLock::new(|| regex(r"(?:,|;)?\s*(?:samt|och)?,?(?:\s*[_–—-]{3,})*\s*$"));
    let text = cx.quote(span);
    let end = TAIL.find(text).map_or(text.len(), |m| m.start());
    if end == 0 { span } else { Span::new(span.start as usize, span.start as usize + end) }
}

fn is_sentence(text: &str) -> bool {
    text.split_whitespace().count() >= 4 && (text.ends_with('.') || text.len() > 60)
}
