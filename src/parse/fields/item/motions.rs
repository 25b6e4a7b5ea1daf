//! Reads yrkanden: what members move, in a sentence ("Eva Ek (S) yrkar bifall till förslaget."), after a colon
//! ("Eva Ek (S): avslag.") or as a list under the sentence that says who moves.

use super::decision;
use crate::base::Span;
use crate::parse::context::Context;
use crate::parse::fields::decision::points::{self, Point};
use crate::parse::record::{Decision, Status};
use crate::parse::segment::lines;

/// The motions in a span. Only who is a member (has a party) or is named as a person moves something here.
pub(super) fn of(cx: &Context, body: Span, section: Option<&str>) -> Vec<Decision> {
    let mut out: Vec<Decision> = Vec::new();
    let mut mover: Option<Span> = None;
    let all: Vec<Span> = lines(cx.doc, body).collect();
    for (i, line) in all.iter().enumerate() {
        let text = cx.quote(*line);
        if let Some(who) = mover
            && points::is_marked(text)
        {
            for point in points::points(cx, *line) {
                out.push(motion(cx, &Point { frame: Some(who), ..point }, who, section));
            }
            continue;
        }
        mover = None;
        if let Some((who, what)) = moved_above(cx, *line, i.checked_sub(1).and_then(|j| all.get(j)).copied()) {
            let point = Point { span: what, number: None, frame: None, proposer: None, framed: false, decides: false };
            out.push(motion(cx, &point, who, section));
            continue;
        }
        // "1) Eva Ek (S) föreslår …": the number is the point's, not the mover's.
        let marker = points::marker(text);
        for (n, sentence) in cx.rules.decision.sentences.of(text, line.start as usize).into_iter().enumerate() {
            let skip = marker.as_ref().filter(|_| n == 0).map_or(0, |(_, skip)| *skip as u32);
            let sentence = Span { start: (sentence.start + skip).min(sentence.end), end: sentence.end };
            let number = marker.as_ref().filter(|_| n == 0).and_then(|(number, _)| number.clone());
            let Some(who) = subject(cx, sentence) else { continue };
            let text = cx.quote(sentence);
            let next = all.get(i + 1).map(|n| cx.quote(*n));
            if sentence.end == line.end && opens(text) && next.is_some_and(points::is_marked) {
                mover = Some(who);
                continue;
            }
            let point = Point { span: sentence, number, frame: None, proposer: None, framed: false, decides: false };
            out.push(motion(cx, &point, who, section));
        }
    }
    out
}

/// "Bifall till regionstyrelsens förslag" / "Yrkas av Ulf Norr (S) och Tina Rask (V).": who, and what stands above or before.
fn moved_above(cx: &Context, line: Span, above: Option<Span>) -> Option<(Span, Span)> {
    let text = cx.quote(line);
    let at = text.find("Yrkas av ").or_else(|| text.find("yrkas av "))?;
    let who = text.get(at + "yrkas av ".len()..)?;
    if cx.rules.item.members.of(who).is_empty() {
        return None;
    }
    let start = line.end - who.len() as u32;
    let who = Span { start, end: start + who.trim_end_matches('.').len() as u32 };
    let before = Span { start: line.start, end: line.start + at as u32 }.trim(&cx.doc.text);
    let what = if before.is_empty() { above? } else { before };
    (what.len() <= 400).then_some((who, what))
}

/// Who moves something in a sentence: a member with a party, before the verb.
fn subject(cx: &Context, sentence: Span) -> Option<Span> {
    let text = cx.quote(sentence);
    if let Some(who) = cx.rules.item.moved_by.captures(text).and_then(|c| c.get(1))
        && !cx.rules.item.members.of(who.as_str()).is_empty()
    {
        return Some(Span::new(who.start(), who.end()).shift(sentence.start as usize));
    }
    let who = cx.rules.item.moves.captures(text)?.get(1)?;
    let span = Span::new(who.start(), who.end()).shift(sentence.start as usize);
    let members = cx.rules.item.members.of(who.as_str());
    if members.is_empty()
        && let Some(found) = cx.rules.item.moves_behind.captures(text).and_then(|c| c.get(1))
    {
        // "Vid dagens sammanträde yrkar Eva Ek (S) bifall till ansökan."
        return Some(Span::new(found.start(), found.end()).shift(sentence.start as usize));
    }
    let reported =
        ["finner", "ställer", "har lämnat", "har inkommit", "i en motion"].iter().any(|w| who.as_str().contains(w));
    let chair = [
        "ordföranden",
        "ordförande (",
        "ordförande ",
        "vice ordförande",
        "ledamoten",
        "ordf ",
        "ordf.",
        "v ordf",
        "v. ordf",
        "vice ordf",
        "1:e vice",
        "2:e vice",
    ]
    .iter()
    .any(|w| format!("{} ", who.as_str().to_lowercase()).starts_with(w));
    // Who is known by name alone moves, but does not propose: "Kommunens Jurister föreslår" is none of them.
    let moves = text.get(who.end()..).is_some_and(|t| t.trim_start().to_lowercase().starts_with("yrka"));
    let named = moves && cx.rules.people.is_name(who.as_str().trim());
    ((!members.is_empty() || chair || named) && !reported).then_some(span)
}

/// Whether a sentence only says who moves, and the list below it what.
fn opens(text: &str) -> bool {
    let text = text.trim_end().trim_end_matches('.');
    text.ends_with(':')
        || ["yrkar", "yrkade", "föreslår", "föreslog", "följande", "att", "beslutar", "besluta"]
            .iter()
            .any(|w| text.ends_with(w))
}

fn motion(cx: &Context, point: &Point, who: Span, section: Option<&str>) -> Decision {
    let mut d = decision::decision(cx, point, Status::Moved, section);
    d.actor = Some(cx.quote(who).trim().trim_end_matches([':', ',']).to_string());
    d.evidence.retain(|e| e.field != "actor");
    d.evidence.push(cx.evidence("actor", who, "item.mover", 0.9));
    d
}
